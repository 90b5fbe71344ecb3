//! The rules of words, applied to one program after the other.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use frostem::{Algorithm, Stemmer};

use super::super::plain::{is_common, is_empty, is_passing};
use super::super::{Part, Scored};
use super::asked::Asked;
use crate::domain::{Term, TermKey, TermName, fold};

/// What the rules say.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// A rule that is left out, to see that it is missed.
    pub(super) but: Option<Rule>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Slips,
    Forms,
    Prefix,
    Names,
    Or,
    Own,
    Together,
}

/// From where to where words are a name, whether of somebody's own, of which term, and how good an answer.
#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
    own: bool,
    /// How many words it has, with "my" and the like.
    width: usize,
    number: usize,
    like: usize,
}

impl Span {
    fn is_over(&self, at: usize) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether another says the same and more.
    fn is_less_than(&self, other: &Self) -> bool {
        let exactly = other.width == self.width && other.like == 0 && self.like != 0;
        other.like != 2
            && other.from <= self.from
            && self.to <= other.to
            && (other.width > self.width || exactly)
            && other.like <= self.like
    }
}

pub(super) const RULES: Rules = Rules { but: None };

pub(super) struct Program {
    pub(super) parts: Vec<(Part, String)>,
    /// With the wider ones.
    pub(super) terms: Vec<usize>,
}

/// How good an answer a word is: the same, a form, a beginning, one slip, two slips.
const LIKE: [(u32, u32); 5] = [(1, 1), (9, 10), (1, 10), (1, 100), (1, 200)];

impl Rules {
    fn has(self, rule: Rule) -> bool {
        self.but != Some(rule)
    }

    fn like(self, word: &str, open: bool, slips: usize, known: &str) -> Option<usize> {
        if word == known {
            return Some(0);
        }
        if self.has(Rule::Forms) && stems(word).iter().any(|stem| stems(known).contains(stem)) {
            return Some(1);
        }
        if self.has(Rule::Prefix) && open && known.starts_with(word) {
            return Some(2);
        }
        let edits = strsim::osa_distance(word, known);
        let near = self.has(Rule::Slips) && word[..1] == known[..1] && edits <= slips;
        near.then_some(2 + edits)
    }

    /// The worth of each program that answers, in order.
    pub(super) fn find(
        self,
        programs: &[Program],
        terms: &[Names],
        text: &str,
    ) -> Option<Vec<Scored>> {
        let names = || terms.iter().flat_map(|term| &term.names);
        let knows = |word: &str| {
            let mut known = names().flat_map(|name| &name.telling);
            known.any(|known| self.like(word, false, 0, known).is_some())
        };
        let stands = |word: &str| names().any(|name| name.folded == word);
        let asked = Asked::read(text, &knows, &stands)?;
        let number = |at: usize| u32::try_from(at).unwrap();
        let worth = |program: &Program| self.worth(program, terms, &asked);
        let found = programs.iter().enumerate();
        Some(found.filter_map(|(at, program)| Some((number(at), worth(program)?))).collect())
    }

