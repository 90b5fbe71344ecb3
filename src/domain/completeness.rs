//! How much of a listing is filled in, and how much of what is said about its quality is backed.
//!
//! It measures the listing, not the program: a good program may have a thin listing. It ranks nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contact::{AcceptingStatus, Intake};
use super::criterion::{Assessment, Basis, Criterion};
use super::program::PublicProgram;
use super::session::{PublicSession, SessionForm};
use super::taxonomy::TermKey;
use super::words::words;

words! {
    /// A part of a listing that people look for.
    pub enum ListingPart {
        /// A few words on what it is.
        Summary = "summary",
        /// What it is about.
        Topics = "topics",
        /// A way to reach it.
        Contact = "contact",
        /// What to do first.
        NextStep = "next_step",
        /// When it takes place, or that it is always open.
        Times = "times",
        /// Where it is, or where a person must be to take part.
        Place = "place",
        /// The languages spoken.
        Languages = "languages",
        /// What it costs.
        Cost = "cost",
        /// What it takes to come the first time.
        Access = "access",
        /// Whether there is room, told not too long ago.
        Accepting = "accepting",
        /// The ages it takes.
        Ages = "ages",
        /// How accessible it is.
        Accessibility = "accessibility",
    }
}

/// How much of a listing is filled in and backed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Completeness {
    /// From 0 to 100: 60 for the parts of the listing, 40 for what is known of the criteria. A criterion
    /// counts whole when it was verified, three quarters when a public source tells it, half when the
    /// program says so, a quarter when that was too long ago.
    #[schema(minimum = 0, maximum = 100, example = 52)]
    pub score: u8,
    /// How many parts are filled in.
    #[schema(example = 9)]
    pub parts_filled: u8,
    /// Of how many.
    #[schema(example = 12)]
    pub parts: u8,
    /// The parts that are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<ListingPart>,
    /// How many criteria apply to it.
    #[schema(example = 22)]
    pub criteria: u16,
    /// Of how many something is known that still counts.
    #[schema(example = 3)]
    pub criteria_known: u16,
    /// How many of these a curator verified.
    #[schema(example = 0)]
    pub criteria_verified: u16,
    /// Of how many something was known that no longer counts.
    #[schema(example = 0)]
    pub criteria_stale: u16,
    /// The keys of those of which something is known that still counts.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<TermKey>,
    /// The keys of these that a curator verified.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verified: Vec<TermKey>,
    /// The keys of those of which something was known that no longer counts.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<TermKey>,
}

/// What is said about a program in public.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What does not depend on who asks.
    pub program: &'a PublicProgram,
    /// How to get in.
    pub intake: &'a Intake,
    /// When and where people meet.
    pub sessions: &'a [PublicSession],
    /// What is known of each criterion.
    pub assessments: &'a [Assessment],
}

impl Said<'_> {
    /// How much of it is filled in and backed on a day.
    pub fn completeness(&self, criteria: &[Criterion], today: Date) -> Completeness {
        let missing: Vec<ListingPart> =
            ListingPart::ALL.iter().copied().filter(|part| !self.has(*part, today)).collect();
        let parts = ListingPart::ALL.len();
        let filled = parts - missing.len();

        let (mut known, mut verified, mut stale) = (Vec::new(), Vec::new(), Vec::new());
        let mut quarters = 0;
        let applying = criteria.iter().filter(|criterion| {
            criterion.asked_by.is_empty()
                && criterion.is_asked_of(&self.program.kinds, self.program.ages)
        });
        let mut count: u16 = 0;
        for criterion in applying {
            count += 1;
            let found = self.assessments.iter().filter(|found| found.criterion == criterion.key);
            let mut found = found.filter(|found| found.value.as_str() != "unknown").peekable();
            if found.peek().is_none() {
                continue;
            }
            let counts = |found: &&Assessment| found.valid_until.is_none_or(|until| today <= until);
            let best = found.filter(counts).map(|found| found.basis).max();
            let key = || criterion.key.clone();
            let list = if best.is_some() { &mut known } else { &mut stale };
            list.push(key());
            if best == Some(Basis::Verified) {
                verified.push(key());
            }
            quarters += match best {
                None => 1,
                Some(Basis::Attested) => 2,
                Some(Basis::PublicSource) => 3,
                Some(Basis::Verified) => 4,
            };
        }
        let score = 60 * filled / parts + 10 * quarters / usize::from(count.max(1));
        let many = |keys: &[TermKey]| u16::try_from(keys.len()).unwrap_or(u16::MAX);
        let small = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        Completeness {
            score: small(score),
            parts_filled: small(filled),
            parts: small(parts),
            missing,
            criteria: count,
            criteria_known: many(&known),
            criteria_verified: many(&verified),
            criteria_stale: many(&stale),
            known,
            verified,
            stale,
        }
    }

    fn has(&self, part: ListingPart, today: Date) -> bool {
        let Self { program, intake, sessions, .. } = self;
        match part {
            ListingPart::Summary => program.summary.is_some() || program.description.is_some(),
            ListingPart::Topics => !program.topics.is_empty(),
            ListingPart::Contact => !program.contacts.is_empty(),
            ListingPart::NextStep => intake.next_step.is_some(),
            ListingPart::Times => sessions.iter().any(|session| {
                session.schedule.is_some() || session.form == SessionForm::AlwaysOpen
            }),
            ListingPart::Place => {
                program.chapters.is_some()
                    || !program.coverage.is_unknown()
                    || sessions.iter().any(|session| session.location.is_some())
            }
            ListingPart::Languages => !program.languages.is_empty(),
            ListingPart::Cost => program.cost.is_some(),
            ListingPart::Access => !intake.access.is_empty(),
            ListingPart::Accepting => intake.accepting.as_ref().is_some_and(|told| {
                told.status != AcceptingStatus::Unknown && today <= told.fresh_until()
            }),
            ListingPart::Ages => {
                program.ages.is_some_and(|ages| ages.min.is_some() || ages.max.is_some())
            }
            ListingPart::Accessibility => !program.accessibility.is_empty(),
        }
    }
}
