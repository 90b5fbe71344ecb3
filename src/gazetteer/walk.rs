//! Walking through the tables, for those who need many places and not one.

use super::data::Gazetteer;
use crate::domain::{CountryCode, CountyCode, Position, SubdivisionCode};

/// A town as the gazetteer knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownTown<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// The state, province or region it is in.
    pub(crate) subdivision: Option<SubdivisionCode>,
    /// Its middle.
    pub(crate) position: Position,
    /// How many people live there; 0 when that is not known.
    pub(crate) population: u32,
    /// Its time zone.
    pub(crate) time_zone: &'a str,
}

/// A postal code as the gazetteer knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownPostalCode<'a> {
    /// The code in capitals, without spaces.
    pub(crate) code: &'a str,
    /// The state, province or region it is in.
    pub(crate) subdivision: Option<SubdivisionCode>,
    /// The county it is in, where the gazetteer knows counties.
    pub(crate) county: Option<&'a CountyCode>,
    /// The middle of its area.
    pub(crate) position: Position,
}

impl Gazetteer {
    /// The towns of a country, the one with most people first.
    pub(crate) fn largest_towns(
        &self,
        country: CountryCode,
    ) -> impl Iterator<Item = KnownTown<'_>> {
        // Towns are numbered by population.
        self.towns.iter().filter(move |town| town.country == country).filter_map(|town| {
            Some(KnownTown {
                name: self.text(town.name),
                subdivision: town.subdivision,
                position: position(town.latitude, town.longitude)?,
                population: town.population,
                time_zone: self.zone_name(town.zone),
            })
        })
    }

    /// The postal codes of a country, in their order.
    pub(crate) fn postal_codes(
        &self,
        country: CountryCode,
    ) -> impl Iterator<Item = KnownPostalCode<'_>> {
        self.postal.iter().filter(move |area| area.country == country).filter_map(|area| {
            Some(KnownPostalCode {
                code: self.text(area.code),
                subdivision: area.subdivision,
                county: area.county.as_ref(),
                position: position(area.latitude, area.longitude)?,
            })
        })
    }
}

/// The tables have four decimals; more would be noise of the conversion.
fn position(latitude: f32, longitude: f32) -> Option<Position> {
    let tidy = |degrees: f32| (f64::from(degrees) * 1e4).round() / 1e4;
    Position::new(tidy(latitude), tidy(longitude)).ok()
}
