//! Questions to a search: of all kinds, most of them with answers.

use fastrand::Rng;
use jiff::{Span, Timestamp};
use peer_directory::domain::{AcceptingStatus, Attendance, Channel, ForWhom, Text};
use peer_directory::search::{
    Choice, FacetField, Field, Near, Query, Radius, Sort, Weights, Window,
};

use super::directory::Directory;
use super::facts::{Facts, Oracle};
use super::timely::{self, is_timed};

/// A question in the oracle's own terms.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// Which of the places it is asked from.
    pub(super) place: Option<usize>,
    pub(super) radius_m: Option<u32>,
    /// West, south, east and north.
    pub(super) bounds: Option<[f64; 4]>,
    pub(super) choices: Vec<Choice>,
    pub(super) attendance: Vec<Attendance>,
    pub(super) channels: Vec<Channel>,
    pub(super) accepting: Vec<AcceptingStatus>,
    pub(super) organizations: Vec<String>,
    pub(super) window: Window,
    pub(super) between: Option<(Timestamp, Timestamp)>,
    /// Also what may take place at times that nobody told.
    pub(super) or_unknown: bool,
    pub(super) verified_within: Option<u32>,
    pub(super) age: Option<u8>,
    pub(super) words: Option<String>,
    pub(super) sort: Sort,
    pub(super) facets: Vec<FacetField>,
    pub(super) now: Timestamp,
}

impl Question {
    /// The question of this number, always the same one.
    pub(super) fn generated(number: u64, oracle: &Oracle<'_>) -> Self {
        let random = &mut Rng::with_seed(number);
        // What is asked is mostly true of one listing, so that few answers are empty.
        let about = &oracle.facts[random.usize(..oracle.facts.len())];
        let for_whom = match random.u32(..5) {
            0 => ForWhom::SomeoneISupport,
            _ => ForWhom::Myself,
        };
        let place = (random.u32(..10) < 7).then(|| random.usize(..oracle.places.len()));
        let hours = if random.u32(..4) == 0 { random.i64(-1_000..1_000) } else { 0 };
        let mut question = Self {
            place,
            radius_m: place.and_then(|_| radius(random)),
            bounds: (random.u32(..100) < 15).then(|| bounds(about, oracle, random)),
            choices: choices(about, oracle, for_whom, random),
            attendance: some_of(Attendance::ALL, 15, random),
            channels: some_of(Channel::ALL, 12, random),
            accepting: some_of(AcceptingStatus::ALL, 8, random),
            organizations: organizations(about, random),
            verified_within: (random.u32(..16) == 0).then(|| random.u32(1..400)),
            age: (random.u32(..8) == 0).then(|| random.u8(..40)),
            words: (random.u32(..6) == 0).then(|| words(about, random)),
            window: if random.u32(..3) == 0 {
                timely::window(random)
            } else {
                Window::any(jiff::tz::TimeZone::UTC)
            },
            between: None,
            or_unknown: false,
            sort: Sort::ALL[random.usize(..8) % 5],
            facets: facets(random),
            now: Directory::today().checked_add(Span::new().hours(hours)).unwrap(),
        };
        if is_timed(&question) {
            question.now = timely::moment(random);
        }
        question
    }

    /// The same with a box to look in: the world, or one like those of other questions. Of three, one asks
    /// for nothing else.
    pub(super) fn boxed(number: u64, oracle: &Oracle<'_>) -> Self {
        let mut question = Self::generated(number, oracle);
        let random = &mut Rng::with_seed(number);
        if random.u32(..3) == 0 {
            let all = Self { place: None, radius_m: None, words: None, age: None, ..question };
            let window = Window::any(jiff::tz::TimeZone::UTC);
            question = Self { choices: Vec::new(), attendance: Vec::new(), window, ..all };
            question.channels.clear();
            question.accepting.clear();
            question.organizations.clear();
        }
        question.facets.clear();
        let about = &oracle.facts[random.usize(..oracle.facts.len())];
        question.bounds = Some(match random.u32(..8) {
            0 => [-180.0, -90.0, 180.0, 90.0],
            _ => bounds(about, oracle, random),
        });
        question
    }

    /// The question as the search takes it, so many results on a page.
    pub(super) fn query(&self, oracle: &Oracle<'_>, limit: usize) -> Query {
        Query {
            near: self.place.map(|place| Near {
                place: oracle.places[place].clone(),
                radius: self.radius_m.map(|meters| Radius::from_m(meters.into()).unwrap()),
            }),
            bounds: self
                .bounds
                .map(|edges| edges.map(|degrees| degrees.to_string()).join(",").parse().unwrap()),
            choices: self.choices.clone(),
            attendance: self.attendance.clone(),
            channels: self.channels.clone(),
            accepting: self.accepting.clone(),
            organizations: self.organizations.clone(),
            window: self.window.clone(),
            between: self.between,
            or_unknown_times: self.or_unknown,
            verified_within: self.verified_within,
            matters: Vec::new(),
            wished: None,
            age: self.age,
            words: self.words.clone(),
            left_out: Vec::new(),
            instead: None,
            sort: self.sort,
            weights: Weights::default(),
            facets: self.facets.clone(),
            limit,
            after: None,
            now: self.now,
            clock: self.now,
        }
    }
}

