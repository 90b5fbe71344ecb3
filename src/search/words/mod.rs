//! Words to programs.
//!
//! A segment's [`Words`] know which words its programs have and in which part; what the terms of
//! the taxonomies are called is in one [`Lexicon`] for all segments, and what somebody typed is
//! understood once, as a [`Wording`].
//!
//! Whether a program is found, and what it is worth, depends on the program, the typed text and
//! the lexicon alone, never on what else there is: it is the same in every segment, and stays the
//! same while other programs come and go. So there is no weight for rare words; all words must
//! occur anyway.

mod finding;
mod lexicon;
mod lists;
mod nearby;
#[cfg(test)]
mod oracle;
mod plain;
mod texts;
mod vocabulary;
mod wording;

use std::collections::HashMap;

pub(super) use finding::Answering;
pub(super) use lexicon::{Lexicon, TermNumber};
use lists::{Growing, Lists, length};
pub(super) use nearby::Nearby;
pub(super) use plain::is_passing;
use plain::telling;
use texts::Texts;
use vocabulary::Vocabulary;
pub(super) use wording::Wording;

use xxhash_rust::xxh3::xxh3_64;

use crate::domain::fold;

/// Where a word stands in a program, best first. The terms of a program come between its
/// organization and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Its name.
    Name = 0,
    /// Another name of it.
    Alias = 1,
    /// The name of its organization.
    Organization = 2,
    /// What is said about it.
    Text = 3,
}

/// What a word is worth in a name.
const NAME_WORTH: u32 = 8_000;

/// What a word is worth that stands for one of a program's terms.
const TERM_WORTH: u32 = 3_000;

impl Part {
    const ALL: [Self; 4] = [Self::Name, Self::Alias, Self::Organization, Self::Text];

    /// What a word is worth here.
    pub(super) const fn worth(self) -> u32 {
        match self {
            Self::Name => NAME_WORTH,
            Self::Alias => 7_000,
            Self::Organization => 4_000,
            Self::Text => 1_000,
        }
    }
}

/// A program that answers to a wording, and what it is worth.
#[cfg(test)]
type Scored = (u32, u32);

/// Every word of every program of a segment.
#[derive(Debug, Default)]
pub(super) struct Words {
    vocabulary: Vocabulary,
    /// The programs of each word.
    lists: Lists,
    /// The programs of each term.
    terms: Lists,
    /// The programs of all words that begin with the same letter or digit.
    letters: Lists,
    texts: Texts,
    /// The programs by their names and their organizations': see [`told_by`].
    names: Vec<u64>,
    building: Building,
}

/// What is gathered until all programs are there.
#[derive(Debug, Default)]
struct Building {
    numbers: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
    /// The first letter of each word.
    letters: Vec<u8>,
    /// The terms of each program, one after the other, and where those of each program end.
    terms: Vec<TermNumber>,
    term_ends: Vec<u32>,
    /// The words of texts that very many programs have.
    common: HashMap<&'static str, Vec<u32>, foldhash::fast::RandomState>,
}

impl Building {
    /// The numbers of the words of a folded text; new words get theirs.
    fn numbers_of(&mut self, folded: &str) -> impl Iterator<Item = u32> {
        folded.split(' ').filter(|word| !word.is_empty()).map(|word| {
            let known = self.numbers.get(word).copied();
            known.unwrap_or_else(|| {
                let number = length(self.letters.len());
                self.numbers.insert(word.into(), number);
                self.letters.push(letter(word));
                number
            })
        })
    }
}

impl Words {
    /// Adds a text of a program. Programs come in ascending order.
    pub(super) fn add(&mut self, program: u32, part: Part, text: &str) {
        let folded = fold(text);
        if part <= Part::Organization {
            self.names.extend(names(text, &folded).iter().map(|name| told_by(name, program)));
        }
        self.texts.add(program, part, self.building.numbers_of(&folded));
    }

    /// Adds to what is said about a program what is said about very many.
    pub(super) fn add_common(&mut self, program: u32, text: &'static str) {
        let Building { common, .. } = &self.building;
        if !common.contains_key(text) {
            let numbers = self.building.numbers_of(&fold(text)).collect();
            self.building.common.insert(text, numbers);
        }
        let numbers = self.building.common.get(text).into_iter().flatten();
        self.texts.add(program, Part::Text, numbers.copied());
    }

