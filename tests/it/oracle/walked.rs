//! Pages that are turned while edits land (`DESIGN.md`, 4.2).

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use peer_directory::domain::{Listing, ProgramId};
use peer_directory::search::{Cursor, Query, Radius, Snapshot, Sort};

use super::directory::DIRECTORY;
use super::facts::Oracle;
use super::question::Question;
use crate::support::cases;

/// A directory that is edited between two pages.
struct Edited {
    snapshot: Snapshot,
    /// What became of the programs that were edited.
    edited: BTreeMap<ProgramId, Option<Listing>>,
}

impl Edited {
    /// Takes some programs away, says something else of some, and brings some back.
    fn edit(&mut self, random: &mut Rng) {
        for _ in 0..random.usize(1..60) {
            let listings = &DIRECTORY.listings;
            let id = listings[random.usize(..listings.len())].program.id;
            let other = listings[random.usize(..listings.len())].clone();
            let becomes = (random.u32(..3) > 0).then(|| {
                let mut listing = other;
                listing.program.id = id;
                listing.program.slug = format!("edited-{id}").parse().unwrap();
                listing
            });
            self.edited.insert(id, becomes);
        }
        let ids: Vec<ProgramId> = self.edited.keys().copied().collect();
        let now: Vec<Listing> = self.edited.values().flatten().cloned().collect();
        let sequence = self.snapshot.sequence() + 1;
        self.snapshot = self.snapshot.updated(sequence, &ids, &now, &[], Vec::new());
    }

    /// Everything that matches, and how far it was looked.
    fn matching(&self, query: &Query) -> (BTreeSet<ProgramId>, Option<Radius>) {
        let all = Query { limit: usize::MAX / 4, after: None, ..query.clone() };
        let page = self.snapshot.search(&all);
        (page.matches.iter().map(|found| self.snapshot.id_of(found.program)).collect(), page.radius)
    }
}

/// By name, distance or meeting time, no program that matched all along and did not change is missed or
/// seen twice.
#[test]
fn pages_hold_what_did_not_change_once_while_edits_land() {
    let oracle = Oracle::new(&DIRECTORY);
    let whole = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let (mut turned, mut held, mut widened) = (0, 0, 0);
    for number in 0..cases(400) as u64 {
        let random = &mut Rng::with_seed(number);
        let question = Question::generated(number, &oracle);
        let sort = [Sort::Name, Sort::Distance, Sort::NextMeeting][random.usize(..3)];
        let mut query = Query { sort, facets: Vec::new(), ..question.query(&oracle, 1) };
        let snapshot = whole.updated(1, &[], &[], &[], Vec::new());
        let mut directory = Edited { snapshot, edited: BTreeMap::new() };
        let (mut all_along, radius) = directory.matching(&query);
        query.limit = all_along.len() / random.usize(2..8) + 1;
        let mut looked_alike = true;
        let mut seen: BTreeMap<ProgramId, usize> = BTreeMap::new();
        loop {
            let page = directory.snapshot.search(&query);
            for found in &page.matches {
                *seen.entry(directory.snapshot.id_of(found.program)).or_default() += 1;
            }
            let Some(next) = page.next else { break };
            query.after = Some(Cursor::decode(&next.encode()).unwrap());
            turned += 1;
            directory.edit(random);
            let (matching, looked) = directory.matching(&query);
            all_along.retain(|id| matching.contains(id));
            looked_alike &= looked == radius;
        }
        // A circle that widens by itself may have another size on the next page: what is near by one is
        // open to the country by the other, and that is a change.
        if !looked_alike {
            widened += 1;
            continue;
        }
        for id in all_along.iter().filter(|id| !directory.edited.contains_key(id)) {
            assert_eq!(seen.get(id), Some(&1), "question {number}, {sort:?}: {id}\n{question:#?}");
            held += 1;
        }
    }
    assert!(turned > cases(500), "{turned} pages were turned");
    assert!(held > cases(5_000), "{held} programs were followed");
    assert!(widened < cases(100), "{widened} circles changed their size");
}
