//! What matches, on a map.

use std::io::Write as _;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa::openapi::{OpenApi, RefOr, Required, Schema};

use super::advice::{Voice, safeguarding};
use super::notice;
use super::programs::{asks_a_minor, time_told, write_left_out, write_place};
use super::search_request::{self, CheckedSearch, MapRequest, SearchRequest};
use super::wire_map::MapAnswer;
use crate::catalog::Clock;
use crate::gazetteer::Gazetteer;
use crate::http::problem::{ApiError, ApiResult, BodyProblems, Problems};
use crate::http::raw::Check;
use crate::search::{Clusters, SearchIndex, Snapshot, Telling, Zoom};

/// Map programs
///
/// The programs that `GET /v1/programs` finds in `bbox` with the same filters, put together where they
/// would lie too close to tell apart. Each counts once, at the first of its matching sessions that is in
/// the box, so the counts add up to the total of that search. Cells are squares of 64 pixels of Web
/// Mercator, aligned to the world: a map that moves keeps its clusters. If there would be more than 2,000
/// clusters, they are those of a lesser `zoom`, which the answer tells. A place that is not told exactly
/// counts as `approximate` or `area`, and is to be drawn as such; a hidden place is on no map. Maps of what
/// people look for stay out of logs and histories when they are asked for in a body: use
/// `POST /v1/map/clusters/search`.
#[utoipa::path(
    tag = "programs",
    params(MapRequest),
    responses((status = OK, description = "A map of programs", body = MapAnswer), Problems),
)]
#[get("/map/clusters")]
pub(super) async fn map_programs(
    request: HttpRequest,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let (asked, check) = search_request::from_url(request.query_string(), MapRequest::read)?;
    let (mut response, checked) = answer(asked, check, &index, &gazetteer, **clock)?;
    time_told(&mut response, &checked.query);
    Ok(response)
}

/// Map programs, asked for in the body
///
/// The same map as `GET /v1/map/clusters`, with the same fields as JSON, so that what a person looks for
/// and where they are stay out of addresses.
#[utoipa::path(
    tag = "programs",
    request_body(content = MapRequest, example = json!({"bbox": "-123,45,-122,46", "zoom": 9})),
    responses(
        (status = OK, description = "A map of programs", body = MapAnswer),
        BodyProblems,
        Problems,
    ),
)]
#[post("/map/clusters/search")]
pub(super) async fn post_map_programs(
    request: HttpRequest,
    body: Bytes,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::posted_json(&request)?;
    let (asked, check) = search_request::from_body(&body, MapRequest::read)?;
    answer(asked, check, &index, &gazetteer, **clock).map(|(response, _)| response)
}

/// What a map cannot do without, and a search can.
const NEEDED: [&str; 2] = ["bbox", "zoom"];

/// Says in the API document what a map needs.
pub(crate) fn say_what_is_needed(document: &mut OpenApi) {
    let map = document.paths.paths.get_mut("/v1/map/clusters").and_then(|path| path.get.as_mut());
    let parameters = map.and_then(|operation| operation.parameters.as_mut()).into_iter().flatten();
    for parameter in parameters {
        if let RefOr::T(parameter) = parameter
            && NEEDED.contains(&parameter.name.as_str())
        {
            parameter.required = Required::True;
        }
    }
    let schemas = document.components.as_mut().map(|components| &mut components.schemas);
    if let Some(RefOr::T(Schema::Object(request))) =
        schemas.and_then(|all| all.get_mut("MapRequest"))
    {
        request.required.extend(NEEDED.map(str::to_owned));
    }
}

fn answer(
    mut asked: MapRequest,
    mut check: Check,
    index: &SearchIndex,
    gazetteer: &Gazetteer,
    clock: Clock,
) -> ApiResult<(HttpResponse, CheckedSearch)> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    if asked.bbox.is_none() {
        check.wrong("bbox", "is needed: the west,south,east,north of the map in degrees");
    }
    let zoom = match asked.zoom.take() {
        None => {
            check.wrong("zoom", "is needed: how far the map is zoomed in, 0 to 22");
            None
        }
        Some(text) => check.take("zoom", text.parse::<Zoom>()),
    };
    let search = SearchRequest::from(asked);
    let mut checked = search.check(check, &snapshot, gazetteer, clock.now(), None)?;
    let zoom = zoom.unwrap_or(Zoom::MAX);
    let map = checked.answered(&snapshot, |query| snapshot.clusters(query, zoom), |map| map.total);
    Ok((super::json(write_answer(&snapshot, &checked, &map)), checked))
}

/// Writes an answer; the shape is [`MapAnswer`].
fn write_answer(snapshot: &Snapshot, checked: &CheckedSearch, map: &Clusters) -> Vec<u8> {
    let query = &checked.query;
    let mut out = Vec::with_capacity(2_048 + map.clusters.len() * 256);
    let person = notice::Person { country: checked.country, age: query.age, lang: &checked.lang };
    let told = notice::begin(&mut out, snapshot, query.words.as_deref(), &person);
    out.extend_from_slice(br#""data":["#);
    let voice = Voice::of(&checked.lang);
    let telling = Telling { now: query.now, lang: &checked.lang, explain: false };
    for (at, cluster) in map.clusters.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        snapshot.write_cluster(&mut out, cluster, &telling, |program| {
            let known = asks_a_minor(query).then(|| snapshot.known(program, query.now));
            known.flatten().map_or_else(Vec::new, |known| safeguarding(snapshot, &known, voice))
        });
    }
    // Writing into memory cannot fail.
    let _written = write!(out, r#"],"zoom":{},"total":{}"#, map.zoom.number(), map.total);
    if query.depends_on_the_minute() {
        let zone = query.window.zone.iana_name().unwrap_or("UTC");
        let _written = write!(out, r#","time_zone":"{zone}""#);
    }
    if let Some(found) = &checked.place {
        write_place(&mut out, found, map.radius);
    }
    write_left_out(&mut out, query);
    notice::end(&mut out, snapshot, &person, told);
    out
}
