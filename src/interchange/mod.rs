//! Other people's formats: bytes in, values out. No network, no database, no clock.

mod clock;
mod csv;
mod languages;
mod meeting_guide;
mod native;
mod regions;
mod secrets;
mod unread;
mod venues;

use crate::domain::{Address, AreaCenter, ForWhom, Position, TermKey, ZoneName};

pub use crate::domain::{Record, Reject};
pub use csv::{CSV_COLUMNS, Csv};
pub use meeting_guide::MeetingGuide;
pub use native::{Native, SeedOrganizations};

/// Reads one foreign format.
pub trait Importer: Send + Sync {
    /// The name on the command line and in provenance, such as `meeting-guide`.
    fn name(&self) -> &'static str;

    /// Reads a document.
    ///
    /// One bad row never spoils the rest: it becomes a [`Reject`] beside the good ones.
    /// Only a document that is not in the format at all is an error.
    fn read(&self, document: &[u8], setting: &Setting<'_>) -> Result<Import, ImportError>;
}

/// What is known of a document besides its bytes.
pub struct Setting<'a> {
    /// The name of the source; part of every derived identifier.
    pub source: &'a str,
    /// The zone of times that do not say theirs.
    pub time_zone: Option<ZoneName>,
    /// Topics of every listing in the document.
    pub topics: Vec<TermKey>,
    /// Whom the listings are for that do not say so. No feed of Meeting Guide does.
    pub for_whom: Vec<ForWhom>,
    /// Knows towns and postal codes.
    pub places: &'a dyn Places,
}

/// What a format needs to know of the world's places.
pub trait Places {
    /// The center of the smallest named place an address tells: its postal code, else its town.
    fn center(&self, address: &Address) -> Option<AreaCenter>;

    /// The time zone at a point.
    fn zone(&self, position: Position) -> Option<ZoneName>;
}

/// What was found in a document.
#[derive(Debug, Default, PartialEq)]
pub struct Import {
    /// How many rows there were, good and bad.
    pub rows: usize,
    /// The programs that were understood, in the order of their first row.
    pub records: Vec<Record>,
    /// The rows that could not be used.
    pub rejects: Vec<Reject>,
}

/// The document is not in the format.
#[derive(Debug, thiserror::Error)]
#[error("this is not {format}: {reason}")]
pub struct ImportError {
    /// The format that was expected.
    pub format: &'static str,
    /// Where and how it differs.
    pub reason: String,
}
