//! Making a snapshot, one listing at a time.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::alphabetical::{self, by_key, eight};
use super::apart::WaysApart;
use super::bits::Bits;
use super::blocks::{Blocks, along_the_curve};
use super::columns::{Columns, Field};
use super::gates::{self, Gated};
use super::occasions::Making;
use super::offers::{Offer, Offers, Reached};
use super::open::OpenCounts;
use super::rooms::Room;
use super::segment::{Segment, Stand, lower_half, told_by};
use super::snapshot::{Backdrop, Snapshot};
use super::words::{Part, TermNumber, Words};
use crate::domain::location::PublicLocation;
use crate::domain::{
    Ages, Attendance, Coverage, CrisisLine, Kind, Listing, Position, Precision, PublicOrganization,
    Source, Taxonomy, Term, TermKey, Times, fold, names_known_by,
};

/// Everything an answer may need besides programs.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The terms of every taxonomy, in the curated order.
    pub terms: Vec<Term>,
    /// Criteria, their domains, red flags and questions: kind and document, in the curated order.
    pub guidance: Vec<(String, serde_json::Value)>,
    /// The crisis lines, in the order to show them.
    pub crisis_lines: Vec<CrisisLine>,
    /// Where listings come from.
    pub sources: Vec<Source>,
    /// What was over by then may be forgotten: nobody asks what took place earlier.
    pub since: Timestamp,
    /// The day: what counted until an earlier one counts no longer.
    pub today: Date,
}

/// So many programs are worth a second thread.
const MANY: usize = 20_000;

/// A snapshot in the making.
pub struct Builder {
    backdrop: Arc<Backdrop>,
    organizations: Vec<PublicOrganization>,
    segment: Segment,
    /// What the programs are put in order by.
    neighborhoods: Vec<(u8, u64)>,
    /// Who runs each program.
    run_by: Vec<u128>,
    /// Where the sessions of each program are.
    places: Vec<(u64, u32)>,
    placed: Vec<u32>,
    chapters_only: Vec<u32>,
    gated: Gated,
    occasions: Making,
    terms: HashMap<Taxonomy, HashMap<TermKey, WithWider>>,
}

/// The wider terms of a term, and the numbers of the term and of those.
type WithWider = (Vec<TermKey>, Vec<TermNumber>);

impl Builder {
    /// Begins a snapshot of the directory.
    pub fn new(surroundings: Surroundings) -> Self {
        Self::beside(Arc::new(Backdrop::new(surroundings)))
    }

    pub(super) fn beside(backdrop: Arc<Backdrop>) -> Self {
        let all = &backdrop.surroundings.terms;
        let numbers: HashMap<_, _> = all
            .iter()
            .zip((0..).map(TermNumber))
            .map(|(term, number)| ((term.taxonomy, &term.key), number))
            .collect();
        let mut terms: HashMap<Taxonomy, HashMap<TermKey, WithWider>> = HashMap::new();
        for term in all {
            let wider = term.wider(all);
            let known = std::iter::once(&term.key).chain(&wider);
            let known = known.filter_map(|key| numbers.get(&(term.taxonomy, key)).copied());
            let known = known.collect();
            terms.entry(term.taxonomy).or_default().insert(term.key.clone(), (wider, known));
        }
        let since = backdrop.surroundings.since;
        Self {
            backdrop,
            organizations: Vec::new(),
            segment: Segment { columns: Columns::new(), ..Segment::default() },
            neighborhoods: Vec::new(),
            run_by: Vec::new(),
            places: Vec::new(),
            placed: Vec::new(),
            chapters_only: Vec::new(),
            gated: Gated::default(),
            occasions: Making::since(since),
            terms,
        }
    }

    /// Adds a program.
    pub fn add(&mut self, listing: &Listing) {
        let Ok(number) = u32::try_from(self.segment.ids.len()) else { return };
        self.add_identity(listing);
        let is_listed = self.gated.add(number, listing, &self.backdrop);
        self.places.extend(listing.places.iter().map(|at| (lower_half(at.as_u128()), number)));
        if is_listed {
            self.add_columns(listing);
        } else {
            // Nothing is counted of it.
            let columns = &mut self.segment.columns;
            for field in Field::ALL {
                columns.field_mut(*field).push(std::iter::empty());
            }
            columns.unmet_mut().push(std::iter::empty());
        }
        self.add_words(number, listing);
        let apart = self.add_offers(number, listing);
        if apart {
            self.segment.reach.add(number, &listing.program.coverage);
        }
        self.neighborhoods.push(neighborhood(listing, apart));
        self.segment.suggestible.add(number, &listing.program);
        self.segment.pieces.add(listing);
    }

