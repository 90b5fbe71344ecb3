//! Publishing a new snapshot when the directory has moved on.

use std::time::{Duration, Instant};

use crate::catalog::{Catalog, CatalogResult};
use crate::search::{Builder, SearchIndex, Surroundings};

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
        let (sequence, builder) = self.catalog.read_public(
            |directory| {
                Builder::new(Surroundings {
                    organizations: directory.organizations,
                    terms: directory.terms,
                    guidance: directory
                        .guidance
                        .into_iter()
                        .map(|piece| (piece.kind, piece.document))
                        .collect(),
                    crisis_lines: directory.crisis_lines,
                    sources: directory.sources,
                })
            },
            |builder, listing| builder.add(&listing),
        )?;
        let snapshot = builder.finish(sequence);
        let programs = snapshot.len();
        self.index.publish(snapshot);
        tracing::info!(sequence, programs, elapsed = ?begun.elapsed(), "new snapshot");
        Ok(true)
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
