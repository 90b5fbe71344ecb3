//! The session of a line: how people take part, when and where.

use jiff::civil::Date;

use crate::domain::{
    Address, AreaCenter, Attendance, Channel, CountryCode, Kind, LocationDraft, LocationId, Origin,
    Position, Precision, PrecisionReason, Recurrence, Schedule, Session, SessionForm,
    SessionStatus, SubdivisionCode, Text, ZoneName,
};
use crate::interchange::Setting;
use crate::interchange::{clock, regions, venues};

use super::cells::Cells;

/// A session with its place.
pub(super) struct Held {
    pub(super) session: Session,
    pub(super) venue: Option<(LocationId, LocationDraft)>,
}

/// Reads the session of a line; `None` when the line has none or what it says is wrong.
pub(super) fn read(cells: &Cells<'_>, kinds: &[Kind], setting: &Setting<'_>) -> Option<Held> {
    if !cells.have_a_session() {
        return None;
    }
    let attendance = attendance(cells, kinds);
    let place = Place::read(cells, setting);
    let schedule = schedule(cells, &place, setting);
    let note = cells.sentences("schedule_note");
    let sign_up_url = cells.page("sign_up_url");
    let attendance = attendance?;
    let venue = match attendance {
        Attendance::Online => None,
        Attendance::InPerson | Attendance::Hybrid => place.location(cells, setting),
    };
    let mut channels = Vec::new();
    if attendance != Attendance::Online {
        channels.push(Channel::InPerson);
    }
    let session = Session {
        name: None,
        attendance,
        form: SessionForm::Meeting,
        channels,
        schedule,
        schedule_note: note,
        location: venue.as_ref().map(|(id, _)| *id),
        sign_up_url,
        join_url: None,
        join_phone: None,
        note: None,
        status: SessionStatus::Active,
        status_since: None,
        status_until: None,
    };
    Some(Held { session, venue })
}

/// How people take part. Left blank, the program's kinds must leave no doubt.
fn attendance(cells: &Cells<'_>, kinds: &[Kind]) -> Option<Attendance> {
    if cells.raw("attendance").is_some() {
        return cells.word("attendance", Attendance::WORDS);
    }
    match (kinds.contains(&Kind::LocalGroup), kinds.contains(&Kind::Online)) {
        // What is wrong with the program was told already.
        _ if kinds.is_empty() => None,
        (true, false) => Some(Attendance::InPerson),
        (false, true) => Some(Attendance::Online),
        _ => {
            cells.refuse(
                "attendance",
                "is blank and `kinds` leaves it open: expected in_person, online or hybrid",
            );
            None
        }
    }
}

/// When it takes place. Every contradiction is told; nothing is guessed but the usual hour.
fn schedule(cells: &Cells<'_>, place: &Place, setting: &Setting<'_>) -> Option<Schedule> {
    let days = cells.list("day", |day| {
        clock::weekday(day)
            .ok_or_else(|| "expected the name of a day, such as tue or Tuesday".to_owned())
    });
    let rrule: Option<Recurrence> = cells.read("rrule", str::parse);
    let time = cells
        .read("time", |time| clock::time(time).ok_or("expected a time such as 19:00 or 7:00 PM"));
    let first_date: Option<Date> = cells.read("first_date", |date| {
        date.parse::<Date>().map_err(|_not_a_date| "expected a date such as 2026-01-13")
    });
    let stated: Option<ZoneName> = cells.read("time_zone", |zone| {
        zone.parse().map_err(|_unknown| "expected a time zone such as America/New_York")
    });
    let filled = |column: &str| cells.raw(column).is_some();
    if filled("day") && filled("rrule") {
        cells.refuse("rrule", "stands beside `day`; fill in one of them");
    }
    if filled("rrule") && !filled("first_date") {
        cells.refuse(
            "first_date",
            "is blank; with `rrule` it tells which weeks or months are meant",
        );
    }
    let patterned = filled("day") || filled("rrule") || filled("first_date");
    if patterned && !filled("time") {
        cells.refuse(
            "time",
            "is blank; write what is known of the times into `schedule_note` instead of `day`",
        );
    }
    if filled("time") && !patterned {
        cells.refuse("day", "is blank; a time needs `day`, `rrule` or `first_date`");
    }
    let minutes = minutes(cells, time);
    let (time, minutes) = (time.filter(|_| patterned)?, minutes?);
    let Some(zone) = stated.or_else(|| setting.time_zone.clone()).or_else(|| place.zone(setting))
    else {
        // A town that is not known is told by itself.
        if !filled("time_zone") && !place.is_unknown() {
            cells.refuse("time_zone", "is blank and the address does not tell it: expected a zone such as America/New_York");
        }
        return None;
    };
    let (start, rrule) = if days.is_empty() {
        (first_date?, rrule)
    } else {
        let mut days = days;
        days.sort_unstable();
        let start = clock::first_on(&days, first_date.unwrap_or(clock::COUNTED_FROM));
        (start, Some(Recurrence::weekly(&days)))
    };
    Some(Schedule {
        start: start.to_datetime(time),
        time_zone: zone,
        duration_minutes: minutes,
        rrule,
        exdates: vec![],
        rdates: vec![],
        pauses: vec![],
    })
}

