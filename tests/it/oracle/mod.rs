//! The search against an oracle: brute force over all listings, by the rules as they are written
//! down (`DESIGN.md`, 4.1 and 4.2) and with Karney's distances.
//!
//! The oracle is slow and plain, so that it can be read. It shares no code with the search but the
//! types of questions and answers.

mod alike;
mod beside;
mod compare;
mod directory;
mod eased;
mod facts;
mod mapped;
mod question;
mod rules;
mod suggested;
mod timely;
mod walked;

use fastrand::Rng;
use peer_directory::domain::{Listing, Text};
use peer_directory::search::{Cursor, Snapshot};

use self::compare::{Tally, compare};
use self::directory::{DIRECTORY, Directory};
use self::facts::Oracle;
use self::question::Question;
use self::rules::{Case, RULES, Rules, doubts};
use crate::support::cases;

/// The number of the first of `many` generated questions that the two answer differently.
fn first_difference(
    oracle: &Oracle<'_>,
    rules: Rules,
    snapshot: &Snapshot,
    many: usize,
) -> Option<u64> {
    (0..many as u64).find(|number| {
        let question = Question::generated(*number, oracle);
        compare(oracle, rules, snapshot, &question, &mut Tally::default()).is_err()
    })
}

#[test]
fn the_search_answers_like_the_oracle() {
    let oracle = Oracle::new(&DIRECTORY);
    let snapshot = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let laid_out = timely::ABOUT.map(|about| snapshot.with_agendas(about.parse().unwrap()));
    let mut tally = Tally::default();

    for number in 0..cases(2_000) as u64 {
        let question = Question::generated(number, &oracle);
        // What is laid out beforehand and what is worked out for a question are the same.
        let about = timely::about(question.now).filter(|_| number % 2 == 1);
        let snapshot = about.map_or(&snapshot, |about| &laid_out[about]);
        if let Err(difference) = compare(&oracle, RULES, snapshot, &question, &mut tally) {
            panic!("question {number}: {difference}\n{question:#?}");
        }
    }

    // Two thousand questions about nothing would prove nothing.
    assert!(tally.empty < cases(900), "{tally:?}");
    assert!(tally.results > cases(200_000), "{tally:?}");
    assert!(tally.facets > cases(2_000) && tally.relaxed > cases(500), "{tally:?}");
    assert!(tally.doubtful > cases(20), "{tally:?}");
    assert!(tally.by_relation.iter().all(|count| *count > cases(500)), "{tally:?}");
}

/// A snapshot that was brought up to date again and again answers like one made at once.
#[test]
fn a_snapshot_brought_up_to_date_answers_like_the_oracle() {
    let oracle = Oracle::new(&DIRECTORY);
    let mut tally = Tally::default();
    for round in 0..4 {
        let random = &mut Rng::with_seed(round);
        let (mut snapshot, mut changed) = DIRECTORY.outdated(random);
        let mut segments = 0;
        random.shuffle(&mut changed);
        while !changed.is_empty() {
            let some = random.usize(1..=changed.len().min(60));
            let mut ids = changed.split_off(changed.len() - some);
            ids.extend(snapshot.to_renew(ids.len()));
            let now = ids.iter().filter_map(|id| oracle.listing(*id));
            let now: Vec<Listing> = now.map(|at| DIRECTORY.listings[at].clone()).collect();
            snapshot = snapshot.updated(1, &ids, &now, &[], Vec::new());
            snapshot = snapshot.with_agendas(Directory::today());
            segments = segments.max(snapshot.segments());
        }
        assert!(segments > 2, "{segments} segments at most");
        assert_eq!(snapshot.len(), DIRECTORY.listings.len());

        for number in 0..cases(250) as u64 {
            let question = Question::generated(number + 1_000_000 * round, &oracle);
            if let Err(difference) = compare(&oracle, RULES, &snapshot, &question, &mut tally) {
                panic!("question {number}: {difference}\n{question:#?}");
            }
        }
    }
}

