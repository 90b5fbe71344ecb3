//! Maps: what matches in a box, put together where it lies close.

use peer_directory::http::answers::MapAnswer;
use serde_json::{Value, json};

use super::{list, search};
use crate::support::{TestApp, on_both};

/// The parameters of maps, all with a box.
const MAPS: &[&str] = &[
    "bbox=-180,-90,180,90&zoom=0",
    "bbox=-180,-90,180,90&zoom=22",
    "bbox=-125,24,-66,50&zoom=4&kind=local_group",
    "bbox=-123,45,-122,46&zoom=9&near=97214",
    "bbox=170,-60,-150,70&zoom=3",
    "bbox=-125,24,-66,50&zoom=6&q=grief",
    "bbox=-125,24,-66,50&zoom=6&day=tue&tz=America/New_York",
    "bbox=-125,24,-66,50&zoom=6&q=I+want+to+die&lang=es&near=97214&radius=300mi",
    "bbox=0,0,0,0&zoom=5",
];

async fn map(app: &TestApp, asked: &str) -> Value {
    let answer = app.get(&format!("/v1/map/clusters?{asked}")).await;
    assert_eq!(answer.status, 200, "{asked}: {}", answer.body);
    let read: MapAnswer = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), answer.body, "{asked}");
    answer.body
}

fn pairs(asked: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(asked.as_bytes()).into_owned().collect()
}

on_both! {
    async fn the_counts_of_a_map_add_up_to_the_total_of_the_search(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut counted = 0;

        for asked in MAPS {
            let map = map(&app, asked).await;
            let pairs = pairs(asked);
            let of_search: Vec<(&str, &str)> = pairs
                .iter()
                .filter(|(name, _)| name != "zoom")
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let found = search(&app, &of_search).await;

            let total = found["page"]["total"].as_u64().unwrap();
            let counts = list(&map["data"]).iter().map(|cluster| cluster["count"].as_u64().unwrap()).sum::<u64>();
            assert_eq!((map["total"].as_u64(), counts), (Some(total), total), "{asked}");
            for shared in ["place", "crisis", "notice", "time_zone"] {
                assert_eq!(map[shared], found[shared], "{asked}: {shared}");
            }
            counted += total;
        }
        assert!(counted > 50, "{counted}");
        app.stop().await;
    }
}

on_both! {
    async fn a_map_is_the_same_when_it_is_asked_for_in_the_body(database: Database) {
        let app = TestApp::seeded(database).await;

        for asked in MAPS {
            let body: Value = pairs(asked).into_iter().map(|(name, value)| (name, json!(value))).collect();
            let posted = app.post("/v1/map/clusters/search", &body).await;

            assert_eq!(posted.status, 200, "{asked}: {}", posted.body);
            assert_eq!(posted.body, map(&app, asked).await, "{asked}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_map_shows_places_no_more_exactly_than_their_programs_do(database: Database) {
        let app = TestApp::seeded(database).await;
        let map = map(&app, "bbox=-180,-90,180,90&zoom=22").await;
        let mut shown = 0;

        for cluster in list(&map["data"]) {
            let listed = if cluster["location"].is_null() {
                list(&cluster["programs"])
            } else {
                let mut one = cluster["program"].clone();
                one["location"] = cluster["location"].clone();
                vec![one]
            };
            for one in listed {
                let whole = app.get(&format!("/v1/programs/{}", one["id"].as_str().unwrap())).await.body;
                let told = list(&whole["sessions"]).into_iter().any(|session| session["location"] == one["location"]);
                assert!(told, "{one}");
                assert_eq!((&one["name"], &one["slug"]), (&whole["name"], &whole["slug"]));
                let precision = one["location"]["precision"].as_str().unwrap();
                assert_eq!(precision == "exact", one["location"]["radius_m"].is_null(), "{one}");
                assert!(cluster["places"][precision].as_u64() > Some(0), "{cluster}");
                shown += 1;
            }
        }
        assert!(shown > 10, "{shown}");
        app.stop().await;
    }
}

on_both! {
    async fn a_map_without_a_box_or_a_zoom_is_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        for (asked, wrong) in [
            ("", vec!["bbox", "zoom"]),
            ("zoom=3", vec!["bbox"]),
            ("bbox=-180,-90,180,90", vec!["zoom"]),
            ("bbox=-180,-90,180,90&zoom=23", vec!["zoom"]),
            ("bbox=-180,-90,180,90&zoom=4.5", vec!["zoom"]),
            ("bbox=10,20&zoom=1&topc=grief", vec!["topc", "bbox"]),
            ("bbox=-180,-90,180,90&zoom=3&limit=5&cursor=AQA", vec!["limit", "cursor"]),
        ] {
            let refused = app.get(&format!("/v1/map/clusters?{asked}")).await;

            assert_eq!(refused.status, 400, "{asked}");
            let named: Vec<String> = list(&refused.body["errors"])
                .iter()
                .map(|error| error["field"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(named, wrong, "{asked}");
        }
        app.stop().await;
    }
}
