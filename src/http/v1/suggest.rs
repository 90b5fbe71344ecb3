//! What somebody may be typing.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::catalogues::{limit_of, once};
use super::notice;
use super::suggested::{
    SuggestAnswer, SuggestedOrganizationAnswer, SuggestedPlaceAnswer, SuggestedProgramAnswer,
    SuggestedQuery, SuggestedTermAnswer,
};
use super::values::not_found;
use crate::domain::{CountryCode, ForWhom, LanguageTag, Taxonomy};
use crate::gazetteer::{Gazetteer, Place};
use crate::http::problem::{ApiError, ApiResult, BodyProblems, Problems};
use crate::http::raw::{Check, Raw};
use crate::search::{SearchIndex, Snapshot, SuggestedOrganization, SuggestedTerm};

/// The parameters of a suggestion.
const NAMES: [&str; 5] = ["q", "near", "country", "lang", "limit"];

/// How many suggestions a group has at most, when that is not said.
const USUAL: usize = 5;

/// The shortest text that places are suggested for: one letter begins tens of thousands.
const PLACES_FROM: usize = 2;

/// Suggest while somebody types
///
/// Terms, places, programs and organizations that go on as typed, at the beginning of any word of
/// their names, each with the search it would run. Typing mistakes are forgiven when nothing else
/// goes on so. What people type should go in a body: use `POST /v1/suggest`.
#[utoipa::path(
    tag = "programs",
    params(
        ("q" = String, Query, description = "What has been typed so far", example = "grie"),
        ("near" = Option<String>, Query, description = "Where the person is, as in a search: it goes into the searches that are suggested, and places of its country come first", example = "97214"),
        ("country" = Option<String>, Query, description = "The country the person is in, as an ISO 3166-1 code", example = "US"),
        ("lang" = Option<String>, Query, description = "The language of labels, as a BCP 47 tag", example = "es"),
        ("limit" = Option<u32>, Query, description = "How many in each group, 1 to 20; 5 when not given", example = 5),
    ),
    responses((status = OK, description = "What may be meant", body = SuggestAnswer), Problems),
)]
#[get("/suggest")]
pub(super) async fn suggest(
    request: HttpRequest,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
) -> ApiResult<HttpResponse> {
    let mut check = Check::default();
    let raw = Raw::from_url(request.query_string(), &mut check)?;
    answer(raw, check, &index, &gazetteer)
}

/// Suggest while somebody types, in the body
///
/// The same as `GET /v1/suggest`, with the same fields as JSON, so that what a person types stays out
/// of addresses.
#[utoipa::path(
    tag = "programs",
    request_body(
        content = super::suggested::SuggestRequest,
        example = json!({"q": "grie", "near": "97214"}),
    ),
    responses(
        (status = OK, description = "What may be meant", body = SuggestAnswer),
        BodyProblems,
        Problems,
    ),
)]
#[post("/suggest")]
pub(super) async fn post_suggest(
    request: HttpRequest,
    body: Bytes,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
) -> ApiResult<HttpResponse> {
    super::posted_json(&request)?;
    let mut check = Check::default();
    let raw = Raw::from_json(&body, &mut check)?;
    answer(raw, check, &index, &gazetteer)
}

fn answer(
    raw: Raw,
    mut check: Check,
    index: &SearchIndex,
    gazetteer: &Gazetteer,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let [q, near, country, lang, wanted] = once(raw, NAMES, &mut check);
    match &q {
        None => check.wrong("q", "is needed: what has been typed so far"),
        Some(q) if q.chars().count() > 200 => check.wrong("q", "must be at most 200 characters"),
        Some(_) => {}
    }
    let country = country
        .and_then(|code| check.take("country", code.to_ascii_uppercase().parse::<CountryCode>()));
    let at = near.as_deref().and_then(|text| {
        let found = gazetteer.resolve(text, country);
        check.take("near", found.map_err(|missing| not_found(text, &missing)))
    });
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    let limit = limit_of(&mut check, wanted.as_ref(), 20, USUAL);
    let q = check.finish(q.unwrap_or_default())?;

    let lang = lang.as_ref().map_or("en", |tag| tag.as_str());
    let country = at.as_ref().and_then(|found| found.place.country).or(country);
    let person = notice::Person { country, age: None, lang };
    let mut body = Vec::with_capacity(4_096);
    notice::begin(&mut body, &snapshot, Some(&q), &person);
    let suggested = suggested(&q, limit, near.as_deref(), &person, &snapshot, gazetteer);
    let written = serde_json::to_vec(&suggested).map_err(|e| ApiError::Internal(e.into()))?;
    // Its opening brace is there already.
    body.extend_from_slice(&written[1..]);
    Ok(super::json(body))
}

