//! The rules of words, applied to one program after the other.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use frostem::{Algorithm, Stemmer};

use super::super::plain::{is_common, is_empty, is_or, is_passing};
use super::super::{Part, Scored};
use crate::domain::{Term, fold};

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
}

/// From where to where words are a name, of which term, and how good an answer.
type Span = (usize, usize, usize, usize);

pub(super) const RULES: Rules = Rules { but: None };

pub(super) struct Program {
    pub(super) parts: Vec<(Part, String)>,
    /// With the wider ones.
    pub(super) terms: Vec<usize>,
}

struct Asked {
    /// Words, whether each may go on, and how many slips it may have.
    words: Vec<(String, bool, usize)>,
    /// The places of words after an "or".
    after_or: Vec<usize>,
    phrases: Vec<Vec<String>>,
    without: Vec<Vec<String>>,
    quoted_without: Vec<Vec<String>>,
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
        let asked = Asked::read(text, &|word| {
            let mut known = terms.iter().flatten().flat_map(|name| &name.telling);
            known.any(|known| self.like(word, false, 0, known).is_some())
        })?;
        let number = |at: usize| u32::try_from(at).unwrap();
        let worth = |program: &Program| self.worth(program, terms, &asked);
        let found = programs.iter().enumerate();
        Some(found.filter_map(|(at, program)| Some((number(at), worth(program)?))).collect())
    }

    fn worth(self, program: &Program, terms: &[Names], asked: &Asked) -> Option<u32> {
        let words: Vec<(&str, bool, usize)> =
            asked.words.iter().map(|(w, open, slips)| (w.as_str(), *open, *slips)).collect();
        let lone_letter = matches!(words[..], [(word, true, _)] if word.len() == 1);
        let more = !asked.phrases.is_empty() || words.iter().any(|(word, ..)| !is_common(word));
        let mut spans = Vec::new();
        for from in 0..words.len() {
            for to in from + 1..=words.len() {
                if lone_letter || more && words[from..to].iter().all(|(word, ..)| is_common(word)) {
                    continue;
                }
                for (number, term) in terms.iter().enumerate() {
                    for name in term {
                        if let Some(like) = self.is_name(&words, from, to, &name.telling) {
                            spans.push((from, to, number, like));
                        }
                    }
                }
            }
        }
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
                for number in &program.terms {
                    let like = self.by_itself(&terms[*number], word, open, slips);
                    best = best.max(like.map(|like| of(3_000, like)));
                }
                for (from, to, number, like) in &spans {
                    let is_over = (*from..*to).contains(&at) && program.terms.contains(number);
                    if self.has(Rule::Names) && is_over {
                        best = best.max(Some(of(3_000, *like)));
                    }
                }
            }
            best
        };
        let has_name = |side: (usize, usize)| {
            let names = spans.iter().filter(|(from, to, ..)| (*from, *to) == side);
            let own = names.filter(|(_, _, number, _)| program.terms.contains(number));
            own.map(|(.., like)| of(3_000, *like)).max()
        };
        let mut sum = 0;
        let mut at = 0;
        while at < words.len() {
            let sides = self.sides_from(at, &words, &spans, asked);
            let is_over = |(from, to, ..): &Span| (*from..*to).contains(&at);
            let needless = more && is_common(words[at].0) && !spans.iter().any(is_over);
            if sides.len() > 1 || !needless {
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
            let names = spans.iter().filter(|(from, to, ..)| to - from > 1);
            let before = names.clone().filter(|(_, to, _, like)| *to == or && *like != 2);
            let before = before.map(|(from, to, ..)| (*from, *to)).min().or_else(|| alone(or - 1));
            let after = names.filter(|(from, ..)| *from == or).map(|(from, to, ..)| (*from, *to));
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
        let alone = term.iter().filter(|name| name.label || name.telling.len() == 1);
        let words = alone.flat_map(|name| &name.telling);
        words.filter_map(|known| self.like(word, open, slips, known)).min()
    }

    fn phrase(program: &Program, terms: &[Names], phrase: &[String]) -> Option<u32> {
        let padded = |text: &str| format!(" {text} ");
        let wanted = padded(&phrase.join(" "));
        let within = |text: &str| padded(text).contains(&wanted);
        let parts = program.parts.iter().filter(|(_, text)| within(text));
        let by_part = parts.map(|(part, _)| worth_in(*part)).max();
        let mut of_terms = program.terms.iter().flat_map(|number| &terms[*number]);
        let by_term = of_terms.any(|name| within(&name.folded));
        by_part.max(by_term.then_some(3_000))
    }
}

