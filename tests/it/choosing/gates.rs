//! What is known to speak against a program, and what follows.

use peer_directory::domain::{Assessment, OrganizationId, Policy, Record};
use peer_directory::jobs;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

/// A seeded directory in which one program was found to be so; the program's address.
pub(super) async fn with_finding(app: &TestApp, ages: Value, findings: &[Value]) -> String {
    let record = record_of_one(ages, findings);
    let source = serde_json::from_value(json!({
        "name": "findings", "format": "native", "may_republish": true,
    }))
    .unwrap();
    let report = app.catalog.import(&source, &[record], |_done| {}).unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    app.refresh();
    "zebrafinch-circle".to_owned()
}

pub(crate) fn record_of_one(ages: Value, findings: &[Value]) -> Record {
    let mut record = jobs::seed_records().unwrap().remove(0);
    record.key = "zebrafinch".to_owned();
    // What another source has made is not changed by this one.
    record.organization_key = "zebrafinch".to_owned();
    record.organization = serde_json::from_value(json!({ "name": "Zebrafinch House" })).unwrap();
    record.program.organization_id = OrganizationId::derived("findings", "zebrafinch");
    record.locations.clear();
    let mut program = serde_json::to_value(&record.program).unwrap();
    program["name"] = json!("Zebrafinch Circle");
    program["kinds"] = json!(["online"]);
    program["topics"] = json!(["grief"]);
    program["for_whom"] = json!(["self"]);
    program["coverage"] = json!({ "worldwide": true });
    program["ages"] = ages;
    program["sessions"] = json!([]);
    program["warnings"] = json!([]);
    record.program = serde_json::from_value(program).unwrap();
    record.assessments = findings
        .iter()
        .map(|finding| serde_json::from_value::<Assessment>(finding.clone()).unwrap())
        .collect();
    record
}

pub(crate) fn finding(criterion: &str, value: &str, basis: &str) -> Value {
    json!({
        "criterion": criterion, "value": value, "basis": basis, "assessed_on": "2026-11-01",
        "assessed_by": "curator", "source_url": "https://example.org/how",
    })
}

pub(super) async fn found(app: &TestApp, more: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/programs?q=%22zebrafinch+circle%22{more}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"].as_array().unwrap().clone()
}

on_both! {
    async fn a_known_danger_is_not_listed_and_its_page_says_why(database: Database) {
        let app = TestApp::seeded(database).await;
        let bad = finding("medication_neutrality", "advises_against_treatment", "public_source");
        let before = app.get("/readyz").await.body["programs"].clone();
        let slug = with_finding(&app, json!({"min": 18}), &[bad]).await;

        let page = app.get(&format!("/v1/programs/{slug}?lang=es")).await.body;

        assert!(found(&app, "").await.is_empty());
        for bulk in ["programs.ndjson", "programs.geojson"] {
            let export = app.get(&format!("/v1/export/{bulk}")).await.bytes;
            let export = String::from_utf8(export).unwrap();
            assert!(export.len() > 1_000 && !export.contains(&slug), "{bulk}");
        }
        let changes = app.get("/v1/changes?limit=1000").await.body;
        let changes = changes["data"].as_array().unwrap();
        let of_it = changes.iter().find(|change| change["id"] == page["id"]);
        assert_eq!(of_it.map(|change| &change["change"]), Some(&json!("removed")));
        assert_eq!(app.get("/readyz").await.body["programs"], before);
        let from = "/v1/map/clusters?bbox=-180,-85,180,85&zoom=3&q=zebrafinch";
        assert_eq!(app.get(from).await.body["total"], 0);
        let suggested = app.get("/v1/suggest?q=zebrafinch").await.body.to_string();
        assert!(!suggested.contains(&slug), "{suggested}");
        assert_eq!(page["listing"]["listed"], false, "{}", page["listing"]);
        assert_eq!(page["listing"]["policy_version"], 2);
        let warning = &page["listing"]["warnings"][0];
        assert_eq!(warning["red_flag"], "discourages_treatment");
        assert_eq!((&warning["effect"], &warning["basis"]), (&json!("hide"), &json!("public_source")));
        app.stop().await;
    }
}

on_both! {
    async fn what_is_known_to_be_no_peer_support_is_not_listed(database: Database) {
        let app = TestApp::seeded(database).await;
        let slug = with_finding(&app, json!({}), &[finding("peer_led", "not_peer_led", "verified")]).await;

        assert!(found(&app, "").await.is_empty());
        let page = app.get(&format!("/v1/programs/{slug}")).await.body;
        assert_eq!(page["listing"]["listed"], false);
        assert_eq!(page["listing"]["warnings"][0]["red_flag"], "not_peer_support");
        app.stop().await;
    }
}

