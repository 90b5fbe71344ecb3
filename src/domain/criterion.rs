//! Curated questions for choosing a program, and what is known of them at each program.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::program::Kind;
use super::session::Link;
use super::taxonomy::{LanguageTag, TermKey};
use super::text::Text;
use super::words::words;

words! {
    /// How a criterion acts on a program that fails it.
    pub enum GateKind {
        /// It keeps people safe: a known bad value takes the program off the list or warns.
        Safety = "safety",
        /// It says what this directory is for: what is known to fail it is not listed.
        Inclusion = "inclusion",
        /// It decides who may come.
        Eligibility = "eligibility",
        /// It says how well a program fits, and never hides it.
        Preference = "preference",
    }
}

words! {
    /// What an assessment rests on, weakest first.
    pub enum Basis {
        /// The program says so.
        Attested = "attested",
        /// It can be read in public.
        PublicSource = "public_source",
        /// A curator checked.
        Verified = "verified",
    }
}

/// A page where something can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its title.
    #[schema(value_type = String)]
    pub title: Text<300>,
    /// Who published it.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Text<200>>,
    /// When, as it states.
    #[schema(value_type = Option<String>, example = "2021")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Text<40>>,
    /// Its address.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Link>,
}

/// A value that a criterion may have at a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionValue {
    /// Its key. `unknown` is always one of them, and never means no.
    #[schema(value_type = String, example = "published")]
    pub key: TermKey,
    /// What it means, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub meaning: BTreeMap<LanguageTag, Text<300>>,
    /// Whether the criterion holds with this value; absent for `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meets: Option<bool>,
}

/// A second question that belongs to a criterion; shown and filterable, never ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondaryQuestion {
    /// Its key.
    #[schema(value_type = String, example = "emergency_contact_policy")]
    pub key: TermKey,
    /// The question, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub question: BTreeMap<LanguageTag, Text<300>>,
    /// The answers it may have. A question without one is unknown, which is never a no.
    pub values: Vec<SecondaryValue>,
}

/// An answer to a second question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(from = "WrittenValue")]
pub struct SecondaryValue {
    /// Its key.
    #[schema(value_type = String, example = "only_imminent_risk")]
    pub key: TermKey,
    /// What it means, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub meaning: BTreeMap<LanguageTag, Text<300>>,
}

/// An answer as it may be written: the first version had nothing but keys.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenValue {
    Whole { key: TermKey, meaning: BTreeMap<LanguageTag, Text<300>> },
    Key(TermKey),
}

impl From<WrittenValue> for SecondaryValue {
    fn from(written: WrittenValue) -> Self {
        match written {
            WrittenValue::Whole { key, meaning } => Self { key, meaning },
            WrittenValue::Key(key) => Self { key, meaning: BTreeMap::new() },
        }
    }
}

/// One curated question for choosing a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its key, stable for good.
    #[schema(value_type = String, example = "crisis_protocol")]
    pub key: TermKey,
    /// The version of its wording and values; starts at 1.
    #[schema(minimum = 1, example = 1)]
    pub version: u32,
    /// The group of questions it is in.
    #[schema(value_type = String, example = "safety")]
    pub domain: TermKey,
    /// A few words, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub title: BTreeMap<LanguageTag, Text<120>>,
    /// The question as a person would ask it, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub question: BTreeMap<LanguageTag, Text<300>>,
    /// Why it matters, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub why: BTreeMap<LanguageTag, Text<1000>>,
    /// What that rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Reference>,
    /// The kinds of program it is asked of.
    pub applies_to: Vec<Kind>,
    /// How it acts.
    pub gate: GateKind,
    /// How it is recorded, by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    #[serde(default)]
    pub recorded: BTreeMap<LanguageTag, Text<300>>,
    /// Fields of a request that ask it. It depends on the person: no program has a value of its own.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked_by: Vec<TermKey>,
    /// The values it may have.
    pub values: Vec<CriterionValue>,
    /// Further questions that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary: Vec<SecondaryQuestion>,
}

/// What is known about one criterion at one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Which criterion.
    #[schema(value_type = String, example = "confidentiality_policy")]
    pub criterion: TermKey,
    /// Its value; a criterion without an assessment is unknown, which is never a no.
    #[schema(value_type = String, example = "stated")]
    pub value: TermKey,
    /// The values of its further questions.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secondary: BTreeMap<TermKey, TermKey>,
    /// What it rests on.
    pub basis: Basis,
    /// Where it can be read.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<Link>,
    /// The day it was found.
    #[schema(value_type = String, format = "date", example = "2026-11-21")]
    pub assessed_on: jiff::civil::Date,
    /// By whom, as a role.
    #[schema(value_type = String, example = "curator")]
    pub assessed_by: Text<60>,
    /// The last day it counts; absent when it does not age.
    #[schema(value_type = Option<String>, format = "date")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<jiff::civil::Date>,
}

impl Criterion {
    /// Checks that a finding of this criterion says what the criterion knows; else which field does not, and
    /// what is expected.
    pub fn check(&self, finding: &Assessment) -> Result<(), (&'static str, String)> {
        let listed = |keys: &mut dyn Iterator<Item = &TermKey>| {
            keys.map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        };
        if let [field, ..] = &self.asked_by[..] {
            return Err((
                "criterion",
                format!("depends on the person: a search asks it by `{field}`"),
            ));
        }
        if !self.values.iter().any(|value| value.key == finding.value) {
            let known = listed(&mut self.values.iter().map(|value| &value.key));
            return Err(("value", format!("`{}` is none of {known}", finding.value)));
        }
        for (key, answer) in &finding.secondary {
            let Some(question) = self.secondary.iter().find(|question| question.key == *key) else {
                let known = listed(&mut self.secondary.iter().map(|question| &question.key));
                return Err(("secondary", format!("`{key}` is none of its questions ({known})")));
            };
            if !question.values.iter().any(|value| value.key == *answer) {
                let known = listed(&mut question.values.iter().map(|value| &value.key));
                return Err(("secondary", format!("{key}: `{answer}` is none of {known}")));
            }
        }
        Ok(())
    }
}
