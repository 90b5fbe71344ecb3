//! The curated words: terms, criteria and what goes with them, crisis lines.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{crisis_lines as lines, guidance as guidance_table, terms as terms_table};
use super::{StoreResult, Write, corrupt};
use crate::domain::{CrisisLine, Term};

/// Reads a document that was written as JSON.
fn read<T: serde::de::DeserializeOwned>(id: &str, document: &str) -> StoreResult<T> {
    serde_json::from_str(document).map_err(|error| corrupt(id, &error))
}

fn written<T: serde::Serialize>(id: &str, value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| corrupt(id, &error))
}

fn place(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}

/// Every term, by taxonomy, in the curated order.
pub fn terms(conn: &mut AnyConnection) -> StoreResult<Vec<Term>> {
    use terms_table::dsl;
    let rows: Vec<(String, String)> = dsl::terms
        .order((dsl::taxonomy, dsl::position, dsl::term_key))
        .select((dsl::term_key, dsl::document))
        .load(conn)?;
    rows.iter().map(|(key, document)| read(key, document)).collect()
}

/// Adds a term or replaces it.
pub fn put_term(write: &mut Write<'_>, term: &Term, position: usize) -> StoreResult<()> {
    use terms_table::dsl;
    let (taxonomy, key) = (term.taxonomy.as_str(), term.key.as_str());
    let document = written(key, term)?;
    let changed = diesel::update(dsl::terms.find((taxonomy, key)))
        .set((dsl::position.eq(place(position)), dsl::document.eq(&document)))
        .execute(write.conn)?;
    if changed == 0 {
        diesel::insert_into(dsl::terms)
            .values((
                dsl::taxonomy.eq(taxonomy),
                dsl::term_key.eq(key),
                dsl::position.eq(place(position)),
                dsl::document.eq(&document),
            ))
            .execute(write.conn)?;
    }
    Ok(())
}

/// One piece of what helps a person choose, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Guidance {
    /// `domain`, `criterion`, `red_flag` or `question`.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// The version of its words.
    pub version: u32,
    /// The piece itself.
    pub document: serde_json::Value,
}

/// Every piece of guidance in its newest version, by kind, in the curated order.
pub fn guidance(conn: &mut AnyConnection) -> StoreResult<Vec<Guidance>> {
    use guidance_table::dsl;
    let rows: Vec<(String, String, i32, String)> = dsl::guidance
        .order((dsl::kind, dsl::position, dsl::guidance_key, dsl::version.desc()))
        .select((dsl::kind, dsl::guidance_key, dsl::version, dsl::document))
        .load(conn)?;
    let mut newest: HashMap<(String, String), i32> = HashMap::new();
    for (kind, key, version, _) in &rows {
        let known = newest.entry((kind.clone(), key.clone())).or_insert(*version);
        *known = (*known).max(*version);
    }
    rows.into_iter()
        .filter(|(kind, key, version, _)| newest[&(kind.clone(), key.clone())] == *version)
        .map(|(kind, key, version, document)| {
            let document = read(&key, &document)?;
            let version = u32::try_from(version).unwrap_or_default();
            Ok(Guidance { kind, key, version, document })
        })
        .collect()
}

/// Adds a piece of guidance or replaces the same version of it.
pub fn put_guidance(write: &mut Write<'_>, piece: &Guidance, position: usize) -> StoreResult<()> {
    use guidance_table::dsl;
    let version = i32::try_from(piece.version).unwrap_or(i32::MAX);
    let document = written(&piece.key, &piece.document)?;
    let changed =
        diesel::update(dsl::guidance.find((piece.kind.as_str(), piece.key.as_str(), version)))
            .set((dsl::position.eq(place(position)), dsl::document.eq(&document)))
            .execute(write.conn)?;
    if changed == 0 {
        diesel::insert_into(dsl::guidance)
            .values((
                dsl::kind.eq(&piece.kind),
                dsl::guidance_key.eq(&piece.key),
                dsl::version.eq(version),
                dsl::position.eq(place(position)),
                dsl::document.eq(&document),
            ))
            .execute(write.conn)?;
    }
    Ok(())
}

/// Every crisis line, in the order to show them.
pub fn crisis_lines(conn: &mut AnyConnection) -> StoreResult<Vec<CrisisLine>> {
    let rows: Vec<(String, String)> = lines::table
        .order((lines::position, lines::line_key))
        .select((lines::line_key, lines::document))
        .load(conn)?;
    rows.iter().map(|(key, document)| read(key, document)).collect()
}

/// Keeps these crisis lines and no others: a retired number must not outlive its version.
pub fn replace_crisis_lines(write: &mut Write<'_>, kept: &[CrisisLine]) -> StoreResult<()> {
    diesel::delete(lines::table).execute(write.conn)?;
    for (position, line) in kept.iter().enumerate() {
        let key = line.key.as_str();
        diesel::insert_into(lines::table)
            .values((
                lines::line_key.eq(key),
                lines::position.eq(place(position)),
                lines::document.eq(written(key, line)?),
            ))
            .execute(write.conn)?;
    }
    Ok(())
}
