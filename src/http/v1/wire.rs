//! What answers look like: the shapes of the API document.
//!
//! Searches are written piece by piece for speed; a test reads real answers back into these shapes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire_choosing::{CriterionAnswer, ListingAnswer, SecondaryAnswer};
use super::wire_match::MatchAnswer;
use crate::domain::{
    Assessment, Citation, Completeness, ConfirmationMethod, CrisisLine, Intake, PublicOrganization,
    PublicProgram, PublicSession, PublicSource, VerificationStatus,
};
use crate::gazetteer::{Place, PlaceKind};
use crate::search::{Danger, RelaxationKind};

/// Whether somebody has made sure that a listing is true.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// Where it stands.
    pub status: VerificationStatus,
    /// What to make of it, in words.
    #[schema(example = "Not checked yet: call or look at its website before you go.")]
    pub message: String,
    /// When it was last confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    pub confirmed_at: Option<String>,
    /// When it must be confirmed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    pub due_at: Option<String>,
    /// How it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<ConfirmationMethod>,
}

/// A program as a search finds it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgramResult {
    /// The program.
    #[serde(flatten)]
    pub program: PublicProgram,
    /// The name of the source it comes from.
    #[schema(example = "seed")]
    pub source: String,
    /// When the listing last changed. Not when it was last confirmed.
    #[schema(format = "date-time")]
    pub updated_at: String,
    /// How to get in.
    pub intake: Intake,
    /// The sessions that match, nearest first, at most five.
    pub sessions: Vec<PublicSession>,
    /// How many sessions there are in all.
    pub sessions_total: u32,
    /// Whether somebody has made sure that it is true.
    pub verification: Verification,
    /// How it stands to the person.
    #[serde(rename = "match")]
    pub match_: MatchAnswer,
}

/// What a listing rests on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    /// What is known of each criterion; what is not there is unknown, which is never a no.
    pub assessments: Vec<Assessment>,
    /// The source it comes from, with its licence.
    pub source: PublicSource,
    /// Where the facts were found.
    pub citations: Vec<Citation>,
}

/// A program, whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgramAnswer {
    /// The program.
    #[serde(flatten)]
    pub program: PublicProgram,
    /// The name of the source it comes from.
    #[schema(example = "seed")]
    pub source: String,
    /// When the listing last changed. Not when it was last confirmed.
    #[schema(format = "date-time")]
    pub updated_at: String,
    /// How to get in.
    pub intake: Intake,
    /// All of its sessions.
    pub sessions: Vec<PublicSession>,
    /// Whether somebody has made sure that it is true.
    pub verification: Verification,
    /// What it rests on.
    pub provenance: Provenance,
    /// How much of the listing is filled in and backed; on the program's own page. It ranks nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completeness: Option<Completeness>,
    /// Why it is listed, and by which policy; only on the program's own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing: Option<ListingAnswer>,
    /// The criteria that are asked of such programs, with what is known and what is not; only on the
    /// program's own page. Which of the findings under `provenance` decides is said here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionAnswer>,
    /// The second questions of the criteria, such as whether the police would be called, with what is known
    /// and what is not; only on the program's own page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<SecondaryAnswer>,
}

/// Where in a list an answer is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PageAnswer {
    /// How many results a page has at most.
    #[schema(example = 20)]
    pub limit: u32,
    /// How many there are in all.
    #[schema(example = 137)]
    pub total: u64,
    /// Send this as `cursor` to get the next page; absent on the last one. Opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A place on the map.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlaceAnswer {
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// What people call it.
    #[schema(example = "97214 Portland, Oregon, United States")]
    pub label: String,
    /// Degrees north of the equator, of its middle.
    #[schema(example = 45.514)]
    pub latitude: f64,
    /// Degrees east of Greenwich, of its middle.
    #[schema(example = -122.644)]
    pub longitude: f64,
    /// The country it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US")]
    pub country: Option<String>,
    /// The state, province or region it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US-OR")]
    pub subdivision: Option<String>,
    /// The county it is in, where counties are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US-OR-051")]
    pub county: Option<String>,
    /// Its time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "America/Los_Angeles")]
    pub time_zone: Option<String>,
}

impl From<&Place> for PlaceAnswer {
    fn from(place: &Place) -> Self {
        Self {
            kind: place.kind,
            label: place.label.clone(),
            latitude: place.position.latitude(),
            longitude: place.position.longitude(),
            country: place.country.map(|code| code.to_string()),
            subdivision: place.subdivision.map(|code| code.to_string()),
            county: place.county.as_ref().map(ToString::to_string),
            time_zone: place.time_zone.clone(),
        }
    }
}

/// The place a search was made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SearchPlace {
    /// The place.
    #[serde(flatten)]
    pub place: PlaceAnswer,
    /// How far from it was looked, in meters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 25000)]
    pub searched_m: Option<u32>,
    /// What else the words may mean; `country` or a fuller name settles it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<PlaceAnswer>,
}

