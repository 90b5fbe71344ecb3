//! Days as numbers: how many days a date is after 1 January 1970, and back.
//!
//! Recurrence is arithmetic on days, millions at a time, so it is done on integers and not on dates.
//! The calendar is the proleptic Gregorian one, as in RFC 5545 and in jiff.

use jiff::civil::{Date, DateTime};

/// A day, counted from 1 January 1970.
pub(super) type Day = i32;

/// Seconds in a day by the clock.
pub(super) const SECONDS: i64 = 86_400;

/// The number of a date.
pub(super) fn number(date: Date) -> Day {
    day(i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

/// The day of year, month (1 to 12) and day; days beyond the month's end run on into the next.
pub(super) const fn day(year: i32, month: i32, day: i32) -> Day {
    // Years begin in March, so that the leap day is the last one; eras of 400 years are all alike.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month (1 to 12) and day (1 to 31) of a day.
pub(super) const fn parts(day: Day) -> (i32, i32, i32) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let day_of_era = day.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
}

/// The weekday of a day, 0 being Monday.
pub(super) const fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// How many days a month has.
pub(super) const fn in_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A local time as seconds after 1 January 1970, 0:00 by the same clock. Parts of seconds are dropped.
pub(super) fn seconds(local: DateTime) -> i64 {
    i64::from(number(local.date())) * SECONDS
        + i64::from(local.hour()) * 3_600
        + i64::from(local.minute()) * 60
        + i64::from(local.second())
}

/// The local time that is so many seconds after 1 January 1970, 0:00; `None` beyond jiff's years.
pub(super) fn local(seconds: i64) -> Option<DateTime> {
    let (year, month, day) = parts(i32::try_from(seconds.div_euclid(SECONDS)).ok()?);
    let second = seconds.rem_euclid(SECONDS);
    DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(second / 3_600).ok()?,
        i8::try_from(second / 60 % 60).ok()?,
        i8::try_from(second % 60).ok()?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let all = date(1580, 1, 1).series(1.day()).take_while(|at| at.year() < 2_430);
        for (expected, at) in (number(date(1580, 1, 1))..).zip(all) {
            let day = number(at);

            assert_eq!(day, expected);
            assert_eq!(
                parts(day),
                (at.year().into(), i32::from(at.month()), i32::from(at.day())),
                "{at}"
            );
            assert_eq!(weekday(day), i32::from(at.weekday().to_monday_zero_offset()), "{at}");
            assert_eq!(
                in_month(at.year().into(), at.month().into()),
                i32::from(at.days_in_month())
            );
        }
        assert_eq!(number(date(1970, 1, 1)), 0);
    }

    #[test]
    fn local_times_are_read_back() {
        for text in ["1969-12-31T23:59:59", "2026-11-01T01:30:00", "-000044-03-15T12:00:00"] {
            let at: DateTime = text.parse().unwrap();

            assert_eq!(local(seconds(at)), Some(at));
        }
        assert_eq!(local(i64::MAX), None);
    }
}
