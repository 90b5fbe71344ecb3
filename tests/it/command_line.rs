//! The program as a process: its help, its messages, its log, and how it ends.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

use serde_json::json;
use tempfile::TempDir;

use crate::raw_http;
use crate::support::{TestApp, TestDatabase, on_both};

/// A feed with four programs.
const FEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/csv/programs.csv");

#[test]
fn help_names_every_environment_variable() {
    let dir = TempDir::new().unwrap();

    let help = program(&dir).arg("--help").output().unwrap();

    let help = String::from_utf8(help.stdout).unwrap();
    for name in [
        "PEER_DIRECTORY_DATA_DIR",
        "PEER_DIRECTORY_DATABASE_URL",
        "PEER_DIRECTORY_DATABASE_CONNECTIONS",
        "PEER_DIRECTORY_LISTEN",
        "PEER_DIRECTORY_WORKERS",
        "PEER_DIRECTORY_NO_SEED",
        "PEER_DIRECTORY_LOG",
        "PEER_DIRECTORY_LOG_FORMAT",
    ] {
        let word = |c: char| c.is_ascii_uppercase() || c == '_';
        let named = help.split(|c| !word(c)).any(|found| found == name);
        assert!(named, "{name} is not in the help:\n{help}");
    }
}

#[test]
fn help_never_shows_a_password() {
    let dir = TempDir::new().unwrap();
    let url = "postgres://me:hunter2@db.example/peers";

    let help =
        program(&dir).env("PEER_DIRECTORY_DATABASE_URL", url).arg("--help").output().unwrap();

    assert!(!said(&help).contains("hunter2"));
}

