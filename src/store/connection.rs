//! The two databases: which one an address means, how a connection is opened, and all that differs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationVersion;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{StoreError, StoreResult};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The oldest SQLite without the bug that can lose committed writes in WAL mode (sqlite.org/wal.html).
const OLDEST_SQLITE: &str = "3.51.3";

/// How long anything waits for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The same, as PostgreSQL is told.
const PATIENT: &str = "SET lock_timeout = '10s';";

/// How often a writer of SQLite looks whether it is its turn.
const LOOK: Duration = Duration::from_millis(2);

/// The key of PostgreSQL's advisory lock around migrations.
const MIGRATION_LOCK: i64 = 0x7065_6572_6469_7200;

/// A connection to one of the two databases.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL, through libpq.
    Postgres(PgConnection),
    /// SQLite, compiled in.
    Sqlite(SqliteConnection),
}

/// Where the directory is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseAddress {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the whole URL, which may hold a password.
    Postgres(String),
}

/// An address that means neither database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the database address must be sqlite://PATH or postgres://USER@HOST/DATABASE (a space in it is %20)"
)]
pub struct UnknownDatabase;

impl std::str::FromStr for DatabaseAddress {
    type Err = UnknownDatabase;

    /// Told from the scheme alone: a typo is an error and never a new SQLite file.
    fn from_str(url: &str) -> Result<Self, UnknownDatabase> {
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            // A space would be told with what is around it, and that may be the password.
            Some(("postgres" | "postgresql", rest))
                if !rest.is_empty() && !url.contains(char::is_whitespace) =>
            {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => Err(UnknownDatabase),
        }
    }
}

/// Opens connections for the pool.
#[derive(Debug)]
pub(super) struct Opener {
    address: DatabaseAddress,
}

impl ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, Self::Error> {
        open(&self.address)
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        diesel::r2d2::R2D2Connection::is_broken(conn)
    }
}

fn open(address: &DatabaseAddress) -> Result<AnyConnection, diesel::r2d2::Error> {
    use diesel::r2d2::Error::{ConnectionError, QueryError};
    match address {
        DatabaseAddress::Sqlite(path) => {
            let path = path.to_string_lossy();
            let mut conn = SqliteConnection::establish(&path).map_err(ConnectionError)?;
            // FULL: an acknowledged write survives a power cut, not only a crash.
            conn.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                 PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536;",
            )
            .map_err(QueryError)?;
            Ok(AnyConnection::Sqlite(conn))
        }
        DatabaseAddress::Postgres(url) => {
            let url = with_deadlines(url);
            let mut conn = PgConnection::establish(&url).map_err(ConnectionError)?;
            conn.batch_execute(&format!(
                "{PATIENT} SET TIME ZONE 'UTC'; SET idle_in_transaction_session_timeout = '60s'; \
                 SET client_min_messages = warning;"
            ))
            .map_err(QueryError)?;
            Ok(AnyConnection::Postgres(conn))
        }
    }
}

/// The address with deadlines for connecting and for a peer that has gone silent.
fn with_deadlines(url: &str) -> String {
    let mut url = url.to_owned();
    for (key, value) in [("connect_timeout", "5"), ("tcp_user_timeout", "15000")] {
        if !url.contains(&format!("{key}=")) {
            url.push(if url.contains('?') { '&' } else { '?' });
            let _written = write!(url, "{key}={value}");
        }
    }
    url
}

