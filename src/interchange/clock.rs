//! Times and weekdays as people write them.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday, date};

/// How long a meeting lasts when it does not say, after the Meeting Guide specification.
pub(super) const USUAL_MINUTES: u16 = 60;

/// The day weekly meetings are counted from when they do not say since when they meet.
///
/// It is fixed, so that the same feed gives the same schedule whenever it is read.
pub(super) const COUNTED_FROM: Date = date(2024, 1, 1);

const MINUTES_A_DAY: u16 = 1_440;

/// The days of the week in the plural, Sunday first.
const DAYS: [&str; 7] =
    ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];

/// A time of day: `19:00`, `19:00:00`, `7:00 PM`, `7 p.m.`, `noon`, `midnight`.
pub(super) fn time(text: &str) -> Option<Time> {
    let mut text = text.to_ascii_lowercase().replace("a.m", "am").replace("p.m", "pm");
    text.retain(|c| !c.is_whitespace());
    match text.as_str() {
        "noon" => return Some(Time::constant(12, 0, 0, 0)),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let text = text.trim_end_matches('.');
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(Half::Morning)),
        (_, Some(digits)) => (digits, Some(Half::Afternoon)),
        _ => (text, None),
    };
    let mut parts = digits.split([':', '.']).map(number);
    let hour = parts.next()??;
    let minute = match (parts.next(), half) {
        (Some(minute), _) => minute?,
        (None, Some(_)) => 0,
        // A bare number may mean anything.
        (None, None) => return None,
    };
    let second = parts.next().unwrap_or(Some(0))?;
    if second > 59 || parts.next().is_some() {
        return None;
    }
    let hour = match half {
        Some(Half::Morning) if (1..=12).contains(&hour) => hour % 12,
        Some(Half::Afternoon) if (1..=12).contains(&hour) => hour % 12 + 12,
        // "19:00 PM" is seen; there is only one thing it can mean.
        Some(Half::Afternoon) if (13..=23).contains(&hour) => hour,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn number(text: &str) -> Option<i8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The time at which something ends: like [`time`], and `24:00` is midnight.
pub(super) fn end(text: &str) -> Option<Time> {
    if matches!(text.trim(), "24:00" | "24:00:00") { Some(Time::midnight()) } else { time(text) }
}

/// The minutes from `start` to `end`, past midnight when the end is earlier.
///
/// An end that equals the start says nothing, so the meeting gets its usual length.
pub(super) fn minutes(start: Time, end: Time) -> u16 {
    let of_day = |time: Time| {
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    };
    match (of_day(end) + MINUTES_A_DAY - of_day(start)) % MINUTES_A_DAY {
        0 => USUAL_MINUTES,
        minutes => minutes,
    }
}

/// The number of a weekday from its English name, 0 being Sunday: `Tue`, `tuesday`, `Tuesdays`.
pub(super) fn weekday(text: &str) -> Option<u8> {
    let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let found = DAYS.iter().position(|day| {
        text.len() >= 3 && day.to_ascii_lowercase().starts_with(&text)
            || matches!((*day, text.as_str()), ("Tuesdays", "tu") | ("Thursdays", "th"))
    });
    found.and_then(|day| u8::try_from(day).ok())
}

/// The first day on or after `from` that is one of `days`, 0 being Sunday.
pub(super) fn first_on(days: &[u8], from: Date) -> Date {
    let is_one = |day: &Date| days.iter().any(|&number| day.weekday() == weekday_of(number));
    (0..7).filter_map(|later| from.checked_add(later.days()).ok()).find(is_one).unwrap_or(from)
}

const fn weekday_of(number: u8) -> Weekday {
    match number % 7 {
        0 => Weekday::Sunday,
        1 => Weekday::Monday,
        2 => Weekday::Tuesday,
        3 => Weekday::Wednesday,
        4 => Weekday::Thursday,
        5 => Weekday::Friday,
        _ => Weekday::Saturday,
    }
}

/// Weekdays in words: `Tuesdays`, `Mondays and Fridays`, `Every day`.
pub(super) fn in_words(days: &[u8]) -> String {
    let names: Vec<&str> = days.iter().map(|&day| DAYS[usize::from(day % 7)]).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        all if all.len() == 7 => "Every day".to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_twelve_and_in_twenty_four_hours() {
        for (text, hour, minute) in [
            ("19:00", 19, 0),
            ("07:05", 7, 5),
            ("7:30 PM", 19, 30),
            ("12:15 AM", 0, 15),
            ("12:00 pm", 12, 0),
            ("8 p.m.", 20, 0),
            ("19:00 PM", 19, 0),
            ("19:00:00", 19, 0),
            ("Noon", 12, 0),
            ("midnight", 0, 0),
        ] {
            assert_eq!(time(text), Some(Time::constant(hour, minute, 0, 0)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_is_not_guessed() {
        for text in [
            "",
            "24:00",
            "25:00",
            "7",
            "7:60",
            "evening",
            "-1:00",
            "13:00 AM",
            "7:00:00:00",
            "é:00",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn an_end_before_the_start_is_past_midnight() {
        let at = |hour| Time::constant(hour, 30, 0, 0);

        assert_eq!(minutes(at(23), at(1)), 120);
        assert_eq!(minutes(at(19), at(20)), 60);
        assert_eq!(minutes(at(19), at(19)), USUAL_MINUTES);
        assert_eq!(end("24:00"), Some(Time::midnight()));
    }

    #[test]
    fn weekdays_are_known_by_name_and_counted_from_sunday() {
        assert_eq!(weekday("Sunday"), Some(0));
        assert_eq!(weekday("Mon"), Some(1));
        assert_eq!(weekday("tues"), Some(2));
        assert_eq!(weekday("THURSDAYS"), Some(4));
        assert_eq!(weekday("sat."), Some(6));
        assert_eq!(weekday("s"), None);
        assert_eq!(weekday("holiday"), None);
    }

    #[test]
    fn the_first_meeting_is_on_one_of_its_days() {
        // The first of January 2024 was a Monday.
        assert_eq!(first_on(&[1], COUNTED_FROM), date(2024, 1, 1));
        assert_eq!(first_on(&[0], COUNTED_FROM), date(2024, 1, 7));
        assert_eq!(first_on(&[2, 5], COUNTED_FROM), date(2024, 1, 2));
    }

    #[test]
    fn days_read_like_a_sentence() {
        assert_eq!(in_words(&[2]), "Tuesdays");
        assert_eq!(in_words(&[1, 3, 5]), "Mondays, Wednesdays and Fridays");
        assert_eq!(in_words(&[0, 1, 2, 3, 4, 5, 6]), "Every day");
    }
}
