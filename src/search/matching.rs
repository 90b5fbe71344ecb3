//! Which programs match, and how each stands to the person.

use std::cell::OnceCell;

use jiff::civil::Date;
use roaring::RoaringBitmap;

use super::facets::FacetField;
use super::query::{Query, Radius};
use super::snapshot::{Snapshot, attendance_bit, channel_bit};
use super::words::Scored;
use crate::domain;
use crate::domain::words::words;

/// A search that widens itself stops when so many are near.
pub(super) const ENOUGH_NEAR: usize = 10;
words! {
    /// How a program stands to the person.
    pub enum Relation {
        /// It meets near them.
        Near = "near",
        /// It reaches the area they are in.
        ServesArea = "serves_area",
        /// It is open to everybody in their country, or everywhere.
        OpenTo = "open_to",
        /// It meets in chapters that are not listed here.
        FindAChapter = "find_a_chapter",
    }
}

/// A program that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The program's number.
    pub program: u32,
    /// How it stands to the person; `None` when nobody said where the person is.
    pub relation: Option<Relation>,
    /// Centimeters to the nearest matching session's public point.
    pub(super) distance_cm: Option<u32>,
    /// What the words are worth in it.
    pub(super) words: u32,
    /// The sessions that match, nearest first.
    pub(super) sessions: Vec<u16>,
}

impl Match {
    /// Meters to the nearest matching session's public point.
    pub fn distance_m(&self) -> Option<u32> {
        self.distance_cm.map(|cm| (cm + 50) / 100)
    }
}

/// A match without what only the shown ones need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) program: u32,
    pub(super) relation: Option<Relation>,
    pub(super) distance_cm: u32,
}

impl Candidate {
    pub(super) fn near((program, distance_cm): (u32, u32)) -> Self {
        Self { program, relation: Some(Relation::Near), distance_cm }
    }
}

/// A query against a snapshot, with what is worked out once.
pub(super) struct Matcher<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) query: &'a Query,
    pub(super) origin: Option<domain::Origin>,
    pub(super) today: Date,
    /// The programs that have the words, with their worth; `None` without words.
    pub(super) words: Option<Vec<Scored>>,
    pub(super) word_programs: Option<RoaringBitmap>,
    /// The offers in the box; `None` without a box.
    pub(super) boxed: Option<RoaringBitmap>,
    /// The programs with a suitable session within the radius, whatever they are about; found once.
    pub(super) around: OnceCell<(Radius, Vec<u32>)>,
    pub(super) attendance: u8,
    pub(super) channels: u8,
}

