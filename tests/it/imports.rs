//! Importing: twice, again with changes, beside curators, and cut off in the middle.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use clap::Parser as _;
use peer_directory::catalog::{Catalog, Draft, ImportReport, Outcome};
use peer_directory::config::Cli;
use peer_directory::domain::{ChangeKind, Listing, OrganizationId, Record, SourceDraft};
use peer_directory::jobs::{self, Refresh};
use peer_directory::search::SearchIndex;
use peer_directory::{app, store};
use serde_json::json;

use crate::kept::{Kept, by};
use crate::support::on_both;

pub(crate) fn source(name: &str) -> SourceDraft {
    serde_json::from_value(json!({ "name": name, "format": "native", "may_republish": true }))
        .unwrap()
}

/// A record of the source `feed`: a weekly group at a place of its own.
pub(crate) fn record(key: &str) -> Record {
    let organization_id = OrganizationId::derived("feed", "riverside");
    let place = peer_directory::domain::LocationId::derived("feed", key);
    let program = json!({
        "name": format!("Circle {key}"),
        "organization_id": organization_id.to_string(),
        "kinds": ["local_group"],
        "form": "support_group",
        "topics": ["grief"],
        "sessions": [
            { "attendance": "in_person", "location": place.to_string(), "schedule_note": "Weekly" }
        ],
    });
    let hall = json!({
        "name": format!("Hall {key}"),
        "address": { "city": "Rivertown", "country": "US" },
        "position": { "latitude": 41.93, "longitude": -71.05 },
        "precision": "exact",
    });
    let finding = json!({
        "criterion": "confidentiality_policy",
        "value": "stated",
        "basis": "public_source",
        "source_url": "https://riverside.example/rules",
        "assessed_on": "2026-11-21",
        "assessed_by": "curator",
    });
    Record {
        key: key.to_owned(),
        rows: vec![],
        organization_key: "riverside".to_owned(),
        organization: serde_json::from_value(json!({ "name": "Riverside Peers" })).unwrap(),
        program: serde_json::from_value(program).unwrap(),
        locations: vec![(place, serde_json::from_value(hall).unwrap())],
        assessments: vec![serde_json::from_value(finding).unwrap()],
        unlisted: None,
        incomplete: false,
    }
}

fn renamed(mut record: Record, name: &str) -> Record {
    record.program.name = name.parse().unwrap();
    record
}

pub(crate) fn import(catalog: &Catalog, records: &[Record]) -> ImportReport {
    catalog.import(&source("feed"), records, |_done| {}).unwrap()
}

fn counts(report: &ImportReport) -> [usize; 5] {
    let count = |outcome| report.count(outcome);
    [
        count(Outcome::Added),
        count(Outcome::Changed),
        count(Outcome::Unchanged),
        count(Outcome::CorrectionKept),
        report.refused.len(),
    ]
}

fn program_id(kept: &Kept, key: &str) -> String {
    let sql = format!(
        "SELECT id AS cell FROM entities WHERE entity = 'program' AND source_key = '{key}'"
    );
    kept.texts(&sql).remove(0)
}

/// A curator writes `name` into the program's record and publishes it.
fn corrected(kept: &Kept, id: &str, draft: &Record, name: &str) {
    let draft = Draft::Program(Box::new(renamed(draft.clone(), name).program));
    kept.catalog.revise(id, 1, &draft, &by("robin")).unwrap();
    kept.catalog.publish(id, 2).unwrap();
}

on_both! {
    async fn importing_the_seed_again_changes_nothing(database: Database) {
        let kept = Kept::seeded(database);
        let (held, listings) = (kept.held(), kept.listings());
        let records = jobs::seed_records().unwrap();

        let planned = kept.catalog.plan_import(jobs::SEED_SOURCE, &records, &[]).unwrap();
        let report = kept.catalog.import(&jobs::seed_source().unwrap(), &records, |_| {}).unwrap();

        assert_eq!(counts(&report), [0, 0, records.len(), 0, 0]);
        assert_eq!(planned, report);
        let mut expected = held;
        *expected.get_mut("batches").unwrap() += 1;
        assert_eq!(kept.held(), expected);
        assert_eq!(kept.listings(), listings);
    }
}