/// What the recognised terms add.
fn bonus(program: &Program, terms: &[Names], asked: &Asked, spans: &[Span]) -> u32 {
    let whole = spans.iter().filter(|(.., like)| *like != 2);
    let mut recognised: Vec<(usize, usize)> = Vec::new();
    for (from, to, number, like) in whole.clone() {
        let within = whole.clone().any(|(wide_from, wide_to, _, wide_like)| {
            wide_from <= from
                && to <= wide_to
                && wide_to - wide_from > to - from
                && wide_like <= like
        });
        if !within {
            recognised.push((*number, *like));
        }
    }
    for (number, term) in terms.iter().enumerate() {
        let is_name = |phrase: &Vec<String>| term.iter().any(|n| n.folded == phrase.join(" "));
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

impl Asked {
    fn read(text: &str, knows: &dyn Fn(&str) -> bool) -> Option<Self> {
        let mut asked = Self {
            words: vec![],
            after_or: vec![],
            phrases: vec![],
            without: vec![],
            quoted_without: vec![],
        };
        let split = |text: &str| -> Vec<String> {
            fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut words = Vec::new();
        let mut open = false;
        let text: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < text.len() {
            if text[at].is_whitespace() {
                open = false;
                at += 1;
                continue;
            }
            let next = text.get(at + 1);
            let minus = text[at] == '-' && next.is_some_and(|c| c.is_alphanumeric() || *c == '"');
            at += usize::from(minus);
            if text[at] == '"' {
                open = false;
                at += 1;
                if let Some(len) = text[at..].iter().position(|c| *c == '"') {
                    let phrase = split(&text[at..at + len].iter().collect::<String>());
                    let phrases =
                        if minus { &mut asked.quoted_without } else { &mut asked.phrases };
                    phrases.extend((!phrase.is_empty()).then_some(phrase));
                    at += len + 1;
                }
                continue;
            }
            let len = text[at..].iter().take_while(|c| !c.is_whitespace() && **c != '"').count();
            let mut piece: String = text[at..at + len].iter().collect();
            let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
            if !minus && !piece.contains([':', '.']) && piece.split('/').all(|p| letters(p) > 1) {
                piece = piece.replace('/', " or ");
            }
            let piece = split(&piece);
            at += len;
            open = !minus && !piece.is_empty();
            match piece.len() {
                1 if minus => asked.without.push(piece),
                2.. if minus => asked.quoted_without.push(piece),
                _ => words.extend(piece),
            }
        }
        let telling = words.iter().any(|word| !is_empty(word));
        if telling {
            open &= !is_empty(words.last().unwrap());
            let mut telling = 0;
            for at in 0..words.len() {
                let or = at > 1 && is_or(&words[at - 1]) && !is_empty(&words[at - 2]);
                if !is_empty(&words[at]) {
                    asked.after_or.extend(or.then_some(telling));
                    telling += 1;
                }
            }
            words.retain(|word| !is_empty(word));
        } else {
            let last = words.pop().filter(|_| asked.phrases.is_empty());
            words = last.into_iter().collect();
        }
        let lone = words.len() + asked.phrases.len() == 1;
        if open && !lone && words.last().is_some_and(|word| word.len() == 1) {
            words.pop();
            open = false;
            asked.after_or.retain(|at| *at < words.len());
        }
        let last = words.len();
        asked.words = (1..)
            .zip(words)
            .map(|(place, word)| {
                let right = word.bytes().any(|c| c.is_ascii_digit())
                    || is_empty(&word)
                    || is_common(&word)
                    || knows(&word);
                let slips = if right { 0 } else { word.len().min(8) / 4 };
                (word, open && place == last, slips)
            })
            .collect();
        let nothing = asked.words.is_empty()
            && asked.phrases.is_empty()
            && asked.without.is_empty()
            && asked.quoted_without.is_empty();
        (!nothing).then_some(asked)
    }
}

fn worth_in(part: Part) -> u32 {
    [8_000, 7_000, 4_000, 1_000][part as usize]
}

fn of(worth: u32, like: usize) -> u32 {
    worth * LIKE[like].0 / LIKE[like].1
}

/// What a term is called.
pub(super) type Names = Vec<Name>;

#[derive(Debug)]
pub(super) struct Name {
    folded: String,
    telling: Vec<String>,
    label: bool,
}

pub(super) fn names(term: &Term) -> Names {
    let labels = term.labels.values().map(|label| (fold(label), true));
    let all = labels.chain(term.synonyms.iter().map(|synonym| (fold(synonym), false)));
    all.map(|(folded, label)| Name { telling: telling(&folded), folded, label }).collect()
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
