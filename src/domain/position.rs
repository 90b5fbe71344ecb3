//! Points on the earth and the distances between them.
//!
//! Distances are measured along the WGS84 ellipsoid.
//! [`Origin::distance_m`] agrees with Karney's geodesic within 1 m up to 500 km
//! (`tests/it/distance.rs` holds it to that) and costs a few nanoseconds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The equatorial radius of WGS84, in meters.
const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
/// The polar radius of WGS84, in meters.
const POLAR_RADIUS_M: f64 = 6_356_752.314_245_179;
/// The square of the first eccentricity of WGS84.
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_316_5e-3;

/// A point on the earth, in degrees (WGS84).
///
/// Latitude is -90 to 90, longitude -180 to 180; nothing else can be made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition")]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct RawPosition {
    latitude: f64,
    longitude: f64,
}

/// Coordinates that are not on the earth.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("latitude must be -90 to 90 and longitude -180 to 180 degrees")]
pub struct OffTheEarth;

impl Position {
    /// A point from degrees. `NaN` and infinities are refused like any other number out of range.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, OffTheEarth> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        if on_earth { Ok(Self { latitude, longitude }) } else { Err(OffTheEarth) }
    }

    /// Degrees north of the equator.
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east of Greenwich.
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// The point of the ellipsoid's surface that is seen from the earth's center in the direction of a point in
    /// earth-centered, earth-fixed coordinates; the inverse of [`Self::to_ecef`].
    pub fn towards([x, y, z]: [f64; 3]) -> Result<Self, OffTheEarth> {
        let latitude = (z / (1.0 - ECCENTRICITY_SQUARED)).atan2(x.hypot(y));
        Self::new(latitude.to_degrees(), y.atan2(x).to_degrees())
    }

    /// The point in earth-centered, earth-fixed coordinates, in meters, on the ellipsoid's surface.
    pub fn to_ecef(self) -> [f64; 3] {
        let (sin_lat, cos_lat) = self.latitude.to_radians().sin_cos();
        let (sin_lng, cos_lng) = self.longitude.to_radians().sin_cos();
        let prime_vertical =
            EQUATORIAL_RADIUS_M / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
        [
            prime_vertical * cos_lat * cos_lng,
            prime_vertical * cos_lat * sin_lng,
            prime_vertical * (1.0 - ECCENTRICITY_SQUARED) * sin_lat,
        ]
    }
}

impl TryFrom<RawPosition> for Position {
    type Error = OffTheEarth;

    fn try_from(raw: RawPosition) -> Result<Self, OffTheEarth> {
        Self::new(raw.latitude, raw.longitude)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.latitude, self.longitude)
    }
}

/// A point that distances are measured from, with what can be worked out once.
///
/// The straight chord between two points of the ellipsoid is turned into the arc along its surface
/// by the series of `2R asin(chord / 2R)`, with `R` the radius of curvature in the direction of the
/// chord (Euler's formula): the meridian's radius north-south, the prime vertical's east-west.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    ecef: [f64; 3],
    north: [f64; 3],
    meridian_curvature: f64,
    prime_vertical_curvature: f64,
}

impl Origin {
    /// Prepares to measure from `position`.
    pub fn new(position: Position) -> Self {
        let (sin_lat, cos_lat) = position.latitude.to_radians().sin_cos();
        let (sin_lng, cos_lng) = position.longitude.to_radians().sin_cos();
        let w2 = 1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat;
        let prime_vertical = EQUATORIAL_RADIUS_M / w2.sqrt();
        let meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w2;
        Self {
            ecef: position.to_ecef(),
            north: [-sin_lat * cos_lng, -sin_lat * sin_lng, cos_lat],
            meridian_curvature: 1.0 / meridian,
            prime_vertical_curvature: 1.0 / prime_vertical,
        }
    }

    /// The origin in earth-centered coordinates, in meters.
    pub const fn ecef(&self) -> [f64; 3] {
        self.ecef
    }

    /// Meters along the surface to a point in earth-centered coordinates.
    pub fn distance_m(&self, ecef: [f64; 3]) -> f64 {
        let d = [ecef[0] - self.ecef[0], ecef[1] - self.ecef[1], ecef[2] - self.ecef[2]];
        let chord2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if chord2 == 0.0 {
            return 0.0;
        }
        let northing = d[0] * self.north[0] + d[1] * self.north[1] + d[2] * self.north[2];
        let cos2_azimuth = northing * northing / chord2;
        let curvature = self.meridian_curvature * cos2_azimuth
            + self.prime_vertical_curvature * (1.0 - cos2_azimuth);
        let k2 = chord2 * curvature * curvature;
        let chord = chord2.sqrt();
        // Beyond 500 km the curvature at the origin tells less and less about the way.
        if k2 > 0.0064 {
            return self.far_m(ecef);
        }
        chord * (1.0 + k2 / 24.0 * (1.0 + k2 * 9.0 / 80.0))
    }

    /// Meters along the surface to a far point: Lambert's formula, within 0.2 % all around the earth.
    fn far_m(&self, ecef: [f64; 3]) -> f64 {
        let on_sphere = |[x, y, z]: [f64; 3]| {
            [x / EQUATORIAL_RADIUS_M, y / EQUATORIAL_RADIUS_M, z / POLAR_RADIUS_M]
        };
        let (a, b) = (on_sphere(self.ecef), on_sphere(ecef));
        let square = |sign: f64| (0..3).map(|at| (a[at] + sign * b[at]).powi(2)).sum::<f64>();
        let (apart, together) = (square(-1.0), square(1.0).max(f64::MIN_POSITIVE));
        let angle = 2.0 * apart.sqrt().atan2(together.sqrt());
        let sine = (apart * together).sqrt() / 2.0;
        let polar = (angle - sine) * (a[2] + b[2]).powi(2) / together
            + (angle + sine) * (a[2] - b[2]).powi(2) / apart;
        let flattening = 1.0 - POLAR_RADIUS_M / EQUATORIAL_RADIUS_M;
        EQUATORIAL_RADIUS_M * (angle - flattening / 2.0 * polar)
    }

    /// A chord, in meters, that no point within `radius_m` along the surface lies beyond.
    pub fn chord_bound_m(radius_m: f64) -> f64 {
        // A chord is never longer than its arc; 2 m cover what distance_m may be off by.
        radius_m + 2.0
    }
}
