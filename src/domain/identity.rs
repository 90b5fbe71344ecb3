//! What tells one thing from another: identifiers, slugs and the keys of foreign records.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::textual::textual;

/// The namespace of every identifier that is derived from a source and its key.
const DERIVED: Uuid = Uuid::from_u128(0x6f0c_9d6e_4c3b_5d0a_9a51_7b6a_2f0e_11d4);

/// Declares a newtype over a UUID.
macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier; later ones sort after earlier ones (`UUIDv7`).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The identifier of a source's record: the same on every install (`UUIDv5`).
            pub fn derived(source: &str, key: &str) -> Self {
                Self(Uuid::new_v5(&DERIVED, format!("{}\n{source}\n{key}", $what).as_bytes()))
            }

            /// The identifier as a number, for indexes and sort keys.
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }

            /// The identifier with this number.
            pub const fn from_u128(number: u128) -> Self {
                Self(Uuid::from_u128(number))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// The permanent identity of an organization.
    OrganizationId,
    "organization"
);
id!(
    /// The permanent identity of a location.
    LocationId,
    "location"
);
id!(
    /// The permanent identity of a program.
    ProgramId,
    "program"
);
id!(
    /// The permanent identity of a source.
    SourceId,
    "source"
);
id!(
    /// The identity of one import run.
    BatchId,
    "batch"
);

/// The readable part of an address: 1 to 80 of `a-z`, `0-9` and single inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Box<str>);

/// A slug with characters outside `a-z0-9-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 80 of a-z, 0-9 and single hyphens between them")]
pub struct InvalidSlug;

impl Slug {
    /// The longest slug, in bytes.
    pub const MAX: usize = 80;

    /// Makes a slug out of a name: `Café & Friends` becomes `cafe-friends`.
    ///
    /// A name without any letter or digit becomes `listing`.
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in deunicode::deunicode(name).to_ascii_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if c != '\'' && !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= Self::MAX - 10 {
                break;
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "listing" } else { slug }.into())
    }

    /// This slug with a number after it, for the second listing of one name.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0).into())
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(text: &str) -> Result<Self, InvalidSlug> {
        let fits = (1..=Self::MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if fits { Ok(Self(text.into())) } else { Err(InvalidSlug) }
    }
}

textual!(Slug);
