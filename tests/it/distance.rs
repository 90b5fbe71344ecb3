//! Distances against Karney's geodesic, which is right to nanometers and too slow to search with.

use fastrand::Rng;
use geo::{Destination as _, Distance as _, Geodesic, Point};
use peer_directory::domain::{Origin, Position};

use crate::support::cases;

/// Farther than this nobody may ask to look.
const FARTHEST_M: f64 = 500_000.0;

fn position(point: Point) -> Position {
    Position::new(point.y().clamp(-90.0, 90.0), point.x().clamp(-180.0, 180.0)).unwrap()
}

fn point(position: Position) -> Point {
    Point::new(position.longitude(), position.latitude())
}

/// Anywhere, and more often where formulas go wrong: at the poles, the equator, the antimeridian.
fn somewhere(random: &mut Rng) -> Position {
    let little = (random.f64() - 0.5) * 10_f64.powi(-random.i32(0..8));
    let latitude = match random.u32(..8) {
        0 => 90.0 - little.abs(),
        1 => -90.0 + little.abs(),
        2 => little,
        // As many everywhere, not as many at each latitude.
        _ => (random.f64() * 2.0 - 1.0).asin().to_degrees(),
    };
    let longitude = match random.u32(..6) {
        0 => 180.0 - little.abs(),
        1 => -180.0 + little.abs(),
        2 => little,
        _ => random.f64() * 360.0 - 180.0,
    };
    Position::new(latitude, longitude).unwrap()
}

fn distance_m(from: Position, to: Position) -> f64 {
    Origin::new(from).distance_m(to.to_ecef())
}

#[test]
fn a_distance_is_right_to_a_meter_up_to_500_km() {
    for case in 0..cases(50_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let from = somewhere(random);
        // All lengths alike, from a meter to the farthest, and the farthest most of all.
        let wanted_m = if case % 4 == 0 { FARTHEST_M } else { FARTHEST_M.powf(random.f64()) };
        let to = position(Geodesic.destination(point(from), random.f64() * 360.0, wanted_m));
        let true_m = Geodesic.distance(point(from), point(to));
        let off = (distance_m(from, to) - true_m).abs();
        assert!(off < 1.0, "seed {case}: {off} m off between {from} and {to}, {true_m} m apart");
    }
}

#[test]
fn the_antimeridian_is_one_line_and_a_pole_one_point() {
    for case in 0..cases(5_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let latitude = somewhere(random).latitude();
        let pole = 90.0_f64.copysign(latitude);
        let twice = |latitude: f64, longitudes: [f64; 2]| {
            longitudes.map(|longitude| Position::new(latitude, longitude).unwrap())
        };
        let longitudes = [random.f64() * 180.0, random.f64() * -180.0];
        for [one, other] in [twice(latitude, [180.0, -180.0]), twice(pole, longitudes)] {
            let away_m = random.f64() * FARTHEST_M;
            let azimuth = random.f64() * 360.0;
            let from = position(Geodesic.destination(point(one), azimuth, away_m));
            assert!(distance_m(one, other) < 1e-6, "seed {case}: {one} and {other} are one");
            let there = distance_m(from, one) - distance_m(from, other);
            let back = distance_m(one, from) - distance_m(other, from);
            assert!(there.abs() < 1e-6 && back.abs() < 1.0, "seed {case}: from {from} to {one}");
        }
    }
}

#[test]
fn a_point_farther_along_a_line_is_farther_away() {
    for case in 0..cases(5_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let from = somewhere(random);
        let azimuth = random.f64() * 360.0;
        let near_m = FARTHEST_M.powf(random.f64());
        let at = |meters| position(Geodesic.destination(point(from), azimuth, meters));
        let (near, far) = (at(near_m), at(near_m + 0.01));
        assert!(
            distance_m(from, near) < distance_m(from, far),
            "seed {case}: a centimeter beyond {near_m} m from {from} towards {azimuth}"
        );
    }
}

#[test]
fn no_point_of_a_circle_is_beyond_its_chord() {
    for case in 0..cases(5_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let from = somewhere(random);
        let radius_m = FARTHEST_M.powf(random.f64());
        let to = position(Geodesic.destination(point(from), random.f64() * 360.0, radius_m));
        let (a, b) = (Origin::new(from).ecef(), to.to_ecef());
        let chord_m = (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt();
        assert!(chord_m < Origin::chord_bound_m(radius_m), "seed {case}: {from} to {to}");
    }
}

/// Only what is in a box may be asked how far away it is when it is farther than that.
#[test]
fn a_longer_distance_is_right_to_a_fifth_of_a_percent() {
    for case in 0..cases(20_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let (from, to) = (somewhere(random), somewhere(random));
        let true_m = Geodesic.distance(point(from), point(to));
        let off = (distance_m(from, to) - true_m).abs();
        assert!(off < 1.0 + true_m * 0.002, "seed {case}: {off} m off from {from} to {to}");
    }
}
