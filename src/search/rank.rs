//! The order of the results, page by page.
//!
//! Whatever the order, it ends in the program's name and identity, so it is total. By relevance,
//! results are cut into streams, and the highest score comes first in each. What was called by its whole
//! name, or its organization's, comes before all. The others are cut by how they stand to the person, and
//! take turns in a fixed pattern: of five rows three are near, one serves the area and one is open to all;
//! a stream that has run out leaves its turns to the next. Chapters that are not listed here come last. Of what
//! has no place near the person, a row leaves its turn to one that answers the words much better.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use super::bits::programs_of;
use super::cursor::{Cursor, Mark, STREAMS};
use super::facets::{Counts, FacetCounts};
use super::filters::Filter;
use super::matched::Matched;
use super::matching::{Asked, Candidate, Match, Matcher, Relation};
use super::query::{Query, Radius, Sort};
use super::relaxed::Relaxation;
use super::snapshot::Snapshot;
use super::words::Wording;

/// A search that widens itself stops when so many are near.
pub(super) const ENOUGH_NEAR: usize = 10;

/// The stream of what was called by its whole name. Those of the relations follow it.
const NAMED: usize = 0;

/// Which stream each row of a page is taken from, in turn.
const TURNS: [usize; 5] = [1, 1, 2, 1, 3];

/// The streams of what has no place near the person.
const APART: Range<usize> = NAMED + 2..STREAMS;

/// A row of those leaves its turn to one whose words are worth more than so many times as much.
const OUTDONE: u32 = 2;

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

/// The sort key of a candidate within its stream: what comes first, then the rank of its name in its
/// segment.
type Key = (u64, u32);

/// A query against every segment of a snapshot.
pub(super) struct Search<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) query: &'a Query,
    pub(super) matchers: Vec<Matcher<'a>>,
}

/// What matched in all segments, and how far it was looked.
pub(super) struct Found {
    /// By segment.
    pub(super) matched: Vec<Matched>,
    pub(super) radius: Option<Radius>,
}

impl Found {
    pub(super) fn total(&self) -> usize {
        self.matched.iter().map(Matched::len).sum()
    }

    pub(super) fn by_relation(&self) -> [usize; 4] {
        self.matched.iter().map(Matched::by_relation).fold([0; 4], |mut sum, counts| {
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            sum
        })
    }
}

impl Snapshot {
    /// Answers a search.
    ///
    /// The cursor must belong to the query: see [`Query::continues`].
    pub fn search(&self, query: &Query) -> Page {
        let asked = self.asked(query);
        let search = Search::new(self, query, &asked);
        let found = search.run();
        let facets = query.facets.iter().map(|facet| {
            let mut counts = Counts::default();
            for (matcher, matched) in search.matchers.iter().zip(&found.matched) {
                matcher.count(*facet, matched, found.radius, &mut counts);
            }
            (*facet, counts.ordered())
        });
        let facets = facets.collect();
        let relaxations = search.all_relaxations(&found);
        let (matches, next) = search.page(&found);
        Page {
            matches,
            total: found.total(),
            by_relation: found.by_relation(),
            next,
            radius: found.radius,
            facets,
            relaxations,
        }
    }

    pub(super) fn asked<'q>(&'q self, query: &'q Query) -> Asked<'q> {
        let organizations = query.organizations.iter().filter_map(|o| self.organization(o));
        let words = query.instead.as_deref().or(query.words.as_deref());
        let read = |words| Wording::read_but(words, &query.left_out, &self.backdrop().lexicon);
        let words = words.and_then(read);
        Asked::new(query, organizations.collect(), words, &self.surroundings().terms)
    }

    /// How many programs match.
    pub(super) fn count_matches(&self, query: &Query) -> usize {
        let asked = self.asked(query);
        Search::new(self, query, &asked).run().total()
    }
}

/// A candidate with its place in the order.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    key: Key,
    part: usize,
    candidate: Candidate,
}

/// The best of a stream, and how many there are.
#[derive(Debug, Default)]
struct Stream {
    best: Vec<Ranked>,
    count: usize,
    /// Where the candidates of the segment that is being read begin in `best`, and what they must
    /// come before to be among the best of it.
    from: usize,
    bar: Option<Key>,
}

impl Stream {
    /// Begins with another segment.
    fn begin(&mut self) {
        self.from = self.best.len();
        self.bar = None;
    }

    /// Whether nothing that comes after this is among the best of its segment.
    fn is_beyond(&self, primary: u64) -> bool {
        self.bar.is_some_and(|(bar, _)| primary > bar)
    }