/// An oracle that gets one rule slightly wrong must be found out, else it would not find a search
/// that does.
#[test]
fn a_fault_in_any_rule_is_noticed() {
    let oracle = Oracle::new(&DIRECTORY);
    let snapshot = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    for (fault, rules) in [
        ("circles are 1 % larger", Rules { stretch: 1.01, ..RULES }),
        ("circles are 0.02 % smaller", Rules { stretch: 0.9998, ..RULES }),
        ("nine near are enough", Rules { enough: 9, ..RULES }),
        ("eleven near are not too many", Rules { enough: 11, ..RULES }),
        ("room counts for 31 days", Rules { fresh_days: 31, ..RULES }),
        ("room counts for 29 days", Rules { fresh_days: 29, ..RULES }),
        ("children are grown up at 17", Rules { adult: 17, ..RULES }),
        ("several sessions may satisfy the filters", Rules { one_session: false, ..RULES }),
        ("a hybrid session is only hybrid", Rules { hybrid_is_all: false, ..RULES }),
        ("drawn areas have no holes", Rules { holes: false, ..RULES }),
        ("nothing begins in the small hours", Rules { first_hour: 5, ..RULES }),
        ("streams take turns otherwise", Rules { turns: [0, 0, 1, 2, 0], ..RULES }),
        ("no row leaves its turn", Rules { outdone: 1_000, ..RULES }),
        ("a row leaves its turn to any that answers better", Rules { outdone: 1, ..RULES }),
    ] {
        let noticed = first_difference(&oracle, rules, &snapshot, 2_000);
        assert!(noticed.is_some(), "nobody noticed that {fault}");
    }
}

/// A search in a directory that differs by a little is not taken for the right one.
#[test]
fn a_fault_in_the_snapshot_is_noticed() {
    let oracle = Oracle::new(&DIRECTORY);
    let changed = |change: &dyn Fn(&mut Listing)| {
        // One that most questions about its neighborhood find.
        let victim = DIRECTORY.listings.iter().rposition(|listing| {
            listing.sessions.first().is_some_and(|session| {
                session.location.as_ref().is_some_and(|place| place.latitude == 45.525)
            })
        });
        let mut listings: Vec<Listing> = DIRECTORY.listings.clone();
        change(&mut listings[victim.unwrap()]);
        DIRECTORY.snapshot_of(listings.iter())
    };
    let place = |listing: &mut Listing, north: f64| {
        listing.sessions[0].location.as_mut().unwrap().latitude += north;
    };
    let last = DIRECTORY.listings.len() - 1;
    for (fault, snapshot) in [
        ("a listing is missing", DIRECTORY.snapshot_of(DIRECTORY.listings[..last].iter())),
        ("a place is four meters off", changed(&|listing| place(listing, 3.6e-5))),
        ("a place is on the wrong side of the equator", changed(&|listing| place(listing, -91.05))),
        ("a session is missing", changed(&|listing| listing.sessions.truncate(0))),
        (
            "a confirmation is wrong",
            changed(&|listing| {
                listing.verification.confirmed_at = Some(jiff::Timestamp::UNIX_EPOCH);
                listing.verification.due_at = None;
            }),
        ),
        (
            "a name is wrong",
            changed(&|listing| {
                listing.program.name = Text::new("aaa").unwrap();
            }),
        ),
    ] {
        let noticed = first_difference(&oracle, RULES, &snapshot, 2_000);
        assert!(noticed.is_some(), "nobody noticed that {fault}");
    }
}

/// Lists of meetings, page by page, are those of the sessions that match, one by one.
#[test]
fn the_meetings_are_those_of_the_oracle() {
    let oracle = Oracle::new(&DIRECTORY);
    let snapshot = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let mut listed = 0;
    for number in 0..cases(300) as u64 {
        let mut question = Question::generated(number, &oracle);
        let random = &mut Rng::with_seed(number);
        question.now = timely::moment(random);
        question.between = Some(Oracle::span(&question, random));
        question.window.open_now = false;
        if !doubts(&oracle, &RULES, &question).is_empty() {
            continue;
        }
        let case = Case {
            oracle: &oracle,
            rules: RULES,
            settled: std::collections::HashMap::default(),
            known: timely::Known::default(),
        };
        let expected = case.expected(&question);
        let wanted = case.meetings(&expected.found, &question);
        let mut query = question.query(&oracle, 1 + wanted.len() % 90);
        let mut found = Vec::new();
        loop {
            let page = snapshot.meetings(&query);
            assert_eq!(page.total, wanted.len(), "question {number}: {question:#?}");
            assert_eq!(page.meetings.len(), query.limit.min(wanted.len() - found.len()));
            found.extend(page.meetings.iter().map(|one| {
                let id = snapshot.id_of(one.program).as_u128();
                (one.at.start, id, one.session, one.at.end)
            }));
            let Some(next) = page.next else { break };
            let next = Cursor::decode(&next.encode()).unwrap();
            assert!(query.continues(&next));
            query.after = Some(next);
        }
        assert_eq!(found, wanted, "question {number}: {question:#?}");
        listed += found.len();
    }
    assert!(listed > cases(3_000), "{listed}");
}
