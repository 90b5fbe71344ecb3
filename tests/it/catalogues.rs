//! The catalogues, the exports, the documentation, and what those who run it look at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::kept::{by, organization};
use crate::support::{TestApp, on_both};

on_both! {
    async fn organizations_are_walked_by_name_and_found_by_id_and_slug(database: Database) {
        let app = TestApp::seeded(database).await;
        let about = app.get("/v1/about").await.body;

        let mut names = Vec::new();
        let mut slugs = BTreeSet::new();
        let mut path = "/v1/organizations?limit=30".to_owned();
        loop {
            let page = app.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.body["page"]["total"], about["organizations"]);
            for organization in page.body["data"].as_array().unwrap() {
                names.push(peer_directory::domain::fold(organization["name"].as_str().unwrap()));
                slugs.insert(organization["slug"].as_str().unwrap().to_owned());
                let by_slug = app.get(&format!("/v1/organizations/{}", organization["slug"].as_str().unwrap())).await;
                let by_id = app.get(&format!("/v1/organizations/{}", organization["id"].as_str().unwrap())).await;
                assert_eq!(&by_slug.body, organization);
                assert_eq!(&by_id.body, organization);
            }
            match next_of(page.header("link")) {
                Some(next) => path = next,
                None => break,
            }
        }

        assert!(names.is_sorted());
        assert_eq!(about["organizations"], names.len());
        assert_eq!(slugs.len(), names.len());
        app.stop().await;
    }
}

on_both! {
    async fn organizations_are_found_by_words_of_their_names(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = app.get("/v1/organizations?q=ALLIANCE+mental").await;
        let walked = app.get("/v1/organizations?q=a&limit=2").await;
        let next = app.get(&next_of(walked.header("link")).unwrap()).await;

        assert!(found.body["page"]["total"].as_u64().unwrap() > 0);
        assert!(found.names().iter().all(|name| name.to_lowercase().contains("alliance")), "{:?}", found.names());
        assert_eq!(next.body["page"]["total"], walked.body["page"]["total"]);
        assert!(next.names().iter().all(|name| !walked.names().contains(name)));
        app.stop().await;
    }
}

on_both! {
    async fn a_walk_goes_on_when_the_last_organization_shown_is_gone_or_renamed(database: Database) {
        let app = TestApp::empty(database).await;
        let ids = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"].map(|name| {
            let id = app.catalog.create(&organization(&format!("{name} Peers")), &by("robin")).unwrap();
            app.catalog.publish(&id, 1).unwrap();
            id
        });
        app.refresh();

        let first = app.get("/v1/organizations?limit=2&q=peers").await;
        app.catalog.withdraw(&ids[1]).unwrap();
        app.refresh();
        let second = app.get(&next_of(first.header("link")).unwrap()).await;
        app.catalog.revise(&ids[3], 1, &organization("Willow Peers"), &by("sam")).unwrap();
        app.catalog.publish(&ids[3], 2).unwrap();
        app.refresh();
        let third = app.get(&next_of(second.header("link")).unwrap()).await;
        let fourth = app.get(&next_of(third.header("link")).unwrap()).await;

        assert_eq!(first.names(), ["Alder Peers", "Birch Peers"]);
        assert_eq!(second.names(), ["Cedar Peers", "Dogwood Peers"]);
        assert_eq!(third.names(), ["Elm Peers", "Fir Peers"]);
        assert_eq!(fourth.names(), ["Willow Peers"]);
        assert_eq!(fourth.body["page"], json!({ "limit": 2, "total": 5 }));
        app.stop().await;
    }
}

on_both! {
    async fn a_cursor_of_other_words_is_not_taken_for_organizations(database: Database) {
        let app = TestApp::seeded(database).await;
        let first = app.get("/v1/organizations?limit=1&q=a").await;
        let cursor = first.body["page"]["next_cursor"].as_str().unwrap().to_owned();

        let other = app.get(&format!("/v1/organizations?limit=1&cursor={cursor}")).await;

        assert_eq!(other.status, 400);
        assert_eq!(other.body["errors"][0]["field"], "cursor");
        app.stop().await;
    }
}

