//! The days that a rule takes within one period: a bit for each day of a week or a month.

use super::Rule;
use crate::domain::days::{self, Day};

impl Rule {
    /// Whether a day that is a period of its own is taken.
    pub(super) fn takes_alone(&self, day: Day) -> bool {
        let placed = self.positions.is_empty() || self.positions.iter().any(|at| at.abs() == 1);
        if self.months == 0 && !self.has_month_days() {
            return placed && self.takes_weekday(day);
        }
        let (year, month, date) = days::parts(day);
        placed
            && self.takes_weekday(day)
            && self.takes_month(month)
            && (!self.has_month_days()
                || self.month_days_among(days::in_month(year, month)) >> (date - 1) & 1 == 1)
    }

    /// The days of the week that begins on day `week`; bit 0 is its first day.
    pub(super) fn in_week(&self, week: Day) -> u32 {
        let weekdays = u32::from(self.weekdays);
        // Two weeks from Monday on, seen from the day that weeks begin on.
        let mut days = ((weekdays | weekdays << 7) >> self.week_start) & 0x7F;
        if self.months != 0 {
            for at in (0..7).filter(|at| !self.takes_month(days::parts(week + at).1)) {
                days &= !(1 << at);
            }
        }
        self.placed(days)
    }

    /// The days of the month `number`, which begins on day `begin`; bit 0 is the first.
    pub(super) fn in_month(&self, number: i32, begin: Day) -> u32 {
        let (year, month) = (number.div_euclid(12), number.rem_euclid(12) + 1);
        if self.takes_month(month) {
            self.placed(self.days_among(days::in_month(year, month), begin, true))
        } else {
            0
        }
    }

    /// The days of a year, month by month; bit 0 is the first of the month.
    pub(super) fn in_year(&self, year: i32) -> [u32; 12] {
        // Without months, the 20th Monday is that of the year.
        let of_the_month = self.months != 0;
        let mut months = [0; 12];
        for (month, days) in (1..).zip(&mut months).filter(|(month, _)| self.takes_month(*month)) {
            let begin = days::day(year, month, 1);
            *days = self.days_among(days::in_month(year, month), begin, of_the_month);
        }
        if !of_the_month && !self.nth_weekdays.is_empty() {
            let nth = self.nth_of_the_year(year);
            for (days, nth) in months.iter_mut().zip(nth) {
                *days |= nth;
            }
        }
        if self.positions.is_empty() { months } else { self.placed_in_year(months) }
    }

    /// The days of a month of `length` days that begins on day `begin`, before positions are counted.
    fn days_among(&self, length: i32, begin: Day, with_nth: bool) -> u32 {
        let by_date = self.has_month_days().then(|| self.month_days_among(length));
        let by_weekday = self.has_weekdays().then(|| {
            let all = every_weekday(self.weekdays, begin);
            let nth = if with_nth { &self.nth_weekdays[..] } else { &[] };
            nth.iter().fold(all, |days, &(nth, weekday)| {
                days | nth_weekday(nth, weekday, length, begin).map_or(0, |at| 1 << at)
            })
        });
        let whole = u32::MAX >> (32 - length);
        by_date.unwrap_or(whole) & by_weekday.unwrap_or(whole) & whole
    }

    /// The numbered weekdays of a year that also are of the right date.
    fn nth_of_the_year(&self, year: i32) -> [u32; 12] {
        let begin = days::day(year, 1, 1);
        let length = days::day(year + 1, 1, 1) - begin;
        let mut months = [0; 12];
        for &(nth, weekday) in &self.nth_weekdays {
            let Some(at) = nth_weekday(nth, weekday, length, begin) else { continue };
            let (_, month, date) = days::parts(begin + at);
            let by_date = !self.has_month_days()
                || self.month_days_among(days::in_month(year, month)) >> (date - 1) & 1 == 1;
            if let (true, Ok(month)) = (by_date, usize::try_from(month - 1)) {
                months[month] |= 1 << (date - 1);
            }
        }
        months
    }

    fn month_days_among(&self, length: i32) -> u32 {
        let from_end = (1..=length)
            .filter(|back| self.month_days_from_end >> back & 1 == 1)
            .fold(0, |days, back| days | 1 << (length - back));
        (self.month_days >> 1 | from_end) & (u32::MAX >> (32 - length))
    }

    fn takes_month(&self, month: i32) -> bool {
        self.months == 0 || self.months >> month & 1 == 1
    }

    fn takes_weekday(&self, day: Day) -> bool {
        self.weekdays == 0 || self.weekdays >> days::weekday(day) & 1 == 1
    }

    /// Of the days of one period, those at the positions that are asked for.
    fn placed(&self, days: u32) -> u32 {
        if self.positions.is_empty() {
            return days;
        }
        let taken: Vec<u32> = (0..32).filter(|at| days >> at & 1 == 1).collect();
        self.positions.iter().filter_map(|at| at_position(&taken, *at)).fold(0, |a, at| a | 1 << at)
    }

    fn placed_in_year(&self, months: [u32; 12]) -> [u32; 12] {
        let taken: Vec<(usize, u32)> = (0..12)
            .flat_map(|month| (0..31).map(move |at| (month, at)))
            .filter(|(month, at)| months[*month] >> at & 1 == 1)
            .collect();
        let mut placed = [0; 12];
        for (month, at) in self.positions.iter().filter_map(|at| at_position(&taken, *at)) {
            placed[month] |= 1 << at;
        }
        placed
    }
}

/// The element at position 1, 2 … or -1, -2 … from the end.
fn at_position<T: Copy>(all: &[T], position: i16) -> Option<T> {
    let at = usize::from(position.unsigned_abs()).checked_sub(1)?;
    let at = if position > 0 { at } else { all.len().checked_sub(at + 1)? };
    all.get(at).copied()
}

/// The days of these weekdays in the 35 days from `begin`.
fn every_weekday(weekdays: u8, begin: Day) -> u32 {
    // Five weeks from Monday on, seen from the weekday that the month begins on.
    let weeks = (0..6).fold(0u64, |weeks, week| weeks | u64::from(weekdays) << (7 * week));
    let seen = weeks >> days::weekday(begin) & u64::from(u32::MAX);
    u32::try_from(seen).unwrap_or_default()
}

/// The days from `begin` to the nth such weekday of a stretch of `length` days.
fn nth_weekday(nth: i8, weekday: u8, length: i32, begin: Day) -> Option<i32> {
    let first = (i32::from(weekday) - days::weekday(begin)).rem_euclid(7);
    let nth = i32::from(nth);
    let at = if nth > 0 {
        first + 7 * (nth - 1)
    } else {
        first + (length - 1 - first) / 7 * 7 + 7 * (nth + 1)
    };
    (0..length).contains(&at).then_some(at)
}
