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
        ("Saint Louis", "St. Louis, Missouri, United States"),
        ("St Paul MN", "Saint Paul, Minnesota, United States"),
        ("Ft Worth", "Fort Worth, Texas, United States"),
        ("MA", "Massachusetts, United States"),
        ("in", "Indiana, United States"),
        ("India", "India"),
        ("97214, USA", "97214 Portland, Oregon, United States"),
        ("97214 Portland", "97214 Portland, Oregon, United States"),
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
