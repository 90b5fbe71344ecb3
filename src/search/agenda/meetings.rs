//! The meetings of an agenda.

use std::ops::Range;

use super::count;
use crate::domain::occurrence::{Ends, Length};
use crate::search::occasions::Occasions;
use crate::search::window::{HoursOfWeek, LONGEST, Moments};

/// For looking at starts alone: all that something not over can have begun before is looked at.
const LONGEST_MEETING: Length = Length { minutes: 1_440, ends: Ends::AfterMinutes };

/// When the rhythms of meetings begin. Seconds are counted from `base`.
#[derive(Debug)]
pub(super) struct Meetings {
    base: i64,
    /// How long the longest meeting lasts.
    longest: i64,
    /// Where the starts of each rhythm begin in `begins`; one more than there are rhythms.
    of: Vec<u32>,
    begins: Vec<u32>,
    /// The hours of the week in which each pattern begins.
    hours: Vec<HoursOfWeek>,
    /// All starts in order, with their rhythms.
    all: InOrder,
}

/// Rhythms by the seconds at which they begin.
#[derive(Debug, Default)]
struct InOrder {
    /// The seconds, and where their rhythms begin in `rhythms`.
    starts: Vec<(u32, u32)>,
    rhythms: Vec<u32>,
}

impl Meetings {
    pub(super) fn new(occasions: &Occasions, from: i64, to: i64) -> Self {
        let base = from - LONGEST;
        let mut of = vec![0];
        let mut begins: Vec<u32> = Vec::new();
        let (mut hours, mut all) = (Vec::new(), Vec::new());
        for number in 0..occasions.meeting_rhythms() {
            let (zone, plan) = occasions.rhythm(number);
            let own = begins.len();
            let coming = plan.not_over_before(zone, LONGEST_MEETING, from, to);
            begins.extend(
                coming
                    .take_while(|(begin, _)| *begin < to)
                    .filter_map(|(begin, _)| u32::try_from(begin - base).ok()),
            );
            let own = &begins[own..];
            let rhythm = u32::try_from(number).unwrap_or(u32::MAX);
            all.extend(own.iter().map(|begin| (*begin, rhythm)));
            let mut in_hours = HoursOfWeek::default();
            for begin in own {
                let begin = base + i64::from(*begin);
                in_hours.add(begin, begin + 1);
            }
            hours.extend(occasions.patterns_of(number).map(|_| in_hours));
            of.push(count(&begins));
        }
        begins.shrink_to_fit();
        let longest = (0..occasions.meeting_patterns()).map(|pattern| occasions.seconds(pattern));
        let longest = longest.max().unwrap_or_default();
        Self { base, longest, of, begins, hours, all: InOrder::new(all) }
    }

    /// Begin and end of a pattern's first meeting at these moments.
    pub(super) fn next(
        &self,
        occasions: &Occasions,
        pattern: usize,
        moments: &Moments,
    ) -> Option<(i64, i64)> {
        self.all_of(occasions, pattern, moments).next()
    }

    /// Begin and end of a pattern's first meeting that is not over at an instant.
    pub(super) fn not_over(
        &self,
        occasions: &Occasions,
        pattern: usize,
        at: i64,
    ) -> Option<(i64, i64)> {
        let rhythm = occasions.rhythm_of(pattern);
        let length = occasions.seconds(pattern);
        let begins = &self.begins[self.of[rhythm] as usize..self.of[rhythm + 1] as usize];
        let first = begins.partition_point(|begin| self.base + i64::from(*begin) + length <= at);
        let begin = self.base + i64::from(*begins.get(first)?);
        Some((begin, begin + length))
    }

    /// Whether a pattern may have a meeting at these moments: it has some at such hours of the week.
    pub(super) fn may_begin(&self, pattern: usize, moments: &Moments) -> bool {
        moments.may_have(&self.hours[pattern])
    }

