//! Towns, postal codes and outlines of the world, in the binary: places are resolved without
//! asking anyone.
//!
//! The data and its licences are described in `seed-data/places/SOURCES.md`.

mod data;
mod resolve;
mod shapes;
mod walk;

use crate::domain::{CountryCode, CountyCode, Origin, Position, SubdivisionCode};

pub use data::Gazetteer;
pub use resolve::{NotFound, Resolved, numbers};

/// What must stand beside places: see `seed-data/places/SOURCES.md`.
pub const ATTRIBUTIONS: &[&str] = &[
    "Place and postal data © GeoNames (https://www.geonames.org/), CC BY 4.0, changed.",
    "ZIP code positions: US Census Bureau.",
    "Country outlines: Natural Earth.",
    "Province outlines: Natural Earth.",
    "State and county outlines: US Census Bureau.",
];

/// What kind of place was resolved.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A point that was given in degrees.
    Coordinates,
    /// The middle of a postal code's area.
    PostalCode,
    /// The middle of a town.
    Town,
    /// The middle of where people live in a county.
    County,
    /// The middle of where people live in a state, province or region.
    Subdivision,
    /// The middle of where people live in a country.
    Country,
}

/// A place on the map with everything that decides which programs serve it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// What people call it, such as `Portland, Oregon, United States`.
    pub label: String,
    /// Its middle.
    pub position: Position,
    /// The country it is in.
    pub country: Option<CountryCode>,
    /// The state, province or region it is in.
    pub subdivision: Option<SubdivisionCode>,
    /// The county it is in, where the gazetteer knows counties.
    pub county: Option<CountyCode>,
    /// Its postal code, when it was asked for by one.
    pub postal_code: Option<String>,
    /// Its time zone.
    pub time_zone: Option<String>,
}

/// A point of the index of towns.
#[derive(Debug, Clone, Copy)]
struct TownPoint {
    ecef: [f64; 3],
    town: u32,
}

impl rstar::RTreeObject for TownPoint {
    type Envelope = rstar::AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        rstar::AABB::from_point(self.ecef)
    }
}

impl rstar::PointDistance for TownPoint {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        (0..3).map(|i| (self.ecef[i] - point[i]).powi(2)).sum()
    }
}

/// How far the nearest town may be and still lend its name and zone, in meters.
const NEARBY_TOWN_M: f64 = 300_000.0;

impl Gazetteer {
    /// The place at a point: its divisions by the outlines, else by the nearest town.
    pub fn at(&self, position: Position) -> Place {
        let town = self.nearest_town(position);
        let outline = self.shapes.locate(position);
        let nearby = town.filter(|(_, distance_m)| *distance_m < 50_000.0).map(|(town, _)| town);
        let country = outline.country.or_else(|| nearby.map(|town| self.towns[town].country));
        let subdivision = outline.subdivision.or_else(|| {
            nearby.and_then(|town| self.towns[town].subdivision).filter(|subdivision| {
                country.is_none_or(|country| country == subdivision.country())
            })
        });
        Place {
            kind: PlaceKind::Coordinates,
            label: town.map_or_else(
                || "somewhere far from any town".to_owned(),
                |(town, _)| format!("near {}", self.town_label(town)),
            ),
            position,
            country,
            subdivision,
            county: outline.county,
            postal_code: None,
            time_zone: town.map(|(town, _)| self.zone_name(self.towns[town].zone).to_owned()),
        }
    }

    /// The time zone at a point: that of the nearest town.
    pub fn zone_at(&self, position: Position) -> Option<&str> {
        self.nearest_town(position).map(|(town, _)| self.zone_name(self.towns[town].zone))
    }

    fn nearest_town(&self, position: Position) -> Option<(usize, f64)> {
        let origin = Origin::new(position);
        let point = self.town_index().nearest_neighbor(origin.ecef())?;
        let distance_m = origin.distance_m(point.ecef);
        (distance_m < NEARBY_TOWN_M).then_some((point.town as usize, distance_m))
    }

    /// What people call a subdivision or a country, by its code.
    pub fn name_of(&self, code: &str) -> Option<&str> {
        self.regions.get(code).map(|region| region.name.as_str())
    }
}
