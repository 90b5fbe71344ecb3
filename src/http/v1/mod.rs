//! The public API, version 1.

mod advice;
mod catalogues;
mod changes;
mod choices;
mod compare;
mod crisis;
mod exports;
mod guides;
pub(crate) mod map;
mod matching;
mod meetings;
mod notice;
mod parameters;
mod programs;
mod search_request;
pub(crate) mod similar;
mod standing;
mod suggest;
pub(crate) mod suggested;
mod values;
mod when;
pub(crate) mod wire;
pub(crate) mod wire_catalogues;
pub(crate) mod wire_choosing;
pub(crate) mod wire_guides;
pub(crate) mod wire_map;
pub(crate) mod wire_match;
pub(crate) mod wire_meetings;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LINK};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::layers::nothing_here;
use super::problem::{ApiError, ApiResult};

pub(crate) use search_request::SearchRequest;

/// Every operation of `/v1`.
pub(super) fn routes(service: &mut ServiceConfig<'_>) {
    service
        .service(programs::search_programs)
        .service(programs::post_search_programs)
        // Else any other method would look for a program called `search`.
        .route("/programs/search", web::to(nothing_here))
        .service(compare::compare_programs)
        .route("/programs/compare", web::to(nothing_here))
        .service(matching::match_programs)
        .service(programs::get_program)
        .service(similar::list_similar_programs)
        .service(meetings::list_meetings)
        .service(meetings::post_list_meetings)
        .service(map::map_programs)
        .service(map::post_map_programs)
        .service(suggest::suggest)
        .service(suggest::post_suggest)
        .service(catalogues::list_organizations)
        .service(catalogues::get_organization)
        .service(catalogues::list_taxonomies)
        .service(catalogues::list_criteria)
        .service(crisis::list_crisis_lines)
        .service(guides::list_guides)
        .service(guides::get_guide_page)
        .service(guides::get_guide)
        .service(catalogues::list_places)
        .service(catalogues::get_about)
        .service(exports::export_programs_ndjson)
        .service(exports::export_programs_geojson)
        .service(changes::list_changes);
}

fn json(body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body)
}

fn json_of(value: &impl serde::Serialize) -> ApiResult<HttpResponse> {
    serde_json::to_vec(value).map(json).map_err(|error| ApiError::Internal(error.into()))
}

/// Tells where the next page is, after RFC 8288.
fn link_next(response: &mut HttpResponse, path: &str, query: &str, cursor: &str) {
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let and = if kept.is_empty() { "" } else { "&" };
    let link = format!("<{path}?{}{and}cursor={cursor}>; rel=\"next\"", kept.join("&"));
    if let Ok(link) = link.parse() {
        response.headers_mut().insert(LINK, link);
    }
}

fn no_parameters(request: &HttpRequest) -> ApiResult<()> {
    match request.query_string().split('&').find(|pair| !pair.is_empty()) {
        None => Ok(()),
        Some(pair) => {
            let name: String =
                pair.split('=').next().unwrap_or_default().chars().take(60).collect();
            Err(ApiError::field(&name, "is not a parameter here: this address takes none"))
        }
    }
}

/// Checks that everything that is asked is in a body of JSON.
fn posted_json(request: &HttpRequest) -> ApiResult<()> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let plain = request.headers().get(CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    if plain && essence.eq_ignore_ascii_case("application/json") {
        no_parameters(request)
    } else {
        Err(ApiError::NotJson)
    }
}
