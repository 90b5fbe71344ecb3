//! The agenda against asking every session by itself, moment by moment, by the person's clock.

use std::collections::BTreeSet;
use std::sync::Arc;

use fastrand::Rng;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use peer_directory::domain::{Occurrence, PublicSession, Standing, Times};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::search::{Agenda, HORIZON_DAYS, Occasions, Window};

use crate::support::cases;

/// The weeks around the clock changes of both halves of the year, in Europe, America and Australia.
const ABOUT: [&str; 4] =
    ["2026-03-01T06:00Z", "2026-03-28T23:15Z", "2026-10-03T12:30Z", "2026-10-31T20:45Z"];

fn sessions() -> Vec<PublicSession> {
    let mut sessions: Vec<PublicSession> = Generator::new(5, Gazetteer::shared())
        .take(700)
        .filter_map(|record| listing(&record))
        .flat_map(|listing| listing.sessions)
        .collect();
    for (zone, start, minutes, rule, more) in [
        ("America/New_York", "2026-01-02T22:00", 180, "FREQ=WEEKLY;BYDAY=FR", ""),
        ("America/New_York", "2026-01-01T01:30", 60, "FREQ=DAILY", ""),
        ("Australia/Lord_Howe", "2025-06-01T02:15", 45, "FREQ=DAILY", ""),
        ("Europe/Berlin", "2020-01-01T19:00", 90, "FREQ=MONTHLY;BYDAY=2WE,-1TU", ""),
        ("Europe/Berlin", "2026-10-31T19:00", 90, "FREQ=WEEKLY;INTERVAL=2;COUNT=3", ""),
        ("Asia/Kolkata", "2020-01-01T18:30", 1_440, "FREQ=WEEKLY;BYDAY=SA", ""),
        ("America/Chicago", "2020-01-01T18:30", 1_440, "FREQ=WEEKLY;BYDAY=FR,SA,SU", ""),
        ("America/Santiago", "2020-01-01T00:30", 60, "FREQ=DAILY", r#", "status": "paused""#),
        (
            "Pacific/Auckland",
            "2020-01-01T20:00",
            600,
            "FREQ=DAILY",
            r#", "status": "paused", "status_until": "2026-11-04""#,
        ),
    ] {
        for form in ["meeting", "open_hours", "always_open"] {
            let status = if more.is_empty() { r#", "status": "active""# } else { more };
            let session = format!(
                r#"{{"attendance": "online", "form": "{form}"{status}, "schedule": {{
                    "start": "{start}", "time_zone": "{zone}", "duration_minutes": {minutes},
                    "rrule": "{rule}"}}}}"#
            );
            sessions.push(serde_json::from_str(&session).unwrap());
        }
    }
    sessions
}

/// Whether a moment is in the window, by the person's clock.
pub(crate) fn allows(window: &Window, at: Timestamp) -> bool {
    let clock = at.to_zoned(window.zone.clone()).datetime();
    let on = |day: Weekday| window.days.is_empty() || window.days.has(day);
    let (today, yesterday) = (clock.weekday(), (clock.date() - 1.day()).weekday());
    match (window.starts_after, window.starts_before) {
        (Some(after), Some(before)) if before <= after => {
            clock.time() >= after && on(today) || clock.time() < before && on(yesterday)
        }
        (after, before) => {
            on(today)
                && after.is_none_or(|after| clock.time() >= after)
                // Midnight is the end of the day.
                && before.is_none_or(|before| clock.time() < before || before == Time::midnight())
        }
    }
}

