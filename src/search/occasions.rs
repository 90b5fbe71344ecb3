//! When each offer takes place, and who shares a pattern.
//!
//! Thousands of groups meet on Tuesdays at 19:00 in New York. Their pattern is kept once, and whatever is
//! asked about times is asked of patterns: an [`Agenda`](super::agenda::Agenda) is made from these.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use roaring::RoaringBitmap;

use crate::domain::occurrence::{Plan, SharedRules};
use crate::domain::{Occurrence, PublicSession, Times, Timetable};

/// The number of no pattern.
const NONE: u32 = u32::MAX;

/// When the offers of a directory take place. Offers are numbered from 0; each is of one session.
#[derive(Debug, Default)]
pub struct Occasions {
    zones: Vec<TimeZone>,
    /// Those of meetings, then those of open hours.
    patterns: Vec<Pattern>,
    meetings: usize,
    /// The pattern of each offer.
    of: Vec<u32>,
    /// Where the offers of each pattern begin in `offers`; one more than there are patterns.
    starts: Vec<u32>,
    offers: Vec<u32>,
    always: RoaringBitmap,
    unknown: RoaringBitmap,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pattern {
    zone: u16,
    /// Whether it is of open hours.
    hours: bool,
    plan: Plan,
}

impl Occasions {
    /// Puts the sessions of offers in order. What was over before `since` is forgotten: it must not be
    /// later than any question that is asked of it.
    pub fn new<'a>(
        since: Timestamp,
        sessions: impl IntoIterator<Item = (u32, &'a PublicSession)>,
    ) -> Self {
        let mut made = Making::default();
        for (offer, session) in sessions {
            made.add(since.as_second(), offer, session.times());
        }
        made.finish()
    }

    /// Offers whose times nobody has told. They satisfy no window; one can ask.
    pub fn unknown(&self) -> &RoaringBitmap {
        &self.unknown
    }

    /// Offers that are open day and night.
    pub fn always(&self) -> &RoaringBitmap {
        &self.always
    }

    /// What is known of an offer's times: `times(…).standing(now)` has `open_now`, `opens_at`, `closes_at`.
    pub fn times(&self, offer: u32) -> Times {
        if let Some((zone, pattern)) = self.pattern_of(offer) {
            let timetable = Timetable::from_plan(zone.clone(), pattern.plan.clone());
            if pattern.hours { Times::OpenHours(timetable) } else { Times::Meetings(timetable) }
        } else if self.always.contains(offer) {
            Times::Always
        } else if self.unknown.contains(offer) {
            Times::Unknown
        } else {
            Times::Never
        }
    }

    /// The meeting or the open hours in progress or next at `at`, however far away.
    pub fn next_after(&self, offer: u32, at: Timestamp) -> Option<Occurrence> {
        match self.pattern_of(offer)? {
            (_, pattern) if pattern.hours => self.times(offer).next_after(at),
            (zone, pattern) => pattern
                .plan
                .not_over(zone, at.as_second())
                .find_map(crate::domain::occurrence::occurrence),
        }
    }

    /// The zone that an offer's clock is in.
    pub fn zone(&self, offer: u32) -> Option<&TimeZone> {
        self.pattern_of(offer).map(|(zone, _)| zone)
    }

    /// How many offers there are numbers for.
    pub(super) fn count(&self) -> usize {
        self.of.len()
    }

    /// How many patterns there are of meetings, and in all. Meetings come first.
    pub fn patterns(&self) -> (usize, usize) {
        (self.meetings, self.patterns.len())
    }

    /// The plan of a pattern with its zone.
    pub(super) fn plan(&self, pattern: usize) -> (&TimeZone, &Plan) {
        let pattern = &self.patterns[pattern];
        (&self.zones[usize::from(pattern.zone)], &pattern.plan)
    }

    /// The number of an offer's pattern.
    pub(super) fn number_of(&self, offer: u32) -> Option<usize> {
        let number = *self.of.get(offer as usize)?;
        (number != NONE).then_some(number as usize)
    }

    /// The offers of a pattern, in order.
    pub(super) fn offers_of(&self, pattern: usize) -> &[u32] {
        &self.offers[self.starts[pattern] as usize..self.starts[pattern + 1] as usize]
    }

    /// How many bytes it holds, days off and the like counted roughly.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.patterns[..])
            + size_of_val(&self.of[..])
            + size_of_val(&self.starts[..])
            + size_of_val(&self.offers[..])
            + self.patterns.iter().map(|pattern| pattern.plan.heap_bytes()).sum::<usize>()
            + self.always.serialized_size()
            + self.unknown.serialized_size()
    }

    fn pattern_of(&self, offer: u32) -> Option<(&TimeZone, &Pattern)> {
        let pattern = &self.patterns[self.number_of(offer)?];
        Some((&self.zones[usize::from(pattern.zone)], pattern))
    }
}

#[derive(Default)]
struct Making {
    zones: Vec<TimeZone>,
    rules: SharedRules,
    numbers: HashMap<Pattern, u32>,
    /// By the order in which patterns were found.
    of: Vec<u32>,
    always: RoaringBitmap,
    unknown: RoaringBitmap,
}

impl Making {
    fn add(&mut self, since: i64, offer: u32, times: Times) {
        let at = offer as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, NONE);
        }
        let (hours, timetable) = match times {
            Times::Unknown => {
                self.unknown.insert(offer);
                return;
            }
            Times::Always => {
                self.always.insert(offer);
                return;
            }
            Times::Never => return,
            Times::Meetings(timetable) => (false, timetable),
            Times::OpenHours(timetable) => (true, timetable),
        };
        let (zone, mut plan) = timetable.into_plan();
        plan.forget(&zone, since);
        if plan.not_over(&zone, since).next().is_none() {
            return;
        }
        plan.share(&mut self.rules);
        let zone = self.zones.iter().position(|known| *known == zone).unwrap_or_else(|| {
            self.zones.push(zone);
            self.zones.len() - 1
        });
        // There are fewer than 600 zones.
        let Ok(zone) = u16::try_from(zone) else { return };
        let next = u32::try_from(self.numbers.len()).unwrap_or(NONE);
        self.of[at] = *self.numbers.entry(Pattern { zone, hours, plan }).or_insert(next);
    }

    /// Numbers the patterns anew, meetings first, and gathers the offers of each.
    fn finish(self) -> Occasions {
        let mut found: Vec<(Pattern, u32)> = self.numbers.into_iter().collect();
        found.sort_unstable_by_key(|(pattern, number)| (pattern.hours, *number));
        let mut renumbered = vec![0; found.len()];
        for (new, (_, old)) in (0..).zip(&found) {
            renumbered[*old as usize] = new;
        }
        let mut of = self.of;
        of.shrink_to_fit();
        let mut starts = vec![0; found.len() + 1];
        for number in of.iter_mut().filter(|number| **number != NONE) {
            *number = renumbered[*number as usize];
            starts[*number as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut offers = vec![0; starts.last().map_or(0, |count| *count as usize)];
        for (offer, number) in (0..).zip(&of).filter(|(_, number)| **number != NONE) {
            let place = &mut next[*number as usize];
            offers[*place as usize] = offer;
            *place += 1;
        }
        Occasions {
            zones: self.zones,
            meetings: found.iter().filter(|(pattern, _)| !pattern.hours).count(),
            patterns: found.into_iter().map(|(pattern, _)| pattern).collect(),
            of,
            starts,
            offers,
            always: self.always,
            unknown: self.unknown,
        }
    }
}
