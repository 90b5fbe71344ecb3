//! Lists that are longer than what one statement takes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use peer_directory::domain::{OrganizationId, ProgramId};
use peer_directory::store;

use crate::imports::{import, record};
use crate::kept::{Kept, execute};
use crate::support::on_both;

/// More values than SQLite takes in one statement, and more than PostgreSQL takes as separate ones.
const MANY: usize = 70_000;

/// A long list of identities that nothing has, but for the first and the last.
fn many_between(first: &str, last: &str) -> Vec<String> {
    let nobody = (0..MANY).map(|_| ProgramId::new().to_string());
    std::iter::once(first.to_owned()).chain(nobody).chain([last.to_owned()]).collect()
}

on_both! {
    async fn all_are_found_however_many_are_asked_for(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("1"), record("2"), record("3")]);
        let listings = kept.listings();
        let [one, other, ended] = [0, 1, 2].map(|at| listings[at].program.id.to_string());
        let home = listings[0].program.organization.id.to_string();
        let [here, there] = [0, 1].map(|at| listings[at].places[0].to_string());
        kept.catalog.withdraw(&ended).unwrap();
        let (both, last) = (many_between(&one, &other), many_between(&one, &ended));
        let homes = many_between(&OrganizationId::new().to_string(), &home);
        let places = many_between(&here, &there);

        kept.store
            .read(|conn| {
                let programs = store::published_programs_of(conn, &both)?;
                let programs: BTreeSet<String> = programs.into_iter().map(|kept| kept.id).collect();
                assert_eq!(programs, BTreeSet::from([one.clone(), other.clone()]));
                let withdrawn = store::withdrawn_programs_of(conn, &last)?;
                assert_eq!(withdrawn.iter().map(|(id, _)| id).collect::<Vec<_>>(), [&ended]);
                let homes = store::published_organizations_of(conn, &homes)?;
                assert_eq!(homes.iter().map(|(id, ..)| id).collect::<Vec<_>>(), [&home]);
                let places = store::published_locations(conn, &places)?;
                let places: BTreeSet<String> = places.into_iter().map(|(id, _)| id).collect();
                assert_eq!(places, BTreeSet::from([here.clone(), there.clone()]));
                let ids: Vec<&str> = both.iter().map(String::as_str).collect();
                let found = store::assessments_of(conn, &ids)?.by_program()?;
                assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), programs);
                assert!(store::withdrawn_before(conn, &last, i64::MAX)?);
                assert!(!store::withdrawn_before(conn, &both, i64::MAX)?);
                Ok(())
            })
            .unwrap();
    }
}

on_both! {
    async fn a_change_may_be_seen_in_any_number_of_programs(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("1")]);
        let known = kept.catalog.sequence().unwrap();
        import(&kept.catalog, &[record("2")]);
        let newest = kept.catalog.sequence().unwrap();

        let changed = kept.catalog.read_changed(known, newest, MANY, |_changes| {
            (0..MANY).map(|_| ProgramId::new()).collect()
        });

        let changed = changed.unwrap().unwrap();
        assert_eq!((changed.programs.len(), changed.listings.len()), (MANY + 1, 1));
    }
}

on_both! {
    async fn any_number_of_changes_is_forgotten_at_once(database: Database) {
        let kept = Kept::empty(database);
        import(&kept.catalog, &[record("1")]);
        let id = kept.listings()[0].program.id;
        let told_before = kept.held()["changes"];
        let newest = kept.number("SELECT max(sequence) FROM changes");
        let sql = format!(
            "INSERT INTO changes (sequence, entity, entity_id, kind, revision_id, at) \
             WITH RECURSIVE numbers(n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY}) \
             SELECT {newest} + n, 'program', '{id}', 'published', 1, \
             '2020-01-01T00:00:00.000Z' FROM numbers"
        );
        kept.store.read(|conn| Ok(execute(conn, &sql))).unwrap();

        let most = i64::try_from(2 * MANY).unwrap();
        let forgotten =
            kept.store.write(|write| store::forget_changes(write, Timestamp::now(), most));

        let expected = MANY + usize::try_from(told_before).unwrap();
        assert_eq!((forgotten.unwrap(), kept.held()["changes"]), (expected, 0));
    }
}
