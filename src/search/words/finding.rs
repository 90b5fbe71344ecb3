//! Finding the programs that answer to a wording.

use super::lists::{List, Stepwise};
use super::texts::Run;
use super::vocabulary::Likeness;
use super::wording::{Phrase, TERM_BONUS, Word, Wording};
use super::{Part, Scored, TERM_WORTH, Words, bearer, letter, told_by};

/// Up to so many places in lists are put in order by sorting them.
const FEW: usize = 4_096;

/// More are put in order by so many programs at a time.
const WINDOW: u32 = 4_096;

/// The programs that answer to one word, by the ways they may do so.
struct Sought<'a> {
    ways: Vec<(List<'a>, Worth)>,
    phrase: Option<Following<'a>>,
}

/// What a program is worth by the part it is in a list with.
type Worth = [u32; 4];

/// The words of a phrase, all of them known.
struct Following<'a> {
    run: Run<'a>,
    /// How many words there are.
    count: u32,
    /// The list of each word, each once, the shortest first.
    lists: Vec<List<'a>>,
}

impl Words {
    /// The programs that answer to a wording, in ascending order, with what they are worth.
    pub(in crate::search) fn find(&self, wording: &Wording) -> Vec<Scored> {
        let mut sought: Vec<Sought<'_>> = wording
            .words
            .iter()
            .map(|word| self.word(word))
            .chain(wording.phrases.iter().map(|phrase| self.phrase(phrase)))
            .collect();
        sought.sort_by_key(Sought::len);
        let mut found = match sought.split_first() {
            Some((first, others)) => {
                let mut found = first.programs();
                for other in others {
                    if found.is_empty() {
                        break;
                    }
                    let worth = other.worth_among(&found, self);
                    keep(&mut found, &worth, |worth| *worth > 0);
                }
                if first.phrase.is_some() {
                    let worth = first.worth_among(&found, self);
                    keep(&mut found, &worth, |worth| *worth > 0);
                }
                found
            }
            None => (0..self.programs).map(|program| (program, 0)).collect(),
        };
        let without_words = wording.without_words.iter().map(|word| self.word(word));
        let without = without_words.chain(wording.without_phrases.iter().map(|p| self.phrase(p)));
        for without in without {
            let worth = without.worth_among(&found, self);
            keep(&mut found, &worth, |worth| *worth == 0);
        }
        for (term, likeness) in &wording.terms {
            let with = self.terms.get(u32::from(term.0));
            let bonus = worth_by(&[(with, [likeness.of(TERM_BONUS); 4])], &found);
            keep(&mut found, &bonus, |_| true);
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
                let letter = u32::try_from(letter(&typed.word)).unwrap_or_default();
                ways.push((self.letters.get(letter), by_part(Likeness::Begins)));
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

    /// The programs that answer, with their worth; for a phrase, those that may, without any.
    fn programs(&self) -> Vec<Scored> {
        let Some(run) = &self.phrase else { return union(&self.ways) };
        let mut ways: Vec<(List<'_>, Worth)> =
            self.ways.iter().map(|(list, _)| (*list, [1; 4])).collect();
        ways.extend(run.lists.first().map(|list| (*list, [1; 4])));
        let mut programs = union(&ways);
        for (_, worth) in &mut programs {
            *worth = 0;
        }
        programs
    }

    /// What each of these programs is worth; 0 for those that do not answer.
    fn worth_among(&self, among: &[Scored], words: &Words) -> Vec<u32> {
        let mut best = worth_by(&self.ways, among);
        if let Some(Following { run, count, lists }) = &self.phrase {
            let mut with: Vec<(u32, usize)> =
                among.iter().enumerate().map(|(at, (program, _))| (*program, at)).collect();
            for list in lists {
                let mut both = Vec::new();
                list.each_among(&with, |(program, _)| *program, |at, _| both.push(with[at]));
                with = both;
            }
            for (program, at) in with {
                if let Some(part) = words.texts.part_with(program, run) {
                    best[at] = part.worth().saturating_mul(*count).max(best[at]);
                }
            }
        }
        best
    }
}

fn by_part(likeness: Likeness) -> Worth {
    Part::ALL.map(|part| likeness.of(part.worth()))
}

/// Keeps the programs whose worth is so, and adds it.
fn keep(found: &mut Vec<Scored>, worth: &[u32], is_so: impl Fn(&u32) -> bool) {
    let mut worth = worth.iter();
    found.retain_mut(|(_, sum)| {
        worth.next().is_some_and(|worth| {
            *sum += worth;
            is_so(worth)
        })
    });
}

/// The programs of all these lists, each once, with the most it is worth in any.
fn union(ways: &[(List<'_>, Worth)]) -> Vec<Scored> {
    if let [only] = ways {
        return scored(only).collect();
    }
    let len: usize = ways.iter().map(|(list, _)| list.len()).sum();
    if len <= FEW {
        let mut all: Vec<Scored> = ways.iter().flat_map(scored).collect();
        all.sort_unstable_by_key(|(program, worth)| (*program, u32::MAX - worth));
        all.dedup_by_key(|(program, _)| *program);
        return all;
    }
    let mut rest: Vec<(Stepwise<'_>, &Worth)> = stepwise(ways);
    let mut all = Vec::with_capacity(len / 2);
    let mut best = vec![0; WINDOW as usize];
    let mut here = [0_u64; WINDOW as usize / 64];
    while let Some(next) = rest.iter().filter_map(|(list, _)| list.next()).min() {
        let from = next - next % WINDOW;
        for (list, worth) in &mut rest {
            list.below(from + WINDOW, |program, part| {
                let at = (program - from) as usize;
                best[at] = worth[part as usize].max(best[at]);
                here[at / 64] |= 1 << (at % 64);
            });
        }
        rest.retain(|(list, _)| list.next().is_some());
        for (at, bits) in (0..).step_by(64).zip(&mut here) {
            while *bits != 0 {
                let at = at + bits.trailing_zeros();
                all.push((from + at, std::mem::take(&mut best[at as usize])));
                *bits &= *bits - 1;
            }
        }
    }
    all
}

/// The most that each of these programs is worth in any list; 0 where it is in none.
fn worth_by(ways: &[(List<'_>, Worth)], among: &[Scored]) -> Vec<u32> {
    let mut worths = vec![0; among.len()];
    let is_long = |list: &List<'_>| list.len() / 16 > among.len();
    for (list, worth) in ways.iter().filter(|(list, _)| is_long(list)) {
        list.each_among(
            among,
            |(program, _)| *program,
            |at, part| {
                worths[at] = worth[part as usize].max(worths[at]);
            },
        );
    }
    let others: Vec<_> = ways.iter().filter(|(list, _)| !is_long(list)).copied().collect();
    let mut rest = stepwise(&others);
    let mut best = vec![0; WINDOW as usize];
    let mut passed = 0;
    while let Some((next, _)) = among.get(passed)
        && !rest.is_empty()
    {
        let from = next - next % WINDOW;
        for (list, worth) in &mut rest {
            list.below(from, |_, _| ());
            list.below(from + WINDOW, |program, part| {
                let at = (program - from) as usize;
                best[at] = worth[part as usize].max(best[at]);
            });
        }
        rest.retain(|(list, _)| list.next().is_some());
        let count = among[passed..].partition_point(|(program, _)| program - from < WINDOW);
        let here = passed..passed + count;
        for ((program, _), worth) in among[here.clone()].iter().zip(&mut worths[here]) {
            *worth = best[(program - from) as usize].max(*worth);
        }
        best.fill(0);
        passed += count;
    }
    worths
}

fn stepwise<'a, 'w>(ways: &'w [(List<'a>, Worth)]) -> Vec<(Stepwise<'a>, &'w Worth)> {
    ways.iter().map(|(list, worth)| (list.stepwise(), worth)).collect()
}

fn scored<'a>((list, worth): &(List<'a>, Worth)) -> impl Iterator<Item = Scored> + use<'a> {
    let worth = *worth;
    list.programs().map(move |(program, part)| (program, worth[part as usize]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::lists::{Growing, Lists};
    use super::*;

    #[test]
    fn long_lists_are_put_together_as_by_hand() {
        let mut random = fastrand::Rng::with_seed(4);
        for _ in 0..30 {
            let mut by_hand: Vec<BTreeMap<u32, Part>> = Vec::new();
            let mut growing = Vec::new();
            for _ in 0..random.usize(1..6) {
                let step = [2, 9, 900][random.usize(..3)];
                let (mut list, mut program) = (Growing::default(), random.u32(..9_000));
                let mut parts = BTreeMap::new();
                while program < 60_000 {
                    let part = Part::ALL[random.usize(..4)];
                    list.add(program, part);
                    parts.insert(program, part);
                    program += random.u32(1..=step);
                }
                by_hand.push(parts);
                growing.push(list);
            }
            let lists = Lists::pack(growing);
            let worth = |at: usize| by_part([Likeness::Same, Likeness::Begins][at % 2]);
            let ways: Vec<(List<'_>, Worth)> = (0..by_hand.len())
                .map(|at| (lists.get(at.try_into().unwrap()), worth(at)))
                .collect();
            let best = |program: u32| -> u32 {
                let worths = by_hand.iter().enumerate().filter_map(|(at, parts)| {
                    parts.get(&program).map(|part| worth(at)[*part as usize])
                });
                worths.max().unwrap_or_default()
            };
            let wanted: Vec<Scored> =
                (0..60_000).map(|p| (p, best(p))).filter(|(_, worth)| *worth > 0).collect();
            assert_eq!(union(&ways), wanted);

            let share = [1, 3, 400][random.usize(..3)];
            let among: Vec<Scored> =
                (0..70_000).filter(|_| random.u32(..share) == 0).map(|p| (p, 1)).collect();
            let wanted: Vec<u32> = among.iter().map(|(program, _)| best(*program)).collect();
            assert_eq!(worth_by(&ways, &among), wanted);
        }
    }
}
