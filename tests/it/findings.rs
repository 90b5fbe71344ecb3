//! Findings about programs: whose they are, and what becomes of them when a source tells something else.

use peer_directory::catalog::CatalogError;
use peer_directory::domain::{Assessment, Listing};
use serde_json::{Value, json};

use crate::imports::{record, source};
use crate::kept::{Kept, by, organization, program};
use crate::support::on_both;

/// What a curator found about confidentiality, but for `other`.
fn finding(other: &Value) -> Assessment {
    let mut finding = json!({
        "criterion": "confidentiality_policy",
        "value": "stated",
        "basis": "public_source",
        "source_url": "https://riverside.example/rules",
        "assessed_on": "2026-11-22",
        "assessed_by": "curator",
    });
    finding.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    serde_json::from_value(finding).unwrap()
}

fn told(listing: &Listing) -> Vec<(&str, &str, &str)> {
    let assessments = listing.assessments.iter();
    let mut told: Vec<_> = assessments
        .map(|found| (found.criterion.as_str(), found.value.as_str(), found.assessed_by.as_str()))
        .collect();
    told.sort_unstable();
    told
}

on_both! {
    async fn what_a_curator_found_outlives_what_its_source_takes_back(database: Database) {
        let kept = Kept::empty(database);
        let mut grief = record("grief");
        grief.assessments[0].assessed_by = "feed".parse().unwrap();
        kept.catalog.import(&source("feed"), std::slice::from_ref(&grief), |_done| {}).unwrap();
        let id = kept.listings()[0].program.id.to_string();
        let public = kept.catalog.sequence().unwrap();

        // Of the same page, and of another; neither is verified.
        let partly = finding(&json!({ "value": "not_stated" }));
        kept.catalog.assess(&id, &partly).unwrap();
        let other = finding(&json!({ "criterion": "ground_rules", "value": "published" }));
        kept.catalog.assess(&id, &other).unwrap();
        assert_eq!(kept.catalog.sequence().unwrap(), public + 2, "a snapshot is told of each");
        grief.assessments.clear();
        grief.program.summary = Some("Every Tuesday".parse().unwrap());
        kept.catalog.import(&source("feed"), std::slice::from_ref(&grief), |_done| {}).unwrap();

        let curators = [
            ("confidentiality_policy", "not_stated", "curator"),
            ("ground_rules", "published", "curator"),
        ];
        assert_eq!(told(&kept.listing(&id)), curators, "the source's own is gone, and no other");

        let again = finding(&json!({ "value": "stated", "assessed_on": "2026-11-23" }));
        kept.catalog.assess(&id, &again).unwrap();
        let curators = [("confidentiality_policy", "stated", "curator"), curators[1]];
        assert_eq!(told(&kept.listing(&id)), curators, "a newer look takes the place of the older");
    }
}

on_both! {
    async fn both_sides_of_a_conflict_are_kept(database: Database) {
        let kept = Kept::empty(database);
        let mut grief = record("grief");
        grief.assessments[0].assessed_by = "feed".parse().unwrap();
        kept.catalog.import(&source("feed"), &[grief], |_done| {}).unwrap();
        let id = kept.listings()[0].program.id.to_string();

        kept.catalog.assess(&id, &finding(&json!({ "value": "not_stated" }))).unwrap();

        let both = [
            ("confidentiality_policy", "not_stated", "curator"),
            ("confidentiality_policy", "stated", "feed"),
        ];
        assert_eq!(told(&kept.listing(&id)), both);
    }
}

