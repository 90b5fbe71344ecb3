//! `serve --demo`: the same answers every day.

use std::collections::BTreeMap;

use clap::Parser as _;
use peer_directory::app;
use peer_directory::config::Cli;

use crate::raw_http::ask;

const ADDRESSES: &[&str] = &[
    "/v1/programs?limit=100",
    "/v1/programs?near=97401&facets=topic,form&limit=20",
    "/v1/programs?q=grief&near=Eugene,+OR",
    "/v1/programs/monday-lamp-grief-circle",
    "/v1/suggest?q=gr",
    "/v1/organizations",
    "/v1/taxonomies",
    "/v1/changes",
    "/v1/changes?limit=5",
    "/v1/export/programs.ndjson",
    "/v1/export/programs.geojson",
    "/v1/about",
    "/readyz",
];

/// Everything that a demonstration answers, but for request ids and the date of the answer.
async fn answers() -> BTreeMap<&'static str, (Vec<(String, String)>, String)> {
    let cli = Cli::parse_from(["peer-directory", "serve", "--demo", "--listen", "127.0.0.1:0"]);
    let Some(peer_directory::config::Command::Serve(serve)) = &cli.command else { unreachable!() };
    let server = app::start(&cli.place, serve).unwrap();
    let (url, handle) = (format!("http://{}", server.listens), server.handle());
    let serving = actix_web::rt::spawn(server.until_stopped());
    let mut all = BTreeMap::new();
    for address in ADDRESSES {
        let answer = ask(&url, "GET", address, &[]).await;
        assert_eq!(answer.status, 200, "{address}");
        let headers = ["etag", "link", "cache-control", "ratelimit"];
        let headers = headers.map(|name| (name.to_owned(), answer.header(name).to_owned()));
        all.insert(*address, (headers.to_vec(), String::from_utf8(answer.bytes).unwrap()));
    }
    handle.stop(true).await;
    serving.await.unwrap().unwrap();
    all
}

#[actix_web::test]
async fn a_demonstration_answers_the_same_every_time() {
    let first = answers().await;
    // The machine's clock has moved on; that of the demonstration has not.
    let again = answers().await;

    assert_eq!(first, again);
    for (address, (_, body)) in &first {
        for secret in ["never-public", "4471", "Not told", "12 Invented Way"] {
            assert!(!body.contains(secret), "{address}: {secret}");
        }
    }
    let town = &first["/v1/programs?limit=100"].1;
    let town: serde_json::Value = serde_json::from_str(town).unwrap();
    assert!(town["page"]["total"].as_u64().unwrap() > 40, "{}", town["page"]);
    assert!(first["/v1/export/programs.ndjson"].1.contains("2026-11-19T00:30:00.000Z"));
}

#[test]
fn a_demonstration_never_touches_another_database() {
    for given in [["--database-url", "sqlite:///nowhere/at.db"], ["--data-dir", "/nowhere"]] {
        let args = ["peer-directory", "serve", "--demo", "--listen", "127.0.0.1:0"];
        let cli = Cli::parse_from(args.into_iter().chain(given));
        let Some(peer_directory::config::Command::Serve(serve)) = &cli.command else {
            unreachable!()
        };

        let error = app::start(&cli.place, serve).err().unwrap().to_string();

        assert!(error.contains("--demo") && error.contains(given[0]), "{error}");
    }
}
