//! What programs are filtered and counted by: for each field its values, and for each value the
//! programs that have it.

use std::collections::HashMap;
use std::sync::Arc;

use super::bits::{Members, programs_of};
use crate::domain::Taxonomy;
use crate::domain::words::words;

words! {
    /// A field of programs that has values to filter and count by.
    pub enum Field {
        /// The kinds.
        Kind = "kind",
        /// The form of help.
        Form = "form",
        /// Terms of the taxonomy `topic`, wider ones included.
        Topic = "topic",
        /// Terms of the taxonomy `audience`, wider ones included.
        Audience = "audience",
        /// Terms of the taxonomy `approach`, wider ones included.
        Approach = "approach",
        /// Terms of the taxonomy `accessibility`.
        Accessibility = "accessibility",
        /// Terms of the taxonomy `activity`.
        Activity = "activity",
        /// Languages; `pt` is also found in `pt-BR`.
        Language = "language",
        /// Kinds of price.
        Cost = "cost",
        /// What it takes to come the first time.
        Access = "access",
        /// Whom it is for.
        For = "for",
        /// Keys of the criteria that it is known to meet.
        Criteria = "criteria",
        /// Known answers to the second questions of criteria, `QUESTION:ANSWER`.
        Answer = "answer",
    }
}

impl Field {
    /// Whether it speaks for a program to have what is asked of it: people differ in good faith about the
    /// answers to second questions, and whom a program is for is no merit.
    pub const fn is_ranked(self) -> bool {
        !matches!(self, Self::For | Self::Answer)
    }

    /// The field that has the terms of a taxonomy.
    pub const fn of(taxonomy: Taxonomy) -> Self {
        match taxonomy {
            Taxonomy::Topic => Self::Topic,
            Taxonomy::Audience => Self::Audience,
            Taxonomy::Approach => Self::Approach,
            Taxonomy::Accessibility => Self::Accessibility,
            Taxonomy::Activity => Self::Activity,
        }
    }
}

/// The values of one field.
#[derive(Debug, Default)]
pub(super) struct FieldValues {
    /// The words of the values; a value's number is its place here.
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16, foldhash::fast::RandomState>,
    /// Who has each value.
    programs: Vec<Members>,
    held: Held,
}

/// The values of each program, as narrow as they can be kept: counts read them for every match.
#[derive(Debug)]
enum Held {
    /// A bit for each of at most eight values.
    Mask(Box<[u8]>),
    /// At most eight of fewer than 255 values, then `NO_VALUE`.
    Eight(Box<[[u8; 8]]>),
    /// Any number of values.
    Any {
        /// Where each program's values begin in `values`; one more than there are programs.
        starts: Vec<u32>,
        values: Vec<u16>,
    },
}

const NO_VALUE: u8 = u8::MAX;

impl Default for Held {
    fn default() -> Self {
        Self::Any { starts: vec![0], values: Vec::new() }
    }
}

impl FieldValues {
    /// Who has a value.
    pub(super) fn programs(&self, name: &str) -> Option<&Members> {
        self.programs.get(usize::from(self.number(name)?))
    }

