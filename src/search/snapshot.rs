//! The searchable directory at one moment.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use roaring::RoaringBitmap;

use super::builder::Surroundings;
use super::columns::{Columns, Field, FieldValues};
use super::coverage::Reach;
use super::points::Points;
use super::render::Pieces;
use super::words::Words;
use crate::domain::{
    AcceptingStatus, Ages, Attendance, Channel, ConfirmationMethod, CountryCode, CrisisLine,
    ProgramId, Taxonomy, Term, VerificationStatus,
};

/// The searchable directory at one moment. It never changes.
///
/// Programs are numbered from 0 in no meaningful order; columns are indexed by these numbers.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) sequence: i64,
    pub(super) surroundings: Surroundings,
    /// Help in a crisis by country, written once; `None` holds the international finders.
    pub(super) crisis: HashMap<Option<CountryCode>, Vec<u8>>,
    /// Where each term is among the surroundings.
    terms: HashMap<Taxonomy, HashMap<Box<str>, usize>>,
    pub(super) ids: Vec<u128>,
    pub(super) names: Names,
    /// Programs by identity, by address and by folded name.
    pub(super) by_id: Vec<u32>,
    pub(super) by_slug: Vec<u32>,
    pub(super) by_name: Vec<u32>,
    /// Each program's place in `by_name`.
    pub(super) name_rank: Vec<u32>,
    pub(super) stands: Vec<Stand>,
    pub(super) organization_programs: HashMap<u128, Vec<u32>>,
    pub(super) columns: Columns,
    pub(super) words: Words,
    pub(super) offers: Offers,
    pub(super) points: Points,
    /// Programs that have a public place.
    pub(super) placed: RoaringBitmap,
    /// Programs whose only offers without a place are chapters that are not listed here.
    pub(super) chapters_only: RoaringBitmap,
    /// Programs that somebody has confirmed at some time.
    pub(super) ever_confirmed: RoaringBitmap,
    pub(super) reach: Reach,
    pub(super) pieces: Pieces,
}

/// The folded name of every program.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn of(&self, program: u32) -> &str {
        let at = program as usize;
        let begin = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[begin as usize..self.ends[at] as usize]
    }
}

/// What is looked at program by program.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    pub(super) confirmed_ms: i64,
    pub(super) due_ms: i64,
    pub(super) method: Option<ConfirmationMethod>,
    pub(super) ages: Option<Ages>,
    /// Whether there is room, and the last day on which that may be told.
    pub(super) accepting: Option<(AcceptingStatus, Date)>,
    pub(super) may_republish: bool,
}

impl Stand {
    pub(super) fn verification(&self, now: Timestamp) -> VerificationStatus {
        if self.confirmed_ms == i64::MIN {
            VerificationStatus::Unconfirmed
        } else if self.due_ms < now.as_millisecond() {
            VerificationStatus::Overdue
        } else {
            VerificationStatus::Confirmed
        }
    }

    /// Whether there is room, as may be told today.
    pub(super) fn accepting(&self, today: Date) -> AcceptingStatus {
        match self.accepting {
            Some((status, until)) if today <= until => status,
            _ => AcceptingStatus::Unknown,
        }
    }
}

/// The ways to take part in programs: one for each session, two for a hybrid one, and one for what
/// has chapters elsewhere or no known session.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) program: Vec<u32>,
    /// The session's place in its program; `NO_SESSION` for none.
    session: Vec<u16>,
    attendance: Vec<u8>,
    channels: Vec<u8>,
    chapter: RoaringBitmap,
    /// Where each program's offers begin; one more than there are programs.
    starts: Vec<u32>,
}

const NO_SESSION: u16 = u16::MAX;

/// How an offer is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// As its session says.
    Itself,
    /// From afar, beside a place where the same session can be attended.
    FromAfar,
    /// Through a chapter that is not listed here.
    Chapter,
}

/// The bits of attendance that an offer satisfies: hybrid ones satisfy all three where they meet.
const fn satisfies(attendance: Option<Attendance>) -> u8 {
    match attendance {
        None => 0,
        Some(Attendance::InPerson) => 0b001,
        Some(Attendance::Online) => 0b010,
        Some(Attendance::Hybrid) => 0b111,
    }
}

/// The bit that asks for an attendance.
pub(super) const fn attendance_bit(attendance: Attendance) -> u8 {
    match attendance {
        Attendance::InPerson => 0b001,
        Attendance::Online => 0b010,
        Attendance::Hybrid => 0b100,
    }
}

/// The bit of a channel.
pub(super) const fn channel_bit(channel: Channel) -> u8 {
    1 << channel as u8
}

