//! Importing again what has become worse, and beside what curators have begun to write.

use peer_directory::catalog::{Draft, ImportReport, Outcome};
use peer_directory::domain::{ForWhom, Listing, OrganizationId, Record};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::interchange::{Import, Setting};
use peer_directory::jobs::{self, FeedFormat};
use serde_json::{Value, json};

use crate::imports::{import, record};
use crate::kept::{Kept, by, location, organization};
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

on_both! {
    async fn what_a_curator_has_begun_to_write_is_not_published_by_an_import(database: Database) {
        let says_else = |record: &mut Record| {
            record.organization = serde_json::from_value(json!({ "name": "Hillside" })).unwrap();
            record.locations[0].1.name = Some("Hillside Hall".parse().unwrap());
        };
        let says_the_same = |_: &mut Record| {};
        let kept = Kept::empty(database);
        for (key, say) in [("same", says_the_same as fn(&mut Record)), ("else", says_else)] {
            let why = Some("It has ended.".parse().unwrap());
            let mut listed = record(key);
            listed.organization_key = key.to_owned();
            listed.program.organization_id = OrganizationId::derived("feed", key);
            import(&kept.catalog, &[Record { unlisted: why, ..listed.clone() }]);
            let org = listed.program.organization_id.to_string();
            let hall = listed.locations[0].0.to_string();
            let write = |id: &str, draft: &Draft| kept.catalog.revise(id, 1, draft, &by("robin"));
            write(&org, &organization("Not Yet Peers")).unwrap();
            write(&hall, &location("Not Yet Hall")).unwrap();
            say(&mut listed);

            let report = import(&kept.catalog, std::slice::from_ref(&listed));

            assert_eq!(report.count(Outcome::Changed), 1, "{key}");
            let public = kept.public();
            assert!(public.organizations.is_empty() && public.listings.is_empty(), "{key}");
            let drafts = format!(
                "SELECT status AS cell FROM entities WHERE id IN ('{org}', '{hall}') ORDER BY id"
            );
            assert_eq!(kept.texts(&drafts), ["draft", "draft"], "{key}");
            // It is public as soon as its curator says so.
            kept.catalog.publish(&org, 2).unwrap();
            kept.catalog.publish(&hall, 2).unwrap();
            let listings = kept.listings();
            assert_eq!(listings[0].program.organization.name.as_str(), "Not Yet Peers");
            let place = listings[0].sessions[0].location.as_ref().unwrap();
            assert_eq!(place.name.as_deref(), Some("Not Yet Hall"));
            kept.catalog.withdraw(&org).unwrap();
        }
    }
}
