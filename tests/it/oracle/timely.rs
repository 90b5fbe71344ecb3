//! Times in the oracle: every session laid out by itself, every occurrence looked at one by one, by the
//! person's own clock.

use std::cell::{OnceCell, RefCell};

use fastrand::Rng;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use peer_directory::domain::{Listing, Occurrence, PublicSession, Times};
use peer_directory::search::{Day, FacetField, HORIZON_DAYS, Sort, TimeOfDay, Window};
use serde_json::Value;

use super::facts::{Facts, Oracle, Way};
use super::question::Question;
use super::rules::{Case, Found, NO_SESSION};
use crate::agenda::allows;

/// When questions about times are asked: weeks with and without a changed clock.
pub(super) const ABOUT: [&str; 4] = [
    "2026-03-28T23:15:00Z",
    "2026-10-31T20:45:00Z",
    "2026-11-20T12:00:00Z",
    "2027-03-13T05:30:00Z",
];

/// Which of them an instant is near to.
pub(super) fn about(now: Timestamp) -> Option<usize> {
    let away = |text: &&str| now.as_second() - text.parse::<Timestamp>().unwrap().as_second();
    ABOUT.iter().position(|text| away(text).abs() < 130_000)
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the order puts after everything that has a next meeting.
pub(super) const ALWAYS: u64 = 1 << 40;

/// The times of each session of each listing about each of the moments.
#[derive(Default)]
pub(super) struct Calendars([OnceCell<Vec<Vec<Laid>>>; ABOUT.len()]);

/// The times of a session, laid out.
enum Laid {
    Unknown,
    Never,
    Always,
    Meetings(Vec<Occurrence>),
    Hours(Vec<Occurrence>),
}

impl Calendars {
    fn of<'c>(&'c self, facts: &[Facts<'_>], now: Timestamp) -> &'c [Vec<Laid>] {
        let near = about(now).unwrap();
        self.0[near].get_or_init(|| {
            let about: Timestamp = ABOUT[near].parse().unwrap();
            facts.iter().map(|facts| lay_out(facts.listing, about)).collect()
        })
    }
}

fn lay_out(listing: &Listing, about: Timestamp) -> Vec<Laid> {
    let (from, to) = (about - DAY * 3, about + DAY * 40);
    let times = listing.sessions.iter().map(PublicSession::times);
    times
        .map(|times| match times {
            Times::Unknown => Laid::Unknown,
            Times::Never => Laid::Never,
            Times::Always => Laid::Always,
            Times::Meetings(all) => {
                Laid::Meetings(all.not_over(from).take_while(|one| one.start < to).collect())
            }
            Times::OpenHours(all) => {
                Laid::Hours(all.stretches(from).take_while(|one| one.start < to).collect())
            }
        })
        .collect()
}

/// What was found out for a question: for each window, for each session.
#[derive(Default)]
pub(super) struct Known(RefCell<Vec<(Window, Firsts)>>);

/// The first occurrence of each session of each listing, once it was looked for.
type Firsts = Vec<Vec<Option<Option<Occurrence>>>>;

impl Case<'_> {
    /// Whether a way takes place when asked. What is always open has an occurrence now.
    pub(super) fn timely(&self, facts: &Facts<'_>, way: &Way, question: &Question) -> bool {
        if question.window.is_any() && question.between.is_none() {
            return true;
        }
        let unknown = match way.session {
            None => true,
            Some(at) => matches!(self.calendar(question)[facts.number][at], Laid::Unknown),
        };
        if unknown {
            return question.or_unknown;
        }
        self.first(facts, way.session.unwrap_or_default(), question).is_some()
    }

    fn calendar(&self, question: &Question) -> &[Vec<Laid>] {
        self.oracle.calendars.of(&self.oracle.facts, question.now)
    }

    /// The first occurrence of a session as asked.
    fn first(&self, facts: &Facts<'_>, session: usize, question: &Question) -> Option<Occurrence> {
        let mut known = self.known.0.borrow_mut();
        let at = known.iter().position(|(window, _)| *window == question.window);
        let at = at.unwrap_or_else(|| {
            let none =
                self.oracle.facts.iter().map(|facts| vec![None; facts.listing.sessions.len()]);
            known.push((question.window.clone(), none.collect()));
            known.len() - 1
        });
        let known = &mut known[at].1[facts.number][session];
        *known.get_or_insert_with(|| {
            let laid = &self.calendar(question)[facts.number][session];
            all(laid, question, self.rules.first_hour).next()
        })
    }

    /// What comes first when the next meeting does.
    pub(super) fn soon(&self, found: &Found, question: &Question) -> u64 {
        let facts = &self.oracle.facts[found.listing];
        let soon = |session: usize| {
            if session == NO_SESSION {
                return ALWAYS + 1;
            }
            match &self.calendar(question)[facts.number][session] {
                Laid::Always if self.first(facts, session, question).is_some() => ALWAYS,
                Laid::Unknown => ALWAYS + 1,
                _ => self.first(facts, session, question).map_or(ALWAYS + 2, |next| {
                    u64::try_from((next.start.as_second() - question.now.as_second()).max(0))
                        .unwrap()
                }),
            }
        };
        found.sessions.iter().map(|(session, _)| soon(*session)).min().unwrap_or(ALWAYS + 2)
    }

    /// What a result says of its times must be true of one of the sessions that come first.
    pub(super) fn check_coming(
        &self,
        found: &Found,
        question: &Question,
        written: &Value,
    ) -> Result<(), String> {
        let listing = self.oracle.facts[found.listing].listing;
        let facts = &self.oracle.facts[found.listing];
        let now = question.now;
        let mut coming: Vec<((bool, Timestamp), Value, usize)> = Vec::new();
        for (at, _) in found.sessions.iter().filter(|(at, _)| *at != NO_SESSION) {
            let times = listing.sessions[*at].times();
            if times == Times::Unknown {
                continue;
            }
            let next = if question.window.is_any() {
                times.next_after(now)
            } else {
                let first = self.first(facts, *at, question);
                match &times {
                    Times::Meetings(_) => first,
                    // As long as they are told to last, not as far as they were laid out.
                    _ => first.and_then(|first| times.next_after(first.start.max(now))),
                }
            };
            let standing = times.standing(now);
            let mut told = serde_json::json!({ "open_now": standing.open_now() });
            if let Some(next) = next {
                told["start"] = next.start.to_string().into();
                told["end"] = next.end.to_string().into();
                told["in_progress"] = next.is_at(now).into();
            }
            let instants = [("opens_at", standing.opens_at()), ("closes_at", standing.closes_at())];
            for (name, at) in instants {
                if let Some(at) = at {
                    told[name] = at.to_string().into();
                }
            }
            let shut = next.is_none() && times != Times::Always;
            let begins = next.map_or(Timestamp::MAX, |next| next.start.max(now));
            coming.push(((shut, begins), told, *at));
        }
        let first = coming.iter().map(|(key, ..)| *key).min();
        let mut told = serde_json::json!({});
        let utc = |text: &Value| text.as_str().unwrap().parse::<Timestamp>().unwrap().to_string();
        let matched = &written["match"];
        for name in ["opens_at", "closes_at"] {
            if let Some(at) = matched.get(name) {
                told[name] = utc(at).into();
            }
        }
        if let Some(open) = matched.get("open_now") {
            told["open_now"] = open.clone();
        }
        let next = matched.get("next_occurrence");
        if let Some(next) = next {
            told["start"] = utc(&next["start"]).into();
            told["end"] = utc(&next["end"]).into();
            told["in_progress"] = next["in_progress"].clone();
        }
        let Some(first) = first else {
            return if told == serde_json::json!({}) { Ok(()) } else { Err(format!("{told}")) };
        };
        let session_of = |at: usize| serde_json::to_value(&listing.sessions[at]).unwrap();
        let named = |at: usize| {
            next.is_none_or(|next| {
                let shown = next["session"].as_u64().unwrap();
                let through_text = serde_json::to_string(&session_of(at)).unwrap();
                let session: Value = serde_json::from_str(&through_text).unwrap();
                written["sessions"][usize::try_from(shown).unwrap()]["schedule"]
                    == session["schedule"]
            })
        };
        let right = |(key, expected, at): &((bool, Timestamp), Value, usize)| {
            *key == first && *expected == told && named(*at)
        };
        if coming.iter().any(right) {
            Ok(())
        } else {
            Err(format!("coming {told} instead of one of {coming:?}"))
        }
    }

    /// Every meeting as asked, in order: start, identity of the program, session, end.
    pub(super) fn meetings(&self, found: &[Found], question: &Question) -> Vec<ListedMeeting> {
        let mut meetings = Vec::new();
        for found in found {
            let id = self.oracle.facts[found.listing].listing.program.id.as_u128();
            for (session, _) in found.sessions.iter().filter(|(at, _)| *at != NO_SESSION) {
                let laid = &self.calendar(question)[found.listing][*session];
                let each = all(laid, question, self.rules.first_hour);
                meetings.extend(each.map(|one| (one.start, id, *session, one.end)));
            }
        }
        meetings.sort_unstable();
        meetings
    }
}

/// Start, identity of the program, session and end of a meeting.
pub(super) type ListedMeeting = (Timestamp, u128, usize, Timestamp);

/// The occurrences as asked, one after the other.
fn all<'l>(
    laid: &'l Laid,
    question: &'l Question,
    first_hour: i8,
) -> Box<dyn Iterator<Item = Occurrence> + 'l> {
    let window = &question.window;
    let horizon = question.now + DAY * i32::from(HORIZON_DAYS);
    let until = window
        .within
        .map_or(horizon, |within| question.now + within + SignedDuration::from_secs(1));
    let (now, until) = question.between.unwrap_or((question.now, until));
    let allows = move |at: Timestamp| {
        allows(window, at)
            && (first_hour == 0 || at.to_zoned(window.zone.clone()).hour() >= first_hour)
    };
    let open_in_it = move |found: &Occurrence| {
        let mut at = found.start.max(now);
        while at < found.end.min(until) {
            if allows(at) {
                return true;
            }
            at += SignedDuration::from_mins(15);
        }
        false
    };
    let due = move |found: &Occurrence| {
        found.end > now && found.start < until && (!window.open_now || found.start <= now)
    };
    match laid {
        Laid::Meetings(meetings) => {
            let due = meetings.iter().copied().filter(move |found| due(found));
            Box::new(due.filter(move |found| allows(found.start)))
        }
        Laid::Hours(hours) if question.between.is_none() => {
            let due = hours.iter().copied().filter(move |found| due(found));
            Box::new(due.filter(open_in_it))
        }
        Laid::Always if question.between.is_none() => {
            let always = Occurrence { start: now - DAY, end: until };
            Box::new(std::iter::once(always).filter(open_in_it))
        }
        _ => Box::new(std::iter::empty()),
    }
}

