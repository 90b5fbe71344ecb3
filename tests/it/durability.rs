//! What was acknowledged is kept, however the program ends.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use peer_directory::catalog::Catalog;
use peer_directory::store::Store;

use crate::kept::{Kept, by, open, organization, texts};
use crate::support::{Database, cases, on_both};

/// Tells the writer below which database to write to; without it, it does nothing.
const WRITE_TO: &str = "PEER_DIRECTORY_TEST_WRITE_TO";

const WRITERS: usize = 4;

/// What one writer was told: an entry's identity, its revision, and the change's number, or 0.
#[derive(Debug)]
struct Acknowledged {
    id: String,
    revision: i32,
    sequence: i64,
}

impl Acknowledged {
    /// A whole line of the writer's output; whatever else the test harness prints is none.
    fn read(line: &str) -> Option<Self> {
        let [mark, id, revision, sequence, end] = line.split(' ').collect::<Vec<_>>()[..] else {
            return None;
        };
        let whole = mark.ends_with("acknowledged") && end == "whole";
        whole.then(|| Self {
            id: id.to_owned(),
            revision: revision.parse().unwrap(),
            sequence: sequence.parse().unwrap(),
        })
    }
}

/// Not a test of its own: the program that `an_acknowledged_write_survives_kill` kills.
#[test]
fn writes_until_it_is_killed() {
    let Ok(url) = std::env::var(WRITE_TO) else { return };
    let catalog = Catalog::new(open(&url));
    let out = Mutex::new(std::io::stdout());
    let acknowledge = |id: &str, revision: i32, sequence: i64| {
        let mut out = out.lock().unwrap();
        writeln!(out, "\nacknowledged {id} {revision} {sequence} whole").unwrap();
        out.flush().unwrap();
    };
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (catalog, acknowledge) = (&catalog, &acknowledge);
            scope.spawn(move || {
                for number in 0.. {
                    let name = format!("Peers {writer} {number}");
                    let id = catalog.create(&organization(&name), &by("robin")).unwrap();
                    acknowledge(&id, 1, 0);
                    acknowledge(&id, 1, catalog.publish(&id, 1).unwrap());
                    let again = organization(&format!("{name} again"));
                    let revision = catalog.revise(&id, 1, &again, &by("sam")).unwrap();
                    acknowledge(&id, revision, 0);
                    acknowledge(&id, revision, catalog.publish(&id, revision).unwrap());
                }
            });
        }
    });
}

