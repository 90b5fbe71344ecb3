//! What the public sees, read whole.

use diesel::prelude::*;
use jiff::Timestamp;

use super::connection::AnyConnection;
use super::entities::Status;
use super::schema::{entities as table, revisions};
use super::{StoreResult, corrupt};
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

/// Up to `limit` public programs whose newest public revision is after row `after`, and that row.
///
/// Call it again with the row it returned until it returns none.
pub fn published_programs(
    conn: &mut AnyConnection,
    after: i32,
    limit: i64,
) -> StoreResult<Vec<(i32, PublishedProgram)>> {
    let rows: Vec<Row> = revisions::table
        .inner_join(table::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(revisions::id.gt(after))
        .filter(revisions::entity.eq(Entity::Program.as_str()))
        .filter(table::status.eq(Status::Published.as_str()))
        .order(revisions::id)
        .limit(limit)
        .select(ROW)
        .load(conn)?;
    rows.into_iter().map(program).collect()
}

// Identities are looked up without their kind: they are the keys of the table, but SQLite, which keeps
// no statistics here, would rather walk all entries of a kind.

/// Those of these programs that are public.
pub fn published_programs_of(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<PublishedProgram>> {
    let rows: Vec<Row> = revisions::table
        .inner_join(table::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(table::id.eq_any(ids))
        .filter(table::status.eq(Status::Published.as_str()))
        .select(ROW)
        .load(conn)?;
    rows.into_iter().map(|row| Ok(program(row)?.1)).collect()
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
    (row, id, slug, document, source_id, confirmed, method, due, updated): Row,
) -> StoreResult<(i32, PublishedProgram)> {
    let bad = |reason: &dyn ToString| corrupt(&id, reason);
    let time = |text: String| text.parse::<Timestamp>().map_err(|e| bad(&e));
    let program = PublishedProgram {
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
    };
    Ok((row, program))
}

/// Identity, address and document of every public organization.
pub fn published_organizations(
    conn: &mut AnyConnection,
) -> StoreResult<Vec<(String, Option<String>, String)>> {
    Ok(table::table
        .inner_join(revisions::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(table::entity.eq(Entity::Organization.as_str()))
        .filter(table::status.eq(Status::Published.as_str()))
        .select((table::id, table::slug, revisions::document))
        .load(conn)?)
}

/// Identity, address and document of those of these organizations that are public.
pub fn published_organizations_of(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<(String, Option<String>, String)>> {
    Ok(table::table
        .inner_join(revisions::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(table::id.eq_any(ids))
        .filter(table::status.eq(Status::Published.as_str()))
        .select((table::id, table::slug, revisions::document))
        .load(conn)?)
}

/// Identity and document of those of these locations that are public.
pub fn published_locations(
    conn: &mut AnyConnection,
    ids: &[String],
) -> StoreResult<Vec<(String, String)>> {
    Ok(table::table
        .inner_join(revisions::table.on(table::public_revision.eq(revisions::id.nullable())))
        .filter(table::id.eq_any(ids))
        .filter(table::status.eq(Status::Published.as_str()))
        .select((table::id, revisions::document))
        .load(conn)?)
}
