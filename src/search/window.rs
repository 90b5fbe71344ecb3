//! When a person could come: from weekdays and times of day in their own zone to stretches of time.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far ahead a weekday or a time of day is looked for, in days.
///
/// Five weeks: whoever asks for Tuesdays finds the group of the second Tuesday on every day of the month.
/// `within` asks for less.
pub const HORIZON_DAYS: u8 = 35;

/// How long before an instant something can have begun that is still going on: a day, and a changed clock.
pub(super) const LONGEST: i64 = 26 * 3_600;

const DAY: i64 = 86_400;

/// Some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Whether it has a day.
    pub fn has(self, day: Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }

    /// Whether it has no day.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<T: IntoIterator<Item = Weekday>>(days: T) -> Self {
        Self(days.into_iter().fold(0, |all, day| all | 1 << day.to_monday_zero_offset()))
    }
}

/// When a person could come. One meeting must satisfy all of it.
///
/// A meeting satisfies it by its start, open hours by any moment that they are open in.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The person's zone, which weekdays and times of day are in.
    pub zone: TimeZone,
    /// On one of these days; none is any. A window past midnight belongs to the day that it begins on.
    pub days: Weekdays,
    /// At this time of day or later.
    pub starts_after: Option<Time>,
    /// Before this time of day. At or before `starts_after` it is one of the day after; without that,
    /// midnight is the end of the day.
    pub starts_before: Option<Time>,
    /// From now until so long from now, the last moment included; at most [`HORIZON_DAYS`].
    pub within: Option<SignedDuration>,
    /// Going on now.
    pub open_now: bool,
}

impl Window {
    /// Any time that comes.
    pub fn any(zone: TimeZone) -> Self {
        Self {
            zone,
            days: Weekdays::default(),
            starts_after: None,
            starts_before: None,
            within: None,
            open_now: false,
        }
    }

    /// Whether any time will do, so that what has no time fits too.
    pub fn is_any(&self) -> bool {
        !self.asks_for_day()
            && !self.asks_for_time_of_day()
            && self.within.is_none()
            && !self.open_now
    }

    /// Whether it asks for days of the week.
    pub(super) fn asks_for_day(&self) -> bool {
        !self.days.is_empty()
    }

    /// Whether it asks for a time of day.
    pub(super) fn asks_for_time_of_day(&self) -> bool {
        self.starts_after.is_some() || self.starts_before.is_some()
    }

    /// The moments that it means when it is `now`. What has begun and is not over yet counts.
    pub fn moments(&self, now: Timestamp) -> Moments {
        let now = now.as_second();
        let horizon = i64::from(HORIZON_DAYS) * DAY;
        let length = self.within.map_or(horizon, |within| (within.as_secs() + 1).clamp(0, horizon));
        self.moments_between(now, now + length)
    }

    /// The moments that it means from one instant up to another, whatever `within` says.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Moments {
        self.moments_between(from.as_second(), to.as_second())
    }

    fn moments_between(&self, now: i64, until: i64) -> Moments {
        let mut moments = Moments {
            now,
            until,
            open_now: self.open_now,
            ranges: Vec::new(),
            hours: HoursOfWeek::default(),
        };
        if self.days.is_empty() && self.starts_after.is_none() && self.starts_before.is_none() {
            moments.push(now - LONGEST, until);
        } else {
            self.add_days(&mut moments);
        }
        for (from, to) in &moments.ranges {
            moments.hours.add(*from, *to);
        }
        moments
    }

    /// Adds what is in the window of each day, as long as the zone's clock is not changed, then after that.
    fn add_days(&self, moments: &mut Moments) {
        let (mut from, until) = (moments.now - LONGEST, moments.until);
        while from < until {
            let Ok(at) = Timestamp::from_second(from) else { return };
            let offset = i64::from(self.zone.to_offset(at).seconds());
            let change = self.zone.following(at).next().map(|change| change.timestamp());
            let to = change.map_or(until, |change| change.as_second().min(until));
            let last = (to - 1 + offset).div_euclid(DAY);
            for day in (from + offset).div_euclid(DAY)..=last {
                for (begin, end) in self.pieces(day).into_iter().flatten() {
                    let midnight = day * DAY - offset;
                    moments.push((midnight + begin).max(from), (midnight + end).min(to));
                }
            }
            from = to;
        }
    }

    /// The seconds of a day, counted from 1 January 1970, that are in the window: the end of the evening
    /// before, then its own.
    fn pieces(&self, day: i64) -> [Option<(i64, i64)>; 2] {
        let after = self.starts_after.map_or(0, second_of_day);
        let before = self.starts_before.map_or(DAY, second_of_day);
        let own = self.is_on(day);
        if self.starts_before.is_some() && before <= after {
            let evening_before = self.is_on(day - 1) && self.starts_after.is_some();
            [evening_before.then_some((0, before)), own.then_some((after, DAY))]
        } else {
            [None, own.then_some((after, before))]
        }
    }

    fn is_on(&self, day: i64) -> bool {
        // 1 January 1970 was a Thursday.
        self.days.is_empty() || self.days.0 >> (day + 3).rem_euclid(7) & 1 == 1
    }
}

fn second_of_day(time: Time) -> i64 {
    i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// The moments that a [`Window`] means, in seconds after 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    /// What is over by then does not count.
    pub(super) now: i64,
    pub(super) until: i64,
    pub(super) open_now: bool,
    /// In order, apart from each other, ends not included.
    ranges: Vec<(i64, i64)>,
    /// The hours of the week that these have a part of.
    hours: HoursOfWeek,
}

