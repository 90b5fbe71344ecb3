//! What somebody typed, understood.

use std::borrow::Cow;
use std::ops::Range;

use super::NAME_WORTH;
use super::lexicon::{Lexicon, Like, Span, TermNumber, keep_longest};
use super::plain::{is_common, is_empty, is_or, is_passing, is_possessive, telling};
use super::vocabulary::{Likeness, Typed, stems};
use crate::domain::fold;

/// What a recognised term adds to the worth of a program that has it.
pub(super) const TERM_BONUS: u32 = NAME_WORTH;

/// What somebody typed, understood once and looked for in every segment.
///
/// All words must occur but those that people only say beside what they look for. The last one may go on, unless
/// a space or a quote ends it or it is the whole name of a term. Words in quotes must follow each other. What has a `-` before it must not occur. Of what has an "or" between, one is enough:
/// of two words, or of recognised names of terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::search) struct Wording {
    pub(super) words: Vec<Word>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) without_words: Vec<Word>,
    pub(super) without_phrases: Vec<Phrase>,
    pub(super) terms: Vec<(TermNumber, Likeness)>,
    /// The recognised names of terms that have several words.
    pub(super) units: Vec<Vec<String>>,
    /// What would be a whole name: all that was typed but what tells nothing, that without what says little,
    /// and the same of what stands on either side of an "or".
    pub(super) names: Vec<String>,
}

/// A word that is looked for, or several of which one is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) typed: Vec<Typed>,
    /// The terms that stand for it as well, each once.
    pub(super) terms: Vec<(TermNumber, Likeness)>,
}

impl Word {
    /// How far it is from a word of a term, when it is in none as it was typed.
    fn slip(&self) -> Option<Likeness> {
        let best = self.terms.iter().map(|(_, likeness)| *likeness).min();
        best.filter(|best| matches!(best, Likeness::Slip | Likeness::TwoSlips))
    }
}

/// Words that must follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    /// The terms that have them in a name.
    pub(super) terms: Vec<TermNumber>,
}

/// A piece of what was typed, not yet folded.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'t> {
    text: &'t str,
    quoted: bool,
    without: bool,
}

impl Wording {
    /// Understands a text; `None` when it has nothing to look for.
    pub(in crate::search) fn read(text: &str, lexicon: &Lexicon) -> Option<Self> {
        Self::read_but(text, &[], lexicon)
    }

    /// The same without some words, folded.
    pub(in crate::search) fn read_but(
        text: &str,
        left_out: &[String],
        lexicon: &Lexicon,
    ) -> Option<Self> {
        let mut wording = Self::default();
        let mut plain: Vec<String> = Vec::new();
        let mut open = false;
        for piece in pieces(text) {
            let undotted = undotted(piece.text);
            let plain_text = !piece.without && !piece.quoted;
            let folded = fold(&if plain_text { or_for_slash(&undotted) } else { undotted });
            let words: Vec<String> =
                folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
            open = false;
            match (&words[..], piece.without, piece.quoted) {
                ([], ..) => (),
                (_, false, false) => {
                    open = text.ends_with(piece.text);
                    plain.extend(words);
                }
                ([word], true, false) => {
                    let typed = typed(word.clone(), false, 0);
                    let terms = lexicon.terms_of(&lexicon.like(&typed));
                    wording.without_words.push(Word { typed: vec![typed], terms });
                }
                (_, true, _) => wording.without_phrases.push(phrase(words, lexicon).0),
                (_, false, true) => {
                    let (phrase, terms) = phrase(words, lexicon);
                    wording.phrases.push(phrase);
                    wording.terms.extend(terms.map(|term| (term, Likeness::Same)));
                }
            }
        }
        open &= plain.last().is_some_and(|last| !left_out.contains(last));
        plain.retain(|word| !left_out.contains(word));
        wording.names = match &wording.phrases[..] {
            [] => {
                let sides = plain.split(|word| is_or(word)).filter(|side| side.len() < plain.len());
                names(&plain).into_iter().chain(sides.flat_map(names)).collect()
            }
            [phrase] if plain.is_empty() => names(&phrase.words),
            _ => Vec::new(),
        };
        wording.add_words(plain, open, lexicon);
        wording.terms.sort_unstable_by_key(|(term, likeness)| (*likeness, *term));
        let mut seen = Vec::new();
        wording.terms.retain(|(term, _)| !seen.contains(term) && (seen.push(*term), true).1);
        let all = wording.words.len() + wording.phrases.len();
        let without = wording.without_words.len() + wording.without_phrases.len();
        (all + without > 0 || !wording.names.is_empty()).then_some(wording)
    }

