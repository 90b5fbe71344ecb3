//! HTTP itself: caching, encodings, methods, cross-origin use, and headers.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::raw_http::{RawAnswer, ask, send};
use crate::support::{TestApp, on_both};

/// One address of every sort.
const ADDRESSES: &[&str] = &[
    "/v1/programs",
    "/v1/programs?near=97214&facets=topic",
    "/v1/programs?limit=100",
    "/v1/programs/7-cups",
    "/v1/organizations",
    "/v1/organizations/7-cups",
    "/v1/taxonomies",
    "/v1/criteria",
    "/v1/crisis?country=US",
    "/v1/guides",
    "/v1/guides/how-to-choose?lang=es",
    "/v1/guides/how-to-choose.html",
    "/guides.css",
    "/v1/places?q=portland",
    "/v1/about",
    "/v1/export/programs.ndjson",
    "/v1/export/programs.geojson",
    "/openapi.json",
    "/docs/",
    "/docs/swagger-ui.css",
    "/healthz",
    "/readyz",
];

on_both! {
    async fn what_a_client_has_already_is_not_sent_again(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in ADDRESSES {
            for encoding in ["identity", "gzip", "br"] {
                let accept = ("Accept-Encoding", encoding);
                let mut unchanged = false;
                // A clock may strike between two of three answers, not between all of them.
                for _ in 0..3 {
                    let first = ask(&app.url, "GET", address, &[accept]).await;
                    assert_eq!(first.status, 200, "{address}");
                    let etag = first.header("etag");
                    assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'), "{address}: {etag}");

                    let again = ask(&app.url, "GET", address, &[accept, ("If-None-Match", etag)]).await;

                    if again.status == 304 {
                        assert_eq!(again.bytes, b"", "{address}");
                        assert_eq!(again.header("etag"), etag, "{address}");
                        assert_eq!(again.header("cache-control"), first.header("cache-control"), "{address}");
                    }
                    unchanged |= again.status == 304;
                }
                assert!(unchanged, "{address} {encoding} is sent again and again");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn if_none_match_takes_lists_stars_and_weak_tags(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in ["/v1/about", "/v1/programs/7-cups", "/v1/export/programs.ndjson", "/v1/export/programs.geojson"] {
            let first = ask(&app.url, "GET", address, &[]).await;
            let etag = first.header("etag");

            for (known, status) in [
                (format!("\"other\", {etag}"), 304),
                (format!("{etag},\"other\""), 304),
                (format!("W/{etag}"), 304),
                ("*".to_owned(), 304),
                ("\"other\"".to_owned(), 200),
                (etag.trim_matches('"').to_owned(), 200),
                (String::new(), 200),
            ] {
                for method in ["GET", "HEAD"] {
                    let again = ask(&app.url, method, address, &[("If-None-Match", &known)]).await;
                    assert_eq!(again.status, status, "{method} {address} {known}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn each_encoding_has_a_tag_of_its_own_and_decodes_to_the_same_body(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in [
            "/v1/taxonomies",
            "/v1/criteria",
            "/openapi.json",
            "/docs/swagger-ui.css",
            "/v1/export/programs.ndjson",
            "/v1/export/programs.geojson",
        ] {
            let plain = ask(&app.url, "GET", address, &[]).await;
            let gzip = ask(&app.url, "GET", address, &[("Accept-Encoding", "gzip, deflate")]).await;
            let brotli = ask(&app.url, "GET", address, &[("Accept-Encoding", "gzip, deflate, br")]).await;

            assert_eq!(plain.header("content-encoding"), "", "{address}");
            assert_eq!(gzip.header("content-encoding"), "gzip", "{address}");
            assert_eq!(brotli.header("content-encoding"), "br", "{address}");
            assert!(ungzip(&gzip) == plain.bytes, "{address}");
            assert!(unbrotli(&brotli) == plain.bytes, "{address}");
            assert!(brotli.bytes.len() * 2 < plain.bytes.len(), "{address}");
            let tags = [&plain, &gzip, &brotli].map(|answer| answer.header("etag"));
            assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
            for answer in [&plain, &gzip, &brotli] {
                assert_eq!(answer.header("vary"), "Accept-Encoding", "{address}");
            }
            // The tag of one encoding is not the tag of another.
            let other = ask(&app.url, "GET", address, &[("Accept-Encoding", "gzip"), ("If-None-Match", tags[2])]).await;
            assert_eq!(other.status, 200, "{address}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_posted_search_is_compressed_too_and_never_kept(database: Database) {
        let app = TestApp::seeded(database).await;
        let kind = ("Content-Type", "application/json");
        let body = br#"{"sort": "name", "limit": 100}"#;

        let plain = send(&app.url, "POST", "/v1/programs/search", &[kind], body).await;
        let brotli = send(&app.url, "POST", "/v1/programs/search", &[kind, ("Accept-Encoding", "br")], body).await;

        assert_eq!(plain.header("cache-control"), "no-store");
        assert_eq!(plain.header("etag"), "");
        assert_eq!(plain.header("link"), "", "what was searched for stays out of addresses");
        assert_eq!(brotli.header("content-encoding"), "br");
        let unpacked: Value = serde_json::from_slice(&unbrotli(&brotli)).unwrap();
        assert_eq!(unpacked["data"], plain.body["data"]);
        app.stop().await;
    }
}

on_both! {
    async fn an_encoding_that_is_refused_is_not_used(database: Database) {
        let app = TestApp::seeded(database).await;

        for (accept, used) in [
            ("br;q=0, gzip", "gzip"),
            ("br;q=0.5, gzip;q=0.9", "gzip"),
            ("gzip;q=0.5, br;q=0.5", "br"),
            ("gzip;q=0.5, identity", ""),
            ("gzip;q=0, br;q=0", ""),
            ("GZIP", "gzip"),
            ("gzip;q=1.0, identity; q=0.5", "gzip"),
            ("deflate", ""),
            ("", ""),
            ("brotli", ""),
        ] {
            let answer = ask(&app.url, "GET", "/v1/taxonomies", &[("Accept-Encoding", accept)]).await;
            assert_eq!(answer.header("content-encoding"), used, "{accept}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn what_is_small_is_sent_as_it_is(database: Database) {
        let app = TestApp::seeded(database).await;

        let small = ask(&app.url, "GET", "/healthz", &[("Accept-Encoding", "br, gzip")]).await;

        assert_eq!(small.header("content-encoding"), "");
        assert_eq!(small.body, json!({"status": "ok"}));
        app.stop().await;
    }
}

on_both! {
    async fn head_is_get_without_the_body(database: Database) {
        let app = TestApp::seeded(database).await;
        let varying = ["x-request-id", "date", "access-control-expose-headers", "link", "etag"];

        for address in ADDRESSES.iter().chain(&["/nothing", "/v1/programs?limit=0"]) {
            for encoding in ["identity", "br"] {
                let get = ask(&app.url, "GET", address, &[("Accept-Encoding", encoding)]).await;
                let head = ask(&app.url, "HEAD", address, &[("Accept-Encoding", encoding)]).await;

                let kept = |answer: &RawAnswer| -> Vec<(String, String)> {
                    let mut kept = answer.headers.clone();
                    kept.retain(|(name, _)| !varying.contains(&name.as_str()));
                    kept.sort();
                    kept
                };
                assert_eq!(head.status, get.status, "{address}");
                assert_eq!(head.bytes, b"", "{address}");
                assert_eq!(kept(&head), kept(&get), "{address}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn any_site_may_read_and_caches_stay_whole(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in ADDRESSES.iter().chain(&["/nothing", "/v1/programs?limit=0"]) {
            for origin in ["https://site.example", "http://localhost:3000", "null"] {
                let answer = ask(&app.url, "GET", address, &[("Origin", origin)]).await;

                assert_eq!(answer.header("access-control-allow-origin"), "*", "{address} {origin}");
                assert_eq!(answer.header("access-control-allow-credentials"), "", "{address}");
                assert!(!answer.header("vary").to_lowercase().contains("origin"), "{address}");
                let exposed = answer.header("access-control-expose-headers");
                let exposed: Vec<&str> = exposed.split(", ").collect();
                for header in ["etag", "link", "retry-after", "x-request-id"] {
                    assert!(exposed.contains(&header), "{address}: {exposed:?}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn any_site_may_post_a_search(database: Database) {
        let app = TestApp::seeded(database).await;
        let origin = ("Origin", "https://site.example");

        let asked = ask(
            &app.url,
            "OPTIONS",
            "/v1/programs/search",
            &[origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")],
        ).await;
        let kind = ("Content-Type", "application/json");
        let found = send(&app.url, "POST", "/v1/programs/search", &[origin, kind], b"{}").await;

        assert!((200..300).contains(&asked.status), "{}", asked.status);
        assert_eq!(asked.header("access-control-allow-origin"), "*");
        assert!(asked.header("access-control-allow-methods").split(", ").any(|method| method == "POST"));
        assert!(asked.header("access-control-allow-headers").split(", ").any(|header| header == "content-type"));
        assert!(!asked.header("vary").to_lowercase().contains("origin"));
        assert_eq!((found.status, found.header("access-control-allow-origin")), (200, "*"));
        app.stop().await;
    }
}

on_both! {
    async fn every_answer_has_an_id_of_its_own_and_safe_headers(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut ids = std::collections::BTreeSet::new();
        let more = ["/nothing", "/v1/programs?limit=0", "/v1/programs/nothing", "/", "/docs"];

        let mut answers: Vec<(String, RawAnswer)> = Vec::new();
        for address in ADDRESSES.iter().chain(&more) {
            answers.push(((*address).to_owned(), ask(&app.url, "GET", address, &[]).await));
        }
        answers.push(("delete".to_owned(), ask(&app.url, "DELETE", "/v1/programs", &[]).await));
        let kind = ("Content-Type", "application/json");
        let large = send(&app.url, "POST", "/v1/programs/search", &[kind], &[b' '; 70_000]).await;
        answers.push(("large".to_owned(), large));
        let preflight = [("Origin", "https://a.example"), ("Access-Control-Request-Method", "DELETE")];
        answers.push(("preflight".to_owned(), ask(&app.url, "OPTIONS", "/v1/programs", &preflight).await));

        for (address, answer) in answers {
            let id = answer.header("x-request-id");
            assert_eq!(id.len(), 36, "{address}");
            assert!(ids.insert(id.to_owned()), "{address}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
            assert_eq!(answer.header("set-cookie"), "", "{address}");
            assert_eq!(answer.header("server"), "", "{address}");
            if answer.status >= 400 {
                assert_eq!(answer.body["instance"], format!("urn:uuid:{id}"), "{address}");
                assert_eq!(answer.header("cache-control"), "no-store", "{address}");
            } else if answer.status == 200 {
                let kept = answer.header("cache-control");
                assert!(kept == "no-store" || kept.starts_with("public, max-age="), "{address}: {kept}");
                assert_ne!(answer.header("content-security-policy"), "", "{address}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn those_who_run_it_are_never_answered_from_a_cache(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in ["/healthz", "/readyz"] {
            let answer = ask(&app.url, "GET", address, &[]).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{address}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_id_of_the_client_is_not_taken_over(database: Database) {
        let app = TestApp::seeded(database).await;

        let answer = ask(&app.url, "GET", "/nothing", &[("X-Request-Id", "chosen-by-the-client")]).await;

        assert_ne!(answer.header("x-request-id"), "chosen-by-the-client");
        app.stop().await;
    }
}

on_both! {
    async fn links_lead_from_page_to_page(database: Database) {
        let app = TestApp::seeded(database).await;

        for address in [
            "/v1/programs?near=Portland%2C%20OR&limit=25&topic=mental_health,grief&sort=distance",
            "/v1/programs?q=support+group&limit=10",
            "/v1/programs?limit=50",
            "/v1/organizations?limit=40&q=a",
        ] {
            let mut seen = std::collections::BTreeSet::new();
            let mut path = address.to_owned();
            let total = loop {
                let page = ask(&app.url, "GET", &path, &[]).await;
                assert_eq!(page.status, 200, "{path}: {}", page.body);
                for one in page.body["data"].as_array().unwrap() {
                    assert!(seen.insert(one["id"].to_string()), "{path}: twice");
                }
                let cursor = page.body["page"].get("next_cursor");
                let link = page.header("link");
                assert_eq!(cursor.is_some(), !link.is_empty(), "{path}");
                if link.is_empty() {
                    break page.body["page"]["total"].clone();
                }
                path = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
                assert!(path.ends_with(cursor.unwrap().as_str().unwrap()), "{path}");
            };
            assert_eq!(total, seen.len(), "{address}");
        }
        app.stop().await;
    }
}

fn ungzip(answer: &RawAnswer) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(answer.bytes.as_slice()).read_to_end(&mut plain).unwrap();
    plain
}

fn unbrotli(answer: &RawAnswer) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::Decompressor::new(answer.bytes.as_slice(), 4_096).read_to_end(&mut plain).unwrap();
    plain
}