    /// Adds the terms of a program, with the wider ones. Programs come in ascending order.
    pub(super) fn add_terms(&mut self, program: u32, terms: impl Iterator<Item = TermNumber>) {
        let Building { terms: all, term_ends, .. } = &mut self.building;
        // Of those before it that have none, too.
        term_ends.resize(program as usize, length(all.len()));
        all.extend(terms);
        term_ends.push(length(all.len()));
    }

    /// Closes the index: from now on words can be found in it, and nothing can be added. Programs are
    /// numbered by `order`, which has the numbers that they came in.
    pub(super) fn finish(&mut self, order: &[u32]) {
        let mut building = std::mem::take(&mut self.building);
        let programs = length(order.len());
        building.term_ends.resize(order.len(), length(building.terms.len()));
        self.vocabulary =
            Vocabulary::new(building.numbers.iter().map(|(word, number)| (word.as_ref(), *number)));
        drop(building.numbers);
        let growing = |count: usize| -> Vec<Growing> {
            std::iter::repeat_with(Growing::default).take(count).collect()
        };
        let mut lists = growing(building.letters.len());
        let mut letters = growing(LETTERS);
        let mut terms =
            growing(building.terms.iter().map(|n| usize::from(n.0) + 1).max().unwrap_or(0));
        let mut texts = Texts::default();
        let mut number_of = vec![0; order.len()];
        for (program, came) in (0..).zip(order) {
            number_of[*came as usize] = program;
            texts.take(&self.texts, *came, |part, word| {
                lists[word as usize].add(program, part);
                letters[usize::from(building.letters[word as usize])].add(program, part);
            });
            let came = *came as usize;
            let from = came.checked_sub(1).map_or(0, |before| building.term_ends[before]);
            for term in &building.terms[from as usize..building.term_ends[came] as usize] {
                terms[usize::from(term.0)].add(program, Part::Name);
            }
        }
        texts.finish();
        self.texts = texts;
        self.lists = Lists::pack(lists, programs);
        self.terms = Lists::pack(terms, programs);
        self.letters = Lists::pack(letters, programs);
        for name in &mut self.names {
            *name = *name >> 32 << 32 | u64::from(number_of[bearer(*name) as usize]);
        }
        self.names.sort_unstable();
        self.names.dedup();
        self.names.shrink_to_fit();
    }

    /// How many bytes it takes.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        let lists = self.lists.size() + self.terms.size() + self.letters.size();
        let names = self.names.len() * size_of::<u64>();
        lists + self.vocabulary.size() + self.texts.size() + names
    }
}

/// What a name and one of its programs are told by: half of a hash, then the program. That another name has
/// the same half, and a program of that name all the words, is as good as impossible.
fn told_by(name: &str, program: u32) -> u64 {
    xxh3_64(name.as_bytes()) >> 32 << 32 | u64::from(program)
}

