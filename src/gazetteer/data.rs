//! Reading the embedded tables.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use rstar::RTree;

use super::TownPoint;
use super::resolve::counties::CountyTowns;
use super::shapes::Shapes;
use crate::domain::{CountryCode, CountyCode, Position, SubdivisionCode, fold};

const COUNTRIES: &[u8] = include_bytes!("../../seed-data/places/countries.tsv.br");
const SUBDIVISIONS: &[u8] = include_bytes!("../../seed-data/places/subdivisions.tsv.br");
const TOWNS: &[u8] = include_bytes!("../../seed-data/places/towns.tsv.br");
const POSTAL: &[u8] = include_bytes!("../../seed-data/places/postal.tsv.br");
const SHAPES: &[u8] = include_bytes!("../../seed-data/places/shapes.tsv.br");

/// A range of bytes in the arena of names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: u32,
    len: u16,
}

#[derive(Debug, Clone)]
pub(super) struct Town {
    pub(super) name: Span,
    pub(super) country: CountryCode,
    pub(super) subdivision: Option<SubdivisionCode>,
    pub(super) latitude: f32,
    pub(super) longitude: f32,
    pub(super) population: u32,
    pub(super) zone: u16,
}

#[derive(Debug, Clone)]
pub(super) struct PostalArea {
    /// The code in capitals, without spaces.
    pub(super) code: Span,
    pub(super) name: Span,
    pub(super) country: CountryCode,
    pub(super) subdivision: Option<SubdivisionCode>,
    pub(super) county: Option<CountyCode>,
    pub(super) latitude: f32,
    pub(super) longitude: f32,
    pub(super) zone: u16,
}

/// A country or a subdivision.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) name: String,
    /// Where its people live on average.
    pub(super) middle: Option<Position>,
}

/// The towns, postal codes and outlines of the world.
#[derive(Debug)]
pub struct Gazetteer {
    arena: String,
    pub(super) towns: Vec<Town>,
    /// Folded name, town, whether it is the main name; sorted.
    pub(super) town_names: Vec<(Span, u32, bool)>,
    /// Sorted by code, then country.
    pub(super) postal: Vec<PostalArea>,
    /// By code: `US`, `US-OR`.
    pub(super) regions: HashMap<String, Region>,
    /// Codes by folded name or code.
    pub(super) region_names: HashMap<String, Vec<String>>,
    zones: Vec<String>,
    pub(super) shapes: Shapes,
    index: OnceLock<RTree<TownPoint>>,
    pub(super) county_towns: OnceLock<HashMap<CountyCode, CountyTowns>>,
}

/// The tables are compiled in and read by a test, so this cannot be met by a user.
fn decode(name: &str, packed: &[u8]) -> String {
    let mut text = String::new();
    if let Err(error) = brotli::Decompressor::new(packed, 1 << 16).read_to_string(&mut text) {
        tracing::error!(table = name, %error, "the gazetteer cannot be read");
        text.clear();
    }
    text
}

impl Gazetteer {
    /// The gazetteer of this process, read on the first call (about half a second).
    pub fn shared() -> Arc<Self> {
        static SHARED: OnceLock<Arc<Gazetteer>> = OnceLock::new();
        Arc::clone(SHARED.get_or_init(|| Arc::new(Self::load())))
    }

    fn load() -> Self {
        let shapes = std::thread::spawn(|| Shapes::parse(&decode("shapes", SHAPES)));
        let mut loaded = Self {
            arena: String::with_capacity(24 << 20),
            towns: Vec::with_capacity(200_000),
            town_names: Vec::with_capacity(500_000),
            postal: Vec::with_capacity(110_000),
            regions: HashMap::new(),
            region_names: HashMap::new(),
            zones: Vec::new(),
            shapes: Shapes::default(),
            index: OnceLock::new(),
            county_towns: OnceLock::new(),
        };
        for (name, table) in [("countries", COUNTRIES), ("subdivisions", SUBDIVISIONS)] {
            for line in decode(name, table).lines() {
                loaded.add_region(line);
            }
        }
        let mut zones = HashMap::new();
        for line in decode("towns", TOWNS).lines() {
            loaded.add_town(line, &mut zones);
        }
        for line in decode("postal", POSTAL).lines() {
            loaded.add_postal(line, &mut zones);
        }
        loaded.add_middles();
        let arena = std::mem::take(&mut loaded.arena);
        loaded.town_names.sort_by(|a, b| (text(&arena, a.0), a.1).cmp(&(text(&arena, b.0), b.1)));
        loaded.postal.sort_by(|a, b| {
            (text(&arena, a.code), a.country).cmp(&(text(&arena, b.code), b.country))
        });
        loaded.arena = arena;
        loaded.arena.shrink_to_fit();
        loaded.shapes = shapes.join().unwrap_or_default();
        loaded
    }

    pub(super) fn text(&self, span: Span) -> &str {
        text(&self.arena, span)
    }

