//! What answers of the vocabulary look like: terms and criteria.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Every term of every taxonomy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TaxonomiesAnswer {
    /// The terms by taxonomy, in the curated order.
    pub data: BTreeMap<String, Vec<TermAnswer>>,
}

/// A term with its label.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TermAnswer {
    /// What people read, in the language that was asked for.
    #[schema(example = "Grief")]
    pub label: String,
    /// How many programs have it, narrower terms included.
    pub programs: u64,
    /// The term.
    #[serde(flatten)]
    pub term: crate::domain::Term,
}

/// What helps a person choose.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CriteriaAnswer {
    /// The groups of criteria: `key`, `title` and `question` by language.
    #[schema(value_type = Vec<Object>)]
    pub domains: Vec<serde_json::Value>,
    /// The criteria, in the curated order.
    pub criteria: Vec<crate::domain::Criterion>,
    /// What speaks against a program: `key`, `criterion`, `text` by language, `action`, `sources`.
    #[schema(value_type = Vec<Object>)]
    pub red_flags: Vec<serde_json::Value>,
    /// What to ask a program: `key`, `criterion`, `question` by language.
    #[schema(value_type = Vec<Object>)]
    pub questions: Vec<serde_json::Value>,
    /// What decides whether a program is listed: `version`, what each bad value leads to, which questions
    /// are asked.
    #[schema(value_type = Option<Object>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<serde_json::Value>,
}
