//! Errors on the wire: problem details after RFC 9457.

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

/// What is wrong with one parameter or one field of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The parameter, or the JSON pointer of the field.
    #[schema(example = "radius")]
    pub field: String,
    /// What was expected.
    #[schema(example = "must be a distance up to 500 km or 310 mi, such as 10mi or 16km")]
    pub detail: String,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is. Never changes for one kind.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid-request")]
    pub kind: String,
    /// The kind in words.
    #[schema(example = "The request is not valid")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 400)]
    pub status: u16,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// One entry for each parameter or field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The request id, to be quoted to the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "urn:uuid:0193511a-7c0e-7d57-a5a5-3f2b2c1d0e9f")]
    pub instance: Option<String>,
}

/// Why a request failed, in the client's terms: one variant for each thing a client can do.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Parameters or fields are missing, malformed or out of range. Lists all of them.
    #[error("The request is not valid")]
    Invalid(Vec<FieldError>),
    /// There is nothing at this address.
    #[error("There is nothing here")]
    NotFound,
    /// The address is right, and what it should show is not in the directory.
    #[error("There is nothing here")]
    Unlisted {
        /// What to do about it.
        detail: &'static str,
    },
    /// It was in the directory and has been taken out.
    #[error("This program is no longer in the directory")]
    Withdrawn,
    /// The address exists, the method does not.
    #[error("This address does not take that method")]
    MethodNotAllowed,
    /// The body is larger than is taken.
    #[error("The body is too large")]
    TooLarge {
        /// The most bytes that are taken.
        limit: usize,
    },
    /// The body is not in a form that is taken.
    #[error("The body must be JSON")]
    NotJson,
    /// More requests have come from a network than it may send.
    #[error("Too many requests")]
    TooMany {
        /// After how many seconds to try again.
        after_s: u64,
    },
    /// What came after a mark is not known here.
    #[error("This is too old, or of another directory")]
    Forgotten,
    /// What was asked needs the database, which is away.
    #[error("The database is away")]
    DatabaseAway,
    /// The first snapshot is still being made.
    #[error("The directory is still loading")]
    NotReady,
    /// Our fault. The cause goes to the log, never to the client.
    #[error("Something went wrong on our side")]
    Internal(#[source] anyhow::Error),
}

impl ApiError {
    /// One bad parameter.
    pub(super) fn field(field: &str, detail: impl std::fmt::Display) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), detail: detail.to_string() }])
    }

    /// The last part of the problem type. Clients compare it, so it never changes.
    const fn slug(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-request",
            Self::NotFound | Self::Unlisted { .. } => "not-found",
            Self::Withdrawn => "withdrawn",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooLarge { .. } => "too-large",
            Self::NotJson => "not-json",
            Self::TooMany { .. } => "too-many-requests",
            Self::Forgotten => "forgotten",
            Self::DatabaseAway => "database-away",
            Self::NotReady => "not-ready",
            Self::Internal(_) => "internal",
        }
    }

    fn detail(&self) -> Option<String> {
        let detail = match self {
            Self::Invalid(_) => return None,
            Self::NotFound => "Look at /docs for the addresses there are.",
            Self::Unlisted { detail } => detail,
            Self::Withdrawn => {
                "It may have ended. Take it off your own lists; GET /v1/programs finds others."
            }
            Self::MethodNotAllowed => "Look at /docs for the methods of this address.",
            Self::TooLarge { limit } => return Some(format!("Send at most {limit} bytes.")),
            Self::NotJson => "Send it as application/json, without a content encoding.",
            Self::TooMany { after_s } => {
                let s = if *after_s == 1 { "" } else { "s" };
                return Some(format!("Try again in {after_s} second{s}."));
            }
            Self::Forgotten => {
                "Take GET /v1/export/programs.ndjson again, and follow the Link in its headers."
            }
            Self::DatabaseAway => "Try again in a few seconds; searches are answered meanwhile.",
            Self::NotReady => "Try again in a few seconds.",
            Self::Internal(_) => "Try again later; if it stays so, tell the operator the instance.",
        };
        Some(detail.to_owned())
    }

    pub(super) fn problem(&self) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.slug()),
            title: self.to_string(),
            status: self.status_code().as_u16(),
            detail: self.detail(),
            errors: match self {
                Self::Invalid(errors) => errors.clone(),
                _ => Vec::new(),
            },
            instance: None,
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::NotFound | Self::Unlisted { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Withdrawn | Self::Forgotten => StatusCode::GONE,
            Self::DatabaseAway | Self::NotReady => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Internal(cause) = self {
            tracing::error!(error = ?cause, "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::NotReady | Self::DatabaseAway => {
                response.insert_header((RETRY_AFTER, "5"));
            }
            Self::TooMany { after_s } => {
                response.insert_header((RETRY_AFTER, *after_s));
            }
            _ => {}
        }
        response
            .content_type("application/problem+json")
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .json(self.problem())
    }
}

/// Every kind of problem: the last part of its type, and what to do about it.
const KINDS: &[(&str, &str)] = &[
    (
        "invalid-request",
        "A parameter or a field is not valid. `errors` names each one and what was expected.",
    ),
    ("not-found", "There is nothing at this address. /docs/ lists the addresses there are."),
    (
        "withdrawn",
        "The program was in the directory and has been taken out. It may have ended. Take it off your own \
         lists; GET /v1/programs finds others.",
    ),
    ("method-not-allowed", "The address exists, but it does not take this method. See /docs/."),
    ("too-large", "The body is larger than is taken. `detail` says how large it may be."),
    ("not-json", "The body must be JSON, sent as application/json."),
    (
        "too-many-requests",
        "More requests have come from your network than it may send. Try again after `Retry-After` \
         seconds; the header `RateLimit` tells what is left.",
    ),
    (
        "forgotten",
        "What came after `since` is not known here: it is too old, or of another directory, or a \
         source says something else of its listings. Take the export again.",
    ),
    (
        "database-away",
        "The database cannot be asked at the moment. Try again after `Retry-After` seconds.",
    ),
    ("not-ready", "The directory is still loading. Try again after `Retry-After` seconds."),
    (
        "internal",
        "Something went wrong on our side. Try again later, or tell the operator the `instance`.",
    ),
];

/// The page that a problem's type leads to.
pub(super) async fn explain(slug: actix_web::web::Path<String>) -> Result<HttpResponse, ApiError> {
    let kind = KINDS.iter().find(|(kind, _)| *kind == slug.as_str()).ok_or(ApiError::NotFound)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("{}\n", kind.1)))
}

/// What every operation may answer besides what it promises.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the API document only")]
pub(super) enum Problems {
    /// A parameter or a field is not valid; every one that is not is named.
    #[response(status = BAD_REQUEST, content_type = "application/problem+json")]
    Invalid(Problem),
    /// More requests have come from this network than it may send; try again after `Retry-After` seconds.
    #[response(status = TOO_MANY_REQUESTS, content_type = "application/problem+json")]
    TooMany(Problem),
    /// The directory is still loading, or the database is away; try again after `Retry-After` seconds.
    #[response(status = SERVICE_UNAVAILABLE, content_type = "application/problem+json")]
    NotReady(Problem),
}

/// What an operation may answer besides that is asked with a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the API document only")]
pub(super) enum BodyProblems {
    /// The body is too large.
    #[response(status = PAYLOAD_TOO_LARGE, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not JSON.
    #[response(status = UNSUPPORTED_MEDIA_TYPE, content_type = "application/problem+json")]
    NotJson(Problem),
}

/// What handlers return.
pub(super) type ApiResult<T> = Result<T, ApiError>;