impl Offers {
    pub(super) fn push(
        &mut self,
        program: u32,
        session: Option<u16>,
        attendance: Option<Attendance>,
        channels: &[Channel],
        reached: Reached,
    ) -> u32 {
        let offer = u32::try_from(self.program.len()).unwrap_or(u32::MAX);
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.program.push(program);
        self.session.push(session.unwrap_or(NO_SESSION));
        let mut ways = satisfies(attendance);
        let mut bits = channels.iter().fold(0, |bits, channel| bits | channel_bit(*channel));
        if matches!(attendance, Some(Attendance::InPerson | Attendance::Hybrid)) {
            bits |= channel_bit(Channel::InPerson);
        }
        if reached == Reached::FromAfar {
            // Who is far from the place of a hybrid session cannot come to it.
            ways &= !attendance_bit(Attendance::InPerson);
            bits &= !channel_bit(Channel::InPerson);
        }
        self.attendance.push(ways);
        self.channels.push(bits);
        if reached == Reached::Chapter {
            self.chapter.insert(offer);
        }
        offer
    }

    /// Ends a program's offers.
    pub(super) fn close(&mut self) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.starts.push(u32::try_from(self.program.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn of(&self, program: u32) -> std::ops::Range<u32> {
        let at = program as usize;
        self.starts[at]..self.starts[at + 1]
    }

    pub(super) fn attendance(&self, offer: u32) -> u8 {
        self.attendance[offer as usize]
    }

    pub(super) fn channels(&self, offer: u32) -> u8 {
        self.channels[offer as usize]
    }

    pub(super) fn is_chapter(&self, offer: u32) -> bool {
        self.chapter.contains(offer)
    }

    pub(super) fn session(&self, offer: u32) -> Option<usize> {
        let session = self.session[offer as usize];
        (session != NO_SESSION).then_some(usize::from(session))
    }
}

impl Snapshot {
    pub(super) fn empty(surroundings: Surroundings) -> Self {
        let mut terms: HashMap<Taxonomy, HashMap<Box<str>, usize>> = HashMap::new();
        for (at, term) in surroundings.terms.iter().enumerate() {
            terms.entry(term.taxonomy).or_default().insert(term.key.as_str().into(), at);
        }
        Self {
            sequence: 0,
            surroundings,
            crisis: HashMap::new(),
            terms,
            ids: Vec::new(),
            names: Names::default(),
            by_id: Vec::new(),
            by_slug: Vec::new(),
            by_name: Vec::new(),
            name_rank: Vec::new(),
            stands: Vec::new(),
            organization_programs: HashMap::new(),
            columns: Columns::new(),
            words: Words::default(),
            offers: Offers::default(),
            points: Points::default(),
            placed: RoaringBitmap::new(),
            chapters_only: RoaringBitmap::new(),
            ever_confirmed: RoaringBitmap::new(),
            reach: Reach::default(),
            pieces: Pieces::default(),
        }
    }

    /// The number of the newest change in it.
    pub const fn sequence(&self) -> i64 {
        self.sequence
    }

    /// How many programs there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no programs.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Everything besides the programs.
    pub const fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// The values that programs have in a field.
    pub fn values(&self, field: Field) -> &FieldValues {
        self.columns.field(field)
    }

    /// The number of the program of this identity or address.
    pub fn find(&self, id_or_slug: &str) -> Option<u32> {
        if let Ok(id) = id_or_slug.parse::<ProgramId>() {
            let id = id.as_u128();
            let at =
                self.by_id.binary_search_by_key(&id, |program| self.ids[*program as usize]).ok()?;
            return Some(self.by_id[at]);
        }
        let at = self
            .by_slug
            .binary_search_by(|program| self.pieces.slug_of(*program).cmp(id_or_slug))
            .ok()?;
        Some(self.by_slug[at])
    }

    /// The numbers of all programs that may be taken in bulk.
    pub fn republishable(&self) -> impl Iterator<Item = u32> + '_ {
        let may = |program: &u32| self.stands[*program as usize].may_republish;
        self.by_id.iter().copied().filter(may)
    }

    /// The term of this key.
    pub fn term(&self, taxonomy: Taxonomy, key: &str) -> Option<&Term> {
        let at = *self.terms.get(&taxonomy)?.get(key)?;
        self.surroundings.terms.get(at)
    }

    /// The crisis lines for a country; international finders when none is known there.
    pub fn crisis_lines(&self, country: Option<CountryCode>) -> Vec<&CrisisLine> {
        let of = |wanted: Option<CountryCode>| -> Vec<&CrisisLine> {
            let lines = &self.surroundings.crisis_lines;
            lines.iter().filter(|line| line.country == wanted).collect()
        };
        match country.map(|country| of(Some(country))) {
            Some(lines) if !lines.is_empty() => lines,
            _ => of(None),
        }
    }
}
