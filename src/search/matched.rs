//! What matched in a segment, and how it stands to the person.

use std::cell::OnceCell;

use super::bits::{self, BlockSet};
use super::matching::{Candidate, Relation};

/// The programs of a block that match without a place near the person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Apart {
    pub(super) block: u32,
    pub(super) serving: u64,
    pub(super) open: u64,
    pub(super) chapters: u64,
}

impl Apart {
    pub(super) fn all(&self) -> u64 {
        self.serving | self.open | self.chapters
    }
}

/// What matched in a segment.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// What has a place, with its distance in centimeters (`u32::MAX` when nobody said where the
    /// person is), in the order of programs.
    pub(super) placed: Vec<(u32, u32)>,
    /// What reaches the place otherwise.
    pub(super) apart: Vec<Apart>,
    /// What matches when nobody said where the person is.
    pub(super) anywhere: BlockSet,
    /// How what has a place stands to the person.
    pub(super) placed_relation: Option<Relation>,
    /// All of it in blocks: what is near, and the rest.
    pub(super) blocks: OnceCell<(BlockSet, BlockSet)>,
}

impl Matched {
    pub(super) fn len(&self) -> usize {
        self.by_relation().iter().sum::<usize>() + self.unrelated()
    }

    fn unrelated(&self) -> usize {
        let anywhere = self.anywhere.iter().map(|(_, word)| word.count_ones() as usize);
        let placed = if self.placed_relation.is_none() { self.placed.len() } else { 0 };
        anywhere.sum::<usize>() + placed
    }

    /// How many stand to the person in each way, in the order of [`Relation::ALL`].
    pub(super) fn by_relation(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        if let Some(relation) = self.placed_relation {
            counts[relation as usize] = self.placed.len();
        }
        for apart in &self.apart {
            for (relation, word) in apart.relations() {
                counts[relation as usize] += word.count_ones() as usize;
            }
        }
        counts
    }

    /// Whether a program matches without a place near the person.
    pub(super) fn is_apart(&self, program: u32) -> bool {
        let at = self.apart.binary_search_by_key(&(program / 64), |apart| apart.block);
        at.is_ok_and(|at| self.apart[at].all() >> (program % 64) & 1 == 1)
    }

    /// The programs of a block that match.
    pub(super) fn word(&self, block: u32) -> u64 {
        let (near, others) = self.blocks();
        let of = |blocks: &BlockSet| {
            let at = blocks.binary_search_by_key(&block, |(at, _)| *at);
            at.map_or(0, |at| blocks[at].1)
        };
        of(near) | of(others)
    }

    /// What has a place.
    pub(super) fn placed(&self) -> impl Iterator<Item = Candidate> {
        let relation = self.placed_relation;
        let placed = self.placed.iter();
        placed.map(move |&(program, distance_cm)| Candidate { program, relation, distance_cm })
    }

    /// The rest, in blocks of those who stand to the person alike.
    pub(super) fn unplaced(&self) -> impl Iterator<Item = (Option<Relation>, u32, u64)> {
        let apart = self.apart.iter().flat_map(|apart| {
            apart.relations().map(|(relation, word)| (Some(relation), apart.block, word))
        });
        apart.chain(self.anywhere.iter().map(|(block, word)| (None, *block, *word)))
    }

    /// The programs near the person, and the others.
    pub(super) fn blocks(&self) -> &(BlockSet, BlockSet) {
        self.blocks.get_or_init(|| {
            let mut placed = BlockSet::new();
            self.placed.iter().for_each(|(program, _)| bits::push(&mut placed, *program));
            let mut others: BlockSet =
                self.apart.iter().map(|apart| (apart.block, apart.all())).collect();
            others.extend(&self.anywhere);
            match self.placed_relation {
                Some(_) => (placed, others),
                None if others.is_empty() => (BlockSet::new(), placed),
                None => {
                    others.extend(placed);
                    bits::join(&mut others);
                    (BlockSet::new(), others)
                }
            }
        })
    }
}

impl Apart {
    const fn relations(&self) -> [(Relation, u64); 3] {
        [
            (Relation::ServesArea, self.serving),
            (Relation::OpenTo, self.open),
            (Relation::FindAChapter, self.chapters),
        ]
    }
}
