//! Places that somebody may be typing.

use std::collections::HashSet;

use super::super::Place;
use super::super::data::Gazetteer;
use super::{split_region, without_code};
use crate::domain::fold;

/// The codes of the regions in which a town may be; none when anywhere.
type Regions<'a> = Option<HashSet<&'a str>>;

impl Gazetteer {
    /// Places whose name or postal code begins with `text`, largest first; the beginning of a region may follow
    /// a comma, or a whole name. For `/v1/places`.
    pub fn starting_with(&self, text: &str, limit: usize) -> Vec<Place> {
        let mut places = self.postal_areas(text, None);
        let (name, region) = split_region(text);
        let mut towns = Vec::new();
        let folded = fold(name);
        if !folded.is_empty() {
            towns = self.towns_beginning(&folded, &self.regions_beginning(&fold(region)), limit);
        }
        // "Portland OR": the last words may be a region.
        let words: Vec<&str> = folded.split(' ').collect();
        for tail in 1..=3.min(words.len().saturating_sub(1)) {
            if !region.is_empty() || towns.len() >= limit {
                break;
            }
            let (name, region) = words.split_at(words.len() - tail);
            let mut named = self.towns_called(&name.join(" "));
            if named.is_empty() {
                continue;
            }
            let regions = self.regions_beginning(&region.join(" "));
            named.retain(|town| self.is_in(*town, &regions) && !towns.contains(town));
            towns.extend(named);
        }
        places.extend(towns.into_iter().filter_map(|town| self.town(town as usize)));
        places.truncate(limit);
        places
    }

    /// Towns are numbered by population: the first ones are kept as they are met.
    fn towns_beginning(&self, folded: &str, regions: &Regions<'_>, limit: usize) -> Vec<u32> {
        let from = self.town_names.partition_point(|(span, _, _)| self.text(*span) < folded);
        let mut towns: Vec<u32> = Vec::with_capacity(limit + 1);
        let begins = |(span, ..): &&(_, u32, bool)| self.text(*span).starts_with(folded);
        for (_, town, _) in self.town_names[from..].iter().take_while(begins) {
            if towns.get(limit.saturating_sub(1)).is_none_or(|last| town < last)
                && let Err(place) = towns.binary_search(town)
                && self.is_in(*town, regions)
            {
                towns.insert(place, *town);
                towns.truncate(limit);
            }
        }
        towns
    }

    /// The towns of a folded name, by population.
    fn towns_called(&self, name: &str) -> Vec<u32> {
        let mut towns: Vec<u32> = self.of_name(name).map(|(town, _)| town).collect();
        towns.sort_unstable();
        towns.dedup();
        towns
    }

    /// The regions whose name or code begins so.
    fn regions_beginning(&self, folded: &str) -> Regions<'_> {
        let words = without_code(folded);
        let named = self.region_names.iter().filter(|(name, _)| name.starts_with(words));
        (!words.is_empty())
            .then(|| named.flat_map(|(_, codes)| codes).map(String::as_str).collect())
    }

    fn is_in(&self, town: u32, regions: &Regions<'_>) -> bool {
        let town = &self.towns[town as usize];
        regions.as_ref().is_none_or(|codes| {
            let subdivision = town.subdivision.as_ref();
            codes.contains(town.country.as_str())
                || subdivision.is_some_and(|subdivision| codes.contains(subdivision.as_str()))
        })
    }
}
