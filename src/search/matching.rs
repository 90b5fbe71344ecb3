//! Which programs of a segment match, and how each stands to the person.

use std::cell::OnceCell;

use jiff::civil::Date;

use super::bits::{self, Bits, BlockSet, programs_of};
use super::blocks::Distant;
use super::columns::Field;
use super::coming::Coming;
use super::coverage::Reaching;
use super::facets::FacetField;
use super::filters::Filter;
use super::matched::{Apart, Matched};
use super::matters::{Has, Mattering};
use super::offers::{attendance_bit, channel_bit};
use super::query::{Query, Radius};
use super::rooms::Rooms;
use super::score::{Score, fit_of_all};
use super::segment::Segment;
use super::snapshot::Part;
use super::timed::Timed;
use super::words::{Answering, Wording};
use crate::domain::words::words;
use crate::domain::{self, Term};

words! {
    /// How a program stands to the person.
    pub enum Relation {
        /// It meets near them.
        Near = "near",
        /// It reaches the area they are in.
        ServesArea = "serves_area",
        /// It is open to everybody in their country, or everywhere.
        OpenTo = "open_to",
        /// It meets in chapters that are not listed here.
        FindAChapter = "find_a_chapter",
    }
}

/// A program that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The program's number.
    pub program: u32,
    /// How it stands to the person; `None` when nobody said where the person is.
    pub relation: Option<Relation>,
    /// Centimeters to the nearest matching session's public point.
    pub(super) distance_cm: Option<u32>,
    /// Whether the words are a whole name of it.
    pub(super) named: bool,
    /// What the words are worth in it.
    pub(super) words: u32,
    /// What it is worth in all.
    pub score: Score,
    /// The terms recognised in the words of the search that it has: where each is among all terms.
    pub(super) terms: Vec<usize>,
    /// Whether the person's age was asked for, and it says that it takes that age.
    pub(super) takes_age: bool,
    /// Whether it has each thing that matters, in the order of the query.
    pub(super) matters: Vec<Has>,
    /// Whether it takes place when that is wished for.
    pub(super) wished: Option<Has>,
    /// The sessions that match, nearest first.
    pub(super) sessions: Vec<u16>,
    /// When the first of them takes place; `None` when nobody has told.
    pub(super) coming: Option<Coming>,
}

impl Match {
    /// Whether the words of the search are a whole name of it, or of its organization.
    pub const fn is_named(&self) -> bool {
        self.named
    }

    /// What the words of the search are worth in it; zero without words.
    pub const fn words(&self) -> u32 {
        self.words
    }

    /// Whether it has each thing that matters, in the order of the query.
    pub fn matters(&self) -> &[Has] {
        &self.matters
    }

    /// Whether it takes place when that is wished for; `None` without a wish.
    pub const fn wished(&self) -> Option<Has> {
        self.wished
    }

    /// Whether the person's age was asked for, and it says that it takes that age.
    pub const fn takes_age(&self) -> bool {
        self.takes_age
    }

    /// When it takes place next, by one of its matching sessions; `None` when nobody has told.
    pub const fn coming(&self) -> Option<&Coming> {
        self.coming.as_ref()
    }

    /// Meters to the nearest matching session's public point.
    pub fn distance_m(&self) -> Option<u32> {
        self.distance_cm.map(|cm| (cm + 50) / 100)
    }
}

/// A match without what only the shown ones need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) program: u32,
    pub(super) relation: Option<Relation>,
    /// `u32::MAX` when it has no distance.
    pub(super) distance_cm: u32,
}

/// What is asked, with what is worked out once for all segments.
pub(super) struct Asked<'a> {
    pub(super) query: &'a Query,
    pub(super) origin: Option<domain::Origin>,
    pub(super) today: Date,
    /// The organizations that are asked for; empty as well when none is known.
    pub(super) organizations: Vec<u128>,
    /// The words; `None` when there are none to look for.
    words: Option<Wording>,
    /// The terms that were recognised in the words.
    terms: Vec<Recognised<'a>>,
    attendance: u8,
    channels: u8,
}

/// A term that was recognised in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recognised<'a> {
    /// Where it is among all terms.
    pub(super) number: usize,
    pub(super) field: Field,
    pub(super) key: &'a str,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        query: &'a Query,
        organizations: Vec<u128>,
        words: Option<Wording>,
        all_terms: &'a [Term],
    ) -> Self {
        let numbers = words.iter().flat_map(Wording::terms).map(|number| number.0 as usize);
        let terms = numbers.filter_map(|number| {
            let term = all_terms.get(number)?;
            Some(Recognised { number, field: Field::of(term.taxonomy), key: term.key.as_str() })
        });
        Self {
            query,
            terms: terms.collect(),
            words,
            origin: query.near.as_ref().map(|near| domain::Origin::new(near.place.position)),
            today: query.today(),
            organizations,
            attendance: query.attendance.iter().fold(0, |bits, way| bits | attendance_bit(*way)),
            channels: query.channels.iter().fold(0, |bits, way| bits | channel_bit(*way)),
        }
    }
}

