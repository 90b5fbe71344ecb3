//! Changes that are applied to the snapshot while searches go on.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use peer_directory::domain::{Listing, ProgramId};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{Generator, listing};
use peer_directory::search::SearchIndex;

/// How many programs change at a time, and how often: 200 a second.
const AT_A_TIME: usize = 10;
const PERIOD: Duration = Duration::from_millis(50);

/// Changes that go on until the process ends.
pub(crate) struct Changes {
    published: Arc<AtomicUsize>,
}

impl Changes {
    /// How many snapshots were published so far.
    pub(crate) fn published(&self) -> usize {
        self.published.load(Ordering::Relaxed)
    }
}

/// Changes programs of the directory that `support::snapshot` made, in the way of `jobs::Refresh`.
pub(crate) fn begin(index: SearchIndex, programs: usize) -> Changes {
    let published = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&published);
    std::thread::spawn(move || {
        peer_directory::jobs::give_way();
        let mut all = Generator::new(1, Gazetteer::shared()).take(programs);
        let mut changed: HashMap<ProgramId, Listing> = HashMap::new();
        let mut due = Instant::now();
        loop {
            let some: Vec<Listing> =
                all.by_ref().filter_map(|record| listing(&record)).take(AT_A_TIME).collect();
            let Some(current) = index.current().filter(|_| !some.is_empty()) else { return };
            let mut ids: Vec<ProgramId> = some.iter().map(|listing| listing.program.id).collect();
            changed.extend(some.into_iter().map(|listing| (listing.program.id, listing)));
            ids.extend(current.to_renew(ids.len()));
            ids.sort_unstable();
            ids.dedup();
            let listings: Vec<Listing> =
                ids.iter().filter_map(|id| changed.get(id).cloned()).collect();
            let sequence = current.sequence() + 1;
            let updated = current.updated(sequence, &ids, &listings, &[], Vec::new());
            index.publish(updated.with_agendas(jiff::Timestamp::now()));
            count.fetch_add(1, Ordering::Relaxed);
            due += PERIOD;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    });
    Changes { published }
}
