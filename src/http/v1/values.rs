//! The values that parameters may have, and what is said of others.

use std::str::FromStr;

use crate::domain::{
    self, Access, CostKind, Criterion, Form, Kind, LanguageTag, Taxonomy, UnknownWord,
};
use crate::gazetteer::{NotFound, numbers};
use crate::http::raw::{Check, did_you_mean, shortened};
use crate::search::{Field, Snapshot};

/// What to say about a place that is not found.
pub(super) fn not_found(text: &str, missing: &NotFound) -> String {
    if numbers(text) {
        return format!("must be latitude,longitude: {}", domain::OffTheEarth);
    }
    let hint = match missing.suggestions.as_slice() {
        [] => {
            "give a town with its state or country, a postal code, or latitude,longitude".to_owned()
        }
        // Labels have commas of their own.
        [one] => format!("did you mean `{one}`?"),
        [more @ .., last] => format!("did you mean `{}` or `{last}`?", more.join("`, `")),
    };
    format!("there is no such place; {hint}")
}

/// The person's age in years.
pub(super) fn age_of(check: &mut Check, text: Option<&str>) -> Option<u8> {
    let age = text?.parse().ok().filter(|age| (0..=120).contains(age));
    check.take("age", age.ok_or("must be a whole number of years, 0 to 120"))
}

/// A word of a closed vocabulary, or `None` with the mistake noted.
pub(super) fn word<T: FromStr<Err = UnknownWord>>(
    check: &mut Check,
    name: &str,
    value: &str,
) -> Option<T> {
    check.take(name, value.parse().map_err(|unknown| unknown_word(value, &unknown)))
}

/// What is said of a word that is none of those that are known.
pub(super) fn unknown_word(value: &str, unknown: &UnknownWord) -> String {
    format!("`{}` is not known: {unknown}", shortened(value))
}

/// Words of a closed vocabulary; what is not one is noted.
pub(super) fn words<T: FromStr<Err = UnknownWord>>(
    check: &mut Check,
    name: &str,
    values: &[String],
) -> Vec<T> {
    values.iter().filter_map(|value| word(check, name, value)).collect()
}

/// The value as programs have it, if any could: a word, a language or a term.
pub(super) fn known_value(
    check: &mut Check,
    snapshot: &Snapshot,
    field: Field,
    taxonomy: Option<Taxonomy>,
    name: &str,
    value: &str,
) -> Option<String> {
    if field == Field::Answer {
        return check.take(name, known_answer(snapshot, value));
    }
    let closed = match field {
        Field::Kind => Some(Kind::WORDS),
        Field::Form => Some(Form::WORDS),
        Field::Cost => Some(CostKind::WORDS),
        Field::Access => Some(Access::WORDS),
        _ => None,
    };
    if let Some(expected) = closed {
        let known = expected.contains(&value).then(|| value.to_owned());
        return check
            .take(name, known.ok_or_else(|| unknown_word(value, &UnknownWord { expected })));
    }
    let Some(taxonomy) = taxonomy else {
        return check.take(name, value.parse::<LanguageTag>()).map(|tag| tag.as_str().to_owned());
    };
    if snapshot.has_value(field, value) {
        return Some(value.to_owned());
    }
    let terms = || snapshot.surroundings().terms.iter().filter(|term| term.taxonomy == taxonomy);
    if terms().any(|term| term.key.as_str() == value) {
        return Some(value.to_owned());
    }
    let value = shortened(value);
    let meant = if check.is_long() { None } else { domain::nearest_term(&value, terms()) };
    let hint = domain::did_you_mean(meant);
    check.wrong(name, format!("there is no {taxonomy} `{value}`{hint}"));
    None
}

/// An answer to a second question of a criterion: `QUESTION:ANSWER`.
fn known_answer(snapshot: &Snapshot, value: &str) -> Result<String, String> {
    if snapshot.has_value(Field::Answer, value) {
        return Ok(value.to_owned());
    }
    let Some((key, answer)) = value.split_once(':') else {
        return Err("must be a question and an answer, such as \
                    `emergency_contact_policy:only_imminent_risk`; GET /v1/criteria lists them \
                    under `secondary`"
            .to_owned());
    };
    let choosing = snapshot.choosing();
    let Some(question) = choosing.second_question(key) else {
        let all = choosing.criteria.iter().flat_map(|criterion| &criterion.secondary);
        let hint = did_you_mean(key, all.map(|question| question.key.as_str()));
        return Err(format!("there is no second question `{}`{hint}", shortened(key)));
    };
    if question.values.iter().any(|known| known.key.as_str() == answer) {
        return Ok(value.to_owned());
    }
    let known: Vec<&str> = question.values.iter().map(|known| known.key.as_str()).collect();
    let answer = shortened(answer);
    Err(format!("`{answer}` is no answer to `{key}`; expected one of {}", known.join(", ")))
}

/// Whether programs have values of a criterion; else what to say.
pub(super) fn asked_of_programs(criterion: &Criterion) -> Result<(), String> {
    if criterion.asked_by.is_empty() {
        return Ok(());
    }
    let fields = criterion.asked_by.iter().map(|field| format!("`{field}`"));
    let (key, fields) = (&criterion.key, fields.collect::<Vec<_>>().join(", "));
    Err(format!("`{key}` depends on the person: ask by {fields}"))
}

/// The key of a criterion, or `None` with the mistake noted.
pub(super) fn known_criterion(
    check: &mut Check,
    snapshot: &Snapshot,
    name: &str,
    key: &str,
) -> Option<String> {
    if key.starts_with('-') {
        check.wrong(name, "takes no `-`: what is not known to hold may hold all the same");
        return None;
    }
    let choosing = snapshot.choosing();
    if let Some(criterion) = choosing.criterion(key) {
        return check.take(name, asked_of_programs(criterion).map(|()| key.to_owned()));
    }
    if choosing.second_question(key).is_some() {
        check.wrong(name, format!("`{key}` is a second question: ask for it as `answer={key}:…`"));
        return None;
    }
    let known = choosing.criteria.iter().map(|criterion| criterion.key.as_str());
    let hint = did_you_mean(key, known);
    check.wrong(name, format!("there is no criterion `{}`{hint}", shortened(key)));
    None
}
