//! When people meet: iCalendar recurrence in the meeting's own time zone.

use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::rule;
use super::text::Text;
use super::textual::textual;

/// A zone of the IANA time zone database, such as `America/New_York`. Never an offset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(Box<str>);

/// Why a schedule was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSchedule {
    /// The zone is not in the time zone database.
    #[error("`{0}` is not a time zone such as America/New_York")]
    Zone(String),
    /// The recurrence rule is not one we take; the reason says which part.
    #[error("the recurrence rule {0}")]
    Rule(String),
    /// A meeting lasts from a minute to a day.
    #[error("a meeting lasts 1 to 1,440 minutes")]
    Duration,
    /// A pause ends before it begins.
    #[error("a pause ends on or after the day it begins")]
    Pause,
}

impl ZoneName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone without a clock change, for what is bound to no place.
    pub fn utc() -> Self {
        Self("UTC".into())
    }

    /// The zone itself.
    pub fn zone(&self) -> TimeZone {
        jiff::tz::db().get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl FromStr for ZoneName {
    type Err = InvalidSchedule;

    fn from_str(text: &str) -> Result<Self, InvalidSchedule> {
        let named = text.contains('/') || text == "UTC";
        match jiff::tz::db().get(text) {
            Ok(zone) if named => Ok(Self(zone.iana_name().unwrap_or(text).into())),
            _ => Err(InvalidSchedule::Zone(text.to_owned())),
        }
    }
}

textual!(ZoneName);

/// A recurrence rule after RFC 5545, section 3.3.10, by day, week, month or year.
///
/// Rules finer than a day are refused: nobody meets every minute, and expanding them costs without limit.
/// The text is kept in the form it was checked in, keys in the RFC's spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Recurrence(Box<str>);

impl Recurrence {
    /// A meeting every week on these days, 0 being Sunday; without any, on that of the first start.
    pub fn weekly(days: &[u8]) -> Self {
        const NAMES: [&str; 7] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
        if days.is_empty() {
            return Self("FREQ=WEEKLY".into());
        }
        let days: Vec<_> = days.iter().map(|&day| NAMES[usize::from(day % 7)]).collect();
        Self(format!("FREQ=WEEKLY;BYDAY={}", days.join(",")).into())
    }

    /// The rule as text, without `RRULE:`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Recurrence {
    type Err = InvalidSchedule;

    fn from_str(text: &str) -> Result<Self, InvalidSchedule> {
        let upper = text.trim().to_ascii_uppercase();
        let rule = upper.strip_prefix("RRULE:").unwrap_or(&upper);
        rule::read(rule).map_err(InvalidSchedule::Rule)?;
        Ok(Self(rule.into()))
    }
}

textual!(Recurrence);

/// When a session takes place: a local start in a zone, a length, and how it repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "RawSchedule")]
pub struct Schedule {
    /// The first start, in local time (`DTSTART`).
    #[schema(value_type = String, format = "date-time-local", example = "2026-01-06T19:00:00")]
    pub start: civil::DateTime,
    /// The IANA zone the local times are in.
    #[schema(value_type = String, example = "America/New_York")]
    pub time_zone: ZoneName,
    /// How long it lasts, in minutes.
    #[schema(minimum = 1, maximum = 1440, example = 90)]
    pub duration_minutes: u16,
    /// How it repeats, after RFC 5545; absent for a single meeting.
    #[schema(value_type = Option<String>, example = "FREQ=MONTHLY;BYDAY=2TU")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<Recurrence>,
    /// Starts that do not take place, in local time.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exdates: Vec<civil::DateTime>,
    /// Starts that take place besides, in local time.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rdates: Vec<civil::DateTime>,
    /// Stretches of days without meetings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

impl Schedule {
    /// Open day and night, but for the pauses.
    pub(super) fn around_the_clock(time_zone: ZoneName, pauses: Vec<Pause>) -> Self {
        Self {
            start: civil::date(1970, 1, 1).at(0, 0, 0, 0),
            time_zone,
            duration_minutes: 1_440,
            rrule: Some(Recurrence("FREQ=DAILY".into())),
            exdates: Vec::new(),
            rdates: Vec::new(),
            pauses,
        }
    }
}

/// A stretch of days without meetings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The first day without.
    #[schema(value_type = String, format = "date", example = "2026-12-20")]
    pub from: civil::Date,
    /// The last day without; absent while nobody knows.
    #[schema(value_type = Option<String>, format = "date", example = "2027-01-05")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<civil::Date>,
    /// Why, in words.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<200>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchedule {
    start: civil::DateTime,
    time_zone: ZoneName,
    duration_minutes: u16,
    rrule: Option<Recurrence>,
    #[serde(default)]
    exdates: Vec<civil::DateTime>,
    #[serde(default)]
    rdates: Vec<civil::DateTime>,
    #[serde(default)]
    pauses: Vec<Pause>,
}

impl TryFrom<RawSchedule> for Schedule {
    type Error = InvalidSchedule;

    fn try_from(raw: RawSchedule) -> Result<Self, InvalidSchedule> {
        if !(1..=1_440).contains(&raw.duration_minutes) {
            return Err(InvalidSchedule::Duration);
        }
        if raw.pauses.iter().any(|pause| pause.until.is_some_and(|until| until < pause.from)) {
            return Err(InvalidSchedule::Pause);
        }
        Ok(Self {
            start: raw.start,
            time_zone: raw.time_zone,
            duration_minutes: raw.duration_minutes,
            rrule: raw.rrule,
            exdates: raw.exdates,
            rdates: raw.rdates,
            pauses: raw.pauses,
        })
    }
}
