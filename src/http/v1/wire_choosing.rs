//! What answers look like that help a person choose.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{Basis, Effect, Stand};

/// Something that is known to speak against a program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CautionAnswer {
    /// The criterion it is about.
    #[schema(example = "active_moderation")]
    pub criterion: String,
    /// What is known, in the language that was asked for.
    #[schema(example = "Nobody watches over it.")]
    pub text: String,
}

/// A question to ask a program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AskAnswer {
    /// The criterion that the answer tells of.
    #[schema(example = "crisis_protocol")]
    pub criterion: String,
    /// The question, in the language that was asked for.
    #[schema(example = "What do you do when someone is in danger?")]
    pub question: String,
}

/// What the policy found against a program, and where it can be read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GateAnswer {
    /// The criterion it is about.
    #[schema(example = "active_moderation")]
    pub criterion: String,
    /// The value that is known.
    #[schema(example = "unmoderated")]
    pub value: String,
    /// What is known, in the language that was asked for.
    #[schema(example = "Nobody watches over it.")]
    pub text: String,
    /// The red flag that it is, of `GET /v1/criteria`.
    #[schema(example = "no_moderation")]
    pub red_flag: String,
    /// What follows.
    pub effect: Effect,
    /// What that rests on.
    pub basis: Basis,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    /// The day it was found.
    #[schema(format = "date")]
    pub assessed_on: String,
}

/// Why a program is listed, or is not.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingAnswer {
    /// Whether searches find it.
    pub listed: bool,
    /// Why, in the language that was asked for.
    pub because: String,
    /// The version of the policy that decided; 0 when there is none.
    #[schema(example = 1)]
    pub policy_version: u32,
    /// Since when it is paused: it was confirmed once, and is overdue for longer than the policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date")]
    pub paused_since: Option<String>,
    /// What is known to speak against it. What is unknown is no warning.
    pub warnings: Vec<GateAnswer>,
    /// What to ask, at most five questions, safety first: what nobody knows yet.
    pub questions: Vec<AskAnswer>,
}

/// How a program meets one thing that was asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PointAnswer {
    /// The field or the criterion.
    #[schema(example = "crisis_protocol")]
    pub about: String,
    /// What people read, in the language that was asked for.
    #[schema(example = "Plan for danger: It has written steps that anyone can read.")]
    pub text: String,
}

/// A program that is compared.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComparedProgram {
    /// Its identity.
    #[schema(format = "uuid")]
    pub id: String,
    /// The readable part of its address.
    #[schema(example = "grief-circle")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether it is listed, why, what speaks against it and what to ask.
    pub listing: ListingAnswer,
}

/// A second question of a criterion, and its answer at a program. It ranks nothing: people differ in good
/// faith about what they want to hear.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SecondaryAnswer {
    /// The criterion it belongs to.
    #[schema(example = "crisis_protocol")]
    pub criterion: String,
    /// Its key.
    #[schema(example = "emergency_contact_policy")]
    pub key: String,
    /// The question, in the language that was asked for.
    #[schema(example = "Would you call the police or an ambulance without asking me?")]
    pub question: String,
    /// The answer; absent while it is unknown. Searches find it by `answer=KEY:VALUE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "only_imminent_risk")]
    pub value: Option<String>,
    /// What that means, in the language that was asked for; said of what is unknown, too.
    #[schema(example = "Only if a life is in danger right now.")]
    pub meaning: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    /// The day it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date")]
    pub assessed_on: Option<String>,
    /// What was found and says otherwise, strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherFinding>,
}

/// A finding that says something else than the one that decides.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OtherFinding {
    /// Its value.
    #[schema(example = "none_stated")]
    pub value: String,
    /// What it rests on.
    pub basis: Basis,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    /// The day it was found.
    #[schema(format = "date")]
    pub assessed_on: String,
}

/// Where a program stands on a criterion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StandAnswer {
    /// Whether it meets it. `unknown` is never a no.
    pub stand: Stand,
    /// The value that decides; absent when nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "published_protocol")]
    pub value: Option<String>,
    /// What it means, or that nobody knows, in the language that was asked for.
    #[schema(example = "It has written steps that anyone can read.")]
    pub meaning: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    /// The day it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date")]
    pub assessed_on: Option<String>,
    /// What was found and says otherwise, strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherFinding>,
}

/// One criterion at a program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CriterionAnswer {
    /// Its key.
    #[schema(example = "crisis_protocol")]
    pub criterion: String,
    /// The group of questions it is in.
    #[schema(example = "safety")]
    pub domain: String,
    /// A few words, in the language that was asked for.
    #[schema(example = "Plan for danger")]
    pub title: String,
    /// The question.
    pub question: String,
    /// Where the program stands.
    #[serde(flatten)]
    pub found: StandAnswer,
}

/// Where one of several programs stands on a criterion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComparedStand {
    /// Whether the criterion is asked of programs of its kinds.
    pub applies: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub found: StandAnswer,
    /// The criterion's second questions and what is known of each; none where they are not asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary: Vec<SecondaryAnswer>,
}

/// One criterion, program by program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComparedCriterion {
    /// Its key.
    #[schema(example = "crisis_protocol")]
    pub criterion: String,
    /// The group of questions it is in.
    #[schema(example = "safety")]
    pub domain: String,
    /// A few words, in the language that was asked for.
    #[schema(example = "Plan for danger")]
    pub title: String,
    /// The question.
    pub question: String,
    /// Whether the programs differ.
    pub differs: bool,
    /// Where each program stands, in the order of `programs`.
    pub stands: Vec<ComparedStand>,
}

/// A criterion that nothing is known of at any of the programs.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnknownCriterion {
    /// Its key.
    #[schema(example = "data_privacy")]
    pub criterion: String,
    /// A few words, in the language that was asked for.
    pub title: String,
    /// The question: ask them.
    pub question: String,
}

/// Programs side by side.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompareAnswer {
    /// The programs, in the order they were asked for.
    pub programs: Vec<ComparedProgram>,
    /// Criterion by criterion: what differs first, then what is the same.
    pub data: Vec<ComparedCriterion>,
    /// What is unknown for all of them.
    pub unknown_for_all: Vec<UnknownCriterion>,
}
