//! Reading the public directory whole, for the search index.

use std::collections::HashMap;

use super::{Catalog, CatalogResult};
use crate::domain::{
    CrisisLine, Listing, Location, LocationDraft, LocationId, OrganizationDraft, OrganizationId,
    OrganizationName, Program, ProgramDraft, PublicLocation, PublicOrganization, PublicSource,
    Slug, Source, Term,
};
use crate::store::{self, AnyConnection, Guidance, PublishedProgram, StoreError, StoreResult};

/// How many programs are read at a time.
const CHUNK: i64 = 5_000;

/// Everything of the public directory but its programs.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The organizations, by identity.
    pub organizations: Vec<PublicOrganization>,
    /// The terms of every taxonomy, in the curated order.
    pub terms: Vec<Term>,
    /// What helps a person choose.
    pub guidance: Vec<Guidance>,
    /// The crisis lines, in the order to show them.
    pub crisis_lines: Vec<CrisisLine>,
    /// Where listings come from.
    pub sources: Vec<Source>,
}

impl Catalog {
    /// Reads the public directory as it is at one moment: first everything but the programs, then
    /// each program in turn. Returns the moment's sequence number.
    ///
    /// One program at a time, so that a large directory never stands in memory twice.
    pub fn read_public<T>(
        &self,
        begin: impl FnOnce(Directory) -> T,
        mut each: impl FnMut(&mut T, Listing),
    ) -> CatalogResult<(i64, T)> {
        Ok(self.store.read_at_one_moment(|conn| {
            let mut organizations = HashMap::new();
            for (id, slug, document) in store::published_organizations(conn)? {
                let organization = organization(&id, slug, &document)?;
                organizations.insert(organization.id, organization);
            }
            let mut listed: Vec<_> = organizations.values().cloned().collect();
            listed.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            let sources = store::sources(conn)?;
            let directory = Directory {
                organizations: listed,
                terms: store::terms(conn)?,
                guidance: store::guidance(conn)?,
                crisis_lines: store::crisis_lines(conn)?,
                sources: sources.clone(),
            };
            let mut target = begin(directory);
            let parts = Parts {
                organizations,
                locations: public_locations(conn)?,
                sources: sources
                    .iter()
                    .map(|source| (source.id.to_string(), PublicSource::from(&source.draft)))
                    .collect(),
                assessments: store::assessments_by_program(conn)?,
            };
            let mut after = 0;
            loop {
                let chunk = store::published_programs(conn, after, CHUNK)?;
                let Some((last, _)) = chunk.last() else { break };
                after = *last;
                for (_, program) in chunk {
                    if let Some(listing) = parts.listing(&program)? {
                        each(&mut target, listing);
                    }
                }
            }
            Ok(target)
        })?)
    }
}

/// What programs refer to.
struct Parts {
    organizations: HashMap<OrganizationId, PublicOrganization>,
    locations: HashMap<LocationId, PublicLocation>,
    sources: HashMap<String, PublicSource>,
    assessments: HashMap<String, Vec<crate::domain::Assessment>>,
}

impl Parts {
    /// The listing of a program; `None` while its organization is not public.
    fn listing(&self, kept: &PublishedProgram) -> StoreResult<Option<Listing>> {
        let bad = |reason: &dyn ToString| StoreError::Corrupt {
            id: kept.id.clone(),
            reason: reason.to_string(),
        };
        let draft: ProgramDraft = serde_json::from_str(&kept.document).map_err(|e| bad(&e))?;
        let Some(organization) = self.organizations.get(&draft.organization_id) else {
            return Ok(None);
        };
        let Some(source) = self.sources.get(&kept.source_id) else {
            return Err(bad(&"its source is missing"));
        };
        let program = Program {
            id: kept.id.parse().map_err(|e| bad(&e))?,
            slug: Slug::try_from(kept.slug.clone()).map_err(|e| bad(&e))?,
            draft,
        };
        let name = OrganizationName {
            id: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
        };
        Ok(Some(Listing {
            sessions: program.public_sessions(|id| self.locations.get(&id).cloned()),
            intake: program.draft.intake.clone(),
            citations: program.draft.citations.clone(),
            program: program.public(name),
            assessments: self.assessments.get(&kept.id).cloned().unwrap_or_default(),
            verification: kept.verification,
            source: source.clone(),
            updated_at: kept.updated_at,
        }))
    }
}

fn organization(id: &str, slug: Option<String>, document: &str) -> StoreResult<PublicOrganization> {
    let bad = |reason: &dyn ToString| StoreError::Corrupt {
        id: id.to_owned(),
        reason: reason.to_string(),
    };
    let draft: OrganizationDraft = serde_json::from_str(document).map_err(|e| bad(&e))?;
    Ok(PublicOrganization {
        id: id.parse().map_err(|e| bad(&e))?,
        slug: Slug::try_from(slug.unwrap_or_default()).map_err(|e| bad(&e))?,
        name: draft.name,
        aliases: draft.aliases,
        description: draft.description,
        website: draft.website,
    })
}

/// Every public location, masked. Hidden ones are not in it.
fn public_locations(conn: &mut AnyConnection) -> StoreResult<HashMap<LocationId, PublicLocation>> {
    let mut locations = HashMap::new();
    for (id, _, document) in store::published_locations(conn)? {
        let bad = |reason: &dyn ToString| StoreError::Corrupt {
            id: id.clone(),
            reason: reason.to_string(),
        };
        let draft: LocationDraft = serde_json::from_str(&document).map_err(|e| bad(&e))?;
        let location_id: LocationId = id.parse().map_err(|e| bad(&e))?;
        let location = Location::new(location_id, draft).map_err(|e| bad(&e))?;
        if let Some(public) = location.public() {
            locations.insert(location_id, public);
        }
    }
    Ok(locations)
}
