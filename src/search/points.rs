//! The public points of sessions, by place.
//!
//! Points are kept in earth-centered coordinates, which are right at the antimeridian and the poles,
//! where every index of degrees is wrong. They are sorted along a space-filling curve and cut into
//! blocks, and blocks into groups, each with its bounding box: a look around a place passes over the
//! groups and blocks that are too far and reads the others straight through memory.

use roaring::RoaringBitmap;

use super::query::BoundingBox;
use crate::domain::{Origin, Position};

/// How many points are in a block, and how many blocks in a group.
const FAN: usize = 64;

/// The public point of one offer.
#[derive(Debug, Clone, Copy)]
struct OfferPoint {
    ecef: [f64; 3],
    offer: u32,
}

/// A box in earth-centered coordinates.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: [f64; 3],
    high: [f64; 3],
}

impl Bounds {
    const EMPTY: Self = Self { low: [f64::MAX; 3], high: [f64::MIN; 3] };

    fn join(mut self, other: Self) -> Self {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
        self
    }

    /// The square of the distance from a point to the nearest point of the box.
    fn distance_2(&self, point: [f64; 3]) -> f64 {
        let off = |axis: usize| {
            (self.low[axis] - point[axis]).max(point[axis] - self.high[axis]).max(0.0)
        };
        off(0).powi(2) + off(1).powi(2) + off(2).powi(2)
    }

    /// The square of the distance from a point to the farthest corner of the box.
    fn farthest_2(&self, point: [f64; 3]) -> f64 {
        let off = |axis: usize| {
            (point[axis] - self.low[axis]).abs().max((self.high[axis] - point[axis]).abs())
        };
        off(0).powi(2) + off(1).powi(2) + off(2).powi(2)
    }
}

/// Where offers are.
#[derive(Debug, Default)]
pub(super) struct Points {
    /// Every point, along the curve.
    along: Vec<OfferPoint>,
    /// The box around each `FAN` points.
    blocks: Vec<Bounds>,
    /// The box around each `FAN` blocks.
    groups: Vec<Bounds>,
    /// Latitude, longitude and offer, by latitude.
    by_latitude: Vec<(f32, f32, u32)>,
    /// The earth-centered point of each offer that has one.
    of_offer: Vec<Option<[f64; 3]>>,
    positions: Vec<(Position, u32)>,
}

impl Points {
    pub(super) fn add(&mut self, offer: u32, position: Option<Position>) {
        self.of_offer.push(position.map(Position::to_ecef));
        if let Some(position) = position {
            self.positions.push((position, offer));
        }
    }

    pub(super) fn finish(&mut self) {
        let positions = std::mem::take(&mut self.positions);
        #[expect(clippy::cast_possible_truncation, reason = "only a rough order; see `within_box`")]
        let narrow = |degrees: f64| degrees as f32;
        self.by_latitude = positions
            .iter()
            .map(|(at, offer)| (narrow(at.latitude()), narrow(at.longitude()), *offer))
            .collect();
        self.by_latitude.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        self.along = positions
            .into_iter()
            .map(|(position, offer)| OfferPoint { ecef: position.to_ecef(), offer })
            .collect();
        self.along.sort_by_cached_key(|point| (curve(point.ecef), point.offer));
        let around = |points: &[OfferPoint]| {
            let each = points.iter().map(|point| Bounds { low: point.ecef, high: point.ecef });
            each.fold(Bounds::EMPTY, Bounds::join)
        };
        self.blocks = self.along.chunks(FAN).map(around).collect();
        let join = |blocks: &[Bounds]| blocks.iter().copied().fold(Bounds::EMPTY, Bounds::join);
        self.groups = self.blocks.chunks(FAN).map(join).collect();
        self.of_offer.shrink_to_fit();
    }

    /// Whether an offer has a public point.
    pub(super) fn is_placed(&self, offer: u32) -> bool {
        self.of_offer.get(offer as usize).is_some_and(Option::is_some)
    }

