//! Creating, revising, publishing and withdrawing by hand.

use std::collections::BTreeSet;
use std::thread;

use peer_directory::catalog::{CatalogError, Draft, Outcome};
use peer_directory::domain::{ChangeKind, Entity, Record};
use serde_json::json;

use crate::imports::{import, record};
use crate::kept::{Kept, Public, by, location, meets_at, organization, program};
use crate::support::on_both;

on_both! {
    async fn a_draft_is_never_public(database: Database) {
        let kept = Kept::empty(database);
        let before = kept.catalog.sequence().unwrap();
        let org = kept.catalog.create(&organization("Riverside Peers"), &by("robin")).unwrap();
        let hall = kept.catalog.create(&location("St Mary's Hall"), &by("robin")).unwrap();
        let circle = program("Grief Circle", &org, &meets_at(&hall));
        let circle = kept.catalog.create(&circle, &by("robin")).unwrap();

        let Public { organizations, listings, .. } = kept.public();

        assert!(organizations.is_empty());
        assert!(listings.is_empty(), "{circle}");
        assert!(kept.catalog.changes_since(0, 10).unwrap().is_empty());
        assert_eq!(kept.catalog.sequence().unwrap(), before);
    }
}

on_both! {
    async fn a_published_program_is_public_with_its_organization_and_its_place(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let hall = kept.publish(&location("St Mary's Hall"));

        let circle = kept.publish(&program("Grief Circle", &org, &meets_at(&hall)));

        let Public { organizations, listings, .. } = kept.public();
        assert_eq!(organizations.len(), 1);
        assert_eq!(listings.len(), 1);
        let listing = &listings[0];
        assert_eq!(listing.program.id.to_string(), circle);
        assert_eq!(listing.program.slug.as_str(), "grief-circle");
        assert_eq!(listing.program.organization.slug.as_str(), "riverside-peers");
        let place = listing.sessions[0].location.as_ref().unwrap();
        assert_eq!(place.name.as_deref(), Some("St Mary's Hall"));
        assert_eq!(listing.source.name.as_str(), "local");
    }
}

on_both! {
    async fn a_revision_is_public_only_when_it_is_published(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let circle = kept.publish(&program("Grief Circle", &org, &json!({})));
        let before = kept.listing(&circle);
        // Stamps have milliseconds: a later one must differ.
        thread::sleep(std::time::Duration::from_millis(5));

        let renamed = program("Tuesday Grief Circle", &org, &json!({ "topics": ["anxiety"] }));
        let number = kept.catalog.revise(&circle, 1, &renamed, &by("sam")).unwrap();

        assert_eq!(number, 2);
        assert_eq!(kept.listing(&circle), before, "not even the time of the last change");
        kept.catalog.publish(&circle, 2).unwrap();
        let after = kept.listing(&circle);
        assert_eq!(after.program.name.as_str(), "Tuesday Grief Circle");
        assert_eq!(after.program.topics[0].as_str(), "anxiety");
        assert_eq!(after.program.slug, before.program.slug, "addresses are permanent");
        assert!(after.updated_at > before.updated_at);
    }
}

on_both! {
    async fn so_is_that_of_an_organization_or_a_place(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let hall = kept.publish(&location("St Mary's Hall"));
        let circle = kept.publish(&program("Grief Circle", &org, &meets_at(&hall)));
        let before = kept.public();

        kept.catalog.revise(&org, 1, &organization("Lakeside Peers"), &by("sam")).unwrap();
        kept.catalog.revise(&hall, 1, &location("Town Hall"), &by("sam")).unwrap();

        let between = kept.public();
        assert_eq!(between.organizations, before.organizations);
        assert_eq!(between.listings, before.listings);
        kept.catalog.publish(&org, 2).unwrap();
        kept.catalog.publish(&hall, 2).unwrap();
        let after = kept.listing(&circle);
        assert_eq!(after.program.organization.name.as_str(), "Lakeside Peers");
        let place = after.sessions[0].location.as_ref().unwrap();
        assert_eq!(place.name.as_deref(), Some("Town Hall"));
    }
}

