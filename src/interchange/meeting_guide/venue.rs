//! Where a meeting is, and how exactly that may be said.

use std::collections::BTreeMap;

use crate::domain::{
    Address, AreaCenter, CountryCode, LocationDraft, LocationId, Position, Precision,
    PrecisionReason, SubdivisionCode, Text, ZoneName,
};
use crate::interchange::Setting;

use super::address::{self, Parsed, Written};
use super::row::Row;
use super::secrets::{self, Secrets};

/// How far a town is taken to reach around coordinates that only stand for it, in meters.
pub(in crate::interchange) const TOWN_RADIUS_M: u32 = 5_000;

/// What a row says about where it is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    parsed: Parsed,
    /// Whether the address leads to the door.
    pub(super) exact: bool,
    center: Option<AreaCenter>,
    position: Option<Position>,
}

impl Place {
    /// Reads the address of a row.
    ///
    /// The address leads to the door when it goes down to a street and the row does not call it
    /// approximate. Where `approximate` is left out TSML UI guesses that an address of fewer than
    /// four parts is; that is wrong in most of Europe, so here a street outranks the count.
    pub(super) fn of(row: &Row, setting: &Setting<'_>) -> Self {
        let public = |text: &Option<String>| text.clone().filter(|text| !secrets::holds_key(text));
        let (line, street, city) =
            (public(&row.formatted_address), public(&row.address), public(&row.city));
        let parsed = address::parse(&Written {
            line: line.as_deref(),
            street: street.as_deref(),
            city: city.as_deref(),
            state: row.state.as_deref(),
            postal_code: row.postal_code.as_deref(),
            country: row.country.as_deref(),
        });
        let exact = parsed.street_level && row.approximate != Some(true);
        let center = setting.places.center(&parsed.address);
        Self { parsed, exact, center, position: row.position }
    }

    /// Whether people can be taken to meet there, though the row has no street to show for it.
    pub(super) fn may_be_there(&self, row: &Row) -> bool {
        self.exact || row.approximate == Some(false)
    }

    /// The zone of the place, where the row and the source do not tell it.
    ///
    /// A whole country has too many zones to take that of its middle.
    pub(super) fn zone(&self, setting: &Setting<'_>) -> Option<ZoneName> {
        let too_wide = !self.parsed.names_a_place()
            && !self.parsed.street_level
            && self.parsed.address != Address::default();
        let point = self.position.filter(|_| !too_wide);
        point.or(self.center.map(|center| center.position)).and_then(|at| setting.places.zone(at))
    }

    /// The place as it is kept, and its identity.
    ///
    /// What is not exact is never `withheld` here: the format cannot say that an address is kept
    /// private, only that it is not known.
    pub(super) fn location(
        &self,
        row: &Row,
        secrets: &Secrets,
        setting: &Setting<'_>,
        key: &str,
    ) -> (LocationId, LocationDraft) {
        let address = self.parsed.address.clone();
        let name = row.venue.as_deref().filter(|name| is_name(name, row)).and_then(Text::lossy);
        let named = name.as_ref().map(Text::as_str);
        let id = if address.city.is_some()
            || address.street.is_some()
            || address.postal_code.is_some()
        {
            location_id(setting.source, &address, named, "")
        } else {
            location_id(setting.source, &address, named, key)
        };
        let directions = row.location_notes.as_deref().and_then(|notes| secrets.scrub(notes));
        let mut draft = LocationDraft {
            name,
            address,
            position: None,
            area: None,
            precision: Precision::Hidden,
            reason: Some(PrecisionReason::NotKnown),
            directions: directions.as_deref().and_then(Text::lossy),
        };
        let known = self.parsed.names_a_place() || self.parsed.street_level;
        match (self.position, self.center) {
            (Some(position), _) if self.exact => {
                draft.position = Some(position);
                draft.precision = Precision::Exact;
                draft.reason = None;
            }
            (Some(position), _) if known || draft.address == Address::default() => {
                draft.area = Some(AreaCenter { position, radius_m: TOWN_RADIUS_M });
                draft.precision = Precision::Area;
            }
            (_, Some(center)) => {
                draft.area = Some(center);
                draft.precision = Precision::Area;
            }
            _ => {}
        }
        (id, draft)
    }
}

/// Whether a venue's name is one, and not the address, the town or a label once more.
fn is_name(name: &str, row: &Row) -> bool {
    let same = |other: &Option<String>| {
        other.as_deref().is_some_and(|other| other.trim().eq_ignore_ascii_case(name.trim()))
    };
    !address::is_nowhere(name)
        && !secrets::holds_key(name)
        && !super::is_district(name, row.district.as_deref())
        && !same(&row.formatted_address)
        && !same(&row.address)
        && !same(&row.city)
}

/// The identity of a place: the same for the same name and address, however they are spaced or
/// capitalized. `apart` tells places apart that have nothing else.
pub(in crate::interchange) fn location_id(
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
pub(in crate::interchange) struct Venues(BTreeMap<LocationId, (LocationDraft, Openness)>);

/// Whether a row keeps back where exactly a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::interchange) enum Openness {
    /// It tells what it knows.
    Told,
    /// It calls the address approximate, or withholds it.
    KeptBack,
}

impl Venues {
    /// Adds what one row says about a place.
    pub(in crate::interchange) fn add(
        &mut self,
        id: LocationId,
        mut draft: LocationDraft,
        openness: Openness,
    ) {
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
    pub(in crate::interchange) fn get(&self, id: LocationId) -> Option<&LocationDraft> {
        self.0.get(&id).map(|(draft, _)| draft)
    }
}
