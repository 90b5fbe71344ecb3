//! Keeping a copy of the directory by following its changes.

use std::collections::BTreeMap;
use std::thread::{self, JoinHandle};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use peer_directory::catalog::Catalog;
use peer_directory::domain::{OrganizationId, Record};
use peer_directory::http::answers::ChangesAnswer;
use serde_json::{Value, json};

use crate::imports::{import, record, source};
use crate::kept::{by, location, meets_at, open, organization, program};
use crate::raw_http::ask;
use crate::support::{Answer, TestApp, cases, on_both};

/// Somebody who keeps a copy of the directory.
#[derive(Default)]
struct Copy {
    since: Option<String>,
    programs: BTreeMap<String, Value>,
    /// How many answers it took, and how many of what they told was removed.
    answers: usize,
    removed: usize,
}

impl Copy {
    /// Takes the export, and where it says to go on.
    async fn from_export(app: &TestApp) -> Self {
        let export = app.get("/v1/export/programs.ndjson").await;
        let link = export.header("link");
        let since = link.strip_prefix("</v1/changes?since=").unwrap();
        let since = since.strip_suffix(">; rel=\"monitor\"").unwrap().to_owned();
        Self { since: Some(since), programs: exported(&export), ..Self::default() }
    }

    /// Follows to the end, by pages of a size.
    async fn follow(&mut self, app: &TestApp, limit: usize) {
        loop {
            let since = self.since.as_ref().map_or_else(String::new, |s| format!("&since={s}"));
            let answer = app.get(&format!("/v1/changes?limit={limit}{since}")).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let read: ChangesAnswer = serde_json::from_slice(&answer.bytes).unwrap();
            assert!(read.data.len() <= limit);
            assert!(read.data.is_sorted_by_key(|delta| delta.sequence));
            for delta in answer.body["data"].as_array().unwrap() {
                let id = delta["id"].as_str().unwrap().to_owned();
                if delta["change"] == "removed" {
                    self.programs.remove(&id);
                    self.removed += 1;
                } else {
                    self.programs.insert(id, delta["program"].clone());
                }
            }
            self.answers += 1;
            self.since = Some(read.next);
            if !read.more {
                return;
            }
        }
    }
}

fn exported(export: &Answer) -> BTreeMap<String, Value> {
    let lines = export.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice::<Value>(line).unwrap())
        .map(|program| (program["id"].as_str().unwrap().to_owned(), program))
        .collect()
}

/// Publishes, revises, withdraws and brings back organizations, places and programs.
fn write(url: &str, writer: u64, writes: usize) -> JoinHandle<()> {
    let catalog = Catalog::new(open(url));
    thread::spawn(move || {
        let mut random = Rng::with_seed(writer);
        let publish = |draft| {
            let id = catalog.create(&draft, &by("robin")).unwrap();
            catalog.publish(&id, 1).unwrap();
            id
        };
        // Each entry with its newest revision and whether it is public.
        let mut organizations = vec![];
        let mut places = vec![];
        let mut programs = vec![];
        for number in 0..writes {
            match random.u8(..10) {
                0 | 1 => {
                    organizations.push((
                        publish(organization(&format!("Peers {writer} {number}"))),
                        1,
                        true,
                    ));
                    places.push((publish(location(&format!("Hall {writer} {number}"))), 1, true));
                }
                2..=4 => {
                    let public = |all: &[(String, i32, bool)], random: &mut Rng| {
                        let at = random.usize(..all.len().max(1));
                        all.get(at).filter(|(.., public)| *public).map(|(id, ..)| id.clone())
                    };
                    let run_by = public(&organizations, &mut random);
                    if let (Some(by), Some(at)) = (run_by, public(&places, &mut random)) {
                        let name = format!("Circle {writer} {number}");
                        programs.push((publish(program(&name, &by, &meets_at(&at))), 1, true));
                    }
                }
                which => {
                    let kind = random.usize(..3);
                    let entries = [&mut organizations, &mut places, &mut programs];
                    let Some(entries) = entries.into_iter().nth(kind) else { continue };
                    let at = random.usize(..entries.len().max(1));
                    let Some((id, revision, public)) = entries.get_mut(at) else { continue };
                    if *public && which < 7 {
                        catalog.withdraw(id).unwrap();
                        *public = false;
                    } else if !*public {
                        // It may not be allowed yet: what it names may be withdrawn.
                        *public = catalog.publish(id, *revision).is_ok();
                    } else if kind < 2 {
                        let name = format!("Again {writer} {number}");
                        let draft = if kind == 0 { organization(&name) } else { location(&name) };
                        *revision = catalog.revise(id, *revision, &draft, &by("sam")).unwrap();
                        catalog.publish(id, *revision).unwrap();
                    }
                }
            }
        }
    })
}

