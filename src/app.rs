//! Puts the parts together. The only module that knows them all.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use anyhow::Context as _;
use futures_util::future::join;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

use crate::catalog::{Catalog, Clock, ImportReport, Outcome};
use crate::config::{Cli, Command, Generate, Import, Place, ReportKind, Serve};
use crate::domain::{Record, Reject, SourceDraft, Taxonomy, Text};
use crate::gazetteer::Gazetteer;
use crate::generate::Generator;
use crate::http::{self, RateLimit};
use crate::interchange::Setting;
use crate::jobs::{self, DemoFolder, Forgetting, GazetteerPlaces, ListingPolicy, Refresh};
use crate::search::SearchIndex;
use crate::store::{DatabaseAddress, Store};

/// Does what the command line says.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    if !matches!(command, Command::Serve(_)) {
        // A server may be at work on the same machine.
        jobs::give_way();
    }
    match command {
        Command::Serve(serve) => actix_web::rt::System::new().block_on(async {
            let server = start(&cli.place, &serve)?;
            server.greet()?;
            server.until_stopped().await
        }),
        Command::Import(import) => run_import(&open(&cli.place)?, &import),
        Command::Seed(seed) => {
            let catalog = open(&cli.place)?;
            let records = jobs::seed_records()?;
            if seed.dry_run {
                let terms = jobs::seed_vocabulary()?.terms;
                let report = catalog.plan_import(jobs::SEED_SOURCE, &records, &terms)?;
                return print_report(&report, 0, true);
            }
            catalog.put_vocabulary(&jobs::seed_vocabulary()?)?;
            let report = import_with_bar(&catalog, &jobs::seed_source()?, &records)?;
            print_report(&report, 0, false)
        }
        Command::Generate(generate) => run_generate(&open(&cli.place)?, &generate),
        Command::Report(report) => {
            let catalog = open(&cli.place)?;
            let text = match report.about {
                ReportKind::Coverage => jobs::coverage_report(&catalog)?.to_string(),
                ReportKind::Queue => jobs::queue_report(&catalog)?.to_string(),
            };
            write!(std::io::stdout(), "{text}").context("cannot print")
        }
        Command::Openapi => {
            let document = http::openapi().to_pretty_json().context("the API document")?;
            writeln!(std::io::stdout(), "{document}").context("cannot print")
        }
    }
}

/// Opens the directory, making it when there is none.
pub fn open(place: &Place) -> anyhow::Result<Catalog> {
    let folder = place.data_dir.as_deref().unwrap_or(Path::new("peer-directory-data"));
    let address: DatabaseAddress = match &place.database_url {
        Some(url) => url.parse()?,
        None => DatabaseAddress::Sqlite(folder.join("peer-directory.db")),
    };
    let store = Store::open(&address, place.database_connections)?;
    Ok(Catalog::new(store))
}

/// A server that is listening.
pub struct Server {
    /// Where it listens.
    pub listens: SocketAddr,
    /// What changes the directory.
    pub catalog: Catalog,
    /// What brings the search up to date.
    pub refresh: Refresh,
    forgetting: Forgetting,
    running: actix_web::dev::Server,
    stopped: CancellationToken,
    /// What is gone with the server.
    _demo: Option<DemoFolder>,
}

/// Opens the directory, seeds an empty one, makes the first snapshot and listens.
///
/// The port is taken first, since nothing may be written when it is another's, and listened to last:
/// until there is something to answer, nobody waits for an answer.
pub fn start(place: &Place, serve: &Serve) -> anyhow::Result<Server> {
    let policy = serve.policy.as_deref().map(ListingPolicy::read).transpose()?.unwrap_or_default();
    let unusable = |error: std::io::Error| cannot_listen(serve.listen, &error);
    let port = take_port(serve.listen).map_err(unusable)?;
    // The gazetteer takes half a second: it loads beside the database.
    let gazetteer = std::thread::spawn(Gazetteer::shared);
    let demo = serve.demo.then(|| demo_folder(place)).transpose()?;
    let clock = if demo.is_some() { jobs::DEMO_CLOCK } else { Clock::Running };
    let catalog = match &demo {
        Some(folder) => {
            let place = Place { data_dir: Some(folder.path().to_owned()), ..place.clone() };
            let catalog = open(&place)?.by(clock);
            jobs::fill_with_demo(&catalog)?;
            catalog
        }
        None => open(place)?,
    };
    if !serve.no_seed && !serve.demo && catalog.is_empty_but_for(jobs::SEED_SOURCE)? {
        catalog.put_vocabulary(&jobs::seed_vocabulary()?)?;
        let report = catalog.import(&jobs::seed_source()?, &jobs::seed_records()?, |_done| {})?;
        tracing::info!(programs = report.count(Outcome::Added), "an empty directory was seeded");
        if let Some(Reject { field, reason, .. }) = report.refused.first() {
            anyhow::bail!("the seed has a listing that is not valid: {field}: {reason}");
        }
    }
    let index = SearchIndex::with(serve.weights);
    let refresh = Refresh { catalog: catalog.clone(), index: index.clone(), policy };
    refresh.run()?;
    let gazetteer =
        gazetteer.join().map_err(|_panicked| anyhow::anyhow!("the gazetteer cannot be read"))?;
    let gazetteer = Data::from(gazetteer);

    let limited = serve.rate_limit > 0 && !serve.demo;
    let limit = limited.then(|| RateLimit::new(serve.rate_limit, serve.trusted_proxies));
    let parts = http::Parts {
        index,
        gazetteer,
        catalog: Some(catalog.clone()),
        clock,
        limit: limit.map(Data::new),
    };

    let mut server = HttpServer::new(move || http::app(parts.clone()))
        .shutdown_timeout(20)
        .shutdown_signal(stop_asked())
        .client_request_timeout(std::time::Duration::from_secs(10))
        .keep_alive(std::time::Duration::from_secs(75));
    if let Some(workers) = serve.workers {
        server = server.workers(usize::from(workers));
    }
    let listener = port.listen(BACKLOG).and_then(TcpListener::into_std).map_err(unusable)?;
    let server = server.listen(listener).map_err(unusable)?;
    let listens = server.addrs().first().copied().unwrap_or(serve.listen);
    Ok(Server {
        listens,
        forgetting: Forgetting { catalog: catalog.clone(), days: serve.keep_changes },
        catalog,
        refresh,
        running: server.run(),
        stopped: CancellationToken::new(),
        _demo: demo,
    })
}

