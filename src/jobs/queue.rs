//! What waits for a curator, the most urgent first.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::report::criteria;
use crate::catalog::Catalog;
use crate::domain::words::words;
use crate::domain::{
    Ages, Criterion, GateKind, Listing, SAFEGUARDING, Stand, TermKey, VerificationStatus,
};

words! {
    /// Why a program waits for a curator, the most urgent first.
    pub enum WaitsFor {
        /// It takes people under 18, and nobody knows how adults are checked.
        Safeguarding = "safeguarding unknown",
        /// A bad value of a safety criterion is known: is it so still?
        BadValue = "bad value",
        /// Findings of one criterion say different things.
        Conflict = "findings differ",
        /// It was confirmed too long ago.
        Overdue = "review overdue",
        /// What is known of it leaves open that it still runs.
        Doubt = "may have ended",
    }
}

/// A program that waits for a curator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The readable part of its address.
    pub slug: String,
    /// Why, the most urgent first; each with what it is about, if there is more to say.
    pub reasons: Vec<(WaitsFor, String)>,
}

/// What waits for a curator, the most urgent first: by the first reason, then by how many there are.
#[derive(Debug, Default)]
pub struct QueueReport {
    /// The programs.
    pub waiting: Vec<Waiting>,
}

/// Reads the public directory and finds what waits for a curator today.
pub fn queue_report(catalog: &Catalog) -> anyhow::Result<QueueReport> {
    let now = catalog.now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let begin = |directory: crate::catalog::Directory| (criteria(directory.guidance), Vec::new());
    let (_, _, (criteria, mut waiting)) =
        catalog.read_public(begin, |(criteria, waiting), listing| {
            let known = criteria.as_deref().unwrap_or_default();
            let reasons = reasons(&listing, known, listing.verification.status(now), today);
            if !reasons.is_empty() {
                waiting.push(Waiting { slug: listing.program.slug.to_string(), reasons });
            }
        })?;
    criteria?;
    waiting.sort_by(|a, b| {
        let key = |one: &Waiting| (one.reasons[0].0, std::cmp::Reverse(one.reasons.len()));
        (key(a), &a.slug).cmp(&(key(b), &b.slug))
    });
    Ok(QueueReport { waiting })
}

fn reasons(
    listing: &Listing,
    criteria: &[Criterion],
    status: VerificationStatus,
    today: Date,
) -> Vec<(WaitsFor, String)> {
    let program = &listing.program;
    let mut reasons = Vec::new();
    for criterion in criteria.iter().filter(|criterion| criterion.applies(&program.kinds)) {
        let evidence = criterion.evidence(&listing.assessments, today);
        let takes_minors =
            Ages::stated(program.ages, &program.audiences).is_some_and(Ages::take_minors);
        if criterion.key.as_str() == SAFEGUARDING
            && takes_minors
            && evidence.stand == Stand::Unknown
        {
            reasons.push((WaitsFor::Safeguarding, String::new()));
        }
        for question in &criterion.secondary {
            let answers = criterion.answers(question, &listing.assessments, today);
            if answers.len() > 1 {
                let mut values: Vec<&str> =
                    answers.iter().map(|(value, _)| TermKey::as_str(value)).collect();
                values[1..].sort_unstable();
                values.dedup();
                let values = values.join(" or ");
                reasons.push((WaitsFor::Conflict, format!("{} {values}", question.key)));
            }
        }
        let Some(found) = evidence.decides else { continue };
        let guards = matches!(criterion.gate, GateKind::Safety | GateKind::Inclusion);
        if evidence.stand == Stand::NotMet && guards {
            reasons.push((WaitsFor::BadValue, format!("{} {}", criterion.key, found.value)));
        }
        if !evidence.others.is_empty() {
            let mut values: Vec<&str> = std::iter::once(found)
                .chain(evidence.others)
                .map(|found| TermKey::as_str(&found.value))
                .collect();
            // The one that decides stays first.
            values[1..].sort_unstable();
            values.dedup();
            let values = values.join(" or ");
            reasons.push((WaitsFor::Conflict, format!("{} {values}", criterion.key)));
        }
    }
    if status == VerificationStatus::Overdue {
        let due = listing.verification.due_at.map(|due| due.to_zoned(TimeZone::UTC).date());
        let since = due.map_or_else(String::new, |due| format!("since {due}"));
        reasons.push((WaitsFor::Overdue, since));
    }
    if program.in_doubt {
        reasons.push((WaitsFor::Doubt, String::new()));
    }
    reasons.sort_by_key(|(reason, _)| *reason);
    reasons
}

impl fmt::Display for QueueReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.waiting.iter().map(|one| one.slug.len());
        let width = widths.max().unwrap_or(0).max("program".len());
        writeln!(f, "{:width$}  waits for", "program")?;
        let mut counts: BTreeMap<WaitsFor, u64> = BTreeMap::new();
        for one in &self.waiting {
            let told: Vec<String> = one
                .reasons
                .iter()
                .map(|(reason, about)| match about.as_str() {
                    "" => reason.to_string(),
                    about => format!("{reason}: {about}"),
                })
                .collect();
            writeln!(f, "{:width$}  {}", one.slug, told.join("; "))?;
            let mut reasons: Vec<WaitsFor> = one.reasons.iter().map(|(why, _)| *why).collect();
            reasons.dedup();
            for reason in reasons {
                *counts.entry(reason).or_default() += 1;
            }
        }
        writeln!(f, "\n{:20}  {:>8}", "waits for", "programs")?;
        for reason in WaitsFor::ALL {
            let count = counts.get(reason).copied().unwrap_or_default();
            writeln!(f, "{:20}  {count:>8}", reason.as_str())?;
        }
        writeln!(f, "{:20}  {:>8}", "anything", self.waiting.len())
    }
}
