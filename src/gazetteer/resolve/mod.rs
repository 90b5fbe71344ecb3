//! Finding the place that somebody means.

mod completing;
pub(super) mod counties;
mod postal;
mod spoken;

use std::cmp::Reverse;

use self::spoken::{nickname, without_words_around};
use super::data::Gazetteer;
use super::{Place, PlaceKind};
use crate::domain::{CountryCode, Position, fold};

/// In these countries most of those who ask live: a place there outweighs one elsewhere that is not much
/// larger.
const NEARER: [&str; 6] = ["US", "CA", "GB", "IE", "AU", "NZ"];

/// A place counts as if it had so many people when nobody has told how many there are.
const UNKNOWN: u32 = 1_000;

/// How many other meanings of a name are told.
const ALTERNATIVES: usize = 5;

/// What a name may stand for.
enum Named<'a> {
    Town(usize),
    Region(&'a str),
    County(Place),
}

/// The place that was meant, and others of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The place.
    pub place: Place,
    /// What else the words may mean, likeliest first, at most five.
    pub alternatives: Vec<Place>,
}

/// No place is called that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// Places with a similar spelling, likeliest first.
    pub suggestions: Vec<String>,
}

impl Gazetteer {
    /// The place that `text` means: `lat,lng` in degrees, a postal code, or a name with or without
    /// its region ("Portland, OR", "97214", "SW1A 1AA", "Oregon").
    ///
    /// `country` settles what is ambiguous.
    pub fn resolve(&self, text: &str, country: Option<CountryCode>) -> Result<Resolved, NotFound> {
        if let Some(position) = coordinates(text) {
            return Ok(Resolved { place: self.at(position), alternatives: Vec::new() });
        }
        if numbers(text) {
            return Err(NotFound { suggestions: Vec::new() });
        }
        let mut found = self.meant(text, country);
        if found.is_empty() {
            let around = without_words_around(text);
            let mut meant = around.iter().map(|place| self.meant(place, country));
            found = meant.find(|found| !found.is_empty()).unwrap_or_default();
        }
        if found.is_empty() {
            return Err(NotFound { suggestions: self.similar(text) });
        }
        let place = found.remove(0);
        found.truncate(ALTERNATIVES);
        Ok(Resolved { place, alternatives: found })
    }

    /// What a text may stand for as it is, likeliest first.
    fn meant(&self, text: &str, country: Option<CountryCode>) -> Vec<Place> {
        let mut found = self.postal_areas(text, country);
        if found.is_empty() {
            let nickname = nickname(text);
            found = nickname.map(|place| self.named(place, country)).unwrap_or_default();
            for place in self.named(text, country) {
                // A nickname may be among the other names of its place.
                if found.iter().all(|known| known.label != place.label) {
                    found.push(place);
                }
            }
        }
        if found.is_empty() {
            found = self.postal_areas_of(text, country);
        }
        found
    }

