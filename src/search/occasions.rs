//! When each offer takes place, and who shares that.
//!
//! Thousands of groups meet on Tuesdays at 19:00 in New York. Such a *rhythm* is kept once, and with a length
//! it is a *pattern*, which has offers. Whatever is asked about times is asked of rhythms and patterns: an
//! [`Agenda`](super::agenda::Agenda) lays out the coming weeks of each.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::occurrence::{Ends, Length, Plan, Shared};
use crate::domain::{Occurrence, PublicSession, Times, Timetable};

/// The numbers of no pattern: of what does not take place any more, what is always open, and what is unknown.
const NONE: u32 = u32::MAX;
const ALWAYS: u32 = u32::MAX - 1;
const UNKNOWN: u32 = u32::MAX - 2;

/// The first second of 2020: nobody asks what was over by then.
const OLDEST: i64 = 1_577_836_800;

const WEEK: i64 = 7 * 86_400;

/// When the offers of a directory take place. Offers are numbered from 0; each is of one session.
#[derive(Debug, Default)]
pub struct Occasions {
    zones: Vec<TimeZone>,
    /// The plan of each rhythm, those of meetings first, in the order of the week.
    plans: Vec<Plan>,
    /// The zone of each rhythm.
    zone_of: Vec<u16>,
    meeting_rhythms: usize,
    /// Where the patterns of each rhythm begin; one more than there are rhythms.
    patterns_of: Vec<u32>,
    /// The rhythm of each pattern.
    rhythm_of: Vec<u32>,
    /// The minutes of each pattern.
    minutes: Vec<u16>,
    /// Where the offers of each pattern begin in `offers`; one more than there are patterns.
    offers_of: Vec<u32>,
    offers: Vec<u32>,
    /// The pattern of each offer, or why it has none.
    of: Vec<u32>,
}

impl Occasions {
    /// Puts the sessions of offers in order. What was over before `since` is forgotten: `since` must not be
    /// later than any question that is asked.
    pub fn new<'a>(
        since: Timestamp,
        sessions: impl IntoIterator<Item = (u32, &'a PublicSession)>,
    ) -> Self {
        let mut made = Making::since(since);
        for (offer, session) in sessions {
            made.of.resize(made.of.len().max(offer as usize), NONE);
            made.push(session.times());
        }
        made.finish()
    }

    /// Whether nobody has told an offer's times. It satisfies no window; one can ask.
    pub fn is_unknown(&self, offer: u32) -> bool {
        self.of.get(offer as usize) == Some(&UNKNOWN)
    }

    /// Whether an offer is open day and night.
    pub fn is_always(&self, offer: u32) -> bool {
        self.of.get(offer as usize) == Some(&ALWAYS)
    }

    /// What is known of an offer's times: `times(…).standing(now)` has `open_now`, `opens_at`, `closes_at`.
    pub fn times(&self, offer: u32) -> Times {
        if let Some(pattern) = self.pattern_of(offer) {
            self.times_of(pattern)
        } else if self.is_always(offer) {
            Times::Always
        } else if self.is_unknown(offer) {
            Times::Unknown
        } else {
            Times::Never
        }
    }

    /// The meeting or the open hours in progress or next at `at`, however far away.
    pub fn next_after(&self, offer: u32, at: Timestamp) -> Option<Occurrence> {
        self.times(offer).next_after(at)
    }

    fn times_of(&self, pattern: usize) -> Times {
        let (zone, plan, length) = self.pattern(pattern);
        let timetable = Timetable::from_plan(zone.clone(), plan.clone(), length);
        match length.ends {
            Ends::AfterMinutes => Times::Meetings(timetable),
            Ends::ByTheClock => Times::OpenHours(timetable),
        }
    }

    /// The same for the offers of a pattern.
    pub(super) fn next_of(&self, pattern: usize, at: Timestamp) -> Option<Occurrence> {
        self.times_of(pattern).next_after(at)
    }

    /// The same, with the instant until which it stays the same.
    pub(super) fn next_for_a_while(
        &self,
        pattern: usize,
        at: Timestamp,
    ) -> (Option<Occurrence>, Timestamp) {
        self.times_of(pattern).next_for_a_while(at)
    }

