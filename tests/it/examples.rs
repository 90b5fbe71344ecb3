//! The worked examples of the documentation: four people's questions, and what the answers say.

use std::fmt::Write as _;

use actix_web::test;
use peer_directory::catalog::Clock;
use peer_directory::gazetteer::Gazetteer;
use peer_directory::http::{self, Parts};
use peer_directory::jobs::{DEMO_CLOCK, Refresh};
use peer_directory::search::SearchIndex;
use serde_json::{Value, json};

use crate::support::{TestApp, check_file, on_both};

/// Somebody, and what they ask.
struct Example {
    title: &'static str,
    situation: &'static str,
    request: &'static str,
    /// How many of the programs are shown.
    shown: usize,
}

const EXAMPLES: [Example; 4] = [
    Example {
        title: "A parent of a teenager",
        situation: "My daughter is 15, and she has been very low for months.\n\
                    I would like to talk with other parents who have been through this.",
        request: r#"{
  "for": "someone_i_support",
  "audience": ["parents"],
  "topic": ["depression"],
  "near": "Columbus, OH",
  "matters": {"topic": "some", "confidentiality_policy": "some"},
  "explain": true
}"#,
        shown: 3,
    },
    Example {
        title: "A veteran who wants one-on-one",
        situation: "I came back from the war with things that I cannot say in front of a group.\n\
                    I would rather talk with one person who has been there.",
        request: r#"{
  "audience": ["veterans"],
  "topic": ["trauma"],
  "kind": ["one_on_one"],
  "near": "El Paso, TX",
  "matters": {"kind": "a_lot", "topic": "some", "confidentiality_policy": "some"},
  "explain": true
}"#,
        shown: 4,
    },
    Example {
        title: "A Spanish-speaking new mother with evenings free",
        situation: "My baby is two months old, I cry a lot, and I speak Spanish better than English.\n\
                    I can only get away in the evening, when my husband is home.",
        request: r#"{
  "topic": ["perinatal"],
  "audience": ["new_parents"],
  "language": ["es"],
  "near": "Phoenix, AZ",
  "starts_after": "17:00",
  "starts_before": "22:00",
  "matters": {"language": "a_lot", "times": "some", "confidentiality_policy": "a_little"},
  "lang": "es",
  "explain": true
}"#,
        shown: 2,
    },
    Example {
        title: "A person leaving hospital in a rural county",
        situation: "I am 46, and I leave the psychiatric hospital this week for my home in Vernon County, \
                    Wisconsin.\nI do not want to end up there again, and nothing is close.",
        request: r#"{
  "age": 46,
  "topic": ["crisis_alternative", "serious_mental_illness"],
  "near": "Viroqua, WI",
  "matters": {"topic": "a_lot", "near": "some", "crisis_protocol": "some"},
  "explain": true
}"#,
        shown: 5,
    },
];

const HEAD: &str = "\
# Worked examples

Four people, what each would ask `POST /v1/match`, and what the answer says, from the listings that come with the \
program, on a Wednesday in November 2026.
A test asks the questions again and compares: this page is what the program says, and not what we wish it said.

What a person reads is under \"fits\", \"does not fit\", \"nobody knows\" and \"ask them\"; the sum behind the order \
is told at the end of each program, and [ranking.md](ranking.md) says what its terms are.
Nobody has confirmed these listings yet: each says so, and comes with questions.
";

fn texts(list: &Value, field: &str) -> Vec<String> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    list.iter().map(|one| one[field].as_str().unwrap().to_owned()).collect()
}

/// How a program stands to the person.
fn stands(told: &Value) -> String {
    match told["relation"].as_str().unwrap() {
        "near" => format!("{:.0} km away", told["distance_m"].as_f64().unwrap() / 1_000.0),
        "serves_area" => "serves the area".to_owned(),
        "open_to" => "open to the whole country".to_owned(),
        _ => "meets in chapters; its own finder shows the nearest".to_owned(),
    }
}

