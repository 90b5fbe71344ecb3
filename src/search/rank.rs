//! The order of the results, page by page.
//!
//! Results are cut into streams by how they stand to the person. Each stream has an order of its own
//! that ends in the program's name and identity, so it is total. By relevance, streams take turns in
//! a fixed pattern: of five rows three are near, one serves the area and one is open to all; a stream
//! that has run out leaves its turns to the next. Chapters that are not listed here come last.

use super::cursor::{Cursor, Mark, STREAMS};
use super::facets::FacetCounts;
use super::matching::{Candidate, ENOUGH_NEAR, Match, Matched, Matcher, Relation};
use super::query::{Query, Radius, Sort};
use super::snapshot::Snapshot;
use crate::domain::VerificationStatus;
use crate::domain::words::words;

/// Which stream each row of a page is taken from, in turn.
const TURNS: [usize; 5] = [0, 0, 1, 0, 2];

words! {
    /// What could be changed about a search that found little.
    pub enum RelaxationKind {
        /// Look farther.
        WiderRadius = "wider_radius",
        /// Do not ask for a place.
        Anywhere = "anywhere",
        /// Also for family and friends, or also for the person.
        AlsoForOthers = "also_for_others",
    }
}

/// What would be found if something were not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What to change.
    pub kind: RelaxationKind,
    /// How far to look, in meters, for a wider radius.
    pub radius_m: Option<u32>,
    /// How many more there would be.
    pub more: usize,
}

/// A page of results.
#[derive(Debug)]
pub struct Page {
    /// The results, in order.
    pub matches: Vec<Match>,
    /// How many match in all.
    pub total: usize,
    /// How many of them stand to the person in each way, in the order of [`Relation::ALL`].
    pub by_relation: [usize; 4],
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// How far it was looked.
    pub radius: Option<Radius>,
    /// The counts that were asked for.
    pub facets: FacetCounts,
    /// What would find more, when little was found.
    pub relaxations: Vec<Relaxation>,
}

/// The sort key of a candidate within its stream: what comes first, then the rank of its name.
type Key = (u64, u32);

impl Snapshot {
    /// Answers a search.
    ///
    /// The cursor must belong to the query: see [`Query::continues`].
    pub fn search(&self, query: &Query) -> Page {
        let matcher = Matcher::new(self, query);
        let found = matcher.run();
        let facets = matcher.facets(&found);
        let relaxations = matcher.relaxations(&found);
        let total = found.candidates.len();
        let mut by_relation = [0; 4];
        for candidate in &found.candidates {
            if let Some(relation) = candidate.relation {
                by_relation[relation as usize] += 1;
            }
        }
        let radius = found.radius;
        let (picked, next) = matcher.page(found);
        let shown = picked.into_iter().map(|candidate| matcher.shown(candidate, radius)).collect();
        Page { matches: shown, total, by_relation, next, radius, facets, relaxations }
    }

    /// The first rank whose name and identity come after a mark.
    fn rank_after(&self, mark: &Mark) -> u32 {
        let after = self.by_name.partition_point(|program| {
            (self.names.of(*program), self.ids[*program as usize]) <= (mark.name.as_str(), mark.id)
        });
        u32::try_from(after).unwrap_or(u32::MAX)
    }
}

