//! Counts beside the results: how many there are with each value.
//!
//! Counts are disjunctive: a field's own choice does not shrink its counts, so that they say what
//! choosing another value would find.

use std::str::FromStr;

use super::columns::Field;
use super::matching::{Candidate, Matched, Matcher};
use super::query::Radius;
use super::snapshot::{attendance_bit, channel_bit};
use crate::domain::words::UnknownWord;
use crate::domain::{AcceptingStatus, Attendance, Channel};

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetField {
    /// A field of programs.
    Field(Field),
    /// How sessions are attended.
    Attendance,
    /// What sessions are reached by.
    Channel,
    /// Whether there is room.
    Accepting,
}

impl FacetField {
    /// The words of everything that can be counted.
    pub const WORDS: &'static [&'static str] = &[
        "kind",
        "form",
        "topic",
        "audience",
        "approach",
        "accessibility",
        "activity",
        "language",
        "cost",
        "access",
        "for",
        "attendance",
        "channel",
        "accepting",
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Field(field) => field.as_str(),
            Self::Attendance => "attendance",
            Self::Channel => "channel",
            Self::Accepting => "accepting",
        }
    }
}

impl FromStr for FacetField {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "attendance" => Ok(Self::Attendance),
            "channel" => Ok(Self::Channel),
            "accepting" => Ok(Self::Accepting),
            _ => text
                .parse()
                .map(Self::Field)
                .map_err(|_unknown| UnknownWord { expected: Self::WORDS }),
        }
    }
}

/// How many results have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub value: Box<str>,
    /// How many results have it.
    pub count: u32,
}

/// The counts of the facets that were asked for, in that order; of each, the most frequent first.
pub type FacetCounts = Vec<(FacetField, Vec<FacetCount>)>;

impl Matcher<'_> {
    pub(super) fn facets(&self, matched: &Matched) -> FacetCounts {
        let wanted = &self.query.facets;
        wanted.iter().map(|facet| (*facet, self.facet(*facet, matched))).collect()
    }

    fn facet(&self, facet: FacetField, matched: &Matched) -> Vec<FacetCount> {
        let filtered = match facet {
            FacetField::Field(field) => self.filters_by(field),
            FacetField::Attendance => !self.query.attendance.is_empty(),
            FacetField::Channel => !self.query.channels.is_empty(),
            FacetField::Accepting => !self.query.accepting.is_empty(),
        };
        // Each program, and whether it is near.
        let programs: Vec<(u32, bool)> = if filtered {
            let (near, others) = self.run_without(facet, matched.radius);
            let near = near.into_iter().map(|program| (program, true));
            near.chain(others.iter().map(|program| (program, false))).collect()
        } else {
            let is_near = |c: &Candidate| c.relation == Some(super::Relation::Near);
            matched.candidates.iter().map(|c| (c.program, is_near(c))).collect()
        };
        match facet {
            FacetField::Field(field) => self.count_field(field, &programs),
            FacetField::Attendance => self.count_sessions(
                facet,
                &programs,
                matched.radius,
                Attendance::ALL.iter().map(|way| (way.as_str(), attendance_bit(*way))),
            ),
            FacetField::Channel => self.count_sessions(
                facet,
                &programs,
                matched.radius,
                Channel::ALL.iter().map(|way| (way.as_str(), channel_bit(*way))),
            ),
            FacetField::Accepting => {
                let mut counts = vec![0; AcceptingStatus::ALL.len()];
                for (program, _) in programs {
                    counts[self.room(program) as usize] += 1;
                }
                ordered(AcceptingStatus::WORDS.iter().copied().zip(counts))
            }
        }
    }

    fn count_field(&self, field: Field, programs: &[(u32, bool)]) -> Vec<FacetCount> {
        let column = self.snapshot.columns.field(field);
        let mut counts = vec![0; column.names.len()];
        if programs.len() == self.snapshot.len() {
            for (count, programs) in counts.iter_mut().zip(&column.programs) {
                *count = u32::try_from(programs.len()).unwrap_or(u32::MAX);
            }
        } else {
            for (program, _) in programs {
                for value in column.of(*program) {
                    counts[usize::from(*value)] += 1;
                }
            }
        }
        ordered(column.names().zip(counts))
    }

    /// Counts programs by what their suitable sessions within reach have.
    fn count_sessions<'w>(
        &self,
        facet: FacetField,
        programs: &[(u32, bool)],
        radius: Option<Radius>,
        values: impl Iterator<Item = (&'w str, u8)> + Clone,
    ) -> Vec<FacetCount> {
        let offers = &self.snapshot.offers;
        let mut counts = [0_u32; 8];
        for (program, near) in programs {
            let mut bits = 0;
            for offer in offers.of(*program) {
                if self.suits(offer, Some(facet)) && self.in_reach(*program, *near, offer, radius) {
                    bits |= match facet {
                        FacetField::Attendance => offers.attendance(offer),
                        _ => offers.channels(offer),
                    };
                }
            }
            for (at, count) in counts.iter_mut().enumerate() {
                *count += u32::from(bits >> at & 1);
            }
        }
        ordered(values.map(|(word, bit)| (word, counts[bit.trailing_zeros() as usize])))
    }

    /// Whether the person could attend this offer of a program that is near or reaches them.
    fn in_reach(&self, program: u32, is_near: bool, offer: u32, radius: Option<Radius>) -> bool {
        if !self.in_bounds(offer) {
            return false;
        }
        let (Some(near), Some(origin), Some(radius)) = (&self.query.near, &self.origin, radius)
        else {
            return true;
        };
        match self.snapshot.points.distance_m(origin, offer) {
            Some(distance_m) => distance_m <= f64::from(radius.meters()),
            None => !is_near || self.snapshot.reach.covers(program, &near.place),
        }
    }
}

fn ordered<'w>(counts: impl Iterator<Item = (&'w str, u32)>) -> Vec<FacetCount> {
    let mut counts: Vec<FacetCount> = counts
        .filter(|(_, count)| *count > 0)
        .map(|(value, count)| FacetCount { value: value.into(), count })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts
}
