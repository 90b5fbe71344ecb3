//! The history of the directory: immutable revisions and the ordered log of changes.

use jiff::Timestamp;

use super::identity::BatchId;
use super::words::words;

words! {
    /// What has revisions.
    pub enum Entity {
        /// Who runs programs.
        Organization = "organization",
        /// A place.
        Location = "location",
        /// A thing to join.
        Program = "program",
    }
}

impl Entity {
    /// The word as a sentence has it: `an organization`.
    pub const fn with_article(self) -> &'static str {
        match self {
            Self::Organization => "an organization",
            Self::Location => "a location",
            Self::Program => "a program",
        }
    }
}

words! {
    /// What a change did for the public.
    pub enum ChangeKind {
        /// A revision became the public one.
        Published = "published",
        /// The listing is no longer public.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Where a revision stands.
    pub enum RevisionState {
        /// Written down, seen by nobody outside.
        Draft = "draft",
        /// Was or is the public one.
        Approved = "approved",
        /// Was not taken.
        Rejected = "rejected",
    }
}

/// Who made a revision, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// Who, as a role or an account: `import`, `seed`, a curator's name.
    pub by: String,
    /// Why, in words.
    pub reason: Option<String>,
    /// The import run it came with.
    pub batch: Option<BatchId>,
}

/// One row of the ordered change log.
///
/// Sequence numbers are handed out under the write lock, so their order is the order of the commits:
/// who has read up to one number has missed nothing below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the log, from 1.
    pub sequence: i64,
    /// What kind of thing changed.
    pub entity: Entity,
    /// Which one.
    pub id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// The revision that is public now; the last one that was, after a withdrawal.
    pub revision: i32,
    /// When.
    pub at: Timestamp,
}