impl Matcher<'_> {
    fn page(&self, matched: Matched) -> (Vec<Candidate>, Option<Cursor>) {
        let cursor = self.query.after.as_ref();
        let limit = self.query.limit;
        let mut streams: [Vec<(Key, Candidate)>; STREAMS] = Default::default();
        let bounds: [Option<Key>; STREAMS] = std::array::from_fn(|stream| {
            let mark = cursor.and_then(|cursor| cursor.marks[stream].as_ref())?;
            Some((mark.primary, self.snapshot.rank_after(mark)))
        });
        for candidate in matched.candidates {
            let stream = self.stream(&candidate);
            let key = self.key(&candidate);
            // Everything before the mark was shown on an earlier page.
            if bounds[stream].is_none_or(|bound| key >= bound) {
                streams[stream].push((key, candidate));
            }
        }
        let remaining: usize = streams.iter().map(Vec::len).sum();
        for stream in &mut streams {
            if stream.len() > limit {
                stream.select_nth_unstable_by_key(limit, |(key, _)| *key);
                stream.truncate(limit);
            }
            stream.sort_unstable_by_key(|(key, _)| *key);
        }

        let mut phase = cursor.map_or(0, |cursor| usize::from(cursor.phase));
        let mut taken = [0; STREAMS];
        let mut picked = Vec::with_capacity(limit.min(remaining));
        while picked.len() < limit {
            let turn = TURNS[phase % TURNS.len()];
            let order = std::iter::once(turn).chain(0..STREAMS);
            let next = order.filter(|stream| taken[*stream] < streams[*stream].len()).min_by_key(
                // The stream whose turn it is, else the first that has any left.
                |stream| if *stream == turn { 0 } else { stream + 1 },
            );
            let Some(stream) = next else { break };
            picked.push(streams[stream][taken[stream]].1);
            taken[stream] += 1;
            phase += 1;
        }
        if picked.len() == remaining {
            return (picked, None);
        }
        let marks = std::array::from_fn(|stream| match taken[stream] {
            0 => cursor.and_then(|cursor| cursor.marks[stream].clone()),
            count => Some(self.mark(&streams[stream][count - 1])),
        });
        let next = Cursor {
            fingerprint: self.query.fingerprint(),
            now: self.query.now,
            phase: u8::try_from(phase % TURNS.len()).unwrap_or_default(),
            marks,
        };
        (picked, Some(next))
    }

    fn mark(&self, (key, candidate): &(Key, Candidate)) -> Mark {
        Mark {
            primary: key.0,
            name: self.snapshot.names.of(candidate.program).to_owned(),
            id: self.snapshot.ids[candidate.program as usize],
        }
    }

    fn stream(&self, candidate: &Candidate) -> usize {
        match (self.query.sort, candidate.relation) {
            (Sort::Relevance, Some(relation)) => relation as usize,
            _ => 0,
        }
    }

    fn key(&self, candidate: &Candidate) -> Key {
        let program = candidate.program;
        let words_first = u64::from(u32::MAX - self.worth(program));
        let primary = match self.query.sort {
            Sort::Relevance if candidate.relation == Some(Relation::Near) => {
                words_first << 32 | u64::from(candidate.distance_cm)
            }
            Sort::Relevance => words_first << 32 | self.freshness(program),
            Sort::Distance => {
                let relation = candidate.relation.map_or(0, |relation| relation as u64);
                u64::from(candidate.distance_cm) << 8 | relation
            }
            Sort::Name => 0,
            // Never confirmed is i64::MIN and comes last.
            Sort::Verified => {
                let confirmed_ms = self.snapshot.stands[program as usize].confirmed_ms;
                u64::MAX - confirmed_ms.wrapping_sub(i64::MIN).cast_unsigned()
            }
        };
        (primary, self.snapshot.name_rank[program as usize])
    }

    /// Confirmed before overdue before never confirmed.
    fn freshness(&self, program: u32) -> u64 {
        if !self.snapshot.ever_confirmed.contains(program) {
            return 2;
        }
        match self.snapshot.stands[program as usize].verification(self.query.now) {
            VerificationStatus::Confirmed => 0,
            VerificationStatus::Overdue => 1,
            VerificationStatus::Unconfirmed => 2,
        }
    }

    /// What would find more, when little was found near, or at all.
    fn relaxations(&self, matched: &Matched) -> Vec<Relaxation> {
        let near = matched.candidates.iter().filter(|c| c.relation == Some(Relation::Near)).count();
        let nothing = matched.candidates.is_empty();
        let little = nothing || (self.query.near.is_some() && near < ENOUGH_NEAR);
        if !little || self.query.after.is_some() {
            return Vec::new();
        }
        let mut relaxations = Vec::new();
        if let Some(radius) = matched.radius {
            for wider in [50_000.0, 160_000.0, f64::from(Radius::MAX_M)] {
                let wider = Radius::from_m(wider).ok().filter(|wider| *wider > radius);
                let Some(wider) = wider else { continue };
                let more = self.count_near(wider).saturating_sub(near);
                if more > 0 {
                    let kind = RelaxationKind::WiderRadius;
                    relaxations.push(Relaxation { kind, radius_m: Some(wider.meters()), more });
                }
            }
        }
        let mut relax = |kind, changed: Query| {
            let more = Matcher::new(self.snapshot, &changed).run().candidates.len();
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m: None, more });
            }
        };
        if nothing {
            if self.query.near.is_some() || self.query.bounds.is_some() {
                let changed = Query { near: None, bounds: None, ..self.query.clone() };
                relax(RelaxationKind::Anywhere, changed);
            }
            let mut changed = self.query.clone();
            changed.choices.retain(|choice| choice.field != super::columns::Field::For);
            relax(RelaxationKind::AlsoForOthers, changed);
        }
        relaxations
    }
}
