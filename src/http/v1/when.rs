//! What is asked of times: days, times of day, and how soon.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::search_request::SearchRequest;
use super::values::words;
use crate::domain::ZoneName;
use crate::gazetteer::Place;
use crate::http::raw::{Check, shortened};
use crate::search::{Day, HORIZON_DAYS, Query, Window};

/// How long a day has at most that is not a day with a changed clock.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// For how long meetings are listed when nobody says.
const LISTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far ahead may be asked.
fn horizon() -> SignedDuration {
    DAY * i32::from(HORIZON_DAYS)
}

impl SearchRequest {
    /// When a session must take place, by the clock that `tz` names, else by that of the place.
    pub(super) fn window(&self, check: &mut Check, place: Option<&Place>) -> Window {
        let named = self.tz.as_deref().and_then(|text| {
            check.take("tz", shortened(text).parse::<ZoneName>().map(|name| name.zone()))
        });
        let of_place = || place?.time_zone.as_deref()?.parse::<ZoneName>().ok();
        let zone = named.or_else(|| Some(of_place()?.zone())).unwrap_or(TimeZone::UTC);
        let mut time = |name: &str, text: Option<&String>| {
            let read = |text: &String| {
                time_of_day(text).ok_or("must be a time of day from 00:00 to 23:59")
            };
            text.and_then(|text| check.take(name, read(text)))
        };
        let starts_after = time("starts_after", self.starts_after.as_ref());
        let starts_before = time("starts_before", self.starts_before.as_ref());
        let within = self.within.as_deref().and_then(|text| check.take("within", duration(text)));
        let open_now = self.open_now.as_deref().and_then(|text| {
            check.take("open_now", text.parse::<bool>().map_err(|_other| "must be true or false"))
        });
        let days: Vec<String> = self.day.iter().map(|day| short(day)).collect();
        let days: Vec<Day> = words(check, "day", &days);
        Window {
            zone,
            days: days.into_iter().map(Day::weekday).collect(),
            starts_after,
            starts_before,
            within,
            open_now: open_now.unwrap_or(false),
        }
    }
}

/// The word for a day whose name may be written out.
fn short(day: &str) -> String {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let day = day.to_lowercase();
    let known = NAMES.iter().find(|name| **name == day);
    known.map_or(day.clone(), |name| name[..3].to_owned())
}

fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    Time::new(number(hour)?, number(minute).filter(|_| minute.len() == 2)?, 0, 0).ok()
}

/// A number of minutes, hours or days.
fn duration(text: &str) -> Result<SignedDuration, &'static str> {
    let expected = "must be a time from 1m to 35d, such as 90m, 24h or 3d";
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => return Err(expected),
    };
    let number: i64 = number.trim().parse::<u16>().map_err(|_not_a_number| expected)?.into();
    let asked = SignedDuration::from_mins(number * minutes);
    if number > 0 && asked <= horizon() { Ok(asked) } else { Err(expected) }
}

/// From when to when meetings are listed, as it was asked.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

impl Listed {
    /// The first and the last instant: the coming week, unless something else is asked for.
    pub(super) fn between(
        &self,
        check: &mut Check,
        query: &Query,
    ) -> Option<(Timestamp, Timestamp)> {
        let (now, zone) = (query.now, &query.window.zone);
        let given = self.from.is_some() || self.to.is_some();
        if given && query.window.within.is_some() {
            check.wrong("within", "says as much as `from` and `to`: give either");
        }
        if given && query.window.open_now {
            check.wrong("open_now", "means now: leave `from` and `to` out");
        }
        let from = match &self.from {
            None => now,
            Some(text) => check.take("from", instant(text, zone, 0))?.0,
        };
        // A day of 25 hours began so long ago at most.
        if from < now - SignedDuration::from_hours(25) {
            check.wrong("from", "must not be before today");
        }
        let last = now + horizon();
        if from > last {
            check.wrong("from", "must be within the coming 35 days");
        }
        let to = match (&self.to, query.window.within) {
            (Some(text), _) => {
                let (to, is_day) = check.take("to", instant(text, zone, 1))?;
                // The last day may end a little later.
                if to > last && !(is_day && to <= last + DAY) {
                    check.wrong("to", "must be within the coming 35 days");
                }
                to.min(last)
            }
            (None, Some(within)) => now + within + SignedDuration::from_secs(1),
            (None, None) => (from.max(now) + LISTED).min(last),
        };
        if from <= last && to <= from {
            check.wrong("to", "must be after `from`");
        }
        Some((from, to))
    }
}

/// An instant, or the beginning of a day in a zone or of one so many days later; and whether it was a day.
fn instant(text: &str, zone: &TimeZone, later: i32) -> Result<(Timestamp, bool), &'static str> {
    let expected =
        "must be a day such as 2026-11-22, or an instant such as 2026-11-22T18:00:00-05:00";
    if let Ok(at) = text.parse::<Timestamp>() {
        // Seconds are as fine as times go.
        let whole = Timestamp::from_second(at.as_second()).map_err(|_beyond| expected)?;
        return Ok((whole, false));
    }
    let day: Date = text.parse().map_err(|_neither| expected)?;
    let plain = text.len() == 10;
    let day = day.checked_add(later.days()).ok().filter(|_| plain).ok_or(expected)?;
    let start = day.to_zoned(zone.clone()).map_err(|_beyond| expected)?;
    Ok((start.timestamp(), true))
}

/// The minute that an instant is in.
pub(super) fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap_or(at)
}

/// The hour that an instant is in.
pub(super) fn hour(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(3_600) * 3_600).unwrap_or(at)
}

/// Whether the first page of a search whose pages are still turned can have been shown then.
pub(super) fn is_recent(shown: Timestamp, now: Timestamp) -> bool {
    (now - horizon()..=now + DAY).contains(&shown)
}
