//! What those who follow the log of changes need: which programs a change is seen in, and how far back
//! the log goes.

use diesel::prelude::*;
use jiff::Timestamp;
use serde::Deserialize;

use super::connection::AnyConnection;
use super::entities::Status;
use super::schema::{changes, directory, entities, mentions, revisions};
use super::{LISTED, Store, StoreResult, Write, corrupt, stamp};
use crate::domain::{ChangeKind, Entity};

/// How many programs are read at a time to find what they name.
const CHUNK: i64 = 500;

/// What a program names, of its document.
#[derive(Deserialize)]
struct Names {
    organization_id: String,
    #[serde(default)]
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Session {
    #[serde(default)]
    location: Option<String>,
}

/// Remembers what the public revision of a program names.
pub(super) fn remember_mentions(
    write: &mut Write<'_>,
    program: &str,
    revision: i32,
) -> StoreResult<()> {
    let document: String =
        revisions::table.find(revision).select(revisions::document).first(write.conn)?;
    diesel::delete(mentions::table.filter(mentions::program_id.eq(program))).execute(write.conn)?;
    add_mentions(write.conn, program, &document)
}

fn add_mentions(conn: &mut AnyConnection, program: &str, document: &str) -> StoreResult<()> {
    let draft: Names = serde_json::from_str(document).map_err(|e| corrupt(program, &e))?;
    let mut named: Vec<String> =
        draft.sessions.into_iter().filter_map(|session| session.location).collect();
    named.push(draft.organization_id);
    named.sort_unstable();
    named.dedup();
    for entity in named {
        diesel::insert_into(mentions::table)
            .values((mentions::entity_id.eq(entity), mentions::program_id.eq(program)))
            .execute(conn)?;
    }
    Ok(())
}

/// Up to `limit` programs after `after`, by identity, whose public revision names an organization or a
/// location.
pub fn mentioning(
    conn: &mut AnyConnection,
    entity: &str,
    after: &str,
    limit: i64,
) -> StoreResult<Vec<String>> {
    Ok(mentions::table
        .filter(mentions::entity_id.eq(entity))
        .filter(mentions::program_id.gt(after))
        .order(mentions::program_id)
        .limit(limit)
        .select(mentions::program_id)
        .load(conn)?)
}

/// The number up to which the log has been forgotten.
pub fn forgotten(conn: &mut AnyConnection) -> StoreResult<i64> {
    Ok(directory::table.select(directory::forgotten).first(conn)?)
}

/// Forgets up to `most` of the oldest changes from before a moment, and says how many. Withdrawals
/// stay: an entry that comes back is known by them.
pub fn forget_changes(write: &mut Write<'_>, before: Timestamp, most: i64) -> StoreResult<usize> {
    let published =
        || changes::table.filter(changes::kind.eq(ChangeKind::Published.as_str())).into_boxed();
    let oldest: Vec<i64> = published()
        .filter(changes::at.lt(stamp(before)))
        .order(changes::sequence)
        .limit(most)
        .select(changes::sequence)
        .load(write.conn)?;
    let Some(last) = oldest.last() else { return Ok(0) };
    for some in oldest.chunks(LISTED) {
        let some = changes::table.filter(changes::sequence.eq_any(some));
        diesel::delete(some).execute(write.conn)?;
    }
    diesel::update(directory::table).set(directory::forgotten.eq(last)).execute(write.conn)?;
    Ok(oldest.len())
}

impl Store {
    /// Finds what programs name in a directory that was filled before that was remembered.
    pub(super) fn fill_mentions(&self) -> StoreResult<()> {
        let is_filled = |conn: &mut AnyConnection| -> StoreResult<bool> {
            let known: Vec<String> =
                mentions::table.limit(1).select(mentions::program_id).load(conn)?;
            let public: Vec<String> = entities::table
                .filter(entities::entity.eq(Entity::Program.as_str()))
                .filter(entities::status.ne(Status::Draft.as_str()))
                .limit(1)
                .select(entities::id)
                .load(conn)?;
            Ok(!known.is_empty() || public.is_empty())
        };
        if self.read(is_filled)? {
            return Ok(());
        }
        self.write(|write| {
            // Another node may have been first.
            if is_filled(write.conn)? {
                return Ok(());
            }
            let mut after = 0;
            loop {
                let rows: Vec<(i32, String, String)> = revisions::table
                    .inner_join(
                        entities::table.on(entities::public_revision.eq(revisions::id.nullable())),
                    )
                    .filter(revisions::id.gt(after))
                    .filter(revisions::entity.eq(Entity::Program.as_str()))
                    .order(revisions::id)
                    .limit(CHUNK)
                    .select((revisions::id, entities::id, revisions::document))
                    .load(write.conn)?;
                let Some((last, ..)) = rows.last() else { return Ok(()) };
                after = *last;
                for (_, program, document) in &rows {
                    add_mentions(write.conn, program, document)?;
                }
            }
        })
    }
}