    /// Keeps a candidate if it may be among the best `limit` of its segment.
    fn offer(&mut self, limit: usize, ranked: Ranked) {
        self.count += 1;
        if self.bar.is_some_and(|bar| ranked.key >= bar) {
            return;
        }
        self.best.push(ranked);
        let ours = &mut self.best[self.from..];
        if ours.len() >= 2 * limit {
            let (_, last, _) = ours.select_nth_unstable_by_key(limit - 1, |ranked| ranked.key);
            self.bar = Some(last.key);
            self.best.truncate(self.from + limit);
        }
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, query: &'a Query, asked: &'a Asked<'a>) -> Self {
        let matchers = snapshot.parts.iter().map(|part| Matcher::new(part, asked)).collect();
        Self { snapshot, query, matchers }
    }

    /// Everything that matches, widening the radius as far as it takes.
    pub(super) fn run(&self) -> Found {
        self.run_within(self.query.near.as_ref().and_then(|near| near.radius))
    }

    /// The same as far as that, if it is said.
    fn run_within(&self, radius: Option<Radius>) -> Found {
        let filters: Vec<Filter<'_>> =
            self.matchers.iter().map(|matcher| matcher.passing(None)).collect();
        self.run_with(&filters, radius)
    }

    /// What matches of what passes these filters.
    pub(super) fn run_with(&self, filters: &[Filter<'_>], radius: Option<Radius>) -> Found {
        let mut placed: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.matchers.len()];
        let all = || self.matchers.iter().zip(filters);
        let radius = match &self.query.near {
            None => None,
            // The box bounds the search; the distance is only told.
            Some(_) if self.query.bounds.is_some() && radius.is_none() => None,
            Some(_) => {
                let rings = radius.as_ref().map_or(&Radius::WIDENING[..], std::slice::from_ref);
                let farthest = rings.last().copied().unwrap_or(Radius::WIDEST);
                let around = all()
                    .map(|(matcher, filter)| (matcher, matcher.passing_around(filter, farthest)));
                let around: Vec<_> = around.collect();
                let mut beyond = None;
                for ring in rings {
                    for ((matcher, around), found) in around.iter().zip(&mut placed) {
                        matcher.look(around, beyond, *ring, found);
                    }
                    beyond = Some(*ring);
                    if placed.iter().map(Vec::len).sum::<usize>() >= ENOUGH_NEAR {
                        break;
                    }
                }
                beyond
            }
        };
        let matched = all()
            .zip(placed)
            .map(|((matcher, filter), placed)| matcher.matched(filter, placed, radius));
        Found { matched: matched.collect(), radius }
    }

    fn page(&self, found: &Found) -> (Vec<Match>, Option<Cursor>) {
        let cursor = self.query.after.as_ref();
        let limit = self.query.limit.max(1);
        let mut streams: [Stream; STREAMS] = Default::default();
        let mut passed_over = [0; STREAMS];
        for (part, (matcher, matched)) in self.matchers.iter().zip(&found.matched).enumerate() {
            let bounds: [Option<Key>; STREAMS] = std::array::from_fn(|stream| {
                let mark = cursor.and_then(|cursor| cursor.marks[stream].as_ref())?;
                Some((mark.primary, matcher.rank_after(mark)))
            });
            streams.iter_mut().for_each(Stream::begin);
            let mut offer = |stream: usize, candidate: Candidate| {
                let primary = matcher.primary(&candidate, found.radius);
                if streams[stream].is_beyond(primary) {
                    streams[stream].count += 1;
                } else {
                    let key = (primary, matcher.segment.name_rank[candidate.program as usize]);
                    // Everything before the mark was shown on an earlier page.
                    if bounds[stream].is_none_or(|bound| key >= bound) {
                        streams[stream].offer(limit, Ranked { key, part, candidate });
                    }
                }
                streams[stream].bar.map(|(primary, _)| primary)
            };
            for candidate in matched.placed() {
                offer(self.stream(matcher, &candidate), candidate);
            }
            let by_relevance = self.query.sort == Sort::Relevance;
            let mut bars = [None; STREAMS];
            for (relation, block, word) in matched.unplaced() {
                let stream = self.stream_of(relation);
                let mut looked_at = word;
                if let Some(bar) = bars[stream].filter(|_| by_relevance)
                    && let Some(worth) = matcher.score_of_unconfirmed(relation)
                    && by_score(worth.cast_signed(), u32::MAX) > bar
                {
                    // Enough were confirmed at some time: the others come after them.
                    looked_at &= matcher.segment.ever_confirmed.word(block as usize);
                    passed_over[stream] += (word & !looked_at).count_ones() as usize;
                }
                for program in programs_of(block as usize, looked_at) {
                    let candidate = Candidate { program, relation, distance_cm: u32::MAX };
                    let stream = self.stream(matcher, &candidate);
                    bars[stream] = offer(stream, candidate);
                }
            }
        }
        let remaining: usize = streams.iter().map(|stream| stream.count).chain(passed_over).sum();
        for stream in &mut streams {
            stream.best.sort_unstable_by(|a, b| self.order(a, b));
            stream.best.truncate(limit);
        }

        let mut phase = cursor.map_or(0, |cursor| usize::from(cursor.phase));
        let mut taken = [0; STREAMS];
        let mut picked: Vec<Match> = Vec::with_capacity(limit.min(remaining));
        while picked.len() < limit {
            let turn = TURNS[phase % TURNS.len()];
            let order = [NAMED, turn].into_iter().chain(0..STREAMS);
            // What is named, then the stream whose turn it is, else the first that has any left.
            let Some(stream) = order.into_iter().find(|at| taken[*at] < streams[*at].best.len())
            else {
                break;
            };
            let stream = if APART.contains(&stream) {
                self.unless_outdone(stream, |at| streams[at].best.get(taken[at]))
            } else {
                stream
            };
            let Ranked { part, candidate, .. } = streams[stream].best[taken[stream]];
            let shown = self.matchers[part].shown(candidate, found.radius);
            let first = self.snapshot.parts[part].first;
            picked.push(Match { program: first + shown.program, ..shown });
            taken[stream] += 1;
            phase += usize::from(stream != NAMED);
        }
        if picked.len() == remaining {
            return (picked, None);
        }
        let marks = std::array::from_fn(|stream| match taken[stream] {
            0 => cursor.and_then(|cursor| cursor.marks[stream].clone()),
            count => Some(self.mark(&streams[stream].best[count - 1])),
        });
        let next = Cursor {
            fingerprint: self.query.fingerprint(),
            now: self.query.now,
            phase: u8::try_from(phase % TURNS.len()).unwrap_or_default(),
            marks,
        };
        (picked, Some(next))
    }

