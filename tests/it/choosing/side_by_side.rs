//! Programs side by side.

use peer_directory::http::answers::CompareAnswer;
use serde_json::Value;

use crate::support::{TestApp, on_both};

on_both! {
    async fn what_differs_comes_first_and_what_nobody_knows_is_one_row(database: Database) {
        let app = TestApp::seeded(database).await;
        let some = app.get("/v1/programs?criteria=confidentiality_policy&limit=2&sort=name").await.body;
        let other = app.get("/v1/programs?criteria=crisis_protocol&limit=1&sort=name").await.body;
        let slug = |of: &Value, at: usize| of["data"][at]["slug"].as_str().unwrap().to_owned();
        let mut slugs = vec![slug(&some, 0), slug(&some, 1), slug(&other, 0)];
        slugs.dedup();

        let found = app.get(&format!("/v1/programs/compare?ids={}", slugs.join(","))).await;

        assert_eq!(found.status, 200, "{}", found.body);
        let answer: CompareAnswer = serde_json::from_slice(&found.bytes).unwrap();
        assert_eq!(serde_json::to_value(&answer).unwrap(), found.body);
        let told: Vec<&str> = answer.programs.iter().map(|program| program.slug.as_str()).collect();
        assert_eq!(told, slugs);
        let differs: Vec<bool> = answer.data.iter().map(|row| row.differs).collect();
        assert!(differs.is_sorted_by(|a, b| a >= b), "{differs:?}");
        let all = app.get("/v1/criteria").await.body["criteria"].as_array().unwrap().clone();
        let of_programs = all.iter().filter(|criterion| criterion.get("asked_by").is_none()).count();
        assert!(of_programs < all.len());
        assert_eq!(answer.data.len() + answer.unknown_for_all.len(), of_programs, "each is there once");
        for row in &answer.data {
            assert_eq!(row.stands.len(), slugs.len());
            assert!(row.stands.iter().any(|stand| stand.found.value.is_some()));
            for stand in row.stands.iter().filter(|stand| stand.found.value.is_some()) {
                assert!(stand.found.basis.is_some() && stand.found.assessed_on.is_some() && !stand.found.meaning.is_empty());
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn two_to_five_different_programs_are_compared(database: Database) {
        let app = TestApp::seeded(database).await;
        let page = app.get("/v1/programs?limit=6").await.body;
        let slugs: Vec<&str> =
            page["data"].as_array().unwrap().iter().map(|p| p["slug"].as_str().unwrap()).collect();

        for ids in [String::new(), slugs[0].to_owned(), slugs.join(","), [slugs[0], slugs[0]].join(","), format!("{},nobody", slugs[0])] {
            let refused = app.get(&format!("/v1/programs/compare?ids={ids}")).await;
            assert_eq!(refused.status, 400, "{ids}");
            assert_eq!(refused.body["errors"][0]["field"], "ids");
        }
        let five = app.get(&format!("/v1/programs/compare?ids={}", slugs[..5].join(","))).await;
        assert_eq!(five.status, 200);
        app.stop().await;
    }
}
