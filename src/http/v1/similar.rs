//! Programs like another.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::advice::Voice;
use super::catalogues::{limit_of, once};
use super::notice;
use super::programs::{program_of, time_told, write_safeguarding};
use super::search_request::standpoint;
use super::values::age_of;
use super::when::{hour, minute};
use super::wire::{CrisisAnswer, ProgramResult};
use crate::catalog::Clock;
use crate::domain::{ADULT, LanguageTag};
use crate::gazetteer::Gazetteer;
use crate::http::problem::{ApiError, ApiResult, Problem, Problems};
use crate::http::raw::{Check, Raw};
use crate::search::{Query, SearchIndex, Telling};

/// The parameters.
const NAMES: [&str; 4] = ["limit", "lang", "explain", "age"];

/// How many there are when that is not said, and at most.
const USUAL: usize = 5;
const MOST: usize = 20;

/// Programs like another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarAnswer {
    /// The programs, the likest first. `match` is how each stands to the place of the other, or to those
    /// whom it reaches when it has none; `match.score` is the sum of `need`, `audience`, `form` and `reach`.
    pub data: Vec<ProgramResult>,
    /// Help in a crisis, in every answer.
    pub crisis: CrisisAnswer,
}

/// Get programs like another
///
/// Those for the same need, the same people, of the same form and within the same reach: all share a topic
/// with it and are for the same people, oneself or those one supports. Points are 400 for topics in common,
/// 200 for audiences, 150 for the form and kinds, 250 for the reach: how near its first public place, or
/// whether the same states, counties, postal areas or countries are served when it has none.
#[utoipa::path(
    tag = "programs",
    params(
        ("id" = String, Path, description = "The program's id or slug", example = "nami-connection-recovery-support-group"),
        ("limit" = Option<u32>, Query, description = "How many, 1 to 20; 5 when not given", example = 5),
        ("age" = Option<u8>, Query, description = "The person's age: only programs that take it, and what is not for people under 18 is left out", example = 16),
        ("lang" = Option<String>, Query, description = "The language of reasons, as a BCP 47 tag; English when there is no other", example = "es"),
        ("explain" = Option<bool>, Query, description = "`true` tells every term of each score; they sum to it", example = true),
    ),
    responses(
        (status = OK, description = "Programs like it", body = SimilarAnswer),
        (status = NOT_FOUND, description = "There is no such program", body = Problem,
            content_type = "application/problem+json"),
        (status = GONE, description = "It was withdrawn", body = Problem,
            content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/programs/{id}/similar")]
pub(super) async fn list_similar_programs(
    request: HttpRequest,
    id: Path<String>,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let program = program_of(&snapshot, &id)?;
    let mut check = Check::default();
    let raw = Raw::from_url(request.query_string(), &mut check)?;
    let [limit, lang, explain, age] = once(raw, NAMES, &mut check);
    let age = age_of(&mut check, age.as_deref());
    let limit = limit_of(&mut check, limit.as_ref(), MOST, USUAL);
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    let explain = explain.and_then(|text| {
        check.take("explain", text.parse::<bool>().map_err(|_neither| "must be `true` or `false`"))
    });
    let limit = check.finish(limit)?;

    let place = snapshot.first_place(program).map(|at| standpoint(&gazetteer.at(at)));
    let country = place.as_ref().and_then(|place| place.country);
    let now = clock.now();
    let similar = snapshot.similar(program, place, (hour(now), minute(now)), age, limit);
    let lang = lang.as_ref().map_or("en", |tag| tag.as_str());
    let telling = Telling { now: hour(now), lang, explain: explain.unwrap_or(false) };
    let mut body = Vec::with_capacity(2_048 + similar.len() * 2_048);
    body.extend_from_slice(br#"{"data":["#);
    let voice = Voice::of(lang);
    snapshot.write_similar(&mut body, &similar, &telling, |out, found| {
        if age.is_some_and(|age| age < ADULT) {
            write_safeguarding(out, &snapshot, found.program, now, voice);
        }
    });
    body.push(b']');
    let person = notice::Person { country, age, lang };
    notice::end(&mut body, &snapshot, &person, false);
    let mut response = super::json(body);
    time_told(&mut response, &Query::all(now));
    Ok(response)
}
