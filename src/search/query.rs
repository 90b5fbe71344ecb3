//! A search, checked: what is in here can be answered.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use jiff::civil::Date;

use super::columns::Field;
use super::cursor::Cursor;
use super::facets::FacetField;
use super::matters::{Matter, Wished};
use super::score::Weights;
use super::window::Window;
use crate::domain::words::words;
use crate::domain::{
    AcceptingStatus, Attendance, Channel, CountryCode, CountyCode, Position, SubdivisionCode,
};

/// Where the person is: the point that distances are measured from, and what decides on coverage.
#[derive(Debug, Clone, PartialEq)]
pub struct Standpoint {
    /// The point.
    pub position: Position,
    /// The country it is in.
    pub country: Option<CountryCode>,
    /// The state, province or region it is in.
    pub subdivision: Option<SubdivisionCode>,
    /// The county it is in.
    pub county: Option<CountyCode>,
    /// The postal code, in capitals and without spaces, when the person gave one.
    pub postal_code: Option<String>,
}

/// Where the person is and how far they would go.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Where the person is.
    pub place: Standpoint,
    /// How far they would go; without it the search widens itself.
    pub radius: Option<Radius>,
}

/// A distance of 1 m to 500 km.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Radius(u32);

/// A radius beyond what is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a distance up to 500 km or 310 mi, such as 10mi or 16km")]
pub struct FarAway;

impl Radius {
    /// The widest radius that may be asked for, in meters.
    pub const MAX_M: u32 = 500_000;
    /// The widest radius that a search without one tries.
    pub const WIDEST: Self = Self(160_000);
    /// The radii that a search without one tries in turn.
    pub const WIDENING: [Self; 5] =
        [Self(10_000), Self(25_000), Self(50_000), Self(100_000), Self::WIDEST];

    /// A radius in meters.
    pub fn from_m(meters: f64) -> Result<Self, FarAway> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked first"
        )]
        if (1.0..=f64::from(Self::MAX_M)).contains(&meters) {
            Ok(Self(meters.round() as u32))
        } else {
            Err(FarAway)
        }
    }

    /// The radius in meters.
    pub const fn meters(self) -> u32 {
        self.0
    }
}

impl std::str::FromStr for Radius {
    type Err = FarAway;

    /// A number with `km`, `mi` or `m`, such as `10mi`.
    fn from_str(text: &str) -> Result<Self, FarAway> {
        let text = text.trim().to_ascii_lowercase();
        let unit_at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or(FarAway)?;
        let (number, unit) = text.split_at(unit_at);
        let number: f64 = number.trim().parse().map_err(|_not_a_number| FarAway)?;
        let meters = match unit.trim() {
            "km" => number * 1_000.0,
            "mi" | "mile" | "miles" => number * 1_609.344,
            "m" => number,
            _ => return Err(FarAway),
        };
        Self::from_m(meters)
    }
}

/// A box of degrees; `west > east` crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

/// A box that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be west,south,east,north in degrees, with south below north")]
pub struct InvalidBox;

impl BoundingBox {
    fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, InvalidBox> {
        let corners = Position::new(south, west).is_ok() && Position::new(north, east).is_ok();
        if corners && south <= north {
            Ok(Self { west, south, east, north })
        } else {
            Err(InvalidBox)
        }
    }

    pub(super) fn contains(&self, latitude: f64, longitude: f64) -> bool {
        (self.south..=self.north).contains(&latitude) && self.spans(longitude)
    }

    /// Whether it has something in common with a box that does not cross the antimeridian; corners
    /// are latitude and longitude.
    pub(super) fn meets(&self, low: [f64; 2], high: [f64; 2]) -> bool {
        let across = if self.west <= self.east {
            low[1] <= self.east && high[1] >= self.west
        } else {
            low[1] <= self.east || high[1] >= self.west
        };
        low[0] <= self.north && high[0] >= self.south && across
    }

