//! The map of the source code, held by reading it.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, and what it may use of the crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("search", &["domain"]),
    ("store", &["domain"]),
    ("interchange", &["domain"]),
    ("gazetteer", &["domain"]),
    ("generate", &["gazetteer", "domain"]),
    ("guides", &["domain"]),
    ("outbound", &[]),
    ("telemetry", &[]),
    ("catalog", &["store", "domain"]),
    ("jobs", &["catalog", "search", "interchange", "gazetteer", "outbound", "domain"]),
    ("http", &["catalog", "search", "gazetteer", "guides", "domain"]),
    ("config", &["jobs", "search", "domain"]),
    (
        "app",
        &[
            "config",
            "http",
            "jobs",
            "catalog",
            "search",
            "store",
            "interchange",
            "gazetteer",
            "generate",
            "domain",
        ],
    ),
    ("main", &["app", "config", "telemetry"]),
    // Names every module and uses none.
    ("lib", &[]),
];

/// A crate that only some files may name.
const CRATES: &[(&str, &[&str])] = &[
    ("diesel", &["store/"]),
    ("diesel_migrations", &["store/"]),
    ("reqwest", &["outbound.rs"]),
    ("rustls", &["outbound.rs"]),
    // `feeds` has the one value that is also a choice on the command line.
    ("clap", &["app.rs", "config.rs", "main.rs", "jobs/feeds.rs"]),
    ("indicatif", &["app.rs"]),
    ("pulldown_cmark", &["guides/"]),
    ("actix_web", &["http/", "app.rs"]),
    ("tracing_subscriber", &["telemetry.rs"]),
];

/// Layers whose values come from nothing but their arguments.
const PURE: &[&str] = &["domain", "search", "interchange", "generate"];

/// What would let the world in.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio::",
    "tracing::",
];

const MOST_LINES: usize = 450;

struct File {
    /// Below `src`, with `/`.
    path: String,
    text: String,
}

impl File {
    fn layer(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// How many modules deep it is: 1 for `app.rs` and `http/mod.rs`, 2 for `http/raw.rs`.
    fn depth(&self) -> usize {
        self.path.split('/').count() - usize::from(self.path.ends_with("/mod.rs"))
    }

    /// The top modules that it uses.
    fn uses(&self) -> Vec<String> {
        let of_the_crate = ["crate::", "peer_directory::"];
        let rests = of_the_crate.iter().flat_map(|root| self.text.split(root).skip(1));
        let mut uses: Vec<String> = rests.flat_map(first_names).collect();
        // `super::super::…` that climbs out of the layer.
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find("super::") {
            rest = &rest[at..];
            let mut climbed = 0;
            while let Some(higher) = rest.strip_prefix("super::") {
                climbed += 1;
                rest = higher;
            }
            if climbed >= self.depth() {
                uses.extend(first_names(rest).into_iter().filter(|name| is_layer(name)));
            }
        }
        uses
    }
}

/// The name that a path begins with; the names of a group in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let mut names = vec![];
    let (mut depth, mut begins) = (0, true);
    for (at, c) in group.char_indices() {
        if begins && !c.is_whitespace() {
            names.push(name(&group[at..]));
            begins = false;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn is_layer(name: &str) -> bool {
    LAYERS.iter().any(|(layer, _)| *layer == name)
}

fn files() -> Vec<File> {
    fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let src = Path::new("src");
    let mut paths = vec![];
    collect(src, &mut paths);
    paths.sort();
    let file = |path: &PathBuf| File {
        path: path.strip_prefix(src).unwrap().to_str().unwrap().replace('\\', "/"),
        text: fs::read_to_string(path).unwrap(),
    };
    paths.iter().map(file).collect()
}

fn none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

#[test]
fn no_layer_uses_a_layer_above_it() {
    let mut violations = vec![];

    for file in files() {
        let layer = file.layer();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            violations.push(format!("src/{}: which layer is `{layer}`?", file.path));
            continue;
        };
        for used in file.uses() {
            if used != layer && !allowed.contains(&used.as_str()) {
                violations.push(format!("src/{}: `{layer}` must not use `{used}`", file.path));
            }
        }
    }

    none(&violations);
}

#[test]
fn the_layers_make_no_circle() {
    let mut below: Vec<&str> = vec![];

    // Each round takes the layers that use only what was taken before.
    while below.len() < LAYERS.len() {
        let next: Vec<&str> = LAYERS
            .iter()
            .filter(|(layer, uses)| {
                !below.contains(layer) && uses.iter().all(|used| below.contains(used))
            })
            .map(|(layer, _)| *layer)
            .collect();
        assert!(!next.is_empty(), "a circle among all but {below:?}");
        below.extend(next);
    }
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    let mut violations = vec![];

    for file in files() {
        for (foreign, places) in CRATES {
            let named = file.text.split(foreign).collect::<Vec<_>>().windows(2).any(|around| {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                !around[0].ends_with(word) && around[1].starts_with("::")
            });
            if named && !places.iter().any(|place| file.path.starts_with(place)) {
                violations.push(format!("src/{}: must not name `{foreign}`", file.path));
            }
        }
    }

    none(&violations);
}

#[test]
fn what_only_computes_has_no_clock_no_files_and_no_network() {
    let mut violations = vec![];

    for file in files().iter().filter(|file| PURE.contains(&file.layer())) {
        for impure in IMPURE.iter().filter(|impure| file.text.contains(**impure)) {
            violations.push(format!("src/{}: must not name `{impure}`", file.path));
        }
    }

    none(&violations);
}

#[test]
fn only_the_connection_asks_which_database_it_is() {
    let mut violations = vec![];

    for file in files().iter().filter(|file| file.path != "store/connection.rs") {
        let asks = ["AnyConnection::Postgres", "AnyConnection::Sqlite", "PgConnection"];
        for asks in asks.iter().filter(|asks| file.text.contains(**asks)) {
            violations.push(format!("src/{}: must not name `{asks}`", file.path));
        }
    }

    none(&violations);
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut violations = vec![];

    for file in files() {
        let lines = file.text.lines().count();
        if lines > MOST_LINES {
            violations.push(format!("src/{}: {lines} lines, {MOST_LINES} are allowed", file.path));
        }
    }

    none(&violations);
}

#[test]
fn this_test_sees_what_climbs_and_what_is_grouped() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };

    let climbing = file("search/builder.rs", "super::super::http::app(); super::query::Query");
    let grouped = file("store/mod.rs", "use crate::{domain::{Slug, Text}, http, search::Query};");
    let inside = file("http/v1/wire.rs", "use super::super::problem::Problem;");

    assert_eq!(climbing.uses(), ["http"]);
    assert_eq!(grouped.uses(), ["domain", "http", "search"]);
    assert_eq!(inside.uses(), Vec::<String>::new());
}
