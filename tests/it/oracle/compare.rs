//! Holding an answer of the search against what it should be.

use std::collections::{HashMap, VecDeque};

use peer_directory::domain::VerificationStatus;
use peer_directory::search::{Cursor, Match, Page, Relation, Snapshot, Sort, Telling, Weights};
use serde_json::Value;

use super::facts::Oracle;
use super::question::Question;
use super::rules::{Case, Expected, Found, NO_SESSION, Rules, TOLERANCE_M, doubts};
use super::timely::Known;

/// Up to so far distances are promised to be right within [`TOLERANCE_M`].
const PROMISED_M: f64 = 500_000.0;
/// Beyond that, only a box can ask for a distance, and it may be off by so much of itself.
const ROUGHLY: f64 = 0.002;
/// More than this is doubtful about no generated question.
const MOST_DOUBTS: usize = 10;

/// What was compared, to know that it was something.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) results: usize,
    pub(super) pages: usize,
    pub(super) empty: usize,
    pub(super) doubtful: usize,
    pub(super) facets: usize,
    pub(super) relaxed: usize,
    pub(super) by_relation: [usize; 4],
    pub(super) farthest_off_m: f64,
    pub(super) farthest_off_ratio: f64,
}

/// Asks the search, page by page to the end, and says how its answer differs from the oracle's.
///
/// What is within the tolerance of an edge may be in or out: an answer is right when it is right for
/// one way to settle everything that is doubtful.
pub(super) fn compare(
    oracle: &Oracle<'_>,
    rules: Rules,
    snapshot: &Snapshot,
    question: &Question,
    tally: &mut Tally,
) -> Result<(), String> {
    let walk = Walk::to_the_end(oracle, snapshot, question)?;
    let doubts = doubts(oracle, &rules, question);
    assert!(doubts.len() <= MOST_DOUBTS, "{} doubts: {question:?}", doubts.len());
    let mut difference = None;
    for settling in 0..1_usize << doubts.len() {
        let settled =
            doubts.iter().enumerate().map(|(at, doubt)| (*doubt, settling >> at & 1 == 1));
        let case = Case { oracle, rules, settled: settled.collect(), known: Known::default() };
        let expected = case.expected(question);
        match walk.check(&case, question, &expected, snapshot) {
            Ok(()) => {
                tally.add(&walk, &expected, !doubts.is_empty());
                return Ok(());
            }
            Err(found) => difference = difference.or(Some(found)),
        }
    }
    Err(difference.unwrap_or_default())
}

impl Tally {
    fn add(&mut self, walk: &Walk, expected: &Expected, doubtful: bool) {
        self.results += walk.matches.len();
        self.pages += walk.pages.len();
        self.empty += usize::from(walk.matches.is_empty());
        self.doubtful += usize::from(doubtful);
        self.facets += expected.facets.iter().map(|(_, counts)| counts.len()).sum::<usize>();
        self.relaxed += expected.relaxations.len();
        let of: HashMap<usize, &Found> =
            expected.found.iter().map(|found| (found.listing, found)).collect();
        for (found, listing) in walk.matches.iter().zip(&walk.listings) {
            if let Some(relation) = found.relation {
                self.by_relation[relation as usize] += 1;
            }
            let nearest = of[listing].nearest;
            if let (Some(told), Some((true_m, _))) = (found.distance_m(), nearest) {
                let off = (f64::from(told) - true_m).abs();
                if true_m <= PROMISED_M {
                    self.farthest_off_m = self.farthest_off_m.max(off);
                } else {
                    self.farthest_off_ratio = self.farthest_off_ratio.max(off / true_m);
                }
            }
        }
    }
}

/// An answer, all of its pages.
struct Walk {
    limit: usize,
    pages: Vec<Page>,
    matches: Vec<Match>,
    /// Which listing each match is.
    listings: Vec<usize>,
}

/// An error unless `holds`.
fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// How far a distance in meters may be off; told distances are whole meters.
fn tolerance_m(distance_m: f64) -> f64 {
    if distance_m <= PROMISED_M { TOLERANCE_M } else { distance_m * ROUGHLY }
}

