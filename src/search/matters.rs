//! What matters to a person without being a must: it is weighed, and nothing is left out for it.

use super::bits::Members;
use super::columns::{Field, FieldValues};
use super::matching::Matcher;
use super::segment::Segment;
use super::window::Window;
use crate::domain::words::words;

words! {
    /// How much something matters to a person.
    pub enum Importance {
        /// It would be nice.
        ALittle = "a_little",
        /// It counts.
        Some = "some",
        /// It counts more than most.
        ALot = "a_lot",
    }
}

impl Importance {
    /// How often it counts.
    pub const fn weight(self) -> u32 {
        self as u32 + 1
    }
}

/// Something that matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Matter {
    /// The field; for `criteria` the only value is the key of the criterion.
    pub field: Field,
    /// The program should have one of these.
    pub values: Vec<String>,
    /// How much it matters.
    pub importance: Importance,
}

/// When a session would suit the person best, without being a must.
#[derive(Debug, Clone, PartialEq)]
pub struct Wished {
    /// The times.
    pub window: Window,
    /// How much they matter.
    pub importance: Importance,
}

/// Whether a program has what matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    /// It has.
    Yes,
    /// It is known not to.
    No,
    /// Nobody knows.
    Unknown,
}

/// Something that matters, as a segment knows it.
pub(super) struct Mattering<'a> {
    weight: u32,
    /// Who has each of the values.
    met: Vec<&'a Members>,
    unmet: Unmet<'a>,
}

/// Who is known not to have what matters.
enum Unmet<'a> {
    /// Those of whom that is known.
    Known(Option<&'a Members>),
    /// Those who state something else in the field.
    Others(&'a FieldValues),
    /// What is not stated may be there all the same.
    Never,
}

impl Matter {
    pub(super) fn of<'a>(&self, segment: &'a Segment) -> Mattering<'a> {
        let column = segment.columns.field(self.field);
        let unmet = match self.field {
            Field::Criteria => {
                let key = self.values.first();
                Unmet::Known(key.and_then(|key| segment.columns.unmet().programs(key)))
            }
            // Who states these states them whole.
            Field::Kind | Field::Form | Field::Cost | Field::Access | Field::For => {
                Unmet::Others(column)
            }
            // Who names what it is about, people it is made for or a language need not turn others away.
            Field::Topic
            | Field::Audience
            | Field::Language
            | Field::Answer
            | Field::Approach
            | Field::Accessibility
            | Field::Activity => Unmet::Never,
        };
        let met = self.values.iter().filter_map(|value| column.programs(value)).collect();
        Mattering { weight: self.importance.weight(), met, unmet }
    }
}

impl Mattering<'_> {
    pub(super) fn has(&self, program: u32) -> Has {
        if self.met.iter().any(|members| members.contains(program)) {
            return Has::Yes;
        }
        let is_no = match self.unmet {
            Unmet::Known(members) => members.is_some_and(|members| members.contains(program)),
            Unmet::Others(column) => column.of(program).next().is_some(),
            Unmet::Never => false,
        };
        if is_no { Has::No } else { Has::Unknown }
    }
}

impl Matcher<'_> {
    /// What speaks for a program and what speaks against it, by weight, and how much could.
    pub(super) fn weighed(&self, program: u32) -> (u32, u32, u32) {
        let wished = self.wished(program).zip(self.query.wished.as_ref());
        let wished = wished.map(|(has, wished)| (has, wished.importance.weight()));
        let matters = self.mattering.iter().map(|matter| (matter.has(program), matter.weight));
        matters.chain(wished).fold((0, 0, 0), |(met, unmet, all), (has, weight)| match has {
            Has::Yes => (met + weight, unmet, all + weight),
            Has::No => (met, unmet + weight, all + weight),
            Has::Unknown => (met, unmet, all + weight),
        })
    }

    /// Whether a session that suits otherwise takes place when the person wishes; `None` without a wish.
    pub(super) fn wished(&self, program: u32) -> Option<Has> {
        self.query.wished.as_ref()?;
        let offers = self.segment.offers.of(program).filter(|offer| self.suits(*offer, None));
        let mut best = Has::No;
        for offer in offers {
            match self.timed.is_wished(offer) {
                Has::Yes => return Some(Has::Yes),
                Has::Unknown => best = Has::Unknown,
                Has::No => {}
            }
        }
        Some(best)
    }
}