/// Whether a question depends on what is laid out.
pub(super) fn is_timed(question: &Question) -> bool {
    let counted = |facet: &FacetField| matches!(facet, FacetField::Day | FacetField::TimeOfDay);
    !question.window.is_any()
        || question.between.is_some()
        || question.sort == Sort::NextMeeting
        || question.facets.iter().any(counted)
}

/// A moment in one of the weeks.
pub(super) fn moment(random: &mut Rng) -> Timestamp {
    let about: Timestamp = ABOUT[random.usize(..ABOUT.len())].parse().unwrap();
    about + SignedDuration::from_mins(15 * random.i64(-96..96))
}

/// A window of any kind.
pub(super) fn window(random: &mut Rng) -> Window {
    let zones = ["America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kathmandu"];
    let time = |random: &mut Rng| {
        let wanted = random.u32(..3) == 0;
        wanted.then(|| Time::constant(random.i8(0..24), 15 * random.i8(0..4), 0, 0))
    };
    let days = if random.bool() { 0 } else { random.usize(1..4) };
    Window {
        zone: TimeZone::get(zones[random.usize(..zones.len())]).unwrap(),
        days: (0..days)
            .map(|_| Weekday::from_monday_zero_offset(random.i8(0..7)).unwrap())
            .collect(),
        starts_after: time(random),
        starts_before: time(random),
        within: (random.u8(..3) == 0).then(|| SignedDuration::from_hours(random.i64(1..200))),
        open_now: random.u8(..5) == 0,
    }
}

/// The window of each value of a facet of times.
pub(super) fn values(facet: FacetField, window: &Window) -> Vec<(&'static str, Window)> {
    if facet == FacetField::Day {
        let one = |day: &Day| {
            let days = [day.weekday()].into_iter().collect();
            (day.as_str(), Window { days, ..window.clone() })
        };
        return Day::ALL.iter().map(one).collect();
    }
    let one = |(name, from, to): (&'static str, i8, i8)| {
        let hour = |hour| Some(Time::constant(hour, 0, 0, 0));
        (name, Window { starts_after: hour(from), starts_before: hour(to), ..window.clone() })
    };
    let parts = [("morning", 5, 12), ("afternoon", 12, 17), ("evening", 17, 22), ("night", 22, 5)];
    assert_eq!(TimeOfDay::WORDS, parts.map(|(name, ..)| name));
    parts.map(one).into()
}

impl Oracle<'_> {
    /// Meetings from about now up to some days later.
    pub(super) fn span(question: &Question, random: &mut Rng) -> (Timestamp, Timestamp) {
        let from = question.now + SignedDuration::from_hours(random.i64(-10..100));
        (from, from + SignedDuration::from_hours(random.i64(1..300)))
    }
}