/// Some hours of the week, by the clock of UTC.
///
/// Most meetings are at other hours than a person asks for, and that is seen without looking at each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct HoursOfWeek([u64; 3]);

const HOURS: i64 = 7 * 24;

impl HoursOfWeek {
    /// Adds every hour that has a part from one second up to another.
    pub(super) fn add(&mut self, from: i64, to: i64) {
        let (first, last) = (from.div_euclid(3_600), (to - 1).div_euclid(3_600));
        for hour in first..=last.min(first + HOURS - 1) {
            let hour = usize::try_from(hour.rem_euclid(HOURS)).unwrap_or_default();
            self.0[hour / 64] |= 1 << (hour % 64);
        }
    }

    fn meet(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }
}

impl Moments {
    /// Whether something may begin at one of them that begins in these hours alone.
    pub(super) fn may_have(&self, hours: &HoursOfWeek) -> bool {
        self.hours.meet(hours)
    }

    fn push(&mut self, from: i64, to: i64) {
        match self.ranges.last_mut() {
            _ if from >= to => {}
            Some(last) if last.1 == from => last.1 = to,
            _ => self.ranges.push((from, to)),
        }
    }

    /// Whether a meeting satisfies them.
    pub(super) fn take_meeting(&self, begin: i64, end: i64) -> bool {
        end > self.now && (!self.open_now || begin <= self.now) && self.contain(begin)
    }

    /// Whether open hours satisfy them: they are open at one of the moments that are still to come.
    pub(super) fn take_hours(&self, begin: i64, end: i64) -> bool {
        end > self.now
            && (!self.open_now || begin <= self.now)
            && self.overlap(begin.max(self.now), end)
    }

    /// Whether any of them is still to come, as for what is always open.
    pub(super) fn come(&self) -> bool {
        self.take_hours(i64::MIN, i64::MAX)
    }

    pub(super) fn contain(&self, at: i64) -> bool {
        let next = self.ranges.partition_point(|(_, to)| *to <= at);
        self.ranges.get(next).is_some_and(|(from, _)| *from <= at)
    }

    fn overlap(&self, begin: i64, end: i64) -> bool {
        let next = self.ranges.partition_point(|(_, to)| *to <= begin);
        self.ranges.get(next).is_some_and(|(from, _)| *from < end)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    fn window(days: &[Weekday], after: Option<Time>, before: Option<Time>) -> Window {
        Window {
            days: days.iter().copied().collect(),
            starts_after: after,
            starts_before: before,
            ..Window::any(TimeZone::get("America/New_York").unwrap())
        }
    }

    /// The stretches that are still to come, by the clock in New York.
    fn told(window: &Window, now: &str, count: usize) -> Vec<String> {
        let moments = window.moments(now.parse().unwrap());
        let clock = |at: i64| {
            let at = Timestamp::from_second(at).unwrap().to_zoned(window.zone.clone());
            at.strftime("%a %d %H:%M").to_string()
        };
        let coming = moments.ranges.iter().filter(|(_, to)| *to > moments.now);
        coming.take(count).map(|&(from, to)| format!("{} to {}", clock(from), clock(to))).collect()
    }

    #[test]
    fn an_evening_is_the_same_hours_before_and_after_the_clock_changes() {
        let tuesdays = window(&[Weekday::Tuesday], Some(time(17, 0, 0, 0)), None);

        assert_eq!(
            told(&tuesdays, "2026-10-26T12:00Z", 2),
            ["Tue 27 17:00 to Wed 28 00:00", "Tue 03 17:00 to Wed 04 00:00"]
        );
    }

    #[test]
    fn a_window_past_midnight_belongs_to_the_day_it_begins_on() {
        let friday_night =
            window(&[Weekday::Friday], Some(time(22, 0, 0, 0)), Some(time(2, 0, 0, 0)));

        assert_eq!(
            told(&friday_night, "2026-06-10T12:00Z", 2),
            ["Fri 12 22:00 to Sat 13 02:00", "Fri 19 22:00 to Sat 20 02:00"]
        );
    }

    #[test]
    fn an_hour_that_comes_twice_counts_twice() {
        let small_hours = window(&[], Some(time(1, 15, 0, 0)), Some(time(1, 45, 0, 0)));

        assert_eq!(
            told(&small_hours, "2026-11-01T04:00Z", 3),
            [
                "Sun 01 01:15 to Sun 01 01:45",
                "Sun 01 01:15 to Sun 01 01:45",
                "Mon 02 01:15 to Mon 02 01:45"
            ]
        );
    }

    #[test]
    fn within_ends_after_so_long() {
        let soon = Window {
            within: Some(SignedDuration::from_hours(24)),
            ..window(&[], Some(time(18, 0, 0, 0)), None)
        };
        let no_tuesday = Window { days: [Weekday::Tuesday].into_iter().collect(), ..soon.clone() };

        // Wednesday, 20:00.
        assert_eq!(
            told(&soon, "2026-06-11T00:00Z", 9),
            ["Wed 10 18:00 to Thu 11 00:00", "Thu 11 18:00 to Thu 11 20:00"]
        );
        assert!(told(&no_tuesday, "2026-06-11T00:00Z", 9).is_empty());
    }
}
