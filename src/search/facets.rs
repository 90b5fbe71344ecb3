//! Counts beside the results: how many there are with each value.
//!
//! Counts are disjunctive: a field's own choice does not shrink its counts, so that they say what
//! choosing another value would find.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use super::bits::{BlockSet, programs_of};
use super::columns::Field;
use super::day::{Day, TimeOfDay};
use super::matched::Matched;
use super::matching::Matcher;
use super::offers::{attendance_bit, channel_bit};
use super::query::Radius;
use crate::domain::words::UnknownWord;
use crate::domain::{AcceptingStatus, Attendance, Channel};

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetField {
    /// A field of programs.
    Field(Field),
    /// How sessions are attended.
    Attendance,
    /// What sessions are reached by.
    Channel,
    /// Whether there is room.
    Accepting,
    /// The days of the week on which sessions take place.
    Day,
    /// The times of day at which sessions take place.
    TimeOfDay,
}

impl FacetField {
    /// The words of everything that can be counted.
    pub const WORDS: &'static [&'static str] = &[
        "kind",
        "form",
        "topic",
        "audience",
        "approach",
        "accessibility",
        "activity",
        "language",
        "cost",
        "access",
        "for",
        "criteria",
        "answer",
        "attendance",
        "channel",
        "accepting",
        "day",
        "time_of_day",
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Field(field) => field.as_str(),
            Self::Attendance => "attendance",
            Self::Channel => "channel",
            Self::Accepting => "accepting",
            Self::Day => "day",
            Self::TimeOfDay => "time_of_day",
        }
    }
}

impl FromStr for FacetField {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "attendance" => Ok(Self::Attendance),
            "channel" => Ok(Self::Channel),
            "accepting" => Ok(Self::Accepting),
            "day" => Ok(Self::Day),
            "time_of_day" => Ok(Self::TimeOfDay),
            _ => text
                .parse()
                .map(Self::Field)
                .map_err(|_unknown| UnknownWord { expected: Self::WORDS }),
        }
    }
}

/// How many results have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub value: Arc<str>,
    /// How many results have it.
    pub count: u32,
}

/// The counts of the facets that were asked for, in that order; of each, the most frequent first.
pub type FacetCounts = Vec<(FacetField, Vec<FacetCount>)>;

