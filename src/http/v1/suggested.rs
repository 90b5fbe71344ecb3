//! What suggestions look like: the shapes of the API document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{CrisisAnswer, NoticeAnswer};
use crate::domain::ForWhom;
use crate::gazetteer::PlaceKind;

/// A search that is suggested: fields of `POST /v1/programs/search`, which `GET /v1/programs` takes as
/// parameters of the same names.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedQuery {
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "\"grief circle\"")]
    pub q: Option<String>,
    /// A place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "97214")]
    pub near: Option<String>,
    /// Whom it is for, when it is not for the person who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "someone_i_support")]
    pub r#for: Option<ForWhom>,
    /// The country of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US")]
    pub country: Option<String>,
    /// Keys of the taxonomy `topic`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["grief"]))]
    pub topic: Vec<String>,
    /// Keys of the taxonomy `audience`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// Keys of the taxonomy `approach`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approach: Vec<String>,
    /// Keys of the taxonomy `accessibility`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Vec<String>,
    /// Keys of the taxonomy `activity`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<String>,
    /// Slugs of organizations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization: Vec<String>,
}

/// What has been typed so far, and by whom.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestRequest {
    /// What has been typed so far.
    #[schema(example = "grie")]
    pub q: String,
    /// Where the person is, as in a search: it goes into the searches that are suggested, and places of
    /// its country come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "97214")]
    pub near: Option<String>,
    /// The country the person is in, as an ISO 3166-1 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "US")]
    pub country: Option<String>,
    /// The language of labels, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "es")]
    pub lang: Option<String>,
    /// How many in each group; 5 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20, example = 5)]
    pub limit: Option<u32>,
}

/// A term that may be meant.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedTermAnswer {
    /// What to show.
    #[schema(example = "Grief")]
    pub text: String,
    /// The taxonomy it is of.
    pub taxonomy: crate::domain::Taxonomy,
    /// How many programs the search finds without a place, narrower terms included.
    pub programs: u64,
    /// The search it stands for.
    pub query: SuggestedQuery,
}

/// A place that may be meant.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedPlaceAnswer {
    /// What to show.
    #[schema(example = "Portland, Oregon, United States")]
    pub text: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The search it stands for.
    pub query: SuggestedQuery,
}

/// A program that may be meant, or several of one name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedProgramAnswer {
    /// What to show: its name.
    #[schema(example = "Tuesday Grief Circle")]
    pub text: String,
    /// How many programs are called so.
    #[schema(example = 1)]
    pub programs: u64,
    /// Its address, when it is the only one of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/programs/tuesday-grief-circle")]
    pub program: Option<String>,
    /// The search it stands for.
    pub query: SuggestedQuery,
}

/// An organization that may be meant.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedOrganizationAnswer {
    /// What to show: its name.
    #[schema(example = "Riverside Peers")]
    pub text: String,
    /// The search it stands for.
    pub query: SuggestedQuery,
}

/// What somebody may be typing, the best first in each group.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestAnswer {
    /// Terms of all taxonomies that programs have.
    pub topics: Vec<SuggestedTermAnswer>,
    /// Towns and postal codes.
    pub places: Vec<SuggestedPlaceAnswer>,
    /// Programs by their names.
    pub programs: Vec<SuggestedProgramAnswer>,
    /// Organizations that run programs.
    pub organizations: Vec<SuggestedOrganizationAnswer>,
    /// Help in a crisis, first of all, when the words speak of danger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crisis: Option<CrisisAnswer>,
    /// Said first when the words speak of danger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeAnswer>,
}
