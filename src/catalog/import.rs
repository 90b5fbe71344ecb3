//! What an import would do, and doing it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::curate::{Draft, free_slug, unknown_of, unknown_term};
use super::digest::{digest, text_digest};
use super::{Catalog, CatalogResult};
use crate::domain::{
    Authorship, Batch, BatchId, Entity, Location, ProgramId, Record, Reject, Slug, Source,
    SourceDraft, SourceId, Taxonomy, Term, TermKey, Text,
};
use crate::store::{self, EntityState, Imported, Status, StoreResult, Write};

/// The author of revisions that imports make.
const IMPORT: &str = "import";

/// How long one transaction of an import may hold the write lock.
const LOCK_AT_MOST: Duration = Duration::from_millis(60);

/// How long it leaves the lock to others in between.
const BREATH: Duration = Duration::from_millis(5);

/// What an import does with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// The source says something else than at the last import.
    Changed,
    /// The source says what it said.
    Unchanged,
    /// The source says something else, but a curator has corrected the listing since: it stays.
    CorrectionKept,
    /// The source says something else, but rows of it could not be read: it stays until they can.
    Incomplete,
}

/// A record and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The rows it is made of.
    pub rows: Vec<usize>,
    /// The source's name for it.
    pub key: String,
    /// The program's name.
    pub name: String,
    /// How many sessions it has.
    pub sessions: usize,
    /// What is done.
    pub outcome: Outcome,
    /// Why it is kept without being listed; `None` for what is listed.
    pub unlisted: Option<Text<200>>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The records that could be used.
    pub planned: Vec<Planned>,
    /// The rows that could not, with their reasons.
    pub refused: Vec<Reject>,
}

impl ImportReport {
    /// How many records had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.planned.iter().filter(|planned| planned.outcome == outcome).count()
    }
}

impl Catalog {
    /// What to say of the first of `keys` that its taxonomy would not have by the time of an import.
    ///
    /// `coming` are terms that would be there by then.
    pub fn unknown_term(
        &self,
        taxonomy: Taxonomy,
        keys: &[TermKey],
        coming: &[Term],
    ) -> CatalogResult<Option<String>> {
        Ok(unknown_of(taxonomy, keys, &self.known_terms(coming)?))
    }

    /// Says what importing `records` would do. Writes nothing.
    ///
    /// `coming` are terms that would be there by then.
    pub fn plan_import(
        &self,
        source: &str,
        records: &[Record],
        coming: &[Term],
    ) -> CatalogResult<ImportReport> {
        let terms = self.known_terms(coming)?;
        let source = self.store.read(|conn| store::source_named(conn, source))?;
        let mut report = ImportReport::default();
        for record in records {
            if let Some(reject) = refuse(record, &terms) {
                report.refused.push(reject);
                continue;
            }
            let known = match &source {
                None => None,
                Some(source) => self.store.read(|conn| {
                    store::entity_of_source(conn, source.id, Entity::Program, &record.key)
                })?,
            };
            report
                .planned
                .push(planned(record, outcome_of(known.as_ref(), record, &digest(record))));
        }
        Ok(report)
    }

    /// Imports `records`, a few at a time so that other writers never wait long.
    ///
    /// The same records a second time change nothing. `progress` is told how many are done.
    pub fn import(
        &self,
        source: &SourceDraft,
        records: &[Record],
        mut progress: impl FnMut(usize),
    ) -> CatalogResult<ImportReport> {
        let terms = self.known_terms(&[])?;
        let mut report = ImportReport::default();
        let (good, refused): (Vec<_>, Vec<_>) = records
            .iter()
            .map(|record| (record, refuse(record, &terms)))
            .partition(|(_, r)| r.is_none());
        report.refused.extend(refused.into_iter().filter_map(|(_, reject)| reject));

        let found = records.iter().flat_map(|record| &record.assessments);
        let read_on = found.map(|found| found.assessed_on).max();
        let read_on = read_on.unwrap_or_else(|| self.now().to_zoned(TimeZone::UTC).date());

        let mut run: Option<(Source, Batch)> = None;
        let mut seen = HashSet::new();
        let mut done = 0;
        while done < good.len() {
            let chunk = &good[done..];
            let known_batch = run.clone();
            let (source, batch, planned) = self.store.write(|write| {
                let begun = Instant::now();
                let now = self.now();
                let (source, batch) = match known_batch {
                    Some(known) => known,
                    None => begin(write, source, now)?,
                };
                let by = Authorship { by: IMPORT.to_owned(), reason: None, batch: Some(batch.id) };
                let (source_id, seen) = (source.id, &mut seen);
                let mut run = Run { source: source_id, batch: batch.id, by, now, read_on, seen };
                let mut planned = Vec::new();
                for (record, _) in chunk {
                    planned.push(run.import(write, record)?);
                    if begun.elapsed() > LOCK_AT_MOST {
                        break;
                    }
                }
                Ok((source, batch, planned))
            })?;
            done += planned.len();
            report.planned.extend(planned);
            run = Some((source, batch));
            progress(done);
            if done < good.len() {
                std::thread::sleep(BREATH);
            }
        }
        if let Some((_, mut batch)) = run {
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            batch.finished_at = Some(self.now());
            batch.added = count(report.count(Outcome::Added));
            batch.changed = count(report.count(Outcome::Changed));
            batch.unchanged = count(report.count(Outcome::Unchanged));
            batch.refused = count(report.refused.len());
            self.store.write(|write| store::finish_batch(write, &batch))?;
        }
        Ok(report)
    }
}

