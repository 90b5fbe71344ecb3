//! Publishing a new snapshot when the directory has moved on.

use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::catalog::{Catalog, CatalogResult, Directory};
use crate::domain::Listing;
use crate::search::{Builder, SearchIndex, Snapshot, Surroundings};

/// How many listings may wait to be built in.
const QUEUE: usize = 1_000;

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
}

impl Refresh {
    /// How long a change made elsewhere may go unseen.
    pub const PERIOD: Duration = Duration::from_millis(500);

    /// Does the chore once, and says whether there was news. Blocks.
    pub fn run(&self) -> CatalogResult<bool> {
        let known = self.index.current().map(|snapshot| snapshot.sequence());
        if known.is_some() && known == Some(self.catalog.sequence()?) {
            return Ok(false);
        }
        let begun = Instant::now();
        let snapshot = self.read_whole()?;
        let sequence = snapshot.sequence();
        let programs = snapshot.len();
        self.index.publish(snapshot);
        tracing::info!(sequence, programs, elapsed = ?begun.elapsed(), "new snapshot");
        Ok(true)
    }

    /// Reads the directory whole. One thread reads while another builds.
    fn read_whole(&self) -> CatalogResult<Snapshot> {
        std::thread::scope(|scope| {
            let (sequence, (listings, building)) = self.catalog.read_public(
                |directory| {
                    let mut builder = Builder::new(surroundings(directory));
                    let (listings, received) = sync_channel::<Listing>(QUEUE);
                    let building = scope.spawn(move || {
                        for listing in received {
                            builder.add(&listing);
                        }
                        builder
                    });
                    (listings, building)
                },
                |(listings, _), listing| {
                    // The builder takes all it is sent; should it end early, joining it tells.
                    let _sent = listings.send(listing);
                },
            )?;
            drop(listings);
            let builder = building.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok(builder.finish(sequence))
        })
    }

    /// Does the chore again and again, on a thread of its own, until `stopped` says so.
    ///
    /// A failed round is logged and not retried early: the next round is the retry.
    pub async fn keep_running(self, stopped: tokio_util::sync::CancellationToken) {
        loop {
            tokio::select! {
                () = stopped.cancelled() => return,
                () = tokio::time::sleep(Self::PERIOD) => {}
            }
            let refresh = self.clone();
            match tokio::task::spawn_blocking(move || refresh.run()).await {
                Ok(Ok(_news)) => {}
                Ok(Err(error)) => tracing::warn!(job = "refresh", %error, "job failed"),
                Err(error) => tracing::error!(job = "refresh", %error, "job ended unexpectedly"),
            }
        }
    }
}

fn surroundings(directory: Directory) -> Surroundings {
    Surroundings {
        organizations: directory.organizations,
        terms: directory.terms,
        guidance: directory
            .guidance
            .into_iter()
            .map(|piece| (piece.kind, piece.document))
            .collect(),
        crisis_lines: directory.crisis_lines,
        sources: directory.sources,
    }
}
