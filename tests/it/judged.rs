//! Questions that people would ask, with the programs that must come first and those that must not
//! come at all, over the seed and the written town of the demonstration.
//!
//! `tests/fixtures/judged.json` holds for each question: `q` and `params` as the API takes them; `now`
//! where it is not the town's own moment; `first_three`, of which one must be among the first three
//! results; `never`, of which none may be among the first ten; `not_in_first_three`; whether the words
//! speak of `danger`; `crisis_first`, of which one must be the first line; `hard` where the words would
//! have to be understood and not only found; `missed` where the answer is not yet as it should be; and
//! `why`.

use std::collections::BTreeMap;

use actix_web::test;
use jiff::Timestamp;
use peer_directory::catalog::Clock;
use peer_directory::gazetteer::Gazetteer;
use peer_directory::http::{self, Parts};
use peer_directory::jobs::{Refresh, fill_with_demo};
use peer_directory::search::SearchIndex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

/// The moment of questions that do not tell theirs: a Wednesday afternoon in the town.
const TOWN: &str = "2026-11-18T16:30:00-08:00";
/// No question is asked before.
const EARLIEST: &str = "2026-11-16T00:00:00Z";

/// The least mean reciprocal rank of the plain questions, and of the hard ones.
const LEAST: (f64, f64) = (0.96, 0.7);

#[derive(Debug, Deserialize)]
struct Question {
    q: String,
    params: BTreeMap<String, String>,
    now: Option<Timestamp>,
    first_three: Vec<String>,
    never: Vec<String>,
    #[serde(default)]
    not_in_first_three: Vec<String>,
    danger: bool,
    #[serde(default)]
    crisis_first: Vec<String>,
    #[serde(default)]
    hard: bool,
    /// Not yet answered as it should be.
    #[serde(default)]
    missed: bool,
    why: String,
}

fn questions() -> Vec<Question> {
    serde_json::from_str(include_str!("../fixtures/judged.json")).unwrap()
}

/// What is wrong with an answer, and the reciprocal of the place of the first right one.
fn judge(question: &Question, answer: &Value) -> (Vec<String>, f64) {
    let mut wrong = Vec::new();
    let data = answer["data"].as_array();
    let slugs: Vec<&str> =
        data.into_iter().flatten().filter_map(|program| program["slug"].as_str()).collect();
    let first = |count: usize| &slugs[..count.min(slugs.len())];
    for never in first(10).iter().filter(|slug| question.never.iter().any(|one| one == **slug)) {
        wrong.push(format!("has {never}"));
    }
    let decoys = &question.not_in_first_three;
    for decoy in first(3).iter().filter(|slug| decoys.iter().any(|one| one == **slug)) {
        wrong.push(format!("begins with {decoy}"));
    }
    if question.danger != answer.get("notice").is_some() {
        wrong.push(format!("notice: {:?}", answer.get("notice")));
    }
    let line = answer["crisis"]["lines"][0]["key"].as_str().unwrap_or_default();
    if !(question.crisis_first.is_empty() || question.crisis_first.iter().any(|key| key == line)) {
        wrong.push(format!("the first line is {line}"));
    }
    let right = slugs.iter().position(|slug| question.first_three.iter().any(|one| one == slug));
    if !question.hard && !question.first_three.is_empty() && right.is_none_or(|at| at >= 3) {
        wrong.push(format!("{:?} at {right:?}, first are {:?}", question.first_three, first(3)));
    }
    #[expect(clippy::cast_precision_loss, reason = "a place on a page")]
    (wrong, right.map_or(0.0, |at| 1.0 / (at as f64 + 1.0)))
}

on_both! {
    async fn people_find_what_they_ask_for(database: Database) {
        let stored = TestApp::seeded(database).await;
        fill_with_demo(&stored.catalog).unwrap();
        let index = SearchIndex::default();
        let earliest = Clock::Standing(EARLIEST.parse().unwrap());
        let refresh = Refresh::new(stored.catalog.clone().by(earliest), index.clone());
        refresh.run().unwrap();

        let mut by_moment: BTreeMap<Timestamp, Vec<Question>> = BTreeMap::new();
        for question in questions() {
            let moment = question.now.unwrap_or_else(|| TOWN.parse().unwrap());
            by_moment.entry(moment).or_default().push(question);
        }
        let (mut wrong, mut ranks) = (Vec::new(), [Vec::new(), Vec::new()]);
        let (mut asked, mut of_danger, mut missed) = (0, 0, 0);
        for (now, questions) in by_moment {
            let gazetteer = actix_web::web::Data::from(Gazetteer::shared());
            let parts = Parts::searching(index.clone(), gazetteer);
            let parts = Parts { clock: Clock::Standing(now), ..parts };
            let app = test::init_service(http::app(parts)).await;
            for question in questions {
                let mut body = json!(question.params);
                body["q"] = json!(question.q);
                let request = test::TestRequest::post().uri("/v1/programs/search");
                let answer = test::call_service(&app, request.set_json(&body).to_request()).await;
                let status = answer.status();
                let answer: Value = test::read_body_json(answer).await;
                asked += 1;
                of_danger += usize::from(question.danger);
                let (mut found, rank) = judge(&question, &answer);
                body["limit"] = json!("1");
                let request = test::TestRequest::post().uri("/v1/programs/search");
                let one = test::call_service(&app, request.set_json(&body).to_request()).await;
                let one: Value = test::read_body_json(one).await;
                let told = |answer: &Value| {
                    ["/page/total", "/left_out", "/instead"].map(|at| answer.pointer(at).cloned())
                };
                if told(&one) != told(&answer) {
                    found.push(format!("{:?} when one is shown, {:?}", told(&one), told(&answer)));
                }
                if !status.is_success() {
                    found.push(format!("{status}: {answer}"));
                }
                if !question.first_three.is_empty() {
                    ranks[usize::from(question.hard)].push(rank);
                }
                if question.missed {
                    missed += 1;
                    let better = "is answered well now: take `missed` away";
                    found = if found.is_empty() { vec![better.to_owned()] } else { Vec::new() };
                }
                if !found.is_empty() {
                    let Question { q, params, why, .. } = &question;
                    wrong.push(format!("`{q}` {params:?}: {}\n    ({why})", found.join("; ")));
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred questions")]
        let mean = |ranks: &[f64]| ranks.iter().sum::<f64>() / ranks.len() as f64;
        let (plain, hard) = (mean(&ranks[0]), mean(&ranks[1]));
        eprintln!("mean reciprocal rank {plain:.3} of {}, {hard:.3} of {} hard ones",
            ranks[0].len(), ranks[1].len());
        assert!(asked >= 200 && of_danger >= 20, "{asked} questions, {of_danger} of danger");
        assert!(missed <= 3, "{missed} are missed");
        assert!(wrong.is_empty(), "{} of {asked} are wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert!(plain >= LEAST.0 && hard >= LEAST.1, "{plain:.3}, {hard:.3}");
        stored.stop().await;
    }
}
