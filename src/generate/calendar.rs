//! When the invented groups meet.

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil;

use super::words;
use crate::domain::{Pause, Recurrence, Schedule, Text, ZoneName};

/// The first day of the calendar, a Sunday: a day's number modulo 7 is its weekday.
const FIRST: civil::Date = civil::date(2022, 1, 2);

/// How many days the calendar has: into March 2027.
const DAYS: usize = 1_900;

/// What is known is known on this day: 1 November 2026, as a day of the calendar.
pub(super) const TODAY: usize = 1_764;

/// The Thursday of Thanksgiving 2026, and the Sunday that the winter break begins on.
const THANKSGIVING: usize = TODAY + 25;
const WINTER: usize = TODAY + 49;

/// A schedule with what a name can tell of it.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) schedule: Schedule,
    /// 0 is Sunday.
    pub(super) weekday: usize,
    /// The hour it begins at.
    pub(super) hour: i8,
    /// How often, in words.
    pub(super) rhythm: &'static str,
}

/// Days and rules made once, because every program needs some.
#[derive(Debug)]
pub(super) struct Calendar {
    days: Vec<civil::Date>,
    weekly: Vec<Recurrence>,
    fortnightly: Vec<Recurrence>,
    /// The first to the fourth weekday of a month, then the last; seven of each.
    monthly: Vec<Recurrence>,
    weekdays: Recurrence,
    daily: Recurrence,
}

impl Calendar {
    pub(super) fn new() -> Self {
        const NAMES: [&str; 7] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
        let rule = |text: &str| text.parse().expect("the rules written here are ones we take");
        let monthly = ["1", "2", "3", "4", "-1"]
            .into_iter()
            .flat_map(|nth| NAMES.map(|day| rule(&format!("FREQ=MONTHLY;BYDAY={nth}{day}"))));
        Self {
            days: FIRST.series(1.day()).take(DAYS).collect(),
            weekly: (0..7).map(|day| Recurrence::weekly(&[day])).collect(),
            fortnightly: NAMES
                .map(|day| rule(&format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={day}")))
                .to_vec(),
            monthly: monthly.collect(),
            weekdays: Recurrence::weekly(&[1, 2, 3, 4, 5]),
            daily: rule("FREQ=DAILY"),
        }
    }

    /// A day by its number; the last one beyond the end.
    pub(super) fn day(&self, number: usize) -> civil::Date {
        self.days[number.min(DAYS - 1)]
    }

    /// The pattern of a group's meetings.
    pub(super) fn meetings(&self, zone: &ZoneName, random: &mut Rng) -> Pattern {
        let weekday = words::skewed(&[2, 4, 3, 1, 6, 0, 5], random);
        let (hour, minute) = words::skewed(
            &[
                (19, 0),
                (18, 30),
                (18, 0),
                (19, 30),
                (10, 30),
                (12, 0),
                (17, 30),
                (14, 0),
                (20, 0),
                (11, 0),
                (16, 0),
            ],
            random,
        );
        let time = civil::time(hour, minute, 0, 0);
        let minutes = [60, 90, 90, 60, 90, 60, 75, 120, 90, 60][random.usize(..10)];
        let week = random.usize(105..240);
        let mut schedule = Schedule {
            start: self.day(week * 7 + weekday).to_datetime(time),
            time_zone: zone.clone(),
            duration_minutes: minutes,
            rrule: None,
            exdates: Vec::new(),
            rdates: Vec::new(),
            pauses: Vec::new(),
        };
        let (rule, rhythm) = match random.u32(..100) {
            0..70 => {
                self.add_days_off(&mut schedule, week * 7 + weekday, 7, random);
                (&self.weekly[weekday], "weekly")
            }
            70..80 => {
                self.add_days_off(&mut schedule, week * 7 + weekday, 14, random);
                (&self.fortnightly[weekday], "every two weeks")
            }
            roll => {
                let nth = if roll < 94 { random.usize(..4) } else { 4 };
                schedule.start = self.nth_weekday(week * 7, nth, weekday).to_datetime(time);
                (&self.monthly[nth * 7 + weekday], "monthly")
            }
        };
        schedule.rrule = Some(rule.clone());
        Pattern { schedule, weekday, hour, rhythm }
    }

    /// The pattern of a place that is open on working days.
    pub(super) fn working_days(&self, zone: &ZoneName, random: &mut Rng) -> Schedule {
        let start = civil::time(random.i8(8..12), 0, 0, 0);
        self.hours(zone, self.weekdays.clone(), start, [240, 300, 360, 420][random.usize(..4)])
    }

    /// The pattern of a line that answers on some evenings, every day, or day and night.
    pub(super) fn line_hours(&self, zone: &ZoneName, random: &mut Rng) -> Schedule {
        let start = civil::time(random.i8(14..19), 0, 0, 0);
        match random.u32(..10) {
            0..2 => self.hours(zone, self.daily.clone(), civil::time(0, 0, 0, 0), 1_440),
            2..6 => self.hours(zone, self.daily.clone(), start, random.u16(3..8) * 60),
            6..8 => self.hours(zone, self.weekdays.clone(), start, random.u16(3..8) * 60),
            _ => {
                let evenings = Recurrence::weekly(&[0, 3, 5, 6]);
                self.hours(zone, evenings, start, random.u16(2..6) * 60)
            }
        }
    }

    fn hours(
        &self,
        zone: &ZoneName,
        rule: Recurrence,
        start: civil::Time,
        minutes: u16,
    ) -> Schedule {
        // 2 January 2026 is a Friday, which all of these rules have.
        Schedule {
            start: self.day(1_461).to_datetime(start),
            time_zone: zone.clone(),
            duration_minutes: minutes,
            rrule: Some(rule),
            exdates: Vec::new(),
            rdates: Vec::new(),
            pauses: Vec::new(),
        }
    }

    /// Takes some holidays out of a schedule that begins on day `first`, every `step` days.
    fn add_days_off(&self, schedule: &mut Schedule, first: usize, step: usize, random: &mut Rng) {
        let time = schedule.start.time();
        let next = |day: usize| first + day.saturating_sub(first).next_multiple_of(step);
        if schedule.time_zone.as_str().starts_with("America/")
            && next(THANKSGIVING) == THANKSGIVING
            && random.bool()
        {
            schedule.exdates.push(self.day(THANKSGIVING).to_datetime(time));
        }
        match random.u32(..100) {
            0..10 => schedule.exdates.push(self.day(next(WINTER)).to_datetime(time)),
            10..14 => schedule.pauses.push(Pause {
                from: self.day(WINTER),
                until: Some(self.day(WINTER + 16)),
                reason: Text::new("Winter break").ok(),
            }),
            14..16 => schedule.rdates.push(self.day(next(TODAY + 14) + 2).to_datetime(time)),
            _ => {}
        }
    }

    /// The first, second … or (4) last such weekday of the month that a day is in.
    fn nth_weekday(&self, day: usize, nth: usize, weekday: usize) -> civil::Date {
        let date = self.day(day);
        let first = day - usize::try_from(date.day() - 1).unwrap_or_default();
        let mut found = first + (weekday + 7 - first % 7) % 7 + nth.min(3) * 7;
        if nth == 4 && self.day(found + 7).month() == date.month() {
            found += 7;
        }
        self.day(found)
    }
}