    pub(super) fn zone_name(&self, zone: u16) -> &str {
        self.zones.get(usize::from(zone)).map_or("", String::as_str)
    }

    pub(super) fn town_index(&self) -> &RTree<TownPoint> {
        self.index.get_or_init(|| {
            let points = self.towns.iter().enumerate().filter_map(|(town, place)| {
                let position =
                    Position::new(f64::from(place.latitude), f64::from(place.longitude)).ok()?;
                Some(TownPoint { ecef: position.to_ecef(), town: u32::try_from(town).ok()? })
            });
            RTree::bulk_load(points.collect())
        })
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = u32::try_from(self.arena.len()).unwrap_or(u32::MAX);
        self.arena.push_str(text);
        Span { start, len: u16::try_from(text.len()).unwrap_or(u16::MAX) }
    }

    fn add_region(&mut self, line: &str) {
        let mut fields = line.split('\t');
        let (Some(code), Some(name)) = (fields.next(), fields.next()) else { return };
        self.regions.insert(code.to_owned(), Region { name: name.to_owned(), middle: None });
        let aliases = fields.next().unwrap_or_default();
        let short = code.split_once('-').map(|(_, part)| part);
        let names = std::iter::once(name).chain(aliases.split('|')).chain(short).chain([code]);
        for name in names {
            let codes = self.region_names.entry(fold(name)).or_default();
            if !name.is_empty() && !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        }
    }

    fn zone(&mut self, name: &str, known: &mut HashMap<String, u16>) -> u16 {
        if let Some(zone) = known.get(name) {
            return *zone;
        }
        let zone = u16::try_from(self.zones.len()).unwrap_or(u16::MAX);
        self.zones.push(name.to_owned());
        known.insert(name.to_owned(), zone);
        zone
    }

    fn add_town(&mut self, line: &str, zones: &mut HashMap<String, u16>) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, country, subdivision, latitude, longitude, population, zone, aliases] =
            fields[..]
        else {
            return;
        };
        let (Ok(country), Ok(latitude), Ok(longitude)) =
            (country.parse::<CountryCode>(), latitude.parse(), longitude.parse())
        else {
            return;
        };
        let territory = country.territory();
        let town = u32::try_from(self.towns.len()).unwrap_or(u32::MAX);
        let folded = fold(name);
        let zone = self.zone(zone, zones);
        let span = self.keep(name);
        let key = self.keep(&folded);
        self.town_names.push((key, town, true));
        for alias in aliases.split('|').filter(|alias| !alias.is_empty()) {
            let alias = fold(alias);
            if alias != folded && !alias.is_empty() {
                let key = self.keep(&alias);
                self.town_names.push((key, town, false));
            }
        }
        self.towns.push(Town {
            name: span,
            country: territory.map_or(country, |code| code.country()),
            subdivision: territory.or_else(|| subdivision.parse().ok()),
            latitude,
            longitude,
            population: population.parse().unwrap_or_default(),
            zone,
        });
    }

    fn add_postal(&mut self, line: &str, zones: &mut HashMap<String, u16>) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [country, code, name, subdivision, area, latitude, longitude, zone] = fields[..] else {
            return;
        };
        let (Ok(country), Ok(latitude), Ok(longitude)) =
            (country.parse(), latitude.parse(), longitude.parse())
        else {
            return;
        };
        let zone = self.zone(zone, zones);
        let code = self.keep(&code.replace(' ', ""));
        let name = self.keep(name);
        self.postal.push(PostalArea {
            code,
            name,
            country,
            subdivision: subdivision.parse().ok(),
            county: area.parse().ok(),
            latitude,
            longitude,
            zone,
        });
    }

    /// Gives every region the middle of its towns, weighed by their people.
    fn add_middles(&mut self) {
        let mut sums: HashMap<String, ([f64; 3], f64)> = HashMap::new();
        for town in &self.towns {
            let (latitude, longitude) = (f64::from(town.latitude), f64::from(town.longitude));
            let Ok(position) = Position::new(latitude, longitude) else { continue };
            let (ecef, weight) = (position.to_ecef(), f64::from(town.population.max(1)));
            let country = town.country.to_string();
            for code in
                [Some(country), town.subdivision.map(|code| code.to_string())].into_iter().flatten()
            {
                let (sum, total) = sums.entry(code).or_insert(([0.0; 3], 0.0));
                for axis in 0..3 {
                    sum[axis] += ecef[axis] * weight;
                }
                *total += weight;
            }
        }
        for (code, (sum, total)) in sums {
            if let Some(region) = self.regions.get_mut(&code) {
                region.middle = middle_of(sum, total);
            }
        }
    }
}

/// The middle of points in earth-centered coordinates, from their weighed sum.
pub(super) fn middle_of(sum: [f64; 3], weight: f64) -> Option<Position> {
    Position::towards(sum.map(|axis| axis / weight)).ok()
}

fn text(arena: &str, span: Span) -> &str {
    let start = span.start as usize;
    arena.get(start..start + usize::from(span.len)).unwrap_or_default()
}
