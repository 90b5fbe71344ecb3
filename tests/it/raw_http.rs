//! HTTP/1.1 byte by byte, for what a well-behaved client would never send or would hide.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// What came back, as it was on the wire.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// The body without the framing of chunks, but with its content encoding.
    pub(crate) bytes: Vec<u8>,
    /// The body, when it is JSON; else null.
    pub(crate) body: Value,
}

impl RawAnswer {
    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map_or("", |(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is there twice");
        value
    }

    /// Reads an answer as a server wrote it.
    fn read(wire: &[u8], has_body: bool) -> Self {
        let end = wire.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| {
            panic!("no answer: {:?}", String::from_utf8_lossy(&wire[..wire.len().min(200)]))
        });
        let head = std::str::from_utf8(&wire[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let rest = &wire[end + 4..];
        let chunked = headers.contains(&("transfer-encoding".to_owned(), "chunked".to_owned()));
        let bytes = if chunked && has_body { unchunk(rest) } else { rest.to_vec() };
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, headers, bytes, body }
    }
}

/// Sends bytes to the server at `url` and reads all that it answers before it hangs up.
///
/// The request must say `Connection: close`.
pub(crate) async fn exchange(url: &str, request: &[u8]) -> RawAnswer {
    let (url, request) = (url.to_owned(), request.to_vec());
    let exchanged = move || {
        let mut stream = connect(&url);
        // A server that refuses what it has read so far may hang up before it has read the rest.
        let _sent = stream.write_all(&request);
        RawAnswer::read(&read_all(&mut stream), !request.starts_with(b"HEAD"))
    };
    // The server under test needs this thread.
    tokio::task::spawn_blocking(exchanged).await.unwrap()
}

/// Sends a request with headers and without a body.
pub(crate) async fn ask(
    url: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> RawAnswer {
    exchange(url, head(method, target, headers).as_bytes()).await
}

/// Sends a request with headers and a body.
pub(crate) async fn send(
    url: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> RawAnswer {
    let length = body.len().to_string();
    let headers = [headers, &[("Content-Length", length.as_str())]].concat();
    let mut request = head(method, target, &headers).into_bytes();
    request.extend_from_slice(body);
    exchange(url, &request).await
}

/// A request up to its body.
pub(crate) fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "{method} {target} HTTP/1.1\r\nHost: directory.example\r\nConnection: close\r\n{headers}\r\n"
    )
}

/// A connection to the server at `url`, which fails rather than waits forever.
pub(crate) fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Reads the answer that is under way.
pub(crate) fn finish(mut stream: TcpStream) -> RawAnswer {
    RawAnswer::read(&read_all(&mut stream), true)
}

fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut wire = Vec::new();
    // A reset after the answer is how a server ends when it does not want the rest of a request.
    let _ended = stream.read_to_end(&mut wire);
    wire
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").expect("the length of a chunk");
        let length = std::str::from_utf8(&rest[..line]).unwrap();
        let length = usize::from_str_radix(length.trim(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + length]);
        rest = &rest[line + 2 + length + 2..];
    }
}