fn suggested(
    q: &str,
    limit: usize,
    near: Option<&str>,
    person: &notice::Person<'_>,
    snapshot: &Snapshot,
    gazetteer: &Gazetteer,
) -> SuggestAnswer {
    let found = snapshot.suggest(q, limit);
    let here = SuggestedQuery { near: near.map(str::to_owned), ..SuggestedQuery::default() };
    let program = |found: crate::search::SuggestedProgram<'_>| SuggestedProgramAnswer {
        // A quotation mark in it would end the phrase.
        query: SuggestedQuery {
            q: Some(format!("\"{}\"", found.name.replace('"', " "))),
            r#for: (!found.for_self).then_some(ForWhom::SomeoneISupport),
            // A name that one program has means that one, wherever it is.
            near: here.near.clone().filter(|_| found.same_name > 1),
            ..SuggestedQuery::default()
        },
        program: (found.same_name == 1).then(|| format!("/v1/programs/{}", found.slug)),
        programs: found.same_name as u64,
        text: found.name,
    };
    let organization = |found: SuggestedOrganization<'_>| SuggestedOrganizationAnswer {
        text: found.organization.name.to_string(),
        query: SuggestedQuery {
            organization: vec![found.organization.slug.to_string()],
            r#for: (!found.for_self).then_some(ForWhom::SomeoneISupport),
            ..SuggestedQuery::default()
        },
    };
    let mut places = if q.chars().count() < PLACES_FROM {
        Vec::new()
    } else {
        gazetteer.starting_with(q, limit * 4)
    };
    places.sort_by_key(|place| person.country.is_some() && place.country != person.country);
    places.truncate(limit);
    SuggestAnswer {
        topics: found.terms.iter().map(|found| term(found, person.lang, &here)).collect(),
        places: places.iter().map(|found| place(found, gazetteer)).collect(),
        programs: found.programs.into_iter().map(program).collect(),
        organizations: found.organizations.into_iter().map(organization).collect(),
        crisis: None,
        notice: None,
    }
}

fn term(found: &SuggestedTerm<'_>, lang: &str, here: &SuggestedQuery) -> SuggestedTermAnswer {
    let others = (found.for_whom != ForWhom::Myself).then_some(found.for_whom);
    let mut query = SuggestedQuery { r#for: others, ..here.clone() };
    let keys = match found.term.taxonomy {
        Taxonomy::Topic => &mut query.topic,
        Taxonomy::Audience => &mut query.audience,
        Taxonomy::Approach => &mut query.approach,
        Taxonomy::Accessibility => &mut query.accessibility,
        Taxonomy::Activity => &mut query.activity,
    };
    keys.push(found.term.key.to_string());
    SuggestedTermAnswer {
        text: found.term.label(lang).to_owned(),
        taxonomy: found.term.taxonomy,
        programs: found.programs as u64,
        query,
    }
}

/// A place with a search that finds it, and no other of its name.
fn place(found: &Place, gazetteer: &Gazetteer) -> SuggestedPlaceAnswer {
    let query = |near: String| SuggestedQuery {
        near: Some(near),
        country: found.country.map(|code| code.to_string()),
        ..SuggestedQuery::default()
    };
    let words = found.postal_code.as_ref().unwrap_or(&found.label);
    let means_it = gazetteer
        .resolve(words, found.country)
        .is_ok_and(|meant| meant.place.position == found.position);
    let near = if means_it {
        words.clone()
    } else {
        format!("{},{}", found.position.latitude(), found.position.longitude())
    };
    SuggestedPlaceAnswer { text: found.label.clone(), kind: found.kind, query: query(near) }
}
