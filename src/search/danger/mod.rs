//! Words of immediate danger.
//!
//! Whoever types them is shown help in a crisis first. A false alarm costs a line above the
//! results; a miss may cost a life. So slips of the finger are forgiven, and words that may be
//! about oneself or about a subject, as `suicidal thoughts` and `suicide attempt survivors`, count.
//! Those who search for company after a death, `suicide loss` or `grief after overdose`, are not
//! told that they are in danger: what they mean is plain, and being misread hurts. Crisis lines are
//! a part of every answer in any case.
//!
//! The phrases are data, `seed-data/danger.json`, which tells how they are written.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::fold;
use crate::domain::words::words;

words! {
    /// A danger that words speak of.
    pub enum Danger {
        /// They may take their life, or hurt themselves.
        Suicide = "suicide",
        /// Somebody has taken too much.
        Overdose = "overdose",
        /// Somebody hurts or threatens them.
        Violence = "violence",
        /// They may hurt somebody else.
        HarmToOthers = "harm_to_others",
        /// They ask for help at once.
        Crisis = "crisis",
    }
}

/// The danger that a text speaks of, the greatest to life first.
pub fn danger(text: &str) -> Option<Danger> {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        let data = include_str!("../../../seed-data/danger.json");
        serde_json::from_str(data).map(|data| Phrases::new(&data)).unwrap_or_default()
    });
    PHRASES.danger(text)
}

/// The file of phrases.
#[derive(Debug, Deserialize)]
struct Data {
    sets: HashMap<String, String>,
    as_they_are: Vec<String>,
    never: Vec<String>,
    danger: BTreeMap<Danger, Vec<String>>,
}

/// The phrases, ready to be compared.
#[derive(Debug, Default)]
struct Phrases {
    /// Each word of a phrase once, with its letters; its number is its place.
    words: Vec<(String, u32)>,
    numbers: HashMap<String, u16>,
    /// The numbers of the words that begin with a letter.
    by_letter: HashMap<u8, Vec<u16>>,
    as_they_are: Vec<String>,
    never: Rows<()>,
    danger: Rows<Danger>,
}

/// Phrases in order, each with what it says, and by the words they may begin with.
#[derive(Debug)]
struct Rows<T> {
    rows: Vec<(T, Phrase)>,
    beginning: HashMap<u16, Vec<u16>>,
}

type Phrase = Vec<Slot>;

/// A place in a phrase.
#[derive(Debug)]
enum Slot {
    /// One of these words.
    Word { any: Vec<u16>, may_miss: bool },
    /// Up to so many words.
    Gap(usize),
}

/// How many words a gap stands for at most.
const GAP: usize = 4;

/// More words than these are not read.
const MOST_WORDS: usize = 60;

impl Phrases {
    fn new(data: &Data) -> Self {
        let mut phrases = Self { as_they_are: data.as_they_are.clone(), ..Self::default() };
        for phrase in &data.never {
            let phrase = phrases.phrase(phrase, &data.sets);
            phrases.never.push((), phrase);
        }
        for (danger, rows) in &data.danger {
            for row in rows {
                let phrase = phrases.phrase(row, &data.sets);
                phrases.danger.push(*danger, phrase);
            }
        }
        phrases
    }

    fn phrase(&mut self, row: &str, sets: &HashMap<String, String>) -> Phrase {
        let mut slots = Vec::new();
        for slot in row.split(' ') {
            if slot == ".." {
                slots.push(Slot::Gap(GAP));
                continue;
            }
            let (words, may_miss) = match slot.strip_suffix('?') {
                Some(words) => (words, true),
                None => (slot, false),
            };
            let mut any = Vec::new();
            for word in words.split('|') {
                let set = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
                let set = set.and_then(|set| sets.get(set)).map_or(word, String::as_str);
                any.extend(set.split('|').map(|word| self.number(word)));
            }
            slots.push(Slot::Word { any, may_miss });
        }
        slots
    }

    fn number(&mut self, word: &str) -> u16 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
        self.words.push((word.to_owned(), letters(word)));
        if let Some(letter) = word.bytes().next() {
            self.by_letter.entry(letter).or_default().push(number);
        }
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn danger(&self, text: &str) -> Option<Danger> {
        let folded = fold(text);
        let words = folded.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS);
        let mut meant: Vec<Vec<u16>> = words.map(|word| self.meant(word)).collect();
        if meant.iter().all(Vec::is_empty) {
            return None;
        }
        for ((), phrase) in self.never.that_may_be(&meant) {
            for from in 0..meant.len() {
                if let Some(to) = fits(phrase, &meant, from) {
                    meant[from..to].iter_mut().for_each(Vec::clear);
                }
            }
        }
        let found = |phrase: &Phrase| (0..meant.len()).any(|at| fits(phrase, &meant, at).is_some());
        let mut rows = self.danger.that_may_be(&meant).into_iter();
        rows.find(|(_, phrase)| found(phrase)).map(|(danger, _)| *danger)
    }

    /// The words of phrases that a typed word may be.
    fn meant(&self, typed: &str) -> Vec<u16> {
        if let Some(number) = self.numbers.get(typed) {
            return vec![*number];
        }
        if typed.len() < 3 || self.as_they_are.iter().any(|word| word == typed) {
            return Vec::new();
        }
        let own = letters(typed);
        let near = |number: &u16| {
            let (word, of_word) = &self.words[usize::from(*number)];
            let slips = match word.len() {
                0..4 => 0,
                4..8 => 1,
                _ => 2,
            };
            // A slip leaves out a letter, adds one or takes one for another.
            (own ^ of_word).count_ones() <= 2 * slips
                && slips > 0
                && word.len().abs_diff(typed.len()) <= slips as usize
                && strsim::osa_distance(word, typed) <= slips as usize
        };
        // A slip is never in the first letter.
        let alike = typed.bytes().next().and_then(|letter| self.by_letter.get(&letter));
        alike.into_iter().flatten().copied().filter(near).collect()
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), beginning: HashMap::new() }
    }
}

impl<T> Rows<T> {
    fn push(&mut self, says: T, phrase: Phrase) {
        let row = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        for slot in &phrase {
            let Slot::Word { any, may_miss } = slot else { break };
            for word in any {
                self.beginning.entry(*word).or_default().push(row);
            }
            if !may_miss {
                break;
            }
        }
        self.rows.push((says, phrase));
    }

    /// The rows that begin with a word that is there, in order.
    fn that_may_be(&self, words: &[Vec<u16>]) -> Vec<&(T, Phrase)> {
        let beginning = words.iter().flatten().filter_map(|word| self.beginning.get(word));
        let mut rows: Vec<u16> = beginning.flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        rows.into_iter().map(|row| &self.rows[usize::from(row)]).collect()
    }
}

/// The letters that a word has, a bit for each.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |letters, letter| letters | 1 << (letter % 32))
}

/// Where a phrase ends that begins at a word; `None` when it is not there.
fn fits(phrase: &[Slot], words: &[Vec<u16>], at: usize) -> Option<usize> {
    let Some((slot, rest)) = phrase.split_first() else { return Some(at) };
    match slot {
        Slot::Gap(most) => (0..=*most)
            .take_while(|passed| at + passed <= words.len())
            .find_map(|passed| fits(rest, words, at + passed)),
        Slot::Word { any, may_miss } => {
            let here = words.get(at).is_some_and(|meant| meant.iter().any(|n| any.contains(n)));
            let taken = if here { fits(rest, words, at + 1) } else { None };
            if *may_miss { taken.or_else(|| fits(rest, words, at)) } else { taken }
        }
    }
}

#[cfg(test)]
mod tests;