on_both! {
    async fn who_follows_has_what_an_export_has(database: Database) {
        let app = TestApp::empty(database).await;
        let url = app.database.url.clone();
        let importing = {
            let catalog = app.catalog.clone();
            thread::spawn(move || {
                let records: Vec<Record> = (0..60).map(|n| record(&n.to_string())).collect();
                let mut closed = source("closed");
                closed.may_republish = false;
                for some in records.chunks(6) {
                    import(&catalog, some);
                    let others = some.iter().map(|one| {
                        let mut other = record(&format!("closed {}", one.key));
                        other.program.organization_id = OrganizationId::derived("closed", "riverside");
                        other
                    });
                    let others: Vec<Record> = others.collect();
                    catalog.import(&closed, &others, |_done| {}).unwrap();
                }
            })
        };
        // The sources are there before somebody begins to follow.
        importing.join().unwrap();
        let mut writers: Vec<_> =
            (0..4).map(|writer| write(&url, writer, cases(60))).collect();
        let mut from_the_beginning = Copy::default();
        let mut later = None;
        while !writers.is_empty() {
            from_the_beginning.follow(&app, 7).await;
            if from_the_beginning.answers > 40 && later.is_none() {
                later = Some(Copy::from_export(&app).await);
            }
            if let Some(later) = &mut later {
                later.follow(&app, 3).await;
            }
            writers.retain(|writer| !writer.is_finished());
        }

        from_the_beginning.follow(&app, 1_000).await;
        let mut later = later.unwrap_or_default();
        later.follow(&app, 1_000).await;
        app.refresh();
        let export = exported(&app.get("/v1/export/programs.ndjson").await);

        assert!(export.len() > 60, "{}", export.len());
        assert!(from_the_beginning.removed > 5, "{}", from_the_beginning.removed);
        assert_eq!(from_the_beginning.programs, export);
        assert_eq!(later.programs, export);
        let sources: Vec<&Value> = export.values().map(|program| &program["source"]).collect();
        assert!(sources.iter().all(|source| **source != "closed"), "it may not be republished");
        app.stop().await;
    }
}

on_both! {
    async fn a_change_of_who_runs_many_programs_is_told_in_pages(database: Database) {
        let app = TestApp::empty(database).await;
        let records: Vec<Record> = (0..25).map(|n| record(&n.to_string())).collect();
        import(&app.catalog, &records);
        app.refresh();
        let mut copy = Copy::from_export(&app).await;
        let id = copy.programs.values().next().unwrap()["organization"]["id"].clone();
        let id = id.as_str().unwrap();

        app.catalog.revise(id, 1, &organization("Lakeside Peers"), &by("sam")).unwrap();
        app.catalog.publish(id, 2).unwrap();
        copy.follow(&app, 10).await;

        assert!(copy.answers >= 3);
        assert!(copy.programs.values().all(|p| p["organization"]["name"] == "Lakeside Peers"));
        app.catalog.withdraw(id).unwrap();
        copy.follow(&app, 10).await;
        assert_eq!(copy.programs, BTreeMap::new());
        app.stop().await;
    }
}

