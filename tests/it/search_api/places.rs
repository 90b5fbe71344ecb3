//! A place in words, in coordinates or in a box, and what is near it.

use std::collections::{BTreeMap, BTreeSet};

use peer_directory::domain::Position;
use serde_json::Value;

use super::{PLACES, address, everything, has, id, ids, list, nearest, points, search, walk};
use crate::support::{TestApp, on_both};

on_both! {
    async fn a_place_may_be_coordinates_a_postal_code_a_town_or_a_region(database: Database) {
        let app = TestApp::seeded(database).await;

        for (near, kind) in [
            ("45.523,-122.676", "coordinates"),
            ("97214", "postal_code"),
            ("97214-1234", "postal_code"),
            ("Portland, OR", "town"),
            ("portland oregon", "town"),
            ("Oregon", "subdivision"),
        ] {
            let found = search(&app, &[("near", near)]).await;

            let place = &found["place"];
            assert_eq!(place["kind"], kind, "{near}");
            assert_eq!(place["subdivision"], "US-OR", "{near}");
            assert_eq!(found["crisis"]["country"], "US", "{near}");
            let relations = found["relations"].as_object().unwrap();
            assert_eq!(relations.len(), 4, "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_country_settles_a_name_that_many_places_have(database: Database) {
        let app = TestApp::seeded(database).await;

        let first = search(&app, &[("near", "London")]).await;
        let other = search(&app, &[("near", "London"), ("country", "CA")]).await;

        assert_eq!(first["place"]["country"], "GB");
        assert_eq!(other["place"]["country"], "CA");
        assert!(list(&first["place"]["alternatives"]).contains(&{
            let mut place = other["place"].clone();
            place.as_object_mut().unwrap().remove("searched_m");
            place.as_object_mut().unwrap().remove("alternatives");
            place
        }));
        app.stop().await;
    }
}

on_both! {
    async fn a_place_that_is_not_found_is_an_error_with_spellings_that_are_found(database: Database) {
        let app = TestApp::seeded(database).await;

        for misspelt in ["Portlnd, OR", "Philadelfia", "Bostn", "Torontoo", "Manchster, England"] {
            let refused = app.get(&address(&[("near", misspelt)])).await;

            assert_eq!(refused.status, 400, "{misspelt}");
            assert_eq!(refused.body["errors"][0]["field"], "near", "{misspelt}");
            let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
            let suggestions: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
            assert!(!suggestions.is_empty(), "{detail}");
            let distinct: BTreeSet<&&str> = suggestions.iter().collect();
            assert_eq!(distinct.len(), suggestions.len(), "{detail}");
            for suggestion in suggestions {
                search(&app, &[("near", suggestion)]).await;
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_postal_code_that_is_not_known_suggests_each_of_its_neighbours_once(database: Database) {
        let app = TestApp::seeded(database).await;

        let refused = app.get("/v1/programs?near=123456").await;

        assert_eq!(refused.status, 400);
        let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
        let suggestions: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
        let distinct: BTreeSet<&&str> = suggestions.iter().collect();
        assert_eq!(distinct.len(), suggestions.len(), "{detail}");
        let [one, other, last] = suggestions[..] else { panic!("{detail}") };
        assert!(detail.ends_with(&format!("did you mean `{one}`, `{other}` or `{last}`?")), "{detail}");
        app.stop().await;
    }
}

on_both! {
    async fn a_radius_bounds_what_is_near_and_nothing_else(database: Database) {
        let app = TestApp::seeded(database).await;

        for near in PLACES {
            let mut before = BTreeSet::new();
            for radius in ["5km", "40km", "100mi", "500km"] {
                let found = walk(&app, &[("near", near), ("radius", radius)]).await;

                let meters = match radius.strip_suffix("mi") {
                    Some(miles) => miles.parse::<f64>().unwrap() * 1_609.344,
                    None => radius.trim_end_matches("km").parse::<f64>().unwrap() * 1_000.0,
                };
                let is_near = |program: &&Value| program["match"]["relation"] == "near";
                for program in found.iter().filter(is_near) {
                    let distance = program["match"]["distance_m"].as_f64().unwrap();
                    assert!(distance <= meters, "{near} {radius}: {program}");
                }
                let now: BTreeSet<String> =
                    found.iter().filter(is_near).map(id).collect();
                assert!(before.is_subset(&now), "{near} {radius}");
                before = now;
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn what_is_near_is_exactly_what_meets_within_the_radius(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for near in ["45.523,-122.676", "40.713,-74.006", "51.507,-0.128", "43.07,-89.4"] {
            let (latitude, longitude) = near.split_once(',').unwrap();
            let here = Position::new(latitude.parse().unwrap(), longitude.parse().unwrap()).unwrap();
            let found = walk(&app, &[("near", near), ("radius", "300km")]).await;

            let expected: BTreeMap<String, u32> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter_map(|program| Some((id(program), nearest(program, here)?)))
                .filter(|(_, distance_m)| *distance_m <= 300_000)
                .collect();
            let told: BTreeMap<String, u32> = found
                .iter()
                .filter(|program| program["match"]["relation"] == "near")
                .map(|program| {
                    let told = program["match"]["distance_m"].as_u64().unwrap();
                    (id(program), u32::try_from(told).unwrap())
                })
                .collect();
            assert_eq!(told, expected, "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_box_finds_exactly_what_meets_in_it(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for (bbox, [west, south, east, north]) in [
            ("-125,24,-66,50", [-125.0, 24.0, -66.0, 50.0]),
            ("-11,49,3,61", [-11.0, 49.0, 3.0, 61.0]),
            ("100,-50,-60,90", [100.0, -50.0, -60.0, 90.0]),
            ("-180,-90,180,90", [-180.0, -90.0, 180.0, 90.0]),
        ] {
            let found = walk(&app, &[("bbox", bbox)]).await;

            let inside = |point: &Value| {
                let latitude = point["latitude"].as_f64().unwrap();
                let longitude = point["longitude"].as_f64().unwrap();
                let spans = if west <= east {
                    (west..=east).contains(&longitude)
                } else {
                    longitude >= west || longitude <= east
                };
                spans && (south..=north).contains(&latitude)
            };
            let expected: BTreeSet<String> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter(|program| points(program).iter().any(&inside))
                .map(id)
                .collect();
            assert_eq!(ids(&found), expected, "{bbox}");
            assert!(!expected.is_empty(), "{bbox} tries nothing");
        }
        app.stop().await;
    }
}
