//! What a program's own page says of every criterion, and what a match leaves out of it.

use peer_directory::domain::Assessment;
use serde_json::{Value, json};

use super::gates::{finding, found, record_of_one};
use crate::support::{TestApp, on_both};

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn words<'a>(value: &'a Value, field: &str) -> Vec<&'a str> {
    list(value).iter().filter_map(|one| one[field].as_str()).collect()
}

on_both! {
    async fn a_page_tells_every_criterion_that_is_asked_of_it_and_what_decides(database: Database) {
        let app = TestApp::seeded(database).await;
        let criteria = app.get("/v1/criteria").await.body;
        let all = app.get("/v1/programs?limit=100").await.body;
        let (mut known, mut unknown) = (0, 0);

        for program in list(&all["data"]) {
            let page = app.get(&format!("/v1/programs/{}", program["slug"].as_str().unwrap())).await.body;
            let kinds = list(&page["kinds"]);
            let asked: Vec<&str> = list(&criteria["criteria"])
                .iter()
                .filter(|criterion| criterion.get("asked_by").is_none())
                .filter(|criterion| list(&criterion["applies_to"]).iter().any(|kind| kinds.contains(kind)))
                .filter(|criterion| {
                    let adults_alone = page["ages"]["min"].as_u64().is_some_and(|min| min >= 18);
                    !(adults_alone && criterion["key"] == "youth_safeguarding")
                })
                .map(|criterion| criterion["key"].as_str().unwrap())
                .collect();
            assert_eq!(words(&page["criteria"], "criterion"), asked, "{}", page["slug"]);
            for told in list(&page["criteria"]) {
                let found: Vec<Assessment> = list(&page["provenance"]["assessments"])
                    .iter()
                    .filter(|found| found["criterion"] == told["criterion"] && found["value"] != "unknown")
                    .map(|found| serde_json::from_value(found.clone()).unwrap())
                    .collect();
                assert!(!told["meaning"].as_str().unwrap().is_empty(), "{told}");
                assert_eq!(told.get("value").is_some(), !found.is_empty(), "{told}");
                if found.is_empty() {
                    assert_eq!(told["stand"], "unknown");
                    unknown += 1;
                } else {
                    assert!(found.iter().any(|found| told["value"] == found.value.as_str()), "{told}");
                    known += 1;
                }
            }
        }
        assert!(known > 100 && unknown > 500, "{known} known, {unknown} unknown");
        app.stop().await;
    }
}

on_both! {
    async fn a_page_says_which_of_two_findings_decides(database: Database) {
        let app = TestApp::seeded(database).await;
        let source = json!({"name": "made", "format": "native", "may_republish": true});
        let findings = [
            finding("crisis_protocol", "published_protocol", "attested"),
            finding("crisis_protocol", "none_stated", "verified"),
        ];
        let record = record_of_one(json!({}), &findings);
        app.catalog.import(&serde_json::from_value(source).unwrap(), &[record], |_done| {}).unwrap();
        app.refresh();

        let slug = found(&app, "").await[0]["slug"].as_str().unwrap().to_owned();
        let page = app.get(&format!("/v1/programs/{slug}?lang=es")).await.body;
        let told = list(&page["criteria"]).iter().find(|told| told["criterion"] == "crisis_protocol");
        let told = told.unwrap();
        assert_eq!((&told["value"], &told["stand"]), (&json!("none_stated"), &json!("not_met")));
        assert_eq!(words(&told["others"], "value"), ["published_protocol"]);
        app.stop().await;
    }
}

on_both! {
    async fn a_criterion_that_is_not_asked_of_a_program_is_not_told_of_it(database: Database) {
        let app = TestApp::seeded(database).await;
        let body = json!({
            "limit": 100, "kind": ["local_group"], "explain": true,
            "matters": {"active_moderation": "a_lot", "confidentiality_policy": "some"},
        });

        let matched = app.post("/v1/match", &body).await.body;

        let (mut told, mut left_out) = (0, 0);
        for program in list(&matched["data"]) {
            let abouts = ["fits", "does_not_fit", "unknown"].map(|at| words(&program["match"][at], "about"));
            let abouts = abouts.concat();
            let is_online = list(&program["kinds"]).contains(&json!("online"));
            assert_eq!(abouts.contains(&"active_moderation"), is_online, "{program}");
            assert!(abouts.contains(&"confidentiality_policy"));
            if is_online { told += 1 } else { left_out += 1 }
        }
        assert!(told > 0 && left_out > 0, "{told} told, {left_out} left out");
        app.stop().await;
    }
}

on_both! {
    async fn what_matters_is_given_once_and_by_a_name_of_its_own(database: Database) {
        let app = TestApp::seeded(database).await;
        let post = async |body: &str| {
            let request = app.client.post(format!("{}/v1/match", app.url));
            app.send(request.header("content-type", "application/json").body(body.to_owned())).await
        };

        let twice = post(r#"{"matters": {"peer_led": "a_lot", "ground_rules": "some", "peer_led": "a_little"}}"#);
        let twice = twice.await;
        assert_eq!(twice.status, 400);
        let errors = json!([{"field": "matters", "detail": "`peer_led` is there twice"}]);
        assert_eq!(twice.body["errors"], errors);

        // A criterion, and the field when that is asked for.
        let criterion = post(r#"{"limit": 100, "matters": {"accessibility": "a_lot"}}"#).await;
        assert_eq!(criterion.status, 200, "{}", criterion.body);
        let first = &criterion.body["data"][0]["match"]["fits"];
        assert!(words(first, "about").contains(&"accessibility"), "{first}");
        let field = post(r#"{"accessibility": ["step_free"], "matters": {"accessibility": "a_lot"}}"#).await;
        let first = &field.body["data"][0]["match"]["fits"];
        assert!(words(first, "text").contains(&"Access: Step-free"), "{first}");

        // What must hold is relaxed by the name under which it was asked for.
        let must = post(r#"{"must": ["accessibility"], "q": "grief"}"#).await;
        assert_eq!(must.status, 200, "{}", must.body);
        let named = |answer: &Value| words(&answer["relaxations"], "parameter").join(" ");
        assert!(named(&must.body).contains("must"), "{}", must.body["relaxations"]);
        let criteria = post(r#"{"criteria": ["accessibility"], "q": "grief"}"#).await;
        assert!(named(&criteria.body).contains("criteria"), "{}", criteria.body["relaxations"]);
        app.stop().await;
    }
}