    fn worth(self, program: &Program, terms: &[Names], asked: &Asked) -> Option<u32> {
        let words: Vec<(&str, bool, usize)> =
            asked.words.iter().map(|(w, open, slips)| (w.as_str(), *open, *slips)).collect();
        let lone_letter = matches!(words[..], [(word, true, _)] if word.len() == 1);
        let mut spans = Vec::new();
        for from in 0..words.len() {
            for to in from + 1..=words.len() {
                for (number, term) in terms.iter().enumerate() {
                    for name in &term.names {
                        let own = name.own && self.has(Rule::Own);
                        let Some(like) = self.is_name(&words, from, to, &name.telling) else {
                            continue;
                        };
                        if !lone_letter && (!own || asked.own[from]) {
                            let width = asked.width(from, to, own);
                            spans.push(Span { from, to, own, width, number, like });
                        }
                    }
                }
            }
        }
        if self.has(Rule::Together) {
            spans.extend(together(terms, &spans, asked));
        }
        let all = spans.clone();
        spans.retain(|span| !all.iter().any(|other| span.is_less_than(other)));
        let own: Vec<bool> =
            (0..words.len()).map(|at| spans.iter().any(|s| s.own && s.from == at)).collect();
        let says_more = |at: usize| own[at] || !is_passing(words[at].0);
        let more = !asked.phrases.is_empty() || (0..words.len()).any(says_more);
        let tells = |at| if more { says_more(at) } else { !is_common(words[at].0) };
        spans.retain(|span| (span.from..span.to).any(tells));
        let word_alone = |at: usize| {
            let (word, open, slips) = words[at];
            let mut best = None;
            for (part, text) in &program.parts {
                for known in text.split(' ').filter(|known| !known.is_empty()) {
                    let like = if lone_letter {
                        (word == known).then_some(0).or(known.starts_with(word).then_some(2))
                    } else {
                        self.like(word, open, slips, known)
                    };
                    best = best.max(like.map(|like| of(worth_in(*part), like)));
                }
            }
            if !lone_letter {
                for number in program.terms.iter().filter(|_| !own[at]) {
                    let like = self.by_itself(&terms[*number], word, open, slips);
                    best = best.max(like.map(|like| of(3_000, like)));
                }
                for span in spans.iter().filter(|span| span.is_over(at)) {
                    if self.has(Rule::Names) && program.terms.contains(&span.number) {
                        best = best.max(Some(of(3_000, span.like)));
                    }
                }
            }
            best
        };
        let has_name = |side: (usize, usize)| {
            let names = spans.iter().filter(|span| (span.from, span.to) == side);
            let own = names.filter(|span| program.terms.contains(&span.number));
            own.map(|span| of(3_000, span.like)).max()
        };
        let mut sum = 0;
        let mut at = 0;
        while at < words.len() {
            let sides = self.sides_from(at, &words, &spans, asked);
            let needed = tells(at) || spans.iter().any(|span| span.is_over(at));
            if sides.len() > 1 || needed {
                let of_side = |side: &(usize, usize)| {
                    if side.1 - side.0 > 1 { has_name(*side) } else { word_alone(side.0) }
                };
                sum += sides.iter().filter_map(of_side).max()?;
            }
            at = sides.last().unwrap().1;
        }
        for phrase in &asked.phrases {
            sum += Self::phrase(program, terms, phrase)? * u32::try_from(phrase.len()).unwrap();
        }
        for words in &asked.without {
            let [word] = &words[..] else { unreachable!() };
            let here = program.parts.iter().flat_map(|(_, text)| text.split(' '));
            let mut here = here.filter(|known| !known.is_empty());
            let by_term = |n: &usize| self.by_itself(&terms[*n], word, false, 0).is_some();
            if here.any(|known| self.like(word, false, 0, known).is_some())
                || program.terms.iter().any(by_term)
            {
                return None;
            }
        }
        for phrase in &asked.quoted_without {
            if Self::phrase(program, terms, phrase).is_some() {
                return None;
            }
        }
        Some(sum + bonus(program, terms, asked, &spans))
    }

    /// What begins at a word: it alone, or all that has an "or" between, from side to side.
    fn sides_from(
        self,
        at: usize,
        words: &[(&str, bool, usize)],
        spans: &[Span],
        asked: &Asked,
    ) -> Vec<(usize, usize)> {
        let alone = |at: usize| (!is_passing(words[at].0)).then_some((at, at + 1));
        let mut sides: Vec<(usize, usize)> = vec![(at, at + 1)];
        for or in asked.after_or.iter().copied().filter(|or| *or > at && self.has(Rule::Or)) {
            let names = spans.iter().filter(|span| span.to - span.from > 1);
            let range = |span: &Span| (span.from, span.to);
            let before = names.clone().filter(|span| span.to == or && span.like != 2);
            let before = before.map(range).min().or_else(|| alone(or - 1));
            let after = names.filter(|span| span.from == or).map(range);
            let (Some(before), Some(after)) = (before, after.max().or_else(|| alone(or))) else {
                continue;
            };
            if sides.len() == 1 && before.0 == at {
                sides = vec![before, after];
            } else if sides.len() > 1 && sides.last().unwrap().1 == or {
                sides.push(after);
            }
        }
        sides
    }

    /// The words from one place to another, when they are a name or, at the end, begin one.
    fn is_name(
        self,
        words: &[(&str, bool, usize)],
        from: usize,
        to: usize,
        name: &[String],
    ) -> Option<usize> {
        let begun = to == words.len() && words[to - 1].1 && to - from < name.len();
        if to - from != name.len() && !begun {
            return None;
        }
        let mut worst = if begun { 2 } else { 0 };
        for ((word, open, slips), known) in words[from..to].iter().zip(name) {
            worst = worst.max(self.like(word, *open, *slips, known)?);
        }
        Some(worst)
    }

    /// How a term answers to a word alone: by a word of its label, or a synonym of one word.
    fn by_itself(self, term: &Names, word: &str, open: bool, slips: usize) -> Option<usize> {
        let all = |name: &&Name| !self.has(Rule::Own) && name.telling.len() == 1;
        let alone = term.names.iter().filter(|name| name.stands_alone() || all(name));
        let words = alone.flat_map(|name| &name.telling);
        words.filter_map(|known| self.like(word, open, slips, known)).min()
    }

