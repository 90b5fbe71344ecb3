//! When a session takes place, meeting by meeting: from its schedule to instants.
//!
//! The rules are those of RFC 5545 (iCalendar), where it leaves a choice made thus:
//!
//! * Starts are local times in the schedule's zone, so a group that meets at 19:00 does so all year.
//!   A start that the clock skips happens as much later as it skips (02:30 becomes 03:30), one that it
//!   shows twice happens the first time: sections 3.3.5 and 3.3.10, and what jiff calls compatible.
//! * The first start counts only if the rule takes its day. The RFC leaves the other case undefined, and
//!   feeds often give a day of the season and not of the group.
//! * `COUNT` counts starts that were called off. `UNTIL` as a day is that whole day, as a time it includes
//!   a start at that time.
//! * A pause takes away the starts on its days, first and last included; the night before may run into it.
//! * A meeting lasts its minutes, whatever the clock does meanwhile. Open hours end by the clock: a line
//!   that is open around the clock is so in the night of 25 hours too.

mod plan;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::schedule::Schedule;

pub(crate) use plan::{Days, Ends, Length, Plan, Shared};

/// One concrete meeting of a session, or one stretch that it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// When it begins.
    pub start: Timestamp,
    /// When it is over.
    pub end: Timestamp,
}

impl Occurrence {
    /// Whether it is going on at an instant: begun and not yet over.
    pub fn is_at(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

/// The occurrences of a schedule, found from any instant at the same small cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    zone: TimeZone,
    plan: Plan,
    length: Length,
}

impl Timetable {
    /// The meetings of a schedule.
    pub fn meetings(schedule: &Schedule) -> Self {
        Self::new(schedule, Ends::AfterMinutes, &[])
    }

    /// The open hours of a schedule; they end by the clock.
    pub fn open_hours(schedule: &Schedule) -> Self {
        Self::new(schedule, Ends::ByTheClock, &[])
    }

    pub(super) fn new(schedule: &Schedule, ends: Ends, pauses: &[Days]) -> Self {
        let zone = schedule.time_zone.zone();
        let plan = Plan::new(schedule, &zone, pauses);
        Self { zone, plan, length: Length { minutes: schedule.duration_minutes, ends } }
    }

    /// The zone that the meeting's clock is in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A plan in its zone, of that length.
    pub(crate) fn from_plan(zone: TimeZone, plan: Plan, length: Length) -> Self {
        Self { zone, plan, length }
    }

    /// What it is made of.
    pub(crate) fn into_plan(self) -> (TimeZone, Plan, Length) {
        (self.zone, self.plan, self.length)
    }

    /// The occurrences that are not over at `at`, in the order of their starts: what goes on, then what comes.
    ///
    /// None is more than 30 years away: a rule that takes no day for so long takes none.
    pub fn not_over(&self, at: Timestamp) -> impl Iterator<Item = Occurrence> {
        self.plan.not_over(&self.zone, self.length, at.as_second()).map_while(occurrence)
    }

    /// The occurrences that begin at or after `from` and before `to`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Occurrence> {
        self.plan
            .not_over_before(&self.zone, self.length, from.as_second(), to.as_second())
            .map_while(occurrence)
            .skip_while(move |found| found.start < from)
            .take_while(move |found| found.start < to)
    }

    /// The first occurrence that is not over at `at`: the one in progress, or else the next.
    pub fn next_after(&self, at: Timestamp) -> Option<Occurrence> {
        self.not_over(at).next()
    }

    /// The occurrence that is going on at `at`.
    pub fn in_progress(&self, at: Timestamp) -> Option<Occurrence> {
        self.next_after(at).filter(|next| next.is_at(at))
    }
}

/// Seconds after 1970 as instants.
pub(crate) fn occurrence((start, end): (i64, i64)) -> Option<Occurrence> {
    let at = |second| Timestamp::from_second(second).ok();
    Some(Occurrence { start: at(start)?, end: at(end)? })
}

#[cfg(test)]
mod tests;
