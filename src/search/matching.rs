//! Which programs match, and how each stands to the person.
//!
//! Two ways lead to what is near: from the place to the programs around it, or, when few programs
//! pass the filters, from each of them to its distance. Both give the same; the cheaper one is taken.

use std::cell::OnceCell;

use jiff::civil::Date;
use roaring::RoaringBitmap;

use super::columns::Field;
use super::facets::FacetField;
use super::query::{Query, Radius};
use super::snapshot::{Snapshot, attendance_bit, channel_bit};
use super::words::Scored;
use crate::domain::words::words;
use crate::domain::{self, AcceptingStatus};

/// A search that widens itself stops when so many are near.
pub(super) const ENOUGH_NEAR: usize = 10;
/// Up to so many candidates, each is measured instead of looking around the place.
const FEW: u64 = 400;
/// Up to this age only programs that state they take it are listed.
const YOUNGEST_ADULT: u8 = 18;

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
    /// Millimeters to the nearest matching session's public point.
    pub(super) distance_mm: Option<u32>,
    /// What the words are worth in it.
    pub(super) words: u32,
    /// The sessions that match, nearest first.
    pub(super) sessions: Vec<u16>,
}

impl Match {
    /// Meters to the nearest matching session's public point.
    pub fn distance_m(&self) -> Option<u32> {
        self.distance_mm.map(|mm| (mm + 500) / 1_000)
    }
}

/// A match without what only the shown ones need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) program: u32,
    pub(super) relation: Option<Relation>,
    pub(super) distance_mm: u32,
}

