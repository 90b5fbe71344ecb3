//! One meeting as feeds write it, with every quirk that was seen in them.

use jiff::civil::Time;
use serde_json::{Map, Value};

use crate::domain::{Link, Position, ZoneName};
use crate::interchange::{clock, secrets};

use super::codes::Codes;
use super::fields::Fields;

/// One meeting, read and checked, in the vocabulary of the format.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) group: Option<String>,
    pub(super) district: Option<String>,
    /// Days of the week, 0 being Sunday; none when people meet by appointment.
    pub(super) days: Vec<u8>,
    pub(super) time: Option<Time>,
    pub(super) end: Option<Time>,
    pub(super) zone: Option<ZoneName>,
    pub(super) codes: Codes,
    pub(super) stated: Option<Stated>,
    pub(super) conference_url: Option<Link>,
    pub(super) conference_phone: Option<String>,
    conference_url_notes: Option<String>,
    conference_phone_notes: Option<String>,
    pub(super) approximate: Option<bool>,
    pub(super) position: Option<Position>,
    pub(super) formatted_address: Option<String>,
    pub(super) address: Option<String>,
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) country: Option<String>,
    pub(super) venue: Option<String>,
    pub(super) location_notes: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) group_notes: Option<String>,
    pub(super) url: Option<Link>,
    pub(super) website: Option<Link>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) entity: Option<String>,
    pub(super) entity_url: Option<Link>,
    pub(super) entity_phone: Option<String>,
    pub(super) entity_email: Option<String>,
}

/// What `attendance_option` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    InPerson,
    Online,
    Hybrid,
    Inactive,
}

