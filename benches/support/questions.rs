//! Distinct questions that people might ask.

use std::sync::Arc;

use fastrand::Rng;
use peer_directory::gazetteer::{Gazetteer, Place};

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
const WORDS: [&str; 14] = [
    "depression",
    "anxiety",
    "grief",
    "group",
    "support",
    "women",
    "veterans",
    "recovery",
    "parents",
    "circle",
    "deppression",
    "peer",
    "young",
    "evening",
];
const FACETS: [&str; 4] =
    ["topic,cost,kind", "audience,language,form", "kind,attendance,topic", "cost,access,approach"];

/// Places that people might name.
struct Places(Vec<Place>);

impl Places {
    fn new() -> Self {
        let gazetteer: Arc<Gazetteer> = Gazetteer::shared();
        let mut places = Vec::new();
        let letters =
            ["a", "b", "c", "d", "e", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w"];
        for letters in letters {
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
        Self(places)
    }

    /// Degrees, a postal code or a name.
    fn near(&self, random: &mut Rng) -> String {
        let place = &self.0[random.usize(..self.0.len())];
        match (random.u8(..3), &place.postal_code) {
            (_, Some(code)) => code.clone(),
            (0, None) => place.label.replace(' ', "+"),
            _ => format!(
                "{:.4},{:.4}",
                place.position.latitude() + random.f64() * 0.2 - 0.1,
                place.position.longitude() + random.f64() * 0.2 - 0.1
            ),
        }
    }
}

/// `count` different ones.
fn distinct<T: Clone + Eq + std::hash::Hash>(count: usize, mut one: impl FnMut() -> T) -> Vec<T> {
    let mut made = std::collections::HashSet::new();
    let mut queries = Vec::new();
    while queries.len() < count {
        let query = one();
        if made.insert(query.clone()) {
            queries.push(query);
        }
    }
    queries
}

/// `count` distinct query strings: a place (degrees, postal code or name in equal parts), two filters
/// and three facets, twenty results.
pub(crate) fn queries(count: usize) -> Vec<String> {
    let places = Places::new();
    let mut random = Rng::with_seed(7);
    distinct(count, || {
        format!(
            "near={}&topic={}&{}&facets={}&limit=20",
            places.near(&mut random),
            pick(&TOPICS, &mut random),
            pick(&SECOND, &mut random),
            pick(&FACETS, &mut random),
        )
    })
}

/// What people ask for, and how much of a hundred each kind is.
pub(crate) const KINDS: [(&str, u8); 5] = [
    ("a place and filters", 40),
    ("words and a place", 20),
    ("facets", 15),
    ("a time", 15),
    ("suggestions", 10),
];

/// `count` distinct addresses as a mixture of people ask for them, each with its place among [`KINDS`].
pub(crate) fn mixed(count: usize) -> Vec<(usize, String)> {
    let places = Places::new();
    let mut random = Rng::with_seed(11);
    distinct(count, || {
        let mut among = random.u8(..100);
        let kind = KINDS.iter().position(|(_, share)| {
            let here = among < *share;
            among = among.saturating_sub(*share);
            here
        });
        let kind = kind.unwrap_or_default();
        (kind, of_kind(kind, &places, &mut random))
    })
}

fn of_kind(kind: usize, places: &Places, random: &mut Rng) -> String {
    let near = places.near(random);
    let (topic, second) = (pick(&TOPICS, random), pick(&SECOND, random));
    match kind {
        0 => format!("/v1/programs?near={near}&topic={topic}&{second}"),
        1 => {
            let words = (pick(&WORDS, random), pick(&WORDS, random));
            format!("/v1/programs?near={near}&q={}+{}", words.0, words.1)
        }
        2 => {
            let facets = pick(&FACETS, random);
            format!("/v1/programs?near={near}&topic={topic}&facets={facets}")
        }
        3 => {
            let day = pick(&["mon", "tue", "wed", "thu", "fri", "sat,sun"], random);
            let hour = random.u8(8..20);
            format!("/v1/programs?near={near}&topic={topic}&day={day}&starts_after={hour:02}:00")
        }
        _ => {
            let word = pick(&WORDS, random);
            let typed = random.usize(1..=word.len());
            format!("/v1/suggest?q={}&near={near}", &word[..typed])
        }
    }
}

fn pick<'a>(all: &[&'a str], random: &mut Rng) -> &'a str {
    all[random.usize(..all.len())]
}
