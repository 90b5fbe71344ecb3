//! Completing what somebody types.

use super::columns::Field;
use super::completions::{Among, Completions, find};
use super::snapshot::{Part, Snapshot};
use crate::domain::{ForWhom, OrganizationName, PublicProgram, Taxonomy, Term};

/// What somebody may be typing, the best first in each group.
///
/// Places are not among them: those come from the gazetteer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Suggestions<'a> {
    /// Terms that programs have, by a label or a synonym in any language.
    pub terms: Vec<SuggestedTerm<'a>>,
    /// Programs by their names and other names.
    pub programs: Vec<SuggestedProgram<'a>>,
    /// Organizations that run programs, by their names.
    pub organizations: Vec<SuggestedOrganization<'a>>,
}

/// A term whose name somebody may be typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuggestedTerm<'a> {
    /// The term.
    pub term: &'a Term,
    /// For whom more of its programs are.
    pub for_whom: ForWhom,
    /// How many programs for them have it, narrower terms included.
    pub programs: usize,
}

/// An organization whose name somebody may be typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuggestedOrganization<'a> {
    /// The organization.
    pub organization: &'a OrganizationName,
    /// Whether it runs something for the person who lives with it.
    pub for_self: bool,
}

/// A program whose name somebody may be typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedProgram<'a> {
    /// Its name; that of the first, when several are called so.
    pub name: String,
    /// The readable part of its address.
    pub slug: &'a str,
    /// How many programs are called so.
    pub same_name: usize,
    /// Whether it, or another of them, is for the person who lives with it.
    pub for_self: bool,
}

/// The names of a segment that can be suggested.
#[derive(Debug, Default)]
pub(super) struct Suggestible {
    /// Names of programs; bearers are the numbers that programs came as.
    programs: Completions,
    /// Names of organizations; bearers are places in `runs`.
    organizations: Completions,
    /// Who runs the programs, in the order in which they came.
    runs: Vec<OrganizationName>,
    known: std::collections::HashSet<u128>,
}

impl Suggestible {
    /// Adds a program. Programs come in ascending order.
    pub(super) fn add(&mut self, came: u32, program: &PublicProgram) {
        self.programs.add(came, &program.name, true);
        for alias in &program.aliases {
            self.programs.add(came, alias, false);
        }
        if self.known.insert(program.organization.id.as_u128()) {
            let at = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
            self.organizations.add(at, &program.organization.name, true);
            self.runs.push(program.organization.clone());
        }
    }

    pub(super) fn finish(&mut self) {
        self.programs.finish();
        self.organizations.finish();
        self.runs.shrink_to_fit();
        self.known = std::collections::HashSet::new();
    }
}

/// The names of terms, by their places among the surroundings.
pub(super) fn names_of_terms(terms: &[Term]) -> Completions {
    let mut names = Completions::default();
    for (at, term) in (0..).zip(terms) {
        for label in term.labels.values() {
            names.add(at, label, true);
        }
        for synonym in &term.synonyms {
            names.add(at, synonym, false);
        }
    }
    names.finish();
    names
}