on_both! {
    async fn what_a_source_no_longer_lists_is_taken_from_the_public_and_kept(database: Database) {
        let kept = Kept::empty(database);
        let unlisted = |key: &str| {
            let why = Some("It has ended.".parse().unwrap());
            Record { unlisted: why, ..record(key) }
        };
        let others = |mut record: Record| {
            record.organization_key = "others".to_owned();
            record.program.organization_id = OrganizationId::derived("feed", "others");
            record
        };

        import(&kept.catalog, &[record("a"), others(unlisted("b"))]);

        let public = |kept: &Kept| {
            let all = "SELECT entity || ' ' || source_key AS cell FROM entities \
                       WHERE status = 'published' AND entity <> 'location' ORDER BY 1";
            kept.texts(all)
        };
        assert_eq!(public(&kept), ["organization riverside", "program a"]);
        assert_eq!(kept.listings().len(), 1);
        let again = import(&kept.catalog, &[record("a"), others(unlisted("b"))]);
        assert_eq!(counts(&again), [0, 0, 2, 0, 0]);

        let before = kept.held()["sequence"];
        let report = import(&kept.catalog, &[unlisted("a"), others(record("b"))]);

        assert_eq!(counts(&report), [0, 2, 0, 0, 0]);
        assert_eq!(public(&kept), ["organization others", "organization riverside", "program b"]);
        let listed: Vec<_> = kept.listings().iter().map(|one| one.program.id.to_string()).collect();
        assert_eq!(listed, [program_id(&kept, "b")]);
        let changes = kept.catalog.changes_since(before, 100).unwrap();
        let withdrawn = changes.iter().filter(|change| change.kind == ChangeKind::Withdrawn);
        let withdrawn: Vec<_> = withdrawn.map(|change| change.id.clone()).collect();
        assert_eq!(withdrawn, [program_id(&kept, "a")]);
        // It runs again.
        let report = import(&kept.catalog, &[record("a"), others(record("b"))]);
        assert_eq!(counts(&report), [0, 1, 1, 0, 0]);
        assert_eq!(kept.listings().len(), 2);
    }
}

on_both! {
    async fn a_changed_record_becomes_a_new_public_revision(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a"), record("b")]);
        let held = kept.held();
        let id = program_id(&kept, "a");

        let report = import(&kept.catalog, &[renamed(record("a"), "New Circle"), record("b")]);

        assert_eq!(counts(&report), [0, 1, 1, 0, 0]);
        assert_eq!(kept.listing(&id).program.name.as_str(), "New Circle");
        assert_eq!(kept.listing(&id).program.slug.as_str(), "circle-a");
        let now = kept.held();
        assert_eq!(now["revisions"], held["revisions"] + 1, "only the program said anything new");
        assert_eq!(now["changes"], held["changes"] + 1);
        assert_eq!(now["entities"], held["entities"]);
        let changes = kept.catalog.changes_since(held["sequence"], 10).unwrap();
        assert_eq!((changes[0].id.as_str(), changes[0].revision), (id.as_str(), 2));
    }
}

on_both! {
    async fn a_curators_correction_survives_every_later_import(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a")]);
        let id = program_id(&kept, "a");
        corrected(&kept, &id, &record("a"), "Right Name");
        let held = kept.held();

        let unchanged = import(&kept.catalog, &[record("a")]);
        let changed = [renamed(record("a"), "Wrong Name")];
        let planned = kept.catalog.plan_import("feed", &changed, &[]).unwrap();
        let report = import(&kept.catalog, &changed);
        let again = import(&kept.catalog, &changed);

        assert_eq!(counts(&unchanged), [0, 0, 1, 0, 0]);
        assert_eq!(counts(&report), [0, 0, 0, 1, 0], "and it is reported");
        assert_eq!(planned, report);
        assert_eq!(again, report);
        assert_eq!(kept.listing(&id).program.name.as_str(), "Right Name");
        let now = kept.held();
        assert_eq!((now["sequence"], now["revision"]), (held["sequence"], held["revision"]));
    }
}

on_both! {
    async fn a_correction_that_is_still_a_draft_survives_too(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a")]);
        let id = program_id(&kept, "a");
        let draft = Draft::Program(Box::new(renamed(record("a"), "Right Name").program));
        kept.catalog.revise(&id, 1, &draft, &by("robin")).unwrap();

        let report = import(&kept.catalog, &[renamed(record("a"), "Wrong Name")]);

        assert_eq!(counts(&report), [0, 0, 0, 1, 0]);
        kept.catalog.publish(&id, 2).unwrap();
        assert_eq!(kept.listing(&id).program.name.as_str(), "Right Name");
    }
}

on_both! {
    async fn what_a_curator_withdrew_does_not_come_back_with_an_import(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a"), record("b")]);
        kept.catalog.withdraw(&program_id(&kept, "a")).unwrap();

        import(&kept.catalog, &[record("a"), record("b")]);
        let changed = [renamed(record("a"), "New Name"), record("b")];
        let planned = kept.catalog.plan_import("feed", &changed, &[]).unwrap();
        let report = import(&kept.catalog, &changed);

        let names: Vec<_> = kept.listings().iter().map(|l| l.program.name.to_string()).collect();
        assert_eq!(names, ["Circle b"]);
        assert_eq!(counts(&report), [0, 0, 1, 1, 0], "and it is reported");
        assert_eq!(planned, report);
    }
}

