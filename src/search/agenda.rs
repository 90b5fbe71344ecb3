//! What takes place in the coming weeks, in the order of time.

use std::ops::Range;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use roaring::RoaringBitmap;

use super::occasions::Occasions;
use super::window::{HORIZON_DAYS, LONGEST, Moments};
use crate::domain::Occurrence;

/// What takes place from one instant up to another, pattern by pattern.
///
/// It is a value without a clock. One made by [`Agenda::coming`] answers for a day; making one every hour
/// costs some milliseconds and keeps a page that is turned an hour later on the same agenda's ground.
#[derive(Debug)]
pub struct Agenda {
    occasions: Arc<Occasions>,
    from: i64,
    to: i64,
    /// Seconds here are counted from then.
    base: i64,
    /// Where the occurrences of each pattern begin, in `begins` if it is of meetings, else in `hours`; one more
    /// than there are patterns of each.
    meetings_of: Vec<u32>,
    hours_of: Vec<u32>,
    /// Meetings, by pattern.
    begins: Vec<u32>,
    /// Begin and end of open hours that do not touch, by pattern.
    hours: Vec<(u32, u32)>,
    /// The starts at which meetings begin, in order, and where their patterns begin in `at_start`.
    starts: Vec<(u32, u32)>,
    at_start: Vec<u32>,
}

impl Agenda {
    /// The agenda for questions asked from a day before `now` to a day after it.
    pub fn coming(occasions: Arc<Occasions>, now: Timestamp) -> Self {
        let day = SignedDuration::from_hours(24);
        let ahead = SignedDuration::from_hours(24 * (i64::from(HORIZON_DAYS) + 1));
        let from = now.checked_sub(day).unwrap_or(Timestamp::MIN);
        let to = now.checked_add(ahead).unwrap_or(Timestamp::MAX);
        Self::new(occasions, from, to)
    }

    /// The agenda of what is not over at `from` and begins before `to`.
    pub fn new(occasions: Arc<Occasions>, from: Timestamp, to: Timestamp) -> Self {
        let (from, to) = (from.as_second(), to.as_second());
        let mut agenda = Self {
            occasions,
            from,
            to,
            base: from - LONGEST,
            meetings_of: vec![0],
            hours_of: vec![0],
            begins: Vec::new(),
            hours: Vec::new(),
            starts: Vec::new(),
            at_start: Vec::new(),
        };
        agenda.fill();
        agenda.sort();
        agenda
    }

    /// Whether it has everything that comes within the horizon of a question asked at `now`.
    pub fn is_for(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.from <= now && now + i64::from(HORIZON_DAYS) * 86_400 <= self.to
    }

    /// What it is made of.
    pub fn occasions(&self) -> &Occasions {
        &self.occasions
    }

    /// The offers that have an occurrence at these moments. What is always open has, if there are any.
    pub fn offers(&self, moments: &Moments) -> RoaringBitmap {
        let (_, patterns) = self.occasions.patterns();
        let mut taken = Bits::new(patterns);
        self.mark_meetings(moments, &mut taken);
        self.mark_hours(moments, &mut taken);
        let mut offers = Bits::new(self.occasions.count());
        for pattern in taken.iter() {
            for offer in self.occasions.offers_of(pattern) {
                offers.set(*offer as usize);
            }
        }
        let mut offers = RoaringBitmap::from_lsb0_bytes(0, &offers.0);
        if moments.come() {
            offers |= self.occasions.always();
        }
        offers
    }

    /// Whether an offer has an occurrence at these moments.
    pub fn has(&self, offer: u32, moments: &Moments) -> bool {
        match self.occasions.number_of(offer) {
            Some(_) => self.next(offer, moments).is_some(),
            None => self.occasions.always().contains(offer) && moments.come(),
        }
    }

    /// The first occurrence of an offer at these moments; `None` too for what is always open.
    ///
    /// Open hours that follow each other without a gap are one, cut off where the agenda ends.
    pub fn next(&self, offer: u32, moments: &Moments) -> Option<Occurrence> {
        let pattern = self.occasions.number_of(offer)?;
        let (meetings, _) = self.occasions.patterns();
        let (begin, end) = if pattern < meetings {
            let length = i64::from(self.occasions.plan(pattern).1.seconds());
            self.meetings_of(pattern)
                .iter()
                .map(|begin| self.base + i64::from(*begin))
                .map(|begin| (begin, begin + length))
                .find(|(begin, end)| moments.take_meeting(*begin, *end))?
        } else {
            self.hours_of(pattern - meetings)
                .iter()
                .map(|(begin, end)| (self.base + i64::from(*begin), self.base + i64::from(*end)))
                .find(|(begin, end)| moments.take_hours(*begin, *end))?
        };
        crate::domain::occurrence::occurrence((begin, end))
    }