#[test]
fn a_database_that_is_meant_otherwise_is_an_error_and_not_a_new_file() {
    for url in [
        "postgres:x",
        "mysql://localhost/peers",
        "peers.db",
        "sqlite:peers.db",
        "sqlite://",
        "postgres://",
        "",
    ] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).args(["--database-url", url]).output().unwrap();

        assert_eq!(refused.status.code(), Some(1), "{url}");
        assert_eq!(
            said(&refused),
            "peer-directory: the database address must be sqlite://PATH or postgres://USER@HOST/DATABASE\n"
        );
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn a_database_that_does_not_answer_is_one_line_without_the_password() {
    let dir = TempDir::new().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://me:hunter2@{nobody}/peers");

    let refused = program(&dir).args(["--database-url", &url]).output().unwrap();

    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_log_setting_that_means_nothing_is_one_line_and_not_a_silent_log() {
    for (variable, value, line) in [
        ("PEER_DIRECTORY_LOG", "inof", "PEER_DIRECTORY_LOG: `inof` is not a level: expected off, "),
        (
            "PEER_DIRECTORY_LOG",
            "peer_directory=loud",
            "PEER_DIRECTORY_LOG: `peer_directory=loud` is not a filter",
        ),
        ("PEER_DIRECTORY_LOG_FORMAT", "jsn", "PEER_DIRECTORY_LOG_FORMAT: `jsn` is not known: "),
    ] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).env(variable, value).arg("openapi").output().unwrap();

        assert_eq!(refused.status.code(), Some(2), "{value}");
        let text = said(&refused);
        assert!(text.starts_with(&format!("peer-directory: {line}")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let dir = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let refused = program(&dir)
        .env("PEER_DIRECTORY_LOG", "off")
        .args(["--listen", &address])
        .output()
        .unwrap();

    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert_eq!(
        text,
        format!(
            "peer-directory: cannot listen on {address}: the address is in use; --listen chooses another\n"
        )
    );
    let written = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(written, 0, "nothing is written for a server that cannot serve");
}

on_both! {
    async fn a_feed_that_is_not_there_is_one_line(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        let refused = import(&dir, &database, "nothing.csv", &[]);

        assert_eq!(refused.status.code(), Some(1));
        assert_eq!(said(&refused), "peer-directory: cannot read nothing.csv: No such file or directory (os error 2)\n");
    }
}

on_both! {
    async fn a_topic_that_no_list_has_is_told_before_a_row_is_read(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        for more in [&["--topic", "grief", "--topic", "depresion"][..], &["--topic", "depresion", "--dry-run"]] {
            let refused = import(&dir, &database, FEED, more);

            assert_eq!(refused.status.code(), Some(1));
            assert_eq!(
                said(&refused),
                "peer-directory: --topic: there is no topic `depresion`; did you mean `depression`?\n"
            );
        }
        let known = import(&dir, &database, FEED, &["--topic", "depression"]);
        assert_eq!(known.status.code(), Some(0), "{}", said(&known));
    }
}

on_both! {
    async fn a_dry_run_tells_what_an_import_would_do_and_writes_nothing(database: Database) {
        let app = TestApp::seeded(database).await;
        let dir = TempDir::new().unwrap();
        let before = contents(&app).await;

        let tried = import(&dir, &app.database, FEED, &["--dry-run"]);

        assert_eq!(tried.status.code(), Some(0), "{}", said(&tried));
        let text = said(&tried);
        assert!(text.contains("Tuesday Grief Circle"), "{text}");
        let sums = "5 rows: 4 programs with 4 sessions\n\
                    would add 4, change 0, leave 0 as they are, keep 0 corrections, refuse 0\n\
                    nothing was written: this was a dry run\n";
        assert!(text.ends_with(sums), "{text}");
        app.refresh();
        assert_eq!(contents(&app).await, before);
        app.stop().await;
    }
}

on_both! {
    async fn listings_that_do_not_say_whom_they_are_for_are_for_whom_the_import_says(database: Database) {
        let app = TestApp::empty(database).await;
        let dir = TempDir::new().unwrap();
        let found = async |whom: &str| {
            let found = app.get(&format!("/v1/programs?for={whom}")).await;
            found.body["page"]["total"].as_u64().unwrap()
        };

        let done = import(&dir, &app.database, FEED, &["--for", "someone_i_support"]);
        app.refresh();

        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        assert_eq!((found("self").await, found("someone_i_support").await), (2, 3));
        let both = ["--for", "someone_i_support", "--for", "self"];
        assert_eq!(import(&dir, &app.database, FEED, &both).status.code(), Some(0));
        app.refresh();
        assert_eq!((found("self").await, found("someone_i_support").await), (4, 3));
        assert_eq!(import(&dir, &app.database, FEED, &["--for", "us"]).status.code(), Some(2));
        app.stop().await;
    }
}

on_both! {
    async fn a_dry_run_into_an_empty_directory_leaves_it_empty(database: Database) {
        let database = TestDatabase::new(database);
        let dir = TempDir::new().unwrap();

        let tried = import(&dir, &database, FEED, &["--dry-run"]);

        assert_eq!(tried.status.code(), Some(0), "{}", said(&tried));
        let server = Running::start(&database, "off", &["--no-seed"]);
        let terms = raw_http::ask(&server.url, "GET", "/v1/taxonomies", &[]).await;
        let about = raw_http::ask(&server.url, "GET", "/v1/about", &[]).await;
        server.end("TERM");
        assert_eq!(about.body["sources"], json!([]));
        assert_eq!(terms.body, json!({"data": {}}));
    }
}

on_both! {
    async fn importing_again_changes_nothing(database: Database) {
        let app = TestApp::seeded(database).await;
        let dir = TempDir::new().unwrap();
        let before = app.get("/v1/about").await.body["programs"].as_u64().unwrap();

        let first = import(&dir, &app.database, FEED, &["--may-republish"]);
        app.refresh();
        let after_first = contents(&app).await;
        let programs = app.get("/v1/about").await.body["programs"].as_u64().unwrap();
        let second = import(&dir, &app.database, FEED, &["--may-republish"]);
        app.refresh();

        assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)), "{}", said(&first));
        assert_eq!(programs, before + 4);
        assert!(said(&second).contains("added 0, changed 0, left as they are 4"), "{}", said(&second));
        assert_eq!(contents(&app).await, after_first);
        app.stop().await;
    }
}

on_both! {
    async fn no_log_holds_anything_that_a_person_sent(database: Database) {
        let database = TestDatabase::new(database);
        let server = Running::start(&database, "trace", &[]);
        let canary = "zebrafinch";

        for request in canaries(canary) {
            raw_http::exchange(&server.url, &request).await;
        }
        let (code, said) = server.end("TERM");

        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("/v1/programs"), "the log tells nothing at all: {said}");
        let lower = said.to_lowercase();
        let told: Vec<&str> = lower
            .lines()
            .filter(|line| line.contains(canary) || line.contains("48.8765") || line.contains("198.51.100.7"))
            .collect();
        assert!(told.is_empty(), "{told:#?}");
    }
}

on_both! {
    async fn what_is_no_request_is_no_error_of_the_server(database: Database) {
        let database = TestDatabase::new(database);
        let server = Running::start(&database, "warn", &[]);

        let long = format!("GET /v1/programs?q={} HTTP/1.1\r\n\r\n", "a".repeat(70_000));
        for request in [long.as_bytes(), b"\x16\x03\x01\r\n\r\n"] {
            assert_eq!(raw_http::exchange(&server.url, request).await.status, 400);
        }
        let (_, said) = server.end("TERM");

        assert!(said.ends_with("Stop it with Ctrl-C.\n"), "{said}");
    }
}

