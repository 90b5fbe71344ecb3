use std::collections::{HashMap, HashSet};

use super::*;
use crate::domain::{
    Attendance, Location, Origin, Precision, Program, ProgramId, PublicLocation, Slug, Term,
};

fn records(seed: u64, many: usize) -> Vec<Record> {
    Generator::new(seed, Gazetteer::shared()).take(many).collect()
}

fn share(records: &[Record], fits: impl Fn(&Record) -> bool) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    count(records.iter().filter(|record| fits(record)).count()) / count(records.len()) * 100.0
}

#[track_caller]
fn assert_share(records: &[Record], expected: f64, tolerance: f64, fits: impl Fn(&Record) -> bool) {
    let found = share(records, fits);
    assert!((found - expected).abs() <= tolerance, "{found} % instead of {expected} %");
}

#[test]
fn a_seed_always_makes_the_same_programs() {
    let few = records(7, 40);

    assert_eq!(few, records(7, 60)[..40]);
    assert_ne!(few[0].program, records(8, 1)[0].program);
}

#[test]
fn every_program_is_valid_and_says_what_a_listing_says() {
    let mut keys = HashSet::new();

    for record in records(1, 2_000) {
        record.program.check().unwrap();
        for (id, draft) in &record.locations {
            Location::new(*id, draft.clone()).unwrap();
        }
        for session in &record.program.sessions {
            let known = |id| record.locations.iter().any(|(known, _)| *known == id);
            assert!(session.location.is_none_or(known), "{}", record.key);
            if let Some(schedule) = &session.schedule {
                let again: crate::domain::Schedule =
                    serde_json::from_value(serde_json::to_value(schedule).unwrap()).unwrap();
                assert_eq!(*schedule, again);
            }
        }
        let draft = serde_json::to_string(&record.program).unwrap();
        assert_eq!(serde_json::from_str::<ProgramDraft>(&draft).unwrap(), record.program);
        assert!(!record.program.contacts.is_empty());
        assert!(keys.insert(record.key));
    }
}

#[test]
fn a_program_is_as_long_as_real_ones() {
    let mut lengths = Vec::new();

    for record in records(2, 2_000) {
        let (program, session_lengths) = public(&record);
        assert!((700..1_800).contains(&program), "{} has {program} bytes", record.key);
        lengths.push(program);
        assert!(session_lengths < 3_500);
    }

    lengths.sort_unstable();
    assert!((700..1_500).contains(&lengths[1_900]), "{}", lengths[1_900]);
}

/// The bytes of a program as the public sees it, and of its sessions.
fn public(record: &Record) -> (usize, usize) {
    let places: HashMap<_, PublicLocation> = record
        .locations
        .iter()
        .filter_map(|(id, draft)| Some((*id, Location::new(*id, draft.clone()).unwrap().public()?)))
        .collect();
    let name = record.program.name.clone();
    let program = Program {
        id: ProgramId::new(),
        slug: Slug::from_name(&name),
        draft: record.program.clone(),
    };
    let sessions = program.public_sessions(|id| places.get(&id).cloned());
    let organization = crate::domain::OrganizationName {
        id: record.program.organization_id,
        slug: Slug::from_name(&record.organization.name),
        name: record.organization.name.clone(),
    };
    let shown = serde_json::to_vec(&program.public(organization)).unwrap();
    let intake = serde_json::to_vec(&record.program.intake).unwrap();
    (shown.len() + intake.len(), serde_json::to_vec(&sessions).unwrap().len())
}

#[test]
fn kinds_and_countries_come_in_their_shares() {
    let records = records(3, 4_000);
    let country = |record: &Record, code: &str| {
        record.locations.first().is_some_and(|(_, draft)| {
            draft.address.country.is_some_and(|country| country.as_str() == code)
        })
    };

    assert_share(&records, 62.0, 3.0, |r| r.program.kinds[0] == Kind::LocalGroup);
    assert_share(&records, 23.0, 3.0, |r| r.program.kinds[0] == Kind::Online);
    assert_share(&records, 15.0, 2.5, |r| r.program.kinds[0] == Kind::OneOnOne);
    assert_share(&records, 1.0, 0.7, |r| r.program.chapters.is_some());
    assert_share(&records, 2.8, 1.2, |r| r.program.coverage.worldwide);
    assert_share(&records, 40.0, 4.0, |r| r.program.audiences.is_empty());
    assert_share(&records, 65.0, 3.0, |r| {
        r.program.cost.as_ref().is_some_and(|cost| cost.kind.as_str() == "free")
    });
    let (met, _): (Vec<_>, Vec<_>) = records.into_iter().partition(|r| !r.locations.is_empty());
    assert_share(&met, 55.0, 4.0, |r| country(r, "US"));
    assert_share(&met, 15.0, 3.0, |r| country(r, "GB"));
    assert_share(&met, 10.0, 2.5, |r| r.program.sessions[0].attendance == Attendance::Hybrid);
    assert_share(&met, 80.0, 4.0, |r| r.locations[0].1.precision == Precision::Exact);
    assert_share(&met, 4.0, 1.5, |r| r.locations[0].1.precision == Precision::Hidden);
}