on_both! {
    async fn what_is_too_old_or_of_another_directory_is_gone(database: Database) {
        let app = TestApp::empty(database).await;
        import(&app.catalog, &[record("1"), record("2")]);
        app.refresh();
        let mut copy = Copy::from_export(&app).await;
        let beginning = app.get("/v1/changes").await;
        assert_eq!(beginning.body["data"].as_array().unwrap().len(), 2);

        let elsewhere = TestApp::empty(database).await;
        import(&elsewhere.catalog, &[record("1"), record("2")]);
        elsewhere.refresh();
        let mark = copy.since.clone().unwrap();
        let gone = elsewhere.get(&format!("/v1/changes?since={mark}")).await;
        assert_eq!((gone.status, &gone.body["type"]), (410, &json!("/problems/forgotten")));
        elsewhere.stop().await;

        // Nothing after the mark is forgotten: it goes on.
        let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
        assert!(app.catalog.forget_changes(tomorrow).unwrap() > 2);
        copy.follow(&app, 10).await;
        for since in ["", "&since=0-0-0"] {
            let gone = app.get(&format!("/v1/changes?limit=10{since}")).await;
            assert_eq!(gone.status, 410, "{since}");
            assert!(gone.body["detail"].as_str().unwrap().contains("/v1/export/"), "{}", gone.body);
        }
        import(&app.catalog, &[record("3")]);
        copy.follow(&app, 10).await;
        assert_eq!(copy.programs.len(), 3);

        // A source that may no longer be republished: who kept a copy has to take it anew.
        let mut closed = source("feed");
        closed.may_republish = false;
        app.catalog.import(&closed, &[record("3")], |_done| {}).unwrap();
        let gone = app.get(&format!("/v1/changes?since={}", copy.since.unwrap())).await;
        assert_eq!(gone.status, 410);
        for since in ["x", "-1-0-0", "1-2", "now"] {
            let wrong = app.get(&format!("/v1/changes?since={since}")).await;
            assert_eq!((wrong.status, &wrong.body["errors"][0]["field"]), (400, &json!("since")));
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_source_that_came_while_the_server_ran_is_known_and_can_close(database: Database) {
        let app = TestApp::seeded(database).await;
        app.catalog.import(&source("late"), &[record("1"), record("2")], |_done| {}).unwrap();
        app.refresh();
        let about = app.get("/v1/about").await.body;
        let names = about["sources"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap());
        assert_eq!(names.filter(|name| *name == "late").count(), 1, "{}", about["sources"]);
        let copy = Copy::from_export(&app).await;
        let of_late = |programs: &BTreeMap<String, Value>| {
            programs.values().filter(|program| program["source"] == "late").count()
        };
        assert_eq!(of_late(&copy.programs), 2);

        // One program changes with what its source says, the other is not told of again.
        let mut closed = source("late");
        closed.may_republish = false;
        let mut changed = record("1");
        changed.program.name = "Another name".parse().unwrap();
        app.catalog.import(&closed, &[changed], |_done| {}).unwrap();
        app.refresh();

        assert_eq!(of_late(&Copy::from_export(&app).await.programs), 0);
        let gone = app.get(&format!("/v1/changes?since={}", copy.since.unwrap())).await;
        assert_eq!(gone.status, 410);
        app.stop().await;
    }
}

on_both! {
    async fn without_the_database_only_the_changes_are_missing(database: Database) {
        let app = TestApp::empty(database).await;
        import(&app.catalog, &[record("1")]);
        app.refresh();
        let store = open(&app.database.url);
        let rename = |from: &str, to: &str| {
            let sql = format!("ALTER TABLE {from} RENAME TO {to}");
            store.read(|conn| Ok(crate::kept::execute(conn, &sql))).unwrap();
        };

        rename("changes", "elsewhere");
        let away = app.get("/v1/changes").await;
        let search = app.get("/v1/programs").await;
        rename("elsewhere", "changes");
        let back = app.get("/v1/changes").await;

        assert_eq!((away.status, away.header("retry-after")), (503, "5"));
        assert_eq!(away.body["type"], "/problems/database-away");
        assert_eq!((search.status, &search.body["page"]["total"]), (200, &json!(1)));
        assert_eq!(back.status, 200);
        app.stop().await;
    }
}

on_both! {
    async fn a_directory_filled_by_an_older_version_is_followed_too(database: Database) {
        let app = TestApp::empty(database).await;
        import(&app.catalog, &[record("1")]);
        app.refresh();
        let mut copy = Copy::from_export(&app).await;
        let store = open(&app.database.url);
        store.read(|conn| Ok(crate::kept::execute(conn, "DELETE FROM mentions"))).unwrap();

        let _opened = open(&app.database.url);
        let id = copy.programs.values().next().unwrap()["organization"]["id"].clone();
        app.catalog.withdraw(id.as_str().unwrap()).unwrap();
        copy.follow(&app, 10).await;

        assert_eq!(copy.programs, BTreeMap::new());
        app.stop().await;
    }
}

on_both! {
    async fn an_export_that_is_known_is_not_written(database: Database) {
        let app = TestApp::seeded(database).await;

        let mut tags = vec![];
        for address in ["/v1/export/programs.ndjson", "/v1/export/programs.geojson"] {
            for encoding in ["identity", "gzip", "br"] {
                let accept = ("Accept-Encoding", encoding);
                let first = ask(&app.url, "GET", address, &[accept]).await;
                let tag = first.header("etag");
                let again = ask(&app.url, "GET", address, &[accept, ("If-None-Match", tag)]).await;

                assert_eq!((again.status, again.header("etag")), (304, tag), "{address} {encoding}");
                for header in ["cache-control", "vary", "link"] {
                    assert_eq!(again.header(header), first.header(header), "{address} {header}");
                }
                tags.push(tag.to_owned());
            }
        }
        let all = tags.len();
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), all, "each format and encoding has its own");
        import(&app.catalog, &[record("1")]);
        app.refresh();
        let since = ("If-None-Match", tags[0].as_str());
        assert_eq!(ask(&app.url, "GET", "/v1/export/programs.ndjson", &[since]).await.status, 200);
        app.stop().await;
    }
}
