//! Terms, programs and searches that try the rules.

use fastrand::Rng;

use super::super::Part;
use super::rules::Program;
use crate::domain::{Term, fold};

/// Words that are forms, beginnings and misspellings of each other.
const WORDS: &str = "grief grieving greif grieve griever loss lost losses less depression depresion \
    depressed depressing depresssion anxiety anxious ansiedad anxeity group grupo groups the for de \
    a 2 12 12step support supporting voices voice hearing hear heard blues blue baby babies al anon \
    alcohol alcoholic aa men mental menta mentes women veteran veterans vetrans circle circles of \
    health healing heal dual duelo drop in perinatal prenatal xylophone la casa cases caso niños \
    niñas santé my my mi talk living tonight feel recovery recovering recoverry recovered";

fn some_words(random: &mut Rng, most: usize) -> String {
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let words: Vec<&str> =
        (0..random.usize(1..=most)).map(|_| all[random.usize(..all.len())]).collect();
    words.join([" ", " ", " ", "-", ", "][random.usize(..5)])
}

/// The same with an "or" here and there.
fn some_or_other(random: &mut Rng, most: usize) -> String {
    let joined = some_words(random, most);
    let or = [" or ", " o ", "/", " or", "or the "][random.usize(..5)];
    if random.u32(..3) == 0 { joined.replacen(' ', or, random.usize(1..3)) } else { joined }
}

pub(super) fn term(random: &mut Rng, number: usize) -> Term {
    let mut synonyms: Vec<String> = (0..random.usize(..4)).map(|_| some_words(random, 3)).collect();
    if random.bool() {
        synonyms.push(format!("my {}", some_words(random, 2)));
    }
    let named =
        |number: usize| serde_json::json!({ "taxonomy": "topic", "key": format!("term_{number}") });
    let mut together = Vec::new();
    if number > 1 && random.bool() {
        together.push([named(random.usize(..number)), named(random.usize(..number))]);
    }

    serde_json::from_value(serde_json::json!({
        "taxonomy": "topic",
        "key": format!("term_{number}"),
        "labels": { "en": some_words(random, 2), "es": some_words(random, 2) },
        "synonyms": synonyms,
        "together": together,
    }))
    .unwrap()
}

pub(super) fn program(random: &mut Rng, terms: usize) -> Program {
    let mut parts = vec![(Part::Name, some_words(random, 3))];
    if random.bool() {
        parts.push((Part::Alias, some_words(random, 2)));
    }
    parts.push((Part::Organization, some_words(random, 2)));
    for _ in 0..random.usize(..3) {
        parts.push((Part::Text, some_words(random, 9)));
    }
    let parts = parts.into_iter().map(|(part, text)| (part, fold(&text))).collect();
    let terms = (0..random.usize(..3)).map(|_| random.usize(..terms)).collect();
    Program { parts, terms }
}

pub(super) fn typed(random: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(1..=3) {
        let words = match random.u32(..3) {
            0 => some_or_other(random, 4),
            1 => some_words(random, 2),
            _ => some_words(random, 1),
        };
        let piece = match random.u32(..14) {
            0 => format!("\"{words}\""),
            1 => format!("-\"{words}\""),
            2 => format!("-{words}"),
            3 => format!("- {words}"),
            4 => format!("\"{words}"),
            5..9 => misspelt(&words, random),
            _ => words,
        };
        text.push_str(&piece);
        text.push_str(["", " ", " ", "  "][random.usize(..4)]);
    }
    match random.u32(..4) {
        0 => text.truncate(text.char_indices().nth_back(random.usize(..3)).map_or(0, |(at, _)| at)),
        1 => text = text.to_uppercase(),
        _ => (),
    }
    text
}

fn misspelt(word: &str, random: &mut Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    for _ in 0..random.usize(1..=3) {
        let at = random.usize(..letters.len());
        match random.u32(..4) {
            0 if letters.len() > 1 => drop(letters.remove(at)),
            1 => letters.insert(at, random.char('a'..='z')),
            2 => letters[at] = random.char('a'..='z'),
            _ => {
                let next = (at + 1) % letters.len();
                letters.swap(at, next);
            }
        }
    }
    letters.into_iter().collect()
}
