//! What would be found if less were asked of times.

use jiff::SignedDuration;

use super::query::{Origin, Query};
use super::rank::{Found, Relaxation, RelaxationKind, Search};
use super::window::{HORIZON_DAYS, Window};

impl Search<'_> {
    /// What would find more within the same reach: at any time and not only now, when little was found,
    /// and always what may take place at times that nobody told.
    pub(super) fn relaxations_of_times(&self, found: &Found) -> Vec<Relaxation> {
        let query = self.query;
        if !query.asks_for_times() || query.after.is_some() {
            return Vec::new();
        }
        let near = query.near.clone().map(|near| Origin { radius: found.radius, ..near });
        let same = Query { near, ..query.clone() };
        let mut relaxations = Vec::new();
        let mut relax = |kind, changed: &Query| {
            let more = self.snapshot.count_matches(changed).saturating_sub(found.total());
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m: None, more });
            }
        };
        if self.is_little(found) {
            if query.window.open_now {
                let horizon = SignedDuration::from_hours(24 * i64::from(HORIZON_DAYS));
                let within = query.window.within.or(Some(horizon));
                let window = Window { open_now: false, within, ..query.window.clone() };
                relax(RelaxationKind::AlsoLater, &Query { window, ..same.clone() });
            }
            let window = Window::any(query.window.zone.clone());
            relax(RelaxationKind::AnyTime, &Query { window, between: None, ..same.clone() });
        }
        relax(RelaxationKind::AskForTimes, &Query { or_unknown_times: true, ..same });
        relaxations
    }
}
