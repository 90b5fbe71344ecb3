//! What is asked of times, in one segment.
//!
//! Offers of one pattern take place together, so what is found out about a pattern is kept for the
//! whole question: a look around a place asks only about the patterns of what is near.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use jiff::Timestamp;

use super::agenda::Agenda;
use super::day::{Day, TimeOfDay};
use super::facets::FacetField;
use super::matching::{Candidate, Matcher, Relation};
use super::matters::Has;
use super::query::{Query, Radius, Sort};
use super::snapshot::Part;
use super::window::{HORIZON_DAYS, Moments, Window};
use crate::domain::Occurrence;

/// What comes after everything that has a next meeting: first what is always open, then what may take
/// place at times that nobody told, last what does not take place within the horizon.
pub(super) const ALWAYS: u64 = 1 << 30;
const UNKNOWN: u64 = ALWAYS + 1;
const NEVER: u64 = ALWAYS + 2;

impl Query {
    /// Whether sessions are asked for their times.
    pub(super) fn asks_for_times(&self) -> bool {
        self.between.is_some() || !self.window.is_any()
    }

    /// Whether the results, their order or their counts change from minute to minute.
    pub fn depends_on_the_minute(&self) -> bool {
        let counted = |facet: &FacetField| matches!(facet, FacetField::Day | FacetField::TimeOfDay);
        self.asks_for_times()
            || self.wished.is_some()
            || self.sort == Sort::NextMeeting
            || self.facets.iter().any(counted)
    }

    /// The moments that a window means in this question.
    pub(super) fn moments(&self, window: &Window) -> Moments {
        match self.between {
            Some((from, to)) => window.between(from, to),
            None => window.moments(self.now),
        }
    }

    /// The first and the last moment that may be asked for.
    fn span(&self) -> (i64, i64) {
        let (from, to) = self.between.unwrap_or((self.now, self.now));
        let horizon = i64::from(HORIZON_DAYS) * 86_400;
        let to = if self.between.is_some() { to.as_second() } else { to.as_second() + horizon };
        (from.as_second(), to)
    }
}

/// The times of a segment's offers, as they are asked for.
pub(super) struct Timed<'a> {
    query: &'a Query,
    part: &'a Part,
    agenda: OnceCell<Arc<Agenda>>,
    /// What is asked for; `None` if any time will do.
    asked: Option<Met>,
    /// Whether an offer will do as well whose times nobody has told.
    or_unknown: Cell<bool>,
    /// What is wished for, without being a must.
    wished: Option<Met>,
    /// What each value of a facet asks for.
    by_day: OnceCell<Vec<Met>>,
    by_time_of_day: OnceCell<Vec<Met>>,
    /// What the order looks for.
    soonest: OnceCell<Met>,
}

/// The first occurrence of each pattern at some moments.
pub(super) struct Met {
    moments: Moments,
    /// Whether only meetings count, and no open hours.
    meetings_only: bool,
    /// When it begins, in seconds after the question, what has begun with it; by pattern.
    begins: Box<[Cell<u32>]>,
}

/// Not looked for yet.
const UNSEEN: u32 = 0;
/// There is none.
const NONE: u32 = u32::MAX;

impl Met {
    fn new(query: &Query, window: &Window, part: &Part) -> Self {
        let (_, patterns) = part.segment.occasions.sizes();
        Self {
            moments: query.moments(window),
            meetings_only: query.between.is_some(),
            begins: vec![Cell::new(UNSEEN); patterns].into(),
        }
    }

    /// How many seconds after the question an offer's first occurrence begins.
    fn begins(&self, agenda: &Agenda, offer: u32) -> Option<u32> {
        let pattern = agenda.occasions().pattern_of(offer)?;
        if !agenda.may_have(pattern, &self.moments) {
            return None;
        }
        let known = &self.begins[pattern];
        if known.get() == UNSEEN {
            let meets = !self.meetings_only || pattern < agenda.occasions().meeting_patterns();
            let first = if meets { agenda.first(pattern, &self.moments) } else { None };
            let after = first.map(|(begin, _)| (begin - self.moments.now).max(0) + 1);
            known.set(after.and_then(|after| u32::try_from(after).ok()).unwrap_or(NONE));
        }
        Some(known.get()).filter(|begins| *begins != NONE).map(|begins| begins - 1)
    }

    fn has(&self, agenda: &Agenda, offer: u32) -> bool {
        self.begins(agenda, offer).is_some() || self.is_always(agenda, offer)
    }

    fn is_always(&self, agenda: &Agenda, offer: u32) -> bool {
        !self.meetings_only && agenda.occasions().is_always(offer) && self.moments.come()
    }
}

impl<'a> Timed<'a> {
    pub(super) fn new(query: &'a Query, part: &'a Part) -> Self {
        let asked = query.asks_for_times().then(|| Met::new(query, &query.window, part));
        Self {
            query,
            part,
            agenda: OnceCell::new(),
            asked,
            or_unknown: Cell::new(query.or_unknown_times),
            wished: query.wished.as_ref().map(|wished| Met::new(query, &wished.window, part)),
            by_day: OnceCell::new(),
            by_time_of_day: OnceCell::new(),
            soonest: OnceCell::new(),
        }
    }

