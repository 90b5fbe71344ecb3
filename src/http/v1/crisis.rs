//! Crisis lines: on their own, and in every list.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::catalogues::parameters;
use super::values::{age_of, word};
use super::wire::CrisisAnswer;
use crate::domain::{CountryCode, LanguageTag};
use crate::http::problem::{ApiError, ApiResult, Problems};
use crate::http::raw::Check;
use crate::search::{Danger, SearchIndex};

/// List crisis lines
///
/// Lines for people in danger in one country, in the order to show them; for a country without a known
/// line, finders that know lines in most countries.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("country" = Option<String>, Query, description = "ISO 3166-1 country code", example = "US"),
        ("lang" = Option<String>, Query, description = "The language of `message`: Spanish, else English", example = "es"),
        ("age" = Option<u8>, Query, description = "The person's age: under 18, lines for young people come first", example = 16),
        ("danger" = Option<Danger>, Query, description = "What the person is in danger of, as in `notice.danger`: for `violence`, lines for those who are hurt or threatened by somebody come first", example = "violence"),
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
    let [country, age, lang, danger] =
        parameters(&request, ["country", "age", "lang", "danger"], &mut check)?;
    let danger = danger.and_then(|text| word::<Danger>(&mut check, "danger", &text));
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    let lang = lang.as_ref().map_or("en", LanguageTag::as_str);
    let country = country
        .and_then(|code| check.take("country", code.to_ascii_uppercase().parse::<CountryCode>()));
    let age = age_of(&mut check, age.as_deref());
    let mut body = Vec::new();
    snapshot.write_crisis(&mut body, check.finish(country)?, age, lang, danger);
    Ok(super::json(body))
}
