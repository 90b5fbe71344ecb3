//! Places as people write them.

use super::*;
use crate::domain::Origin;

fn label(text: &str) -> String {
    match Gazetteer::shared().resolve(text, None) {
        Ok(found) => found.place.label,
        Err(NotFound { suggestions }) => format!("? {}", suggestions.join(" | ")),
    }
}

#[test]
fn places_are_found_the_ways_people_write_them() {
    for (text, expected) in [
        ("97214", "97214 Portland, Oregon, United States"),
        ("97214-1234", "97214 Portland, Oregon, United States"),
        ("Portland, OR", "Portland, Oregon, United States"),
        ("portland or", "Portland, Oregon, United States"),
        ("Portland, OR 97214", "Portland, Oregon, United States"),
        ("Portland, OR, USA", "Portland, Oregon, United States"),
        ("portland maine", "Portland, Maine, United States"),
        ("paris", "Paris, Île-de-France, France"),
        ("Paris, Texas", "Paris, Texas, United States"),
        ("NYC", "New York City, New York, United States"),
        ("new york", "New York City, New York, United States"),
        ("Oregon", "Oregon, United States"),
        ("st louis", "St. Louis, Missouri, United States"),
        ("Muenchen", "Munich, Bavaria, Germany"),
        ("Manchester", "Manchester, England, United Kingdom"),
        ("San Jose", "San Jose, California, United States"),
        ("Hamilton", "Hamilton, Ontario, Canada"),
        ("Victoria", "Victoria, British Columbia, Canada"),
        ("San Juan, Puerto Rico", "San Juan, Puerto Rico, United States"),
        ("Barcelona", "Barcelona, Catalonia, Spain"),
        ("Lima", "Lima, Lima Province, Peru"),
        ("Saint Louis", "St. Louis, Missouri, United States"),
        ("St Paul MN", "Saint Paul, Minnesota, United States"),
        ("Ft Worth", "Fort Worth, Texas, United States"),
        ("MA", "Massachusetts, United States"),
        ("in", "Indiana, United States"),
        ("India", "India"),
        ("97214, USA", "97214 Portland, Oregon, United States"),
        ("97214 Portland", "97214 Portland, Oregon, United States"),
        ("LA", "Los Angeles, California, United States"),
        ("NOLA", "New Orleans, Louisiana, United States"),
        ("philly", "Philadelphia, Pennsylvania, United States"),
        ("the bay area", "San Francisco, California, United States"),
        ("Hackney", "Hackney, England, United Kingdom"),
        ("Boston area", "Boston, Massachusetts, United States"),
        ("downtown seattle", "Seattle, Washington, United States"),
        ("I live in Boston, MA", "Boston, Massachusetts, United States"),
        ("Kansas City", "Kansas City, Missouri, United States"),
        ("Los Angeles County", "Los Angeles County, California, United States"),
        ("orange county", "Orange County, California, United States"),
        ("Orange County, FL", "Orange County, Florida, United States"),
        ("Frisco", "Frisco, Texas, United States"),
        ("Orange County, CA 92868", "Orange County, California, United States"),
        ("Multnomah County OR", "Multnomah County, Oregon, United States"),
        ("Louisiana", "Louisiana, United States"),
    ] {
        assert_eq!(label(text), expected, "{text}");
    }
    assert!(label("SW1A 1AA").starts_with("SW1A London"), "{}", label("SW1A 1AA"));
    assert!(label("M5V 2T6").starts_with("M5V "), "{}", label("M5V 2T6"));
}

#[test]
fn every_nickname_is_of_a_place() {
    for (name, place) in spoken::nicknames() {
        let found = Gazetteer::shared().resolve(name, None).unwrap();
        let meant = Gazetteer::shared().resolve(place, None).unwrap();
        assert_eq!(found.place, meant.place, "{name}");
        assert_eq!(found.place.kind, PlaceKind::Town, "{name}");
    }
}

#[test]
fn a_nickname_that_is_also_a_state_tells_of_it() {
    let found = Gazetteer::shared().resolve("LA", None).unwrap();
    assert!(found.alternatives.iter().any(|place| place.label.starts_with("Louisiana")));
    assert!(found.alternatives.iter().all(|place| !place.label.starts_with("Los Angeles,")));
}

