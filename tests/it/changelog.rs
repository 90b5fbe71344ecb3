//! The log of changes under many writers: nothing is skipped, and nobody waits long.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use peer_directory::catalog::Catalog;
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::Generator;

use crate::imports::{import, record, source};
use crate::kept::{Kept, by, open, organization};
use crate::support::{Database, TestDatabase, cases, on_both};

const WRITERS: usize = 8;

/// Follows a log from its beginning, as a replica does: always from the last number it has seen.
///
/// Ends when nothing is new after `done` was said.
fn follow(done: &AtomicBool, mut since: impl FnMut(i64) -> Vec<i64>) -> Vec<i64> {
    let mut seen = vec![];
    loop {
        let last_round = done.load(Ordering::SeqCst);
        let news = since(seen.last().copied().unwrap_or(0));
        if last_round && news.is_empty() {
            return seen;
        }
        seen.extend(news);
    }
}

/// Small writes of every kind; returns the numbers of the changes they were told.
fn write(catalog: &Catalog, writer: usize, writes: usize) -> Vec<i64> {
    let mut told = vec![];
    for number in 0..writes {
        let name = format!("Peers {writer} {number}");
        let id = catalog.create(&organization(&name), &by("robin")).unwrap();
        told.push(catalog.publish(&id, 1).unwrap());
        if number % 3 == 0 {
            catalog.revise(&id, 1, &organization(&format!("{name} again")), &by("sam")).unwrap();
            told.push(catalog.publish(&id, 2).unwrap());
        }
        if number % 5 == 0 {
            told.push(catalog.withdraw(&id).unwrap());
        }
    }
    told
}

on_both! {
    async fn who_follows_the_log_sees_every_change_in_order(database: Database) {
        let kept = Kept::empty(database);
        // Two servers on one database.
        let servers = [kept.catalog.clone(), Catalog::new(open(&kept.database.url))];
        let before = kept.catalog.sequence().unwrap();
        let done = AtomicBool::new(false);
        let told = Mutex::new(vec![]);
        let per_writer = cases(400).div_ceil(WRITERS);

        let seen = thread::scope(|scope| {
            let follower = scope.spawn(|| {
                follow(&done, |last| {
                    let news = servers[1].changes_since(last, 50).unwrap();
                    news.iter().map(|change| change.sequence).collect()
                })
            });
            let mut writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (catalog, told) = (&servers[writer % 2], &told);
                    scope.spawn(move || {
                        let numbers = write(catalog, writer, per_writer);
                        assert!(numbers.is_sorted(), "each writer is told growing numbers");
                        told.lock().unwrap().extend(numbers);
                    })
                })
                .collect();
            // And one whose transactions hold many changes each.
            writers.push(scope.spawn(|| {
                let records: Vec<_> = (0..60).map(|number| record(&number.to_string())).collect();
                import(&servers[0], &records);
            }));
            let ended: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
            done.store(true, Ordering::SeqCst);
            assert!(ended.iter().all(Result::is_ok), "every write must succeed");
            follower.join().unwrap()
        });

        let told: BTreeSet<i64> = told.into_inner().unwrap().into_iter().collect();
        assert!(told.len() >= per_writer * WRITERS, "no number is given twice");
        let log = kept.catalog.changes_since(0, u32::MAX).unwrap();
        let log: Vec<i64> = log.iter().map(|change| change.sequence).collect();
        assert_eq!(seen, log, "none late, none twice, in order");
        let last = kept.catalog.sequence().unwrap();
        assert_eq!(seen, (before + 1..=last).collect::<Vec<_>>(), "and no number is left out");
        assert!(told.iter().all(|number| seen.contains(number)));
    }
}

