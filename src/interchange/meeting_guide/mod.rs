//! Meeting Guide JSON: what twelve-step service offices and TSML, their `WordPress` plugin, publish.
//!
//! The format is a flat list of meetings. The meetings of one group become one program here.

mod address;
mod attendance;
mod codes;
mod fields;
mod group;
mod row;
mod venue;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::Value;

use crate::domain::{LocationDraft, LocationId};

use super::unread::Unread;
use super::venues::{Openness, Venues};
use super::{Import, ImportError, Importer, Reject, Setting};
use fields::Fields;
use group::Group;
use row::Row;

/// Reads Meeting Guide JSON.
pub struct MeetingGuide;

/// The most meetings of one group. A "group" of more is some other label.
const MOST_SESSIONS: usize = 500;

impl Importer for MeetingGuide {
    fn name(&self) -> &'static str {
        "meeting-guide"
    }

    fn read(&self, document: &[u8], setting: &Setting<'_>) -> Result<Import, ImportError> {
        let refuse = |reason: String| ImportError { format: "a Meeting Guide feed", reason };
        let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
        let meetings = match serde_json::from_slice(document) {
            Ok(Value::Array(meetings)) => meetings,
            Ok(_) => return Err(refuse("expected a list of meetings: [{…}, {…}]".to_owned())),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                return Err(refuse(format!("it is not JSON (line {line}, column {column})")));
            }
        };
        let mut import = Import { rows: meetings.len(), ..Import::default() };
        let mut unread = Unread::default();
        let rows = rows(&meetings, &mut import.rejects, &mut unread);
        let groups = groups(rows, setting, &mut import.rejects, &mut unread);

        let mut venues = Venues::default();
        for (id, draft, openness) in sorted_venues(&groups) {
            venues.add(id, draft, openness);
        }
        for group in groups {
            match group.record(setting, &venues) {
                Ok(mut record) => {
                    record.incomplete = unread.has(&record.key);
                    import.records.push(record);
                }
                Err(rejects) => import.rejects.extend(rejects),
            }
        }
        import.rejects.sort_by_key(|reject| reject.row);
        Ok(import)
    }
}

/// The rows that could be read. The second row of a slug is refused: a slug names one meeting.
fn rows(meetings: &[Value], rejects: &mut Vec<Reject>, unread: &mut Unread) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(meetings.len());
    let mut slugs: HashMap<String, usize> = HashMap::new();
    for (number, value) in (1..).zip(meetings) {
        let mut is_a_double = false;
        let read = Row::read(number, value).and_then(|row| match slugs.get(&row.slug) {
            Some(&first) => {
                is_a_double = meetings.get(first - 1) == Some(value);
                Err(("slug", format!("`{}` is already the slug of row {first}", row.slug)))
            }
            None => Ok(row),
        });
        match read {
            Ok(row) => {
                slugs.insert(row.slug.clone(), number);
                rows.push(row);
            }
            Err((field, reason)) => {
                if !is_a_double {
                    unread.add(key_of_refused(value).map(|key| [record_key(&key)]));
                }
                rejects.push(Reject { row: number, field: field.to_owned(), reason });
            }
        }
    }
    rows
}

/// The rows by the group they belong to, in the order of their first rows.
fn groups(
    rows: Vec<Row>,
    setting: &Setting<'_>,
    rejects: &mut Vec<Reject>,
    unread: &mut Unread,
) -> Vec<Group> {
    let mut keys: HashMap<String, usize> = HashMap::new();
    let mut members: Vec<(String, Vec<Row>)> = Vec::new();
    for row in rows {
        let key = key(&row).to_owned();
        let at = *keys.entry(key.clone()).or_insert(members.len());
        match members.get_mut(at) {
            Some((_, rows)) => rows.push(row),
            None => members.push((key, vec![row])),
        }
    }
    for (key, rows) in &mut members {
        // By time, so that the program reads well and does not depend on the order of the feed.
        rows.sort_by(|a, b| (&a.days, a.time, &a.slug).cmp(&(&b.days, b.time, &b.slug)));
        for row in rows.drain(MOST_SESSIONS.min(rows.len())..) {
            unread.add(Some([record_key(key)]));
            let reason = format!("more than {MOST_SESSIONS} meetings share this group or name");
            rejects.push(Reject { row: row.number, field: "group".to_owned(), reason });
        }
    }
    members.into_iter().map(|(key, rows)| Group::new(key, rows, setting)).collect()
}

/// What makes meetings one program: their group's name, else their own.
///
/// Some feeds put the district into `group`; a district is not a group.
fn key(row: &Row) -> &str {
    let group = row.group.as_deref();
    group.filter(|group| !is_district(group, row.district.as_deref())).unwrap_or(&row.name)
}

/// The same of a row that was refused; `None` when it does not tell.
fn key_of_refused(value: &Value) -> Option<String> {
    let fields = Fields(value.as_object()?);
    let (group, district) = (fields.line("group"), fields.line("district"));
    let group = group.filter(|group| !is_district(group, district.as_deref()));
    group.or_else(|| fields.line("name"))
}

/// The key of the program that a group's meetings become.
fn record_key(key: &str) -> String {
    format!("group:{key}")
}

/// Whether a text is only the label of a district: the row's own, or `District 25`.
fn is_district(text: &str, district: Option<&str>) -> bool {
    let numbered = text
        .get(..9)
        .filter(|start| start.eq_ignore_ascii_case("district "))
        .and_then(|_| text[9..].trim_start().chars().next())
        .is_some_and(|c| c.is_ascii_digit());
    numbered || district == Some(text)
}

/// What the groups say about places, in an order that does not depend on that of the feed.
fn sorted_venues(groups: &[Group]) -> impl Iterator<Item = (LocationId, LocationDraft, Openness)> {
    let mut said: Vec<_> = groups.iter().flat_map(Group::venues).collect();
    said.sort_by_key(|(slug, ..)| *slug);
    said.into_iter().map(|(_, id, draft, openness)| (id, draft, openness))
}
