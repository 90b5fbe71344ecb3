//! The tables: made, undone and made again, and the same in both databases.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use peer_directory::store::{DatabaseAddress, Store, StoreError};

use crate::kept::{Kept, TABLES, open};
use crate::support::{Database, TestDatabase, on_both};

/// A column: its type in the words of `schema.rs`, and whether it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    sql_type: String,
    nullable: bool,
    key: bool,
}

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

/// The tables as diesel sees them, read from their declaration.
fn declared() -> Tables {
    let file = Path::new("src/store/schema.rs");
    let text = fs::read_to_string(file).unwrap();
    let mut tables = Tables::new();
    for table in text.split("diesel::table! {").skip(1) {
        let (head, rest) = table.split_once('{').unwrap();
        let (name, keys) = head.trim().trim_end_matches(')').split_once(" (").unwrap();
        let keys: BTreeSet<&str> = keys.trim_end().trim_end_matches(')').split(", ").collect();
        let columns = rest.split_once('}').unwrap().0.lines().filter_map(|line| {
            let (column, sql_type) = line.trim().trim_end_matches(',').split_once(" -> ")?;
            let inner = sql_type.strip_prefix("Nullable<").and_then(|t| t.strip_suffix('>'));
            let column = column.to_owned();
            let key = keys.contains(column.as_str());
            let sql_type = inner.unwrap_or(sql_type).to_owned();
            Some((column, Column { sql_type, nullable: inner.is_some(), key }))
        });
        tables.insert(name.to_owned(), columns.collect());
    }
    tables
}

/// The tables as the database has them.
fn made(kept: &Kept, database: Database) -> Tables {
    let columns = match database {
        Database::Sqlite => {
            // SQLite lets a key be empty unless told otherwise, and we never write one.
            "SELECT t.name || ' ' || c.name || ' ' || c.type || ' ' || \
             (c.\"notnull\" = 0 AND c.pk = 0) || ' ' || (c.pk > 0) AS cell \
             FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND t.name NOT LIKE 'sqlite%'"
        }
        Database::Postgres => {
            "SELECT c.table_name || ' ' || c.column_name || ' ' || \
             CASE c.data_type WHEN 'double precision' THEN 'double' ELSE c.data_type END || ' ' || \
             CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END || ' ' || \
             (SELECT count(*) FROM information_schema.key_column_usage AS k \
              JOIN information_schema.table_constraints AS p \
              USING (constraint_schema, constraint_name) \
              WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema \
              AND k.table_name = c.table_name AND k.column_name = c.column_name) AS cell \
             FROM information_schema.columns AS c \
             WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE '\\_\\_%'"
        }
    };
    let mut tables = Tables::new();
    for row in kept.texts(columns) {
        let words: Vec<&str> = row.split(' ').collect();
        let [table, column, sql_type, nullable, key] = words[..] else { panic!("{row}") };
        let sql_type = match sql_type.to_lowercase().as_str() {
            "text" => "Text",
            "integer" => "Integer",
            "bigint" => "BigInt",
            "boolean" => "Bool",
            "double" => "Double",
            other => panic!("{table}.{column} is of the type {other}: see migrations/README.md"),
        };
        let column_is =
            Column { sql_type: sql_type.to_owned(), nullable: nullable == "1", key: key == "1" };
        tables.entry(table.to_owned()).or_default().insert(column.to_owned(), column_is);
    }
    tables
}

on_both! {
    async fn the_tables_are_the_ones_that_the_queries_are_checked_against(database: Database) {
        let kept = Kept::bare(database);

        let made = made(&kept, database);

        assert_eq!(made, declared());
        let names: BTreeSet<&str> = made.keys().map(String::as_str).collect();
        assert_eq!(names, TABLES.into_iter().collect(), "the tables that other tests count");
    }
}

