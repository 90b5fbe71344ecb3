//! A program as a source tells it.

use super::criterion::Assessment;
use super::identity::LocationId;
use super::location::LocationDraft;
use super::organization::OrganizationDraft;
use super::program::ProgramDraft;
use super::text::Text;

/// One program of an import, with who runs it and where it meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The source's own name for it: what makes the second import an update.
    pub key: String,
    /// The rows it was made of, from 1 as people count.
    pub rows: Vec<usize>,
    /// The source's name for who runs it.
    pub organization_key: String,
    /// Who runs it.
    pub organization: OrganizationDraft,
    /// What is said about it.
    pub program: ProgramDraft,
    /// The places its sessions are at.
    pub locations: Vec<(LocationId, LocationDraft)>,
    /// What is known of the criteria.
    pub assessments: Vec<Assessment>,
    /// Why it is kept without being listed, such as that it has ended; `None` for what is listed.
    pub unlisted: Option<Text<200>>,
}

/// A row of an import that could not be used, with a reason for the person who keeps the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Which row, from 1 as people count.
    pub row: usize,
    /// Which field.
    pub field: String,
    /// What is wrong with it and what was expected.
    pub reason: String,
}
