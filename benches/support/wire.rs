//! Servers to measure, and one load generator for all of them.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::http;
use peer_directory::search::SearchIndex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 8;
const SECONDS: u64 = 8;

pub(crate) fn serve_search(index: SearchIndex, gazetteer: Data<Gazetteer>) -> SocketAddr {
    serve(move || {
        let (index, gazetteer) = (index.clone(), gazetteer.clone());
        HttpServer::new(move || http::app(http::Parts::searching(index.clone(), gazetteer.clone())))
            .workers(2)
            .bind("127.0.0.1:0")
            .map(|server| (server.addrs()[0], server.run()))
    })
}

/// The same application with one more route, which sends a fixed body.
pub(crate) fn serve_fixed(
    size: usize,
    index: SearchIndex,
    gazetteer: Data<Gazetteer>,
) -> SocketAddr {
    serve(move || {
        let body = Bytes::from(vec![b'x'; size]);
        HttpServer::new(move || {
            http::app(http::Parts::searching(index.clone(), gazetteer.clone()))
                .route("/fixed", fixed(&body))
        })
        .workers(2)
        .bind("127.0.0.1:0")
        .map(|server| (server.addrs()[0], server.run()))
    })
}

/// The barest of servers: no layer, no routing to speak of.
pub(crate) fn serve_bare(size: usize) -> SocketAddr {
    serve(move || {
        let body = Bytes::from(vec![b'x'; size]);
        HttpServer::new(move || App::new().route("/fixed", fixed(&body)))
            .workers(2)
            .bind("127.0.0.1:0")
            .map(|server| (server.addrs()[0], server.run()))
    })
}

fn fixed(body: &Bytes) -> actix_web::Route {
    let body = body.clone();
    web::get().to(move || {
        let body = body.clone();
        async move { HttpResponse::Ok().content_type("application/json").body(body) }
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

/// One connection.
struct Client {
    stream: TcpStream,
    /// What has arrived and is not yet read.
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, buffer: Vec::with_capacity(64 << 10) }
    }

    /// Asks, reads the answer whole, and returns the size of its body.
    async fn get(&mut self, path: &str) -> usize {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await.expect("written");
        self.buffer.clear();
        let mut whole = None;
        while whole.is_none_or(|(end, _)| self.buffer.len() < end) {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "{path}: the connection ended");
            whole = whole.or_else(|| head(path, &self.buffer));
        }
        whole.map_or(0, |(_, length)| length)
    }
}

/// Where an answer ends, and how long its body is; `None` before its head has arrived.
fn head(path: &str, answer: &[u8]) -> Option<(usize, usize)> {
    let head = answer.windows(4).position(|at| at == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).expect("a head");
    assert!(text.starts_with("HTTP/1.1 200"), "{path}: {text}");
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.trim().parse().ok()).expect("a length");
    Some((head + 4 + length, length))
}

/// How long each answer is.
pub(crate) fn sizes(at: SocketAddr, paths: &[String]) -> Vec<usize> {
    actix_web::rt::System::new().block_on(async {
        let mut client = Client::connect(at).await;
        let mut sizes = Vec::new();
        for path in paths {
            sizes.push(client.get(path).await);
        }
        sizes
    })
}

pub(crate) struct Load {
    pub(crate) throughput: f64,
    /// Processor time of this whole process for each request, in microseconds.
    pub(crate) cpu_us: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) longest: Duration,
}

/// Asks over several connections from one thread: as fast as they go, or `rate` times a second in
/// all, each request timed from when it was due.
pub(crate) fn load(at: SocketAddr, paths: &[String], rate: Option<f64>) -> Load {
    let cpu = cpu_us();
    let begun = Instant::now();
    let end = begun + Duration::from_secs(SECONDS);
    let next = Cell::new(0);
    let one = || async {
        let mut client = Client::connect(at).await;
        let mut times = Vec::new();
        loop {
            let number: usize = next.get();
            next.set(number + 1);
            #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
            let due = rate.map_or_else(Instant::now, |rate| {
                begun + Duration::from_secs_f64(number as f64 / rate)
            });
            if due >= end || Instant::now() >= end {
                return times;
            }
            // The timer is good to a millisecond: what it is late by is no part of the answer's time,
            // unless the connection was busy when the request was due.
            let mut begun = due;
            if let Some(wait) = due.checked_duration_since(Instant::now()) {
                actix_web::rt::time::sleep(wait).await;
                begun = Instant::now();
            }
            client.get(&paths[number % paths.len()]).await;
            times.push(begun.elapsed());
        }
    };
    let all = futures_util::future::join_all((0..CONNECTIONS).map(|_| one()));
    let mut times: Vec<Duration> =
        actix_web::rt::System::new().block_on(all).into_iter().flatten().collect();
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let throughput = times.len() as f64 / begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let cpu_us = (cpu_us() - cpu) as f64 / times.len() as f64;
    Load {
        throughput,
        cpu_us,
        p50: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
        longest: times[times.len() - 1],
    }
}

/// How much memory the process holds, in kB.
pub(crate) fn resident_kb() -> usize {
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
