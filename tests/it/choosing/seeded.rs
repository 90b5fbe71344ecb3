//! What the seed knows of criteria.

use std::collections::{BTreeMap, BTreeSet};

use peer_directory::domain::Basis;
use peer_directory::jobs;
use serde_json::Value;

use crate::support::{TestApp, on_both};

/// Research found 203 values. Five are of three programs that are kept and not listed.
const FINDINGS: usize = 198;
/// And who leads, where a page tells.
const LEADERS: usize = 122;
/// And what it costs, where the listing has the page that tells it.
pub(crate) const PRICES: usize = 29;

/// Where research named a publisher and no page.
const WITHOUT_A_PAGE: [(&str, &str); 5] = [
    ("alcoholics-anonymous", "cost_transparency"),
    ("alcoholics-anonymous", "honest_claims"),
    ("alcoholics-anonymous", "medication_neutrality"),
    ("togetherall", "active_moderation"),
    ("togetherall", "ground_rules"),
];

on_both! {
    async fn every_sourced_value_of_the_seed_arrives_with_its_source(database: Database) {
        let app = TestApp::seeded(database).await;
        let records = jobs::seed_records().unwrap();
        let export = app.get("/v1/export/programs.ndjson").await;
        let text = String::from_utf8(export.bytes).unwrap();
        let programs: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let by_name: BTreeMap<(&str, &str), &Value> = programs
            .iter()
            .map(|program| {
                let organization = program["organization"]["id"].as_str().unwrap();
                ((program["name"].as_str().unwrap(), organization), program)
            })
            .collect();

        let (mut arrived, mut leaders, mut prices) = (0, 0, 0);
        let mut without = BTreeSet::new();
        for record in &records {
            let organization = record.program.organization_id.to_string();
            let program = by_name.get(&(record.program.name.as_str(), organization.as_str()));
            assert_eq!(program.is_none(), record.unlisted.is_some(), "{}", record.key);
            let Some(program) = program else { continue };
            let told = program["provenance"]["assessments"].as_array().unwrap();
            // All was read on one day.
            let found = record.findings(jiff::civil::date(2026, 11, 21));
            assert_eq!(told.len(), found.len(), "{}", record.key);
            for found in &found[record.assessments.len()..] {
                assert!(told.contains(&serde_json::to_value(found).unwrap()), "{found:?}");
                assert_eq!(found.criterion.as_str(), "cost_transparency", "{}", record.key);
                prices += 1;
            }
            for found in &record.assessments {
                leaders += usize::from(found.criterion.as_str() == "peer_led");
                assert!(told.contains(&serde_json::to_value(found).unwrap()), "{found:?}");
                assert_eq!(found.basis, Basis::PublicSource);
                if found.source_url.is_none() {
                    without.insert((record.key.as_str(), found.criterion.to_string()));
                }
                arrived += 1;
            }
        }

        assert_eq!(arrived - leaders, FINDINGS);
        assert_eq!(leaders, LEADERS);
        assert_eq!(prices, PRICES);
        let expected = WITHOUT_A_PAGE.map(|(key, criterion)| (key, criterion.to_owned()));
        assert_eq!(without, BTreeSet::from(expected));
        app.stop().await;
    }
}
