//! The reports for curators, beside what the programs' own pages say.

mod queue;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::choosing::gates::{finding, record_of_one};
use crate::kept::{execute, open};
use crate::support::{TestApp, on_both};

/// A program that is made up for this, and its findings.
struct Made {
    slug: &'static str,
    ages: Value,
    findings: Vec<Value>,
    /// Since when its review is overdue, or until when it is not.
    due: Option<&'static str>,
    in_doubt: bool,
}

fn made() -> [Made; 6] {
    let lasting = |mut finding: Value, until: &str| {
        finding["valid_until"] = json!(until);
        finding
    };
    let elsewhere = |mut finding: Value, page: &str| {
        finding["source_url"] = json!(format!("https://example.org/{page}"));
        finding
    };
    let usual = |slug| Made {
        slug,
        ages: json!({"min": 18}),
        findings: vec![],
        due: None,
        in_doubt: false,
    };
    [
        Made {
            ages: json!({"max": 17}),
            findings: vec![
                finding("youth_safeguarding", "background_checks", "attested"),
                finding("crisis_protocol", "none_stated", "public_source"),
                finding("crisis_protocol", "published_protocol", "attested"),
                elsewhere(finding("crisis_protocol", "crisis_referral_stated", "attested"), "2"),
            ],
            due: Some("2026-03-01T00:00:00.000Z"),
            in_doubt: true,
            ..usual("made-all-at-once")
        },
        Made {
            ages: json!({"min": 13, "max": 17}),
            findings: vec![finding("youth_safeguarding", "policy_published", "verified")],
            due: Some("2999-01-01T00:00:00.000Z"),
            ..usual("made-safe-for-the-young")
        },
        Made {
            // So many that what has expired makes a point.
            findings: [
                ("honest_claims", "guarantees"),
                ("peer_led", "peer_led"),
                ("ground_rules", "published"),
                ("crisis_protocol", "none_stated"),
            ]
            .map(|(key, value)| lasting(finding(key, value, "verified"), "2026-11-10"))
            .to_vec(),
            ..usual("made-long-ago")
        },
        Made {
            findings: vec![
                finding("medication_neutrality", "advises_against_treatment", "verified"),
                finding("peer_led", "not_peer_led", "verified"),
                finding("ground_rules", "published", "verified"),
                finding("data_privacy", "unknown", "public_source"),
            ],
            ..usual("made-not-listed")
        },
        Made {
            findings: vec![
                finding("peer_led", "co_led", "public_source"),
                elsewhere(finding("peer_led", "peer_led", "public_source"), "2"),
            ],
            ..usual("made-of-two-minds")
        },
        Made { in_doubt: true, ages: json!({"max": 40}), ..usual("made-for-up-to-forty") },
    ]
}

/// A seeded directory with what is made up, and every program's own page.
async fn with_pages(database: crate::support::Database) -> (TestApp, Vec<Value>) {
    let app = TestApp::seeded(database).await;
    let source = json!({"name": "made", "format": "native", "may_republish": true});
    let source = serde_json::from_value(source).unwrap();
    let mut records = Vec::new();
    for (number, made) in made().iter().enumerate() {
        let mut record = record_of_one(made.ages.clone(), &made.findings);
        record.key = made.slug.to_owned();
        record.rows = vec![number + 1];
        let mut program = serde_json::to_value(&record.program).unwrap();
        program["name"] = json!(made.slug.replace('-', " "));
        program["in_doubt"] = json!(made.in_doubt);
        record.program = serde_json::from_value(program).unwrap();
        records.push(record);
    }
    let report = app.catalog.import(&source, &records, |_done| {}).unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    let store = open(&app.database.url);
    for (slug, due) in made().iter().filter_map(|made| Some((made.slug, made.due?))) {
        let sql = format!(
            "UPDATE entities SET confirmed_at = '2026-01-01T00:00:00.000Z', review_due_at = '{due}' \
             WHERE slug = '{slug}'"
        );
        assert_eq!(store.read(|conn| Ok(execute(conn, &sql))).unwrap(), 1, "{slug}");
    }
    let told = "UPDATE directory SET sequence = sequence + 1";
    store.read(|conn| Ok(execute(conn, told))).unwrap();
    app.refresh();

    let mut slugs: BTreeSet<String> = made().iter().map(|made| made.slug.to_owned()).collect();
    for whom in ["self", "someone_i_support"] {
        let mut more = String::new();
        loop {
            let page = app.get(&format!("/v1/programs?for={whom}&limit=100{more}")).await.body;
            let found = page["data"].as_array().unwrap().iter();
            slugs.extend(found.map(|program| program["slug"].as_str().unwrap().to_owned()));
            let Some(next) = page["page"]["next_cursor"].as_str() else { break };
            more = format!("&cursor={next}");
        }
    }
    let mut pages = Vec::new();
    for slug in slugs {
        let page = app.get(&format!("/v1/programs/{slug}")).await;
        assert_eq!(page.status, 200, "{slug}");
        pages.push(page.body);
    }
    (app, pages)
}

