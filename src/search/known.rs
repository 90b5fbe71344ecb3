//! What is known of a program, for those who choose: read back from what was written of it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::pieces::PAGE;
use super::render::Telling;
use super::snapshot::Snapshot;
use crate::domain::{
    Ages, Asked, Assessment, ByLanguage, Criterion, Kind, ProgramId, TermKey, VerificationStatus,
    Warning, said,
};

/// What is known of a program.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its identity.
    pub id: ProgramId,
    /// The readable part of its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its kinds.
    pub kinds: Vec<Kind>,
    /// Whom it is made for, as it states.
    pub audiences: Vec<TermKey>,
    /// What was found of each criterion.
    pub assessments: Vec<Assessment>,
    /// The ages that it says it takes.
    pub ages: Option<Ages>,
    tells_cost: bool,
    is_confirmed: bool,
    /// When it was last confirmed, and since when the policy has paused it, if it has.
    pub paused: Option<Paused>,
}

/// A program that was confirmed once, too long ago for the policy to list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// The day it was last confirmed.
    pub confirmed_on: Date,
    /// The first day on which it was not listed.
    pub since: Date,
}

/// What is known to speak against a program, in words.
#[derive(Serialize)]
pub(super) struct Caution {
    criterion: TermKey,
    text: String,
}

/// A program as it is written, as far as it matters here.
#[derive(Deserialize)]
struct Own {
    id: ProgramId,
    slug: String,
    name: String,
    kinds: Vec<Kind>,
    #[serde(default)]
    audiences: Vec<TermKey>,
    #[serde(default)]
    ages: Option<Ages>,
    #[serde(default)]
    cost: Option<IgnoredAny>,
}

/// What only its page shows.
#[derive(Deserialize)]
struct Page {
    assessments: Vec<Assessment>,
}

impl Snapshot {
    /// What is known of a program.
    pub fn known(&self, program: u32, now: Timestamp) -> Option<Known> {
        let (segment, program) = self.segment_of(program);
        let own: Own = serde_json::from_slice(&segment.own(program)).ok()?;
        let page: Page = serde_json::from_slice(&segment.piece(program, PAGE)).ok()?;
        let stand = &segment.stands[program as usize];
        let verification = stand.verification(now);
        let kept = stand.kept();
        let since = self.choosing().policy.paused_from(&kept);
        let since = since.filter(|since| *since <= self.surroundings().today);
        let paused = since.zip(kept.confirmed_at).map(|(since, confirmed_at)| Paused {
            confirmed_on: confirmed_at.to_zoned(TimeZone::UTC).date(),
            since,
        });
        Some(Known {
            paused,
            id: own.id,
            slug: own.slug,
            name: own.name,
            kinds: own.kinds,
            assessments: page.assessments,
            ages: Ages::stated(own.ages, &own.audiences),
            audiences: own.audiences,
            tells_cost: own.cost.is_some(),
            is_confirmed: verification == VerificationStatus::Confirmed,
        })
    }

    /// What a program is warned of.
    pub fn warnings<'a>(&'a self, known: &'a Known) -> Vec<Warning<'a>> {
        let today = self.surroundings().today;
        self.choosing().warnings(&known.kinds, &known.assessments, today)
    }

    /// Writes what a program is warned of, after a comma; nothing when there is nothing.
    pub(super) fn write_warnings(&self, out: &mut Vec<u8>, program: u32, telling: &Telling<'_>) {
        let cautions = self.cautions(program, telling);
        if !cautions.is_empty() {
            out.extend_from_slice(br#","warnings":"#);
            let _written = serde_json::to_writer(&mut *out, &cautions);
        }
    }

    /// What people are told that a program is warned of.
    pub(super) fn cautions(&self, program: u32, telling: &Telling<'_>) -> Vec<Caution> {
        let (segment, of_segment) = self.segment_of(program);
        let is_warned = segment.gates.warns(of_segment);
        let Some(known) = is_warned.then(|| self.known(program, telling.now)).flatten() else {
            return Vec::new();
        };
        let told = self.warnings(&known).into_iter().map(|warning| Caution {
            criterion: warning.criterion.key.clone(),
            text: warning_text(&warning, telling.lang).to_owned(),
        });
        told.collect()
    }

    /// What to ask a program: what is unknown of safety, and of what matters; each with the key of the
    /// question.
    pub fn questions<'a>(
        &'a self,
        known: &Known,
        by_minor: bool,
        matters: &[&str],
    ) -> Vec<(&'a Criterion, &'a str, &'a ByLanguage)> {
        let of = Asked {
            kinds: &known.kinds,
            ages: known.ages,
            by_minor,
            tells_cost: known.tells_cost,
            is_confirmed: known.is_confirmed,
        };
        let today = self.surroundings().today;
        self.choosing().questions(of, &known.assessments, today, matters)
    }
}

/// A warning in words.
fn warning_text<'a>(warning: &Warning<'a>, lang: &str) -> &'a str {
    let values = &warning.criterion.values;
    let value = values.iter().find(|value| value.key == warning.found.value);
    value.map_or("", |value| said(&value.meaning, lang))
}
