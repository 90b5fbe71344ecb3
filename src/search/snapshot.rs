//! The searchable directory at one moment.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::agenda::Agenda;
use super::bits::Bits;
use super::builder::{Builder, Surroundings};
use super::columns::Field;
use super::completions::Completions;
use super::query::day_of;
use super::rooms::Rooms;
use super::score::Weights;
use super::segment::Segment;
use super::suggest;
use super::withdrawn::Withdrawn;
use super::words::Lexicon;
use crate::domain::{
    Choosing, CountryCode, CrisisLine, ProgramId, PublicOrganization, Taxonomy, Term,
};

/// The searchable directory at one moment. It never changes.
///
/// It is made of segments: a large one, and small ones with what has changed since that was made.
#[derive(Debug)]
pub struct Snapshot {
    sequence: i64,
    pub(super) backdrop: Arc<Backdrop>,
    /// By name.
    pub(super) organizations: Arc<Vec<Arc<PublicOrganization>>>,
    pub(super) parts: Vec<Part>,
    programs: usize,
    pub(super) weights: Weights,
    pub(super) withdrawn: Withdrawn,
}

/// A segment as it stands in a snapshot.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) segment: Arc<Segment>,
    /// What takes place in the coming weeks; without one, a question about times makes its own.
    pub(super) agenda: Option<Arc<Agenda>>,
    /// Where there is room on the day of the agenda; a question of another day looks at each program.
    pub(super) rooms: Option<Arc<Rooms>>,
    /// Its programs that have changed or ended since it was made; `None` when there are none.
    pub(super) gone: Option<Arc<Bits>>,
    /// How many of its programs there are still.
    pub(super) living: usize,
    /// The number of its first program in the snapshot.
    pub(super) first: u32,
}

impl Part {
    pub(super) fn new(segment: Segment) -> Self {
        let living = segment.len();
        Self { living, segment: Arc::new(segment), agenda: None, rooms: None, gone: None, first: 0 }
    }

    /// How many of its programs are listed.
    fn listed(&self) -> usize {
        let Some(unlisted) = &self.segment.gates.unlisted else { return self.living };
        let gone = self.gone.as_ref().map_or(0, |gone| unlisted.count_in(gone));
        self.living - (unlisted.len() - gone)
    }

    pub(super) fn has(&self, program: u32) -> bool {
        self.gone.as_ref().is_none_or(|gone| !gone.contains(program))
    }

    /// The identities of its programs, in their order, and the numbers they have in the snapshot.
    fn by_id(&self) -> impl Iterator<Item = (u128, u32)> + '_ {
        let there = self.segment.by_id.iter().filter(|program| self.has(**program));
        there.map(|program| (self.segment.ids[*program as usize], self.first + program))
    }
}

/// Everything besides the programs, with what is worked out from it once.
#[derive(Debug, Default)]
pub(super) struct Backdrop {
    pub(super) surroundings: Surroundings,
    /// What helps a person choose.
    pub(super) choosing: Choosing,
    /// Help in a crisis by country and whether it is told in Spanish, written once; `None` holds the
    /// international finders.
    pub(super) crisis: HashMap<(Option<CountryCode>, bool), Vec<u8>>,
    /// What the terms are called.
    pub(super) lexicon: Lexicon,
    /// The same names, to be suggested while somebody types.
    pub(super) names_of_terms: Completions,
    /// Where each term is among the surroundings.
    terms: HashMap<Taxonomy, HashMap<Box<str>, usize>>,
}

