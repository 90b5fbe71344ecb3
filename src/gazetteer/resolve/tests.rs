//! Places as people write them.

use super::*;

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
    ] {
        assert_eq!(label(text), expected, "{text}");
    }
    assert!(label("SW1A 1AA").starts_with("SW1A London"), "{}", label("SW1A 1AA"));
    assert!(label("M5V 2T6").starts_with("M5V "), "{}", label("M5V 2T6"));
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
