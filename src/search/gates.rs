//! What follows from what is known of programs: which are not listed, and which are warned of.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::bits::Bits;
use super::query::day_of;
use super::snapshot::{Backdrop, Snapshot};
use crate::domain::{CrisisLine, Effect, Listing, Stand};

/// What follows for the programs of a segment; `None` where it follows for none of them.
#[derive(Debug, Default)]
pub(super) struct Gates {
    /// Those that are not listed.
    pub(super) unlisted: Option<Bits>,
    /// Those that are not listed for people under 18.
    pub(super) hidden_from_minors: Option<Bits>,
    /// Those that are warned of, listed or not.
    pub(super) warned: Option<Bits>,
    /// The last day before some evidence expires or a program is paused.
    until: Option<Date>,
}

/// The same while the segment is made, by the numbers programs come as.
#[derive(Debug, Default)]
pub(super) struct Gated {
    unlisted: Vec<u32>,
    hidden_from_minors: Vec<u32>,
    warned: Vec<u32>,
    until: Option<Date>,
}

impl Gated {
    /// Notes what follows for a program, and says whether it is listed.
    pub(super) fn add(&mut self, number: u32, listing: &Listing, backdrop: &Backdrop) -> bool {
        let today = backdrop.surroundings.today;
        let ends = listing.assessments.iter().filter_map(|found| found.valid_until);
        self.until = ends.filter(|last| today <= *last).chain(self.until).min();
        let choosing = &backdrop.choosing;
        let paused_from = choosing.policy.paused_from(&listing.verification);
        let is_paused = paused_from.is_some_and(|from| from <= today);
        let last = paused_from.filter(|_| !is_paused).and_then(|from| from.yesterday().ok());
        self.until = last.into_iter().chain(self.until).min();
        let warnings = choosing.warnings(&listing.program.kinds, &listing.assessments, today);
        let worst = warnings.iter().map(|warning| warning.effect).max();
        if worst.is_some() {
            self.warned.push(number);
        }
        if worst == Some(Effect::HideFromMinors) {
            self.hidden_from_minors.push(number);
        }
        let is_listed = worst != Some(Effect::Hide) && !is_paused;
        if !is_listed {
            self.unlisted.push(number);
        }
        is_listed
    }

    pub(super) fn finish(self, programs: usize, number_of: &[u32]) -> Gates {
        let bits = |came: &[u32]| {
            let numbers = came.iter().map(|came| number_of[*came as usize]);
            (!came.is_empty()).then(|| Bits::of(programs, numbers))
        };
        Gates {
            unlisted: bits(&self.unlisted),
            hidden_from_minors: bits(&self.hidden_from_minors),
            warned: bits(&self.warned),
            until: self.until,
        }
    }
}

impl Gates {
    pub(super) fn lists(&self, program: u32) -> bool {
        self.unlisted.as_ref().is_none_or(|unlisted| !unlisted.contains(program))
    }

    pub(super) fn warns(&self, program: u32) -> bool {
        self.warned.as_ref().is_some_and(|warned| warned.contains(program))
    }
}

/// The keys of the criteria that a program is known to meet, and of those that it is known not to.
pub(super) fn met_and_unmet<'a>(listing: &'a Listing, backdrop: &'a Backdrop) -> [Vec<&'a str>; 2] {
    let mut keys = [Vec::new(), Vec::new()];
    if listing.assessments.is_empty() {
        return keys;
    }
    let today = backdrop.surroundings.today;
    let stands = backdrop.choosing.standing(&listing.program.kinds, &listing.assessments, today);
    for (criterion, stand) in stands.filter(|(criterion, _)| criterion.asked_by.is_empty()) {
        match stand {
            Stand::Met => keys[0].push(criterion.key.as_str()),
            Stand::NotMet => keys[1].push(criterion.key.as_str()),
            Stand::Unknown => {}
        }
    }
    keys
}

/// The answers to second questions that are known of a program, `QUESTION:ANSWER`.
pub(super) fn answers(listing: &Listing, backdrop: &Backdrop) -> Vec<String> {
    if listing.assessments.iter().all(|found| found.secondary.is_empty()) {
        return Vec::new();
    }
    let (kinds, today) = (&listing.program.kinds, backdrop.surroundings.today);
    let answers = backdrop.choosing.answers(kinds, &listing.assessments, today);
    let known = answers.filter_map(|answered| Some((answered.question, answered.answer?.0)));
    known.map(|(question, answer)| format!("{}:{}", question.key, answer.key)).collect()
}

impl Snapshot {
    /// Whether evidence that was counted when the snapshot was made has expired by a day, a program that
    /// was listed is paused, or a crisis line has not been checked for long.
    pub fn counts_what_expired(&self, today: Date) -> bool {
        let made_on = self.surroundings().today;
        let mut lines = self.surroundings().crisis_lines.iter().map(CrisisLine::fresh_until);
        if lines.any(|last| made_on <= last && last < today) {
            return true;
        }
        self.parts.iter().any(|part| part.segment.gates.until.is_some_and(|last| last < today))
    }

    /// The moment as of which those who keep a copy are told at `now`: the beginning of the day in UTC, so
    /// that they are told the same all day. A snapshot that still counts what has expired is told as of
    /// the day it was made on, since the one that comes next says something else of today.
    pub fn told_at(&self, now: Timestamp) -> Timestamp {
        let today = day_of(now);
        let day = if self.counts_what_expired(today) { self.surroundings().today } else { today };
        day.to_zoned(TimeZone::UTC).map_or(now, |begin| begin.timestamp())
    }
}