/// The first occurrence of a session that satisfies the window. What is always open has one without end.
fn first(times: &Times, window: &Window, now: Timestamp) -> Option<Occurrence> {
    let day = SignedDuration::from_hours(24);
    let horizon = now + day * i32::from(HORIZON_DAYS);
    let until = window.within.map_or(horizon, |within| now + within + SignedDuration::from_secs(1));
    let in_time = |found: &Occurrence| !window.open_now || found.start <= now;
    let open_in_it = |found: &Occurrence| {
        let mut at = found.start.max(now);
        while at < found.end.min(until) {
            if allows(window, at) {
                return true;
            }
            at += SignedDuration::from_mins(15);
        }
        false
    };
    match times {
        Times::Unknown | Times::Never => None,
        Times::Always => {
            Some(Occurrence { start: now - day, end: until }).filter(|always| open_in_it(always))
        }
        Times::Meetings(timetable) => timetable
            .not_over(now)
            .take_while(|found| found.start < until)
            .find(|found| in_time(found) && allows(window, found.start)),
        Times::OpenHours(timetable) => timetable
            .stretches(now)
            .take_while(|found| found.start < until)
            .find(|found| in_time(found) && open_in_it(found)),
    }
}

fn generated(random: &mut Rng) -> Window {
    let zones = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"];
    let time = |random: &mut Rng| {
        random.bool().then(|| Time::constant(random.i8(0..24), 15 * random.i8(0..4), 0, 0))
    };
    let days = if random.bool() { 0 } else { random.usize(1..4) };
    Window {
        zone: TimeZone::get(zones[random.usize(..zones.len())]).unwrap(),
        days: (0..days)
            .map(|_| Weekday::from_monday_zero_offset(random.i8(0..7)).unwrap())
            .collect(),
        starts_after: time(random),
        starts_before: time(random),
        within: (random.u8(..3) == 0).then(|| SignedDuration::from_hours(random.i64(0..200))),
        open_now: random.u8(..4) == 0,
    }
}

#[test]
fn a_window_is_satisfied_by_the_sessions_that_satisfy_it_one_by_one() {
    let sessions = sessions();
    let mut random = Rng::with_seed(2);
    for about in ABOUT {
        let made: Timestamp = about.parse().unwrap();
        let since = made - SignedDuration::from_hours(24);
        let occasions = Arc::new(Occasions::new(since, (0..).zip(&sessions)));
        let agenda = Agenda::coming(Arc::clone(&occasions), made);
        let all: Vec<Times> = sessions.iter().map(PublicSession::times).collect();
        for _ in 0..cases(25) {
            let window = generated(&mut random);
            let now = made + SignedDuration::from_mins(15 * random.i64(-96..96));
            assert!(agenda.is_for(now));
            let moments = window.moments(now);

            for (offer, times) in (0..).zip(&all) {
                let expected = first(times, &window, now);
                let case = || format!("{now} {window:?} {:?}", sessions[offer as usize]);
                assert_eq!(agenda.has(offer, &moments), expected.is_some(), "{}", case());
                let next = agenda.next(offer, &moments);
                match times {
                    Times::Meetings(_) => assert_eq!(next, expected, "{}", case()),
                    // A stretch without end is cut off where each of them stops looking, and an agenda
                    // looks back no further than what it is made from.
                    Times::OpenHours(_) => {
                        let start = |next: Option<Occurrence>| next.map(|next| next.start.max(now));
                        assert_eq!(start(next), start(expected), "{}", case());
                    }
                    _ => assert_eq!(next, None, "{}", case()),
                }
                assert_eq!(occasions.times(offer).standing(now), times.standing(now), "{}", case());
                let end = |next: Option<Occurrence>| next.map(|next| next.end);
                assert_eq!(end(occasions.next_after(offer, now)), end(times.next_after(now)));
            }
        }
    }
}

