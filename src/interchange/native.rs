//! The directory's own JSON: the form in which the seed data is written.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Import, ImportError, Importer, Record, Reject, Setting};
use crate::domain::{
    Assessment, LocationDraft, LocationId, OrganizationDraft, OrganizationId, ProgramDraft, Text,
};

const FORMAT: &str = "a list of seed listings";

/// Who runs the programs of a document, by the keys it uses.
#[derive(Debug, Default)]
pub struct SeedOrganizations(HashMap<String, OrganizationDraft>);

impl SeedOrganizations {
    /// Reads an object of organizations by key.
    pub fn read(document: &[u8]) -> Result<Self, ImportError> {
        serde_json::from_slice(document)
            .map(Self)
            .map_err(|error| ImportError { format: FORMAT, reason: error.to_string() })
    }
}

/// Reads the directory's own JSON: an array of programs with their places and findings.
#[derive(Debug, Default)]
pub struct Native {
    /// Who runs the programs.
    pub organizations: SeedOrganizations,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRecord {
    key: String,
    organization: String,
    program: Value,
    #[serde(default)]
    locations: HashMap<String, LocationDraft>,
    #[serde(default)]
    assessments: Vec<Assessment>,
    #[serde(default)]
    unlisted: Option<Text<200>>,
}

impl Importer for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn read(&self, document: &[u8], setting: &Setting<'_>) -> Result<Import, ImportError> {
        let rows: Vec<Value> = serde_json::from_slice(document)
            .map_err(|error| ImportError { format: FORMAT, reason: error.to_string() })?;
        let mut import = Import { rows: rows.len(), ..Import::default() };
        for (row, value) in (1..).zip(rows) {
            match self.record(row, value, setting) {
                Ok(record) => import.records.push(record),
                Err((field, reason)) => import.rejects.push(Reject { row, field, reason }),
            }
        }
        Ok(import)
    }
}

impl Native {
    fn record(
        &self,
        row: usize,
        value: Value,
        setting: &Setting<'_>,
    ) -> Result<Record, (String, String)> {
        let seed: SeedRecord = serde_json::from_value(value)
            .map_err(|error| ("record".to_owned(), error.to_string()))?;
        let at = |field: &str, reason: String| (format!("{}.{field}", seed.key), reason);
        let organization = self
            .organizations
            .0
            .get(&seed.organization)
            .ok_or_else(|| at("organization", format!("there is no {}", seed.organization)))?;
        let organization_id = OrganizationId::derived(setting.source, &seed.organization);
        let place = |key: &str| LocationId::derived(setting.source, &format!("{}/{key}", seed.key));

        let mut program = seed.program;
        program["organization_id"] = Value::from(organization_id.to_string());
        for session in program["sessions"].as_array_mut().into_iter().flatten() {
            let Some(key) = session["location"].as_str().map(str::to_owned) else { continue };
            if !seed.locations.contains_key(&key) {
                return Err(at("sessions.location", format!("there is no place {key}")));
            }
            session["location"] = Value::from(place(&key).to_string());
        }
        if program["sessions"].is_null()
            && let Some(fields) = program.as_object_mut()
        {
            fields.remove("sessions");
        }
        let program: ProgramDraft =
            serde_json::from_value(program).map_err(|error| at("program", error.to_string()))?;
        let mut locations: Vec<_> =
            seed.locations.iter().map(|(key, draft)| (place(key), draft.clone())).collect();
        locations.sort_by_key(|(id, _)| *id);
        Ok(Record {
            rows: vec![row],
            organization_key: seed.organization.clone(),
            organization: organization.clone(),
            program,
            locations,
            assessments: seed.assessments,
            unlisted: seed.unlisted,
            incomplete: false,
            key: seed.key,
        })
    }
}
