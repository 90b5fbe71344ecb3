//! Reading a feed from a file or from the web.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::domain::{Address, AreaCenter, Position, ZoneName};
use crate::gazetteer::{Gazetteer, PlaceKind};
use crate::interchange::{Csv, Importer, MeetingGuide, Places};
use crate::outbound;

/// A format that listings can be imported from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FeedFormat {
    /// Meeting Guide JSON, as published by 12-step intergroups.
    MeetingGuide,
    /// A table with the documented header.
    Csv,
}

impl FeedFormat {
    /// What reads it.
    pub fn importer(self) -> Box<dyn Importer> {
        match self {
            Self::MeetingGuide => Box::new(MeetingGuide),
            Self::Csv => Box::new(Csv),
        }
    }
}

/// Reads a feed: a file, or a page when `at` begins with `http://` or `https://`.
pub fn read_feed(at: &str) -> anyhow::Result<Vec<u8>> {
    if at.starts_with("http://") || at.starts_with("https://") {
        return outbound::fetch(at).with_context(|| format!("cannot fetch {at}"));
    }
    std::fs::read(Path::new(at)).with_context(|| format!("cannot read {at}"))
}

/// What formats may ask the gazetteer.
pub struct GazetteerPlaces(pub Arc<Gazetteer>);

impl Places for GazetteerPlaces {
    fn center(&self, address: &Address) -> Option<AreaCenter> {
        if let Some(code) = &address.postal_code
            && let Ok(found) = self.0.resolve(code, address.country)
            && found.place.kind == PlaceKind::PostalCode
            && address.subdivision.is_none_or(|wanted| found.place.subdivision == Some(wanted))
        {
            return Some(AreaCenter { position: found.place.position, radius_m: 5_000 });
        }
        let city = address.city.as_ref()?;
        let region = match (address.subdivision, address.country) {
            (Some(subdivision), _) => format!(", {subdivision}"),
            (None, Some(country)) => format!(", {country}"),
            (None, None) => String::new(),
        };
        let found = self.0.resolve(&format!("{city}{region}"), address.country).ok()?;
        (found.place.kind == PlaceKind::Town)
            .then_some(AreaCenter { position: found.place.position, radius_m: 10_000 })
    }

    fn zone(&self, position: Position) -> Option<ZoneName> {
        self.0.zone_at(position).and_then(|zone| zone.parse().ok())
    }
}