#[test]
fn this_reader_would_notice_a_log_numbered_before_the_commit() {
    // How it is done wrong: PostgreSQL's own sequence, where a late commit has an early number.
    let database = TestDatabase::new(Database::Postgres);
    let connect = || PgConnection::establish(&database.url).unwrap();
    let (mut slow, mut fast, mut reader) = (connect(), connect(), connect());
    slow.batch_execute("CREATE TABLE wrong (id bigserial PRIMARY KEY, written text)").unwrap();
    let (done, mut round) = (AtomicBool::new(false), 0);

    let seen = follow(&done, |last| {
        round += 1;
        match round {
            1 => {
                slow.batch_execute("BEGIN; INSERT INTO wrong (written) VALUES ('slow')").unwrap();
                fast.batch_execute("INSERT INTO wrong (written) VALUES ('fast')").unwrap();
            }
            2 => slow.batch_execute("COMMIT").unwrap(),
            _ => done.store(true, Ordering::SeqCst),
        }
        let sql = format!("SELECT id FROM wrong WHERE id > {last} ORDER BY id");
        diesel::sql_query(sql).load::<Numbered>(&mut reader).unwrap().iter().map(|n| n.id).collect()
    });

    assert_eq!(seen, [2], "the first is never seen");
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

#[test]
fn a_writer_that_is_slow_to_commit_is_not_overtaken() {
    let kept = Kept::empty(Database::Postgres);
    let before = kept.catalog.sequence().unwrap();
    let first = kept.catalog.create(&organization("First"), &by("robin")).unwrap();
    let second = kept.catalog.create(&organization("Second"), &by("robin")).unwrap();
    let mut slow = PgConnection::establish(&kept.database.url).unwrap();
    slow.batch_execute("BEGIN; UPDATE directory SET sequence = sequence + 1").unwrap();

    let (waited, seen) = thread::scope(|scope| {
        let overtaking = scope.spawn(|| kept.catalog.publish(&second, 1).unwrap());
        // Long enough for a writer that does not wait.
        thread::sleep(Duration::from_millis(200));
        let waited = !overtaking.is_finished();
        let seen = kept.catalog.changes_since(0, 10).unwrap();
        slow.batch_execute("ROLLBACK").unwrap();
        overtaking.join().unwrap();
        (waited, seen)
    });
    kept.catalog.publish(&first, 1).unwrap();

    assert!(waited, "the second writer waits for the first");
    assert!(seen.is_empty());
    let log = kept.catalog.changes_since(0, 10).unwrap();
    let log: Vec<_> = log.iter().map(|change| (change.sequence, change.id.as_str())).collect();
    assert_eq!(log, [(before + 1, second.as_str()), (before + 2, first.as_str())]);
}

/// The value that this share of the values does not exceed.
fn quantile(durations: &mut [Duration], share: f64) -> Duration {
    durations.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a short list"
    )]
    let at = ((durations.len() - 1) as f64 * share) as usize;
    durations[at]
}

on_both! {
    async fn a_long_import_holds_the_lock_only_for_moments(database: Database) {
        let kept = Kept::empty(database);
        let records: Vec<_> = Generator::new(1, Gazetteer::shared()).take(5_000).collect();
        let (mut held, mut last) = (vec![], Instant::now());

        kept.catalog
            .import(&source("generated"), &records, |_done| {
                held.push(last.elapsed());
                last = Instant::now();
            })
            .unwrap();

        let programs = "SELECT count(*) FROM entities WHERE entity = 'program'";
        assert_eq!(kept.number(programs), 5_000);
        // Nothing else writes here, so the time between two commits is the time the lock is held.
        // Other tests take the processors away now and then: that may not be judged.
        let (usual, most) = (quantile(&mut held, 0.5), quantile(&mut held, 0.9));
        assert!(usual < Duration::from_millis(100), "{usual:?}");
        assert!(most < Duration::from_millis(250), "{most:?}");
    }
}

on_both! {
    async fn other_writers_get_their_turn_during_a_long_import(database: Database) {
        let kept = Kept::empty(database);
        let records: Vec<_> = Generator::new(2, Gazetteer::shared()).take(5_000).collect();
        let other = Catalog::new(open(&kept.database.url));
        let importing = AtomicBool::new(true);

        let mut waits = thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut waits = vec![];
                while importing.load(Ordering::SeqCst) {
                    let begun = Instant::now();
                    let name = format!("Peers {}", waits.len());
                    other.create(&organization(&name), &by("robin")).unwrap();
                    waits.push(begun.elapsed());
                    thread::sleep(Duration::from_millis(20));
                }
                waits
            });
            let imported = kept.catalog.import(&source("generated"), &records, |_done| {});
            importing.store(false, Ordering::SeqCst);
            imported.unwrap();
            writer.join().unwrap()
        });

        let (usual, most) = (quantile(&mut waits, 0.5), quantile(&mut waits, 1.0));
        assert!(waits.len() >= 10, "{} writes during the import", waits.len());
        assert!(usual < Duration::from_millis(250), "{usual:?}");
        assert!(most < Duration::from_secs(3), "{most:?}");
    }
}
