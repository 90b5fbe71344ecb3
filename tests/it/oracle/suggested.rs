//! Suggestions against looking at every name, in snapshots made at once and brought up to date.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use peer_directory::domain::{Listing, fold};
use peer_directory::search::Snapshot;

use super::directory::DIRECTORY;
use super::facts::Oracle;

/// Every name that goes on as typed at one of its words, the best first: who begins so before who has
/// a later word that does, a name before another name, the shorter before the longer.
fn named<'a>(
    names: impl Iterator<Item = (&'a str, bool)>,
    typed: &str,
) -> Vec<(String, usize, bool)> {
    let mut all: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for (name, is_main) in names {
        let known = all.entry(fold(name)).or_default();
        known.0 += 1;
        known.1 |= is_main;
    }
    let mut found: Vec<_> = all
        .into_iter()
        .filter(|(name, _)| name.starts_with(typed) || name.contains(&format!(" {typed}")))
        .collect();
    found.sort_by_key(|(name, (_, is_main))| {
        (Reverse(name.starts_with(typed)), Reverse(*is_main), name.len(), name.clone())
    });
    found.into_iter().map(|(name, (bearers, is_main))| (name, bearers, is_main)).collect()
}

/// Some beginning of some word of some name, now and then with a slip.
fn typed(random: &mut Rng, listings: &[Listing]) -> String {
    let program = &listings[random.usize(..listings.len())].program;
    let name = if random.u8(..) < 60 { &program.organization.name } else { &program.name };
    let words: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
    let rest = words[random.usize(..words.len())..].join(" ");
    let mut text = rest[..random.usize(1..=rest.len())].to_owned();
    if random.u8(..) < 60 && text.len() > 5 {
        text.remove(random.usize(1..text.len()));
    }
    fold(&text)
}

fn compare(snapshot: &Snapshot, listings: &[Listing], random: &mut Rng) -> [usize; 3] {
    let mut seen = [0; 3];
    for _ in 0..500 {
        let text = typed(random, listings);
        let limit = random.usize(1..10);
        let found = snapshot.suggest(&text, limit);

        let names = listings.iter().flat_map(|listing| {
            let program = &listing.program;
            let aliases = program.aliases.iter().map(|alias| (alias.as_str(), false));
            std::iter::once((program.name.as_str(), true)).chain(aliases)
        });
        let wanted = named(names, &text);
        let told: Vec<(String, usize)> =
            found.programs.iter().map(|found| (fold(&found.name), found.same_name)).collect();
        if wanted.is_empty() {
            // Slips were forgiven; who is suggested is there.
            let all: BTreeSet<String> =
                listings.iter().map(|listing| listing.program.slug.to_string()).collect();
            assert!(found.programs.iter().all(|found| all.contains(found.slug)), "{text}");
            seen[1] += found.programs.len();
        } else if wanted.iter().all(|(.., is_main)| *is_main) {
            let wanted = wanted.into_iter().map(|(name, bearers, _)| (name, bearers));
            assert_eq!(told, wanted.take(limit).collect::<Vec<_>>(), "{text}");
            seen[0] += told.len();
        }

        let run_by: BTreeMap<_, _> = listings
            .iter()
            .map(|listing| (listing.program.organization.id, &listing.program.organization.name))
            .collect();
        let wanted = named(run_by.values().map(|name| (name.as_str(), true)), &text);
        let told: Vec<String> =
            found.organizations.iter().map(|found| fold(&found.organization.name)).collect();
        let distinct: BTreeSet<_> =
            found.organizations.iter().map(|found| found.organization.id).collect();
        assert_eq!(distinct.len(), told.len(), "{text}");
        assert!(distinct.iter().all(|id| run_by.contains_key(id)), "{text}");
        if !wanted.is_empty() {
            let wanted = wanted.into_iter();
            let wanted = wanted.flat_map(|(name, bearers, _)| vec![name; bearers]);
            assert_eq!(told, wanted.take(limit).collect::<Vec<_>>(), "{text}");
            seen[2] += told.len();
        }
    }
    seen
}

#[test]
fn what_is_suggested_is_what_looking_at_every_name_finds() {
    let random = &mut Rng::with_seed(11);
    let oracle = Oracle::new(&DIRECTORY);
    let snapshot = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let mut seen = compare(&snapshot, &DIRECTORY.listings, random);
    for _ in 0..3 {
        let (mut snapshot, mut changed) = DIRECTORY.outdated(random);
        random.shuffle(&mut changed);
        while !changed.is_empty() {
            let some = random.usize(1..=changed.len().min(60));
            let ids = changed.split_off(changed.len() - some);
            let now = ids.iter().filter_map(|id| oracle.listing(*id));
            let now: Vec<Listing> = now.map(|at| DIRECTORY.listings[at].clone()).collect();
            snapshot = snapshot.updated(1, &ids, &now, &[], Vec::new());
        }
        let more = compare(&snapshot, &DIRECTORY.listings, random);
        seen = std::array::from_fn(|at| seen[at] + more[at]);
    }
    assert!(seen[0] > 1_000 && seen[1] > 100 && seen[2] > 300, "{seen:?}");
}
