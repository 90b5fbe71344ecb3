//! Where the invented programs are: real towns, drawn by how many people live there.

use std::collections::HashMap;
use std::sync::Arc;

use fastrand::Rng;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::domain::{CountryCode, CountyCode, Position, SubdivisionCode, Text, ZoneName};
use crate::gazetteer::Gazetteer;

/// How many of a thousand programs each country gets, and what is mostly spoken there.
const SHARES: [(&str, u32, &str); 18] = [
    ("US", 550, "en"),
    ("GB", 150, "en"),
    ("CA", 100, "en"),
    ("AU", 80, "en"),
    ("NZ", 20, "en"),
    ("IE", 20, "en"),
    ("DE", 12, "de"),
    ("FR", 10, "fr"),
    ("ES", 9, "es"),
    ("MX", 9, "es"),
    ("IN", 9, "en"),
    ("BR", 7, "pt"),
    ("NL", 6, "nl"),
    ("IT", 6, "it"),
    ("SE", 4, "sv"),
    ("ZA", 4, "en"),
    ("JP", 2, "ja"),
    ("AR", 2, "es"),
];

/// The people that every town has at least, so that small places get programs too.
const FEWEST_PEOPLE: u32 = 1_500;

/// A longer name would not fit into the names that are made of it.
const LONGEST_TOWN_NAME: usize = 60;

/// The farthest a meeting place is from the middle of its town, in kilometers.
pub(super) const FARTHEST_KM: f64 = 25.0;

/// A town with what its programs need to know.
#[derive(Debug)]
pub(super) struct Town {
    pub(super) name: Text<120>,
    pub(super) country: CountryCode,
    pub(super) subdivision: Option<SubdivisionCode>,
    pub(super) position: Position,
    pub(super) population: u32,
    pub(super) zone: ZoneName,
    /// The number of its subdivision, from 0 on; of its country where there is none.
    pub(super) region: usize,
    /// What is mostly spoken there.
    pub(super) language: &'static str,
}

/// A point in a town where people can meet.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) position: Position,
    pub(super) postal_code: Option<String>,
}

/// The towns to draw from and the postal codes around them.
#[derive(Debug)]
pub(super) struct Atlas {
    gazetteer: Arc<Gazetteer>,
    towns: Vec<Town>,
    /// For each town, its people and those of all towns of its country before it.
    people: Vec<u64>,
    countries: Vec<Country>,
    postal: Vec<PostalArea>,
    nearest_postal: RTree<GeomWithData<[f64; 3], u32>>,
    regions: usize,
}

#[derive(Debug)]
struct Country {
    share: u32,
    first: usize,
    end: usize,
}

#[derive(Debug)]
struct PostalArea {
    code: Box<str>,
    country: CountryCode,
    subdivision: Option<SubdivisionCode>,
    county: Option<CountyCode>,
    position: Position,
}

impl Atlas {
    pub(super) fn new(gazetteer: Arc<Gazetteer>) -> Self {
        let (mut towns, mut people, mut countries) = (Vec::new(), Vec::new(), Vec::new());
        let (mut postal, mut regions, mut zones) = (Vec::new(), HashMap::new(), HashMap::new());
        for (code, share, language) in SHARES {
            let Ok(country) = code.parse::<CountryCode>() else { continue };
            let first = towns.len();
            let mut sum = 0;
            for known in gazetteer.largest_towns(country) {
                let zone = zones
                    .entry(known.time_zone)
                    .or_insert_with(|| known.time_zone.parse::<ZoneName>().ok());
                let (Ok(name), Some(zone)) = (Text::new(known.name), zone.clone()) else {
                    continue;
                };
                if name.len() > LONGEST_TOWN_NAME {
                    continue;
                }
                let region =
                    known.subdivision.map_or_else(|| code.to_owned(), |code| code.to_string());
                let next = regions.len();
                sum += u64::from(known.population.max(FEWEST_PEOPLE));
                people.push(sum);
                towns.push(Town {
                    name,
                    country,
                    subdivision: known.subdivision,
                    position: known.position,
                    population: known.population,
                    zone,
                    region: *regions.entry(region).or_insert(next),
                    language,
                });
            }
            if towns.len() > first {
                countries.push(Country { share, first, end: towns.len() });
            }
            postal.extend(gazetteer.postal_codes(country).map(|known| PostalArea {
                code: known.code.into(),
                country,
                subdivision: known.subdivision,
                county: known.county.cloned(),
                position: known.position,
            }));
        }
        let points =
            (0..).zip(&postal).map(|(n, area)| GeomWithData::new(area.position.to_ecef(), n));
        let nearest_postal = RTree::bulk_load(points.collect());
        let regions = regions.len();
        Self { gazetteer, towns, people, countries, postal, nearest_postal, regions }
    }

