//! Occurrences against an implementation of RFC 5545 that is not ours: the crate `rrule`.
//!
//! Its zones come from another build of the time zone database, so the zones here are ones that both have
//! alike. Where the two differ by choice, the generated cases keep away and `domain/occurrence/tests.rs` has
//! expectations written by hand: a local time that the clock skips or repeats around midnight, which `rrule`
//! leaves out; first starts or days off at such a time, which it does not read; and positions (`BYSETPOS`)
//! in a first week that is not whole, which it counts from the first start and RFC 5545 from the week's.

use fastrand::Rng;
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use peer_directory::domain::{Occurrence, Schedule, Timetable};
use rrule::RRuleSet;

use crate::support::cases;

/// Zones of every kind: with summer time in the north and the south, of half an hour, changing at midnight,
/// and without.
const ZONES: [&str; 24] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/St_Johns",
    "America/Halifax",
    "America/Santiago",
    "America/Sao_Paulo",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Athens",
    "Africa/Johannesburg",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
];

/// Zones whose clocks change at midnight, where `rrule` finds no start of the day to count from.
const AT_MIDNIGHT: [&str; 2] = ["America/Santiago", "Asia/Beirut"];

/// A rule in both spellings.
#[derive(Debug)]
struct Case {
    document: String,
    calendar: String,
}

#[test]
fn occurrences_are_those_of_another_implementation() {
    let mut random = Rng::with_seed(11);
    let wanted = cases(12_000);
    let mut tried = 0;
    let mut compared = 0;
    let (mut at_changes, mut finished) = (0, 0);
    while tried < wanted {
        let case = generated(&mut random);
        // What the other one does not read, such as a first start that the clock skips.
        let Ok(other) = case.calendar.parse::<RRuleSet>() else { continue };
        tried += 1;
        let schedule: Schedule = serde_json::from_str(&case.document).unwrap();
        let zone = TimeZone::get(schedule.time_zone.as_str()).unwrap();
        let from = instant(&zone, schedule.start - 3.days());
        let to = from + SignedDuration::from_hours(24 * random.i64(100..1_500));
        let mut expected: Vec<i64> = other
            .limit()
            .into_iter()
            .map(|start| start.timestamp())
            .take_while(|start| *start < to.as_second())
            .collect();
        // RFC 5545, section 3.8.5.2: of what the rule and a date besides both give, there is one.
        expected.dedup();

        let timetable = Timetable::meetings(&schedule);
        let found: Vec<Occurrence> = timetable.between(from, to).collect();

        let starts: Vec<i64> = found.iter().map(|found| found.start.as_second()).collect();
        let differs = starts.iter().zip(&expected).find(|(ours, theirs)| ours != theirs);
        assert!(starts == expected, "first difference {differs:?} in {case:#?}");
        let length = SignedDuration::from_mins(schedule.duration_minutes.into());
        assert!(found.iter().all(|found| found.end.duration_since(found.start) == length));
        for _ in 0..3 {
            let at =
                from + SignedDuration::from_secs(random.i64(0..to.as_second() - from.as_second()));
            let next = found.iter().find(|found| found.end > at);
            if next.is_some() {
                assert_eq!(timetable.next_after(at).as_ref(), next, "{at} {case:#?}");
            }
            let now = next.filter(|next| next.start <= at);
            assert_eq!(timetable.in_progress(at).as_ref(), now, "{at} {case:#?}");
        }
        compared += found.len();
        finished +=
            usize::from(timetable.next_after(to + SignedDuration::from_hours(48)).is_none());
        at_changes += found.iter().filter(|found| is_at_a_change(&zone, found.start)).count();
    }

    // That the cases are about what they are meant to be about.
    assert!(compared > 50 * wanted, "{compared} starts");
    assert!(at_changes > wanted / 4, "{at_changes} starts on the day of a clock change");
    assert!(finished > wanted / 10, "{finished} rules came to an end");
}

fn is_at_a_change(zone: &TimeZone, at: Timestamp) -> bool {
    let day = SignedDuration::from_hours(24);
    zone.to_offset(at - day) != zone.to_offset(at + day)
}

fn instant(zone: &TimeZone, local: DateTime) -> Timestamp {
    zone.to_timestamp(local).unwrap()
}

fn basic(local: DateTime) -> String {
    local.strftime("%Y%m%dT%H%M%S").to_string()
}