/// Opens a pool, after making sure of the engine and bringing the tables up to date.
pub(super) fn pool(address: &DatabaseAddress, connections: u32) -> StoreResult<Pool<Opener>> {
    if let DatabaseAddress::Sqlite(path) = address
        && let Some(folder) = path.parent().filter(|folder| *folder != Path::new(""))
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            StoreError::Unavailable(format!("cannot create {}: {error}", folder.display()))
        })?;
    }
    // Opened by hand first: the pool would retry for seconds and then hide the reason.
    let mut conn = open(address).map_err(|error| StoreError::Unavailable(one_line(&error)))?;
    match &mut conn {
        AnyConnection::Sqlite(conn) => check_sqlite(conn)?,
        AnyConnection::Postgres(conn) => check_postgres(conn)?,
    }
    migrate(&mut conn)?;
    drop(conn);

    // None is opened ahead: a short command could end while a thread is in the middle of a handshake,
    // and OpenSSL does not survive that.
    Pool::builder()
        .max_size(connections)
        .min_idle(Some(0))
        .connection_timeout(Duration::from_secs(2))
        .error_handler(Box::new(diesel::r2d2::NopErrorHandler))
        .build(Opener { address: address.clone() })
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// What a driver says over several lines, in one.
fn one_line(error: &diesel::r2d2::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

fn check_sqlite(conn: &mut SqliteConnection) -> StoreResult<()> {
    let version: Setting =
        diesel::sql_query("SELECT sqlite_version() AS value").get_result(conn)?;
    let numbers =
        |text: &str| -> Vec<u32> { text.split('.').map_while(|n| n.parse().ok()).collect() };
    if numbers(&version.value) < numbers(OLDEST_SQLITE) {
        return Err(StoreError::Unsafe(format!(
            "SQLite {} can lose committed writes; {OLDEST_SQLITE} or later is needed",
            version.value
        )));
    }
    let mode: Setting = diesel::sql_query(
        "SELECT (SELECT journal_mode FROM pragma_journal_mode) || ',' || \
         (SELECT synchronous FROM pragma_synchronous) AS value",
    )
    .get_result(conn)?;
    if mode.value != "wal,2" {
        return Err(StoreError::Unsafe(format!(
            "SQLite must run with journal_mode=wal and synchronous=full, but has {}; \
             is the file on a network drive?",
            mode.value
        )));
    }
    Ok(())
}

fn check_postgres(conn: &mut PgConnection) -> StoreResult<()> {
    for (name, bad) in
        [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")]
    {
        let setting: Setting =
            diesel::sql_query(format!("SELECT current_setting('{name}') AS value"))
                .get_result(conn)?;
        if setting.value == bad {
            return Err(StoreError::Unsafe(format!(
                "PostgreSQL runs with {name} = {bad} and can lose committed writes; turn it on"
            )));
        }
    }
    Ok(())
}

/// Brings the tables up to date; of several nodes that start at once, one does and the others wait.
fn migrate(conn: &mut AnyConnection) -> StoreResult<()> {
    match conn {
        AnyConnection::Postgres(conn) => {
            // To migrate a large directory takes as long as it takes: more patience than writers need.
            conn.batch_execute(&format!(
                "SET lock_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK}); {PATIENT}"
            ))?;
            let done = run_pending(conn);
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
            done
        }
        AnyConnection::Sqlite(conn) => conn.immediate_transaction(run_pending),
    }
}

fn ours(version: &MigrationVersion<'_>) -> bool {
    use diesel::migration::MigrationSource;
    let mine: Vec<Box<dyn diesel::migration::Migration<diesel::sqlite::Sqlite>>> =
        MIGRATIONS.migrations().unwrap_or_default();
    mine.iter().any(|migration| migration.name().version() == *version)
}

fn run_pending<DB, C>(conn: &mut C) -> StoreResult<()>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let known =
        conn.applied_migrations().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    if known.iter().any(|version| !ours(version)) {
        return Err(StoreError::Unsafe(
            "the database was made by a newer version of peer-directory; use that version"
                .to_owned(),
        ));
    }
    conn.run_pending_migrations(MIGRATIONS)
        .map(|_applied| ())
        .map_err(|error| StoreError::Unavailable(format!("migration failed: {error}")))
}

/// Undoes every migration and does them again. For the test that holds them to be reversible.
pub(super) fn redo_migrations(conn: &mut AnyConnection) -> StoreResult<()> {
    let undone = match conn {
        AnyConnection::Postgres(conn) => conn.revert_all_migrations(MIGRATIONS).map(|_| ()),
        AnyConnection::Sqlite(conn) => conn.revert_all_migrations(MIGRATIONS).map(|_| ()),
    };
    undone.map_err(|error| StoreError::Unavailable(format!("cannot undo: {error}")))?;
    migrate(conn)
}

/// Runs `work` in a transaction that begins with `lock`, which takes the write lock.
///
/// PostgreSQL queues its writers. SQLite's own waiting backs off to a look every 100 ms, so that
/// an import, which writes again and again, would leave nobody else a turn.
pub(super) fn in_turn<T>(
    conn: &mut AnyConnection,
    lock: impl Fn(&mut AnyConnection) -> QueryResult<usize>,
    work: impl FnOnce(&mut AnyConnection) -> StoreResult<T>,
) -> StoreResult<T> {
    let begun = Instant::now();
    let mut work = Some(work);
    loop {
        be_patient(conn, Duration::ZERO)?;
        let ended = conn.transaction(|conn| {
            lock(conn)?;
            work.take().map(|work| work(conn)).transpose()
        });
        be_patient(conn, PATIENCE)?;
        match ended {
            Ok(Some(done)) => return Ok(done),
            Err(StoreError::Database(error))
                if work.is_some() && is_busy(&error) && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(LOOK);
            }
            Err(error) => return Err(error),
            Ok(None) => return Err(StoreError::Conflict),
        }
    }
}

fn be_patient(conn: &mut AnyConnection, patience: Duration) -> StoreResult<()> {
    if let AnyConnection::Sqlite(conn) = conn {
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", patience.as_millis()))?;
    }
    Ok(())
}

fn is_busy(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, why)
        if why.message() == "database is locked")
}

/// Runs `work` so that all it reads is of one moment.
pub(super) fn at_one_moment<T>(
    conn: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> StoreResult<T>,
) -> StoreResult<T> {
    conn.transaction(|conn| {
        if let AnyConnection::Postgres(conn) = conn {
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
        work(conn)
    })
}
