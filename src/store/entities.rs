//! Organizations, locations and programs: identities, immutable revisions, the change log.

use diesel::prelude::*;
use jiff::Timestamp;

use super::connection::AnyConnection;
use super::following::remember_mentions;
use super::schema::{changes, entities as table, revisions};
use super::{StoreError, StoreResult, Write, corrupt, found_of, stamp};
use crate::domain::words::words;
use crate::domain::{Authorship, BatchId, Change, ChangeKind, Entity, RevisionState, SourceId};

words! {
    /// Whether the public sees an entry.
    pub enum Status {
        /// It never was public.
        Draft = "draft",
        /// It is.
        Published = "published",
        /// It was.
        Withdrawn = "withdrawn",
    }
}

#[derive(Queryable, Insertable, Identifiable)]
#[diesel(table_name = table)]
struct EntityRow {
    id: String,
    entity: String,
    slug: Option<String>,
    status: String,
    latest_revision: i32,
    public_revision: Option<i32>,
    source_id: String,
    source_key: String,
    source_digest: Option<String>,
    seen_in_batch: Option<String>,
    confirmed_at: Option<String>,
    confirmation_method: Option<String>,
    review_due_at: Option<String>,
    created_at: String,
    updated_at: String,
}

#[derive(Insertable)]
#[diesel(table_name = revisions)]
struct RevisionRow<'a> {
    id: i32,
    entity: &'a str,
    entity_id: &'a str,
    number: i32,
    state: &'a str,
    document: &'a str,
    author: &'a str,
    reason: Option<&'a str>,
    batch_id: Option<String>,
    created_at: String,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityState {
    /// Its identity.
    pub id: String,
    /// What it is.
    pub entity: Entity,
    /// The readable part of its address.
    pub slug: Option<String>,
    /// Whether the public sees it.
    pub status: Status,
    /// The number of its newest revision, from 1.
    pub number: i32,
    /// Who made that revision.
    pub author: String,
    /// Why, in words, if they said.
    pub reason: Option<String>,
    /// The digest of what its source said at the last import.
    pub source_digest: Option<String>,
    /// The row of its newest revision.
    latest_revision: i32,
}

fn state(conn: &mut AnyConnection, row: EntityRow) -> StoreResult<EntityState> {
    let (number, author, reason): (i32, String, Option<String>) = revisions::table
        .find(row.latest_revision)
        .select((revisions::number, revisions::author, revisions::reason))
        .first(conn)?;
    Ok(EntityState {
        entity: row.entity.parse().map_err(|e| corrupt(&row.id, &e))?,
        status: row.status.parse().map_err(|e| corrupt(&row.id, &e))?,
        id: row.id,
        slug: row.slug,
        number,
        author,
        reason,
        source_digest: row.source_digest,
        latest_revision: row.latest_revision,
    })
}

/// Where the entry of this identity stands.
pub fn entity(conn: &mut AnyConnection, id: &str) -> StoreResult<EntityState> {
    let row = table::table.find(id).first(conn)?;
    state(conn, row)
}

/// Where the entry of a source's record stands, if it is known.
pub fn entity_of_source(
    conn: &mut AnyConnection,
    source: SourceId,
    entity: Entity,
    key: &str,
) -> StoreResult<Option<EntityState>> {
    let row: Option<EntityRow> = table::table
        .filter(table::source_id.eq(source.to_string()))
        .filter(table::entity.eq(entity.as_str()))
        .filter(table::source_key.eq(key))
        .first(conn)
        .optional()?;
    row.map(|row| state(conn, row)).transpose()
}

/// Whether an address is in use.
pub fn slug_is_taken(conn: &mut AnyConnection, entity: Entity, slug: &str) -> StoreResult<bool> {
    let of = table::table.filter(table::entity.eq(entity.as_str())).filter(table::slug.eq(slug));
    Ok(diesel::select(diesel::dsl::exists(of)).get_result(conn)?)
}

/// A document of a source that becomes an entry or its next revision.
pub struct Imported<'a> {
    /// What it is.
    pub entity: Entity,
    /// Its identity.
    pub id: &'a str,
    /// The readable part of its address; locations have none.
    pub slug: Option<&'a str>,
    /// Where it comes from.
    pub source: SourceId,
    /// The source's name for it.
    pub key: &'a str,
    /// The digest of what the source says.
    pub digest: Option<&'a str>,
    /// What is said, as JSON.
    pub document: &'a str,
}