/// How long it lasts, from either column.
fn minutes(cells: &Cells<'_>, start: Option<jiff::civil::Time>) -> Option<u16> {
    let end = cells
        .read("end_time", |end| clock::end(end).ok_or("expected a time such as 20:30 or 8:30 PM"));
    let stated = cells.read("duration_minutes", |minutes| match minutes.parse::<u16>() {
        Ok(minutes @ 1..=1_440) => Ok(minutes),
        _ => Err("expected 1 to 1440 minutes"),
    });
    if start.is_some() && start == end {
        cells.refuse("end_time", "is the same as `time`: leave it blank when it is not known");
        return None;
    }
    let span = start.zip(end).map(|(start, end)| clock::minutes(start, end));
    if let (Some(stated), Some(span)) = (stated, span)
        && stated != span
    {
        cells.refuse(
            "duration_minutes",
            format!("`{stated}`: but {span} minutes lie between `time` and `end_time`"),
        );
        return None;
    }
    Some(stated.or(span).unwrap_or(clock::USUAL_MINUTES))
}

/// What a line says about where it is.
struct Place {
    name: Option<Text<200>>,
    address: Address,
    position: Option<Position>,
    center: Option<AreaCenter>,
    precision: Option<Precision>,
}

impl Place {
    fn read(cells: &Cells<'_>, setting: &Setting<'_>) -> Self {
        let country = cells.read("country", |country| {
            regions::country_or_code(country).ok_or("expected a country such as US or Canada")
        });
        let subdivision = cells.read("state", |state| subdivision(state, country));
        let address = Address {
            street: cells.text("street"),
            city: cells.text("city"),
            subdivision,
            postal_code: cells.text("postal_code"),
            country: country.or(subdivision.map(|state: SubdivisionCode| state.country())),
        };
        let center = setting.places.center(&address);
        Self {
            name: cells.text("location_name"),
            position: position(cells, center),
            center,
            precision: cells.word("precision", Precision::WORDS),
            address,
        }
    }

    /// Whether a town or a postal code is told, and nobody knows where it is.
    const fn is_unknown(&self) -> bool {
        let told = self.address.city.is_some() || self.address.postal_code.is_some();
        told && self.center.is_none() && self.position.is_none() && self.precision.is_none()
    }

    fn zone(&self, setting: &Setting<'_>) -> Option<ZoneName> {
        let point = self.position.or(self.center.map(|center| center.position));
        point.and_then(|point| setting.places.zone(point))
    }

