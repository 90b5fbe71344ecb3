//! The arithmetic of occurrences: whole days and seconds, the zone given with each question.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::domain::days::{self, Day, SECONDS};
use crate::domain::rule::{self, Ending, Rule};
use crate::domain::schedule::Schedule;

/// How far ahead an occurrence is looked for, in days: 30 years.
const AHEAD: Day = 10_958;

/// For how long a `COUNT` is counted, in days: 100 years.
const COUNTED: Day = 36_525;

/// How much a zone's clock may be changed between a start and its end, in seconds: Apia's lost day, and
/// two hours besides.
const CHANGE: i64 = 26 * 3_600;

/// The longest that a session may last, a day.
const MOST_MINUTES: u16 = 1_440;

/// No day is later: the last of the year 9998.
const LAST: Day = days::day(9_998, 12, 31);

/// A stretch of days, first and last included.
pub(crate) type Days = (Day, Day);

/// What ends an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Ends {
    /// Its minutes have gone by.
    AfterMinutes,
    /// The clock has gone on by its minutes.
    ByTheClock,
}

/// How long each occurrence lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Length {
    pub(crate) minutes: u16,
    pub(crate) ends: Ends,
}

/// What repeats, without zone and length. Two sessions with equal plans begin at the same local times.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    /// The day that the rule is counted from.
    first: Day,
    /// The last day of the rule.
    last: Day,
    /// The start in seconds after midnight.
    time: u32,
    /// Without one, the first day is the only one.
    rule: Option<Arc<Rule>>,
    /// What is different from the rule, if anything.
    changes: Option<Arc<Changes>>,
}

/// The rules and the changes that plans have, each once: holidays are the same for many.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    rules: HashSet<Arc<Rule>>,
    changes: HashSet<Arc<Changes>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Changes {
    /// Days without a start, in order.
    except: Box<[Day]>,
    /// Starts besides, as seconds after 1970 in UTC, in order.
    besides: Box<[i64]>,
    /// In order of their first days.
    pauses: Box<[Days]>,
}

impl Plan {
    /// The plan of a schedule in its zone, with pauses besides its own.
    pub(super) fn new(schedule: &Schedule, zone: &TimeZone, pauses: &[Days]) -> Self {
        let start = days::seconds(schedule.start);
        let (first, time) = day_and_time(start);
        let mut plan = Self { first, last: LAST, time, rule: None, changes: None };
        match schedule.rrule.as_ref().map(|rule| rule::read(rule.as_str())) {
            None => {}
            Some(Ok((rule, ending))) => {
                let rule = rule.counted_from(first);
                plan.last = last_day(&rule, ending, start, zone);
                plan.rule = Some(Arc::new(rule));
            }
            // There is none: a rule that exists can be read.
            Some(Err(_)) => plan.last = first - 1,
        }
        plan.changes = Changes::new(schedule, zone, pauses).map(Arc::new);
        plan
    }

    /// Forgets what was over before `since`, so that plans with the same future are equal.
    pub(crate) fn forget(&mut self, zone: &TimeZone, since: i64) {
        let oldest = oldest_start(zone, since, MOST_MINUTES);
        let (day, _) = day_and_time(oldest);
        if let Some(rule) = &self.rule {
            self.first = rule.first_alike(self.first, day);
        }
        if let Some(changes) = &mut self.changes {
            let kept = changes.since(day, since - i64::from(MOST_MINUTES) * 60 - CHANGE);
            self.changes = (kept != Changes::default()).then(|| Arc::new(kept));
        }
    }

    /// Keeps rule and changes once for all plans that have equal ones.
    pub(crate) fn share(&mut self, shared: &mut Shared) {
        if let Some(rule) = &mut self.rule {
            keep_once(rule, &mut shared.rules);
        }
        if let Some(changes) = &mut self.changes {
            keep_once(changes, &mut shared.changes);
        }
    }

    /// How many bytes its rule and its changes take, divided among all that share them.
    pub(crate) fn shared_bytes(&self) -> usize {
        let rule = self.rule.as_ref().map_or(0, |rule| rule.bytes() / Arc::strong_count(rule));
        let changes = self.changes.as_ref().map_or(0, |changes| {
            let lists = size_of_val(&changes.except[..])
                + size_of_val(&changes.besides[..])
                + size_of_val(&changes.pauses[..]);
            (size_of::<Changes>() + lists) / Arc::strong_count(changes)
        });
        rule + changes
    }

