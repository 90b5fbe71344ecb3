//! How it begins and how it ends.

use std::io::{Read as _, Write as _};

use super::Running;
use crate::raw_http;
use crate::support::{TestDatabase, on_both};

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
