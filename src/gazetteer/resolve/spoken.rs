//! What people say around a place and instead of it: "I live in Boston", "the Bay Area", "NOLA".

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::fold;

/// What people call places: a name, a tab and the place; several names have a `|` between them.
static NICKNAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let table = include_str!("../../../seed-data/places/nicknames.tsv");
    let rows = table.lines().filter_map(|line| line.split_once('\t'));
    rows.flat_map(|(names, place)| names.split('|').map(move |name| (fold(name), place))).collect()
});

/// The place that somebody means by a nickname.
pub(super) fn nickname(text: &str) -> Option<&'static str> {
    NICKNAMES.get(&fold(text)).copied()
}

/// All nicknames, with the places that are meant.
#[cfg(test)]
pub(super) fn nicknames() -> impl Iterator<Item = (&'static str, &'static str)> {
    NICKNAMES.iter().map(|(name, place)| (name.as_str(), *place))
}

/// Words before a place, the longer first.
const BEFORE: [&str; 24] = [
    "i live in",
    "we live in",
    "living in",
    "i am in",
    "im in",
    "close to",
    "not far from",
    "outside of",
    "city of",
    "town of",
    "county of",
    "greater",
    "downtown",
    "central",
    "metro",
    "metropolitan",
    "near",
    "around",
    "outside",
    "in",
    "vivo en",
    "cerca de",
    "en",
    "the",
];

/// Words after a place.
const AFTER: [&str; 8] =
    ["metropolitan area", "metro area", "area", "downtown", "region", "metro", "city", "suburbs"];

/// The place without such words before it, and without those after it as well. What is after a comma stays: it
/// is a region.
pub(super) fn without_words_around(text: &str) -> Vec<String> {
    let mut parts = text.splitn(2, ',');
    let name = fold(parts.next().unwrap_or_default());
    let region = parts.next();
    let mut place = name.as_str();
    while let Some(rest) =
        BEFORE.iter().find_map(|word| place.strip_prefix(word)?.strip_prefix(' '))
    {
        place = rest;
    }
    let alone = AFTER.iter().find_map(|word| place.strip_suffix(word)?.strip_suffix(' '));
    let region = region.map_or_else(String::new, |region| format!(",{region}"));
    let places = std::iter::once(place).filter(|place| *place != name).chain(alone);
    places.filter(|place| !place.is_empty()).map(|place| format!("{place}{region}")).collect()
}
