//! Ways to reach a program, and how to get in.

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::text::Text;
use super::words::words;

words! {
    /// A way to talk to people.
    pub enum Channel {
        /// Face to face.
        InPerson = "in_person",
        /// A voice call.
        Phone = "phone",
        /// Text messages.
        Text = "text",
        /// A video call.
        Video = "video",
        /// Live chat on a page or in an app.
        Chat = "chat",
        /// A message board.
        Forum = "forum",
        /// E-mail.
        Email = "email",
        /// A web page or a form on it.
        WebForm = "web_form",
    }
}

words! {
    /// Whose a contact is.
    pub enum ContactOf {
        /// The program's own.
        Program = "program",
        /// The organization's, for all of its programs.
        Organization = "organization",
        /// A helpline that gives information about the program, such as a national one.
        Helpline = "helpline",
    }
}

/// One way to reach a program. Contacts are listed in the order to try them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// How.
    pub channel: Channel,
    /// The number, address or page.
    #[schema(value_type = String, example = "+1-503-555-0100")]
    pub value: Text<500>,
    /// Whose it is: a national helpline is not the group.
    pub of: ContactOf,
    /// What to know before using it, such as "text the word HELLO".
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text<200>>,
    /// When it is answered, in words.
    #[schema(value_type = Option<String>, example = "Monday to Friday, 10:00 to 22:00 Eastern time")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Text<200>>,
    /// Whether it was seen at a source, and not only heard of.
    pub seen_at_source: bool,
}

words! {
    /// What it takes to come the first time.
    pub enum Access {
        /// Just come.
        DropIn = "drop_in",
        /// Sign up first.
        Register = "register",
        /// A talk first.
        Interview = "interview",
        /// Somebody must send you.
        Referral = "referral",
        /// For members.
        Members = "members",
    }
}

words! {
    /// Whether there is room for new people.
    pub enum AcceptingStatus {
        /// There is.
        Yes = "yes",
        /// After a wait.
        Waitlist = "waitlist",
        /// There is not.
        No = "no",
        /// Nobody has said lately.
        Unknown = "unknown",
    }
}

/// Whether there is room, and when that was known. After 30 days it counts as unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepting {
    /// Whether there is room for new people.
    pub status: AcceptingStatus,
    /// How long the wait is, in words.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Text<200>>,
    /// The day this was known.
    #[schema(value_type = String, format = "date", example = "2026-11-01")]
    pub as_of: civil::Date,
}

impl Accepting {
    /// How many days the answer counts.
    pub const FRESH_DAYS: i32 = 30;

    /// The last day on which the status may be told; later it is unknown.
    pub fn fresh_until(&self) -> civil::Date {
        self.as_of.saturating_add(jiff::Span::new().days(Self::FRESH_DAYS))
    }

    /// The status that may be told on `today`.
    pub fn on(&self, today: civil::Date) -> AcceptingStatus {
        if today <= self.fresh_until() { self.status } else { AcceptingStatus::Unknown }
    }
}

/// How two people are brought together in one-on-one support.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// What the match goes by, such as a shared diagnosis.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Text<300>>,
    /// How long it lasts.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Text<200>>,
    /// How often the two talk.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Text<200>>,
}

/// How to get in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// What it takes to come the first time; absent when not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Access>,
    /// Who may refer, when a referral is needed.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred_by: Option<Text<200>>,
    /// Whether there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepting: Option<Accepting>,
    /// How one-on-one partners are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<Matching>,
    /// What to do first, in one plain sentence.
    #[schema(value_type = Option<String>, example = "Call and ask when the next meeting is.")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<Text<300>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_room_counts_for_thirty_days() {
        let accepting =
            Accepting { status: AcceptingStatus::Yes, wait: None, as_of: civil::date(2026, 11, 1) };

        assert_eq!(accepting.on(civil::date(2026, 12, 1)), AcceptingStatus::Yes);
        assert_eq!(accepting.on(civil::date(2026, 12, 2)), AcceptingStatus::Unknown);
    }
}
