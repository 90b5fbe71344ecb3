//! Bringing a snapshot up to date without making it anew.
//!
//! What has changed becomes a small segment beside the large one, where it is marked as gone. Small
//! segments are made again together with what is new before they become many (the logarithmic method
//! of Bentley and Saxe, 1980): a program is made again about as often as its segment doubles.

use std::collections::HashSet;
use std::sync::Arc;

use super::bits::Bits;
use super::builder::{Builder, Surroundings};
use super::snapshot::{Backdrop, Part, Snapshot};
use crate::domain::{Listing, LocationId, OrganizationId, ProgramId, PublicOrganization, Source};

/// Segments smaller than this are always joined.
const SMALL: usize = 64;

/// When more programs than an eighth of the directory, and than this, are beside the large segment or
/// gone from it, it is time to make it anew.
const SCATTERED: usize = 8_192;

impl Snapshot {
    /// The programs that an organization runs.
    pub fn run_by(&self, organization: OrganizationId) -> Vec<ProgramId> {
        self.living(|part| part.segment.run_by(organization.as_u128()).to_vec())
    }

    /// The programs that have a session at a place, hidden or not; perhaps one too many.
    pub fn at_place(&self, place: LocationId) -> Vec<ProgramId> {
        self.living(|part| part.segment.at_place(place.as_u128()).collect())
    }

    /// The programs of small segments that should be made again together with so many changed ones.
    pub fn to_renew(&self, changed: usize) -> Vec<ProgramId> {
        let mut renewed = Vec::new();
        for part in self.parts.iter().skip(1).rev() {
            let beside = changed + renewed.len();
            if part.living > SMALL.max(2 * beside) {
                break;
            }
            let programs = (0..).take(part.segment.len()).filter(|program| part.has(*program));
            renewed.extend(programs.map(|program| id_in(part, program)));
        }
        renewed
    }

    /// How many segments it is made of.
    pub fn segments(&self) -> usize {
        self.parts.len()
    }

    /// Whether so much has changed that the snapshot should be made anew.
    pub fn is_scattered(&self) -> bool {
        let gone: usize = self.parts.iter().map(|part| part.segment.len() - part.living).sum();
        let beside: usize = self.parts.iter().skip(1).map(|part| part.living).sum();
        gone + beside > SCATTERED.max(self.len() / 8)
    }

    /// The snapshot of the moment of change `sequence`: `programs` may have changed, and those of
    /// them that are listed still are `listings`.
    #[must_use]
    pub fn updated(
        &self,
        sequence: i64,
        programs: &[ProgramId],
        listings: &[Listing],
        organizations: &[OrganizationId],
        organizations_now: Vec<PublicOrganization>,
    ) -> Self {
        let mut parts: Vec<Part> = self.parts.iter().map(|part| without(part, programs)).collect();
        let mut first = true;
        parts.retain(|part| std::mem::take(&mut first) || part.living > 0);
        if !listings.is_empty() {
            let mut builder = Builder::beside(Arc::clone(&self.backdrop));
            for listing in listings {
                builder.add(listing);
            }
            parts.push(Part::new(builder.finish_segment()));
        }
        let organizations = if organizations.is_empty() {
            Arc::clone(&self.organizations)
        } else {
            let changed: HashSet<OrganizationId> = organizations.iter().copied().collect();
            let known = self.organizations.iter().filter(|known| !changed.contains(&known.id));
            let mut all: Vec<_> = known.cloned().collect();
            all.extend(organizations_now.into_iter().map(Arc::new));
            // Sorted but for the few at the end: merged in one run.
            all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            Arc::new(all)
        };
        let mut updated = Self::of(sequence, Arc::clone(&self.backdrop), organizations, parts);
        updated.withdrawn = self.withdrawn.clone();
        updated
    }

    /// The same with the sources there are now, when there are more.
    #[must_use]
    pub fn with_sources(mut self, sources: Vec<Source>) -> Self {
        let known = &self.backdrop.surroundings;
        if known.sources != sources {
            let surroundings = Surroundings { sources, ..known.clone() };
            self.backdrop = Arc::new(Backdrop::new(surroundings));
        }
        self
    }

    fn living(&self, of: impl Fn(&Part) -> Vec<u32>) -> Vec<ProgramId> {
        let mut ids = Vec::new();
        for part in &self.parts {
            let programs = of(part).into_iter().filter(|program| part.has(*program));
            ids.extend(programs.map(|program| id_in(part, program)));
        }
        ids
    }
}

fn id_in(part: &Part, program: u32) -> ProgramId {
    ProgramId::from_u128(part.segment.ids[program as usize])
}

/// A part without some programs.
fn without(part: &Part, programs: &[ProgramId]) -> Part {
    let here = programs.iter().filter_map(|id| part.segment.of_id(*id));
    let mut here = here.filter(|program| part.has(*program)).peekable();
    if here.peek().is_none() {
        return part.clone();
    }
    let mut gone = part.gone.as_deref().cloned().unwrap_or_else(|| Bits::none(part.segment.len()));
    here.for_each(|program| gone.insert(program));
    let living = part.segment.len() - gone.len();
    Part { gone: Some(Arc::new(gone)), living, ..part.clone() }
}
