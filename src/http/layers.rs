//! What every answer passes through: request ids and the log, HEAD, `ETags`, compression, safe headers.

use std::collections::HashMap;
use std::time::Instant;

use actix_web::body::{self, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use super::encoding::Encoding;
use super::limit::{RateLimit, WINDOW_S};
use super::problem::{ApiError, Problem};
use super::raw::MAX_BODY;

/// What the log tells of a request: nothing that a person sent.
pub const ROUTES_LOGGED: &[&str] = &["method", "route", "status", "elapsed_us", "request"];

/// Answers smaller than this are not worth compressing.
const WORTH_COMPRESSING: usize = 1_024;

/// Gives the request an id and logs it: method, route template, status, time. No address, no query,
/// no header, no body ever gets here.
pub(super) async fn log(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let id = Uuid::new_v4();
    let method = request.method().clone();
    // Routes are written for GET; the HTTP/1 encoder keeps the body of an answer to HEAD back.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let response = next.call(request).await;
    let mut response = match response {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => return Err(error),
    };
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    tracing::debug!(
        method = %known(&method),
        route,
        status = response.status().as_u16(),
        elapsed_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        request = %id,
        "request"
    );
    let mut text = [0; 36];
    let id_text = id.hyphenated().encode_lower(&mut text);
    if let Ok(value) = HeaderValue::from_str(id_text) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        response = name_instance(response, id_text);
    }
    Ok(response)
}

/// The method, unless somebody made one up to write it into the log.
fn known(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    }
}

/// Makes sure that an error is problem details, and tells its request id.
fn name_instance(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let (request, response) = response.into_parts();
    let (mut response, old) = response.into_parts();
    let mut problem =
        match old.try_into_bytes().map(|bytes| serde_json::from_slice::<Problem>(&bytes)) {
            Ok(Ok(problem)) => problem,
            // The framework's own refusals: an overlong body, a bad path.
            _ => match status {
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { limit: MAX_BODY }.problem(),
                StatusCode::NOT_FOUND => ApiError::NotFound.problem(),
                StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotAllowed.problem(),
                _ => Problem {
                    kind: "about:blank".to_owned(),
                    title: status.canonical_reason().unwrap_or("Error").to_owned(),
                    status: status.as_u16(),
                    detail: None,
                    errors: Vec::new(),
                    instance: None,
                },
            },
        };
    problem.instance = Some(format!("urn:uuid:{id}"));
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    ServiceResponse::new(request, response.set_body(BoxBody::new(body)))
}

/// Gives an answer its headers: a strong `ETag` of its very bytes in each encoding, 304 when the client
/// has them, compression when the client takes it.
pub(super) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let encoding = Encoding::accepted(request.request());
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let posted = request.method() == Method::POST;
    let page = request.path().starts_with("/docs/");
    let response = next.call(request).await?.map_into_boxed_body();
    let (request, response) = response.into_parts();
    let (mut response, old) = response.into_parts();
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Asked from a page or not: what a cache keeps is read by both.
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    // A page of ours brings its own.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(if page { PAGE_POLICY } else { API_POLICY }),
        );
    }
    if status != StatusCode::OK {
        return Ok(ServiceResponse::new(request, response.set_body(old)));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        let value =
            if posted { "no-store" } else { "public, max-age=60, stale-while-revalidate=600" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    // What one address answers in two forms says so itself.
    let vary =
        if headers.contains_key(VARY) { "Accept, Accept-Encoding" } else { "Accept-Encoding" };
    headers.insert(VARY, HeaderValue::from_static(vary));
    let body = old.try_into_bytes();
    let worth = body.as_ref().map_or(true, |bytes| bytes.len() >= WORTH_COMPRESSING);
    let encoding = if worth && compressible(headers.get(CONTENT_TYPE)) {
        encoding
    } else {
        Encoding::Identity
    };
    let tag = match &body {
        Ok(bytes) => (!posted).then(|| format!("{:032x}", xxh3_128(bytes))),
        // A stream brings its own.
        Err(_stream) => headers.get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned),
    };
    if let Some(tag) = tag {
        let etag = format!("\"{}{}\"", tag.trim_matches('"'), encoding.suffix());
        let same = known.is_some_and(|known| is_known(&known, &etag));
        if let Ok(value) = HeaderValue::from_str(&etag) {
            headers.insert(ETAG, value);
        }
        if same {
            headers.remove(CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(ServiceResponse::new(
                request,
                response.set_body(BoxBody::new(body::None::new())),
            ));
        }
    }
    if encoding != Encoding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    let body = match body {
        Ok(bytes) => BoxBody::new(encoding.compress(&bytes).unwrap_or(bytes)),
        Err(stream) => encoding.compress_stream(stream),
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// Whether `If-None-Match` holds a tag.
pub(super) fn is_known(known: &HeaderValue, etag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.trim() == "*" || known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

/// Tells what is left of the allowance of a network, and refuses what is beyond it. Whether the process
/// lives may always be asked.
pub(super) async fn limit(
    limit: Option<Data<RateLimit>>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (Some(limit), Some(peer)) = (limit, request.peer_addr()) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if matches!(request.path(), "/healthz" | "/readyz") {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let allowance = limit.count(peer, request.headers());
    let mut response = match allowance.passes {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(after_s) => request.into_response(ApiError::TooMany { after_s }.error_response()),
    };
    // As draft-ietf-httpapi-ratelimit-headers has them.
    for (name, value) in [
        ("ratelimit-policy", format!("\"default\";q={};w={WINDOW_S}", limit.per_minute())),
        (
            "ratelimit",
            format!("\"default\";r={};t={}", allowance.remaining, allowance.whole_after_s),
        ),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

/// What is answered where there is nothing.
pub(super) async fn nothing_here(request: HttpRequest, allowed: Data<Allowed>) -> HttpResponse {
    let Some(route) = request.resource_map().match_pattern(request.path()) else {
        return ApiError::NotFound.error_response();
    };
    let mut response = ApiError::MethodNotAllowed.error_response();
    // A path such as `/v1/programs/search` is also one of `/v1/programs/{id}`.
    let methods = allowed.0.get(request.path()).or_else(|| allowed.0.get(&route));
    response.headers_mut().insert(ALLOW, methods.unwrap_or(&READS).clone());
    response
}

/// The methods that each route takes.
pub(super) struct Allowed(HashMap<String, HeaderValue>);

const READS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const POSTS: HeaderValue = HeaderValue::from_static("POST, OPTIONS");

impl Allowed {
    /// What the API document says; what is not in it is read.
    pub(super) fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let posted = paths.filter(|(_, operations)| operations.post.is_some());
        Self(posted.map(|(path, _)| (path.clone(), POSTS)).collect())
    }
}

fn compressible(content_type: Option<&HeaderValue>) -> bool {
    let kind = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/")
        || kind.contains("json")
        || kind.contains("javascript")
        || kind.contains("svg")
}
