//! Creating, revising, publishing and withdrawing by hand.

use std::collections::HashMap;

use super::{Catalog, CatalogError, CatalogResult};
use crate::domain::{
    self, Assessment, Authorship, Criterion, Entity, Location, LocationDraft, LocationId,
    OrganizationDraft, OrganizationId, ProgramDraft, ProgramId, Slug, Taxonomy, Term, TermKey,
};
use crate::store::{self, AnyConnection, Imported, StoreError, StoreResult, Write};

/// What a curator writes: one of the three things that have revisions.
#[derive(Debug, Clone, PartialEq)]
pub enum Draft {
    /// Who runs programs.
    Organization(OrganizationDraft),
    /// Where people meet.
    Location(LocationDraft),
    /// What a person can join.
    Program(Box<ProgramDraft>),
}

impl Draft {
    /// What it is.
    pub const fn entity(&self) -> Entity {
        match self {
            Self::Organization(_) => Entity::Organization,
            Self::Location(_) => Entity::Location,
            Self::Program(_) => Entity::Program,
        }
    }

    fn new_id(&self) -> String {
        match self {
            Self::Organization(_) => OrganizationId::new().to_string(),
            Self::Location(_) => LocationId::new().to_string(),
            Self::Program(_) => ProgramId::new().to_string(),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Organization(draft) => Some(draft.name.as_str()),
            Self::Location(_) => None,
            Self::Program(draft) => Some(draft.name.as_str()),
        }
    }

    pub(super) fn document(&self) -> CatalogResult<String> {
        let written = match self {
            Self::Organization(draft) => serde_json::to_string(draft),
            Self::Location(draft) => serde_json::to_string(draft),
            Self::Program(draft) => serde_json::to_string(draft),
        };
        written.map_err(|error| CatalogError::invalid("draft", error))
    }
}

impl Catalog {
    /// Adds an entry that the public does not see yet, and returns its identity.
    pub fn create(&self, draft: &Draft, by: &Authorship) -> CatalogResult<String> {
        self.check(draft)?;
        let document = draft.document()?;
        let id = draft.new_id();
        let now = self.now();
        self.store.write(|write| {
            let source = Self::local_source(write, now)?;
            let slug =
                draft.name().map(|name| free_slug(write, draft.entity(), name)).transpose()?;
            let new = Imported {
                entity: draft.entity(),
                id: &id,
                slug: slug.as_ref().map(Slug::as_str),
                source,
                key: &id,
                digest: None,
                document: &document,
            };
            store::insert(write, &new, by, now)
        })?;
        Ok(id)
    }

    /// Adds the next revision of an entry, if it is still at revision `expected`.
    ///
    /// The public goes on seeing the last published one. Returns the new revision's number.
    pub fn revise(
        &self,
        id: &str,
        expected: i32,
        draft: &Draft,
        by: &Authorship,
    ) -> CatalogResult<i32> {
        self.check(draft)?;
        let document = draft.document()?;
        let known = self.store.read(|conn| store::entity(conn, id))?;
        if known.entity != draft.entity() {
            return Err(CatalogError::invalid(
                "draft",
                format!("this is {}", known.entity.with_article()),
            ));
        }
        Ok(self
            .store
            .write(|write| store::revise(write, id, expected, &document, by, self.now()))?)
    }

    /// Makes an entry's newest revision the public one, if that is still `expected`: who publishes has
    /// read it. Returns the change's sequence number.
    ///
    /// A program is published only when its organization and its locations are.
    pub fn publish(&self, id: &str, expected: i32) -> CatalogResult<i64> {
        // Checked under the write lock, so that what is checked is what is published.
        self.store.write(|write| match check_complete(write.conn, id, expected) {
            Ok(()) => store::publish(write, id, None, self.now()).map(Ok),
            Err(refused) => Ok(Err(refused)),
        })?
    }

    /// Takes an entry from the public. Returns the change's sequence number.
    pub fn withdraw(&self, id: &str) -> CatalogResult<i64> {
        Ok(self.store.write(|write| store::withdraw(write, id, self.now()))?)
    }

    /// Writes down what a curator found about a criterion at a program, beside what others found; the same
    /// finding of another day takes the place of the one before. The public sees it at once.
    pub fn assess(&self, program: &str, finding: &Assessment) -> CatalogResult<()> {
        let guidance = self.store.read(store::guidance)?;
        let criteria = guidance.into_iter().filter(|piece| piece.kind == "criterion");
        let mut criteria = criteria.filter(|piece| piece.key == finding.criterion.as_str());
        let criterion = criteria.next().ok_or_else(|| {
            let reason = format!("there is no criterion `{}`", finding.criterion);
            CatalogError::invalid("criterion", reason)
        })?;
        let criterion: Criterion = serde_json::from_value(criterion.document)
            .map_err(|error| CatalogError::invalid("criterion", error))?;
        criterion.check(finding).map_err(|(field, why)| CatalogError::invalid(field, why))?;
        let now = self.now();
        Ok(self.store.write(|write| {
            if store::entity(write.conn, program)?.entity != Entity::Program {
                return Err(StoreError::NotFound);
            }
            let local = Self::local_source(write, now)?;
            store::assess(write, program, finding, local)?;
            store::tell_again(write, program, now)
        })?)
    }

