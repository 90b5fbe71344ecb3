//! Forgetting old changes.

use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::catalog::{Catalog, CatalogResult};

/// Forgets the changes that are older than those who keep copies are promised.
#[derive(Clone)]
pub struct Forgetting {
    /// Where the directory is kept.
    pub catalog: Catalog,
    /// For how many days changes are kept.
    pub days: u16,
}

impl Forgetting {
    /// How often it looks.
    const PERIOD: Duration = Duration::from_hours(1);

    /// Does the chore once, and says how many changes were forgotten. Blocks.
    pub fn run(&self) -> CatalogResult<usize> {
        let kept = SignedDuration::from_hours(24 * i64::from(self.days));
        match self.catalog.now().checked_sub(kept) {
            Ok(before) => self.catalog.forget_changes(before),
            // Further back than there is a calendar.
            Err(_beyond) => Ok(0),
        }
    }

    /// Does the chore again and again, on threads of its own, until `stopped` says so.
    pub async fn keep_running(self, stopped: CancellationToken) {
        loop {
            let chore = self.clone();
            match tokio::task::spawn_blocking(move || chore.run()).await {
                Ok(Ok(0)) => {}
                Ok(Ok(changes)) => tracing::info!(changes, "old changes were forgotten"),
                Ok(Err(error)) => tracing::warn!(job = "forgetting", %error, "job failed"),
                Err(error) => tracing::error!(job = "forgetting", %error, "job ended unexpectedly"),
            }
            tokio::select! {
                () = stopped.cancelled() => return,
                () = tokio::time::sleep(Self::PERIOD) => {}
            }
        }
    }
}
