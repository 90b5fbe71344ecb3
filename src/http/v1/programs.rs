//! Searching programs and looking one up.

use std::io::Write as _;
use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;

use super::advice::{Voice, safeguarding};
use super::catalogues::parameters;
use super::notice;
use super::search_request::{self, CheckedSearch, SearchRequest};
use super::standing::{answers, listing, standing};
use super::wire::{PlaceAnswer, ProgramAnswer, SearchAnswer, SearchPlace};
use crate::catalog::Clock;
use crate::domain::{ADULT, LanguageTag};
use crate::gazetteer::{Gazetteer, Resolved};
use crate::http::labels::label;
use crate::http::problem::{ApiError, ApiResult, BodyProblems, Problem, Problems};
use crate::http::raw::Check;
use crate::search::{
    Match, Page, Query, Radius, Relation, Relaxation, SearchIndex, Snapshot, Telling,
};

/// Search programs
///
/// Finds programs near a place, serving its area, open to its country, or meeting in chapters that are
/// not listed here, with exact totals. Searches that name a place or a need stay out of logs and
/// histories when they are sent as a body: use `POST /v1/programs/search` for what people type.
#[utoipa::path(
    tag = "programs",
    params(SearchRequest),
    responses(
        (status = OK, description = "A page of programs", body = SearchAnswer),
        Problems,
    ),
)]
#[get("/programs")]
pub(super) async fn search_programs(
    request: HttpRequest,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let (asked, check) = search_request::from_url(request.query_string(), SearchRequest::read)?;
    answer(asked, check, &index, &gazetteer, **clock, Some(request.query_string()))
}

/// Search programs, in the body
///
/// The same search as `GET /v1/programs`, with the same fields as JSON, so that what a person looks
/// for and where they are stay out of addresses.
#[utoipa::path(
    tag = "programs",
    request_body(
        content = SearchRequest,
        example = json!({"near": "Portland, OR", "topic": ["depression"], "facets": ["cost"]}),
    ),
    responses(
        (status = OK, description = "A page of programs", body = SearchAnswer),
        BodyProblems,
        Problems,
    ),
)]
#[post("/programs/search")]
pub(super) async fn post_search_programs(
    request: HttpRequest,
    body: Bytes,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::posted_json(&request)?;
    let (asked, check) = search_request::from_body(&body, SearchRequest::read)?;
    answer(asked, check, &index, &gazetteer, **clock, None)
}