/// A query against a snapshot, with what is worked out once.
pub(super) struct Matcher<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) query: &'a Query,
    pub(super) origin: Option<domain::Origin>,
    pub(super) today: Date,
    /// The programs that have the words, with their worth; `None` without words.
    pub(super) words: Option<Vec<Scored>>,
    word_programs: Option<RoaringBitmap>,
    /// The programs with a suitable session within the radius, whatever they are about; found once.
    around: OnceCell<(Radius, Vec<u32>)>,
    attendance: u8,
    channels: u8,
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
            around: OnceCell::new(),
            attendance: query.attendance.iter().fold(0, |bits, way| bits | attendance_bit(*way)),
            channels: query.channels.iter().fold(0, |bits, way| bits | channel_bit(*way)),
        }
    }

    /// The programs that pass every filter on programs, but for the filter on `skip`.
    ///
    /// `None` stands for all of them.
    pub(super) fn passing(&self, skip: Option<FacetField>) -> Option<RoaringBitmap> {
        let mut wanted: Vec<std::borrow::Cow<'_, RoaringBitmap>> = Vec::new();
        let mut unwanted: Vec<&RoaringBitmap> = Vec::new();
        if let Some(found) = &self.word_programs {
            wanted.push(std::borrow::Cow::Borrowed(found));
        }
        for choice in &self.query.choices {
            let column = self.snapshot.columns.field(choice.field);
            let programs = |name: &String| {
                column.number(name).map(|number| &column.programs[usize::from(number)])
            };
            let skipped = skip == Some(FacetField::Field(choice.field));
            if !skipped && !choice.any.is_empty() {
                let mut any = choice.any.iter().filter_map(programs);
                wanted.push(match (any.next(), any.next()) {
                    (None, _) => std::borrow::Cow::Owned(RoaringBitmap::new()),
                    (Some(one), None) => std::borrow::Cow::Borrowed(one),
                    (Some(one), Some(other)) => {
                        let mut union = one | other;
                        any.for_each(|more| union |= more);
                        std::borrow::Cow::Owned(union)
                    }
                });
            }
            for name in &choice.all {
                wanted
                    .push(programs(name).map_or_else(Default::default, std::borrow::Cow::Borrowed));
            }
            unwanted.extend(choice.none.iter().filter_map(programs));
        }
        if !self.query.organizations.is_empty() {
            let numbers =
                self.query.organizations.iter().filter_map(|id| self.run_by(id)).flatten();
            wanted.push(std::borrow::Cow::Owned(numbers.copied().collect()));
        }
        wanted.sort_by_key(|programs| programs.len());
        let mut wanted = wanted.into_iter();
        let mut passing = match (wanted.next(), wanted.next()) {
            (None, _) => None,
            (Some(only), None) => Some(only.into_owned()),
            (Some(one), Some(other)) => Some(one.as_ref() & other.as_ref()),
        };
        if let Some(passing) = &mut passing {
            wanted.for_each(|more| *passing &= more.as_ref());
        }
        let look = self.query.age.is_some()
            || !(self.query.accepting.is_empty() || skip == Some(FacetField::Accepting));
        if unwanted.is_empty() && !look {
            return passing;
        }
        let count = u32::try_from(self.snapshot.len()).unwrap_or(u32::MAX);
        let mut passing = passing.unwrap_or_else(|| (0..count).collect());
        for programs in unwanted {
            passing -= programs;
        }
        if look {
            passing = passing.iter().filter(|program| self.takes(*program, skip)).collect();
        }
        Some(passing)
    }

    fn run_by(&self, id_or_slug: &str) -> Option<&Vec<u32>> {
        let organizations = &self.snapshot.surroundings.organizations;
        let id = match id_or_slug.parse::<domain::OrganizationId>() {
            Ok(id) => id,
            Err(_not_an_id) => organizations.iter().find(|o| o.slug.to_string() == id_or_slug)?.id,
        };
        self.snapshot.organization_programs.get(&id.as_u128())
    }

    /// Whether a program takes people of the person's age, and has room as asked.
    fn takes(&self, program: u32, skip: Option<FacetField>) -> bool {
        let stand = &self.snapshot.stands[program as usize];
        let age_fits = self.query.age.is_none_or(|age| match stand.ages {
            Some(ages) => ages.take(age),
            None => age >= YOUNGEST_ADULT,
        });
        let room_fits = self.query.accepting.is_empty()
            || skip == Some(FacetField::Accepting)
            || self.query.accepting.contains(&self.room(program));
        age_fits && room_fits
    }

    pub(super) fn room(&self, program: u32) -> AcceptingStatus {
        self.snapshot.stands[program as usize].accepting(self.today)
    }

    /// Whether an offer can be attended and reached as asked, but for the filter on `skip`.
    pub(super) fn suits(&self, offer: u32, skip: Option<FacetField>) -> bool {
        let offers = &self.snapshot.offers;
        let attended = self.attendance == 0
            || skip == Some(FacetField::Attendance)
            || self.attendance & offers.attendance(offer) != 0;
        let reached = self.channels == 0
            || skip == Some(FacetField::Channel)
            || self.channels & offers.channels(offer) != 0;
        attended && reached
    }

    /// Whether sessions are asked for anything but their place.
    pub(super) fn picks_sessions(&self) -> bool {
        self.attendance != 0 || self.channels != 0
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

    /// The programs of [`Self::near`]; the look around the place is shared by all facets.
    fn programs_near(
        &self,
        passing: Option<&RoaringBitmap>,
        radius: Radius,
        skip: FacetField,
    ) -> Vec<u32> {
        let shared = matches!(skip, FacetField::Field(_) | FacetField::Accepting)
            && self.query.bounds.is_none()
            && passing.is_none_or(|passing| passing.len() > FEW);
        if !shared {
            let near = self.near(passing, radius, Some(skip));
            return near.iter().map(|candidate| candidate.program).collect();
        }
        let (known, around) = self.around.get_or_init(|| {
            let all = self.near(None, radius, None);
            (radius, all.iter().map(|candidate| candidate.program).collect())
        });
        debug_assert_eq!(*known, radius, "all facets of a search look equally far");
        let passes = |program: &u32| passing.is_none_or(|passing| passing.contains(*program));
        around.iter().copied().filter(passes).collect()
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

    fn widen(&self, passing: Option<&RoaringBitmap>) -> (Radius, Vec<Candidate>) {
        let placed = passing.map(|passing| passing & &self.snapshot.placed);
        if placed.as_ref().is_some_and(|placed| placed.len() <= FEW) {
            // Measured once for the widest ring, then cut at the first that holds enough.
            let mut all = self.near(placed.as_ref(), Radius::WIDEST, None);
            for ring in Radius::WIDENING {
                let within = |c: &&Candidate| c.distance_mm <= ring.meters() * 1_000;
                if all.iter().filter(within).count() >= ENOUGH_NEAR {
                    all.retain(|candidate| within(&candidate));
                    return (ring, all);
                }
            }
            return (Radius::WIDEST, all);
        }
        let mut found = Vec::new();
        for ring in Radius::WIDENING {
            found = self.near(passing, ring, None);
            if found.len() >= ENOUGH_NEAR {
                return (ring, found);
            }
        }
        (Radius::WIDEST, found)
    }

    /// How many programs have a suitable session within `radius`.
    pub(super) fn count_near(&self, radius: Radius) -> usize {
        let placed = self.passing(None).map(|passing| passing & &self.snapshot.placed);
        self.near(placed.as_ref(), radius, None).len()
    }

    /// What has a suitable session within `radius`, in the order of program numbers.
    fn near(
        &self,
        passing: Option<&RoaringBitmap>,
        radius: Radius,
        skip: Option<FacetField>,
    ) -> Vec<Candidate> {
        let Some(origin) = &self.origin else { return Vec::new() };
        let radius_m = f64::from(radius.meters());
        let mut found: Vec<(u32, u32)> = Vec::new();
        let snapshot = self.snapshot;
        match passing {
            Some(passing) if passing.len() <= FEW => {
                for program in passing {
                    for offer in snapshot.offers.of(program) {
                        if self.suits(offer, skip)
                            && let Some(distance_m) =
                                snapshot.points.distance_within_m(origin, offer, radius_m)
                        {
                            found.push((program, millimeters(distance_m)));
                        }
                    }
                }
            }
            _ => snapshot.points.within(origin, radius_m, |offer, distance_m| {
                let program = snapshot.offers.program[offer as usize];
                if passing.is_none_or(|passing| passing.contains(program))
                    && self.suits(offer, skip)
                {
                    found.push((program, millimeters(distance_m)));
                }
            }),
        }
        if let Some(bounds) = &self.query.bounds {
            let mut boxed = RoaringBitmap::new();
            snapshot.points.within_box(bounds, |offer| {
                boxed.insert(snapshot.offers.program[offer as usize]);
            });
            found.retain(|(program, _)| boxed.contains(*program));
        }
        found.sort_unstable();
        found.dedup_by_key(|(program, _)| *program);
        let near = |(program, distance_mm)| Candidate {
            program,
            relation: Some(Relation::Near),
            distance_mm,
        };
        found.into_iter().map(near).collect()
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
                    distance_mm: u32::MAX,
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
        if let Some(bounds) = &self.query.bounds {
            let mut found: Vec<(u32, u32)> = Vec::new();
            snapshot.points.within_box(bounds, |offer| {
                let program = snapshot.offers.program[offer as usize];
                if passing.is_none_or(|passing| passing.contains(program))
                    && self.suits(offer, skip)
                {
                    let distance_m = self
                        .origin
                        .as_ref()
                        .and_then(|origin| snapshot.points.distance_m(origin, offer));
                    found.push((program, distance_m.map_or(u32::MAX, millimeters)));
                }
            });
            found.sort_unstable();
            found.dedup_by_key(|(program, _)| *program);
            let relation = self.origin.map(|_| Relation::Near);
            return found
                .into_iter()
                .map(|(program, distance_mm)| Candidate { program, relation, distance_mm })
                .collect();
        }
        let plain = |program| Candidate { program, relation: None, distance_mm: u32::MAX };
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
            if !self.suits(offer, None) {
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
                sessions.push((distance_m.map_or(u32::MAX, millimeters), session));
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
            distance_mm: (near && candidate.distance_mm != u32::MAX)
                .then_some(candidate.distance_mm),
            words: self.worth(candidate.program),
            sessions: shown,
        }
    }

    /// The fields that are filtered by.
    pub(super) fn filters_by(&self, field: Field) -> bool {
        self.query.choices.iter().any(|choice| choice.field == field && !choice.any.is_empty())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 20,040 km")]
fn millimeters(distance_m: f64) -> u32 {
    (distance_m * 1_000.0).round().min(4_294_000_000.0) as u32
}