    /// The place as it is kept.
    ///
    /// A precision that is written down and not `exact` means that the address is withheld, if
    /// there is one: then what is shown must not be made of the door's own coordinates.
    fn location(
        self,
        cells: &Cells<'_>,
        setting: &Setting<'_>,
    ) -> Option<(LocationId, LocationDraft)> {
        let nothing =
            self.name.is_none() && self.address == Address::default() && self.position.is_none();
        if nothing && self.precision != Some(Precision::Hidden) {
            cells.refuse(
                "city",
                "is blank: a session in person needs a place, or `precision` hidden",
            );
            return None;
        }
        if self.is_unknown() {
            // A cell that is there and wrong was told already.
            if cells.raw("latitude").is_none() {
                let column = if self.address.city.is_some() { "city" } else { "postal_code" };
                let reason = "is not a place we know there: check how it is written, with its state and \
                              country, or add the coordinates";
                cells.refuse(column, reason);
            }
            return None;
        }
        let knows_door = self.position.is_some() && self.address.street.is_some();
        let precision = self.precision.unwrap_or(match (knows_door, self.position, self.center) {
            (true, ..) => Precision::Exact,
            (_, None, Some(_)) => Precision::Area,
            (_, Some(_), _) => Precision::Approximate,
            (_, None, None) => Precision::Hidden,
        });
        match precision {
            Precision::Exact | Precision::Approximate if self.position.is_none() => {
                // A cell that is there and wrong was told already.
                if cells.raw("latitude").is_some() {
                    return None;
                }
                cells.refuse(
                    "latitude",
                    format!(
                        "is blank, and `precision` {precision} needs the coordinates of the door"
                    ),
                );
                return None;
            }
            Precision::Area if self.center.is_none() => {
                cells.refuse(
                    "city",
                    "is not a place we know, and `precision` area shows its center",
                );
                return None;
            }
            _ => {}
        }
        let withheld =
            self.precision.is_some() && (self.address.street.is_some() || self.position.is_some());
        let reason = if withheld { PrecisionReason::Withheld } else { PrecisionReason::NotKnown };
        let id = venues::location_id(
            setting.source,
            &self.address,
            self.name.as_ref().map(Text::as_str),
            &venues::by_position(&self.address, self.name.is_some(), self.position),
        );
        let draft = LocationDraft {
            name: self.name,
            address: self.address,
            position: self.position,
            area: self.center.filter(|_| precision == Precision::Area),
            precision,
            reason: (precision != Precision::Exact).then_some(reason),
            directions: None,
        };
        Some((id, draft))
    }
}

/// A state as a code of ISO 3166-2, as an abbreviation or by its name.
fn subdivision(state: &str, country: Option<CountryCode>) -> Result<SubdivisionCode, String> {
    let code = state.to_ascii_uppercase().parse::<SubdivisionCode>().ok();
    let code = code.filter(|code| country.is_none_or(|country| code.country() == country));
    let known = code.or_else(|| regions::subdivision(state, country));
    known.or_else(|| regions::subdivision(&state.to_ascii_uppercase(), country)).ok_or_else(|| {
        match country {
            Some(country) => {
                format!("expected a state or province of {country}, or a code such as {country}-1")
            }
            None => "expected a state such as OR, Oregon or US-OR".to_owned(),
        }
    })
}

/// So far from the middle of its town nobody meets who says that they meet there.
const ELSEWHERE_KM: f64 = 100.0;

/// The coordinates; a decimal comma is understood.
fn position(cells: &Cells<'_>, center: Option<AreaCenter>) -> Option<Position> {
    let degrees = |column: &str, limit: f64| {
        cells.read(column, |cell| match cell.replace(',', ".").parse::<f64>() {
            Ok(degrees) if degrees.abs() <= limit => Ok(degrees),
            _ => Err(format!("expected degrees from -{limit} to {limit}")),
        })
    };
    for (column, other) in [("latitude", "longitude"), ("longitude", "latitude")] {
        if cells.raw(column).is_none() && cells.raw(other).is_some() {
            cells.refuse(column, format!("is blank, but `{other}` is not"));
        }
    }
    let (latitude, longitude) = (degrees("latitude", 90.0), degrees("longitude", 180.0));
    let position = Position::new(latitude?, longitude?).ok()?;
    let from_center =
        center.map(|center| Origin::new(center.position).distance_m(position.to_ecef()) / 1_000.0);
    if let Some(away) = from_center.filter(|away| *away > ELSEWHERE_KM) {
        cells.refuse(
            "latitude",
            format!(
                "with `longitude` is {away:.0} km from the address: is a sign missing, or are the two swapped?"
            ),
        );
        return None;
    }
    Some(position)
}