/// Get a program
///
/// The program whole: all sessions, what is known of each criterion, its source and where the facts
/// were found; why it is listed, what speaks against it and what to ask; and what it answers to questions
/// that people differ about, such as whether it would call the police.
#[utoipa::path(
    tag = "programs",
    params(
        ("id" = String, Path, description = "The program's id or slug", example = "nami-connection-recovery-support-group"),
        ("lang" = Option<String>, Query, description = "The language of what is said of the listing: `verification`, `listing` and `answers`", example = "es"),
    ),
    responses(
        (status = OK, description = "The program", body = ProgramAnswer),
        (status = NOT_FOUND, description = "There is no such program", body = Problem,
            content_type = "application/problem+json"),
        (status = GONE, description = "It was withdrawn", body = Problem,
            content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/programs/{id}")]
pub(super) async fn get_program(
    request: HttpRequest,
    id: Path<String>,
    index: Data<SearchIndex>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let mut check = Check::default();
    let [lang] = parameters(&request, ["lang"], &mut check)?;
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    check.finish(())?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let program = program_of(&snapshot, &id)?;
    let mut body = Vec::with_capacity(4096);
    let now = clock.now();
    let lang = lang.as_ref().map_or("en", LanguageTag::as_str);
    snapshot.write_page(&mut body, program, now, lang);
    if let Some(known) = snapshot.known(program, now) {
        let voice = Voice::of(lang);
        body.pop();
        body.extend_from_slice(br#","listing":"#);
        let _written = serde_json::to_writer(&mut body, &listing(&snapshot, &known, voice));
        body.extend_from_slice(br#","criteria":"#);
        let _written = serde_json::to_writer(&mut body, &standing(&snapshot, &known, voice));
        body.extend_from_slice(br#","answers":"#);
        let _written = serde_json::to_writer(&mut body, &answers(&snapshot, &known, voice));
        body.push(b'}');
    }
    Ok(super::json(body))
}

/// The program of an identity or address.
pub(super) fn program_of(snapshot: &Snapshot, id_or_slug: &str) -> ApiResult<u32> {
    match snapshot.find(id_or_slug) {
        Some(program) => Ok(program),
        None if snapshot.was_withdrawn(id_or_slug) => Err(ApiError::Withdrawn),
        None => Err(ApiError::Unlisted {
            detail: "There is no program with this id or slug; GET /v1/programs finds programs.",
        }),
    }
}

fn answer(
    asked: SearchRequest,
    check: Check,
    index: &SearchIndex,
    gazetteer: &Gazetteer,
    clock: Clock,
    url_query: Option<&str>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut checked = asked.check(check, &snapshot, gazetteer, clock.now(), None)?;
    let page = checked.answered(&snapshot, |query| snapshot.search(query), |page| page.total);
    let next = page.next.as_ref().map(crate::search::Cursor::encode);
    let voice = Voice::of(&checked.lang);
    let body = write_answer(&snapshot, &checked, &page, next.as_deref(), |out, found| {
        if asks_a_minor(&checked.query) {
            write_safeguarding(out, &snapshot, found.program, checked.query.now, voice);
        }
    });
    let mut response = super::json(body);
    if let Some(url_query) = url_query {
        time_told(&mut response, &checked.query);
        if let Some(next) = next {
            super::link_next(&mut response, "/v1/programs", url_query, &next);
        }
    }
    Ok(response)
}

/// Whether somebody under 18 asks.
pub(super) fn asks_a_minor(query: &Query) -> bool {
    query.age.is_some_and(|age| age < ADULT)
}

/// Writes what the young ask first, where nobody knows how adults are checked.
pub(super) fn write_safeguarding(
    out: &mut Vec<u8>,
    snapshot: &Snapshot,
    program: u32,
    now: Timestamp,
    voice: Voice<'_>,
) {
    let Some(known) = snapshot.known(program, now) else { return };
    let ask = safeguarding(snapshot, &known, voice);
    if !ask.is_empty() {
        out.extend_from_slice(br#","ask":"#);
        let _written = serde_json::to_writer(out, &ask);
    }
}

/// Lets an answer that tells what is open now be kept no longer than that is true, about.
pub(super) fn time_told(response: &mut HttpResponse, query: &Query) {
    let by_minute = query.between.is_some() || query.depends_on_the_minute();
    let kept = if by_minute { "public, max-age=30" } else { "public, max-age=60" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
}

/// Writes an answer, with `more` at the end of how each result stands to the person; the shape is
/// [`SearchAnswer`].
pub(super) fn write_answer(
    snapshot: &Arc<Snapshot>,
    checked: &CheckedSearch,
    page: &Page,
    next: Option<&str>,
    more: impl FnMut(&mut Vec<u8>, &Match),
) -> Vec<u8> {
    let mut out = Vec::with_capacity(8_192 + page.matches.len() * 2_400);
    let person =
        notice::Person { country: checked.country, age: checked.query.age, lang: &checked.lang };
    let told = notice::begin(&mut out, snapshot, checked.query.words.as_deref(), &person);
    out.extend_from_slice(br#""data":["#);
    let telling = Telling { now: checked.query.now, lang: &checked.lang, explain: checked.explain };
    snapshot.write_results_and(&mut out, &page.matches, &telling, more);
    out.push(b']');
    write_page(&mut out, checked.query.limit, page.total, next);
    if checked.query.depends_on_the_minute() {
        let zone = checked.query.window.zone.iana_name().unwrap_or("UTC");
        let _written = write!(out, r#","time_zone":"{zone}""#);
    }
    if let Some(found) = &checked.place {
        write_place(&mut out, found, page.radius);
        out.extend_from_slice(br#","relations":{"#);
        for (at, (relation, count)) in Relation::ALL.iter().zip(page.by_relation).enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _written = write!(out, r#"{comma}"{relation}":{count}"#);
        }
        out.push(b'}');
    }
    if !checked.query.facets.is_empty() {
        write_facets(&mut out, snapshot, page, &checked.lang);
    }
    write_left_out(&mut out, &checked.query);
    write_relaxations(&mut out, &page.relaxations);
    notice::end(&mut out, snapshot, &person, told);
    out
}

// Writing into memory cannot fail.

/// Writes the words that nothing would have been found by, and what was looked for instead of them.
pub(super) fn write_left_out(out: &mut Vec<u8>, query: &Query) {
    if !query.left_out.is_empty() {
        out.extend_from_slice(br#","left_out":"#);
        let _written = serde_json::to_writer(&mut *out, &query.left_out);
    }
    if let Some(instead) = &query.instead {
        out.extend_from_slice(br#","instead":"#);
        let _written = serde_json::to_writer(out, instead);
    }
}

pub(super) fn write_page(out: &mut Vec<u8>, limit: usize, total: usize, next: Option<&str>) {
    let _written = write!(out, r#","page":{{"limit":{limit},"total":{total}"#);
    if let Some(next) = next {
        let _written = write!(out, r#","next_cursor":"{next}""#);
    }
    out.push(b'}');
}

pub(super) fn write_place(out: &mut Vec<u8>, found: &Resolved, radius: Option<Radius>) {
    let place = SearchPlace {
        place: PlaceAnswer::from(&found.place),
        searched_m: radius.map(Radius::meters),
        alternatives: found.alternatives.iter().map(PlaceAnswer::from).collect(),
    };
    out.extend_from_slice(br#","place":"#);
    let _written = serde_json::to_writer(out, &place);
}

pub(super) fn write_relaxations(out: &mut Vec<u8>, relaxations: &[Relaxation]) {
    if relaxations.is_empty() {
        return;
    }
    out.extend_from_slice(br#","relaxations":["#);
    for (at, relaxation) in relaxations.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _written = write!(out, r#"{comma}{{"kind":"{}""#, relaxation.kind);
        if let Some(radius_m) = relaxation.radius_m {
            let _written = write!(out, r#","radius_m":{radius_m}"#);
        }
        if let Some(parameter) = &relaxation.parameter {
            let _written = write!(out, r#","parameter":"{parameter}""#);
        }
        let _written = write!(out, r#","more":{}}}"#, relaxation.more);
    }
    out.push(b']');
}

fn write_facets(out: &mut Vec<u8>, snapshot: &Snapshot, page: &Page, lang: &str) {
    let mut number = itoa::Buffer::new();
    out.extend_from_slice(br#","facets":{"#);
    for (at, (facet, counts)) in page.facets.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(facet.as_str().as_bytes());
        out.extend_from_slice(br#"":["#);
        for (at, count) in counts.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            // Values are words and tags: nothing in them has to be escaped.
            out.extend_from_slice(br#"{"value":""#);
            out.extend_from_slice(count.value.as_bytes());
            out.extend_from_slice(br#"","label":"#);
            let label = label(snapshot, *facet, &count.value, lang);
            let _written = serde_json::to_writer(&mut *out, &label);
            out.extend_from_slice(br#","count":"#);
            out.extend_from_slice(number.format(count.count).as_bytes());
            out.push(b'}');
        }
        out.push(b']');
    }
    out.push(b'}');
}
