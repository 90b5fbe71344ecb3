//! Programs like another, against every listing, one after the other.

use std::collections::HashMap;

use fastrand::Rng;
use jiff::tz::TimeZone;
use peer_directory::domain::{Coverage, Position};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::search::{Choice, Field, Relation, Sort, Window};

use super::directory::{self, DIRECTORY, Directory};
use super::facts::{Facts, Oracle, karney_m};
use super::question::Question;
use super::rules::{Case, Found, RULES, doubts};
use super::timely::Known;
use crate::support::cases;

/// Who is asked for that may be like a program: those for the same people that share a topic, as far as
/// 160 km from its place.
fn question(place: Option<usize>, model: &Facts<'_>) -> Question {
    let any = |field| Choice {
        field,
        any: model.values(field).to_vec(),
        all: Vec::new(),
        none: Vec::new(),
    };
    Question {
        place,
        radius_m: place.map(|_| 160_000),
        bounds: None,
        choices: vec![any(Field::Topic), any(Field::For)],
        attendance: Vec::new(),
        channels: Vec::new(),
        accepting: Vec::new(),
        organizations: Vec::new(),
        window: Window::any(TimeZone::UTC),
        between: None,
        or_unknown: false,
        verified_within: None,
        age: None,
        words: None,
        sort: Sort::Relevance,
        facets: Vec::new(),
        now: Directory::today(),
    }
}

/// The part of what either has that both have.
fn overlap(field: Field, a: &Facts<'_>, b: &Facts<'_>) -> Option<f64> {
    let shared = a.values(field).iter().filter(|value| b.has(field, value)).count();
    let all = a.values(field).len() + b.values(field).len() - shared;
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    (all > 0).then(|| shared as f64 / all as f64)
}

/// What it is worth to be near, or to reach the place otherwise.
fn reach(found: &Found) -> f64 {
    match (found.relation.unwrap(), found.nearest) {
        (Relation::Near, Some((distance_m, _))) => 250_000.0 * 1e4 / (1e4 + distance_m),
        (Relation::ServesArea, _) => 125_000.0,
        (Relation::OpenTo, _) => 62_500.0,
        _ => 31_250.0,
    }
}

/// How a program reaches those whom another without a place reaches, and what that is worth.
fn shared_reach(own: &Coverage, other: &Facts<'_>) -> Option<(Relation, f64)> {
    let far: Vec<_> = other.ways.iter().filter(|way| way.at.is_none()).collect();
    let theirs = &other.listing.program.coverage;
    let serves = theirs.subdivisions.iter().any(|code| own.subdivisions.contains(code))
        || theirs.counties.iter().any(|code| own.counties.contains(code))
        || theirs.postal_prefixes.iter().any(|area| {
            own.postal_prefixes.iter().any(|mine| {
                let (a, b) = (mine.prefix.as_str(), area.prefix.as_str());
                mine.country == area.country && (a.starts_with(b) || b.starts_with(a))
            })
        });
    let lies_in = |country: &str| {
        let begins = |code: String| code.split('-').next() == Some(country);
        own.countries.iter().any(|code| begins(code.to_string()))
            || own.subdivisions.iter().any(|code| begins(code.to_string()))
            || own.counties.iter().any(|code| begins(code.to_string()))
            || own.postal_prefixes.iter().any(|area| begins(area.country.to_string()))
    };
    let open = theirs.worldwide || theirs.countries.iter().any(|code| lies_in(code.as_str()));
    if far.is_empty() || !(serves || open) {
        return None;
    }
    let relation = match serves {
        _ if far.iter().all(|way| way.chapter) => Relation::FindAChapter,
        true => Relation::ServesArea,
        false => Relation::OpenTo,
    };
    Some((relation, if serves { 250_000.0 } else { 125_000.0 }))
}

