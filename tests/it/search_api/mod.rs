//! Searching over HTTP.

mod crisis;
mod filters;
mod forms;
mod lists;
mod maps;
mod places;
mod scores;
mod similar;
mod suggestions;
mod times;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use peer_directory::domain::Position;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Places with programs near, none near, in other countries, at sea and beyond the date line.
const PLACES: &[&str] = &[
    "45.523,-122.676",
    "97214",
    "Portland, OR",
    "New York",
    "London",
    "SW1A 1AA",
    "Toronto, ON",
    "Vermont",
    "Belfast",
    "Australia",
    "Tokyo",
    "0,-150",
    "-17.7,178.2",
];

/// The address of a search.
fn address(asked: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
    format!("/v1/programs?{query}")
}

/// The body of a search: what is asked twice becomes a list.
fn body(asked: &[(&str, &str)]) -> Value {
    let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in asked {
        fields.entry(name).or_default().push(value);
    }
    let text = |values: Vec<&str>| if values.len() == 1 { json!(values[0]) } else { json!(values) };
    fields.into_iter().map(|(name, values)| (name.to_owned(), text(values))).collect()
}

async fn search(app: &TestApp, asked: &[(&str, &str)]) -> Value {
    let answer = app.get(&address(asked)).await;
    assert_eq!(answer.status, 200, "{asked:?}: {}", answer.body);
    answer.body
}

/// Every result, page by page.
async fn walk(app: &TestApp, asked: &[(&str, &str)]) -> Vec<Value> {
    walk_by(app, asked, 100).await
}

async fn walk_by(app: &TestApp, asked: &[(&str, &str)], limit: usize) -> Vec<Value> {
    let limit = limit.to_string();
    let base = [asked, &[("limit", limit.as_str())]].concat();
    let mut found = Vec::new();
    let mut page = search(app, &base).await;
    loop {
        found.extend(list(&page["data"]));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else { break };
        let next = [base.as_slice(), &[("cursor", cursor)]].concat();
        page = search(app, &next).await;
    }
    assert_eq!(page["page"]["total"], found.len(), "{asked:?}");
    found
}

async fn walk_posted(app: &TestApp, asked: &[(&str, &str)], limit: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let mut asked = body(asked);
    asked["limit"] = json!(limit);
    loop {
        let page = app.post("/v1/programs/search", &asked).await.body;
        found.extend(list(&page["data"]));
        let Some(cursor) = page["page"].get("next_cursor") else { return found };
        asked["cursor"] = cursor.clone();
    }
}

/// Every program whole, whomever it is for.
async fn everything(app: &TestApp) -> Vec<Value> {
    let export = app.get("/v1/export/programs.ndjson").await;
    let text = String::from_utf8(export.bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The wider terms of each term, by taxonomy and key.
async fn wider_terms(app: &TestApp) -> HashMap<(String, String), Vec<String>> {
    let taxonomies = app.get("/v1/taxonomies").await.body;
    let mut wider = HashMap::new();
    for (taxonomy, terms) in taxonomies["data"].as_object().unwrap() {
        for term in list(terms) {
            let key = term["key"].as_str().unwrap().to_owned();
            wider.insert((taxonomy.clone(), key), values(&term, "/parent"));
        }
    }
    wider
}

/// A value with everything it is a part of.
fn with_wider(
    wider: &HashMap<(String, String), Vec<String>>,
    parameter: &str,
    value: &str,
) -> BTreeSet<String> {
    let mut all = BTreeSet::from([value.to_owned()]);
    if parameter == "language" {
        all.extend(value.split_once('-').map(|(language, _)| language.to_owned()));
    }
    let mut open = vec![value.to_owned()];
    while let Some(key) = open.pop() {
        for above in wider.get(&(parameter.to_owned(), key)).into_iter().flatten() {
            if all.insert(above.clone()) {
                open.push(above.clone());
            }
        }
    }
    all
}

/// The texts at a place of a document: one, several or none.
fn values(document: &Value, pointer: &str) -> Vec<String> {
    match document.pointer(pointer) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(texts)) => {
            strings(&texts.iter().filter_map(Value::as_str).collect::<Vec<_>>())
        }
        _ => Vec::new(),
    }
}

fn has(document: &Value, pointer: &str, value: &str) -> bool {
    values(document, pointer).iter().any(|known| known == value)
}

/// The public points of a program's sessions.
fn points(program: &Value) -> Vec<Value> {
    let sessions = list(&program["sessions"]);
    let met = sessions.iter().filter(|session| session["attendance"] != "online");
    met.filter_map(|session| session.get("location")).cloned().collect()
}

/// The meters to the nearest public point.
fn nearest(program: &Value, here: Position) -> Option<u32> {
    let origin = peer_directory::domain::Origin::new(here);
    let distances = points(program).into_iter().map(|point| {
        let [latitude, longitude] =
            ["latitude", "longitude"].map(|key| point[key].as_f64().unwrap());
        origin.distance_m(Position::new(latitude, longitude).unwrap().to_ecef())
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the earth")]
    distances.min_by(f64::total_cmp).map(|meters| meters.round() as u32)
}

fn id(program: &Value) -> String {
    program["id"].as_str().unwrap().to_owned()
}

fn ids(programs: &[Value]) -> BTreeSet<String> {
    programs.iter().map(id).collect()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn strings(texts: &[impl AsRef<str>]) -> Vec<String> {
    texts.iter().map(|text| text.as_ref().to_owned()).collect()
}

fn without_cursor(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(page) = answer["page"].as_object_mut() {
        page.remove("next_cursor");
    }
    answer
}