/// A query against a segment.
pub(super) struct Matcher<'a> {
    pub(super) segment: &'a Segment,
    /// The programs of the segment that have changed or ended since it was made.
    pub(super) gone: Option<&'a Bits>,
    pub(super) query: &'a Query,
    pub(super) origin: Option<domain::Origin>,
    pub(super) today: Date,
    /// Where there is room today, if that has been worked out.
    pub(super) rooms: Option<&'a Rooms>,
    pub(super) organizations: &'a [u128],
    /// The words that are looked for.
    pub(super) wording: Option<&'a Wording>,
    /// The programs that have the words, as far as this search looks by itself; `None` without words.
    pub(super) words: Option<Answering>,
    /// The programs of which the words are a whole name, in ascending order.
    named: Vec<u32>,
    /// What reaches the place; nothing without one.
    pub(super) reaching: Vec<Reaching>,
    /// What is within the radius, whatever it is about; found once for all facets.
    pub(super) around: OnceCell<(Radius, BlockSet)>,
    /// The blocks around the place, as far as the search looks by itself.
    pub(super) distant: OnceCell<Vec<Distant>>,
    pub(super) attendance: u8,
    pub(super) channels: u8,
    terms: &'a [Recognised<'a>],
    /// The most that the words can be worth.
    pub(super) most_worth: u32,
    /// What every match is worth for its fit, when that is the same.
    pub(super) fit_of_all: Option<u32>,
    /// What matters to the person without being a must.
    pub(super) mattering: Vec<Mattering<'a>>,
    /// When sessions must take place.
    pub(super) timed: Timed<'a>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(part: &'a Part, asked: &'a Asked<'a>) -> Self {
        let (segment, gone, query) = (&*part.segment, part.gone.as_deref(), asked.query);
        let wording = asked.words.as_ref();
        let mut matcher = Self {
            segment,
            gone,
            query,
            origin: asked.origin,
            today: asked.today,
            rooms: part.rooms.as_deref().filter(|rooms| rooms.is_of(asked.today)),
            organizations: &asked.organizations,
            wording,
            words: None,
            named: wording.map(|words| segment.words.named(words)).unwrap_or_default(),
            reaching: match &query.near {
                Some(near) if query.bounds.is_none() => segment.reach.of(&near.place),
                _ => Vec::new(),
            },
            around: OnceCell::new(),
            distant: OnceCell::new(),
            attendance: asked.attendance,
            channels: asked.channels,
            terms: &asked.terms,
            most_worth: wording.map_or(0, Wording::most),
            fit_of_all: fit_of_all(query),
            mattering: query.matters.iter().map(|matter| matter.of(segment)).collect(),
            timed: Timed::new(query, part),
        };
        matcher.words = wording.map(|words| segment.words.find(words, &matcher.within_reach()));
        matcher
    }

    /// The recognised terms that a program has.
    pub(super) fn terms_of(&self, program: u32) -> Vec<usize> {
        let has = |term: &&Recognised<'_>| {
            let members = self.segment.columns.field(term.field).programs(term.key);
            members.is_some_and(|members| members.contains(program))
        };
        self.terms.iter().filter(has).map(|term| term.number).collect()
    }

    /// Everything of the segment that matches; what is within the radius was found before.
    pub(super) fn matched(
        &self,
        filter: &Filter<'_>,
        mut placed: Vec<(u32, u32)>,
        radius: Option<Radius>,
    ) -> Matched {
        if radius.is_none() {
            return self.anywhere(filter);
        }
        placed.sort_unstable();
        let mut near = BlockSet::new();
        for (program, _) in &placed {
            bits::push(&mut near, *program);
        }
        let apart = self.apart(filter, &near, None);
        let placed_relation = Some(Relation::Near);
        Matched { placed, apart, placed_relation, ..Matched::default() }
    }

    /// The programs that match within the same reach when the filter on `skip` is left out: those
    /// that are near, then the others. For facets.
    pub(super) fn matched_without(
        &self,
        skip: FacetField,
        radius: Option<Radius>,
    ) -> (BlockSet, BlockSet) {
        let filter = self.passing(Some(skip));
        let Some(radius) = radius else {
            return self.anywhere_without(&filter, Some(skip)).blocks().clone();
        };
        let near = self.near_blocks(&filter, radius, Some(skip));
        let others = self.apart(&filter, &near, Some(skip));
        let others = others.iter().map(|apart| (apart.block, apart.all())).collect();
        (near, others)
    }

    /// What passes and reaches the place without a meeting near it.
    fn apart(&self, filter: &Filter<'_>, near: &BlockSet, skip: Option<FacetField>) -> Vec<Apart> {
        let mut found = Vec::new();
        let mut near = near.iter().peekable();
        let mut passing = filter.walk();
        for reaching in &self.reaching {
            let Reaching { block, serving, open } = *reaching;
            while near.next_if(|(at, _)| *at < block).is_some() {}
            let seen = near.next_if(|(at, _)| *at == block).map_or(0, |(_, word)| *word);
            let passing = passing.word(block) & (serving | open) & !seen;
            if passing == 0 {
                continue;
            }
            let (suiting, chapters) = self.suiting_apart(block, passing, skip);
            if suiting != 0 {
                found.push(Apart {
                    block,
                    serving: suiting & serving & !chapters,
                    open: suiting & open & !serving & !chapters,
                    chapters,
                });
            }
        }
        found
    }

    /// The programs with a suitable offer that needs no place, and those of them that only have
    /// chapters to offer.
    fn suiting_apart(&self, block: u32, word: u64, skip: Option<FacetField>) -> (u64, u64) {
        let attendance = if skip == Some(FacetField::Attendance) { 0 } else { self.attendance };
        let channels = if skip == Some(FacetField::Channel) { 0 } else { self.channels };
        let segment = self.segment;
        let (suiting, chapters) = match (attendance, channels) {
            _ if self.timed.is_asked() => {
                return self.apart_by_session(block as usize, word, skip);
            }
            (0, 0) => (word, segment.chapters_only.word(block as usize)),
            (ways, 0) => segment.ways_apart.attended(ways, block as usize),
            (0, ways) => segment.ways_apart.reached(ways, block as usize),
            _ => return self.apart_by_session(block as usize, word, skip),
        };
        (word & suiting, word & chapters)
    }

    /// The programs with a suitable offer that needs no place, and those of them that only have
    /// chapters to offer.
    fn apart_by_session(&self, block: usize, word: u64, skip: Option<FacetField>) -> (u64, u64) {
        let offers = &self.segment.offers;
        let (mut suiting, mut chapters) = (0, 0);
        for program in programs_of(block, word) {
            let (_, bit) = bits::block_of(program);
            let mut suitable = offers
                .of(program)
                .filter(|offer| !offers.is_placed(*offer) && self.suits(*offer, skip))
                .peekable();
            if suitable.peek().is_some() {
                suiting |= bit;
                if suitable.all(|offer| offers.is_chapter(offer)) {
                    chapters |= bit;
                }
            }
        }
        (suiting, chapters)
    }

    /// What matches when no radius bounds the search: everything, or what is in the box.
    pub(super) fn anywhere(&self, filter: &Filter<'_>) -> Matched {
        self.anywhere_without(filter, None)
    }

    fn anywhere_without(&self, filter: &Filter<'_>, skip: Option<FacetField>) -> Matched {
        let offers = &self.segment.offers;
        if let Some(bounds) = self.query.bounds {
            let mut placed = Vec::new();
            let blocks = &self.segment.blocks;
            let mut passing = filter.walk();
            for block in blocks.touched_by_box(bounds) {
                for program in programs_of(block as usize, passing.word(block)) {
                    let suitable = offers.of(program).filter(|offer| self.suits(*offer, skip));
                    let distances = suitable.map(|offer| {
                        let origin = self.origin.as_ref();
                        let distance_m = origin.and_then(|from| offers.distance_m(from, offer));
                        distance_m.map_or(u32::MAX, centimeters)
                    });
                    if let Some(nearest) = distances.min() {
                        placed.push((program, nearest));
                    }
                }
            }
            let placed_relation = self.origin.map(|_| Relation::Near);
            return Matched { placed, placed_relation, ..Matched::default() };
        }
        let mut anywhere = filter.all();
        if self.picks_sessions() {
            let suits = |program: &u32| offers.of(*program).any(|offer| self.suits(offer, skip));
            for (block, word) in &mut anywhere {
                *word = programs_of(*block as usize, *word)
                    .filter(suits)
                    .fold(0, |word, program| word | bits::block_of(program).1);
            }
            anywhere.retain(|(_, word)| *word != 0);
        }
        Matched { anywhere, ..Matched::default() }
    }

    /// Whether a program reaches the place without a meeting near it.
    pub(super) fn reaches(&self, program: u32) -> bool {
        let (block, bit) = bits::block_of(program);
        let at = self.reaching.binary_search_by_key(&block, |reaching| reaching.block as usize);
        at.is_ok_and(|at| (self.reaching[at].serving | self.reaching[at].open) & bit != 0)
    }

    /// Whether there are words to look for.
    pub(super) const fn has_words(&self) -> bool {
        self.wording.is_some()
    }

    /// Whether the words are a whole name of a program.
    pub(super) fn is_named(&self, program: u32) -> bool {
        self.named.binary_search(&program).is_ok()
    }

    /// Whether the words are a whole name of any program, also of one that does not match.
    pub(super) const fn names_any(&self) -> bool {
        !self.named.is_empty()
    }

    /// What the words are worth in a program.
    pub(super) fn worth(&self, program: u32) -> u32 {
        self.words.as_ref().map_or(0, |words| words.worth(program))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 20,040 km")]
pub(super) fn centimeters(distance_m: f64) -> u32 {
    (distance_m * 100.0).round() as u32
}