    /// The values that programs have, by their numbers.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names.iter()
    }

    /// The number of a value that some program has.
    pub(super) fn number(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The numbers of a program's values, in no order.
    pub(super) fn of(&self, program: u32) -> impl Iterator<Item = u16> {
        let at = program as usize;
        let (mask, eight, any) = match &self.held {
            Held::Mask(masks) => (masks[at], [NO_VALUE; 8], &[][..]),
            Held::Eight(eights) => (0, eights[at], &[][..]),
            Held::Any { starts, values } => {
                (0, [NO_VALUE; 8], &values[starts[at] as usize..starts[at + 1] as usize])
            }
        };
        let of_mask = (0..8).filter(move |bit| mask >> bit & 1 == 1);
        let of_eight = eight.into_iter().take_while(|value| *value != NO_VALUE).map(u16::from);
        of_mask.chain(of_eight).chain(any.iter().copied())
    }

    /// A program's values, in no order.
    pub(super) fn values_of(&self, program: u32) -> impl Iterator<Item = Arc<str>> {
        self.of(program).map(|number| Arc::clone(&self.names[usize::from(number)]))
    }

    /// Adds to `counts` how many of some programs have each value.
    pub(super) fn tally<'b>(
        &self,
        words: impl Iterator<Item = &'b (u32, u64)>,
        counts: &mut [u32],
    ) {
        let programs = words.flat_map(|(block, word)| programs_of(*block as usize, *word));
        match &self.held {
            Held::Mask(masks) => {
                let mut by_mask = [0; 256];
                programs.for_each(|program| by_mask[usize::from(masks[program as usize])] += 1);
                for (mask, found) in by_mask.into_iter().enumerate() {
                    let values = counts.iter_mut().enumerate();
                    values
                        .filter(|(value, _)| mask >> value & 1 == 1)
                        .for_each(|(_, count)| *count += found);
                }
            }
            Held::Eight(eights) => {
                let mut found = [0; 256];
                for program in programs {
                    for value in eights[program as usize] {
                        if value == NO_VALUE {
                            break;
                        }
                        found[usize::from(value)] += 1;
                    }
                }
                counts.iter_mut().zip(found).for_each(|(count, found)| *count += found);
            }
            Held::Any { starts, values } => {
                for program in programs {
                    let at = program as usize;
                    for value in &values[starts[at] as usize..starts[at + 1] as usize] {
                        counts[usize::from(*value)] += 1;
                    }
                }
            }
        }
    }

    /// Adds the next program with its values, each once.
    pub(super) fn push<'a>(&mut self, all: impl Iterator<Item = &'a str>) {
        let Held::Any { starts, values } = &mut self.held else { return };
        let begin = values.len();
        for name in all {
            let number = if let Some(number) = self.numbers.get(name) {
                *number
            } else {
                let Ok(number) = u16::try_from(self.names.len()) else { continue };
                let name: Arc<str> = name.into();
                self.names.push(Arc::clone(&name));
                self.numbers.insert(name, number);
                number
            };
            if !values[begin..].contains(&number) {
                values.push(number);
            }
        }
        starts.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
    }

    /// Brings the programs into an order, of the numbers they came in, and notes who has what.
    fn finish(&mut self, order: &[u32]) {
        let Held::Any { starts, values } = std::mem::take(&mut self.held) else { return };
        let of = |came: u32| {
            let at = came as usize;
            &values[starts[at] as usize..starts[at + 1] as usize]
        };
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.names.len()];
        for (program, came) in (0..).zip(order) {
            for value in of(*came) {
                members[usize::from(*value)].push(program);
            }
        }
        self.programs = members.iter().map(|list| Members::of(order.len(), list)).collect();

        let narrow = u8::try_from(self.names.len()).ok().filter(|count| *count < NO_VALUE);
        let most = order.iter().map(|came| of(*came).len()).max().unwrap_or(0);
        self.held = match narrow {
            Some(0..=8) => {
                let mask = |came: &u32| of(*came).iter().fold(0, |mask, value| mask | 1 << value);
                Held::Mask(order.iter().map(mask).collect())
            }
            Some(_) if most <= 8 => {
                let eight = |came: &u32| {
                    let values = of(*came);
                    std::array::from_fn(|at| {
                        values
                            .get(at)
                            .and_then(|value| u8::try_from(*value).ok())
                            .unwrap_or(NO_VALUE)
                    })
                };
                Held::Eight(order.iter().map(eight).collect())
            }
            _ => {
                let mut ordered = Held::default();
                if let Held::Any { starts: begins, values: all } = &mut ordered {
                    for came in order {
                        all.extend(of(*came));
                        begins.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
                    }
                }
                ordered
            }
        };
    }
}

/// The values of every field.
#[derive(Debug, Default)]
pub(super) struct Columns {
    fields: Vec<FieldValues>,
    /// Keys of the criteria that programs are known not to meet.
    unmet: FieldValues,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self {
            fields: Field::ALL.iter().map(|_| FieldValues::default()).collect(),
            unmet: FieldValues::default(),
        }
    }

    pub(super) fn field(&self, field: Field) -> &FieldValues {
        &self.fields[field as usize]
    }

    pub(super) fn field_mut(&mut self, field: Field) -> &mut FieldValues {
        &mut self.fields[field as usize]
    }

    /// The keys of the criteria that programs are known not to meet.
    pub(super) const fn unmet(&self) -> &FieldValues {
        &self.unmet
    }

    pub(super) const fn unmet_mut(&mut self) -> &mut FieldValues {
        &mut self.unmet
    }

    pub(super) fn finish(&mut self, order: &[u32]) {
        self.unmet.finish(order);
        self.fields.iter_mut().for_each(|field| field.finish(order));
    }
}
