//! Searches in memory: 1,000 and 100,000 generated programs, and 1,000,000 with `LARGE=1`.
//!
//! `equal matches` asks questions whose numbers of matches are about the same at every size, to see
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

/// Everything of one kind within a radius that is smaller the more programs there are.
fn equal_matches(place: usize, radius_m: f64) -> Query {
    Query {
        near: near(place, Some(radius_m)),
        attendance: vec![peer_directory::domain::Attendance::InPerson],
        choices: vec![choice(Field::Kind, "local_group"), choice(Field::For, "self")],
        facets: ["topic", "cost", "kind"]
            .iter()
            .filter_map(|f| f.parse::<FacetField>().ok())
            .collect(),
        ..Query::all(Timestamp::UNIX_EPOCH)
    }
}

/// The radius around a place within which about `wanted` programs match.
fn radius_for(snapshot: &Snapshot, place: usize, wanted: usize) -> f64 {
    let (mut low, mut high) = (10.0, 400_000.0);
    for _ in 0..24 {
        let middle = f64::midpoint(low, high);
        if snapshot.search(&equal_matches(place, middle)).total < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

fn search(criterion: &mut Criterion) {
    let large = std::env::var("LARGE").is_ok();
    let sizes = [1_000, 100_000, 1_000_000];
    for programs in sizes.into_iter().take(if large { 3 } else { 2 }) {
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

        let equal: Vec<Query> = (0..PLACES.len())
            .map(|place| equal_matches(place, radius_for(&snapshot, place, 60)))
            .collect();
        let totals: Vec<usize> = equal.iter().map(|query| snapshot.search(query).total).collect();
        println!("{programs} programs, equal matches: {totals:?}");
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
