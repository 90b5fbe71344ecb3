//! The terms programs are described and found by.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text::Text;
use super::textual::textual;
use super::words::words;

words! {
    /// A list of terms.
    pub enum Taxonomy {
        /// What a program is about: depression, grief …
        Topic = "topic",
        /// Whom it is made for: veterans, parents …
        Audience = "audience",
        /// How it works: twelve steps, WRAP …
        Approach = "approach",
        /// What makes it easier to take part: step-free, captions …
        Accessibility = "accessibility",
        /// What people do there: art, walking …
        Activity = "activity",
    }
}

/// The key of the audience of those who support somebody.
pub const FAMILY_AND_FRIENDS: &str = "family_and_friends";

/// The key of a term: 1 to 60 of `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermKey(Box<str>);

/// A key with characters outside `a-z0-9_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 60 of a-z, 0-9 and _")]
pub struct InvalidKey;

impl TermKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TermKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let fits = (1..=60).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(text.into())) } else { Err(InvalidKey) }
    }
}

textual!(TermKey);

/// A language as a BCP 47 tag, such as `en` or `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(Box<str>);

/// A tag that is not well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a language tag such as en, es or pt-BR")]
pub struct InvalidLanguage;

impl LanguageTag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = InvalidLanguage;

    fn from_str(text: &str) -> Result<Self, InvalidLanguage> {
        let tag = oxilangtag::LanguageTag::parse_and_normalize(text)
            .map_err(|_not_a_tag| InvalidLanguage)?;
        let short = (2..=3).contains(&tag.primary_language().len()) && tag.as_str().len() <= 20;
        if short { Ok(Self(tag.as_str().into())) } else { Err(InvalidLanguage) }
    }
}

textual!(LanguageTag);

/// A member of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The list it is in.
    pub taxonomy: Taxonomy,
    /// Its key, stable for good.
    #[schema(value_type = String, example = "perinatal")]
    pub key: TermKey,
    /// The wider term it is part of, in the same list.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TermKey>,
    /// What people read, by language; English is always there.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub labels: BTreeMap<LanguageTag, Text<120>>,
    /// What it means, in one plain English sentence.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Text<500>>,
    /// Other words people use for it, in any language.
    #[schema(value_type = Vec<String>, example = json!(["baby blues", "postpartum"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<Text<120>>,
    /// Terms that mean this one when all of a row are named together: family and alcohol, somebody else's drinking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Vec<TermName>>,
    /// Whether those it names are helped more by what is made for them than by what is about their need, when nothing
    /// is both: a teenager with depression, by what is for teenagers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before_need: bool,
}

/// Which term of which list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermName {
    /// The list it is in.
    pub taxonomy: Taxonomy,
    /// Its key.
    #[schema(value_type = String, example = "family_and_friends")]
    pub key: TermKey,
}

impl Term {
    /// The label in `language`, else in English, else the key.
    pub fn label(&self, language: &str) -> &str {
        let find = |wanted: &str| self.labels.iter().find(|(tag, _)| tag.as_str() == wanted);
        find(language)
            .or_else(|| find(language.split('-').next().unwrap_or_default()))
            .or_else(|| find("en"))
            .map_or(self.key.as_str(), |(_, label)| label.as_str())
    }

    /// The terms of `all` above it, nearest first. A circle ends where it closes.
    pub fn wider(&self, all: &[Self]) -> Vec<TermKey> {
        let mut above = Vec::new();
        let mut at = self;
        while let Some(parent) = &at.parent {
            let known =
                all.iter().find(|other| other.taxonomy == at.taxonomy && other.key == *parent);
            let Some(next) =
                known.filter(|next| !above.contains(&next.key) && next.key != self.key)
            else {
                break;
            };
            above.push(next.key.clone());
            at = next;
        }
        above
    }
}
