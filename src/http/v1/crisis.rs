//! Crisis lines: on their own, and in every list.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::wire::CrisisAnswer;
use crate::domain::CountryCode;
use crate::http::problem::{ApiError, ApiResult, Problems};
use crate::http::raw::{Check, Raw, did_you_mean};
use crate::search::SearchIndex;

/// List crisis lines
///
/// Lines for people in danger in one country, in the order to show them; for a country without a known
/// line, finders that know lines in most countries.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("country" = Option<String>, Query, description = "ISO 3166-1 country code", example = "US"),
        ("age" = Option<u8>, Query, description = "The person's age: under 18, lines for young people come first", example = 16),
    ),
    responses((status = OK, description = "The lines", body = CrisisAnswer), Problems),
)]
#[get("/crisis")]
pub(super) async fn list_crisis_lines(
    request: HttpRequest,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut check = Check::default();
    let (mut country, mut age) = (None, None);
    for (name, value) in Raw::from_url(request.query_string())?.0 {
        match name.as_str() {
            _ if value.is_empty() => {}
            "country" => {
                country = check.take("country", value.to_ascii_uppercase().parse::<CountryCode>());
            }
            "age" => {
                age = check.take("age", value.parse().map_err(|_bad| "must be a number of years"));
            }
            _ => check.wrong(
                &name,
                format!(
                    "is not a parameter here{}",
                    did_you_mean(&name, ["country", "age"].into_iter())
                ),
            ),
        }
    }
    let mut body = Vec::new();
    snapshot.write_crisis(&mut body, check.finish(country)?, age);
    Ok(super::json(body))
}
