//! Files in other people's formats, from their bytes to the search.

use std::fs;
use std::path::Path;

use peer_directory::catalog::{ImportReport, Outcome};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::interchange::Setting;
use peer_directory::jobs::{FeedFormat, GazetteerPlaces, Refresh};
use peer_directory::search::SearchIndex;

use crate::imports::source;
use crate::kept::Kept;
use crate::support::on_both;

/// A file, and what is in it.
struct Fixture {
    path: &'static str,
    format: FeedFormat,
    rows: usize,
    programs: usize,
    sessions: usize,
    refused: usize,
}

const FIXTURES: [Fixture; 5] = [
    Fixture {
        path: "meeting-guide/quirks.json",
        format: FeedFormat::MeetingGuide,
        rows: 16,
        programs: 6,
        sessions: 8,
        refused: 8,
    },
    Fixture {
        path: "meeting-guide/districts.json",
        format: FeedFormat::MeetingGuide,
        rows: 5,
        programs: 4,
        sessions: 5,
        refused: 0,
    },
    Fixture {
        path: "meeting-guide/secrets.json",
        format: FeedFormat::MeetingGuide,
        rows: 4,
        programs: 1,
        sessions: 3,
        refused: 1,
    },
    Fixture {
        path: "csv/programs.csv",
        format: FeedFormat::Csv,
        rows: 5,
        programs: 4,
        sessions: 4,
        refused: 0,
    },
    Fixture {
        path: "csv/mistakes.csv",
        format: FeedFormat::Csv,
        rows: 7,
        programs: 1,
        sessions: 1,
        // Every other row, and the header, which has a column that nobody knows.
        refused: 7,
    },
];

/// Reads a fixture and imports it; the rows, and what became of them.
fn import(kept: &Kept, fixture: &Fixture) -> (usize, ImportReport) {
    let path = Path::new("tests/fixtures").join(fixture.path);
    let places = GazetteerPlaces(Gazetteer::shared());
    let setting = Setting {
        source: fixture.path,
        time_zone: Some("America/New_York".parse().unwrap()),
        topics: vec!["alcohol".parse().unwrap()],
        for_whom: vec![peer_directory::domain::ForWhom::Myself],
        places: &places,
    };
    let found = fixture.format.importer().read(&fs::read(path).unwrap(), &setting).unwrap();
    let mut report =
        kept.catalog.import(&source(fixture.path), &found.records, |_done| {}).unwrap();
    report.refused.extend(found.rejects);
    (found.rows, report)
}

fn rows_refused(report: &ImportReport) -> usize {
    let mut rows: Vec<usize> = report.refused.iter().map(|reject| reject.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

on_both! {
    async fn every_file_arrives_in_the_search_and_arrives_once(database: Database) {
        let kept = Kept::empty(database);
        let refresh = Refresh::new(kept.catalog.clone(), SearchIndex::default());
        let mut total = 0;

        for fixture in &FIXTURES {
            let of = fixture.path;
            let (rows, first) = import(&kept, fixture);
            let held = kept.held();
            let (_, second) = import(&kept, fixture);

            let sessions: usize = first.planned.iter().map(|planned| planned.sessions).sum();
            let counts = (rows, first.planned.len(), sessions, rows_refused(&first));
            let expected = (fixture.rows, fixture.programs, fixture.sessions, fixture.refused);
            assert_eq!(counts, expected, "{of}: {:#?}", first.refused);
            assert_eq!(first.count(Outcome::Added), fixture.programs, "{of}");
            assert_eq!(second.count(Outcome::Unchanged), fixture.programs, "{of}: again");
            let again = kept.held();
            assert_eq!(again["sequence"], held["sequence"], "{of}: again");
            assert_eq!(again["revision"], held["revision"], "{of}: again");
            total += fixture.programs;
            refresh.run().unwrap();
            assert_eq!(refresh.index.current().unwrap().len(), total, "{of}");
        }
    }
}

on_both! {
    async fn no_key_to_a_meeting_arrives_in_what_the_public_sees(database: Database) {
        let kept = Kept::empty(database);
        let secrets = FIXTURES.iter().find(|fixture| fixture.path.contains("secrets")).unwrap();
        import(&kept, secrets);

        let listings = kept.listings();

        assert_eq!(listings.len(), secrets.programs);
        for listing in listings {
            let written = [
                serde_json::to_string(&listing.program).unwrap(),
                serde_json::to_string(&listing.sessions).unwrap(),
                serde_json::to_string(&listing.intake).unwrap(),
                serde_json::to_string(&listing.citations).unwrap(),
            ];
            // Every canary of the fixture has these digits, however they are set apart.
            let digits: String = written.concat().chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains("9071425"), "{written:#?}");
            assert!(written.concat().contains("Chairs are set out at seven."));
        }
    }
}
