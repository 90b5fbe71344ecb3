//! Guides: what peer support is, how to choose, and when it is not enough. They are in the binary, in
//! each language, and are made into HTML once.
//!
//! `seed-data/guides/README.md` tells how they are written.

mod files;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, bail, ensure};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{LanguageTag, Link, Text};

pub use text::escape;

/// The language that a guide is shown in when it is not there in the one that was asked for.
const FALLBACK: &str = "en";

/// A publication that a guide rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideSource {
    /// Its title.
    #[schema(value_type = String, example = "The values and value of peer support")]
    pub title: Text<200>,
    /// Who published it.
    #[schema(value_type = String, example = "NHS Leadership Academy")]
    pub publisher: Text<120>,
    /// When, as far as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2021")]
    pub year: Option<Text<20>>,
    /// Its page; absent when no safe address is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uri")]
    pub url: Option<Link>,
}

/// The words of the pages that guides are shown on, in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageWords {
    /// The name of the language, in itself.
    pub language: String,
    /// The heading of the list of sources.
    pub sources: String,
    /// What stands before the day of the last review.
    pub reviewed: String,
    /// The heading of the list of guides.
    pub guides: String,
    /// The heading of the help in a crisis.
    pub danger: String,
    /// The heading of the lines of one country.
    pub lines: String,
    /// The heading of finders for everywhere else.
    pub finders: String,
}

/// A guide in one language.
#[derive(Debug, Clone)]
pub struct Guide {
    /// Its key, the same in every language and stable for good.
    pub key: String,
    /// The language it is written in.
    pub language: LanguageTag,
    /// Its title.
    pub title: String,
    /// What it tells, in a sentence.
    pub summary: String,
    /// Where it stands among the guides.
    pub order: u32,
    /// The day it was last compared with its sources.
    pub reviewed: Date,
    /// What it rests on; `[1]` in the text is the first.
    pub sources: Vec<GuideSource>,
    /// The text in Markdown, with the list of sources at its end.
    pub markdown: String,
    /// The same in HTML, without a page around it.
    pub html: String,
}

/// All guides, in every language.
#[derive(Debug)]
pub struct Guides {
    /// In their order; each by its languages.
    guides: Vec<(String, BTreeMap<LanguageTag, Guide>)>,
    words: BTreeMap<LanguageTag, PageWords>,
}

impl Guides {
    /// The guides of this process, read on the first call (a few milliseconds).
    pub fn shared() -> Arc<Self> {
        static SHARED: OnceLock<Arc<Guides>> = OnceLock::new();
        let read = || Arc::new(Self::read().expect("the guides are in the binary, and are tested"));
        Arc::clone(SHARED.get_or_init(read))
    }

    fn read() -> anyhow::Result<Self> {
        let sources: BTreeMap<String, GuideSource> =
            serde_json::from_str(files::SOURCES).context("sources")?;
        let words: BTreeMap<LanguageTag, PageWords> =
            serde_json::from_str(files::WORDS).context("words")?;
        let mut by_key: BTreeMap<String, BTreeMap<LanguageTag, Guide>> = BTreeMap::new();
        for (language, key, file) in files::GUIDES {
            let language: LanguageTag = language.parse()?;
            let words = words.get(&language).with_context(|| format!("no words for {language}"))?;
            let guide = text::read(key, &language, file, &sources, words)
                .with_context(|| format!("{language}/{key}.md"))?;
            by_key.entry((*key).to_owned()).or_default().insert(language, guide);
        }
        for (key, guides) in &by_key {
            ensure!(guides.len() == words.len(), "{key} is not there in every language");
            let mut orders = guides.values().map(|guide| guide.order);
            let first = orders.next();
            if orders.any(|order| Some(order) != first) {
                bail!("{key} has another order in another language");
            }
        }
        let mut guides: Vec<_> = by_key.into_iter().collect();
        guides.sort_by_key(|(_, guides)| guides.values().next().map(|guide| guide.order));
        Ok(Self { guides, words })
    }

    /// The languages that every guide is there in.
    pub fn languages(&self) -> impl Iterator<Item = &LanguageTag> {
        self.words.keys()
    }

    /// The words of a page in a language that guides are in.
    pub fn words(&self, language: &LanguageTag) -> &PageWords {
        &self.words[language]
    }

    /// Every guide, in order, in this language as far as there is one.
    pub fn all(&self, language: Option<&LanguageTag>) -> impl Iterator<Item = &Guide> {
        self.guides.iter().filter_map(move |(_, guides)| in_language(guides, language))
    }

    /// One guide, in this language as far as there is one.
    pub fn get(&self, key: &str, language: Option<&LanguageTag>) -> Option<&Guide> {
        let (_, guides) = self.guides.iter().find(|(known, _)| known == key)?;
        in_language(guides, language)
    }
}

/// The guide in a language: in just that one, in one with the same first part (`es` for `es-MX`), or in
/// English.
fn in_language<'a>(
    guides: &'a BTreeMap<LanguageTag, Guide>,
    wanted: Option<&LanguageTag>,
) -> Option<&'a Guide> {
    let primary = |tag: &LanguageTag| tag.as_str().split('-').next().map(str::to_owned);
    let same =
        |guide: &&Guide| wanted.is_some_and(|wanted| primary(wanted) == primary(&guide.language));
    wanted
        .and_then(|wanted| guides.get(wanted))
        .or_else(|| guides.values().find(same))
        .or_else(|| guides.values().find(|guide| guide.language.as_str() == FALLBACK))
}
