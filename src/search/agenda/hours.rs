//! The open hours of an agenda.

use super::count;
use crate::search::occasions::Occasions;
use crate::search::window::{LONGEST, Moments};

/// When the patterns of open hours are open. Seconds are counted from `base`.
#[derive(Debug)]
pub(super) struct Hours {
    base: i64,
    /// What ends before `to` does not go on.
    to: i64,
    /// Where the stretches of each pattern begin in `stretches`; one more than there are patterns.
    of: Vec<u32>,
    /// When each stretch begins, those of a pattern apart from each other.
    begins: Vec<u32>,
    /// How long it lasts, in minutes.
    minutes: Vec<u16>,
}

impl Hours {
    pub(super) fn new(occasions: &Occasions, from: i64, to: i64) -> Self {
        let base = from - LONGEST;
        let (_, patterns) = occasions.sizes();
        let patterns = occasions.meeting_patterns()..patterns;
        let (begins, minutes) = (Vec::new(), Vec::new());
        let mut made = Self { base, to, of: vec![0], begins, minutes };
        for pattern in patterns {
            let (zone, plan, length) = occasions.pattern(pattern);
            let parts = plan.not_over_before(zone, length, from, to);
            let mut stretch: Option<(i64, i64)> = None;
            for (begin, end) in parts.take_while(|(begin, _)| *begin < to) {
                match &mut stretch {
                    Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                    _ => made.push(stretch.replace((begin, end))),
                }
            }
            made.push(stretch);
            made.of.push(count(&made.begins));
        }
        made.begins.shrink_to_fit();
        made.minutes.shrink_to_fit();
        made
    }

    fn push(&mut self, stretch: Option<(i64, i64)>) {
        let Some((begin, end)) = stretch else { return };
        let Ok(since) = u32::try_from(begin - self.base) else { return };
        self.begins.push(since);
        // 45 days; no agenda is longer.
        self.minutes.push(u16::try_from((end - begin) / 60).unwrap_or(u16::MAX));
    }

    /// Begin and end of a pattern's first stretch that is open at these moments.
    pub(super) fn next(&self, pattern: usize, moments: &Moments) -> Option<(i64, i64)> {
        self.not_over(pattern, moments.now)
            .take_while(|(begin, _)| !moments.open_now || *begin <= moments.now)
            .find(|(begin, end)| moments.take_hours(*begin, *end))
    }

    /// Begin and end of a pattern's first stretch that is not over at an instant, if it is whole then.
    pub(super) fn whole(&self, pattern: usize, at: i64) -> Option<(i64, i64)> {
        self.not_over(pattern, at).next().filter(|stretch| self.is_whole(*stretch, at))
    }

    /// Whether a stretch is told whole at an instant: it is laid out to its end, and has not begun. What has
    /// begun is told from the part that is not over.
    pub(super) fn is_whole(&self, (begin, end): (i64, i64), at: i64) -> bool {
        begin > at && end < self.to
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
        size_of_val(&self.of[..]) + size_of_val(&self.begins[..]) + size_of_val(&self.minutes[..])
    }
}
