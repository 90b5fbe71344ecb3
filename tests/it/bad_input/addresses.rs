//! Addresses, methods and bytes that lead nowhere.

use std::collections::BTreeSet;

use super::{named, problem, raw_problem, tells_no_internals};
use crate::raw_http;
use crate::support::{TestApp, on_both};

on_both! {
    async fn a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(database: Database) {
        let app = TestApp::seeded(database).await;

        for (method, path, takes) in [
            ("DELETE", "/v1/programs", "GET"),
            ("POST", "/v1/programs", "GET"),
            ("PUT", "/v1/programs/7-cups", "GET"),
            ("PATCH", "/v1/organizations", "GET"),
            ("PUT", "/v1/programs/search", "POST"),
            ("GET", "/v1/programs/search", "POST"),
            ("POST", "/v1/programs/compare", "GET"),
            ("GET", "/v1/match", "POST"),
            ("POST", "/healthz", "GET"),
            ("BREW", "/v1/about", "GET"),
        ] {
            let refused = raw_http::ask(&app.url, method, path, &[]).await;

            raw_problem(&refused, 405);
            let allowed: BTreeSet<&str> = refused.header("allow").split(", ").collect();
            assert!(allowed.contains(takes), "{method} {path}: {allowed:?}");
            assert!(!allowed.contains(method), "{method} {path}: {allowed:?}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn there_is_nothing_at_other_addresses(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in [
            "/nothing",
            "/v1",
            "/v1/",
            "/v1/nothing?x=1",
            "/v2/programs",
            "/v1/programs/nothing",
            "/v1/programs/",
            "/v1/programs/%ff",
            "/v1/programs/%00",
            "/v1/programs/%2e%2e%2fabout",
            "/v1/programs/00000000-0000-0000-0000-000000000000",
            "/v1/organizations/nothing",
            "/v1/export/programs.csv",
            "/docs/nothing.js",
            "/docs/../../etc/passwd",
            "/../../etc/passwd",
            "/docs/%2e%2e/%2e%2e/etc/passwd",
            "*",
        ] {
            let missing = raw_http::ask(&app.url, "GET", path, &[]).await;

            raw_problem(&missing, 404);
        }
        for (path, detail) in [
            ("/nothing", "Look at /docs for the addresses there are."),
            (
                "/v1/programs/nothing",
                "There is no program with this id or slug; GET /v1/programs finds programs.",
            ),
            (
                "/v1/organizations/nothing",
                "There is no organization with this id or slug; GET /v1/organizations lists them.",
            ),
        ] {
            assert_eq!(app.get(path).await.body["detail"], detail, "{path}");
        }
        let long = format!("/v1/programs/{}", "a".repeat(20_000));
        raw_problem(&raw_http::ask(&app.url, "GET", &long, &[]).await, 404);
        app.stop().await;
    }
}

on_both! {
    async fn more_than_anybody_would_ask_is_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        let long = app.get(&format!("/v1/programs?q={}", "a".repeat(201))).await;
        let longer = app.get(&format!("/v1/programs?q={}", "a".repeat(60_000))).await;
        let name = app.get(&format!("/v1/programs?{}=1", "a".repeat(5_000))).await;
        let many = app.get(&format!("/v1/programs?{}", "topic=grief&".repeat(1_000))).await;
        let unknown: String = (0..1_000).map(|number| format!("p{number}=1&")).collect();
        let unknown = app.get(&format!("/v1/programs?{unknown}")).await;

        for refused in [&long, &longer, &name, &many, &unknown] {
            problem(refused, 400);
        }
        assert_eq!(named(&long.body), ["q"].into());
        assert_eq!(named(&longer.body), ["q"].into());
        assert!(name.bytes.len() < 1_000, "a name is not echoed whole");
        // Beyond what the server reads of an address there is no problem document.
        for length in [70_000, 200_000] {
            let query = "a".repeat(length);
            let refused = raw_http::ask(&app.url, "GET", &format!("/v1/programs?q={query}"), &[]).await;
            assert!([400, 414, 431].contains(&refused.status), "{}", refused.status);
        }
        app.stop().await;
    }
}

on_both! {
    async fn bytes_that_are_no_request_are_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        for request in [
            &b"\x00\x01\x02\r\n\r\n"[..],
            b"GET /v1/about HTTP/9.9\r\n\r\n",
            b"GET /v1/programs?q=a b HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"GET /v1/programs?q=\xff\xfe HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"GET /v1/about HTTP/1.1\r\nConnection: close\r\nX: a\x00b\r\n\r\n",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: -1\r\n\r\n{}",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\
              Content-Length: 3\r\n\r\n{}",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\
              Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
              Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        ] {
            let refused = raw_http::exchange(&app.url, request).await;

            let text = String::from_utf8_lossy(request);
            assert!((400..500).contains(&refused.status), "{}: {text}", refused.status);
            tells_no_internals(&refused.bytes);
        }
        assert_eq!(app.get("/readyz").await.status, 200);
        app.stop().await;
    }
}