    /// The agenda of the segment, made for the question if there is none that covers it.
    pub(super) fn agenda(&self) -> &Agenda {
        self.agenda.get_or_init(|| {
            let (from, to) = self.query.span();
            let known = self.part.agenda.as_ref().filter(|agenda| agenda.covers(from, to));
            known.map_or_else(
                || {
                    let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
                    let occasions = Arc::clone(&self.part.segment.occasions);
                    Arc::new(Agenda::new(occasions, at(from), at(to + 1)))
                },
                Arc::clone,
            )
        })
    }

    /// What is asked for; `None` if any time will do.
    pub(super) fn asked(&self) -> Option<&Moments> {
        self.asked.as_ref().map(|asked| &asked.moments)
    }

    /// The meeting or the open hours of an offer in progress or next at `at`, however far away.
    pub(super) fn next_after(&self, offer: u32, at: Timestamp) -> Option<Occurrence> {
        match self.agenda.get().or(self.part.agenda.as_ref()) {
            Some(agenda) => agenda.next_after(offer, at),
            None => self.part.segment.occasions.next_after(offer, at),
        }
    }

    /// Lets offers do as well, from now on or no more, whose times nobody has told.
    pub(super) fn set_or_unknown(&self, or_unknown: bool) {
        self.or_unknown.set(or_unknown);
    }

    /// Whether times are asked for.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether an offer takes place when asked; but for the filter on `skip`.
    pub(super) fn suits(&self, offer: u32, skip: Option<FacetField>) -> bool {
        self.asked.is_none() || self.suits_asked(offer, skip)
    }

    fn suits_asked(&self, offer: u32, skip: Option<FacetField>) -> bool {
        match (skip, &self.asked) {
            // Whatever has none of the values is not counted.
            (Some(facet @ (FacetField::Day | FacetField::TimeOfDay)), _) => {
                self.values(facet, offer) != 0
            }
            (_, None) => true,
            (_, Some(asked)) => {
                asked.has(self.agenda(), offer)
                    || self.or_unknown.get() && self.part.segment.occasions.is_unknown(offer)
            }
        }
    }

    /// Whether an offer takes place when it is wished for.
    pub(super) fn is_wished(&self, offer: u32) -> Has {
        let Some(wished) = &self.wished else { return Has::Unknown };
        match wished.has(self.agenda(), offer) {
            true => Has::Yes,
            false if self.part.segment.occasions.is_unknown(offer) => Has::Unknown,
            false => Has::No,
        }
    }

    /// The bits of the days or the times of day that an offer takes place at.
    pub(super) fn values(&self, facet: FacetField, offer: u32) -> u8 {
        let (query, part) = (self.query, self.part);
        let window = &query.window;
        let met = if facet == FacetField::Day {
            let of = |day: &Day| Met::new(query, &day.of(window), part);
            self.by_day.get_or_init(|| Day::ALL.iter().map(of).collect())
        } else {
            let of = |time: &TimeOfDay| Met::new(query, &time.of(window), part);
            self.by_time_of_day.get_or_init(|| TimeOfDay::ALL.iter().map(of).collect())
        };
        let bits = met.iter().enumerate().filter(|(_, met)| met.has(self.agenda(), offer));
        bits.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// How soon an offer takes place: seconds after the question, then what has no next time.
    fn soon(&self, offer: u32) -> u64 {
        let asked = self.asked.as_ref();
        let met = asked.unwrap_or_else(|| {
            self.soonest.get_or_init(|| Met::new(self.query, &self.query.window, self.part))
        });
        let occasions = &self.part.segment.occasions;
        match met.begins(self.agenda(), offer) {
            Some(after) => after.into(),
            None if met.is_always(self.agenda(), offer) => ALWAYS,
            None if occasions.is_unknown(offer) => UNKNOWN,
            None => NEVER,
        }
    }
}

impl Matcher<'_> {
    /// The offers by which a program matched, with their distances in meters.
    pub(super) fn taking_part(
        &self,
        candidate: Candidate,
        radius: Option<Radius>,
    ) -> impl Iterator<Item = (u32, Option<f64>)> {
        let offers = &self.segment.offers;
        let near = candidate.relation == Some(Relation::Near);
        let suiting = offers.of(candidate.program).filter(|offer| self.suits(*offer, None));
        suiting.filter_map(move |offer| {
            let origin = self.origin.as_ref();
            let distance_m = origin.and_then(|origin| offers.distance_m(origin, offer));
            let here = match (candidate.relation, radius, distance_m) {
                (None, ..) | (_, None, _) => true,
                (Some(_), Some(radius), Some(distance_m)) => {
                    near && distance_m <= f64::from(radius.meters())
                }
                // Beside what is near, a program may be joined from afar.
                (Some(_), Some(_), None) => !near,
            };
            here.then_some((offer, distance_m))
        })
    }

    /// What a candidate is ordered by when the next meeting comes first: how soon, then how near.
    pub(super) fn soonest(&self, candidate: Candidate, radius: Option<Radius>) -> u64 {
        let soon = self.taking_part(candidate, radius).map(|(offer, _)| self.timed.soon(offer));
        soon.min().unwrap_or(NEVER) << 32 | u64::from(candidate.distance_cm)
    }
}
