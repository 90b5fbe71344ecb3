//! What was likely meant by a word that nobody knows.

use super::fold::fold;
use super::taxonomy::Term;

/// How alike two words must be to be taken for one another: 0 is not at all, 1 is the same.
const ALIKE: f64 = 0.75;

/// The known word that is most like `given`, unless none is like it at all.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let likeness = known.into_iter().map(|word| (strsim::jaro_winkler(word, &given), word));
    most_like(likeness)
}

/// The key of the term that is likely meant: `given` may be like its key, or like a label or a
/// synonym of it in any language.
pub fn nearest_term<'a>(given: &str, terms: impl IntoIterator<Item = &'a Term>) -> Option<&'a str> {
    let folded = fold(given);
    let likeness = |term: &'a Term| {
        let words = term.labels.values().chain(&term.synonyms).map(|word| fold(word));
        let words = words.map(|word| strsim::jaro_winkler(&word, &folded));
        let key = strsim::jaro_winkler(term.key.as_str(), given);
        (words.fold(key, f64::max), term.key.as_str())
    };
    most_like(terms.into_iter().map(likeness))
}

fn most_like<'a>(words: impl Iterator<Item = (f64, &'a str)>) -> Option<&'a str> {
    words
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, word)| word)
}

/// The end of a sentence that says what is not known.
pub fn did_you_mean(likely: Option<&str>) -> String {
    likely.map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(key: &str, label: &str, synonym: &str) -> Term {
        let term = serde_json::json!({
            "taxonomy": "accessibility", "key": key, "labels": { "en": label }, "synonyms": [synonym],
        });
        serde_json::from_value(term).expect("a term")
    }

    #[test]
    fn a_term_is_meant_by_its_key_its_label_and_its_synonyms() {
        let terms = [
            term("step_free", "Step-free", "silla de ruedas"),
            term("captions", "Live captions", "CART"),
        ];

        for (given, meant) in [
            ("stepfree", Some("step_free")),
            ("Silla de Rueda", Some("step_free")),
            ("live_caption", Some("captions")),
            ("cart", Some("captions")),
            ("zzzz", None),
            ("", None),
        ] {
            assert_eq!(nearest_term(given, &terms), meant, "{given}");
        }
    }

    #[test]
    fn a_misspelled_word_is_the_nearest_one() {
        assert_eq!(nearest("Topcis", ["topics", "costs"]), Some("topics"));
        assert_eq!(nearest("xyzzy", ["topics", "costs"]), None);
    }
}