    fn named(&self, text: &str, country: Option<CountryCode>) -> Vec<Place> {
        // A city outweighs a region of its name: New York is a city first, Georgia a state.
        let mut found: Vec<(u32, Named<'_>)> = Vec::new();
        for (name, region) in readings(text) {
            if region.is_empty() {
                found.extend(self.regions_named(&name).map(|code| {
                    let weight = match code.split_once('-') {
                        // People call a country by its name, and a state by two letters.
                        Some(("US", _)) if name.len() == 2 => 4_000_000,
                        None => 3_000_000,
                        Some((country, _)) if NEARER.contains(&country) => 1_000_000,
                        Some(_) => 50_000,
                    };
                    (weight, Named::Region(code))
                }));
            }
            for name in spellings(&name) {
                let towns = self.towns_named(&name, &region).into_iter().take(16);
                found.extend(towns.map(|(town, weight)| (weight, Named::Town(town))));
            }
            if found.is_empty() {
                let counties = self.counties_named(&name, &region);
                found.extend(counties.into_iter().map(|county| (0, Named::County(county))));
            }
            found.retain(|(_, named)| {
                country.is_none_or(|country| match named {
                    Named::Town(town) => self.towns[*town].country == country,
                    Named::Region(code) => code.starts_with(country.as_str()),
                    Named::County(place) => place.country == Some(country),
                })
            });
            if !found.is_empty() {
                break;
            }
        }
        found.sort_by_key(|(weight, _)| Reverse(*weight));
        // Both spellings of a town may be its names.
        let mut seen = Vec::new();
        found.retain(|(_, named)| match named {
            Named::Town(town) => !seen.contains(town) && (seen.push(*town), true).1,
            Named::Region(_) | Named::County(_) => true,
        });
        found.truncate(1 + ALTERNATIVES);
        let mut places: Vec<Place> = found
            .into_iter()
            .filter_map(|(_, named)| match named {
                Named::Town(town) => self.town(town),
                Named::Region(code) => self.region(code),
                Named::County(place) => Some(place),
            })
            .collect();
        if let Some(place) = places.first_mut().filter(|place| place.kind == PlaceKind::Town) {
            place.county = self.shapes.locate(place.position).county;
        }
        places
    }

    /// Towns of this folded name, main names before other names, large before small.
    fn towns_named(&self, name: &str, region: &str) -> Vec<(usize, u32)> {
        let weight = |town: u32, main: bool| {
            let town = &self.towns[town as usize];
            let nearer = NEARER.contains(&town.country.as_str());
            // Another name counts when its city is much larger: "NYC" over a hamlet of that name.
            // Nobody has told how many live in a borough.
            let people = if town.population == 0 { UNKNOWN } else { town.population };
            people / if main { 1 } else { 20 } * if nearer { 4 } else { 1 }
        };
        let mut towns: Vec<(u32, u32)> = self
            .of_name(name)
            .filter(|(town, _)| self.in_region(*town as usize, region))
            .map(|(town, main)| (town, weight(town, main)))
            .collect();
        towns.sort_by_key(|(_, weight)| Reverse(*weight));
        towns.dedup_by_key(|(town, _)| *town);
        towns.into_iter().map(|(town, weight)| (town as usize, weight)).collect()
    }

    /// The towns of this folded name, each with whether it is their main one.
    fn of_name(&self, name: &str) -> impl Iterator<Item = (u32, bool)> {
        let from = self.town_names.partition_point(|(span, _, _)| self.text(*span) < name);
        let same = self.town_names[from..].iter();
        same.take_while(move |(span, _, _)| self.text(*span) == name)
            .map(|(_, town, main)| (*town, *main))
    }

    fn in_region(&self, town: usize, region: &str) -> bool {
        if region.is_empty() {
            return true;
        }
        let town = &self.towns[town];
        self.codes_of(region).any(|code| {
            code == town.country.as_str()
                || town.subdivision.is_some_and(|subdivision| subdivision.as_str() == code)
        })
    }

    /// The codes of what a folded region may be, with a postal code behind it or not.
    fn codes_of(&self, region: &str) -> impl Iterator<Item = &str> {
        let words = without_code(region);
        let codes = self.region_names.get(region).or_else(|| self.region_names.get(words));
        codes.into_iter().flatten().map(String::as_str)
    }

    fn regions_named(&self, name: &str) -> impl Iterator<Item = &str> {
        let short = name.len() <= 2;
        let codes = self.region_names.get(name).into_iter().flatten().map(String::as_str);
        // Two letters alone are too little to mean a region of a far country.
        codes.filter(move |code| {
            !short || code.len() == 2 || code.starts_with("US-") || code.starts_with("CA-")
        })
    }

    /// A country or a subdivision, at the middle of where its people live.
    fn region(&self, code: &str) -> Option<Place> {
        let region = self.regions.get(code)?;
        let position = region.middle?;
        let subdivision = code.contains('-').then(|| code.parse().ok()).flatten();
        let country = code.get(..2)?.parse().ok()?;
        Some(Place {
            kind: match subdivision {
                Some(_) => PlaceKind::Subdivision,
                None => PlaceKind::Country,
            },
            label: match subdivision {
                Some(_) => self.label(&region.name, None, country),
                None => region.name.clone(),
            },
            position,
            country: Some(country),
            subdivision,
            county: None,
            postal_code: None,
            time_zone: self.zone_at(position).map(str::to_owned),
        })
    }

    /// A town, without its county.
    fn town(&self, number: usize) -> Option<Place> {
        let town = &self.towns[number];
        Some(Place {
            kind: PlaceKind::Town,
            label: self.town_label(number),
            position: Position::new(round(town.latitude), round(town.longitude)).ok()?,
            country: Some(town.country),
            subdivision: town.subdivision,
            county: None,
            postal_code: None,
            time_zone: Some(self.zone_name(town.zone).to_owned()),
        })
    }

    pub(super) fn town_label(&self, number: usize) -> String {
        let town = &self.towns[number];
        let subdivision =
            town.subdivision.as_ref().map(super::super::domain::place::SubdivisionCode::as_str);
        self.label(self.text(town.name), subdivision, town.country)
    }

    fn label(&self, name: &str, subdivision: Option<&str>, country: CountryCode) -> String {
        let mut label = name.to_owned();
        for code in [subdivision, Some(country.as_str())].into_iter().flatten() {
            if let Some(region) = self.name_of(code) {
                label.push_str(", ");
                label.push_str(region);
            }
        }
        label
    }

    /// Up to three places spelled like `text`. A look at a part of the table; for errors only.
    fn similar(&self, text: &str) -> Vec<String> {
        let (name, region) = split_region(text);
        let folded: String = fold(name).chars().take(40).collect();
        let region = fold(region);
        let Some(first) = folded.chars().next() else { return Vec::new() };
        if first.is_ascii_digit() {
            let prefix: String = folded.chars().take(3).collect();
            let from = self.postal.partition_point(|area| self.text(area.code) < prefix.as_str());
            let near = self.postal[from..]
                .iter()
                .take_while(|area| self.text(area.code).starts_with(&prefix));
            // Several countries have the same codes, one beside the other.
            let mut codes: Vec<String> = Vec::new();
            for code in near.map(|area| self.text(area.code)) {
                if codes.len() == 3 {
                    break;
                }
                if codes.last().is_none_or(|last| last != code) {
                    codes.push(code.to_owned());
                }
            }
            return codes;
        }
        let initial = first.to_string();
        let from =
            self.town_names.partition_point(|(span, _, _)| self.text(*span) < initial.as_str());
        let mut near: Vec<(usize, Reverse<u32>, u32)> = self.town_names[from..]
            .iter()
            .take_while(|(span, _, _)| self.text(*span).starts_with(first))
            .filter(|(span, town, main)| {
                let name = self.text(*span);
                *main
                    && name.len().abs_diff(folded.len()) <= 2
                    && self.towns[*town as usize].population > 0
            })
            .filter(|(_, town, _)| region.is_empty() || self.in_region(*town as usize, &region))
            .filter_map(|(span, town, _)| {
                let edits = strsim::osa_distance(self.text(*span), &folded);
                (edits <= 2).then(|| (edits, Reverse(self.towns[*town as usize].population), *town))
            })
            .collect();
        near.sort_unstable();
        near.dedup_by_key(|(_, _, town)| *town);
        near.into_iter().take(3).map(|(_, _, town)| self.town_label(town as usize)).collect()
    }
}

/// Whether `text` is numbers with commas between them: coordinates, if they are on the earth.
pub fn numbers(text: &str) -> bool {
    text.contains(',') && text.split(',').all(|part| part.trim().parse::<f64>().is_ok())
}

/// `lat,lng` in degrees.
fn coordinates(text: &str) -> Option<Position> {
    let (latitude, longitude) = text.split_once(',')?;
    Position::new(latitude.trim().parse().ok()?, longitude.trim().parse().ok()?).ok()
}

fn split_region(text: &str) -> (&str, &str) {
    text.split_once(',').unwrap_or((text, ""))
}

/// A postal code after a region does no harm: "Portland, OR 97214".
fn without_code(region: &str) -> &str {
    region.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')
}

/// The ways to read `text` as a folded name and a folded region.
fn readings(text: &str) -> Vec<(String, String)> {
    let (name, region) = split_region(text);
    if !region.trim().is_empty() {
        // "Portland, OR, USA": the first region that is said decides.
        let first = region.split(',').next().unwrap_or_default();
        return vec![(fold(name), fold(first)), (fold(name), fold(region))];
    }
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let mut readings = vec![(folded.clone(), String::new())];
    for tail in 1..=3.min(words.len().saturating_sub(1)) {
        let at = words.len() - tail;
        readings.push((words[..at].join(" "), words[at..].join(" ")));
    }
    readings
}

/// A folded name, and the same with a word that is often shortened written the other way.
fn spellings(name: &str) -> Vec<String> {
    const SHORT: [(&str, &str); 4] =
        [("saint", "st"), ("sainte", "ste"), ("mount", "mt"), ("fort", "ft")];
    let other = |word: &str| {
        let long = SHORT.iter().find(|(long, _)| *long == word).map(|(_, short)| *short);
        long.or_else(|| SHORT.iter().find(|(_, short)| *short == word).map(|(long, _)| *long))
    };
    let mut spellings = vec![name.to_owned()];
    if name.split(' ').any(|word| other(word).is_some()) {
        let words = name.split(' ').map(|word| other(word).unwrap_or(word));
        spellings.push(words.collect::<Vec<_>>().join(" "));
    }
    spellings
}

/// Four decimals of an `f32`, so that 45.514 is not 45.51399993896484.
fn round(degrees: f32) -> f64 {
    (f64::from(degrees) * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests;