    /// What is looked for beside phrases, in the order in which it was typed: words by themselves, and the
    /// words of the recognised names of terms together, `self harm`. Each word is there once.
    pub(in crate::search) fn items(&self) -> Vec<Vec<String>> {
        let mut items: Vec<Vec<String>> = Vec::new();
        let alone = self
            .words
            .iter()
            .map(|word| word.typed.iter().map(|typed| typed.word.clone()).collect::<Vec<String>>());
        for mut item in self.units.iter().cloned().chain(alone) {
            item.dedup();
            match items.iter_mut().find(|other| other.iter().any(|word| item.contains(word))) {
                Some(other) => {
                    item.retain(|word| !other.contains(word));
                    other.append(&mut item);
                }
                None => items.push(item),
            }
        }
        items
    }

    /// Whether words are looked for that must follow each other.
    pub(in crate::search) const fn has_phrases(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// The terms recognised in the words by their whole name, the surest first.
    pub(in crate::search) fn terms(&self) -> impl Iterator<Item = TermNumber> {
        self.terms.iter().map(|(term, _)| *term)
    }

    /// The most a program can be worth: every word in its name, and every recognised term.
    ///
    /// A word that is a slip of one of ours is hardly in any name as it was typed: there, twice what the
    /// word that was meant is worth is enough.
    pub(in crate::search) fn most(&self) -> u32 {
        let words = self.words.iter().map(|word| match word.slip() {
            Some(slip) => 2 * slip.of(NAME_WORTH),
            None => NAME_WORTH,
        });
        let of_phrase = |phrase: &Phrase| {
            NAME_WORTH.saturating_mul(u32::try_from(phrase.words.len()).unwrap_or(u32::MAX))
        };
        let bonus = self.terms.iter().map(|(_, likeness)| likeness.of(TERM_BONUS));
        words.chain(self.phrases.iter().map(of_phrase)).chain(bonus).fold(0, u32::saturating_add)
    }

    fn add_words(&mut self, mut plain: Vec<String>, mut open: bool, lexicon: &Lexicon) {
        let (mut after_or, mut own) = (Vec::new(), Vec::new());
        if plain.iter().all(|word| is_empty(word)) {
            // Whoever has typed no more than "in the" may be about to type "therapy".
            plain.drain(..plain.len().saturating_sub(1));
            if !self.phrases.is_empty() {
                plain.clear();
            }
            own.resize(plain.len(), false);
        } else {
            open &= plain.last().is_some_and(|last| !is_empty(last));
            after_or = words_after_or(&plain);
            let before = std::iter::once(false).chain(plain.iter().map(|word| is_possessive(word)));
            let told = plain.iter().zip(before).filter(|(word, _)| !is_empty(word));
            own = told.map(|(_, own)| own).collect();
            plain.retain(|word| !is_empty(word));
        }
        // A single letter that may go on says nothing yet beside whole words.
        if open
            && plain.len() + self.phrases.len() > 1
            && plain.last().is_some_and(|last| last.len() == 1)
        {
            plain.pop();
            open = false;
        }
        after_or.retain(|at| *at < plain.len());
        // What is a whole name does not go on.
        open &= !plain.last().is_some_and(|last| lexicon.is_name(last));
        let count = plain.len();
        let typed: Vec<Typed> = plain
            .into_iter()
            .enumerate()
            .map(|(at, word)| {
                let slips = slips(&word);
                let mut typed = typed(word, open && at + 1 == count, slips);
                if slips > 0 && lexicon.knows(&typed) {
                    typed.slips = 0;
                }
                typed
            })
            .collect();
        let letter = open && count == 1 && typed[0].word.len() == 1;
        let like: Vec<Vec<Like>> = typed
            .iter()
            .map(|typed| if letter { Vec::new() } else { lexicon.like(typed) })
            .collect();
        let mut spans = lexicon.spans(&like, &own, typed.last().is_some_and(|last| last.open));
        spans.extend(lexicon.meant_together(&spans, &own));
        keep_longest(&mut spans);
        let is_own = |at: usize| spans.iter().any(|span| span.own && span.from == at);
        let own: Vec<bool> = (0..count).map(is_own).collect();
        let says_more = |at: usize| own[at] || !is_passing(&typed[at].word);
        let more = !self.phrases.is_empty() || (0..count).any(says_more);
        // Passing words are looked for when there is nothing else, and common ones not even then.
        let tells = |at: usize| if more { says_more(at) } else { !is_common(&typed[at].word) };
        spans.retain(|span| (span.from..span.to).any(tells));
        self.terms.extend(spans.iter().filter(|s| s.is_whole()).map(|s| (s.term, s.likeness)));
        let several = spans.iter().filter(|span| span.to - span.from > 1);
        let whole = several.filter(|span| span.is_whole());
        let words =
            |unit: Range<usize>| typed[unit].iter().map(|typed| typed.word.clone()).collect();
        let either = either(&after_or, &spans, |at| !is_passing(&typed[at].word));
        let all = either.iter().map(|sides| sides[0].start..sides[sides.len() - 1].end);
        self.units = all.chain(whole.map(|span| span.from..span.to)).map(words).collect();
        let terms_at = |at: usize| {
            let alone = if own[at] { Vec::new() } else { lexicon.terms_of(&like[at]) };
            let over = spans.iter().filter(move |span| span.is_over(at));
            alone.into_iter().chain(over.map(|span| (span.term, span.likeness)))
        };
        let mut at = 0;
        while at < count {
            let sides = either.iter().find(|sides| sides[0].start == at);
            let needed = tells(at) || spans.iter().any(|span| span.is_over(at));
            if sides.is_none() && !needed {
                at += 1;
                continue;
            }
            let mut word = Word { typed: Vec::new(), terms: Vec::new() };
            let alone = || std::iter::once(at..at + 1).collect();
            for side in sides.cloned().unwrap_or_else(alone) {
                if side.len() == 1 {
                    word.typed.push(typed[side.start].clone());
                    word.terms.extend(terms_at(side.start));
                } else {
                    let same = spans.iter().filter(|span| (span.from..span.to) == side);
                    word.terms.extend(same.map(|span| (span.term, span.likeness)));
                }
                at = side.end;
            }
            word.terms.sort_unstable();
            word.terms.dedup_by_key(|(term, _)| *term);
            self.words.push(word);
        }
    }
}

/// Which words stand after an "or" that has a telling word on either side, by their places among those.
fn words_after_or(plain: &[String]) -> Vec<usize> {
    let telling = plain.iter().enumerate().filter(|(_, word)| !is_empty(word));
    let after_or = |at: usize| at > 1 && is_or(&plain[at - 1]) && !is_empty(&plain[at - 2]);
    let places = telling.enumerate().filter(|(_, (at, _))| after_or(*at));
    places.map(|(place, _)| place).collect()
}

/// Of which one is enough, side by side: each a recognised name, or a word that says more than others.
fn either(
    after_or: &[usize],
    spans: &[Span],
    says_more: impl Fn(usize) -> bool,
) -> Vec<Vec<Range<usize>>> {
    let mut all: Vec<Vec<Range<usize>>> = Vec::new();
    for at in after_or.iter().copied() {
        let widest = |fits: &dyn Fn(&Span) -> bool| {
            let names = spans.iter().filter(|span| fits(span)).map(|span| span.from..span.to);
            names.max_by_key(ExactSizeIterator::len).filter(|name| name.len() > 1)
        };
        let before = widest(&|span| span.to == at && span.likeness != Likeness::Begins);
        let before = before.or_else(|| says_more(at - 1).then_some(at - 1..at));
        let after = widest(&|span| span.from == at).or_else(|| says_more(at).then_some(at..at + 1));
        let (Some(before), Some(after)) = (before, after) else { continue };
        match all.last_mut().map(|sides| (sides[sides.len() - 1].end, sides)) {
            Some((end, sides)) if end == at => sides.push(after),
            Some((end, _)) if end > before.start => {}
            _ => all.push(vec![before, after]),
        }
    }
    all
}

/// Whoever types "AA meetings near me" has named AA.
fn names(typed: &[String]) -> Vec<String> {
    let typed = typed.join(" ");
    let telling = telling(&typed);
    let more: Vec<&str> = telling.iter().copied().filter(|word| !is_common(word)).collect();
    let mut names = vec![telling.join(" "), more.join(" ")];
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

fn typed(word: String, open: bool, slips: usize) -> Typed {
    Typed { stems: stems(&word), word, open, slips }
}

/// How many slips a word may have: none in short ones and in numbers, where each letter counts.
fn slips(word: &str) -> usize {
    match word.len() {
        _ if word.bytes().any(|letter| letter.is_ascii_digit()) => 0,
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// A phrase, and the terms of which it is a whole name.
fn phrase(words: Vec<String>, lexicon: &Lexicon) -> (Phrase, impl Iterator<Item = TermNumber>) {
    let with = lexicon.terms_with(&words);
    let terms = with.iter().map(|(term, _)| *term).collect();
    let whole = with.into_iter().filter(|(_, whole)| *whole).map(|(term, _)| term);
    (Phrase { words, terms }, whole)
}

/// Letters with a dot after each are one word: `N.A.` is `NA`.
fn undotted(text: &str) -> Cow<'_, str> {
    let mut parts = text.split('.').filter(|part| !part.is_empty());
    let is_letter = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    if text.matches('.').count() > 1 && parts.all(is_letter) {
        return Cow::Owned(text.replace('.', ""));
    }
    Cow::Borrowed(text)
}

/// Whoever types `AA/NA` means one or the other.
fn or_for_slash(text: &str) -> Cow<'_, str> {
    let is_word = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let no_address = !text.contains([':', '.']);
    if text.contains('/') && no_address && text.split('/').all(is_word) {
        return Cow::Owned(text.replace('/', " or "));
    }
    Cow::Borrowed(text)
}

/// Takes a text apart where its spaces and quotes are. A quote that nothing closes is a space.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let after = rest
            .strip_prefix(['-', '−'])
            .filter(|after| after.starts_with(|c: char| c.is_alphanumeric() || is_quote(c)));
        let without = after.is_some();
        rest = after.unwrap_or(rest);
        let Some(first) = rest.chars().next() else { return pieces };
        if is_quote(first) {
            rest = &rest[first.len_utf8()..];
            if let Some((quoted, after)) = rest.split_once(is_quote) {
                pieces.push(Piece { text: quoted, quoted: true, without });
                rest = after;
            }
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
        pieces.push(Piece { text: &rest[..end], quoted: false, without });
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_dots_are_one_word() {
        for (text, word) in [
            ("N.A.", "NA"),
            ("p.t.s.d", "ptsd"),
            ("A.A", "A.A"),
            ("U.K. x", "U.K. x"),
            ("St.", "St."),
        ] {
            assert_eq!(undotted(text), word, "{text}");
        }
    }

    #[test]
    fn a_text_comes_apart_at_spaces_and_quotes() {
        let parts = |text| -> Vec<String> {
            let told = |piece: &Piece<'_>| {
                let without = if piece.without { "-" } else { "" };
                let quote = if piece.quoted { "'" } else { "" };
                format!("{without}{quote}{}{quote}", piece.text)
            };
            pieces(text).iter().map(told).collect()
        };
        assert_eq!(parts("grief  group"), ["grief", "group"]);
        assert_eq!(parts(r#""hearing voices" town"#), ["'hearing voices'", "town"]);
        assert_eq!(parts("«à la maison» –"), ["'à la maison'", "–"]);
        assert_eq!(
            parts(r#"drop-in -men -"for men" - x"#),
            ["drop-in", "-men", "-'for men'", "-", "x"]
        );
        assert_eq!(parts(r#"a "never closed"#), ["a", "never", "closed"]);
        assert_eq!(parts(r#"one"two"three"#), ["one", "'two'", "three"]);
        assert_eq!(parts(r#" -" "#), Vec::<String>::new());
    }
}
