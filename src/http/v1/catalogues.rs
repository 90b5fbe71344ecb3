//! The catalogues: organizations, taxonomies, criteria, places, and what the directory is made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::wire::{
    AboutAnswer, OrganizationsAnswer, PageAnswer, PlaceAnswer, PlacesAnswer, SourceAnswer,
};
use super::wire_catalogues::{CriteriaAnswer, TaxonomiesAnswer, TermAnswer};
use crate::domain::{PublicOrganization, PublicSource, Slug, Taxonomy, fold};
use crate::gazetteer::Gazetteer;
use crate::http::problem::{ApiError, ApiResult, Problem, Problems};
use crate::http::raw::{Check, Raw, did_you_mean};
use crate::search::{Field, InvalidCursor, SearchIndex};

/// Reads parameters that may each be given once.
pub(super) fn parameters<const N: usize>(
    request: &HttpRequest,
    names: [&str; N],
    check: &mut Check,
) -> ApiResult<[Option<String>; N]> {
    Ok(once(Raw::from_url(request.query_string(), check)?, names, check))
}

/// Sorts what arrived into parameters that may each be given once. Empty values count as absent.
pub(super) fn once<const N: usize>(
    raw: Raw,
    names: [&str; N],
    check: &mut Check,
) -> [Option<String>; N] {
    let mut values = [const { None }; N];
    for (name, value) in raw.0 {
        let Some(at) = names.iter().position(|known| *known == name) else {
            let hint = did_you_mean(&name, names.into_iter());
            check.wrong(&name, format!("is not a parameter here{hint}"));
            continue;
        };
        if values[at].is_some() {
            check.wrong(&name, "must be given once");
        }
        let value = value.trim();
        values[at] = (!value.is_empty()).then(|| value.to_owned());
    }
    values
}

fn limit(check: &mut Check, text: Option<&String>, default: usize) -> usize {
    limit_of(check, text, 100, default)
}

/// How many to show: 1 to `most`.
pub(super) fn limit_of(
    check: &mut Check,
    text: Option<&String>,
    most: usize,
    default: usize,
) -> usize {
    text.and_then(|text| {
        let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
        check.take("limit", limit.ok_or(format!("must be a whole number from 1 to {most}")))
    })
    .unwrap_or(default)
}

/// List organizations
///
/// Who runs programs, by name.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("q" = Option<String>, Query, description = "Words of the name", example = "alliance"),
        ("limit" = Option<u32>, Query, description = "How many on a page, 1 to 100; 20 when not given", example = 20),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before", example = "bmFtaQ"),
    ),
    responses((status = OK, description = "A page of organizations", body = OrganizationsAnswer), Problems),
)]
#[get("/organizations")]
pub(super) async fn list_organizations(
    request: HttpRequest,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut check = Check::default();
    let [q, wanted, cursor] = parameters(&request, ["q", "limit", "cursor"], &mut check)?;
    let limit = limit(&mut check, wanted.as_ref(), 20);
    let words = fold(&q.unwrap_or_default());
    let matches = |organization: &&Arc<PublicOrganization>| {
        let names = std::iter::once(&organization.name).chain(&organization.aliases);
        let names: Vec<String> = names.map(|name| fold(name)).collect();
        words.split(' ').all(|word| names.iter().any(|name| name.contains(word)))
    };
    let found = snapshot.organizations().iter().filter(matches);
    let mut found: Vec<(ByName, &Arc<PublicOrganization>)> =
        found.map(|organization| (ByName::of(organization), organization)).collect();
    found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let last = cursor.and_then(|cursor| check.take("cursor", ByName::read(&cursor, &words)));
    check.finish(())?;
    let begin = last.map_or(0, |last| found.partition_point(|(at, _)| *at <= last));
    let shown = &found[begin..found.len().min(begin + limit)];
    let data = shown.iter().map(|(_, found)| PublicOrganization::clone(found)).collect();
    let is_last_page = begin + shown.len() == found.len();
    let next_cursor = shown.last().filter(|_| !is_last_page).map(|(last, _)| last.cursor(&words));
    let mut response = super::json_of(&OrganizationsAnswer {
        data,
        page: PageAnswer {
            limit: u32::try_from(limit).unwrap_or_default(),
            total: found.len() as u64,
            next_cursor: next_cursor.clone(),
        },
    })?;
    if let Some(next) = next_cursor {
        super::link_next(&mut response, "/v1/organizations", request.query_string(), &next);
    }
    Ok(response)
}

/// Where an organization stands among all, by name. A page goes on after such a place, whether the
/// organization that stood there still does or not.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ByName {
    /// Folded.
    name: String,
    slug: Slug,
}

impl ByName {
    fn of(organization: &PublicOrganization) -> Self {
        Self { name: fold(&organization.name), slug: organization.slug.clone() }
    }

    /// The cursor of the page that goes on here, of a search for words. None of the three has a line break.
    fn cursor(&self, words: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}\n{words}", self.name, self.slug))
    }

    /// Reads what [`Self::cursor`] wrote for the same words.
    fn read(cursor: &str, words: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_not_base64| InvalidCursor)?;
        let text = String::from_utf8(bytes).map_err(|_not_text| InvalidCursor)?;
        let [name, slug, of] = text.split('\n').collect::<Vec<_>>()[..] else {
            return Err(InvalidCursor);
        };
        if of != words || fold(name) != name {
            return Err(InvalidCursor);
        }
        let slug = slug.parse().map_err(|_not_a_slug| InvalidCursor)?;
        Ok(Self { name: name.to_owned(), slug })
    }
}

