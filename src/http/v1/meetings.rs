//! What takes place, in the order of time.

use std::io::Write as _;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::advice::Voice;
use super::notice;
use super::programs::{
    asks_a_minor, time_told, write_left_out, write_page, write_place, write_relaxations,
    write_safeguarding,
};
use super::search_request::{self, CheckedSearch, MeetingsRequest, SearchRequest};
use super::when::Listed;
use super::wire_meetings::MeetingsAnswer;
use crate::catalog::Clock;
use crate::gazetteer::Gazetteer;
use crate::http::problem::{ApiError, ApiResult, BodyProblems, Problems};
use crate::http::raw::Check;
use crate::search::{Cursor, Meetings, SearchIndex, Snapshot, Telling};

/// List meetings
///
/// The meetings of a week, or of the days that are asked for, in the order of their starts: what is in
/// progress, then what comes, of the programs that `GET /v1/programs` finds with the same filters. Open
/// hours and what is always open are no meetings: `open_now` of a search finds them. Lists that name a
/// place or a need stay out of logs and histories when they are asked for in a body: use
/// `POST /v1/meetings/search` for what people type.
#[utoipa::path(
    tag = "programs",
    params(MeetingsRequest),
    responses(
        (status = OK, description = "A page of meetings", body = MeetingsAnswer),
        Problems,
    ),
)]
#[get("/meetings")]
pub(super) async fn list_meetings(
    request: HttpRequest,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let query = request.query_string();
    let (asked, check) = search_request::from_url(query, MeetingsRequest::read)?;
    answer(asked, check, &index, &gazetteer, **clock, Some(query))
}

/// List meetings, asked for in the body
///
/// The same list as `GET /v1/meetings`, with the same fields as JSON, so that what a person looks for
/// and where they are stay out of addresses.
#[utoipa::path(
    tag = "programs",
    request_body(
        content = MeetingsRequest,
        example = json!({"topic": ["depression"], "attendance": ["online"], "tz": "America/New_York"}),
    ),
    responses(
        (status = OK, description = "A page of meetings", body = MeetingsAnswer),
        BodyProblems,
        Problems,
    ),
)]
#[post("/meetings/search")]
pub(super) async fn post_list_meetings(
    request: HttpRequest,
    body: Bytes,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::posted_json(&request)?;
    let (asked, check) = search_request::from_body(&body, MeetingsRequest::read)?;
    answer(asked, check, &index, &gazetteer, **clock, None)
}

fn answer(
    mut asked: MeetingsRequest,
    check: Check,
    index: &SearchIndex,
    gazetteer: &Gazetteer,
    clock: Clock,
    url_query: Option<&str>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let listed = Listed { from: asked.from.take(), to: asked.to.take() };
    let (limit, cursor) = (asked.limit.take(), asked.cursor.take());
    let search = SearchRequest { limit, cursor, ..SearchRequest::from(asked) };
    let mut checked = search.check(check, &snapshot, gazetteer, clock.now(), Some(listed))?;
    let page = checked.answered(&snapshot, |query| snapshot.meetings(query), |page| page.total);
    let next = page.next.as_ref().map(Cursor::encode);
    let mut response = super::json(write_answer(&snapshot, &checked, &page, next.as_deref()));
    if let Some(query) = url_query {
        time_told(&mut response, &checked.query);
        if let Some(next) = next {
            super::link_next(&mut response, "/v1/meetings", query, &next);
        }
    }
    Ok(response)
}

/// Writes an answer; the shape is [`MeetingsAnswer`].
fn write_answer(
    snapshot: &Snapshot,
    checked: &CheckedSearch,
    page: &Meetings,
    next: Option<&str>,
) -> Vec<u8> {
    let query = &checked.query;
    let mut out = Vec::with_capacity(2_048 + page.meetings.len() * 1_024);
    let person =
        notice::Person { country: checked.country, age: checked.query.age, lang: &checked.lang };
    let told = notice::begin(&mut out, snapshot, checked.query.words.as_deref(), &person);
    out.extend_from_slice(br#""data":["#);
    let voice = Voice::of(&checked.lang);
    let telling = Telling { now: query.now, lang: &checked.lang, explain: false };
    for (at, meeting) in page.meetings.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        snapshot.write_meeting(&mut out, meeting, &telling, |out| {
            if asks_a_minor(query) {
                write_safeguarding(out, snapshot, meeting.program, query.now, voice);
            }
        });
    }
    out.push(b']');
    write_page(&mut out, query.limit, page.total, next);
    if let Some((from, to)) = query.between {
        let zone = &query.window.zone;
        for (name, at) in [("from", from), ("to", to)] {
            let at = at.display_with_offset(zone.to_offset(at));
            let _written = write!(out, r#","{name}":"{at}""#);
        }
        let _written = write!(out, r#","time_zone":"{}""#, zone.iana_name().unwrap_or("UTC"));
    }
    if let Some(found) = &checked.place {
        write_place(&mut out, found, page.radius);
    }
    write_left_out(&mut out, query);
    write_relaxations(&mut out, &page.relaxations);
    notice::end(&mut out, snapshot, &person, told);
    out
}
