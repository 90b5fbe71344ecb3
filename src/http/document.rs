//! The document of the API: made of the operations themselves, for programs to read and for people to try.

use std::fmt::Write as _;

use actix_web::App;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa_actix_web::AppExt as _;

/// What the API document says before its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Peer Directory",
        description = "A directory of mental-health peer support: local groups, online programs, one-on-one. \
Reads need no key. Nothing that is searched for is stored or logged; what people type should still go in a \
body (`POST`), so that it stays out of addresses and histories.\n\nErrors are problem details (RFC 9457) that \
name every bad parameter. Unknown parameters are errors. Fields that have no value are left out, never `null`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "programs", description = "What a person can join"),
        (name = "catalogues", description = "Organizations, terms, criteria, guides, crisis lines, places"),
        (name = "exports", description = "Everything at once"),
        (name = "operation", description = "For those who run it"),
    ),
)]
pub(super) struct Document;

/// The public API document, made of the operations themselves.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = App::new().into_utoipa_app().openapi(Document::openapi());
    let mut document = app.configure(super::routes).split_for_parts().1;
    complete(&mut document);
    document
}

/// Says what the operations by themselves do not.
pub(super) fn complete(document: &mut utoipa::openapi::OpenApi) {
    super::v1::map::say_what_is_needed(document);
    leave_open(document);
}

/// Lets every object of an answer have more fields than are documented: what may not have them is what an
/// import reads, and answers grow.
fn leave_open(document: &mut utoipa::openapi::OpenApi) {
    let schemas = document.components.iter_mut().flat_map(|all| all.schemas.values_mut());
    for schema in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && matches!(
                object.additional_properties.as_deref(),
                Some(AdditionalProperties::FreeForm(false))
            )
        {
            object.additional_properties = None;
        }
    }
}

/// The document for the pages on which people try the operations: these fill in every example they see, and
/// all filters at once find nothing. So only what is needed is filled in, and the other examples are told
/// in words.
pub(super) fn to_try(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.filter_map(|(_, path)| path.get_mut("get"));
    let parameters = operations.filter_map(Value::as_object_mut).filter_map(|operation| {
        // Without a list the pages would wait for one for ever.
        operation.entry("parameters").or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
    });
    for parameter in parameters.flatten().filter_map(Value::as_object_mut) {
        if parameter.get("required").is_some_and(|required| required == false)
            && let Some(example) = parameter.remove("example")
            && let Some(Value::String(description)) = parameter.get_mut("description")
        {
            let _ = write!(description, " For example `{}`.", as_typed(&example));
        }
    }
    document
}

/// A value as it is typed into a field.
fn as_typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(as_typed).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
