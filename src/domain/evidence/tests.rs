//! The rules of evidence, on random findings.

use proptest::prelude::*;

use super::*;

fn criterion() -> Criterion {
    serde_json::from_value(serde_json::json!({
        "key": "crisis_protocol", "version": 1, "domain": "safety",
        "title": {"en": "Plan"}, "question": {"en": "Is there one?"}, "why": {"en": "It helps."},
        "applies_to": ["online"], "gate": "safety",
        "recorded": {"en": "A value."},
        "values": [
            {"key": "published", "meaning": {"en": "Yes."}, "meets": true},
            {"key": "referral", "meaning": {"en": "Yes, too."}, "meets": true},
            {"key": "not_stated", "meaning": {"en": "Nothing found."}},
            {"key": "none", "meaning": {"en": "No."}, "meets": false},
            {"key": "unknown", "meaning": {"en": "Not known."}},
        ],
        "secondary": [{
            "key": "police", "question": {"en": "Would you call them?"},
            "values": [{"key": "yes", "meaning": {"en": "Yes."}}, {"key": "no", "meaning": {"en": "No."}}],
        }],
    }))
    .unwrap()
}

fn today() -> Date {
    jiff::civil::date(2026, 11, 22)
}

fn found(value: &str, basis: Basis, days_ago: i64, until: Option<i64>) -> Assessment {
    let day = |days: i64| today() + jiff::Span::new().days(days);
    Assessment {
        criterion: "crisis_protocol".parse().unwrap(),
        value: value.parse().unwrap(),
        secondary: std::collections::BTreeMap::new(),
        basis,
        source_url: None,
        assessed_on: day(-days_ago),
        assessed_by: super::super::text::Text::new("curator").unwrap(),
        valid_until: until.map(day),
    }
}

fn stand(all: &[Assessment]) -> Stand {
    criterion().evidence(all, today()).stand
}

fn finding(values: &'static [&'static str]) -> impl Strategy<Value = Assessment> {
    let basis = proptest::sample::select(Basis::ALL);
    let until = proptest::option::of(-3_i64..3);
    (proptest::sample::select(values), basis, 0_i64..4, until)
        .prop_map(|(value, basis, ago, until)| found(value, basis, ago, until))
}

fn findings() -> impl Strategy<Value = Vec<Assessment>> {
    proptest::collection::vec(
        finding(&["published", "referral", "not_stated", "none", "unknown"]),
        0..6,
    )
}

#[test]
fn the_stronger_basis_wins_then_the_newer_day_and_what_expired_does_not_count() {
    let met = |basis, ago| found("published", basis, ago, None);
    let not = |basis, ago| found("none", basis, ago, None);

    assert_eq!(stand(&[]), Stand::Unknown);
    assert_eq!(stand(&[met(Basis::PublicSource, 1)]), Stand::Met);
    assert_eq!(stand(&[met(Basis::Attested, 1)]), Stand::Unknown);
    assert_eq!(stand(&[not(Basis::Attested, 1)]), Stand::NotMet);
    assert_eq!(stand(&[met(Basis::Verified, 90), not(Basis::PublicSource, 1)]), Stand::Met);
    assert_eq!(stand(&[met(Basis::PublicSource, 9), not(Basis::PublicSource, 1)]), Stand::NotMet);
    assert_eq!(stand(&[met(Basis::PublicSource, 1), not(Basis::PublicSource, 1)]), Stand::NotMet);
    assert_eq!(stand(&[found("published", Basis::Verified, 9, Some(-1))]), Stand::Unknown);
    assert_eq!(stand(&[found("published", Basis::Verified, 9, Some(0))]), Stand::Met);
    assert_eq!(
        stand(&[found("unknown", Basis::Verified, 0, None), met(Basis::PublicSource, 5)]),
        Stand::Met
    );
}

#[test]
fn what_says_otherwise_is_kept() {
    let all =
        [found("published", Basis::Verified, 3, None), found("none", Basis::Attested, 1, None)];

    let evidence = criterion().evidence(&all, today());

    assert_eq!((evidence.decides, evidence.others), (Some(&all[0]), vec![&all[1]]));
}

proptest! {
    #[test]
    fn more_that_speaks_for_it_never_lowers_a_stand(all in findings(), more in finding(&["published", "referral"])) {
        let mut with = all.clone();
        with.push(more);
        prop_assert!(stand(&with) >= stand(&all));
    }

    #[test]
    fn more_that_speaks_against_it_never_raises_a_stand(all in findings(), more in finding(&["none"])) {
        let mut with = all.clone();
        with.push(more);
        prop_assert!(stand(&with) <= stand(&all));
    }

    #[test]
    fn the_order_of_the_evidence_does_not_matter(all in findings(), turn in 0_usize..6) {
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len().max(1));
        let criterion = criterion();
        let (one, other) = (criterion.evidence(&all, today()), criterion.evidence(&turned, today()));
        prop_assert_eq!(one.stand, other.stand);
        prop_assert_eq!(one.decides, other.decides);
    }

    #[test]
    fn only_a_public_source_or_a_check_meets_a_criterion(all in findings()) {
        let criterion = criterion();
        let evidence = criterion.evidence(&all, today());
        if evidence.stand == Stand::Met {
            prop_assert!(evidence.decides.is_some_and(|by| by.basis > Basis::Attested && by.counts_on(today())));
        }
    }
}

#[test]
fn a_second_question_is_answered_by_the_strongest_finding_that_answers_it() {
    let answering = |answer: &str, mut found: Assessment| {
        found.secondary = [("police".parse().unwrap(), answer.parse().unwrap())].into();
        found
    };
    let criterion = criterion();
    let answer = |all: &[Assessment]| {
        let found = criterion.answers(&criterion.secondary[0], all, today());
        found.first().map(|(answer, _)| answer.to_string())
    };
    let silent = found("published", Basis::Verified, 0, None);
    let read = answering("no", found("unknown", Basis::PublicSource, 9, None));
    let said = answering("yes", found("published", Basis::Attested, 0, None));
    let newer = answering("yes", found("referral", Basis::PublicSource, 8, None));
    let expired = answering("yes", found("published", Basis::Verified, 1, Some(-1)));

    assert_eq!(answer(&[]), None);
    assert_eq!(answer(std::slice::from_ref(&silent)), None, "it does not tell");
    assert_eq!(answer(std::slice::from_ref(&said)).as_deref(), Some("yes"));
    let all = [silent, said, read, expired];
    assert_eq!(answer(&all).as_deref(), Some("no"), "its criterion need not be known");
    assert_eq!(answer(&[&all[..], &[newer]].concat()).as_deref(), Some("yes"));
    let conflict = criterion.answers(&criterion.secondary[0], &all, today());
    let told: Vec<&str> = conflict.iter().map(|(answer, _)| answer.as_str()).collect();
    assert_eq!(told, ["no", "yes"], "what says otherwise is kept");
}

#[test]
fn a_criterion_that_an_older_version_has_written_still_decides() {
    let mut written = serde_json::to_value(criterion()).unwrap();
    written.as_object_mut().unwrap().remove("recorded");
    written["secondary"][0]["values"] = serde_json::json!(["yes", "no"]);

    let read: Criterion = serde_json::from_value(written).unwrap();

    assert_eq!(read.secondary[0].values[1].key.as_str(), "no");
    let bad = [found("none", Basis::PublicSource, 0, None)];
    assert_eq!(read.evidence(&bad, today()).stand, Stand::NotMet);
}
