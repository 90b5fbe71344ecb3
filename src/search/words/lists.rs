//! Lists of programs, packed.

use super::Part;

/// After so many programs of a list there is a mark to jump to.
const BLOCK: u32 = 64;

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
}

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
        if self.len > 0 && self.len.is_multiple_of(BLOCK) {
            self.marks.push(Mark { after: self.last, at: length(self.bytes.len()) });
        }
        let away = u64::from(program - self.last);
        write_number(&mut self.bytes, away << 2 | part as u64);
        self.last = program;
        self.len += 1;
    }
}

impl Lists {
    /// Packs the lists.
    pub(super) fn pack(growing: Vec<Growing>) -> Self {
        let mut lists = Self::default();
        lists.starts.push(0);
        lists.mark_starts.push(0);
        for mut list in growing {
            list.settle();
            lists.bytes.append(&mut list.bytes);
            lists.marks.append(&mut list.marks);
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
            return List { bytes: &[], marks: &[], len: 0 };
        }
        List {
            bytes: &self.bytes[self.starts[at] as usize..self.starts[at + 1] as usize],
            marks: &self.marks[self.mark_starts[at] as usize..self.mark_starts[at + 1] as usize],
            len: self.lens[at],
        }
    }

    /// How many bytes they take.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
            + 4 * (self.starts.len() + self.lens.len() + self.mark_starts.len())
            + size_of::<Mark>() * self.marks.len()
    }
}

impl<'a> List<'a> {
    /// How many programs it has.
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// Its programs in ascending order.
    pub(super) fn programs(self) -> Programs<'a> {
        Programs { bytes: self.bytes, last: 0 }
    }

    /// Its programs, to be read in steps.
    pub(super) fn stepwise(self) -> Stepwise<'a> {
        let mut rest = self.programs();
        Stepwise { next: rest.next(), rest }
    }

    /// Calls `here` with the place in `among`, and the part, of each program that is in both: by
    /// looking each up, for few programs and a long list. `among` is in ascending order.
    pub(super) fn each_among<T>(
        self,
        among: &[T],
        program_of: impl Fn(&T) -> u32,
        mut here: impl FnMut(usize, Part),
    ) {
        let mut rest = self.programs();
        let mut passed = 0;
        let mut next = None;
        for (at, one) in among.iter().enumerate() {
            let wanted = program_of(one);
            if next.is_some_and(|(program, _)| program > wanted) {
                continue;
            }
            let ahead = self.marks[passed..].partition_point(|mark| mark.after < wanted);
            if ahead > 0 {
                passed += ahead;
                let mark = self.marks[passed - 1];
                rest = Programs { bytes: &self.bytes[mark.at as usize..], last: mark.after };
                next = None;
            }
            while next.is_none_or(|(program, _)| program < wanted) {
                next = rest.next();
                if next.is_none() {
                    return;
                }
            }
            if let Some((program, part)) = next
                && program == wanted
            {
                here(at, part);
            }
        }
    }
}

/// The programs of a list, each with its part.
#[derive(Debug, Clone)]
pub(super) struct Programs<'a> {
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

/// A list that is read in steps.
#[derive(Debug, Clone)]
pub(super) struct Stepwise<'a> {
    rest: Programs<'a>,
    next: Option<(u32, Part)>,
}

impl Stepwise<'_> {
    /// The program that comes next.
    pub(super) fn next(&self) -> Option<u32> {
        self.next.map(|(program, _)| program)
    }

    /// Reads the programs below `end`.
    #[inline]
    pub(super) fn below(&mut self, end: u32, mut read: impl FnMut(u32, Part)) {
        let Some((mut program, mut part)) = self.next else { return };
        while program < end {
            read(program, part);
            self.next = self.rest.next();
            let Some(next) = self.next else { return };
            (program, part) = next;
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
    use super::*;

    #[test]
    fn a_list_gives_back_what_was_added_with_the_best_part() {
        let mut random = fastrand::Rng::with_seed(3);
        for step in [1, 3, 40, 9_000] {
            let mut growing = Growing::default();
            let mut added = Vec::new();
            let mut program = random.u32(..step);
            for _ in 0..random.usize(1..700) {
                let parts = [Part::ALL[random.usize(..4)], Part::ALL[random.usize(..4)]];
                for part in parts {
                    growing.add(program, part);
                }
                added.push((program, parts[0].min(parts[1])));
                program += random.u32(1..=step);
            }
            let lists = Lists::pack(vec![growing]);

            assert_eq!(lists.get(0).programs().collect::<Vec<_>>(), added);
            assert_eq!(lists.get(0).len(), added.len());
            assert_eq!(lists.get(1).len(), 0);

            for share in [1, 2, 50, 200] {
                let among: Vec<u32> = (0..program).filter(|_| random.u32(..share) == 0).collect();
                let mut here = Vec::new();
                lists.get(0).each_among(&among, |p| *p, |at, part| here.push((among[at], part)));
                let wanted: Vec<_> =
                    added.iter().filter(|(p, _)| among.contains(p)).copied().collect();
                assert_eq!(here, wanted, "step {step}, share {share}");
            }
        }
    }
}