/// What a report prints.
fn printed(app: &TestApp, about: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_peer-directory"))
        .args(["report", about, "--database-url", &app.database.url])
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn today() -> String {
    Timestamp::now().to_string().split('T').next().unwrap().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn words(value: &Value) -> Vec<String> {
    list(value).iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The criteria that are asked of a program's kinds.
fn applying<'a>(criteria: &'a Value, page: &Value) -> Vec<&'a Value> {
    let kinds = words(&page["kinds"]);
    let applies = |one: &&Value| words(&one["applies_to"]).iter().any(|kind| kinds.contains(kind));
    // What a person asks decides the others.
    let of_programs = |one: &&Value| one["asked_by"].is_null();
    // How the young are kept safe is not asked of who takes adults alone.
    let adults_alone = page["ages"]["min"].as_u64().is_some_and(|min| min >= 18);
    let of_minors = |one: &&Value| !(adults_alone && one["key"] == "youth_safeguarding");
    let all = list(&criteria["criteria"]).iter();
    all.filter(of_programs).filter(applies).filter(of_minors).collect()
}

/// The findings of a criterion that say something.
fn findings<'a>(page: &'a Value, criterion: &Value) -> Vec<&'a Value> {
    let of = |found: &&Value| found["criterion"] == criterion["key"] && found["value"] != "unknown";
    list(&page["provenance"]["assessments"]).iter().filter(of).collect()
}

fn counts(found: &Value) -> bool {
    found["valid_until"].as_str().is_none_or(|last| today().as_str() <= last)
}

fn strength(found: &Value) -> usize {
    let bases = ["attested", "public_source", "verified"];
    bases.iter().position(|basis| found["basis"] == *basis).unwrap()
}

fn meets(criterion: &Value, found: &Value) -> Option<bool> {
    let values = list(&criterion["values"]);
    values.iter().find(|value| value["key"] == found["value"]).unwrap()["meets"].as_bool()
}

/// How complete a listing is by its page, as `completeness` must say.
fn completeness(page: &Value, criteria: &Value) -> Value {
    let (intake, sessions) = (&page["intake"], list(&page["sessions"]));
    let any = |value: &Value| !list(value).is_empty();
    let coverage = page["coverage"].as_object().unwrap();
    let parts = [
        ("summary", page["summary"].is_string() || page["description"].is_string()),
        ("topics", any(&page["topics"])),
        ("contact", any(&page["contacts"])),
        ("next_step", intake["next_step"].is_string()),
        (
            "times",
            sessions.iter().any(|one| one["schedule"].is_object() || one["form"] == "always_open"),
        ),
        (
            "place",
            page["chapters"].is_object()
                || !coverage.is_empty()
                || sessions.iter().any(|one| one["location"].is_object()),
        ),
        ("languages", any(&page["languages"])),
        ("cost", page["cost"].is_object()),
        ("access", any(&intake["access"])),
        (
            "accepting",
            intake["accepting"]["status"].as_str().is_some_and(|status| status != "unknown"),
        ),
        ("ages", page["ages"]["min"].is_u64() || page["ages"]["max"].is_u64()),
        ("accessibility", any(&page["accessibility"])),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(_, has)| !has).map(|(part, _)| *part).collect();
    let filled = parts.len() - missing.len();
    let (mut known, mut verified, mut stale) = (Vec::new(), Vec::new(), Vec::new());
    let mut points = 0;
    let applying = applying(criteria, page);
    for criterion in &applying {
        let all = findings(page, criterion);
        let strongest = all.iter().filter(|found| counts(found)).map(|found| strength(found)).max();
        let key = &criterion["key"];
        known.extend(strongest.map(|_| key));
        verified.extend((strongest == Some(2)).then_some(key));
        stale.extend((!all.is_empty() && strongest.is_none()).then_some(key));
        points += match strongest {
            Some(basis) => [50, 75, 100][basis],
            None if all.is_empty() => 0,
            None => 25,
        };
    }
    let of_criteria = 40 * points / (100 * applying.len());
    let mut told = json!({
        "score": 60 * filled / 12 + of_criteria,
        "parts_filled": filled,
        "parts": 12,
        "criteria": applying.len(),
        "criteria_known": known.len(),
        "criteria_verified": verified.len(),
        "criteria_stale": stale.len(),
    });
    for (name, keys) in [("known", known), ("verified", verified), ("stale", stale)] {
        if !keys.is_empty() {
            told[name] = json!(keys);
        }
    }
    if !missing.is_empty() {
        told["missing"] = json!(missing);
    }
    told
}

