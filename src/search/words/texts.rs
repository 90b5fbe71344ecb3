//! The words of each program in their order.

use memchr::memmem::Finder;

use super::Part;
use super::lists::{length, read_number, write_number};

/// Numbers below this one begin a part.
const PARTS: u64 = 4;

/// The words of each program in their order, as numbers: what phrases are compared with.
///
/// Words that came early have short numbers, and words that are in many programs come early.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where each program begins; one more than there are programs.
    starts: Vec<u32>,
}

/// The words of a phrase, as they are written in a text.
#[derive(Debug)]
pub(super) struct Run<'p> {
    finder: Finder<'p>,
}

impl Run<'_> {
    pub(super) fn new(words: &[u32]) -> Self {
        let mut bytes = Vec::new();
        for word in words {
            write_number(&mut bytes, u64::from(*word) + PARTS);
        }
        Self { finder: Finder::new(&bytes).into_owned() }
    }
}

impl Texts {
    /// Adds a part of a program. Programs come in ascending order.
    pub(super) fn add(&mut self, program: u32, part: Part, words: impl Iterator<Item = u32>) {
        while self.starts.len() <= program as usize {
            self.starts.push(length(self.bytes.len()));
        }
        write_number(&mut self.bytes, part as u64);
        for word in words {
            write_number(&mut self.bytes, u64::from(word) + PARTS);
        }
    }

    /// Adds the texts that other programs' texts have of one of them, and tells each word in its part.
    pub(super) fn take(&mut self, from: &Self, program: u32, mut word: impl FnMut(Part, u32)) {
        self.starts.push(length(self.bytes.len()));
        let mut text = from.of(program);
        self.bytes.extend_from_slice(text);
        let mut part = Part::Name;
        while let Some(number) = read_number(&mut text) {
            match number.checked_sub(PARTS) {
                None => part = Part::ALL[(number & 3) as usize],
                Some(number) => word(part, u32::try_from(number).unwrap_or(u32::MAX)),
            }
        }
    }

    /// What is written of a program; nothing where nothing was added.
    fn of(&self, program: u32) -> &[u8] {
        let at = program as usize;
        let from = self.starts.get(at).map_or(self.bytes.len(), |from| *from as usize);
        let to = self.starts.get(at + 1).map_or(self.bytes.len(), |to| *to as usize);
        &self.bytes[from..to]
    }

    pub(super) fn finish(&mut self) {
        self.starts.push(length(self.bytes.len()));
        self.starts.shrink_to_fit();
        self.bytes.shrink_to_fit();
    }

    /// The best part of a program in which the words of a phrase follow each other.
    pub(super) fn part_with(&self, program: u32, phrase: &Run<'_>) -> Option<Part> {
        let bytes = self.of(program);
        // A number ends with a byte below 0x80; what begins after one is no part of another number.
        let begins = |at: usize| at == 0 || bytes[at - 1] < 0x80;
        let places = phrase.finder.find_iter(bytes).filter(|at| begins(*at));
        let part_of = |place: usize| {
            let mark = (0..place).rev().find(|at| u64::from(bytes[*at]) < PARTS && begins(*at));
            mark.map(|at| Part::ALL[usize::from(bytes[at])])
        };
        places.filter_map(part_of).min()
    }

    /// How many bytes they take.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + 4 * self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_where_its_words_follow_each_other_and_nowhere_else() {
        let mut random = fastrand::Rng::with_seed(6);
        // Numbers whose bytes are parts of each other's.
        let words = [0, 1, 2, 124, 125, 128, 252, 256, 380, 16_380, 16_381, 32_764, 2_097_148];
        let any = |random: &mut fastrand::Rng| words[random.usize(..words.len())];
        let mut found = 0;
        for _ in 0..4_000 {
            let mut texts = Texts::default();
            let parts: Vec<(Part, Vec<u32>)> = (0..random.usize(1..5))
                .map(|_| {
                    let text = (0..random.usize(..9)).map(|_| any(&mut random)).collect();
                    (Part::ALL[random.usize(..4)], text)
                })
                .collect();
            texts.add(2, Part::Name, [1, 2].into_iter());
            for (part, text) in &parts {
                texts.add(5, *part, text.iter().copied());
            }
            texts.add(6, Part::Name, [1, 2].into_iter());
            texts.finish();
            let phrase: Vec<u32> = (0..random.usize(1..3)).map(|_| any(&mut random)).collect();
            let has = |text: &[u32]| text.windows(phrase.len()).any(|words| words == phrase);
            let wanted = parts.iter().filter(|(_, text)| has(text)).map(|(part, _)| *part).min();
            found += usize::from(wanted.is_some());

            assert_eq!(texts.part_with(5, &Run::new(&phrase)), wanted, "{phrase:?} in {parts:?}");
            assert_eq!(texts.part_with(9, &Run::new(&phrase)), None);
        }
        assert!(found > 500);
    }
}
