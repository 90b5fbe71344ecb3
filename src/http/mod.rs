//! The API. Handlers translate: what arrives becomes a call, what comes back becomes an answer.

mod document;
mod encoding;
mod guide_page;
mod health;
mod labels;
mod layers;
mod limit;
mod problem;
mod raw;
mod v1;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, Error, HttpResponse};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::catalog::{Catalog, Clock};
use crate::gazetteer::Gazetteer;
use crate::guides::Guides;
use crate::search::SearchIndex;

pub use document::openapi;
pub use layers::ROUTES_LOGGED;
pub use limit::RateLimit;
pub use problem::{ApiError, FieldError, Problem};

/// The shapes of answers, for reading them back in tests and clients.
pub mod answers {
    pub use super::v1::similar::SimilarAnswer;
    pub use super::v1::suggested::*;
    pub use super::v1::wire::*;
    pub use super::v1::wire_catalogues::*;
    pub use super::v1::wire_choosing::*;
    pub use super::v1::wire_guides::*;
    pub use super::v1::wire_map::*;
    pub use super::v1::wire_meetings::*;
}

/// The parameters of a search, for the test that holds the document and the reader together.
pub const SEARCH_PARAMETERS: &[&str] = v1::SearchRequest::NAMES;

fn routes(service: &mut ServiceConfig<'_>) {
    service
        .service(utoipa_actix_web::scope("/v1").configure(v1::routes))
        .service(health::get_health)
        .service(health::get_readiness);
}

/// Where the pages under `/docs/` get what they show.
const DOCUMENT_TO_TRY: &str = "/docs/openapi.json";

/// What the handlers are given.
#[derive(Clone)]
pub struct Parts {
    /// The snapshot that answers at the moment.
    pub index: SearchIndex,
    /// The places of the world.
    pub gazetteer: Data<Gazetteer>,
    /// The directory as it is kept, for those who follow its changes; nobody can when there is none.
    pub catalog: Option<Catalog>,
    /// What tells the time.
    pub clock: Clock,
    /// How many requests each network may send; `None` when that is not limited.
    pub limit: Option<Data<RateLimit>>,
}

impl Parts {
    /// Searches alone, without a limit.
    pub fn searching(index: SearchIndex, gazetteer: Data<Gazetteer>) -> Self {
        Self { index, gazetteer, catalog: None, clock: Clock::Running, limit: None }
    }
}

/// The application that one worker serves: everything but where it listens.
pub fn app(
    Parts { index, gazetteer, catalog, clock, limit }: Parts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let (app, mut document) = App::new()
        .into_utoipa_app()
        .openapi(document::Document::openapi())
        .configure(routes)
        .split_for_parts();
    document::complete(&mut document);
    let allowed = Data::new(layers::Allowed::of(&document));
    let to_try = document::to_try(&document);
    let written = web::Bytes::from(document.to_pretty_json().unwrap_or_default());
    app.app_data(Data::new(index))
        .app_data(gazetteer)
        .app_data(Data::new(catalog))
        .app_data(Data::new(clock))
        .app_data(Data::from(Guides::shared()))
        .app_data(allowed)
        .app_data(PayloadConfig::new(raw::MAX_BODY))
        .service(web::resource("/openapi.json").route(web::get().to(move || {
            let written = written.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(written) }
        })))
        .service(web::resource("/guides.css").route(web::get().to(|| async {
            HttpResponse::Ok().content_type("text/css; charset=utf-8").body(guide_page::STYLE)
        })))
        .service(web::resource("/problems/{slug}").route(web::get().to(problem::explain)))
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(
            SwaggerUi::new("/docs/{_:.*}").external_url_unchecked(DOCUMENT_TO_TRY, to_try).config(
                Config::from(DOCUMENT_TO_TRY)
                    .use_base_layout()
                    .validator_url("none")
                    .try_it_out_enabled(true),
            ),
        )
        .default_service(web::to(layers::nothing_here))
        .wrap(from_fn(move |request, next| layers::limit(limit.clone(), request, next)))
        .wrap(
            Cors::default()
                .allow_any_origin()
                .send_wildcard()
                .disable_vary_header()
                .allowed_methods(["GET", "HEAD", "POST", "OPTIONS"])
                .allow_any_header()
                .expose_headers([
                    "ETag",
                    "Link",
                    "RateLimit",
                    "RateLimit-Policy",
                    "Retry-After",
                    "X-Request-Id",
                ])
                .max_age(86_400),
        )
        .wrap(from_fn(layers::answer))
        .wrap(from_fn(layers::log))
}
