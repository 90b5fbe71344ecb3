//! Searches by words alone in 100,000 generated programs.

mod support;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use peer_directory::search::Query;

const PROGRAMS: usize = 100_000;

/// Plain words, names of terms, misspelt, beginnings, phrases, exclusions.
const SEARCHES: [&str; 12] = [
    "grief circle",
    "anxiety support portland",
    "hearing voices",
    "AA meeting",
    "bipolar women",
    "biploar group",
    "schizofrenia",
    "depression s",
    "de",
    "d",
    "\"hearing voices\"",
    "grief -women",
];

fn words(criterion: &mut Criterion) {
    let snapshot = support::snapshot(PROGRAMS);
    let mut group = criterion.benchmark_group("words");
    for text in SEARCHES {
        let query = Query { words: Some(text.to_owned()), ..Query::all(Timestamp::UNIX_EPOCH) };
        group.bench_function(BenchmarkId::from_parameter(text), |bencher| {
            bencher.iter(|| snapshot.search(&query).total);
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = words
}
criterion_main!(benches);
