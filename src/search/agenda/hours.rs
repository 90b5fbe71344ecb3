//! The open hours of an agenda.

use super::{Bits, count};
use crate::search::occasions::Occasions;
use crate::search::window::{LONGEST, Moments};

const HOUR: i64 = 3_600;

/// When the patterns of open hours are open. Seconds and hours are counted from `base`.
#[derive(Debug)]
pub(super) struct Hours {
    base: i64,
    /// Where the stretches of each pattern begin in `stretches`; one more than there are patterns.
    of: Vec<u32>,
    /// Begin and end, those of a pattern apart from each other.
    stretches: Vec<(u32, u32)>,
    /// For each hour, the patterns that are open at some time in it, a bit for each.
    in_hour: Vec<u64>,
    /// How many words each hour has.
    words: usize,
}

impl Hours {
    pub(super) fn new(occasions: &Occasions, from: i64, to: i64) -> Self {
        let base = from - LONGEST;
        let (_, patterns) = occasions.sizes();
        let patterns = occasions.meeting_patterns()..patterns;
        let mut of = vec![0];
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        for pattern in patterns.clone() {
            let own = stretches.len();
            let (zone, plan, length) = occasions.pattern(pattern);
            for (begin, end) in plan.not_over_before(zone, length, from, to) {
                let (Ok(begin), Ok(end)) = (u32::try_from(begin - base), u32::try_from(end - base))
                else {
                    continue;
                };
                if base + i64::from(begin) >= to {
                    break;
                }
                match stretches[own..].last_mut() {
                    Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                    _ => stretches.push((begin, end)),
                }
            }
            of.push(count(&stretches));
        }
        stretches.shrink_to_fit();
        let words = patterns.len().div_ceil(64);
        let hours = usize::try_from((to - base) / HOUR + 1).unwrap_or_default();
        let mut made = Self { base, of, stretches, in_hour: vec![0; words * hours], words };
        made.fill_hours();
        made
    }

    fn fill_hours(&mut self) {
        let hour = u32::try_from(HOUR).unwrap_or(1);
        for pattern in 0..self.of.len() - 1 {
            for (begin, end) in own(&self.of, &self.stretches, pattern) {
                for hour in begin / hour..end.div_ceil(hour) {
                    let word = hour as usize * self.words + pattern / 64;
                    // What is after the last hour is not asked for.
                    if let Some(word) = self.in_hour.get_mut(word) {
                        *word |= 1 << (pattern % 64);
                    }
                }
            }
        }
    }

    /// Marks the offers that are open at one of these moments.
    pub(super) fn mark(&self, occasions: &Occasions, moments: &Moments, offers: &mut Bits) {
        let mut taken = vec![0; self.words];
        let mut mark_in = |from: i64, to: i64| {
            let (first, last) =
                ((from - self.base).div_euclid(HOUR), (to - 1 - self.base).div_euclid(HOUR));
            for hour in first..=last {
                let Some(open) = self.hour(hour) else { continue };
                let begin = self.base + hour * HOUR;
                if from <= begin && begin + HOUR <= to {
                    taken.iter_mut().zip(open).for_each(|(taken, open)| *taken |= open);
                } else {
                    self.mark_in_part((from.max(begin), to.min(begin + HOUR)), open, &mut taken);
                }
            }
        };
        if moments.open_now {
            mark_in(moments.now, moments.now + 1);
        } else {
            for (from, to) in moments.ranges_in(moments.now..moments.until) {
                mark_in(from, to);
            }
        }
        for pattern in bits(&taken) {
            // One that is open now may still be shut in the window, which may be on another day.
            if !moments.open_now || self.next(pattern, moments).is_some() {
                let pattern = occasions.meeting_patterns() + pattern;
                offers.set_all(occasions.offers_of(pattern..pattern + 1));
            }
        }
    }

    /// Marks, of the patterns that are open in an hour, those that are in a part of it.
    fn mark_in_part(&self, (from, to): (i64, i64), open: &[u64], taken: &mut [u64]) {
        let new: Vec<u64> = open.iter().zip(&*taken).map(|(open, taken)| open & !taken).collect();
        for pattern in bits(&new) {
            let own = own(&self.of, &self.stretches, pattern);
            let next = own.partition_point(|(_, end)| self.base + i64::from(*end) <= from);
            if own.get(next).is_some_and(|(begin, _)| self.base + i64::from(*begin) < to) {
                taken[pattern / 64] |= 1 << (pattern % 64);
            }
        }
    }

    /// Begin and end of a pattern's first stretch that is open at these moments.
    pub(super) fn next(&self, pattern: usize, moments: &Moments) -> Option<(i64, i64)> {
        let own = own(&self.of, &self.stretches, pattern);
        let next = own.partition_point(|(_, end)| self.base + i64::from(*end) <= moments.now);
        own[next..]
            .iter()
            .map(|(begin, end)| (self.base + i64::from(*begin), self.base + i64::from(*end)))
            .take_while(|(begin, _)| !moments.open_now || *begin <= moments.now)
            .find(|(begin, end)| moments.take_hours(*begin, *end))
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.of[..])
            + size_of_val(&self.stretches[..])
            + size_of_val(&self.in_hour[..])
    }

    fn hour(&self, hour: i64) -> Option<&[u64]> {
        let first = usize::try_from(hour).ok()?.checked_mul(self.words)?;
        self.in_hour.get(first..first + self.words)
    }
}

fn own<'a>(of: &[u32], stretches: &'a [(u32, u32)], pattern: usize) -> &'a [(u32, u32)] {
    &stretches[of[pattern] as usize..of[pattern + 1] as usize]
}

/// The numbers of the bits that are set.
fn bits(words: &[u64]) -> impl Iterator<Item = usize> {
    (0..).zip(words).filter(|(_, word)| **word != 0).flat_map(|(at, word)| {
        let word = *word;
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
    })
}
