//! What a program is worth to the person who asks: a sum that can be shown.
//!
//! Every term but the last is between zero and its weight, and the score is their sum:
//!
//! * `words`: what the words of the search are worth in it, as a part of the most they can be (names
//!   before other names, organizations, terms and descriptions).
//! * `place`: near, the weight times 10 km / (10 km + distance): half of it at 10 km, a third at 20 km.
//!   A program whose area contains the place has half of the weight, one that is open to the whole
//!   country a quarter, one that meets in chapters not listed here an eighth.
//! * `time`: when a time is asked for, the weight times 24 h / (24 h + the wait), until the first
//!   meeting that fits; what is always open has no wait.
//! * `fit`: the part of what is asked for that is known to hold: of each of several topics, audiences
//!   and so on that any would do of, and the age. What is unknown adds nothing and takes nothing away.
//! * `freshness`: the weight when it was confirmed, times 90 days / (90 days + how long the review is
//!   overdue), nothing when it was never confirmed.
//! * `criteria`: what matters to the person without being a must, each thing by how much it matters: added
//!   when it is met, taken away when it is known not to be, nothing when it is unknown. The only term that
//!   may be below zero.
//!
//! Nobody can buy a term: all of them come from the question, the listing and its confirmation.

use std::fmt;
use std::str::FromStr;

use super::matching::{Candidate, Matcher, Relation};
use super::matters::Importance;
use super::query::{Choice, Query, Radius};
use super::timed::ALWAYS;

/// Half of the weight of the place is left at so many centimeters.
const NEAR_CM: u64 = 1_000_000;
/// Half of the weight of freshness is left when the review is overdue for so many milliseconds.
const STALE_MS: u64 = 90 * 86_400_000;
/// Half of the weight of time is left at a wait of so many seconds.
const WAIT_S: u64 = 86_400;
/// Scores are counted in thousandths of a point.
const THOUSANDTHS: u64 = 1_000;
/// The heaviest that a term may be, in points.
const HEAVIEST: u32 = 10_000;

/// What each term of a score is worth at most, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weights {
    /// The words.
    pub words: u32,
    /// Where it is.
    pub place: u32,
    /// How soon it is.
    pub time: u32,
    /// How much of what was asked is known to hold.
    pub fit: u32,
    /// How lately it was confirmed.
    pub freshness: u32,
    /// What matters to the person without being a must: as much again below zero.
    pub criteria: u32,
}

impl Weights {
    /// The same for somebody to whom the place matters so much: `some` is as usual.
    #[must_use]
    pub const fn with_place(self, importance: Importance) -> Self {
        let place = match importance {
            Importance::ALittle => self.place / 2,
            Importance::Some => self.place,
            Importance::ALot => self.place * 2,
        };
        Self { place, ..self }
    }
}

impl Default for Weights {
    /// A thousand points in all, and what matters to the person beside them.
    fn default() -> Self {
        Self { words: 400, place: 300, time: 150, fit: 100, freshness: 50, criteria: 400 }
    }
}

/// Weights that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be such as words=400,place=300,time=150,fit=100,freshness=50,criteria=400, each from 0 to 10000"
)]
pub struct InvalidWeights;

impl FromStr for Weights {
    type Err = InvalidWeights;

    /// What is not named keeps its usual weight.
    fn from_str(text: &str) -> Result<Self, InvalidWeights> {
        let mut weights = Self::default();
        for part in text.split(',') {
            let (name, points) = part.split_once('=').ok_or(InvalidWeights)?;
            let points = points.trim().parse().map_err(|_not_a_number| InvalidWeights)?;
            let weight = match name.trim() {
                "words" => &mut weights.words,
                "place" => &mut weights.place,
                "time" => &mut weights.time,
                "fit" => &mut weights.fit,
                "freshness" => &mut weights.freshness,
                "criteria" => &mut weights.criteria,
                _ => return Err(InvalidWeights),
            };
            if points > HEAVIEST {
                return Err(InvalidWeights);
            }
            *weight = points;
        }
        Ok(weights)
    }
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { words, place, time, fit, freshness, criteria } = self;
        write!(f, "words={words},place={place},time={time},fit={fit},freshness={freshness}")?;
        write!(f, ",criteria={criteria}")
    }
}

/// The terms of a score, in thousandths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// The words.
    pub words: u32,
    /// Where it is.
    pub place: u32,
    /// How soon it is.
    pub time: u32,
    /// How much of what was asked is known to hold.
    pub fit: u32,
    /// How lately it was confirmed.
    pub freshness: u32,
    /// What matters to the person without being a must; below zero when more speaks against it.
    pub criteria: i32,
}

impl Score {
    /// The sum of the terms, in thousandths of a point.
    pub fn total(&self) -> i32 {
        self.terms().iter().map(|(_, points)| points).sum()
    }