on_both! {
    async fn a_dry_run_writes_nothing(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a"), record("b")]);
        corrected(&kept, &program_id(&kept, "b"), &record("b"), "Right Name");
        let mut bad = record("d");
        bad.program.topics = vec!["greif".parse().unwrap()];
        let (new, wrong) = (renamed(record("a"), "New"), renamed(record("b"), "Wrong"));
        let records = [new, wrong, record("c"), bad];
        let (held, listings) = (kept.held(), kept.listings());

        let planned = kept.catalog.plan_import("feed", &records, &[]).unwrap();
        let elsewhere = kept.catalog.plan_import("another feed", &records, &[]).unwrap();

        assert_eq!(counts(&planned), [1, 1, 0, 1, 1]);
        assert_eq!(counts(&elsewhere), [3, 0, 0, 0, 1]);
        assert_eq!(kept.held(), held);
        assert_eq!(kept.listings(), listings);
        assert_eq!(import(&kept.catalog, &records), planned, "and it told the truth");
    }
}

/// What the program says on the command line.
pub(crate) fn program_says(args: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_peer-directory")).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{}: {said}", ended.status);
    String::from_utf8(ended.stdout).unwrap()
}

on_both! {
    async fn a_dry_run_from_the_command_line_tells_the_truth(database: Database) {
        let kept = Kept::bare(database);
        let held = kept.held();
        let url = &kept.database.url;
        let fixture = "tests/fixtures/meeting-guide/districts.json";
        let import =
            ["import", "meeting-guide", fixture, "--source", "feed", "--database-url", url];

        let of_the_seed = program_says(&["seed", "--dry-run", "--database-url", url]);
        let of_a_feed = program_says(&[&import[..], &["--dry-run"]].concat());

        assert_eq!(kept.held(), held);
        let [.., sums, written] = of_the_seed.lines().collect::<Vec<_>>()[..] else { panic!() };
        let nothing = "change 0, leave 0 as they are, keep 0 corrections, refuse 0";
        assert_eq!(sums, format!("would add 158, {nothing}"));
        assert!(of_the_seed.contains("Communities of HEALing (kept, not listed: It has most likely"));
        assert_eq!(written, "nothing was written: this was a dry run");
        let sums = of_a_feed.lines().rev().nth(1);
        assert_eq!(sums, Some(format!("would add 4, {nothing}").as_str()));
        let imported = program_says(&import);
        let sums = "added 4, changed 0, left as they are 0, corrections kept 0, refused 0";
        assert_eq!(imported.lines().last(), Some(sums));
    }
}

on_both! {
    async fn a_refused_record_does_not_stop_the_others(database: Database) {
        let kept = Kept::empty(database);
        let mut unknown = record("unknown");
        unknown.rows = vec![17];
        unknown.program.topics = vec!["greif".parse().unwrap()];
        let mut placeless = record("placeless");
        placeless.locations.clear();
        let mut nowhere = record("nowhere");
        nowhere.locations[0].1.position = None;
        let mut nothing = record("nothing");
        nothing.program.kinds.clear();

        let records = [unknown, record("a"), placeless, nowhere, nothing, record("b")];
        let report = import(&kept.catalog, &records);

        assert_eq!(counts(&report), [2, 0, 0, 0, 4]);
        let reasons: Vec<_> =
            report.refused.iter().map(|reject| (reject.field.as_str(), reject.row)).collect();
        let fields =
            [("topics", 17), ("sessions.location", 0), ("location", 0), ("program", 0)];
        assert_eq!(reasons, fields);
        assert_eq!(report.refused[0].reason, "there is no topic `greif`; did you mean `grief`?");
        assert_eq!(kept.listings().len(), 2);
        assert_eq!(kept.number("SELECT refused FROM batches"), 4);
    }
}

