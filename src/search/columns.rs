//! What programs are filtered and counted by: for each field its values, and for each value the
//! programs that have it.

use std::collections::HashMap;
use std::sync::Arc;

use super::bits::Members;
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
    }
}

/// The values of one field.
#[derive(Debug, Default)]
pub(super) struct FieldValues {
    /// The words of the values; a value's number is its place here.
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16>,
    /// Who has each value.
    programs: Vec<Members>,
    /// Where each program's values begin in `values`; one more than there are programs.
    starts: Vec<u32>,
    values: Vec<u16>,
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

    /// The numbers of a program's values.
    pub(super) fn of(&self, program: u32) -> &[u16] {
        let at = program as usize;
        &self.values[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Adds the next program with its values, each once.
    pub(super) fn push<'a>(&mut self, values: impl Iterator<Item = &'a str>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        let begin = self.values.len();
        for name in values {
            let number = if let Some(number) = self.numbers.get(name) {
                *number
            } else {
                let Ok(number) = u16::try_from(self.names.len()) else { continue };
                let name: Arc<str> = name.into();
                self.names.push(Arc::clone(&name));
                self.numbers.insert(name, number);
                number
            };
            if !self.values[begin..].contains(&number) {
                self.values.push(number);
            }
        }
        self.starts.push(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
    }

    /// Brings the programs into an order, of the numbers they came in, and notes who has what.
    fn finish(&mut self, order: &[u32]) {
        let mut starts = Vec::with_capacity(order.len() + 1);
        let mut values = Vec::with_capacity(self.values.len());
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.names.len()];
        starts.push(0);
        for (program, came) in (0..).zip(order) {
            for value in self.of(*came) {
                values.push(*value);
                members[usize::from(*value)].push(program);
            }
            starts.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
        }
        self.starts = starts;
        self.values = values;
        self.programs = members.iter().map(|list| Members::of(order.len(), list)).collect();
    }
}

/// The values of every field.
#[derive(Debug, Default)]
pub(super) struct Columns {
    fields: Vec<FieldValues>,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self { fields: Field::ALL.iter().map(|_| FieldValues::default()).collect() }
    }

    pub(super) fn field(&self, field: Field) -> &FieldValues {
        &self.fields[field as usize]
    }

    pub(super) fn field_mut(&mut self, field: Field) -> &mut FieldValues {
        &mut self.fields[field as usize]
    }

    pub(super) fn finish(&mut self, order: &[u32]) {
        self.fields.iter_mut().for_each(|field| field.finish(order));
    }
}
