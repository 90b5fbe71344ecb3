//! One meeting pattern of a program.

use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::contact::Channel;
use super::identity::LocationId;
use super::location::PublicLocation;
use super::schedule::Schedule;
use super::text::Text;
use super::textual::textual;
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
        /// Open day and night, such as a forum or a line that somebody always answers.
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl FromStr for Link {
    type Err = InvalidLink;

    fn from_str(text: &str) -> Result<Self, InvalidLink> {
        if is_plain(text) {
            return Ok(Self(text.into()));
        }
        let url = url::Url::parse(text.trim()).map_err(|_not_a_url| InvalidLink)?;
        let web = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.as_str().len() <= 2_000;
        if web { Ok(Self(url.as_str().into())) } else { Err(InvalidLink) }
    }
}

textual!(Link);

/// Whether an address is one that reading it as a URL would leave as it is, as nearly all are that were
/// read before: a name in small letters and a path of unreserved characters.
fn is_plain(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else { return false };
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        // What begins with a digit may be a number, what has two hyphens is perhaps another script.
        label.starts_with(|first: char| first.is_ascii_lowercase())
            && label.len() <= 63
            && !label.contains("--")
            && label.bytes().all(plain)
    };
    let segment = |segment: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        segment != "." && segment != ".." && segment.bytes().all(plain)
    };
    text.len() <= 2_000 && host.split('.').all(label) && path.split('/').all(segment)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_address_is_one_that_reading_leaves_as_it_is(
            text in "(https://|http://|HTTP://|ftp://)([a-z0-9-]{0,6}(\\.|--|:|@|_)){0,2}[a-zA-Z0-9]{0,5}(/[a-zA-Z0-9._~%-]{0,3}){0,3}[?#]{0,1}"
        ) {
            if is_plain(&text) {
                let url = url::Url::parse(&text);
                prop_assert_eq!(url.as_ref().map(url::Url::as_str), Ok(text.as_str()));
            }
        }
    }

    #[test]
    fn most_addresses_are_plain_and_what_would_be_changed_is_not() {
        for text in
            ["https://a.example/", "http://peers.example/groups/7_b", "https://x.example/~a/b.c"]
        {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            "https://a.example",
            "https://a.example/../b",
            "https://a.example/./b",
            "https://A.example/",
            "https://a.example:443/",
            "https://a@b.example/",
            "https://127.1/",
            "https://a.0x7/",
            "https://xn--a.example/",
            "https://.example/",
            "https:///a",
            "https://a.example/ä",
            " https://a.example/",
            "ftp://a.example/",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
