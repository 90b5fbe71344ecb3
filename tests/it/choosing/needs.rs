//! What a person needs in, a ranked list out.

use std::collections::{BTreeMap, BTreeSet};

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
            "matters": {
                "confidentiality_policy": "a_lot", "language": "some", "peer_led": "a_little",
                "near": "a_lot", "times": "a_little",
            },
            "day": ["tue", "thu"], "starts_after": "17:00", "explain": true,
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
            for about in ["confidentiality_policy", "language", "peer_led", "times"] {
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
            "matters": {"ground_rules": "a_lot", "crisis_protocol": "some", "times": "some", "near": "a_little"},
            "starts_after": "17:00", "near": "Boston", "limit": 7}"#;
        let other = r#"{"limit": 7, "near": "Boston", "must": ["confidentiality_policy"],
            "matters": {"near": "a_little", "times": "some", "crisis_protocol": "some", "ground_rules": "a_lot"},
            "topic": ["bipolar", "depression", "bipolar"], "starts_after": "17:00"}"#;
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
    async fn times_that_are_weighed_leave_nothing_out_and_are_told(database: Database) {
        let app = TestApp::seeded(database).await;
        let body = |fields: &Value| {
            let mut body = json!({"near": "Boston", "radius": "500km", "limit": 100});
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            body
        };
        let times = json!({"day": ["sun"], "starts_after": "02:00", "starts_before": "04:00"});
        let mut weighed = body(&times);
        weighed["matters"] = json!({"times": "a_lot"});
        let ids = |found: &Value| -> BTreeSet<String> {
            let data = found["data"].as_array().unwrap();
            data.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };

        let all = app.post("/v1/match", &body(&json!({}))).await.body;
        let filtered = app.post("/v1/match", &body(&times)).await.body;
        let weighed = app.post("/v1/match", &weighed).await.body;

        assert_eq!(weighed["page"]["total"], all["page"]["total"]);
        let results = weighed["data"].as_array().unwrap();
        let told = |list: &str| -> BTreeSet<String> {
            let says = |one: &&Value| texts(&one["match"][list], "about").contains(&"times");
            let those = results.iter().filter(says);
            those.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let fits = told("fits");
        assert!(!fits.is_empty() && fits.is_subset(&ids(&filtered)));
        assert!(ids(&filtered).intersection(&ids(&weighed)).all(|id| fits.contains(id)));
        assert!(!told("does_not_fit").is_empty() && !told("unknown").is_empty());
        let sum = fits.len() + told("does_not_fit").len() + told("unknown").len();
        assert_eq!(sum, results.len(), "each says it once");
        app.stop().await;
    }
}

on_both! {
    async fn nearness_counts_twice_or_half_when_the_person_says_so(database: Database) {
        let app = TestApp::seeded(database).await;
        let place = async |word: Option<&str>| -> BTreeMap<String, f64> {
            let mut body = json!({"near": "Boston", "limit": 100, "explain": true});
            if let Some(word) = word {
                body["matters"] = json!({"near": word});
            }
            let found = app.post("/v1/match", &body).await.body;
            let data = found["data"].as_array().unwrap().iter();
            let term = |one: &Value| {
                assert_eq!(one["match"]["explain"]["criteria"], 0.0);
                one["match"]["explain"]["place"].as_f64().unwrap()
            };
            data.map(|one| (one["id"].as_str().unwrap().to_owned(), term(one))).collect()
        };

        let usual = place(None).await;

        assert_eq!(place(Some("some")).await, usual);
        for (word, times) in [("a_lot", 2.0), ("a_little", 0.5)] {
            for (id, points) in place(Some(word)).await {
                assert!((points - usual[&id] * times).abs() < 0.01, "{word}: {points}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn general_help_may_fit_and_whom_it_is_made_for_is_told(database: Database) {
        let app = TestApp::seeded(database).await;
        let body = json!({"topic": "ptsd", "matters": {"topic": "a_lot"}, "limit": 100});

        let found = app.post("/v1/match", &body).await.body;

        let mut general = 0;
        for one in found["data"].as_array().unwrap() {
            let told = &one["match"];
            let is_general = one["topics"].as_array().is_some_and(|all| all.contains(&json!("mental_health")));
            if is_general && !texts(&told["fits"], "about").contains(&"topic") {
                assert!(texts(&told["unknown"], "about").contains(&"topic"), "{told}");
                general += 1;
            }
            let audiences = one["audiences"].as_array().map_or(&[][..], Vec::as_slice);
            // One that is for adults too need not say for which other ages.
            let any_age = audiences.contains(&json!("adults"));
            let ages = ["children", "teens", "young_adults", "adults", "older_adults"].map(|age| json!(age));
            let is_for_some = audiences.iter().any(|audience| !(any_age && ages.contains(audience)));
            assert_eq!(texts(&told["unknown"], "about").contains(&"audience"), is_for_some, "{told}");
        }
        assert!(general > 10, "{general}");
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
            (json!({"matters": {"times": "some"}}), "matters", "`times` has no value in this request to be weighed"),
            (json!({"matters": {"near": "some"}, "topic": "grief"}), "matters", "`near` has no value in this request to be weighed"),
            (json!({"matters": {"time": "some"}}), "matters", "there is no criterion or field `time`; did you mean `times`?"),
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
