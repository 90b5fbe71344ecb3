//! Where a person must be to take part.

use serde::{Deserialize, Serialize};

use super::place::{CountryCode, CountyCode, SubdivisionCode};
use super::position::Position;
use super::text::Text;

/// Where a person must be to take part in a program.
///
/// The parts add up: a person in any of them may take part. Nothing at all means it is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Anyone, anywhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub worldwide: bool,
    /// Whole countries, after ISO 3166-1 alpha-2.
    #[schema(value_type = Vec<String>, example = json!(["US"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<CountryCode>,
    /// States, provinces or regions, after ISO 3166-2.
    #[schema(value_type = Vec<String>, example = json!(["US-OR"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subdivisions: Vec<SubdivisionCode>,
    /// Counties: in the US, the state and the county's FIPS code.
    #[schema(value_type = Vec<String>, example = json!(["US-OR-051"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counties: Vec<CountyCode>,
    /// Every postal code that begins so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postal_prefixes: Vec<PostalPrefix>,
    /// An area drawn on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polygon: Option<Polygon>,
}

impl Coverage {
    /// Everywhere.
    pub fn worldwide() -> Self {
        Self { worldwide: true, ..Self::default() }
    }

    /// Whether nothing is known about it.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// The beginning of a country's postal codes.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct PostalPrefix {
    /// The country whose codes are meant.
    #[schema(value_type = String, example = "US")]
    pub country: CountryCode,
    /// What the code begins with, in capitals and without spaces.
    #[schema(value_type = String, example = "972")]
    pub prefix: Text<10>,
}

/// An area in GeoJSON's `MultiPolygon` coordinates: polygons of rings of `[longitude, latitude]`.
///
/// The first ring of a polygon is its outside, the others are holes; every ring ends where it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "Vec<Vec<Vec<[f64; 2]>>>", into = "Vec<Vec<Vec<[f64; 2]>>>")]
pub struct Polygon(Vec<Vec<Vec<[f64; 2]>>>);

/// Why an area was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPolygon {
    /// A point is off the earth.
    #[error("every point must be [longitude, latitude] in degrees")]
    OffTheEarth,
    /// A ring has too few points or does not close.
    #[error("every ring needs at least four points and must end where it began")]
    OpenRing,
    /// There is nothing in it, or too much.
    #[error("an area has 1 to 5,000 points in all")]
    Size,
}

impl Polygon {
    /// The polygons, each with its outside first.
    pub fn polygons(&self) -> &[Vec<Vec<[f64; 2]>>] {
        &self.0
    }
}

impl TryFrom<Vec<Vec<Vec<[f64; 2]>>>> for Polygon {
    type Error = InvalidPolygon;

    fn try_from(polygons: Vec<Vec<Vec<[f64; 2]>>>) -> Result<Self, InvalidPolygon> {
        let points: usize = polygons.iter().flatten().map(Vec::len).sum();
        if !(1..=5_000).contains(&points) {
            return Err(InvalidPolygon::Size);
        }
        for ring in polygons.iter().flatten() {
            if ring.len() < 4 || ring.first() != ring.last() {
                return Err(InvalidPolygon::OpenRing);
            }
            if ring.iter().any(|&[longitude, latitude]| Position::new(latitude, longitude).is_err())
            {
                return Err(InvalidPolygon::OffTheEarth);
            }
        }
        Ok(Self(polygons))
    }
}

impl From<Polygon> for Vec<Vec<Vec<[f64; 2]>>> {
    fn from(polygon: Polygon) -> Self {
        polygon.0
    }
}
