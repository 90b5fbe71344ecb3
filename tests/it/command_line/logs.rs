//! What the log tells, and what it never tells.

use serde_json::json;

use super::Running;
use crate::raw_http;
use crate::support::{TestDatabase, on_both};

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
        ("GET", "/v1/programs/compare?ids=zebrafinch,zebrafinches"),
        ("GET", "/v1/programs?criteria=zebrafinch&verified_within=zebrafinch"),
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
    let posted_to = |target: &str, kind: &str, body: &str| {
        let length = body.len().to_string();
        let headers =
            [about.as_slice(), &[("Content-Type", kind), ("Content-Length", &length)]].concat();
        let mut request = raw_http::head("POST", target, &headers).into_bytes();
        request.extend_from_slice(body.as_bytes());
        request
    };
    let posted = |kind: &str, body: &str| posted_to("/v1/programs/search", kind, body);
    let json = "application/json";
    let long = json!({"q": word.repeat(10_000)}).to_string();
    requests.extend([
        posted("application/json", r#"{"q": "zebrafinch"}"#),
        posted("application/json", r#"{"near": "48.8765,2.3456", "topic": ["zebrafinch"]}"#),
        posted("application/json", r#"{"zebrafinch": {"a": 1}}"#),
        posted("application/json", r#"{"q": zebrafinch"#),
        posted("application/json", &long),
        posted("zebrafinch/json", "zebrafinch"),
        posted_to("/v1/match", json, r#"{"q": "zebrafinch", "near": "48.8765,2.3456"}"#),
        posted_to(
            "/v1/match",
            json,
            r#"{"must": ["zebrafinch"], "matters": {"zebrafinch": "a_lot"}}"#,
        ),
        posted_to(
            "/v1/match",
            json,
            r#"{"topic": "grief", "matters": {"peer_led": "zebrafinch"}}"#,
        ),
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
