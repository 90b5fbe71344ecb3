//! Known words, and which of them a typed word may mean.

use frostem::{Algorithm, Stemmer};
use fst::{IntoStreamer, Streamer};

use super::lists::length;
use super::nearby::Nearby;

/// The languages whose words are known by their stems: a letter for the key, the least letters of
/// a stem, and the algorithm. Short stems of one language are words of another.
const LANGUAGES: [(char, usize, Algorithm); 3] =
    [('e', 3, Algorithm::English), ('s', 4, Algorithm::Spanish), ('f', 4, Algorithm::French)];

/// The stems of a word in each language, each with the letter of the language before it.
pub(super) type Stems = Vec<String>;

/// The stems of a folded word.
pub(super) fn stems(word: &str) -> Stems {
    if word.len() < 4 || word.bytes().any(|letter| letter.is_ascii_digit()) {
        return Vec::new();
    }
    LANGUAGES
        .iter()
        .filter_map(|(letter, least, algorithm)| {
            let stem = Stemmer::new(*algorithm).stem(word);
            (stem.len() >= *least).then(|| format!("{letter}{stem}"))
        })
        .collect()
}

/// How a known word answers to a typed one, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It is the word.
    Same,
    /// It is another form of it.
    Form,
    /// It begins with it.
    Begins,
    /// It is one slip away.
    Slip,
    /// It is two slips away.
    TwoSlips,
}

impl Likeness {
    /// What it leaves of a word's worth.
    ///
    /// The best of one kind is less than the least of the kind before: the beginning of a word in a
    /// name comes after the word itself in a text, and a slip in a name after both. What was typed
    /// is what was meant, unless there is nothing else.
    pub(super) fn of(self, worth: u32) -> u32 {
        match self {
            Self::Same => worth,
            Self::Form => worth * 9 / 10,
            Self::Begins => worth / 10,
            Self::Slip => worth / 100,
            Self::TwoSlips => worth / 200,
        }
    }
}

/// A typed word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// Folded.
    pub(super) word: String,
    pub(super) stems: Stems,
    /// Whether it may go on.
    pub(super) open: bool,
    /// How many slips it may have.
    pub(super) slips: usize,
}

/// Known words, each with a number.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: fst::Map<Vec<u8>>,
    /// Stems that are not words themselves, each with its place in `starts`.
    stems: fst::Map<Vec<u8>>,
    /// Where the words of each stem begin; one more than there are stems.
    starts: Vec<u32>,
    /// The words of the stems.
    forms: Vec<u32>,
}

impl Vocabulary {
    /// Learns words with their numbers, in any order.
    pub(super) fn new<'w>(words: impl Iterator<Item = (&'w str, u32)>) -> Self {
        let mut words: Vec<(&str, u32)> = words.collect();
        words.sort_unstable();
        let mut by_stem: Vec<(String, u32)> = words
            .iter()
            .flat_map(|(word, number)| {
                stems(word)
                    .into_iter()
                    .filter(|stem| stem[1..] != **word)
                    .map(|stem| (stem, *number))
            })
            .collect();
        by_stem.sort_unstable();
        let mut stems: Vec<(&str, u64)> = Vec::new();
        let mut starts = Vec::new();
        for (at, (stem, _)) in by_stem.iter().enumerate() {
            if stems.last().is_none_or(|(last, _)| last != stem) {
                stems.push((stem, starts.len() as u64));
                starts.push(length(at));
            }
        }
        starts.push(length(by_stem.len()));
        starts.shrink_to_fit();
        Self {
            words: map(words.iter().map(|(word, number)| (*word, u64::from(*number)))),
            stems: map(stems.into_iter()),
            starts,
            forms: by_stem.into_iter().map(|(_, number)| number).collect(),
        }
    }

    /// The number of a word.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.words.get(word).map(narrow)
    }

    /// The known words that a typed one may mean, each once, with the best likeness; in the order of
    /// their numbers.
    pub(super) fn like(&self, typed: &Typed) -> Vec<(u32, Likeness)> {
        let mut like = Vec::new();
        like.extend(self.number(&typed.word).map(|number| (number, Likeness::Same)));
        self.forms(typed, |number| like.push((number, Likeness::Form)));
        if typed.open {
            let mut longer = self.words.range().ge(&typed.word).into_stream();
            while let Some((word, number)) = longer.next() {
                if !word.starts_with(typed.word.as_bytes()) {
                    break;
                }
                like.push((narrow(number), Likeness::Begins));
            }
        }
        if typed.slips > 0
            && let Some(nearby) = Nearby::new(&typed.word, typed.slips)
        {
            let mut near = self.words.search_with_state(&nearby).into_stream();
            while let Some((_, number, reached)) = near.next() {
                match nearby.distance(reached) {
                    Some(1) => like.push((narrow(number), Likeness::Slip)),
                    Some(2) => like.push((narrow(number), Likeness::TwoSlips)),
                    _ => (),
                }
            }
        }
        like.sort_unstable();
        like.dedup_by_key(|(number, _)| *number);
        like
    }

    /// Whether a word or another form of it is known.
    pub(super) fn knows(&self, typed: &Typed) -> bool {
        let mut known = self.number(&typed.word).is_some();
        if !known {
            self.forms(typed, |_| known = true);
        }
        known
    }

    /// Calls `form` with each word that has a stem of the typed one.
    fn forms(&self, typed: &Typed, mut form: impl FnMut(u32)) {
        for stem in &typed.stems {
            if let Some(at) = self.stems.get(stem) {
                let at = narrow(at) as usize;
                let (from, to) = (self.starts[at] as usize, self.starts[at + 1] as usize);
                self.forms[from..to].iter().for_each(|number| form(*number));
            }
            // A word that is its own stem is not kept a second time.
            let word = &stem[1..];
            if word != typed.word
                && let Some(number) = self.number(word)
                && stems(word).contains(stem)
            {
                form(number);
            }
        }
    }

    /// How many bytes it takes.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.words.as_fst().as_bytes().len()
            + self.stems.as_fst().as_bytes().len()
            + 4 * (self.starts.len() + self.forms.len())
    }
}

/// A map of sorted words without doubles.
fn map<'w>(sorted: impl Iterator<Item = (&'w str, u64)>) -> fst::Map<Vec<u8>> {
    // It refuses nothing but words out of order.
    fst::Map::from_iter(sorted).unwrap_or_default()
}

/// Numbers go in as `u32`.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
