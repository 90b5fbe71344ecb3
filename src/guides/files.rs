//! The files that guides are made of.

/// What guides rest on, by key.
pub(super) const SOURCES: &str = include_str!("../../seed-data/guides/sources.json");
/// The words around guides, by language.
pub(super) const WORDS: &str = include_str!("../../seed-data/guides/words.json");

/// Language, key and text of every guide.
pub(super) const GUIDES: &[(&str, &str, &str)] = &[
    ("en", "how-to-choose", include_str!("../../seed-data/guides/en/how-to-choose.md")),
    (
        "en",
        "kinds-of-peer-support",
        include_str!("../../seed-data/guides/en/kinds-of-peer-support.md"),
    ),
    ("en", "questions-to-ask", include_str!("../../seed-data/guides/en/questions-to-ask.md")),
    ("en", "warning-signs", include_str!("../../seed-data/guides/en/warning-signs.md")),
    ("en", "what-it-can-do", include_str!("../../seed-data/guides/en/what-it-can-do.md")),
    (
        "en",
        "what-peer-support-is",
        include_str!("../../seed-data/guides/en/what-peer-support-is.md"),
    ),
    (
        "en",
        "what-people-get-from-it",
        include_str!("../../seed-data/guides/en/what-people-get-from-it.md"),
    ),
    (
        "en",
        "when-it-is-not-enough",
        include_str!("../../seed-data/guides/en/when-it-is-not-enough.md"),
    ),
    ("en", "your-first-visit", include_str!("../../seed-data/guides/en/your-first-visit.md")),
    ("es", "how-to-choose", include_str!("../../seed-data/guides/es/how-to-choose.md")),
    (
        "es",
        "kinds-of-peer-support",
        include_str!("../../seed-data/guides/es/kinds-of-peer-support.md"),
    ),
    ("es", "questions-to-ask", include_str!("../../seed-data/guides/es/questions-to-ask.md")),
    ("es", "warning-signs", include_str!("../../seed-data/guides/es/warning-signs.md")),
    ("es", "what-it-can-do", include_str!("../../seed-data/guides/es/what-it-can-do.md")),
    (
        "es",
        "what-peer-support-is",
        include_str!("../../seed-data/guides/es/what-peer-support-is.md"),
    ),
    (
        "es",
        "what-people-get-from-it",
        include_str!("../../seed-data/guides/es/what-people-get-from-it.md"),
    ),
    (
        "es",
        "when-it-is-not-enough",
        include_str!("../../seed-data/guides/es/when-it-is-not-enough.md"),
    ),
    ("es", "your-first-visit", include_str!("../../seed-data/guides/es/your-first-visit.md")),
];
