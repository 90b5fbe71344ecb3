//! How a result stands to the person, as it is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire_choosing::{AskAnswer, CautionAnswer, PointAnswer};
use crate::search::{ReasonKind, Relation};

/// How a program stands to the person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MatchAnswer {
    /// `near`: it meets near them. `serves_area`: it reaches their area. `open_to`: it is open to their
    /// whole country, or everywhere. `find_a_chapter`: its chapters are not listed here. Absent when
    /// no place was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Meters along the earth's surface to the public point of the nearest matching session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1240)]
    pub distance_m: Option<u32>,
    /// What it is worth to the person, in points: the sum of what `explain` tells.
    #[schema(example = 412.345)]
    pub score: f64,
    /// Every term of the score, in points, when it was asked for: `words`, `place`, `time`, `fit`,
    /// `freshness`, and `criteria`, which may be below zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"words": 100.0, "place": 262.345, "time": 0.0, "fit": 50.0, "freshness": 0.0, "criteria": 0.0}))]
    pub explain: Option<BTreeMap<String, f64>>,
    /// Why it is there, in words for people.
    pub reasons: Vec<ReasonAnswer>,
    /// What is known to speak against it. What is unknown is no warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CautionAnswer>,
    /// What fits of what a person needs; this and what follows only in answers to `POST /v1/match`, but for
    /// `ask`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fits: Option<Vec<PointAnswer>>,
    /// What does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does_not_fit: Option<Vec<PointAnswer>>,
    /// What nobody knows: ask them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Vec<PointAnswer>>,
    /// What to ask, at most five questions, safety first. In a search with an `age` under 18 only how adults
    /// are checked, where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Vec<AskAnswer>>,
    /// The first occurrence of a matching session as it was asked for, in progress or next. Absent for what
    /// is always open, for what will not take place, and when nobody has told the times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_occurrence: Option<OccurrenceAnswer>,
    /// Whether that session is in progress or open now; absent when nobody has told its times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_now: Option<bool>,
    /// When it begins or opens next, if it is not open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time", example = "2026-11-24T19:00:00-05:00")]
    pub opens_at: Option<String>,
    /// Until when it is open, if it is; absent if no end is in sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time", example = "2026-11-24T20:30:00-05:00")]
    pub closes_at: Option<String>,
}

/// A reason why a result is there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReasonAnswer {
    /// What it is about.
    pub kind: ReasonKind,
    /// What people read, in the language that was asked for.
    #[schema(example = "About: Grief")]
    pub text: String,
}

/// When a session takes place, by its own clock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OccurrenceAnswer {
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
    /// Which of `sessions` it is of, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 0)]
    pub session: Option<u32>,
}
