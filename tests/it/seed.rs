//! The listings and words that come with the program.

use std::collections::{BTreeMap, BTreeSet};

use peer_directory::domain::{
    Channel, Criterion, ProgramDraft, Taxonomy, TermKey, VerificationStatus,
};
use peer_directory::jobs;
use peer_directory::search::SearchIndex;

use crate::choosing::seeded::PRICES;
use crate::imports::program_says;
use crate::kept::{Kept, Public};
use crate::support::{TestApp, on_both};

/// Listings that there is a reason to doubt: an old page, money that was to end, a pause.
const UNCERTAIN: [&str; 18] = [
    "aqrp-pairs-aidants",
    "bmhc-montreal-peer",
    "david-romprey-oregon-warmline",
    "diskussionsforum-depression",
    "fountain-house-bronx",
    "granite-pathways",
    "grow-berwick",
    "hacienda-of-hope",
    "kids-help-phone-peer-community",
    "lgbt-youth-chatrooms",
    "mdao-phone-peer",
    "q-chat-space",
    "recovery-international-allegan",
    "relief-quebec",
    "rethink-manchester",
    "rethink-who-cares-wellingborough",
    "rosewood-cottage",
    "safe-call-now",
];

/// Numbers and options that people still pass on and nobody answers any more.
const RETIRED: [&str; 6] = [
    // The option of 988 for LGBTQ+ youth ended on 17 July 2025.
    "press 3",
    "option 3",
    // Samaritans no longer answer texts, and their e-mail is not for a crisis.
    "07725 90 90 90",
    "0772590",
    "jo@samaritans",
    // The ten digits that 988 replaced.
    "273-8255",
];

on_both! {
    async fn the_seed_is_a_directory_worth_searching(database: Database) {
        let kept = Kept::seeded(database);

        let Public { organizations, listings, .. } = kept.public();

        assert!(listings.len() >= 100, "{}", listings.len());
        let records = jobs::seed_records().unwrap();
        let listed = records.iter().filter(|record| record.unlisted.is_none());
        assert_eq!(listings.len(), listed.count());
        assert!(organizations.len() >= 50, "{}", organizations.len());
        let organizations: BTreeSet<_> = organizations.iter().map(|org| org.id).collect();
        for listing in &listings {
            assert!(organizations.contains(&listing.program.organization.id));
        }
    }
}

on_both! {
    async fn the_dry_run_of_an_upgrade_knows_the_terms_that_come_with_it(database: Database) {
        let kept = Kept::bare(database);
        let mut older = jobs::seed_vocabulary().unwrap();
        older.terms.retain(|term| term.parent.is_none() && term.key.as_str() != "grief");
        kept.catalog.put_vocabulary(&older).unwrap();

        let said = program_says(&["seed", "--dry-run", "--database-url", &kept.database.url]);

        let sums = said.lines().rev().nth(1).unwrap();
        assert!(sums.ends_with(", refuse 0"), "{sums}");
        let rows: Vec<usize> = said
            .lines()
            .filter_map(|line| line.strip_prefix("row ")?.split_once(':')?.0.parse().ok())
            .collect();
        assert_eq!(rows, (1..=rows.len()).collect::<Vec<_>>(), "{said}");
        assert_eq!(rows.len(), jobs::seed_records().unwrap().len());
    }
}

on_both! {
    async fn nothing_in_the_seed_claims_to_be_confirmed(database: Database) {
        let kept = Kept::seeded(database);

        for listing in kept.listings() {
            let status = listing.verification.status(jiff::Timestamp::now());
            assert_eq!(status, VerificationStatus::Unconfirmed, "{}", listing.program.slug);
            assert_eq!(listing.verification.method, None);
        }
    }
}

#[test]
fn what_there_is_reason_to_doubt_carries_a_warning() {
    let records = jobs::seed_records().unwrap();

    for key in UNCERTAIN {
        let record = records.iter().find(|record| record.key == key);
        let record = record.unwrap_or_else(|| panic!("{key} is not in the seed"));
        assert!(!record.program.warnings.is_empty(), "{key}");
    }
    let closed = records.iter().find(|record| record.key == "communities-of-healing").unwrap();
    assert!(closed.unlisted.is_some(), "it has closed");
}