#[test]
fn what_comes_next_is_what_each_session_says_by_itself() {
    let sessions = sessions();
    let all: Vec<Times> = sessions.iter().map(PublicSession::times).collect();
    let mut random = Rng::with_seed(9);
    let (mut coming, mut going_on) = (0, 0);
    for about in ABOUT {
        let made: Timestamp = about.parse().unwrap();
        let since = made - SignedDuration::from_hours(40 * 24);
        let occasions = Arc::new(Occasions::new(since, (0..).zip(&sessions)));
        let agenda = Agenda::coming(Arc::clone(&occasions), made);
        for _ in 0..cases(25) {
            // Beyond the agenda, too.
            let at = made
                + SignedDuration::from_millis(random.i64(-90_000_000..90_000_000))
                + SignedDuration::from_hours(if random.u8(..5) == 0 { 24 * 50 } else { 0 });
            // On a quarter of an hour, too: that is when they begin and end.
            let quarter = Timestamp::from_second(at.as_second() / 900 * 900).unwrap();
            let at = if random.bool() { quarter } else { at };
            for (offer, times) in (0..).zip(&all) {
                let case = || format!("{at} {:?}", sessions[offer as usize]);
                let (found, wanted) = (agenda.next_after(offer, at), times.next_after(at));
                // What went on before the oldest question is forgotten.
                let start = |next: Option<Occurrence>| next.map(|next| next.start.max(since));
                assert_eq!(start(found), start(wanted), "{}", case());
                assert_eq!(found.map(|o| o.end), wanted.map(|o| o.end), "{}", case());
                if matches!(times, Times::Meetings(_) | Times::OpenHours(_)) {
                    assert_eq!(Standing::by(found, at), times.standing(at), "{}", case());
                }
                coming += usize::from(found.is_some());
                going_on += usize::from(found.is_some_and(|found| found.is_at(at)));
            }
        }
    }
    assert!(coming > cases(50_000) && going_on > cases(1_500), "{coming}, {going_on}");
}

#[test]
fn meetings_come_in_the_order_of_their_starts_and_can_be_taken_up_anywhere() {
    let sessions = sessions();
    let made: Timestamp = ABOUT[3].parse().unwrap();
    let agenda = Agenda::coming(Arc::new(Occasions::new(made, (0..).zip(&sessions))), made);
    let window = Window {
        starts_after: Some(Time::constant(17, 0, 0, 0)),
        ..Window::any(TimeZone::get("America/Chicago").unwrap())
    };
    let to = made + SignedDuration::from_hours(60);
    let moments = window.between(made, to);
    let mut expected = BTreeSet::new();
    for (offer, session) in (0u32..).zip(&sessions) {
        if let Times::Meetings(timetable) = session.times() {
            let coming = timetable.not_over(made).take_while(|found| found.start < to);
            let coming = coming.filter(|found| allows(&window, found.start));
            expected.extend(coming.map(|found| (found.start, offer, found.end)));
        }
    }

    let found: Vec<(Occurrence, u32)> = agenda.meetings(&moments, None).collect();

    let told: Vec<_> = found.iter().map(|(at, offer)| (at.start, *offer, at.end)).collect();
    assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
    assert!(found.len() > 40, "{}", found.len());
    for (place, (at, offer)) in found.iter().enumerate() {
        let rest = agenda.meetings(&moments, Some((at.start, *offer)));
        assert_eq!(rest.collect::<Vec<_>>(), found[place + 1..]);
    }
}

#[test]
fn unknown_times_satisfy_no_window_and_are_told_apart() {
    let unknown: PublicSession = serde_json::from_str(
        r#"{"attendance": "in_person", "form": "meeting", "status": "active",
            "schedule_note": "Weekly; ask for the day"}"#,
    )
    .unwrap();
    let forum: PublicSession = serde_json::from_str(
        r#"{"attendance": "online", "form": "always_open", "status": "active"}"#,
    )
    .unwrap();
    let now: Timestamp = ABOUT[0].parse().unwrap();
    let occasions = Occasions::new(now, [(0, &unknown), (2, &forum)]);

    let agenda = Agenda::coming(Arc::new(occasions), now);

    let any = Window::any(TimeZone::UTC);
    let now_open = Window { open_now: true, ..any.clone() };
    let known = |offer| (agenda.occasions().is_unknown(offer), agenda.occasions().is_always(offer));
    assert_eq!([0, 1, 2].map(known), [(true, false), (false, false), (false, true)]);
    for window in [any, now_open] {
        let moments = window.moments(now);
        assert_eq!([0, 1, 2].map(|offer| agenda.has(offer, &moments)), [false, false, true]);
    }
}
