//! Publishing a new snapshot when the directory has moved on.

use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize as _;
use tokio::task::{JoinError, JoinHandle};

use super::ListingPolicy;
use crate::catalog::{Catalog, CatalogResult, Directory};
use crate::domain::{Change, Criterion, Entity, Listing, ProgramId, Source};
use crate::search::{Builder, SearchIndex, Snapshot, Surroundings};

/// More changes than this are not taken up one by one: the directory is read whole.
const AT_ONCE: usize = 20_000;

/// How long a round waits after one that failed: a database that is down is not asked, and the log not
/// written, twenty times a second.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long ago a page can have been shown whose next one is asked for; what was over before that is
/// forgotten.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(40 * 24);

/// So many listings are handed on at a time: a thread that is woken for each does little else.
const HANDED_ON: usize = 128;

/// How many times as many may wait to be built in.
const QUEUE: usize = 8;

/// Publishes a new snapshot when the catalog has moved on.
///
/// Another process may have made the change, so the job asks the database, not the caller.
/// It takes no input and does nothing when there is nothing to do.
#[derive(Clone)]
pub struct Refresh {
    /// Where the directory is kept.
    pub catalog: Catalog,
    /// Where the snapshot goes.
    pub index: SearchIndex,
    /// What decides whether a program is listed.
    pub policy: ListingPolicy,
}

impl Refresh {
    /// What brings an index up to date, by the policy of this version.
    pub fn new(catalog: Catalog, index: SearchIndex) -> Self {
        Self { catalog, index, policy: ListingPolicy::default() }
    }

    /// How often the log is looked at: so long a change may go unseen.
    pub const PERIOD: Duration = Duration::from_millis(50);

    /// Does the chore once, and says whether there was news. Blocks.
    pub fn run(&self) -> CatalogResult<bool> {
        let Some(current) = self.index.current() else {
            self.publish(&self.read_whole()?);
            return Ok(true);
        };
        let updated = self.brought_up_to_date(&current);
        match &updated {
            Ok(Some(updated)) => self.publish(updated),
            // What takes place in the coming weeks is laid out anew every hour, with the database or
            // without it.
            _ if current.needs_agendas(self.catalog.now()) => self.publish(&current),
            _ => {}
        }
        updated.map(|updated| updated.is_some())
    }

    fn publish(&self, snapshot: &Snapshot) {
        self.index.publish(snapshot.with_agendas(self.catalog.now()));
    }

    /// The snapshot of now; `None` when it is already.
    fn brought_up_to_date(&self, snapshot: &Snapshot) -> CatalogResult<Option<Snapshot>> {
        let (known, newest) = (snapshot.sequence(), self.catalog.sequence()?);
        if snapshot.counts_what_expired(day(self.catalog.now())) {
            return self.read_whole().map(Some);
        }
        if known == newest {
            return Ok(None);
        }
        let begun = Instant::now();
        let changed = self.catalog.read_changed(known, newest, AT_ONCE, |changes| {
            let mut also: Vec<ProgramId> =
                changes.iter().flat_map(|c| affected(snapshot, c)).collect();
            also.extend(snapshot.to_renew(changes.len() + also.len()));
            also
        })?;
        // What a source says is written beside each of its listings.
        let said = |sources: &[Source]| {
            snapshot.surroundings().sources.iter().all(|known| sources.contains(known))
        };
        let Some(changed) = changed.filter(|changed| said(&changed.sources)) else {
            return self.read_whole().map(Some);
        };
        let updated = snapshot.updated(
            newest,
            &changed.programs,
            &changed.listings,
            &changed.organizations,
            changed.organizations_now,
        );
        let updated = updated.with_withdrawn(&changed.withdrawn).with_sources(changed.sources);
        let elapsed = begun.elapsed();
        tracing::debug!(sequence = newest, programs = changed.programs.len(), ?elapsed, "updated");
        Ok(Some(updated))
    }

    /// A snapshot made anew, brought up to date as far as it took.
    fn made_anew(&self) -> CatalogResult<Snapshot> {
        let mut snapshot = self.read_whole()?;
        // What came meanwhile takes less time each round.
        for _round in 0..3 {
            match self.brought_up_to_date(&snapshot)? {
                Some(newer) => snapshot = newer,
                None => break,
            }
        }
        Ok(snapshot.with_agendas(self.catalog.now()))
    }

