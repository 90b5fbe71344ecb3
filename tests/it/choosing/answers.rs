//! Second questions: on every page, to filter and count by, and worth nothing in the order.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

const POLICE: &str = "emergency_contact_policy";

fn slugs(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|p| p["slug"].as_str().unwrap()).collect()
}

on_both! {
    async fn every_page_answers_them_or_says_that_nobody_knows(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = app.get("/v1/programs?limit=100").await.body;
        let mut known = Vec::new();

        for slug in slugs(&all) {
            let page = app.get(&format!("/v1/programs/{slug}?lang=es")).await.body;
            let answers = page["answers"].as_array().unwrap();
            let police = answers.iter().find(|answer| answer["key"] == POLICE).unwrap();
            let moderated = answers.iter().any(|answer| answer["key"] == "reporting_route");
            assert_eq!(moderated, page["kinds"].as_array().unwrap().contains(&json!("online")));
            assert_eq!(police["question"], "¿Llamarían a la policía o a una ambulancia sin preguntarme?");
            if let Some(value) = police.get("value") {
                assert!(police["source_url"].is_string() && police["basis"] == "public_source");
                known.push((slug.to_owned(), value.as_str().unwrap().to_owned()));
            } else {
                assert_eq!(police["meaning"], "Todavía no lo sabemos. Pregúntales.");
            }
        }

        assert!(known.len() > 1, "{known:?}");
        for (slug, value) in known {
            let found = app.get(&format!("/v1/programs?answer={POLICE}:{value}")).await.body;
            assert!(slugs(&found).contains(&slug.as_str()), "{found}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn they_are_counted_found_left_out_and_not_ranked(database: Database) {
        let app = TestApp::seeded(database).await;

        let counted = app.get("/v1/programs?facets=answer&limit=1").await.body;

        let counts = counted["facets"]["answer"].as_array().unwrap();
        assert!(counts.len() >= 6, "{counts:?}");
        let total = |found: &Value| found["page"]["total"].as_u64().unwrap();
        for count in counts {
            let value = count["value"].as_str().unwrap();
            let label = count["label"].as_str().unwrap();
            assert!(label.contains("? ") && !label.contains('_'), "{label}");
            let found = app.get(&format!("/v1/programs?answer={value}&explain=true")).await.body;
            assert_eq!(total(&found), count["count"].as_u64().unwrap(), "{count}");
            for program in found["data"].as_array().unwrap() {
                assert_eq!(program["match"]["explain"]["fit"], 0.0, "{program}");
            }
            let without = app.get(&format!("/v1/programs?answer=-{value}&limit=1")).await.body;
            assert_eq!(total(&found) + total(&without), total(&counted), "{count}");
        }
        let names = "identity_required:anonymous_ok,identity_required:first_name_only";
        let any = app.get(&format!("/v1/programs?answer={names}&limit=1")).await.body;
        let of = |value: &str| {
            let of_it = counts.iter().find(|count| count["value"] == value).unwrap();
            of_it["count"].as_u64().unwrap()
        };
        assert_eq!(total(&any), names.split(',').map(of).sum::<u64>());
        let both = app.get(&format!("/v1/programs?answer_all={names}&limit=1")).await.body;
        assert_eq!(total(&both), 0, "each has one answer");
        let needs = json!({"answer": ["identity_required:anonymous_ok"], "lang": "es"});
        let matched = app.post("/v1/match", &needs).await.body;
        let fits = &matched["data"][0]["match"]["fits"];
        let told = "¿Puedo participar sin dar mi nombre real? Sí, no hace falta dar ningún nombre.";
        assert!(fits.as_array().unwrap().contains(&json!({"about": "answer", "text": told})), "{fits}");
        app.stop().await;
    }
}

on_both! {
    async fn what_nobody_could_answer_is_told(database: Database) {
        let app = TestApp::seeded(database).await;

        for (value, detail) in [
            ("never", "must be a question and an answer, such as `emergency_contact_policy:only_imminent_risk`; GET /v1/criteria lists them under `secondary`"),
            ("emergency_contact:not_stated", "there is no second question `emergency_contact`; did you mean `emergency_contact_policy`?"),
            ("identity_required:yes", "`yes` is no answer to `identity_required`; expected one of anonymous_ok, first_name_only, account_with_email, real_name_required"),
        ] {
            for name in ["answer", "answer_all"] {
                let refused = app.get(&format!("/v1/programs?{name}={value}")).await;
                assert_eq!(refused.status, 400, "{value}");
                assert_eq!(refused.body["errors"], json!([{"field": name, "detail": detail}]));
            }
        }
        let nobody = app.get("/v1/programs?answer=reporting_route:email").await;
        assert_eq!((nobody.status, &nobody.body["page"]["total"]), (200, &json!(0)));
        app.stop().await;
    }
}

on_both! {
    async fn programs_that_answer_otherwise_differ(database: Database) {
        let app = TestApp::seeded(database).await;
        let first = |found: Value| slugs(&found)[0].to_owned();
        let open = first(app.get("/v1/programs?answer=identity_required:anonymous_ok&criteria=confidentiality_policy").await.body);
        let named = first(app.get("/v1/programs?answer=identity_required:first_name_only&criteria=confidentiality_policy").await.body);

        let found = app.get(&format!("/v1/programs/compare?ids={open},{named}")).await.body;

        let rows = found["data"].as_array().unwrap();
        let row = rows.iter().find(|row| row["criterion"] == "confidentiality_policy").unwrap();
        assert_eq!(row["differs"], true);
        let answer = |at: usize| {
            let answer = &row["stands"][at]["secondary"][0];
            (answer["key"].as_str().unwrap(), answer["value"].as_str().unwrap())
        };
        assert_eq!(answer(0), ("identity_required", "anonymous_ok"));
        assert_eq!(answer(1), ("identity_required", "first_name_only"));
        app.stop().await;
    }
}
