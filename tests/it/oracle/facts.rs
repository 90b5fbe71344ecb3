//! What the oracle knows of each listing, read off it plainly: no index, no bits, no shared code.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use geo::{Distance as _, Geodesic, Point};
use jiff::Timestamp;
use peer_directory::domain::{
    Assessment, Attendance, Channel, Kind, Listing, Position, ProgramId, Taxonomy, Term, TermKey,
};
use peer_directory::search::{Field, Match, Query, Snapshot, Standpoint};

use super::directory::Directory;
use super::timely::Calendars;

/// A listing with what the rules ask of it.
pub(super) struct Facts<'a> {
    pub(super) listing: &'a Listing,
    /// Its number among the listings.
    pub(super) number: usize,
    /// The name as it is compared.
    pub(super) name: String,
    /// The ways to take part.
    pub(super) ways: Vec<Way>,
    /// The values it is filtered by, in the order of [`Field::ALL`].
    values: Vec<Vec<String>>,
}

/// One way to take part in a program.
pub(super) struct Way {
    /// Which of its sessions it is.
    pub(super) session: Option<usize>,
    /// Which of the oracle's points it is at; `None` for what needs no place near the person.
    pub(super) at: Option<usize>,
    pub(super) attendance: Option<Attendance>,
    pub(super) channels: Vec<Channel>,
    /// Whether it is the far end of a hybrid session.
    pub(super) from_afar: bool,
    /// Whether it is a chapter that is not listed here.
    pub(super) chapter: bool,
}

/// Every listing, and how far each place is from each of their public points.
pub(super) struct Oracle<'a> {
    pub(super) facts: Vec<Facts<'a>>,
    pub(super) places: &'a [Standpoint],
    pub(super) points: Vec<Position>,
    /// Meters by place, then by point, after Karney.
    distances: Vec<Vec<f64>>,
    numbers: HashMap<ProgramId, usize>,
    /// The listings in small groups, for what words are worth: see [`Oracle::worths`].
    groups: Vec<Snapshot>,
    pub(super) calendars: Calendars,
}

/// How many listings are in a group; fewer than fit on a page.
const GROUP: usize = 40;

impl<'a> Oracle<'a> {
    pub(super) fn new(directory: &'a Directory) -> Self {
        let mut points = Points::default();
        let terms = Terms(&directory.terms);
        let facts = directory
            .listings
            .iter()
            .enumerate()
            .map(|(number, listing)| Facts {
                listing,
                number,
                name: folded(&listing.program.name),
                ways: ways(listing, &mut points),
                values: Field::ALL.iter().map(|field| values(listing, *field, &terms)).collect(),
            })
            .collect();
        let distances = directory
            .places
            .iter()
            .map(|place| points.list.iter().map(|to| karney_m(place.position, *to)).collect())
            .collect();
        let ids = directory.listings.iter().map(|listing| listing.program.id);
        Self {
            facts,
            places: &directory.places,
            points: points.list,
            distances,
            numbers: ids.zip(0..).collect(),
            groups: directory
                .listings
                .chunks(GROUP)
                .map(|group| directory.snapshot_of(group.iter()))
                .collect(),
            calendars: Calendars::default(),
        }
    }

    /// Which of the listings has this identity.
    pub(super) fn listing(&self, id: ProgramId) -> Option<usize> {
        self.numbers.get(&id).copied()
    }

    /// What words are worth in each listing; `None` where they are not.
    ///
    /// The rules of words have an oracle of their own, beside them. What words are worth in a listing
    /// depends on it alone: here it is asked from a directory of a few.
    pub(super) fn worths(&self, words: &str, now: Timestamp) -> Vec<Option<u32>> {
        let mut worths = vec![None; self.facts.len()];
        let query = Query { words: Some(words.to_owned()), limit: 100, ..Query::all(now) };
        for group in &self.groups {
            for found in group.search(&query).matches {
                if let Some(listing) = self.listing(group.id_of(found.program)) {
                    worths[listing] = Some(found.words());
                }
            }
        }
        worths
    }

