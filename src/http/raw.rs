//! Parameters as they arrive, from a URL or from a body: names with one or more texts.

use percent_encoding::percent_decode;
use serde_json::Value;

use super::problem::{ApiError, ApiResult, FieldError};

/// The largest body of a search, in bytes.
pub(super) const MAX_BODY: usize = 64 << 10;
/// The most parameters of one request.
const MAX_PARAMETERS: usize = 200;
/// The longest value, in bytes.
const MAX_VALUE: usize = 4_000;

/// Parameters as they arrive.
#[derive(Debug, Default)]
pub(super) struct Raw(pub(super) Vec<(String, String)>);

impl Raw {
    /// The parameters of a URL: `a=1&b=2`.
    pub(super) fn from_url(query: &str) -> ApiResult<Self> {
        let mut raw = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| ApiError::field("query", NOT_UTF8))?;
            let value = decode(value).ok_or_else(|| ApiError::field(&name, NOT_UTF8))?;
            raw.push(name, value)?;
        }
        Ok(raw)
    }

    /// The fields of a JSON object: texts, numbers, yes or no, and lists of these.
    pub(super) fn from_json(body: &[u8]) -> ApiResult<Self> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| ApiError::field("", format!("must be a JSON object: {error}")))?;
        let Value::Object(fields) = body else {
            return Err(ApiError::field("", "must be a JSON object"));
        };
        let mut raw = Self::default();
        for (name, value) in fields {
            match value {
                Value::Null => {}
                Value::Array(values) => {
                    for (at, value) in values.into_iter().enumerate() {
                        let text = text(value)
                            .ok_or_else(|| ApiError::field(&format!("/{name}/{at}"), NOT_TEXT))?;
                        // A list's entries are whole values: a comma in one is part of it.
                        raw.push(name.clone(), text)?;
                    }
                }
                other => {
                    let text = text(other)
                        .ok_or_else(|| ApiError::field(&format!("/{name}"), NOT_TEXT))?;
                    raw.push(name, text)?;
                }
            }
        }
        Ok(raw)
    }

    fn push(&mut self, name: String, value: String) -> ApiResult<()> {
        if self.0.len() >= MAX_PARAMETERS {
            return Err(ApiError::field("query", format!("has more than {MAX_PARAMETERS} values")));
        }
        if value.len() > MAX_VALUE {
            return Err(ApiError::field(&name, format!("must be at most {MAX_VALUE} bytes")));
        }
        if value.contains('\0') {
            return Err(ApiError::field(&name, "must not contain the character NUL"));
        }
        self.0.push((name, value));
        Ok(())
    }
}

const NOT_UTF8: &str = "must be UTF-8, percent-encoded";
const NOT_TEXT: &str = "must be a text, a number, true or false, or a list of these";

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn decode(text: &str) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The known name that was likely meant, as the end of a sentence.
pub(super) fn did_you_mean<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let given: String = given.chars().take(60).collect();
    let likeness = |name: &str| strsim::jaro_winkler(name, &given);
    known
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|name| likeness(name) > 0.75)
        .map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Collects what is wrong, so that every mistake is reported at once.
#[derive(Debug, Default)]
pub(super) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(super) fn wrong(&mut self, field: &str, detail: impl std::fmt::Display) {
        self.errors.push(FieldError { field: field.to_owned(), detail: detail.to_string() });
    }

    /// The value, or `None` with the mistake noted.
    pub(super) fn take<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.wrong(field, error)).ok()
    }

    pub(super) fn finish<T>(self, value: T) -> ApiResult<T> {
        if self.errors.is_empty() { Ok(value) } else { Err(ApiError::Invalid(self.errors)) }
    }
}