on_both! {
    async fn the_log_tells_method_route_status_time_and_id_of_a_request(database: Database) {
        let database = TestDatabase::new(database);
        let server = Running::start(&database, "peer_directory=debug", &[]);

        let answer = raw_http::ask(&server.url, "GET", "/v1/programs/zebrafinch", &[]).await;
        let (_, said) = server.end("TERM");

        let line = said.lines().find(|line| line.contains(answer.header("x-request-id"))).expect(&said);
        for part in ["GET", "/v1/programs/{id}", "404", "elapsed_us"] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(!line.contains('\u{1b}'), "colors are for terminals: {line:?}");
    }
}

on_both! {
    async fn a_signal_stops_it_cleanly_after_the_running_request(database: Database) {
        for signal in ["TERM", "INT"] {
            let database = TestDatabase::new(database);
            let server = Running::start(&database, "info", &[]);
            let mut running = raw_http::connect(&server.url);
            let headers =
                [("Content-Type", "application/json"), ("Content-Length", "14"), ("Expect", "100-continue")];
            running.write_all(raw_http::head("POST", "/v1/programs/search", &headers).as_bytes()).unwrap();
            let mut begun = [0; 25];
            running.read_exact(&mut begun).unwrap();
            assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");

            server.signal(signal);
            // It takes no new requests once it has the signal.
            while std::net::TcpStream::connect(server.url.trim_start_matches("http://")).is_ok() {
                std::thread::yield_now();
            }
            running.write_all(br#"{"limit":   1}"#).unwrap();
            let answer = raw_http::finish(running);
            let (code, said) = server.ended();

            assert_eq!(answer.status, 200, "{signal}");
            assert_eq!(answer.body["page"]["limit"], 1, "{signal}");
            assert_eq!(code, Some(0), "{signal}: {said}");
        }
    }
}

on_both! {
    async fn it_says_where_it_listens_and_how_to_stop_it(database: Database) {
        let database = TestDatabase::new(database);
        let server = Running::start(&database, "off", &[]);
        let url = server.url.clone();

        let docs = raw_http::ask(&url, "GET", "/docs/", &[]).await;
        let (_, said) = server.end("INT");

        assert_eq!(docs.status, 200);
        assert_eq!(
            said,
            format!(
                "Peer Directory is ready.\n  API            {url}/v1/programs\n  documentation  {url}/docs/\n  \
                 try            curl '{url}/v1/programs?near=Portland,OR&topic=depression'\n\
                 Stop it with Ctrl-C.\n"
            )
        );
    }
}

/// Requests that carry a word, a position and an address wherever a request can carry anything.
fn canaries(word: &str) -> Vec<Vec<u8>> {
    let about = [
        ("User-Agent", word),
        ("Referer", "https://zebrafinch.example/"),
        ("X-Forwarded-For", "198.51.100.7"),
        ("Forwarded", "for=198.51.100.7"),
        ("Cookie", "zebrafinch=1"),
        ("Authorization", "Bearer zebrafinch"),
        ("X-Request-Id", word),
        ("If-None-Match", "\"zebrafinch\""),
        ("Origin", "https://zebrafinch.example"),
        ("Accept-Encoding", word),
    ];
    let mut requests: Vec<Vec<u8>> = [
        ("GET", "/v1/programs?q=zebrafinch"),
        ("GET", "/v1/programs?near=zebrafinch"),
        ("GET", "/v1/programs?near=48.8765,2.3456"),
        ("GET", "/v1/programs?zebrafinch=1"),
        ("GET", "/v1/programs?q=zebrafinch%ff"),
        ("GET", "/v1/programs?cursor=zebrafinch"),
        ("GET", "/v1/programs/zebrafinch"),
        ("GET", "/v1/programs/zebrafinch%ff%00"),
        ("GET", "/v1/organizations/zebrafinch"),
        ("GET", "/v1/organizations?q=zebrafinch"),
        ("GET", "/v1/places?q=zebrafinch"),
        ("GET", "/v1/crisis?country=zebrafinch"),
        ("GET", "/v1/taxonomies?lang=zebrafinch"),
        ("GET", "/docs/zebrafinch"),
        ("GET", "/zebrafinch"),
        ("HEAD", "/v1/programs?q=zebrafinch"),
        ("DELETE", "/v1/programs?q=zebrafinch"),
        ("OPTIONS", "/v1/programs?q=zebrafinch"),
        ("ZEBRAFINCH", "/v1/programs"),
        ("GET", "http://zebrafinch.example/v1/programs"),
    ]
    .map(|(method, target)| raw_http::head(method, target, &about).into_bytes())
    .into();
    let posted = |kind: &str, body: &str| {
        let length = body.len().to_string();
        let headers =
            [about.as_slice(), &[("Content-Type", kind), ("Content-Length", &length)]].concat();
        let mut request = raw_http::head("POST", "/v1/programs/search", &headers).into_bytes();
        request.extend_from_slice(body.as_bytes());
        request
    };
    let long = json!({"q": word.repeat(10_000)}).to_string();
    requests.extend([
        posted("application/json", r#"{"q": "zebrafinch"}"#),
        posted("application/json", r#"{"near": "48.8765,2.3456", "topic": ["zebrafinch"]}"#),
        posted("application/json", r#"{"zebrafinch": {"a": 1}}"#),
        posted("application/json", r#"{"q": zebrafinch"#),
        posted("application/json", &long),
        posted("zebrafinch/json", "zebrafinch"),
    ]);
    // What the parser of HTTP itself refuses.
    for odd in [
        "Content-Length: zebrafinch",
        "Content-Length: 1\r\nContent-Length: zebrafinch",
        "Transfer-Encoding: zebrafinch",
        "Transfer-Encoding: chunked, zebrafinch",
        "Zebra\u{1}finch: 1",
        "zebrafinch",
        "Expect: zebrafinch",
        "Upgrade: zebrafinch\r\nConnection: upgrade",
    ] {
        requests.push(
            format!("POST /zebrafinch HTTP/1.1\r\nConnection: close\r\n{odd}\r\n\r\n").into_bytes(),
        );
    }
    requests.push(b"GET /zebrafinch zebrafinch HTTP/1.1\r\n\r\n".to_vec());
    requests.push(b"zebrafinch\r\n\r\n".to_vec());
    requests
        .push([b"GET /".as_slice(), &b"zebrafinch".repeat(20_000), b" HTTP/1.1\r\n\r\n"].concat());
    requests
}

/// A program that has not begun, without the settings of whoever runs the tests.
fn program(dir: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer-directory"));
    command.current_dir(dir.path()).env_clear().stdin(Stdio::null());
    command
}

fn import(
    dir: &TempDir,
    database: &TestDatabase,
    feed: impl AsRef<OsStr>,
    more: &[&str],
) -> Output {
    let mut command = program(dir);
    command.args(["import", "csv"]).arg(feed).args([
        "--source",
        "mine",
        "--database-url",
        &database.url,
    ]);
    command.args(more).output().unwrap()
}

/// What a program said, on both channels.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

/// All that a directory tells, with the number of its newest change.
async fn contents(app: &TestApp) -> (String, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        app.get("/v1/about").await.body.to_string(),
        text(app.get("/v1/export/programs.ndjson").await.bytes),
        app.get("/v1/taxonomies").await.body.to_string(),
    )
}

/// A process that goes when the test fails.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already when all went well.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// A server in a process of its own.
struct Running {
    url: String,
    process: Process,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    _dir: TempDir,
}

impl Running {
    fn start(database: &TestDatabase, log: &str, more: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let child = program(&dir)
            .env("PEER_DIRECTORY_LOG", log)
            .args(["--listen", "127.0.0.1:0", "--workers", "2", "--database-url", &database.url])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut process = Process(child);
        let mut stderr = process.0.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut stdout = BufReader::new(process.0.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Ctrl-C") {
            if stdout.read_line(&mut greeting).unwrap() == 0 {
                let _ended = process.0.wait();
                panic!("it did not start: {greeting}{}", stderr.join().unwrap());
            }
        }
        let (_, url) = greeting.split_once("http://").unwrap();
        let url = format!("http://{}", url.split('/').next().unwrap());
        let stdout = std::thread::spawn(move || {
            stdout.read_to_string(&mut greeting).unwrap();
            greeting
        });
        Self { url, process, stdout, stderr, _dir: dir }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args(["-s", signal, &self.process.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Its exit code and all that it said.
    fn ended(mut self) -> (Option<i32>, String) {
        let code = self.process.0.wait().unwrap().code();
        (code, self.stdout.join().unwrap() + &self.stderr.join().unwrap())
    }

    fn end(self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        self.ended()
    }
}
