//! What is suggested while somebody types, and the searches it stands for.

use serde_json::{Value, json};

use super::{body, list, search};
use crate::support::{TestApp, on_both};

async fn suggest(app: &TestApp, asked: &[(&str, &str)]) -> Value {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
    let answer = app.get(&format!("/v1/suggest?{query}")).await;
    assert_eq!(answer.status, 200, "{asked:?}: {}", answer.body);
    let posted = app.post("/v1/suggest", &body(asked)).await;
    assert_eq!(posted.bytes, answer.bytes, "{asked:?}");
    answer.body
}

fn texts(group: &Value) -> Vec<&str> {
    let group = group.as_array().unwrap();
    group.iter().map(|found| found["text"].as_str().unwrap()).collect()
}

on_both! {
    async fn every_suggestion_is_a_search_that_finds_something(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut groups = [0; 4];

        for typed in [
            "g", "gr", "grie", "greif", "hearing v", "AA", "vet", "por", "portl", "97214", "sw1a", "lond",
            "nami", "mental", "springf", "depression and b", "duelo", "m5", "new y", "zzzz", "carers", "family", "rethink", "boston ma",
            "Portland, O", "\"", "-",
        ] {
            let found = suggest(&app, &[("q", typed), ("limit", "20")]).await;

            for (at, group) in ["topics", "places", "programs", "organizations"].into_iter().enumerate() {
                for one in list(&found[group]) {
                    groups[at] += 1;
                    let asked = app.post("/v1/programs/search", &one["query"]).await;
                    assert_eq!(asked.status, 200, "{one}: {}", asked.body);
                    match group {
                        "topics" => assert_eq!(asked.body["page"]["total"], one["programs"], "{one}"),
                        "programs" => {
                            let whom = ["self", "someone_i_support"];
                            let mut total = 0;
                            for whom in whom {
                                let mut query = one["query"].clone();
                                query["for"] = json!(whom);
                                let found = app.post("/v1/programs/search", &query).await;
                                total += found.body["page"]["total"].as_u64().unwrap();
                            }
                            assert!(total >= one["programs"].as_u64().unwrap(), "{one}");
                        }
                        "places" => assert_eq!(asked.body["place"]["label"], one["text"], "{one}"),
                        _ => assert_ne!(asked.body["page"]["total"], 0, "{one}"),
                    }
                    if let Some(address) = one["program"].as_str() {
                        let program = app.get(address).await;
                        assert_eq!(program.body["name"], one["text"], "{one}");
                    }
                }
            }
        }
        assert!(groups.iter().all(|found| *found > 20), "{groups:?}");
        app.stop().await;
    }
}

on_both! {
    async fn suggestions_know_labels_places_and_slips(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = suggest(&app, &[("q", "greif"), ("lang", "es")]).await;
        assert_eq!(texts(&found["topics"])[0], "Duelo");
        assert_eq!(found["topics"][0]["query"], json!({"topic": ["grief"]}));
        let found = suggest(&app, &[("q", "veter"), ("near", "97214")]).await;
        assert_eq!(found["topics"][0]["query"], json!({"near": "97214", "audience": ["veterans"]}));
        let found = suggest(&app, &[("q", "portland")]).await;
        assert_eq!(texts(&found["places"])[0], "Portland, Oregon, United States");
        let found = suggest(&app, &[("q", "london"), ("country", "CA")]).await;
        assert_eq!(texts(&found["places"])[0], "London, Ontario, Canada");
        let found = suggest(&app, &[("q", "genesis cl")]).await;
        assert_eq!(found["programs"][0]["program"], "/v1/programs/genesis-club");
        app.stop().await;
    }
}

on_both! {
    async fn danger_is_heard_while_it_is_typed(database: Database) {
        let app = TestApp::seeded(database).await;

        for (near, number) in [("97214", "988"), ("London", "116 123")] {
            let asked = [("q", "i want to die"), ("near", near)];
            let found = suggest(&app, &asked).await;
            let answer = app.post("/v1/suggest", &body(&asked)).await;

            assert!(answer.bytes.starts_with(br#"{"crisis":{"#), "{found}");
            assert_eq!(found["crisis"], search(&app, &[("near", near)]).await["crisis"]);
            assert!(found["notice"]["message"].as_str().unwrap().contains(number), "{found}");
        }
        assert!(suggest(&app, &[("q", "grief")]).await.get("crisis").is_none());
        app.stop().await;
    }
}

on_both! {
    async fn what_cannot_be_suggested_for_is_named(database: Database) {
        let app = TestApp::seeded(database).await;

        for (query, field) in [
            ("", "q"),
            ("q=", "q"),
            ("q=a&q=b", "q"),
            ("q=a&limit=0", "limit"),
            ("q=a&limit=21", "limit"),
            ("q=a&near=zzqqzz", "near"),
            ("q=a&lagn=es", "lagn"),
        ] {
            let answer = app.get(&format!("/v1/suggest?{query}")).await;

            assert_eq!(answer.status, 400, "{query}");
            assert_eq!(answer.body["errors"][0]["field"], field, "{query}: {}", answer.body);
        }
        app.stop().await;
    }
}
