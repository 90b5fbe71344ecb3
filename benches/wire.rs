//! Searches over HTTP beside a fixed body of the same size, in one run with one load generator.
//!
//! `cargo bench --bench wire` on 100,000 generated programs; `PROGRAMS=1000000` for more.
//! Prints the throughput of both and their ratio, then latencies at half the highest search load.
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

#[path = "support/questions.rs"]
mod questions;
mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::http;
use peer_directory::search::SearchIndex;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: usize = 8;
const QUERIES: usize = 10_000;
const SECONDS: u64 = 8;

fn main() {
    let programs = std::env::var("PROGRAMS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let before = resident_kb();
    let begun = Instant::now();
    let gazetteer = Gazetteer::shared();
    let with_gazetteer = resident_kb();
    let snapshot = support::snapshot(programs);
    println!(
        "{programs} programs in {:.1} s; gazetteer {} MB; {} bytes a program",
        begun.elapsed().as_secs_f64(),
        (with_gazetteer - before) / 1_024,
        (resident_kb() - with_gazetteer) * 1_024 / programs.max(1)
    );
    let index = SearchIndex::default();
    index.publish(snapshot);
    let queries = questions::queries(QUERIES);

    let search = serve_search(index, Data::from(gazetteer));
    let paths: Vec<String> = queries.iter().map(|query| format!("/v1/programs?{query}")).collect();
    let sizes: Vec<usize> = paths.iter().map(|path| Client::connect(search).get(path)).collect();
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    println!(
        "{QUERIES} distinct queries, mean answer {mean} bytes, largest {}",
        sizes.iter().max().unwrap_or(&0)
    );
    let fixed = serve_fixed(mean);

    // Interleaved, so that both meet the same weather.
    let (mut best_fixed, mut best_search): (f64, f64) = (0.0, 0.0);
    let mut ratios = Vec::new();
    let mut costs = Vec::new();
    for round in 1..=3 {
        let (fixed_load, search_load) =
            (load(fixed, &["/fixed".to_owned()], None), load(search, &paths, None));
        let (of_fixed, of_search) = (fixed_load.throughput, search_load.throughput);
        costs.push(fixed_load.cpu_us / search_load.cpu_us);
        println!(
            "round {round}: processor time a request, client included: fixed {:.1} us, search {:.1} us",
            fixed_load.cpu_us, search_load.cpu_us
        );
        println!(
            "round {round}: fixed {of_fixed:.0}/s, search {of_search:.0}/s, ratio {:.3}",
            of_search / of_fixed
        );
        ratios.push(of_search / of_fixed);
        best_fixed = best_fixed.max(of_fixed);
        best_search = best_search.max(of_search);
    }
    ratios.sort_by(f64::total_cmp);
    costs.sort_by(f64::total_cmp);
    println!("median ratio {:.3} (bar: 0.4); by processor time {:.3}", ratios[1], costs[1]);
    for round in 1..=3 {
        let at_half = load(search, &paths, Some(best_search / 2.0));
        println!(
            "round {round} at half load ({:.0}/s): p50 {:?}, p99 {:?}, ratio {:.2} (bar: 3)",
            at_half.throughput,
            at_half.p50,
            at_half.p99,
            at_half.p99.as_secs_f64() / at_half.p50.as_secs_f64()
        );
    }
    std::process::exit(0);
}

fn serve_search(index: SearchIndex, gazetteer: Data<Gazetteer>) -> SocketAddr {
    serve(move || {
        let (index, gazetteer) = (index.clone(), gazetteer.clone());
        HttpServer::new(move || http::app(index.clone(), gazetteer.clone()))
            .workers(2)
            .bind("127.0.0.1:0")
            .map(|server| (server.addrs()[0], server.run()))
    })
}

/// The barest of servers: no layer, no routing to speak of.
fn serve_fixed(size: usize) -> SocketAddr {
    serve(move || {
        let body = Bytes::from(vec![b'x'; size]);
        HttpServer::new(move || {
            let body = body.clone();
            App::new().route(
                "/fixed",
                web::get().to(move || {
                    let body = body.clone();
                    async move { HttpResponse::Ok().content_type("application/json").body(body) }
                }),
            )
        })
        .workers(2)
        .bind("127.0.0.1:0")
        .map(|server| (server.addrs()[0], server.run()))
    })
}

fn serve<F>(start: F) -> SocketAddr
where
    F: FnOnce() -> std::io::Result<(SocketAddr, actix_web::dev::Server)> + Send + 'static,
{
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let (at, server) = start().expect("a free port");
            tell.send(at).expect("somebody waits");
            server.await.expect("the server runs");
        });
    });
    told.recv().expect("the server starts")
}

struct Client {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
    line: String,
}

impl Client {
    fn connect(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            body: Vec::new(),
            line: String::new(),
        }
    }

    /// Asks, reads the answer whole, and returns its size.
    fn get(&mut self, path: &str) -> usize {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).expect("written");
        let mut length = 0;
        let mut first = true;
        loop {
            self.line.clear();
            self.stream.read_line(&mut self.line).expect("a header");
            if first {
                assert!(self.line.starts_with("HTTP/1.1 200"), "{path}: {}", self.line);
                first = false;
            }
            if self.line == "\r\n" {
                break;
            }
            if let Some(value) = self.line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).expect("a body");
        length
    }
}

struct Load {
    throughput: f64,
    /// Processor time of this whole process for each request, in microseconds.
    cpu_us: f64,
    p50: Duration,
    p99: Duration,
}

/// Asks over several connections: as fast as they go, or `rate` times a second in all, each request
/// timed from when it was due.
fn load(at: SocketAddr, paths: &[String], rate: Option<f64>) -> Load {
    let next = Arc::new(AtomicUsize::new(0));
    let times = Arc::new(Mutex::new(Vec::new()));
    let cpu = cpu_us();
    let begun = Instant::now();
    let end = begun + Duration::from_secs(SECONDS);
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            let (next, times) = (Arc::clone(&next), Arc::clone(&times));
            scope.spawn(move || {
                let mut client = Client::connect(at);
                let mut mine = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
                    let due = rate.map_or_else(Instant::now, |rate| {
                        begun + Duration::from_secs_f64(number as f64 / rate)
                    });
                    if due >= end || Instant::now() >= end {
                        break;
                    }
                    if let Some(wait) = due.checked_duration_since(Instant::now()) {
                        std::thread::sleep(wait);
                    }
                    client.get(&paths[number % paths.len()]);
                    mine.push(due.elapsed());
                }
                times.lock().expect("no panic").extend(mine);
            });
        }
    });
    let mut times = times.lock().expect("no panic");
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let throughput = times.len() as f64 / begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let cpu_us = (cpu_us() - cpu) as f64 / times.len() as f64;
    Load { throughput, cpu_us, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}

/// How much memory the process holds, in kB.
fn resident_kb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// How much processor time the process has used, in microseconds.
fn cpu_us() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    // utime and stime, in hundredths of a second.
    (ticks(11) + ticks(12)) * 10_000
}