on_both! {
    async fn the_second_of_two_editors_is_told(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let first = kept.catalog.revise(&org, 1, &organization("Lakeside Peers"), &by("robin"));
        let held = kept.held();

        let second = kept.catalog.revise(&org, 1, &organization("Hillside Peers"), &by("sam"));

        assert_eq!(first.unwrap(), 2);
        assert!(matches!(second, Err(CatalogError::ChangedMeanwhile)), "{second:?}");
        assert_eq!(kept.held(), held);
        kept.catalog.publish(&org, 2).unwrap();
        assert_eq!(kept.public().organizations[0].name.as_str(), "Lakeside Peers");
    }
}

on_both! {
    async fn nobody_publishes_what_they_have_not_read(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.catalog.create(&organization("Riverside Peers"), &by("robin")).unwrap();
        kept.catalog.revise(&org, 1, &organization("Lakeside Peers"), &by("sam")).unwrap();
        let held = kept.held();

        for stale in [0, 1, 3] {
            let refused = kept.catalog.publish(&org, stale);
            assert!(matches!(refused, Err(CatalogError::ChangedMeanwhile)), "{refused:?}");
        }

        assert_eq!(kept.held(), held);
        kept.catalog.publish(&org, 2).unwrap();
        assert_eq!(kept.public().organizations[0].name.as_str(), "Lakeside Peers");
    }
}

on_both! {
    async fn of_many_editors_at_once_exactly_one_wins_each_round(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));

        for round in 1..=5 {
            let won: usize = thread::scope(|scope| {
                let editors: Vec<_> = (0..8)
                    .map(|editor| {
                        let (catalog, org) = (&kept.catalog, &org);
                        scope.spawn(move || {
                            let draft = organization(&format!("Peers {round} {editor}"));
                            catalog.revise(org, round, &draft, &by("editor"))
                        })
                    })
                    .collect();
                let ended = editors.into_iter().map(|editor| editor.join().unwrap());
                ended
                    .map(|ended| match ended {
                        Ok(number) => usize::from(number == round + 1),
                        Err(CatalogError::ChangedMeanwhile) => 0,
                        Err(other) => panic!("{other}"),
                    })
                    .sum()
            });

            assert_eq!(won, 1, "round {round}");
        }
        assert_eq!(kept.held()["revisions"], 6);
    }
}

fn field_and_reason<T: std::fmt::Debug>(refused: Result<T, CatalogError>) -> (String, String) {
    match refused {
        Err(CatalogError::Invalid { field, reason }) => (field, reason),
        other => panic!("expected a field and a reason, got {other:?}"),
    }
}

on_both! {
    async fn a_program_is_published_only_after_its_organization_and_its_places(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.catalog.create(&organization("Riverside Peers"), &by("robin")).unwrap();
        let hall = kept.catalog.create(&location("St Mary's Hall"), &by("robin")).unwrap();
        let circle = program("Grief Circle", &org, &meets_at(&hall));
        let circle = kept.catalog.create(&circle, &by("robin")).unwrap();
        let nobodys = "0198a2c4-0000-7000-8000-000000000000";
        let orphan = program("Orphan", nobodys, &json!({}));
        let orphan = kept.catalog.create(&orphan, &by("robin")).unwrap();
        let held = kept.held();

        let (without_org, reason) = field_and_reason(kept.catalog.publish(&circle, 1));
        assert_eq!(without_org, "organization_id");
        assert_eq!(reason, format!("{org} is not published yet"));
        let (orphaned, reason) = field_and_reason(kept.catalog.publish(&orphan, 1));
        assert_eq!(orphaned, "organization_id");
        assert_eq!(reason, format!("there is no {nobodys}"));
        assert_eq!(kept.held(), held);
        kept.catalog.publish(&org, 1).unwrap();
        let (without_hall, reason) = field_and_reason(kept.catalog.publish(&circle, 1));
        assert_eq!(without_hall, "sessions.location");
        assert_eq!(reason, format!("{hall} is not published yet"));
        kept.catalog.publish(&hall, 1).unwrap();
        kept.catalog.publish(&circle, 1).unwrap();
        assert_eq!(kept.listings().len(), 1);
    }
}

