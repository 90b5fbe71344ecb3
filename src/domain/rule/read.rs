//! Reading a recurrence rule as RFC 5545 writes it.

use jiff::civil::{Date, DateTime};

use super::{Every, Rule};
use crate::domain::days::{self, Day};

/// The weekdays of RFC 5545, Monday first.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Where a rule ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Ending {
    /// Nowhere.
    Never,
    /// After so many starts, those that were called off among them.
    Count(u16),
    /// With this day (`UNTIL=20261224`).
    Day(Day),
    /// At this local time, in seconds after 1970 (`UNTIL=20261224T180000`).
    Local(i64),
    /// At this instant, in seconds after 1970 (`UNTIL=20261224T180000Z`).
    Instant(i64),
}

/// Reads a rule in capitals, without `RRULE:`. The error continues "the recurrence rule …".
///
/// Rules finer than a day are refused, and so is what RFC 5545, section 3.3.10, says must not be: numbered
/// weekdays in rules by day or week, days of the month in rules by week, positions in nothing.
pub(in crate::domain) fn read(text: &str) -> Result<(Rule, Ending), String> {
    let mut seen: Vec<&str> = Vec::new();
    let mut every = None;
    let mut ending = Ending::Never;
    let mut rule = Rule {
        every: Every::Day,
        interval: 1,
        months: 0,
        month_days: 0,
        month_days_from_end: 0,
        weekdays: 0,
        nth_weekdays: Box::default(),
        positions: Box::default(),
        week_start: 0,
    };
    for part in text.split(';') {
        let Some((key, value)) = part.split_once('=') else {
            return Err(format!("has a part without `=`: {part}"));
        };
        if seen.contains(&key) {
            return Err(format!("has {key} twice"));
        }
        seen.push(key);
        let fits = match key {
            "FREQ" => {
                every = frequency(value);
                every.is_some()
            }
            "COUNT" | "UNTIL" => {
                let read = if key == "COUNT" { count(value) } else { until(value) };
                read.map(|read| ending = read).is_some()
            }
            "INTERVAL" | "BYDAY" | "BYMONTHDAY" | "BYMONTH" | "BYSETPOS" | "WKST" => {
                rule.read_part(key, value).is_some()
            }
            _ => return Err(format!("has {key}, which is not taken here")),
        };
        if !fits {
            return Err(format!("has a {key} that is out of range: {value}"));
        }
    }
    rule.every = every.ok_or("has no FREQ")?;
    if seen.contains(&"COUNT") && seen.contains(&"UNTIL") {
        return Err("has both COUNT and UNTIL".to_owned());
    }
    rule.check()?;
    Ok((rule, ending))
}

impl Rule {
    fn read_part(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "INTERVAL" => self.interval = within(value, 1, 520)?,
            "WKST" => self.week_start = weekday(value)?,
            "BYMONTH" => {
                for month in value.split(',') {
                    self.months |= 1 << within::<u8>(month, 1, 12)?;
                }
            }
            "BYMONTHDAY" => {
                for day in value.split(',') {
                    match within::<i8>(day, -31, 31)? {
                        0 => return None,
                        day @ 1.. => self.month_days |= 1 << day,
                        day => self.month_days_from_end |= 1 << -day,
                    }
                }
            }
            "BYSETPOS" => {
                let positions = value.split(',').map(|at| within(at, -366, 366));
                self.positions = positions.collect::<Option<_>>()?;
                return (!self.positions.contains(&0)).then_some(());
            }
            _ => {
                let mut nth = Vec::new();
                for day in value.split(',') {
                    let (number, day) = day.split_at_checked(day.len().checked_sub(2)?)?;
                    match (number, weekday(day)?) {
                        ("", day) => self.weekdays |= 1 << day,
                        (number, day) => nth.push((within(number, -53, 53)?, day)),
                    }
                }
                nth.sort_unstable();
                nth.dedup();
                self.nth_weekdays = nth.into();
                return self.nth_weekdays.iter().all(|(nth, _)| *nth != 0).then_some(());
            }
        }
        Some(())
    }

    /// Refuses the parts that RFC 5545 forbids together.
    fn check(&self) -> Result<(), String> {
        let by_month_or_year = matches!(self.every, Every::Month | Every::Year);
        if !self.nth_weekdays.is_empty() && !by_month_or_year {
            return Err("has a numbered weekday, which only months and years have".to_owned());
        }
        if self.has_month_days() && self.every == Every::Week {
            return Err("has BYMONTHDAY in a rule by week".to_owned());
        }
        let anything = self.has_weekdays() || self.has_month_days() || self.months != 0;
        if !self.positions.is_empty() && !anything {
            return Err("has BYSETPOS without days to count".to_owned());
        }
        Ok(())
    }
}

fn frequency(text: &str) -> Option<Every> {
    match text {
        "DAILY" => Some(Every::Day),
        "WEEKLY" => Some(Every::Week),
        "MONTHLY" => Some(Every::Month),
        "YEARLY" => Some(Every::Year),
        _ => None,
    }
}

fn count(text: &str) -> Option<Ending> {
    within(text, 1, 5_000).map(Ending::Count)
}

/// A day, a local time or an instant in UTC.
fn until(text: &str) -> Option<Ending> {
    match text.len() {
        8 => Date::strptime("%Y%m%d", text).ok().map(|day| Ending::Day(days::number(day))),
        15 => {
            let local = DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?;
            Some(Ending::Local(days::seconds(local)))
        }
        16 => match until(text.strip_suffix('Z')?)? {
            Ending::Local(seconds) => Some(Ending::Instant(seconds)),
            _ => None,
        },
        _ => None,
    }
}

fn weekday(text: &str) -> Option<u8> {
    (0..).zip(WEEKDAYS).find(|(_, name)| *name == text).map(|(number, _)| number)
}

fn within<T: std::str::FromStr + PartialOrd>(text: &str, low: T, high: T) -> Option<T> {
    text.parse().ok().filter(|number| (low..=high).contains(number))
}