impl Snapshot {
    /// What somebody may be typing, up to `limit` in each group.
    pub fn suggest(&self, typed: &str, limit: usize) -> Suggestions<'_> {
        Suggestions {
            terms: self.suggested_terms(typed, limit),
            programs: self.suggested_programs(typed, limit),
            organizations: self.suggested_organizations(typed, limit),
        }
    }

    fn suggested_terms(&self, typed: &str, limit: usize) -> Vec<SuggestedTerm<'_>> {
        let backdrop = self.backdrop();
        let names = Among { names: &backdrop.names_of_terms, alive: &|_| true };
        let mut suggested: Vec<SuggestedTerm<'_>> = Vec::new();
        // A term has many names, and one name may be that of several terms.
        for completion in find(&[names], typed, limit * 4) {
            let bearers = completion.bearers.iter().flat_map(|(_, bearers)| *bearers);
            for term in bearers.filter_map(|at| backdrop.surroundings.terms.get(*at as usize)) {
                if suggested.iter().any(|known| std::ptr::eq(known.term, term)) {
                    continue;
                }
                let [own, others] = [ForWhom::Myself, ForWhom::SomeoneISupport]
                    .map(|whom| (self.count_for(whom, term), whom));
                let (programs, for_whom) = if others.0 > own.0 { others } else { own };
                if programs > 0 && suggested.len() < limit {
                    suggested.push(SuggestedTerm { term, for_whom, programs });
                }
            }
        }
        suggested
    }

    fn suggested_programs(&self, typed: &str, limit: usize) -> Vec<SuggestedProgram<'_>> {
        let here = |part: &Part, came: u32| {
            let gates = &part.segment.gates;
            let number = || part.segment.number_of[came as usize];
            (part.gone.is_none() || part.has(number()))
                && (gates.unlisted.is_none() || gates.lists(number()))
        };
        let alive: Vec<_> = self
            .parts
            .iter()
            .map(|part| move |bearers: &[u32]| bearers.iter().any(|came| here(part, *came)))
            .collect();
        let lists: Vec<Among<'_, '_>> = (self.parts.iter().zip(&alive))
            .map(|(part, alive)| Among { names: &part.segment.suggestible.programs, alive })
            .collect();
        let mut suggested: Vec<SuggestedProgram<'_>> = Vec::new();
        for completion in find(&lists, typed, limit * 2) {
            let mut living = completion.bearers.iter().flat_map(|(list, bearers)| {
                let part = &self.parts[*list];
                bearers.iter().filter(move |came| here(part, **came)).map(move |came| (part, *came))
            });
            let for_self = living.clone().any(|(part, came)| {
                let own = part.segment.columns.field(Field::For).programs(ForWhom::Myself.as_str());
                own.is_some_and(|own| own.contains(part.segment.number_of[came as usize]))
            });
            let Some((part, came)) = living.next() else { continue };
            let same_name = 1 + living.count();
            let (name, slug) = part.segment.pieces.name_and_slug(came);
            // A program may be here by its name and by another one.
            if suggested.len() < limit && suggested.iter().all(|known| known.slug != slug) {
                suggested.push(SuggestedProgram { name, slug, same_name, for_self });
            }
        }
        suggested
    }

    /// How many programs for somebody have a term.
    fn count_for(&self, whom: ForWhom, term: &Term) -> usize {
        let of = |part: &Part| {
            let columns = &part.segment.columns;
            let with = columns.field(field_of(term.taxonomy)).programs(term.key.as_str())?;
            let for_them = columns.field(Field::For).programs(whom.as_str())?;
            Some(with.count_with(for_them, part.gone.as_deref()))
        };
        self.parts.iter().filter_map(of).sum()
    }

    fn suggested_organizations(&self, typed: &str, limit: usize) -> Vec<SuggestedOrganization<'_>> {
        let runs = |part: &Part, at: u32| {
            let organization = part.segment.suggestible.runs[at as usize].id.as_u128();
            part.segment.run_by(organization).iter().any(|program| part.has(*program))
        };
        let alive: Vec<_> = self
            .parts
            .iter()
            .map(|part| move |bearers: &[u32]| bearers.iter().any(|at| runs(part, *at)))
            .collect();
        let lists: Vec<Among<'_, '_>> = (self.parts.iter().zip(&alive))
            .map(|(part, alive)| Among { names: &part.segment.suggestible.organizations, alive })
            .collect();
        let mut suggested: Vec<SuggestedOrganization<'_>> = Vec::new();
        for completion in find(&lists, typed, limit) {
            for (list, bearers) in &completion.bearers {
                let part = &self.parts[*list];
                for at in bearers.iter().filter(|at| runs(part, **at)) {
                    let organization = &part.segment.suggestible.runs[*at as usize];
                    let is_new =
                        suggested.iter().all(|known| known.organization.id != organization.id);
                    if suggested.len() < limit && is_new {
                        let for_self = self.runs_for(ForWhom::Myself, organization);
                        suggested.push(SuggestedOrganization { organization, for_self });
                    }
                }
            }
        }
        suggested
    }
}

impl Snapshot {
    /// Whether an organization runs a program for somebody.
    fn runs_for(&self, whom: ForWhom, organization: &OrganizationName) -> bool {
        self.parts.iter().any(|part| {
            let for_them = part.segment.columns.field(Field::For).programs(whom.as_str());
            let mut run = part.segment.run_by(organization.id.as_u128()).iter();
            run.any(|program| {
                part.has(*program) && for_them.is_some_and(|all| all.contains(*program))
            })
        })
    }
}

const fn field_of(taxonomy: Taxonomy) -> Field {
    match taxonomy {
        Taxonomy::Topic => Field::Topic,
        Taxonomy::Audience => Field::Audience,
        Taxonomy::Approach => Field::Approach,
        Taxonomy::Accessibility => Field::Accessibility,
        Taxonomy::Activity => Field::Activity,
    }
}
