//! Which programs reach a place without having a meeting near it.

use std::collections::HashMap;

use geo::{Contains, Coord, LineString, MultiPolygon, Point};

use super::bits::{self, BlockSet};
use super::query::Standpoint;
use crate::domain;

/// The programs by where a person must be to take part.
#[derive(Debug, Default)]
pub(super) struct Reach {
    worldwide: BlockSet,
    /// With what is open worldwide.
    countries: HashMap<domain::CountryCode, BlockSet>,
    subdivisions: HashMap<domain::SubdivisionCode, BlockSet>,
    counties: HashMap<domain::CountyCode, BlockSet>,
    /// By country; prefixes are few, each place tries all lengths of its own code.
    prefixes: HashMap<(domain::CountryCode, Box<str>), BlockSet>,
    polygons: Vec<(u32, MultiPolygon<f64>)>,
}

/// The programs of a block that reach a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reaching {
    pub(super) block: u32,
    /// Those whose state, county, postal area or drawn area contains the place.
    pub(super) serving: u64,
    /// Those open to everybody in its country.
    pub(super) open: u64,
}

impl Reach {
    /// Adds a program; programs come in ascending order.
    pub(super) fn add(&mut self, program: u32, coverage: &domain::Coverage) {
        if coverage.worldwide {
            bits::push(&mut self.worldwide, program);
        }
        for code in &coverage.countries {
            if let Some(territory) = code.territory() {
                bits::push(self.subdivisions.entry(territory).or_default(), program);
                continue;
            }
            bits::push(self.countries.entry(*code).or_default(), program);
        }
        for code in &coverage.subdivisions {
            bits::push(self.subdivisions.entry(*code).or_default(), program);
        }
        for code in &coverage.counties {
            bits::push(self.counties.entry(code.clone()).or_default(), program);
        }
        for prefix in &coverage.postal_prefixes {
            let key = (prefix.country, prefix.prefix.as_str().into());
            bits::push(self.prefixes.entry(key).or_default(), program);
        }
        if let Some(polygon) = &coverage.polygon {
            self.polygons.push((program, multi_polygon(polygon)));
        }
    }

    /// Gives every program the number that it has from now on, and adds what is open to everybody to
    /// what is open to a country, once for all questions.
    pub(super) fn finish(&mut self, number_of: &[u32]) {
        renumber(&mut self.worldwide, number_of);
        for programs in self.countries.values_mut() {
            renumber(programs, number_of);
            programs.extend_from_slice(&self.worldwide);
            bits::join(programs);
            programs.shrink_to_fit();
        }
        self.subdivisions.values_mut().for_each(|programs| renumber(programs, number_of));
        self.counties.values_mut().for_each(|programs| renumber(programs, number_of));
        self.prefixes.values_mut().for_each(|programs| renumber(programs, number_of));
        for (program, _) in &mut self.polygons {
            *program = number_of[*program as usize];
        }
    }

    /// The programs that reach a place, in ascending order of blocks.
    pub(super) fn of(&self, place: &Standpoint) -> Vec<Reaching> {
        both(self.open_to(place), self.serving(place))
    }

    /// The programs that reach those whom a coverage reaches: what serves one of the same states, counties
    /// or postal areas, and what is open to one of its countries or to everybody. Drawn areas are not
    /// compared.
    pub(super) fn shared_with(&self, coverage: &domain::Coverage) -> Vec<Reaching> {
        let mut serving = BlockSet::new();
        let mut add = |programs: Option<&BlockSet>| {
            serving.extend_from_slice(programs.map_or(&[], Vec::as_slice));
        };
        coverage.subdivisions.iter().for_each(|code| add(self.subdivisions.get(code)));
        coverage.counties.iter().for_each(|code| add(self.counties.get(code)));
        let begins = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        for own in &coverage.postal_prefixes {
            let same = self.prefixes.iter().filter(|((country, prefix), _)| {
                *country == own.country && begins(prefix, own.prefix.as_str())
            });
            same.for_each(|(_, programs)| add(Some(programs)));
        }
        bits::join(&mut serving);
        let subdivisions = coverage.counties.iter().filter_map(domain::CountyCode::subdivision);
        let subdivisions = subdivisions.chain(coverage.subdivisions.iter().copied());
        let countries = subdivisions.map(|code| code.country());
        let countries = countries.chain(coverage.countries.iter().copied());
        let of_postal = coverage.postal_prefixes.iter().map(|area| area.country);
        let mut open = self.worldwide.clone();
        for country in countries.chain(of_postal) {
            open.extend_from_slice(self.countries.get(&country).map_or(&[], Vec::as_slice));
        }
        bits::join(&mut open);
        both(&open, serving)
    }

    /// The programs open to everybody, everywhere.
    pub(super) const fn worldwide(&self) -> &BlockSet {
        &self.worldwide
    }

    /// The programs open to everybody in each country that has any of its own.
    pub(super) fn by_country(&self) -> impl Iterator<Item = (domain::CountryCode, &BlockSet)> {
        self.countries.iter().map(|(country, programs)| (*country, programs))
    }

    /// The programs open to everybody in the place's country.
    fn open_to(&self, place: &Standpoint) -> &BlockSet {
        place.country.and_then(|country| self.countries.get(&country)).unwrap_or(&self.worldwide)
    }

    /// The programs whose state, county, postal area or drawn area contains the place.
    fn serving(&self, place: &Standpoint) -> BlockSet {
        let mut serving = BlockSet::new();
        let mut add = |programs: Option<&BlockSet>| {
            serving.extend_from_slice(programs.map_or(&[], Vec::as_slice));
        };
        add(place.subdivision.and_then(|code| self.subdivisions.get(&code)));
        add(place.county.as_ref().and_then(|code| self.counties.get(code)));
        if let (Some(code), Some(country)) = (&place.postal_code, place.country) {
            for end in 1..=code.len() {
                let Some(prefix) = code.get(..end) else { continue };
                add(self.prefixes.get(&(country, prefix.into())));
            }
        }
        let point = Point::new(place.position.longitude(), place.position.latitude());
        for (program, polygon) in &self.polygons {
            if polygon.contains(&point) {
                let (block, bit) = bits::block_of(*program);
                serving.push((u32::try_from(block).unwrap_or(u32::MAX), bit));
            }
        }
        bits::join(&mut serving);
        serving
    }
}

/// What is open and what serves, by block.
fn both(open: &BlockSet, serving: BlockSet) -> Vec<Reaching> {
    let mut both = Vec::with_capacity(open.len() + serving.len());
    let mut serving = serving.into_iter().peekable();
    for (block, open) in open {
        while let Some((before, serving)) = serving.next_if(|(at, _)| at < block) {
            both.push(Reaching { block: before, serving, open: 0 });
        }
        let here = serving.next_if(|(at, _)| at == block).map_or(0, |(_, word)| word);
        both.push(Reaching { block: *block, serving: here, open: *open });
    }
    both.extend(serving.map(|(at, serving)| Reaching { block: at, serving, open: 0 }));
    both
}

fn renumber(programs: &mut BlockSet, number_of: &[u32]) {
    let all = programs.iter().flat_map(|(block, word)| bits::programs_of(*block as usize, *word));
    let mut numbers: Vec<u32> = all.map(|program| number_of[program as usize]).collect();
    numbers.sort_unstable();
    programs.clear();
    for number in numbers {
        bits::push(programs, number);
    }
    programs.shrink_to_fit();
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