/// The score and its terms.
fn sum(told: &Value) -> String {
    let terms = ["words", "place", "time", "fit", "freshness", "criteria"].into_iter();
    let terms = terms.map(|term| (term, told["explain"][term].as_f64().unwrap()));
    let terms: Vec<(&str, f64)> = terms.filter(|(_, points)| *points != 0.0).collect();
    let all: f64 = terms.iter().map(|(_, points)| points).sum();
    assert!((all - told["score"].as_f64().unwrap()).abs() < 1e-6, "{told}");
    let terms = terms.iter().map(|(term, points)| format!("{term} {points:.0}"));
    let terms = terms.collect::<Vec<_>>().join(" + ").replace("+ criteria -", "− criteria ");
    format!("{terms} = {all:.0}").replace("= -", "= −")
}

fn program(out: &mut String, number: usize, one: &Value) {
    let told = &one["match"];
    let name = one["name"].as_str().unwrap();
    writeln!(out, "\n### {number}. {name}: {}\n", stands(told)).unwrap();
    writeln!(out, "{}\n", one["summary"].as_str().unwrap()).unwrap();
    let mut lines = |title: &str, texts: &[String]| {
        for text in texts {
            writeln!(out, "* **{title}** {text}").unwrap();
        }
    };
    lines("Fits.", &texts(&told["fits"], "text"));
    lines("Does not fit.", &texts(&told["does_not_fit"], "text"));
    lines("Nobody knows.", &texts(&told["unknown"], "text"));
    lines("Beware.", &texts(&told["warnings"], "text"));
    let notes = one["warnings"].as_array().map_or(&[][..], Vec::as_slice);
    let notes: Vec<String> = notes.iter().map(|note| note.as_str().unwrap().to_owned()).collect();
    lines("Before you go.", &notes);
    let ask = texts(&told["ask"], "question");
    writeln!(out, "* **Ask them.** {}", ask.join(" ")).unwrap();
    writeln!(out, "* {}", sum(told)).unwrap();
}

fn answer(out: &mut String, example: &Example, found: &Value) {
    let Example { title, situation, request, shown } = example;
    writeln!(out, "\n## {title}\n\n{situation}\n\n```json\n{request}\n```\n").unwrap();
    let lines = texts(&found["crisis"]["lines"], "name");
    if let Some(notice) = found["notice"].as_object() {
        writeln!(out, "First of all: {}\n", notice["message"].as_str().unwrap()).unwrap();
    }
    writeln!(out, "Crisis lines in the answer: {}.\n", lines.join(", ")).unwrap();
    let by = &found["relations"];
    let total = &found["page"]["total"];
    writeln!(
        out,
        "{total} programs: {} near, {} serve the area, {} are open to the country, {} meet in chapters.",
        by["near"], by["serves_area"], by["open_to"], by["find_a_chapter"]
    )
    .unwrap();
    for more in found["relaxations"].as_array().map_or(&[][..], Vec::as_slice) {
        let how = match (more["radius_m"].as_u64(), more["parameter"].as_str()) {
            (Some(meters), _) => format!("within {} km", meters / 1_000),
            (_, Some(parameter)) => format!("without `{parameter}`"),
            _ => more["kind"].as_str().unwrap().replace('_', " "),
        };
        writeln!(out, "{} more {how}.", more["more"]).unwrap();
    }
    let results = found["data"].as_array().unwrap();
    assert!(results.len() >= *shown, "{title}: {}", results.len());
    for (at, one) in results.iter().take(*shown).enumerate() {
        program(out, at + 1, one);
    }
}

on_both! {
    async fn the_documented_answers_are_those_of_the_program(database: Database) {
        let stored = TestApp::seeded(database).await;
        let index = SearchIndex::default();
        let refresh = Refresh::new(stored.catalog.clone().by(DEMO_CLOCK), index.clone());
        refresh.run().unwrap();
        let gazetteer = actix_web::web::Data::from(Gazetteer::shared());
        let clock: Clock = DEMO_CLOCK;
        let parts = Parts { clock, ..Parts::searching(index, gazetteer) };
        let app = test::init_service(http::app(parts)).await;

        let mut page = HEAD.to_owned();
        for example in &EXAMPLES {
            let body: Value = serde_json::from_str(example.request).unwrap();
            let request = test::TestRequest::post().uri("/v1/match").set_json(&body);
            let response = test::call_service(&app, request.to_request()).await;
            assert_eq!(response.status(), 200, "{}", example.title);
            let found: Value = test::read_body_json(response).await;
            answer(&mut page, example, &found);
        }

        check_file("docs/examples.md", &page);
        assert!(json!(page).to_string().len() < 40_000, "short enough to be read");
        stored.stop().await;
    }
}
