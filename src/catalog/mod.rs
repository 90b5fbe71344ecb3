//! The use cases that change the directory, each with its revision and its change.
//!
//! A use case decides, the store writes. Everything here blocks; nothing here knows of HTTP.

mod clock;
mod curate;
mod digest;
mod following;
mod import;
mod listings;
mod parts;
mod walk;

use jiff::Timestamp;

use crate::domain::{InvalidLocation, InvalidProgram, SourceDraft, SourceId};
use crate::store::{self, Store, StoreError};

pub use crate::store::Guidance;
pub use clock::Clock;
pub use curate::{Draft, RESERVED};
pub use following::{Delta, Deltas};
pub use import::{ImportReport, Outcome, Planned};
pub use listings::{Besides, Changed, Directory};

/// The name under which what curators write themselves is kept.
pub const LOCAL_SOURCE: &str = "local";

/// Changes the directory and reads it whole.
#[derive(Clone)]
pub struct Catalog {
    store: Store,
    clock: Clock,
}

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// What was given contradicts itself or refers to what is not there.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which field.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no such entry.
    #[error("there is no such entry")]
    NotFound,
    /// Somebody else changed it first.
    #[error("somebody else changed this first: read it again")]
    ChangedMeanwhile,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl CatalogError {
    fn invalid(field: &str, reason: impl std::fmt::Display) -> Self {
        Self::Invalid { field: field.to_owned(), reason: reason.to_string() }
    }
}

impl From<StoreError> for CatalogError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::ChangedMeanwhile,
            other => Self::Store(other),
        }
    }
}

impl From<InvalidProgram> for CatalogError {
    fn from(error: InvalidProgram) -> Self {
        Self::invalid("program", error)
    }
}

impl From<InvalidLocation> for CatalogError {
    fn from(error: InvalidLocation) -> Self {
        Self::invalid("location", error)
    }
}

impl CatalogError {
    /// Whether the database is away or will not answer, which may be over in a while.
    pub const fn is_the_database(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unavailable(_) | StoreError::Database(_)))
    }
}

/// What use cases return.
pub type CatalogResult<T> = Result<T, CatalogError>;

/// The curated words that come with the seed.
pub struct Vocabulary {
    /// The terms of every taxonomy.
    pub terms: Vec<crate::domain::Term>,
    /// Criteria, their domains, red flags and questions.
    pub guidance: Vec<Guidance>,
    /// The crisis lines.
    pub crisis_lines: Vec<crate::domain::CrisisLine>,
}

impl Catalog {
    /// The catalog kept in `store`.
    pub const fn new(store: Store) -> Self {
        Self { store, clock: Clock::Running }
    }

    /// The same catalog, with another clock.
    #[must_use]
    pub fn by(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// What time it is for this catalog.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The number of the newest change; the same number means the same directory.
    pub fn sequence(&self) -> CatalogResult<i64> {
        Ok(self.store.sequence()?)
    }

    /// Whether the directory has never held anything.
    pub fn is_empty(&self) -> CatalogResult<bool> {
        Ok(self.store.read(|conn| Ok(store::sources(conn)?.is_empty()))?)
    }

    /// Whether the directory has never held anything but the beginning of an import of `source`.
    pub fn is_empty_but_for(&self, source: &str) -> CatalogResult<bool> {
        Ok(self.store.read(|conn| {
            let only =
                store::sources(conn)?.iter().all(|known| known.draft.name.as_str() == source);
            Ok(only && !store::any_batch_finished(conn)?)
        })?)
    }

    /// At most `limit` changes after `sequence`, in the order of their commits.
    pub fn changes_since(
        &self,
        sequence: i64,
        limit: u32,
    ) -> CatalogResult<Vec<crate::domain::Change>> {
        Ok(self.store.read(|conn| store::changes_since(conn, sequence, i64::from(limit)))?)
    }

    /// Adds the curated words or replaces them.
    pub fn put_vocabulary(&self, vocabulary: &Vocabulary) -> CatalogResult<()> {
        for (at, term) in vocabulary.terms.iter().enumerate() {
            if let Some(parent) = &term.parent {
                let known = vocabulary
                    .terms
                    .iter()
                    .any(|other| other.taxonomy == term.taxonomy && other.key == *parent);
                if !known {
                    return Err(CatalogError::invalid(
                        &format!("terms[{at}].parent"),
                        format!("there is no term {parent} in {}", term.taxonomy),
                    ));
                }
            }
        }
        // In parts, so that other writers never wait long.
        for (part, terms) in vocabulary.terms.chunks(100).enumerate() {
            self.store.write(|write| {
                let known = store::terms(write.conn)?;
                for (at, term) in terms.iter().enumerate() {
                    store::put_term(write, term, part * 100 + at)?;
                }
                if store::terms(write.conn)? != known {
                    write.news();
                }
                Ok(())
            })?;
        }
        self.store.write(|write| {
            let known = store::guidance(write.conn)?;
            for (position, piece) in vocabulary.guidance.iter().enumerate() {
                store::put_guidance(write, piece, position)?;
            }
            if store::guidance(write.conn)? != known {
                write.news();
            }
            Ok(())
        })?;
        self.store.write(|write| {
            if store::crisis_lines(write.conn)? != vocabulary.crisis_lines {
                store::replace_crisis_lines(write, &vocabulary.crisis_lines)?;
                write.news();
            }
            Ok(())
        })?;
        Ok(())
    }

    fn local_source(write: &mut store::Write<'_>, now: Timestamp) -> store::StoreResult<SourceId> {
        let draft = SourceDraft {
            name: crate::domain::Text::new(LOCAL_SOURCE)
                .map_err(|error| StoreError::Unavailable(error.to_string()))?,
            format: crate::domain::Text::new("local")
                .map_err(|error| StoreError::Unavailable(error.to_string()))?,
            url: None,
            licence: None,
            attribution: None,
            may_republish: true,
        };
        Ok(store::put_source(write, &draft, now)?.id)
    }
}
