//! Tolerant access to the fields of a JSON object.

use serde_json::{Map, Value};

use crate::domain::Link;

use super::row::Refusal;

/// The longest line that is taken from a feed; what is beyond is not a name or an address.
const MAX_LINE: usize = 500;

/// The fields of one row. Numbers are taken for text and text for numbers.
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl Fields<'_> {
    /// A text of any length; `None` when it is absent, blank or not a text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = match self.0.get(name)? {
            Value::String(text) => unescape(text),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        let text: String =
            text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
        let text = text.trim();
        if text.is_empty() { None } else { Some(text.to_owned()) }
    }

    /// A text on one line.
    pub(super) fn line(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let line: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_LINE).collect();
        Some(line.trim().to_owned())
    }

    /// The first of the fields that is an address on the web.
    pub(super) fn link(&self, names: &[&str]) -> Option<Link> {
        // Not through `line`: half an address leads nowhere.
        names.iter().filter_map(|name| self.text(name)).find_map(|text| text.parse::<Link>().ok())
    }

    /// A field that must be understood when it is there.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        expected: &str,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.line(name) else { return Ok(None) };
        match parse(&text) {
            Some(value) => Ok(Some(value)),
            None => Err((name, format!("`{text}` is not {expected}"))),
        }
    }
}

/// Text without HTML's entities, which `WordPress` puts into plain text.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 8).map(|end| &rest[1..end]);
        let known = entity.and_then(|entity| Some((entity.len() + 2, character(entity)?)));
        let (len, c) = known.unwrap_or((1, '&'));
        plain.push(c);
        rest = &rest[len..];
    }
    plain.push_str(rest);
    plain
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_become_the_characters_they_stand_for() {
        assert_eq!(unescape("Bread &amp; Roses &#8217;26 &#x41;"), "Bread & Roses ’26 A");
        assert_eq!(unescape("R&D; a & b &nope; &"), "R&D; a & b &nope; &");
    }

    #[test]
    fn numbers_are_taken_for_text() {
        let value = serde_json::json!({"slug": 7, "name": " \u{0}A\nB ", "none": null, "list": []});
        let fields = Fields(value.as_object().unwrap());

        assert_eq!(fields.line("slug").as_deref(), Some("7"));
        assert_eq!(fields.line("name").as_deref(), Some("A B"));
        assert_eq!(fields.text("none").or(fields.text("list")), None);
    }
}
