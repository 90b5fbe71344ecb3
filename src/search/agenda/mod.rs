//! What takes place in the coming weeks, in the order of time.

mod hours;
mod meetings;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

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
    /// What comes next in each pattern, as of when it was made.
    soonest: Soonest,
}

/// The first occurrence of each pattern that is not over at an instant, and for how long it is.
#[derive(Debug, Default)]
struct Soonest {
    at: i64,
    /// After how many seconds each begins and ends, and until when that is what comes; or [`UNKNOWN`].
    coming: Vec<[i32; 3]>,
}

/// It has to be looked up.
const UNKNOWN: [i32; 3] = [0; 3];
/// There is none.
const NEVER: [i32; 3] = [i32::MAX; 3];

impl Soonest {
    fn new(agenda: &Agenda, now: Timestamp) -> Self {
        let (_, patterns) = agenda.occasions.sizes();
        let at = now.as_second();
        let since = |second: Timestamp| i32::try_from(second.as_second() - at).ok();
        let coming = |pattern| {
            let (next, until) = match agenda.looked_up(pattern, now) {
                Some(known) => (Some(known), known.end),
                None => agenda.occasions.next_for_a_while(pattern, now),
            };
            let Some(next) = next else { return NEVER };
            let known = (since(next.start), since(next.end), since(until));
            if let (Some(begin), Some(end), Some(until)) = known {
                [begin, end, until]
            } else {
                UNKNOWN
            }
        };
        Self { coming: (0..patterns).map(coming).collect(), at }
    }

    /// The first occurrence of a pattern that is not over at an instant.
    fn not_over(&self, pattern: usize, at: i64) -> Next {
        match self.coming.get(pattern).filter(|_| self.at <= at) {
            Some(&NEVER) => Next::Never,
            Some(known) => {
                let [begin, end, until] = known.map(|second| self.at + i64::from(second));
                if at < until { Next::At(begin, end) } else { Next::Unknown }
            }
            None => Next::Unknown,
        }
    }
}

/// What comes next.
enum Next {
    /// From one second up to another.
    At(i64, i64),
    /// Nothing.
    Never,
    /// That has to be looked up.
    Unknown,
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
        let agenda = Self::new(occasions, from, to);
        // Questions are asked of the minute.
        let minute = Timestamp::from_second(now.as_second().div_euclid(60) * 60);
        Self { soonest: Soonest::new(&agenda, minute.unwrap_or(now)), ..agenda }
    }

    /// The agenda of what is not over at `from` and begins before `to`, for questions asked at or after `from`.
    pub fn new(occasions: Arc<Occasions>, from: Timestamp, to: Timestamp) -> Self {
        let (from, to) = (from.as_second(), to.as_second());
        Self {
            meetings: Meetings::new(&occasions, from, to),
            hours: Hours::new(&occasions, from, to),
            soonest: Soonest::default(),
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

    /// Whether an offer has an occurrence at these moments.
    pub fn has(&self, offer: u32, moments: &Moments) -> bool {
        match self.occasions.pattern_of(offer) {
            Some(_) => self.next(offer, moments).is_some(),
            None => self.occasions.is_always(offer) && moments.come(),
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
        match self.soonest.not_over(pattern, at.as_second()) {
            Next::At(begin, end) => occurrence((begin, end)),
            Next::Never => None,
            Next::Unknown => {
                self.looked_up(pattern, at).or_else(|| self.occasions.next_of(pattern, at))
            }
        }
    }

    /// The same for a pattern, as far as it is laid out.
    fn looked_up(&self, pattern: usize, at: Timestamp) -> Option<Occurrence> {
        let (second, meetings) = (at.as_second(), self.occasions.meeting_patterns());
        let known = if !self.is_for(at) {
            None
        } else if pattern < meetings {
            self.meetings.not_over(&self.occasions, pattern, second)
        } else {
            self.hours.whole(pattern - meetings, second)
        };
        known.and_then(occurrence)
    }

    /// Whether an occurrence of an offer that is not over at an instant is told whole here.
    pub(super) fn is_whole(&self, offer: u32, occurrence: Occurrence, at: Timestamp) -> bool {
        let pattern = self.occasions.pattern_of(offer);
        let is_meeting = pattern.is_some_and(|at| at < self.occasions.meeting_patterns());
        let stretch = (occurrence.start.as_second(), occurrence.end.as_second());
        is_meeting || self.hours.is_whole(stretch, at.as_second())
    }

    /// Whether a pattern may have an occurrence at these moments, as is seen without looking at each.
    pub(super) fn may_have(&self, pattern: usize, moments: &Moments) -> bool {
        let is_meeting = pattern < self.occasions.meeting_patterns();
        !is_meeting || self.meetings.may_begin(pattern, moments)
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
        self.meetings.bytes() + self.hours.bytes() + size_of_val(&self.soonest.coming[..])
    }
}

fn count<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