/// How many results have a value.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FacetValue {
    /// The value, as a filter takes it.
    #[schema(example = "grief")]
    pub value: String,
    /// What people read.
    #[schema(example = "Grief")]
    pub label: String,
    /// How many results have it. A filter on the same field does not shrink its counts.
    #[schema(example = 12)]
    pub count: u32,
}

/// What would be found if something were not asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RelaxationAnswer {
    /// What to change.
    pub kind: RelaxationKind,
    /// How far to look, in meters, for a wider radius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_m: Option<u32>,
    /// Which parameter to leave out, for `without`. Other parameters stay, and it is looked no farther.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "cost")]
    pub parameter: Option<String>,
    /// How many more results there would be.
    #[schema(example = 4)]
    pub more: u64,
}

/// Help in a crisis, by the place, else an international finder.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CrisisAnswer {
    /// The country the lines serve; absent for international finders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US")]
    pub country: Option<String>,
    /// What to do first.
    #[schema(example = "If you are in danger now, call 911.")]
    pub message: String,
    /// The lines, in the order to show them.
    pub lines: Vec<CrisisLine>,
}

/// What to show above everything else: the words that were sent speak of danger.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoticeAnswer {
    /// The danger they speak of.
    pub danger: Danger,
    /// What to say, in the language of labels.
    #[schema(
        example = "You matter, and somebody is there for you now: call or text 988 (988 Suicide & Crisis Lifeline). If you are in danger right now, call 911."
    )]
    pub message: String,
}

/// What was searched for, when nothing has all words of `q`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EasedAnswer {
    /// Words of `q`, in small letters, that nothing would have been found by together with the others: they
    /// were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["tonight"]))]
    pub left_out: Vec<String>,
    /// What was looked for instead of `q`: the wider topic of one that it names and nothing has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Anxiety")]
    pub instead: Option<String>,
}

/// A page of programs.
///
/// When the words speak of danger, `crisis` and `notice` are the first fields of the object.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SearchAnswer {
    /// The programs, in order.
    pub data: Vec<ProgramResult>,
    /// Where in the list this is.
    pub page: PageAnswer,
    /// The zone that days and times of day are in, when they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "America/New_York")]
    pub time_zone: Option<String>,
    /// The place that `near` means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<SearchPlace>,
    /// How many results stand to the person in each way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"near": 12, "serves_area": 3, "open_to": 40, "find_a_chapter": 8}))]
    pub relations: Option<BTreeMap<String, u64>>,
    /// The counts that were asked for, by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<BTreeMap<String, Vec<FacetValue>>>,
    /// What was searched for, when nothing has all words of `q`.
    #[serde(flatten)]
    pub eased: EasedAnswer,
    /// What would find more, when little was found, and how many have times to ask for. The counts are
    /// true.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relaxations: Vec<RelaxationAnswer>,
    /// Help in a crisis, in every answer.
    pub crisis: CrisisAnswer,
    /// Said first when the words speak of danger: show it, and the lines, above the results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeAnswer>,
}

/// What a change made of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgramChange {
    /// It is listed, and stands as `program` says.
    Listed,
    /// It is no longer listed, or may no longer be taken in bulk.
    Removed,
}

/// A program that has changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeltaAnswer {
    /// The number of the change.
    #[schema(example = 431)]
    pub sequence: i64,
    /// The program's identity.
    #[schema(format = "uuid")]
    pub id: String,
    /// What happened to it.
    pub change: ProgramChange,
    /// The program as it stands now, as in an export; absent when it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ProgramAnswer>,
}

/// What has changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangesAnswer {
    /// Each program that has changed, once, in the order of the changes.
    pub data: Vec<DeltaAnswer>,
    /// Send this as `since` to go on. Opaque.
    #[schema(example = "431-1-8f3c2a5d9e7b1406")]
    pub next: String,
    /// Whether there is more already: then ask again at once.
    pub more: bool,
}

/// A page of organizations.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrganizationsAnswer {
    /// The organizations, by name.
    pub data: Vec<PublicOrganization>,
    /// Where in the list this is.
    pub page: PageAnswer,
}

/// Places by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlacesAnswer {
    /// The places, likeliest first.
    pub data: Vec<PlaceAnswer>,
}

/// A source, with what it asks of those who use its listings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceAnswer {
    /// What it is.
    #[serde(flatten)]
    pub source: PublicSource,
    /// The format its listings come in.
    pub format: String,
    /// Where it can be fetched or read about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub url: Option<String>,
}

/// What this directory is made of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AboutAnswer {
    /// The name of the program.
    #[schema(example = "Peer Directory")]
    pub name: String,
    /// Its version.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// The version of the time zone data.
    pub time_zone_data: String,
    /// The number of the newest change: the same number means the same listings.
    pub sequence: i64,
    /// How many programs are listed.
    pub programs: u64,
    /// How many organizations are listed.
    pub organizations: u64,
    /// Where listings come from.
    pub sources: Vec<SourceAnswer>,
    /// What must stand beside place names and maps.
    pub attributions: Vec<String>,
    /// What this directory promises to those who search.
    pub privacy: String,
}
