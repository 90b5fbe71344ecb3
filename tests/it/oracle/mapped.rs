//! Maps of what matches, against one point after the other.

use std::collections::{BTreeMap, HashMap};
use std::f64::consts::{FRAC_PI_4, PI};

use fastrand::Rng;
use peer_directory::domain::{Listing, Precision, ProgramId};
use peer_directory::search::{Cluster, Query, Snapshot, Zoom};

use super::directory::{DIRECTORY, Directory};
use super::facts::Oracle;
use super::question::Question;
use super::rules::{Case, RULES, doubts};
use super::timely::Known;
use crate::support::cases;

/// More clusters than this are never told.
const MOST: usize = 2_000;
/// Half of the last place that is told of a mean, in degrees, and what places are off by.
const TOLERANCE_DEGREES: f64 = 2e-5;

/// A listing at the first of its matching places.
#[derive(Debug, Clone)]
struct Point {
    listing: usize,
    session: usize,
    precision: Precision,
    latitude: f64,
    longitude: f64,
}

impl Point {
    /// The column and the row of its square: 64 pixels of a world that is 256 pixels wide at zoom 0.
    fn square(&self, zoom: u32) -> (u64, u64) {
        let across = f64::from(4 << zoom);
        let mercator = (FRAC_PI_4 + self.latitude.to_radians() / 2.0).tan().ln();
        let part = |part: f64| (part * across).floor().clamp(0.0, across - 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let number = |part: f64| part as u64;
        let column = number(part((self.longitude + 180.0) / 360.0));
        (column, number(part(0.5 - mercator / (2.0 * PI))))
    }

    fn is_at(&self, other: &Self) -> bool {
        self.latitude == other.latitude && self.longitude == other.longitude
    }
}

/// Places as maps know them, within a meter.
fn roughly(degrees: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "this is what is meant")]
    f64::from(degrees as f32)
}

fn points(case: &Case<'_>, question: &Question) -> Vec<Point> {
    let found = case.expected(question).found;
    let point = |found: &super::rules::Found| {
        let (session, _) = found.sessions[0];
        let listing = case.oracle.facts[found.listing].listing;
        let place = listing.sessions[session].location.as_ref().unwrap();
        Point {
            listing: found.listing,
            session,
            precision: place.precision,
            latitude: roughly(place.latitude),
            longitude: roughly(place.longitude),
        }
    };
    found.iter().map(point).collect()
}

/// The points by their squares, at the closest zoom that has not too many of them.
fn squares(points: &[Point], asked: u32) -> (u32, BTreeMap<(u64, u64), Vec<Point>>) {
    for zoom in (0..=asked).rev() {
        let mut squares: BTreeMap<(u64, u64), Vec<Point>> = BTreeMap::new();
        for point in points {
            squares.entry(point.square(zoom)).or_default().push(point.clone());
        }
        if squares.len() <= MOST {
            return (zoom, squares);
        }
    }
    unreachable!("there are sixteen squares at zoom 0");
}

/// Whether a box is that of some points, but for what is rounded.
fn bounds_are(bounds: [f64; 4], points: &[Point]) -> bool {
    let most = |of: fn(&Point) -> f64| points.iter().map(of).fold(f64::MIN, f64::max);
    let [west, south, east, north] = [
        most(|p| -p.longitude),
        most(|p| -p.latitude),
        most(|p| p.longitude),
        most(|p| p.latitude),
    ];
    let pairs = [-west, -south, east, north].into_iter().zip(bounds);
    pairs.into_iter().all(|(of, told)| (of - told).abs() < TOLERANCE_DEGREES)
}

/// Holds a cluster against the points of its square.
fn check(oracle: &Oracle<'_>, snapshot: &Snapshot, zoom: u32, found: &Cluster, points: &[Point]) {
    assert_eq!(found.count, points.len());
    let of = |precision| points.iter().filter(|point| point.precision == precision).count();
    let by_precision = [Precision::Exact, Precision::Approximate, Precision::Area].map(of);
    assert_eq!(found.by_precision, by_precision);
    assert_eq!(by_precision.iter().sum::<usize>(), found.count, "a hidden place is on the map");

    let [west, south, east, north] = found.bounds;
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    let many = points.len() as f64;
    for (of, mean, low, high) in [
        (
            points.iter().map(|point| point.longitude).collect::<Vec<f64>>(),
            found.longitude,
            west,
            east,
        ),
        (points.iter().map(|point| point.latitude).collect(), found.latitude, south, north),
    ] {
        let least = of.iter().copied().fold(f64::MAX, f64::min);
        let most = of.iter().copied().fold(f64::MIN, f64::max);
        assert!(low <= least && least - low < TOLERANCE_DEGREES, "{low} {least}");
        assert!(high >= most && high - most < TOLERANCE_DEGREES, "{high} {most}");
        assert!((of.iter().sum::<f64>() / many - mean).abs() < TOLERANCE_DEGREES, "{mean}");
    }

    let mut names: Vec<_> = points
        .iter()
        .map(|point| {
            let facts = &oracle.facts[point.listing];
            (&facts.name, facts.listing.program.id, point.session)
        })
        .collect();
    names.sort();
    let one_point = points.iter().all(|point| point.is_at(&points[0]));
    names.truncate(if points.len() == 1 || one_point && zoom >= 15 { 10 } else { 0 });
    let wanted: Vec<_> = names.into_iter().map(|(_, id, session)| (id, session)).collect();
    let told = found.told.iter().map(|(program, session)| (snapshot.id_of(*program), *session));
    assert_eq!(told.collect::<Vec<_>>(), wanted);
}