/// What is like a program is what shares a topic with it, is for the same people and within reach, and it
/// comes in the order of what that is worth.
#[test]
fn programs_like_another_are_those_of_the_oracle() {
    let random = &mut Rng::with_seed(31);
    let mut models: Vec<usize> = (0..DIRECTORY.listings.len()).collect();
    random.shuffle(&mut models);
    models.truncate(cases(150));
    let gazetteer = Gazetteer::shared();
    let first_place = |listing: usize| {
        // A session online has no place, whatever is said of one.
        let sessions = DIRECTORY.listings[listing].sessions.iter();
        let mut meeting = sessions.filter(|session| session.attendance.as_str() != "online");
        meeting.find_map(|session| session.location.clone())
    };
    let (mut places, mut place_of) = (Vec::new(), HashMap::new());
    for model in &models {
        if let Some(at) = first_place(*model) {
            place_of.insert(*model, places.len());
            places.push(directory::at(&gazetteer, at.latitude, at.longitude));
        }
    }
    let around = Directory {
        listings: DIRECTORY.listings.clone(),
        organizations: DIRECTORY.organizations.clone(),
        terms: DIRECTORY.terms.clone(),
        guidance: DIRECTORY.guidance.clone(),
        places,
    };
    let oracle = Oracle::new(&around);
    let (half, later) = around.listings.split_at(around.listings.len() * 3 / 4);
    let ids: Vec<_> = later.iter().map(|listing| listing.program.id).collect();
    let snapshot = around.snapshot_of(half.iter()).updated(1, &ids, later, &[], Vec::new());
    let (mut placed, mut unplaced, mut compared) = (0, 0, 0);

    for model in models {
        let own = &oracle.facts[model];
        let place = place_of.get(&model).copied();
        let number = snapshot.find(&own.listing.program.id.to_string()).unwrap();
        let told = snapshot.first_place(number);
        let first = place.map(|place| around.places[place].position);
        // What is written is read again with the last digit rounded.
        let same = |told: Position, first: Position| karney_m(told, first) < 1e-6;
        assert_eq!(told.is_some(), first.is_some());
        assert!(told.zip(first).is_none_or(|(told, first)| same(told, first)));
        let age = [None, Some(15), Some(34)][model % 3];
        let question = Question { age, ..question(place, own) };
        if own.values(Field::Topic).is_empty() || !doubts(&oracle, &RULES, &question).is_empty() {
            continue;
        }
        let (settled, known) = (HashMap::default(), Known::default());
        let case = Case { oracle: &oracle, rules: RULES, settled, known };
        let worths = vec![Some(0); oracle.facts.len()];
        let mut wanted = HashMap::new();
        for found in case.found(&question, &worths, place.map(|_| 160_000)) {
            let other = &oracle.facts[found.listing];
            let standing = match place {
                Some(_) => Some((found.relation.unwrap(), reach(&found))),
                None => shared_reach(&own.listing.program.coverage, other),
            };
            let Some((relation, reach)) = standing else { continue };
            if found.listing == model {
                continue;
            }
            let part = |field| overlap(field, own, other);
            let form = 1e5 * part(Field::Form).unwrap() + 5e4 * part(Field::Kind).unwrap_or(0.0);
            let need = 4e5 * part(Field::Topic).unwrap();
            let audience = 2e5 * part(Field::Audience).unwrap_or(0.5);
            wanted.insert(found.listing, (relation, [need, audience, form, reach]));
        }

        let today = (Directory::today(), Directory::today());
        let standpoint = || place.map(|place| around.places[place].clone());
        let similar = snapshot.similar(number, standpoint(), today, age, 100_000);

        let mut before: Option<(i64, &str, u128)> = None;
        for one in &similar {
            let id = snapshot.id_of(one.found.program);
            let other = oracle.listing(id).unwrap();
            let facts = &oracle.facts[other];
            let like = wanted.remove(&other);
            let (relation, terms) = like.unwrap_or_else(|| panic!("{} is too many", facts.name));
            assert_eq!(one.found.relation, Some(relation), "{}", facts.name);
            for ((name, told), wanted) in one.likeness.terms().into_iter().zip(terms) {
                // A meter more or less at the place itself is 25 thousandths of a point.
                let slack = if name == "reach" { 40.0 } else { 2.0 };
                assert!((f64::from(told) - wanted).abs() <= slack, "{name}: {told} {wanted}");
            }
            let sum: u32 = one.likeness.terms().iter().map(|(_, points)| points).sum();
            assert_eq!(one.likeness.total(), sum);
            let key = (-i64::from(sum), facts.name.as_str(), id.as_u128());
            assert!(before.is_none_or(|before| before < key), "{before:?} {key:?}");
            before = Some(key);
            compared += 1;
        }
        assert!(wanted.is_empty(), "{} are missing", wanted.len());
        let few = snapshot.similar(number, standpoint(), today, age, 5);
        assert_eq!(few, similar[..similar.len().min(5)]);
        *if place.is_some() { &mut placed } else { &mut unplaced } += 1;
    }

    assert!(placed > cases(20) && unplaced > cases(20), "{placed} {unplaced}");
    assert!(compared > cases(2_000), "{compared}");
}
