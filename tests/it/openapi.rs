//! The API document: current, complete, and true.

use std::collections::BTreeSet;

use peer_directory::catalog::RESERVED;
use peer_directory::domain::Entity;
use peer_directory::http;
use serde_json::{Value, json};

use crate::kept::{by, organization, program};
use crate::support::{TestApp, check_file, on_both};

fn document() -> Value {
    serde_json::to_value(http::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push((format!("{method} {path}"), operation));
        }
    }
    operations
}

#[test]
fn the_checked_in_document_is_what_the_program_says() {
    let document = http::openapi().to_pretty_json().unwrap();

    check_file("openapi/v1.json", &format!("{document}\n"));
}

#[test]
fn answers_may_grow() {
    let document = http::openapi().to_json().unwrap();

    assert!(!document.contains(r#""additionalProperties":false"#));
}

#[test]
fn every_operation_is_documented() {
    let document = document();
    let operations = operations(&document);

    assert!(operations.len() >= 14, "{}", operations.len());
    for (name, operation) in operations {
        for field in ["summary", "operationId"] {
            assert!(
                operation[field].as_str().is_some_and(|text| !text.is_empty()),
                "{name}: {field}"
            );
        }
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}: one tag");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let of = format!("{name}: {}", parameter["name"]);
            assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{of}");
            let example =
                !parameter["example"].is_null() || !parameter["schema"]["example"].is_null();
            assert!(example, "{of} has no example");
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            assert!(answer["description"].as_str().is_some(), "{name} {status}: no description");
            assert!(answer["content"].is_object(), "{name} {status}: no schema");
        }
    }
}

#[test]
fn every_placeholder_is_described() {
    let document = document();
    for (name, operation) in operations(&document) {
        let placeholders: BTreeSet<&str> =
            name.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let described: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(placeholders, described, "{name}");
    }
}

#[test]
fn the_reserved_addresses_are_the_routes_beside_those_of_entries() {
    let document = document();
    let lists = [(Entity::Program, "/v1/programs/"), (Entity::Organization, "/v1/organizations/")];
    let beside = |(entity, list): (Entity, &'static str)| {
        let paths = document["paths"].as_object().unwrap().keys();
        let words = paths.filter_map(move |path| path.strip_prefix(list)?.split('/').next());
        words.filter(|word| !word.starts_with('{')).map(move |word| (entity.as_str(), word))
    };
    let routes: BTreeSet<(&str, &str)> = lists.into_iter().flat_map(beside).collect();

    let reserved = RESERVED.map(|(entity, word)| (entity.as_str(), word));

    assert_eq!(BTreeSet::from(reserved), routes);
}

on_both! {
    async fn what_is_called_like_a_route_has_an_address_of_its_own(database: Database) {
        let app = TestApp::empty(database).await;
        let publish = |draft| {
            let id = app.catalog.create(&draft, &by("robin")).unwrap();
            app.catalog.publish(&id, 1).unwrap();
            id
        };
        let home = publish(organization("Compare"));
        let names = ["Compare", "Search", "SEARCH!"];
        let ids = names.map(|name| publish(program(name, &home, &json!({}))));
        app.refresh();

        let mut slugs = vec![];
        for id in &ids {
            let known = app.get(&format!("/v1/programs/{id}")).await.body;
            let slug = known["slug"].as_str().unwrap().to_owned();
            let found = app.get(&format!("/v1/programs/{slug}")).await;
            assert_eq!((found.status, &found.body["id"]), (200, &json!(id)), "{slug}");
            slugs.push(slug);
        }

        assert_eq!(slugs, ["compare-2", "search-2", "search-3"]);
        let home = app.get("/v1/organizations/compare").await;
        assert_eq!(home.body["slug"], "compare", "only programs have such routes");
        app.stop().await;
    }
}