/// The program that is told.
fn bearer(told: u64) -> u32 {
    let [.., a, b, c, d] = told.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// What a name is called by, folded and without what tells nothing: all of it; what stands before brackets,
/// when that is more than a word; and in them, when these are its first letters: `National Alliance on Mental
/// Illness (NAMI)`.
fn names(text: &str, folded: &str) -> Vec<String> {
    let mut names = vec![telling(folded).join(" ")];
    if let Some((before, after)) = text.split_once('(') {
        let (before, within) = (fold(before), fold(after.split(')').next().unwrap_or_default()));
        let letters =
            |words: &[&str]| words.iter().filter_map(|word| word.chars().next()).collect();
        let all: Vec<&str> = before.split(' ').collect();
        let some = telling(&before);
        if [letters(&all), letters(&some)].contains(&within) {
            names.push(within);
        }
        if some.len() > 1 {
            names.push(some.join(" "));
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Digits and letters that a word may begin with.
const LETTERS: usize = 36;

/// The number of a word's first letter.
fn letter(word: &str) -> u8 {
    match word.bytes().next() {
        Some(letter @ b'a'..=b'z') => letter - b'a' + 10,
        Some(digit @ b'0'..=b'9') => digit - b'0',
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Term;

    const PSYCHOSIS: u16 = 0;
    const PERINATAL: u16 = 1;
    const ALCOHOL: u16 = 2;
    const DEPRESSION: u16 = 3;

    fn lexicon() -> Lexicon {
        let terms: Vec<Term> = serde_json::from_value(serde_json::json!([
            { "taxonomy": "topic", "key": "psychosis",
              "labels": { "en": "Psychosis", "es": "Psicosis" }, "synonyms": ["hearing voices"] },
            { "taxonomy": "topic", "key": "perinatal",
              "labels": { "en": "Pregnancy and after birth" }, "synonyms": ["baby blues"] },
            { "taxonomy": "topic", "key": "alcohol",
              "labels": { "en": "Alcohol" }, "synonyms": ["AA", "Alcoholics Anonymous"] },
            { "taxonomy": "topic", "key": "depression",
              "labels": { "en": "Depression", "es": "Depresión" } },
        ]))
        .unwrap();
        Lexicon::new(&terms)
    }

    fn words() -> Words {
        let mut words = Words::default();
        for (number, name, text, terms) in [
            (0, "Open Door", "Whoever has unusual experiences", vec![PSYCHOSIS]),
            (1, "New Moms Circle", "Before and after the birth", vec![PERINATAL]),
            (2, "Tuesday Table", "Living without drinking", vec![ALCOHOL]),
            (3, "Grief Circle", "For those who are grieving a parent", vec![]),
            (4, "Café Mut", "Trauer, grief and depression", vec![DEPRESSION]),
            (5, "The Baby Steps (TBS)", "No blues here", vec![]),
        ] {
            words.add(number, Part::Name, name);
            words.add(number, Part::Text, text);
            words.add_terms(number, terms.into_iter().map(TermNumber));
        }
        words.finish(&[0, 1, 2, 3, 4, 5]);
        words
    }

    /// All programs there are here.
    const ALL: &[(u32, u64)] = &[(0, 0b11_1111)];

    fn found(text: &str) -> Option<Vec<u32>> {
        let wording = Wording::read(text, &lexicon())?;
        let found = words().find(&wording, ALL).scored();
        Some(found.into_iter().map(|(program, _)| program).collect())
    }

    fn recognised(text: &str) -> Vec<u16> {
        let wording = Wording::read(text, &lexicon()).unwrap();
        wording.terms().map(|TermNumber(number)| number).collect()
    }

    #[test]
    fn every_word_must_occur_and_the_last_may_go_on() {
        assert_eq!(found("grief"), Some(vec![3, 4]));
        assert_eq!(found("grie"), Some(vec![3, 4]));
        assert_eq!(found("cir"), Some(vec![1, 3]));
        assert_eq!(found("cir "), Some(vec![]));
        assert_eq!(found("CAFE gri"), Some(vec![4]));
        assert_eq!(found("circle parents"), Some(vec![3]));
        assert_eq!(found("circle zebra"), Some(vec![]));
        assert_eq!(found("the grief support group"), Some(vec![3, 4]));
        assert_eq!(found("!!"), None);
    }

    #[test]
    fn what_a_term_is_called_finds_the_programs_that_have_it() {
        assert_eq!(found("hearing voices"), Some(vec![0]));
        assert_eq!(found("hering voi"), Some(vec![0]));
        assert_eq!(found("psicosis"), Some(vec![0]));
        assert_eq!(found("baby blues"), Some(vec![1, 5]));
        assert_eq!(found("blues"), Some(vec![5]));
        assert_eq!(found("AA meeting"), Some(vec![2]));
        assert_eq!(recognised("Tuesday AA"), [ALCOHOL]);
        assert_eq!(Wording::read("Tuesday AA", &lexicon()).unwrap().most(), 3 * 8_000);
        assert_eq!(recognised("baby blues group"), [PERINATAL]);
        assert_eq!(recognised("open door"), Vec::<u16>::new());
    }

    #[test]
    fn slips_are_forgiven_but_not_on_the_first_letter_and_not_in_short_words() {
        assert_eq!(found("greif "), Some(vec![3, 4]));
        assert_eq!(found("deppresion "), Some(vec![4]));
        assert_eq!(found("rgief "), Some(vec![]));
        assert_eq!(found("cafa "), Some(vec![4]));
        assert_eq!(found("mat "), Some(vec![]));
    }

    #[test]
    fn phrases_and_exclusions() {
        assert_eq!(found(r#""grieving a parent""#), Some(vec![3]));
        assert_eq!(found(r#""parent grieving""#), Some(vec![]));
        assert_eq!(found(r#""baby blues""#), Some(vec![1]));
        assert_eq!(found("grief -depression"), Some(vec![3]));
        assert_eq!(found(r#"circle -"new moms""#), Some(vec![3]));
        assert_eq!(found("-circle -blues"), Some(vec![0, 2, 4]));
    }

    #[test]
    fn of_what_has_an_or_between_one_is_enough() {
        assert_eq!(found("depression or AA"), Some(vec![2, 4]));
        assert_eq!(found("AA/psicosis"), Some(vec![0, 2]));
        assert_eq!(found("hearing voices or baby blues or tuesday"), Some(vec![0, 1, 2]));
        assert_eq!(found("grief or blues circle"), Some(vec![3]));
        assert_eq!(found("circle grief or moms"), Some(vec![1, 3]));
        // Nothing on one side, and what says little: all must occur.
        for text in ["grief or", "or grief", "grief or group", "grief in or near"] {
            assert_eq!(found(&format!("{text} ")), found("grief "), "{text}");
        }
        let named = |text: &str| words().named(&Wording::read(text, &lexicon()).unwrap());
        assert_eq!(named("open door or TBS"), [0, 5]);
    }

    #[test]
    fn a_whole_name_is_told_from_a_part_of_one() {
        let named = |text: &str| words().named(&Wording::read(text, &lexicon()).unwrap());
        let names_of = |text: &str| names(text, &fold(text));
        assert_eq!(named("open door"), [0]);
        assert_eq!(named("Open  DOOR!"), [0]);
        assert_eq!(named("the open door meeting"), [0]);
        assert_eq!(named("\"open door\""), [0]);
        assert_eq!(named("open door -blues"), [0]);
        assert_eq!(names_of("Grief (Portland)"), ["grief portland"]);
        assert_eq!(names_of("Night Owls (Women)"), ["night owls women", "night owls"]);
        for text in ["baby steps", "TBS", "the tbs meetings", "Baby steps (TBS)"] {
            assert_eq!(named(text), [5], "{text}");
        }
        for other in
            ["open", "open doors", "door open", "no blues here", "new open door", "\"open\" door"]
        {
            assert_eq!(named(other), [0; 0], "{other}");
        }
    }

    #[test]
    fn a_name_is_worth_more_than_a_text_and_the_word_more_than_its_like() {
        let worths = |text| {
            let found = words().find(&Wording::read(text, &lexicon()).unwrap(), ALL);
            found.scored().into_iter().collect::<HashMap<_, _>>()
        };
        let (exact, typo) = (worths("grief "), worths("grieff "));

        assert!(exact[&3] > exact[&4]);
        assert!(typo[&3] < exact[&4]);
        assert!(worths("circ")[&3] < worths("circle")[&3]);
    }

    #[test]
    fn a_program_takes_little_memory() {
        let mut random = fastrand::Rng::with_seed(9);
        let mut words = Words::default();
        // Few words are common and most are rare, as in any language.
        let mut some = |count: usize| -> String {
            let word = |random: &mut fastrand::Rng| {
                format!("w{} ", 2_u32.pow(random.u32(..13)) + random.u32(..9))
            };
            (0..count).map(|_| word(&mut random)).collect()
        };
        for program in 0..5_000 {
            words.add(program, Part::Name, &some(4));
            words.add(program, Part::Organization, &some(3));
            words.add(program, Part::Text, &some(50));
            let number = u16::try_from(program % 115).unwrap();
            words.add_terms(program, (0..6).map(|next| TermNumber((number + next * 5) % 115)));
        }
        words.finish(&(0..5_000).collect::<Vec<u32>>());

        assert!(words.size() / 5_000 < 250, "{} bytes a program", words.size() / 5_000);
    }
}
