//! What the public sees, read whole.

use diesel::prelude::*;
use jiff::Timestamp;

use super::connection::AnyConnection;
use super::entities::Status;
use super::schema::{entities as table, revisions};
use super::{StoreResult, corrupt, found_of};
use crate::domain::{Entity, PublicVerification};

/// A public program as it is kept.
pub struct PublishedProgram {
    /// Its identity.
    pub id: String,
    /// The readable part of its address.
    pub slug: String,
    /// What is said about it, as JSON.
    pub document: String,
    /// Where it comes from.
    pub source_id: String,
    /// Whether and when it was confirmed.
    pub verification: PublicVerification,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Some public entries, of every kind.
#[derive(Default)]
pub struct PublishedEntries {
    /// The row of the last one.
    pub last: i32,
    /// Programs.
    pub programs: Vec<PublishedProgram>,
    /// Identity, address and document of organizations.
    pub organizations: Vec<(String, Option<String>, String)>,
    /// Identity and document of locations.
    pub locations: Vec<(String, String)>,
    /// Identity and address of programs that were withdrawn.
    pub withdrawn: Vec<Name>,
}

/// Identity and address.
pub type Name = (String, Option<String>);

/// Up to `limit` entries that are public or were, whose public revision is after row `after`, in the order in which they
/// were written down: what a program refers to is most often shortly before it.
///
/// Call it again with the last row until it returns `None`.
pub fn published_after(
    conn: &mut AnyConnection,
    after: i32,
    limit: i64,
) -> StoreResult<Option<PublishedEntries>> {
    let rows: Vec<(String, String, Row)> = revisions::table
        .inner_join(table::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(revisions::id.gt(after))
        .order(revisions::id)
        .limit(limit)
        .select((revisions::entity, table::status, ROW))
        .load(conn)?;
    let Some((_, _, (last, ..))) = rows.last() else { return Ok(None) };
    let mut entries = PublishedEntries { last: *last, ..PublishedEntries::default() };
    for (entity, status, row) in rows {
        let entity = entity.parse().map_err(|error| corrupt(&row.1, &error))?;
        if status != Status::Published.as_str() {
            if entity == Entity::Program && status == Status::Withdrawn.as_str() {
                entries.withdrawn.push((row.1, row.2));
            }
            continue;
        }
        match entity {
            Entity::Program => entries.programs.push(program(row)?),
            Entity::Organization => entries.organizations.push((row.1, row.2, row.3)),
            Entity::Location => entries.locations.push((row.1, row.3)),
        }
    }
    Ok(Some(entries))
}

// Identities are looked up without their kind: they are the keys of the table, but SQLite, which keeps
// no statistics here, would rather walk all entries of a kind.

/// Those of these programs that are public.
pub fn published_programs_of(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<PublishedProgram>> {
    let rows: Vec<Row> = found_of(ids, |ids| {
        revisions::table
            .inner_join(table::table.on(table::public_revision.eq(revisions::id.nullable())))
            .filter(table::id.eq_any(ids))
            .filter(table::status.eq(Status::Published.as_str()))
            .select(ROW)
            .load(conn)
    })?;
    rows.into_iter().map(program).collect()
}

/// Identity and address of those of these programs that were withdrawn.
pub fn withdrawn_programs_of(conn: &mut AnyConnection, ids: &[String]) -> StoreResult<Vec<Name>> {
    found_of(ids, |ids| {
        table::table
            .filter(table::id.eq_any(ids))
            .filter(table::entity.eq(Entity::Program.as_str()))
            .filter(table::status.eq(Status::Withdrawn.as_str()))
            .select((table::id, table::slug))
            .load(conn)
    })
}

const ROW: (
    revisions::id,
    table::id,
    table::slug,
    revisions::document,
    table::source_id,
    table::confirmed_at,
    table::confirmation_method,
    table::review_due_at,
    table::updated_at,
) = (
    revisions::id,
    table::id,
    table::slug,
    revisions::document,
    table::source_id,
    table::confirmed_at,
    table::confirmation_method,
    table::review_due_at,
    table::updated_at,
);

type Row = (
    i32,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

fn program(
    (_, id, slug, document, source_id, confirmed, method, due, updated): Row,
) -> StoreResult<PublishedProgram> {
    let bad = |reason: &dyn ToString| corrupt(&id, reason);
    let time = |text: String| text.parse::<Timestamp>().map_err(|e| bad(&e));
    Ok(PublishedProgram {
        slug: slug.unwrap_or_default(),
        document,
        source_id,
        verification: PublicVerification {
            confirmed_at: confirmed.map(time).transpose()?,
            method: method.map(|m| m.parse().map_err(|e| bad(&e))).transpose()?,
            due_at: due.map(time).transpose()?,
        },
        updated_at: time(updated)?,
        id: id.clone(),
    })
}

/// Identity, address and document of those of these organizations that are public.
pub fn published_organizations_of(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<(String, Option<String>, String)>> {
    found_of(ids, |ids| {
        table::table
            .inner_join(revisions::table.on(table::public_revision.eq(revisions::id.nullable())))
            .filter(table::id.eq_any(ids))
            .filter(table::status.eq(Status::Published.as_str()))
            .select((table::id, table::slug, revisions::document))
            .load(conn)
    })
}

/// Identity and document of those of these locations that are public.
pub fn published_locations(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<(String, String)>> {
    found_of(ids, |ids| {
        table::table
            .inner_join(revisions::table.on(table::public_revision.eq(revisions::id.nullable())))
            .filter(table::id.eq_any(ids))
            .filter(table::status.eq(Status::Published.as_str()))
            .select((table::id, revisions::document))
            .load(conn)
    })
}