/// Every cluster is the points of one square and no others, and the counts add up to the total.
#[test]
fn maps_are_those_of_the_oracle() {
    let oracle = Oracle::new(&DIRECTORY);
    let whole = DIRECTORY.snapshot_of(DIRECTORY.listings.iter());
    let (half, later) = DIRECTORY.listings.split_at(DIRECTORY.listings.len() / 2);
    let ids: Vec<_> = later.iter().map(|listing| listing.program.id).collect();
    let in_segments = DIRECTORY.snapshot_of(half.iter()).updated(1, &ids, later, &[], Vec::new());
    assert!(in_segments.segments() > 1);
    let (mut clusters, mut told, mut compared) = (0, 0, 0);

    for number in 0..cases(2_500) as u64 {
        let question = Question::boxed(number, &oracle);
        let random = &mut Rng::with_seed(number);
        let zoom = random.u32(..=22);
        let snapshot = if random.u32(..3) == 0 { &in_segments } else { &whole };
        let query = question.query(&oracle, 1);
        let map = snapshot.clusters(&query, zoom.to_string().parse::<Zoom>().unwrap());
        let sum = map.clusters.iter().map(|cluster| cluster.count).sum::<usize>();
        assert_eq!((sum, map.total), (snapshot.search(&query).total, sum), "{question:#?}");
        if !doubts(&oracle, &RULES, &question).is_empty() {
            continue;
        }
        let (settled, known) = (HashMap::default(), Known::default());
        let case = Case { oracle: &oracle, rules: RULES, settled, known };
        let (least, mut squares) = squares(&points(&case, &question), zoom);
        assert_eq!(u32::from(map.zoom.number()), least, "question {number}: {question:#?}");
        assert_eq!(map.clusters.len(), squares.len(), "question {number}: {question:#?}");
        for found in &map.clusters {
            // Told places are rounded, perhaps over the edge of a square: they are found by all they hold.
            let square = squares.iter().find(|(_, points)| bounds_are(found.bounds, points));
            let square = square.map(|(square, _)| *square);
            let of = square.and_then(|square| squares.remove(&square));
            let of = of.unwrap_or_else(|| panic!("question {number}: no square of {found:?}"));
            check(&oracle, snapshot, least, found, &of);
            told += usize::from(found.count > 1 && !found.told.is_empty());
        }
        clusters += map.clusters.len();
        compared += 1;
    }

    assert!(compared > cases(1_500) && clusters > cases(20_000), "{compared} {clusters}");
    assert!(told > cases(50), "{told}");
}

/// When there would be too many clusters, they are those of the closest zoom that has not.
#[test]
fn a_map_of_very_many_places_is_coarser() {
    let random = &mut Rng::with_seed(7);
    let at_a_door = |listing: &&Listing| {
        let place = listing.sessions.first().and_then(|session| session.location.as_ref());
        place.is_some_and(|place| place.precision == Precision::Exact)
    };
    let model = DIRECTORY.listings.iter().find(at_a_door).unwrap();
    let (mut listings, mut points) = (Vec::new(), Vec::new());
    for number in 0..6_000 {
        let mut listing = model.clone();
        listing.program.id = ProgramId::derived("many", &number.to_string());
        listing.sessions.truncate(1);
        let place = listing.sessions[0].location.as_mut().unwrap();
        let spread = [0.5, 60.0][number % 2];
        place.latitude = (random.f64() - 0.5) * spread + 20.0;
        place.longitude = (random.f64() - 0.5) * spread * 3.0 - 50.0;
        points.push(Point {
            listing: 0,
            session: 0,
            precision: Precision::Exact,
            latitude: roughly(place.latitude),
            longitude: roughly(place.longitude),
        });
        listings.push(listing);
    }
    let snapshot = DIRECTORY.snapshot_of(listings.iter());
    let world = "-180,-90,180,90".parse().unwrap();
    let query = Query { bounds: Some(world), ..Query::all(Directory::today()) };
    let mut coarser = 0;
    for asked in 0..=22 {
        let (least, squares) = squares(&points, asked);

        let map = snapshot.clusters(&query, asked.to_string().parse().unwrap());

        assert_eq!(u32::from(map.zoom.number()), least);
        let counts = map.clusters.iter().map(|cluster| cluster.count);
        let mut counts: Vec<usize> = counts.collect();
        let mut wanted: Vec<usize> = squares.values().map(Vec::len).collect();
        counts.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(counts, wanted);
        coarser += u32::from(least < asked);
    }
    assert!(coarser > 10, "{coarser}");
}