fn radius(random: &mut Rng) -> Option<u32> {
    match random.u32(..12) {
        0 => Some(1_000),
        1 => Some(10_000),
        2 => Some(16_093),
        3 => Some(40_234),
        4 => Some(100_000),
        5 => Some(random.u32(1..500_000)),
        6 => Some(500_000),
        _ => None,
    }
}

/// A box around a point, sometimes with the point on its edge, sometimes across the antimeridian.
fn bounds(about: &Facts<'_>, oracle: &Oracle<'_>, random: &mut Rng) -> [f64; 4] {
    let point = about
        .ways
        .iter()
        .find_map(|way| way.at)
        .unwrap_or_else(|| random.usize(..oracle.points.len()));
    let point = oracle.points[point];
    let reach = [0.0, 0.01, 0.2, 1.0, 5.0, 30.0][random.usize(..6)];
    let around = |degrees: f64, a: f64, b: f64, limit: f64| {
        [(degrees - reach * a).max(-limit), (degrees + reach * b).min(limit)]
    };
    let [south, north] = around(point.latitude(), random.f64(), random.f64(), 90.0);
    let [west, east] = around(point.longitude(), random.f64(), random.f64(), 180.0);
    match random.u32(..5) {
        0 => [-180.0 + random.f64() * 4.0, south, -180.0, north],
        1 => [180.0 - random.f64() * 4.0, -90.0, -180.0 + random.f64() * 4.0, 90.0],
        2 => [east, south, west, north],
        _ => [west, south, east, north],
    }
}

fn choices(
    about: &Facts<'_>,
    oracle: &Oracle<'_>,
    for_whom: ForWhom,
    random: &mut Rng,
) -> Vec<Choice> {
    let mut choices = Vec::new();
    for field in Field::ALL.iter().copied().filter(|field| *field != Field::For) {
        // Few have answers: asked as often as the others, they would find nothing.
        let is_told = field != Field::Answer || !about.values(field).is_empty();
        if random.u32(..20) != 0 || !is_told {
            continue;
        }
        let mut some = |most: usize| -> Vec<String> {
            let many = random.usize(..=most);
            let value = |_| {
                let other = &oracle.facts[random.usize(..oracle.facts.len())];
                let whose = if random.u32(..3) == 0 { other } else { about };
                match whose.values(field) {
                    [] => "unheard_of".to_owned(),
                    values => values[random.usize(..values.len())].clone(),
                }
            };
            (0..many).map(value).collect()
        };
        let (any, all) = (some(3), some(1));
        let none = if any.is_empty() || all.is_empty() { some(1) } else { Vec::new() };
        choices.push(Choice { field, any, all, none });
    }
    if random.u32(..8) != 0 {
        let any = vec![for_whom.to_string()];
        choices.push(Choice { field: Field::For, any, all: Vec::new(), none: Vec::new() });
    }
    choices
}

fn some_of<T: Copy>(all: &[T], percent: u32, random: &mut Rng) -> Vec<T> {
    if random.u32(..100) >= percent {
        return Vec::new();
    }
    (0..random.usize(1..=2)).map(|_| all[random.usize(..all.len())]).collect()
}

fn organizations(about: &Facts<'_>, random: &mut Rng) -> Vec<String> {
    let organization = &about.listing.program.organization;
    match random.u32(..60) {
        0 => vec![organization.id.to_string()],
        1 => vec![organization.slug.to_string(), "nobody".to_owned()],
        2 => vec!["nobody".to_owned()],
        _ => Vec::new(),
    }
}

/// Words that tell nothing.
const EMPTY_WORDS: &str = "a an and at for in is of on or the to with near";

/// One to three words of a listing, as people write them, the last one not always to its end.
fn words(about: &Facts<'_>, random: &mut Rng) -> String {
    let program = &about.listing.program;
    let texts = [
        program.name.as_str(),
        &program.organization.name,
        program.summary.as_deref().unwrap_or("in the"),
        EMPTY_WORDS,
    ];
    if random.u32(..6) == 0 {
        return ["grief", "the grief group"][random.usize(..2)].to_owned();
    }
    if random.u32(..5) == 0 {
        let names = std::iter::once(&program.name).chain(&program.aliases);
        let names: Vec<&str> = names.map(Text::as_str).collect();
        let beside = ["", " group", " near ", ", the meeting"][random.usize(..4)];
        return format!("{}{beside}", names[random.usize(..names.len())]);
    }
    let mut words: Vec<&str> = Vec::new();
    for _ in 0..random.usize(1..=3) {
        let text = texts[[0, 0, 1, 2, 2, 3][random.usize(..6)]];
        let all: Vec<&str> = text.split_whitespace().collect();
        words.push(all[random.usize(..all.len())]);
    }
    let mut text = words.join([" ", ", ", "  - "][random.usize(..3)]);
    if random.bool() {
        let end = text.char_indices().map(|(at, _)| at).nth_back(random.usize(..2));
        text.truncate(end.unwrap_or(text.len()));
    }
    if random.u32(..4) == 0 { text.to_uppercase() } else { text }
}

fn facets(random: &mut Rng) -> Vec<FacetField> {
    if random.bool() {
        return Vec::new();
    }
    let many = random.usize(1..=3);
    let any = |_| FacetField::WORDS[random.usize(..FacetField::WORDS.len())].parse().unwrap();
    (0..many).map(any).collect()
}