on_both! {
    async fn a_record_of_an_absurd_name_does_not_stop_the_others(database: Database) {
        let kept = Kept::empty(database);
        let mut random = fastrand::Rng::with_seed(7);
        let long: String = (0..9_000).map(|_| random.alphanumeric()).collect();
        let feed = json!([
            { "slug": "a", "name": long, "day": 1, "time": "07:00" },
            { "slug": "b", "name": "Bell\u{0} Ringers", "day": 1, "time": "07:00" },
            { "slug": "c", "name": "Early Birds", "entity": long, "day": 1, "time": "07:00" },
            { "slug": "d", "name": "Night Owls", "day": 1, "time": "07:00" },
        ]);
        let places = jobs::GazetteerPlaces(peer_directory::gazetteer::Gazetteer::shared());
        let setting = peer_directory::interchange::Setting {
            source: "feed",
            time_zone: Some("America/New_York".parse().unwrap()),
            topics: vec![],
            for_whom: vec![peer_directory::domain::ForWhom::Myself],
            places: &places,
        };
        let importer = jobs::FeedFormat::MeetingGuide.importer();
        let found = importer.read(&serde_json::to_vec(&feed).unwrap(), &setting).unwrap();

        let imported = kept.catalog.import(&source("feed"), &found.records, |_done| {});

        assert!(imported.is_ok(), "{:?}", imported.err());
        let names: Vec<_> = kept.listings().iter().map(|l| l.program.name.to_string()).collect();
        assert!(names.contains(&"Night Owls".to_owned()), "{}", names.len());
    }
}

on_both! {
    async fn a_finding_that_its_source_takes_back_is_gone(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("a"), record("b")]);
        let mut next = record("a");
        next.assessments.clear();

        let report = import(&kept.catalog, &[next, record("b")]);

        assert_eq!(counts(&report), [0, 1, 1, 0, 0]);
        assert!(kept.listing(&program_id(&kept, "a")).assessments.is_empty());
        assert_eq!(kept.listing(&program_id(&kept, "b")).assessments.len(), 1);
    }
}

/// What a listing says, without when.
fn said(listings: Vec<Listing>) -> Vec<Listing> {
    let undated = |mut listing: Listing| {
        listing.updated_at = jiff::Timestamp::UNIX_EPOCH;
        listing
    };
    listings.into_iter().map(undated).collect()
}

/// Imports until some records are committed, and dies.
fn cut_off(catalog: &Catalog, source: &SourceDraft, records: &[Record]) {
    let some = &records[..records.len() / 3];
    let import = || catalog.import(source, some, |_done| panic!("this import is cut off"));
    let dies = catch_unwind(AssertUnwindSafe(import));
    assert!(dies.is_err());
}

on_both! {
    async fn an_import_that_was_cut_off_is_finished_by_the_next(database: Database) {
        let whole = Kept::seeded(database);
        let kept = Kept::empty(database);
        let (source, records) = (jobs::seed_source().unwrap(), jobs::seed_records().unwrap());
        cut_off(&kept.catalog, &source, &records);
        let begun = kept.listings().len();

        let report = kept.catalog.import(&source, &records, |_done| {}).unwrap();

        assert!(begun > 0 && begun < records.len());
        assert_eq!(counts(&report), [records.len() - begun, 0, begun, 0, 0]);
        assert_eq!(said(kept.listings()), said(whole.listings()));
        let unfinished = "SELECT count(*) FROM batches WHERE finished_at IS NULL";
        assert_eq!(kept.number(unfinished), 1, "the one that was cut off says so");
    }
}

on_both! {
    async fn a_server_whose_first_start_was_cut_off_finishes_its_seed(database: Database) {
        let kept = Kept::empty(database);
        let (source, records) = (jobs::seed_source().unwrap(), jobs::seed_records().unwrap());
        cut_off(&kept.catalog, &source, &records);
        let url = &kept.database.url;
        let args = ["peer-directory", "--listen", "127.0.0.1:0", "--database-url", url];
        let cli = Cli::parse_from(args);

        let server = app::start(&cli.place, &cli.serve).unwrap();

        let left = server.catalog.plan_import(jobs::SEED_SOURCE, &records, &[]).unwrap();
        assert_eq!(left.count(Outcome::Added), 0);
        let listed = records.iter().filter(|record| record.unlisted.is_none());
        assert_eq!(kept.listings().len(), listed.count());
    }
}

on_both! {
    async fn what_a_source_may_no_longer_give_away_leaves_the_exports_at_once(database: Database) {
        let kept = Kept::empty(database);
        let records = [record("a")];
        import(&kept.catalog, &records);
        let refresh = Refresh::new(kept.catalog.clone(), SearchIndex::default());
        refresh.run().unwrap();
        assert_eq!(refresh.index.current().unwrap().republishable().count(), 1);

        let mut closed = source("feed");
        closed.may_republish = false;
        kept.catalog.import(&closed, &records, |_done| {}).unwrap();

        refresh.run().unwrap();
        assert_eq!(refresh.index.current().unwrap().republishable().count(), 0);
        let sources = kept.store.read(store::sources).unwrap();
        assert!(!sources[0].draft.may_republish);
    }
}
