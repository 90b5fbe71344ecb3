//! Exports: a tag stands for the same bytes, wherever and whenever they were written.

use actix_web::test;
use jiff::Timestamp;
use peer_directory::catalog::Clock;
use peer_directory::domain::{Listing, Record};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::http::{self, Parts};
use peer_directory::jobs::Refresh;
use peer_directory::search::{Builder, SearchIndex, Surroundings};
use serde_json::{Value, json};

use crate::imports::{import, record};
use crate::kept::Kept;
use crate::support::on_both;

const NDJSON: &str = "/v1/export/programs.ndjson";
const GEOJSON: &str = "/v1/export/programs.geojson";

/// An export as it is told at a moment: its tag and its bytes.
async fn export(index: &SearchIndex, path: &str, at: &str) -> (String, String) {
    let clock = Clock::Standing(at.parse().unwrap());
    let gazetteer = actix_web::web::Data::from(Gazetteer::shared());
    let parts = Parts { clock, ..Parts::searching(index.clone(), gazetteer) };
    let app = test::init_service(http::app(parts)).await;
    let request = test::TestRequest::get().uri(path).to_request();
    let response = test::call_service(&app, request).await;
    assert_eq!(response.status(), 200);
    let tag = response.headers().get("etag").unwrap().to_str().unwrap().to_owned();
    (tag, String::from_utf8(test::read_body(response).await.to_vec()).unwrap())
}

on_both! {
    async fn nodes_that_came_to_a_directory_by_other_ways_export_the_same(database: Database) {
        let now = "2026-11-20T12:00:00Z";
        let kept = Kept::seeded(database);
        let catalog = kept.catalog.clone().by(Clock::Standing(now.parse().unwrap()));
        let live = Refresh::new(catalog.clone(), SearchIndex::default());
        live.run().unwrap();
        for round in 0..5 {
            let records: Vec<Record> =
                (round..round + 9).map(|number| record(&number.to_string())).collect();
            import(&kept.catalog, &records);
            live.run().unwrap();
        }
        let fresh = Refresh::new(catalog, SearchIndex::default());
        fresh.run().unwrap();

        assert!(live.index.current().unwrap().segments() > 1, "else it was only ever read whole");
        for path in [NDJSON, GEOJSON] {
            let (tag, told) = export(&live.index, path, now).await;
            let (other_tag, other) = export(&fresh.index, path, now).await;
            assert_eq!(tag, other_tag, "{path}");
            assert!(told == other, "{path}");
        }
        let (_, told) = export(&live.index, NDJSON, now).await;
        let ids = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let ids: Vec<String> = ids.map(|program| program["id"].to_string()).collect();
        assert!(ids.len() > 100 && ids.is_sorted(), "{ids:?}");
    }
}

/// A listing that was confirmed, and has to be confirmed again at noon of 2026-11-20.
fn due() -> Listing {
    let record = Generator::new(3, Gazetteer::shared()).take(1).next().unwrap();
    let mut listing = listing(&record).unwrap();
    listing.verification.confirmed_at = Some("2026-08-01T00:00:00Z".parse().unwrap());
    listing.verification.due_at = Some("2026-11-20T12:00:00Z".parse().unwrap());
    listing
}

/// A directory of one listing, read on 2026-11-20.
fn directory_of(listing: &Listing) -> SearchIndex {
    let today = "2026-11-20".parse().unwrap();
    let since = Timestamp::UNIX_EPOCH;
    let mut builder = Builder::new(Surroundings { today, since, ..Surroundings::default() });
    builder.add(listing);
    let index = SearchIndex::default();
    index.publish(builder.finish(1));
    index
}

#[actix_web::test]
async fn an_export_is_the_same_all_day_and_tells_the_next_day_what_is_overdue() {
    let index = directory_of(&due());

    let morning = export(&index, NDJSON, "2026-11-20T06:00:00Z").await;
    let evening = export(&index, NDJSON, "2026-11-20T18:00:00Z").await;
    let tomorrow = export(&index, NDJSON, "2026-11-21T06:00:00Z").await;

    assert_eq!(morning, evening);
    assert!(morning.1.contains(r#""status":"confirmed""#), "{}", morning.1);
    assert_ne!(morning.0, tomorrow.0);
    assert!(tomorrow.1.contains(r#""status":"overdue""#), "{}", tomorrow.1);
}

#[actix_web::test]
async fn what_counts_expired_evidence_is_exported_as_of_its_own_day() {
    let mut listing = due();
    let finding = json!({
        "criterion": "confidentiality_policy",
        "value": "stated",
        "basis": "public_source",
        "source_url": "https://riverside.example/rules",
        "assessed_on": "2026-11-01",
        "assessed_by": "curator",
        "valid_until": "2026-11-20",
    });
    listing.assessments = vec![serde_json::from_value(finding).unwrap()];
    let index = directory_of(&listing);

    let today = export(&index, NDJSON, "2026-11-20T18:00:00Z").await;
    // The database is away: it has not been read again yet.
    let tomorrow = export(&index, NDJSON, "2026-11-21T06:00:00Z").await;

    assert_eq!(today, tomorrow);
}
