//! How soon an edit is found, and what searches feel of an import: a whole server on a database of generated
//! programs.
//!
//! `cargo bench --bench live` on 250,000 programs, which takes some minutes to fill; `PROGRAMS=100000` for
//! fewer, `DATA_DIR=folder` for a folder that `peer-directory generate` has filled before (it is changed).
//! `SHARE=0.1` searches a tenth as often as can be answered, and not half as often. It prints how long after
//! the commit each of some edits is found by its new name, without other searches and beside them; and the
//! latencies of searches while 50,000 programs are imported.
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

#[path = "support/questions.rs"]
#[expect(dead_code, reason = "it asks only the mixture")]
mod questions;
#[path = "support/wire.rs"]
#[expect(dead_code, reason = "it serves itself what it measures elsewhere")]
mod wire;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use clap::Parser as _;
use peer_directory::app;
use peer_directory::catalog::{Catalog, Draft};
use peer_directory::config::Cli;
use peer_directory::domain::Authorship;
use serde_json::json;

use self::wire::{load, resident_kb};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EDITS: usize = 40;
const IMPORTED: &str = "50000";
const QUERIES: usize = 10_000;

fn main() -> anyhow::Result<()> {
    let programs = std::env::var("PROGRAMS").unwrap_or_else(|_| "250000".to_owned());
    let temporary = tempfile::tempdir()?;
    let filled = std::env::var("DATA_DIR");
    let folder = filled.clone().unwrap_or_else(|_| temporary.path().display().to_string());
    if filled.is_err() {
        std::thread::scope(|scope| {
            scope.spawn(|| generate(&folder, &programs, "1")).join().expect("it is filled")
        })?;
    }
    let (at, catalog) = serve(&folder);
    println!("the process holds {} MB", resident_kb() / 1_024);
    let paths: Vec<String> = questions::mixed(QUERIES).into_iter().map(|(_, path)| path).collect();
    let highest = load(at, &paths, None).throughput;
    println!("searches: {highest:.0} a second at the most");

    let program = Edited::publish(&catalog)?;
    tell("edits, nothing else", program.edit_and_find(&catalog, at, 0)?);
    let share = std::env::var("SHARE").ok().and_then(|share| share.parse().ok()).unwrap_or(0.5);
    let rate = Some(highest * share);
    let beside = std::thread::scope(|scope| {
        let searches = scope.spawn(|| load(at, &paths, rate));
        let found = program.edit_and_find(&catalog, at, EDITS);
        let searches = searches.join().expect("the load ends");
        println!("searches beside the edits: p50 {:?}, p99 {:?}", searches.p50, searches.p99);
        found
    })?;
    tell(&format!("edits beside searches at {share} of that"), beside);

    let another = jiff::Timestamp::now().as_second().to_string();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let import = scope.spawn(|| generate(&folder, IMPORTED, &another));
        while !import.is_finished() {
            let found = load(at, &paths, rate);
            let (p50, p99, longest) = (found.p50, found.p99, found.longest);
            println!("searches beside the import: p50 {p50:?}, p99 {p99:?}, longest {longest:?}");
        }
        import.join().expect("the import ends")
    })?;
    println!("{IMPORTED} programs and the searches took {:.0} s", begun.elapsed().as_secs_f64());
    println!("the process holds {} MB", resident_kb() / 1_024);
    std::process::exit(0);
}

/// Serves the folder; returns where, when it is ready.
fn serve(folder: &str) -> (SocketAddr, Catalog) {
    let place = ["--data-dir", folder, "--listen", "127.0.0.1:0", "--workers", "2"];
    let more = ["--rate-limit", "0", "--no-seed"];
    let cli = Cli::parse_from(["peer-directory"].into_iter().chain(place).chain(more));
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = app::start(&cli.place, &cli.serve).expect("the server starts");
            tell.send((server.listens, server.catalog.clone())).expect("somebody waits");
            server.until_stopped().await.expect("the server runs");
        });
    });
    let (at, catalog) = told.recv().expect("the server starts");
    while get(at, "/readyz").is_none() {
        std::thread::sleep(Duration::from_millis(50));
    }
    (at, catalog)
}

/// A program that is edited again and again.
struct Edited {
    organization: String,
    id: String,
}

impl Edited {
    fn publish(catalog: &Catalog) -> anyhow::Result<Self> {
        let organization = json!({ "name": "Zinnia Quorum" });
        let organization = Draft::Organization(serde_json::from_value(organization)?);
        let organization = catalog.create(&organization, &by())?;
        catalog.publish(&organization, 1)?;
        let id = catalog.create(&Self::named("Before any edit", &organization)?, &by())?;
        catalog.publish(&id, 1)?;
        Ok(Self { organization, id })
    }

    fn named(name: &str, organization: &str) -> anyhow::Result<Draft> {
        let fields = json!({
            "name": name, "organization_id": organization, "kinds": ["online"], "form": "support_group",
            "topics": ["grief"], "coverage": { "worldwide": true },
            "sessions": [{ "attendance": "online" }],
        });
        Ok(Draft::Program(Box::new(serde_json::from_value(fields)?)))
    }

    /// How long after its commit each edit was found.
    fn edit_and_find(
        &self,
        catalog: &Catalog,
        at: SocketAddr,
        edited: usize,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut times = Vec::new();
        for edit in edited..edited + EDITS {
            let name = format!("Zinnia edit {edit}x");
            let revision = i32::try_from(edit)? + 1;
            catalog.revise(&self.id, revision, &Self::named(&name, &self.organization)?, &by())?;
            catalog.publish(&self.id, revision + 1)?;
            let committed = Instant::now();
            let search = format!("/v1/programs?q=%22zinnia%20edit%20{edit}x%22&limit=1");
            while !get(at, &search).is_some_and(|answer| answer.contains(&name)) {
                std::thread::sleep(Duration::from_millis(1));
            }
            times.push(committed.elapsed());
        }
        Ok(times)
    }
}

fn by() -> Authorship {
    Authorship { by: "bench".to_owned(), reason: None, batch: None }
}

/// Adds made-up programs to a folder, as the command does. The thread gives way from then on.
fn generate(folder: &str, programs: &str, seed: &str) -> anyhow::Result<()> {
    let command = ["peer-directory", "generate", "--data-dir", folder];
    let what = ["--programs", programs, "--seed", seed];
    app::run(Cli::parse_from(command.into_iter().chain(what)))
}

fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let (middle, longest) = (times[times.len() / 2], times[times.len() - 1]);
    println!("{what}: found after {middle:?} (median of {}), {longest:?} at the most", times.len());
}

/// What is answered with 200.
fn get(at: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(at).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 200").then_some(answer)
}
