//! The curated words: terms, guidance and crisis lines, as they change from version to version.

use peer_directory::catalog::{CatalogError, Vocabulary};
use peer_directory::jobs::{self, Refresh};
use peer_directory::search::SearchIndex;
use peer_directory::store::Guidance;
use serde_json::json;

use crate::kept::Kept;
use crate::support::on_both;

fn question(key: &str, version: u32) -> Guidance {
    let document = json!({ "key": key, "says": format!("{key} in version {version}") });
    Guidance { kind: "question".to_owned(), key: key.to_owned(), version, document }
}

fn guidance(pieces: Vec<Guidance>) -> Vocabulary {
    Vocabulary { terms: vec![], guidance: pieces, crisis_lines: vec![] }
}

on_both! {
    async fn the_seeds_words_come_back_as_they_were_written(database: Database) {
        let seed = jobs::seed_vocabulary().unwrap();
        let kept = Kept::empty(database);

        let directory = kept.public().directory;

        assert_eq!(directory.crisis_lines, seed.crisis_lines);
        assert_eq!(directory.terms.len(), seed.terms.len());
        assert_eq!(directory.guidance.len(), seed.guidance.len());
        for piece in &seed.guidance {
            assert!(directory.guidance.contains(piece), "{} {}", piece.kind, piece.key);
        }
    }
}

on_both! {
    async fn of_a_question_only_the_newest_version_is_asked(database: Database) {
        let kept = Kept::bare(database);
        kept.catalog.put_vocabulary(&guidance(vec![question("a", 1), question("b", 1)])).unwrap();

        // The new version asks them in another order.
        kept.catalog.put_vocabulary(&guidance(vec![question("b", 2), question("a", 2)])).unwrap();

        let asked: Vec<_> =
            kept.public().directory.guidance.into_iter().map(|piece| (piece.key, piece.version)).collect();
        assert_eq!(asked, [("b".to_owned(), 2), ("a".to_owned(), 2)]);
    }
}

on_both! {
    async fn a_crisis_line_that_a_version_retires_is_no_longer_shown(database: Database) {
        let kept = Kept::empty(database);
        let mut next = jobs::seed_vocabulary().unwrap();
        let retired = next.crisis_lines.remove(0);

        kept.catalog.put_vocabulary(&next).unwrap();

        let shown = kept.public().directory.crisis_lines;
        assert!(!shown.iter().any(|line| line.key == retired.key), "{}", retired.key);
        assert_eq!(shown, next.crisis_lines);
    }
}

on_both! {
    async fn a_changed_crisis_line_reaches_a_server_that_is_running(database: Database) {
        let kept = Kept::seeded(database);
        let refresh = Refresh::new(kept.catalog.clone(), SearchIndex::default());
        refresh.run().unwrap();
        let mut next = jobs::seed_vocabulary().unwrap();
        next.crisis_lines[0].phone = Some("000 000".parse().unwrap());

        kept.catalog.put_vocabulary(&next).unwrap();

        refresh.run().unwrap();
        let shown = refresh.index.current().unwrap().surroundings().crisis_lines[0].phone.clone();
        assert_eq!(shown.as_deref(), Some("000 000"));
    }
}

on_both! {
    async fn the_same_words_again_are_no_news(database: Database) {
        let kept = Kept::seeded(database);
        let held = kept.held();

        kept.catalog.put_vocabulary(&jobs::seed_vocabulary().unwrap()).unwrap();

        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn a_term_whose_parent_is_not_there_is_refused(database: Database) {
        let kept = Kept::bare(database);
        let mut words = jobs::seed_vocabulary().unwrap();
        let parent = words.terms.iter().find_map(|term| term.parent.clone()).unwrap();
        words.terms.retain(|term| term.key != parent);

        let refused = kept.catalog.put_vocabulary(&words);

        assert!(matches!(refused, Err(CatalogError::Invalid { .. })), "{refused:?}");
        assert_eq!(kept.held()["terms"], 0);
    }
}
