//! Words to programs.

use std::collections::HashMap;

use crate::domain::fold;

/// Where a word stands in a program, best first; the numbers fit in three bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Name = 0,
    Alias = 1,
    Organization = 2,
    Term = 3,
    Text = 4,
}

/// What a word is worth by where it stands.
const WEIGHTS: [u32; 5] = [80, 70, 40, 30, 10];

/// What a word that only begins so is worth beside the word itself, in percent.
const PREFIX_PERCENT: u32 = 60;

/// Words that tell nothing.
const STOP_WORDS: [&str; 14] =
    ["a", "an", "and", "at", "for", "in", "is", "of", "on", "or", "the", "to", "with", "near"];

/// Every word of every program.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Sorted.
    vocabulary: Vec<Box<str>>,
    /// Where each word's postings begin; one more than there are words.
    starts: Vec<u32>,
    /// Program in the upper 29 bits, best part in the lower three; sorted.
    postings: Vec<u32>,
    building: HashMap<Box<str>, Vec<u32>>,
}

/// A program that has all the words, and what they are worth in it.
pub(super) type Scored = (u32, u32);

impl Words {
    /// Adds a text of a program. Programs come in ascending order, the best parts of each first.
    pub(super) fn add(&mut self, program: u32, part: Part, text: &str) {
        self.add_folded(program, part, &fold(text));
    }

    /// Adds a text that is folded already.
    pub(super) fn add_folded(&mut self, program: u32, part: Part, folded: &str) {
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            if STOP_WORDS.contains(&word) {
                continue;
            }
            let posting = program << 3 | part as u32;
            if let Some(postings) = self.building.get_mut(word) {
                if postings.last().is_none_or(|last| last >> 3 != program) {
                    postings.push(posting);
                }
            } else {
                self.building.insert(word.into(), vec![posting]);
            }
        }
    }

    pub(super) fn finish(&mut self) {
        let mut entries: Vec<_> = std::mem::take(&mut self.building).into_iter().collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        self.postings.reserve_exact(entries.iter().map(|(_, postings)| postings.len()).sum());
        self.starts.push(0);
        for (word, postings) in entries {
            self.vocabulary.push(word);
            self.postings.extend(postings);
            self.starts.push(u32::try_from(self.postings.len()).unwrap_or(u32::MAX));
        }
    }

    /// The programs that have every word of `text`, in ascending order.
    ///
    /// The last word also stands for every word that begins with it.
    /// `None` when there is no word to look for.
    pub(super) fn find(&self, text: &str) -> Option<Vec<Scored>> {
        let folded = fold(text);
        let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        if words.iter().any(|word| !STOP_WORDS.contains(word)) {
            let last_is_open = words.last().is_some_and(|word| STOP_WORDS.contains(word));
            words.retain(|word| !STOP_WORDS.contains(word));
            if last_is_open {
                words.push("");
            }
        } else {
            // Whoever has typed no more than "in the" may be about to type "therapy".
            words.drain(..words.len().saturating_sub(1));
        }
        let (last, whole) = words.split_last()?;
        let mut found = match (whole.is_empty(), last.is_empty()) {
            (true, true) => return None,
            (true, false) => return Some(self.beginning_with(last)),
            (false, true) => None,
            (false, false) => Some(self.beginning_with(last)),
        };
        for word in whole {
            let postings = self.postings_of(word);
            found = Some(match found {
                None => postings.iter().map(|p| (p >> 3, WEIGHTS[(p & 7) as usize])).collect(),
                Some(found) => intersect(&found, postings),
            });
        }
        found
    }

    fn postings_of(&self, word: &str) -> &[u32] {
        match self.vocabulary.binary_search_by(|known| known.as_ref().cmp(word)) {
            Ok(at) => &self.postings[self.starts[at] as usize..self.starts[at + 1] as usize],
            Err(_) => &[],
        }
    }

    fn beginning_with(&self, prefix: &str) -> Vec<Scored> {
        let from = self.vocabulary.partition_point(|word| word.as_ref() < prefix);
        let to = from + self.vocabulary[from..].partition_point(|word| word.starts_with(prefix));
        let mut scored = Vec::new();
        for at in from..to {
            let exact = self.vocabulary[at].len() == prefix.len();
            let percent = if exact { 100 } else { PREFIX_PERCENT };
            let postings = &self.postings[self.starts[at] as usize..self.starts[at + 1] as usize];
            scored.extend(
                postings.iter().map(|p| (p >> 3, WEIGHTS[(p & 7) as usize] * percent / 100)),
            );
        }
        if to - from > 1 {
            scored.sort_unstable_by_key(|(program, score)| (*program, u32::MAX - score));
            scored.dedup_by_key(|(program, _)| *program);
        }
        scored
    }
}

/// The programs in both, their worth added up.
fn intersect(found: &[Scored], postings: &[u32]) -> Vec<Scored> {
    let mut both = Vec::new();
    let (short, long) = (found.len(), postings.len());
    if long / 16 > short {
        // Few candidates against a common word: look each one up.
        for (program, score) in found {
            let at = postings.partition_point(|posting| posting >> 3 < *program);
            if let Some(posting) = postings.get(at).filter(|posting| *posting >> 3 == *program) {
                both.push((*program, score + WEIGHTS[(posting & 7) as usize]));
            }
        }
        return both;
    }
    let mut rest = postings.iter().copied().peekable();
    for (program, score) in found {
        while rest.next_if(|posting| posting >> 3 < *program).is_some() {}
        if let Some(posting) = rest.next_if(|posting| posting >> 3 == *program) {
            both.push((*program, score + WEIGHTS[(posting & 7) as usize]));
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let mut words = Words::default();
        for (program, name, text) in [
            (0, "Grief circle", "for parents"),
            (1, "Café Mut", "Trauer und grief"),
            (2, "Grieving together", "an evening with others"),
        ] {
            words.add(program, Part::Name, name);
            words.add(program, Part::Text, text);
        }
        words.finish();
        words
    }

    fn found(text: &str) -> Option<Vec<u32>> {
        words().find(text).map(|found| found.into_iter().map(|(program, _)| program).collect())
    }

    #[test]
    fn every_word_must_occur_and_the_last_may_go_on() {
        assert_eq!(found("grief"), Some(vec![0, 1]));
        assert_eq!(found("grie"), Some(vec![0, 1, 2]));
        assert_eq!(found("CAFE gri"), Some(vec![1]));
        assert_eq!(found("circle parents"), Some(vec![0]));
        assert_eq!(found("circle zebra"), Some(vec![]));
        assert_eq!(found("circle for"), Some(vec![0]));
        assert_eq!(found("!!"), None);
    }

    #[test]
    fn a_name_is_worth_more_than_a_text() {
        let found = words().find("grief").unwrap();

        assert!(found[0].1 > found[1].1, "{found:?}");
    }
}
