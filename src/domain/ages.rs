//! The ages that programs take.

use serde::{Deserialize, Serialize};

use super::taxonomy::TermKey;

/// Under this age a person is a minor.
pub const ADULT: u8 = 18;

/// The ages a program says it takes, in years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// The youngest.
    #[schema(minimum = 0, maximum = 120, example = 18)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u8>,
    /// The oldest.
    #[schema(minimum = 0, maximum = 120)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u8>,
}

impl Ages {
    /// Whether a person of this age is taken.
    pub fn take(self, age: u8) -> bool {
        self.min.is_none_or(|min| age >= min) && self.max.is_none_or(|max| age <= max)
    }

    /// The ages that are stated by what a program says of ages and of whom it is made for: one that is made
    /// for teenagers takes people from 13 on, up to 17 when it is made for nobody older, up to 30 when it is
    /// made for young adults too.
    pub fn stated(ages: Option<Self>, audiences: &[TermKey]) -> Option<Self> {
        let made_for = |group: &str| audiences.iter().any(|key| key.as_str() == group);
        let ages = ages.filter(|ages| ages.min.is_some() || ages.max.is_some());
        let says_how_young = ages.is_some_and(|ages| ages.min.is_some());
        if says_how_young || !made_for("teens") || made_for("children") {
            return ages;
        }
        let oldest =
            match (made_for("young_adults"), made_for("adults") || made_for("older_adults")) {
                (_, true) => None,
                (true, false) => Some(30),
                (false, false) => Some(17),
            };
        let max = ages.map_or(oldest, |ages| ages.max);
        Some(Self { min: Some(13), max })
    }

    /// Whether it is stated that people under 18 are taken.
    pub fn take_minors(self) -> bool {
        self.min.map_or(self.max.is_some(), |min| min < ADULT)
    }
}