#[test]
fn an_organization_runs_about_four_programs() {
    let records = records(4, 20_000);
    let organizations: HashSet<_> = records.iter().map(|record| &record.organization_key).collect();

    let each = records.len() / organizations.len();

    assert!((3..=4).contains(&each), "{each}");
}

#[test]
fn people_meet_near_the_town_of_the_address() {
    let gazetteer = Gazetteer::shared();
    let mut towns: HashMap<_, Vec<Origin>> = HashMap::new();
    for country in ["US", "GB", "CA", "AU"] {
        for town in gazetteer.largest_towns(country.parse().unwrap()) {
            let name = (town.name.to_owned(), town.subdivision);
            towns.entry(name).or_default().push(Origin::new(town.position));
        }
    }
    let mut seen = 0;

    for (_, place) in records(5, 1_000).into_iter().flat_map(|record| record.locations) {
        let Some(position) = place.position else { continue };
        let city = place.address.city.unwrap().to_string();
        let Some(origins) = towns.get(&(city.clone(), place.address.subdivision)) else { continue };
        let ecef = position.to_ecef();
        let nearest = origins.iter().map(|origin| origin.distance_m(ecef)).fold(f64::MAX, f64::min);
        seen += 1;
        assert!(nearest < places::FARTHEST_KM * 1_000.0 + 6_000.0, "{city}: {nearest} m");
    }

    assert!(seen > 400);
}

#[test]
fn schedules_begin_and_pause_on_days_that_their_rules_have() {
    for schedule in records(6, 2_000)
        .into_iter()
        .flat_map(|record| record.program.sessions)
        .filter_map(|session| session.schedule)
    {
        let rule = schedule.rrule.unwrap();
        let on_rule = |day: jiff::civil::DateTime| {
            let weekday = format!("{:?}", day.weekday())[..2].to_uppercase();
            let step = if rule.as_str().contains("INTERVAL=2") { 14 } else { 7 };
            let days = (day.date() - schedule.start.date()).get_days();
            rule.as_str().contains("DAILY")
                || (rule.as_str().contains(&weekday)
                    && (days % step == 0 || rule.as_str().contains(',')))
        };
        assert!(on_rule(schedule.start), "{rule:?} {}", schedule.start);
        assert!(schedule.exdates.iter().all(|day| on_rule(*day)), "{rule:?}");
        if rule.as_str().starts_with("FREQ=MONTHLY") {
            let nth = i32::from(schedule.start.day() - 1) / 7 + 1;
            let last = rule.as_str().contains("BYDAY=-1") && schedule.start.day() > 21;
            assert!(last || rule.as_str().contains(&format!("BYDAY={nth}")), "{rule:?}");
        }
    }
}

#[test]
fn every_term_is_one_of_the_seed() {
    let terms: Vec<Term> =
        serde_json::from_str(include_str!("../../seed-data/terms.json")).unwrap();
    let known: HashSet<_> = terms.iter().map(|term| &term.key).collect();

    for record in records(9, 2_000) {
        let program = &record.program;
        let lists = [
            &program.topics,
            &program.audiences,
            &program.approaches,
            &program.accessibility,
            &program.activities,
        ];
        for key in lists.into_iter().flatten() {
            assert!(known.contains(key), "{key}");
        }
    }
}

#[test]
fn names_differ_and_hosts_are_invented() {
    let records = records(10, 5_000);

    let names: HashSet<_> = records.iter().map(|record| &record.program.name).collect();

    assert!(names.len() > 4_500, "{}", names.len());
    for record in &records {
        let website = record.program.website.as_ref().unwrap();
        assert!(website.as_str().split('/').nth(2).unwrap().ends_with(".example"));
    }
}
