//! The search follows the directory change by change, and is then what reading it whole would give.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use peer_directory::catalog::{Clock, Draft};
use peer_directory::jobs::Refresh;
use peer_directory::search::{SearchIndex, Snapshot};
use serde_json::json;

use crate::kept::{Kept, by, execute, location, meets_at, organization, program};
use crate::support::{TestApp, cases, on_both};

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
        let (mut updated, mut changed, mut withdrawn) = (0, 0, 0);

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

            let whole = whole.index.current().unwrap();
            assert_eq!(told(&shown), told(&whole), "round {round}");
            for circle in &circles {
                let of = |snapshot: &Snapshot| {
                    let there = snapshot.find(&circle.id).is_some();
                    (there, !there && snapshot.was_withdrawn(&circle.id))
                };
                assert_eq!(of(&shown), of(&whole), "round {round}: {}", circle.id);
                withdrawn += usize::from(of(&shown).1);
            }
            updated += usize::from(shown.segments() > 1);
            changed += usize::from(told(&shown) != before);
        }
        // Else the directory was only ever read whole, or nothing ever changed.
        assert!(updated > 10 && changed > 30, "{updated} updated, {changed} changed");
        assert!(withdrawn > 30, "{withdrawn} times");
    }
}

on_both! {
    async fn a_withdrawn_program_is_gone_by_its_id_and_its_address_until_it_comes_back(database: Database) {
        let app = TestApp::seeded(database).await;
        let slug = "nami-connection-recovery-support-group";
        let id = app.get(&format!("/v1/programs/{slug}")).await.body["id"].as_str().unwrap().to_owned();
        let paths = [&id, slug].map(|of| [format!("/v1/programs/{of}"), format!("/v1/programs/{of}/similar")]);
        let statuses = async || {
            let mut statuses = Vec::new();
            for path in paths.as_flattened() {
                let answer = app.get(path).await;
                if answer.status == 410 {
                    assert_eq!(answer.body["type"], "/problems/withdrawn", "{path}");
                }
                statuses.push(answer.status);
            }
            statuses
        };
        assert_eq!(statuses().await, [200; 4]);

        app.catalog.withdraw(&id).unwrap();
        app.refresh();
        assert_eq!(statuses().await, [410; 4]);
        // Read whole, as at a start.
        app.catalog.put_vocabulary(&peer_directory::jobs::seed_vocabulary().unwrap()).unwrap();
        app.refresh();
        assert_eq!(statuses().await, [410; 4]);
        assert_eq!(app.get("/v1/programs/there-never-was-one").await.status, 404);

        app.catalog.publish(&id, 1).unwrap();
        app.refresh();
        assert_eq!(statuses().await, [200; 4]);
        app.stop().await;
    }
}

on_both! {
    async fn what_takes_place_is_laid_out_anew_without_the_database(database: Database) {
        let kept = Kept::seeded(database);
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let later = now + SignedDuration::from_hours(2);
        let at = |moment| kept.catalog.clone().by(Clock::Standing(moment));
        let live = Refresh::new(at(now), SearchIndex::default());
        live.run().unwrap();
        assert!(live.index.current().unwrap().needs_agendas(later));
        let rename = |from: &str, to: &str| {
            let sql = format!("ALTER TABLE {from} RENAME TO {to}");
            kept.store.read(|conn| Ok(execute(conn, &sql))).unwrap();
        };

        rename("directory", "elsewhere");
        let round = Refresh { catalog: at(later), ..live.clone() }.run();
        rename("elsewhere", "directory");

        assert!(round.is_err(), "that the database is away is told");
        assert!(!live.index.current().unwrap().needs_agendas(later));
    }
}
