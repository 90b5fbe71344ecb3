//! Whether the process lives, and whether it can answer.

use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{ApiError, ApiResult, Problem};
use crate::search::SearchIndex;

/// Yesterday's health is nobody's business.
const NOT_KEPT: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// That the process lives.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: String,
}

/// That the directory can be searched.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Readiness {
    /// Always `ready`.
    #[schema(example = "ready")]
    status: String,
    /// How many programs can be found.
    #[schema(example = 152)]
    programs: u64,
    /// The number of the newest change that searches see.
    #[schema(example = 431)]
    sequence: i64,
}

/// Tell that the process lives
#[utoipa::path(
    tag = "operation",
    responses((status = OK, description = "It lives", body = Health)),
)]
#[get("/healthz")]
pub(super) async fn get_health() -> HttpResponse {
    HttpResponse::Ok().insert_header(NOT_KEPT).json(Health { status: "ok".to_owned() })
}

/// Tell whether searches can be answered
#[utoipa::path(
    tag = "operation",
    responses(
        (status = OK, description = "They can", body = Readiness),
        (status = SERVICE_UNAVAILABLE, description = "The directory is still loading", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
#[get("/readyz")]
pub(super) async fn get_readiness(index: Data<SearchIndex>) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    Ok(HttpResponse::Ok().insert_header(NOT_KEPT).json(Readiness {
        status: "ready".to_owned(),
        programs: snapshot.len() as u64,
        sequence: snapshot.sequence(),
    }))
}
