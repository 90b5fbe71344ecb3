//! Imports from the command line.

use std::ffi::OsStr;
use std::process::Output;

use serde_json::json;
use tempfile::TempDir;

use super::{Running, feed, program, said};
use crate::raw_http;
use crate::support::{TestApp, TestDatabase, on_both};

on_both! {
    async fn a_feed_that_is_not_there_is_one_line(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        let refused = import(&dir, &database, "nothing.csv", &[]);

        assert_eq!(refused.status.code(), Some(1));
        assert_eq!(said(&refused), "peer-directory: cannot read nothing.csv: No such file or directory (os error 2)\n");
    }
}

on_both! {
    async fn a_topic_that_no_list_has_is_told_before_a_row_is_read(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        for more in [&["--topic", "grief", "--topic", "depresion"][..], &["--topic", "depresion", "--dry-run"]] {
            let refused = import(&dir, &database, feed(), more);

            assert_eq!(refused.status.code(), Some(1));
            assert_eq!(
                said(&refused),
                "peer-directory: --topic: there is no topic `depresion`; did you mean `depression`?\n"
            );
        }
        let known = import(&dir, &database, feed(), &["--topic", "depression"]);
        assert_eq!(known.status.code(), Some(0), "{}", said(&known));
    }
}

on_both! {
    async fn a_dry_run_tells_what_an_import_would_do_and_writes_nothing(database: Database) {
        let app = TestApp::seeded(database).await;
        let dir = TempDir::new().unwrap();
        let before = contents(&app).await;

        let tried = import(&dir, &app.database, feed(), &["--dry-run"]);

        assert_eq!(tried.status.code(), Some(0), "{}", said(&tried));
        let text = said(&tried);
        assert!(text.contains("Tuesday Grief Circle"), "{text}");
        let sums = "5 rows: 4 programs with 4 sessions\n\
                    would add 4, change 0, leave 0 as they are, keep 0 corrections, refuse 0\n\
                    nothing was written: this was a dry run\n";
        assert!(text.ends_with(sums), "{text}");
        app.refresh();
        assert_eq!(contents(&app).await, before);
        app.stop().await;
    }
}

on_both! {
    async fn listings_that_do_not_say_whom_they_are_for_are_for_whom_the_import_says(database: Database) {
        let app = TestApp::empty(database).await;
        let dir = TempDir::new().unwrap();
        let found = async |whom: &str| {
            let found = app.get(&format!("/v1/programs?for={whom}")).await;
            found.body["page"]["total"].as_u64().unwrap()
        };

        let done = import(&dir, &app.database, feed(), &["--for", "someone_i_support"]);
        app.refresh();

        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        assert_eq!((found("self").await, found("someone_i_support").await), (2, 3));
        let both = ["--for", "someone_i_support", "--for", "self"];
        assert_eq!(import(&dir, &app.database, feed(), &both).status.code(), Some(0));
        app.refresh();
        assert_eq!((found("self").await, found("someone_i_support").await), (4, 3));
        assert_eq!(import(&dir, &app.database, feed(), &["--for", "us"]).status.code(), Some(2));
        app.stop().await;
    }
}

on_both! {
    async fn a_dry_run_into_an_empty_directory_leaves_it_empty(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        let tried = import(&dir, &database, feed(), &["--dry-run"]);

        assert_eq!(tried.status.code(), Some(0), "{}", said(&tried));
        let server = Running::start(&database, "off", &["--no-seed"]);
        let terms = raw_http::ask(&server.url, "GET", "/v1/taxonomies", &[]).await;
        let about = raw_http::ask(&server.url, "GET", "/v1/about", &[]).await;
        server.end("TERM");
        assert_eq!(about.body["sources"], json!([]));
        assert_eq!(terms.body, json!({"data": {}}));
    }
}

on_both! {
    async fn importing_again_changes_nothing(database: Database) {
        let app = TestApp::seeded(database).await;
        let dir = TempDir::new().unwrap();
        let before = app.get("/v1/about").await.body["programs"].as_u64().unwrap();

        let first = import(&dir, &app.database, feed(), &["--may-republish"]);
        app.refresh();
        let after_first = contents(&app).await;
        let programs = app.get("/v1/about").await.body["programs"].as_u64().unwrap();
        let second = import(&dir, &app.database, feed(), &["--may-republish"]);
        app.refresh();

        assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)), "{}", said(&first));
        assert_eq!(programs, before + 4);
        assert!(said(&second).contains("added 0, changed 0, left as they are 4"), "{}", said(&second));
        assert_eq!(contents(&app).await, after_first);
        app.stop().await;
    }
}

fn import(
    dir: &TempDir,
    database: &TestDatabase,
    feed: impl AsRef<OsStr>,
    more: &[&str],
) -> Output {
    let mut command = program(dir);
    command.args(["import", "csv"]).arg(feed).args([
        "--source",
        "mine",
        "--database-url",
        &database.url,
    ]);
    command.args(more).output().unwrap()
}

/// All that a directory tells, with the number of its newest change.
async fn contents(app: &TestApp) -> (String, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        app.get("/v1/about").await.body.to_string(),
        text(app.get("/v1/export/programs.ndjson").await.bytes),
        app.get("/v1/taxonomies").await.body.to_string(),
    )
}