/// What matched, and how far it was looked.
#[derive(Debug, Default)]
pub(super) struct Matched {
    pub(super) candidates: Vec<Candidate>,
    /// How far from the place it was looked, in meters; `None` without a place.
    pub(super) radius: Option<Radius>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, query: &'a Query) -> Self {
        let words = query.words.as_deref().and_then(|words| snapshot.words.find(words));
        let word_programs = words
            .as_ref()
            .map(|found| found.iter().map(|(program, _)| *program).collect::<RoaringBitmap>());
        Self {
            snapshot,
            query,
            origin: query.near.as_ref().map(|near| domain::Origin::new(near.place.position)),
            today: query.today(),
            words,
            word_programs,
            boxed: query.bounds.map(|bounds| snapshot.points.within_box(&bounds)),
            around: OnceCell::new(),
            attendance: query.attendance.iter().fold(0, |bits, way| bits | attendance_bit(*way)),
            channels: query.channels.iter().fold(0, |bits, way| bits | channel_bit(*way)),
        }
    }

    /// Everything that matches, widening the radius as far as it takes.
    pub(super) fn run(&self) -> Matched {
        let passing = self.passing(None);
        let Some(near) = &self.query.near else {
            return Matched { candidates: self.anywhere(passing.as_ref(), None), radius: None };
        };
        if self.query.bounds.is_some() && near.radius.is_none() {
            // The box bounds the search; the distance is only told.
            return Matched { candidates: self.anywhere(passing.as_ref(), None), radius: None };
        }
        let (radius, placed) = match near.radius {
            Some(radius) => (radius, self.near(passing.as_ref(), radius, None)),
            None => self.widen(passing.as_ref()),
        };
        let mut candidates = placed;
        if self.query.bounds.is_none() {
            self.add_apart(&mut candidates, passing.as_ref(), None);
        }
        Matched { candidates, radius: Some(radius) }
    }

    /// The programs that match within the same reach when the filter on `skip` is left out: those
    /// that are near, then the others. For facets.
    pub(super) fn run_without(
        &self,
        skip: FacetField,
        radius: Option<Radius>,
    ) -> (Vec<u32>, RoaringBitmap) {
        let passing = self.passing(Some(skip));
        let Some(radius) = radius else {
            let found = self.anywhere(passing.as_ref(), Some(skip));
            return (Vec::new(), found.iter().map(|candidate| candidate.program).collect());
        };
        let near = self.programs_near(passing.as_ref(), radius, skip);
        let mut others = RoaringBitmap::new();
        if self.query.bounds.is_none()
            && let Some(from) = &self.query.near
        {
            others = self.reaching(from, passing.as_ref());
            for program in &near {
                others.remove(*program);
            }
            if self.picks_sessions() {
                others = others.iter().filter(|p| self.apart(*p, Some(skip)).is_some()).collect();
            }
        }
        (near, others)
    }

    /// What passes and reaches the place without a meeting near it.
    fn reaching(
        &self,
        from: &super::query::Origin,
        passing: Option<&RoaringBitmap>,
    ) -> RoaringBitmap {
        let reach = &self.snapshot.reach;
        let (serving, open) = (reach.serving(&from.place), reach.open_to(&from.place));
        match passing {
            Some(passing) => (serving & passing) | (open & passing),
            None => serving | open,
        }
    }

    /// Adds what reaches the place without a meeting near it, but for what is there already.
    fn add_apart(
        &self,
        candidates: &mut Vec<Candidate>,
        passing: Option<&RoaringBitmap>,
        skip: Option<FacetField>,
    ) {
        let Some(near) = &self.query.near else { return };
        let placed: RoaringBitmap = candidates.iter().map(|candidate| candidate.program).collect();
        let and = |reach: &RoaringBitmap| match passing {
            Some(passing) => reach & passing,
            None => reach.clone(),
        };
        let serving = and(&self.snapshot.reach.serving(&near.place));
        let open = and(self.snapshot.reach.open_to(&near.place));
        for (programs, relation, but) in
            [(&serving, Relation::ServesArea, None), (&open, Relation::OpenTo, Some(&serving))]
        {
            for program in programs {
                if placed.contains(program) || but.is_some_and(|but| but.contains(program)) {
                    continue;
                }
                let relation = match self.apart(program, skip) {
                    None => continue,
                    Some(true) => Relation::FindAChapter,
                    Some(false) => relation,
                };
                candidates.push(Candidate {
                    program,
                    relation: Some(relation),
                    distance_cm: u32::MAX,
                });
            }
        }
    }

    /// Whether a program has a suitable offer that needs no place: `Some(true)` if only chapters.
    ///
    /// For programs that reach the place: each of them has some offer that needs none.
    fn apart(&self, program: u32, skip: Option<FacetField>) -> Option<bool> {
        if !self.picks_sessions() {
            return Some(self.snapshot.chapters_only.contains(program));
        }
        let offers = &self.snapshot.offers;
        let mut chapter = None;
        for offer in offers.of(program) {
            if self.suits(offer, skip) && !self.snapshot.points.is_placed(offer) {
                if !offers.is_chapter(offer) {
                    return Some(false);
                }
                chapter = Some(true);
            }
        }
        chapter
    }

    /// What matches when no radius bounds the search: everything, or what is in the box.
    fn anywhere(
        &self,
        passing: Option<&RoaringBitmap>,
        skip: Option<FacetField>,
    ) -> Vec<Candidate> {
        let snapshot = self.snapshot;
        if let Some(boxed) = &self.boxed {
            let mut found: Vec<(u32, u32)> = Vec::new();
            for offer in boxed {
                let program = snapshot.offers.program[offer as usize];
                if passing.is_none_or(|passing| passing.contains(program))
                    && self.suits(offer, skip)
                {
                    let distance_m = self
                        .origin
                        .as_ref()
                        .and_then(|origin| snapshot.points.distance_m(origin, offer));
                    found.push((program, distance_m.map_or(u32::MAX, centimeters)));
                }
            }
            found.sort_unstable();
            found.dedup_by_key(|(program, _)| *program);
            let relation = self.origin.map(|_| Relation::Near);
            return found
                .into_iter()
                .map(|(program, distance_cm)| Candidate { program, relation, distance_cm })
                .collect();
        }
        let plain = |program| Candidate { program, relation: None, distance_cm: u32::MAX };
        let suits = |program: &u32| {
            !self.picks_sessions()
                || snapshot.offers.of(*program).any(|offer| self.suits(offer, skip))
        };
        match passing {
            Some(passing) => passing.iter().filter(suits).map(plain).collect(),
            None => (0..u32::try_from(snapshot.len()).unwrap_or(u32::MAX))
                .filter(suits)
                .map(plain)
                .collect(),
        }
    }

    /// What the words are worth in a program.
    pub(super) fn worth(&self, program: u32) -> u32 {
        let Some(words) = &self.words else { return 0 };
        words.binary_search_by_key(&program, |(program, _)| *program).map_or(0, |at| words[at].1)
    }

    /// The match with its sessions, for showing.
    pub(super) fn shown(&self, candidate: Candidate, radius: Option<Radius>) -> Match {
        let snapshot = self.snapshot;
        let near = candidate.relation == Some(Relation::Near);
        let mut sessions: Vec<(u32, u16)> = Vec::new();
        for offer in snapshot.offers.of(candidate.program) {
            let Some(session) = snapshot.offers.session(offer).and_then(|s| u16::try_from(s).ok())
            else {
                continue;
            };
            if !self.suits(offer, None) || !self.in_bounds(offer) {
                continue;
            }
            let distance_m =
                self.origin.as_ref().and_then(|origin| snapshot.points.distance_m(origin, offer));
            let here = match (candidate.relation, radius, distance_m) {
                (None, ..) | (_, None, _) => true,
                (Some(_), Some(radius), Some(distance_m)) => {
                    near && distance_m <= f64::from(radius.meters())
                }
                // Beside what is near, a program may be joined from afar.
                (Some(_), Some(_), None) => !near,
            };
            if here {
                sessions.push((distance_m.map_or(u32::MAX, centimeters), session));
            }
        }
        sessions.sort_unstable();
        let mut shown: Vec<u16> = Vec::new();
        for (_, session) in sessions {
            if !shown.contains(&session) {
                shown.push(session);
            }
        }
        Match {
            program: candidate.program,
            relation: candidate.relation,
            distance_cm: (near && candidate.distance_cm != u32::MAX)
                .then_some(candidate.distance_cm),
            words: self.worth(candidate.program),
            sessions: shown,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 20,040 km")]
pub(super) fn centimeters(distance_m: f64) -> u32 {
    (distance_m * 100.0).round() as u32
}
