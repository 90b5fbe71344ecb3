//! What is known of a program: why it is listed, where it stands on each criterion, and what answers its
//! second questions have.

use super::advice::{Voice, questions};
use super::wire_choosing::{
    CriterionAnswer, GateAnswer, ListingAnswer, OtherFinding, SecondaryAnswer, StandAnswer,
};
use crate::domain::{Answered, Assessment, Criterion, Effect, TermKey, said};
use crate::search::{Known, Snapshot};

/// Why a program is listed, or is not.
pub(super) fn listing(snapshot: &Snapshot, known: &Known, voice: Voice<'_>) -> ListingAnswer {
    let policy = &snapshot.choosing().policy;
    let warnings: Vec<GateAnswer> = snapshot
        .warnings(known)
        .into_iter()
        .map(|warning| {
            let values = &warning.criterion.values;
            let value = values.iter().find(|value| value.key == warning.found.value);
            GateAnswer {
                criterion: warning.criterion.key.to_string(),
                value: warning.found.value.to_string(),
                text: value.map_or("", |value| said(&value.meaning, voice.lang)).to_owned(),
                red_flag: warning.red_flag.to_string(),
                effect: warning.effect,
                basis: warning.found.basis,
                source_url: source(warning.found),
                assessed_on: warning.found.assessed_on.to_string(),
            }
        })
        .collect();
    let hidden = warnings.iter().any(|warning| warning.effect == Effect::Hide);
    let because = match (hidden, known.paused, warnings.is_empty()) {
        (true, ..) => &policy.because_hidden,
        (false, Some(_), _) => &policy.because_paused,
        (false, None, true) => &policy.because,
        (false, None, false) => &policy.because_warned,
    };
    let because = said(because, voice.lang);
    ListingAnswer {
        listed: !hidden && known.paused.is_none(),
        because: match known.paused {
            Some(paused) => because.replace("{confirmed}", &paused.confirmed_on.to_string()),
            None => because.to_owned(),
        },
        policy_version: policy.version,
        paused_since: known.paused.map(|paused| paused.since.to_string()),
        warnings,
        questions: questions(snapshot, known, false, &[], voice),
    }
}

/// The second questions that are asked of a program, with what is known and what is not.
pub(super) fn answers(
    snapshot: &Snapshot,
    known: &Known,
    voice: Voice<'_>,
) -> Vec<SecondaryAnswer> {
    let today = snapshot.surroundings().today;
    let answers = snapshot.choosing().answers(&known.kinds, &known.assessments, today);
    let told = answers.map(|Answered { criterion, question, answer, others }| {
        let found = answer.map(|(_, found)| found);
        let nobody =
            voice.say("We do not know yet. Ask them.", "Todavía no lo sabemos. Pregúntales.");
        SecondaryAnswer {
            criterion: criterion.key.to_string(),
            key: question.key.to_string(),
            question: said(&question.question, voice.lang).to_owned(),
            value: answer.map(|(value, _)| value.key.to_string()),
            meaning: answer
                .map_or(nobody, |(value, _)| said(&value.meaning, voice.lang))
                .to_owned(),
            basis: found.map(|found| found.basis),
            source_url: found.and_then(source),
            assessed_on: found.map(|found| found.assessed_on.to_string()),
            others: others
                .into_iter()
                .map(|(value, other)| other_finding(&value.key, other))
                .collect(),
        }
    });
    told.collect()
}

/// The criteria that are asked of a program, with what is known and what is not.
pub(super) fn standing(
    snapshot: &Snapshot,
    known: &Known,
    voice: Voice<'_>,
) -> Vec<CriterionAnswer> {
    let today = snapshot.surroundings().today;
    let asked = snapshot.choosing().criteria.iter().filter(|criterion| {
        criterion.asked_by.is_empty() && criterion.is_asked_of(&known.kinds, known.ages)
    });
    let told = asked.map(|criterion| CriterionAnswer {
        criterion: criterion.key.to_string(),
        domain: criterion.domain.to_string(),
        title: said(&criterion.title, voice.lang).to_owned(),
        question: said(&criterion.question, voice.lang).to_owned(),
        found: stand(criterion, known, today, voice.lang),
    });
    told.collect()
}

/// Where a program stands on a criterion, in words.
pub(super) fn stand(
    criterion: &Criterion,
    known: &Known,
    today: jiff::civil::Date,
    lang: &str,
) -> StandAnswer {
    let evidence = criterion.evidence(&known.assessments, today);
    let decides = evidence.decides;
    let value = decides.map_or("unknown", |found| found.value.as_str());
    let value = criterion.values.iter().find(|known| known.key.as_str() == value);
    StandAnswer {
        stand: evidence.stand,
        value: decides.map(|found| found.value.to_string()),
        meaning: value.map_or("", |value| said(&value.meaning, lang)).to_owned(),
        basis: decides.map(|found| found.basis),
        source_url: decides.and_then(source),
        assessed_on: decides.map(|found| found.assessed_on.to_string()),
        others: evidence
            .others
            .into_iter()
            .map(|other| other_finding(&other.value, other))
            .collect(),
    }
}

/// A finding that says `value` otherwise.
pub(super) fn other_finding(value: &TermKey, found: &Assessment) -> OtherFinding {
    OtherFinding {
        value: value.to_string(),
        basis: found.basis,
        source_url: source(found),
        assessed_on: found.assessed_on.to_string(),
    }
}

/// Where a finding can be read.
pub(super) fn source(found: &Assessment) -> Option<String> {
    found.source_url.as_ref().map(|url| url.as_str().to_owned())
}