#[test]
fn the_documented_parameters_of_a_search_are_the_ones_it_takes() {
    let document = document();
    let of_url: BTreeSet<&str> = document["paths"]["/v1/programs"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    let of_body: BTreeSet<&str> = document["components"]["schemas"]["SearchRequest"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let taken: BTreeSet<&str> = http::SEARCH_PARAMETERS.iter().copied().collect();

    assert_eq!(of_url, taken);
    assert_eq!(of_body, taken);
}

#[test]
fn the_documented_values_are_the_words_of_the_wire() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let values = schemas.iter().flat_map(|(name, schema)| {
        schema["enum"].as_array().into_iter().flatten().map(move |value| (name, value))
    });
    let mut seen = 0;
    for (name, value) in values.filter_map(|(name, value)| Some((name, value.as_str()?))) {
        seen += 1;
        assert!(!value.chars().any(char::is_uppercase), "{name}: {value}");
    }
    assert!(seen > 60, "{seen}");
}

/// Marks of one directory, and days that pass: their examples only show what they look like.
const PASSING: [&str; 4] = ["cursor", "since", "from", "to"];

on_both! {
    async fn every_example_can_be_sent(database: Database) {
        let app = TestApp::seeded(database).await;
        let document = document();
        let mut sent = 0;
        for (name, operation) in operations(&document) {
            let (method, path) = name.split_once(' ').unwrap();
            if method == "post" {
                let example = &operation["requestBody"]["content"]["application/json"]["example"];
                let answer = app.post(path, example).await;
                assert_eq!(answer.status, 200, "{name} {example}: {}", answer.body);
                continue;
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let (needed, free): (Vec<_>, Vec<_>) =
                parameters.into_iter().partition(|parameter| parameter["required"] == true);
            let free = free.into_iter().filter(|free| PASSING.iter().all(|name| free["name"] != *name));
            for free in std::iter::once(None).chain(free.map(Some)) {
                let url = with_examples(path, needed.iter().chain(&free));
                let answer = app.get(&url).await;
                assert_eq!(answer.status, 200, "{url}: {}", answer.body);
                sent += 1;
            }
        }
        assert!(sent > 130, "{sent}");
        app.stop().await;
    }
}

on_both! {
    async fn the_pages_to_try_it_fill_in_only_what_is_needed(database: Database) {
        let app = TestApp::seeded(database).await;

        let shown = app.get("/docs/openapi.json").await.body;

        let (mut filled, mut told) = (0, 0);
        for (name, operation) in operations(&shown) {
            // The pages wait for ever for a list that is not there.
            assert!(operation["parameters"].is_array() || name.starts_with("post"), "{name}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert_eq!(parameter["example"].is_null(), parameter["required"] == false, "{name}: {parameter}");
                let words = parameter["description"].as_str().unwrap();
                told += usize::from(words.contains("For example `"));
                filled += usize::from(parameter["required"] == true);
            }
        }
        assert!(filled >= 8 && told > 130, "{filled} {told}");
        let near = json!({ "name": "near", "in": "query", "required": false, "schema": { "type": "string" } });
        let parameters = shown["paths"]["/v1/suggest"]["get"]["parameters"].as_array().unwrap();
        let mut shown = parameters.iter().find(|parameter| parameter["name"] == "near").unwrap().clone();
        let words = shown.as_object_mut().unwrap().remove("description").unwrap();
        assert_eq!(shown, near);
        assert!(words.as_str().unwrap().ends_with(" For example `97214`."), "{words}");
        app.stop().await;
    }
}

/// The path of a request with the examples of some parameters.
fn with_examples<'a>(path: &str, parameters: impl Iterator<Item = &'a Value>) -> String {
    let (mut path, mut query) =
        (path.to_owned(), url::form_urlencoded::Serializer::new(String::new()));
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap();
        let value = match &parameter["example"] {
            Value::String(text) => text.clone(),
            Value::Array(several) => {
                several.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        if parameter["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &value);
        } else {
            if name == "radius" {
                query.append_pair("near", "97214");
            }
            query.append_pair(name, &value);
        }
    }
    format!("{path}?{}", query.finish())
}
