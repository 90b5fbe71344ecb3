//! Codes of countries and what they are divided into.

use std::fmt;
use std::str::FromStr;

use super::textual::textual;

/// A code that is not in the form the standard gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// Not an ISO 3166-1 alpha-2 code.
    #[error("must be a country code of two capital letters, such as US")]
    Country,
    /// Not an ISO 3166-2 code.
    #[error("must be a subdivision code such as US-OR")]
    Subdivision,
    /// Not a county code.
    #[error("must be a county code such as US-OR-051")]
    County,
}

/// A country, after ISO 3166-1 alpha-2, such as `US`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for CountryCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        match text.as_bytes() {
            // Reserved for the same country, and what people write.
            b"UK" => Ok(Self(*b"GB")),
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(InvalidCode::Country),
        }
    }
}

/// The territories of the United States that have codes of countries: those who live there are in the
/// country, call its numbers and may take part in what is open to it.
const TERRITORIES: [&str; 5] = ["AS", "GU", "MP", "PR", "VI"];

impl CountryCode {
    /// The division of a country that it is at the same time, such as `US-PR` for `PR`.
    pub fn territory(self) -> Option<SubdivisionCode> {
        let known = TERRITORIES.contains(&self.as_str());
        known.then(|| format!("US-{self}").parse().ok()).flatten()
    }
}

/// A first-level division of a country, after ISO 3166-2, such as `US-OR`.
///
/// Where ISO's code is not at hand the gazetteer's own stands in its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubdivisionCode {
    bytes: [u8; 8],
    len: u8,
}

impl SubdivisionCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// The country it is part of.
    pub fn country(&self) -> CountryCode {
        CountryCode([self.bytes[0], self.bytes[1]])
    }
}

impl FromStr for SubdivisionCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let (country, part) = text.split_once('-').ok_or(InvalidCode::Subdivision)?;
        country.parse::<CountryCode>().map_err(|_not_a_country| InvalidCode::Subdivision)?;
        let fits = (1..=5).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !fits {
            return Err(InvalidCode::Subdivision);
        }
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "at most 8")]
        let len = text.len() as u8;
        Ok(Self { bytes, len })
    }
}

impl fmt::Debug for SubdivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A division of a subdivision, such as `US-OR-051`: in the US, the state and the county's FIPS code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountyCode(Box<str>);

impl CountyCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The subdivision it is part of.
    pub fn subdivision(&self) -> Option<SubdivisionCode> {
        self.0.rsplit_once('-').and_then(|(subdivision, _)| subdivision.parse().ok())
    }
}

impl FromStr for CountyCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let (subdivision, county) = text.rsplit_once('-').ok_or(InvalidCode::County)?;
        subdivision.parse::<SubdivisionCode>().map_err(|_not_one| InvalidCode::County)?;
        let fits =
            (1..=8).contains(&county.len()) && county.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.into())) } else { Err(InvalidCode::County) }
    }
}

textual!(CountryCode);
textual!(SubdivisionCode);
textual!(CountyCode);