    /// Reads the directory whole. One thread reads while another builds.
    fn read_whole(&self) -> CatalogResult<Snapshot> {
        std::thread::scope(|scope| {
            let (sequence, besides, (listings, building, rest)) = self.catalog.read_public(
                |directory| {
                    let mut builder = Builder::new(self.surroundings(directory));
                    let (listings, received) = sync_channel::<Vec<Listing>>(QUEUE);
                    let building = scope.spawn(move || {
                        for listings in received {
                            for listing in &listings {
                                builder.add(listing);
                            }
                        }
                        builder
                    });
                    (listings, building, Vec::with_capacity(HANDED_ON))
                },
                |(listings, _, waiting), listing| {
                    waiting.push(listing);
                    if waiting.len() == HANDED_ON {
                        let full = std::mem::replace(waiting, Vec::with_capacity(HANDED_ON));
                        // The builder takes all it is sent; should it end early, joining it tells.
                        let _sent = listings.send(full);
                    }
                },
            )?;
            let _sent = listings.send(rest);
            drop(listings);
            let built = building.join();
            let mut builder = built.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            builder.add_organizations(besides.organizations);
            Ok(builder.finish(sequence).with_withdrawn(&besides.withdrawn))
        })
    }

    fn surroundings(&self, directory: Directory) -> Surroundings {
        let now = self.catalog.now();
        for piece in directory.guidance.iter().filter(|piece| piece.kind == "criterion") {
            // Without it nothing is hidden or warned of for it.
            if let Err(error) = Criterion::deserialize(&piece.document) {
                tracing::error!(key = piece.key, %error, "a criterion cannot be read: run `seed`");
            }
        }
        let guidance = directory.guidance.into_iter().map(|piece| (piece.kind, piece.document));
        Surroundings {
            terms: directory.terms,
            guidance: guidance.chain([self.policy.piece()]).collect(),
            crisis_lines: directory.crisis_lines,
            sources: directory.sources,
            since: now - ASKED_FOR,
            today: day(now),
        }
    }

    /// Does the chore again and again, on threads of its own, until `stopped` says so.
    ///
    /// A failed round is logged, and the next one waits longer. A snapshot that has become scattered
    /// is made anew beside the rounds.
    pub async fn keep_running(self, stopped: tokio_util::sync::CancellationToken) {
        let mut anew: Option<JoinHandle<CatalogResult<Snapshot>>> = None;
        let mut pause = Self::PERIOD;
        loop {
            tokio::select! {
                () = stopped.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = Self::PERIOD;
            if let Some(made) = anew.take_if(|made| made.is_finished()) {
                match made.await {
                    Ok(Ok(snapshot)) => {
                        // What is shown must never go back; the next round takes the rest.
                        let shown = self.index.current().map_or(0, |shown| shown.sequence());
                        if snapshot.sequence() >= shown {
                            self.index.publish(snapshot);
                        } else {
                            let refresh = self.clone();
                            let newer = move || refresh.brought_up_to_date(&snapshot);
                            let newer = done(tokio::task::spawn_blocking(newer).await);
                            if let Some(newer) = newer.flatten() {
                                self.index.publish(newer);
                            }
                        }
                    }
                    failed => {
                        let _logged = done(failed);
                        pause = AFTER_FAILURE;
                    }
                }
            }
            let refresh = self.clone();
            if done(tokio::task::spawn_blocking(move || refresh.run()).await).is_none() {
                pause = AFTER_FAILURE;
            }
            if anew.is_none() && self.index.current().is_some_and(|shown| shown.is_scattered()) {
                let refresh = self.clone();
                anew = Some(tokio::task::spawn_blocking(move || refresh.made_anew()));
            }
        }
    }
}

/// The outcome of a round; why there is none is logged.
fn done<T>(outcome: Result<CatalogResult<T>, JoinError>) -> Option<T> {
    match outcome {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => tracing::warn!(job = "refresh", %error, "job failed"),
        Err(error) => tracing::error!(job = "refresh", %error, "job ended unexpectedly"),
    }
    None
}

/// The programs besides itself that a change is seen in.
fn affected(snapshot: &Snapshot, change: &Change) -> Vec<ProgramId> {
    match change.entity {
        Entity::Program => Vec::new(),
        Entity::Organization => {
            change.id.parse().map_or_else(|_| Vec::new(), |id| snapshot.run_by(id))
        }
        Entity::Location => {
            change.id.parse().map_or_else(|_| Vec::new(), |id| snapshot.at_place(id))
        }
    }
}

/// The day of a moment in UTC.
fn day(now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}