    /// Adds those who run programs, by name.
    pub fn add_organizations(&mut self, organizations: Vec<PublicOrganization>) {
        self.organizations.extend(organizations);
    }

    /// The finished snapshot, of the moment of change `sequence`.
    pub fn finish(mut self, sequence: i64) -> Snapshot {
        let backdrop = Arc::clone(&self.backdrop);
        let organizations = std::mem::take(&mut self.organizations);
        Snapshot::new(sequence, backdrop, organizations, self.finish_segment())
    }

    pub(super) fn finish_segment(mut self) -> Segment {
        let programs = u32::try_from(self.segment.ids.len()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..programs).collect();
        order.sort_unstable_by_key(|came| (self.neighborhoods[*came as usize], *came));
        let mut words = std::mem::take(&mut self.segment.words);
        let mut suggestible = std::mem::take(&mut self.segment.suggestible);
        let mut texts = || {
            words.finish(&order);
            suggestible.finish();
        };
        let segment = if self.segment.ids.len() < MANY {
            texts();
            self.in_order(&order)
        } else {
            // Neither needs anything of the other.
            std::thread::scope(|scope| {
                let texts = scope.spawn(texts);
                let segment = self.in_order(&order);
                texts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                segment
            })
        };
        Segment { words, suggestible, ..segment }
    }

    /// The segment but for its texts, with its programs in an order of the numbers that they came in.
    fn in_order(mut self, order: &[u32]) -> Segment {
        let programs = u32::try_from(order.len()).unwrap_or(u32::MAX);
        let count = order.len();
        let mut number_of = vec![0; count];
        for (number, came) in (0..).zip(order) {
            number_of[*came as usize] = number;
        }
        let in_order =
            |members: &[u32]| Bits::of(count, members.iter().map(|came| number_of[*came as usize]));

        let segment = &mut self.segment;
        segment.ids = order.iter().map(|came| segment.ids[*came as usize]).collect();
        segment.stands = order.iter().map(|came| segment.stands[*came as usize].clone()).collect();
        segment.ages = order.iter().map(|came| segment.ages[*came as usize]).collect();
        segment.rooms = order.iter().map(|came| segment.rooms[*came as usize]).collect();
        let confirmed = (0..).zip(&segment.stands).filter(|(_, s)| s.confirmed_ms != i64::MIN);
        segment.ever_confirmed = Bits::of(count, confirmed.map(|(program, _)| program));
        segment.gates = std::mem::take(&mut self.gated).finish(count, &number_of);
        segment.columns.finish(order);
        self.occasions.reorder(order.iter().flat_map(|came| segment.offers.of(*came)));
        segment.offers.finish(order);
        segment.occasions = Arc::new(std::mem::take(&mut self.occasions).finish());
        segment.unknown_times = segment.offers.programs_with(|at| segment.occasions.is_unknown(at));
        segment.blocks = Blocks::new(&segment.offers, count);
        segment.placed = in_order(&self.placed);
        segment.chapters_only = in_order(&self.chapters_only);
        segment.ways_apart = WaysApart::new(&segment.offers, count);
        segment.reach.finish(&number_of);
        segment.open_counts = OpenCounts::new(&segment.columns, &segment.reach, count);
        segment.pieces.finish();

        let mut run: Vec<(u128, u32)> =
            self.run_by.iter().copied().zip(number_of.iter().copied()).collect();
        run.sort_unstable();
        for (at, (organization, program)) in (0..).zip(run) {
            if segment.organizations.last().is_none_or(|(last, _)| *last != organization) {
                segment.organizations.push((organization, at));
            }
            segment.run.push(program);
        }
        for (_, program) in &mut self.places {
            *program = number_of[*program as usize];
        }
        self.places.sort_unstable();
        segment.places = self.places;
        segment.came = order.to_vec();
        segment.number_of = number_of;

        let segment = &self.segment;
        let mut by_name: Vec<u32> = (0..programs).collect();
        alphabetical::sort(
            &mut by_name,
            &|at, depth| eight(segment.name(at).as_bytes().get(depth..).unwrap_or_default()),
            &|a, b| segment.last_word(a).cmp(&segment.last_word(b)),
        );
        let mut name_rank = vec![0; count];
        for (rank, program) in (0..).zip(&by_name) {
            name_rank[*program as usize] = rank;
        }
        let by_id = by_key(segment.ids.iter().copied());
        let by_slug = by_key((0..programs).map(|program| told_by(segment.slug(program))));
        Segment { by_id, by_slug, by_name, name_rank, ..self.segment }
    }

