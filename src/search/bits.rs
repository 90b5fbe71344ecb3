//! Sets of programs, a word of 64 at a time.
//!
//! Programs are numbered so that 64 neighbors are one block on the map and one word in every set:
//! a look around a place reads a filter's word for a block and passes the block over when it is zero.

/// How many programs are in a block.
pub(super) const BLOCK: usize = 64;

/// The block a program is in, and its bit there.
pub(super) const fn block_of(program: u32) -> (usize, u64) {
    (program as usize / BLOCK, 1 << (program as usize % BLOCK))
}

/// The programs of a word, in order.
pub(super) fn programs_of(block: usize, mut word: u64) -> impl Iterator<Item = u32> {
    #[expect(clippy::cast_possible_truncation, reason = "programs are numbered in 32 bits")]
    let first = (block * BLOCK) as u32;
    std::iter::from_fn(move || {
        if word == 0 {
            return None;
        }
        let bit = word.trailing_zeros();
        word &= word - 1;
        Some(first + bit)
    })
}

/// A set with a bit for every program of a segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set among so many programs.
    pub(super) fn none(programs: usize) -> Self {
        Self(vec![0; programs.div_ceil(BLOCK)].into())
    }

    /// The set of these programs among so many.
    pub(super) fn of(programs: usize, members: impl IntoIterator<Item = u32>) -> Self {
        let mut bits = Self::none(programs);
        for member in members {
            bits.insert(member);
        }
        bits
    }

    pub(super) fn insert(&mut self, program: u32) {
        let (block, bit) = block_of(program);
        if let Some(word) = self.0.get_mut(block) {
            *word |= bit;
        }
    }

    pub(super) fn contains(&self, program: u32) -> bool {
        let (block, bit) = block_of(program);
        self.word(block) & bit != 0
    }

    pub(super) fn word(&self, block: usize) -> u64 {
        self.0.get(block).copied().unwrap_or_default()
    }

    /// How many members are in another set.
    pub(super) fn count_in(&self, other: &Self) -> usize {
        let both = self.0.iter().zip(&other.0).map(|(a, b)| (a & b).count_ones() as usize);
        both.sum()
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// Below this many members a set is a list.
const FEW: usize = 1_024;

/// A set that is kept: a list when it has few members, else a bit for every program.
#[derive(Debug, Clone)]
pub(super) enum Members {
    /// In ascending order.
    Few(Box<[u32]>),
    /// A bit for each, and how many are set.
    Many(Bits, u32),
}

impl Default for Members {
    fn default() -> Self {
        Self::Few(Box::default())
    }
}

impl Members {
    /// The set of these programs, in ascending order and each once, among so many.
    pub(super) fn of(programs: usize, members: &[u32]) -> Self {
        if members.len() < FEW {
            Self::Few(members.into())
        } else {
            let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
            Self::Many(Bits::of(programs, members.iter().copied()), count)
        }
    }

    pub(super) fn contains(&self, program: u32) -> bool {
        match self {
            Self::Few(list) => list.binary_search(&program).is_ok(),
            Self::Many(bits, _) => bits.contains(program),
        }
    }

    /// The members in a block.
    pub(super) fn word(&self, block: u32) -> u64 {
        match self {
            Self::Few(list) => {
                let from = list.partition_point(|member| block_of(*member).0 < block as usize);
                let here = list[from..].iter().map(|member| block_of(*member));
                let here = here.take_while(|(at, _)| *at == block as usize);
                here.fold(0, |word, (_, bit)| word | bit)
            }
            Self::Many(bits, _) => bits.word(block as usize),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(_, count) => *count as usize,
        }
    }

    /// How many members are in a set.
    pub(super) fn count_in(&self, bits: &Bits) -> usize {
        match self {
            Self::Few(list) => list.iter().filter(|member| bits.contains(**member)).count(),
            Self::Many(many, _) => many.count_in(bits),
        }
    }

    /// How many are in both, without those in `gone`.
    pub(super) fn count_with(&self, other: &Self, gone: Option<&Bits>) -> usize {
        match (self, other) {
            (Self::Few(list), other) | (other, Self::Few(list)) => {
                let stays = |member: &&u32| gone.is_none_or(|gone| !gone.contains(**member));
                list.iter().filter(|member| other.contains(**member)).filter(stays).count()
            }
            (Self::Many(many, _), Self::Many(others, _)) => {
                let gone = |block| gone.map_or(0, |gone| gone.word(block));
                let both = many.0.iter().zip(&others.0).map(|(a, b)| a & b).enumerate();
                both.map(|(block, both)| (both & !gone(block)).count_ones() as usize).sum()
            }
        }
    }

    /// Adds every member to a set.
    pub(super) fn add_to(&self, bits: &mut Bits) {
        match self {
            Self::Few(list) => list.iter().for_each(|member| bits.insert(*member)),
            Self::Many(many, _) => {
                for (word, more) in bits.0.iter_mut().zip(&many.0) {
                    *word |= more;
                }
            }
        }
    }
}

/// Words by block, in ascending order of blocks, none of them zero.
pub(super) type BlockSet = Vec<(u32, u64)>;

/// Adds a program to words; programs come in ascending order.
pub(super) fn push(words: &mut BlockSet, program: u32) {
    let (block, bit) = block_of(program);
    let block = u32::try_from(block).unwrap_or(u32::MAX);
    match words.last_mut() {
        Some((last, word)) if *last == block => *word |= bit,
        _ => words.push((block, bit)),
    }
}

/// Puts words in order and joins those of one block.
pub(super) fn join(words: &mut BlockSet) {
    words.sort_unstable_by_key(|(block, _)| *block);
    words.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 |= next.1;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_the_same_as_a_list_and_as_bits() {
        let mut random = fastrand::Rng::with_seed(3);
        for density in [2, 40, 1_500] {
            let members: Vec<u32> = (0..10_000).filter(|_| random.u32(..density) == 0).collect();
            let kept = Members::of(10_000, &members);
            let mut bits = Bits::none(10_000);
            kept.add_to(&mut bits);

            assert_eq!(bits.len(), members.len());
            assert_eq!(kept.len(), members.len());
            let walked: Vec<u32> =
                (0..157).flat_map(|block| programs_of(block, bits.word(block))).collect();
            assert_eq!(walked, members);
            for program in 0..10_000 {
                assert_eq!(kept.contains(program), bits.contains(program));
            }
        }
    }

    #[test]
    fn words_of_one_block_are_joined() {
        let mut words = vec![(3, 1), (1, 4), (3, 2)];
        push(&mut words, 193);

        join(&mut words);

        assert_eq!(words, [(1, 4), (3, 3)]);
    }

    #[test]
    fn what_is_in_both_and_not_gone_is_counted() {
        let mut random = fastrand::Rng::with_seed(8);
        for _ in 0..200 {
            let some = |random: &mut fastrand::Rng| -> Vec<u32> {
                let share = [2, 9, 700][random.usize(..3)];
                (0..6_000).filter(|_| random.u32(..share) == 0).collect()
            };
            let (a, b, gone) = (some(&mut random), some(&mut random), some(&mut random));
            let both = |member: &&u32| b.binary_search(member).is_ok();
            let stays = |member: &&u32| gone.binary_search(member).is_err();
            let (first, second) = (Members::of(6_000, &a), Members::of(6_000, &b));
            let without = Bits::of(6_000, gone.iter().copied());

            assert_eq!(first.count_with(&second, None), a.iter().filter(both).count());
            let stay = a.iter().filter(both).filter(stays).count();
            assert_eq!(first.count_with(&second, Some(&without)), stay);
        }
    }
}
