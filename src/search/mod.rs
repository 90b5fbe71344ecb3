//! Finding programs, in memory.
//!
//! A [`Snapshot`] is a value: it never changes, does no I/O, takes no lock and has no clock.
//! Whoever holds one answers any number of questions from it, all of the same moment.

mod agenda;
mod alphabetical;
mod apart;
mod around;
mod bits;
mod blocks;
mod builder;
mod clusters;
mod columns;
mod coming;
mod completions;
mod coverage;
mod cursor;
mod danger;
mod day;
mod eased;
mod facets;
mod filters;
mod gates;
mod instants;
mod known;
mod matched;
mod matching;
mod matters;
mod meetings;
mod occasions;
mod offers;
mod open;
mod phrases;
mod pieces;
mod query;
mod rank;
mod reasons;
mod relaxed;
mod render;
mod rooms;
mod score;
mod segment;
mod similar;
mod snapshot;
mod suggest;
mod timed;
mod update;
mod window;
mod withdrawn;
mod words;

use std::sync::Arc;

use arc_swap::ArcSwapOption;

pub use agenda::Agenda;
pub use builder::{Builder, Surroundings};
pub use clusters::{Cluster, Clusters, InvalidZoom, Zoom};
pub use columns::Field;
pub use coming::Coming;
pub use cursor::{Cursor, InvalidCursor};
pub use danger::{Danger, danger};
pub use day::{Day, TimeOfDay};
pub use eased::MOST_BY_CHANCE;
pub use facets::{FacetCount, FacetCounts, FacetField};
pub use known::{Known, Paused};
pub use matching::{Match, Relation};
pub use matters::{Has, Importance, Matter, Wished};
pub use meetings::{Meeting, Meetings};
pub use occasions::Occasions;
pub use query::{
    BoundingBox, Choice, FarAway, InvalidBox, Origin as Near, Query, Radius, Sort, Standpoint,
};
pub use rank::Page;
pub use reasons::ReasonKind;
pub use relaxed::{Relaxation, RelaxationKind};
pub use render::Telling;
pub use score::{InvalidWeights, Score, Weights};
pub use similar::{Likeness, Similar};
pub use snapshot::Snapshot;
pub use suggest::{SuggestedOrganization, SuggestedProgram, SuggestedTerm, Suggestions};
pub use window::{HORIZON_DAYS, Moments, Weekdays, Window};

/// The snapshot that answers at the moment, behind an atomic pointer.
///
/// `jobs::refresh` publishes a new one when the catalog has moved on; readers never wait.
#[derive(Clone, Default)]
pub struct SearchIndex {
    current: Arc<ArcSwapOption<Snapshot>>,
    weights: Weights,
}

impl SearchIndex {
    /// An index whose snapshots rank by these weights.
    pub fn with(weights: Weights) -> Self {
        Self { weights, ..Self::default() }
    }

    /// The snapshot that answers now; `None` until the first is published.
    pub fn current(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Lets `snapshot` answer from now on.
    pub fn publish(&self, mut snapshot: Snapshot) {
        snapshot.weights = self.weights;
        self.current.store(Some(Arc::new(snapshot)));
    }
}
