//! The directory as it is kept, in SQLite or PostgreSQL, with one set of queries.
//!
//! Functions take a connection, so they compose inside one transaction.
//! Only this module speaks SQL, and only `connection` asks which database it is talking to.

mod assessments;
mod connection;
mod entities;
mod following;
mod published;
mod schema;
mod sources;
mod vocabulary;

use diesel::prelude::*;
use diesel::r2d2::Pool;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

pub use assessments::{Found, assess, assessments_of, forget_findings};
pub use connection::{AnyConnection, DatabaseAddress, UnknownDatabase};
pub use entities::{
    EntityState, Imported, Status, changes_since, entity, entity_of_source, import_revision,
    insert, mark_seen, publish, revise, revision_document, slug_is_taken, tell_again, withdraw,
    withdrawn_before,
};
pub use following::{forget_changes, forgotten, mentioning};
pub use published::{
    Name, PublishedEntries, PublishedProgram, published_after, published_locations,
    published_organizations_of, published_programs_of, withdrawn_programs_of,
};
pub use sources::{
    any_batch_finished, begin_batch, finish_batch, put_source, source_named, sources,
};
pub use vocabulary::{
    Guidance, crisis_lines, guidance, put_guidance, put_term, replace_crisis_lines, terms,
};

/// What went wrong in the database, as far as the caller can act on it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row.
    #[error("there is no such entry")]
    NotFound,
    /// Somebody else changed it first, or the name is taken.
    #[error("it was changed meanwhile")]
    Conflict,
    /// The database cannot be reached or used.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// The database would not keep what it acknowledges.
    #[error("the database is not safe to write to: {0}")]
    Unsafe(String),
    /// A row means nothing.
    #[error("the entry {id} cannot be understood: {reason}")]
    Corrupt {
        /// Which row.
        id: String,
        /// Why.
        reason: String,
    },
    /// Anything else the database says.
    #[error("the database refused: {0}")]
    Database(#[source] DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Conflict,
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, why) => {
                Self::Unavailable(why.message().to_owned())
            }
            other => Self::Database(other),
        }
    }
}

/// What the store's functions return.
pub type StoreResult<T> = Result<T, StoreError>;

/// The database of record.
#[derive(Clone)]
pub struct Store {
    pool: Pool<connection::Opener>,
}

impl Store {
    /// Opens the database, makes sure that it keeps what it acknowledges, and migrates it.
    ///
    /// Blocks; call it before serving.
    pub fn open(address: &DatabaseAddress, connections: u32) -> StoreResult<Self> {
        let store = Self { pool: connection::pool(address, connections)? };
        store.fill_mentions()?;
        Ok(store)
    }

    /// Runs `work` on a connection of its own. Blocks.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> StoreResult<T>,
    ) -> StoreResult<T> {
        let mut conn =
            self.pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        work(&mut conn)
    }

    /// Runs `work` so that all it reads is of one moment, and says which. Blocks.
    pub fn read_at_one_moment<T>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> StoreResult<T>,
    ) -> StoreResult<(i64, T)> {
        self.read(|conn| connection::at_one_moment(conn, |conn| Ok((newest(conn)?, work(conn)?))))
    }

    /// Runs `work` in a transaction that holds the directory's write lock. Blocks.
    ///
    /// The counter's row is advanced first: writers queue there in both databases, and sequence
    /// numbers are handed out in the order of the commits, so a reader of the log never skips one.
    pub fn write<T>(&self, work: impl FnOnce(&mut Write<'_>) -> StoreResult<T>) -> StoreResult<T> {
        use schema::directory::dsl;
        let lock = |conn: &mut AnyConnection| {
            diesel::update(dsl::directory).set(dsl::sequence.eq(dsl::sequence + 1)).execute(conn)
        };
        let work = |conn: &mut AnyConnection| {
            let (sequence, revision): (i64, i32) =
                dsl::directory.select((dsl::sequence, dsl::revision)).first(conn)?;
            let mut write = Write { conn, sequence: sequence - 1, revision };
            let done = work(&mut write)?;
            let Write { conn, sequence, revision } = write;
            diesel::update(dsl::directory)
                .set((dsl::sequence.eq(sequence), dsl::revision.eq(revision)))
                .execute(conn)?;
            Ok(done)
        };
        self.read(|conn| connection::in_turn(conn, lock, work))
    }

    /// The sequence number of the newest change. Blocks.
    pub fn sequence(&self) -> StoreResult<i64> {
        self.read(newest)
    }

    /// Undoes every migration and does them again: everything is lost. For tests of the migrations.
    pub fn redo_migrations(&self) -> StoreResult<()> {
        self.read(connection::redo_migrations)
    }
}

/// The sequence number of the newest change.
pub fn newest(conn: &mut AnyConnection) -> StoreResult<i64> {
    use schema::directory::dsl;
    Ok(dsl::directory.select(dsl::sequence).first(conn)?)
}

/// A transaction that holds the write lock and hands out numbers.
pub struct Write<'a> {
    pub(crate) conn: &'a mut AnyConnection,
    sequence: i64,
    revision: i32,
}

impl Write<'_> {
    /// Says that something beside the listings is new: it takes a number of the log for itself, so
    /// that snapshots are made anew.
    pub(crate) fn news(&mut self) {
        self.next_sequence();
    }

    fn next_sequence(&mut self) -> i64 {
        self.sequence += 1;
        self.sequence
    }

    fn next_revision(&mut self) -> i32 {
        self.revision += 1;
        self.revision
    }
}

/// The time as it is written: UTC with milliseconds, so that it sorts as text.
fn stamp(at: jiff::Timestamp) -> String {
    format!("{at:.3}")
}

/// A value that may be missing, from its text.
fn read_optional<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, T::Err> {
    text.map(str::parse).transpose()
}

/// So many values stand in one statement at most: SQLite takes 32,766.
const LISTED: usize = 5_000;

/// What is found of a list of values, each of them given once, however many they are.
fn found_of<V, T>(
    values: &[V],
    mut find: impl FnMut(&[V]) -> QueryResult<Vec<T>>,
) -> StoreResult<Vec<T>> {
    let mut found = Vec::new();
    for some in values.chunks(LISTED) {
        found.extend(find(some)?);
    }
    Ok(found)
}

fn corrupt(id: &str, reason: &dyn ToString) -> StoreError {
    StoreError::Corrupt { id: id.to_owned(), reason: reason.to_string() }
}