/// Get an organization
///
/// Who runs programs. Its programs are found with `GET /v1/programs?organization=`.
#[utoipa::path(
    tag = "catalogues",
    params(("id" = String, Path, description = "The organization's id or slug", example = "recovery-international")),
    responses(
        (status = OK, description = "The organization", body = PublicOrganization),
        (status = NOT_FOUND, description = "There is no such organization", body = Problem,
            content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/organizations/{id}")]
pub(super) async fn get_organization(
    request: HttpRequest,
    id: Path<String>,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    super::no_parameters(&request)?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let known = snapshot.organizations();
    let found = known.iter().find(|o| o.slug.to_string() == *id || o.id.to_string() == *id);
    super::json_of(found.ok_or(ApiError::Unlisted {
        detail: "There is no organization with this id or slug; GET /v1/organizations lists them.",
    })?)
}

/// List taxonomies
///
/// Every term that programs are described and found by, with labels, synonyms and wider terms.
#[utoipa::path(
    tag = "catalogues",
    params(("lang" = Option<String>, Query, description = "The language of `label`", example = "es")),
    responses((status = OK, description = "The terms by taxonomy", body = TaxonomiesAnswer), Problems),
)]
#[get("/taxonomies")]
pub(super) async fn list_taxonomies(
    request: HttpRequest,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut check = Check::default();
    let [lang] = parameters(&request, ["lang"], &mut check)?;
    let lang = lang.and_then(|text| check.take("lang", text.parse::<crate::domain::LanguageTag>()));
    check.finish(())?;
    let lang = lang.as_ref().map_or("en", |tag| tag.as_str());
    let mut data: BTreeMap<String, Vec<TermAnswer>> = BTreeMap::new();
    for term in &snapshot.surroundings().terms {
        let field = match term.taxonomy {
            Taxonomy::Topic => Field::Topic,
            Taxonomy::Audience => Field::Audience,
            Taxonomy::Approach => Field::Approach,
            Taxonomy::Accessibility => Field::Accessibility,
            Taxonomy::Activity => Field::Activity,
        };
        data.entry(term.taxonomy.to_string()).or_default().push(TermAnswer {
            label: term.label(lang).to_owned(),
            programs: snapshot.count(field, term.key.as_str()) as u64,
            term: term.clone(),
        });
    }
    super::json_of(&TaxonomiesAnswer { data })
}

/// List criteria
///
/// The curated questions for choosing a program, with why each matters, its sources, red flags and
/// questions to ask.
#[utoipa::path(
    tag = "catalogues",
    responses((status = OK, description = "The criteria", body = CriteriaAnswer), Problems),
)]
#[get("/criteria")]
pub(super) async fn list_criteria(
    request: HttpRequest,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    super::no_parameters(&request)?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let of = |wanted: &str| -> Vec<serde_json::Value> {
        let guidance = &snapshot.surroundings().guidance;
        guidance.iter().filter(|(kind, _)| kind == wanted).map(|(_, piece)| piece.clone()).collect()
    };
    let criteria = of("criterion")
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()
        .map_err(|error| ApiError::Internal(error.into()))?;
    super::json_of(&CriteriaAnswer {
        domains: of("domain"),
        criteria,
        red_flags: of("red_flag"),
        questions: of("question"),
        policy: of("policy").pop(),
    })
}

/// Find places
///
/// Towns and postal codes that begin so, largest first. Answered from the program's own gazetteer.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("q" = String, Query, description = "The beginning of a name or a postal code", example = "portl"),
        ("limit" = Option<u32>, Query, description = "How many, 1 to 100; 10 when not given", example = 10),
    ),
    responses((status = OK, description = "The places", body = PlacesAnswer), Problems),
)]
#[get("/places")]
pub(super) async fn list_places(
    request: HttpRequest,
    gazetteer: Data<Gazetteer>,
) -> ApiResult<HttpResponse> {
    let mut check = Check::default();
    let [q, wanted] = parameters(&request, ["q", "limit"], &mut check)?;
    let limit = limit(&mut check, wanted.as_ref(), 10);
    if q.is_none() {
        check.wrong("q", "is needed: the beginning of a name or a postal code");
    }
    let q = check.finish(q.unwrap_or_default())?;
    let data = gazetteer.starting_with(&q, limit).iter().map(PlaceAnswer::from).collect();
    super::json_of(&PlacesAnswer { data })
}

/// Get what this directory is made of
///
/// Versions, sources with their licences, and what must stand beside the data.
#[utoipa::path(
    tag = "catalogues",
    responses((status = OK, description = "What it is made of", body = AboutAnswer), Problems),
)]
#[get("/about")]
pub(super) async fn get_about(
    request: HttpRequest,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    super::no_parameters(&request)?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let surroundings = snapshot.surroundings();
    super::json_of(&AboutAnswer {
        name: "Peer Directory".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time_zone_data: format!(
            "IANA, as bundled with jiff: {} zones",
            jiff::tz::db().available().count()
        ),
        sequence: snapshot.sequence(),
        programs: snapshot.len() as u64,
        organizations: snapshot.organizations().len() as u64,
        sources: surroundings
            .sources
            .iter()
            .map(|source| SourceAnswer {
                source: PublicSource::from(&source.draft),
                format: source.draft.format.to_string(),
                url: source.draft.url.as_ref().map(|url| url.as_str().to_owned()),
            })
            .collect(),
        attributions: crate::gazetteer::ATTRIBUTIONS
            .iter()
            .map(|text| (*text).to_owned())
            .collect(),
        privacy: "Nothing that you search for, and not where you are, is stored or logged."
            .to_owned(),
    })
}