on_both! {
    async fn a_bad_value_is_warned_of_and_what_is_unknown_is_a_question(database: Database) {
        let app = TestApp::seeded(database).await;
        let bad = finding("active_moderation", "unmoderated", "public_source");
        let slug = with_finding(&app, json!({"min": 13}), &[bad]).await;

        let results = found(&app, "").await;
        let page = app.get(&format!("/v1/programs/{slug}")).await.body;

        let warnings = &results[0]["match"]["warnings"];
        assert_eq!(warnings, &json!([{"criterion": "active_moderation", "text": "Nobody watches over it."}]));
        let listing = &page["listing"];
        assert_eq!(listing["listed"], true);
        assert_eq!(listing["warnings"].as_array().unwrap().len(), 1);
        let questions = listing["questions"].as_array().unwrap();
        assert_eq!(questions.len(), 5, "{questions:#?}");
        assert_eq!(questions[0]["criterion"], "youth_safeguarding", "it takes people of 13");
        assert!(!listing["questions"].to_string().contains("active_moderation"));
        // Never for the young.
        assert!(found(&app, "&age=16").await.is_empty());
        assert_eq!(found(&app, "&age=19").await.len(), 1);
        app.stop().await;
    }
}

on_both! {
    async fn the_young_are_not_shown_what_failed_to_keep_them_safe(database: Database) {
        let app = TestApp::seeded(database).await;
        let bad = finding("youth_safeguarding", "none_found", "verified");
        with_finding(&app, json!({"min": 13}), &[bad]).await;

        assert!(found(&app, "&age=15").await.is_empty());
        assert_eq!(found(&app, "&age=30").await.len(), 1);
        app.stop().await;
    }
}

on_both! {
    async fn unknown_safeguarding_is_the_first_question_of_the_young(database: Database) {
        let app = TestApp::seeded(database).await;
        with_finding(&app, json!({"min": 13}), &[]).await;

        let body = json!({"q": "zebrafinch circle", "age": 15, "matters": {"peer_led": "a_lot"}});
        let found = app.post("/v1/match", &body).await.body;

        let ask = found["data"][0]["match"]["ask"].as_array().unwrap();
        assert_eq!(ask[0]["criterion"], "youth_safeguarding", "{found}");
        assert!(found["data"][0]["match"].get("warnings").is_none(), "unknown is no warning");
        // In a plain search as well, and nothing else.
        for (more, question) in [
            ("&age=15", "If people under 18 take part, how are the adults checked and the young people kept safe?"),
            ("&age=15&lang=es", "Si participan menores de 18 años, ¿cómo revisan a los adultos y cómo protegen a los menores?"),
        ] {
            let told = &self::found(&app, more).await[0]["match"]["ask"];
            assert_eq!(told, &json!([{"criterion": "youth_safeguarding", "question": question}]));
        }
        for more in ["", "&age=18"] {
            assert!(self::found(&app, more).await[0]["match"].get("ask").is_none(), "{more}");
        }
        let known = finding("youth_safeguarding", "background_checks", "public_source");
        with_finding(&app, json!({"min": 13}), &[known]).await;
        assert!(self::found(&app, "&age=15").await[0]["match"].get("ask").is_none());
        app.stop().await;
    }
}

on_both! {
    async fn hidden_costs_hide_a_program_only_when_somebody_checked(database: Database) {
        let app = TestApp::seeded(database).await;
        let read = finding("cost_transparency", "undisclosed", "public_source");
        with_finding(&app, json!({"min": 18}), std::slice::from_ref(&read)).await;
        assert_eq!(found(&app, "").await.len(), 1);

        let checked = finding("cost_transparency", "undisclosed", "verified");
        with_finding(&app, json!({"min": 18}), &[read, checked]).await;

        assert!(found(&app, "").await.is_empty());
        app.stop().await;
    }
}

#[test]
fn every_gate_of_the_policy_is_of_a_criterion_a_value_and_a_red_flag_that_there_are() {
    let pieces = jobs::seed_vocabulary().unwrap().guidance;
    let of = |kind: &str, key: &str| {
        let found = pieces.iter().find(|piece| piece.kind == kind && piece.key == key);
        found.unwrap_or_else(|| panic!("{kind} {key}")).document.clone()
    };
    let policy = jobs::ListingPolicy::default().document().clone();
    let read: Policy = serde_json::from_value(policy.clone()).unwrap();
    assert_eq!(read.version, 2);
    assert_eq!(read.pause_when_overdue_by_days, None, "what was confirmed once is listed on");

    for gate in policy["gates"].as_array().unwrap() {
        let criterion = of("criterion", gate["criterion"].as_str().unwrap());
        let values = criterion["values"].as_array().unwrap();
        let value = values.iter().find(|value| value["key"] == gate["value"]).unwrap();
        assert_eq!(value["meets"], false, "{gate}: only what is bad has consequences");
        let kind = if gate["criterion"] == "peer_led" { "inclusion" } else { "safety" };
        assert_eq!(criterion["gate"], kind, "{gate}");
        let red_flag = of("red_flag", gate["red_flag"].as_str().unwrap());
        assert_eq!(red_flag["criterion"], gate["criterion"]);
        let action = red_flag["action"].as_str().unwrap();
        assert!(policy["actions"][action].is_string(), "{action}");
    }
    assert_eq!(policy["questions"]["most"], 5);
    for key in policy["questions"]["order"].as_array().unwrap() {
        assert_eq!(of("criterion", key.as_str().unwrap())["gate"], "safety", "{key}");
    }
}
