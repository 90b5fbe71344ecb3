//! What speaks against a program stands beside it wherever it is listed.

use std::collections::BTreeMap;

use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::Generator;
use serde_json::Value;

use crate::imports::source;
use crate::support::{TestApp, on_both};

/// Of whom something is known here and there, a plan for danger that does not exist among it.
fn with_generated(app: &TestApp) {
    let records: Vec<_> = Generator::new(11, Gazetteer::shared()).take(1_000).collect();
    app.catalog.import(&source("generated"), &records, |_done| {}).unwrap();
    app.refresh();
}

/// Every item of a list, page after page.
async fn all(app: &TestApp, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("{path}{cursor}")).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        items.extend(page.body["data"].as_array().unwrap().iter().cloned());
        match page.body["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

on_both! {
    async fn a_warning_is_in_every_list_in_the_language_that_was_asked_for(database: Database) {
        let app = TestApp::empty(database).await;
        with_generated(&app);
        let mut known: BTreeMap<String, (Value, Value)> = BTreeMap::new();
        for whom in ["self", "someone_i_support"] {
            for program in all(&app, &format!("/v1/programs?limit=100&lang=es&for={whom}")).await {
                let told = (program["match"]["warnings"].clone(), program["verification"].clone());
                known.insert(program["id"].as_str().unwrap().to_owned(), told);
            }
        }
        let warned = known.values().filter(|(warnings, _)| !warnings.is_null()).count();
        assert!(warned > 10 && warned < known.len(), "{warned} of {}", known.len());
        let told = |program: &Value| &known[program["id"].as_str().unwrap()];

        let mut seen = [0; 3];
        for meeting in all(&app, "/v1/meetings?limit=100&lang=es").await {
            let (warnings, verification) = told(&meeting["program"]);
            assert_eq!(&meeting["warnings"], warnings, "{meeting}");
            assert_eq!(&meeting["program"]["verification"], verification, "{meeting}");
            seen[0] += usize::from(!warnings.is_null());
        }
        let map = app.get("/v1/map/clusters?bbox=-180,-90,180,90&zoom=22&lang=es").await.body;
        for cluster in map["data"].as_array().unwrap() {
            let many = cluster["programs"].as_array().into_iter().flatten();
            for program in many.chain(cluster.get("program")) {
                assert_eq!(&program["warnings"], &told(program).0, "{cluster}");
                assert_eq!(program["verification"]["message"], told(program).1["message"]);
                seen[1] += usize::from(program["warnings"].is_array());
            }
        }
        for id in known.keys().take(200) {
            let alike = app.get(&format!("/v1/programs/{id}/similar?lang=es")).await.body;
            for program in alike["data"].as_array().unwrap() {
                let (warnings, verification) = told(program);
                assert_eq!(&program["match"]["warnings"], warnings, "{program}");
                assert_eq!(&program["verification"], verification, "{program}");
                seen[2] += usize::from(!warnings.is_null());
            }
        }
        assert!(seen.iter().all(|many| *many > 3), "{seen:?}");
        app.stop().await;
    }
}

on_both! {
    async fn the_young_are_told_to_ask_in_every_list(database: Database) {
        let app = TestApp::empty(database).await;
        with_generated(&app);

        let young = all(&app, "/v1/meetings?limit=100&age=15").await;

        assert!(young.len() > 3, "{}", young.len());
        for meeting in young {
            assert_eq!(meeting["ask"][0]["criterion"], "youth_safeguarding", "{meeting}");
        }
        for meeting in all(&app, "/v1/meetings?limit=100&age=18").await {
            assert!(meeting.get("ask").is_none(), "{meeting}");
        }
        let map = "/v1/map/clusters?bbox=-180,-90,180,90&zoom=22";
        for (age, asks) in [(15, true), (18, false)] {
            let map = app.get(&format!("{map}&age={age}")).await.body;
            let one = map["data"].as_array().unwrap().iter().find_map(|one| one.get("program"));
            assert_eq!(one.unwrap().get("ask").is_some(), asks, "{age}: {one:?}");
        }
        let young = all(&app, "/v1/programs?limit=100&age=15").await;
        for program in young.iter().take(30) {
            let id = program["id"].as_str().unwrap();
            let alike = app.get(&format!("/v1/programs/{id}/similar?age=15")).await.body;
            for program in alike["data"].as_array().unwrap() {
                assert_eq!(program["match"]["ask"][0]["criterion"], "youth_safeguarding");
                assert!(young.iter().any(|other| other["id"] == program["id"]), "{program}");
            }
        }
        // Nobody is shown the way out.
        let little = app.get("/v1/programs?near=Viroqua,+WI&age=15&limit=1").await.body;
        let ways = little["relaxations"].to_string();
        assert!(!ways.contains("\"age\""), "{ways}");
        app.stop().await;
    }
}

on_both! {
    async fn help_and_freshness_are_told_in_spanish_to_those_who_read_it(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = app.get("/v1/programs?limit=1&near=Portland,+OR&lang=es-MX").await.body;
        let alone = app.get("/v1/crisis?country=US&lang=es-MX").await.body;
        let nowhere = app.get("/v1/crisis?lang=es").await.body;
        let page = app.get(&format!("/v1/programs/{}?lang=es", found["data"][0]["slug"].as_str().unwrap())).await.body;

        let says = |crisis: &Value, what: &str| crisis["message"].as_str().unwrap().starts_with(what);
        assert!(says(&alone, "Si estás en peligro ahora, llama al 911."));
        assert_eq!(found["crisis"], alone);
        assert!(says(&nowhere, "Si estás en peligro ahora, llama al número de emergencias de tu zona."));
        let young = app.get("/v1/crisis?country=FR&age=12&lang=es").await.body;
        assert!(says(&young, "Si estás en peligro ahora, llama al 112 o al 15."));
        let unconfirmed = "Aún no se ha comprobado: llama o mira su página web antes de ir.";
        assert_eq!(found["data"][0]["verification"]["message"], unconfirmed);
        assert_eq!(page["verification"]["message"], unconfirmed);
        app.stop().await;
    }
}