    fn spans(&self, longitude: f64) -> bool {
        if self.west <= self.east {
            (self.west..=self.east).contains(&longitude)
        } else {
            longitude >= self.west || longitude <= self.east
        }
    }
}

impl std::str::FromStr for BoundingBox {
    type Err = InvalidBox;

    fn from_str(text: &str) -> Result<Self, InvalidBox> {
        let numbers: Vec<f64> = text
            .split(',')
            .map(|number| number.trim().parse().map_err(|_not_a_number| InvalidBox))
            .collect::<Result<_, _>>()?;
        let [west, south, east, north] = numbers[..] else { return Err(InvalidBox) };
        Self::new(west, south, east, north)
    }
}

/// What is asked of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The field.
    pub field: Field,
    /// The program must have one of these, unless there are none here.
    pub any: Vec<String>,
    /// The program must have every one of these.
    pub all: Vec<String>,
    /// The program must have none of these.
    pub none: Vec<String>,
}

words! {
    /// The order of the results.
    pub enum Sort {
        /// The best first; near, in the area and open to all in turn.
        Relevance = "relevance",
        /// The nearest first, what has no distance last.
        Distance = "distance",
        /// The next meeting first, those in progress before; of equals the nearest. Then what is always
        /// open, then what may take place at times that nobody told, last what does not take place.
        NextMeeting = "next_meeting",
        /// By name.
        Name = "name",
        /// The most lately confirmed first.
        Verified = "verified",
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Where the person is.
    pub near: Option<Origin>,
    /// Only what has a public place in this box.
    pub bounds: Option<BoundingBox>,
    /// What is asked of the fields of programs.
    pub choices: Vec<Choice>,
    /// A session must be attended in one of these ways, unless there are none here.
    pub attendance: Vec<Attendance>,
    /// A session must be reached by one of these, unless there are none here.
    pub channels: Vec<Channel>,
    /// There must be room in one of these ways, unless there are none here.
    pub accepting: Vec<AcceptingStatus>,
    /// Run by one of these, identities or addresses, unless there are none here.
    pub organizations: Vec<String>,
    /// When a session must take place.
    pub window: Window,
    /// From one instant up to another a meeting must take place, whatever `window.within` says; open
    /// hours do not count. For lists of meetings.
    pub between: Option<(Timestamp, Timestamp)>,
    /// Whether a session will do as well whose times nobody has told.
    pub or_unknown_times: bool,
    /// Somebody must have confirmed it within so many days.
    pub verified_within: Option<u32>,
    /// What matters to the person without being a must, and how much; each thing once, in order.
    pub matters: Vec<Matter>,
    /// When a session would suit the person best, and how much that matters.
    pub wished: Option<Wished>,
    /// The person's age in years.
    pub age: Option<u8>,
    /// Words that must all occur, the last one as the beginning of a word.
    pub words: Option<String>,
    /// Words of these, folded, that need not occur; see [`crate::search::Snapshot::eased`].
    pub left_out: Vec<String>,
    /// What is looked for instead of the words, when it is not they.
    pub instead: Option<String>,
    /// The order.
    pub sort: Sort,
    /// What the terms of a score are worth.
    pub weights: Weights,
    /// What to count.
    pub facets: Vec<FacetField>,
    /// How many results on a page, 1 to 100.
    pub limit: usize,
    /// Where to go on.
    pub after: Option<Cursor>,
    /// The moment of the question.
    pub now: Timestamp,
    /// The moment that is told of when nothing is asked of times, such as whether a program is open. `now`
    /// may be earlier, so that the same pages are answered for a while.
    pub clock: Timestamp,
}

impl Query {
    /// Everything, as of `now`, by relevance, twenty on a page.
    pub fn all(now: Timestamp) -> Self {
        Self {
            near: None,
            bounds: None,
            choices: Vec::new(),
            attendance: Vec::new(),
            channels: Vec::new(),
            accepting: Vec::new(),
            organizations: Vec::new(),
            window: Window::any(jiff::tz::TimeZone::UTC),
            between: None,
            or_unknown_times: false,
            verified_within: None,
            matters: Vec::new(),
            wished: None,
            age: None,
            words: None,
            left_out: Vec::new(),
            instead: None,
            sort: Sort::Relevance,
            weights: Weights::default(),
            facets: Vec::new(),
            limit: 20,
            after: None,
            now,
            clock: now,
        }
    }

    /// Whether programs are asked for anything but the values of their fields and their place.
    pub(super) fn is_more_than_choices(&self) -> bool {
        self.words.is_some()
            || self.age.is_some()
            || self.verified_within.is_some()
            || self.bounds.is_some()
            || self.asks_for_times()
            || !(self.attendance.is_empty()
                && self.channels.is_empty()
                && self.accepting.is_empty()
                && self.organizations.is_empty())
    }

    /// Whether anything matters without being a must.
    pub(super) fn weighs(&self) -> bool {
        !self.matters.is_empty() || self.wished.is_some()
    }

    /// Whether a cursor is of this search.
    pub fn continues(&self, cursor: &Cursor) -> bool {
        cursor.fingerprint == self.fingerprint()
    }

    /// A number for everything that decides which results there are and in which order.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        if let Some(near) = &self.near {
            let position = near.place.position;
            (position.latitude().to_bits(), position.longitude().to_bits()).hash(&mut hasher);
            near.place.country.hash(&mut hasher);
            near.place.subdivision.hash(&mut hasher);
            near.place.county.hash(&mut hasher);
            near.place.postal_code.hash(&mut hasher);
            near.radius.map(Radius::meters).hash(&mut hasher);
        }
        if let Some(b) = &self.bounds {
            [b.west, b.south, b.east, b.north].map(f64::to_bits).hash(&mut hasher);
        }
        for choice in &self.choices {
            choice.field.hash(&mut hasher);
            (&choice.any, &choice.all, &choice.none).hash(&mut hasher);
        }
        self.attendance.hash(&mut hasher);
        self.channels.hash(&mut hasher);
        self.accepting.hash(&mut hasher);
        self.organizations.hash(&mut hasher);
        (self.age, &self.words, self.sort, self.weights).hash(&mut hasher);
        (self.verified_within, &self.matters).hash(&mut hasher);
        let asked = self.asks_for_times().then_some(&self.window);
        let wished = self.wished.as_ref();
        for window in asked.into_iter().chain(wished.map(|wished| &wished.window)) {
            let Window { zone, days, starts_after, starts_before, within, open_now } = window;
            (zone.iana_name(), days, starts_after, starts_before, open_now).hash(&mut hasher);
            (within.map(|within| within.as_secs()), self.between).hash(&mut hasher);
        }
        wished.map(|wished| wished.importance).hash(&mut hasher);
        hasher.finish()
    }

    /// The day of the question in UTC; what is older than so many days is counted from it.
    pub(super) fn today(&self) -> Date {
        day_of(self.now)
    }
}

/// The day that it is at an instant, as far as what is told of a day goes.
pub(super) fn day_of(now: Timestamp) -> Date {
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radius_is_a_number_with_a_unit() {
        assert_eq!("10mi".parse::<Radius>().map(Radius::meters), Ok(16_093));
        assert_eq!(" 16 km".parse::<Radius>().map(Radius::meters), Ok(16_000));
        for bad in ["10", "0km", "-3km", "501km", "NaNkm", "infkm", "1e9km", "km", "5 parsec", ""] {
            assert_eq!(bad.parse::<Radius>(), Err(FarAway), "{bad}");
        }
    }

    #[test]
    fn a_box_may_cross_the_antimeridian() {
        let fiji: BoundingBox = "177,-20,-178,-15".parse().unwrap();

        assert!(fiji.spans(179.5) && fiji.spans(-179.5) && !fiji.spans(0.0));
        for bad in ["1,2,3", "0,10,10,0", "0,0,181,1", "NaN,0,1,1", "a,b,c,d"] {
            assert_eq!(bad.parse::<BoundingBox>(), Err(InvalidBox), "{bad}");
        }
    }
}
