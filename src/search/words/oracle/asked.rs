//! What is typed, read by the rules.

use super::super::plain::{is_common, is_empty, is_or};
use crate::domain::fold;

/// What is typed, as it is looked for.
pub(super) struct Asked {
    /// Words, whether each may go on, and how many slips it may have.
    pub(super) words: Vec<(String, bool, usize)>,
    /// Whether each is of somebody's own.
    pub(super) own: Vec<bool>,
    /// The places of words after an "or".
    pub(super) after_or: Vec<usize>,
    pub(super) phrases: Vec<Vec<String>>,
    pub(super) without: Vec<Vec<String>>,
    pub(super) quoted_without: Vec<Vec<String>>,
}

impl Asked {
    /// How many words are from one place up to another, with "my" and the like.
    pub(super) fn width(&self, from: usize, to: usize, own: bool) -> usize {
        let within = self.own[from..to].iter().skip(1).filter(|own| **own);
        to - from + within.count() + usize::from(own)
    }

    pub(super) fn read(
        text: &str,
        knows: &dyn Fn(&str) -> bool,
        stands: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let mut asked = Self {
            words: vec![],
            own: vec![],
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
            for at in (0..words.len()).filter(|at| !is_empty(&words[*at])) {
                let before = at.checked_sub(1).map(|before| words[before].as_str());
                let own = ["my", "our", "mi", "mis", "mon", "ma", "mes"];
                asked.own.push(before.is_some_and(|before| own.contains(&before)));
            }
            words.retain(|word| !is_empty(word));
        } else {
            asked.own.push(false);
            let last = words.pop().filter(|_| asked.phrases.is_empty());
            words = last.into_iter().collect();
        }
        let lone = words.len() + asked.phrases.len() == 1;
        if open && !lone && words.last().is_some_and(|word| word.len() == 1) {
            words.pop();
            open = false;
            asked.after_or.retain(|at| *at < words.len());
        }
        open &= !words.last().is_some_and(|last| stands(last));
        let nothing_named = words.is_empty();
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
        let nothing = nothing_named
            && asked.phrases.is_empty()
            && asked.without.is_empty()
            && asked.quoted_without.is_empty();
        (!nothing).then_some(asked)
    }
}