    /// The listings of which the words are a whole name: asked in the same way.
    pub(super) fn named(&self, words: &str, now: Timestamp) -> HashSet<usize> {
        let query = Query { words: Some(words.to_owned()), limit: 100, ..Query::all(now) };
        let named = self.groups.iter().flat_map(|group| {
            let found = group.search(&query).matches.into_iter().filter(Match::is_named);
            found.filter_map(|found| self.listing(group.id_of(found.program))).collect::<Vec<_>>()
        });
        named.collect()
    }

    pub(super) fn distance_m(&self, place: usize, point: usize) -> f64 {
        self.distances[place][point]
    }
}

impl Facts<'_> {
    /// The youngest and the oldest that it states to take. What is made for teenagers states it.
    pub(super) fn ages(&self) -> (Option<u8>, Option<u8>) {
        let program = &self.listing.program;
        let (min, max) = program.ages.map_or((None, None), |ages| (ages.min, ages.max));
        let is_for = |one: &str| program.audiences.iter().any(|key| key.as_str() == one);
        if min.is_some() || !is_for("teens") || is_for("children") {
            return (min, max);
        }
        let grown_up = is_for("adults") || is_for("older_adults");
        let oldest = if is_for("young_adults") { 30 } else { 17 };
        (Some(13), max.or((!grown_up).then_some(oldest)))
    }

    pub(super) fn values(&self, field: Field) -> &[String] {
        &self.values[field as usize]
    }

    pub(super) fn has(&self, field: Field, value: &str) -> bool {
        self.values(field).iter().any(|own| own == value)
    }
}

/// Points that are the same to the bit are one.
#[derive(Default)]
struct Points {
    list: Vec<Position>,
    numbers: HashMap<(u64, u64), usize>,
}

impl Points {
    fn number(&mut self, point: Position) -> usize {
        let bits = (point.latitude().to_bits(), point.longitude().to_bits());
        *self.numbers.entry(bits).or_insert_with(|| {
            self.list.push(point);
            self.list.len() - 1
        })
    }
}

/// Meters along the ellipsoid.
pub(super) fn karney_m(from: Position, to: Position) -> f64 {
    let point = |at: Position| Point::new(at.longitude(), at.latitude());
    Geodesic.distance(point(from), point(to))
}

/// A session at a place is one way, one from anywhere another; a hybrid one is both. What meets in
/// chapters has them as a way, and what tells of no session at all has the one that its kind tells.
fn ways(listing: &Listing, points: &mut Points) -> Vec<Way> {
    let mut ways = Vec::new();
    for (number, session) in listing.sessions.iter().enumerate() {
        let point = session
            .location
            .as_ref()
            .map(|place| points.number(Position::new(place.latitude, place.longitude).unwrap()));
        let reached: &[Option<usize>] = match (session.attendance, point) {
            (Attendance::Online, _) | (_, None) => &[None],
            (Attendance::InPerson, Some(_)) => &[point],
            (Attendance::Hybrid, Some(_)) => &[point, None],
        };
        let mut channels = session.channels.clone();
        if session.attendance != Attendance::Online {
            channels.push(Channel::InPerson);
        }
        for at in reached {
            // Who is far from a hybrid session's place can only call in.
            let from_afar = reached.len() == 2 && at.is_none();
            let mut channels = channels.clone();
            if from_afar {
                channels.retain(|channel| *channel != Channel::InPerson);
            }
            ways.push(Way {
                session: Some(number),
                at: *at,
                attendance: Some(session.attendance),
                channels,
                from_afar,
                chapter: false,
            });
        }
    }
    let kinds = &listing.program.kinds;
    let chapter = listing.program.chapters.is_some();
    if chapter || listing.sessions.is_empty() {
        let only = |kind: Kind| *kinds == [kind];
        let attendance = if only(Kind::LocalGroup) || chapter && kinds.contains(&Kind::LocalGroup) {
            Some(Attendance::InPerson)
        } else if only(Kind::Online) && !chapter {
            Some(Attendance::Online)
        } else {
            None
        };
        let in_person = attendance == Some(Attendance::InPerson);
        let channels = in_person.then_some(Channel::InPerson).into_iter().collect();
        ways.push(Way { session: None, at: None, attendance, channels, from_afar: false, chapter });
    }
    ways
}

