//! Making a snapshot, one listing at a time.

use std::collections::HashMap;

use super::columns::Field;
use super::points::Points;
use super::snapshot::{Offers, Reached, Snapshot, Stand};
use super::words::{Part, Words};
use crate::domain::{
    Attendance, Channel, CrisisLine, Kind, Listing, PublicOrganization, Source, Taxonomy, Term,
    TermKey, fold,
};

/// Everything an answer may need besides programs.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The organizations.
    pub organizations: Vec<PublicOrganization>,
    /// The terms of every taxonomy, in the curated order.
    pub terms: Vec<Term>,
    /// Criteria, their domains, red flags and questions: kind and document, in the curated order.
    pub guidance: Vec<(String, serde_json::Value)>,
    /// The crisis lines, in the order to show them.
    pub crisis_lines: Vec<CrisisLine>,
    /// Where listings come from.
    pub sources: Vec<Source>,
}

/// A snapshot in the making.
pub struct Builder {
    snapshot: Snapshot,
    /// The wider terms of each term, and the folded words it is found by, each once.
    terms: HashMap<(Taxonomy, TermKey), (Vec<TermKey>, String)>,
}

impl Builder {
    /// Begins a snapshot of the directory.
    pub fn new(surroundings: Surroundings) -> Self {
        let terms = surroundings
            .terms
            .iter()
            .map(|term| {
                let texts = term.labels.values().chain(&term.synonyms);
                let mut words: Vec<String> = texts
                    .flat_map(|text| fold(text).split(' ').map(str::to_owned).collect::<Vec<_>>())
                    .collect();
                words.sort_unstable();
                words.dedup();
                let words = words.join(" ");
                let key = (term.taxonomy, term.key.clone());
                (key, (wider(&surroundings.terms, term), words))
            })
            .collect();
        Self { snapshot: Snapshot::empty(surroundings), terms }
    }

    /// Adds a program.
    pub fn add(&mut self, listing: &Listing) {
        let Ok(number) = u32::try_from(self.snapshot.ids.len()) else { return };
        self.add_identity(number, listing);
        self.add_columns(number, listing);
        self.add_words(number, listing);
        let apart = self.add_offers(number, listing);
        if apart {
            self.snapshot.reach.add(number, &listing.program.coverage);
        }
        self.snapshot.pieces.add(listing);
    }

    /// The finished snapshot, of the moment of change `sequence`.
    pub fn finish(mut self, sequence: i64) -> Snapshot {
        let snapshot = &mut self.snapshot;
        snapshot.sequence = sequence;
        let count = snapshot.ids.len();
        let mut by_name: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
        by_name.sort_by(|a, b| {
            let key = |n: u32| (snapshot.names.of(n), snapshot.ids[n as usize]);
            key(*a).cmp(&key(*b))
        });
        snapshot.name_rank = vec![0; count];
        for (rank, program) in (0..).zip(&by_name) {
            snapshot.name_rank[*program as usize] = rank;
        }
        snapshot.by_name = by_name;
        snapshot.by_id = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
        snapshot.by_id.sort_by_key(|program| snapshot.ids[*program as usize]);
        let pieces = &snapshot.pieces;
        snapshot.by_slug = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
        snapshot.by_slug.sort_by(|a, b| pieces.slug_of(*a).cmp(pieces.slug_of(*b)));
        snapshot.columns.finish();
        snapshot.words.finish();
        snapshot.points.finish();
        snapshot.reach.finish();
        snapshot.pieces.finish();
        snapshot.placed.optimize();
        snapshot.write_crisis_lines();
        self.snapshot
    }

    fn add_identity(&mut self, number: u32, listing: &Listing) {
        let snapshot = &mut self.snapshot;
        let program = &listing.program;
        snapshot.ids.push(program.id.as_u128());
        snapshot.names.push(&fold(&program.name));
        snapshot
            .organization_programs
            .entry(program.organization.id.as_u128())
            .or_default()
            .push(number);
        if listing.verification.confirmed_at.is_some() {
            snapshot.ever_confirmed.insert(number);
        }
        snapshot.stands.push(Stand {
            confirmed_ms: listing
                .verification
                .confirmed_at
                .map_or(i64::MIN, jiff::Timestamp::as_millisecond),
            due_ms: listing.verification.due_at.map_or(i64::MAX, jiff::Timestamp::as_millisecond),
            method: listing.verification.method,
            ages: program.ages.filter(|ages| ages.min.is_some() || ages.max.is_some()),
            accepting: listing.intake.accepting.as_ref().map(|a| (a.status, a.fresh_until())),
            may_republish: listing.source.may_republish,
        });
    }