    /// The zone that an offer's clock is in.
    pub fn zone(&self, offer: u32) -> Option<&TimeZone> {
        self.pattern_of(offer).map(|pattern| self.pattern(pattern).0)
    }

    /// How many rhythms and patterns there are, those of open hours among them.
    pub fn sizes(&self) -> (usize, usize) {
        (self.plans.len(), self.minutes.len())
    }

    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.plans[..])
            + self.plans.iter().map(Plan::shared_bytes).sum::<usize>()
            + size_of_val(&self.zone_of[..])
            + size_of_val(&self.patterns_of[..])
            + size_of_val(&self.rhythm_of[..])
            + size_of_val(&self.minutes[..])
            + size_of_val(&self.offers_of[..])
            + size_of_val(&self.offers[..])
            + size_of_val(&self.of[..])
    }

    /// How many rhythms are of meetings. They come first.
    pub(super) fn meeting_rhythms(&self) -> usize {
        self.meeting_rhythms
    }

    /// How many patterns are of meetings. They come first.
    pub(super) fn meeting_patterns(&self) -> usize {
        self.patterns_of.get(self.meeting_rhythms).map_or(0, |first| *first as usize)
    }

    /// The zone and the plan of a rhythm.
    pub(super) fn rhythm(&self, rhythm: usize) -> (&TimeZone, &Plan) {
        (&self.zones[usize::from(self.zone_of[rhythm])], &self.plans[rhythm])
    }

    /// The patterns of a rhythm.
    pub(super) fn patterns_of(&self, rhythm: usize) -> std::ops::Range<usize> {
        self.patterns_of[rhythm] as usize..self.patterns_of[rhythm + 1] as usize
    }

    /// The number of a pattern's rhythm.
    pub(super) fn rhythm_of(&self, pattern: usize) -> usize {
        self.rhythm_of[pattern] as usize
    }

    /// How long a meeting of a pattern lasts, in seconds.
    pub(super) fn seconds(&self, pattern: usize) -> i64 {
        i64::from(self.minutes[pattern]) * 60
    }

    /// The zone, the plan and the length of a pattern.
    pub(super) fn pattern(&self, pattern: usize) -> (&TimeZone, &Plan, Length) {
        let (rhythm, minutes) = (self.rhythm_of(pattern), self.minutes[pattern]);
        let (zone, plan) = self.rhythm(rhythm);
        let ends =
            if rhythm < self.meeting_rhythms { Ends::AfterMinutes } else { Ends::ByTheClock };
        (zone, plan, Length { minutes, ends })
    }

    /// The number of an offer's pattern.
    pub(super) fn pattern_of(&self, offer: u32) -> Option<usize> {
        let pattern = *self.of.get(offer as usize)?;
        (pattern < UNKNOWN).then_some(pattern as usize)
    }

    /// The offers of some patterns.
    pub(super) fn offers_of(&self, patterns: std::ops::Range<usize>) -> &[u32] {
        let (first, end) = (self.offers_of[patterns.start], self.offers_of[patterns.end]);
        &self.offers[first as usize..end as usize]
    }
}

/// [`Occasions`] in the making: offers come one after the other.
#[derive(Default)]
pub(super) struct Making {
    since: i64,
    zones: Vec<TimeZone>,
    shared: Shared,
    /// The numbers of rhythms as they were found, with where in the week each begins.
    rhythms: HashMap<(bool, u16, Plan), (u32, i64)>,
    /// The numbers of patterns as they were found, by rhythm and minutes.
    patterns: HashMap<(u32, u16), u32>,
    of: Vec<u32>,
}

impl Making {
    /// Forgets what was over before `since`, and before 2020.
    pub(super) fn since(since: Timestamp) -> Self {
        Self { since: since.as_second().max(OLDEST), ..Self::default() }
    }

    /// Adds the next offer.
    pub(super) fn push(&mut self, times: Times) {
        let pattern = match times {
            Times::Unknown => UNKNOWN,
            Times::Always => ALWAYS,
            Times::Never => NONE,
            Times::Meetings(timetable) | Times::OpenHours(timetable) => {
                self.pattern(timetable).unwrap_or(NONE)
            }
        };
        self.of.push(pattern);
    }