#[test]
fn the_middle_of_a_region_is_where_its_people_live() {
    // All of the District are in one city.
    let district = Gazetteer::shared().resolve("District of Columbia", None).unwrap().place;
    let city = Gazetteer::shared().resolve("Washington, D.C.", None).unwrap().place;
    let apart = Origin::new(district.position).distance_m(city.position.to_ecef());
    assert!(apart < 5_000.0, "{apart} m");
    assert_eq!(district.county.is_none(), district.kind == PlaceKind::Subdivision);
}

#[test]
fn a_county_is_where_its_people_live() {
    let county = Gazetteer::shared().resolve("Multnomah County", None).unwrap().place;
    assert_eq!(county.kind, PlaceKind::County);
    assert_eq!(county.county.map(|code| code.to_string()).as_deref(), Some("US-OR-051"));
    let city = Gazetteer::shared().resolve("Portland, OR", None).unwrap().place;
    assert!(Origin::new(county.position).distance_m(city.position.to_ecef()) < 10_000.0);
}

#[test]
fn a_place_knows_what_it_is_in() {
    let place = Gazetteer::shared().resolve("97214", None).unwrap().place;
    assert_eq!(place.county.map(|county| county.to_string()).as_deref(), Some("US-OR-051"));
    assert_eq!(place.time_zone.as_deref(), Some("America/Los_Angeles"));

    let place = Gazetteer::shared().resolve("45.5155,-122.6793", None).unwrap().place;
    assert_eq!(place.county.map(|county| county.to_string()).as_deref(), Some("US-OR-051"));
    assert_eq!(place.subdivision.map(|code| code.to_string()).as_deref(), Some("US-OR"));
    assert!(place.label.starts_with("near Portland"), "{}", place.label);
}

#[test]
fn the_country_settles_what_is_ambiguous() {
    let gazetteer = Gazetteer::shared();
    let australia = "AU".parse().ok();

    let place = gazetteer.resolve("3000", australia).unwrap().place;

    assert_eq!(place.subdivision.map(|code| code.to_string()).as_deref(), Some("AU-VIC"));
    let found = gazetteer.resolve("Springfield", None).unwrap();
    assert_eq!(found.alternatives.len(), 5);
}

#[test]
fn a_misspelt_place_is_answered_with_near_spellings() {
    assert_eq!(label("Portlnd, OR"), "? Portland, Oregon, United States");
    assert!(label("Milwakee").contains("Milwaukee"), "{}", label("Milwakee"));
}

#[test]
fn a_postal_code_stands_beside_its_town_or_country() {
    for (text, country, code) in [
        ("Sydney 2000", "AU", "2000"),
        ("2000, Australia", "AU", "2000"),
        ("6011 NZ", "NZ", "6011"),
        ("Belfast BT1", "GB", "BT1"),
        ("London SW1A", "GB", "SW1A"),
        ("Toronto M5V", "CA", "M5V"),
        ("London SW1A 1AA", "GB", "SW1A"),
    ] {
        let place = Gazetteer::shared().resolve(text, None).unwrap().place;
        assert_eq!(place.postal_code.as_deref(), Some(code), "{text}");
        assert_eq!(place.country, Some(country.parse().unwrap()), "{text}");
    }
    for nowhere in ["Zzyzxville 2000", "99999999 Portland", "2000 2000"] {
        assert!(Gazetteer::shared().resolve(nowhere, None).is_err(), "{nowhere}");
    }
}

#[test]
fn places_go_on_as_somebody_types() {
    let first = |text: &str| -> String {
        let places = Gazetteer::shared().starting_with(text, 5);
        places.first().map_or_else(String::new, |place| place.label.clone())
    };
    for (wanted, keystrokes) in [
        (
            "Portland, Oregon, United States",
            ["Portland, O", "Portland, Ore", "portland o", "Portland OR", "portland oregon"],
        ),
        (
            "Boston, Massachusetts, United States",
            ["Boston, M", "boston m", "boston ma", "Boston, Mass", "bost"],
        ),
        (
            "London, England, United Kingdom",
            ["London, E", "london eng", "London UK", "london, united k", "London, Eng"],
        ),
    ] {
        for text in keystrokes {
            assert_eq!(first(text), wanted, "{text}");
        }
    }
    assert_eq!(first("new yo"), "New York City, New York, United States");
    assert_eq!(first("portland zz"), "");
}