    /// Meters from the origin to an offer's public point, when that is within `radius_m`.
    pub(super) fn distance_within_m(
        &self,
        origin: &Origin,
        offer: u32,
        radius_m: f64,
    ) -> Option<f64> {
        let ecef = self.of_offer.get(offer as usize).copied().flatten()?;
        let chord = Origin::chord_bound_m(radius_m);
        // Most are far away: the straight line tells without a root or an arc.
        if chord_2(ecef, origin.ecef()) > chord * chord {
            return None;
        }
        Some(origin.distance_m(ecef)).filter(|distance_m| *distance_m <= radius_m)
    }

    /// Meters from the origin to an offer's public point; `None` when it has none.
    pub(super) fn distance_m(&self, origin: &Origin, offer: u32) -> Option<f64> {
        self.of_offer.get(offer as usize).copied().flatten().map(|ecef| origin.distance_m(ecef))
    }

    /// Calls `found` with every offer farther than `beyond_m` and within `radius_m` of the origin,
    /// and its distance. A negative `beyond_m` leaves nothing out.
    pub(super) fn between(
        &self,
        origin: &Origin,
        beyond_m: f64,
        radius_m: f64,
        mut found: impl FnMut(u32, f64),
    ) {
        let from = origin.ecef();
        let outer = Origin::chord_bound_m(radius_m);
        let outer_2 = outer * outer;
        // What lies wholly within the inner circle was seen before. A chord is at most a thousandth
        // shorter than its arc up to 500 km.
        let inner = (beyond_m * 0.999 - 4.0).max(0.0);
        let inner_2 = inner * inner;
        let matters = |bounds: &Bounds| {
            bounds.distance_2(from) <= outer_2
                && (inner == 0.0 || bounds.farthest_2(from) >= inner_2)
        };
        for (group, blocks) in
            self.groups.iter().zip(self.blocks.chunks(FAN)).enumerate().filter_map(
                |(number, (bounds, blocks))| matters(bounds).then_some((number, blocks)),
            )
        {
            for (block, bounds) in blocks.iter().enumerate() {
                if !matters(bounds) {
                    continue;
                }
                let begin = (group * FAN + block) * FAN;
                let end = (begin + FAN).min(self.along.len());
                for point in &self.along[begin..end] {
                    if chord_2(point.ecef, from) > outer_2 {
                        continue;
                    }
                    let distance_m = origin.distance_m(point.ecef);
                    if distance_m <= radius_m && distance_m > beyond_m {
                        found(point.offer, distance_m);
                    }
                }
            }
        }
    }

    /// The offers whose public point is in the box.
    ///
    /// Points are kept as `f32` here: a point within about a meter of an edge may fall on either side.
    pub(super) fn within_box(&self, bounds: &BoundingBox) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        let from = self
            .by_latitude
            .partition_point(|(latitude, _, _)| f64::from(*latitude) < bounds.south);
        for (latitude, longitude, offer) in &self.by_latitude[from..] {
            if f64::from(*latitude) > bounds.north {
                break;
            }
            if bounds.spans(f64::from(*longitude)) {
                found.insert(*offer);
            }
        }
        found
    }
}

fn chord_2(a: [f64; 3], b: [f64; 3]) -> f64 {
    let d = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
}

/// The place of a point on a curve that fills space (Morton's): near in space is often near on it.
fn curve(ecef: [f64; 3]) -> u64 {
    let mut code = 0;
    for (axis, meters) in ecef.into_iter().enumerate() {
        // 21 bits an axis, about 7 m each.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped first"
        )]
        let cell = ((meters + 7_000_000.0) / 7.0).clamp(0.0, 2_097_151.0) as u64;
        let mut bits = cell;
        bits = (bits | bits << 32) & 0x001f_0000_0000_ffff;
        bits = (bits | bits << 16) & 0x001f_0000_ff00_00ff;
        bits = (bits | bits << 8) & 0x100f_00f0_0f00_f00f;
        bits = (bits | bits << 4) & 0x10c3_0c30_c30c_30c3;
        bits = (bits | bits << 2) & 0x1249_2492_4924_9249;
        code |= bits << axis;
    }
    code
}
