//! A recurrence rule, read: which days it takes.
//!
//! RFC 5545, section 3.3.10. A session has one start a day, so a rule by day, week, month or year is a set
//! of days, and the time of day stays outside. The next day is found from where one stands, by arithmetic
//! and never from the beginning: how long ago a group began costs nothing.

mod read;
mod set;

use super::days::{self, Day};

pub(super) use read::{Ending, read};

/// The days that a recurrence rule takes, without its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Rule {
    every: Every,
    /// Every so many days, weeks, months or years.
    interval: u16,
    /// Bit 1 is January; no bit is every month.
    months: u16,
    /// Bit 1 is the first of the month; no bit here and below is any.
    month_days: u32,
    /// Bit 1 is the last of the month.
    month_days_from_end: u32,
    /// Bit 0 is Monday; no bit here and below is any.
    weekdays: u8,
    /// The second Tuesday is `(2, 1)`, the last `(-1, 1)`.
    nth_weekdays: Box<[(i8, u8)]>,
    /// Of each period's days, only these: 1 is the first, -1 the last.
    positions: Box<[i16]>,
    /// The day that weeks begin on, 0 being Monday.
    week_start: u8,
}

/// The period that a rule repeats by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

impl Rule {
    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&self.nth_weekdays[..]) + size_of_val(&self.positions[..])
    }

    /// The rule with what it leaves to the first day: its weekday, its day of the month, its month.
    pub(super) fn counted_from(mut self, first: Day) -> Self {
        let (_, month, day) = days::parts(first);
        let any_day = !self.has_weekdays() && !self.has_month_days();
        match self.every {
            Every::Week if any_day => self.weekdays = 1 << days::weekday(first),
            Every::Month | Every::Year if any_day => self.month_days = 1 << day,
            _ => {}
        }
        if any_day && self.every == Every::Year && self.months == 0 {
            self.months = 1 << month;
        }
        self
    }

    /// The first day from `from` to `until` that the rule takes, counted from day `first`.
    ///
    /// The rule must have been [`counted_from`](Self::counted_from) its first day.
    pub(super) fn next(&self, first: Day, from: Day, until: Day) -> Option<Day> {
        let from = from.max(first);
        let found = match self.every {
            Every::Day => self.next_by_day(first, from, until),
            Every::Week => self.next_by_week(first, from, until),
            Every::Month => self.next_by_month(first, from, until),
            Every::Year => self.next_by_year(first, from, until),
        };
        found.filter(|day| *day <= until)
    }

    /// The earliest day that one may count from instead of `first` and find the same days from `since` on.
    ///
    /// Groups that began in different years and meet on the same days then count alike.
    pub(super) fn first_alike(&self, first: Day, since: Day) -> Day {
        let interval = i32::from(self.interval);
        // Whole intervals back from `since`: the number of the last period of the rhythm before it.
        let before = |first: i32, since: i32| since - 1 - (since - 1 - first).rem_euclid(interval);
        match self.every {
            _ if first >= since => first,
            Every::Day => before(first, since),
            Every::Week => {
                let start = self.week_of(first);
                start + 7 * before(0, (self.week_of(since) - start) / 7)
            }
            Every::Month => {
                let (number, _) = month_of(first);
                let (now, _) = month_of(since);
                first_of_month(before(number, now))
            }
            Every::Year => {
                let (year, ..) = days::parts(first);
                let (now, ..) = days::parts(since);
                days::day(before(year, now), 1, 1)
            }
        }
    }

    fn next_by_day(&self, first: Day, from: Day, until: Day) -> Option<Day> {
        let interval = i32::from(self.interval);
        let mut day = from + (first - from).rem_euclid(interval);
        while day <= until {
            if self.takes_alone(day) {
                return Some(day);
            }
            day += interval;
        }
        None
    }

    fn next_by_week(&self, first: Day, from: Day, until: Day) -> Option<Day> {
        let interval = 7 * i32::from(self.interval);
        let start = self.week_of(first);
        let mut week = self.week_of(from);
        let beyond = (week - start).rem_euclid(interval);
        if beyond > 0 {
            week += interval - beyond;
        }
        while week <= until {
            let days = self.in_week(week) & not_before(from - week);
            if days != 0 {
                return Some(week + lowest(days));
            }
            week += interval;
        }
        None
    }

    fn next_by_month(&self, first: Day, from: Day, until: Day) -> Option<Day> {
        let interval = i32::from(self.interval);
        let (start, _) = month_of(first);
        let (mut month, _) = month_of(from);
        month += (start - month).rem_euclid(interval);
        loop {
            let begin = first_of_month(month);
            if begin > until {
                return None;
            }
            let days = self.in_month(month, begin) & not_before(from - begin);
            if days != 0 {
                return Some(begin + lowest(days));
            }
            month += interval;
        }
    }

    fn next_by_year(&self, first: Day, from: Day, until: Day) -> Option<Day> {
        let interval = i32::from(self.interval);
        let (start, ..) = days::parts(first);
        let (mut year, ..) = days::parts(from);
        year += (start - year).rem_euclid(interval);
        while days::day(year, 1, 1) <= until {
            let months = self.in_year(year);
            for (month, days) in (1..).zip(months).filter(|(_, days)| *days != 0) {
                let begin = days::day(year, month, 1);
                let days = days & not_before(from - begin);
                if days != 0 {
                    return Some(begin + lowest(days));
                }
            }
            year += interval;
        }
        None
    }

    /// The day that the week of a day begins on.
    fn week_of(&self, day: Day) -> Day {
        day - (days::weekday(day) - i32::from(self.week_start)).rem_euclid(7)
    }

    fn has_weekdays(&self) -> bool {
        self.weekdays != 0 || !self.nth_weekdays.is_empty()
    }

    fn has_month_days(&self) -> bool {
        self.month_days | self.month_days_from_end != 0
    }
}

/// The number of a day's month, counted from the year 0, and the day of the month.
fn month_of(day: Day) -> (i32, i32) {
    let (year, month, day) = days::parts(day);
    (year * 12 + month - 1, day)
}

/// The first day of a month by its number.
fn first_of_month(number: i32) -> Day {
    days::day(number.div_euclid(12), number.rem_euclid(12) + 1, 1)
}

/// The bits of the days that are not before the one at `offset`.
const fn not_before(offset: i32) -> u32 {
    match offset {
        ..=0 => u32::MAX,
        1..=31 => u32::MAX << offset,
        _ => 0,
    }
}

#[expect(clippy::cast_possible_wrap, reason = "at most 32")]
const fn lowest(bits: u32) -> i32 {
    bits.trailing_zeros() as i32
}
