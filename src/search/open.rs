//! How many programs open to a whole country have two values at once, counted when the segment is made.
//!
//! A facet that is filtered by leaves its own filter out, so it counts far more programs than match,
//! most of them open to everybody in the country. With one other filter these counts are read off here.

use std::collections::HashMap;

use super::bits::{BlockSet, programs_of};
use super::columns::{Columns, Field};
use super::coverage::Reach;
use super::query::{Query, Standpoint};
use crate::domain::{CountryCode, ForWhom};

/// In a smaller segment counting is as quick.
const WORTH_IT: usize = 1_024;

/// The counts of programs for oneself, by country.
#[derive(Debug, Default)]
pub(super) struct OpenCounts {
    /// Where the values of each field begin among those of all.
    begins: Vec<usize>,
    /// How many values there are in all.
    values: usize,
    countries: HashMap<CountryCode, Box<[u32]>>,
    /// For every other country.
    worldwide: Box<[u32]>,
}

impl OpenCounts {
    pub(super) fn new(columns: &Columns, reach: &Reach, programs: usize) -> Self {
        if programs < WORTH_IT {
            return Self::default();
        }
        let mut counts = Self::default();
        for field in Field::ALL {
            counts.begins.push(counts.values);
            counts.values += columns.field(*field).len();
        }
        let Some(oneself) = columns.field(Field::For).number(ForWhom::Myself.as_str()) else {
            return Self::default();
        };
        let count = |programs: &BlockSet| {
            let mut table = vec![0; counts.values * counts.values].into_boxed_slice();
            let mut own = Vec::new();
            for program in programs.iter().flat_map(|(at, word)| programs_of(*at as usize, *word)) {
                if !columns.field(Field::For).of(program).any(|value| value == oneself) {
                    continue;
                }
                own.clear();
                for (field, begin) in Field::ALL.iter().zip(&counts.begins) {
                    let values = columns.field(*field).of(program);
                    own.extend(values.map(|value| begin + usize::from(value)));
                }
                for one in &own {
                    for other in &own {
                        table[one * counts.values + other] += 1;
                    }
                }
            }
            table
        };
        let worldwide = count(reach.worldwide());
        let countries = reach.by_country().map(|(country, programs)| (country, count(programs)));
        let countries = countries.collect();
        Self { countries, worldwide, ..counts }
    }

    /// How many programs that are open to the place and pass the other filters have each value of a
    /// field; `None` when that has to be counted: with more than one other filter, or none that is kept.
    pub(super) fn of(
        &self,
        columns: &Columns,
        query: &Query,
        place: &Standpoint,
        field: Field,
    ) -> Option<&[u32]> {
        if self.values == 0 || query.is_more_than_choices() {
            return None;
        }
        let mut for_oneself = false;
        let mut other = None;
        for choice in &query.choices {
            let [value] = &choice.any[..] else { return None };
            if !(choice.all.is_empty() && choice.none.is_empty()) {
                return None;
            }
            if choice.field == Field::For {
                for_oneself = value == ForWhom::Myself.as_str();
            } else if choice.field != field && other.replace((choice.field, value)).is_some() {
                return None;
            }
        }
        let (other, value) = other.filter(|_| for_oneself && field != Field::For)?;
        let row = self.begins[other as usize] + usize::from(columns.field(other).number(value)?);
        let known = place.country.and_then(|country| self.countries.get(&country));
        let row = &known.unwrap_or(&self.worldwide)[row * self.values..][..self.values];
        let begin = self.begins[field as usize];
        row.get(begin..begin + columns.field(field).len())
    }
}
