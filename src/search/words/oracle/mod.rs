//! The rules of words once more, slowly, and compared with the index on generated directories.

mod asked;
mod generated;
mod rules;

use fastrand::Rng;

use self::generated::{program, term, typed};
use self::rules::{Names, Program, RULES, Rule, Rules, names};
use super::plain::{is_common, is_empty, is_or};
use super::{Lexicon, Part, Scored, TermNumber, Wording, Words};
use crate::domain::{Term, fold};
use crate::search::bits::{self, BlockSet};

/// How many directories are tried, with twenty searches each.
const DIRECTORIES: usize = 200;

/// How many searches of so many disagree, with the first that does, and how many found something.
fn compare(rules: Rules, directories: usize) -> (Option<String>, usize, usize) {
    let mut random = Rng::with_seed(2_026);
    let (mut first, mut wrong, mut telling) = (None, 0, 0);
    for _ in 0..directories {
        let count = random.usize(1..6);
        let terms: Vec<Term> = (0..count).map(|number| term(&mut random, number)).collect();
        let lexicon = Lexicon::new(&terms);
        let called: Vec<Names> = terms.iter().map(|term| names(term, &terms)).collect();
        let most = if random.u32(..5) == 0 { 200 } else { 40 };
        let programs: Vec<Program> =
            (0..random.usize(1..most)).map(|_| program(&mut random, terms.len())).collect();
        // They come in one order, and are numbered in another.
        let mut order: Vec<u32> = (0..).zip(&programs).map(|(number, _)| number).collect();
        random.shuffle(&mut order);
        let mut words = Words::default();
        for came in 0..programs.len() {
            let number = order.iter().position(|at| *at as usize == came).unwrap();
            let came = u32::try_from(came).unwrap();
            for (part, text) in &programs[number].parts {
                words.add(came, *part, text);
            }
            let numbers = programs[number].terms.iter();
            let numbers = numbers.map(|term| TermNumber(u16::try_from(*term).unwrap()));
            words.add_terms(came, numbers);
        }
        words.finish(&order);
        for _ in 0..20 {
            let text = typed(&mut random);
            let share = [1, 1, 2, 20][random.usize(..4)];
            let mut among = BlockSet::new();
            for number in (0..).zip(&programs).map(|(number, _)| number) {
                if random.u32(..share) == 0 {
                    bits::push(&mut among, number);
                }
            }
            let wording = Wording::read(&text, &lexicon);
            let found = wording.map(|wording| words.find(&wording, &among).scored());
            let wanted = rules.find(&programs, &called, &text).map(|mut wanted| {
                let is_among = |(number, _): &Scored| {
                    let (block, bit) = bits::block_of(*number);
                    among.iter().any(|(at, word)| *at as usize == block && word & bit != 0)
                };
                wanted.retain(is_among);
                wanted
            });
            telling += usize::from(wanted.as_ref().is_some_and(|found| !found.is_empty()));
            if found != wanted {
                wrong += 1;
                first.get_or_insert_with(|| {
                    let program = |(number, worth): &Scored| {
                        let program = &programs[*number as usize];
                        format!("{number} {worth} {:?} {:?}", program.parts, program.terms)
                    };
                    let told = |found: &Option<Vec<Scored>>| {
                        found.as_ref().map(|found| found.iter().map(program).collect::<Vec<_>>())
                    };
                    format!("{text:?}\n{called:?}\n{:#?}\nnot\n{:#?}", told(&found), told(&wanted))
                });
            }
        }
    }
    (first, wrong, telling)
}

#[test]
fn the_index_finds_what_the_rules_say() {
    let (first, wrong, telling) = compare(RULES, DIRECTORIES);

    assert_eq!(wrong, 0, "{}", first.unwrap_or_default());
    assert!(telling > DIRECTORIES * 5, "only {telling} searches found anything");
}

#[test]
fn whole_names_are_those_that_read_the_same() {
    let mut random = Rng::with_seed(2_027);
    let lexicon = Lexicon::new(&[]);
    let mut named = 0;
    for _ in 0..DIRECTORIES {
        let programs: Vec<Program> = (0..40).map(|_| program(&mut random, 1)).collect();
        let mut words = Words::default();
        for (number, program) in (0..).zip(&programs) {
            for (part, text) in &program.parts {
                words.add(number, *part, text);
            }
        }
        words.finish(&(0..40).collect::<Vec<u32>>());
        for _ in 0..20 {
            let text = typed(&mut random).replace(['"', '-'], " ");
            let parts: Vec<String> = text
                .split_whitespace()
                .map(|part| {
                    let letters =
                        |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
                    if part.split('/').all(letters) {
                        part.replace('/', " or ")
                    } else {
                        part.to_owned()
                    }
                })
                .collect();
            let folded = fold(&parts.join(" "));
            let telling = |text: &str| -> Vec<String> {
                let all = || text.split(' ').filter(|word| !word.is_empty());
                let some = all().filter(|word| !is_empty(word)).map(str::to_owned);
                let some: Vec<String> = some.collect();
                if some.is_empty() { all().map(str::to_owned).collect() } else { some }
            };
            let all: Vec<&str> = folded.split(' ').collect();
            let sides = all.split(|word| is_or(word)).map(|side| side.join(" "));
            let called: Vec<Vec<String>> = std::iter::once(folded.clone())
                .chain(sides)
                .flat_map(|side| {
                    let typed = telling(&side);
                    let more = typed.iter().filter(|word| !is_common(word)).cloned().collect();
                    [typed, more]
                })
                .collect();
            let is_name = |(part, name): &(Part, String)| {
                let name = telling(name);
                *part <= Part::Organization && !name.is_empty() && called.contains(&name)
            };
            let with = (0..).zip(&programs).filter(|(_, own)| own.parts.iter().any(is_name));
            let wanted: Vec<u32> = with.map(|(number, _)| number).collect();
            named += wanted.len();

            let wording = Wording::read(&text, &lexicon).unwrap_or_default();
            assert_eq!(words.named(&wording), wanted, "{text:?}");
        }
    }
    assert!(named > DIRECTORIES, "only {named} were named");
}

#[test]
fn a_wrong_rule_is_noticed() {
    for rule in
        [Rule::Slips, Rule::Forms, Rule::Prefix, Rule::Names, Rule::Or, Rule::Own, Rule::Together]
    {
        let planted = Rules { but: Some(rule) };
        assert!(compare(planted, 40).1 > 0);
    }
}
