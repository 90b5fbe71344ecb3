//! A directory without a server: the catalog on a database of its own, and what its tables hold.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Text as SqlText;
use peer_directory::catalog::{Catalog, Directory, Draft};
use peer_directory::domain::{Authorship, Listing, PublicOrganization};
use peer_directory::jobs;
use peer_directory::store::{AnyConnection, DatabaseAddress, Store};
use serde_json::{Value, json};

use crate::support::{Database, TestDatabase};

/// What the public sees.
#[derive(Debug)]
pub(crate) struct Public {
    pub(crate) directory: Directory,
    pub(crate) organizations: Vec<PublicOrganization>,
    /// By identity.
    pub(crate) listings: Vec<Listing>,
}

/// A catalog that knows the seed's terms, on a database of its own.
pub(crate) struct Kept {
    pub(crate) catalog: Catalog,
    pub(crate) store: Store,
    // Last, so that the connections are closed when it goes.
    pub(crate) database: TestDatabase,
}

impl Kept {
    /// An empty directory that knows the seed's terms.
    pub(crate) fn empty(database: Database) -> Self {
        let kept = Self::bare(database);
        kept.catalog.put_vocabulary(&jobs::seed_vocabulary().unwrap()).unwrap();
        kept
    }

    /// A directory without even terms.
    pub(crate) fn bare(database: Database) -> Self {
        let database = TestDatabase::new(database);
        let store = open(&database.url);
        Self { catalog: Catalog::new(store.clone()), store, database }
    }

    /// A directory with the seed.
    pub(crate) fn seeded(database: Database) -> Self {
        let kept = Self::empty(database);
        let records = jobs::seed_records().unwrap();
        let report =
            kept.catalog.import(&jobs::seed_source().unwrap(), &records, |_done| {}).unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        kept
    }

    /// What the public sees.
    pub(crate) fn public(&self) -> Public {
        let begin = |directory| (directory, Vec::new());
        let (_sequence, besides, (directory, mut listings)) = self
            .catalog
            .read_public(begin, |(_, listings), listing| listings.push(listing))
            .unwrap();
        listings.sort_by_key(|listing: &Listing| listing.program.id);
        Public { directory, organizations: besides.organizations, listings }
    }

    /// The programs that the public sees.
    pub(crate) fn listings(&self) -> Vec<Listing> {
        self.public().listings
    }

    /// The program of this identity as the public sees it.
    pub(crate) fn listing(&self, id: &str) -> Listing {
        let found = self.listings().into_iter().find(|l| l.program.id.to_string() == id);
        found.unwrap_or_else(|| panic!("{id} is not public"))
    }

    /// How many rows each table has, and how far the counters are.
    pub(crate) fn held(&self) -> BTreeMap<&'static str, i64> {
        let mut held: BTreeMap<&'static str, i64> = TABLES
            .into_iter()
            .map(|table| (table, self.number(&format!("SELECT count(*) FROM {table}"))))
            .collect();
        held.insert("sequence", self.number("SELECT sequence FROM directory"));
        held.insert("revision", self.number("SELECT revision FROM directory"));
        held
    }

    /// The one number that a query gives.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.texts(&format!("SELECT CAST(({sql}) AS TEXT) AS cell"))[0].parse().unwrap()
    }

    /// The column `cell` of what a query gives.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        self.store.read(|conn| Ok(texts(conn, sql))).unwrap()
    }

    /// Adds an entry and publishes it.
    pub(crate) fn publish(&self, draft: &Draft) -> String {
        let id = self.catalog.create(draft, &by("robin")).unwrap();
        self.catalog.publish(&id, 1).unwrap();
        id
    }
}

/// Every table of the directory.
pub(crate) const TABLES: [&str; 11] = [
    "directory",
    "sources",
    "batches",
    "revisions",
    "entities",
    "changes",
    "mentions",
    "assessments",
    "terms",
    "guidance",
    "crisis_lines",
];

pub(crate) fn open(url: &str) -> Store {
    Store::open(&url.parse::<DatabaseAddress>().unwrap(), 12).unwrap()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlText)]
    cell: String,
}

/// The column `cell` of what a query gives.
pub(crate) fn texts(conn: &mut AnyConnection, sql: &str) -> Vec<String> {
    let query = diesel::sql_query(sql);
    let rows: QueryResult<Vec<Row>> = match conn {
        AnyConnection::Postgres(conn) => query.load(conn),
        AnyConnection::Sqlite(conn) => query.load(conn),
    };
    rows.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter().map(|row| row.cell).collect()
}

/// Does what a statement says.
pub(crate) fn execute(conn: &mut AnyConnection, sql: &str) -> usize {
    let query = diesel::sql_query(sql);
    let done = match conn {
        AnyConnection::Postgres(conn) => query.execute(conn),
        AnyConnection::Sqlite(conn) => query.execute(conn),
    };
    done.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// A curator.
pub(crate) fn by(name: &str) -> Authorship {
    Authorship { by: name.to_owned(), reason: None, batch: None }
}

pub(crate) fn organization(name: &str) -> Draft {
    Draft::Organization(serde_json::from_value(json!({ "name": name })).unwrap())
}

pub(crate) fn location(name: &str) -> Draft {
    let draft = json!({
        "name": name,
        "address": { "street": "12 Elm St", "city": "Rivertown", "country": "US" },
        "position": { "latitude": 41.93, "longitude": -71.05 },
        "precision": "exact",
    });
    Draft::Location(serde_json::from_value(draft).unwrap())
}

/// An online program; `more` adds fields or replaces them.
pub(crate) fn program(name: &str, organization: &str, more: &Value) -> Draft {
    let mut draft = json!({
        "name": name,
        "organization_id": organization,
        "kinds": ["online"],
        "form": "support_group",
        "topics": ["grief"],
        "coverage": { "worldwide": true },
    });
    for (field, value) in more.as_object().unwrap() {
        draft[field] = value.clone();
    }
    Draft::Program(Box::new(serde_json::from_value(draft).unwrap()))
}

/// A weekly meeting at a place.
pub(crate) fn meets_at(location: &str) -> Value {
    json!({
        "kinds": ["local_group"],
        "sessions": [
            { "attendance": "in_person", "location": location, "schedule_note": "Weekly" }
        ],
    })
}
