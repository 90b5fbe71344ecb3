//! The rules of the search, applied to one listing after the other.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use peer_directory::domain::{AcceptingStatus, Attendance, Coverage};
use peer_directory::search::{FacetField, Relation, Relaxation, Standpoint};

use super::facts::{Facts, Oracle, Way};
use super::question::Question;
use super::timely::Known;

/// A distance may be off by so much: what is as near to the edge of a circle may be in or out.
pub(super) const TOLERANCE_M: f64 = 1.0;
/// A point as near to the edge of a box may be in or out: a meter, in degrees.
const TOLERANCE_DEGREES: f64 = 1e-5;

/// The numbers in the rules. Tests of the oracle itself plant others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// What every radius is multiplied by.
    pub(super) stretch: f64,
    /// A search that widens itself stops when so many are near.
    pub(super) enough: usize,
    /// How many days an answer about room counts.
    pub(super) fresh_days: i32,
    /// From this age on, programs that do not say are listed.
    pub(super) adult: u8,
    /// Whether one session must satisfy all filters on sessions.
    pub(super) one_session: bool,
    /// Whether a hybrid session is found by all three kinds of attendance.
    pub(super) hybrid_is_all: bool,
    /// What begins before this hour counts for nothing.
    pub(super) first_hour: i8,
    /// Whether a place in a hole of a drawn area is outside of it.
    pub(super) holes: bool,
    /// The streams that rows are taken from in turn.
    pub(super) turns: [usize; 5],
    /// So many times as much words must be worth for another stream to take a turn.
    pub(super) outdone: u32,
}

/// The rules as they are written down.
pub(super) const RULES: Rules = Rules {
    stretch: 1.0,
    enough: 10,
    fresh_days: 30,
    adult: 18,
    one_session: true,
    hybrid_is_all: true,
    first_hour: 0,
    holes: true,
    turns: [0, 0, 1, 0, 2],
    outdone: 2,
};

/// The session of a way that has none.
pub(super) const NO_SESSION: usize = usize::MAX;

/// How a listing stands to the person.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) listing: usize,
    pub(super) relation: Option<Relation>,
    /// Meters to the nearest matching session, and its point.
    pub(super) nearest: Option<(f64, usize)>,
    /// What the words are worth.
    pub(super) worth: u32,
    /// The sessions that match, with their distances.
    pub(super) sessions: Vec<(usize, Option<f64>)>,
}

/// What the search should answer.
#[derive(Debug)]
pub(super) struct Expected {
    /// In no order.
    pub(super) found: Vec<Found>,
    pub(super) radius_m: Option<u32>,
    pub(super) facets: Vec<(FacetField, Vec<(String, u32)>)>,
    pub(super) relaxations: Vec<Relaxation>,
}

/// A point so near to an edge that it may be on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Doubt {
    /// On the edge of a circle of this radius.
    Circle { point: usize, radius_m: u32 },
    /// On the edge of the box.
    Box { point: usize },
}

/// A question with one way to settle what is doubtful.
pub(super) struct Case<'a> {
    pub(super) oracle: &'a Oracle<'a>,
    pub(super) rules: Rules,
    pub(super) settled: HashMap<Doubt, bool>,
    pub(super) known: Known,
}

const RINGS_M: [u32; 5] = [10_000, 25_000, 50_000, 100_000, 160_000];
/// The radii that are tried when little is near.
pub(super) const WIDER_M: [u32; 3] = [50_000, 160_000, 500_000];

/// Everything about a question that may be settled either way.
pub(super) fn doubts(oracle: &Oracle<'_>, rules: &Rules, question: &Question) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (point, position) in oracle.points.iter().enumerate() {
        if let Some(edges) = question.bounds {
            let moved = |east: f64, north: f64| {
                in_box(edges, position.latitude() + north, position.longitude() + east)
            };
            let steps = [-TOLERANCE_DEGREES, 0.0, TOLERANCE_DEGREES];
            let mut around = steps.iter().flat_map(|x| steps.iter().map(|y| moved(*x, *y)));
            let first = around.next();
            if around.any(|inside| Some(inside) != first) {
                doubts.push(Doubt::Box { point });
            }
        }
        let Some(place) = question.place else { continue };
        let mut radii: Vec<u32> = question.radius_m.into_iter().chain(WIDER_M).collect();
        if question.radius_m.is_none() && question.bounds.is_none() {
            radii.extend(RINGS_M);
        }
        radii.sort_unstable();
        radii.dedup();
        let distance_m = oracle.distance_m(place, point);
        doubts.extend(
            radii
                .into_iter()
                .filter(|radius_m| {
                    (distance_m - f64::from(*radius_m) * rules.stretch).abs() <= TOLERANCE_M
                })
                .map(|radius_m| Doubt::Circle { point, radius_m }),
        );
    }
    doubts
}

