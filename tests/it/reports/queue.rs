//! What waits for a curator.

use serde_json::{Value, json};

use super::*;
use crate::support::on_both;

/// Why a program waits for a curator, by its page.
fn waits_for(page: &Value, criteria: &Value) -> Vec<(usize, String)> {
    let mut reasons = Vec::new();
    for criterion in applying(criteria, page) {
        let key = criterion["key"].as_str().unwrap();
        let mut all = findings(page, criterion);
        all.retain(|found| counts(found));
        // The stronger basis, then the newer day, then what speaks against it, then what says so.
        all.sort_by_key(|found| {
            let against = match meets(criterion, found) {
                Some(false) => 2,
                Some(true) => 1,
                None => 0,
            };
            (strength(found), found["assessed_on"].as_str(), against, found["value"].as_str())
        });
        let value = |found: &Value| found["value"].as_str().unwrap().to_owned();
        let decides = all.last().copied();
        let known = decides.is_some_and(|found| match meets(criterion, found) {
            Some(good) => !good || strength(found) > 0,
            None => false,
        });
        let ages = &page["ages"];
        let takes_minors = match (ages["min"].as_u64(), ages["max"].as_u64()) {
            (None, max) => max.is_some() || words(&page["audiences"]).contains(&"teens".to_owned()),
            (Some(min), _) => min < 18,
        };
        if key == "youth_safeguarding" && takes_minors && !known {
            reasons.push((0, "safeguarding unknown".to_owned()));
        }
        let Some(found) = decides else { continue };
        if ["safety", "inclusion"].map(|gate| json!(gate)).contains(&criterion["gate"])
            && meets(criterion, found) == Some(false)
        {
            reasons.push((1, format!("bad value: {key} {}", value(found))));
        }
        let others: BTreeSet<String> = all.iter().map(|found| value(found)).collect();
        let others: Vec<String> =
            others.into_iter().filter(|other| *other != value(found)).collect();
        if !others.is_empty() {
            let others = others.join(" or ");
            reasons.push((2, format!("findings differ: {key} {} or {others}", value(found))));
        }
    }
    let verification = &page["verification"];
    if verification["status"] == "overdue" {
        let day = verification["due_at"].as_str().unwrap().split('T').next().unwrap();
        reasons.push((3, format!("review overdue: since {day}")));
    }
    if page["in_doubt"] == true {
        reasons.push((4, "may have ended".to_owned()));
    }
    reasons.sort_by_key(|(rank, _)| *rank);
    reasons
}

on_both! {
    async fn the_queue_is_what_the_pages_say_most_urgent_first(database: Database) {
        let (app, pages) = with_pages(database).await;
        let criteria = app.get("/v1/criteria").await.body;
        let mut waiting: Vec<_> = pages
            .iter()
            .map(|page| (page["slug"].as_str().unwrap().to_owned(), waits_for(page, &criteria)))
            .filter(|(_, reasons)| !reasons.is_empty())
            .map(|(slug, reasons)| (reasons[0].0, Reverse(reasons.len()), slug, reasons))
            .collect();
        waiting.sort();

        let report = printed(&app, "queue");

        let (lines, end) = report.split_once("\n\n").unwrap();
        let mut lines = lines.lines();
        assert_eq!(lines.next().unwrap().split_whitespace().collect::<Vec<_>>(), ["program", "waits", "for"]);
        let told: Vec<(&str, &str)> = lines
            .map(|line| line.split_once(' ').unwrap())
            .map(|(slug, why)| (slug, why.trim_start()))
            .collect();
        let expected: Vec<(&str, String)> = waiting
            .iter()
            .map(|(_, _, slug, reasons)| {
                let why: Vec<&str> = reasons.iter().map(|(_, why)| why.as_str()).collect();
                (slug.as_str(), why.join("; "))
            })
            .collect();
        let expected: Vec<(&str, &str)> =
            expected.iter().map(|(slug, why)| (*slug, why.as_str())).collect();
        assert_eq!(told, expected);
        assert_eq!(
            told[0],
            (
                "made-all-at-once",
                "safeguarding unknown; bad value: crisis_protocol none_stated; findings differ: \
                 crisis_protocol none_stated or crisis_referral_stated or published_protocol; \
                 review overdue: since 2026-03-01; may have ended"
            )
        );
        let named = |slug: &str| told.iter().any(|(known, _)| *known == slug);
        assert!(named("made-not-listed"), "also what is not listed");
        assert!(!named("made-safe-for-the-young") && !named("made-long-ago"), "{told:?}");

        let with = |rank: usize| {
            waiting.iter().filter(|(.., reasons)| reasons.iter().any(|(of, _)| *of == rank)).count()
        };
        let counted: Vec<String> =
            end.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            counted,
            [
                "waits for programs".to_owned(),
                format!("safeguarding unknown {}", with(0)),
                format!("bad value {}", with(1)),
                format!("findings differ {}", with(2)),
                format!("review overdue {}", with(3)),
                format!("may have ended {}", with(4)),
                format!("anything {}", waiting.len()),
            ]
        );
        assert!(with(4) >= 18, "what the seed has doubts about");
        app.stop().await;
    }
}
