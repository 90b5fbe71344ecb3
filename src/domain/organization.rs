//! Who runs programs.

use serde::{Deserialize, Serialize};

use super::identity::{OrganizationId, Slug};
use super::session::Link;
use super::text::Text;

/// What is said about an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationDraft {
    /// Its name.
    pub name: Text<200>,
    /// Other names people know it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text<200>>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<2000>>,
    /// Its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Link>,
}

/// Who runs programs, as anyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicOrganization {
    /// The permanent identity.
    #[schema(value_type = String, format = "uuid")]
    pub id: OrganizationId,
    /// The readable part of its address.
    #[schema(value_type = String, example = "riverside-peers")]
    pub slug: Slug,
    /// Its name.
    #[schema(value_type = String, example = "Riverside Peers")]
    pub name: Text<200>,
    /// Other names people know it by.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text<200>>,
    /// What it is.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<2000>>,
    /// Its page.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Link>,
}

/// An organization's name, where it stands beside a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrganizationName {
    /// The permanent identity.
    #[schema(value_type = String, format = "uuid")]
    pub id: OrganizationId,
    /// The readable part of its address.
    #[schema(value_type = String, example = "riverside-peers")]
    pub slug: Slug,
    /// Its name.
    #[schema(value_type = String, example = "Riverside Peers")]
    pub name: Text<200>,
}
