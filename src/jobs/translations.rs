//! The words of the criteria: one file for each language, `seed-data/criteria/LANGUAGE.json`.
//!
//! A file has the shape of `seed-data/criteria.json`, with lists as objects by key, and texts only. To add
//! a language is to add a file; what it leaves out is said in English.

use anyhow::{Context as _, bail};
use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};

use crate::domain::LanguageTag;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/seed-data/criteria");

/// Puts the words of every language where they belong in the criteria and what goes with them.
pub(super) fn translate(document: &mut Value) -> anyhow::Result<()> {
    for file in FILES.files() {
        let name = file.path().display();
        let language = file.path().file_stem().and_then(|stem| stem.to_str());
        let language: LanguageTag = language.unwrap_or_default().parse()?;
        let texts: Map<String, Value> = serde_json::from_slice(file.contents())
            .with_context(|| format!("seed-data/criteria/{name}"))?;
        add(document, texts, language.as_str())
            .with_context(|| format!("seed-data/criteria/{name}"))?;
    }
    Ok(())
}

/// Adds the texts of a language to a piece and to what is in it.
fn add(piece: &mut Value, texts: Map<String, Value>, language: &str) -> anyhow::Result<()> {
    for (key, text) in texts {
        match (text, piece.get_mut(&key)) {
            (Value::String(text), Some(Value::Object(by_language))) => {
                by_language.insert(language.to_owned(), Value::String(text));
            }
            (Value::String(text), None) => {
                let by_language = Map::from_iter([(language.to_owned(), Value::String(text))]);
                let piece = piece.as_object_mut().context("it is no object")?;
                piece.insert(key, Value::Object(by_language));
            }
            (Value::Object(texts), Some(Value::Array(list))) => {
                for (of, texts) in texts {
                    let mut named = list.iter_mut().filter(|piece| piece["key"] == of.as_str());
                    let named = named.next().with_context(|| format!("{key} has no `{of}`"))?;
                    let Value::Object(texts) = texts else { bail!("{key}.{of} is no object") };
                    add(named, texts, language).with_context(|| format!("{key}.{of}"))?;
                }
            }
            (Value::Object(texts), Some(inner @ Value::Object(_))) => add(inner, texts, language)?,
            _ => bail!("`{key}` is not a place for texts"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn added(texts: Value) -> anyhow::Result<Value> {
        let mut document = json!({"criteria": [{"key": "cost", "values": [{"key": "free"}]}]});
        add(&mut document, serde_json::from_value(texts)?, "fr")?;
        Ok(document)
    }

    #[test]
    fn texts_come_to_where_they_belong() {
        let free = json!({"meaning": "Cela ne coûte rien."});
        let whole = json!({"criteria": {"cost": {"title": "Prix", "values": {"free": free}}}});

        let expected = json!({"criteria": [{
            "key": "cost",
            "title": {"fr": "Prix"},
            "values": [{"key": "free", "meaning": {"fr": "Cela ne coûte rien."}}],
        }]});
        assert_eq!(added(whole).unwrap(), expected);
    }

    #[test]
    fn a_text_that_belongs_nowhere_is_told() {
        for (texts, says) in [
            (json!({"criteria": {"price": {"title": "Prix"}}}), "criteria has no `price`"),
            (json!({"criteria": {"cost": "Prix"}}), "criteria.cost is no object"),
            (json!({"criteria": {"cost": {"key": "prix"}}}), "`key` is not a place for texts"),
            (json!({"criteria": {"cost": {"title": 7}}}), "`title` is not a place for texts"),
        ] {
            let error = format!("{:#}", added(texts).unwrap_err());
            assert!(error.ends_with(says), "{error}");
        }
    }

    #[test]
    fn every_file_there_is_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seed-data/criteria");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(FILES.files().count(), files, "save this file again, and the new one is seen");
    }
}