fn begin(
    write: &mut Write<'_>,
    draft: &SourceDraft,
    now: Timestamp,
) -> StoreResult<(Source, Batch)> {
    let source = store::put_source(write, draft, now)?;
    let batch = Batch {
        id: BatchId::new(),
        source: source.id,
        started_at: now,
        finished_at: None,
        added: 0,
        changed: 0,
        unchanged: 0,
        refused: 0,
    };
    store::begin_batch(write, &batch)?;
    Ok((source, batch))
}

/// Why a record cannot be taken, if it cannot.
fn refuse(record: &Record, terms: &super::curate::KnownTerms) -> Option<Reject> {
    let reject = |field: &str, reason: String| {
        Some(Reject {
            row: record.rows.first().copied().unwrap_or_default(),
            field: field.to_owned(),
            reason,
        })
    };
    if let Err(error) = record.program.check() {
        return reject("program", error.to_string());
    }
    if let Some((field, reason)) = unknown_term(&record.program, terms) {
        return reject(field, reason);
    }
    for (id, draft) in &record.locations {
        if let Err(error) = Location::new(*id, draft.clone()) {
            return reject("location", error.to_string());
        }
    }
    let known = |id| record.locations.iter().any(|(location, _)| *location == id);
    if record.program.sessions.iter().filter_map(|s| s.location).any(|id| !known(id)) {
        return reject(
            "sessions.location",
            "refers to a place that is not in the record".to_owned(),
        );
    }
    None
}

fn planned(record: &Record, outcome: Outcome) -> Planned {
    Planned {
        rows: record.rows.clone(),
        key: record.key.clone(),
        name: record.program.name.to_string(),
        sessions: record.program.sessions.len(),
        outcome,
        unlisted: record.unlisted.clone(),
    }
}

/// What is done with a program: one that is known is not made less by a row that could not be read.
fn outcome_of(known: Option<&EntityState>, record: &Record, digest: &str) -> Outcome {
    match outcome(known, digest) {
        Outcome::Changed if record.incomplete => Outcome::Incomplete,
        outcome => outcome,
    }
}

fn outcome(known: Option<&EntityState>, digest: &str) -> Outcome {
    match known {
        None => Outcome::Added,
        Some(known) if known.source_digest.as_deref() == Some(digest) => Outcome::Unchanged,
        // What an import took from the public, with its reason, an import may bring back.
        Some(known)
            if known.author == IMPORT
                && (known.status != Status::Withdrawn || known.reason.is_some()) =>
        {
            Outcome::Changed
        }
        Some(_) => Outcome::CorrectionKept,
    }
}

/// One import run, inside a transaction.
struct Run<'a> {
    source: SourceId,
    batch: BatchId,
    by: Authorship,
    now: Timestamp,
    /// The day that its findings were read on, the last one.
    read_on: Date,
    /// Organizations that this run has already brought up to date.
    seen: &'a mut HashSet<String>,
}

