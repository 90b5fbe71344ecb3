//! Lists of programs, packed; those that have many of all programs as sets of bits.

use super::Part;
use crate::search::bits::{BLOCK, block_of, programs_of};

/// After so many programs of a packed list there is a mark to jump to.
const MARKED: u32 = 64;

/// Where one of so many programs is in a list, it is kept as bits: an answer looks at a part of all programs,
/// and finds any block of them at once.
const MANY: u32 = 16;

/// Of fewer programs no list is kept as bits.
const WORTH_IT: u32 = 4_096;

/// The programs of a block that are in a list, by the best part they are in it with.
pub(super) type ByPart = [u64; 4];

/// Lists of programs by number, each program with the best part it was seen in.
///
/// A program is written as its distance to the one before, with the part in the two lowest bits,
/// seven bits to the byte: one byte for most.
#[derive(Debug, Default)]
pub(super) struct Lists {
    bytes: Vec<u8>,
    /// Where each list begins; one more than there are lists.
    starts: Vec<u32>,
    /// How many programs each list has.
    lens: Vec<u32>,
    marks: Vec<Mark>,
    /// Where the marks of each list begin; one more than there are lists.
    mark_starts: Vec<u32>,
    /// The lists that have many programs, by their numbers.
    planes: Vec<(u32, Planes)>,
}

/// A list as bits: for each block of programs who is in it, and the two bits of the part they are in it with.
#[derive(Debug)]
struct Planes(Box<[[u64; 3]]>);

/// A place in a list from which it can be read.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// The last program before it.
    after: u32,
    /// Where it is, from the beginning of the list.
    at: u32,
}

/// One list.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    bytes: &'a [u8],
    marks: &'a [Mark],
    planes: Option<&'a Planes>,
    len: u32,
}

/// A list in the making.
#[derive(Debug, Default)]
pub(super) struct Growing {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
    len: u32,
    last: u32,
    /// The program that was seen last; another part of it may still be better.
    pending: Option<(u32, Part)>,
}

impl Growing {
    /// Adds a program, or a part of the one that was added last.
    pub(super) fn add(&mut self, program: u32, part: Part) {
        match &mut self.pending {
            Some((last, best)) if *last == program => *best = part.min(*best),
            _ => {
                self.settle();
                self.pending = Some((program, part));
            }
        }
    }

    fn settle(&mut self) {
        let Some((program, part)) = self.pending.take() else { return };
        if self.len > 0 && self.len.is_multiple_of(MARKED) {
            self.marks.push(Mark { after: self.last, at: length(self.bytes.len()) });
        }
        let away = u64::from(program - self.last);
        write_number(&mut self.bytes, away << 2 | part as u64);
        self.last = program;
        self.len += 1;
    }
}

impl Planes {
    fn new(list: Programs<'_>, programs: u32) -> Self {
        let mut blocks = vec![[0; 3]; (programs as usize).div_ceil(BLOCK)];
        for (program, part) in list {
            let (block, bit) = block_of(program);
            let [here, low, high] = &mut blocks[block];
            *here |= bit;
            *low |= if part as u64 & 1 == 1 { bit } else { 0 };
            *high |= if part as u64 & 2 == 2 { bit } else { 0 };
        }
        Self(blocks.into())
    }

    fn block(&self, block: u32) -> ByPart {
        let [here, low, high] = self.0.get(block as usize).copied().unwrap_or_default();
        // In the order of the parts.
        [here & !low & !high, low & !high, high & !low, low & high]
    }
}

impl Lists {
    /// Packs lists of so many programs.
    pub(super) fn pack(growing: Vec<Growing>, programs: u32) -> Self {
        let mut lists = Self::default();
        lists.starts.push(0);
        lists.mark_starts.push(0);
        for (number, mut list) in (0..).zip(growing) {
            list.settle();
            if programs >= WORTH_IT && list.len > programs / MANY {
                let packed = Programs { bytes: &list.bytes, last: 0 };
                lists.planes.push((number, Planes::new(packed, programs)));
            } else {
                lists.bytes.append(&mut list.bytes);
                lists.marks.append(&mut list.marks);
            }
            lists.lens.push(list.len);
            lists.starts.push(length(lists.bytes.len()));
            lists.mark_starts.push(length(lists.marks.len()));
        }
        lists.bytes.shrink_to_fit();
        lists.marks.shrink_to_fit();
        lists
    }

    /// The list of this number; an empty one where there is none.
    pub(super) fn get(&self, number: u32) -> List<'_> {
        let at = number as usize;
        if at >= self.lens.len() {
            return List { bytes: &[], marks: &[], planes: None, len: 0 };
        }
        let planes = self.planes.binary_search_by_key(&number, |(number, _)| *number);
        List {
            bytes: &self.bytes[self.starts[at] as usize..self.starts[at + 1] as usize],
            marks: &self.marks[self.mark_starts[at] as usize..self.mark_starts[at + 1] as usize],
            planes: planes.ok().map(|at| &self.planes[at].1),
            len: self.lens[at],
        }
    }

    /// How many bytes they take.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
            + 4 * (self.starts.len() + self.lens.len() + self.mark_starts.len())
            + size_of::<Mark>() * self.marks.len()
            + self.planes.iter().map(|(_, planes)| size_of_val(&*planes.0)).sum::<usize>()
    }
}

