//! Scores and reasons, as an app reads them.

use serde_json::Value;

use super::{list, search};
use crate::support::{TestApp, on_both};

/// The sum of the terms of a score.
fn sum(found: &Value) -> f64 {
    let terms = found["explain"].as_object().unwrap();
    terms.values().filter_map(Value::as_f64).sum()
}

on_both! {
    async fn every_term_of_a_score_is_told_and_they_sum_to_it(database: Database) {
        let app = TestApp::seeded(database).await;
        let asked = [("near", "Portland, OR"), ("q", "grief"), ("explain", "true")];

        let found = search(&app, &asked).await;

        for program in list(&found["data"]) {
            let found = &program["match"];
            assert!((found["score"].as_f64().unwrap() - sum(found)).abs() < 1e-6, "{found}");
            assert!(found["explain"]["words"].as_f64().unwrap() > 0.0);
        }
        let plain = search(&app, &asked[..2]).await;
        let first = &list(&plain["data"])[0]["match"];
        assert!(first["score"].is_number() && first.get("explain").is_none());
        app.stop().await;
    }
}

on_both! {
    async fn a_result_says_why_it_is_there_in_the_language_that_was_asked_for(database: Database) {
        let app = TestApp::seeded(database).await;
        let asked = [("near", "Portland, OR"), ("q", "duelo"), ("lang", "es")];

        let found = search(&app, &asked).await;

        let first = &list(&found["data"])[0]["match"];
        let reasons = list(&first["reasons"]);
        let told: Vec<&str> = reasons.iter().filter_map(|reason| reason["text"].as_str()).collect();
        assert!(told.iter().any(|text| text.starts_with("Sobre: ")), "{told:?}");
        let kinds: Vec<&str> = reasons.iter().filter_map(|r| r["kind"].as_str()).collect();
        assert!(kinds.starts_with(&["term", "place"]) || kinds.starts_with(&["term", "term"]));
        app.stop().await;
    }
}

on_both! {
    async fn whether_to_explain_is_true_or_false(database: Database) {
        let app = TestApp::seeded(database).await;

        let problem = app.get("/v1/programs?explain=perhaps").await;

        assert_eq!(problem.status, 400);
        app.stop().await;
    }
}
