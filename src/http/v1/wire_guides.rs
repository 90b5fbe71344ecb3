//! What answers about guides look like.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::CrisisAnswer;
use crate::domain::LanguageTag;
use crate::guides::GuideSource;

/// A guide among others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuideEntry {
    /// Its key, the same in every language and stable for good.
    #[schema(example = "how-to-choose")]
    pub key: String,
    /// Its title.
    #[schema(example = "How to choose")]
    pub title: String,
    /// What it tells, in a sentence.
    pub summary: String,
    /// The language that it is shown in.
    #[schema(value_type = String, example = "en")]
    pub language: LanguageTag,
    /// The languages that it is there in.
    #[schema(value_type = Vec<String>, example = json!(["en", "es"]))]
    pub languages: Vec<LanguageTag>,
    /// The day it was last compared with its sources.
    #[schema(value_type = String, format = "date", example = "2026-11-22")]
    pub reviewed: jiff::civil::Date,
}

/// The guides.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuidesAnswer {
    /// The guides, in the order to read them.
    pub data: Vec<GuideEntry>,
}

/// A guide, whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuideAnswer {
    /// What it is.
    #[serde(flatten)]
    pub entry: GuideEntry,
    /// The text in Markdown (`CommonMark`), with its sources as a list at the end.
    pub markdown: String,
    /// The same in HTML, to be put into a page; it has no scripts and no styles.
    pub html: String,
    /// What it rests on; `[1]` in the text is the first.
    pub sources: Vec<GuideSource>,
    /// Help in a crisis.
    pub crisis: CrisisAnswer,
}
