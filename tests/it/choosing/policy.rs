//! A policy of an operator's own, and pausing what nobody confirms again.

use jiff::{SignedDuration, Timestamp};
use peer_directory::catalog::Clock;
use peer_directory::jobs::{ListingPolicy, Refresh};
use peer_directory::search::SearchIndex;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::gates::{finding, found, with_finding};
use crate::kept::{execute, open};
use crate::support::{TestApp, on_both};

/// A file with the policy of this version, but for some fields.
fn policy_file(dir: &TempDir, fields: &Value) -> String {
    let mut policy = ListingPolicy::default().document().clone();
    for (field, value) in fields.as_object().unwrap() {
        policy[field] = value.clone();
    }
    let file = dir.path().join("policy.json");
    std::fs::write(&file, policy.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Lets a program have been confirmed a year ago, with a review that was due so many days ago.
fn confirmed(app: &TestApp, slug: &str, overdue_days: i64) {
    let day =
        |days: i64| format!("{:.3}", Timestamp::now() - SignedDuration::from_hours(24 * days));
    let sql = format!(
        "UPDATE entities SET confirmed_at = '{}', confirmation_method = 'call', review_due_at = '{}' \
         WHERE slug = '{slug}'",
        day(365),
        day(overdue_days)
    );
    let store = open(&app.database.url);
    let told = |sql: &str| store.read(|conn| Ok(execute(conn, sql))).unwrap();
    assert_eq!(told(&sql), 1);
    told("UPDATE directory SET sequence = sequence + 1");
    app.refresh();
}

on_both! {
    async fn another_policy_decides_otherwise_and_says_its_version(database: Database) {
        let dir = TempDir::new().unwrap();
        let file = policy_file(&dir, &json!({"version": 7, "gates": []}));
        let app = TestApp::start(database, &["--policy", &file]);
        let bad = finding("medication_neutrality", "advises_against_treatment", "verified");

        let slug = with_finding(&app, json!({"min": 18}), &[bad]).await;

        assert_eq!(found(&app, "").await.len(), 1);
        let listing = app.get(&format!("/v1/programs/{slug}")).await.body["listing"].clone();
        assert_eq!((&listing["listed"], &listing["policy_version"]), (&json!(true), &json!(7)));
        assert_eq!(app.get("/v1/criteria").await.body["policy"]["version"], 7);
        app.stop().await;
    }
}

on_both! {
    async fn what_nobody_confirms_again_is_paused_when_the_policy_says_so(database: Database) {
        let dir = TempDir::new().unwrap();
        let file = policy_file(&dir, &json!({"version": 2, "pause_when_overdue_by_days": 30}));
        let app = TestApp::start(database, &["--policy", &file]);
        let slug = with_finding(&app, json!({"min": 18}), &[]).await;
        let page = format!("/v1/programs/{slug}");
        let all = app.get("/readyz").await.body["programs"].as_u64().unwrap();
        assert!(all > 100, "what nobody has ever confirmed is listed");

        // Overdue, but not for so long.
        confirmed(&app, &slug, 29);
        assert_eq!(found(&app, "").await[0]["verification"]["status"], "overdue");
        assert!(app.get(&page).await.body["listing"].get("paused_since").is_none());

        confirmed(&app, &slug, 32);
        assert!(found(&app, "").await.is_empty());
        assert_eq!(app.get("/readyz").await.body["programs"], all - 1);
        let shown = app.get(&format!("{page}?lang=es")).await.body;
        let day = shown["verification"]["confirmed_at"].as_str().unwrap().split('T').next().unwrap();
        let because = format!(
            "Nadie lo ha confirmado desde el {day}. Está en pausa: no aparece en las búsquedas hasta que \
             alguien lo compruebe de nuevo."
        );
        assert_eq!(shown["listing"]["because"], because.as_str());
        assert_eq!(shown["listing"]["listed"], false);
        let yesterday = Timestamp::now() - SignedDuration::from_hours(24);
        let since = shown["listing"]["paused_since"].as_str().unwrap();
        assert_eq!(since, yesterday.to_string().split('T').next().unwrap());
        let export = app.get("/v1/export/programs.ndjson").await.bytes;
        assert!(!String::from_utf8(export).unwrap().contains(&slug));

        // The policy of this version pauses nothing.
        let usual = Refresh::new(app.catalog.clone(), SearchIndex::default());
        usual.run().unwrap();
        assert_eq!(usual.index.current().unwrap().len() as u64, all);
        app.stop().await;
    }
}

on_both! {
    async fn a_program_is_paused_on_the_day_without_any_other_news(database: Database) {
        let dir = TempDir::new().unwrap();
        let file = policy_file(&dir, &json!({"pause_when_overdue_by_days": 30}));
        let app = TestApp::start(database, &["--policy", &file]);
        let slug = with_finding(&app, json!({"min": 18}), &[]).await;
        confirmed(&app, &slug, 0);
        let index = SearchIndex::default();
        let policy = ListingPolicy::read(file.as_ref()).unwrap();
        let listed_after = |days: i64| {
            let moment = Timestamp::now() + SignedDuration::from_hours(24 * days);
            let catalog = app.catalog.clone().by(Clock::Standing(moment));
            let refresh = Refresh { catalog, index: index.clone(), policy: policy.clone() };
            let news = refresh.run().unwrap();
            let snapshot = index.current().unwrap();
            (news, snapshot.lists(snapshot.find(&slug).unwrap()))
        };

        assert_eq!(listed_after(0), (true, true));
        assert_eq!(listed_after(30), (false, true));
        assert_eq!(listed_after(31), (true, false));
        assert_eq!(listed_after(32), (false, false));
        app.stop().await;
    }
}