/// Adds an entry with its first revision, as a draft.
pub fn insert(
    write: &mut Write<'_>,
    new: &Imported<'_>,
    by: &Authorship,
    now: Timestamp,
) -> StoreResult<()> {
    let revision = add_revision(write, new.entity, new.id, 1, new.document, by, now)?;
    let row = EntityRow {
        id: new.id.to_owned(),
        entity: new.entity.as_str().to_owned(),
        slug: new.slug.map(str::to_owned),
        status: Status::Draft.as_str().to_owned(),
        latest_revision: revision,
        public_revision: None,
        source_id: new.source.to_string(),
        source_key: new.key.to_owned(),
        source_digest: new.digest.map(str::to_owned),
        seen_in_batch: by.batch.map(|batch| batch.to_string()),
        confirmed_at: None,
        confirmation_method: None,
        review_due_at: None,
        created_at: stamp(now),
        updated_at: stamp(now),
    };
    diesel::insert_into(table::table).values(&row).execute(write.conn)?;
    Ok(())
}

fn add_revision(
    write: &mut Write<'_>,
    entity: Entity,
    id: &str,
    number: i32,
    document: &str,
    by: &Authorship,
    now: Timestamp,
) -> StoreResult<i32> {
    let revision = write.next_revision();
    let row = RevisionRow {
        id: revision,
        entity: entity.as_str(),
        entity_id: id,
        number,
        state: RevisionState::Draft.as_str(),
        document,
        author: &by.by,
        reason: by.reason.as_deref(),
        batch_id: by.batch.map(|batch| batch.to_string()),
        created_at: stamp(now),
    };
    diesel::insert_into(revisions::table).values(&row).execute(write.conn)?;
    Ok(revision)
}

/// Adds the next revision of an entry that is still at revision `expected`, as a draft.
pub fn revise(
    write: &mut Write<'_>,
    id: &str,
    expected: i32,
    document: &str,
    by: &Authorship,
    now: Timestamp,
) -> StoreResult<i32> {
    let known = entity(write.conn, id)?;
    if known.number != expected {
        return Err(StoreError::Conflict);
    }
    let number = known.number + 1;
    let revision = add_revision(write, known.entity, id, number, document, by, now)?;
    // `updated_at` is public and stays: it may not tell that a draft was written.
    diesel::update(table::table.find(id))
        .set(table::latest_revision.eq(revision))
        .execute(write.conn)?;
    Ok(number)
}

/// Adds what a source says now as the next revision, and remembers its digest.
pub fn import_revision(
    write: &mut Write<'_>,
    known: &EntityState,
    new: &Imported<'_>,
    by: &Authorship,
    now: Timestamp,
) -> StoreResult<()> {
    revise(write, new.id, known.number, new.document, by, now)?;
    diesel::update(table::table.find(new.id))
        .set((
            table::source_digest.eq(new.digest),
            table::seen_in_batch.eq(by.batch.map(|batch| batch.to_string())),
        ))
        .execute(write.conn)?;
    Ok(())
}

/// Remembers that a source still has an entry, and what it says of it.
pub fn mark_seen(
    write: &mut Write<'_>,
    id: &str,
    digest: Option<&str>,
    batch: BatchId,
) -> StoreResult<()> {
    diesel::update(table::table.find(id))
        .set((table::source_digest.eq(digest), table::seen_in_batch.eq(batch.to_string())))
        .execute(write.conn)?;
    Ok(())
}

/// Makes an entry's newest revision the public one, and writes the change down.
pub fn publish(
    write: &mut Write<'_>,
    id: &str,
    batch: Option<BatchId>,
    now: Timestamp,
) -> StoreResult<i64> {
    let known = entity(write.conn, id)?;
    diesel::update(revisions::table.find(known.latest_revision))
        .set(revisions::state.eq(RevisionState::Approved.as_str()))
        .execute(write.conn)?;
    diesel::update(table::table.find(id))
        .set((
            table::status.eq(Status::Published.as_str()),
            table::public_revision.eq(known.latest_revision),
            table::updated_at.eq(stamp(now)),
        ))
        .execute(write.conn)?;
    if known.entity == Entity::Program {
        remember_mentions(write, id, known.latest_revision)?;
    }
    log(write, &known, ChangeKind::Published, known.latest_revision, batch, now)
}

