//! What a person needs in, a ranked list out.

use serde_json::{Value, json};

use peer_directory::http::answers::SearchAnswer;

use crate::support::{TestApp, on_both};

fn texts<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().filter_map(|one| one[field].as_str()).collect()
}

on_both! {
    async fn each_result_says_what_fits_what_does_not_and_what_to_ask(database: Database) {
        let app = TestApp::seeded(database).await;
        let body = json!({
            "topic": ["depression"], "age": 30, "near": "Portland, OR", "language": "es", "limit": 100,
            "matters": {"confidentiality_policy": "a_lot", "language": "some", "peer_led": "a_little"},
            "explain": true,
        });

        let found = app.post("/v1/match", &body).await;

        assert_eq!(found.status, 200, "{}", found.body);
        let _read: SearchAnswer = serde_json::from_slice(&found.bytes).unwrap();
        let results = found.body["data"].as_array().unwrap();
        assert!(results.len() > 5, "{}", results.len());
        for result in results {
            let told = &result["match"];
            let terms = told["explain"].as_object().unwrap();
            let sum: f64 = terms.values().filter_map(Value::as_f64).sum();
            assert!((told["score"].as_f64().unwrap() - sum).abs() < 1e-6, "{told}");
            let places = ["fits", "does_not_fit", "unknown"];
            for about in ["confidentiality_policy", "language", "peer_led"] {
                let said = places.iter().filter(|list| texts(&told[**list], "about").contains(&about));
                assert_eq!(said.count(), 1, "{about} is said once: {told}");
            }
            assert!(texts(&told["fits"], "about").contains(&"topic"));
            assert!(told["ask"].as_array().unwrap().len() <= 5);
            let written: Vec<&str> =
                places.iter().flat_map(|list| texts(&told[*list], "text")).collect();
            assert!(!written.concat().contains('%'), "{written:?}");
        }
        let fitting = |result: &&Value| {
            texts(&result["match"]["fits"], "about").contains(&"confidentiality_policy")
        };
        assert!(results.iter().any(|result| fitting(&result)), "the seed tells of some");
        app.stop().await;
    }
}

on_both! {
    async fn what_must_hold_is_a_filter_and_the_order_of_fields_never_matters(database: Database) {
        let app = TestApp::seeded(database).await;
        let one = r#"{"topic": ["depression", "bipolar"], "must": ["confidentiality_policy"],
            "matters": {"ground_rules": "a_lot", "crisis_protocol": "some"}, "near": "Boston", "limit": 7}"#;
        let other = r#"{"limit": 7, "near": "Boston", "must": ["confidentiality_policy"],
            "matters": {"crisis_protocol": "some", "ground_rules": "a_lot"}, "topic": ["depression", "bipolar"]}"#;
        let post = async |body: &str| {
            let request = app.client.post(format!("{}/v1/match", app.url));
            let request = request.header("content-type", "application/json");
            app.send(request.body(body.to_owned())).await
        };

        let (first, second) = (post(one).await, post(other).await);
        let filtered = app
            .get("/v1/programs?topic=depression,bipolar&criteria=confidentiality_policy&near=Boston")
            .await;

        assert_eq!(first.bytes, second.bytes);
        assert_eq!(first.body["page"]["total"], filtered.body["page"]["total"]);
        assert!(first.body["page"]["total"].as_u64().unwrap() > 0);
        for result in first.body["data"].as_array().unwrap() {
            let fits = texts(&result["match"]["fits"], "about");
            assert!(fits.contains(&"confidentiality_policy"), "{fits:?}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn it_speaks_spanish_when_asked_to(database: Database) {
        let app = TestApp::seeded(database).await;
        let body = json!({"topic": "grief", "lang": "es", "matters": {"crisis_protocol": "a_lot"}, "limit": 100});

        let found = app.post("/v1/match", &body).await.body;

        let told = found["data"].to_string();
        assert!(told.contains("Plan para emergencias: Todavía no lo sabemos. Pregúntales."), "{told}");
        assert!(!told.contains("Ask them."), "{told}");
        app.stop().await;
    }
}

on_both! {
    async fn every_mistake_in_what_is_needed_is_named(database: Database) {
        let app = TestApp::seeded(database).await;
        for (body, field, detail) in [
            (json!({"matters": {"crisis_protocl": "a_lot"}}), "matters", "there is no criterion or field `crisis_protocl`; did you mean `crisis_protocol`?"),
            (json!({"matters": {"crisis_protocol": "much"}}), "matters", "`crisis_protocol` must be one of a_lot, some, a_little"),
            (json!({"matters": {"crisis_protocol": 3}}), "matters", "`crisis_protocol` must be one of a_lot, some, a_little"),
            (json!({"matters": ["crisis_protocol"]}), "matters", "must be an object, such as {\"crisis_protocol\": \"a_lot\"}"),
            (json!({"matters": {"topic": "some"}}), "matters", "`topic` has no value in this request to be weighed"),
            (json!({"must": ["crisis_protocl"]}), "must", "there is no criterion `crisis_protocl`; did you mean `crisis_protocol`?"),
            (json!({"must": ["language"]}), "must", "`language` is not asked for in this request"),
            (json!({"must": ["ground_rules"], "matters": {"ground_rules": "some"}}), "must", "`ground_rules` is in `matters` too"),
            (json!({"topc": "grief"}), "topc", "is not a parameter of this search; did you mean `topic`?"),
        ] {
            let refused = app.post("/v1/match", &body).await;

            assert_eq!(refused.status, 400, "{body}");
            assert_eq!(refused.body["errors"], json!([{"field": field, "detail": detail}]), "{body}");
        }
        for (query, detail) in [
            ("criteria=crisis_plan", "there is no criterion `crisis_plan`"),
            ("criteria=-crisis_protocol", "takes no `-`: what is not known to hold may hold all the same"),
        ] {
            let refused = app.get(&format!("/v1/programs?{query}")).await;
            assert_eq!(refused.status, 400, "{query}");
            let told = refused.body["errors"][0]["detail"].as_str().unwrap();
            assert!(told.starts_with(detail), "{told}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn the_criteria_are_counted_and_found(database: Database) {
        let app = TestApp::seeded(database).await;

        let counted = app.get("/v1/programs?facets=criteria&limit=1&lang=es").await.body;

        let counts = counted["facets"]["criteria"].as_array().unwrap();
        assert!(counts.len() > 8, "{counts:?}");
        for count in counts {
            let key = count["value"].as_str().unwrap();
            let found = app.get(&format!("/v1/programs?criteria={key}&limit=1")).await.body;
            assert_eq!(found["page"]["total"], count["count"], "{count}");
            assert_ne!(count["label"], count["value"]);
        }
        app.stop().await;
    }
}

on_both! {
    async fn only_what_was_confirmed_lately_is_found_when_asked(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = app.get("/v1/programs?verified_within=90d").await.body;
        let refused = app.get("/v1/programs?verified_within=90").await;

        assert_eq!(found["page"]["total"], 0, "nobody has confirmed the seed");
        assert_eq!(refused.status, 400);
        app.stop().await;
    }
}
