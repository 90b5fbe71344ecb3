//! Parameters as they arrive, from a URL or from a body: names with one or more texts.

use std::collections::HashSet;
use std::fmt;

use percent_encoding::percent_decode;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;

use super::problem::{ApiError, ApiResult, FieldError};
use crate::domain;

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
    pub(super) fn from_url(query: &str, check: &mut Check) -> ApiResult<Self> {
        let mut raw = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => raw.push(name, value, check)?,
                (Some(name), None) => check.wrong(&name, NOT_UTF8),
                (None, _) => check.wrong("query", NOT_UTF8),
            }
        }
        Ok(raw)
    }

    /// The fields of a JSON object: texts, numbers, yes or no, and lists of these.
    pub(super) fn from_json(body: &[u8], check: &mut Check) -> ApiResult<Self> {
        Ok(Self::from_json_beside(body, "", check)?.0)
    }

    /// The same, and beside them the one field that may be an object.
    pub(super) fn from_json_beside(
        body: &[u8],
        beside: &str,
        check: &mut Check,
    ) -> ApiResult<(Self, Option<Given>)> {
        let Fields(fields) = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
        let mut raw = Self::default();
        let mut apart = None;
        let mut names = HashSet::new();
        for (name, given) in fields {
            if !names.insert(name.clone()) {
                check.wrong(&name, "must be given once; several values are a list");
            }
            if !beside.is_empty() && name == beside {
                apart = Some(given);
                continue;
            }
            match given {
                Given::Object(_) => check.wrong(&name, NOT_TEXT),
                Given::Other(Value::Null) => {}
                Given::Other(Value::Array(values)) => {
                    for value in values {
                        match text(value) {
                            Some(text) => raw.push(name.clone(), text, check)?,
                            None => check.wrong(&name, NOT_TEXT),
                        }
                    }
                }
                Given::Other(other) => match text(other) {
                    Some(text) => raw.push(name, text, check)?,
                    None => check.wrong(&name, NOT_TEXT),
                },
            }
        }
        Ok((raw, apart))
    }

    fn push(&mut self, name: String, value: String, check: &mut Check) -> ApiResult<()> {
        if self.0.len() >= MAX_PARAMETERS {
            return Err(ApiError::field("query", format!("has more than {MAX_PARAMETERS} values")));
        }
        if value.len() > MAX_VALUE {
            check.wrong(&name, format!("must be at most {MAX_VALUE} bytes"));
        } else if value.contains('\0') {
            check.wrong(&name, "must not contain the character NUL");
        } else {
            self.0.push((name, value));
        }
        Ok(())
    }
}

/// A JSON object as it was written: a field that is there twice is kept twice.
pub(super) struct Fields<V = Given>(pub(super) Vec<(String, V)>);

/// What is given for a field.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Given {
    /// An object.
    Object(Fields<Value>),
    /// Anything else.
    Other(Value),
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Fields<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnObject<V>(std::marker::PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for AnObject<V> {
            type Value = Fields<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<V>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(AnObject(std::marker::PhantomData))
    }
}

fn not_json(error: &serde_json::Error) -> ApiError {
    let what = match error.classify() {
        Category::Data => "must be a JSON object".to_owned(),
        Category::Eof | Category::Io => "must be a JSON object, but ends too early".to_owned(),
        Category::Syntax => format!(
            "must be a JSON object, but is not JSON at line {}, column {}",
            error.line(),
            error.column()
        ),
    };
    ApiError::field("", what)
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
    domain::did_you_mean(domain::nearest(&shortened(given), known))
}

/// As much of what somebody sent as is said back to them.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// To how many mistakes what was likely meant is looked for among all terms.
const HINTS: usize = 20;

/// Collects what is wrong, so that every mistake is reported at once.
#[derive(Debug, Default)]
pub(super) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(super) fn wrong(&mut self, field: &str, detail: impl fmt::Display) {
        self.errors.push(FieldError { field: shortened(field), detail: detail.to_string() });
    }

    /// Whether so much is wrong that hints for more would not be read.
    pub(super) fn is_long(&self) -> bool {
        self.errors.len() >= HINTS
    }

    /// The value, or `None` with the mistake noted.
    pub(super) fn take<T, E: fmt::Display>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.wrong(field, error)).ok()
    }

    /// Everything that is wrong, and this.
    pub(super) fn refuse<T>(mut self, field: &str, detail: impl fmt::Display) -> ApiResult<T> {
        self.wrong(field, detail);
        Err(ApiError::Invalid(self.errors))
    }

    pub(super) fn finish<T>(self, value: T) -> ApiResult<T> {
        if self.errors.is_empty() { Ok(value) } else { Err(ApiError::Invalid(self.errors)) }
    }
}
