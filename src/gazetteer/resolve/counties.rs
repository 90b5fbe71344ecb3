//! Counties by their names.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::data::{Gazetteer, middle_of};
use super::super::{Place, PlaceKind};
use crate::domain::{CountyCode, Position};

/// The towns of a county, as far as they matter: the middle of where people live, and how many do.
#[derive(Debug)]
pub(in crate::gazetteer) struct CountyTowns {
    middle: Position,
    people: u32,
}

impl Gazetteer {
    /// The counties of this folded name ("orange county"), with most people first.
    pub(super) fn counties_named(&self, name: &str, region: &str) -> Vec<Place> {
        let named = self.shapes.counties_named(name).iter();
        let mut named: Vec<_> = named
            .filter(|(code, _)| region.is_empty() || self.is_county_of(code, region))
            .collect();
        let towns = if named.is_empty() { return Vec::new() } else { self.county_towns() };
        named.sort_by_key(|(code, _)| Reverse(towns.get(code).map_or(0, |towns| towns.people)));
        let place = |(code, own): &(CountyCode, Box<str>)| {
            let subdivision = code.subdivision()?;
            let country = subdivision.country();
            let middle = towns.get(code)?.middle;
            Some(Place {
                kind: PlaceKind::County,
                label: self.label(own, Some(subdivision.as_str()), country),
                position: middle,
                country: Some(country),
                subdivision: Some(subdivision),
                county: Some(code.clone()),
                postal_code: None,
                time_zone: self.zone_at(middle).map(str::to_owned),
            })
        };
        named.into_iter().filter_map(place).collect()
    }

    fn is_county_of(&self, code: &CountyCode, region: &str) -> bool {
        let Some(state) = code.subdivision() else { return false };
        let country = state.country();
        self.codes_of(region).any(|code| code == state.as_str() || code == country.as_str())
    }

    /// What is known of the towns of each county; worked out when the first county is named.
    fn county_towns(&self) -> &HashMap<CountyCode, CountyTowns> {
        self.county_towns.get_or_init(|| {
            let mut sums: HashMap<CountyCode, ([f64; 3], f64)> = HashMap::new();
            for town in self.towns.iter().filter(|town| town.country.as_str() == "US") {
                let (latitude, longitude) = (f64::from(town.latitude), f64::from(town.longitude));
                let Ok(position) = Position::new(latitude, longitude) else { continue };
                let Some(county) = self.shapes.locate(position).county else { continue };
                let (sum, people) = sums.entry(county).or_insert(([0.0; 3], 0.0));
                let weight = f64::from(town.population.max(1));
                for (sum, at) in sum.iter_mut().zip(position.to_ecef()) {
                    *sum += at * weight;
                }
                *people += weight;
            }
            let towns = sums.into_iter().filter_map(|(county, (sum, people))| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "people of a county"
                )]
                let counted = people as u32;
                Some((county, CountyTowns { middle: middle_of(sum, people)?, people: counted }))
            });
            towns.collect()
        })
    }
}