    fn add_identity(&mut self, listing: &Listing) {
        let segment = &mut self.segment;
        let program = &listing.program;
        segment.ids.push(program.id.as_u128());
        segment.names.push(&fold(&program.name));
        self.run_by.push(program.organization.id.as_u128());
        segment.stands.push(Stand {
            confirmed_ms: listing
                .verification
                .confirmed_at
                .map_or(i64::MIN, Timestamp::as_millisecond),
            due_ms: listing.verification.due_at.map_or(i64::MAX, Timestamp::as_millisecond),
            method: listing.verification.method,
            may_republish: listing.source.may_republish,
        });
        segment.ages.push(Ages::stated(program.ages, &program.audiences));
        let accepting = listing.intake.accepting.as_ref();
        segment.rooms.push(Room(accepting.map(|told| (told.status, told.fresh_until()))));
    }

    fn add_columns(&mut self, listing: &Listing) {
        let program = &listing.program;
        let columns = &mut self.segment.columns;
        columns.field_mut(Field::Kind).push(program.kinds.iter().map(|kind| kind.as_str()));
        columns.field_mut(Field::Form).push(std::iter::once(program.form.as_str()));
        for (field, taxonomy, keys) in [
            (Field::Topic, Taxonomy::Topic, &program.topics),
            (Field::Audience, Taxonomy::Audience, &program.audiences),
            (Field::Approach, Taxonomy::Approach, &program.approaches),
            (Field::Accessibility, Taxonomy::Accessibility, &program.accessibility),
            (Field::Activity, Taxonomy::Activity, &program.activities),
        ] {
            let terms = self.terms.get(&taxonomy).filter(|_| !keys.is_empty());
            let all = keys.iter().flat_map(|key| {
                let wider = terms.and_then(|terms| terms.get(key)).map(|(wider, _)| wider);
                std::iter::once(key).chain(wider.into_iter().flatten())
            });
            columns.field_mut(field).push(all.map(TermKey::as_str));
        }
        let languages = program.languages.iter().flat_map(|tag| {
            let whole = tag.as_str();
            std::iter::once(whole).chain(whole.split_once('-').map(|(primary, _)| primary))
        });
        columns.field_mut(Field::Language).push(languages);
        columns.field_mut(Field::Cost).push(program.cost.iter().map(|cost| cost.kind.as_str()));
        columns
            .field_mut(Field::Access)
            .push(listing.intake.access.iter().map(|access| access.as_str()));
        columns.field_mut(Field::For).push(program.for_whom.iter().map(|whom| whom.as_str()));
        let [met, unmet] = gates::met_and_unmet(listing, &self.backdrop);
        columns.field_mut(Field::Criteria).push(met.into_iter());
        columns.unmet_mut().push(unmet.into_iter());
        let answers = gates::answers(listing, &self.backdrop);
        columns.field_mut(Field::Answer).push(answers.iter().map(String::as_str));
    }

    fn add_words(&mut self, number: u32, listing: &Listing) {
        let program = &listing.program;
        let words: &mut Words = &mut self.segment.words;
        words.add(number, Part::Name, &program.name);
        for alias in &program.aliases {
            words.add(number, Part::Alias, alias);
        }
        words.add(number, Part::Organization, &program.organization.name);
        words.add_common(number, program.form.names());
        for name in program.languages.iter().flat_map(names_known_by) {
            words.add_common(number, name);
        }
        for text in program.summary.as_deref().into_iter().chain(program.description.as_deref()) {
            words.add(number, Part::Text, text);
        }
        for (taxonomy, keys) in [
            (Taxonomy::Topic, &program.topics),
            (Taxonomy::Audience, &program.audiences),
            (Taxonomy::Approach, &program.approaches),
            (Taxonomy::Accessibility, &program.accessibility),
            (Taxonomy::Activity, &program.activities),
        ] {
            let terms = self.terms.get(&taxonomy).filter(|_| !keys.is_empty());
            for (_, numbers) in keys.iter().filter_map(|key| terms?.get(key)) {
                words.add_terms(number, numbers.iter().copied());
            }
        }
    }