    /// The terms by their names.
    pub const fn terms(&self) -> [(&'static str, i32); 6] {
        [
            ("words", self.words.cast_signed()),
            ("place", self.place.cast_signed()),
            ("time", self.time.cast_signed()),
            ("fit", self.fit.cast_signed()),
            ("freshness", self.freshness.cast_signed()),
            ("criteria", self.criteria),
        ]
    }
}

/// `part` of `whole` of a weight, in thousandths of a point.
pub(super) fn share(points: u32, part: u64, whole: u64) -> u32 {
    let share = u64::from(points) * THOUSANDTHS * part.min(whole) / whole.max(1);
    u32::try_from(share).unwrap_or(u32::MAX)
}

/// The value, halved when `grown` has grown to `half`.
fn fading(points: u32, half: u64, grown: u64) -> u32 {
    share(points, half, half.saturating_add(grown))
}

impl Matcher<'_> {
    /// What a candidate is worth.
    pub(super) fn score(&self, candidate: &Candidate, radius: Option<Radius>) -> Score {
        let weights = &self.query.weights;
        let program = candidate.program;
        let words = u64::from(self.worth(program));
        Score {
            words: share(weights.words, words, self.most_worth.into()),
            place: placed(weights.place, candidate.relation, candidate.distance_cm),
            time: self.time(*candidate, radius),
            fit: self.fit_of_all.unwrap_or_else(|| self.fit(program)),
            freshness: self.freshness(program),
            criteria: self.criteria(program),
        }
    }

    /// What a candidate without a place that was never confirmed is worth, when that is the same for all
    /// that stand to the person in one way.
    pub(super) fn score_of_unconfirmed(&self, relation: Option<Relation>) -> Option<u32> {
        let alike = !self.has_words() && !self.timed.is_asked() && !self.query.weighs();
        let fit = self.fit_of_all.filter(|_| alike)?;
        Some(placed(self.query.weights.place, relation, u32::MAX) + fit)
    }

    /// What matters to the person: its weight for all that is met, as much below zero for all that is
    /// not, and nothing for what is unknown.
    fn criteria(&self, program: u32) -> i32 {
        if !self.query.weighs() {
            return 0;
        }
        let (met, unmet, all) = self.weighed(program);
        let points = |part: u32| share(self.query.weights.criteria, part.into(), all.into());
        points(met).cast_signed() - points(unmet).cast_signed()
    }

    /// The part of what was asked that is known to hold.
    fn fit(&self, program: u32) -> u32 {
        let (mut asked, mut met) = (0, 0);
        for choice in self.query.choices.iter().filter(|choice| choice.field.is_ranked()) {
            let column = self.segment.columns.field(choice.field);
            let has = |value: &&String| {
                column.programs(value).is_some_and(|members| members.contains(program))
            };
            asked += choice.any.len() + choice.all.len();
            met += choice.all.len() + choice.any.iter().filter(has).count();
        }
        if self.query.age.is_some() {
            asked += 1;
            met += usize::from(self.segment.ages[program as usize].is_some());
        }
        share(self.query.weights.fit, met as u64, asked as u64)
    }

    /// What it is worth to take place soon, when times are asked for.
    fn time(&self, candidate: Candidate, radius: Option<Radius>) -> u32 {
        if !self.timed.is_asked() {
            return 0;
        }
        match self.soonest(candidate, radius) >> 32 {
            wait_s @ 0..ALWAYS => fading(self.query.weights.time, WAIT_S, wait_s),
            ALWAYS => fading(self.query.weights.time, WAIT_S, 0),
            _ => 0,
        }
    }

    /// What its confirmation is worth today.
    fn freshness(&self, program: u32) -> u32 {
        if !self.segment.ever_confirmed.contains(program) {
            return 0;
        }
        let due_ms = self.segment.stands[program as usize].due_ms;
        let overdue_ms = self.query.now.as_millisecond().saturating_sub(due_ms).max(0);
        fading(self.query.weights.freshness, STALE_MS, overdue_ms.unsigned_abs())
    }
}

/// What a place is worth.
pub(super) fn placed(points: u32, relation: Option<Relation>, distance_cm: u32) -> u32 {
    match relation {
        None => 0,
        Some(Relation::Near) => fading(points, NEAR_CM, distance_cm.into()),
        Some(Relation::ServesArea) => share(points, 1, 2),
        Some(Relation::OpenTo) => share(points, 1, 4),
        Some(Relation::FindAChapter) => share(points, 1, 8),
    }
}

/// What all matches are worth for their fit, when it is the same: each has the one value that was asked
/// for of every field.
pub(super) fn fit_of_all(query: &Query) -> Option<u32> {
    let mut choices = query.choices.iter().filter(|choice| choice.field.is_ranked());
    let varies = query.age.is_some() || choices.any(|choice| choice.any.len() > 1);
    let asks = |choice: &Choice| {
        choice.field.is_ranked() && !(choice.any.is_empty() && choice.all.is_empty())
    };
    let asked = query.choices.iter().any(asks);
    (!varies).then(|| share(query.weights.fit, asked.into(), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_and_written_alike() {
        let weights: Weights = "words=1, place=10000".parse().unwrap();

        assert_eq!(weights, Weights { words: 1, place: 10_000, ..Weights::default() });
        assert_eq!(weights.to_string().parse(), Ok(weights));
        for bad in ["", "words", "words=-1", "words=10001", "luck=5", "words=1;place=2"] {
            assert_eq!(bad.parse::<Weights>(), Err(InvalidWeights), "{bad}");
        }
    }

    #[test]
    fn a_term_fades_to_half_and_a_third() {
        assert_eq!(fading(300, NEAR_CM, 0), 300_000);
        assert_eq!(fading(300, NEAR_CM, NEAR_CM), 150_000);
        assert_eq!(fading(300, NEAR_CM, 2 * NEAR_CM), 100_000);
        assert_eq!(share(100, 0, 0), 0);
    }
}
