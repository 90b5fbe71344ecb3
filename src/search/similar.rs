//! Programs like another: for the same need, the same people, of the same form, and within the same reach.
//!
//! A program is worth to those who look at another the sum of four terms, in thousandths of a point:
//!
//! * `need`, 400 points: the part of the topics of both, wider ones included, that both have.
//! * `audience`, 200 points: the same of the audiences; half when neither names any.
//! * `form`, 150 points: 100 for the same form of help, and the part of the kinds of both that both have
//!   of 50.
//! * `reach`, 250 points. When the other has a public place: near it, the weight times
//!   10 km / (10 km + distance), up to 160 km; half of it for what serves the area of that place, a quarter
//!   for what is open to its country, an eighth for what meets in chapters not listed here. When it has
//!   none: all of it for what serves one of the same states, counties or postal areas, half for what is
//!   open to one of its countries or to everybody.
//!
//! What shares no topic, is out of reach or is for other people is not like it.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use super::bits::{block_of, programs_of};
use super::columns::Field;
use super::coverage::Reaching;
use super::matching::{Candidate, Match, Relation};
use super::query::{Choice, Origin, Query, Radius, Standpoint};
use super::rank::Search;
use super::render::Telling;
use super::score::{placed, share};
use super::segment::Segment;
use super::snapshot::Snapshot;
use crate::domain::{Coverage, Position, Taxonomy, TermKey};

const NEED: u32 = 400;
const AUDIENCE: u32 = 200;
const FORM: u32 = 100;
const KINDS: u32 = 50;
const REACH: u32 = 250;

/// How much a program is like another, in thousandths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    /// What it helps with.
    pub need: u32,
    /// Whom it is for.
    pub audience: u32,
    /// The form of help and its kinds.
    pub form: u32,
    /// Who can take part.
    pub reach: u32,
}

impl Likeness {
    /// The sum of the terms, in thousandths of a point.
    pub const fn total(&self) -> u32 {
        self.need + self.audience + self.form + self.reach
    }

    /// The terms by their names.
    pub const fn terms(&self) -> [(&'static str, u32); 4] {
        [
            ("need", self.need),
            ("audience", self.audience),
            ("form", self.form),
            ("reach", self.reach),
        ]
    }
}

/// A program that is like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// The program, and how it stands to the place of the other, or to those whom the other reaches.
    pub found: Match,
    /// How much it is like the other.
    pub likeness: Likeness,
    /// The topics of both: where each is among all terms, without those that are wider than another.
    pub(super) topics: Vec<usize>,
}

/// A program that may be among the likest.
#[derive(Debug, Clone, Copy)]
struct Alike {
    part: usize,
    candidate: Candidate,
    likeness: Likeness,
}

impl Snapshot {
    /// Where a program meets first, as the public may know it; `None` when it has no public place.
    pub fn first_place(&self, program: u32) -> Option<Position> {
        let (segment, program) = self.segment_of(program);
        let mut offers = segment.offers.of(program);
        let offer = offers.find(|offer| segment.offers.is_placed(*offer))?;
        let session = usize::from(segment.offers.session(offer)?);
        segment.placed(program, session)?.1.position()
    }

    /// The programs that are most like another, at most `limit` of them: the likest first, then by name,
    /// then by identity. `place` is where the other [meets first](Self::first_place).
    pub fn similar(
        &self,
        program: u32,
        place: Option<Standpoint>,
        (now, clock): (Timestamp, Timestamp),
        age: Option<u8>,
        limit: usize,
    ) -> Vec<Similar> {
        let (segment, number) = self.segment_of(program);
        let values = |field| segment.columns.field(field).values_of(number);
        let topics: Vec<Arc<str>> = values(Field::Topic).collect();
        if topics.is_empty() {
            return Vec::new();
        }
        let any = |field, values: &mut dyn Iterator<Item = Arc<str>>| Choice {
            field,
            any: values.map(|value| value.to_string()).collect(),
            all: Vec::new(),
            none: Vec::new(),
        };
        let coverage = place.is_none().then(|| segment.coverage(number));
        let near = place.map(|place| Origin { place, radius: Some(Radius::WIDEST) });
        let query = Query {
            near,
            choices: vec![
                any(Field::Topic, &mut topics.iter().cloned()),
                any(Field::For, &mut values(Field::For)),
            ],
            age,
            clock,
            ..Query::all(now)
        };
        let asked = self.asked(&query);
        let search = Search::new(self, &query, &asked);
        let found = search.run();

        let last_word =
            |alike: &Alike| search.matchers[alike.part].segment.last_word(alike.candidate.program);
        let order = |a: &Alike, b: &Alike| -> Ordering {
            let by_score = b.likeness.total().cmp(&a.likeness.total());
            by_score.then_with(|| last_word(a).cmp(&last_word(b)))
        };
        let limit = limit.max(1);
        let mut best: Vec<Alike> = Vec::new();
        for (part, (matcher, matched)) in search.matchers.iter().zip(&found.matched).enumerate() {
            let model = Model::new(segment, number, matcher.segment);
            let of_same = coverage.as_ref().map(|it| matcher.segment.reach.shared_with(it));
            let unplaced = matched.unplaced().flat_map(|(relation, block, word)| {
                let far = move |program| Candidate { program, relation, distance_cm: u32::MAX };
                programs_of(block as usize, word).map(far)
            });
            for candidate in matched.placed().chain(unplaced) {
                if self.parts[part].first + candidate.program == program {
                    continue;
                }
                let standing = match &of_same {
                    None => {
                        let Candidate { relation, distance_cm, .. } = candidate;
                        Some((relation, placed(REACH, relation, distance_cm)))
                    }
                    Some(of_same) => standing(of_same, matcher.segment, candidate.program),
                };
                let Some((relation, reach)) = standing else { continue };
                let candidate = Candidate { relation, ..candidate };
                let likeness = model.likeness(candidate.program, reach);
                best.push(Alike { part, candidate, likeness });
                if best.len() >= 4 * limit.max(16) {
                    best.select_nth_unstable_by(limit - 1, order);
                    best.truncate(limit);
                }
            }
        }
        best.sort_unstable_by(order);
        best.truncate(limit);
        let told = best.into_iter().map(|Alike { part, candidate, likeness }| {
            let matcher = &search.matchers[part];
            let shown = matcher.shown(candidate, found.radius);
            let topics = self.narrowest_shared(&topics, matcher.segment, candidate.program);
            let first = self.parts[part].first;
            Similar { found: Match { program: first + shown.program, ..shown }, likeness, topics }
        });
        told.collect()
    }

