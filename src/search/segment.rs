//! Programs as they are searched: a part of a snapshot that never changes.

use std::sync::Arc;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::apart::WaysApart;
use super::bits::Bits;
use super::blocks::Blocks;
use super::columns::Columns;
use super::coverage::Reach;
use super::gates::Gates;
use super::occasions::Occasions;
use super::offers::Offers;
use super::open::OpenCounts;
use super::pieces::Pieces;
use super::rooms::Room;
use super::suggest::Suggestible;
use super::words::Words;
use crate::domain::{Ages, ConfirmationMethod, ProgramId, PublicVerification, VerificationStatus};

/// Programs as they are searched.
///
/// They are numbered from 0, so that neighbors on the map are neighbors in number: first those that
/// meet in one place, along a curve that fills space; then those that can also be joined from afar;
/// those with places far apart; and those without a public place, by where a person must be. Columns
/// are indexed by these numbers; what is large is kept in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The number each program came as, and the number each one that came was given.
    pub(super) came: Vec<u32>,
    pub(super) number_of: Vec<u32>,
    pub(super) ids: Vec<u128>,
    /// By the numbers they came as.
    pub(super) names: Names,
    /// Programs by identity, by what tells their address, and by folded name.
    pub(super) by_id: Vec<u32>,
    pub(super) by_slug: Vec<u32>,
    pub(super) by_name: Vec<u32>,
    /// Each program's place in `by_name`.
    pub(super) name_rank: Vec<u32>,
    pub(super) stands: Vec<Stand>,
    /// The ages that programs say they take.
    pub(super) ages: Vec<Option<Ages>>,
    pub(super) rooms: Vec<Room>,
    /// Programs that somebody has confirmed at some time.
    pub(super) ever_confirmed: Bits,
    /// The organizations in order, and where the programs each one runs begin in `run`.
    pub(super) organizations: Vec<(u128, u32)>,
    pub(super) run: Vec<u32>,
    /// What is at which place, hidden or not: the lower half of the place's identity, and the program.
    pub(super) places: Vec<(u64, u32)>,
    pub(super) columns: Columns,
    pub(super) words: Words,
    /// By the numbers they came as.
    pub(super) suggestible: Suggestible,
    pub(super) offers: Offers,
    /// When each offer takes place.
    pub(super) occasions: Arc<Occasions>,
    /// Programs with an offer whose times nobody has told.
    pub(super) unknown_times: Bits,
    pub(super) blocks: Blocks,
    /// Programs that have a public place.
    pub(super) placed: Bits,
    /// Programs whose only offers without a place are chapters that are not listed here.
    pub(super) chapters_only: Bits,
    pub(super) ways_apart: WaysApart,
    pub(super) reach: Reach,
    pub(super) open_counts: OpenCounts,
    /// What follows from what is known of them.
    pub(super) gates: Gates,
    /// By the numbers they came as.
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

    fn of(&self, came: u32) -> &str {
        let at = came as usize;
        let begin = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[begin as usize..self.ends[at] as usize]
    }
}

/// What is known of a program's freshness.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    pub(super) confirmed_ms: i64,
    pub(super) due_ms: i64,
    pub(super) method: Option<ConfirmationMethod>,
    pub(super) may_republish: bool,
}

impl Stand {
    /// When it was confirmed, as it is kept.
    pub(super) fn kept(&self) -> PublicVerification {
        let at = |ms: i64| Timestamp::from_millisecond(ms).ok();
        PublicVerification {
            confirmed_at: at(self.confirmed_ms),
            method: self.method,
            due_at: at(self.due_ms),
        }
    }

    pub(super) fn verification(&self, now: Timestamp) -> VerificationStatus {
        if self.confirmed_ms == i64::MIN {
            VerificationStatus::Unconfirmed
        } else if self.due_ms < now.as_millisecond() {
            VerificationStatus::Overdue
        } else {
            VerificationStatus::Confirmed
        }
    }
}

impl Segment {
    /// How many programs there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// A program's folded name.
    pub(super) fn name(&self, program: u32) -> &str {
        self.names.of(self.came[program as usize])
    }

    /// A program's folded name and identity: the last word in every order.
    pub(super) fn last_word(&self, program: u32) -> (&str, u128) {
        (self.name(program), self.ids[program as usize])
    }

    pub(super) fn slug(&self, program: u32) -> &str {
        self.pieces.slug_of(self.came[program as usize])
    }

    /// The program of an identity.
    pub(super) fn of_id(&self, id: ProgramId) -> Option<u32> {
        let id = id.as_u128();
        let at = self.by_id.binary_search_by_key(&id, |program| self.ids[*program as usize]);
        at.ok().map(|at| self.by_id[at])
    }

    /// The program of an address.
    pub(super) fn of_slug(&self, slug: &str) -> Option<u32> {
        let told = told_by(slug);
        let from = self.by_slug.partition_point(|program| told_by(self.slug(*program)) < told);
        let alike = self.by_slug[from..].iter().copied();
        let mut alike = alike.take_while(|program| told_by(self.slug(*program)) == told);
        alike.find(|program| self.slug(*program) == slug)
    }

    /// The programs that have a session at a place; perhaps one too many.
    pub(super) fn at_place(&self, place: u128) -> impl Iterator<Item = u32> + '_ {
        let place = lower_half(place);
        let from = self.places.partition_point(|(at, _)| *at < place);
        self.places[from..]
            .iter()
            .take_while(move |(at, _)| *at == place)
            .map(|(_, program)| *program)
    }

    /// The programs of an organization.
    pub(super) fn run_by(&self, organization: u128) -> &[u32] {
        let at = self.organizations.partition_point(|(id, _)| *id < organization);
        match self.organizations.get(at) {
            Some((id, begin)) if *id == organization => {
                let next = self.organizations.get(at + 1);
                let end = next.map_or(self.run.len(), |next| next.1 as usize);
                &self.run[*begin as usize..end]
            }
            _ => &[],
        }
    }
}

/// What tells an address from others, in an order that takes no time to compare.
pub(super) fn told_by(slug: &str) -> u64 {
    xxh3_64(slug.as_bytes())
}

#[expect(clippy::cast_possible_truncation, reason = "half of an identity tells enough here")]
pub(super) const fn lower_half(id: u128) -> u64 {
    id as u64
}
