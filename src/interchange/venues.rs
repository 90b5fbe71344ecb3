//! The places of a document: their identities, and one draft for each of them.

use std::collections::BTreeMap;

use crate::domain::{Address, CountryCode, LocationDraft, LocationId, SubdivisionCode, Text};

/// The identity of a place: the same for the same name and address, however they are spaced or
/// capitalized. `apart` tells places apart that have nothing else.
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

/// One draft for each place of a document, whichever rows describe it.
///
/// A feed that hides a door in one row must not show it through another, so a row that keeps the
/// address back wins; else the row that knows more does. The first row that fills a field wins.
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
            || openness == *known_openness && draft.precision < known.precision;
        if wins {
            draft.directions = known.directions.take().or(draft.directions);
            (*known, *known_openness) = (draft, openness);
        } else if known.directions.is_none() {
            known.directions = draft.directions;
        }
    }

    /// What is known of a place.
    pub(super) fn get(&self, id: LocationId) -> Option<&LocationDraft> {
        self.0.get(&id).map(|(draft, _)| draft)
    }
}
