//! Searches in memory: 1,000 to 100,000 generated programs, and 1,000,000 with `LARGE=1`.
//!
//! `equal matches` asks questions that about sixty programs match at every size from 10,000 on, to see
//! what the size alone costs.
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

mod support;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use peer_directory::domain::Position;
use peer_directory::search::{
    Choice, FacetField, Field, Near, Query, Radius, Snapshot, Standpoint,
};

/// Places with many programs around.
const PLACES: [(&str, &str, f64, f64); 8] = [
    ("US", "US-OR", 45.52, -122.68),
    ("US", "US-NY", 40.71, -74.0),
    ("US", "US-IL", 41.88, -87.63),
    ("US", "US-CA", 34.05, -118.24),
    ("US", "US-TX", 29.76, -95.37),
    ("GB", "GB-ENG", 51.5, -0.12),
    ("GB", "GB-ENG", 53.48, -2.24),
    ("CA", "CA-ON", 43.65, -79.38),
];

fn near(place: usize, radius_m: Option<f64>) -> Option<Near> {
    let (country, subdivision, latitude, longitude) = PLACES[place % PLACES.len()];
    Some(Near {
        place: Standpoint {
            position: Position::new(latitude, longitude).ok()?,
            country: country.parse().ok(),
            subdivision: subdivision.parse().ok(),
            county: None,
            postal_code: None,
        },
        radius: radius_m.and_then(|m| Radius::from_m(m).ok()),
    })
}

fn choice(field: Field, value: &str) -> Choice {
    Choice { field, any: vec![value.to_owned()], all: Vec::new(), none: Vec::new() }
}

/// `near` with two filters and three facets.
fn filtered(place: usize) -> Query {
    let topic = ["depression", "anxiety", "grief", "bipolar"][place % 4];
    Query {
        near: near(place, None),
        choices: vec![choice(Field::Topic, topic), choice(Field::Cost, "free")],
        facets: ["topic", "cost", "kind"]
            .iter()
            .filter_map(|f| f.parse::<FacetField>().ok())
            .collect(),
        ..Query::all(Timestamp::UNIX_EPOCH)
    }
}

/// A look around a place with so many filters that about sixty programs match, near or from afar,
/// however many programs there are; `None` when no filters are found that do.
fn equal_matches(snapshot: &Snapshot, place: usize) -> Option<Query> {
    let topics =
        ["depression", "anxiety", "grief", "bipolar", "addiction", "ptsd", "ocd", "stress"];
    let audiences = [None, Some("women"), Some("men"), Some("veterans"), Some("young_adults")];
    let more = [
        vec![],
        vec![choice(Field::Cost, "free")],
        vec![choice(Field::Kind, "local_group")],
        vec![choice(Field::Kind, "local_group"), choice(Field::Cost, "free")],
        vec![choice(Field::Kind, "local_group"), choice(Field::Access, "drop_in")],
    ];
    let asked = |topic: usize, audience: Option<&str>, more: &[Choice]| Query {
        near: near(place, Some(25_000.0)),
        choices: std::iter::once(choice(Field::Topic, topics[(place + topic) % topics.len()]))
            .chain(audience.map(|audience| choice(Field::Audience, audience)))
            .chain(more.iter().cloned())
            .collect(),
        ..Query::all(Timestamp::UNIX_EPOCH)
    };
    for topic in 0..topics.len() {
        for audience in audiences {
            for more in &more {
                let query = asked(topic, audience, more);
                if (48..=72).contains(&snapshot.search(&query).total) {
                    return Some(query);
                }
            }
        }
    }
    None
}

fn search(criterion: &mut Criterion) {
    let large = std::env::var("LARGE").is_ok();
    let sizes = [1_000, 10_000, 100_000, 1_000_000];
    for programs in sizes.into_iter().take(if large { 4 } else { 3 }) {
        let snapshot = support::snapshot(programs);
        let queries: Vec<Query> = (0..PLACES.len()).map(filtered).collect();
        let mut group = criterion.benchmark_group("near, two filters, three facets");
        group.bench_function(BenchmarkId::from_parameter(programs), |bencher| {
            let mut at = 0;
            bencher.iter(|| {
                at += 1;
                snapshot.search(&queries[at % queries.len()]).total
            });
        });
        group.finish();

        let equal: Vec<Query> =
            (0..PLACES.len()).filter_map(|place| equal_matches(&snapshot, place)).collect();
        let totals: Vec<usize> = equal.iter().map(|query| snapshot.search(query).total).collect();
        println!("{programs} programs, equal matches: {totals:?}");
        if equal.is_empty() {
            continue;
        }
        let mut group = criterion.benchmark_group("near, equal matches");
        group.bench_function(BenchmarkId::from_parameter(programs), |bencher| {
            let mut at = 0;
            bencher.iter(|| {
                at += 1;
                snapshot.search(&equal[at % equal.len()]).total
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = search
}
criterion_main!(benches);