    /// The meetings at these moments in the order of their starts, then of their offers: those in progress,
    /// then those that come. With `after`, only those that follow that start and offer.
    pub fn meetings<'a>(
        &'a self,
        moments: &'a Moments,
        after: Option<(Timestamp, u32)>,
    ) -> impl Iterator<Item = (Occurrence, u32)> + 'a {
        let after = after.map(|(start, offer)| (start.as_second(), offer));
        let earliest = after.map_or(moments.now - LONGEST, |(start, _)| start);
        let first =
            self.starts.partition_point(|(begin, _)| self.base + i64::from(*begin) < earliest);
        (first..self.starts.len())
            .map(move |at| (self.base + i64::from(self.starts[at].0), at))
            .take_while(move |(begin, _)| *begin < moments.until)
            .flat_map(move |(begin, at)| self.meetings_at(begin, at, moments))
            .skip_while(move |(begin, _, offer)| {
                after.is_some_and(|after| (*begin, *offer) <= after)
            })
            .filter_map(|(begin, end, offer)| {
                Some((crate::domain::occurrence::occurrence((begin, end))?, offer))
            })
    }

    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.meetings_of[..])
            + size_of_val(&self.hours_of[..])
            + size_of_val(&self.begins[..])
            + size_of_val(&self.hours[..])
            + size_of_val(&self.starts[..])
            + size_of_val(&self.at_start[..])
    }

    fn fill(&mut self) {
        let (meetings, all) = self.occasions.patterns();
        let occasions = Arc::clone(&self.occasions);
        let since_base = |at: i64| u32::try_from(at - self.base).unwrap_or_default();
        for pattern in 0..all {
            let (zone, plan) = occasions.plan(pattern);
            let coming = plan
                .not_over_before(zone, self.from, self.to)
                .take_while(|(begin, _)| *begin < self.to);
            if pattern < meetings {
                self.begins.extend(coming.map(|(begin, _)| since_base(begin)));
                self.meetings_of.push(count(&self.begins));
            } else {
                let own = self.hours.len();
                for (begin, end) in coming {
                    let (begin, end) = (since_base(begin), since_base(end));
                    match self.hours[own..].last_mut() {
                        Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                        _ => self.hours.push((begin, end)),
                    }
                }
                self.hours_of.push(count(&self.hours));
            }
        }
        self.begins.shrink_to_fit();
        self.hours.shrink_to_fit();
    }
    /// Puts the meetings in the order of their starts.
    fn sort(&mut self) {
        let mut all: Vec<(u32, u32)> = Vec::with_capacity(self.begins.len());
        for (pattern, own) in (0..).zip(self.meetings_of.windows(2)) {
            let own = &self.begins[own[0] as usize..own[1] as usize];
            all.extend(own.iter().map(|begin| (*begin, pattern)));
        }
        all.sort_unstable();
        for (at, (begin, _)) in (0..).zip(&all) {
            if self.starts.last().is_none_or(|(last, _)| last != begin) {
                self.starts.push((*begin, at));
            }
        }
        self.starts.shrink_to_fit();
        self.at_start = all.into_iter().map(|(_, pattern)| pattern).collect();
    }

    fn mark_meetings(&self, moments: &Moments, taken: &mut Bits) {
        // What begins up to now may be over, so each is asked; what begins later need not be.
        let begun = self.starts_between(moments.now - LONGEST, moments.now + 1);
        for at in begun.clone() {
            let begin = self.base + i64::from(self.starts[at].0);
            if moments.contain(begin) {
                for pattern in self.patterns_at(at..at + 1) {
                    let length = self.occasions.plan(*pattern as usize).1.seconds();
                    if begin + i64::from(length) > moments.now {
                        taken.set(*pattern as usize);
                    }
                }
            }
        }
        if moments.open_now {
            return;
        }
        for (from, to) in moments.ranges() {
            let coming = self.starts_between((*from).max(moments.now + 1), *to);
            for pattern in self.patterns_at(coming) {
                taken.set(*pattern as usize);
            }
        }
    }

    fn mark_hours(&self, moments: &Moments, taken: &mut Bits) {
        let (meetings, all) = self.occasions.patterns();
        for pattern in meetings..all {
            let mut own = self.hours_of(pattern - meetings).iter();
            if own.any(|(begin, end)| {
                moments.take_hours(self.base + i64::from(*begin), self.base + i64::from(*end))
            }) {
                taken.set(pattern);
            }
        }
    }

    /// The meetings of one start that count, by their offers.
    fn meetings_at(
        &self,
        begin: i64,
        at: usize,
        moments: &Moments,
    ) -> impl Iterator<Item = (i64, i64, u32)> + use<> {
        let mut found: Vec<(i64, i64, u32)> = Vec::new();
        for pattern in self.patterns_at(at..at + 1) {
            let pattern = *pattern as usize;
            let end = begin + i64::from(self.occasions.plan(pattern).1.seconds());
            if moments.take_meeting(begin, end) {
                let offers = self.occasions.offers_of(pattern);
                found.extend(offers.iter().map(|offer| (begin, end, *offer)));
            }
        }
        found.sort_unstable_by_key(|(_, _, offer)| *offer);
        found.into_iter()
    }

    /// The places in `starts` of what begins at or after `from` and before `to`.
    fn starts_between(&self, from: i64, to: i64) -> Range<usize> {
        let first_at =
            |at: i64| self.starts.partition_point(|(begin, _)| self.base + i64::from(*begin) < at);
        let first = first_at(from);
        first..first_at(to).max(first)
    }

    /// The patterns that begin at some of the `starts`.
    fn patterns_at(&self, starts: Range<usize>) -> &[u32] {
        let place = |at: usize| {
            self.starts.get(at).map_or(self.at_start.len(), |(_, first)| *first as usize)
        };
        &self.at_start[place(starts.start)..place(starts.end)]
    }

    fn meetings_of(&self, pattern: usize) -> &[u32] {
        &self.begins[self.meetings_of[pattern] as usize..self.meetings_of[pattern + 1] as usize]
    }

    fn hours_of(&self, pattern: usize) -> &[(u32, u32)] {
        &self.hours[self.hours_of[pattern] as usize..self.hours_of[pattern + 1] as usize]
    }
}

fn count<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}

/// A set of small numbers, a bit for each.
struct Bits(Vec<u8>);

impl Bits {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(8)])
    }

    fn set(&mut self, number: usize) {
        self.0[number / 8] |= 1 << (number % 8);
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        (0..).zip(&self.0).filter(|(_, byte)| **byte != 0).flat_map(|(at, byte)| {
            let byte = *byte;
            (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| at * 8 + bit)
        })
    }
}
