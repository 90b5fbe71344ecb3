//! Finding the programs that answer to a wording, block by block.
//!
//! Of each block of programs it is first found out who answers to every word, as bits, and only for those
//! what they are worth. A search around a place looks at the blocks that are near or reach it, and never at
//! the rest of a list.

use std::cell::Cell;

use super::lists::{Blocks, ByPart, List};
use super::texts::Run;
use super::vocabulary::Likeness;
use super::wording::{Phrase, TERM_BONUS, Word, Wording};
use super::{Part, TERM_WORTH, Words, bearer, letter, told_by};
use crate::search::bits::{BLOCK, BlockSet, block_of, programs_of};

/// The programs that answer to a wording, and what each is worth.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::search) struct Answering {
    /// Who they are.
    pub(in crate::search) blocks: BlockSet,
    /// Where the worths of each block begin.
    begins: Vec<u32>,
    /// In the order of programs.
    worths: Vec<u32>,
    /// The place of the block that was looked up last: most often the next is the same or the one after.
    last: Cell<usize>,
}

impl Answering {
    /// What a program is worth; nothing when it does not answer.
    pub(in crate::search) fn worth(&self, program: u32) -> u32 {
        let (block, bit) = block_of(program);
        let is_at = |at: &usize| self.blocks.get(*at).is_some_and(|(at, _)| *at as usize == block);
        let near = [self.last.get(), self.last.get() + 1].into_iter().find(is_at);
        let at =
            near.unwrap_or_else(|| self.blocks.partition_point(|(at, _)| (*at as usize) < block));
        self.last.set(at);
        match self.blocks.get(at) {
            Some((found, word)) if *found as usize == block && word & bit != 0 => {
                let before = (word & (bit - 1)).count_ones();
                self.worths[(self.begins[at] + before) as usize]
            }
            _ => 0,
        }
    }

    /// Adds the programs of a later block with what they are worth.
    fn push(&mut self, block: u32, word: u64, worth: &[u32; BLOCK]) {
        self.blocks.push((block, word));
        self.begins.push(u32::try_from(self.worths.len()).unwrap_or(u32::MAX));
        self.worths.extend(bits_of(word).map(|at| worth[at]));
    }

    /// The programs in ascending order, each with what it is worth.
    #[cfg(test)]
    pub(super) fn scored(&self) -> Vec<(u32, u32)> {
        let programs = self.blocks.iter().flat_map(|(at, word)| programs_of(*at as usize, *word));
        programs.zip(self.worths.iter().copied()).collect()
    }
}

/// The places of the bits of a word.
fn bits_of(word: u64) -> impl Iterator<Item = usize> {
    programs_of(0, word).map(|at| at as usize)
}

/// What a program is worth by the part it is in a list with.
type Worth = [u32; 4];

/// What answers to one word or phrase, by the ways it may do so.
struct Sought<'a> {
    ways: Vec<(List<'a>, Worth)>,
    phrase: Option<Following<'a>>,
}

/// The words of a phrase, all of them known.
struct Following<'a> {
    run: Run<'a>,
    /// How many words there are.
    count: u32,
    /// The list of each word, each once, the shortest first.
    lists: Vec<List<'a>>,
}

