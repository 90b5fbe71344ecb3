//! What helps a person choose: the criteria, what speaks against a program, and what to ask.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::ages::{ADULT, Ages};
use super::criterion::{Assessment, Criterion, SecondaryQuestion, SecondaryValue};
use super::evidence::Stand;
use super::policy::{Effect, Policy};
use super::program::Kind;
use super::taxonomy::{LanguageTag, TermKey};
use super::text::Text;

/// The criterion that tells how adults are checked.
pub const SAFEGUARDING: &str = "youth_safeguarding";

/// The criterion that tells what it costs.
pub(super) const COST: &str = "cost_transparency";

/// A sentence by language.
pub type ByLanguage = BTreeMap<LanguageTag, Text<300>>;

/// What is said in `language`, else in English, else nothing.
pub fn said<'a, const MAX: usize>(
    by_language: &'a BTreeMap<LanguageTag, Text<MAX>>,
    language: &str,
) -> &'a str {
    let find = |wanted: &str| by_language.iter().find(|(tag, _)| tag.as_str() == wanted);
    find(language)
        .or_else(|| find(language.split('-').next().unwrap_or_default()))
        .or_else(|| find("en"))
        .map_or("", |(_, text)| text.as_str())
}

/// Whether somebody who asks for a language is spoken to in Spanish; else it is English.
pub fn reads_spanish(language: &str) -> bool {
    language.split('-').next() == Some("es")
}

/// What is said in Spanish to those who read it, else in English.
pub fn say(language: &str, english: &'static str, spanish: &'static str) -> &'static str {
    if reads_spanish(language) { spanish } else { english }
}

/// What speaks against a program.
#[derive(Debug, Clone, Deserialize)]
pub struct RedFlag {
    /// Its key.
    pub key: TermKey,
    /// The criterion it is about.
    #[serde(default)]
    pub criterion: Option<TermKey>,
    /// What is to be done, as the policy's `actions` say.
    pub action: TermKey,
}

/// What to ask a program.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// Its key; how it begins says of whom it is asked.
    pub key: TermKey,
    /// The criterion that the answer tells of.
    #[serde(default)]
    pub criterion: Option<TermKey>,
    /// The question by language.
    pub question: ByLanguage,
}

/// Everything that helps a person choose.
#[derive(Debug, Clone, Default)]
pub struct Choosing {
    /// The criteria, in the curated order.
    pub criteria: Vec<Criterion>,
    /// What speaks against a program.
    pub red_flags: Vec<RedFlag>,
    /// What to ask.
    pub questions: Vec<Question>,
    /// What follows.
    pub policy: Policy,
}

/// A warning about a program: a bad value that is known.
#[derive(Debug, Clone, Copy)]
pub struct Warning<'a> {
    /// What it is about.
    pub criterion: &'a Criterion,
    /// What is known.
    pub found: &'a Assessment,
    /// The red flag that it is.
    pub red_flag: &'a TermKey,
    /// What follows.
    pub effect: Effect,
}

/// A second question that is asked of a program.
#[derive(Debug, Clone)]
pub struct Answered<'a> {
    /// The criterion it belongs to.
    pub criterion: &'a Criterion,
    /// The question.
    pub question: &'a SecondaryQuestion,
    /// Its answer, and what that was found with; `None` while it is unknown.
    pub answer: Option<(&'a SecondaryValue, &'a Assessment)>,
    /// What says something else, strongest first: kept and shown.
    pub others: Vec<(&'a SecondaryValue, &'a Assessment)>,
}

/// Who is asked about, as far as questions depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The kinds of the program.
    pub kinds: &'a [Kind],
    /// The ages that it takes.
    pub ages: Option<Ages>,
    /// Whether a minor asks.
    pub by_minor: bool,
    /// Whether its cost is stated.
    pub tells_cost: bool,
    /// Whether somebody has confirmed it and it is not overdue.
    pub is_confirmed: bool,
}

