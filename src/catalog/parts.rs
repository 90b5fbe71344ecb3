//! Putting listings together: programs, and what they refer to.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::domain::{
    Assessment, Listing, Location, LocationDraft, LocationId, OrganizationDraft, OrganizationId,
    OrganizationName, Program, ProgramDraft, ProgramId, PublicLocation, PublicOrganization,
    PublicSource, Slug, Source,
};
use crate::store::{self, AnyConnection, Found, PublishedProgram, StoreError, StoreResult};

/// What programs refer to, as far as it has been read.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) organizations: HashMap<OrganizationId, PublicOrganization, RandomState>,
    /// Masked; `None` for a hidden one.
    pub(super) locations: HashMap<LocationId, Option<PublicLocation>, RandomState>,
    sources: HashMap<String, PublicSource>,
}

/// A program that has been read, with what was found about it.
pub(super) struct Drafted {
    kept: PublishedProgram,
    draft: ProgramDraft,
    assessments: Vec<Assessment>,
}

impl Drafted {
    /// Reads programs, with what was found about them.
    pub(super) fn read(programs: Vec<PublishedProgram>, found: Found) -> StoreResult<Vec<Self>> {
        let mut found = found.by_program()?;
        let read = |kept: PublishedProgram| {
            let draft = serde_json::from_str(&kept.document);
            let draft = draft.map_err(|error| corrupt(&kept.id, &error))?;
            let assessments = found.remove(&kept.id).unwrap_or_default();
            Ok(Self { kept, draft, assessments })
        };
        programs.into_iter().map(read).collect()
    }

    fn places(&self) -> impl Iterator<Item = LocationId> + '_ {
        self.draft.sessions.iter().filter_map(|session| session.location)
    }
}

impl Parts {
    pub(super) fn of(sources: &[Source]) -> Self {
        let sources = sources.iter().map(|s| (s.id.to_string(), PublicSource::from(&s.draft)));
        Self { sources: sources.collect(), ..Self::default() }
    }

    pub(super) fn add_organizations(
        &mut self,
        kept: Vec<(String, Option<String>, String)>,
    ) -> StoreResult<()> {
        for (id, slug, document) in kept {
            let organization = organization(&id, slug, &document)?;
            self.organizations.insert(organization.id, organization);
        }
        Ok(())
    }

    pub(super) fn add_locations(&mut self, kept: Vec<(String, String)>) -> StoreResult<()> {
        for (id, document) in kept {
            let bad = |reason: &dyn ToString| corrupt(&id, reason);
            let draft: LocationDraft = serde_json::from_str(&document).map_err(|e| bad(&e))?;
            let location_id: LocationId = id.parse().map_err(|e| bad(&e))?;
            let location = Location::new(location_id, draft).map_err(|e| bad(&e))?;
            self.locations.insert(location_id, location.public());
        }
        Ok(())
    }

    /// Whether all that a program refers to has been read.
    pub(super) fn know(&self, program: &Drafted) -> bool {
        self.organizations.contains_key(&program.draft.organization_id)
            && program.places().all(|id| self.locations.contains_key(&id))
    }

    /// The listings of programs, but for those whose organization is not public.
    pub(super) fn listings(
        &mut self,
        conn: &mut AnyConnection,
        programs: Vec<PublishedProgram>,
    ) -> StoreResult<Vec<Listing>> {
        let ids: Vec<&str> = programs.iter().map(|program| program.id.as_str()).collect();
        let found = store::assessments_of(conn, &ids)?;
        let drafted = Drafted::read(programs, found)?;
        let (organizations, locations) = self.missing(conn, &drafted)?;
        self.add_organizations(organizations)?;
        self.add_locations(locations)?;
        drafted.into_iter().filter_map(|program| self.listing(program).transpose()).collect()
    }

    /// What programs refer to and has not been read, as it is kept; what is not public is left out.
    pub(super) fn missing(
        &self,
        conn: &mut AnyConnection,
        programs: &[Drafted],
    ) -> StoreResult<Missing> {
        let of = programs.iter().map(|program| program.draft.organization_id);
        let organizations: HashSet<OrganizationId> =
            of.filter(|id| !self.organizations.contains_key(id)).collect();
        let at = programs.iter().flat_map(Drafted::places);
        let locations: HashSet<LocationId> =
            at.filter(|id| !self.locations.contains_key(id)).collect();
        let organizations: Vec<String> = organizations.iter().map(ToString::to_string).collect();
        let locations: Vec<String> = locations.iter().map(ToString::to_string).collect();
        let mut missing = Missing::default();
        if !organizations.is_empty() {
            missing.0 = store::published_organizations_of(conn, &organizations)?;
        }
        if !locations.is_empty() {
            missing.1 = store::published_locations(conn, &locations)?;
        }
        Ok(missing)
    }

    /// The listing of a program; `None` while its organization is not public.
    pub(super) fn listing(&self, program: Drafted) -> StoreResult<Option<Listing>> {
        let Drafted { kept, draft, assessments } = program;
        let bad = |reason: &dyn ToString| corrupt(&kept.id, reason);
        let Some(organization) = self.organizations.get(&draft.organization_id) else {
            return Ok(None);
        };
        let Some(source) = self.sources.get(&kept.source_id) else {
            return Err(bad(&"its source is missing"));
        };
        let program = Program {
            id: kept.id.parse().map_err(|e| bad(&e))?,
            slug: kept.slug.parse().map_err(|e| bad(&e))?,
            draft,
        };
        let places = program.draft.sessions.iter().filter_map(|session| session.location).collect();
        let name = OrganizationName {
            id: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
        };
        Ok(Some(Listing {
            sessions: program.public_sessions(|id| self.locations.get(&id).cloned().flatten()),
            intake: program.draft.intake.clone(),
            citations: program.draft.citations.clone(),
            program: program.public(name),
            assessments,
            verification: kept.verification,
            source: source.clone(),
            updated_at: kept.updated_at,
            places,
        }))
    }
}

/// Organizations and locations as they are kept.
pub(super) type Missing = (Vec<(String, Option<String>, String)>, Vec<(String, String)>);

/// Identities and addresses of programs.
pub(super) fn names(kept: Vec<store::Name>) -> StoreResult<Vec<(ProgramId, Slug)>> {
    let name = |(id, slug): store::Name| {
        let bad = |reason: &dyn ToString| corrupt(&id, reason);
        let slug = slug.unwrap_or_default().parse::<Slug>().map_err(|e| bad(&e))?;
        Ok((id.parse().map_err(|e| bad(&e))?, slug))
    };
    kept.into_iter().map(name).collect()
}

pub(super) fn corrupt(id: &str, reason: &dyn ToString) -> StoreError {
    StoreError::Corrupt { id: id.to_owned(), reason: reason.to_string() }
}

fn organization(id: &str, slug: Option<String>, document: &str) -> StoreResult<PublicOrganization> {
    let bad = |reason: &dyn ToString| corrupt(id, reason);
    let draft: OrganizationDraft = serde_json::from_str(document).map_err(|e| bad(&e))?;
    Ok(PublicOrganization {
        id: id.parse().map_err(|e| bad(&e))?,
        slug: slug.unwrap_or_default().parse().map_err(|e| bad(&e))?,
        name: draft.name,
        aliases: draft.aliases,
        description: draft.description,
        website: draft.website,
    })
}
