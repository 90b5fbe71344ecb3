//! Records as a search sees them, without a database in between.

use std::collections::HashMap;

use jiff::Timestamp;

use super::SOURCE;
use crate::domain::{
    Listing, Location, LocationId, OrganizationName, Program, ProgramId, PublicLocation,
    PublicSource, PublicVerification, Record, Slug, Text,
};

/// A record as a search sees it, without a database in between. For benchmarks and tests.
///
/// `None` when a place contradicts itself, which no generated one does.
pub fn listing(record: &Record) -> Option<Listing> {
    let places: HashMap<LocationId, PublicLocation> = record
        .locations
        .iter()
        .filter_map(|(id, draft)| {
            Location::new(*id, draft.clone()).ok()?.public().map(|place| (*id, place))
        })
        .collect();
    let program = Program {
        id: ProgramId::derived(SOURCE, &record.key),
        slug: format!("{}-{}", Slug::from_name(&record.program.name), record.rows.first()?)
            .parse()
            .ok()?,
        draft: record.program.clone(),
    };
    let organization = OrganizationName {
        id: record.program.organization_id,
        slug: Slug::from_name(&record.organization_key),
        name: record.organization.name.clone(),
    };
    Some(Listing {
        sessions: program.public_sessions(|id| places.get(&id).cloned()),
        intake: program.draft.intake.clone(),
        citations: program.draft.citations.clone(),
        program: program.public(organization),
        assessments: record.assessments.clone(),
        verification: PublicVerification::default(),
        source: PublicSource {
            name: Text::new(SOURCE).ok()?,
            licence: None,
            attribution: None,
            may_republish: true,
        },
        updated_at: Timestamp::UNIX_EPOCH,
        places: record.locations.iter().map(|(id, _)| *id).collect(),
    })
}
