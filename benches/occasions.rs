//! Times of generated programs: how long the coming weeks take to lay out, how fast a person's window is
//! answered, and what it holds in memory. `PROGRAMS=…` says how many, 100,000 if not.
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use peer_directory::domain::{PublicSession, Times};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::search::{Agenda, Occasions, Window};

fn main() {
    let programs = std::env::var("PROGRAMS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    // 1 November 2026, 14:17 in New York: the clock has gone back there, and not long ago in Berlin.
    let now: Timestamp = "2026-11-01T19:17:12Z".parse().expect("an instant");
    let sessions: Vec<PublicSession> = Generator::new(1, Gazetteer::shared())
        .take(programs)
        .filter_map(|record| listing(&record))
        .flat_map(|listing| listing.sessions)
        .collect();
    println!("{programs} programs, {} sessions", sessions.len());

    one_by_one(&sessions, now);

    let begun = Instant::now();
    let occasions = Arc::new(Occasions::new(now, (0..).zip(&sessions)));
    let (rhythms, patterns) = occasions.sizes();
    println!("occasions made in {:?}: {rhythms} rhythms, {patterns} patterns", begun.elapsed());
    let begun = Instant::now();
    let agenda = Agenda::coming(Arc::clone(&occasions), now);
    println!("agenda of 37 days made in {:?}", begun.elapsed());
    let each = |bytes: usize| bytes / sessions.len().max(1);
    println!(
        "bytes a session: {} for occasions, {} for the agenda",
        each(occasions.bytes()),
        each(agenda.bytes())
    );
    let offers = u32::try_from(sessions.len()).expect("a directory that fits");
    windows(&agenda, offers, now);
}

/// Every session by itself, without patterns in common.
fn one_by_one(sessions: &[PublicSession], now: Timestamp) {
    let begun = Instant::now();
    let timetables: Vec<_> = sessions
        .iter()
        .filter_map(|session| match session.times() {
            Times::Meetings(timetable) | Times::OpenHours(timetable) => Some(timetable),
            _ => None,
        })
        .collect();
    println!("{} timetables made in {:?}", timetables.len(), begun.elapsed());
    let to = now + SignedDuration::from_hours(8 * 24);
    let begun = Instant::now();
    let found: usize = timetables.iter().map(|timetable| timetable.between(now, to).count()).sum();
    println!("8 days of every session: {found} occurrences in {:?}", begun.elapsed());
    let begun = Instant::now();
    for timetable in &timetables {
        black_box(timetable.next_after(now));
    }
    let each = begun.elapsed() / u32::try_from(timetables.len().max(1)).unwrap_or(1);
    println!("the next of one session: {each:?}");
}

fn windows(agenda: &Agenda, offers: u32, now: Timestamp) {
    let mut random = Rng::with_seed(3);
    let zones = ["America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London"]
        .map(|name| TimeZone::get(name).expect("a zone"));
    let time = |hour: i8| Time::new(hour, 0, 0, 0).ok();
    let mut asked: Vec<(&str, Vec<Duration>, usize)> = Vec::new();
    for (name, kind) in
        ["day", "day + evening", "within 24h", "open now", "evening", "past midnight", "anything"]
            .into_iter()
            .zip(0..)
    {
        let mut spent = Vec::new();
        let mut found = 0;
        for _ in 0..400 {
            let mut window = Window::any(zones[random.usize(..4)].clone());
            let day = Weekday::from_monday_zero_offset(random.i8(0..7)).expect("a weekday");
            match kind {
                0 => window.days = [day].into_iter().collect(),
                1 => {
                    window.days = [day].into_iter().collect();
                    window.starts_after = time(random.i8(16..20));
                }
                2 => window.within = Some(SignedDuration::from_hours(24)),
                3 => window.open_now = true,
                4 => window.starts_after = time(random.i8(16..20)),
                5 => {
                    window.days = [day].into_iter().collect();
                    window.starts_after = time(21);
                    window.starts_before = time(1);
                }
                _ => {}
            }
            let at = now + SignedDuration::from_mins(random.i64(0..1_000));
            let begun = Instant::now();
            let moments = window.moments(at);
            let fit = (0..offers).filter(|offer| agenda.has(*offer, &moments)).count();
            spent.push(begun.elapsed());
            found += black_box(fit);
        }
        asked.push((name, spent, found / 400));
    }
    for (name, spent, found) in &mut asked {
        spent.sort_unstable();
        println!("window, {name}: p50 {:?}, p99 {:?}, {found} offers", spent[200], spent[395]);
    }
    let window =
        Window { within: Some(SignedDuration::from_hours(24)), ..Window::any(zones[0].clone()) };
    let moments = window.moments(now);
    let offers: Vec<u32> = (0..offers).filter(|offer| agenda.has(*offer, &moments)).collect();
    let begun = Instant::now();
    for offer in &offers {
        black_box(agenda.next(*offer, &moments));
    }
    println!(
        "the next of one offer: {:?}",
        begun.elapsed() / u32::try_from(offers.len().max(1)).unwrap_or(1)
    );
    let begun = Instant::now();
    let count = agenda.meetings(&moments, None).take(50).count();
    println!("the first {count} meetings: {:?}", begun.elapsed());
}