fn start_writing(url: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::writes_until_it_is_killed", "--nocapture"])
        .env(WRITE_TO, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a process write, kills it (SIGKILL) some time after its first acknowledgement, and returns
/// what it was told.
fn write_and_kill(url: &str, after: Duration) -> Vec<Acknowledged> {
    let mut child = start_writing(url);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told: Vec<_> =
        lines.by_ref().find_map(|line| Acknowledged::read(&line)).into_iter().collect();
    assert!(!told.is_empty(), "the writer ended before it wrote anything");
    let killed = thread::scope(|scope| {
        let killer = scope.spawn(|| {
            thread::sleep(after);
            child.kill().unwrap();
            child.wait().unwrap()
        });
        told.extend(lines.filter_map(|line| Acknowledged::read(&line)));
        killer.join().unwrap()
    });
    assert!(!killed.success());
    told
}

/// Every rule that ties the tables together, as a query that finds what breaks it.
const BROKEN: [(&str, &str); 7] = [
    (
        "an entry whose newest revision is not there",
        "SELECT id AS cell FROM entities WHERE NOT EXISTS (SELECT 1 FROM revisions \
         WHERE revisions.id = latest_revision AND entity_id = entities.id)",
    ),
    (
        "a revision of no entry",
        "SELECT entity_id AS cell FROM revisions \
         WHERE NOT EXISTS (SELECT 1 FROM entities WHERE entities.id = entity_id)",
    ),
    (
        "a newest revision that is not the newest",
        "SELECT entities.id AS cell FROM entities JOIN revisions ON entity_id = entities.id \
         WHERE revisions.id > latest_revision",
    ),
    (
        "a public revision without its change",
        "SELECT id AS cell FROM entities WHERE public_revision IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM changes WHERE entity_id = entities.id AND revision_id = public_revision)",
    ),
    (
        "a change of a revision that was not approved",
        "SELECT entity_id AS cell FROM changes WHERE NOT EXISTS (SELECT 1 FROM revisions \
         WHERE revisions.id = revision_id AND revisions.entity_id = changes.entity_id \
         AND state = 'approved')",
    ),
    (
        "a counter of changes that is behind",
        "SELECT CAST(sequence AS TEXT) AS cell FROM directory \
         WHERE sequence < (SELECT coalesce(max(changes.sequence), 0) FROM changes)",
    ),
    (
        "a counter of revisions that is behind or ahead",
        "SELECT CAST(revision AS TEXT) AS cell FROM directory WHERE \
         revision <> (SELECT count(*) FROM revisions) OR \
         revision <> (SELECT coalesce(max(revisions.id), 0) FROM revisions)",
    ),
];

/// What is wrong with a directory, if anything.
fn faults(store: &Store, database: Database) -> Vec<String> {
    let ask = |sql: &str| store.read(|conn| Ok(texts(conn, sql))).unwrap();
    let mut faults = vec![];
    if database == Database::Sqlite {
        faults = ask("SELECT integrity_check AS cell FROM pragma_integrity_check");
        faults.retain(|said| said != "ok");
        faults.extend(ask("SELECT \"table\" AS cell FROM pragma_foreign_key_check"));
    }
    for (broken, sql) in BROKEN {
        faults.extend(ask(sql).iter().map(|found| format!("{broken}: {found}")));
    }
    faults
}

on_both! {
    async fn an_acknowledged_write_survives_kill(database: Database) {
        let kept = Kept::empty(database);
        let mut random = fastrand::Rng::new();
        let mut total = 0;

        for round in 0..cases(10) {
            let after = Duration::from_millis(random.u64(0..120));
            let of = format!("round {round}, killed after {after:?}");
            let told = write_and_kill(&kept.database.url, after);

            // A directory that is opened anew, as after a restart.
            let begun = Instant::now();
            let store = open(&kept.database.url);
            let catalog = Catalog::new(store.clone());
            assert!(begun.elapsed() < Duration::from_secs(10), "{of}: {:?}", begun.elapsed());
            assert_eq!(faults(&store, database), Vec::<String>::new(), "{of}");
            let numbers: BTreeMap<String, i32> = store
                .read(|conn| {
                    Ok(texts(
                        conn,
                        "SELECT e.id || ' ' || r.number AS cell FROM entities AS e \
                         JOIN revisions AS r ON r.id = e.latest_revision",
                    ))
                })
                .unwrap()
                .iter()
                .filter_map(|row| row.split_once(' '))
                .map(|(id, number)| (id.to_owned(), number.parse().unwrap()))
                .collect();
            let log: BTreeMap<i64, (String, i32)> = catalog
                .changes_since(0, u32::MAX)
                .unwrap()
                .into_iter()
                .map(|change| (change.sequence, (change.id, change.revision)))
                .collect();
            for write in &told {
                let number = numbers.get(&write.id);
                assert!(number.is_some_and(|n| *n >= write.revision), "{of}: lost {write:?}");
                if write.sequence > 0 {
                    let logged = log.get(&write.sequence);
                    let expected = (write.id.clone(), write.revision);
                    assert_eq!(logged, Some(&expected), "{of}: lost {write:?}");
                }
            }
            total += told.len();
        }

        assert!(total >= cases(10) * 2, "{total} acknowledged writes are too few to tell anything");
        // And the directory is as usable as before.
        kept.publish(&organization("After all that"));
    }
}

on_both! {
    async fn this_check_would_notice_half_a_write(database: Database) {
        let kept = Kept::empty(database);
        let id = kept.publish(&organization("Riverside Peers"));
        kept.publish(&organization("Lakeside Peers"));
        assert!(faults(&kept.store, database).is_empty());

        let lost = format!("DELETE FROM changes WHERE entity_id = '{id}' RETURNING kind AS cell");
        kept.texts(&lost);

        let found = faults(&kept.store, database);
        assert_eq!(found, [format!("a public revision without its change: {id}")]);
    }
}

#[test]
fn sqlite_syncs_every_commit_to_the_disk() {
    let kept = Kept::empty(Database::Sqlite);
    // Several at a time, so that each is another connection.
    let ask = |pragma: &str| -> Vec<String> {
        let sql = format!("SELECT CAST({pragma} AS TEXT) AS cell FROM pragma_{pragma}");
        thread::scope(|scope| {
            let asking: Vec<_> =
                (0..4).map(|_| scope.spawn(|| kept.texts(&sql).remove(0))).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        })
    };

    let everywhere = |value: &str| vec![value.to_owned(); 4];

    assert_eq!(ask("journal_mode"), everywhere("wal"));
    assert_eq!(ask("synchronous"), everywhere("2"));
    assert_eq!(ask("foreign_keys"), everywhere("1"));
}

#[test]
fn sqlite_is_a_version_that_does_not_lose_writes() {
    let kept = Kept::bare(Database::Sqlite);

    let version = kept.texts("SELECT sqlite_version() AS cell").remove(0);

    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 3], "{version}");
}

#[test]
fn a_postgres_that_may_lose_commits_is_refused() {
    let kept = Kept::bare(Database::Postgres);
    let careless = kept.database.url.replace("options=", "options=-csynchronous_commit%3Doff%20");

    let refused = Store::open(&careless.parse().unwrap(), 2).err().map(|error| error.to_string());

    let said = "the database is not safe to write to: PostgreSQL runs with \
                synchronous_commit = off and can lose committed writes; turn it on";
    assert_eq!(refused.as_deref(), Some(said));
}
