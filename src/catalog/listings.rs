//! Reading the public directory whole, for the search index.

use std::collections::{HashMap, HashSet};

use super::{Catalog, CatalogResult};
use crate::domain::{
    Change, CrisisLine, Entity, Listing, Location, LocationDraft, LocationId, OrganizationDraft,
    OrganizationId, OrganizationName, Program, ProgramDraft, ProgramId, PublicLocation,
    PublicOrganization, PublicSource, Slug, Source, Term,
};
use crate::store::{self, AnyConnection, Guidance, PublishedProgram, StoreError, StoreResult};

/// How many entries are read at a time.
const CHUNK: i64 = 1_000;
pub(super) const CHUNK_IDS: usize = 500;

/// So many locations are remembered while the directory is read whole.
const REMEMBERED: usize = 20_000;

/// Everything of the public directory but its programs and who runs them.
#[derive(Debug, Clone, Default)]
pub struct Directory {
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
    /// each program in turn. Returns the moment's sequence number and what was learnt on the way.
    ///
    /// A few programs at a time, so that a large directory never stands in memory twice.
    pub fn read_public<T>(
        &self,
        begin: impl FnOnce(Directory) -> T,
        mut each: impl FnMut(&mut T, Listing),
    ) -> CatalogResult<(i64, Besides, T)> {
        let (sequence, (besides, target)) = self.store.read_at_one_moment(|conn| {
            let sources = store::sources(conn)?;
            let mut parts = Parts::of(&sources);
            let mut target = begin(Directory {
                terms: store::terms(conn)?,
                guidance: store::guidance(conn)?,
                crisis_lines: store::crisis_lines(conn)?,
                sources,
            });
            let (mut after, mut withdrawn) = (0, Vec::new());
            while let Some(entries) = store::published_after(conn, after, CHUNK)? {
                after = entries.last;
                withdrawn.extend(names(entries.withdrawn)?);
                parts.add_organizations(entries.organizations)?;
                if parts.locations.len() > REMEMBERED {
                    parts.locations.clear();
                }
                parts.add_locations(entries.locations)?;
                for listing in parts.listings(conn, &entries.programs)? {
                    each(&mut target, listing);
                }
            }
            let mut organizations: Vec<_> = parts.organizations.into_values().collect();
            organizations.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            Ok((Besides { organizations, withdrawn }, target))
        })?;
        Ok((sequence, besides, target))
    }

    /// What has changed in the log after `sequence`, up to `newest`, and how it stands now.
    ///
    /// `also` are programs to read besides those in the log, worked out from it. `None` when more is
    /// new than the log tells (terms, criteria, crisis lines), when it is more than `most` changes, or
    /// when an organization came back: then the directory has to be read whole.
    pub fn read_changed(
        &self,
        sequence: i64,
        newest: i64,
        most: usize,
        also: impl FnOnce(&[Change]) -> Vec<ProgramId>,
    ) -> CatalogResult<Option<Changed>> {
        let expected = usize::try_from(newest - sequence).unwrap_or(usize::MAX);
        if expected > most {
            return Ok(None);
        }
        Ok(self.store.read_at_one_moment(|conn| {
            let changes = store::changes_since(conn, sequence, newest - sequence)?;
            let in_log = changes.iter().filter(|change| change.sequence <= newest).count();
            if in_log != expected {
                return Ok(None);
            }
            let ids = |entity| {
                let of = changes.iter().filter(move |change| change.entity == entity);
                let mut ids: Vec<String> = of.map(|change| change.id.clone()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            };
            let organizations = ids(Entity::Organization);
            if store::withdrawn_before(conn, &organizations, sequence)? {
                return Ok(None);
            }
            let mut programs = ids(Entity::Program);
            programs.extend(also(&changes).iter().map(ToString::to_string));
            programs.sort_unstable();
            programs.dedup();

            let mut parts = Parts::of(&store::sources(conn)?);
            parts.add_organizations(store::published_organizations_of(conn, &organizations)?)?;
            let now: Vec<_> = parts.organizations.values().cloned().collect();
            let mut listings = Vec::with_capacity(programs.len());
            for some in programs.chunks(CHUNK_IDS) {
                let kept = store::published_programs_of(conn, some)?;
                listings.extend(parts.listings(conn, &kept)?);
            }
            let parse = |id: &String| id.parse().map_err(|error| corrupt(id, &error));
            let organization = |id: &String| id.parse().map_err(|error| corrupt(id, &error));
            Ok(Some(Changed {
                programs: programs.iter().map(parse).collect::<StoreResult<_>>()?,
                listings,
                organizations: organizations
                    .iter()
                    .map(organization)
                    .collect::<StoreResult<_>>()?,
                organizations_now: now,
                withdrawn: names(store::withdrawn_programs_of(conn, &programs)?)?,
            }))
        })?)
        .map(|(_moment, changed)| changed)
    }
}

/// What a walk over the public directory tells besides its programs.
#[derive(Debug, Default)]
pub struct Besides {
    /// The organizations, by name.
    pub organizations: Vec<PublicOrganization>,
    /// The programs that were public and have been withdrawn.
    pub withdrawn: Vec<(ProgramId, Slug)>,
}

/// What has changed in a part of the log.
#[derive(Debug, Default)]
pub struct Changed {
    /// The programs that may have changed.
    pub programs: Vec<ProgramId>,
    /// Those of them that are public now.
    pub listings: Vec<Listing>,
    /// The organizations that may have changed.
    pub organizations: Vec<OrganizationId>,
    /// Those of them that are public now.
    pub organizations_now: Vec<PublicOrganization>,
    /// Those of the programs that have been withdrawn.
    pub withdrawn: Vec<(ProgramId, Slug)>,
}

/// What programs refer to: organizations, locations and sources that are known, and the findings of the
/// programs at hand.
#[derive(Default)]
pub(super) struct Parts {
    organizations: HashMap<OrganizationId, PublicOrganization>,
    /// Masked; `None` for a hidden one.
    locations: HashMap<LocationId, Option<PublicLocation>>,
    sources: HashMap<String, PublicSource>,
    assessments: HashMap<String, Vec<crate::domain::Assessment>>,
}

impl Parts {
    pub(super) fn of(sources: &[Source]) -> Self {
        let sources = sources.iter().map(|s| (s.id.to_string(), PublicSource::from(&s.draft)));
        Self { sources: sources.collect(), ..Self::default() }
    }