    /// Adds the ways to take part, and says whether some of them need no place near the person.
    fn add_offers(&mut self, number: u32, listing: &Listing) -> bool {
        let offers: &mut Offers = &mut self.segment.offers;
        let (mut placed, mut apart, mut only_chapters) = (false, false, true);
        let mut add = |offer: Offer<'_>| {
            placed |= offer.place.is_some();
            if offer.place.is_none() {
                apart = true;
                only_chapters &= offer.reached == Reached::Chapter;
            }
            offers.push(offer);
        };
        for (at, session) in (0u16..).zip(&listing.sessions) {
            let place = session.location.as_ref().and_then(PublicLocation::position);
            let offer = Offer {
                session: Some(at),
                attendance: Some(session.attendance),
                channels: &session.channels,
                reached: Reached::Itself,
                place: place.filter(|_| session.attendance != Attendance::Online),
                precision: session.location.as_ref().map_or(Precision::Hidden, |at| at.precision),
            };
            add(offer);
            self.occasions.push(session.times());
            // A hybrid session is also open to those who are far from its place.
            if session.attendance == Attendance::Hybrid && place.is_some() {
                add(Offer { reached: Reached::FromAfar, place: None, ..offer });
                self.occasions.push_again();
            }
        }
        let kinds = &listing.program.kinds;
        let without_session = |attendance, reached| Offer {
            session: None,
            attendance,
            channels: &[],
            reached,
            place: None,
            precision: Precision::Hidden,
        };
        if listing.program.chapters.is_some() {
            let attendance = kinds.contains(&Kind::LocalGroup).then_some(Attendance::InPerson);
            add(without_session(attendance, Reached::Chapter));
            self.occasions.push(Times::Unknown);
        } else if listing.sessions.is_empty() {
            let attendance = match kinds[..] {
                [Kind::LocalGroup] => Some(Attendance::InPerson),
                [Kind::Online] => Some(Attendance::Online),
                _ => None,
            };
            add(without_session(attendance, Reached::Itself));
            self.occasions.push(Times::Unknown);
        }
        offers.close();
        if placed {
            self.placed.push(number);
        }
        if apart && only_chapters {
            self.chapters_only.push(number);
        }
        apart
    }
}

/// Places farther apart than so many degrees are not of one neighborhood.
const FAR_APART: f64 = 0.3;

/// What puts neighbors beside each other: see [`Segment`].
fn neighborhood(listing: &Listing, apart: bool) -> (u8, u64) {
    let places =
        listing.sessions.iter().filter_map(|session| session.location.as_ref()?.position());
    let mut places = places.peekable();
    let Some(first) = places.peek().copied() else {
        return (3, area(&listing.program.coverage));
    };
    let is_far = |place: Position| {
        (place.latitude() - first.latitude()).abs() > FAR_APART
            || (place.longitude() - first.longitude()).abs() > FAR_APART
    };
    let class = match (places.any(is_far), apart) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    (class, along_the_curve(first))
}

/// What puts those who reach the same area beside each other.
fn area(coverage: &Coverage) -> u64 {
    let letters = |code: &str| {
        let letters = code.bytes().chain(std::iter::repeat(0)).take(7);
        letters.fold(0, |number, letter| number << 8 | u64::from(letter))
    };
    let (class, code) = if coverage.worldwide {
        (0, 0)
    } else if let Some(code) = coverage.countries.first() {
        (1, letters(code.as_str()))
    } else if let Some(code) = coverage.subdivisions.first() {
        (2, letters(&code.to_string()))
    } else if let Some(code) = coverage.counties.first() {
        (3, letters(&code.to_string()))
    } else {
        (4, coverage.postal_prefixes.first().map_or(0, |prefix| letters(&prefix.prefix)))
    };
    class << 56 | code
}
