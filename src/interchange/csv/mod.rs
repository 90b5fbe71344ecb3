//! Our own table for spreadsheets: one line a session, lines of one program together.

mod cells;
mod columns;
mod key;
mod program;
mod session;
mod table;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::domain::{LocationDraft, LocationId, PrecisionReason};

use super::unread::Unread;
use super::venues::{Openness, Venues};
use super::{Import, ImportError, Importer, Record, Reject, Setting};
use cells::Cells;
use table::Line;

pub use columns::CSV_COLUMNS;

/// Reads a table with the header of [`CSV_COLUMNS`].
///
/// The delimiter may be a comma, a semicolon or a tab, the encoding UTF-8, UTF-16 or
/// Windows-1252. A line with a wrong cell is refused whole, with a reason for each such cell.
pub struct Csv;

impl Importer for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn read(&self, document: &[u8], setting: &Setting<'_>) -> Result<Import, ImportError> {
        let table =
            table::read(document).map_err(|reason| ImportError { format: "a table", reason })?;
        let mut programs = Programs {
            setting,
            at: HashMap::new(),
            refused: HashMap::new(),
            records: vec![],
            venues: vec![],
            rejects: table.rejects,
            unread: table.unread,
        };
        for line in &table.lines {
            programs.add(line);
        }
        let (records, mut rejects) = programs.finish();
        rejects.sort_by_key(|reject| reject.row);
        Ok(Import { rows: table.rows, records, rejects })
    }
}

/// The programs of a table while it is read.
struct Programs<'a> {
    setting: &'a Setting<'a>,
    at: HashMap<String, usize>,
    /// The first line of each program that was refused.
    refused: HashMap<String, usize>,
    records: Vec<(Record, &'a Line)>,
    venues: Vec<(LocationId, LocationDraft)>,
    rejects: Vec<Reject>,
    unread: Unread,
}

impl<'a> Programs<'a> {
    /// Adds a line: to the program it belongs to, or as a new one.
    fn add(&mut self, line: &'a Line) {
        let cells = Cells::new(line);
        let key = key::of(line);
        let known = key.as_ref().and_then(|key| self.at.get(key).copied());
        if let Some(at) = known {
            self.add_session(at, line, &cells);
        } else {
            let before = key.as_ref().and_then(|key| self.refused.get(key));
            if let Some(first) = before.filter(|_| cells.raw("name").is_none()) {
                let reason = format!("belongs to row {first}, which is refused: mend that one");
                cells.refuse("id", reason);
            } else {
                self.add_program(key.clone(), line, &cells);
            }
            if let Some(key) = key.filter(|_| cells.are_wrong()) {
                self.refused.entry(key).or_insert(line.number);
            }
        }
        if cells.are_wrong() {
            self.unread.add(key::of_refused(line));
        }
        self.rejects.extend(cells.into_rejects());
    }

    fn add_program(&mut self, key: Option<String>, line: &'a Line, cells: &Cells<'_>) {
        let read = program::read(cells, self.setting);
        let kinds = read.as_ref().map(|(_, program)| program.kinds.clone()).unwrap_or_default();
        let held = session::read(cells, &kinds, self.setting);
        let (Some(key), Some((organization, mut program))) = (key, read) else { return };
        if cells.are_wrong() {
            return;
        }
        if let Some(held) = held {
            program.sessions.push(held.session);
            self.venues.extend(held.venue);
        }
        self.at.insert(key.clone(), self.records.len());
        let record = Record {
            key,
            rows: vec![line.number],
            organization_key: organization.name.to_string(),
            organization,
            program,
            locations: vec![],
            assessments: vec![],
            unlisted: None,
            incomplete: false,
        };
        self.records.push((record, line));
    }

    fn add_session(&mut self, at: usize, line: &'a Line, cells: &Cells<'_>) {
        let Some((record, first)) = self.records.get_mut(at) else { return };
        for (column, cell) in &line.cells {
            let differs = first.cells.get(column).is_none_or(|other| other != cell);
            if differs && !columns::is_of_a_session(column) {
                let reason =
                    format!("differs from line {}, the first of this program", first.number);
                cells.refuse(column, reason);
            }
        }
        let held = session::read(cells, &record.program.kinds, self.setting);
        if held.is_none() && !cells.are_wrong() {
            cells.refuse(
                "attendance",
                format!("has no session, and its program is already at line {}", first.number),
            );
        }
        let Some(held) = held.filter(|_| !cells.are_wrong()) else { return };
        record.program.sessions.push(held.session);
        if let Err(contradiction) = record.program.check() {
            record.program.sessions.pop();
            cells.refuse("id", contradiction.to_string());
            return;
        }
        record.rows.push(line.number);
        self.venues.extend(held.venue);
    }

    /// The records with one draft for each place, however many lines describe it, and whether lines of
    /// theirs were refused, wherever these stood.
    fn finish(self) -> (Vec<Record>, Vec<Reject>) {
        let mut venues = Venues::default();
        for (id, draft) in self.venues {
            let openness = match draft.reason {
                Some(PrecisionReason::Withheld) => Openness::KeptBack,
                _ => Openness::Told,
            };
            venues.add(id, draft, openness);
        }
        let place = |mut record: Record| {
            record.locations = venues.place(&mut record.program.sessions);
            record.incomplete = self.unread.has(&record.key);
            record
        };
        (self.records.into_iter().map(|(record, _)| place(record)).collect(), self.rejects)
    }
}