    /// The stream without a place whose next row answers the words much better than that of this one, else this
    /// one.
    fn unless_outdone<'r>(
        &self,
        stream: usize,
        next: impl Fn(usize) -> Option<&'r Ranked>,
    ) -> usize {
        let worth = |at: usize| {
            let next = next(at);
            next.map_or(0, |row| self.matchers[row.part].worth(row.candidate.program))
        };
        let best = APART.max_by_key(|at| (worth(*at), Reverse(*at))).unwrap_or(stream);
        if worth(best) > worth(stream).saturating_mul(OUTDONE) { best } else { stream }
    }

    fn order(&self, a: &Ranked, b: &Ranked) -> Ordering {
        if a.part == b.part { a.key.cmp(&b.key) } else { self.place(a).cmp(&self.place(b)) }
    }

    /// The place of a candidate among those of all segments.
    fn place(&self, ranked: &Ranked) -> (u64, (&str, u128)) {
        let segment = self.matchers[ranked.part].segment;
        (ranked.key.0, segment.last_word(ranked.candidate.program))
    }

    fn mark(&self, ranked: &Ranked) -> Mark {
        let (primary, (name, id)) = self.place(ranked);
        Mark { primary, name: name.to_owned(), id }
    }

    fn stream(&self, matcher: &Matcher<'_>, candidate: &Candidate) -> usize {
        if self.query.sort == Sort::Relevance && matcher.is_named(candidate.program) {
            return NAMED;
        }
        self.stream_of(candidate.relation)
    }

    /// The stream of what stands so to the person, when it is not named.
    fn stream_of(&self, relation: Option<Relation>) -> usize {
        match (self.query.sort, relation) {
            (Sort::Relevance, Some(relation)) => NAMED + 1 + relation as usize,
            _ => NAMED + 1,
        }
    }
}

/// By so much a score may be below zero.
const LOWEST: i32 = 10_000 * 1_000;

/// What comes first by relevance: the higher score, then what is nearer.
fn by_score(score: i32, distance_cm: u32) -> u64 {
    // A score may be below zero, but by no more than one term may weigh.
    let above = score.saturating_add(LOWEST).max(0).unsigned_abs();
    u64::from(u32::MAX - above) << 32 | u64::from(distance_cm)
}

impl Matcher<'_> {
    /// The first rank whose name and identity come after a mark.
    fn rank_after(&self, mark: &Mark) -> u32 {
        let after = self.segment.by_name.partition_point(|program| {
            self.segment.last_word(*program) <= (mark.name.as_str(), mark.id)
        });
        u32::try_from(after).unwrap_or(u32::MAX)
    }

    /// What a candidate is ordered by before its name.
    fn primary(&self, candidate: &Candidate, radius: Option<Radius>) -> u64 {
        let program = candidate.program;
        match self.query.sort {
            Sort::Relevance => {
                let score = self.score(candidate, radius).total();
                by_score(score, candidate.distance_cm)
            }
            Sort::Distance => {
                let relation = candidate.relation.map_or(0, |relation| relation as u64);
                u64::from(candidate.distance_cm) << 8 | relation
            }
            Sort::NextMeeting => self.soonest(*candidate, radius),
            Sort::Name => 0,
            // Never confirmed is i64::MIN and comes last.
            Sort::Verified => {
                let confirmed_ms = self.segment.stands[program as usize].confirmed_ms;
                u64::MAX - confirmed_ms.wrapping_sub(i64::MIN).cast_unsigned()
            }
        }
    }
}