impl Case<'_> {
    pub(super) fn expected(&self, question: &Question) -> Expected {
        let worths = self.worths(question);
        let radius_m = self.radius(question, &worths);
        let found = self.found(question, &worths, radius_m);
        let facets = question
            .facets
            .iter()
            .map(|facet| (*facet, self.facet(question, &worths, radius_m, *facet)))
            .collect();
        let relaxations = self.relaxations(question, &worths, radius_m, &found);
        Expected { found, radius_m, facets, relaxations }
    }

    /// What the words are worth in each listing; `None` where one is missing.
    fn worths(&self, question: &Question) -> Vec<Option<u32>> {
        match question.words.as_deref() {
            Some(words) => self.oracle.worths(words, question.now),
            None => vec![Some(0); self.oracle.facts.len()],
        }
    }

    /// How far is looked: as far as asked, else as far as it takes to find enough.
    pub(super) fn radius(&self, question: &Question, worths: &[Option<u32>]) -> Option<u32> {
        question.place?;
        if question.radius_m.is_some() || question.bounds.is_some() {
            return question.radius_m;
        }
        let enough = |radius_m: &&u32| {
            let found = self.found(question, worths, Some(**radius_m));
            let near = found.iter().filter(|found| found.relation == Some(Relation::Near));
            near.count() >= self.rules.enough
        };
        RINGS_M.iter().find(enough).or(RINGS_M.last()).copied()
    }

    pub(super) fn found(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
    ) -> Vec<Found> {
        let mut all = Vec::new();
        for (listing, facts) in self.oracle.facts.iter().enumerate() {
            let Some(worth) = worths[listing] else { continue };
            if self.passes(facts, question)
                && let Some((relation, nearest, sessions)) = self.stands(facts, question, radius_m)
            {
                all.push(Found { listing, relation, nearest, worth, sessions });
            }
        }
        all
    }

    /// Whether a listing passes what is asked of programs.
    fn passes(&self, facts: &Facts<'_>, question: &Question) -> bool {
        let chosen = question.choices.iter().all(|choice| {
            let has = |value: &String| facts.has(choice.field, value);
            (choice.any.is_empty() || choice.any.iter().any(has))
                && choice.all.iter().all(has)
                && !choice.none.iter().any(has)
        });
        let organization = &facts.listing.program.organization;
        let run_by = |wanted: &String| {
            *wanted == organization.id.to_string() || *wanted == organization.slug.to_string()
        };
        chosen
            && (question.organizations.is_empty() || question.organizations.iter().any(run_by))
            && question.age.is_none_or(|age| self.takes(facts, age))
            && question.verified_within.is_none_or(|days| {
                let confirmed_at = facts.listing.verification.confirmed_at;
                let hours = i64::from(days) * 24;
                let since = question.now - jiff::SignedDuration::from_hours(hours);
                confirmed_at.is_some_and(|at| at >= since)
            })
            && (question.accepting.is_empty()
                || question.accepting.contains(&self.room(facts, question)))
    }

    /// Ages that are not stated are a question to ask, except for children.
    fn takes(&self, facts: &Facts<'_>, age: u8) -> bool {
        let (min, max) = facts.ages();
        if min.is_none() && max.is_none() {
            return age >= self.rules.adult;
        }
        (min.unwrap_or(0)..=max.unwrap_or(u8::MAX)).contains(&age)
    }

    /// Whether there is room, unless that was known too long ago.
    pub(super) fn room(&self, facts: &Facts<'_>, question: &Question) -> AcceptingStatus {
        let today = question.now.to_zoned(TimeZone::UTC).date();
        match &facts.listing.intake.accepting {
            Some(told) if (today - told.as_of).get_days() <= self.rules.fresh_days => told.status,
            _ => AcceptingStatus::Unknown,
        }
    }

    /// How a listing stands to the person: what relation, how far, by which sessions.
    #[expect(clippy::type_complexity, reason = "taken apart where it is called")]
    fn stands(
        &self,
        facts: &Facts<'_>,
        question: &Question,
        radius_m: Option<u32>,
    ) -> Option<(Option<Relation>, Option<(f64, usize)>, Vec<(usize, Option<f64>)>)> {
        if !self.rules.one_session && !self.suits_apart(facts, question) {
            return None;
        }
        let suits = |way: &&Way| {
            (!self.rules.one_session || self.attended(way, question) && self.reached(way, question))
                && self.timely(facts, way, question)
        };
        let fitting: Vec<&Way> = facts.ways.iter().filter(suits).collect();
        let with_sessions = |ways: &[&Way]| {
            let mut sessions: Vec<(usize, Option<f64>)> = ways
                .iter()
                .map(|way| (way.session.unwrap_or(NO_SESSION), self.distance(way, question)))
                .collect();
            // A hybrid session has two ways to one meeting; the place counts.
            sessions.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.is_none().cmp(&b.1.is_none())));
            sessions.dedup_by_key(|(session, _)| *session);
            sessions
        };
        if question.bounds.is_none() && question.place.is_none() {
            return (!fitting.is_empty()).then(|| (None, None, with_sessions(&fitting)));
        }
        let here = |way: &&&Way| {
            way.at.is_some_and(|point| {
                question.bounds.is_none_or(|edges| self.in_box(edges, point))
                    && radius_m.is_none_or(|radius_m| self.in_circle(question, radius_m, point))
            })
        };
        let here: Vec<&Way> = fitting.iter().filter(here).copied().collect();
        if !here.is_empty() {
            let nearest = here
                .iter()
                .filter_map(|way| Some((self.distance(way, question)?, way.at?)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let relation = question.place.map(|_| Relation::Near);
            return Some((relation, nearest, with_sessions(&here)));
        }
        let place = &self.oracle.places[question.place.filter(|_| question.bounds.is_none())?];
        let relation = self.reaches(&facts.listing.program.coverage, place)?;
        let apart: Vec<&Way> = fitting.into_iter().filter(|way| way.at.is_none()).collect();
        if apart.is_empty() {
            return None;
        }
        let chapters = apart.iter().all(|way| way.chapter);
        let relation = if chapters { Relation::FindAChapter } else { relation };
        let mut sessions = with_sessions(&apart);
        sessions.iter_mut().for_each(|(_, distance_m)| *distance_m = None);
        Some((Some(relation), None, sessions))
    }

    /// The planted fault: different sessions may satisfy different filters.
    fn suits_apart(&self, facts: &Facts<'_>, question: &Question) -> bool {
        facts.ways.iter().any(|way| self.attended(way, question))
            && facts.ways.iter().any(|way| self.reached(way, question))
    }

    fn attended(&self, way: &Way, question: &Question) -> bool {
        let hybrid = way.attendance == Some(Attendance::Hybrid) && self.rules.hybrid_is_all;
        question.attendance.is_empty()
            || question.attendance.iter().any(|wanted| {
                let possible = !way.from_afar || *wanted != Attendance::InPerson;
                possible && (hybrid || way.attendance == Some(*wanted))
            })
    }

    #[expect(clippy::unused_self, reason = "beside `attended`")]
    fn reached(&self, way: &Way, question: &Question) -> bool {
        question.channels.is_empty()
            || question.channels.iter().any(|wanted| way.channels.contains(wanted))
    }

    fn distance(&self, way: &Way, question: &Question) -> Option<f64> {
        Some(self.oracle.distance_m(question.place?, way.at?))
    }

    fn in_circle(&self, question: &Question, radius_m: u32, point: usize) -> bool {
        let Some(place) = question.place else { return true };
        let within = f64::from(radius_m) * self.rules.stretch;
        let settled = self.settled.get(&Doubt::Circle { point, radius_m });
        settled.copied().unwrap_or_else(|| self.oracle.distance_m(place, point) < within)
    }

    fn in_box(&self, edges: [f64; 4], point: usize) -> bool {
        let at = self.oracle.points[point];
        let settled = self.settled.get(&Doubt::Box { point });
        settled.copied().unwrap_or_else(|| in_box(edges, at.latitude(), at.longitude()))
    }

    /// How a coverage reaches a place; `None` when it does not.
    fn reaches(&self, coverage: &Coverage, place: &Standpoint) -> Option<Relation> {
        let county = place.county.as_ref().is_some_and(|code| coverage.counties.contains(code));
        let subdivision =
            place.subdivision.is_some_and(|code| coverage.subdivisions.contains(&code));
        let postal = place.postal_code.as_ref().is_some_and(|code| {
            coverage.postal_prefixes.iter().any(|area| {
                Some(area.country) == place.country && code.starts_with(area.prefix.as_str())
            })
        });
        let drawn = coverage.polygon.as_ref().is_some_and(|polygon| {
            polygon.polygons().iter().any(|rings| {
                let in_ring = |ring: &Vec<[f64; 2]>| surrounds(ring, place);
                in_ring(&rings[0]) && !(self.rules.holes && rings[1..].iter().any(in_ring))
            })
        });
        if county || subdivision || postal || drawn {
            return Some(Relation::ServesArea);
        }
        let national = place.country.is_some_and(|code| coverage.countries.contains(&code));
        (coverage.worldwide || national).then_some(Relation::OpenTo)
    }
}

/// Whether a ring goes around a place, by the edges that a ray from it meets.
fn surrounds(ring: &[[f64; 2]], place: &Standpoint) -> bool {
    let (x, y) = (place.position.longitude(), place.position.latitude());
    let crossed = ring.windows(2).filter(|edge| {
        let ([ax, ay], [bx, by]) = (edge[0], edge[1]);
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossed.count() % 2 == 1
}

/// Whether a point is in a box: going east from the west edge, it comes before the east edge.
fn in_box([west, south, east, north]: [f64; 4], latitude: f64, longitude: f64) -> bool {
    let eastward = |to: f64| (to - west).rem_euclid(360.0);
    let whole = east - west >= 360.0;
    (south..=north).contains(&latitude) && (whole || eastward(longitude) <= eastward(east))
}
