//! Names, looked for one by one.

use super::*;

const NAMES: [&str; 6] = [
    "Hearing Voices Network",
    "Grief Circle",
    "Voices of Hope",
    "Grief Circle",
    "Circle of Café Friends",
    "Depression and Bipolar Group",
];

fn completions(names: &[&str]) -> Completions {
    let mut completions = Completions::default();
    for (bearer, name) in (0..).zip(names) {
        completions.add(bearer, name, true);
    }
    completions.finish();
    completions
}

fn names(typed: &str, limit: usize) -> Vec<String> {
    let all = completions(&NAMES);
    let found = find(&[Among { names: &all, alive: &|_| true }], typed, limit);
    found.iter().map(|completion| completion.name.to_owned()).collect()
}

#[test]
fn a_name_is_found_by_the_beginning_of_any_word() {
    assert_eq!(names("voi", 9), ["voices of hope", "hearing voices network"]);
    assert_eq!(names("Voices n", 9), ["hearing voices network"]);
    assert_eq!(names("CAFÉ", 9), ["circle of cafe friends"]);
    assert_eq!(names("circle", 1), ["circle of cafe friends"]);
    assert_eq!(names("zebra", 9), Vec::<String>::new());
    assert_eq!(names(" -", 9), Vec::<String>::new());
}

#[test]
fn slips_are_forgiven_when_nothing_goes_on_as_typed() {
    assert_eq!(names("greif", 9), ["grief circle"]);
    assert_eq!(names("hering voi", 9), ["hearing voices network"]);
    assert_eq!(names("deppresion and bip", 9), ["depression and bipolar group"]);
    assert_eq!(names("depresi", 9), ["depression and bipolar group"]);
    assert_eq!(names("hte", 9), Vec::<String>::new());
}

#[test]
fn a_name_that_many_bear_is_there_once_and_as_long_as_one_of_them_is() {
    let all = completions(&NAMES);
    for (gone, left) in [(&[][..], 1), (&[1], 1), (&[1, 3], 0)] {
        let alive = |bearers: &[u32]| bearers.iter().any(|bearer| !gone.contains(bearer));
        let found = find(&[Among { names: &all, alive: &alive }], "grief", 9);

        assert_eq!(found.len(), left, "{gone:?}");
        assert!(found.iter().all(|completion| completion.bearers == [(0, &[1, 3][..])]));
    }
}

/// A text of few words out of few letters, so that many are alike.
fn random_text(random: &mut fastrand::Rng, most: usize) -> String {
    let words: Vec<String> = (0..random.usize(1..=most))
        .map(|_| (0..random.usize(1..8)).map(|_| random.char('a'..='d')).collect())
        .collect();
    words.join(" ")
}

/// What [`find`] promises, by looking at every name.
fn by_hand(names: &BTreeSet<&str>, typed: &str, limit: usize) -> Vec<String> {
    let goes_on = |name: &str, text: &str| {
        let begins = name.starts_with(text);
        let within = name.contains(&format!(" {text}"));
        (begins || within).then(|| rank(begins, true, name.len()))
    };
    let best = |texts: &[String]| {
        let of = |name: &&str| texts.iter().filter_map(|text| goes_on(name, text)).max();
        let mut found: Vec<_> = names.iter().filter_map(|n| Some((of(n)?, *n))).collect();
        found.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        found.into_iter().take(limit).map(|(_, name)| name.to_owned()).collect::<Vec<_>>()
    };
    let plain = best(&[typed.to_owned()]);
    if !plain.is_empty() {
        return plain;
    }
    let words: BTreeSet<&str> = names.iter().flat_map(|name| name.split(' ')).collect();
    let near = |typed: &str, open: bool| -> Vec<String> {
        let distance = |word: &str| {
            let ends = if open { 1..=word.len() } else { word.len()..=word.len() };
            ends.map(|end| strsim::osa_distance(typed, &word[..end])).min().unwrap_or(9)
        };
        let alike = |most: usize| -> Vec<String> {
            let near = words.iter().filter(|word| word[..1] == typed[..1]);
            let near = near.filter(|word| distance(word) <= most).take(CORRECTIONS);
            near.map(|word| (*word).to_owned()).collect()
        };
        (1..=slips(typed)).map(alike).find(|words| !words.is_empty()).unwrap_or_default()
    };
    let mut texts = vec![String::new()];
    let typed_words: Vec<&str> = typed.split(' ').collect();
    for (at, word) in typed_words.iter().enumerate() {
        let is_last = at + 1 == typed_words.len();
        let mut corrected = if !is_last && words.contains(word) {
            vec![(*word).to_owned()]
        } else {
            near(word, is_last)
        };
        if is_last && at > 0 {
            corrected.push((*word).to_owned());
        }
        let each = texts.iter().flat_map(|text| {
            corrected.iter().map(move |word| format!("{text} {word}").trim_start().to_owned())
        });
        texts = each.take(CORRECTIONS).collect();
    }
    best(&texts)
}