    /// Adds an offer at the times of the one before.
    pub(super) fn push_again(&mut self) {
        self.of.push(self.of.last().copied().unwrap_or(UNKNOWN));
    }

    /// Numbers the offers anew, in an order of the numbers they came in.
    pub(super) fn reorder(&mut self, order: impl Iterator<Item = u32>) {
        self.of = order.map(|came| self.of[came as usize]).collect();
    }

    /// The number of a timetable's pattern; `None` when nothing comes any more.
    fn pattern(&mut self, timetable: Timetable) -> Option<u32> {
        let (zone, mut plan, length) = timetable.into_plan();
        plan.forget(&zone, self.since);
        let (first, _) = plan.not_over(&zone, length, self.since).next()?;
        plan.share(&mut self.shared);
        let zone = self.zones.iter().position(|known| *known == zone).unwrap_or_else(|| {
            self.zones.push(zone);
            self.zones.len() - 1
        });
        let hours = length.ends == Ends::ByTheClock;
        let next = u32::try_from(self.rhythms.len()).ok()?;
        let begins = (first - self.since).rem_euclid(WEEK);
        let (rhythm, _) =
            *self.rhythms.entry((hours, u16::try_from(zone).ok()?, plan)).or_insert((next, begins));
        let next = u32::try_from(self.patterns.len()).ok()?;
        Some(*self.patterns.entry((rhythm, length.minutes)).or_insert(next))
    }

    /// Numbers rhythms and patterns anew, so that what takes place at the same time is side by side.
    pub(super) fn finish(mut self) -> Occasions {
        let mut rhythms: Vec<_> = self.rhythms.into_iter().collect();
        rhythms.sort_unstable_by_key(|((hours, ..), (old, begins))| (*hours, *begins, *old));
        let meeting_rhythms = rhythms.partition_point(|((hours, ..), _)| !hours);
        let rhythm_numbers = renumbered(rhythms.iter().map(|(_, (old, _))| *old));

        let mut patterns: Vec<_> = self
            .patterns
            .into_iter()
            .map(|((rhythm, minutes), old)| (rhythm_numbers[rhythm as usize], minutes, old))
            .collect();
        patterns.sort_unstable();
        let pattern_numbers = renumbered(patterns.iter().map(|(_, _, old)| *old));

        for pattern in self.of.iter_mut().filter(|pattern| **pattern < UNKNOWN) {
            *pattern = pattern_numbers[*pattern as usize];
        }
        self.of.shrink_to_fit();
        let mut by_pattern: Vec<(u32, u32)> =
            self.of.iter().copied().zip(0..).filter(|(pattern, _)| *pattern < UNKNOWN).collect();
        by_pattern.sort_unstable();
        Occasions {
            zones: self.zones,
            meeting_rhythms,
            patterns_of: boundaries(rhythms.len(), patterns.iter().map(|(rhythm, ..)| *rhythm)),
            zone_of: rhythms.iter().map(|((_, zone, _), _)| *zone).collect(),
            plans: rhythms.into_iter().map(|((.., plan), _)| plan).collect(),
            offers_of: boundaries(patterns.len(), by_pattern.iter().map(|(pattern, _)| *pattern)),
            rhythm_of: patterns.iter().map(|(rhythm, ..)| *rhythm).collect(),
            minutes: patterns.iter().map(|(_, minutes, _)| *minutes).collect(),
            offers: by_pattern.into_iter().map(|(_, offer)| offer).collect(),
            of: self.of,
        }
    }
}

/// The new number of each old one, given the old ones in their new order.
fn renumbered(old: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let mut numbers = vec![0; old.len()];
    for (new, old) in (0..).zip(old) {
        numbers[old as usize] = new;
    }
    numbers
}

/// Where the members of each of `count` groups begin, and the end, from the group of each member in order.
fn boundaries(count: usize, groups: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0; count + 1];
    for group in groups {
        first[group as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    first
}
