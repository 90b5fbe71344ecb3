//! Guides: what peer support is, how to choose, and when it is not enough.

use actix_web::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, HeaderValue, VARY};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

use super::catalogues::parameters;
use super::wire::CrisisAnswer;
use super::wire_guides::{GuideAnswer, GuideEntry, GuidesAnswer};
use crate::domain::{CountryCode, LanguageTag};
use crate::guides::{Guide, Guides};
use crate::http::guide_page;
use crate::http::problem::{ApiError, ApiResult, Problem, Problems};
use crate::http::raw::Check;
use crate::search::SearchIndex;

/// List guides
///
/// What peer support is, its kinds, what it can do, how to choose, and when it is not enough: short
/// texts with their sources, in the order to read them.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("lang" = Option<String>, Query, description = "The language of titles and summaries; English where there is none in it", example = "es"),
    ),
    responses((status = OK, description = "The guides", body = GuidesAnswer), Problems),
)]
#[get("/guides")]
pub(super) async fn list_guides(
    request: HttpRequest,
    guides: Data<Guides>,
) -> ApiResult<HttpResponse> {
    let mut check = Check::default();
    let [lang] = parameters(&request, ["lang"], &mut check)?;
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    check.finish(())?;
    let data = guides.all(lang.as_ref()).map(|guide| entry(&guides, guide)).collect();
    super::json_of(&GuidesAnswer { data })
}

/// Get a guide
///
/// One guide as Markdown and as HTML, with its sources and with the crisis lines of a country. A browser,
/// or whoever sends `Accept: text/html`, gets the page of `/v1/guides/{key}.html`.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("key" = String, Path, description = "The guide's key", example = "how-to-choose"),
        ("lang" = Option<String>, Query, description = "The language; English where the guide is not there in it", example = "es"),
        ("country" = Option<String>, Query, description = "The country of the crisis lines, ISO 3166-1; finders for every country when not given", example = "US"),
    ),
    responses(
        (status = OK, description = "The guide", body = GuideAnswer),
        (status = NOT_FOUND, description = "There is no such guide", body = Problem,
            content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/guides/{key}")]
pub(super) async fn get_guide(
    request: HttpRequest,
    key: Path<String>,
    guides: Data<Guides>,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    let asked = Asked::read(&request, &key, &guides, &index)?;
    let mut response = if prefers_html(&request) {
        page(&guides, &asked)
    } else {
        super::json_of(&GuideAnswer {
            entry: entry(&guides, asked.guide),
            markdown: asked.guide.markdown.clone(),
            html: asked.guide.html.clone(),
            sources: asked.guide.sources.clone(),
            crisis: asked.crisis,
        })?
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// Get a guide as a page
///
/// One guide as a page to read, which loads nothing but a style sheet of this server.
#[utoipa::path(
    tag = "catalogues",
    params(
        ("key" = String, Path, description = "The guide's key", example = "how-to-choose"),
        ("lang" = Option<String>, Query, description = "The language; English where the guide is not there in it", example = "es"),
        ("country" = Option<String>, Query, description = "The country of the crisis lines, ISO 3166-1; finders for every country when not given", example = "US"),
    ),
    responses(
        (status = OK, description = "The page", body = String, content_type = "text/html"),
        (status = NOT_FOUND, description = "There is no such guide", body = Problem,
            content_type = "application/problem+json"),
        Problems,
    ),
)]
#[get("/guides/{key}.html")]
pub(super) async fn get_guide_page(
    request: HttpRequest,
    key: Path<String>,
    guides: Data<Guides>,
    index: Data<SearchIndex>,
) -> ApiResult<HttpResponse> {
    Ok(page(&guides, &Asked::read(&request, &key, &guides, &index)?))
}

/// What an answer about one guide is made of.
struct Asked<'a> {
    guide: &'a Guide,
    crisis: CrisisAnswer,
}

impl<'a> Asked<'a> {
    fn read(
        request: &HttpRequest,
        key: &str,
        guides: &'a Guides,
        index: &SearchIndex,
    ) -> ApiResult<Self> {
        let snapshot = index.current().ok_or(ApiError::NotReady)?;
        let mut check = Check::default();
        let [lang, country] = parameters(request, ["lang", "country"], &mut check)?;
        let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
        let country = country.and_then(|code| {
            check.take("country", code.to_ascii_uppercase().parse::<CountryCode>())
        });
        check.finish(())?;
        let guide = guides.get(key, lang.as_ref()).ok_or(ApiError::Unlisted {
            detail: "There is no guide with this key; GET /v1/guides lists them.",
        })?;
        let mut written = Vec::new();
        let told = lang.as_ref().map_or("en", LanguageTag::as_str);
        snapshot.write_crisis(&mut written, country, None, told, None);
        let crisis =
            serde_json::from_slice(&written).map_err(|error| ApiError::Internal(error.into()))?;
        Ok(Self { guide, crisis })
    }
}

fn entry(guides: &Guides, guide: &Guide) -> GuideEntry {
    GuideEntry {
        key: guide.key.clone(),
        title: guide.title.clone(),
        summary: guide.summary.clone(),
        language: guide.language.clone(),
        languages: guides.languages().cloned().collect(),
        reviewed: guide.reviewed,
    }
}

fn page(guides: &Guides, asked: &Asked<'_>) -> HttpResponse {
    let mut response = HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(guide_page::write(guides, asked.guide, &asked.crisis));
    let policy = HeaderValue::from_static(guide_page::POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// Whether HTML is named in `Accept`, and liked better than JSON.
fn prefers_html(request: &HttpRequest) -> bool {
    let lines = request.headers().get_all(ACCEPT).filter_map(|line| line.to_str().ok());
    html_is_preferred(&lines.collect::<Vec<_>>().join(","))
}

fn html_is_preferred(accept: &str) -> bool {
    let weight = |wanted: &str| {
        accept.split(',').find_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts.next()?.eq_ignore_ascii_case(wanted);
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            named.then(|| weight.map_or(1.0_f32, |q| q.parse().unwrap_or(0.0)))
        })
    };
    let html = weight("text/html").unwrap_or(0.0);
    let named = weight("application/json");
    let json = named.or_else(|| weight("application/*")).or_else(|| weight("*/*"));
    html > 0.0 && (html > json.unwrap_or(0.0) || (named.is_none() && json == Some(html)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_a_page_and_a_program_gets_json() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html", true),
            ("TEXT/HTML;q=0.5, */*;q=0.1", true),
            ("text/html, */*", true),
            ("", false),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("text/html;q=0.9, application/json", false),
            ("text/html;q=0", false),
            ("text/html;q=x", false),
        ] {
            assert_eq!(html_is_preferred(accept), html, "{accept}");
        }
    }
}