    /// The occurrences that are not over at `at`, as seconds after 1970, in the order of their starts.
    pub(crate) fn not_over<'a>(
        &'a self,
        zone: &'a TimeZone,
        length: Length,
        at: i64,
    ) -> Starts<'a> {
        let until = day_and_time(at).0.saturating_add(AHEAD).min(LAST);
        Starts::new(self, zone, length, at, until)
    }

    /// The same up to a day or two after `to`.
    pub(crate) fn not_over_before<'a>(
        &'a self,
        zone: &'a TimeZone,
        length: Length,
        at: i64,
        to: i64,
    ) -> Starts<'a> {
        let until = day_and_time(to.saturating_add(CHANGE)).0.min(LAST);
        Starts::new(self, zone, length, at, until)
    }

    fn next_day(&self, from: Day, until: Day) -> Option<Day> {
        let until = until.min(self.last);
        match &self.rule {
            Some(rule) => rule.next(self.first, from, until),
            None => (from <= self.first && self.first <= until).then_some(self.first),
        }
    }
}

impl Length {
    fn end(self, zone: &TimeZone, start: i64) -> i64 {
        let seconds = i64::from(self.minutes) * 60;
        let after = start + seconds;
        match self.ends {
            Ends::AfterMinutes => after,
            Ends::ByTheClock => local_second(zone, start)
                .and_then(|local| instant(zone, local + seconds))
                .filter(|end| *end > start)
                .unwrap_or(after),
        }
    }
}

impl Changes {
    fn new(schedule: &Schedule, zone: &TimeZone, pauses: &[Days]) -> Option<Self> {
        let own = schedule
            .pauses
            .iter()
            .map(|pause| (days::number(pause.from), pause.until.map_or(LAST, days::number)));
        let mut pauses: Vec<Days> = own.chain(pauses.iter().copied()).collect();
        pauses.sort_unstable();
        pauses.dedup();
        let is_off = |day: Day| pauses.iter().any(|(from, until)| (*from..=*until).contains(&day));
        let start = schedule.start.time();
        let mut except: Vec<Day> = schedule
            .exdates
            .iter()
            .filter(|at| same_second(at.time(), start))
            .map(|at| days::number(at.date()))
            .collect();
        except.sort_unstable();
        except.dedup();
        let mut besides: Vec<i64> = schedule
            .rdates
            .iter()
            .filter(|at| !is_off(days::number(at.date())))
            .map(|at| days::seconds(*at))
            .filter(|at| !schedule.exdates.iter().any(|off| days::seconds(*off) == *at))
            .filter_map(|at| instant(zone, at))
            .collect();
        besides.sort_unstable();
        besides.dedup();
        let changes =
            Self { except: except.into(), besides: besides.into(), pauses: pauses.into() };
        (changes != Self::default()).then_some(changes)
    }

    /// What matters from day `day` and from second `instant` on.
    fn since(&self, day: Day, instant: i64) -> Self {
        Self {
            except: self.except.iter().copied().filter(|at| *at >= day).collect(),
            besides: self.besides.iter().copied().filter(|at| *at >= instant).collect(),
            pauses: self
                .pauses
                .iter()
                .filter(|(_, until)| *until >= day)
                .map(|&(from, until)| (from.max(day), until))
                .collect(),
        }
    }

    fn takes_away(&self, day: Day) -> bool {
        self.except.binary_search(&day).is_ok()
            || self.pauses.iter().any(|(from, until)| (*from..=*until).contains(&day))
    }
}

/// Occurrences in the order of their starts: begin and end in seconds after 1970.
#[derive(Debug)]
pub(crate) struct Starts<'a> {
    plan: &'a Plan,
    zone: &'a TimeZone,
    length: Length,
    /// What is over by then is left out.
    at: i64,
    /// The next day to look at, and the last.
    day: Day,
    until: Day,
    /// The next start of the rule, found already.
    regular: Option<i64>,
    besides: &'a [i64],
    /// The start that came last; two of one instant are one.
    last: i64,
}