/// A folder for the demonstration, when nothing says where else the directory is.
fn demo_folder(place: &Place) -> anyhow::Result<DemoFolder> {
    let given = [
        (place.database_url.is_some(), "--database-url (PEER_DIRECTORY_DATABASE_URL)"),
        (place.data_dir.is_some(), "--data-dir (PEER_DIRECTORY_DATA_DIR)"),
    ];
    if let Some((_, name)) = given.iter().find(|(is_given, _)| *is_given) {
        anyhow::bail!(
            "--demo makes a database of its own, which is gone afterwards, so that it never touches \
             yours: leave out {name}"
        );
    }
    DemoFolder::new()
}

/// How many connections may wait to be taken.
const BACKLOG: u32 = 1_024;

/// Keeps a port for this process without listening yet.
fn take_port(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Elsewhere this would let two processes have one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let reason = match error.kind() {
        std::io::ErrorKind::AddrInUse => "the address is in use".to_owned(),
        _ => error.to_string(),
    };
    anyhow::anyhow!("cannot listen on {address}: {reason}; --listen chooses another")
}

impl Server {
    /// What stops the server from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.running.handle()
    }

    /// Says where everything is.
    fn greet(&self) -> anyhow::Result<()> {
        let at = self.listens;
        writeln!(
            std::io::stdout(),
            "Peer Directory is ready.\n  API            http://{at}/v1/programs\n  \
             documentation  http://{at}/docs/\n  \
             try            curl 'http://{at}/v1/programs?near=Portland,OR&topic=depression'\n\
             Stop it with Ctrl-C."
        )
        .context("cannot print")
    }

    /// Serves until somebody asks it to stop; then lets requests end.
    pub async fn until_stopped(self) -> anyhow::Result<()> {
        let refreshing = self.refresh.clone().keep_running(self.stopped.clone());
        let forgetting = self.forgetting.keep_running(self.stopped.clone());
        let jobs = jobs::patiently(async { _ = join(refreshing, forgetting).await })?;
        let ended = self.running.await;
        self.stopped.cancel();
        jobs.join().map_err(|_panic| anyhow::anyhow!("the jobs ended unexpectedly"))?;
        tracing::info!("stopped");
        ended.context("the server ended unexpectedly")
    }
}

/// Ends when the process is asked to stop, by Ctrl-C or by what manages services. On its own the server
/// lets running requests end after the latter only.
async fn stop_asked() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => drop(terminated.recv().await),
            Err(error) => {
                tracing::warn!(%error, "cannot listen for the signal to terminate");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => {
            if let Err(error) = interrupted {
                tracing::warn!(%error, "cannot listen for Ctrl-C");
                std::future::pending::<()>().await;
            }
        }
        () = terminated => {}
    }
}

