//! How evidence moves a program in the list: on random needs and random evidence.

use fastrand::Rng;
use peer_directory::domain::{Assessment, Basis, Listing};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{self, Generator};
use peer_directory::jobs;
use peer_directory::search::{
    Builder, Choice, Field, Importance, Matter, Query, Snapshot, Surroundings, Weights, Window,
    Wished,
};

use crate::support::cases;

const CRITERIA: [(&str, &str, &str); 4] = [
    ("confidentiality_policy", "stated", "none"),
    ("crisis_protocol", "published_protocol", "none_stated"),
    ("peer_led", "peer_led", "not_peer_led"),
    ("ground_rules", "published", "none"),
];

fn snapshot(listings: &[Listing]) -> Snapshot {
    let words = jobs::seed_vocabulary().unwrap();
    let mut builder = Builder::new(Surroundings {
        terms: words.terms,
        guidance: words.guidance.into_iter().map(|p| (p.kind, p.document)).collect(),
        today: jiff::civil::date(2026, 11, 22),
        ..Surroundings::default()
    });
    listings.iter().for_each(|listing| builder.add(listing));
    builder.finish(1)
}

fn listings() -> Vec<Listing> {
    let records = Generator::new(5, Gazetteer::shared()).take(120);
    records.filter_map(|record| generate::listing(&record)).collect()
}

fn finding(criterion: &str, value: &str, random: &mut Rng) -> Assessment {
    Assessment {
        criterion: criterion.parse().unwrap(),
        value: value.parse().unwrap(),
        secondary: std::collections::BTreeMap::new(),
        basis: Basis::ALL[random.usize(..3)],
        source_url: None,
        assessed_on: jiff::civil::date(2026, 1 + random.i8(0..11), 1),
        assessed_by: peer_directory::domain::Text::new("curator").unwrap(),
        valid_until: random.bool().then(|| jiff::civil::date(2026, 10 + random.i8(0..3), 15)),
    }
}

/// What matters to somebody, and now and then a topic that must hold.
fn query(random: &mut Rng) -> Query {
    let mut matters = Vec::new();
    for (key, ..) in CRITERIA {
        if random.bool() {
            let importance = Importance::ALL[random.usize(..3)];
            matters.push(Matter {
                field: Field::Criteria,
                values: vec![key.to_owned()],
                importance,
            });
        }
    }
    matters.push(Matter {
        field: Field::Topic,
        values: vec!["grief".to_owned()],
        importance: Importance::ALittle,
    });
    matters.sort_unstable();
    let must = Choice {
        field: Field::Kind,
        any: vec!["online".to_owned(), "local_group".to_owned()],
        all: Vec::new(),
        none: Vec::new(),
    };
    let choices = if random.bool() { vec![must] } else { Vec::new() };
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let wished = random.bool().then(|| {
        let evening = Some(jiff::civil::time(17, 0, 0, 0));
        let window = Window { starts_after: evening, ..Window::any(jiff::tz::TimeZone::UTC) };
        Wished { window, importance: Importance::ALL[random.usize(..3)] }
    });
    let weights = Weights::default().with_place(Importance::ALL[random.usize(..3)]);
    Query { matters, wished, weights, choices, limit: 100, ..Query::all(now) }
}

/// The place of a listing in the whole list, and its score.
fn place(snapshot: &Snapshot, query: &Query, listing: &Listing) -> Option<(usize, i32)> {
    let mut query = query.clone();
    let mut before = 0;
    loop {
        let page = snapshot.search(&query);
        let id = |program| snapshot.id_of(program) == listing.program.id;
        if let Some(at) = page.matches.iter().position(|found| id(found.program)) {
            let found = &page.matches[at];
            let sum: i32 = found.score.terms().iter().map(|(_, points)| points).sum();
            assert_eq!(sum, found.score.total());
            return Some((before + at, found.score.total()));
        }
        before += page.matches.len();
        query.after = Some(page.next?);
    }
}

#[test]
fn more_that_speaks_for_a_program_never_lowers_it_and_less_never_raises_it() {
    let mut listings = listings();
    let mut moved = 0;
    for number in 0..cases(150) as u64 {
        let random = &mut Rng::with_seed(number);
        let query = query(random);
        let at = random.usize(..listings.len());
        let (key, good, bad) = CRITERIA[random.usize(..CRITERIA.len())];
        let kept = listings[at].assessments.clone();
        if random.bool() {
            listings[at].assessments.push(finding(key, bad, random));
        }
        let before = place(&snapshot(&listings), &query, &listings[at]);
        listings[at].assessments.push(finding(key, good, random));

        let after = place(&snapshot(&listings), &query, &listings[at]);

        listings[at].assessments = kept;
        let (Some((before, worth)), Some((after, better))) = (before, after) else { continue };
        assert!(after <= before && better >= worth, "case {number}: {before} became {after}");
        moved += usize::from(after < before);
    }
    assert!(moved > 5, "{moved}");
}

#[test]
fn unknown_ranks_between_met_and_not_met() {
    let mut listings = listings();
    for number in 0..cases(40) as u64 {
        let random = &mut Rng::with_seed(number);
        let query = query(random);
        let at = random.usize(..listings.len());
        let (key, good, bad) = CRITERIA[random.usize(..CRITERIA.len())];
        listings[at].assessments.clear();
        let mut with = |value: Option<&str>| {
            listings[at].assessments.clear();
            if let Some(value) = value {
                let found = Assessment {
                    basis: Basis::Verified,
                    valid_until: None,
                    ..finding(key, value, random)
                };
                listings[at].assessments.push(found);
            }
            place(&snapshot(&listings), &query, &listings[at])
        };

        let (met, unknown, unmet) = (with(Some(good)), with(None), with(Some(bad)));

        let (Some(met), Some(unknown), Some(unmet)) = (met, unknown, unmet) else { continue };
        assert!(
            met.0 <= unknown.0 && unknown.0 <= unmet.0,
            "{number}: {met:?} {unknown:?} {unmet:?}"
        );
        let matters = query.matters.iter().any(|matter| matter.values == [key]);
        assert_eq!(met.1 > unknown.1 && unknown.1 > unmet.1, matters, "{number}");
    }
}