    fn check(&self, draft: &Draft) -> CatalogResult<()> {
        match draft {
            Draft::Organization(_) => Ok(()),
            Draft::Location(draft) => {
                Location::new(LocationId::new(), draft.clone())?;
                Ok(())
            }
            Draft::Program(draft) => {
                draft.check()?;
                let known = self.known_terms(&[])?;
                match unknown_term(draft, &known) {
                    Some((field, reason)) => Err(CatalogError::invalid(field, reason)),
                    None => Ok(()),
                }
            }
        }
    }

    /// The terms there are, and those that are `coming`.
    pub(super) fn known_terms(&self, coming: &[Term]) -> CatalogResult<KnownTerms> {
        let mut known = KnownTerms::new();
        for term in self.store.read(store::terms)?.into_iter().chain(coming.iter().cloned()) {
            known.entry(term.taxonomy).or_default().push(term);
        }
        Ok(known)
    }
}

/// Checks that an entry's newest revision is `expected`, and that what it refers to is published.
fn check_complete(conn: &mut AnyConnection, id: &str, expected: i32) -> CatalogResult<()> {
    let known = store::entity(conn, id)?;
    if known.number != expected {
        return Err(CatalogError::ChangedMeanwhile);
    }
    if known.entity != Entity::Program {
        return Ok(());
    }
    let document = store::revision_document(conn, id, known.number)?;
    let draft: ProgramDraft =
        serde_json::from_str(&document).map_err(|error| CatalogError::invalid("program", error))?;
    check_published(conn, "organization_id", &draft.organization_id.to_string())?;
    for location in draft.sessions.iter().filter_map(|session| session.location) {
        check_published(conn, "sessions.location", &location.to_string())?;
    }
    Ok(())
}

fn check_published(conn: &mut AnyConnection, field: &str, id: &str) -> CatalogResult<()> {
    match store::entity(conn, id) {
        Ok(known) if known.status == store::Status::Published => Ok(()),
        Ok(_) => Err(CatalogError::invalid(field, format!("{id} is not published yet"))),
        Err(StoreError::NotFound) => Err(CatalogError::invalid(field, format!("there is no {id}"))),
        Err(other) => Err(other.into()),
    }
}

/// The terms of every taxonomy.
pub(super) type KnownTerms = HashMap<Taxonomy, Vec<Term>>;

/// The first term of a draft that no taxonomy has: its field and what was meant, perhaps.
pub(super) fn unknown_term(
    draft: &ProgramDraft,
    known: &KnownTerms,
) -> Option<(&'static str, String)> {
    let lists = [
        ("topics", Taxonomy::Topic, &draft.topics),
        ("audiences", Taxonomy::Audience, &draft.audiences),
        ("approaches", Taxonomy::Approach, &draft.approaches),
        ("accessibility", Taxonomy::Accessibility, &draft.accessibility),
        ("activities", Taxonomy::Activity, &draft.activities),
    ];
    lists
        .into_iter()
        .find_map(|(field, taxonomy, keys)| Some((field, unknown_of(taxonomy, keys, known)?)))
}

/// What to say of the first key that a taxonomy does not have.
pub(super) fn unknown_of(
    taxonomy: Taxonomy,
    keys: &[TermKey],
    known: &KnownTerms,
) -> Option<String> {
    let known = known.get(&taxonomy).map_or(&[][..], Vec::as_slice);
    let key = keys.iter().find(|key| !known.iter().any(|term| term.key == **key))?;
    let hint = domain::did_you_mean(domain::nearest_term(key.as_str(), known));
    Some(format!("there is no {taxonomy} `{key}`{hint}"))
}

/// What stands for something else where the address of an entry would stand, as in `/v1/programs/search`.
pub const RESERVED: [(Entity, &str); 2] =
    [(Entity::Program, "compare"), (Entity::Program, "search")];

/// An address made of a name that no other entry has and that stands for nothing else.
pub(super) fn free_slug(write: &mut Write<'_>, entity: Entity, name: &str) -> StoreResult<Slug> {
    let plain = Slug::from_name(name);
    let is_reserved = RESERVED.contains(&(entity, plain.as_str()));
    if !is_reserved && !store::slug_is_taken(write.conn, entity, plain.as_str())? {
        return Ok(plain);
    }
    // Doubling keeps the search short when thousands of groups share a name.
    let mut low = 1;
    let mut high = 2;
    while store::slug_is_taken(write.conn, entity, plain.numbered(high).as_str())? {
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if store::slug_is_taken(write.conn, entity, plain.numbered(middle).as_str())? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(plain.numbered(high))
}
