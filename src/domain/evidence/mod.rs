//! Where a program stands on a criterion, by what is known of it.
//!
//! One assessment decides. Of those that still count, the stronger basis wins (verified, then
//! public source, then attested), then the newer day; of two of one day the one that speaks against
//! the program, so that nobody is sent somewhere by a draw. `unknown` is no evidence and decides nothing.
//!
//! A program that only says itself that it meets a criterion has not met it yet: that is a question to
//! ask. One that says itself that it does not is believed.

use jiff::civil::Date;

use super::criterion::{Assessment, Basis, Criterion, SecondaryQuestion};
use super::taxonomy::TermKey;
use super::words::words;

words! {
    /// Where a program stands on a criterion.
    pub enum Stand {
        /// It is known not to meet it.
        NotMet = "not_met",
        /// Nobody knows, or nobody but the program says that it does. Never a no.
        Unknown = "unknown",
        /// It is known to meet it, from a public source or because a curator checked.
        Met = "met",
    }
}

/// What is known of a criterion at a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// Where the program stands.
    pub stand: Stand,
    /// What decides; `None` when there is nothing that counts.
    pub decides: Option<&'a Assessment>,
    /// What counts and says something else, strongest first: kept and shown.
    pub others: Vec<&'a Assessment>,
}

impl Assessment {
    /// Whether it counts on a day: it is of something, and has not expired.
    pub fn counts_on(&self, today: Date) -> bool {
        self.value.as_str() != "unknown" && self.valid_until.is_none_or(|last| today <= last)
    }
}

impl Criterion {
    /// Where a program of these assessments stands on a day.
    pub fn evidence<'a>(&self, assessments: &'a [Assessment], today: Date) -> Evidence<'a> {
        let counts = |found: &&Assessment| found.criterion == self.key && found.counts_on(today);
        let mut all: Vec<&Assessment> = assessments.iter().filter(counts).collect();
        all.sort_by(|a, b| self.strength(b).cmp(&self.strength(a)));
        let Some(first) = all.first().copied() else {
            return Evidence { stand: Stand::Unknown, decides: None, others: all };
        };
        let stand = match self.meets(first) {
            Some(false) => Stand::NotMet,
            Some(true) if first.basis != Basis::Attested => Stand::Met,
            _ => Stand::Unknown,
        };
        all.retain(|other| other.value != first.value);
        Evidence { stand, decides: Some(first), others: all }
    }

    /// The answers to a second question on a day, and what they were found with: of what has not expired and
    /// gives one, what decides; then what says something else, strongest first.
    pub fn answers<'a>(
        &self,
        question: &SecondaryQuestion,
        assessments: &'a [Assessment],
        today: Date,
    ) -> Vec<(&'a TermKey, &'a Assessment)> {
        let lasts = |found: &&Assessment| found.valid_until.is_none_or(|last| today <= last);
        let of_it = assessments.iter().filter(|found| found.criterion == self.key);
        let told = of_it.filter(lasts);
        let told = told.filter_map(|found| Some((found.secondary.get(&question.key)?, found)));
        let mut told: Vec<_> = told.collect();
        told.sort_by(|(_, a), (_, b)| self.strength(b).cmp(&self.strength(a)));
        if let Some((first, _)) = told.first().copied() {
            let mut at = 0..;
            told.retain(|(other, _)| at.next() == Some(0) || *other != first);
        }
        told
    }

    /// What decides comes last; no two different assessments are equally strong.
    fn strength<'a>(&self, found: &'a Assessment) -> impl Ord + use<'a> {
        let tie = match self.meets(found) {
            Some(false) => 2,
            Some(true) => 1,
            None => 0,
        };
        let source = found.source_url.as_ref().map(super::session::Link::as_str);
        let lasting = (found.valid_until.is_none(), found.valid_until);
        let by = found.assessed_by.as_str();
        let value = found.value.as_str();
        (found.basis, found.assessed_on, tie, value, source, lasting, by, &found.secondary)
    }

    /// Whether the criterion holds with the value that was found; `None` when that tells neither.
    fn meets(&self, found: &Assessment) -> Option<bool> {
        self.values.iter().find(|value| value.key == found.value)?.meets
    }
}

#[cfg(test)]
mod tests;