struct Terms<'a>(&'a [Term]);

impl Terms<'_> {
    fn find(&self, taxonomy: Taxonomy, key: &TermKey) -> Option<&Term> {
        self.0.iter().find(|term| term.taxonomy == taxonomy && term.key == *key)
    }

    /// The keys and those of all wider terms.
    fn widened(&self, taxonomy: Taxonomy, keys: &[TermKey]) -> Vec<String> {
        let mut all = Vec::new();
        for key in keys {
            let mut next = Some(key.clone());
            while let Some(key) = next {
                next = self.find(taxonomy, &key).and_then(|term| term.parent.clone());
                all.push(key.to_string());
            }
        }
        all
    }
}

fn values(listing: &Listing, field: Field, terms: &Terms<'_>) -> Vec<String> {
    fn told<T: ToString>(list: &[T]) -> Vec<String> {
        list.iter().map(T::to_string).collect()
    }
    let program = &listing.program;
    let mut values = match field {
        Field::Kind => told(&program.kinds),
        Field::Form => vec![program.form.to_string()],
        Field::Topic => terms.widened(Taxonomy::Topic, &program.topics),
        Field::Audience => terms.widened(Taxonomy::Audience, &program.audiences),
        Field::Approach => terms.widened(Taxonomy::Approach, &program.approaches),
        Field::Accessibility => terms.widened(Taxonomy::Accessibility, &program.accessibility),
        Field::Activity => terms.widened(Taxonomy::Activity, &program.activities),
        Field::Language => {
            let tags = told(&program.languages);
            let primary = tags.iter().map(|tag| tag.split('-').next().unwrap().to_owned());
            primary.chain(tags.clone()).collect()
        }
        Field::Cost => program.cost.iter().map(|cost| cost.kind.to_string()).collect(),
        Field::Access => told(&listing.intake.access),
        Field::For => told(&program.for_whom),
        Field::Criteria => held(listing),
        Field::Answer => answers(listing),
    };
    values.sort();
    values.dedup();
    values
}

/// Text as it is compared: in Latin letters, small ones, one space between words.
pub(super) fn folded(text: &str) -> String {
    let plain = deunicode::deunicode(text).to_lowercase().replace(['\'', '`'], "");
    let spaced: String =
        plain.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The criteria that a listing is known to meet; each of the generated ones has one finding of it.
fn held(listing: &Listing) -> Vec<String> {
    let mut held = Vec::new();
    for found in &listing.assessments {
        let all = CRITERIA["criteria"].as_array().unwrap();
        let of = all.iter().find(|one| one["key"] == found.criterion.as_str()).unwrap();
        // What depends on the person is asked by fields of its own.
        if of["asked_by"].as_array().is_some_and(|fields| !fields.is_empty()) {
            continue;
        }
        let kinds = of["applies_to"].as_array().unwrap();
        let applies =
            listing.program.kinds.iter().any(|kind| kinds.iter().any(|of| of == kind.as_str()));
        let values = of["values"].as_array().unwrap();
        let value = values.iter().find(|one| one["key"] == found.value.as_str()).unwrap();
        if applies && value["meets"] == true && found.basis.as_str() != "attested" {
            held.push(found.criterion.to_string());
        }
    }
    held
}

/// The answers of a listing to second questions; each of the generated ones has one finding of a criterion.
fn answers(listing: &Listing) -> Vec<String> {
    let of = |found: &Assessment| {
        let told = found.secondary.iter();
        told.map(|(question, answer)| format!("{question}:{answer}")).collect::<Vec<_>>()
    };
    listing.assessments.iter().flat_map(of).collect()
}

static CRITERIA: LazyLock<serde_json::Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../seed-data/criteria.json")).unwrap()
});