on_both! {
    async fn a_finding_that_no_criterion_knows_is_refused_and_changes_nothing(database: Database) {
        let kept = Kept::empty(database);
        kept.catalog.import(&source("feed"), &[record("grief")], |_done| {}).unwrap();
        let id = kept.listings()[0].program.id.to_string();
        let held = kept.held();

        let police = json!({ "emergency_contact_policy": "perhaps" });
        for (other, field, says) in [
            (json!({ "criterion": "parking" }), "criterion", "there is no criterion `parking`"),
            (json!({ "criterion": "language_access" }), "criterion", "asks it by `language`"),
            (json!({ "value": "perhaps" }), "value", "`perhaps` is none of `"),
            (json!({ "secondary": { "parking": "free" } }), "secondary", "`parking` is none of"),
            (
                json!({ "criterion": "crisis_protocol", "value": "none_stated", "secondary": police }),
                "secondary",
                "emergency_contact_policy: `perhaps` is none of `",
            ),
        ] {
            match kept.catalog.assess(&id, &finding(&other)) {
                Err(CatalogError::Invalid { field: at, reason }) => {
                    assert_eq!(at, field, "{other}: {reason}");
                    assert!(reason.contains(says), "{other}: {reason}");
                }
                answer => panic!("{other}: {answer:?}"),
            }
        }
        let nobodys = "0198a2c4-0000-7000-8000-000000000000";
        let answer = kept.catalog.assess(nobodys, &finding(&json!({})));
        assert!(matches!(answer, Err(CatalogError::NotFound)), "{answer:?}");
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn what_is_found_of_a_draft_waits_with_it(database: Database) {
        let kept = Kept::empty(database);
        let peers = kept.publish(&organization("Riverside Peers"));
        let draft = program("Circle", &peers, &json!({}));
        let id = kept.catalog.create(&draft, &by("a curator")).unwrap();
        let public = kept.catalog.sequence().unwrap();

        kept.catalog.assess(&id, &finding(&json!({}))).unwrap();

        assert_eq!(kept.catalog.sequence().unwrap(), public, "nobody is told of a draft");
        kept.catalog.publish(&id, 1).unwrap();
        assert_eq!(kept.listing(&id).assessments.len(), 1);
    }
}

on_both! {
    async fn a_price_that_was_read_on_a_page_is_a_finding(database: Database) {
        let kept = Kept::empty(database);
        let page = "https://riverside.example/fees";
        let cited = |facts: &str| json!([{ "title": "Fees", "url": page, "facts": [facts] }]);
        let priced = |key: &str, cost: Value, citations: Value| {
            let mut record = record(key);
            record.program.cost = Some(serde_json::from_value(cost).unwrap());
            record.program.citations = serde_json::from_value(citations).unwrap();
            record
        };
        let mut known = priced("known", json!({ "kind": "free" }), cited("cost"));
        known.assessments.push(finding(&json!({
            "criterion": "cost_transparency", "value": "undisclosed",
        })));
        let fee = |note: &str| json!({ "kind": "paid", "note": note });
        let records = [
            priced("a", json!({ "kind": "free" }), cited("cost")),
            priced("b", json!({ "kind": "donation" }), cited("cost")),
            priced("c", json!({ "kind": "sliding" }), cited("cost")),
            priced("d", fee("20 dollars a month"), cited("cost")),
            priced("e", fee("For members"), cited("cost")),
            priced("f", json!({ "kind": "free" }), cited("schedule")),
            known,
        ];
        let report = kept.catalog.import(&source("feed"), &records, |_done| {}).unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused);

        let listings = kept.listings();
        let price = |key: &str| {
            let name = format!("Circle {key}");
            let listing = listings.iter().find(|listing| listing.program.name.as_str() == name);
            let found = listing.unwrap().assessments.iter();
            let mut found = found.filter(|found| found.criterion.as_str() == "cost_transparency");
            let price = found.next()?;
            assert!(found.next().is_none(), "{key}");
            assert_eq!(price.source_url.as_ref().unwrap().as_str() == page, key != "known");
            Some((price.value.to_string(), price.assessed_on))
        };
        let read_on = jiff::civil::date(2026, 11, 22);
        let expected = |value: &str| Some((value.to_owned(), read_on));
        assert_eq!(price("a"), expected("free"));
        assert_eq!(price("b"), expected("voluntary_donation"));
        assert_eq!(price("c"), expected("sliding_scale"));
        assert_eq!(price("d"), expected("fixed_fee_disclosed"));
        assert_eq!(price("e"), None, "nobody knows how much it is");
        assert_eq!(price("f"), None, "no page tells it");
        assert_eq!(price("known"), expected("undisclosed"), "what was found is not said again");

        let again = kept.catalog.import(&source("feed"), &records, |_done| {}).unwrap();
        let unchanged = peer_directory::catalog::Outcome::Unchanged;
        assert_eq!(again.count(unchanged), records.len());
    }
}
