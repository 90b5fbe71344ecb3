//! What the terms of the taxonomies are called.

use std::collections::HashMap;

use super::lists::length;
use super::plain::{is_common, is_empty, telling};
use super::vocabulary::{Likeness, Typed, Vocabulary};
use crate::domain::{Term, fold};

/// The place of a term among the terms that a [`Lexicon`] was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::search) struct TermNumber(pub(in crate::search) u16);

/// What the terms of the taxonomies are called, in every language, made once for all segments.
///
/// Programs are indexed with the numbers of their terms; the words for them are only here. A word
/// of a label, and a synonym of one word, stand for the term by themselves. A label or a synonym of
/// more words does so when they stand together: `blues` is not `baby blues`.
#[derive(Debug, Default)]
pub(in crate::search) struct Lexicon {
    vocabulary: Vocabulary,
    /// For each word, the terms that it stands for by itself.
    by_word: Vec<Vec<TermNumber>>,
    names: Vec<Name>,
    /// For each word, the names that begin with it.
    beginning: Vec<Vec<u32>>,
    /// Every name whole, with a space before and after it.
    texts: Vec<(Box<str>, TermNumber)>,
}

/// A label or a synonym.
#[derive(Debug)]
struct Name {
    /// The words that tell something.
    words: Box<[u32]>,
    term: TermNumber,
}

/// A known word that a typed one may mean.
pub(super) type Like = (u32, Likeness);

/// Words that follow each other in a search and are called for a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) term: TermNumber,
    pub(super) likeness: Likeness,
}

impl Lexicon {
    /// Learns what the terms are called. A term's number is its place.
    pub(in crate::search) fn new(terms: &[Term]) -> Self {
        let mut lexicon = Self::default();
        let mut numbers: HashMap<Box<str>, u32> = HashMap::new();
        for (number, term) in (0..).map(TermNumber).zip(terms) {
            let labels = term.labels.values().map(|label| (label.as_str(), true));
            let synonyms = term.synonyms.iter().map(|synonym| (synonym.as_str(), false));
            for (name, is_label) in labels.chain(synonyms) {
                let folded = fold(name);
                let words: Box<[u32]> = telling(&folded)
                    .into_iter()
                    .map(|word| {
                        let next = length(numbers.len());
                        *numbers.entry(word.into()).or_insert(next)
                    })
                    .collect();
                lexicon.by_word.resize_with(numbers.len(), Vec::new);
                lexicon.beginning.resize_with(numbers.len(), Vec::new);
                let Some(first) = words.first() else { continue };
                lexicon.beginning[*first as usize].push(length(lexicon.names.len()));
                if is_label || words.len() == 1 {
                    for word in &words {
                        let by_word = &mut lexicon.by_word[*word as usize];
                        if !by_word.contains(&number) {
                            by_word.push(number);
                        }
                    }
                }
                lexicon.names.push(Name { words, term: number });
                lexicon.texts.push((format!(" {folded} ").into(), number));
            }
        }
        lexicon.vocabulary =
            Vocabulary::new(numbers.iter().map(|(word, number)| (word.as_ref(), *number)));
        lexicon
    }

    /// Whether a word needs no correcting: it, or another form of it, is in the name of a term, or
    /// is one of those that say little.
    pub(super) fn knows(&self, typed: &Typed) -> bool {
        is_empty(&typed.word) || is_common(&typed.word) || self.vocabulary.knows(typed)
    }

    /// The words of names that a typed one may mean.
    pub(super) fn like(&self, typed: &Typed) -> Vec<Like> {
        self.vocabulary.like(typed)
    }

    /// The terms that a word stands for by itself, when it may mean these, the best likeness first.
    pub(super) fn terms_of(&self, like: &[Like]) -> Vec<(TermNumber, Likeness)> {
        let mut terms: Vec<(TermNumber, Likeness)> = like
            .iter()
            .flat_map(|(word, likeness)| {
                self.by_word[*word as usize].iter().map(|term| (*term, *likeness))
            })
            .collect();
        terms.sort_unstable();
        terms.dedup_by_key(|(term, _)| *term);
        terms
    }

    /// Where words that follow each other and may mean these are a name. When the last is open, so is the name.
    pub(super) fn spans(&self, like: &[Vec<Like>], open: bool) -> Vec<Span> {
        let mut spans = Vec::new();
        for (from, firsts) in like.iter().enumerate() {
            for (first, likeness) in firsts {
                for name in &self.beginning[*first as usize] {
                    let name = &self.names[*name as usize];
                    let mut likeness = *likeness;
                    let mut to = from + 1;
                    let fits = name.words[1..].iter().all(|word| {
                        let Some(known) = like.get(to) else { return open };
                        let found = known.binary_search_by_key(word, |(word, _)| *word);
                        to += 1;
                        found.is_ok_and(|at| {
                            likeness = likeness.max(known[at].1);
                            true
                        })
                    });
                    if !fits {
                        continue;
                    }
                    if to - from < name.words.len() {
                        likeness = likeness.max(Likeness::Begins);
                    }
                    spans.push(Span { from, to, term: name.term, likeness });
                }
            }
        }
        spans
    }

    /// The terms that have these words, following each other, in a name, each with whether they are
    /// all of it.
    pub(super) fn terms_with(&self, phrase: &[String]) -> Vec<(TermNumber, bool)> {
        let phrase = format!(" {} ", phrase.join(" "));
        let mut terms: Vec<(TermNumber, bool)> = self
            .texts
            .iter()
            .filter(|(text, _)| text.contains(&phrase))
            .map(|(text, term)| (*term, text.len() == phrase.len()))
            .collect();
        terms.sort_unstable_by_key(|(term, whole)| (*term, !whole));
        terms.dedup_by_key(|(term, _)| *term);
        terms
    }
}