fn bar(total: usize) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} programs, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn import_with_bar(
    catalog: &Catalog,
    source: &SourceDraft,
    records: &[Record],
) -> anyhow::Result<ImportReport> {
    let bar = bar(records.len());
    let report = catalog.import(source, records, |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    Ok(report)
}

fn run_import(catalog: &Catalog, import: &Import) -> anyhow::Result<()> {
    if import.source == jobs::SEED_SOURCE || import.source.starts_with("generated-") {
        anyhow::bail!(
            "--source: `{}` is the name of listings that the program makes itself: choose another",
            import.source
        );
    }
    let text = |text: &Option<String>| text.as_deref().map(Text::new).transpose();
    let importer = import.format.importer();
    let source = SourceDraft {
        name: Text::new(&import.source).context("--source")?,
        format: Text::new(importer.name()).context("format")?,
        url: import.from.parse().ok(),
        licence: text(&import.licence).context("--licence")?,
        attribution: import
            .attribution
            .as_deref()
            .map(Text::new)
            .transpose()
            .context("--attribution")?,
        may_republish: import.may_republish,
    };
    // The terms that listings refer to come with the program.
    let words = catalog.is_empty()?.then(jobs::seed_vocabulary).transpose()?;
    let coming = words.as_ref().map_or(&[][..], |words| &words.terms);
    if let Some(reason) = catalog.unknown_term(Taxonomy::Topic, &import.topics, coming)? {
        anyhow::bail!("--topic: {reason}");
    }
    let document = jobs::read_feed(&import.from)?;
    let places = GazetteerPlaces(Gazetteer::shared());
    let setting = Setting {
        source: source.name.as_str(),
        time_zone: import.time_zone.clone(),
        topics: import.topics.clone(),
        for_whom: import.for_whom.clone(),
        places: &places,
    };
    let found = importer.read(&document, &setting)?;
    let mut report = if import.dry_run {
        catalog.plan_import(&import.source, &found.records, coming)?
    } else {
        if let Some(words) = &words {
            catalog.put_vocabulary(words)?;
        }
        import_with_bar(catalog, &source, &found.records)?
    };
    report.refused.extend(found.rejects);
    report.refused.sort_by_key(|reject| reject.row);
    print_report(&report, found.rows, import.dry_run)
}

/// Says what an import did or would do, row by row where there is something to say.
fn print_report(report: &ImportReport, rows: usize, dry_run: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for planned in &report.planned {
        let what = match planned.outcome {
            Outcome::Unchanged => continue,
            Outcome::Added => "add",
            Outcome::Changed => "change",
            Outcome::CorrectionKept => "keep your correction of",
            Outcome::Incomplete => "leave as it is, until the rows refused below can be read:",
        };
        if dry_run || planned.outcome == Outcome::Incomplete {
            let rows: Vec<String> = planned.rows.iter().map(ToString::to_string).collect();
            let s = if rows.len() == 1 { "" } else { "s" };
            write!(out, "row{s} {}: {what} {}", rows.join(", "), planned.name)?;
            match &planned.unlisted {
                Some(why) if planned.outcome != Outcome::CorrectionKept => {
                    writeln!(out, " (kept, not listed: {why})")?;
                }
                _ => writeln!(out)?,
            }
        }
    }
    for Reject { row, field, reason } in &report.refused {
        let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
        match row {
            0 => writeln!(out, "header: {field}{reason}")?,
            _ => writeln!(out, "row {row}: refused, {field}{reason}")?,
        }
    }
    let sessions: usize = report.planned.iter().map(|planned| planned.sessions).sum();
    if rows > 0 {
        let programs = counted(report.planned.len(), "program");
        let (rows, sessions) = (counted(rows, "row"), counted(sessions, "session"));
        writeln!(out, "{rows}: {programs} with {sessions}")?;
    }
    let [added, changed, unchanged, kept] =
        [Outcome::Added, Outcome::Changed, Outcome::Unchanged, Outcome::CorrectionKept]
            .map(|outcome| report.count(outcome));
    let unchanged = unchanged + report.count(Outcome::Incomplete);
    // Rows, however much is wrong with each.
    let refused: BTreeSet<usize> = report.refused.iter().map(|reject| reject.row).collect();
    let refused = refused.into_iter().filter(|row| *row > 0).count();
    if dry_run {
        let kept = counted(kept, "correction");
        writeln!(
            out,
            "would add {added}, change {changed}, leave {unchanged} as they are, keep {kept}, \
             refuse {refused}\nnothing was written: this was a dry run"
        )?;
    } else {
        writeln!(
            out,
            "added {added}, changed {changed}, left as they are {unchanged}, \
             corrections kept {kept}, refused {refused}"
        )?;
    }
    if report.planned.is_empty() && refused > 0 {
        anyhow::bail!("no row could be used: the reasons are above");
    }
    Ok(())
}

/// A number of things: `1 program`, `2 programs`.
fn counted(number: usize, thing: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{s}")
}

fn run_generate(catalog: &Catalog, generate: &Generate) -> anyhow::Result<()> {
    if catalog.is_empty()? {
        catalog.put_vocabulary(&jobs::seed_vocabulary()?)?;
    }
    let name = crate::generate::source_name(generate.seed);
    let source = SourceDraft {
        name: Text::new(&name)?,
        format: Text::new("generated")?,
        url: None,
        licence: Some(Text::new("CC0-1.0")?),
        attribution: Some(Text::new("Made-up programs; none of them exists")?),
        may_republish: true,
    };
    let many = generate.programs as usize;
    let bar = bar(many);
    let mut programs = Generator::new(generate.seed, Gazetteer::shared()).take(many);
    let mut done = 0;
    loop {
        let chunk: Vec<Record> = programs.by_ref().take(10_000).collect();
        if chunk.is_empty() {
            break;
        }
        catalog
            .import(&source, &chunk, |chunk_done| bar.set_position((done + chunk_done) as u64))?;
        done += chunk.len();
    }
    bar.finish_and_clear();
    let programs = counted(done, "made-up program");
    writeln!(std::io::stdout(), "made {programs} as source {name}")?;
    Ok(())
}