#[test]
fn every_listing_names_its_sources_or_warns_that_it_has_none() {
    for record in jobs::seed_records().unwrap() {
        let named = record.program.citations.iter().any(|citation| citation.url.is_some());
        assert!(named || !record.program.warnings.is_empty(), "{}", record.key);
        assert!(
            record.program.website.is_some()
                || named
                || record.program.citations.iter().any(|citation| !citation.title.is_empty()),
            "{}: nobody could check it",
            record.key
        );
    }
}

#[test]
fn no_number_is_published_that_was_not_seen_at_a_source() {
    for record in jobs::seed_records().unwrap() {
        for contact in &record.program.contacts {
            let number = matches!(contact.channel, Channel::Phone | Channel::Text);
            assert!(
                !number || contact.seen_at_source,
                "{}: {}",
                record.key,
                contact.value.as_str()
            );
        }
    }
}

fn terms_of(draft: &ProgramDraft) -> [(Taxonomy, &Vec<TermKey>); 5] {
    [
        (Taxonomy::Topic, &draft.topics),
        (Taxonomy::Audience, &draft.audiences),
        (Taxonomy::Approach, &draft.approaches),
        (Taxonomy::Accessibility, &draft.accessibility),
        (Taxonomy::Activity, &draft.activities),
    ]
}

#[test]
fn every_term_of_the_seed_is_known_once_and_has_an_english_label() {
    let vocabulary = jobs::seed_vocabulary().unwrap();
    let mut known = BTreeSet::new();

    for term in &vocabulary.terms {
        let key = (term.taxonomy.as_str(), term.key.as_str());
        assert!(known.insert(key), "{key:?} is there twice");
        assert!(term.labels.keys().any(|language| language.as_str() == "en"), "{key:?}");
    }
    for record in jobs::seed_records().unwrap() {
        for (taxonomy, keys) in terms_of(&record.program) {
            let mut seen = BTreeSet::new();
            for key in keys {
                let known = known.contains(&(taxonomy.as_str(), key.as_str()));
                assert!(known, "{}: {taxonomy} {key}", record.key);
                assert!(seen.insert(key), "{}: {taxonomy} {key} twice", record.key);
            }
        }
    }
}

#[test]
fn no_word_of_everyday_language_is_an_abbreviation_of_a_term() {
    // Two words are fine, as in `NA meetings`: they are a name only when they stand together.
    const EVERYDAY: [&str; 7] = ["aca", "add", "did", "dra", "na", "smart", "tea"];

    for term in jobs::seed_vocabulary().unwrap().terms {
        for synonym in &term.synonyms {
            let folded = peer_directory::domain::fold(synonym);
            assert!(!EVERYDAY.contains(&folded.as_str()), "{}: {}", term.key, synonym.as_str());
        }
    }
}