/// Why a row was refused: its field and the reason.
pub(super) type Refusal = (&'static str, String);

impl Row {
    /// Reads a row. Unknown keys are harmless; so is everything that can be understood.
    pub(super) fn read(number: usize, value: &Value) -> Result<Self, Refusal> {
        let Value::Object(map) = value else {
            return Err((
                "",
                "is not a meeting: expected an object with `name` and `slug`".to_owned(),
            ));
        };
        let fields = Fields(map);
        let slug = fields.line("slug").ok_or_else(|| missing("slug"))?;
        let name = fields.line("name").ok_or_else(|| missing("name"))?;
        for field in ["name", "group", "entity"] {
            if fields.line(field).is_some_and(|text| secrets::holds_key(&text)) {
                return Err((
                    field,
                    "has a meeting link or a passcode in it, which must not be public".to_owned(),
                ));
            }
        }
        Ok(Self {
            number,
            slug,
            name,
            group: fields.line("group"),
            district: fields.line("district"),
            days: days(map)?,
            time: fields.parsed("time", clock::time, "a time such as 19:00")?,
            // An end that cannot be read is no reason to lose the meeting.
            end: fields.line("end_time").and_then(|end| clock::end(&end)),
            zone: fields.parsed(
                "timezone",
                |zone| zone.parse().ok(),
                "a time zone such as America/New_York",
            )?,
            codes: codes(map.get("types")),
            stated: fields.line("attendance_option").and_then(|option| stated(&option)),
            conference_url: fields.link(&["conference_url"]),
            conference_phone: fields.line("conference_phone"),
            conference_url_notes: fields.text("conference_url_notes"),
            conference_phone_notes: fields.text("conference_phone_notes"),
            approximate: fields.line("approximate").and_then(|word| yes_or_no(&word)),
            position: position(&fields)?,
            formatted_address: fields.line("formatted_address"),
            address: fields.line("address"),
            city: fields.line("city"),
            state: fields.line("state"),
            postal_code: fields.line("postal_code"),
            country: fields.line("country"),
            venue: fields.line("location"),
            location_notes: fields.text("location_notes"),
            notes: fields.text("notes"),
            group_notes: fields.text("group_notes"),
            url: fields.link(&["url"]),
            website: fields.link(&["website", "website_2"]),
            phone: fields.line("phone"),
            email: fields.line("email"),
            entity: fields.line("entity"),
            entity_url: fields.link(&["entity_website_url", "entity_url"]),
            entity_phone: fields.line("entity_phone"),
            entity_email: fields.line("entity_email"),
        })
    }

    /// What of this row must not turn up in public text.
    pub(super) fn private(&self) -> impl Iterator<Item = &str> {
        let url = self.conference_url.as_ref().map(Link::as_str);
        url.into_iter()
            .chain(self.conference_phone.as_deref())
            .chain(self.conference_url_notes.as_deref())
            .chain(self.conference_phone_notes.as_deref())
    }

    /// The number to dial, with what is to be dialed after it. For [`Session::join_phone`] alone.
    ///
    /// [`Session::join_phone`]: crate::domain::Session::join_phone
    pub(super) fn dial_in(&self) -> Option<String> {
        let phone = self.conference_phone.as_deref()?;
        let notes = self.conference_phone_notes.as_deref().unwrap_or_default();
        let words: Vec<&str> = phone.split_whitespace().chain(notes.split_whitespace()).collect();
        Some(words.join(" "))
    }

    /// A public page of the row: not the way into the meeting under another name.
    pub(super) fn public_link(&self, link: Option<&Link>) -> Option<Link> {
        link.filter(|link| !secrets::is_meeting_link(link.as_str()))
            .filter(|link| self.conference_url.as_ref() != Some(link))
            .cloned()
    }
}

fn missing(field: &'static str) -> Refusal {
    (field, "is missing: every meeting needs one".to_owned())
}

fn stated(option: &str) -> Option<Stated> {
    match option.to_ascii_lowercase().as_str() {
        "in_person" => Some(Stated::InPerson),
        "online" => Some(Stated::Online),
        "hybrid" => Some(Stated::Hybrid),
        "inactive" => Some(Stated::Inactive),
        _ => None,
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// The days of a row: a number, a number in quotes, an English name, or a list of them.
fn days(map: &Map<String, Value>) -> Result<Vec<u8>, Refusal> {
    let values = match map.get("day") {
        None => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut days = Vec::new();
    for value in values {
        let (number, word) = match value {
            Value::Null => continue,
            Value::String(text) if text.trim().is_empty() => continue,
            Value::String(text) => (text.trim().parse().ok(), clock::weekday(text)),
            other => (other.as_u64().and_then(|day| u8::try_from(day).ok()), None),
        };
        let day = number.filter(|day| *day <= 6).or(word);
        days.push(day.ok_or_else(|| {
            ("day", format!("{value} is not a day: expected 0 (Sunday) to 6 (Saturday)"))
        })?);
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// The codes of a row: a list, or all in one string such as `[open]`.
fn codes(types: Option<&Value>) -> Codes {
    match types {
        Some(Value::Array(list)) => Codes::new(list.iter().filter_map(Value::as_str)),
        Some(Value::String(all)) => Codes::new(all.split(['[', ']', '"', ',', ';'])),
        _ => Codes::default(),
    }
}

/// The coordinates of a row: numbers or strings, or both in `coordinates`.
///
/// (0, 0) is what some software writes for "none". Half a point is none.
fn position(fields: &Fields<'_>) -> Result<Option<Position>, Refusal> {
    let degrees = "a number of degrees";
    let mut latitude: Option<f64> = fields.parsed("latitude", |text| text.parse().ok(), degrees)?;
    let mut longitude: Option<f64> =
        fields.parsed("longitude", |text| text.parse().ok(), degrees)?;
    if latitude.is_none()
        && longitude.is_none()
        && let Some(both) = fields.line("coordinates")
        && let Some((north, east)) = both.split_once(',')
    {
        // Four numbers are a box around an approximate place and no point.
        (latitude, longitude) = (north.trim().parse().ok(), east.trim().parse().ok());
    }
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Ok(None) };
    if latitude == 0.0 && longitude == 0.0 {
        return Ok(None);
    }
    let field = if (-90.0..=90.0).contains(&latitude) { "longitude" } else { "latitude" };
    let position = Position::new(latitude, longitude)
        .map_err(|off_the_earth| (field, format!("({latitude}, {longitude}): {off_the_earth}")))?;
    Ok(Some(position))
}
