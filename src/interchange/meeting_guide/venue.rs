//! Where a meeting is, and how exactly that may be said.

use crate::domain::{
    Address, AreaCenter, LocationDraft, LocationId, Position, Precision, PrecisionReason, Text,
    ZoneName,
};
use crate::interchange::Setting;
use crate::interchange::secrets::{self, Secrets};
use crate::interchange::venues::{by_position, location_id};

use super::address::{self, Parsed, Written};
use super::row::Row;

/// How far a town is taken to reach around coordinates that only stand for it, in meters.
pub(super) const TOWN_RADIUS_M: u32 = 5_000;

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
    /// private, only that it is not known. But who calls a street approximate may mean just that, and
    /// the feed's point may be the door: then the town is shown, or the cell around the point.
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
            let apart = by_position(&address, named.is_some(), self.position);
            location_id(setting.source, &address, named, &apart)
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
        let may_be_the_door = self.parsed.street_level;
        let known = self.parsed.names_a_place() || draft.address == Address::default();
        match (self.position, self.center) {
            (Some(position), _) if self.exact => {
                draft.position = Some(position);
                draft.precision = Precision::Exact;
                draft.reason = None;
            }
            (Some(position), None) if may_be_the_door => {
                draft.position = Some(position);
                draft.precision = Precision::Approximate;
            }
            (Some(position), _) if known && !may_be_the_door => {
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