on_both! {
    async fn who_asks_for_one_fellowship_finds_it_and_not_another(database: Database) {
        let app = TestApp::seeded(database).await;

        for (q, first, never) in [
            ("AA", "alcoholics-anonymous-meetings", "al-anon-family-groups"),
            ("AA meeting", "alcoholics-anonymous-meetings", "narcotics-anonymous-meetings"),
            ("NA+", "narcotics-anonymous-meetings", "alcoholics-anonymous-meetings"),
            ("alanon", "al-anon-family-groups", "alcoholics-anonymous-meetings"),
            ("celebrate recovery", "celebrate-recovery", "griefshare"),
        ] {
            let found = app.get(&format!("/v1/programs?limit=100&q={q}")).await;

            let slugs: Vec<&str> = found.body["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|program| program["slug"].as_str().unwrap())
                .collect();
            assert_eq!(slugs.first(), Some(&first), "{q}");
            assert!(!slugs.contains(&never), "{q}: {slugs:?}");
        }
        let both = ["alcoholics-anonymous-meetings", "narcotics-anonymous-meetings"];
        for q in ["AA+or+NA", "aa/na+meetings", "AA+o+NA", "narcotics+anonymous+or+alcoholics+anonymous"] {
            let found = app.get(&format!("/v1/programs?limit=2&q={q}")).await.body;

            let mut slugs: Vec<&str> =
                found["data"].as_array().unwrap().iter().filter_map(|p| p["slug"].as_str()).collect();
            slugs.sort_unstable();
            assert_eq!(slugs, both, "{q}");
            assert!(found.get("left_out").is_none(), "{q}: {}", found["left_out"]);
        }
        app.stop().await;
    }
}

fn criteria() -> BTreeMap<String, Criterion> {
    let guidance = jobs::seed_vocabulary().unwrap().guidance;
    let criteria = guidance.into_iter().filter(|piece| piece.kind == "criterion");
    criteria.map(|piece| (piece.key, serde_json::from_value(piece.document).unwrap())).collect()
}

#[test]
fn every_criterion_has_a_reason_and_a_value_for_not_knowing() {
    let domains: BTreeSet<String> = jobs::seed_vocabulary()
        .unwrap()
        .guidance
        .into_iter()
        .filter(|piece| piece.kind == "domain")
        .map(|piece| piece.key)
        .collect();

    let criteria = criteria();

    assert_eq!(criteria.len(), 22);
    for (key, criterion) in criteria {
        assert!(domains.contains(criterion.domain.as_str()), "{key}: {}", criterion.domain);
        assert!(!criterion.why.is_empty(), "{key}");
        assert!(!criterion.sources.is_empty(), "{key}");
        assert!(!criterion.applies_to.is_empty(), "{key}");
        let unknown = criterion.values.iter().find(|value| value.key.as_str() == "unknown");
        assert!(unknown.is_some_and(|unknown| unknown.meets.is_none()), "{key}: unknown is no no");
        let keys: BTreeSet<&str> =
            criterion.values.iter().map(|value| value.key.as_str()).collect();
        assert_eq!(keys.len(), criterion.values.len(), "{key}: a value is there twice");
    }
}

#[test]
fn every_assessment_answers_a_criterion_with_one_of_its_values() {
    let criteria = criteria();
    let mut count = 0;

    for record in jobs::seed_records().unwrap() {
        for finding in &record.assessments {
            count += 1;
            let of = format!("{}: {}", record.key, finding.criterion);
            let criterion = criteria.get(finding.criterion.as_str());
            let criterion = criterion.unwrap_or_else(|| panic!("{of}"));
            let values: Vec<&str> =
                criterion.values.iter().map(|value| value.key.as_str()).collect();
            assert!(values.contains(&finding.value.as_str()), "{of}: {}", finding.value);
            let says = finding.value.as_str() != "unknown" || !finding.secondary.is_empty();
            assert!(says, "{of}: what is unknown is left out");
            let asked = criterion.applies_to.iter().any(|kind| record.program.kinds.contains(kind));
            assert!(asked, "{of}: it is not asked of such programs");
            for (question, answer) in &finding.secondary {
                let question = criterion.secondary.iter().find(|q| q.key == *question);
                let question = question.unwrap_or_else(|| panic!("{of}: {:?}", finding.secondary));
                assert!(question.values.iter().any(|value| value.key == *answer), "{of}: {answer}");
            }
        }
    }

    // Who leads is told of 124 beside the 203 other values.
    assert_eq!(count, 203 + 124);
}

on_both! {
    async fn what_has_ended_or_lists_others_is_kept_and_not_listed(database: Database) {
        let kept = Kept::seeded(database);

        let unlisted = "SELECT source_key AS cell FROM entities WHERE entity = 'program' \
                        AND status = 'draft' ORDER BY source_key";
        let keys = ["clubhouse-international", "communities-of-healing", "iocdf-support-groups"];
        assert_eq!(kept.texts(unlisted), keys);
        let known = "SELECT assessments.criterion AS cell FROM assessments JOIN entities \
                     ON entities.id = assessments.program_id \
                     WHERE entities.status = 'draft' AND source_url LIKE 'http%' ORDER BY 1";
        let criteria = [
            "cost_transparency",
            "facilitator_training",
            "honest_claims",
            "honest_claims",
            "peer_led",
            "peer_led",
            "voluntary_participation",
        ];
        assert_eq!(kept.texts(known), criteria);
        let why = "SELECT reason AS cell FROM revisions JOIN entities \
                   ON entities.id = revisions.entity_id WHERE entities.status = 'draft' \
                   AND entities.source_key = 'communities-of-healing'";
        assert!(kept.texts(why)[0].starts_with("It has most likely ended"));
    }
}

on_both! {
    async fn every_assessment_of_the_seed_stands_beside_its_program(database: Database) {
        let kept = Kept::seeded(database);

        let listings = kept.listings();

        let count: usize = listings.iter().map(|listing| listing.assessments.len()).sum();
        assert_eq!(count, 198 + 122 + PRICES);
        assert_eq!(kept.held()["assessments"], i64::try_from(203 + 124 + PRICES).unwrap());
    }
}

#[test]
fn the_identity_of_a_seed_program_is_the_same_on_every_install() {
    // Worked out apart from the program: UUIDv5 of the source and the key.
    for (key, id) in [
        ("nami-connection", "fbd779dc-456b-5228-97a2-0902fd539a4f"),
        ("illinois-warm-line", "65d7f918-890b-5530-8452-5c1b6fc821c7"),
        ("dbsa-national-capital", "573a3e4c-f9cd-5e72-9001-d7931ac367f1"),
    ] {
        for database in [crate::support::Database::Sqlite, crate::support::Database::Postgres] {
            let kept = Kept::seeded(database);
            let sql = format!(
                "SELECT id AS cell FROM entities WHERE entity = 'program' AND source_key = '{key}'"
            );

            assert_eq!(kept.texts(&sql), [id], "{key}");
        }
    }
}

#[test]
fn in_the_united_states_the_crisis_line_is_988() {
    let lines = jobs::seed_vocabulary().unwrap().crisis_lines;
    let of = |country: &str| -> Vec<_> {
        let here = |line: &&peer_directory::domain::CrisisLine| {
            line.country.is_some_and(|of| of.as_str() == country)
        };
        lines.iter().filter(here).collect()
    };

    let here = of("US");

    assert_eq!(here[0].phone.as_deref(), Some("988"));
    assert_eq!(here[0].text.as_deref(), Some("988"));
    assert_eq!(here[0].emergency_number.as_deref(), Some("911"));
    assert_eq!(of("CA")[0].phone.as_deref(), Some("988"));
    assert_eq!(of("GB")[0].phone.as_deref(), Some("116 123"));
    assert_eq!(of("GB")[0].text, None, "Samaritans do not answer texts");
    assert!(lines.iter().any(|line| line.country.is_none()), "a finder for everywhere else");
    for line in &lines {
        let reach = [&line.phone, &line.text].iter().any(|number| number.is_some());
        assert!(reach || line.url.is_some(), "{}: how would one reach it?", line.key);
        assert!(line.country.is_none() || line.emergency_number.is_some(), "{}", line.key);
        assert!(line.source_url.is_some(), "{}", line.key);
    }
}

/// Whether one of the digits' runs or words that nobody answers is in a text.
fn retired(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    RETIRED.into_iter().find(|retired| text.contains(retired))
}

on_both! {
    async fn no_number_that_nobody_answers_is_served(database: Database) {
        let kept = Kept::seeded(database);
        let refresh =
            jobs::Refresh::new(kept.catalog.clone(), SearchIndex::default());
        refresh.run().unwrap();
        let snapshot = refresh.index.current().unwrap();

        for line in &snapshot.surroundings().crisis_lines {
            assert_eq!(retired(&serde_json::to_string(line).unwrap()), None, "{}", line.key);
        }
        for listing in kept.listings() {
            let said = serde_json::to_string(&listing.program).unwrap();
            assert_eq!(retired(&said), None, "{}", listing.program.slug);
            let said = serde_json::to_string(&listing.intake).unwrap();
            assert_eq!(retired(&said), None, "{}", listing.program.slug);
        }
    }
}
