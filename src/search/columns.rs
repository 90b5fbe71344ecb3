//! What programs are filtered and counted by: for each field its values, and for each value the
//! programs that have it.

use std::collections::HashMap;

use roaring::RoaringBitmap;

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
pub struct FieldValues {
    /// The words of the values; a value's number is its place here.
    pub(super) names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u16>,
    /// Who has each value.
    pub(super) programs: Vec<RoaringBitmap>,
    /// Where each program's values begin in `values`; one more than there are programs.
    starts: Vec<u32>,
    values: Vec<u16>,
}

impl FieldValues {
    /// The number of a value that some program has.
    pub fn number(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// How many programs have a value.
    pub fn count(&self, name: &str) -> u64 {
        self.number(name).map_or(0, |number| self.programs[usize::from(number)].len())
    }

    /// The values that programs have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// The numbers of a program's values.
    pub(super) fn of(&self, program: u32) -> &[u16] {
        let at = program as usize;
        &self.values[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Adds the next program with its values, each once.
    pub(super) fn push<'a>(&mut self, program: u32, values: impl Iterator<Item = &'a str>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        let begin = self.values.len();
        for name in values {
            let number = if let Some(number) = self.numbers.get(name) {
                *number
            } else {
                let Ok(number) = u16::try_from(self.names.len()) else { continue };
                self.names.push(name.into());
                self.numbers.insert(name.into(), number);
                self.programs.push(RoaringBitmap::new());
                number
            };
            if !self.values[begin..].contains(&number) {
                self.values.push(number);
                self.programs[usize::from(number)].insert(program);
            }
        }
        self.starts.push(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn finish(&mut self) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.starts.shrink_to_fit();
        self.values.shrink_to_fit();
        for programs in &mut self.programs {
            programs.optimize();
        }
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

    pub(super) fn finish(&mut self) {
        self.fields.iter_mut().for_each(FieldValues::finish);
    }
}
