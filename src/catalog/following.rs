//! What those who keep a copy of the directory need to keep it up to date.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::parts::Parts;
use super::{Catalog, CatalogResult};
use crate::domain::{Entity, Listing, Mark, ProgramId};
use crate::store::{self, AnyConnection, StoreError, StoreResult};

/// How many rows of the log are read at a time.
const ROWS: i64 = 500;

/// How many rows of the log one question reads at most.
const MOST_ROWS: usize = 10_000;

/// How many changes are forgotten in one transaction, so that writers never wait long.
const FORGOTTEN_AT_ONCE: i64 = 2_000;

/// How a program stands that a change was seen in.
#[derive(Debug, Clone)]
pub struct Delta {
    /// The number of the change.
    pub sequence: i64,
    /// Which program.
    pub program: ProgramId,
    /// The program as it is listed now; `None` when it may not be taken in bulk, or no longer.
    pub listing: Option<Box<Listing>>,
}

/// What has changed after a mark.
#[derive(Debug)]
pub struct Deltas {
    /// Each program that changed, once, in the order of the changes.
    pub deltas: Vec<Delta>,
    /// The mark to go on from.
    pub next: Mark,
    /// Whether there is more already.
    pub more: bool,
}

impl Catalog {
    /// How up to `limit` programs stand now that have changed after a mark, in the order of the changes.
    ///
    /// A change of an organization or a location counts for each program that names it. `None` when the
    /// mark is of another directory, or what came after it has been forgotten.
    pub fn deltas(&self, since: Mark, limit: usize) -> CatalogResult<Option<Deltas>> {
        let (_moment, deltas) = self.store.read_at_one_moment(|conn| deltas(conn, since, limit))?;
        Ok(deltas)
    }

    /// Forgets the changes from before a moment, and says how many: a copy that was brought up to date
    /// last before that has to be taken anew.
    pub fn forget_changes(&self, before: Timestamp) -> CatalogResult<usize> {
        let mut forgotten = 0;
        loop {
            let some = self
                .store
                .write(|write| store::forget_changes(write, before, FORGOTTEN_AT_ONCE))?;
            forgotten += some;
            if some == 0 {
                return Ok(forgotten);
            }
        }
    }
}

fn deltas(conn: &mut AnyConnection, since: Mark, limit: usize) -> StoreResult<Option<Deltas>> {
    let sources = store::sources(conn)?;
    let newest = store::newest(conn)?;
    if !since.is_of(&sources) || since.sequence > newest || since.sequence < store::forgotten(conn)?
    {
        return Ok(None);
    }
    let Touched { programs, at, within, more } = touched(conn, since, newest, limit)?;
    let mut parts = Parts::of(&sources);
    let mut listings: HashMap<ProgramId, Listing> = HashMap::new();
    let ids: Vec<String> = programs.iter().map(|(_, id)| id.clone()).collect();
    for some in ids.chunks(super::listings::CHUNK_IDS) {
        let kept = store::published_programs_of(conn, some)?;
        for listing in parts.listings(conn, kept)? {
            listings.insert(listing.program.id, listing);
        }
    }
    let parse = |id: &str| {
        let bad = |error: &dyn ToString| StoreError::Corrupt {
            id: id.to_owned(),
            reason: error.to_string(),
        };
        id.parse::<ProgramId>().map_err(|error| bad(&error))
    };
    let mut deltas = Vec::with_capacity(programs.len());
    for (sequence, id) in &programs {
        let program = parse(id)?;
        let listing = listings.remove(&program).filter(|listing| listing.source.may_republish);
        deltas.push(Delta { sequence: *sequence, program, listing: listing.map(Box::new) });
    }
    let within = within.as_deref().map(parse).transpose()?;
    let mut next = Mark::new(at, &sources);
    next.within = within;
    Ok(Some(Deltas { deltas, next, more }))
}

/// The programs that a part of the log is seen in.
struct Touched {
    /// Each once, with the number of the first change it is in.
    programs: Vec<(i64, String)>,
    /// The last change that was read to its end, and the last program told of the one after it.
    at: i64,
    within: Option<String>,
    more: bool,
}

fn touched(
    conn: &mut AnyConnection,
    since: Mark,
    newest: i64,
    limit: usize,
) -> StoreResult<Touched> {
    let mut told = BTreeSet::new();
    let mut touched = Touched {
        programs: Vec::new(),
        at: since.sequence,
        within: since.within.map(|program| program.to_string()),
        more: true,
    };
    let mut read = 0;
    while read < MOST_ROWS {
        let rows = store::changes_since(conn, touched.at, ROWS)?;
        for row in &rows {
            if touched.programs.len() == limit {
                return Ok(touched);
            }
            let left = limit - touched.programs.len();
            let ids = if row.entity == Entity::Program {
                vec![row.id.clone()]
            } else {
                let after = touched.within.as_deref().unwrap_or_default();
                // One more than there is room for tells whether that is all.
                let wanted = i64::try_from(left + 1).unwrap_or(i64::MAX);
                store::mentioning(conn, &row.id, after, wanted)?
            };
            for id in ids.iter().take(left) {
                if told.insert(id.clone()) {
                    touched.programs.push((row.sequence, id.clone()));
                }
            }
            if ids.len() > left {
                touched.within = Some(ids[left - 1].clone());
                return Ok(touched);
            }
            touched.at = row.sequence;
            touched.within = None;
        }
        read += rows.len();
        if rows.len() < usize::try_from(ROWS).unwrap_or_default() {
            touched.at = newest;
            touched.more = false;
            break;
        }
    }
    Ok(touched)
}
