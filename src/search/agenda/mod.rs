//! What takes place in the coming weeks, in the order of time.

mod hours;
mod meetings;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use roaring::RoaringBitmap;

use self::hours::Hours;
use self::meetings::Meetings;
use super::occasions::Occasions;
use super::window::{HORIZON_DAYS, Moments};
use crate::domain::Occurrence;
use crate::domain::occurrence::occurrence;

/// How many seconds before it is made an agenda begins.
const BEFORE: i64 = 26 * 3_600;

/// What takes place from one instant up to another.
///
/// It is a value without a clock. One made by [`Agenda::coming`] answers for a day before and a day after;
/// making one every hour costs some milliseconds, and pages that are turned an hour later still fit.
#[derive(Debug)]
pub struct Agenda {
    occasions: Arc<Occasions>,
    from: i64,
    to: i64,
    meetings: Meetings,
    hours: Hours,
}

impl Agenda {
    /// The agenda for questions asked from a day before `now` to a day after it.
    pub fn coming(occasions: Arc<Occasions>, now: Timestamp) -> Self {
        let day = SignedDuration::from_hours(24);
        // Today may have 25 hours, and began before the hour in which the agenda is made.
        let before = SignedDuration::from_secs(BEFORE);
        let ahead = day * (i32::from(HORIZON_DAYS) + 1) + SignedDuration::from_secs(1);
        let from = now.checked_sub(before).unwrap_or(Timestamp::MIN);
        let to = now.checked_add(ahead).unwrap_or(Timestamp::MAX);
        Self::new(occasions, from, to)
    }

    /// The agenda of what is not over at `from` and begins before `to`, for questions asked at or after `from`.
    pub fn new(occasions: Arc<Occasions>, from: Timestamp, to: Timestamp) -> Self {
        let (from, to) = (from.as_second(), to.as_second());
        Self {
            meetings: Meetings::new(&occasions, from, to),
            hours: Hours::new(&occasions, from, to),
            occasions,
            from,
            to,
        }
    }

    /// Whether it has everything that comes within the horizon of a question asked at `now`.
    pub fn is_for(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.from <= now && now + i64::from(HORIZON_DAYS) * 86_400 <= self.to
    }

    /// Whether it has everything that is not over at one instant and begins before another.
    pub(super) fn covers(&self, from: i64, to: i64) -> bool {
        self.from <= from && to <= self.to
    }

    /// Whether it is time to make it anew: an hour after it was made.
    pub(super) fn is_old(&self, now: Timestamp) -> bool {
        let made = self.from + BEFORE;
        !(made - 3_600..made + 3_600).contains(&now.as_second())
    }

    /// What it is made of.
    pub fn occasions(&self) -> &Occasions {
        &self.occasions
    }

    /// The offers that have an occurrence at these moments. What is always open has, if any moment comes.
    pub fn offers(&self, moments: &Moments) -> RoaringBitmap {
        let mut offers = Bits::new(self.occasions.count());
        self.meetings.mark(&self.occasions, moments, &mut offers);
        self.hours.mark(&self.occasions, moments, &mut offers);
        let mut offers = RoaringBitmap::from_lsb0_bytes(0, &offers.0);
        if moments.come() {
            offers |= self.occasions.always();
        }
        offers
    }

    /// Whether an offer has an occurrence at these moments.
    pub fn has(&self, offer: u32, moments: &Moments) -> bool {
        match self.occasions.pattern_of(offer) {
            Some(_) => self.next(offer, moments).is_some(),
            None => self.occasions.always().contains(offer) && moments.come(),
        }
    }

    /// The first occurrence of an offer at these moments; `None` too for what is always open.
    ///
    /// Open hours that follow each other without a gap are one, cut off where the agenda ends.
    pub fn next(&self, offer: u32, moments: &Moments) -> Option<Occurrence> {
        let pattern = self.occasions.pattern_of(offer)?;
        occurrence(self.first(pattern, moments)?)
    }

    /// The meeting or the open hours in progress or next at `at`, however far away: looked up here as
    /// far as it is laid out, worked out otherwise.
    pub fn next_after(&self, offer: u32, at: Timestamp) -> Option<Occurrence> {
        let pattern = self.occasions.pattern_of(offer)?;
        let (second, meetings) = (at.as_second(), self.occasions.meeting_patterns());
        let known = if !self.is_for(at) {
            None
        } else if pattern < meetings {
            self.meetings.not_over(&self.occasions, pattern, second)
        } else {
            let within = i64::from(HORIZON_DAYS) * 86_400;
            self.hours.whole(pattern - meetings, second, within)
        };
        known.and_then(occurrence).or_else(|| self.occasions.next_after(offer, at))
    }

    /// Begin and end of the first occurrence of a pattern at these moments.
    pub(super) fn first(&self, pattern: usize, moments: &Moments) -> Option<(i64, i64)> {
        if pattern < self.occasions.meeting_patterns() {
            self.meetings.next(&self.occasions, pattern, moments)
        } else {
            self.hours.next(pattern - self.occasions.meeting_patterns(), moments)
        }
    }

    /// Begin and end of the meetings of an offer at these moments, in order.
    pub(super) fn meetings_of<'a>(
        &'a self,
        offer: u32,
        moments: &'a Moments,
    ) -> impl Iterator<Item = (i64, i64)> + 'a {
        let pattern = self.occasions.pattern_of(offer);
        let pattern = pattern.filter(|pattern| *pattern < self.occasions.meeting_patterns());
        pattern
            .into_iter()
            .flat_map(|pattern| self.meetings.all_of(&self.occasions, pattern, moments))
    }

    /// The meetings at these moments in the order of their starts, then of their offers: those in progress,
    /// then those that come. With `after`, only those that follow that start and offer.
    pub fn meetings<'a>(
        &'a self,
        moments: &'a Moments,
        after: Option<(Timestamp, u32)>,
    ) -> impl Iterator<Item = (Occurrence, u32)> + 'a {
        let after = after.map(|(start, offer)| (start.as_second(), offer));
        self.meetings
            .in_order(&self.occasions, moments, after)
            .filter_map(|(begin, end, offer)| Some((occurrence((begin, end))?, offer)))
    }

    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        self.meetings.bytes() + self.hours.bytes()
    }
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

    fn set_all(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.set(*number as usize);
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        (0..).zip(&self.0).filter(|(_, byte)| **byte != 0).flat_map(|(at, byte)| {
            let byte = *byte;
            (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| at * 8 + bit)
        })
    }
}

fn count<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