impl Run<'_> {
    fn import(&mut self, write: &mut Write<'_>, record: &Record) -> StoreResult<Planned> {
        let known = store::entity_of_source(write.conn, self.source, Entity::Program, &record.key)?;
        let digest = digest(record);
        let outcome = outcome_of(known.as_ref(), record, &digest);
        match (outcome, &known) {
            (Outcome::Added | Outcome::Changed, _) => {
                self.organization(write, record)?;
                self.locations(write, record)?;
                let id = self.program(write, record, known.as_ref(), &digest)?;
                store::forget_findings(write, &id, self.source)?;
                for finding in &record.findings(self.read_on) {
                    store::assess(write, &id, finding, self.source)?;
                }
                let is_public =
                    known.as_ref().is_some_and(|known| known.status == Status::Published);
                if record.unlisted.is_none() {
                    store::publish(write, &id, Some(self.batch), self.now)?;
                } else if is_public {
                    store::withdraw(write, &id, self.now)?;
                }
            }
            (Outcome::Unchanged | Outcome::CorrectionKept | Outcome::Incomplete, Some(known)) => {
                store::mark_seen(write, &known.id, known.source_digest.as_deref(), self.batch)?;
            }
            (_, None) => {}
        }
        Ok(planned(record, outcome))
    }

    fn organization(&mut self, write: &mut Write<'_>, record: &Record) -> StoreResult<()> {
        if self.seen.contains(&record.organization_key) {
            return Ok(());
        }
        let document = written(&Draft::Organization(record.organization.clone()))?;
        let new = Imported {
            entity: Entity::Organization,
            id: &record.program.organization_id.to_string(),
            slug: None,
            source: self.source,
            key: &record.organization_key,
            digest: Some(&text_digest(&document)),
            document: &document,
        };
        let is_listed = record.unlisted.is_none();
        self.put(write, &new, Some(record.organization.name.as_str()), is_listed)?;
        if is_listed {
            self.seen.insert(record.organization_key.clone());
        }
        Ok(())
    }

    fn locations(&mut self, write: &mut Write<'_>, record: &Record) -> StoreResult<()> {
        for (id, draft) in &record.locations {
            let document = written(&Draft::Location(draft.clone()))?;
            let id = id.to_string();
            let new = Imported {
                entity: Entity::Location,
                id: &id,
                slug: None,
                source: self.source,
                key: &id,
                digest: Some(&text_digest(&document)),
                document: &document,
            };
            self.put(write, &new, None, record.unlisted.is_none())?;
        }
        Ok(())
    }

    /// Adds or revises an organization or a location; what has a name gets an address of it. It is
    /// published with the first program of it that is listed, unless a curator has revised it since.
    fn put(
        &self,
        write: &mut Write<'_>,
        new: &Imported<'_>,
        name: Option<&str>,
        is_listed: bool,
    ) -> StoreResult<()> {
        let known = store::entity_of_source(write.conn, self.source, new.entity, new.key)?;
        let slug = match (&known, name) {
            (None, Some(name)) => Some(free_slug(write, new.entity, name)?),
            _ => None,
        };
        let new = Imported { slug: slug.as_ref().map(Slug::as_str), ..*new };
        let outcome = outcome(known.as_ref(), new.digest.unwrap_or_default());
        let is_draft = known.as_ref().is_none_or(|known| known.status == Status::Draft);
        match (outcome, &known) {
            (Outcome::Added, _) => store::insert(write, &new, &self.by, self.now)?,
            (Outcome::Changed, Some(known)) => {
                store::import_revision(write, known, &new, &self.by, self.now)?;
            }
            // What a curator has begun to write waits for its curator, and hides what refers to it.
            (Outcome::Unchanged, Some(known))
                if is_draft && is_listed && known.author == IMPORT => {}
            _ => return Ok(()),
        }
        if is_listed || !is_draft {
            store::publish(write, new.id, Some(self.batch), self.now)?;
        }
        Ok(())
    }

    fn program(
        &self,
        write: &mut Write<'_>,
        record: &Record,
        known: Option<&EntityState>,
        digest: &str,
    ) -> StoreResult<String> {
        let document = written(&Draft::Program(Box::new(record.program.clone())))?;
        let name = record.program.name.as_str();
        let slug = match known {
            None => Some(free_slug(write, Entity::Program, name)?),
            Some(_) => None,
        };
        let id = known.map_or_else(
            || ProgramId::derived(&self.source.to_string(), &record.key).to_string(),
            |known| known.id.clone(),
        );
        let new = Imported {
            entity: Entity::Program,
            id: &id,
            slug: slug.as_ref().map(Slug::as_str),
            source: self.source,
            key: &record.key,
            digest: Some(digest),
            document: &document,
        };
        let reason = record.unlisted.as_ref().map(ToString::to_string);
        let by = Authorship { reason, ..self.by.clone() };
        match known {
            None => store::insert(write, &new, &by, self.now)?,
            Some(known) => store::import_revision(write, known, &new, &by, self.now)?,
        }
        Ok(id)
    }
}

fn written(draft: &Draft) -> StoreResult<String> {
    draft.document().map_err(|error| store::StoreError::Corrupt {
        id: "draft".to_owned(),
        reason: error.to_string(),
    })
}