impl Words {
    /// Those of some programs that answer to a wording.
    pub(in crate::search) fn find(&self, wording: &Wording, among: &[(u32, u64)]) -> Answering {
        let mut sought: Vec<Sought<'_>> = wording
            .words
            .iter()
            .map(|word| self.word(word))
            .chain(wording.phrases.iter().map(|phrase| self.phrase(phrase)))
            .collect();
        sought.sort_by_key(Sought::len);
        let mut found = Answering::default();
        if sought.first().is_some_and(|rarest| rarest.len() == 0) {
            return found;
        }
        let without_words = wording.without_words.iter().map(|word| self.word(word));
        let without = without_words.chain(wording.without_phrases.iter().map(|p| self.phrase(p)));
        let mut without: Vec<Reading<'_>> =
            without.map(|sought| Reading::new(sought, among)).collect();
        let mut readings: Vec<Reading<'_>> =
            sought.into_iter().map(|sought| Reading::new(sought, among)).collect();
        let bonuses = wording.terms.iter().map(|(term, likeness)| {
            (self.terms.get(u32::from(term.0)).blocks(), likeness.of(TERM_BONUS))
        });
        let mut bonuses: Vec<(Blocks<'_>, u32)> = bonuses.collect();
        for (block, among) in among {
            let mut word = *among;
            for reading in &mut readings {
                word = reading.answering(self, *block, word);
                if word == 0 {
                    break;
                }
            }
            for reading in &mut without {
                if word != 0 {
                    word &= !reading.answering(self, *block, word);
                }
            }
            if word == 0 {
                continue;
            }
            let mut worth = [0; BLOCK];
            for reading in &readings {
                reading.add_worth(word, &mut worth);
            }
            for (term, bonus) in &mut bonuses {
                let with = any(term.of(*block)) & word;
                bits_of(with).for_each(|at| worth[at] += *bonus);
            }
            found.push(*block, word, &worth);
        }
        found
    }

    /// The programs that what was typed is a whole name of, or of their organization, in ascending order.
    pub(in crate::search) fn named(&self, wording: &Wording) -> Vec<u32> {
        let mut named = Vec::new();
        for name in &wording.names {
            let from = self.names.partition_point(|other| *other < told_by(name, 0));
            let till = self.names.partition_point(|other| *other <= told_by(name, u32::MAX));
            named.extend(self.names[from..till].iter().copied().map(bearer));
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    fn word(&self, word: &Word) -> Sought<'_> {
        let mut ways: Vec<(List<'_>, Worth)> = Vec::new();
        for typed in &word.typed {
            if typed.open && typed.word.len() == 1 {
                let number = self.vocabulary.number(&typed.word);
                ways.extend(number.map(|number| (self.lists.get(number), by_part(Likeness::Same))));
                let letter = self.letters.get(letter(&typed.word).into());
                ways.push((letter, by_part(Likeness::Begins)));
            } else {
                let like = self.vocabulary.like(typed);
                let lists = like.iter().map(|(n, like)| (self.lists.get(*n), by_part(*like)));
                ways.extend(lists);
            }
        }
        for (term, likeness) in &word.terms {
            let list = self.terms.get(u32::from(term.0));
            ways.push((list, [likeness.of(TERM_WORTH); 4]));
        }
        ways.retain(|(list, _)| list.len() > 0);
        Sought { ways, phrase: None }
    }

    fn phrase(&self, phrase: &Phrase) -> Sought<'_> {
        let count = u32::try_from(phrase.words.len()).unwrap_or(u32::MAX);
        let worth = [TERM_WORTH.saturating_mul(count); 4];
        let terms = phrase.terms.iter().map(|term| (self.terms.get(u32::from(term.0)), worth));
        let ways = terms.filter(|(list, _)| list.len() > 0).collect();
        let words: Option<Vec<u32>> =
            phrase.words.iter().map(|word| self.vocabulary.number(word)).collect();
        let run = words.map(|words| {
            let mut each = words.clone();
            each.sort_unstable();
            each.dedup();
            let mut lists: Vec<List<'_>> = each.iter().map(|n| self.lists.get(*n)).collect();
            lists.sort_by_key(List::len);
            Following { run: Run::new(&words), count, lists }
        });
        Sought { ways, phrase: run }
    }
}

impl Sought<'_> {
    /// At most how many programs answer.
    fn len(&self) -> usize {
        let run = self.phrase.as_ref().and_then(|run| run.lists.first()).map_or(0, List::len);
        run + self.ways.iter().map(|(list, _)| list.len()).sum::<usize>()
    }
}

/// What answers to one word or phrase, as it is read block by block.
struct Reading<'a> {
    ways: Vec<(Blocks<'a>, Worth)>,
    /// Who is in one of the short lists, in ascending order, and the most they are worth by one.
    few: Vec<(u32, u32)>,
    /// How many of these have been passed.
    passed: usize,
    phrase: Option<Phrased<'a>>,
    /// Of the block that was read last: who is in each way, whom of the few it has, and by what phrases.
    by_way: Vec<ByPart>,
    few_here: std::ops::Range<usize>,
    /// What those are worth that have the phrase.
    by_phrase: (u64, [u32; BLOCK]),
}

/// A phrase as it is read block by block.
struct Phrased<'a> {
    run: Run<'a>,
    count: u32,
    words: Vec<Blocks<'a>>,
}

