//! Programs like another.

use std::collections::BTreeSet;

use peer_directory::http::answers::SimilarAnswer;
use serde_json::Value;

use super::{everything, list, values};
use crate::support::{TestApp, on_both};

on_both! {
    async fn programs_like_another_share_its_need_and_say_so(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut told = 0;

        for whole in everything(&app).await {
            let address = format!("/v1/programs/{}/similar", whole["slug"].as_str().unwrap());
            let answer = app.get(&format!("{address}?limit=20&explain=true")).await;
            let read: SimilarAnswer = serde_json::from_slice(&answer.bytes).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), answer.body, "{address}");
            let found = list(&answer.body["data"]);

            let mut before = f64::MAX;
            for one in &found {
                assert_ne!(one["id"], whole["id"]);
                let topics: BTreeSet<String> = values(one, "/topics").into_iter().collect();
                let people = values(one, "/for_whom");
                assert!(values(&whole, "/for_whom").iter().any(|whom| people.contains(whom)), "{address}");
                let match_ = &one["match"];
                let explained = match_["explain"].as_object().unwrap();
                let names: Vec<&String> = explained.keys().collect();
                assert_eq!(names, ["audience", "form", "need", "reach"]);
                let score = match_["score"].as_f64().unwrap();
                let sum: f64 = explained.values().map(|points| points.as_f64().unwrap()).sum();
                assert!((sum - score).abs() < 1e-6 && score <= before, "{address}: {match_}");
                before = score;
                let first = &match_["reasons"][0];
                assert_eq!(first["kind"], "term", "{address} {topics:?}: {match_}");
                assert!(first["text"].as_str().unwrap().starts_with("Also about: "), "{first}");
                told += 1;
            }
            let five = app.get(&address).await.body;
            let ids = |found: &[Value]| found.iter().map(|one| one["id"].clone()).collect::<Vec<Value>>();
            assert_eq!(ids(&list(&five["data"])), ids(&found[..found.len().min(5)]));
            assert!(five["data"][0]["match"]["explain"].is_null());
        }
        assert!(told > 500, "{told}");
        app.stop().await;
    }
}

on_both! {
    async fn what_is_asked_of_likeness_is_checked(database: Database) {
        let app = TestApp::seeded(database).await;

        let missing = app.get("/v1/programs/nothing-like-it/similar").await;
        let refused = app.get("/v1/programs/7-cups/similar?limit=21&lang=&explain=maybe&near=97214").await;
        let spanish = app.get("/v1/programs/7-cups/similar?lang=es").await.body;

        assert_eq!(missing.status, 404);
        assert_eq!(refused.status, 400);
        let named: BTreeSet<String> = list(&refused.body["errors"])
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(named, BTreeSet::from(["limit", "explain", "near"].map(str::to_owned)));
        let reason = spanish["data"][0]["match"]["reasons"][0]["text"].as_str().unwrap();
        assert!(reason.starts_with("También sobre: "), "{reason}");
        app.stop().await;
    }
}