    /// Begin and end of a pattern's meetings at these moments, in order.
    pub(super) fn all_of<'a>(
        &'a self,
        occasions: &Occasions,
        pattern: usize,
        moments: &'a Moments,
    ) -> impl Iterator<Item = (i64, i64)> + use<'a> {
        let (mut begins, mut length) = (&[][..], 0);
        if self.may_begin(pattern, moments) {
            let rhythm = occasions.rhythm_of(pattern);
            begins = &self.begins[self.of[rhythm] as usize..self.of[rhythm + 1] as usize];
            length = occasions.seconds(pattern);
        }
        begins
            .iter()
            .map(|begin| self.base + i64::from(*begin))
            .map(move |begin| (begin, begin + length))
            .filter(|(begin, end)| moments.take_meeting(*begin, *end))
    }

    /// Begin, end and offer of the meetings at these moments, in order.
    pub(super) fn in_order<'a>(
        &'a self,
        occasions: &'a Occasions,
        moments: &'a Moments,
        after: Option<(i64, u32)>,
    ) -> impl Iterator<Item = (i64, i64, u32)> + 'a {
        let earliest = after.map_or(moments.now - self.longest, |(start, _)| start);
        let coming = self.since_base(earliest)..self.since_base(moments.until);
        self.all
            .at_each(coming)
            .flat_map(move |(begin, rhythms)| {
                let begin = self.base + i64::from(begin);
                at_one_start(occasions, begin, rhythms, moments)
            })
            .skip_while(move |(begin, _, offer)| {
                after.is_some_and(|after| (*begin, *offer) <= after)
            })
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.of[..])
            + size_of_val(&self.begins[..])
            + size_of_val(&self.hours[..])
            + self.all.bytes()
    }

    /// A second after 1970 as one of these, the nearest there is.
    fn since_base(&self, second: i64) -> u32 {
        let second = second.saturating_sub(self.base).clamp(0, i64::from(u32::MAX));
        u32::try_from(second).unwrap_or_default()
    }
}

/// The meetings of one start that count, by their offers.
fn at_one_start(
    occasions: &Occasions,
    begin: i64,
    rhythms: &[u32],
    moments: &Moments,
) -> impl Iterator<Item = (i64, i64, u32)> + use<> {
    let mut found: Vec<(i64, i64, u32)> = Vec::new();
    for rhythm in rhythms {
        for pattern in occasions.patterns_of(*rhythm as usize) {
            let end = begin + occasions.seconds(pattern);
            if moments.take_meeting(begin, end) {
                let offers = occasions.offers_of(pattern..pattern + 1);
                found.extend(offers.iter().map(|offer| (begin, end, *offer)));
            }
        }
    }
    found.sort_unstable_by_key(|(_, _, offer)| *offer);
    found.into_iter()
}

impl InOrder {
    fn new(mut all: Vec<(u32, u32)>) -> Self {
        all.sort_unstable();
        let mut starts: Vec<(u32, u32)> = Vec::new();
        for (at, (begin, _)) in (0..).zip(&all) {
            if starts.last().is_none_or(|(last, _)| last != begin) {
                starts.push((*begin, at));
            }
        }
        starts.shrink_to_fit();
        Self { starts, rhythms: all.into_iter().map(|(_, rhythm)| rhythm).collect() }
    }

    /// The rhythms that begin in these seconds, second by second.
    fn at_each(&self, seconds: Range<u32>) -> impl Iterator<Item = (u32, &[u32])> {
        self.places(seconds)
            .map(|at| (self.starts[at].0, &self.rhythms[self.first(at)..self.first(at + 1)]))
    }

    fn places(&self, seconds: Range<u32>) -> Range<usize> {
        let from = self.starts.partition_point(|(begin, _)| *begin < seconds.start);
        let to = self.starts.partition_point(|(begin, _)| *begin < seconds.end);
        from..to.max(from)
    }

    fn first(&self, place: usize) -> usize {
        self.starts.get(place).map_or(self.rhythms.len(), |(_, first)| *first as usize)
    }

    fn bytes(&self) -> usize {
        size_of_val(&self.starts[..]) + size_of_val(&self.rhythms[..])
    }
}
