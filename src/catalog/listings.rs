//! Reading the public directory whole, for the search index.

use super::parts::{Parts, corrupt, names};
use super::walk::{Walk, walk};
use super::{Catalog, CatalogResult};
use crate::domain::{
    Change, CrisisLine, Entity, Listing, OrganizationId, ProgramId, PublicOrganization, Slug,
    Source, Term,
};
use crate::store::{self, Guidance, StoreResult};

/// How many programs are read at a time.
pub(super) const CHUNK_IDS: usize = 500;

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
    /// A few programs at a time, so that a large directory never stands in memory twice; they are read on
    /// a thread of their own, beside the one that asks the database.
    pub fn read_public<T: Send>(
        &self,
        begin: impl FnOnce(Directory) -> T,
        each: impl FnMut(&mut T, Listing) + Send,
    ) -> CatalogResult<(i64, Besides, T)> {
        let (sequence, (besides, target)) = self.store.read_at_one_moment(|conn| {
            let sources = store::sources(conn)?;
            let parts = Parts::of(&sources);
            let target = begin(Directory {
                terms: store::terms(conn)?,
                guidance: store::guidance(conn)?,
                crisis_lines: store::crisis_lines(conn)?,
                sources,
            });
            walk(conn, Walk { parts, target, each, withdrawn: Vec::new() })
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

            let sources = store::sources(conn)?;
            let mut parts = Parts::of(&sources);
            parts.add_organizations(store::published_organizations_of(conn, &organizations)?)?;
            let now: Vec<_> = parts.organizations.values().cloned().collect();
            let mut listings = Vec::with_capacity(programs.len());
            for some in programs.chunks(CHUNK_IDS) {
                let kept = store::published_programs_of(conn, some)?;
                listings.extend(parts.listings(conn, kept)?);
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
                sources,
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
    /// Where listings come from now.
    pub sources: Vec<Source>,
}
