//! Where listings come from, and the import runs.

use diesel::prelude::*;
use jiff::Timestamp;

use super::connection::AnyConnection;
use super::schema::{batches, sources as table};
use super::{StoreResult, Write, corrupt, read_optional, stamp};
use crate::domain::{Batch, Source, SourceDraft, SourceId};

#[derive(Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct SourceRow {
    id: String,
    name: String,
    format: String,
    url: Option<String>,
    licence: Option<String>,
    attribution: Option<String>,
    may_republish: bool,
    created_at: String,
}

impl SourceRow {
    fn into_source(self) -> StoreResult<Source> {
        let id = self.id.clone();
        let bad = |reason: &dyn ToString| corrupt(&id, reason);
        Ok(Source {
            id: self.id.parse().map_err(|e| bad(&e))?,
            draft: SourceDraft {
                name: self.name.parse().map_err(|e| bad(&e))?,
                format: self.format.parse().map_err(|e| bad(&e))?,
                url: read_optional(self.url.as_deref()).map_err(|e| bad(&e))?,
                licence: read_optional(self.licence.as_deref()).map_err(|e| bad(&e))?,
                attribution: read_optional(self.attribution.as_deref()).map_err(|e| bad(&e))?,
                may_republish: self.may_republish,
            },
            created_at: self.created_at.parse().map_err(|e| bad(&e))?,
        })
    }
}

/// Every source, by name.
pub fn sources(conn: &mut AnyConnection) -> StoreResult<Vec<Source>> {
    let rows: Vec<SourceRow> = table::table.order(table::name).load(conn)?;
    rows.into_iter().map(SourceRow::into_source).collect()
}

/// The source of this name.
pub fn source_named(conn: &mut AnyConnection, name: &str) -> StoreResult<Option<Source>> {
    let row: Option<SourceRow> =
        table::table.filter(table::name.eq(name)).first(conn).optional()?;
    row.map(SourceRow::into_source).transpose()
}

/// Adds a source, or writes what is known of it now.
pub fn put_source(
    write: &mut Write<'_>,
    draft: &SourceDraft,
    now: Timestamp,
) -> StoreResult<Source> {
    let known = source_named(write.conn, draft.name.as_str())?;
    let id = known.as_ref().map_or_else(|| SourceId::derived("source", &draft.name), |s| s.id);
    let created_at = known.as_ref().map_or(now, |known| known.created_at);
    let source = Source { id, draft: draft.clone(), created_at };
    let text = |link: &crate::domain::Link| link.as_str().to_owned();
    let row = SourceRow {
        id: id.to_string(),
        name: draft.name.to_string(),
        format: draft.format.to_string(),
        url: draft.url.as_ref().map(text),
        licence: draft.licence.as_ref().map(ToString::to_string),
        attribution: draft.attribution.as_ref().map(ToString::to_string),
        may_republish: draft.may_republish,
        created_at: stamp(now),
    };
    match known {
        Some(same) if same == source => {}
        Some(_) => {
            diesel::update(table::table.find(&row.id))
                .set((
                    table::format.eq(&row.format),
                    table::url.eq(&row.url),
                    table::licence.eq(&row.licence),
                    table::attribution.eq(&row.attribution),
                    table::may_republish.eq(row.may_republish),
                ))
                .execute(write.conn)?;
            // Whether listings may leave in bulk, and whom they are credited to, is in snapshots.
            write.news();
        }
        None => {
            diesel::insert_into(table::table).values(&row).execute(write.conn)?;
        }
    }
    Ok(source)
}

#[derive(Insertable)]
#[diesel(table_name = batches)]
struct BatchRow {
    id: String,
    source_id: String,
    started_at: String,
    finished_at: Option<String>,
    added: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
}

/// Writes down that an import run has begun.
pub fn begin_batch(write: &mut Write<'_>, batch: &Batch) -> StoreResult<()> {
    let row = BatchRow {
        id: batch.id.to_string(),
        source_id: batch.source.to_string(),
        started_at: stamp(batch.started_at),
        finished_at: None,
        added: 0,
        changed: 0,
        unchanged: 0,
        refused: 0,
    };
    diesel::insert_into(batches::table).values(&row).execute(write.conn)?;
    Ok(())
}

/// Whether any import run has come to its end.
pub fn any_batch_finished(conn: &mut AnyConnection) -> StoreResult<bool> {
    let finished = batches::table.filter(batches::finished_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(finished)).get_result(conn)?)
}

/// Writes down how an import run ended.
pub fn finish_batch(write: &mut Write<'_>, batch: &Batch) -> StoreResult<()> {
    let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    diesel::update(batches::table.find(batch.id.to_string()))
        .set((
            batches::finished_at.eq(batch.finished_at.map(stamp)),
            batches::added.eq(count(batch.added)),
            batches::changed.eq(count(batch.changed)),
            batches::unchanged.eq(count(batch.unchanged)),
            batches::refused.eq(count(batch.refused)),
        ))
        .execute(write.conn)?;
    Ok(())
}
