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
    /// When each stretch begins, those of a pattern apart from each other.
    begins: Vec<u32>,
    /// How long it lasts, in minutes.
    minutes: Vec<u16>,
    /// For each hour, the patterns that are open at some time in it, a bit for each.
    in_hour: Vec<u64>,
    /// How many words each hour has.
    words: usize,
}

impl Hours {
    pub(super) fn new(occasions: &Occasions, from: i64, to: i64) -> Self {
        // Whole hours, as most windows have.
        let base = (from - LONGEST).div_euclid(HOUR) * HOUR;
        let (_, patterns) = occasions.sizes();
        let patterns = occasions.meeting_patterns()..patterns;
        let words = patterns.len().div_ceil(64);
        let hours = usize::try_from((to - base) / HOUR + 1).unwrap_or_default();
        let mut made = Self {
            base,
            of: vec![0],
            begins: Vec::new(),
            minutes: Vec::new(),
            in_hour: vec![0; words * hours],
            words,
        };
        for (number, pattern) in patterns.enumerate() {
            let (zone, plan, length) = occasions.pattern(pattern);
            let parts = plan.not_over_before(zone, length, from, to);
            let mut stretch: Option<(i64, i64)> = None;
            for (begin, end) in parts.take_while(|(begin, _)| *begin < to) {
                match &mut stretch {
                    Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                    _ => made.push(number, stretch.replace((begin, end))),
                }
            }
            made.push(number, stretch);
            made.of.push(count(&made.begins));
        }
        made.begins.shrink_to_fit();
        made.minutes.shrink_to_fit();
        made
    }

    fn push(&mut self, pattern: usize, stretch: Option<(i64, i64)>) {
        let Some((begin, end)) = stretch else { return };
        let Ok(since) = u32::try_from(begin - self.base) else { return };
        self.begins.push(since);
        // 45 days; no agenda is longer.
        self.minutes.push(u16::try_from((end - begin) / 60).unwrap_or(u16::MAX));
        let last = (end - 1 - self.base) / HOUR;
        for hour in i64::from(since) / HOUR..=last {
            let first = usize::try_from(hour).unwrap_or(usize::MAX).saturating_mul(self.words);
            // What is after the last hour is not asked for.
            if let Some(word) = self.in_hour.get_mut(first.saturating_add(pattern / 64)) {
                *word |= 1 << (pattern % 64);
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
            if self.not_over(pattern, from).next().is_some_and(|(begin, _)| begin < to) {
                taken[pattern / 64] |= 1 << (pattern % 64);
            }
        }
    }

    /// Begin and end of a pattern's first stretch that is open at these moments.
    pub(super) fn next(&self, pattern: usize, moments: &Moments) -> Option<(i64, i64)> {
        self.not_over(pattern, moments.now)
            .take_while(|(begin, _)| !moments.open_now || *begin <= moments.now)
            .find(|(begin, end)| moments.take_hours(*begin, *end))
    }

    /// Begin and end of a pattern's first stretch that is not over at an instant, if all of it is to come and
    /// ends in less than `within` seconds: what has begun may have gone on for longer than is laid out.
    pub(super) fn whole(&self, pattern: usize, at: i64, within: i64) -> Option<(i64, i64)> {
        self.not_over(pattern, at).next().filter(|(begin, end)| *begin > at && *end < at + within)
    }

    /// Begin and end of a pattern's stretches that are not over at an instant.
    fn not_over(&self, pattern: usize, at: i64) -> impl Iterator<Item = (i64, i64)> {
        let own = self.of[pattern] as usize..self.of[pattern + 1] as usize;
        let stretch = move |place: usize| {
            let begin = self.base + i64::from(self.begins[place]);
            (begin, begin + i64::from(self.minutes[place]) * 60)
        };
        // At most one of those that have begun is not over.
        let begun =
            self.begins[own.clone()].partition_point(|begin| self.base + i64::from(*begin) <= at);
        let first = own.start + begun.saturating_sub(1);
        (first..own.end).map(stretch).skip_while(move |(_, end)| *end <= at)
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.of[..])
            + size_of_val(&self.begins[..])
            + size_of_val(&self.minutes[..])
            + size_of_val(&self.in_hour[..])
    }

    fn hour(&self, hour: i64) -> Option<&[u64]> {
        let first = usize::try_from(hour).ok()?.checked_mul(self.words)?;
        self.in_hour.get(first..first + self.words)
    }
}

/// The numbers of the bits that are set.
fn bits(words: &[u64]) -> impl Iterator<Item = usize> {
    (0..).zip(words).filter(|(_, word)| **word != 0).flat_map(|(at, word)| {
        let word = *word;
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
    })
}
