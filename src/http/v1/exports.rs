//! Everything at once: what may be taken in bulk, streamed.

use std::convert::Infallible;
use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, LINK, VARY};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use jiff::Timestamp;

use super::wire::ProgramAnswer;
use crate::catalog::Clock;
use crate::domain::Mark;
use crate::http::encoding::Encoding;
use crate::http::layers::is_known;
use crate::http::problem::{ApiError, ApiResult, Problems};
use crate::search::{SearchIndex, Snapshot};

/// How many bytes are written before they are sent.
const CHUNK: usize = 64 << 10;

/// Export programs as NDJSON
///
/// Every program that may be republished, whole, one JSON object on each line. `/v1/about` lists the
/// sources and their licences.
#[utoipa::path(
    tag = "exports",
    responses(
        (status = OK, description = "One program on each line", body = ProgramAnswer,
            content_type = "application/x-ndjson"),
        Problems,
    ),
)]
#[get("/export/programs.ndjson")]
pub(super) async fn export_programs_ndjson(
    request: HttpRequest,
    index: Data<SearchIndex>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::no_parameters(&request)?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let told_at = snapshot.told_at(clock.now());
    let write = move |snapshot: &Snapshot, program: u32, _first: bool, out: &mut Vec<u8>| {
        snapshot.write_whole(out, program, told_at);
        out.push(b'\n');
    };
    let format = Format { content_type: "application/x-ndjson", head: b"", tail: b"" };
    Ok(streamed(&request, snapshot, told_at, format, write))
}

/// Export meeting places as GeoJSON
///
/// A point for each program that has a public place, at the first of them, after RFC 7946. Hidden
/// places are not in it, approximate ones are as coarse as they say.
#[utoipa::path(
    tag = "exports",
    responses(
        (status = OK, description = "A feature collection", body = Object,
            content_type = "application/geo+json"),
        Problems,
    ),
)]
#[get("/export/programs.geojson")]
pub(super) async fn export_programs_geojson(
    request: HttpRequest,
    index: Data<SearchIndex>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::no_parameters(&request)?;
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let told_at = snapshot.told_at(clock.now());
    let write = |snapshot: &Snapshot, program: u32, first: bool, out: &mut Vec<u8>| {
        let begin = out.len();
        if !first {
            out.extend_from_slice(b",\n");
        }
        if !snapshot.write_feature(out, program) {
            out.truncate(begin);
        }
    };
    let format = Format {
        content_type: "application/geo+json",
        head: b"{\"type\":\"FeatureCollection\",\"features\":[\n",
        tail: b"\n]}\n",
    };
    Ok(streamed(&request, snapshot, told_at, format, write))
}

/// What is written around the programs.
#[derive(Clone, Copy)]
struct Format {
    content_type: &'static str,
    head: &'static [u8],
    tail: &'static [u8],
}

/// An answer that is written while it is sent, from one snapshot; nothing when the client has it.
///
/// The `ETag` is of the version, the snapshot, the format, the policy and the day: the same listings give
/// the same bytes, on every node, but for what has become overdue or expired, which is told as of the
/// beginning of that day. Whoever keeps a copy is told where to ask for what changes later.
fn streamed(
    request: &HttpRequest,
    snapshot: Arc<Snapshot>,
    told_at: Timestamp,
    format: Format,
    write: impl Fn(&Snapshot, u32, bool, &mut Vec<u8>) + 'static,
) -> HttpResponse {
    let Format { content_type, head, tail } = format;
    let mark = Mark::new(snapshot.sequence(), &snapshot.surroundings().sources);
    let day = told_at.as_second() / 86_400;
    let kind = content_type.trim_start_matches("application/");
    let policy = snapshot.choosing().policy.version;
    let etag = format!("{}-{kind}-{mark}-{policy}-{day:x}", env!("CARGO_PKG_VERSION"));
    let in_encoding = format!("\"{etag}{}\"", Encoding::accepted(request).suffix());
    let known = request.headers().get(IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| is_known(known, &in_encoding));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .insert_header((LINK, format!("</v1/changes?since={mark}>; rel=\"monitor\"")));
    if is_known {
        return response
            .insert_header((ETAG, in_encoding))
            .insert_header((VARY, "Accept-Encoding"))
            .finish();
    }
    response.insert_header((ETAG, format!("\"{etag}\""))).content_type(content_type);
    let programs: Vec<u32> = snapshot.republishable().collect();
    let mut at = 0;
    let mut begun = false;
    let mut written = false;
    let chunks = std::iter::from_fn(move || {
        let mut out = Vec::with_capacity(CHUNK + 4_096);
        if !begun {
            begun = true;
            out.extend_from_slice(head);
        } else if at > programs.len() {
            return None;
        }
        while out.len() < CHUNK && at < programs.len() {
            let before = out.len();
            write(&snapshot, programs[at], !written, &mut out);
            written |= out.len() > before;
            at += 1;
        }
        if at == programs.len() {
            at += 1;
            out.extend_from_slice(tail);
        }
        Some(Ok::<_, Infallible>(Bytes::from(out)))
    });
    response.streaming(stream::iter(chunks))
}