impl Walk {
    fn to_the_end(
        oracle: &Oracle<'_>,
        snapshot: &Snapshot,
        question: &Question,
    ) -> Result<Self, String> {
        let total = snapshot.search(&question.query(oracle, 1)).total;
        let limit = match total {
            0..20 => total % 5 + 1,
            20..400 => total % 19 + 12,
            _ => 100 - total % 7,
        };
        let mut query = question.query(oracle, limit);
        let mut pages = Vec::new();
        loop {
            let page = snapshot.search(&query);
            let next = page.next.clone();
            pages.push(page);
            let Some(next) = next else { break };
            ensure(pages.len() <= total / limit, || format!("no end after {} pages", pages.len()))?;
            let cursor = Cursor::decode(&next.encode()).unwrap();
            ensure(query.continues(&cursor), || "the cursor is of another search".to_owned())?;
            query.after = Some(cursor);
        }
        let matches: Vec<Match> =
            pages.iter().flat_map(|page| page.matches.iter().cloned()).collect();
        let listing = |found: &Match| oracle.listing(snapshot.id_of(found.program));
        let listings: Option<Vec<usize>> = matches.iter().map(listing).collect();
        let listings = listings.ok_or("a program that is not there")?;
        Ok(Self { limit, pages, matches, listings })
    }

    fn check(
        &self,
        case: &Case<'_>,
        question: &Question,
        expected: &Expected,
        snapshot: &Snapshot,
    ) -> Result<(), String> {
        self.check_pages(expected)?;
        let found = self.check_results(case.oracle, expected)?;
        match question.sort {
            Sort::Relevance => {
                let all: Vec<(&Found, &Match)> = found.iter().copied().zip(&self.matches).collect();
                let words = question.words.as_deref();
                let named = words.map(|words| case.oracle.named(words, question.now));
                let is_named = |listing| named.as_ref().is_some_and(|all| all.contains(listing));
                let first = found.iter().take_while(|found| is_named(&found.listing)).count();
                let (named, others) = all.split_at(first);
                check_scores(case, question, named)?;
                ensure(!others.iter().any(|(found, _)| is_named(&found.listing)), || {
                    "something named comes after something else".to_owned()
                })?;
                check_turns(case.rules, &found[first..])?;
                for relation in [None].into_iter().chain(Relation::ALL.iter().copied().map(Some)) {
                    let of = others.iter().filter(|(found, _)| found.relation == relation);
                    check_scores(case, question, &of.copied().collect::<Vec<_>>())?;
                }
            }
            _ => check_order(case, question, found.iter().copied())?,
        }
        for (found, shown) in found.iter().zip(&self.pages[0].matches).take(4) {
            check_written(case, question, found, shown, snapshot)
                .map_err(|reason| format!("written: {reason}"))?;
        }
        Ok(())
    }

    /// What stands beside the results, on every page.
    fn check_pages(&self, expected: &Expected) -> Result<(), String> {
        let total = expected.found.len();
        let mut by_relation = [0; 4];
        for relation in expected.found.iter().filter_map(|found| found.relation) {
            by_relation[relation as usize] += 1;
        }
        for (number, page) in self.pages.iter().enumerate() {
            let radius_m = page.radius.map(peer_directory::search::Radius::meters);
            ensure(radius_m == expected.radius_m, || {
                format!("looked {radius_m:?} m far instead of {:?}", expected.radius_m)
            })?;
            ensure(page.total == total, || format!("total {} instead of {total}", page.total))?;
            ensure(page.by_relation == by_relation, || {
                format!("by relation {:?} instead of {by_relation:?}", page.by_relation)
            })?;
            for ((facet, counts), (_, wanted)) in page.facets.iter().zip(&expected.facets) {
                let told: Vec<(String, u32)> =
                    counts.iter().map(|count| (count.value.to_string(), count.count)).collect();
                ensure(told == *wanted, || {
                    format!("facet {} is {told:?} instead of {wanted:?}", facet.as_str())
                })?;
            }
            ensure(page.facets.len() == expected.facets.len(), || "facets are missing".to_owned())?;
            let last = number + 1 == self.pages.len();
            let rows = if last { total - number * self.limit } else { self.limit };
            ensure(page.matches.len() == rows, || {
                format!("{} rows on page {number} instead of {rows}", page.matches.len())
            })?;
        }
        let relaxations = &self.pages[0].relaxations;
        ensure(*relaxations == expected.relaxations, || {
            format!("relaxations {relaxations:?} instead of {:?}", expected.relaxations)
        })
    }

