//! The public points of sessions, by place.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::query::BoundingBox;
use crate::domain::{Origin, Position};

/// The public point of one offer, in earth-centered coordinates: right at the antimeridian and the
/// poles, where every index of degrees is wrong.
#[derive(Debug, Clone, Copy)]
struct OfferPoint {
    ecef: [f64; 3],
    offer: u32,
}

impl RTreeObject for OfferPoint {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.ecef)
    }
}

impl PointDistance for OfferPoint {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        let d = [self.ecef[0] - point[0], self.ecef[1] - point[1], self.ecef[2] - point[2]];
        d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
    }
}

/// Where offers are.
#[derive(Debug, Default)]
pub(super) struct Points {
    tree: RTree<OfferPoint>,
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
            .map(|(position, offer)| {
                (narrow(position.latitude()), narrow(position.longitude()), *offer)
            })
            .collect();
        self.by_latitude.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let points = positions
            .into_iter()
            .filter_map(|(_, offer)| {
                let ecef = self.of_offer.get(offer as usize).copied().flatten()?;
                Some(OfferPoint { ecef, offer })
            })
            .collect();
        self.tree = RTree::bulk_load(points);
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
        let point = OfferPoint { ecef, offer };
        // Most are far away: the straight line tells without a root or an arc.
        if point.distance_2(&origin.ecef()) > chord * chord {
            return None;
        }
        Some(origin.distance_m(ecef)).filter(|distance_m| *distance_m <= radius_m)
    }

    /// Meters from the origin to an offer's public point; `None` when it has none.
    pub(super) fn distance_m(&self, origin: &Origin, offer: u32) -> Option<f64> {
        self.of_offer.get(offer as usize).copied().flatten().map(|ecef| origin.distance_m(ecef))
    }

    /// Calls `found` with every offer within `radius_m` of the origin, and its distance.
    pub(super) fn within(&self, origin: &Origin, radius_m: f64, mut found: impl FnMut(u32, f64)) {
        let chord = Origin::chord_bound_m(radius_m);
        for point in self.tree.locate_within_distance(origin.ecef(), chord * chord) {
            let distance_m = origin.distance_m(point.ecef);
            if distance_m <= radius_m {
                found(point.offer, distance_m);
            }
        }
    }

    /// Calls `found` with every offer whose public point is in the box.
    ///
    /// Points are kept as `f32` here: a point within about a meter of an edge may fall on either side.
    pub(super) fn within_box(&self, bounds: &BoundingBox, mut found: impl FnMut(u32)) {
        let from = self
            .by_latitude
            .partition_point(|(latitude, _, _)| f64::from(*latitude) < bounds.south);
        for (latitude, longitude, offer) in &self.by_latitude[from..] {
            if f64::from(*latitude) > bounds.north {
                break;
            }
            if bounds.spans(f64::from(*longitude)) {
                found(*offer);
            }
        }
    }
}
