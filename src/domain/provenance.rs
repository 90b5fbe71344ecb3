//! Where listings come from, and when they were last confirmed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::identity::{BatchId, SourceId};
use super::session::Link;
use super::text::Text;
use super::words::words;

/// A page on which a fact about a listing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Its title.
    #[schema(value_type = String)]
    pub title: Text<300>,
    /// Its address.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Link>,
    /// What was found there, such as `cost`, `schedule`.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Text<60>>,
}

/// A feed or file that listings come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDraft {
    /// Its name, unique, such as `seed` or `sf-marin`.
    pub name: Text<120>,
    /// The format its listings come in.
    pub format: Text<40>,
    /// Where it can be fetched or read about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Link>,
    /// The licence its owner gives, as an SPDX identifier or in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Text<200>>,
    /// The words that must stand beside its listings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Text<500>>,
    /// Whether its listings may leave in bulk: exports and deltas.
    #[serde(default)]
    pub may_republish: bool,
}

/// A source with its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The permanent identity.
    pub id: SourceId,
    /// What is known of it.
    pub draft: SourceDraft,
    /// When it came into the directory.
    pub created_at: Timestamp,
}

/// A source as it stands beside a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicSource {
    /// Its name.
    #[schema(value_type = String, example = "seed")]
    pub name: Text<120>,
    /// The licence its owner gives.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Text<200>>,
    /// The words that must stand beside its listings.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Text<500>>,
    /// Whether its listings may be taken in bulk.
    pub may_republish: bool,
}

impl From<&SourceDraft> for PublicSource {
    fn from(draft: &SourceDraft) -> Self {
        Self {
            name: draft.name.clone(),
            licence: draft.licence.clone(),
            attribution: draft.attribution.clone(),
            may_republish: draft.may_republish,
        }
    }
}

/// One import run of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The permanent identity.
    pub id: BatchId,
    /// What was imported.
    pub source: SourceId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None` for one that was cut off.
    pub finished_at: Option<Timestamp>,
    /// How many listings were added.
    pub added: u32,
    /// How many were changed.
    pub changed: u32,
    /// How many were as before.
    pub unchanged: u32,
    /// How many could not be read.
    pub refused: u32,
}

words! {
    /// Whether somebody has made sure that a listing is true.
    pub enum VerificationStatus {
        /// Nobody has yet.
        Unconfirmed = "unconfirmed",
        /// Somebody has, and it still counts.
        Confirmed = "confirmed",
        /// Somebody has, too long ago.
        Overdue = "overdue",
    }
}

words! {
    /// How a listing was confirmed.
    pub enum ConfirmationMethod {
        /// By phone.
        Call = "call",
        /// By e-mail.
        Email = "email",
        /// By looking at the program's page.
        Website = "website",
        /// By going there.
        Visit = "visit",
        /// By the program itself, in this directory.
        Steward = "steward",
    }
}

/// When a listing was confirmed, as it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PublicVerification {
    /// When it was last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// How.
    pub method: Option<ConfirmationMethod>,
    /// When it must be confirmed again.
    pub due_at: Option<Timestamp>,
}

impl PublicVerification {
    /// The status at `now`.
    pub fn status(&self, now: Timestamp) -> VerificationStatus {
        match (self.confirmed_at, self.due_at) {
            (None, _) => VerificationStatus::Unconfirmed,
            (Some(_), Some(due)) if due < now => VerificationStatus::Overdue,
            (Some(_), _) => VerificationStatus::Confirmed,
        }
    }
}
