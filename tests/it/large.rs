//! A directory that is large enough to be built in parts: texts in several chunks, and put in order beside
//! the rest. It says of each program what a directory of that one alone says.

use jiff::Timestamp;
use peer_directory::domain::Listing;
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::search::{Builder, Query, Snapshot, Surroundings};

const PROGRAMS: usize = 21_000;

fn snapshot<'a>(listings: impl IntoIterator<Item = &'a Listing>) -> Snapshot {
    let mut builder = Builder::new(Surroundings::default());
    listings.into_iter().for_each(|listing| builder.add(listing));
    builder.finish(1)
}

#[test]
fn a_large_directory_says_what_small_ones_say() {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let records = Generator::new(4, Gazetteer::shared()).take(PROGRAMS);
    let listings: Vec<Listing> = records.filter_map(|record| listing(&record)).collect();
    let large = snapshot(&listings);
    let small: Vec<Snapshot> = listings.chunks(PROGRAMS / 3).map(snapshot).collect();
    let written = |snapshot: &Snapshot, listing: &Listing| {
        let mut out = Vec::new();
        let program = snapshot.find(&listing.program.id.to_string()).unwrap();
        snapshot.write_whole(&mut out, program, now);
        String::from_utf8(out).unwrap()
    };

    let mut bytes = 0;
    for (at, listing) in listings.iter().enumerate() {
        let whole = written(&large, listing);
        bytes += whole.len();
        assert!(whole.contains(&listing.program.id.to_string()), "{whole}");
        if at.is_multiple_of(37) {
            assert_eq!(whole, written(&snapshot([listing]), listing));
        }
    }
    // Else there would be one chunk.
    assert!(bytes > 12 << 20, "{bytes}");

    for words in ["grief", "support group", "porltand", "famil"] {
        let query = || Query { words: Some(words.to_owned()), ..Query::all(now) };
        let total = |snapshot: &Snapshot| snapshot.search(&query()).total;
        let sum: usize = small.iter().map(total).sum();
        assert_eq!(total(&large), sum, "{words}");
        assert!(sum > 0, "nobody has {words}");
        let named = |snapshot: &Snapshot| -> usize {
            let suggested = snapshot.suggest(words, PROGRAMS);
            suggested.programs.iter().map(|program| program.same_name).sum()
        };
        let sum: usize = small.iter().map(named).sum();
        assert_eq!(named(&large), sum, "{words}");
    }
}
