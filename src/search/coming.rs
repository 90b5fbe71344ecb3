//! A result as it is shown: its sessions, when it takes place next, and whether one may come now.

use std::io::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::instants::write_at;
use super::matching::{Candidate, Match, Matcher, Relation, centimeters};
use super::query::Radius;
use super::render::SESSIONS_SHOWN;
use crate::domain::{Occurrence, Standing};

/// When the matching session of a result takes place that does so first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// The session's place in its program.
    pub(super) session: u16,
    /// The first occurrence as asked, in progress or next; `None` for what is always open or will not be.
    pub next: Option<Occurrence>,
    /// The zone that the session's clock is in.
    zone: TimeZone,
    /// What holds at the moment of the question.
    pub standing: Standing,
    at: Timestamp,
}

/// An offer by which a program matched, with its session.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Joined {
    distance_cm: u32,
    session: u16,
    offer: u32,
}

/// Which of several sessions comes first: one that takes place, the earliest, the nearest.
type Place = (bool, Timestamp, u32, u16);

impl Matcher<'_> {
    /// The match with its sessions, for showing.
    pub(super) fn shown(&self, candidate: Candidate, radius: Option<Radius>) -> Match {
        let offers = &self.segment.offers;
        let near = candidate.relation == Some(Relation::Near);
        let mut joined: Vec<Joined> = Vec::new();
        for (offer, distance_m) in self.taking_part(candidate, radius) {
            if let Some(session) = offers.session(offer) {
                let distance_cm = distance_m.map_or(u32::MAX, centimeters);
                joined.push(Joined { distance_cm, session, offer });
            }
        }
        joined.sort_unstable();
        let mut shown: Vec<u16> = Vec::with_capacity(joined.len());
        for joined in &joined {
            if !shown.contains(&joined.session) {
                shown.push(joined.session);
            }
        }
        let coming = self.coming(&joined);
        if let Some(coming) = &coming {
            coming.show(&mut shown);
        }
        Match {
            program: candidate.program,
            relation: candidate.relation,
            distance_cm: (near && candidate.distance_cm != u32::MAX)
                .then_some(candidate.distance_cm),
            named: self.is_named(candidate.program),
            words: self.worth(candidate.program),
            score: self.score(&candidate, radius),
            terms: self.terms_of(candidate.program),
            takes_age: self.query.age.is_some()
                && self.segment.ages[candidate.program as usize].is_some(),
            wished: self.wished(candidate.program),
            matters: self.mattering.iter().map(|it| it.has(candidate.program)).collect(),
            sessions: shown,
            coming,
        }
    }

    /// When the first of these takes place next; `None` when nobody has told.
    fn coming(&self, joined: &[Joined]) -> Option<Coming> {
        let asks = self.timed.is_asked();
        let at = if asks { self.query.now } else { self.query.clock };
        let occasions = &self.segment.occasions;
        let mut first: Option<(Place, u32, Option<Occurrence>)> = None;
        for Joined { distance_cm, session, offer } in joined {
            if occasions.is_unknown(*offer) {
                continue;
            }
            let next = if asks { self.next(*offer) } else { self.timed.next_after(*offer, at) };
            let begins = next.map_or(Timestamp::MAX, |next| next.start.max(at));
            let shut = next.is_none() && !occasions.is_always(*offer);
            let key = (shut, begins, *distance_cm, *session);
            if first.as_ref().is_none_or(|(known, ..)| key < *known) {
                first = Some((key, *offer, next));
            }
        }
        let ((.., session), offer, next) = first?;
        let standing = if occasions.is_always(offer) {
            Standing::Open { closes_at: None }
        } else {
            let soonest = if asks { self.timed.next_after(offer, at) } else { next };
            Standing::by(soonest, at)
        };
        let zone = occasions.zone(offer).cloned().unwrap_or(TimeZone::UTC);
        Some(Coming { session, next, zone, standing, at })
    }

    /// The first occurrence of an offer as asked.
    fn next(&self, offer: u32) -> Option<Occurrence> {
        let moments = self.timed.asked()?;
        let next = self.timed.agenda().next(offer, moments)?;
        if self.timed.agenda().is_whole(offer, next, self.query.now) {
            return Some(next);
        }
        self.timed.next_after(offer, next.start.max(self.query.now))
    }
}

impl Coming {
    /// Makes sure that the session is among those that are shown.
    pub(super) fn show(&self, sessions: &mut [u16]) {
        let at = sessions.iter().position(|session| *session == self.session);
        if let Some(at) = at.filter(|at| *at >= SESSIONS_SHOWN) {
            sessions[SESSIONS_SHOWN - 1..=at].rotate_right(1);
        }
    }

    /// Writes more fields of a match; `sessions` are those that are shown.
    pub(super) fn write(&self, out: &mut Vec<u8>, sessions: &[u16]) {
        out.push(b',');
        if let Some(next) = self.next {
            let shown = sessions.iter().take(SESSIONS_SHOWN);
            out.extend_from_slice(br#""next_occurrence":{"#);
            write_occurrence(out, next, &self.zone, self.at);
            if let Some(at) = shown.into_iter().position(|session| *session == self.session) {
                let _written = write!(out, r#","session":{at}"#);
            }
            out.extend_from_slice(b"},");
        }
        let open = self.standing.open_now();
        let _written = write!(out, r#""open_now":{open}"#);
        for (name, at) in
            [("opens_at", self.standing.opens_at()), ("closes_at", self.standing.closes_at())]
        {
            if let Some(at) = at {
                let _written = write!(out, r#","{name}":"#);
                write_at(out, at, &self.zone);
            }
        }
    }
}

/// Writes start, end, zone and whether it is in progress.
pub(super) fn write_occurrence(
    out: &mut Vec<u8>,
    occurrence: Occurrence,
    zone: &TimeZone,
    now: Timestamp,
) {
    out.extend_from_slice(br#""start":"#);
    write_at(out, occurrence.start, zone);
    out.extend_from_slice(br#","end":"#);
    write_at(out, occurrence.end, zone);
    // Names of zones have nothing that has to be escaped.
    let name = zone.iana_name().unwrap_or("UTC");
    let going_on = occurrence.is_at(now);
    let _written = write!(out, r#","time_zone":"{name}","in_progress":{going_on}"#);
}