impl Matcher<'_> {
    /// Adds the segment's counts of a facet to `counts`.
    pub(super) fn count(
        &self,
        facet: FacetField,
        matched: &Matched,
        radius: Option<Radius>,
        counts: &mut Counts,
    ) {
        let filtered = match facet {
            FacetField::Field(field) => self.filters_by(field),
            FacetField::Attendance => !self.query.attendance.is_empty(),
            FacetField::Channel => !self.query.channels.is_empty(),
            FacetField::Accepting => !self.query.accepting.is_empty(),
            FacetField::Day => self.query.window.asks_for_day(),
            // A night that begins on a day that is asked for ends on another.
            FacetField::TimeOfDay => {
                let window = &self.query.window;
                window.asks_for_time_of_day() || window.asks_for_day()
            }
        };
        if let FacetField::Field(field) = facet {
            let column = self.segment.columns.field(field);
            let open = radius.filter(|_| filtered).zip(self.open_counts(field));
            let tally = if let Some((radius, open)) = open {
                let mut tally = open.to_vec();
                column.tally(self.besides_open(facet, radius).iter(), &mut tally);
                tally
            } else {
                let mut tally = vec![0; column.len()];
                let counted = self.counted(facet, filtered, matched, radius);
                let (near, others) = counted.as_ref();
                column.tally(near.iter().chain(others), &mut tally);
                tally
            };
            counts.add(column.names().cloned().zip(tally));
            return;
        }
        let counted = self.counted(facet, filtered, matched, radius);
        let (near, others) = counted.as_ref();
        match facet {
            FacetField::Attendance
            | FacetField::Channel
            | FacetField::Day
            | FacetField::TimeOfDay => {
                let mut tally = [0_u32; 8];
                for (blocks, is_near) in [(near, true), (others, false)] {
                    for (block, word) in blocks {
                        for program in programs_of(*block as usize, *word) {
                            let bits = self.ways_in(facet, program, is_near, radius);
                            for (at, count) in tally.iter_mut().enumerate() {
                                *count += u32::from(bits >> at & 1);
                            }
                        }
                    }
                }
                let of = |bit: u8| tally[bit.trailing_zeros() as usize];
                match facet {
                    FacetField::Attendance => {
                        let ways = Attendance::ALL.iter();
                        counts.add(ways.map(|way| (way.as_str().into(), of(attendance_bit(*way)))));
                    }
                    FacetField::Channel => {
                        let ways = Channel::ALL.iter();
                        counts.add(ways.map(|way| (way.as_str().into(), of(channel_bit(*way)))));
                    }
                    _ => {
                        let day = facet == FacetField::Day;
                        let words = if day { Day::WORDS } else { TimeOfDay::WORDS };
                        counts.add(words.iter().map(|word| (*word).into()).zip(tally));
                    }
                }
            }
            FacetField::Field(_) | FacetField::Accepting => {
                let mut tally = vec![0; AcceptingStatus::ALL.len()];
                let all = near.iter().chain(others);
                if let Some(rooms) = self.rooms {
                    for (at, word) in all {
                        for (tally, status) in tally.iter_mut().zip(AcceptingStatus::ALL) {
                            *tally += (word & rooms.with(*status).word(*at)).count_ones();
                        }
                    }
                } else {
                    for program in all.flat_map(|(at, word)| programs_of(*at as usize, *word)) {
                        tally[self.room(program) as usize] += 1;
                    }
                }
                counts.add(AcceptingStatus::WORDS.iter().map(|word| (*word).into()).zip(tally));
            }
        }
    }

    /// The programs that are counted: those that are near, then the others.
    fn counted<'m>(
        &self,
        facet: FacetField,
        filtered: bool,
        matched: &'m Matched,
        radius: Option<Radius>,
    ) -> Cow<'m, (BlockSet, BlockSet)> {
        if filtered {
            Cow::Owned(self.matched_without(facet, radius))
        } else {
            Cow::Borrowed(matched.blocks())
        }
    }

    /// The counts of what is open to the place, if they are kept.
    fn open_counts(&self, field: Field) -> Option<&[u32]> {
        let place = &self.query.near.as_ref()?.place;
        let segment = self.segment;
        let counts = segment.open_counts.of(&segment.columns, self.query, place, field);
        counts.filter(|_| self.gone.is_none())
    }

    /// What is near or serves the area without being open to the place.
    fn besides_open(&self, facet: FacetField, radius: Radius) -> BlockSet {
        let filter = self.passing(Some(facet));
        let near = self.near_blocks(&filter, radius, Some(facet));
        let mut near = near.into_iter().peekable();
        let mut passing = filter.walk();
        let mut besides = BlockSet::new();
        for reaching in &self.reaching {
            besides.extend(std::iter::from_fn(|| near.next_if(|(at, _)| *at < reaching.block)));
            let here = near.next_if(|(at, _)| *at == reaching.block);
            let near = here.map_or(0, |(_, word)| word);
            // What is near and open is among the open ones already.
            let more = (reaching.serving | near) & !reaching.open;
            if more != 0 {
                besides.push((reaching.block, more & passing.word(reaching.block)));
            }
        }
        besides.extend(near);
        besides
    }

    /// The bits of attendance, channels, days or times of day of a program's suitable offers within
    /// reach.
    fn ways_in(&self, facet: FacetField, program: u32, near: bool, radius: Option<Radius>) -> u8 {
        let offers = &self.segment.offers;
        let within = offers.of(program).filter(|offer| {
            self.suits(*offer, Some(facet)) && self.in_reach(program, near, *offer, radius)
        });
        within.fold(0, |bits, offer| {
            bits | match facet {
                FacetField::Attendance => offers.attendance(offer),
                FacetField::Channel => offers.channels(offer),
                _ => self.timed.values(facet, offer),
            }
        })
    }

    /// Whether the person could attend this offer of a program that is near or reaches them.
    fn in_reach(&self, program: u32, is_near: bool, offer: u32, radius: Option<Radius>) -> bool {
        let (Some(origin), Some(radius)) = (&self.origin, radius) else { return true };
        match self.segment.offers.distance_m(origin, offer) {
            Some(distance_m) => distance_m <= f64::from(radius.meters()),
            None => !is_near || self.reaches(program),
        }
    }
}

/// How many results have each value, over all segments.
#[derive(Debug, Default)]
pub(super) struct Counts(Vec<FacetCount>);

impl Counts {
    fn add(&mut self, counts: impl Iterator<Item = (Arc<str>, u32)>) {
        let first = self.0.is_empty();
        for (value, count) in counts.filter(|(_, count)| *count > 0) {
            let known = (!first).then(|| self.0.iter_mut().find(|known| known.value == value));
            match known.flatten() {
                Some(known) => known.count += count,
                None => self.0.push(FacetCount { value, count }),
            }
        }
    }

    /// The most frequent first.
    pub(super) fn ordered(mut self) -> Vec<FacetCount> {
        self.0.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        self.0
    }
}