/// Writes down that what belongs to an entry has changed, if the public sees it.
pub fn tell_again(write: &mut Write<'_>, id: &str, now: Timestamp) -> StoreResult<()> {
    let known = entity(write.conn, id)?;
    let public: Option<i32> =
        table::table.find(id).select(table::public_revision).first(write.conn)?;
    if let (Status::Published, Some(public)) = (known.status, public) {
        log(write, &known, ChangeKind::Published, public, None, now)?;
    }
    Ok(())
}

/// Takes an entry from the public, and writes the change down.
pub fn withdraw(write: &mut Write<'_>, id: &str, now: Timestamp) -> StoreResult<i64> {
    let known = entity(write.conn, id)?;
    let public: Option<i32> =
        table::table.find(id).select(table::public_revision).first(write.conn)?;
    let (Status::Published, Some(public)) = (known.status, public) else {
        return Err(StoreError::Conflict);
    };
    diesel::update(table::table.find(id))
        .set((table::status.eq(Status::Withdrawn.as_str()), table::updated_at.eq(stamp(now))))
        .execute(write.conn)?;
    log(write, &known, ChangeKind::Withdrawn, public, None, now)
}

fn log(
    write: &mut Write<'_>,
    known: &EntityState,
    kind: ChangeKind,
    revision: i32,
    batch: Option<BatchId>,
    now: Timestamp,
) -> StoreResult<i64> {
    let sequence = write.next_sequence();
    diesel::insert_into(changes::table)
        .values((
            changes::sequence.eq(sequence),
            changes::entity.eq(known.entity.as_str()),
            changes::entity_id.eq(&known.id),
            changes::kind.eq(kind.as_str()),
            changes::revision_id.eq(revision),
            changes::batch_id.eq(batch.map(|batch| batch.to_string())),
            changes::at.eq(stamp(now)),
        ))
        .execute(write.conn)?;
    Ok(sequence)
}

/// At most `limit` changes after `sequence`, in order.
pub fn changes_since(
    conn: &mut AnyConnection,
    sequence: i64,
    limit: i64,
) -> StoreResult<Vec<Change>> {
    type Row = (i64, String, String, String, i32, String);
    let rows: Vec<Row> = changes::table
        .inner_join(revisions::table.on(revisions::id.eq(changes::revision_id)))
        .filter(changes::sequence.gt(sequence))
        .order(changes::sequence)
        .limit(limit)
        .select((
            changes::sequence,
            changes::entity,
            changes::entity_id,
            changes::kind,
            revisions::number,
            changes::at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(sequence, entity, id, kind, revision, at)| {
            Ok(Change {
                sequence,
                entity: entity.parse().map_err(|e| corrupt(&id, &e))?,
                kind: kind.parse().map_err(|e| corrupt(&id, &e))?,
                at: at.parse().map_err(|e| corrupt(&id, &e))?,
                id,
                revision,
            })
        })
        .collect()
}

/// Whether one of these entries was taken from the public up to `sequence`.
pub fn withdrawn_before(
    conn: &mut AnyConnection,
    ids: &[String],
    sequence: i64,
) -> StoreResult<bool> {
    let withdrawn: Vec<i64> = found_of(ids, |ids| {
        changes::table
            .filter(changes::entity_id.eq_any(ids))
            .filter(changes::kind.eq(ChangeKind::Withdrawn.as_str()))
            .filter(changes::sequence.le(sequence))
            .limit(1)
            .select(changes::sequence)
            .load(conn)
    })?;
    Ok(!withdrawn.is_empty())
}

/// The document of one revision of an entry.
pub fn revision_document(conn: &mut AnyConnection, id: &str, number: i32) -> StoreResult<String> {
    Ok(revisions::table
        .filter(revisions::entity_id.eq(id))
        .filter(revisions::number.eq(number))
        .select(revisions::document)
        .first(conn)?)
}
