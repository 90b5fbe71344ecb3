//! What the terms of the taxonomies are called.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::lists::length;
use super::plain::{is_common, is_empty, is_possessive, telling};
use super::vocabulary::{Likeness, Typed, Vocabulary};
use crate::domain::{Term, TermKey, TermName, fold};

/// The place of a term among the terms that a [`Lexicon`] was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::search) struct TermNumber(pub(in crate::search) u16);

/// What the terms of the taxonomies are called, in every language, made once for all segments.
///
/// Programs are indexed with the numbers of their terms; the words for them are only here. A word
/// of a label, and a synonym of one word, stand for the term by themselves. A label or a synonym of
/// more words does so when they stand together: `blues` is not `baby blues`. So does one that is of somebody's
/// own: `mother` is not `my mother`.
#[derive(Debug, Default)]
pub(in crate::search) struct Lexicon {
    vocabulary: Vocabulary,
    /// For each word, the terms that it stands for by itself, and whether it is a whole name as it is written.
    by_word: Vec<Vec<TermNumber>>,
    is_name: Vec<bool>,
    names: Vec<Name>,
    /// For each word, the names that begin with it.
    beginning: Vec<Vec<u32>>,
    /// Every name whole, with a space before and after it.
    texts: Vec<(Box<str>, TermNumber)>,
    /// Each term with the wider ones it is part of.
    within: Vec<Vec<TermNumber>>,
    /// Terms that together mean another.
    together: Vec<(Vec<TermNumber>, TermNumber)>,
}

/// A label or a synonym.
#[derive(Debug)]
struct Name {
    /// The words that tell something.
    words: Box<[u32]>,
    /// Whether its first word is of somebody's own: `my mother`.
    own: bool,
    term: TermNumber,
}

/// A known word that a typed one may mean.
pub(super) type Like = (u32, Likeness);

/// Leaves out what is within a longer name.
pub(super) fn keep_longest(spans: &mut Vec<Span>) {
    let all = spans.clone();
    spans.retain(|span| !all.iter().any(|other| other.is_whole() && other.says_more_than(span)));
}

/// Words that follow each other in a search and are called for a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether the first is of somebody's own, and the name says so.
    pub(super) own: bool,
    /// How many words it has, with those that say that something is somebody's own.
    pub(super) width: usize,
    pub(super) term: TermNumber,
    pub(super) likeness: Likeness,
}

impl Span {
    /// Whether it is a whole name and not only the beginning of one.
    pub(super) fn is_whole(&self) -> bool {
        self.likeness != Likeness::Begins
    }

    /// Whether a word is in it.
    pub(super) fn is_over(&self, at: usize) -> bool {
        (self.from..self.to).contains(&at)
    }

    /// Whether it says all that another says, and more, or the same and more exactly.
    fn says_more_than(&self, other: &Self) -> bool {
        let covers = self.from <= other.from && other.to <= self.to;
        let exactly = self.likeness == Likeness::Same && other.likeness != Likeness::Same;
        covers
            && self.likeness <= other.likeness
            && (self.width > other.width || (self.width == other.width && exactly))
    }
}

/// How many words are from one place up to another, with those that say that something is somebody's own.
fn width(from: usize, to: usize, from_own: bool, own: &[bool]) -> usize {
    to - from + usize::from(from_own) + own[from + 1..to].iter().filter(|own| **own).count()
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
                lexicon.is_name.resize(numbers.len(), false);
                lexicon.beginning.resize_with(numbers.len(), Vec::new);
                let Some(first) = words.first() else { continue };
                lexicon.is_name[*first as usize] |= !folded.contains(' ');
                lexicon.beginning[*first as usize].push(length(lexicon.names.len()));
                let own = folded.split_once(' ').is_some_and(|(first, _)| is_possessive(first));
                if is_label || (words.len() == 1 && !own) {
                    for word in &words {
                        let by_word = &mut lexicon.by_word[*word as usize];
                        if !by_word.contains(&number) {
                            by_word.push(number);
                        }
                    }
                }
                lexicon.names.push(Name { words, own, term: number });
                lexicon.texts.push((format!(" {folded} ").into(), number));
            }
        }
        let number_of = |taxonomy, key: &TermKey| {
            let at = terms.iter().position(|term| term.taxonomy == taxonomy && term.key == *key);
            at.and_then(|at| u16::try_from(at).ok()).map(TermNumber)
        };
        for (number, term) in (0..).map(TermNumber).zip(terms) {
            let wider = term.wider(terms);
            let wider = wider.iter().filter_map(|key| number_of(term.taxonomy, key));
            lexicon.within.push(std::iter::once(number).chain(wider).collect());
            let known = |row: &Vec<TermName>| -> Option<Vec<TermNumber>> {
                row.iter().map(|name| number_of(name.taxonomy, &name.key)).collect()
            };
            let rows = term.together.iter().filter_map(known).filter(|row| !row.is_empty());
            lexicon.together.extend(rows.map(|row| (row, number)));
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

    /// Whether a term is another, part of it, or meant by it together with something; terms are told by their
    /// places.
    pub(in crate::search) fn speaks_of(&self, term: TermNumber, other: usize) -> bool {
        let is_within = |term: &TermNumber| {
            let within = &self.within[usize::from(term.0)];
            within.iter().any(|number| usize::from(number.0) == other)
        };
        let mut together = self.together.iter().filter(|(_, meant)| *meant == term);
        is_within(&term) || together.any(|(parts, _)| parts.iter().any(is_within))
    }

    /// Whether a word is the whole name of a term.
    pub(super) fn is_name(&self, word: &str) -> bool {
        self.vocabulary.number(word).is_some_and(|number| self.is_name[number as usize])
    }

    /// Where words that follow each other and may mean these are a name. When the last is open, so is the name.
    /// `own` are the words that are of somebody's own.
    pub(super) fn spans(&self, like: &[Vec<Like>], own: &[bool], open: bool) -> Vec<Span> {
        let mut spans = Vec::new();
        for (from, firsts) in like.iter().enumerate() {
            for (first, likeness) in firsts {
                for name in &self.beginning[*first as usize] {
                    let name = &self.names[*name as usize];
                    if name.own && !own[from] {
                        continue;
                    }
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
                    let width = width(from, to, name.own, own);
                    spans.push(Span { from, to, own: name.own, width, term: name.term, likeness });
                }
            }
        }
        spans
    }

    /// What names mean together: from the first word of them to the last one.
    pub(super) fn meant_together(&self, spans: &[Span], own: &[bool]) -> Vec<Span> {
        let meant = self.together.iter().filter_map(|(parts, term)| {
            // Of the names of a part the surest, then the first, then the longest.
            let named = parts.iter().map(|part| {
                let names = spans.iter().filter(|span| span.is_whole() && span.term == *part);
                let best = |span: &&Span| (span.likeness, span.from, Reverse(span.to), !span.own);
                names.min_by_key(best).copied()
            });
            let together = |a: Span, b: Span| Span {
                from: a.from.min(b.from),
                to: a.to.max(b.to),
                own: if a.from <= b.from { a.own } else { b.own },
                likeness: a.likeness.max(b.likeness),
                ..a
            };
            let all: Vec<Span> = named.collect::<Option<_>>()?;
            let span = all.into_iter().reduce(together)?;
            let width = width(span.from, span.to, span.own, own);
            Some(Span { term: *term, width, ..span })
        });
        meant.collect()
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
