//! Importing again what has become worse.

use peer_directory::catalog::{ImportReport, Outcome};
use peer_directory::domain::{ForWhom, Listing};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::interchange::{Import, Setting};
use peer_directory::jobs::{self, FeedFormat};
use serde_json::{Value, json};

use crate::imports::import;
use crate::kept::Kept;
use crate::support::on_both;

fn read(format: FeedFormat, document: &[u8]) -> Import {
    let places = jobs::GazetteerPlaces(Gazetteer::shared());
    let setting = Setting {
        source: "feed",
        time_zone: Some("America/New_York".parse().unwrap()),
        topics: vec![],
        for_whom: vec![ForWhom::Myself],
        places: &places,
    };
    format.importer().read(document, &setting).unwrap()
}

/// Imports a document, and tells what was done with its programs.
fn imported(kept: &Kept, format: FeedFormat, document: &[u8]) -> Vec<Outcome> {
    let found = read(format, document);
    let planned = kept.catalog.plan_import("feed", &found.records, &[]).unwrap();
    let report: ImportReport = import(&kept.catalog, &found.records);
    assert_eq!(planned, report, "a dry run tells the truth");
    report.planned.into_iter().map(|planned| planned.outcome).collect()
}

/// How many sessions each program has, by its name.
fn sessions(kept: &Kept) -> Vec<(String, usize)> {
    let told = |one: &Listing| (one.program.name.to_string(), one.sessions.len());
    let mut told: Vec<_> = kept.listings().iter().map(told).collect();
    told.sort();
    told
}

on_both! {
    async fn a_session_is_not_lost_with_a_row_of_a_table_that_cannot_be_read(database: Database) {
        use Outcome::{Added, Changed, Incomplete, Unchanged};
        let kept = Kept::empty(database);
        let table = |rows: &[&str]| {
            let header = "id,name,organization,kinds,day,time,warning";
            [&[header], rows, &["g2,Owls,Org,online,mon,19:00,", ""]].concat().join("\n")
        };
        let (tue, thu) = ("g1,Circle,Org,online,tue,19:00,", "g1,Circle,Org,online,thu,19:00,");
        let whole = table(&[tue, thu]);
        let first = imported(&kept, FeedFormat::Csv, whole.as_bytes());
        assert_eq!(first, [Added, Added]);
        let before = kept.listings();

        for rows in [
            &[tue, "g1,Circle,Org,online,thu,19:00,,one more"][..],
            &[tue, "g1,Circle,Org,online,thu,19:00,\"open"],
            &[tue, "g1,Circle,Org,online,thu,19:00,Caf\u{fffd}"],
            &["g1,Circle,Org,online,tuseday,19:00,", thu],
        ] {
            let outcomes = imported(&kept, FeedFormat::Csv, table(rows).as_bytes());
            assert_eq!(outcomes, [Incomplete, Unchanged], "{rows:?}");
        }
        // Whose row it was cannot be told: nobody's is taken.
        let anyones = table(&[tue, ",,,,thu,19:00,"]).replace("mon", "sun");
        let outcomes = imported(&kept, FeedFormat::Csv, anyones.as_bytes());
        assert_eq!(outcomes, [Incomplete, Incomplete]);
        assert_eq!(kept.listings(), before);

        let outcomes = imported(&kept, FeedFormat::Csv, table(&[tue]).as_bytes());
        assert_eq!(outcomes, [Changed, Unchanged], "what the table no longer has goes");
        assert_eq!(sessions(&kept), [("Circle".to_owned(), 1), ("Owls".to_owned(), 1)]);
    }
}

on_both! {
    async fn a_meeting_is_not_lost_with_a_row_of_a_feed_that_cannot_be_read(database: Database) {
        use Outcome::{Added, Changed, Incomplete, Unchanged};
        let kept = Kept::empty(database);
        let meeting = |slug: &str, group: &str, time: &str| {
            json!({ "slug": slug, "name": slug, "group": group, "day": 1, "time": time })
        };
        let feed = |meetings: &[Value]| serde_json::to_vec(meetings).unwrap();
        let (a, b) = (meeting("a", "Lanterns", "19:00"), meeting("b", "Lanterns", "20:00"));
        let owls = meeting("c", "Owls", "19:00");
        let whole = feed(&[a.clone(), b, owls.clone()]);
        let first = imported(&kept, FeedFormat::MeetingGuide, &whole);
        assert_eq!(first, [Added, Added]);
        let before = kept.listings();

        let unread = feed(&[a.clone(), meeting("b", "Lanterns", "8ish"), owls.clone()]);
        let outcomes = imported(&kept, FeedFormat::MeetingGuide, &unread);

        assert_eq!(outcomes, [Incomplete, Unchanged]);
        assert_eq!(kept.listings(), before);
        let outcomes = imported(&kept, FeedFormat::MeetingGuide, &feed(&[a, owls]));
        assert_eq!(outcomes, [Changed, Unchanged], "what the feed no longer has goes");
    }
}
