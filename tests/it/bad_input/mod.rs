//! What is wrong is refused, by name, in words that help, and never breaks anything.

mod addresses;
mod bodies;
mod odd;
mod parameters;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::raw_http::RawAnswer;
use crate::support::{Answer, TestApp};

/// Words of the machinery: none of them may be in what clients are told.
const INTERNALS: &[&str] = &[
    "sqlite",
    "postgres",
    "diesel",
    "src/",
    ".rs:",
    "panicked",
    "actix",
    "serde",
    "EOF while parsing",
    "recursion limit",
    "code point",
    "hex escape",
    "thread '",
];

async fn post(app: &TestApp, content_type: &str, body: &[u8]) -> Answer {
    let mut request = app.client.post(format!("{}/v1/programs/search", app.url));
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    app.send(request.body(body.to_vec())).await
}

/// Makes sure that a refusal is a whole problem document that tells nothing of the machinery.
fn problem(answer: &Answer, status: u16) {
    is_problem(answer.status, &answer.body, &answer.bytes, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let id = format!("urn:uuid:{}", answer.header("x-request-id"));
    assert_eq!(answer.body["instance"], id);
}

fn raw_problem(answer: &RawAnswer, status: u16) {
    is_problem(answer.status, &answer.body, &answer.bytes, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let id = format!("urn:uuid:{}", answer.header("x-request-id"));
    assert_eq!(answer.body["instance"], id);
}

fn is_problem(given: u16, body: &Value, bytes: &[u8], status: u16) {
    assert_eq!(given, status, "{body}");
    assert_eq!(body["status"], status, "{body}");
    let (kind, title) = match status {
        400 => ("invalid-request", "The request is not valid"),
        404 => ("not-found", "There is nothing here"),
        405 => ("method-not-allowed", "This address does not take that method"),
        413 => ("too-large", "The body is too large"),
        415 => ("not-json", "The body must be JSON"),
        other => panic!("{other} is not expected"),
    };
    assert_eq!(body["type"], format!("/problems/{kind}"));
    assert_eq!(body["title"], title);
    if status == 400 {
        assert!(!body["errors"].as_array().unwrap().is_empty(), "{body}");
    } else {
        assert!(body["detail"].is_string(), "{body}");
    }
    tells_no_internals(bytes);
}

fn tells_no_internals(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for word in INTERNALS {
        assert!(!text.contains(word), "{word} is told: {text}");
    }
}

/// The fields that a problem names: parameters, or the first part of JSON pointers.
fn named(problem: &Value) -> BTreeSet<&str> {
    let errors = problem["errors"].as_array().unwrap();
    let fields = errors.iter().map(|error| error["field"].as_str().unwrap());
    fields.map(|field| field.trim_start_matches('/').split('/').next().unwrap()).collect()
}

/// The details by field, for comparing without the order.
fn by_field(errors: &Value) -> BTreeSet<(&str, &str)> {
    let errors = errors.as_array().unwrap().iter();
    errors
        .map(|error| (error["field"].as_str().unwrap(), error["detail"].as_str().unwrap()))
        .collect()
}
