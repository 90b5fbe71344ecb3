//! The search follows the directory change by change, and is then what reading it whole would give.

use fastrand::Rng;
use jiff::Timestamp;
use peer_directory::catalog::Draft;
use peer_directory::jobs::Refresh;
use peer_directory::search::{SearchIndex, Snapshot};
use serde_json::json;

use crate::kept::{Kept, by, location, meets_at, organization, program};
use crate::support::{cases, on_both};

/// Everything that a snapshot tells of programs and organizations.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let mut told: Vec<String> = snapshot
        .programs()
        .map(|program| {
            let mut written = Vec::new();
            snapshot.write_whole(&mut written, program, now);
            String::from_utf8(written).unwrap()
        })
        .collect();
    told.sort();
    told.extend(snapshot.organizations().iter().map(|organization| format!("{organization:?}")));
    told
}

/// An entry with its newest revision, and whether it is public.
struct Entry {
    id: String,
    revision: i32,
    public: bool,
}

impl Entry {
    fn new(kept: &Kept, draft: &Draft) -> Self {
        Self { id: kept.publish(draft), revision: 1, public: true }
    }

    /// Revises and publishes it, or takes it from the public, or gives it back.
    fn change(&mut self, kept: &Kept, draft: &Draft, random: &mut Rng) {
        if self.public && random.u32(..3) == 0 {
            kept.catalog.withdraw(&self.id).unwrap();
            self.public = false;
            return;
        }
        if self.public {
            let revised = kept.catalog.revise(&self.id, self.revision, draft, &by("robin"));
            self.revision = revised.unwrap();
        }
        // What it needs may not be public at the moment.
        self.public = kept.catalog.publish(&self.id, self.revision).is_ok();
    }
}

on_both! {
    async fn a_search_brought_up_to_date_is_as_if_read_whole(database: Database) {
        let kept = Kept::empty(database);
        let random = &mut Rng::with_seed(5);
        let mut homes: Vec<Entry> =
            (0..3).map(|n| Entry::new(&kept, &organization(&format!("Peers {n}")))).collect();
        let mut halls: Vec<Entry> =
            (0..3).map(|n| Entry::new(&kept, &location(&format!("Hall {n}")))).collect();
        let draft = |name: &str, homes: &[Entry], halls: &[Entry], at: usize| {
            let place = if at.is_multiple_of(4) { json!({}) } else { meets_at(&halls[at % 3].id) };
            program(name, &homes[at % 3].id, &place)
        };
        let mut circles: Vec<Entry> = (0..8)
            .map(|n| Entry::new(&kept, &draft(&format!("Circle {n}"), &homes, &halls, n)))
            .collect();
        let live = Refresh::new(kept.catalog.clone(), SearchIndex::default());
        live.run().unwrap();
        let (mut updated, mut changed) = (0, 0);

        for round in 0..cases(60) {
            for _ in 0..random.usize(1..4) {
                let name = format!("Name {}", random.u32(..1_000));
                match random.u32(..4) {
                    0 => {
                        let home = &mut homes[random.usize(..3)];
                        home.change(&kept, &organization(&name), random);
                    }
                    1 => {
                        let hall = &mut halls[random.usize(..3)];
                        hall.change(&kept, &location(&name), random);
                    }
                    _ => {
                        let at = random.usize(..circles.len());
                        let draft = draft(&name, &homes, &halls, at);
                        circles[at].change(&kept, &draft, random);
                    }
                }
            }
            let before = told(&live.index.current().unwrap());
            live.run().unwrap();
            let shown = live.index.current().unwrap();
            let whole = Refresh::new(kept.catalog.clone(), SearchIndex::default());
            whole.run().unwrap();

            assert_eq!(told(&shown), told(&whole.index.current().unwrap()), "round {round}");
            updated += usize::from(shown.segments() > 1);
            changed += usize::from(told(&shown) != before);
        }
        // Else the directory was only ever read whole, or nothing ever changed.
        assert!(updated > 10 && changed > 30, "{updated} updated, {changed} changed");
    }
}