impl Choosing {
    /// Reads what is kept: kinds and documents. What cannot be read is left out.
    pub fn read<'a>(pieces: impl Iterator<Item = &'a (String, Value)>) -> Self {
        let mut choosing = Self::default();
        for (kind, document) in pieces {
            match kind.as_str() {
                "criterion" => choosing.criteria.extend(Criterion::deserialize(document)),
                "red_flag" => choosing.red_flags.extend(RedFlag::deserialize(document)),
                "question" => choosing.questions.extend(Question::deserialize(document)),
                "policy" => choosing.policy = Policy::deserialize(document).unwrap_or_default(),
                _ => {}
            }
        }
        choosing
    }

    /// The criterion of a key.
    pub fn criterion(&self, key: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.key.as_str() == key)
    }

    /// The criteria on which a program of these kinds has the stand on a day.
    pub fn standing<'a>(
        &'a self,
        kinds: &'a [Kind],
        assessments: &'a [Assessment],
        today: Date,
    ) -> impl Iterator<Item = (&'a Criterion, Stand)> {
        let known = self.criteria.iter().filter(|criterion| criterion.applies(kinds));
        known.map(move |criterion| (criterion, criterion.evidence(assessments, today).stand))
    }

    /// The second questions that are asked of programs of these kinds, in the curated order, each with its
    /// answer on a day and what that was found with.
    pub fn answers<'a>(
        &'a self,
        kinds: &'a [Kind],
        assessments: &'a [Assessment],
        today: Date,
    ) -> impl Iterator<Item = Answered<'a>> {
        let asked = self.criteria.iter().filter(|criterion| criterion.applies(kinds));
        let questions = asked.flat_map(|criterion| {
            criterion.secondary.iter().map(move |question| (criterion, question))
        });
        questions.map(move |(criterion, question)| {
            let answers = criterion.answers(question, assessments, today).into_iter();
            let mut answers = answers.filter_map(|(key, found)| {
                Some((question.values.iter().find(|value| value.key == *key)?, found))
            });
            let answer = answers.next();
            Answered { criterion, question, answer, others: answers.collect() }
        })
    }

    /// A second question by its key.
    pub fn second_question(&self, key: &str) -> Option<&SecondaryQuestion> {
        let all = self.criteria.iter().flat_map(|criterion| &criterion.secondary);
        all.into_iter().find(|question| question.key.as_str() == key)
    }

    /// The bad values that are known of a program, as the policy takes them; in its order.
    pub fn warnings<'a>(
        &'a self,
        kinds: &[Kind],
        assessments: &'a [Assessment],
        today: Date,
    ) -> Vec<Warning<'a>> {
        let known = self.policy.gates.iter().filter_map(|gate| {
            let criterion = self.criterion(gate.criterion.as_str())?;
            let found = criterion.evidence(assessments, today).decides?;
            if !criterion.applies(kinds) || found.value != gate.value {
                return None;
            }
            let action = &self.red_flags.iter().find(|flag| flag.key == gate.red_flag)?.action;
            let effect = self.policy.actions.get(action).copied().unwrap_or(Effect::Warn);
            let enough = found.basis >= gate.hides_when;
            let effect = if enough { effect } else { Effect::Warn };
            let effect = gate.minors.map_or(effect, |minors| minors.max(effect));
            Some(Warning { criterion, found, red_flag: &gate.red_flag, effect })
        });
        known.collect()
    }

    /// What to ask a program: what is unknown of safety and matters to the person, what else is unknown of
    /// safety, then what else matters. At most as many as the policy says.
    pub fn questions(
        &self,
        of: Asked<'_>,
        assessments: &[Assessment],
        today: Date,
        matters: &[&str],
    ) -> Vec<(&Criterion, &str, &ByLanguage)> {
        let order = &self.policy.questions.order;
        let safety = order.iter().map(TermKey::as_str).filter(|key| {
            self.criterion(key).is_some_and(|criterion| match *key {
                SAFEGUARDING => of.by_minor || of.ages.is_some_and(Ages::take_minors),
                COST => !of.tells_cost,
                "listing_freshness" => !of.is_confirmed,
                _ => !criterion.values.is_empty(),
            })
        });
        let safety: Vec<&str> = safety.collect();
        let is_safety = |key: &&str| safety.contains(key);
        let asked = matters.iter().copied().filter(is_safety);
        let rest = safety.iter().copied().chain(matters.iter().copied());
        let mut keys: Vec<&str> = Vec::new();
        let minors_first = safety.iter().copied().filter(|key| *key == SAFEGUARDING && of.by_minor);
        for key in minors_first.chain(asked).chain(rest) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let unknown = keys.into_iter().filter_map(|key| self.criterion(key)).filter(|criterion| {
            criterion.applies(of.kinds)
                && criterion.evidence(assessments, today).stand == Stand::Unknown
        });
        let most = self.policy.questions.most;
        unknown.take(most).map(|criterion| self.question(criterion, of.kinds)).collect()
    }

    /// The question that a criterion is asked by of a program of these kinds: its key and its words.
    fn question<'a>(
        &'a self,
        criterion: &'a Criterion,
        kinds: &[Kind],
    ) -> (&'a Criterion, &'a str, &'a ByLanguage) {
        let of_kind = |question: &&Question| {
            let key = question.key.as_str();
            question.criterion.as_ref() == Some(&criterion.key)
                && (key.starts_with("before_you_go_")
                    || key.starts_with("online_") && kinds == [Kind::Online]
                    || key.starts_with("one_on_one_") && kinds == [Kind::OneOnOne])
        };
        match self.questions.iter().find(of_kind) {
            Some(asked) => (criterion, asked.key.as_str(), &asked.question),
            None => (criterion, criterion.key.as_str(), &criterion.question),
        }
    }
}

impl Criterion {
    /// Whether it is asked of programs of these kinds.
    pub fn applies(&self, kinds: &[Kind]) -> bool {
        self.applies_to.iter().any(|kind| kinds.contains(kind))
    }

    /// Whether it is asked of a program of these kinds and ages: how the young are kept safe is not asked
    /// of one that says that it takes adults alone.
    pub fn is_asked_of(&self, kinds: &[Kind], ages: Option<Ages>) -> bool {
        let adults_alone = || ages.and_then(|ages| ages.min).is_some_and(|min| min >= ADULT);
        self.applies(kinds) && !(self.key.as_str() == SAFEGUARDING && adults_alone())
    }
}
