//! The listings and words that come with the program.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use super::feeds::GazetteerPlaces;
use super::translations::translate;
use crate::catalog::{Guidance, Vocabulary};
use crate::domain::{CrisisLine, Record, SourceDraft, Term, Text};
use crate::gazetteer::Gazetteer;
use crate::interchange::{Importer, Native, SeedOrganizations, Setting};

/// The name of the source that the seed's listings come from.
pub const SEED_SOURCE: &str = "seed";

const ORGANIZATIONS: &[u8] = include_bytes!("../../seed-data/organizations.json");
const PROGRAMS: [&[u8]; 2] = [
    include_bytes!("../../seed-data/programs/part-1.json"),
    include_bytes!("../../seed-data/programs/part-2.json"),
];
const TERMS: &[u8] = include_bytes!("../../seed-data/terms.json");
const CRITERIA: &[u8] = include_bytes!("../../seed-data/criteria.json");
const CRISIS: &[u8] = include_bytes!("../../seed-data/crisis.json");

/// What is known of the seed as a source.
pub fn seed_source() -> anyhow::Result<SourceDraft> {
    Ok(SourceDraft {
        name: Text::new(SEED_SOURCE)?,
        format: Text::new("native")?,
        url: None,
        licence: Some(Text::new("MIT OR Apache-2.0")?),
        attribution: Some(Text::new(
            "Peer Directory seed listings, written from public pages; each names its sources",
        )?),
        may_republish: true,
    })
}

/// The listings of the seed. They are part of the program, so a bad one is an error.
pub fn seed_records() -> anyhow::Result<Vec<Record>> {
    let organizations = SeedOrganizations::read(ORGANIZATIONS).context("organizations")?;
    let native = Native { organizations };
    let places = GazetteerPlaces(Gazetteer::shared());
    let setting = Setting {
        source: SEED_SOURCE,
        time_zone: None,
        topics: Vec::new(),
        for_whom: Vec::new(),
        places: &places,
    };
    let mut records = Vec::new();
    for document in PROGRAMS {
        let mut import = native.read(document, &setting).context("programs")?;
        if let Some(reject) = import.rejects.first() {
            anyhow::bail!("seed listing {}: {}", reject.field, reject.reason);
        }
        // The parts are one list.
        let before = records.len();
        import
            .records
            .iter_mut()
            .flat_map(|record| &mut record.rows)
            .for_each(|row| *row += before);
        records.extend(import.records);
    }
    Ok(records)
}

#[derive(Deserialize)]
struct CriteriaDocument {
    version: u32,
    domains: Vec<Value>,
    criteria: Vec<Value>,
    red_flags: Vec<Value>,
    questions: Vec<Value>,
}

/// The words of the seed: terms, criteria and what goes with them, crisis lines.
pub fn seed_vocabulary() -> anyhow::Result<Vocabulary> {
    let terms: Vec<Term> = serde_json::from_slice(TERMS).context("terms")?;
    let crisis_lines: Vec<CrisisLine> = serde_json::from_slice(CRISIS).context("crisis lines")?;
    let mut document: Value = serde_json::from_slice(CRITERIA).context("criteria")?;
    translate(&mut document)?;
    let document: CriteriaDocument = serde_json::from_value(document).context("criteria")?;
    let mut guidance = Vec::new();
    for (kind, pieces) in [
        ("domain", document.domains),
        ("criterion", document.criteria),
        ("red_flag", document.red_flags),
        ("question", document.questions),
    ] {
        for piece in pieces {
            if kind == "criterion" {
                let _checked: crate::domain::Criterion =
                    serde_json::from_value(piece.clone()).context("criterion")?;
            }
            let key =
                piece["key"].as_str().with_context(|| format!("a {kind} has no key"))?.to_owned();
            guidance.push(Guidance {
                kind: kind.to_owned(),
                key,
                version: document.version,
                document: piece,
            });
        }
    }
    Ok(Vocabulary { terms, guidance, crisis_lines })
}