on_both! {
    async fn every_migration_can_be_undone_and_done_again(database: Database) {
        let kept = Kept::seeded(database);
        let before = made(&kept, database);

        kept.store.redo_migrations().unwrap();

        assert_eq!(made(&kept, database), before);
        let held = kept.held();
        assert_eq!(held["directory"], 1);
        assert!(held.iter().all(|(name, count)| *name == "directory" || *count == 0), "{held:?}");
        // And what was made anew works.
        kept.catalog.put_vocabulary(&peer_directory::jobs::seed_vocabulary().unwrap()).unwrap();
        let records = peer_directory::jobs::seed_records().unwrap();
        let source = peer_directory::jobs::seed_source().unwrap();
        kept.catalog.import(&source, &records, |_done| {}).unwrap();
        let listed = records.iter().filter(|record| record.unlisted.is_none());
        assert_eq!(kept.listings().len(), listed.count());
    }
}

on_both! {
    async fn opening_a_directory_again_changes_nothing(database: Database) {
        let kept = Kept::seeded(database);
        let held = kept.held();

        drop(open(&kept.database.url));

        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn a_directory_of_a_newer_version_is_refused_in_a_sentence(database: Database) {
        let kept = Kept::seeded(database);
        let newer = "INSERT INTO __diesel_schema_migrations (version, run_on) \
                     VALUES ('20991231000000', '2099-12-31 00:00:00') RETURNING version AS cell";
        kept.texts(newer);
        let held = kept.held();

        let refused = Store::open(&kept.database.url.parse::<DatabaseAddress>().unwrap(), 2);

        let said = refused.err().map(|error| error.to_string());
        assert_eq!(
            said.as_deref(),
            Some(
                "the database is not safe to write to: the database was made by a newer version \
                 of peer-directory; use that version"
            )
        );
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn servers_that_start_at_once_share_one_set_of_tables(database: Database) {
        for round in 0..5 {
            let fresh = TestDatabase::new(database);
            let address: DatabaseAddress = fresh.url.parse().unwrap();

            let opened: Vec<Result<(), StoreError>> = thread::scope(|scope| {
                let starts: Vec<_> =
                    (0..6).map(|_| scope.spawn(|| Store::open(&address, 2).map(drop))).collect();
                starts.into_iter().map(|start| start.join().unwrap()).collect()
            });

            for opened in opened {
                assert!(opened.is_ok(), "round {round}: {opened:?}");
            }
            assert_eq!(open(&fresh.url).sequence().unwrap(), 0);
        }
    }
}

#[test]
fn a_node_waits_for_the_migration_of_another_however_long_it_takes() {
    // A database of its own: the lock is one for each, and other tests start servers as well.
    let database = TestDatabase::new(Database::Postgres);
    let mut server = PgConnection::establish(&database.url).unwrap();
    let name = format!("test_migrating_{}", std::process::id());
    server.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let mut url = url::Url::parse(&database.url).unwrap();
    url.set_path(&name);
    url.set_query(None);
    let address: DatabaseAddress = url.as_str().parse().unwrap();
    let mut migrating = PgConnection::establish(url.as_str()).unwrap();
    let lock = 0x7065_6572_6469_7200_i64;
    migrating.batch_execute(&format!("SELECT pg_advisory_lock({lock})")).unwrap();
    // What a writer would wait, and some more.
    let migration = Duration::from_millis(10_500);

    let begun = Instant::now();
    let opened = thread::scope(|scope| {
        let starting = scope.spawn(|| Store::open(&address, 2).map(drop));
        thread::sleep(migration);
        migrating.batch_execute(&format!("SELECT pg_advisory_unlock({lock})")).unwrap();
        starting.join().unwrap()
    });
    let waited = begun.elapsed();
    drop(migrating);
    server.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();

    assert!(opened.is_ok(), "{opened:?}");
    assert!(waited >= migration, "{waited:?}");
}

#[test]
fn an_address_that_means_no_database_is_refused_and_makes_no_file() {
    for typo in ["postgre://localhost/peers", "peers.db", "sqlite:peers.db", "sqlite://", ""] {
        assert!(typo.parse::<DatabaseAddress>().is_err(), "{typo}");
    }
}
