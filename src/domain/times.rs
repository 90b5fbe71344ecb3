//! What is known of a session's times, and what that means at an instant.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::days;
use super::occurrence::{Days, Ends, Occurrence, Timetable};
use super::schedule::{Schedule, ZoneName};
use super::session::{PublicSession, Session, SessionForm, SessionStatus};

/// For how long open hours that follow each other without a gap are followed to find their end.
const FOLLOWED: SignedDuration = SignedDuration::from_hours(24 * 35);

/// When a session takes place, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Times {
    /// Nobody has told when. That is not the same as never: one can ask.
    Unknown,
    /// At no time: it has ended, or is paused and nobody knows for how long.
    Never,
    /// Day and night.
    Always,
    /// In meetings, to whose start people come.
    Meetings(Timetable),
    /// In hours within which people come when they like.
    OpenHours(Timetable),
}

/// What holds at an instant for somebody who wants to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The times are not known.
    Unknown,
    /// A meeting is in progress, or the hours are open.
    Open {
        /// When it is over; absent if that is not in sight (35 days).
        closes_at: Option<Timestamp>,
    },
    /// Neither.
    Closed {
        /// When the next meeting begins or the hours open; absent if they never do.
        opens_at: Option<Timestamp>,
    },
}

impl Standing {
    /// Whether one may come now. Unknown is not a yes.
    pub fn open_now(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When one may come next, if not now.
    pub fn opens_at(self) -> Option<Timestamp> {
        match self {
            Self::Closed { opens_at } => opens_at,
            _ => None,
        }
    }

    /// Until when one may come, if now.
    pub fn closes_at(self) -> Option<Timestamp> {
        match self {
            Self::Open { closes_at } => closes_at,
            _ => None,
        }
    }
}

/// What decides on the times of a session.
struct Told<'a> {
    form: SessionForm,
    schedule: Option<&'a Schedule>,
    status: SessionStatus,
    since: Option<Date>,
    until: Option<Date>,
}

impl Session {
    /// When it takes place.
    pub fn times(&self) -> Times {
        let told = Told {
            form: self.form,
            schedule: self.schedule.as_ref(),
            status: self.status,
            since: self.status_since,
            until: self.status_until,
        };
        told.times()
    }
}

impl PublicSession {
    /// When it takes place.
    pub fn times(&self) -> Times {
        let told = Told {
            form: self.form,
            schedule: self.schedule.as_ref(),
            status: self.status,
            since: self.status_since,
            until: self.status_until,
        };
        told.times()
    }
}

impl Told<'_> {
    fn times(&self) -> Times {
        let pause = self.pause();
        let pauses = pause.as_slice();
        if pauses.iter().any(|(from, until)| *from == Date::MIN && *until == Date::MAX) {
            return Times::Never;
        }
        let pauses: Vec<Days> = pauses
            .iter()
            .map(|(from, until)| (days::number(*from), days::number(*until)))
            .collect();
        match (self.form, self.schedule) {
            (SessionForm::AlwaysOpen, schedule) => always_open(schedule, &pauses),
            (_, None) => Times::Unknown,
            (SessionForm::Meeting, Some(schedule)) => {
                Times::Meetings(Timetable::new(schedule, Ends::AfterMinutes, &pauses))
            }
            (SessionForm::OpenHours, Some(schedule)) => {
                Times::OpenHours(Timetable::new(schedule, Ends::ByTheClock, &pauses))
            }
        }
    }

    /// The days that the status takes away: from the day it holds since to the last day it holds.
    fn pause(&self) -> Option<(Date, Date)> {
        let since = self.since.unwrap_or(Date::MIN);
        match self.status {
            SessionStatus::Active => None,
            SessionStatus::Paused => Some((since, self.until.unwrap_or(Date::MAX))),
            SessionStatus::Ended => Some((since, Date::MAX)),
        }
    }
}

/// Day and night but for pauses, which are days in the schedule's zone if there is one, else in UTC.
fn always_open(schedule: Option<&Schedule>, pauses: &[Days]) -> Times {
    let own = schedule.map_or(&[][..], |schedule| &schedule.pauses);
    if own.is_empty() && pauses.is_empty() {
        return Times::Always;
    }
    let zone = schedule.map_or_else(ZoneName::utc, |schedule| schedule.time_zone.clone());
    let every_day = Schedule::around_the_clock(zone, own.to_vec());
    Times::OpenHours(Timetable::new(&every_day, Ends::ByTheClock, pauses))
}

impl Times {
    /// What holds at an instant.
    pub fn standing(&self, at: Timestamp) -> Standing {
        match self {
            Self::Unknown => Standing::Unknown,
            Self::Never => Standing::Closed { opens_at: None },
            Self::Always => Standing::Open { closes_at: None },
            Self::Meetings(timetable) => match timetable.next_after(at) {
                Some(next) if next.is_at(at) => Standing::Open { closes_at: Some(next.end) },
                next => Standing::Closed { opens_at: next.map(|next| next.start) },
            },
            Self::OpenHours(timetable) => match timetable.stretches(at).next() {
                Some(next) if next.is_at(at) => {
                    let in_sight = next.end.duration_since(at) <= FOLLOWED;
                    Standing::Open { closes_at: in_sight.then_some(next.end) }
                }
                next => Standing::Closed { opens_at: next.map(|next| next.start) },
            },
        }
    }

    /// The meeting in progress or the next one, or the stretch of open hours: what is not over at `at`.
    ///
    /// `None` if there is none, if it is open day and night, and if nothing is known.
    pub fn next_after(&self, at: Timestamp) -> Option<Occurrence> {
        match self {
            Self::Unknown | Self::Never | Self::Always => None,
            Self::Meetings(timetable) => timetable.next_after(at),
            Self::OpenHours(timetable) => timetable.stretches(at).next(),
        }
    }
}

impl Timetable {
    /// The occurrences that are not over at `at`, those that touch or overlap as one.
    ///
    /// A stretch without a gap is followed for 35 days after `at` and a little more, not without end.
    pub fn stretches(&self, at: Timestamp) -> impl Iterator<Item = Occurrence> {
        let mut parts = self.not_over(at).peekable();
        std::iter::from_fn(move || {
            let mut stretch = parts.next()?;
            while let Some(next) = parts.next_if(|next| {
                next.start <= stretch.end && next.start.duration_since(at) <= FOLLOWED
            }) {
                stretch.end = stretch.end.max(next.end);
            }
            Some(stretch)
        })
    }
}