    fn add_columns(&mut self, number: u32, listing: &Listing) {
        let program = &listing.program;
        let columns = &mut self.snapshot.columns;
        columns.field_mut(Field::Kind).push(number, program.kinds.iter().map(|kind| kind.as_str()));
        columns.field_mut(Field::Form).push(number, std::iter::once(program.form.as_str()));
        for (field, taxonomy, keys) in [
            (Field::Topic, Taxonomy::Topic, &program.topics),
            (Field::Audience, Taxonomy::Audience, &program.audiences),
            (Field::Approach, Taxonomy::Approach, &program.approaches),
            (Field::Accessibility, Taxonomy::Accessibility, &program.accessibility),
            (Field::Activity, Taxonomy::Activity, &program.activities),
        ] {
            let all: Vec<&str> = keys
                .iter()
                .flat_map(|key| {
                    let wider =
                        self.terms.get(&(taxonomy, key.clone())).map(|(wider, _)| wider.iter());
                    std::iter::once(key).chain(wider.into_iter().flatten())
                })
                .map(TermKey::as_str)
                .collect();
            columns.field_mut(field).push(number, all.into_iter());
        }
        let languages = program.languages.iter().flat_map(|tag| {
            let whole = tag.as_str();
            std::iter::once(whole).chain(whole.split_once('-').map(|(primary, _)| primary))
        });
        columns.field_mut(Field::Language).push(number, languages);
        columns
            .field_mut(Field::Cost)
            .push(number, program.cost.iter().map(|cost| cost.kind.as_str()));
        columns
            .field_mut(Field::Access)
            .push(number, listing.intake.access.iter().map(|access| access.as_str()));
        columns
            .field_mut(Field::For)
            .push(number, program.for_whom.iter().map(|whom| whom.as_str()));
    }

    fn add_words(&mut self, number: u32, listing: &Listing) {
        let program = &listing.program;
        let words: &mut Words = &mut self.snapshot.words;
        words.add(number, Part::Name, &program.name);
        for alias in &program.aliases {
            words.add(number, Part::Alias, alias);
        }
        words.add(number, Part::Organization, &program.organization.name);
        for (taxonomy, keys) in [
            (Taxonomy::Topic, &program.topics),
            (Taxonomy::Audience, &program.audiences),
            (Taxonomy::Approach, &program.approaches),
            (Taxonomy::Activity, &program.activities),
        ] {
            for key in keys {
                if let Some((_, found_by)) = self.terms.get(&(taxonomy, key.clone())) {
                    words.add_folded(number, Part::Term, found_by);
                }
            }
        }
        for text in program.summary.as_deref().into_iter().chain(program.description.as_deref()) {
            words.add(number, Part::Text, text);
        }
    }

    /// Adds the ways to take part, and says whether some of them need no place near the person.
    fn add_offers(&mut self, number: u32, listing: &Listing) -> bool {
        let snapshot = &mut self.snapshot;
        let offers: &mut Offers = &mut snapshot.offers;
        let points: &mut Points = &mut snapshot.points;
        let mut apart = false;
        let mut only_chapters = true;
        let mut add = |session, attendance, channels: &[Channel], place: Option<_>, reached| {
            let offer = offers.push(number, session, attendance, channels, reached);
            if place.is_some() {
                snapshot.placed.insert(number);
            } else {
                apart = true;
                only_chapters &= reached == Reached::Chapter;
            }
            points.add(offer, place);
        };
        for (at, session) in (0u16..).zip(&listing.sessions) {
            let place = session
                .location
                .as_ref()
                .and_then(super::super::domain::location::PublicLocation::position);
            match (session.attendance, place) {
                (Attendance::Online, _) => {
                    add(
                        Some(at),
                        Some(Attendance::Online),
                        &session.channels,
                        None,
                        Reached::Itself,
                    );
                }
                (attendance, place) => {
                    add(Some(at), Some(attendance), &session.channels, place, Reached::Itself);
                    // A hybrid session is also open to those who are far from its place.
                    if attendance == Attendance::Hybrid && place.is_some() {
                        add(Some(at), Some(attendance), &session.channels, None, Reached::FromAfar);
                    }
                }
            }
        }
        let kinds = &listing.program.kinds;
        if listing.program.chapters.is_some() {
            let attendance = kinds.contains(&Kind::LocalGroup).then_some(Attendance::InPerson);
            add(None, attendance, &[], None, Reached::Chapter);
        } else if listing.sessions.is_empty() {
            let attendance = match kinds[..] {
                [Kind::LocalGroup] => Some(Attendance::InPerson),
                [Kind::Online] => Some(Attendance::Online),
                _ => None,
            };
            add(None, attendance, &[], None, Reached::Itself);
        }
        offers.close();
        if apart && only_chapters {
            snapshot.chapters_only.insert(number);
        }
        apart
    }
}

/// The terms above a term, nearest first. A circle ends where it closes.
fn wider(terms: &[Term], term: &Term) -> Vec<TermKey> {
    let mut above = Vec::new();
    let mut at = term;
    while let Some(parent) = &at.parent {
        let known =
            terms.iter().find(|other| other.taxonomy == at.taxonomy && other.key == *parent);
        let Some(next) = known.filter(|next| !above.contains(&next.key) && next.key != term.key)
        else {
            break;
        };
        above.push(next.key.clone());
        at = next;
    }
    above
}
