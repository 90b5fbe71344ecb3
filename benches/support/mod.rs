//! A generated directory in memory.

use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::jobs::seed_vocabulary;
use peer_directory::search::{Builder, Snapshot, Surroundings};

/// A snapshot of generated programs, without a database in between.
pub(crate) fn snapshot(programs: usize) -> Snapshot {
    let vocabulary = seed_vocabulary().expect("the seed is part of the program");
    let mut builder = Builder::new(Surroundings {
        terms: vocabulary.terms,
        guidance: vocabulary.guidance.into_iter().map(|p| (p.kind, p.document)).collect(),
        crisis_lines: vocabulary.crisis_lines,
        ..Surroundings::default()
    });
    for record in Generator::new(1, Gazetteer::shared()).take(programs) {
        if let Some(listing) = listing(&record) {
            builder.add(&listing);
        }
    }
    builder.finish(1).with_agendas(jiff::Timestamp::now())
}