impl<'a> Starts<'a> {
    fn new(plan: &'a Plan, zone: &'a TimeZone, length: Length, at: i64, until: Day) -> Self {
        let (day, _) = day_and_time(oldest_start(zone, at, length.minutes));
        let besides = plan.changes.as_deref().map_or(&[][..], |changes| &changes.besides);
        let mut starts =
            Self { plan, zone, length, at, day, until, regular: None, besides, last: i64::MIN };
        starts.advance();
        starts
    }

    /// Finds the next start of the rule.
    fn advance(&mut self) {
        let plan = self.plan;
        self.regular = loop {
            let Some(day) = plan.next_day(self.day, self.until) else { break None };
            self.day = day + 1;
            if plan.changes.as_ref().is_some_and(|changes| changes.takes_away(day)) {
                continue;
            }
            break instant(self.zone, i64::from(day) * SECONDS + i64::from(plan.time));
        };
    }

    fn next_start(&mut self) -> Option<i64> {
        match (self.regular, self.besides.split_first()) {
            (Some(start), besides) if besides.is_none_or(|(first, _)| start <= *first) => {
                self.advance();
                Some(start)
            }
            (_, Some((start, rest))) => {
                self.besides = rest;
                Some(*start)
            }
            (regular, None) => regular,
        }
    }
}

impl Iterator for Starts<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        loop {
            let start = self.next_start()?;
            let end = self.length.end(self.zone, start);
            if start > self.last && end > self.at {
                self.last = start;
                return Some((start, end));
            }
        }
    }
}

/// The last day on which a rule that starts at `start` has a start.
fn last_day(rule: &Rule, ending: Ending, start: i64, zone: &TimeZone) -> Day {
    let (first, time) = day_and_time(start);
    let at = |day: Day| i64::from(day) * SECONDS + i64::from(time);
    match ending {
        Ending::Never => LAST,
        Ending::Day(day) => day,
        Ending::Local(until) => {
            let (day, _) = day_and_time(until);
            if at(day) <= until { day } else { day - 1 }
        }
        Ending::Instant(until) => {
            let Some(local) = local_second(zone, until) else { return LAST };
            let (day, _) = day_and_time(local);
            let in_time = instant(zone, at(day)).is_some_and(|start| start <= until);
            if in_time { day } else { day - 1 }
        }
        Ending::Count(count) => {
            let until = first.saturating_add(COUNTED).min(LAST);
            let mut last = first - 1;
            for _ in 0..count {
                let Some(day) = rule.next(first, last + 1, until) else { break };
                last = day;
            }
            last
        }
    }
}

fn keep_once<T: Eq + Hash>(one: &mut Arc<T>, all: &mut HashSet<Arc<T>>) {
    if let Some(known) = all.get(one) {
        *one = Arc::clone(known);
    } else {
        all.insert(Arc::clone(one));
    }
}

/// The earliest local second at which something of so many minutes can begin that is not over at `at`.
fn oldest_start(zone: &TimeZone, at: i64, minutes: u16) -> i64 {
    let local = local_second(zone, at).unwrap_or(at);
    local - i64::from(minutes) * 60 - CHANGE
}

/// The instant of a local second by the rules of RFC 5545; `None` beyond jiff's years.
fn instant(zone: &TimeZone, local: i64) -> Option<i64> {
    let local = days::local(local)?;
    zone.to_ambiguous_timestamp(local).compatible().ok().map(Timestamp::as_second)
}

/// What the clock shows at an instant, in seconds after 1970.
fn local_second(zone: &TimeZone, at: i64) -> Option<i64> {
    let at = Timestamp::from_second(at).ok()?;
    Some(at.as_second() + i64::from(zone.to_offset(at).seconds()))
}

fn day_and_time(local: i64) -> (Day, u32) {
    let day = local.div_euclid(SECONDS).clamp(-i64::from(LAST), i64::from(LAST));
    let time = local.rem_euclid(SECONDS);
    (Day::try_from(day).unwrap_or(LAST), u32::try_from(time).unwrap_or_default())
}

fn same_second(a: civil::Time, b: civil::Time) -> bool {
    (a.hour(), a.minute(), a.second()) == (b.hour(), b.minute(), b.second())
}
