//! What people read for the values of facets.

use std::borrow::Cow;

use crate::domain::Taxonomy;
use crate::search::{FacetField, Field, Snapshot};

/// Names of languages in English; others are shown by their tag.
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "Arabic"),
    ("ase", "American Sign Language"),
    ("bfi", "British Sign Language"),
    ("cs", "Czech"),
    ("cy", "Welsh"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hu", "Hungarian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mi", "Māori"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("so", "Somali"),
    ("sv", "Swedish"),
    ("tl", "Tagalog"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// What people read for a value of a facet, in `lang` where there is a label in it.
pub(super) fn label<'a>(
    snapshot: &'a Snapshot,
    facet: FacetField,
    value: &'a str,
    lang: &str,
) -> Cow<'a, str> {
    let taxonomy = match facet {
        FacetField::Field(Field::Topic) => Taxonomy::Topic,
        FacetField::Field(Field::Audience) => Taxonomy::Audience,
        FacetField::Field(Field::Approach) => Taxonomy::Approach,
        FacetField::Field(Field::Accessibility) => Taxonomy::Accessibility,
        FacetField::Field(Field::Activity) => Taxonomy::Activity,
        FacetField::Field(Field::Language) => {
            let name = LANGUAGES.iter().find(|(tag, _)| *tag == value);
            return Cow::Borrowed(name.map_or(value, |(_, name)| name));
        }
        FacetField::Field(Field::For) => {
            return Cow::Borrowed(if value == "self" {
                "For myself"
            } else {
                "For someone I support"
            });
        }
        _ => return Cow::Owned(plain(value)),
    };
    snapshot
        .term(taxonomy, value)
        .map_or(Cow::Borrowed(value), |term| Cow::Borrowed(term.label(lang)))
}

/// A word of the API as people read it: `one_on_one` becomes `One on one`.
fn plain(word: &str) -> String {
    let mut text = word.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
