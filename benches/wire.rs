//! Searches over HTTP beside a fixed body of the same size, in one run with one load generator.
//!
//! `cargo bench --bench wire` on 100,000 generated programs; `PROGRAMS=1000000` for more.
//! Two loads: a place with two filters and three facets, and a mixture of what people ask. For each it
//! prints the throughput of both and their ratio, then latencies at half the highest search load; for
//! the mixture also what each kind of question costs, and latencies while 200 programs change every
//! second. A word after `--` picks one of them: `filters`, `mixed`, `kinds`.
//!
//! `cargo bench --bench wire -- --print-questions` prints the addresses that the mixture asks for, one a
//! line, and measures nothing: `benches/postgis` asks another directory the same.
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

#[path = "support/changes.rs"]
mod changes;
#[path = "support/questions.rs"]
mod questions;
mod support;
#[path = "support/wire.rs"]
mod wire;

use std::time::Instant;

use actix_web::web::Data;
use peer_directory::gazetteer::Gazetteer;
use peer_directory::search::SearchIndex;

use self::wire::{load, resident_kb, serve_bare, serve_fixed, serve_search, sizes};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERIES: usize = 10_000;

fn main() {
    if std::env::args().any(|argument| argument == "--print-questions") {
        for (_, address) in questions::mixed(QUERIES) {
            println!("{address}");
        }
        return;
    }
    let programs = std::env::var("PROGRAMS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let before = resident_kb();
    let begun = Instant::now();
    let gazetteer = Gazetteer::shared();
    let with_gazetteer = resident_kb();
    let snapshot = support::snapshot(programs);
    println!(
        "{programs} programs in {:.1} s; gazetteer {} MB; {} bytes a program",
        begun.elapsed().as_secs_f64(),
        (with_gazetteer - before) / 1_024,
        (resident_kb() - with_gazetteer) * 1_024 / programs.max(1)
    );
    let index = SearchIndex::default();
    index.publish(snapshot);
    let gazetteer = Data::from(gazetteer);

    let picked = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let asked = |load: &str| picked.as_deref().is_none_or(|picked| picked == load);
    if asked("filters") {
        let filtered = questions::queries(QUERIES);
        let filtered: Vec<String> = filtered.iter().map(|q| format!("/v1/programs?{q}")).collect();
        compare("two filters, three facets", 0.4, &filtered, &index, &gazetteer);
    }
    let mixed = questions::mixed(QUERIES);
    if asked("kinds") {
        let search = serve_search(index.clone(), gazetteer.clone());
        for (kind, (name, _)) in questions::KINDS.iter().enumerate() {
            let of_kind = mixed.iter().filter(|(of, _)| *of == kind);
            let paths: Vec<String> = of_kind.map(|(_, path)| path.clone()).collect();
            // The first time around, memory is cold.
            load(search, &paths, None);
            let found = load(search, &paths, None);
            println!(
                "{name}: {:.0}/s, processor time a request, client included: {:.1} us, p50 {:?}, p99 {:?}",
                found.throughput, found.cpu_us, found.p50, found.p99
            );
        }
    }
    if asked("mixed") {
        let mixed: Vec<String> = mixed.into_iter().map(|(_, path)| path).collect();
        let (search, best) = compare("mixed load", 0.5, &mixed, &index, &gazetteer);
        let changing = changes::begin(index, programs);
        at_half("mixed load, 200 changes a second", search, &mixed, best);
        println!("{} snapshots were published meanwhile", changing.published());
    }
    std::process::exit(0);
}

/// Measures a load beside a fixed body; returns where the search listens and its best throughput.
fn compare(
    name: &str,
    bar: f64,
    paths: &[String],
    index: &SearchIndex,
    gazetteer: &Data<Gazetteer>,
) -> (std::net::SocketAddr, f64) {
    let search = serve_search(index.clone(), gazetteer.clone());
    let sizes = sizes(search, paths);
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    println!(
        "{name}: {} distinct queries, mean answer {mean} bytes, largest {}",
        paths.len(),
        sizes.iter().max().unwrap_or(&0)
    );
    let fixed_path = ["/fixed".to_owned()];
    let fixed = serve_fixed(mean, index.clone(), gazetteer.clone());
    let bare = serve_bare(mean);

    // Interleaved, so that all meet the same weather.
    let mut best_search: f64 = 0.0;
    let (mut ratios, mut costs, mut to_bare) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=3 {
        let of_fixed = load(fixed, &fixed_path, None);
        let of_search = load(search, paths, None);
        let of_bare = load(bare, &fixed_path, None);
        println!(
            "round {round}: search {:.0}/s, fixed {:.0}/s, without layers {:.0}/s; \
             processor time a request, client included: {:.1}, {:.1}, {:.1} us",
            of_search.throughput,
            of_fixed.throughput,
            of_bare.throughput,
            of_search.cpu_us,
            of_fixed.cpu_us,
            of_bare.cpu_us,
        );
        ratios.push(of_search.throughput / of_fixed.throughput);
        to_bare.push(of_search.throughput / of_bare.throughput);
        costs.push(of_fixed.cpu_us / of_search.cpu_us);
        best_search = best_search.max(of_search.throughput);
    }
    for ratios in [&mut ratios, &mut costs, &mut to_bare] {
        ratios.sort_by(f64::total_cmp);
    }
    println!(
        "{name}: median ratio {:.3} (bar: {bar}), by processor time {:.3}; to a server without layers {:.3}",
        ratios[1], costs[1], to_bare[1]
    );
    at_half(name, search, paths, best_search);
    (search, best_search)
}

/// Latencies at half of the highest load.
fn at_half(name: &str, search: std::net::SocketAddr, paths: &[String], best: f64) {
    for round in 1..=3 {
        let at_half = load(search, paths, Some(best / 2.0));
        println!(
            "{name}, round {round} at half load ({:.0}/s): p50 {:?}, p99 {:?}, longest {:?}, ratio {:.2}",
            at_half.throughput,
            at_half.p50,
            at_half.p99,
            at_half.longest,
            at_half.p99.as_secs_f64() / at_half.p50.as_secs_f64()
        );
    }
}
