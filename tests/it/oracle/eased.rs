//! Words that are left out when nothing has all of them, beside strict searches for what is left.

use fastrand::Rng;
use peer_directory::domain::{Taxonomy, Term};
use peer_directory::search::{Choice, Field, Query, Snapshot};

use super::directory::{DIRECTORY, Directory};
use super::facts::folded;
use crate::support::cases;

/// Words that few programs or none have.
const BESIDE: [&str; 7] =
    ["xyzzy", "portland", "quetzal", "hammock", "zumba", "doctor", "accordion"];

/// Words that say what everything here is, or that people say beside what they look for: nobody is looked for by
/// them.
const COMMON: [&str; 32] = [
    "group",
    "groups",
    "support",
    "peer",
    "peers",
    "help",
    "meeting",
    "meetings",
    "people",
    "program",
    "grupo",
    "apoyo",
    "groupe",
    "soutien",
    "evening",
    "evenings",
    "morning",
    "friend",
    "living",
    "talking",
    "night",
    "local",
    "someone",
    "tonight",
    "feeling",
    "learning",
    "struggling",
    "suffering",
    "coping",
    "speaking",
    "weekend",
    "hotline",
];

/// Words of names and others, in any order.
fn text(names: &[String], random: &mut Rng) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for _ in 0..random.usize(1..4) {
        let name = &names[random.usize(..names.len())];
        let parts: Vec<&str> = name.split(' ').filter(|word| word.is_ascii()).collect();
        words.extend(parts.get(random.usize(..parts.len().max(1))).map(|word| (*word).to_owned()));
    }
    for _ in 0..random.usize(..3) {
        words.push(BESIDE[random.usize(..BESIDE.len())].to_owned());
    }
    random.shuffle(&mut words);
    words.iter_mut().for_each(|word| word.make_ascii_lowercase());
    words.retain(|word| {
        let plain = word.bytes().all(|letter| letter.is_ascii_alphabetic());
        // Shorter ones may tell nothing.
        plain && word.len() > 4 && !COMMON.contains(&word.as_str())
    });
    words.sort_unstable();
    words.dedup();
    random.shuffle(&mut words);
    words
}

/// The people or the topics that are named, as far as something suitable is for them or about them.
fn point(words: &[String], query: &Query, snapshot: &Snapshot) -> Option<Choice> {
    let served = |taxonomy, field, people: bool| {
        let is_named = |term: &&Term| {
            let mut names = term.labels.values().chain(&term.synonyms).map(|name| folded(name));
            let all = |name: &str| name.split(' ').all(|part| words.iter().any(|w| w == part));
            term.taxonomy == taxonomy && (!people || term.before_need) && names.any(|n| all(&n))
        };
        let named = DIRECTORY.terms.iter().filter(is_named).map(|term| term.key.to_string());
        let choice = |any| Choice { field, any, all: Vec::new(), none: Vec::new() };
        let served = |key: &String| {
            let mut about = Query { words: None, ..query.clone() };
            about.choices.push(choice(vec![key.clone()]));
            snapshot.search(&about).total > 0
        };
        let any: Vec<String> = named.filter(served).collect();
        (!any.is_empty()).then(|| choice(any))
    };
    let people = served(Taxonomy::Audience, Field::Audience, true);
    people.or_else(|| served(Taxonomy::Topic, Field::Topic, false))
}

#[test]
fn as_few_words_are_left_out_as_leave_something_to_find() {
    let snapshot = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let names: Vec<String> =
        DIRECTORY.listings.iter().map(|listing| listing.program.name.to_string()).collect();
    let now = Directory::today();
    // What is called by several words stays together.
    let called: Vec<Vec<String>> = DIRECTORY
        .terms
        .iter()
        .flat_map(|term| term.labels.values().chain(&term.synonyms))
        .map(|name| folded(name).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|name| name.len() > 1)
        .collect();
    let is_part = |word: &String, words: &[String]| {
        let mut with = called.iter().filter(|name| name.contains(word));
        with.any(|name| name.iter().filter(|part| words.contains(part)).count() > 1)
    };
    let (mut eased, mut in_vain, mut wider, mut whole) = (0, 0, 0, 0);
    for case in 0..cases(1_500) {
        let random = &mut Rng::with_seed(case as u64);
        let words = text(&names, random);
        let kinds = ["local_group", "online", "one_on_one"];
        let mut query = Query { words: Some(words.join(" ") + " "), ..Query::all(now) };
        if random.bool() {
            let kind = kinds[random.usize(..3)].to_owned();
            let (all, none) = (Vec::new(), Vec::new());
            query.choices.push(Choice { field: Field::Kind, any: vec![kind], all, none });
        }
        let found = |words: &[&String], point: Option<&Choice>| {
            let text: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
            let mut strict = Query { words: Some(text.join(" ") + " "), ..query.clone() };
            strict.choices.extend(point.cloned());
            snapshot.search(&strict).total
        };
        if words.is_empty() || snapshot.search(&query).total > 0 {
            whole += 1;
            continue;
        }
        let Some(easier) = snapshot.eased(&query) else {
            in_vain += 1;
            if words.len() > 1 {
                for word in words.iter().filter(|word| !is_part(word, &words)) {
                    assert_eq!(found(&[word], None), 0, "{words:?} without all but {word}");
                }
            }
            continue;
        };
        let total = snapshot.search(&easier).total;
        assert!(total > 0, "{words:?} without {:?}", easier.left_out);
        if easier.instead.is_some() {
            wider += 1;
            continue;
        }
        eased += 1;
        let kept = |more: Option<&String>| -> Vec<&String> {
            let stays = |word: &&String| !easier.left_out.contains(word) || Some(*word) == more;
            words.iter().filter(stays).collect()
        };
        assert_eq!(found(&kept(None), None), total, "{words:?} without {:?}", easier.left_out);
        let point = point(&words, &query, &snapshot);
        for back in &easier.left_out {
            assert!(words.contains(back), "{back} of {words:?}");
            if is_part(back, &words) {
                continue;
            }
            assert_eq!(
                found(&kept(Some(back)), point.as_ref()),
                0,
                "{words:?} without {:?} but with {back}",
                easier.left_out
            );
        }
    }
    assert!(
        eased > 300 && whole > 100 && in_vain > 5,
        "{eased} eased, {in_vain} in vain, {wider} wider, {whole} whole"
    );
}