impl<'a> List<'a> {
    /// How many programs it has.
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// Its programs in ascending order, when it has so few that nothing is gained by jumping in it.
    pub(super) fn few(self) -> Option<impl Iterator<Item = (u32, Part)> + 'a> {
        let is_short = self.len <= MARKED && self.planes.is_none();
        is_short.then_some(Programs { bytes: self.bytes, last: 0 })
    }

    /// Its programs, to be asked for one block after the other.
    pub(super) fn blocks(self) -> Blocks<'a> {
        let mut rest = Programs { bytes: self.bytes, last: 0 };
        Blocks { next: rest.next(), rest, passed: 0, list: self }
    }
}

/// The programs of a packed list, each with its part.
#[derive(Debug, Clone)]
struct Programs<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl Iterator for Programs<'_> {
    type Item = (u32, Part);

    #[inline]
    fn next(&mut self) -> Option<(u32, Part)> {
        let number = read_number(&mut self.bytes)?;
        self.last += u32::try_from(number >> 2).unwrap_or_default();
        Some((self.last, Part::ALL[(number & 3) as usize]))
    }
}

/// A list that is read block by block.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    list: List<'a>,
    /// How many marks have been passed.
    passed: usize,
    rest: Programs<'a>,
    next: Option<(u32, Part)>,
}

impl Blocks<'_> {
    /// The programs of a block that are in the list; blocks come in ascending order.
    pub(super) fn of(&mut self, block: u32) -> ByPart {
        if let Some(planes) = self.list.planes {
            return planes.block(block);
        }
        let mut by_part = [0; 4];
        let Some(first) = programs_of(block as usize, 1).next() else { return by_part };
        self.skip_to(first);
        while let Some((program, part)) = self.next
            && block_of(program).0 == block as usize
        {
            by_part[part as usize] |= block_of(program).1;
            self.next = self.rest.next();
        }
        by_part
    }

    /// Passes the programs before `first` over.
    fn skip_to(&mut self, first: u32) {
        if self.next.is_none_or(|(program, _)| program >= first) {
            return;
        }
        let is_before = |mark: &Mark| mark.after < first;
        let marks = &self.list.marks[self.passed..];
        if marks.first().is_some_and(is_before) {
            let mut within = 2;
            while marks.get(within).is_some_and(is_before) {
                within *= 2;
            }
            let ahead = marks[..marks.len().min(within)].partition_point(is_before);
            self.passed += ahead;
            let mark = marks[ahead - 1];
            self.rest = Programs { bytes: &self.list.bytes[mark.at as usize..], last: mark.after };
            self.next = self.rest.next();
        }
        while self.next.is_some_and(|(program, _)| program < first) {
            self.next = self.rest.next();
        }
    }
}

/// Writes a number in as few bytes as it takes, seven bits to each, the lowest first.
pub(super) fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Reads what [`write_number`] wrote; `None` at the end.
#[inline]
pub(super) fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    let mut number = u64::from(*first & 0x7f);
    let mut more = *first & 0x80 != 0;
    let mut shift = 7;
    while more {
        let (next, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(*next & 0x7f) << shift;
        shift += 7;
        more = *next & 0x80 != 0;
    }
    Some(number)
}

/// A length or a place as it is kept: four gigabytes are more than any directory's words.
pub(super) fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_list_gives_back_what_was_added_with_the_best_part() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut in_planes = 0;
        for step in [1, 3, 15, 40, 9_000].repeat(12) {
            let mut growing = Growing::default();
            let mut added = BTreeMap::new();
            let mut program = random.u32(..step);
            for _ in 0..random.usize(1..9_000) {
                let parts = [Part::ALL[random.usize(..4)], Part::ALL[random.usize(..4)]];
                for part in parts {
                    growing.add(program, part);
                }
                added.insert(program, parts[0].min(parts[1]));
                program += random.u32(1..=step);
            }
            let lists = Lists::pack(vec![growing], program);
            let list = lists.get(0);
            in_planes += usize::from(list.planes.is_some());

            assert_eq!(list.len(), added.len());
            assert_eq!(lists.get(1).len(), 0);
            if let Some(few) = list.few() {
                assert_eq!(few.collect::<BTreeMap<_, _>>(), added);
            }
            for share in [1, 2, 50, 200] {
                let mut blocks = list.blocks();
                for block in (0..program / 64 + 3).filter(|_| random.u32(..share) == 0) {
                    let mut found = BTreeMap::new();
                    for (part, word) in Part::ALL.iter().zip(blocks.of(block)) {
                        found.extend(programs_of(block as usize, word).map(|at| (at, *part)));
                    }
                    let wanted = added.range(block * 64..(block + 1) * 64);
                    assert!(found.iter().eq(wanted), "step {step}, share {share}, block {block}");
                }
            }
        }
        assert!((10..50).contains(&in_planes), "{in_planes}");
    }
}
