//! One meeting pattern of a program.

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::contact::Channel;
use super::identity::LocationId;
use super::location::PublicLocation;
use super::schedule::Schedule;
use super::text::Text;
use super::words::words;

words! {
    /// How people take part in a session.
    pub enum Attendance {
        /// At a place.
        InPerson = "in_person",
        /// From anywhere: by phone, video, text or in a forum.
        Online = "online",
        /// Either way.
        Hybrid = "hybrid",
    }
}

words! {
    /// What a session's times mean.
    pub enum SessionForm {
        /// People come at the start.
        Meeting = "meeting",
        /// Open for a while, such as a warmline or a drop-in centre: come at any time within.
        OpenHours = "open_hours",
        /// Open day and night, such as a forum.
        AlwaysOpen = "always_open",
    }
}

words! {
    /// Whether a session takes place at the moment.
    pub enum SessionStatus {
        /// It takes place.
        Active = "active",
        /// It has stopped for a while.
        Paused = "paused",
        /// It has ended.
        Ended = "ended",
    }
}

/// One meeting pattern of a program, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// What tells it from the program's other sessions, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<200>>,
    /// How people take part.
    pub attendance: Attendance,
    /// What its times mean.
    #[serde(default = "meeting")]
    pub form: SessionForm,
    /// The ways to take part, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// When it takes place, if the pattern is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What is known of its times, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_note: Option<Text<500>>,
    /// Where it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// Where to sign up or find the way in. Public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up_url: Option<Link>,
    /// The meeting's own link. Never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_url: Option<Link>,
    /// The meeting's own dial-in number with its codes. Never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_phone: Option<Text<120>>,
    /// A remark for those who come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<2000>>,
    /// Whether it takes place at the moment.
    #[serde(default = "active")]
    pub status: SessionStatus,
    /// Since when it has this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_since: Option<civil::Date>,
    /// Until when it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_until: Option<civil::Date>,
}

const fn meeting() -> SessionForm {
    SessionForm::Meeting
}

const fn active() -> SessionStatus {
    SessionStatus::Active
}

/// An absolute `http` or `https` address without credentials, at most 2,000 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(Box<str>);

/// An address that is not one of the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address that starts with https:// or http://")]
pub struct InvalidLink;

impl Link {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Link {
    type Error = InvalidLink;

    fn try_from(text: String) -> Result<Self, InvalidLink> {
        let url = url::Url::parse(text.trim()).map_err(|_not_a_url| InvalidLink)?;
        let web = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.as_str().len() <= 2_000;
        if web { Ok(Self(url.as_str().into())) } else { Err(InvalidLink) }
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0.into()
    }
}

/// A session as the public sees it: with its place, without the keys to the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicSession {
    /// What tells it from the program's other sessions.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<200>>,
    /// How people take part.
    pub attendance: Attendance,
    /// What its times mean.
    pub form: SessionForm,
    /// The ways to take part, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// When it takes place, if the pattern is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What is known of its times, in words.
    #[schema(value_type = Option<String>, example = "Weekly; ask for the day")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_note: Option<Text<500>>,
    /// Where it takes place, as exactly as the public may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<PublicLocation>,
    /// Where to sign up or find the way in.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up_url: Option<Link>,
    /// A remark for those who come.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<2000>>,
    /// Whether it takes place at the moment.
    pub status: SessionStatus,
    /// Since when it has this status.
    #[schema(value_type = Option<String>, format = "date")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_since: Option<civil::Date>,
    /// Until when it is paused.
    #[schema(value_type = Option<String>, format = "date")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_until: Option<civil::Date>,
}

impl Session {
    /// The session as the public sees it, at its masked place.
    pub fn public(&self, location: Option<PublicLocation>) -> PublicSession {
        PublicSession {
            name: self.name.clone(),
            attendance: self.attendance,
            form: self.form,
            channels: self.channels.clone(),
            schedule: self.schedule.clone(),
            schedule_note: self.schedule_note.clone(),
            location,
            sign_up_url: self.sign_up_url.clone(),
            note: self.note.clone(),
            status: self.status,
            status_since: self.status_since,
            status_until: self.status_until,
        }
    }
}