    fn add_organizations(
        &mut self,
        kept: Vec<(String, Option<String>, String)>,
    ) -> StoreResult<()> {
        for (id, slug, document) in kept {
            let organization = organization(&id, slug, &document)?;
            self.organizations.insert(organization.id, organization);
        }
        Ok(())
    }

    fn add_locations(&mut self, kept: Vec<(String, String)>) -> StoreResult<()> {
        for (id, document) in kept {
            let bad = |reason: &dyn ToString| corrupt(&id, reason);
            let draft: LocationDraft = serde_json::from_str(&document).map_err(|e| bad(&e))?;
            let location_id: LocationId = id.parse().map_err(|e| bad(&e))?;
            let location = Location::new(location_id, draft).map_err(|e| bad(&e))?;
            self.locations.insert(location_id, location.public());
        }
        Ok(())
    }

    /// The listings of programs, but for those whose organization is not public.
    pub(super) fn listings(
        &mut self,
        conn: &mut AnyConnection,
        programs: &[PublishedProgram],
    ) -> StoreResult<Vec<Listing>> {
        let ids: Vec<&str> = programs.iter().map(|program| program.id.as_str()).collect();
        self.assessments = store::assessments_of(conn, &ids)?;
        let mut drafts: Vec<ProgramDraft> = Vec::with_capacity(programs.len());
        for program in programs {
            let draft = serde_json::from_str(&program.document);
            drafts.push(draft.map_err(|error| corrupt(&program.id, &error))?);
        }
        let sessions = drafts.iter().flat_map(|draft| &draft.sessions);
        let places = sessions.filter_map(|session| session.location);
        let missing: HashSet<LocationId> =
            places.filter(|id| !self.locations.contains_key(id)).collect();
        if !missing.is_empty() {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            self.add_locations(store::published_locations(conn, &missing)?)?;
        }
        let missing = drafts.iter().map(|draft| draft.organization_id);
        let missing: HashSet<OrganizationId> =
            missing.filter(|id| !self.organizations.contains_key(id)).collect();
        if !missing.is_empty() {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            self.add_organizations(store::published_organizations_of(conn, &missing)?)?;
        }
        let listings = programs.iter().zip(drafts);
        listings.filter_map(|(kept, draft)| self.listing(kept, draft).transpose()).collect()
    }

    /// The listing of a program; `None` while its organization is not public.
    fn listing(
        &mut self,
        kept: &PublishedProgram,
        draft: ProgramDraft,
    ) -> StoreResult<Option<Listing>> {
        let bad = |reason: &dyn ToString| corrupt(&kept.id, reason);
        let Some(organization) = self.organizations.get(&draft.organization_id) else {
            return Ok(None);
        };
        let Some(source) = self.sources.get(&kept.source_id) else {
            return Err(bad(&"its source is missing"));
        };
        let assessments = self.assessments.remove(&kept.id).unwrap_or_default();
        let program = Program {
            id: kept.id.parse().map_err(|e| bad(&e))?,
            slug: Slug::try_from(kept.slug.clone()).map_err(|e| bad(&e))?,
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

fn names(kept: Vec<store::Name>) -> StoreResult<Vec<(ProgramId, Slug)>> {
    let name = |(id, slug): store::Name| {
        let bad = |reason: &dyn ToString| corrupt(&id, reason);
        let slug = Slug::try_from(slug.unwrap_or_default()).map_err(|e| bad(&e))?;
        Ok((id.parse().map_err(|e| bad(&e))?, slug))
    };
    kept.into_iter().map(name).collect()
}

fn corrupt(id: &str, reason: &dyn ToString) -> StoreError {
    StoreError::Corrupt { id: id.to_owned(), reason: reason.to_string() }
}

fn organization(id: &str, slug: Option<String>, document: &str) -> StoreResult<PublicOrganization> {
    let bad = |reason: &dyn ToString| corrupt(id, reason);
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
