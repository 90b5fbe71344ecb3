//! Postal codes.

use super::super::data::{Gazetteer, PostalArea};
use super::super::{Place, PlaceKind};
use super::round;
use crate::domain::{CountryCode, Position};

/// Countries in the order in which an ambiguous postal code is read.
const POSTAL_ORDER: [&str; 8] = ["US", "CA", "GB", "AU", "NZ", "IE", "DE", "FR"];

impl Gazetteer {
    /// The areas of a postal code, likeliest first.
    pub(super) fn postal_areas(&self, text: &str, country: Option<CountryCode>) -> Vec<Place> {
        let mut found = Vec::new();
        for candidate in postal_candidates(text) {
            let from =
                self.postal.partition_point(|area| self.text(area.code) < candidate.as_str());
            let same =
                self.postal[from..].iter().take_while(|area| self.text(area.code) == candidate);
            let fits = |area: &&PostalArea| {
                country.is_none_or(|country| {
                    // The islands' codes are looked for under the United Kingdom.
                    area.country == country
                        || (country.as_str() == "GB"
                            && matches!(area.country.as_str(), "JE" | "GG" | "IM"))
                })
            };
            found.extend(same.filter(fits));
            if !found.is_empty() {
                break;
            }
        }
        let order = |country: &str| {
            POSTAL_ORDER.iter().position(|known| *known == country).unwrap_or(POSTAL_ORDER.len())
        };
        found.sort_by_key(|area| (order(area.country.as_str()), area.country));
        found.into_iter().filter_map(|area| self.postal_place(area)).collect()
    }

    /// A postal code beside the town or country it is of: "Sydney 2000", "97214, USA", "Belfast BT1".
    pub(super) fn postal_areas_of(&self, text: &str, country: Option<CountryCode>) -> Vec<Place> {
        let words: Vec<&str> =
            text.split([' ', ',']).filter(|word| !word.is_empty()).take(12).collect();
        for len in [2, 1] {
            for at in [words.len().saturating_sub(len), 0] {
                let code = words[at..].iter().take(len).copied().collect::<Vec<_>>().join(" ");
                let rest = words.iter().enumerate().filter(|(n, _)| !(at..at + len).contains(n));
                let rest = rest.map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
                if rest.is_empty() || postal_candidates(&code).is_empty() {
                    continue;
                }
                for of in self.named(&rest, country) {
                    let areas = self.postal_areas(&code, of.country);
                    if !areas.is_empty() {
                        return areas;
                    }
                }
            }
        }
        Vec::new()
    }

    fn postal_place(&self, area: &PostalArea) -> Option<Place> {
        let code = self.text(area.code);
        let position = Position::new(round(area.latitude), round(area.longitude)).ok()?;
        Some(Place {
            kind: PlaceKind::PostalCode,
            label: self.label(
                &format!("{code} {}", self.text(area.name)),
                area.subdivision.as_ref().map(crate::domain::SubdivisionCode::as_str),
                area.country,
            ),
            position,
            country: Some(area.country),
            subdivision: area.subdivision,
            county: area.county.clone(),
            postal_code: Some(code.to_owned()),
            time_zone: Some(self.zone_name(area.zone).to_owned()),
        })
    }
}

/// The codes that `text` may be, most specific first.
fn postal_candidates(text: &str) -> Vec<String> {
    let upper = text.trim().to_ascii_uppercase();
    if upper.len() > 12 || !upper.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let tight: String = upper.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut candidates = vec![tight.clone()];
    // US ZIP+4: the first five digits.
    if tight.len() == 9 && tight.bytes().all(|b| b.is_ascii_digit()) {
        candidates.push(tight[..5].to_owned());
    }
    // British codes end in a digit and two letters; what is before is the area.
    let bytes = tight.as_bytes();
    if let [.., digit, a, b] = bytes
        && (5..=7).contains(&bytes.len())
        && digit.is_ascii_digit()
        && a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
    {
        candidates.push(tight[..tight.len() - 3].to_owned());
    }
    // Canadian and Irish codes: the first three characters.
    if matches!(tight.len(), 6 | 7) && bytes[0].is_ascii_alphabetic() {
        candidates.push(tight[..3].to_owned());
    }
    candidates
}