    /// The set, the relations and the distances; returns what was expected in the order it came in.
    fn check_results<'e>(
        &self,
        oracle: &Oracle<'_>,
        expected: &'e Expected,
    ) -> Result<Vec<&'e Found>, String> {
        let mut wanted: HashMap<usize, &Found> =
            expected.found.iter().map(|found| (found.listing, found)).collect();
        let mut inorder = Vec::with_capacity(self.matches.len());
        for (shown, number) in self.matches.iter().zip(&self.listings) {
            let name = || oracle.facts[*number].listing.program.name.to_string();
            let found = wanted.remove(number);
            let found = found.ok_or_else(|| format!("`{}` is twice or too many", name()))?;
            ensure(shown.relation == found.relation, || {
                format!("`{}` is {:?} instead of {:?}", name(), shown.relation, found.relation)
            })?;
            let near = match (shown.distance_m(), found.nearest) {
                (None, None) => true,
                (Some(told), Some((true_m, _))) => {
                    // Half a meter for telling whole ones.
                    (f64::from(told) - true_m).abs() <= tolerance_m(true_m) + 0.5
                }
                _ => false,
            };
            ensure(near, || {
                format!("`{}` at {:?} instead of {:?}", name(), shown.distance_m(), found.nearest)
            })?;
            inorder.push(found);
        }
        ensure(wanted.is_empty(), || format!("{} results are missing", wanted.len()))?;
        Ok(inorder)
    }
}

/// Of five rows three are near, one serves the area and one is open to all; a stream that has run out
/// leaves its turns to the first that has any left. Of those without a place one leaves its turn to the one
/// whose words are worth the most, if that is more than twice as much.
fn check_turns(rules: Rules, found: &[&Found]) -> Result<(), String> {
    let mut left: [VecDeque<u32>; 4] = Default::default();
    for found in found {
        if let Some(relation) = found.relation {
            left[relation as usize].push_back(found.worth);
        }
    }
    for (row, found) in found.iter().enumerate() {
        let Some(relation) = found.relation else { continue };
        let turn = rules.turns[row % 5];
        let any = || left.iter().position(|stream| !stream.is_empty()).unwrap();
        let mut stream = if left[turn].is_empty() { any() } else { turn };
        if stream > 0 {
            let next = |at: usize| left[at].front().copied().unwrap_or(0);
            let best = (1..4).rev().max_by_key(|at| next(*at)).unwrap();
            if next(best) > rules.outdone * next(stream) {
                stream = best;
            }
        }
        ensure(relation as usize == stream, || {
            format!("row {row} is {relation:?} instead of {:?}", Relation::ALL[stream])
        })?;
        left[stream].pop_front();
    }
    Ok(())
}

/// Checks one stream by relevance: each term of each score is what the rules say, and the highest sum
/// comes first, then what is nearer, then names.
fn check_scores(
    case: &Case<'_>,
    question: &Question,
    stream: &[(&Found, &Match)],
) -> Result<(), String> {
    for (found, shown) in stream {
        let wanted = case.score(found, question);
        for ((name, told), wanted) in shown.score.terms().into_iter().skip(1).zip(wanted) {
            // A meter more or less at the place itself is 30 thousandths of a point.
            let slack = if name == "place" { 40.0 } else { 1.0 };
            ensure((f64::from(told) - wanted).abs() <= slack, || {
                format!("{name} is worth {told} instead of {wanted} in {found:?}")
            })?;
        }
    }
    for pair in stream.windows(2) {
        let [(before, earlier), (next, later)] = pair else { continue };
        let told = || format!("{next:?} {later:?} comes after {before:?} {earlier:?}");
        // What words are worth is compared with each other: both are parts of the same whole.
        let (a, b) = (u64::from(earlier.score.words), u64::from(later.score.words));
        let (u, v) = (u64::from(before.worth), u64::from(next.worth));
        let full = u64::from(Weights::default().words) * 1_000;
        let capped = a.max(b) == full && (a >= b) == (u >= v || a == b);
        ensure(capped || (a * v).abs_diff(b * u) <= u.max(v), told)?;
        ensure(earlier.score.total() >= later.score.total(), told)?;
        if earlier.score.total() == later.score.total() {
            let names = [before, next].map(|found| {
                let (_, name, id) = case.key(found, question);
                (name, id)
            });
            let (first, second) = (earlier.distance_m(), later.distance_m());
            ensure(
                first < second || first == second && (first.is_some() || names[0] < names[1]),
                told,
            )?;
        }
    }
    Ok(())
}

