//! Crisis lines: on their own, and in every list.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::wire::CrisisAnswer;
use crate::domain::{CountryCode, CrisisLine};
use crate::http::problem::{ApiError, ApiResult, Problems};
use crate::http::raw::{Check, Raw, did_you_mean};
use crate::search::{SearchIndex, Snapshot};

/// Up to this age lines for young people come first.
const ADULT: u8 = 18;

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
    write(&mut body, &snapshot, check.finish(country)?, age);
    Ok(super::json(body))
}

/// [`CrisisAnswer`] with borrowed lines.
#[derive(serde::Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    message: String,
    lines: Vec<&'a CrisisLine>,
}

/// Writes the lines for a country; the shape is [`CrisisAnswer`].
pub(super) fn write(
    out: &mut Vec<u8>,
    snapshot: &Snapshot,
    country: Option<CountryCode>,
    age: Option<u8>,
) {
    let mut lines: Vec<&CrisisLine> = snapshot.crisis_lines(country);
    if age.is_some_and(|age| age < ADULT) {
        lines.sort_by_key(|line| !line.youth);
    }
    let emergency = lines.iter().find_map(|line| line.emergency_number.as_ref());
    let message = match emergency {
        Some(number) => format!("If you are in danger now, call {number}."),
        None => "If you are in danger now, call your local emergency number.".to_owned(),
    };
    let of = lines.iter().find_map(|line| line.country).map(|country| country.to_string());
    // Writing into memory cannot fail.
    let _written = serde_json::to_writer(out, &Written { country: of, message, lines });
}
