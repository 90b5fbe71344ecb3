//! What is known of each criterion at each program.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::assessments;
use super::{StoreResult, Write, corrupt, found_of, read_optional};
use crate::domain::{Assessment, SourceId};

/// Writes down what a source knows of a criterion at a program; the same finding of it twice is one.
pub fn assess(
    write: &mut Write<'_>,
    program: &str,
    finding: &Assessment,
    source: SourceId,
) -> StoreResult<()> {
    let secondary = serde_json::to_string(&finding.secondary).map_err(|e| corrupt(program, &e))?;
    let source_url = finding.source_url.as_ref().map(|link| link.as_str().to_owned());
    let (of, basis) = (&finding.criterion, finding.basis);
    let key = format!("{program}\n{of}\n{basis}\n{source_url:?}\n{source}");
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, key.as_bytes()).to_string();
    let values = (
        assessments::value.eq(finding.value.as_str()),
        assessments::secondary.eq(&secondary),
        assessments::assessed_on.eq(finding.assessed_on.to_string()),
        assessments::assessed_by.eq(finding.assessed_by.as_str()),
        assessments::valid_until.eq(finding.valid_until.map(|day| day.to_string())),
    );
    let changed =
        diesel::update(assessments::table.find(&id)).set(values.clone()).execute(write.conn)?;
    if changed == 0 {
        diesel::insert_into(assessments::table)
            .values((
                assessments::id.eq(&id),
                assessments::program_id.eq(program),
                assessments::criterion.eq(finding.criterion.as_str()),
                assessments::basis.eq(finding.basis.as_str()),
                assessments::source_url.eq(source_url),
                assessments::source_id.eq(source.to_string()),
                values.0,
                values.1,
                values.2,
                values.3,
                values.4,
            ))
            .execute(write.conn)?;
    }
    Ok(())
}

/// Forgets what a source found about a program. What others found, such as a curator, is kept.
pub fn forget_findings(write: &mut Write<'_>, program: &str, source: SourceId) -> StoreResult<()> {
    let of = assessments::table.filter(assessments::program_id.eq(program));
    diesel::delete(of.filter(assessments::source_id.eq(source.to_string()))).execute(write.conn)?;
    Ok(())
}

/// What was found about some programs, as it is kept.
#[derive(Default)]
pub struct Found(Vec<Row>);

type Row = (String, String, String, String, String, Option<String>, String, String, Option<String>);

/// What was found about these programs.
pub fn assessments_of(conn: &mut AnyConnection, programs: &[&str]) -> StoreResult<Found> {
    let rows = found_of(programs, |programs| {
        assessments::table
            .filter(assessments::program_id.eq_any(programs))
            .order((assessments::program_id, assessments::criterion, assessments::id))
            .select((
                assessments::program_id,
                assessments::criterion,
                assessments::value,
                assessments::secondary,
                assessments::basis,
                assessments::source_url,
                assessments::assessed_on,
                assessments::assessed_by,
                assessments::valid_until,
            ))
            .load(conn)
    })?;
    Ok(Found(rows))
}

impl Found {
    /// Reads it, by program.
    pub fn by_program(self) -> StoreResult<HashMap<String, Vec<Assessment>>> {
        let mut by_program: HashMap<String, Vec<Assessment>> = HashMap::new();
        for (program, criterion, value, secondary, basis, url, on, by, until) in self.0 {
            let bad = |reason: &dyn ToString| corrupt(&program, reason);
            let finding = Assessment {
                criterion: criterion.parse().map_err(|e| bad(&e))?,
                value: value.parse().map_err(|e| bad(&e))?,
                secondary: serde_json::from_str(&secondary).map_err(|e| bad(&e))?,
                basis: basis.parse().map_err(|e| bad(&e))?,
                source_url: read_optional(url.as_deref()).map_err(|e| bad(&e))?,
                assessed_on: on.parse().map_err(|e| bad(&e))?,
                assessed_by: by.parse().map_err(|e| bad(&e))?,
                valid_until: read_optional(until.as_deref()).map_err(|e| bad(&e))?,
            };
            by_program.entry(program).or_default().push(finding);
        }
        Ok(by_program)
    }
}
