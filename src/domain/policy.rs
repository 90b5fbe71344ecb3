//! The policy: what follows from what is known of a program.
//!
//! It is data with a version, so that whoever is not listed can be told by which rule.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::choosing::{ByLanguage, Choosing};
use super::criterion::Basis;
use super::meant::{did_you_mean, nearest};
use super::provenance::PublicVerification;
use super::taxonomy::TermKey;
use super::words::words;

words! {
    /// What a gate does with a program.
    pub enum Effect {
        /// It is listed with a warning.
        Warn = "warn",
        /// It is not listed for people under 18, and with a warning for others.
        HideFromMinors = "hide_from_minors",
        /// It is not listed.
        Hide = "hide",
    }
}

/// What follows from a known bad value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The criterion.
    pub criterion: TermKey,
    /// The bad value.
    pub value: TermKey,
    /// The red flag that it is; its action says what follows.
    pub red_flag: TermKey,
    /// Nothing is hidden on weaker grounds than this: it is warned of.
    #[serde(default = "weakest")]
    pub hides_when: Basis,
    /// What follows besides for people under 18.
    #[serde(default)]
    pub minors: Option<Effect>,
}

const fn weakest() -> Basis {
    Basis::Attested
}

/// Which questions are asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// How many at most.
    pub most: usize,
    /// What they are about, the most pressing first.
    pub order: Vec<TermKey>,
}

/// What decides whether a program is listed, and how.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name.
    #[serde(default)]
    pub key: Option<TermKey>,
    /// Its version; 0 is no policy: everything is listed.
    pub version: u32,
    /// Why a program is listed.
    pub because: ByLanguage,
    /// Why one is that is warned of.
    pub because_warned: ByLanguage,
    /// Why one is not.
    pub because_hidden: ByLanguage,
    /// Why one is not that nobody has confirmed for too long; `{confirmed}` stands for the day.
    pub because_paused: ByLanguage,
    /// After how many days a review is so long overdue that a program, confirmed once, is not listed;
    /// `None` pauses nothing. What nobody has ever confirmed is never paused.
    #[serde(default)]
    pub pause_when_overdue_by_days: Option<u16>,
    /// What the actions of red flags mean here.
    pub actions: BTreeMap<TermKey, Effect>,
    /// What follows from which bad value.
    pub gates: Vec<Gate>,
    /// Which questions are asked.
    pub questions: Asking,
}

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct InvalidPolicy {
    /// Where in it.
    pub field: String,
    /// What is wrong there.
    pub reason: String,
}

/// A program may be asked so many questions at most.
const MOST_QUESTIONS: usize = 5;
/// A review may be overdue for so many days at most: ten years.
const MOST_DAYS: u16 = 3_650;

fn invalid(field: impl Into<String>, reason: impl Into<String>) -> InvalidPolicy {
    InvalidPolicy { field: field.into(), reason: reason.into() }
}

/// Says that there is no `what` of this key, and what was meant, perhaps.
fn unknown<'a>(
    field: String,
    what: &str,
    key: &TermKey,
    known: impl Iterator<Item = &'a TermKey>,
) -> InvalidPolicy {
    let hint = did_you_mean(nearest(key.as_str(), known.map(TermKey::as_str)));
    invalid(field, format!("there is no {what} `{key}`{hint}"))
}

impl Policy {
    /// Checks that all it names is there: criteria, their values, red flags and actions.
    pub fn check(&self, choosing: &Choosing) -> Result<(), InvalidPolicy> {
        if self.version == 0 {
            return Err(invalid("version", "must be 1 or more"));
        }
        for (field, sentence) in [
            ("because", &self.because),
            ("because_warned", &self.because_warned),
            ("because_hidden", &self.because_hidden),
            ("because_paused", &self.because_paused),
        ] {
            if !sentence.keys().any(|language| language.as_str() == "en") {
                return Err(invalid(field, "must have a sentence in English, `en`"));
            }
        }
        if self.pause_when_overdue_by_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
            let reason = format!("must be 1 to {MOST_DAYS} days, or null to pause nothing");
            return Err(invalid("pause_when_overdue_by_days", reason));
        }
        let actions = || choosing.red_flags.iter().map(|flag| &flag.action);
        for action in self.actions.keys() {
            if !actions().any(|known| known == action) {
                return Err(unknown("actions".to_owned(), "action", action, actions()));
            }
        }
        for (at, gate) in self.gates.iter().enumerate() {
            self.check_gate(&format!("gates[{at}]"), gate, choosing)?;
        }
        if self.questions.most > MOST_QUESTIONS {
            return Err(invalid("questions.most", format!("must be 0 to {MOST_QUESTIONS}")));
        }
        for (at, key) in self.questions.order.iter().enumerate() {
            if choosing.criterion(key.as_str()).is_none() {
                let known = choosing.criteria.iter().map(|criterion| &criterion.key);
                return Err(unknown(format!("questions.order[{at}]"), "criterion", key, known));
            }
        }
        Ok(())
    }

    fn check_gate(&self, at: &str, gate: &Gate, choosing: &Choosing) -> Result<(), InvalidPolicy> {
        let Gate { criterion: key, value, red_flag, .. } = gate;
        let Some(criterion) = choosing.criterion(key.as_str()) else {
            let known = choosing.criteria.iter().map(|criterion| &criterion.key);
            return Err(unknown(format!("{at}.criterion"), "criterion", key, known));
        };
        let bad = || criterion.values.iter().filter(|known| known.meets == Some(false));
        match criterion.values.iter().find(|known| known.key == *value) {
            None => {
                let what = format!("value of `{key}`");
                let known = bad().map(|known| &known.key);
                return Err(unknown(format!("{at}.value"), &what, value, known));
            }
            Some(known) if known.meets != Some(false) => {
                let bad: Vec<String> = bad().map(|known| format!("`{}`", known.key)).collect();
                let reason = format!("`{value}` is no bad value; it has {}", bad.join(", "));
                return Err(invalid(format!("{at}.value"), reason));
            }
            Some(_) => {}
        }
        let flags = || {
            let about = |flag: &&super::choosing::RedFlag| flag.criterion.as_ref() == Some(key);
            choosing.red_flags.iter().filter(about)
        };
        let Some(flag) = flags().find(|flag| flag.key == *red_flag) else {
            let what = format!("red flag of `{key}`");
            let known = flags().map(|flag| &flag.key);
            return Err(unknown(format!("{at}.red_flag"), &what, red_flag, known));
        };
        if !self.actions.contains_key(&flag.action) {
            let reason =
                format!("must say what `{}` means, which `{red_flag}` asks for", flag.action);
            return Err(invalid("actions", reason));
        }
        Ok(())
    }

    /// The first day on which a program of this confirmation is paused; `None` when that never comes.
    pub fn paused_from(&self, verification: &PublicVerification) -> Option<Date> {
        let days = self.pause_when_overdue_by_days?;
        verification.confirmed_at?;
        let due = verification.due_at?.to_zoned(TimeZone::UTC).date();
        due.checked_add((i64::from(days) + 1).days()).ok()
    }
}