/// Checks one stream: by key, by distance, by name. Two results may swap when their distances differ
/// by less than both may be off; at one point they may not.
fn check_order<'e>(
    case: &Case<'_>,
    question: &Question,
    found: impl Iterator<Item = &'e Found>,
) -> Result<(), String> {
    let by_distance = matches!(question.sort, Sort::Distance | Sort::NextMeeting);
    let mut before: Option<&Found> = None;
    let mut farthest = 0.0_f64;
    let mut last_at: HashMap<usize, (&str, u128)> = HashMap::new();
    for next in found {
        let (first, name, id) = case.key(next, question);
        let told = || format!("`{name}` at {:?} comes after {before:?}", next.nearest);
        let same = before.is_some_and(|before| case.key(before, question).0 == first);
        if !same {
            farthest = 0.0;
            last_at.clear();
        }
        if let Some(before) = before {
            let (before_first, before_name, before_id) = case.key(before, question);
            ensure(before_first <= first, told)?;
            let named = next.nearest.is_none() || !by_distance;
            ensure(!same || !named || (before_name, before_id) < (name, id), told)?;
        }
        if let (true, Some((distance_m, point))) = (by_distance, next.nearest) {
            let slack = 2.0 * tolerance_m(farthest.max(distance_m));
            ensure(farthest < distance_m + slack, told)?;
            farthest = farthest.max(distance_m);
            let there = last_at.insert(point, (name, id));
            ensure(there.is_none_or(|there| there < (name, id)), told)?;
        }
        before = Some(next);
    }
    Ok(())
}

/// What a result says: which program, which sessions, whether there is room and whether it is true.
fn check_written(
    case: &Case<'_>,
    question: &Question,
    found: &Found,
    shown: &Match,
    snapshot: &Snapshot,
) -> Result<(), String> {
    let facts = &case.oracle.facts[found.listing];
    let listing = facts.listing;
    let mut written = Vec::new();
    let telling = Telling { now: question.now, lang: "en", explain: true };
    snapshot.write_results(&mut written, std::slice::from_ref(shown), &telling);
    let written: Value = serde_json::from_slice(&written).map_err(|error| error.to_string())?;

    let told = |at: &str| written.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let status: VerificationStatus = listing.verification.status(question.now);
    let room = listing.intake.accepting.is_some().then(|| case.room(facts, question).to_string());
    for (at, wanted) in [
        ("/id", Some(listing.program.id.to_string())),
        ("/match/relation", found.relation.map(|relation| relation.to_string())),
        ("/verification/status", Some(status.to_string())),
        ("/intake/accepting/status", room),
    ] {
        ensure(told(at) == wanted, || format!("{at} is {:?}, not {wanted:?}", told(at)))?;
    }
    let score = written.pointer("/match/score").and_then(Value::as_f64);
    let terms = written.pointer("/match/explain").and_then(Value::as_object);
    let sum = terms.map(|terms| terms.values().filter_map(Value::as_f64).sum::<f64>());
    let whole = f64::from(shown.score.total()) / 1_000.0;
    ensure(
        [score, sum].iter().all(|told| told.is_some_and(|told| (told - whole).abs() < 1e-6)),
        || format!("score {score:?}, terms {sum:?}, {whole}"),
    )?;
    let meters = written.pointer("/match/distance_m").and_then(Value::as_u64);
    ensure(meters == shown.distance_m().map(u64::from), || format!("{meters:?} m"))?;
    let total = written["sessions_total"].as_u64();
    ensure(total == Some(listing.sessions.len() as u64), || format!("{total:?} sessions"))?;

    case.check_coming(found, question, &written)?;
    let sessions = written["sessions"].as_array().cloned().unwrap_or_default();
    let mut wanted: Vec<(Value, f64)> = found
        .sessions
        .iter()
        .filter(|(at, _)| *at != NO_SESSION)
        .map(|(at, distance_m)| {
            // Through text as well, since reading a number may round it.
            let session = serde_json::to_vec(&listing.sessions[*at]).unwrap();
            (serde_json::from_slice(&session).unwrap(), distance_m.unwrap_or(f64::MAX))
        })
        .collect();
    ensure(sessions.len() == wanted.len().min(5), || {
        format!("{} of {} matching sessions", sessions.len(), wanted.len())
    })?;
    for session in sessions {
        let nearest = wanted.iter().map(|(_, distance_m)| *distance_m).fold(f64::MAX, f64::min);
        let at = wanted.iter().position(|(wanted, distance_m)| {
            *wanted == session && *distance_m <= nearest + 2.0 * tolerance_m(nearest)
        });
        let at =
            at.ok_or_else(|| format!("a session that does not match, or too early: {session}"))?;
        wanted.remove(at);
    }
    Ok(())
}