    /// How many regions the towns are in.
    pub(super) const fn regions(&self) -> usize {
        self.regions
    }

    /// A town: its country by the country's share, then itself by its people.
    pub(super) fn town(&self, random: &mut Rng) -> Option<&Town> {
        let all: u32 = self.countries.iter().map(|country| country.share).sum();
        let mut left = random.u32(..all.max(1));
        let country = self.countries.iter().find(|country| {
            let here = left < country.share;
            left = left.saturating_sub(country.share);
            here
        })?;
        let people = &self.people[country.first..country.end];
        let person = random.u64(..people.last().copied()?);
        self.towns.get(country.first + people.partition_point(|&sum| sum <= person))
    }

    /// A place in a town to meet at: near the middle of a small one, anywhere in a large one.
    pub(super) fn spot(&self, town: &Town, random: &mut Rng) -> Spot {
        let reach_km =
            (FARTHEST_KM * (f64::from(town.population) / 1e6).sqrt()).clamp(1.0, FARTHEST_KM);
        let (sin, cos) = (random.f64() * std::f64::consts::TAU).sin_cos();
        let km = reach_km * random.f64();
        let free = moved(town.position, km * sin, km * cos);
        let Some(area) = self.postal_area(town, free) else {
            return Spot { position: free, postal_code: None };
        };
        // Half the way to the middle of its postal area: out of the sea, and still in that area.
        let halfway = Position::new(
            tidy(free.latitude().midpoint(area.position.latitude())),
            tidy(free.longitude().midpoint(area.position.longitude())),
        );
        Spot {
            position: halfway.unwrap_or(free),
            postal_code: Some(written(&area.code, town.country, random)),
        }
    }

    /// The county of a town, where counties are known.
    pub(super) fn county(&self, town: &Town) -> Option<CountyCode> {
        self.postal_area(town, town.position).and_then(|area| area.county.clone())
    }

    /// The postal code around the middle of a town, as far as the gazetteer knows it.
    pub(super) fn postal_code(&self, town: &Town) -> Option<&str> {
        self.postal_area(town, town.position).map(|area| &*area.code)
    }

    /// What people call the region of a town.
    pub(super) fn region_name<'a>(&'a self, town: &'a Town) -> &'a str {
        town.subdivision
            .and_then(|code| self.gazetteer.name_of(code.as_str()))
            .unwrap_or_else(|| self.country_name(town))
    }

    /// What people call the country of a town.
    pub(super) fn country_name<'a>(&'a self, town: &'a Town) -> &'a str {
        self.gazetteer.name_of(town.country.as_str()).unwrap_or(town.country.as_str())
    }

    /// The postal area around a point that belongs to the town's own region.
    fn postal_area(&self, town: &Town, position: Position) -> Option<&PostalArea> {
        let nearest = self.nearest_postal.nearest_neighbor(position.to_ecef())?;
        let area = self.postal.get(nearest.data as usize)?;
        let near = (area.position.latitude() - position.latitude()).abs() < 0.1
            && (area.position.longitude() - position.longitude()).abs() < 0.1;
        let own = area.country == town.country && area.subdivision == town.subdivision;
        (near && own).then_some(area)
    }
}

/// The point so many kilometers east and north of another, with five decimals (a meter).
fn moved(from: Position, east_km: f64, north_km: f64) -> Position {
    const KM_A_DEGREE: f64 = 111.32;
    let latitude = from.latitude() + north_km / KM_A_DEGREE;
    let narrowing = from.latitude().to_radians().cos().max(0.05);
    let longitude = from.longitude() + east_km / (KM_A_DEGREE * narrowing);
    Position::new(tidy(latitude), tidy(longitude)).unwrap_or(from)
}

fn tidy(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// A postal code as people write it: where the gazetteer has its first half, the second is made up.
fn written(code: &str, country: CountryCode, random: &mut Rng) -> String {
    let pattern = match country.as_str() {
        "GB" if code.len() <= 4 => " 9AA",
        "CA" if code.len() == 3 => " 9A9",
        "IE" if code.len() == 3 => " A9AA",
        _ => "",
    };
    let second = pattern.bytes().map(|kind| match kind {
        b'9' => char::from(random.u8(b'1'..=b'9')),
        b'A' => char::from(b"ABDEFGHJLNPQRSTUWXYZ"[random.usize(..20)]),
        _ => ' ',
    });
    code.chars().chain(second).collect()
}