impl<'a> Reading<'a> {
    fn new(sought: Sought<'a>, among: &[(u32, u64)]) -> Self {
        let mut ways = Vec::with_capacity(sought.ways.len());
        let mut few = Vec::new();
        for (list, worth) in sought.ways {
            match list.few() {
                Some(programs) => {
                    few.extend(programs.map(|(program, part)| (program, worth[part as usize])));
                }
                None => ways.push((list.blocks(), worth)),
            }
        }
        // Most short lists are of words that begin alike, and of those most programs are elsewhere.
        few.retain(|(program, _)| is_in(among, *program));
        few.sort_unstable_by_key(|(program, worth)| (*program, u32::MAX - worth));
        few.dedup_by_key(|(program, _)| *program);
        let phrase = sought.phrase.map(|Following { run, count, lists }| Phrased {
            run,
            count,
            words: lists.into_iter().map(List::blocks).collect(),
        });
        Self {
            by_way: vec![[0; 4]; ways.len()],
            ways,
            few,
            passed: 0,
            few_here: 0..0,
            phrase,
            by_phrase: (0, [0; BLOCK]),
        }
    }

    /// Those of some programs of a block that answer; blocks come in ascending order.
    fn answering(&mut self, words: &Words, block: u32, among: u64) -> u64 {
        let mut answering = 0;
        for ((way, _), by_part) in self.ways.iter_mut().zip(&mut self.by_way) {
            *by_part = way.of(block);
            answering |= any(*by_part);
        }
        let few = &self.few[self.passed..];
        let ahead = few.iter().take_while(|(program, _)| block_of(*program).0 < block as usize);
        let from = self.passed + ahead.count();
        let here = self.few[from..].iter();
        let here = here.take_while(|(program, _)| block_of(*program).0 == block as usize);
        self.few_here = from..from + here.clone().count();
        self.passed = self.few_here.end;
        answering |= here.fold(0, |word, (program, _)| word | block_of(*program).1);
        if let Some(Phrased { run, count, words: lists }) = &mut self.phrase {
            let mut with = among;
            for list in lists {
                with &= any(list.of(block));
                if with == 0 {
                    break;
                }
            }
            let (have, worth) = &mut self.by_phrase;
            *have = 0;
            for at in bits_of(with) {
                let program = programs_of(block as usize, 1 << at).next().unwrap_or_default();
                if let Some(part) = words.texts.part_with(program, run) {
                    *have |= 1 << at;
                    worth[at] = part.worth().saturating_mul(*count);
                }
            }
            answering |= *have;
        }
        answering & among
    }

    /// Adds the most that programs of the block that was read last are worth in any way.
    fn add_worth(&self, word: u64, worth: &mut [u32; BLOCK]) {
        let mut best = [0; BLOCK];
        for ((_, worth), by_part) in self.ways.iter().zip(&self.by_way) {
            for (worth, with) in worth.iter().zip(by_part) {
                bits_of(with & word).for_each(|at| best[at] = best[at].max(*worth));
            }
        }
        for (program, worth) in &self.few[self.few_here.clone()] {
            let at = block_of(*program).1.trailing_zeros() as usize;
            best[at] = best[at].max(*worth);
        }
        let (have, by_phrase) = &self.by_phrase;
        bits_of(have & word).for_each(|at| best[at] = best[at].max(by_phrase[at]));
        bits_of(word).for_each(|at| worth[at] += best[at]);
    }
}

fn any([name, alias, organization, text]: ByPart) -> u64 {
    name | alias | organization | text
}

fn is_in(blocks: &[(u32, u64)], program: u32) -> bool {
    let (block, bit) = block_of(program);
    let at = blocks.binary_search_by_key(&block, |(at, _)| *at as usize);
    at.is_ok_and(|at| blocks[at].1 & bit != 0)
}

fn by_part(likeness: Likeness) -> Worth {
    Part::ALL.map(|part| likeness.of(part.worth()))
}
