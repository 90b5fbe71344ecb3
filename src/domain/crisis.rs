//! Lines for people in danger, in every answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::place::CountryCode;
use super::session::Link;
use super::taxonomy::{LanguageTag, TermKey};
use super::text::Text;

/// A crisis line or a finder of crisis lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CrisisLine {
    /// Its key, stable for good.
    #[schema(value_type = String, example = "us_988")]
    pub key: TermKey,
    /// The country it serves; absent for an international finder.
    #[schema(value_type = Option<String>, example = "US")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Its name.
    #[schema(value_type = String, example = "988 Suicide & Crisis Lifeline")]
    pub name: Text<120>,
    /// Whom it is for.
    #[schema(value_type = String, example = "anyone")]
    pub audience: Text<120>,
    /// Whether it is for young people first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub youth: bool,
    /// Whether it is for those who are hurt or threatened by somebody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub violence: bool,
    /// The number to call.
    #[schema(value_type = Option<String>, example = "988")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text<60>>,
    /// The number to text.
    #[schema(value_type = Option<String>, example = "988")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text<60>>,
    /// The word to text, when one is needed.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_keyword: Option<Text<40>>,
    /// The page to chat on.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_url: Option<Link>,
    /// Its page.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Link>,
    /// When it is open, in words.
    #[schema(value_type = Option<String>, example = "24 hours a day, 7 days a week")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Text<120>>,
    /// The languages spoken.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// The number for immediate danger in that country.
    #[schema(value_type = Option<String>, example = "911")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_number: Option<Text<20>>,
    /// Where the facts were found.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<Link>,
    /// The day they were last checked against that source.
    #[schema(value_type = String, format = "date", example = "2026-11-21")]
    pub checked_on: jiff::civil::Date,
    /// Its words in other languages than English.
    #[schema(ignore)]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<LanguageTag, CrisisWords>,
}

/// The words about a line in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrisisWords {
    /// Whom it is for.
    pub audience: Text<120>,
    /// When it is open; absent when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Text<120>>,
    /// The number to call, where words are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text<60>>,
    /// The number for immediate danger, where words are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_number: Option<Text<20>>,
}

/// So many days after it was checked, a line is told with its day: numbers change.
const CHECKED_FOR_DAYS: i64 = 90;

impl CrisisLine {
    /// The last day on which it is told without the day it was checked on.
    pub fn fresh_until(&self) -> jiff::civil::Date {
        self.checked_on.saturating_add(jiff::Span::new().days(CHECKED_FOR_DAYS))
    }

    /// The line in a language, as far as there are words in it; else in English.
    #[must_use]
    pub fn told_in(&self, language: &str) -> Self {
        let mut told = Self { translations: BTreeMap::new(), ..self.clone() };
        let primary = language.split('-').next().unwrap_or_default();
        let words = self.translations.iter().find(|(tag, _)| tag.as_str() == primary);
        if let Some((_, words)) = words {
            told.audience = words.audience.clone();
            told.hours = words.hours.clone().or(told.hours);
            told.phone = words.phone.clone().or(told.phone);
            told.emergency_number = words.emergency_number.clone().or(told.emergency_number);
        }
        told
    }
}