    /// The topics that a program has as well, without those that are wider than another of them.
    fn narrowest_shared(&self, topics: &[Arc<str>], segment: &Segment, program: u32) -> Vec<usize> {
        let has: Vec<Arc<str>> = segment.columns.field(Field::Topic).values_of(program).collect();
        let shared = topics.iter().filter(|topic| has.contains(topic)).map(|topic| &**topic);
        let shared: Vec<&str> = shared.collect();
        let parent = |topic: &&str| self.term(Taxonomy::Topic, topic)?.parent.as_ref();
        let wider: Vec<&str> = shared.iter().filter_map(parent).map(TermKey::as_str).collect();
        let narrow = shared.iter().filter(|topic| !wider.contains(topic));
        let numbers = narrow.filter_map(|topic| self.backdrop().number_of(Taxonomy::Topic, topic));
        let mut numbers: Vec<usize> = numbers.collect();
        numbers.sort_unstable();
        numbers
    }

    /// Writes programs that are like another, separated by commas, as results of a search; with `more`
    /// fields, each after a comma, at the end of how each one stands.
    pub fn write_similar(
        &self,
        out: &mut Vec<u8>,
        similar: &[Similar],
        telling: &Telling<'_>,
        mut more: impl FnMut(&mut Vec<u8>, &Match),
    ) {
        for (at, similar) in similar.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let (segment, program) = self.segment_of(similar.found.program);
            segment.write_result(out, program, &similar.found, telling);
            let verification = segment.stands[program as usize].verification(telling.now);
            self.backdrop().write_likeness(out, similar, verification, telling);
            out.pop();
            self.write_warnings(out, similar.found.program, telling);
            more(out, &similar.found);
            out.extend_from_slice(b"}}");
        }
    }
}

/// How a program reaches those whom another one without a place reaches, and what that is worth; `None`
/// when it does not.
fn standing(
    of_same: &[Reaching],
    segment: &Segment,
    program: u32,
) -> Option<(Option<Relation>, u32)> {
    let (block, bit) = block_of(program);
    let at = of_same.binary_search_by_key(&block, |reaching| reaching.block as usize).ok()?;
    let serves = of_same[at].serving & bit != 0;
    let is_open = of_same[at].open & bit != 0;
    let relation = match (segment.chapters_only.contains(program), serves) {
        (true, _) => Relation::FindAChapter,
        (false, true) => Relation::ServesArea,
        (false, false) => Relation::OpenTo,
    };
    let worth = share(REACH, if serves { 2 } else { 1 }, 2);
    (serves || is_open).then_some((Some(relation), worth))
}

/// What a program has of a field, in the numbers of another segment.
struct Values {
    field: Field,
    /// How many there are, those that nobody in the segment has included.
    many: usize,
    known: Vec<u16>,
}

/// The program that others are held against, in the numbers of their segment.
struct Model<'s> {
    segment: &'s Segment,
    topics: Values,
    audiences: Values,
    forms: Values,
    kinds: Values,
}

impl<'s> Model<'s> {
    fn new(of: &Segment, program: u32, segment: &'s Segment) -> Self {
        let values = |field| {
            let own = of.columns.field(field);
            let known = own.values_of(program);
            let known = known.filter_map(|value| segment.columns.field(field).number(&value));
            Values { field, many: own.of(program).count(), known: known.collect() }
        };
        Self {
            segment,
            topics: values(Field::Topic),
            audiences: values(Field::Audience),
            forms: values(Field::Form),
            kinds: values(Field::Kind),
        }
    }

    /// How many values both have, and how many there are of both.
    fn common(&self, values: &Values, program: u32) -> (u64, u64) {
        let (mut shared, mut others) = (0, 0);
        for value in self.segment.columns.field(values.field).of(program) {
            if values.known.contains(&value) {
                shared += 1;
            } else {
                others += 1;
            }
        }
        (shared, others + values.many as u64)
    }

    fn likeness(&self, program: u32, reach: u32) -> Likeness {
        let part = |points, values| {
            let (shared, all) = self.common(values, program);
            share(points, shared, all)
        };
        let audience = match self.common(&self.audiences, program) {
            (_, 0) => share(AUDIENCE, 1, 2),
            (shared, all) => share(AUDIENCE, shared, all),
        };
        Likeness {
            need: part(NEED, &self.topics),
            audience,
            form: part(FORM, &self.forms) + part(KINDS, &self.kinds),
            reach,
        }
    }
}

impl Segment {
    /// Where a person must be to take part in a program.
    fn coverage(&self, program: u32) -> Coverage {
        #[derive(Deserialize)]
        struct Covering {
            #[serde(default)]
            coverage: Coverage,
        }
        // What was written when the segment was made can be read again.
        let covering = serde_json::from_slice::<Covering>(&self.own(program));
        covering.map(|covering| covering.coverage).unwrap_or_default()
    }
}