impl Backdrop {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        let mut terms: HashMap<Taxonomy, HashMap<Box<str>, usize>> = HashMap::new();
        for (at, term) in surroundings.terms.iter().enumerate() {
            terms.entry(term.taxonomy).or_default().insert(term.key.as_str().into(), at);
        }
        let lexicon = Lexicon::new(&surroundings.terms);
        let names_of_terms = suggest::names_of_terms(&surroundings.terms);
        let choosing = Choosing::read(surroundings.guidance.iter());
        let mut backdrop =
            Self { surroundings, choosing, crisis: HashMap::new(), lexicon, names_of_terms, terms };
        backdrop.write_crisis_lines();
        backdrop
    }

    /// Where the term of this key is among all terms.
    pub(super) fn number_of(&self, taxonomy: Taxonomy, key: &str) -> Option<usize> {
        self.terms.get(&taxonomy)?.get(key).copied()
    }

    /// The crisis lines for a country; international finders when none is known there.
    pub(super) fn crisis_lines(&self, country: Option<CountryCode>) -> Vec<&CrisisLine> {
        let of = |wanted: Option<CountryCode>| -> Vec<&CrisisLine> {
            let lines = &self.surroundings.crisis_lines;
            lines.iter().filter(|line| line.country == wanted).collect()
        };
        let country = country.map(|code| code.territory().map_or(code, |within| within.country()));
        match country.map(|country| of(Some(country))) {
            Some(lines) if !lines.is_empty() => lines,
            _ => of(None),
        }
    }
}

impl Snapshot {
    pub(super) fn new(
        sequence: i64,
        backdrop: Arc<Backdrop>,
        organizations: Vec<PublicOrganization>,
        segment: Segment,
    ) -> Self {
        let organizations = organizations.into_iter().map(Arc::new).collect();
        Self::of(sequence, backdrop, Arc::new(organizations), vec![Part::new(segment)])
    }

    pub(super) fn of(
        sequence: i64,
        backdrop: Arc<Backdrop>,
        organizations: Arc<Vec<Arc<PublicOrganization>>>,
        mut parts: Vec<Part>,
    ) -> Self {
        let mut first = 0;
        for part in &mut parts {
            part.first = first;
            first += u32::try_from(part.segment.len()).unwrap_or(u32::MAX);
        }
        let programs = parts.iter().map(Part::listed).sum();
        let weights = Weights::default();
        let withdrawn = Withdrawn::default();
        Self { sequence, backdrop, organizations, parts, programs, weights, withdrawn }
    }

    /// Whether an agenda is missing, or was not made within an hour of `now`.
    pub fn needs_agendas(&self, now: Timestamp) -> bool {
        self.parts.iter().any(|part| part.agenda.as_ref().is_none_or(|agenda| agenda.is_old(now)))
    }

    /// The same with what takes place in the weeks about `now` laid out and where there is room that day, so that
    /// questions about these are answered at once. What has been laid out within the hour is kept.
    #[must_use]
    pub fn with_agendas(&self, now: Timestamp) -> Self {
        let mut parts = self.parts.clone();
        let today = day_of(now);
        for part in &mut parts {
            let known = part.agenda.take().filter(|agenda| !agenda.is_old(now));
            let make = || Arc::new(Agenda::coming(Arc::clone(&part.segment.occasions), now));
            part.agenda = Some(known.unwrap_or_else(make));
            let known = part.rooms.take().filter(|rooms| rooms.is_of(today));
            let make = || Arc::new(Rooms::on(today, &part.segment.rooms));
            part.rooms = Some(known.unwrap_or_else(make));
        }
        let (backdrop, organizations) = (&self.backdrop, &self.organizations);
        let laid_out =
            Self::of(self.sequence, Arc::clone(backdrop), Arc::clone(organizations), parts);
        Self { withdrawn: self.withdrawn.clone(), ..laid_out }
    }

    /// The number of the newest change in it.
    pub const fn sequence(&self) -> i64 {
        self.sequence
    }

    /// How many programs are listed.
    pub const fn len(&self) -> usize {
        self.programs
    }

    /// Whether no program is listed.
    pub const fn is_empty(&self) -> bool {
        self.programs == 0
    }

    /// What its results are ranked by.
    pub const fn weights(&self) -> Weights {
        self.weights
    }

    /// Everything besides the programs.
    pub fn surroundings(&self) -> &Surroundings {
        &self.backdrop.surroundings
    }

    /// What helps a person choose.
    pub fn choosing(&self) -> &Choosing {
        &self.backdrop.choosing
    }

