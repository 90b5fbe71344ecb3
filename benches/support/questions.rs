//! Distinct questions that people might ask.

use std::sync::Arc;

use fastrand::Rng;
use peer_directory::gazetteer::Gazetteer;

const TOPICS: [&str; 16] = [
    "depression",
    "anxiety",
    "grief",
    "bipolar",
    "ptsd",
    "trauma",
    "addiction",
    "alcohol",
    "psychosis",
    "eating_disorders",
    "perinatal",
    "loneliness",
    "ocd",
    "adhd",
    "stress",
    "self_harm",
];
const SECOND: [&str; 8] = [
    "cost=free",
    "kind=local_group",
    "kind=online",
    "attendance=in_person",
    "language=en",
    "access=drop_in",
    "form=support_group",
    "accepting=yes",
];
const FACETS: [&str; 4] =
    ["topic,cost,kind", "audience,language,form", "kind,attendance,topic", "cost,access,approach"];

/// `count` distinct query strings: a place (degrees, postal code or name in equal parts), two filters
/// and three facets, twenty results.
pub(crate) fn queries(count: usize) -> Vec<String> {
    let gazetteer: Arc<Gazetteer> = Gazetteer::shared();
    let mut random = Rng::with_seed(7);
    let mut places = Vec::new();
    for letters in ["a", "b", "c", "d", "e", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w"]
    {
        places.extend(gazetteer.starting_with(letters, 400));
    }
    for digits in ["10", "30", "60", "75", "90", "97", "98"] {
        for more in 0..60 {
            places.extend(gazetteer.starting_with(&format!("{digits}{more:03}"), 1));
        }
    }
    let english = |code: &str| matches!(code, "US" | "GB" | "CA" | "AU" | "NZ" | "IE");
    places.retain(|place| {
        place.label.is_ascii() && place.country.is_some_and(|country| english(country.as_str()))
    });
    let mut made = std::collections::HashSet::new();
    let mut queries = Vec::new();
    while queries.len() < count {
        let place = &places[random.usize(..places.len())];
        let near = match (random.u8(..3), &place.postal_code) {
            (_, Some(code)) => code.clone(),
            (0, None) => place.label.replace(' ', "+"),
            _ => format!(
                "{:.4},{:.4}",
                place.position.latitude() + random.f64() * 0.2 - 0.1,
                place.position.longitude() + random.f64() * 0.2 - 0.1
            ),
        };
        let query = format!(
            "near={near}&topic={}&{}&facets={}&limit=20",
            TOPICS[random.usize(..TOPICS.len())],
            SECOND[random.usize(..SECOND.len())],
            FACETS[random.usize(..FACETS.len())],
        );
        if made.insert(query.clone()) {
            queries.push(query);
        }
    }
    queries
}
