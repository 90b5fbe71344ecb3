//! What is known of a session's times, and what that means at an instant.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::days;
use super::occurrence::{Days, Ends, Occurrence, Timetable};
use super::schedule::{Schedule, ZoneName};
use super::session::{PublicSession, SessionForm, SessionStatus};

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
    /// What holds at an instant, by the meeting or the stretch of open hours that is not over then.
    pub fn by(next: Option<Occurrence>, at: Timestamp) -> Self {
        match next {
            Some(next) if next.is_at(at) => {
                let in_sight = next.end.duration_since(at) <= FOLLOWED;
                Self::Open { closes_at: in_sight.then_some(next.end) }
            }
            next => Self::Closed { opens_at: next.map(|next| next.start) },
        }
    }

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

impl PublicSession {
    /// When it takes place.
    pub fn times(&self) -> Times {
        let pause = self.days_off();
        let pauses = pause.as_slice();
        if pauses.iter().any(|(from, until)| *from == Date::MIN && *until == Date::MAX) {
            return Times::Never;
        }
        let pauses: Vec<Days> = pauses
            .iter()
            .map(|(from, until)| (days::number(*from), days::number(*until)))
            .collect();
        match (self.form, &self.schedule) {
            (SessionForm::AlwaysOpen, schedule) => always_open(schedule.as_ref(), &pauses),
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
    fn days_off(&self) -> Option<(Date, Date)> {
        let since = self.status_since.unwrap_or(Date::MIN);
        match self.status {
            SessionStatus::Active => None,
            SessionStatus::Paused => Some((since, self.status_until.unwrap_or(Date::MAX))),
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
            Self::Always => Standing::Open { closes_at: None },
            Self::Never | Self::Meetings(_) | Self::OpenHours(_) => {
                Standing::by(self.next_after(at), at)
            }
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

    /// The same, with the instant until which it stays the same, if it is known to.
    pub(crate) fn next_for_a_while(&self, at: Timestamp) -> (Option<Occurrence>, Timestamp) {
        let next = self.next_after(at);
        let over = next.map_or(Timestamp::MAX, |next| next.end);
        let until = match self {
            Self::OpenHours(timetable) => {
                timetable.followed_until(at).map_or(over, |u| u.min(over))
            }
            _ => over,
        };
        (next, until)
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

impl Timetable {
    /// Until when the stretch that is not over at `at` is the same: until its first part is over, or until
    /// one part more is followed.
    fn followed_until(&self, at: Timestamp) -> Option<Timestamp> {
        let mut parts = self.not_over(at).peekable();
        let first = parts.peek()?.end;
        let beyond = parts.find(|part| part.start.duration_since(at) > FOLLOWED);
        let beyond = beyond.and_then(|part| part.start.checked_sub(FOLLOWED).ok());
        Some(beyond.map_or(first, |beyond| beyond.min(first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Session;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn times(form: &str, more: &str) -> Times {
        let document = format!(r#"{{"attendance": "online", "form": "{form}"{more}}}"#);
        let session: Session = serde_json::from_str(&document).unwrap();
        session.public(None).times()
    }

    const DAILY: &str = r#", "schedule": {"start": "2026-01-01T00:00", "time_zone": "America/New_York",
        "duration_minutes": 1440, "rrule": "FREQ=DAILY"}"#;
    const EVENINGS: &str = r#", "schedule": {"start": "2026-01-01T18:00", "time_zone": "America/New_York",
        "duration_minutes": 240, "rrule": "FREQ=DAILY"}"#;

    #[test]
    fn unknown_times_are_neither_open_nor_closed() {
        let unknown = times("meeting", r#", "schedule_note": "Weekly; ask for the day""#);

        assert_eq!(unknown.standing(at("2026-06-01T00:00Z")), Standing::Unknown);
        assert!(!unknown.standing(at("2026-06-01T00:00Z")).open_now());
    }

    #[test]
    fn open_hours_tell_when_they_open_and_close() {
        let evenings = times("open_hours", EVENINGS);

        let open = evenings.standing(at("2026-06-01T23:00Z"));
        let closed = evenings.standing(at("2026-06-02T02:00Z"));

        assert_eq!(open, Standing::Open { closes_at: Some(at("2026-06-02T02:00Z")) });
        assert_eq!(closed, Standing::Closed { opens_at: Some(at("2026-06-02T22:00Z")) });
    }

    #[test]
    fn a_line_around_the_clock_never_closes_not_even_when_the_clock_goes_back() {
        let line = times("open_hours", DAILY);

        for hour in 0..60 {
            let at = at("2026-10-31T12:00Z") + SignedDuration::from_hours(hour);
            assert_eq!(line.standing(at), Standing::Open { closes_at: None }, "{at}");
        }
        assert_eq!(
            times("always_open", "").standing(at("2026-06-01T00:00Z")),
            Standing::Open { closes_at: None }
        );
    }

    #[test]
    fn what_comes_next_stays_so_for_a_while() {
        let mut random = fastrand::Rng::with_seed(7);
        let kinds =
            [times("open_hours", DAILY), times("open_hours", EVENINGS), times("meeting", EVENINGS)];
        for times in &kinds {
            for _ in 0..300 {
                let minutes = random.i64(0..60 * 24 * 90);
                let at = at("2026-09-01T00:00Z") + SignedDuration::from_mins(minutes);
                let (next, until) = times.next_for_a_while(at);
                assert!(until > at && until <= next.unwrap().end);
                let while_s = until.as_second() - at.as_second();
                for later in [0, random.i64(0..while_s), while_s - 1] {
                    let later = at + SignedDuration::from_secs(later);
                    assert_eq!(times.next_after(later), next, "{at} {later} {until}");
                }
            }
        }
    }

    #[test]
    fn what_is_paused_is_closed_until_it_is_not() {
        let now = at("2026-06-10T23:00Z");
        let paused = |more: &str| times("open_hours", &format!("{EVENINGS}{more}")).standing(now);

        assert_eq!(
            paused(
                r#", "status": "paused", "status_since": "2026-06-01", "status_until": "2026-06-30""#
            ),
            Standing::Closed { opens_at: Some(at("2026-07-01T22:00Z")) }
        );
        assert_eq!(paused(r#", "status": "paused""#), Standing::Closed { opens_at: None });
        assert_eq!(paused(r#", "status": "ended""#), Standing::Closed { opens_at: None });
        assert!(paused(r#", "status": "paused", "status_since": "2026-06-11""#).open_now());
        assert!(paused(r#", "status": "paused", "status_until": "2026-06-09""#).open_now());
    }

    #[test]
    fn a_paused_forum_opens_again() {
        let forum = times("always_open", r#", "status": "paused", "status_until": "2026-06-30""#);

        assert_eq!(
            forum.standing(at("2026-06-10T00:00Z")),
            Standing::Closed { opens_at: Some(at("2026-07-01T00:00Z")) }
        );
        assert!(forum.standing(at("2026-07-01T00:00Z")).open_now());
        assert_eq!(times("always_open", r#", "status": "paused""#), Times::Never);
    }
}