on_both! {
    async fn an_unknown_term_is_named_with_the_nearest_known_one(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let known = kept.publish(&program("Known", &org, &json!({})));
        let held = kept.held();
        let of = |field: &str, key: &str| program("Circle", &org, &json!({ field: [key] }));
        let created = |draft: &Draft| field_and_reason(kept.catalog.create(draft, &by("robin")));

        let (field, reason) = created(&of("topics", "greif"));
        assert_eq!(field, "topics");
        assert_eq!(reason, "there is no topic `greif`; did you mean `grief`?");
        let (field, reason) = created(&of("audiences", "veteran"));
        assert_eq!(field, "audiences");
        assert_eq!(reason, "there is no audience `veteran`; did you mean `veterans`?");
        let (_, reason) = created(&of("approaches", "zzzzzz"));
        assert_eq!(reason, "there is no approach `zzzzzz`");
        // A term of one list is not one of another.
        assert_eq!(created(&of("activities", "grief")).0, "activities");
        let revised = kept.catalog.revise(&known, 1, &of("accessibility", "grief"), &by("robin"));
        assert_eq!(field_and_reason(revised).0, "accessibility");
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn each_use_case_writes_one_revision_or_one_change(database: Database) {
        let kept = Kept::empty(database);
        let before = kept.catalog.sequence().unwrap();
        let written = || {
            let held = kept.held();
            (held["revisions"], held["changes"])
        };

        for (draft, next) in [
            (organization("Riverside Peers"), organization("Lakeside Peers")),
            (location("St Mary's Hall"), location("Town Hall")),
        ] {
            let (revisions, changes) = written();
            let id = kept.catalog.create(&draft, &by("robin")).unwrap();
            assert_eq!(written(), (revisions + 1, changes));
            kept.catalog.publish(&id, 1).unwrap();
            assert_eq!(written(), (revisions + 1, changes + 1));
            kept.catalog.revise(&id, 1, &next, &by("robin")).unwrap();
            assert_eq!(written(), (revisions + 2, changes + 1));
            let sequence = kept.catalog.publish(&id, 2).unwrap();
            assert_eq!(written(), (revisions + 2, changes + 2));

            let logged = kept.catalog.changes_since(sequence - 2, 10).unwrap();
            let logged: Vec<_> =
                logged.iter().map(|c| (c.sequence, c.entity, &c.id, c.kind, c.revision)).collect();
            let entity = draft.entity();
            assert_eq!(
                logged,
                [
                    (sequence - 1, entity, &id, ChangeKind::Published, 1),
                    (sequence, entity, &id, ChangeKind::Published, 2),
                ]
            );
        }
        let held = kept.held();
        assert_eq!(held["sequence"], before + held["changes"]);
        assert_eq!(held["revision"], held["revisions"]);
    }
}

on_both! {
    async fn a_withdrawn_program_is_gone_and_the_log_says_so(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let circle = kept.publish(&program("Grief Circle", &org, &json!({})));
        let other = kept.publish(&program("Other Circle", &org, &json!({})));
        // A draft that nobody has seen is not what is withdrawn.
        let renamed = program("Not Yet", &org, &json!({}));
        kept.catalog.revise(&circle, 1, &renamed, &by("robin")).unwrap();
        let revisions = kept.held()["revisions"];

        let sequence = kept.catalog.withdraw(&circle).unwrap();

        let left: Vec<_> = kept.listings().iter().map(|l| l.program.id.to_string()).collect();
        assert_eq!(left, [other]);
        let logged = kept.catalog.changes_since(sequence - 1, 10).unwrap();
        assert_eq!(logged.len(), 1);
        assert_eq!(
            (logged[0].entity, logged[0].kind, &logged[0].id, logged[0].revision),
            (Entity::Program, ChangeKind::Withdrawn, &circle, 1)
        );
        assert_eq!(kept.held()["revisions"], revisions, "nothing is said anew");
        let held = kept.held();
        assert!(kept.catalog.withdraw(&circle).is_err(), "it is already gone");
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn a_withdrawn_program_can_come_back_under_its_address(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let circle = kept.publish(&program("Grief Circle", &org, &json!({})));
        let slug = kept.listing(&circle).program.slug;
        kept.catalog.withdraw(&circle).unwrap();

        let successor = kept.publish(&program("Grief Circle", &org, &json!({})));
        kept.catalog.publish(&circle, 1).unwrap();

        assert_eq!(kept.listing(&circle).program.slug, slug);
        assert_eq!(kept.listing(&successor).program.slug.as_str(), "grief-circle-2");
    }
}

on_both! {
    async fn what_was_never_public_cannot_be_withdrawn(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.catalog.create(&organization("Riverside Peers"), &by("robin")).unwrap();
        let held = kept.held();

        let withdrawn = kept.catalog.withdraw(&org);

        assert!(withdrawn.is_err());
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn the_programs_of_a_withdrawn_organization_are_not_public(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        kept.publish(&program("Grief Circle", &org, &json!({})));

        kept.catalog.withdraw(&org).unwrap();

        let Public { organizations, listings, .. } = kept.public();
        assert!(organizations.is_empty());
        assert!(listings.is_empty());
    }
}

on_both! {
    async fn what_is_not_there_or_is_something_else_is_refused(database: Database) {
        let kept = Kept::empty(database);
        let org = kept.publish(&organization("Riverside Peers"));
        let nobodys = "0198a2c4-0000-7000-8000-000000000000";
        let held = kept.held();

        let not_there = kept.catalog.revise(nobodys, 1, &organization("Nobody"), &by("robin"));
        let not_so = kept.catalog.revise(&org, 1, &location("A hall"), &by("robin"));

        assert!(matches!(not_there, Err(CatalogError::NotFound)), "{not_there:?}");
        assert!(matches!(kept.catalog.publish(nobodys, 1), Err(CatalogError::NotFound)));
        assert!(matches!(kept.catalog.withdraw(nobodys), Err(CatalogError::NotFound)));
        let this_is = ("draft".to_owned(), "this is an organization".to_owned());
        assert_eq!(field_and_reason(not_so), this_is);
        assert_eq!(kept.held(), held);
    }
}

on_both! {
    async fn entries_of_one_name_get_different_addresses_even_at_once(database: Database) {
        let kept = Kept::empty(database);

        let ids: BTreeSet<String> = thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| kept.publish(&organization("Tuesday Night"))))
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });

        assert_eq!(ids.len(), 8);
        let slugs: BTreeSet<String> =
            kept.public().organizations.iter().map(|org| org.slug.to_string()).collect();
        let expected: BTreeSet<String> = std::iter::once("tuesday-night".to_owned())
            .chain((2..=8).map(|number| format!("tuesday-night-{number}")))
            .collect();
        assert_eq!(slugs, expected);
    }
}

on_both! {
    async fn a_row_that_cannot_be_read_takes_nothing_from_what_is_known(database: Database) {
        let kept = Kept::empty(database);
        let half = |key: &str| {
            let mut half = record(key);
            half.program.sessions.clear();
            half.incomplete = true;
            half
        };
        // What is not known yet lands as far as it could be read.
        let first = import(&kept.catalog, &[record("1"), half("2")]);
        assert_eq!(first.count(Outcome::Added), 2);
        let listings = kept.listings();

        let planned = kept.catalog.plan_import("feed", &[half("1")], &[]).unwrap();
        let report = import(&kept.catalog, &[half("1")]);

        assert_eq!(planned, report);
        assert_eq!(report.count(Outcome::Incomplete), 1);
        assert_eq!(kept.listings(), listings);
        // It follows as soon as all can be read.
        let mended = Record { incomplete: false, ..half("1") };
        assert_eq!(import(&kept.catalog, &[mended]).count(Outcome::Changed), 1);
    }
}
