//! What has changed: for those who keep a copy of the directory.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, get};

use super::catalogues::{limit_of, parameters};
use super::wire::ChangesAnswer;
use crate::catalog::{Catalog, Clock, Delta, Deltas};
use crate::domain::Mark;
use crate::http::problem::{ApiError, ApiResult, Problem, Problems};
use crate::http::raw::Check;
use crate::search::{SearchIndex, Snapshot};

/// How many programs an answer tells at most, when that is not said.
const USUAL: usize = 100;

/// List what has changed
///
/// For those who keep a copy: each program that was listed, changed or withdrawn after `since`, once, in
/// the order of the changes, as it stands now; `removed` ones are no longer listed. Take an export,
/// which names where to go on (`Link: <…>; rel="monitor"`), then ask again and again with `next`. Only
/// programs that may be republished are in it, as in the exports. When `410` says that `since` is too
/// old or of another directory, take the export again.
#[utoipa::path(
    tag = "exports",
    params(
        ("since" = Option<String>, Query, description = "`next` of the answer before, or what an export names; the beginning when not given", example = "431-1-8f3c2a5d9e7b1406"),
        ("limit" = Option<u32>, Query, description = "How many programs, 1 to 1000; 100 when not given", example = 100),
    ),
    responses(
        (status = OK, description = "The changes", body = ChangesAnswer),
        (status = GONE, description = "What came after `since` is not known here: take the export again",
            body = Problem, content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/changes")]
pub(super) async fn list_changes(
    request: HttpRequest,
    catalog: Data<Option<Catalog>>,
    index: Data<SearchIndex>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let mut check = Check::default();
    let [since, wanted] = parameters(&request, ["since", "limit"], &mut check)?;
    let since = since.and_then(|text| check.take("since", text.parse::<Mark>()));
    let limit = limit_of(&mut check, wanted.as_ref(), 1_000, USUAL);
    let since = check.finish(since)?.unwrap_or(Mark::BEGINNING);
    let catalog = Option::clone(&catalog).ok_or(ApiError::DatabaseAway)?;
    let deltas = web::block(move || catalog.deltas(since, limit))
        .await
        .map_err(|error| ApiError::Internal(error.into()))?;
    let deltas = deltas.map_err(|error| {
        if error.is_the_database() {
            tracing::warn!(%error, "changes cannot be read");
            ApiError::DatabaseAway
        } else {
            ApiError::Internal(error.into())
        }
    })?;
    let current = index.current().ok_or(ApiError::NotReady)?;
    let deltas = deltas.ok_or(ApiError::Forgotten)?;
    let mut response = super::json(write(&deltas, &current, **clock));
    // Who follows wants what is new; the tag tells when nothing is.
    response
        .headers_mut()
        .insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Writes an answer; the shape is [`ChangesAnswer`], and a program is as in an export of the day: what the
/// policy takes off the list is removed.
fn write(found: &Deltas, current: &Snapshot, clock: Clock) -> Vec<u8> {
    use std::io::Write as _;

    let told_at = current.told_at(clock.now());
    let mut builder = current.builder();
    for listing in found.deltas.iter().filter_map(|delta| delta.listing.as_deref()) {
        builder.add(listing);
    }
    let snapshot = builder.finish(0);
    let mut out = Vec::with_capacity(1_024 + found.deltas.len() * 4_096);
    out.extend_from_slice(br#"{"data":["#);
    for (at, Delta { sequence, program, .. }) in found.deltas.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing into memory cannot fail.
        let _written = write!(out, r#"{comma}{{"sequence":{sequence},"id":"{program}","change":""#);
        match snapshot.find(&program.to_string()).filter(|found| snapshot.lists(*found)) {
            Some(listed) => {
                out.extend_from_slice(br#"listed","program":"#);
                snapshot.write_whole(&mut out, listed, told_at);
            }
            None => out.extend_from_slice(br#"removed""#),
        }
        out.push(b'}');
    }
    let _written = write!(out, r#"],"next":"{}","more":{}}}"#, found.next, found.more);
    out
}