on_both! {
    async fn terms_have_labels_in_the_language_and_true_counts(database: Database) {
        let app = TestApp::seeded(database).await;

        let english = app.get("/v1/taxonomies").await.body;
        let spanish = app.get("/v1/taxonomies?lang=es").await.body;

        let taxonomies: Vec<&String> = english["data"].as_object().unwrap().keys().collect();
        assert_eq!(taxonomies, ["accessibility", "activity", "approach", "audience", "topic"]);
        for (taxonomy, terms) in english["data"].as_object().unwrap() {
            for (at, term) in terms.as_array().unwrap().iter().enumerate() {
                let same = &spanish["data"][taxonomy][at];
                assert_eq!(term["label"], term["labels"]["en"]);
                assert_eq!(same["key"], term["key"]);
                assert_eq!(same["label"], term["labels"]["es"], "{}", term["key"]);
                let key = term["key"].as_str().unwrap();
                let mut found = BTreeSet::new();
                for whom in ["self", "someone_i_support"] {
                    found.extend(walk_ids(&app, &format!("/v1/programs?{taxonomy}={key}&for={whom}&limit=100")).await);
                }
                assert_eq!(term["programs"], found.len(), "{taxonomy}={key}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn every_assessment_is_of_a_criterion_that_is_explained(database: Database) {
        let app = TestApp::seeded(database).await;

        let criteria = app.get("/v1/criteria").await.body;

        let keys: BTreeSet<&str> =
            criteria["criteria"].as_array().unwrap().iter().map(|c| c["key"].as_str().unwrap()).collect();
        assert!(!keys.is_empty());
        for list in ["domains", "red_flags", "questions"] {
            assert!(!criteria[list].as_array().unwrap().is_empty(), "{list}");
        }
        for program in export(&app).await {
            for assessment in program["provenance"]["assessments"].as_array().unwrap() {
                assert!(keys.contains(assessment["criterion"].as_str().unwrap()), "{assessment}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_country_without_known_lines_gets_finders(database: Database) {
        let app = TestApp::seeded(database).await;

        let unknown = app.get("/v1/crisis").await;
        let without = app.get("/v1/crisis?country=AQ").await;
        let lower = app.get("/v1/crisis?country=gb").await;

        assert_eq!(without.body, unknown.body);
        assert_eq!(unknown.body.get("country"), None);
        assert!(!unknown.body["lines"].as_array().unwrap().is_empty());
        assert_eq!(lower.body["country"], "GB");
        app.stop().await;
    }
}

on_both! {
    async fn places_are_found_by_their_beginnings(database: Database) {
        let app = TestApp::seeded(database).await;

        for (q, label) in [
            ("portl", "Portland, Oregon, United States"),
            ("97214", "97214 Portland, Oregon, United States"),
            ("portland%2C+maine", "Portland, Maine, United States"),
            ("SW1A+1AA", "SW1A London, England, United Kingdom"),
        ] {
            let found = app.get(&format!("/v1/places?q={q}&limit=5")).await;

            assert_eq!(found.body["data"][0]["label"], label, "{q}");
            assert!(found.body["data"].as_array().unwrap().len() <= 5, "{q}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn about_tells_what_the_directory_is_made_of(database: Database) {
        let app = TestApp::seeded(database).await;

        let about = app.get("/v1/about").await.body;

        assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(about["programs"], export(&app).await.len());
        let sources: Vec<&str> =
            about["sources"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!(sources, ["seed"]);
        let attributions = about["attributions"].to_string();
        assert!(attributions.contains("GeoNames"), "CC BY asks for it: {attributions}");
        app.stop().await;
    }
}

on_both! {
    async fn the_map_export_is_valid_and_has_every_program_with_a_public_place(database: Database) {
        let app = TestApp::seeded(database).await;

        let map = app.get("/v1/export/programs.geojson").await;

        assert_eq!(map.header("content-type"), "application/geo+json");
        assert_eq!(map.body["type"], "FeatureCollection");
        let mut placed = BTreeMap::new();
        for feature in map.body["features"].as_array().unwrap() {
            assert_eq!(feature["type"], "Feature");
            assert_eq!(feature["geometry"]["type"], "Point");
            let coordinates: Vec<f64> =
                serde_json::from_value(feature["geometry"]["coordinates"].clone()).unwrap();
            let [longitude, latitude] = coordinates[..] else { panic!("{feature}") };
            assert!((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude));
            placed.insert(
                feature["properties"]["program"]["id"].clone().to_string(),
                json!([longitude, latitude, feature["properties"]["precision"]]),
            );
        }
        let expected: BTreeMap<String, Value> = export(&app)
            .await
            .iter()
            .filter_map(|program| {
                let sessions = program["sessions"].as_array().unwrap();
                let point = sessions.iter().find_map(|session| {
                    session.get("location").filter(|location| location.get("latitude").is_some())
                })?;
                let place = json!([point["longitude"], point["latitude"], point["precision"]]);
                Some((program["id"].to_string(), place))
            })
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(placed, expected);
        app.stop().await;
    }
}

on_both! {
    async fn an_export_has_one_program_on_each_line(database: Database) {
        let app = TestApp::seeded(database).await;

        let answer = app.get("/v1/export/programs.ndjson").await;

        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        assert_eq!(answer.bytes.last(), Some(&b'\n'));
        let ids: BTreeSet<String> = export(&app).await.iter().map(|p| p["id"].to_string()).collect();
        assert_eq!(app.get("/readyz").await.body["programs"], ids.len());
        app.stop().await;
    }
}

on_both! {
    async fn an_empty_directory_answers_everything(database: Database) {
        let app = TestApp::empty(database).await;
        app.refresh();

        for (path, expected) in [
            ("/readyz", json!({"status": "ready", "programs": 0})),
            ("/v1/organizations", json!({"data": [], "page": {"limit": 20, "total": 0}})),
            ("/v1/export/programs.geojson", json!({"type": "FeatureCollection", "features": []})),
        ] {
            let mut answer = app.get(path).await;
            if let Some(fields) = answer.body.as_object_mut() {
                fields.remove("sequence");
            }
            assert_eq!(answer.body, expected, "{path}");
        }
        assert_eq!(app.get("/v1/export/programs.ndjson").await.bytes, b"");
        for path in ["/v1/programs", "/v1/programs?near=97214&facets=topic&q=grief"] {
            let found = app.get(path).await;
            assert_eq!((found.status, &found.body["page"]["total"]), (200, &json!(0)), "{path}");
            assert!(!found.body["crisis"]["message"].is_null(), "{path}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn those_who_run_it_see_that_it_lives_and_is_ready(database: Database) {
        let app = TestApp::seeded(database).await;

        let health = app.get("/healthz").await;
        let ready = app.get("/readyz").await;

        assert_eq!((health.status, health.body), (200, json!({"status": "ok"})));
        assert_eq!((ready.status, &ready.body["status"]), (200, &json!("ready")));
        app.stop().await;
    }
}

on_both! {
    async fn the_served_document_is_the_one_that_is_checked_in(database: Database) {
        let app = TestApp::seeded(database).await;
        let file = "openapi/v1.json";

        let served = app.get("/openapi.json").await;

        let kept: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(served.header("content-type"), "application/json");
        assert!(served.body == kept, "openapi/v1.json is not what is served");
        app.stop().await;
    }
}

on_both! {
    async fn the_documentation_loads_nothing_from_another_host(database: Database) {
        let app = TestApp::seeded(database).await;

        let page = app.get("/docs/").await;

        assert_eq!(page.status, 200);
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        let loaded = loaded_by_html(&html);
        assert!(loaded.len() >= 4, "{loaded:?}");
        for address in loaded {
            assert!(is_local(&address), "{address}");
            let asset = app.get(&format!("/docs/{}", address.trim_start_matches("./"))).await;
            assert_eq!(asset.status, 200, "{address}");
            if address.ends_with(".css") {
                let css = String::from_utf8(asset.bytes).unwrap();
                assert_eq!(loaded_by_css(&css).into_iter().find(|found| !is_local(found)), None, "{address}");
            } else if address.ends_with("initializer.js") {
                let js = String::from_utf8(asset.bytes).unwrap();
                assert!(!js.contains("://"), "{js}");
                assert!(js.contains(r#""url": "/docs/openapi.json""#), "{js}");
                // Its own default sends the document to a validator on the web.
                assert!(js.contains(r#""validatorUrl": "none""#), "{js}");
            }
        }
        // What a script might still try, the browser refuses.
        let policy = page.header("content-security-policy");
        for directive in ["default-src 'self'", "script-src 'self'", "connect-src 'self'"] {
            assert!(policy.split("; ").any(|given| given == directive), "{policy}");
        }
        assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
        app.stop().await;
    }
}

on_both! {
    async fn the_way_to_the_documentation_is_short(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in ["/", "/docs"] {
            let page = app.get(path).await;

            assert_eq!((page.status, page.header("content-type")), (200, "text/html"), "{path}");
        }
        app.stop().await;
    }
}

/// What the browser loads when it shows a page.
fn loaded_by_html(html: &str) -> Vec<String> {
    let attributes = html.split(['<', ' ', '\n']).filter_map(|piece| {
        let value = piece.strip_prefix("src=").or_else(|| piece.strip_prefix("href="))?;
        let value = value.trim_start_matches('"');
        Some(value.split(['"', '>']).next().unwrap_or_default().to_owned())
    });
    attributes.collect()
}

/// What the browser loads when it reads a style sheet.
fn loaded_by_css(css: &str) -> Vec<String> {
    let urls = css.split("url(").skip(1).map(|rest| rest.split(')').next().unwrap_or_default());
    let imports =
        css.split("@import").skip(1).map(|rest| rest.split(';').next().unwrap_or_default());
    urls.chain(imports).map(|address| address.trim_matches(['"', '\'', ' ']).to_owned()).collect()
}

fn is_local(address: &str) -> bool {
    address.starts_with("data:") || (!address.contains("://") && !address.starts_with("//"))
}

/// The address in a `Link` header with `rel="next"`.
fn next_of(link: &str) -> Option<String> {
    let (address, relation) = link.split_once(">; ")?;
    assert_eq!(relation, r#"rel="next""#);
    Some(address.trim_start_matches('<').to_owned())
}

async fn walk_ids(app: &TestApp, path: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut path = path.to_owned();
    loop {
        let page = app.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        ids.extend(
            page.body["data"].as_array().unwrap().iter().map(|program| program["id"].to_string()),
        );
        match next_of(page.header("link")) {
            Some(next) => path = next,
            None => return ids,
        }
    }
}

async fn export(app: &TestApp) -> Vec<Value> {
    let export = app.get("/v1/export/programs.ndjson").await;
    let text = String::from_utf8(export.bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