    fn phrase(program: &Program, terms: &[Names], phrase: &[String]) -> Option<u32> {
        let padded = |text: &str| format!(" {text} ");
        let wanted = padded(&phrase.join(" "));
        let within = |text: &str| padded(text).contains(&wanted);
        let parts = program.parts.iter().filter(|(_, text)| within(text));
        let by_part = parts.map(|(part, _)| worth_in(*part)).max();
        let mut of_terms = program.terms.iter().flat_map(|number| &terms[*number].names);
        let by_term = of_terms.any(|name| within(&name.folded));
        by_part.max(by_term.then_some(3_000))
    }
}

/// What terms mean together that are named.
fn together(terms: &[Names], spans: &[Span], asked: &Asked) -> Vec<Span> {
    let mut meant = Vec::new();
    for (number, term) in terms.iter().enumerate() {
        for row in &term.together {
            let first = |part: &usize| {
                let named = spans.iter().filter(|span| span.like != 2);
                let named = named.filter(|span| span.number == *part);
                named.min_by_key(|span| (span.like, span.from, Reverse(span.to), !span.own))
            };
            let Some(all) = row.iter().map(first).collect::<Option<Vec<&Span>>>() else { continue };
            let from = all.iter().map(|span| span.from).min().unwrap();
            let to = all.iter().map(|span| span.to).max().unwrap();
            let own = all.iter().find(|span| span.from == from).unwrap().own;
            let like = all.iter().map(|span| span.like).max().unwrap();
            meant.push(Span { from, to, own, width: asked.width(from, to, own), number, like });
        }
    }
    meant
}

/// What the recognised terms add.
fn bonus(program: &Program, terms: &[Names], asked: &Asked, spans: &[Span]) -> u32 {
    let whole = spans.iter().filter(|span| span.like != 2);
    let mut recognised: Vec<(usize, usize)> = whole.map(|span| (span.number, span.like)).collect();
    for (number, term) in terms.iter().enumerate() {
        let is_name =
            |phrase: &Vec<String>| term.names.iter().any(|n| n.folded == phrase.join(" "));
        if asked.phrases.iter().any(is_name) {
            recognised.push((number, 0));
        }
    }
    let best =
        |number: &usize| recognised.iter().filter(|(n, _)| n == number).map(|(_, l)| *l).min();
    let mut own = program.terms.clone();
    own.sort_unstable();
    own.dedup();
    own.iter().filter_map(best).map(|like| of(8_000, like)).sum()
}

fn worth_in(part: Part) -> u32 {
    [8_000, 7_000, 4_000, 1_000][part as usize]
}

fn of(worth: u32, like: usize) -> u32 {
    worth * LIKE[like].0 / LIKE[like].1
}

/// What a term is called, and what means it together.
#[derive(Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    together: Vec<Vec<usize>>,
}

#[derive(Debug)]
pub(super) struct Name {
    folded: String,
    telling: Vec<String>,
    label: bool,
    /// Whether it is of somebody's own: `my mother`.
    own: bool,
}

impl Name {
    /// Whether each of its words stands for the term by itself.
    fn stands_alone(&self) -> bool {
        self.label || (self.telling.len() == 1 && !self.own)
    }
}

pub(super) fn names(term: &Term, all: &[Term]) -> Names {
    let called = |key: &TermKey| all.iter().position(|other| other.key == *key).unwrap();
    let labels = term.labels.values().map(|label| (fold(label), true));
    let names = labels.chain(term.synonyms.iter().map(|synonym| (fold(synonym), false)));
    let own =
        |name: &str| name.starts_with("my ") || name.starts_with("mi ") || name.starts_with("ma ");
    let all_names = names.map(|(folded, label)| Name {
        telling: telling(&folded),
        own: own(&folded),
        folded,
        label,
    });
    let row = |row: &Vec<TermName>| row.iter().map(|name| called(&name.key)).collect();
    let together = term.together.iter().map(row).collect();
    Names { names: all_names.collect(), together }
}

fn telling(name: &str) -> Vec<String> {
    let words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let telling: Vec<String> = words.iter().filter(|word| !is_empty(word)).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

type Stems = Rc<Vec<(usize, String)>>;

fn stems(word: &str) -> Stems {
    thread_local!(static KNOWN: RefCell<HashMap<String, Stems>> = RefCell::default());
    KNOWN.with_borrow_mut(|known| {
        let new = || Rc::new(new_stems(word));
        Rc::clone(known.entry(word.to_owned()).or_insert_with(new))
    })
}

fn new_stems(word: &str) -> Vec<(usize, String)> {
    if word.len() < 4 || word.bytes().any(|c| c.is_ascii_digit()) {
        return vec![];
    }
    let languages = [(Algorithm::English, 3), (Algorithm::Spanish, 4), (Algorithm::French, 4)];
    let stems =
        languages.iter().map(|(language, _)| Stemmer::new(*language).stem(word).to_string());
    let all = stems.enumerate();
    all.filter(|(language, stem)| stem.len() >= languages[*language].1).collect()
}