    /// The organizations, by name.
    pub fn organizations(&self) -> &[Arc<PublicOrganization>] {
        &self.organizations
    }

    pub(super) fn backdrop(&self) -> &Backdrop {
        &self.backdrop
    }

    /// Whether some program has a value in a field.
    pub fn has_value(&self, field: Field, value: &str) -> bool {
        self.parts.iter().any(|part| part.segment.columns.field(field).programs(value).is_some())
    }

    /// Whether a program has a value in a field.
    pub fn has(&self, program: u32, field: Field, value: &str) -> bool {
        let (segment, program) = self.segment_of(program);
        let members = segment.columns.field(field).programs(value);
        members.is_some_and(|members| members.contains(program))
    }

    /// How many programs have a value in a field.
    pub fn count(&self, field: Field, value: &str) -> usize {
        let of = |part: &Part| {
            let members = part.segment.columns.field(field).programs(value)?;
            let gone = part.gone.as_ref().map_or(0, |gone| members.count_in(gone));
            Some(members.len() - gone)
        };
        self.parts.iter().filter_map(of).sum()
    }

    /// The number of the program of this identity or address.
    pub fn find(&self, id_or_slug: &str) -> Option<u32> {
        let id = id_or_slug.parse::<ProgramId>().ok();
        self.parts.iter().find_map(|part| {
            let program = match id {
                Some(id) => part.segment.of_id(id),
                None => part.segment.of_slug(id_or_slug),
            };
            program.filter(|program| part.has(*program)).map(|program| part.first + program)
        })
    }

    /// A program's identity.
    pub fn id_of(&self, program: u32) -> ProgramId {
        let (segment, program) = self.segment_of(program);
        ProgramId::from_u128(segment.ids[program as usize])
    }

    /// The numbers of all programs, by identity: the order does not tell how the snapshot was made.
    pub fn programs(&self) -> impl Iterator<Item = u32> + '_ {
        let mut parts: Vec<_> = self.parts.iter().map(|part| part.by_id().peekable()).collect();
        std::iter::from_fn(move || {
            let next = parts.iter_mut().filter_map(|part| {
                let (id, _) = *part.peek()?;
                Some((id, part))
            });
            let (_, first) = next.min_by_key(|(id, _)| *id)?;
            first.next().map(|(_, program)| program)
        })
    }

    /// The numbers of all programs that are listed and may be taken in bulk, by identity.
    pub fn republishable(&self) -> impl Iterator<Item = u32> + '_ {
        self.programs().filter(|program| {
            let (segment, program) = self.segment_of(*program);
            segment.stands[program as usize].may_republish && segment.gates.lists(program)
        })
    }

    /// Whether the policy lists a program.
    pub fn lists(&self, program: u32) -> bool {
        let (segment, program) = self.segment_of(program);
        segment.gates.lists(program)
    }

    /// Begins a snapshot of other programs with the same surroundings.
    pub fn builder(&self) -> Builder {
        Builder::beside(Arc::clone(&self.backdrop))
    }

    /// The segment that a program is in, and its number there.
    pub(super) fn segment_of(&self, program: u32) -> (&Segment, u32) {
        let at = self.parts.partition_point(|part| part.first <= program).saturating_sub(1);
        let part = &self.parts[at];
        (&part.segment, program - part.first)
    }

    /// The term of this key.
    pub fn term(&self, taxonomy: Taxonomy, key: &str) -> Option<&Term> {
        let at = self.backdrop.number_of(taxonomy, key)?;
        self.surroundings().terms.get(at)
    }

    /// The identity of an organization that is told by its identity or address.
    pub(super) fn organization(&self, id_or_slug: &str) -> Option<u128> {
        if let Ok(id) = id_or_slug.parse::<crate::domain::OrganizationId>() {
            return Some(id.as_u128());
        }
        let mut all = self.organizations.iter();
        all.find(|known| known.slug.to_string() == id_or_slug).map(|known| known.id.as_u128())
    }
}
