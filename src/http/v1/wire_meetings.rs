//! What lists of meetings look like: the shapes of the API document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{
    CrisisAnswer, EasedAnswer, NoticeAnswer, PageAnswer, RelaxationAnswer, SearchPlace,
    Verification,
};
use super::wire_choosing::{AskAnswer, CautionAnswer};
use crate::domain::{OrganizationName, PublicSession};
use crate::search::Relation;

/// The program of a meeting, in short.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingProgram {
    /// The permanent identity.
    #[schema(format = "uuid")]
    pub id: String,
    /// The readable part of its address.
    #[schema(example = "tuesday-grief-circle")]
    pub slug: String,
    /// Its name.
    #[schema(example = "Tuesday Grief Circle")]
    pub name: String,
    /// Who runs it.
    pub organization: OrganizationName,
    /// Whether somebody has made sure that it is true.
    pub verification: Verification,
}

/// A meeting.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingAnswer {
    /// When it begins; may be in the past.
    #[schema(format = "date-time", example = "2026-11-24T19:00:00-05:00")]
    pub start: String,
    /// When it is over.
    #[schema(format = "date-time", example = "2026-11-24T20:30:00-05:00")]
    pub end: String,
    /// The zone of its clock.
    #[schema(example = "America/New_York")]
    pub time_zone: String,
    /// Whether it has begun.
    pub in_progress: bool,
    /// The program that meets.
    pub program: MeetingProgram,
    /// The session.
    pub session: PublicSession,
    /// How the program stands to the person; absent when no place was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Meters along the earth's surface to its public point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1240)]
    pub distance_m: Option<u32>,
    /// What is known to speak against the program. What is unknown is no warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CautionAnswer>,
    /// What to ask first, for people under 18: how adults are checked, where nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<AskAnswer>,
}

/// A page of meetings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingsAnswer {
    /// The meetings, in the order of their starts.
    pub data: Vec<MeetingAnswer>,
    /// Where in the list this is.
    pub page: PageAnswer,
    /// From when on.
    #[schema(format = "date-time", example = "2026-11-22T00:00:00-05:00")]
    pub from: String,
    /// Until when, not included.
    #[schema(format = "date-time", example = "2026-11-29T00:00:00-05:00")]
    pub to: String,
    /// The zone that days and times of day are in.
    #[schema(example = "America/New_York")]
    pub time_zone: String,
    /// The place that `near` means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<SearchPlace>,
    /// What was searched for, when nothing has all words of `q`.
    #[serde(flatten)]
    pub eased: EasedAnswer,
    /// What would find more programs, when little was found, and how many have times to ask for. The
    /// counts are true.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relaxations: Vec<RelaxationAnswer>,
    /// Help in a crisis, in every answer.
    pub crisis: CrisisAnswer,
    /// Said first when the words speak of danger: show it, and the lines, above the results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeAnswer>,
}
