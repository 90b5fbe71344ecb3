//! Places where people meet, and how exactly the public may know them.

use serde::{Deserialize, Serialize};

use super::identity::LocationId;
use super::place::{CountryCode, SubdivisionCode};
use super::position::Position;
use super::text::Text;
use super::words::words;

/// The side of the cell that an approximate place is rounded to, in degrees.
const CELL_DEGREES: f64 = 0.05;

words! {
    /// How exactly a place may be shown.
    pub enum Precision {
        /// The door itself.
        Exact = "exact",
        /// The center of the cell of 0.05 degrees around it.
        Approximate = "approximate",
        /// The center of the named place around it, such as a town.
        Area = "area",
        /// Not shown at all; only the program's coverage is.
        Hidden = "hidden",
    }
}

words! {
    /// Why a place is not shown exactly.
    pub enum PrecisionReason {
        /// The program keeps its address private.
        Withheld = "withheld",
        /// The address is not known; what is shown is not where people meet.
        NotKnown = "not_known",
    }
}

/// A postal address, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// House number and street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Text<300>>,
    /// Town or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Text<120>>,
    /// State, province or region, after ISO 3166-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code as people write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<16>>,
    /// Country, after ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
}

/// The center of a named place and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaCenter {
    /// The center.
    pub position: Position,
    /// How far from the center the place reaches, in meters.
    pub radius_m: u32,
}

/// What a source or a curator says about a place.
///
/// This is the plain form in which a place is written down; [`Location`] is made of it and guards it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationDraft {
    /// The name of the place, such as "St Mary's Hall".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<200>>,
    /// Its address.
    #[serde(default)]
    pub address: Address,
    /// Where the door is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The named place around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCenter>,
    /// How exactly the public may know it.
    pub precision: Precision,
    /// Why not exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrecisionReason>,
    /// How to find the room, where to park.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Text<1000>>,
}

/// A place whose precision contradicts what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLocation {
    /// The precision asks for a position and there is none.
    #[error("precision `exact` and `approximate` need a position")]
    NoPosition,
    /// The precision asks for an area and there is none.
    #[error("precision `area` needs the area's center")]
    NoArea,
    /// It is not exact and does not say why.
    #[error("a precision other than `exact` needs a reason: `withheld` or `not_known`")]
    NoReason,
}

/// A place where people meet.
///
/// It cannot be serialized: the only way out is [`Location::public`], which masks it.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    id: LocationId,
    draft: LocationDraft,
}

impl Location {
    /// Checks that what is known suffices for the precision.
    pub fn new(id: LocationId, draft: LocationDraft) -> Result<Self, InvalidLocation> {
        match draft.precision {
            Precision::Exact | Precision::Approximate if draft.position.is_none() => {
                return Err(InvalidLocation::NoPosition);
            }
            Precision::Area if draft.area.is_none() => return Err(InvalidLocation::NoArea),
            _ => {}
        }
        if draft.precision != Precision::Exact && draft.reason.is_none() {
            return Err(InvalidLocation::NoReason);
        }
        Ok(Self { id, draft })
    }

    /// The permanent identity.
    pub const fn id(&self) -> LocationId {
        self.id
    }

    /// The place as anyone may see it.
    ///
    /// `None` for a hidden place. Everything that sorts, measures, exports or draws uses this.
    pub fn public(&self) -> Option<PublicLocation> {
        let draft = &self.draft;
        let (position, radius_m) = match draft.precision {
            Precision::Hidden => return None,
            Precision::Exact => (draft.position?, None),
            Precision::Approximate => {
                let (center, radius_m) = cell(draft.position?);
                (center, Some(radius_m))
            }
            Precision::Area => draft.area.map(|area| (area.position, Some(area.radius_m)))?,
        };
        let exact = draft.precision == Precision::Exact;
        let address = &draft.address;
        Some(PublicLocation {
            id: exact.then_some(self.id),
            name: draft.name.clone().filter(|_| exact),
            street: address.street.clone().filter(|_| exact),
            city: address.city.clone(),
            subdivision: address.subdivision,
            postal_code: address.postal_code.clone().filter(|_| exact),
            country: address.country,
            directions: draft.directions.clone().filter(|_| exact),
            latitude: position.latitude(),
            longitude: position.longitude(),
            precision: draft.precision,
            reason: draft.reason.filter(|_| !exact),
            radius_m,
        })
    }
}

/// The center of the cell around a position, and the distance to the cell's corner in meters.
fn cell(position: Position) -> (Position, u32) {
    let snap = |degrees: f64, limit: f64| {
        let cell = (degrees / CELL_DEGREES).floor();
        let last = limit / CELL_DEGREES - 1.0;
        // 1e4 keeps the printed number short: 45.525, not 45.525000000000006.
        ((cell.min(last) + 0.5) * CELL_DEGREES * 1e4).round() / 1e4
    };
    let (latitude, longitude) =
        (snap(position.latitude(), 90.0), snap(position.longitude(), 180.0));
    let half_m = CELL_DEGREES / 2.0 * 111_700.0;
    // The side nearer to the equator is the longer one.
    let east_m = half_m * (latitude.abs() - CELL_DEGREES / 2.0).max(0.0).to_radians().cos();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 4,000")]
    let radius_m = half_m.hypot(east_m).ceil() as u32;
    let center = Position::new(latitude, longitude).unwrap_or(position);
    (center, radius_m)
}

/// A place as the public may know it: masked, never more exact than its `precision`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicLocation {
    /// The permanent identity of the place; only of exact ones, since it is made of the address.
    #[schema(value_type = Option<String>, format = "uuid")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<LocationId>,
    /// The name of the place; only of exact ones.
    #[schema(value_type = Option<String>, example = "St Mary's Hall")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<200>>,
    /// House number and street; only of exact ones.
    #[schema(value_type = Option<String>, example = "12 Elm Street")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Text<300>>,
    /// Town or city.
    #[schema(value_type = Option<String>, example = "Portland")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Text<120>>,
    /// State, province or region, after ISO 3166-2.
    #[schema(value_type = Option<String>, example = "US-OR")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code; only of exact ones.
    #[schema(value_type = Option<String>, example = "97214")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<16>>,
    /// Country, after ISO 3166-1 alpha-2.
    #[schema(value_type = Option<String>, example = "US")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// How to find the room; only of exact ones.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Text<1000>>,
    /// Degrees north of the equator, of the public point.
    #[schema(minimum = -90, maximum = 90, example = 45.5155)]
    pub latitude: f64,
    /// Degrees east of Greenwich, of the public point.
    #[schema(minimum = -180, maximum = 180, example = -122.6793)]
    pub longitude: f64,
    /// How exactly this is where people meet. Only `exact` may get a pin or directions.
    pub precision: Precision,
    /// Why it is not exact: kept private, or not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrecisionReason>,
    /// People meet within this many meters of the point. Absent when the point is exact.
    #[schema(example = 3200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_m: Option<u32>,
}

impl PublicLocation {
    /// The public point.
    pub fn position(&self) -> Option<Position> {
        Position::new(self.latitude, self.longitude).ok()
    }
}