#[test]
fn what_is_found_in_one_list_or_several_is_what_looking_at_every_name_finds() {
    let mut random = fastrand::Rng::with_seed(8);
    let (mut plain, mut slipped) = (0, 0);
    for _ in 0..20 {
        let many = random.usize(1..1_500);
        let all: Vec<String> = (0..many).map(|_| random_text(&mut random, 4)).collect();
        let gone: BTreeSet<u32> = (0..place(many)).filter(|_| random.u8(..) < 20).collect();
        // In several lists, some of their bearers gone.
        let mut lists = [(); 3].map(|()| Completions::default());
        for (bearer, name) in (0..).zip(&all) {
            lists[random.usize(..3)].add(bearer, name, true);
        }
        lists.iter_mut().for_each(Completions::finish);
        let alive = |bearers: &[u32]| bearers.iter().any(|bearer| !gone.contains(bearer));
        let among = lists.each_ref().map(|names| Among { names, alive: &alive });
        let whole = completions(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let whole = [Among { names: &whole, alive: &|_| true }];
        let every: BTreeSet<&str> = all.iter().map(String::as_str).collect();
        let left = (0..).zip(&all).filter(|(bearer, _)| !gone.contains(bearer));
        let left: BTreeSet<&str> = left.map(|(_, name)| name.as_str()).collect();
        for _ in 0..300 {
            let typed = random_text(&mut random, 3);
            let limit = random.usize(1..9);
            let named = |found: Vec<Completion<'_>>| -> Vec<String> {
                found.iter().map(|completion| completion.name.to_owned()).collect()
            };
            let wanted = by_hand(&every, &typed, limit);

            assert_eq!(named(find(&whole, &typed, limit)), wanted, "{typed}");

            let wanted = by_hand(&left, &typed, limit);
            let found = named(find(&among, &typed, limit));
            let goes_on =
                |name: &String| name.starts_with(&typed) || name.contains(&format!(" {typed}"));
            if wanted.iter().any(goes_on) || gone.is_empty() {
                assert_eq!(found, wanted, "{typed}");
                plain += 1;
            } else {
                // Words that only those who are gone had still use up corrections.
                assert!(found.iter().all(|name| left.contains(name.as_str())), "{typed}");
                slipped += usize::from(!found.is_empty());
            }
        }
    }
    assert!(plain > 1_000 && slipped > 100, "{plain} {slipped}");
}
#[test]
fn a_name_of_its_own_takes_few_bytes() {
    let mut random = fastrand::Rng::with_seed(4);
    let words: Vec<String> = (0..3_000)
        .map(|_| (0..random.usize(3..10)).map(|_| random.lowercase()).collect())
        .collect();
    let mut all = Completions::default();
    let mut letters = 0;
    for bearer in 0..20_000 {
        let name: Vec<&str> = (0..4).map(|_| words[random.usize(..words.len())].as_str()).collect();
        letters += name.join(" ").len();
        all.add(bearer, &name.join(" "), true);
    }
    all.finish();

    // 12 for the name, 6 for each of its words, and the letters.
    let size = (all.size() - letters) / 20_000;
    assert!(size < 40, "{size} bytes a name beside {} letters", letters / 20_000);
}
