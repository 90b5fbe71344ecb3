//! What the directory covers and how well, for those who curate it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::catalog::{Catalog, Directory, Guidance};
use crate::domain::{Criterion, Listing, Said, VerificationStatus};

/// What is known of some programs together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    /// How many there are.
    pub programs: u64,
    /// How many were confirmed, and their review is not yet due.
    pub confirmed: u64,
    /// How many were confirmed too long ago.
    pub overdue: u64,
    /// The sum of how complete they are, each from 0 to 100.
    pub completeness: u64,
    /// The sum of how many criteria something is known of at each.
    pub criteria_known: u64,
    /// How many findings a curator verified: criteria, added up over the programs.
    pub criteria_verified: u64,
    /// How many criteria were known once and have to be looked at again, added up over the programs.
    pub criteria_stale: u64,
}

/// What the directory covers: all of it, and by kind, by region and by topic.
#[derive(Debug, Default)]
pub struct CoverageReport {
    /// All programs.
    pub all: Covered,
    /// By kind; a program may be of several.
    pub by_kind: BTreeMap<String, Covered>,
    /// By country and by state, where people can take part or meet, or `worldwide`.
    pub by_region: BTreeMap<String, Covered>,
    /// By topic as listed, without wider ones.
    pub by_topic: BTreeMap<String, Covered>,
}

/// Reads the public directory and adds up what it covers today. Topics that nobody covers are in it too.
pub fn coverage_report(catalog: &Catalog) -> anyhow::Result<CoverageReport> {
    let now = catalog.now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let begin = |directory: Directory| {
        let topics =
            directory.terms.iter().filter(|t| t.taxonomy == crate::domain::Taxonomy::Topic);
        let by_topic = topics.map(|term| (term.key.as_str().to_owned(), Covered::default()));
        let report = CoverageReport { by_topic: by_topic.collect(), ..CoverageReport::default() };
        (criteria(directory.guidance), report)
    };
    let (_, _, (criteria, report)) =
        catalog.read_public(begin, |(criteria, report), listing| {
            let known = criteria.as_deref().unwrap_or_default();
            let status = listing.verification.status(now);
            report.add(&listing, known, status, today);
        })?;
    criteria?;
    Ok(report)
}

/// The criteria among what helps a person choose.
pub(super) fn criteria(guidance: Vec<Guidance>) -> Result<Vec<Criterion>, serde_json::Error> {
    let criteria = guidance.into_iter().filter(|piece| piece.kind == "criterion");
    criteria.map(|piece| serde_json::from_value(piece.document)).collect()
}

impl CoverageReport {
    fn add(
        &mut self,
        listing: &Listing,
        criteria: &[Criterion],
        status: VerificationStatus,
        today: jiff::civil::Date,
    ) {
        let Listing { program, intake, sessions, assessments, .. } = listing;
        let found = Said { program, intake, sessions, assessments }.completeness(criteria, today);
        let one = Covered {
            programs: 1,
            confirmed: u64::from(status == VerificationStatus::Confirmed),
            overdue: u64::from(status == VerificationStatus::Overdue),
            completeness: found.score.into(),
            criteria_known: found.criteria_known.into(),
            criteria_verified: found.criteria_verified.into(),
            criteria_stale: found.criteria_stale.into(),
        };
        self.all.add(one);
        for kind in &program.kinds {
            self.by_kind.entry(kind.to_string()).or_default().add(one);
        }
        for topic in &program.topics {
            self.by_topic.entry(topic.as_str().to_owned()).or_default().add(one);
        }
        let mut regions: Vec<String> = Vec::new();
        if program.coverage.worldwide {
            regions.push("worldwide".to_owned());
        }
        regions.extend(program.coverage.countries.iter().map(|code| code.as_str().to_owned()));
        regions.extend(program.coverage.subdivisions.iter().map(ToString::to_string));
        for place in sessions.iter().filter_map(|session| session.location.as_ref()) {
            regions.extend(place.country.map(|code| code.as_str().to_owned()));
            regions.extend(place.subdivision.map(|code| code.to_string()));
        }
        regions.sort_unstable();
        regions.dedup();
        for region in regions {
            self.by_region.entry(region).or_default().add(one);
        }
    }
}

impl Covered {
    fn add(&mut self, other: Self) {
        self.programs += other.programs;
        self.confirmed += other.confirmed;
        self.overdue += other.overdue;
        self.completeness += other.completeness;
        self.criteria_known += other.criteria_known;
        self.criteria_verified += other.criteria_verified;
        self.criteria_stale += other.criteria_stale;
    }
}

impl std::fmt::Display for CoverageReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        let parts =
            [("kind", &self.by_kind), ("region", &self.by_region), ("topic", &self.by_topic)];
        let widths = parts.iter().flat_map(|(_, rows)| rows.keys()).map(String::len);
        let width = widths.max().unwrap_or(0).max("everything".len());
        let all = BTreeMap::from([("everything".to_owned(), self.all)]);
        for (name, rows) in std::iter::once(("", &all)).chain(parts) {
            writeln!(
                text,
                "{name:width$}  programs  confirmed  overdue  never  complete  criteria  verified  stale"
            )?;
            for (value, found) in rows {
                let never = found.programs - found.confirmed - found.overdue;
                let each = found.programs.max(1);
                let complete = found.completeness / each;
                let criteria = found.criteria_known * 10 / each;
                writeln!(
                    text,
                    "{value:width$}  {:>8}  {:>9}  {:>7}  {never:>5}  {complete:>7}%  {:>6}.{}  {:>8}  {:>5}",
                    found.programs,
                    found.confirmed,
                    found.overdue,
                    criteria / 10,
                    criteria % 10,
                    found.criteria_verified,
                    found.criteria_stale
                )?;
            }
            text.push('\n');
        }
        writeln!(
            text,
            "complete: the mean of how much of each listing is filled in and backed.\n\
             criteria: of how many criteria something is known, on average.\n\
             verified: how many criteria, of all these programs, a curator has verified.\n\
             stale: how many were known once, and have to be looked at again.\n\
             A program counts in every kind, region and topic that it has."
        )?;
        f.write_str(&text)
    }
}
