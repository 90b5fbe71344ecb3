//! What maps look like: the shapes of the API document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{CrisisAnswer, EasedAnswer, NoticeAnswer, SearchPlace, Verification};
use super::wire_choosing::{AskAnswer, CautionAnswer};
use crate::domain::PublicLocation;

/// A program of a map, in short.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MapProgram {
    /// The permanent identity.
    #[schema(format = "uuid")]
    pub id: String,
    /// The readable part of its address.
    #[schema(example = "tuesday-grief-circle")]
    pub slug: String,
    /// Its name.
    #[schema(example = "Tuesday Grief Circle")]
    pub name: String,
    /// Whether somebody has made sure that it is true.
    pub verification: Verification,
    /// What is known to speak against it. What is unknown is no warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CautionAnswer>,
    /// What to ask first, for people under 18: how adults are checked, where nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<AskAnswer>,
}

/// A program of a map, and where it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlacedProgram {
    /// The program.
    #[serde(flatten)]
    pub program: MapProgram,
    /// Where it is.
    pub location: PublicLocation,
}

/// How exactly the places of a cluster are known.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusterPlaces {
    /// How many are the door itself.
    #[schema(example = 3)]
    pub exact: u64,
    /// How many are the center of a cell of 0.05 degrees around it.
    #[schema(example = 1)]
    pub approximate: u64,
    /// How many are the center of the named place around it, such as a town.
    #[schema(example = 2)]
    pub area: u64,
}

/// Programs whose places would lie too close on the map to tell them apart.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusterAnswer {
    /// Degrees north of the equator, of the middle of its places.
    #[schema(minimum = -90, maximum = 90, example = 45.5155)]
    pub latitude: f64,
    /// Degrees east of Greenwich, of the middle of its places.
    #[schema(minimum = -180, maximum = 180, example = -122.6793)]
    pub longitude: f64,
    /// How many programs it is.
    #[schema(example = 6)]
    pub count: u64,
    /// The box around its places: west, south, east and north in degrees. Never across the antimeridian.
    #[schema(min_items = 4, max_items = 4, example = json!([-122.7, 45.5, -122.6, 45.53]))]
    pub bounds: Vec<f64>,
    /// How exactly its places are known. Only exact ones may get a pin.
    pub places: ClusterPlaces,
    /// The program, when it is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<MapProgram>,
    /// Where that program is. What is not `exact` is an area of `radius_m` around its point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<PublicLocation>,
    /// The first ten by name, when all are at one point and the zoom is 15 or more: no closer look would
    /// part them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<PlacedProgram>,
}

/// A map of programs.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MapAnswer {
    /// The clusters, at most 2,000, neighbors beside each other.
    pub data: Vec<ClusterAnswer>,
    /// The zoom they are for: less than was asked when there would be more than 2,000.
    #[schema(minimum = 0, maximum = 22, example = 9)]
    pub zoom: u32,
    /// How many programs match in all: the sum of the counts, and the `page.total` of the same search.
    #[schema(example = 137)]
    pub total: u64,
    /// The zone that days and times of day are in, when they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "America/New_York")]
    pub time_zone: Option<String>,
    /// The place that `near` means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<SearchPlace>,
    /// What was searched for, when nothing has all words of `q`.
    #[serde(flatten)]
    pub eased: EasedAnswer,
    /// Help in a crisis, in every answer.
    pub crisis: CrisisAnswer,
    /// Said first when the words speak of danger: show it, and the lines, above the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeAnswer>,
}
