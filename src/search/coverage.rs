//! Which programs reach a place without having a meeting near it.

use std::collections::HashMap;

use geo::{Contains, Coord, LineString, MultiPolygon, Point};
use roaring::RoaringBitmap;

use super::query::Standpoint;
use crate::domain;

/// The programs by where a person must be to take part.
#[derive(Debug, Default)]
pub(super) struct Reach {
    worldwide: RoaringBitmap,
    countries: HashMap<domain::CountryCode, RoaringBitmap>,
    subdivisions: HashMap<domain::SubdivisionCode, RoaringBitmap>,
    counties: HashMap<domain::CountyCode, RoaringBitmap>,
    /// By country; prefixes are few, each place tries all lengths of its own code.
    prefixes: HashMap<(domain::CountryCode, Box<str>), RoaringBitmap>,
    polygons: Vec<(u32, MultiPolygon<f64>)>,
}

impl Reach {
    pub(super) fn add(&mut self, program: u32, coverage: &domain::Coverage) {
        if coverage.worldwide {
            self.worldwide.insert(program);
        }
        for code in &coverage.countries {
            self.countries.entry(*code).or_default().insert(program);
        }
        for code in &coverage.subdivisions {
            self.subdivisions.entry(*code).or_default().insert(program);
        }
        for code in &coverage.counties {
            self.counties.entry(code.clone()).or_default().insert(program);
        }
        for prefix in &coverage.postal_prefixes {
            let key = (prefix.country, prefix.prefix.as_str().into());
            self.prefixes.entry(key).or_default().insert(program);
        }
        if let Some(polygon) = &coverage.polygon {
            self.polygons.push((program, multi_polygon(polygon)));
        }
    }

    /// Adds what is open to everybody to what is open to a country, once for all questions.
    pub(super) fn finish(&mut self) {
        for programs in self.countries.values_mut() {
            *programs |= &self.worldwide;
            programs.optimize();
        }
        self.worldwide.optimize();
    }

    /// The programs open to everybody in the place's country.
    pub(super) fn open_to(&self, place: &Standpoint) -> &RoaringBitmap {
        place.country.and_then(|country| self.countries.get(&country)).unwrap_or(&self.worldwide)
    }

    /// Whether a program reaches the place.
    pub(super) fn covers(&self, program: u32, place: &Standpoint) -> bool {
        self.open_to(place).contains(program) || self.serving(place).contains(program)
    }

    /// The programs whose state, county, postal area or drawn area contains the place.
    pub(super) fn serving(&self, place: &Standpoint) -> RoaringBitmap {
        let subdivision = place.subdivision.and_then(|code| self.subdivisions.get(&code));
        let county = place.county.as_ref().and_then(|code| self.counties.get(code));
        let mut serving = match (subdivision, county) {
            (Some(a), Some(b)) => a | b,
            (Some(a), None) | (None, Some(a)) => a.clone(),
            (None, None) => RoaringBitmap::new(),
        };
        if let (Some(code), Some(country)) = (&place.postal_code, place.country) {
            for end in 1..=code.len() {
                let Some(prefix) = code.get(..end) else { continue };
                if let Some(programs) = self.prefixes.get(&(country, prefix.into())) {
                    serving |= programs;
                }
            }
        }
        let point = Point::new(place.position.longitude(), place.position.latitude());
        for (program, polygon) in &self.polygons {
            if polygon.contains(&point) {
                serving.insert(*program);
            }
        }
        serving
    }
}

fn multi_polygon(polygon: &domain::Polygon) -> MultiPolygon<f64> {
    let ring = |points: &Vec<[f64; 2]>| {
        LineString::new(points.iter().map(|&[x, y]| Coord { x, y }).collect())
    };
    let polygons = polygon.polygons().iter().filter_map(|rings| {
        let mut rings = rings.iter().map(ring);
        Some(geo::Polygon::new(rings.next()?, rings.collect()))
    });
    MultiPolygon::new(polygons.collect())
}