/// A schedule for us, and the same as a calendar writes it.
fn generated(random: &mut Rng) -> Case {
    let name = ZONES[random.usize(..ZONES.len())];
    let zone = TimeZone::get(name).unwrap();
    let mut rule = rule(random);
    let mut day = civil::date(2023, 1, 1) + random.i32(0..900).days();
    if rule.contains("FREQ=WEEKLY") && rule.contains("BYSETPOS") {
        // A first week that is whole, from Monday on.
        day -= i32::from(day.weekday().to_monday_zero_offset()).days();
        rule = rule.split(";WKST").next().unwrap_or_default().to_owned();
    }
    let earliest = i8::from(AT_MIDNIGHT.contains(&name));
    // The small hours are when clocks change.
    let hour = if random.bool() { random.i8(earliest..5) } else { random.i8(5..24) };
    let start = day.at(hour, [0, 15, 30, 45][random.usize(..4)], 0, 0);
    let mut theirs = rule.clone();
    match random.u8(..10) {
        0..2 => {
            let count = format!(";COUNT={}", random.u32(1..60));
            rule.push_str(&count);
            theirs.push_str(&count);
        }
        2..5 => {
            let end = (start.date() + random.i32(0..900).days()).to_datetime(start.time());
            let (ours, until) = match random.u8(..3) {
                0 => (end.strftime("%Y%m%d").to_string(), end.date().at(23, 59, 59, 0)),
                1 => (basic(end), end),
                _ => {
                    let near = end + random.i32(-90..90).minutes();
                    (format!("{}Z", utc(&zone, near)), near)
                }
            };
            rule = format!("{rule};UNTIL={ours}");
            theirs = format!("{theirs};UNTIL={}Z", utc(&zone, until));
        }
        _ => {}
    }
    let (exdates, rdates) = (others(start, &zone, random), others(start, &zone, random));
    let mut calendar =
        vec![format!("DTSTART;TZID={name}:{}", basic(start)), format!("RRULE:{theirs}")];
    for (key, dates) in [("EXDATE", &exdates), ("RDATE", &rdates)] {
        calendar.extend(dates.iter().map(|date| format!("{key};TZID={name}:{}", basic(*date))));
    }
    let minutes = [45, 60, 90, 180, 480, 1_440][random.usize(..6)];
    let document = serde_json::json!({
        "start": start,
        "time_zone": name,
        "duration_minutes": minutes,
        "rrule": rule,
        "exdates": exdates,
        "rdates": rdates,
    });
    Case { document: document.to_string(), calendar: calendar.join("\n") }
}

fn utc(zone: &TimeZone, local: DateTime) -> String {
    basic(TimeZone::UTC.to_datetime(instant(zone, local)))
}

/// A few local times at the hour of the start that the clock shows once.
fn others(start: DateTime, zone: &TimeZone, random: &mut Rng) -> Vec<DateTime> {
    let count = if random.bool() { 0 } else { random.usize(1..6) };
    (0..count)
        .map(|_| start + (7 * random.i32(0..60) + [0, 0, 0, 1][random.usize(..4)]).days())
        .filter(|at| !zone.to_ambiguous_timestamp(*at).is_ambiguous())
        .collect()
}

/// A rule without an end: half of them the common ones, the others anything that the standard allows.
fn rule(random: &mut Rng) -> String {
    const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let day = |random: &mut Rng| DAYS[random.usize(..7)];
    let some = |random: &mut Rng, of: &dyn Fn(&mut Rng) -> String| {
        let all: Vec<String> = (0..random.usize(1..4)).map(|_| of(random)).collect();
        all.join(",")
    };
    match random.u8(..10) {
        0..2 => return format!("FREQ=WEEKLY;BYDAY={}", some(random, &|r| day(r).to_owned())),
        2 => return format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={}", day(random)),
        3..5 => {
            let nth = |r: &mut Rng| format!("{}{}", [1, 2, 3, 4, 5, -1, -2][r.usize(..7)], day(r));
            return format!("FREQ=MONTHLY;BYDAY={}", some(random, &nth));
        }
        _ => {}
    }
    let every = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"][random.usize(..4)];
    let mut rule = vec![format!("FREQ={every}")];
    if random.bool() {
        rule.push(format!("INTERVAL={}", random.u32(1..6)));
    }
    let mut by = false;
    if random.u8(..3) == 0 {
        rule.push(format!("BYMONTH={}", some(random, &|r| r.u8(1..13).to_string())));
        by = true;
    }
    if every != "WEEKLY" && random.u8(..3) == 0 {
        let date = |r: &mut Rng| {
            let date = r.i8(1..32);
            if r.u8(..3) == 0 { -date } else { date }.to_string()
        };
        rule.push(format!("BYMONTHDAY={}", some(random, &date)));
        by = true;
    }
    if random.bool() {
        let numbered = matches!(every, "MONTHLY" | "YEARLY") && random.bool();
        let most = if every == "YEARLY" && rule.iter().all(|part| !part.starts_with("BYMONTH=")) {
            53
        } else {
            5
        };
        let nth = |r: &mut Rng| {
            let number = r.i8(1..=most);
            let number = if r.bool() { -number } else { number };
            if numbered { format!("{number}{}", day(r)) } else { day(r).to_owned() }
        };
        rule.push(format!("BYDAY={}", some(random, &nth)));
        by = true;
    }
    if by && random.u8(..4) == 0 {
        let position = |r: &mut Rng| [1, 2, 3, -1, -2][r.usize(..5)].to_string();
        rule.push(format!("BYSETPOS={}", some(random, &position)));
    }
    if random.u8(..3) == 0 {
        rule.push(format!("WKST={}", day(random)));
    }
    rule.join(";")
}
