//! Random parameters and bodies, odder than anybody would think of.

use peer_directory::http::SEARCH_PARAMETERS;
use serde_json::{Value, json};

use super::{post, problem};
use crate::support::{TestApp, cases, on_both};

on_both! {
    async fn no_parameters_however_odd_break_anything(database: Database) {
        let app = TestApp::seeded(database).await;
        let paths = [
            "/v1/programs", "/v1/programs", "/v1/programs", "/v1/organizations", "/v1/taxonomies",
            "/v1/crisis", "/v1/places", "/v1/about",
        ];

        for case in 0..cases(2_000) {
            let mut random = fastrand::Rng::with_seed(case as u64);
            let path = random.choice(paths).unwrap();
            let query: Vec<String> = (0..random.usize(0..6))
                .map(|_| format!("{}={}", odd_name(&mut random), odd_value(&mut random)))
                .collect();
            let address = format!("{path}?{}", query.join("&"));

            let answer = app.get(&address).await;

            match answer.status {
                200 => assert!(answer.body.is_object(), "case {case}: {address}"),
                400 => problem(&answer, 400),
                other => panic!("case {case}: {other} {address}"),
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn no_body_however_odd_breaks_anything(database: Database) {
        let app = TestApp::seeded(database).await;

        for case in 0..cases(1_000) {
            let mut random = fastrand::Rng::with_seed(case as u64);
            let fields: serde_json::Map<String, Value> = (0..random.usize(0..6))
                .map(|_| (odd_name(&mut random), odd_json(&mut random, 3)))
                .collect();
            let mut body = serde_json::to_vec(&fields).unwrap();
            if random.u8(0..4) == 0 {
                let at = random.usize(0..body.len());
                body[at] = random.u8(..);
            }

            let answer = post(&app, "application/json", &body).await;

            let text = String::from_utf8_lossy(&body);
            match answer.status {
                200 => assert!(answer.body["page"]["total"].is_u64(), "case {case}: {text}"),
                400 => problem(&answer, 400),
                other => panic!("case {case}: {other} {text}"),
            }
        }
        app.stop().await;
    }
}

/// A parameter's name: mostly a known one.
fn odd_name(random: &mut fastrand::Rng) -> String {
    match random.u8(0..10) {
        0 => odd_text(random),
        1 => "country".to_owned(),
        _ => (*random.choice(SEARCH_PARAMETERS).unwrap()).to_owned(),
    }
}

/// A value for a URL: likely ones, borderline ones, and bytes of any kind, percent-encoded or not.
fn odd_value(random: &mut fastrand::Rng) -> String {
    match random.u8(0..5) {
        0 => (0..random.usize(0..20)).map(|_| format!("%{:02x}", random.u8(..))).collect(),
        1 => (0..random.usize(0..10))
            .map(|_| *random.choice(b"%&=+,;-'0").unwrap() as char)
            .collect(),
        _ => url::form_urlencoded::byte_serialize(odd_text(random).as_bytes()).collect(),
    }
}

fn odd_text(random: &mut fastrand::Rng) -> String {
    let known = [
        "",
        "0",
        "1",
        "-1",
        "100",
        "101",
        "1e9",
        "NaN",
        "inf",
        "-0.0",
        "90,180",
        "-90,-180",
        "91,0",
        "0,0",
        "97214",
        "Portland, OR",
        "SW1A 1AA",
        "Oregon",
        "1,2,3,4",
        "170,-10,-170,10",
        "-180,-90,180,90",
        "10mi",
        "500km",
        "0.5 km",
        "1m",
        "grief",
        "-grief",
        "depression,anxiety",
        "self",
        "someone_i_support",
        "relevance",
        "distance",
        "name",
        "verified",
        "en",
        "es",
        "pt-BR",
        "US",
        "us",
        "free",
        "local_group",
        "online",
        "in_person",
        "topic",
        "language,cost",
        "unknown",
        "AQA",
        "\u{0}",
        "\u{feff}",
        "\u{202e}",
        "é",
        "ß",
        "İ",
        "東京",
        "🙂",
        "a'; DROP TABLE programs; --",
        "<script>",
        "../../etc/passwd",
        "%s%n",
        "${jndi:x}",
        "\r\nSet-Cookie: a=b",
    ];
    match random.u8(0..8) {
        0 => (0..random.usize(0..30)).map(|_| random.char(..)).collect(),
        1 => random.choice(known).unwrap().repeat(random.usize(0..200)),
        2 => format!("{},{}", random.f64() * 400.0 - 200.0, random.f64() * 800.0 - 400.0),
        _ => (*random.choice(&known).unwrap()).to_owned(),
    }
}

fn odd_json(random: &mut fastrand::Rng, depth: u8) -> Value {
    match random.u8(0..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.f64() * 1e6),
        4 | 5 => json!(odd_text(random)),
        6 => (0..random.usize(0..4)).map(|_| odd_json(random, depth - 1)).collect(),
        _ => (0..random.usize(0..3))
            .map(|_| (odd_text(random), odd_json(random, depth - 1)))
            .collect(),
    }
}