/// What is known of some programs together: how many, confirmed, overdue, the sum of their
/// completeness, of the criteria known, verified and stale.
type Sum = [u64; 7];

on_both! {
    async fn the_coverage_is_the_sum_of_what_the_pages_say(database: Database) {
        let (app, pages) = with_pages(database).await;
        let criteria = app.get("/v1/criteria").await.body;
        let terms = app.get("/v1/taxonomies").await.body;
        let mut sums: BTreeMap<(&str, String), Sum> = BTreeMap::new();
        let topics = &terms["data"]["topic"];
        for topic in list(topics) {
            sums.insert(("topic", topic["key"].as_str().unwrap().to_owned()), Sum::default());
        }

        for page in &pages {
            let expected = completeness(page, &criteria);
            assert_eq!(page["completeness"], expected, "{}", page["slug"]);
            let status = page["verification"]["status"].as_str().unwrap();
            let one = [
                1,
                u64::from(status == "confirmed"),
                u64::from(status == "overdue"),
                expected["score"].as_u64().unwrap(),
                expected["criteria_known"].as_u64().unwrap(),
                expected["criteria_verified"].as_u64().unwrap(),
                expected["criteria_stale"].as_u64().unwrap(),
            ];
            let mut groups = BTreeSet::from([("", "everything".to_owned())]);
            groups.extend(words(&page["kinds"]).into_iter().map(|kind| ("kind", kind)));
            groups.extend(words(&page["topics"]).into_iter().map(|topic| ("topic", topic)));
            let places = list(&page["sessions"]).iter().map(|session| &session["location"]);
            let places = places.flat_map(|at| [&at["country"], &at["subdivision"]]);
            let reach = &page["coverage"];
            let reach = words(&reach["countries"]).into_iter().chain(words(&reach["subdivisions"]));
            let regions = places.filter_map(Value::as_str).map(str::to_owned).chain(reach);
            groups.extend(regions.map(|region| ("region", region)));
            if page["coverage"]["worldwide"] == true {
                groups.insert(("region", "worldwide".to_owned()));
            }
            for group in groups {
                let sum = sums.entry(group).or_default();
                sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
            }
        }

        let report = printed(&app, "coverage");
        let mut told = BTreeMap::new();
        let mut part = "";
        for line in report.lines().take_while(|line| !line.starts_with("complete:")) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            match cells[..] {
                [] => {}
                [ref head @ .., "programs", "confirmed", "overdue", "never", "complete", "criteria", "verified", "stale"] => {
                    part = head.first().copied().unwrap_or_default();
                }
                [value, ref numbers @ ..] => {
                    told.insert((part, value.to_owned()), numbers.join(" "));
                }
            }
        }
        let expected = sums.into_iter().map(|(group, sum)| {
            let [programs, confirmed, overdue, score, known, verified, stale] = sum;
            let each = programs.max(1);
            let never = programs - confirmed - overdue;
            let tenths = known * 10 / each;
            let text = format!(
                "{programs} {confirmed} {overdue} {never} {}% {}.{} {verified} {stale}",
                score / each,
                tenths / 10,
                tenths % 10
);
            (group, text)
        });
        assert_eq!(told, expected.collect::<BTreeMap<_, _>>());
        assert!(told[&("", "everything".to_owned())].starts_with("161 1 1 159 "), "{report}");
        app.stop().await;
    }
}
