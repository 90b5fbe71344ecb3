//! The places of a document: their identities, and one draft for each of them.

use std::collections::BTreeMap;

use crate::domain::{
    Address, CountryCode, LocationDraft, LocationId, Position, Session, SubdivisionCode, Text,
};

/// The identity of a place within a document: the same for the same name and address, however they are
/// spaced or capitalized. `apart` tells places apart that have nothing else.
pub(super) fn location_id(
    source: &str,
    address: &Address,
    name: Option<&str>,
    apart: &str,
) -> LocationId {
    let text = |text: Option<&str>| {
        text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    let key = [
        text(name),
        text(address.street.as_ref().map(Text::as_str)),
        text(address.city.as_ref().map(Text::as_str)),
        text(address.subdivision.as_ref().map(SubdivisionCode::as_str)),
        text(address.postal_code.as_ref().map(Text::as_str)),
        text(address.country.as_ref().map(CountryCode::as_str)),
        apart.to_owned(),
    ]
    .join("\n");
    LocationId::derived(source, &key)
}

/// What tells places apart that have only a town: their coordinates.
pub(super) fn by_position(address: &Address, named: bool, position: Option<Position>) -> String {
    let alike = named || address.street.is_some();
    let position = position.filter(|_| !alike);
    position.map_or_else(String::new, |at| format!("{},{}", at.latitude(), at.longitude()))
}

/// One draft for each place of a document, whichever rows describe it.
///
/// A feed that hides a door in one row must not show it through another, so a row that keeps the
/// address back wins, of several the one that keeps back most; else the row that knows more does. The
/// first row that fills a field wins.
#[derive(Debug, Default)]
pub(super) struct Venues(BTreeMap<LocationId, (LocationDraft, Openness)>);

/// Whether a row keeps back where exactly a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Openness {
    /// It tells what it knows.
    Told,
    /// It calls the address approximate, or withholds it.
    KeptBack,
}

impl Venues {
    /// Adds what one row says about a place.
    pub(super) fn add(&mut self, id: LocationId, mut draft: LocationDraft, openness: Openness) {
        let Some((known, known_openness)) = self.0.get_mut(&id) else {
            self.0.insert(id, (draft, openness));
            return;
        };
        // Precision is ordered from the door to nothing at all.
        let wins = openness > *known_openness
            || openness == *known_openness
                && match openness {
                    Openness::Told => draft.precision < known.precision,
                    Openness::KeptBack => draft.precision > known.precision,
                };
        if wins {
            draft.directions = known.directions.take().or(draft.directions);
            (*known, *known_openness) = (draft, openness);
        } else if known.directions.is_none() {
            known.directions = draft.directions;
        }
    }

    /// Gives the sessions of a program the places that are kept, and returns these.
    ///
    /// A place is another one when it is told less exactly: what a later document tells of the same address
    /// for another program must not show the door of those who keep it back, and are no longer in it.
    pub(super) fn place(&self, sessions: &mut [Session]) -> Vec<(LocationId, LocationDraft)> {
        let mut kept = BTreeMap::new();
        for session in sessions {
            let Some(id) = session.location else { continue };
            let Some((draft, _)) = self.0.get(&id) else { continue };
            let id = LocationId::derived(&id.to_string(), draft.precision.as_str());
            session.location = Some(id);
            kept.insert(id, draft.clone());
        }
        kept.into_iter().collect()
    }
}
