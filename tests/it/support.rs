//! A running server with a database of its own, in SQLite and in PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::Parser as _;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use peer_directory::app;
use peer_directory::config::Cli;
use reqwest::Method;
use serde_json::Value;
use tempfile::TempDir;

/// Which of the two databases a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A database of one test's own; gone when the test ends.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    schema: Option<String>,
    _dir: TempDir,
}

impl TestDatabase {
    pub(crate) fn new(database: Database) -> Self {
        let dir = TempDir::new().unwrap();
        match database {
            Database::Sqlite => {
                let url = format!("sqlite://{}", dir.path().join("test.db").display());
                Self { url, schema: None, _dir: dir }
            }
            Database::Postgres => {
                static COUNT: AtomicU32 = AtomicU32::new(0);
                let number = COUNT.fetch_add(1, Ordering::Relaxed);
                let schema = format!("test_{}_{number}", std::process::id());
                let mut server = PgConnection::establish(&server_url()).unwrap();
                server.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
                let url = server_url();
                let and = if url.contains('?') { '&' } else { '?' };
                let url = format!("{url}{and}options=-csearch_path%3D{schema}");
                Self { url, schema: Some(schema), _dir: dir }
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema
            && let Ok(mut server) = PgConnection::establish(&server_url())
        {
            let dropped = server.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"));
            drop(dropped);
        }
    }
}

fn server_url() -> String {
    std::env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL names the PostgreSQL to test with: run tests/run, which starts one",
    )
}

/// How many times the usual number of generated cases to try: `tests/run --long` says more.
pub(crate) fn cases(usual: usize) -> usize {
    let times =
        std::env::var("PEER_DIRECTORY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    usual * times
}

/// Declares a test that runs on both databases, as `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn run($database: $crate::support::Database) $body

            #[actix_web::test]
            async fn sqlite() {
                run($crate::support::Database::Sqlite).await;
            }

            #[actix_web::test]
            async fn postgres() {
                run($crate::support::Database::Postgres).await;
            }
        }
    };
}
pub(crate) use on_both;

/// A running server with a database of its own.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) catalog: peer_directory::catalog::Catalog,
    pub(crate) refresh: peer_directory::jobs::Refresh,
    server: actix_web::dev::ServerHandle,
    pub(crate) database: TestDatabase,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The body, when it is JSON; else null.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The names of the programs in a list.
    pub(crate) fn names(&self) -> Vec<&str> {
        let data = self.body["data"].as_array().unwrap_or_else(|| panic!("no list: {}", self.body));
        data.iter().map(|program| program["name"].as_str().unwrap()).collect()
    }
}

impl TestApp {
    /// Starts a directory with the seed.
    pub(crate) async fn seeded(database: Database) -> Self {
        Self::start(database, &[])
    }

    /// Starts an empty directory that knows the seed's terms.
    pub(crate) async fn empty(database: Database) -> Self {
        let app = Self::start(database, &["--no-seed"]);
        app.catalog.put_vocabulary(&peer_directory::jobs::seed_vocabulary().unwrap()).unwrap();
        app
    }

    pub(crate) fn start(database: Database, more: &[&str]) -> Self {
        let database = TestDatabase::new(database);
        let args = ["peer-directory", "--listen", "127.0.0.1:0", "--workers", "2"];
        // All tests come from one address.
        let unlimited = ["--rate-limit", "0", "--database-url", database.url.as_str()];
        let unlimited = if more.contains(&"--rate-limit") { &unlimited[2..] } else { &unlimited };
        let cli = Cli::parse_from(
            args.into_iter().chain(unlimited.iter().copied()).chain(more.iter().copied()),
        );
        let server = app::start(&cli.place, &cli.serve).unwrap();
        let app = Self {
            url: format!("http://{}", server.listens),
            client: client(),
            catalog: server.catalog.clone(),
            refresh: server.refresh.clone(),
            server: server.handle(),
            database,
        };
        actix_web::rt::spawn(server.until_stopped());
        app
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.client.request(Method::GET, format!("{}{path}", self.url))).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.client.post(format!("{}{path}", self.url));
        self.send(
            request
                .header("content-type", "application/json")
                .body(serde_json::to_vec(body).unwrap()),
        )
        .await
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        assert_ne!(status, 500, "no request may be answered so");
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, bytes, body }
    }

    /// Brings the search up to date now.
    pub(crate) fn refresh(&self) {
        self.refresh.run().unwrap();
    }

    pub(crate) async fn stop(self) {
        self.server.stop(true).await;
    }
}

fn client() -> reqwest::Client {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}

/// Compares a generated file with the one that is checked in; `BLESS=1` writes it instead.
pub(crate) fn check_file(path: &str, current: &str) {
    let file = std::path::Path::new(path);
    if std::env::var("BLESS").is_ok() {
        std::fs::write(file, current).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        written == current,
        "{path} is not what the program says now: run `BLESS=1 cargo test` and look at the difference"
    );
}
