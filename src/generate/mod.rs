//! Believable programs around real towns, as many as wanted: to measure with and to try things on.
//!
//! The towns are real; the programs, their organizations, addresses and numbers are not. Hosts end in
//! `.example`, phone numbers are from ranges that are kept for fiction.

mod calendar;
mod details;
mod listing;
mod naming;
mod places;
mod sessions;
mod words;

use std::sync::Arc;

use fastrand::Rng;

use self::calendar::Calendar;
use self::details::{People, Terms};
use self::places::{Atlas, Town};
use crate::domain::{
    Access, Assessment, Channel, Citation, Coverage, Form, Kind, Link, OrganizationDraft,
    OrganizationId, PostalPrefix, ProgramDraft, Record, Text,
};
use crate::gazetteer::Gazetteer;

pub use listing::listing;

/// What the names of generated sources begin with; the seed follows.
pub const SOURCE: &str = "generated";

/// The name of the source that a seed's programs come from.
pub fn source_name(seed: u64) -> String {
    format!("{SOURCE}-{seed}")
}

/// Makes believable programs without end, always the same ones for one seed.
#[derive(Debug)]
pub struct Generator {
    random: Rng,
    source: String,
    number: usize,
    atlas: Atlas,
    calendar: Calendar,
    terms: Terms,
    /// By region; the newest of each, since an organization runs a few programs and is then complete.
    organizations: Vec<Vec<Organization>>,
    organization_count: usize,
}

/// How many organizations of a region may still get programs.
const OPEN_ORGANIZATIONS: usize = 12;

#[derive(Debug, Clone)]
struct Organization {
    key: String,
    id: OrganizationId,
    host: String,
    draft: OrganizationDraft,
    /// Where its listings say that they were found.
    about: Citation,
    /// Where people sign up for its meetings.
    sign_up: Option<Link>,
}

/// The shape of a program, which decides about everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// People meet in a place.
    Local {
        /// Or join from home.
        hybrid: bool,
        /// Where is told only to those who come.
        hidden: bool,
    },
    /// People meet in chapters that are not listed.
    Chapters,
    /// People meet from anywhere.
    Online,
    /// Two people talk.
    OneOnOne,
}

/// What is known of a program while it is being made.
struct Sketch<'a> {
    shape: Shape,
    form: Form,
    town: &'a Town,
    atlas: &'a Atlas,
    calendar: &'a Calendar,
    organization: &'a Organization,
    topics: Vec<words::Topic>,
    people: People,
    /// The languages spoken, the main one first; empty when the program does not say.
    languages: Vec<&'static str>,
    access: Option<Access>,
    source: &'a str,
    number: usize,
}

impl Generator {
    /// Prepares to make the programs of `seed`.
    pub fn new(seed: u64, gazetteer: Arc<Gazetteer>) -> Self {
        let atlas = Atlas::new(gazetteer);
        Self {
            random: Rng::with_seed(seed),
            source: source_name(seed),
            number: 0,
            organizations: vec![Vec::new(); atlas.regions()],
            organization_count: 0,
            atlas,
            calendar: Calendar::new(),
            terms: Terms::new(),
        }
    }
}

impl Iterator for Generator {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let Self { random, atlas, calendar, terms, .. } = self;
        self.number += 1;
        let town = atlas.town(random)?;
        let open = &mut self.organizations[town.region];
        if open.is_empty() || random.u32(..4) == 0 {
            self.organization_count += 1;
            if open.len() == OPEN_ORGANIZATIONS {
                open.remove(0);
            }
            open.push(Organization::new(self.organization_count, &self.source, town, random));
        }
        let organization = &open[random.usize(..open.len())];

        let shape = Shape::any(random);
        let people = People::any(random);
        let sketch = Sketch {
            shape,
            form: shape.form(random),
            town,
            atlas,
            calendar,
            organization,
            topics: details::topics(&people, random),
            people,
            languages: details::languages(town, random),
            access: details::access(shape, random),
            source: &self.source,
            number: self.number,
        };
        Some(sketch.record(terms, random))
    }
}

impl Organization {
    fn new(number: usize, source: &str, town: &Town, random: &mut Rng) -> Self {
        let key = format!("organization-{number}");
        let name = naming::organization(town, random);
        let host = naming::host(&name, number);
        Self {
            id: OrganizationId::derived(source, &key),
            draft: OrganizationDraft {
                description: Some(text(&format!(
                    "Peers in and around {}. An invented organization: it does not exist.",
                    town.name
                ))),
                name: text(&name),
                aliases: Vec::new(),
                website: link(&format!("https://{host}/")),
            },
            about: Citation {
                title: text("An invented page"),
                url: link(&format!("https://{host}/about")),
                facts: vec![text("schedule")],
            },
            sign_up: link(&format!("https://{host}/join")),
            host,
            key,
        }
    }
}

impl Shape {
    fn any(random: &mut Rng) -> Self {
        match random.u32(..100) {
            0 => Self::Chapters,
            1..62 => Self::Local { hybrid: random.u32(..10) == 0, hidden: random.u32(..25) == 0 },
            62..85 => Self::Online,
            _ => Self::OneOnOne,
        }
    }

    fn form(self, random: &mut Rng) -> Form {
        match (self, random.u32(..100)) {
            (Self::Local { hybrid: false, hidden: false }, 0..6) => Form::DropInCenter,
            (Self::Local { hybrid: false, .. }, 6..9) => Form::Clubhouse,
            (Self::Local { hybrid: false, .. }, 9) => Form::RespiteStay,
            (Self::Local { .. }, 10..18) | (Self::Online, 0..10) => Form::Class,
            (Self::Online, 10..26) => Form::Forum,
            (Self::OneOnOne, 0..50) => Form::Warmline,
            (Self::OneOnOne, _) => Form::Mentoring,
            _ => Form::SupportGroup,
        }
    }

    fn kinds(self) -> Vec<Kind> {
        match self {
            Self::Local { hybrid: true, .. } => vec![Kind::LocalGroup, Kind::Online],
            Self::Local { .. } | Self::Chapters => vec![Kind::LocalGroup],
            Self::Online => vec![Kind::Online],
            Self::OneOnOne => vec![Kind::OneOnOne],
        }
    }
}

impl Sketch<'_> {
    fn record(&self, terms: &Terms, random: &mut Rng) -> Record {
        let (coverage, reach) = self.coverage(random);
        let met = sessions::sessions(self, random);
        let contacts = details::contacts(self, random);
        let ways = contacts.first().map_or(Channel::WebForm, |contact| contact.channel);
        let host = &self.organization.host;
        let number = self.number;
        let program = ProgramDraft {
            name: text(&naming::program(self, &met, &reach, random)),
            aliases: Vec::new(),
            summary: Some(text(&naming::summary(self, &met, random))),
            description: (random.u32(..100) < 10).then(|| text(&naming::description(random))),
            organization_id: self.organization.id,
            kinds: self.shape.kinds(),
            form: self.form,
            topics: self.topics.iter().map(|topic| terms.key(topic.key)).collect(),
            audiences: terms.audiences(&self.people),
            approaches: terms.approaches(self, random),
            accessibility: terms.accessibility(self.shape, random),
            activities: terms.activities(self, random),
            languages: self.languages.iter().filter_map(|tag| terms.language(tag)).collect(),
            cost: details::cost(self.town, random),
            ages: self.people.ages,
            for_whom: self.people.for_whom(),
            contacts,
            intake: details::intake(self, ways, random),
            sessions: met.sessions,
            coverage,
            chapters: (self.shape == Shape::Chapters).then(|| details::chapters(host)).flatten(),
            website: link(&format!("https://{host}/{number}")),
            facilitation: (random.u32(..100) < 70)
                .then(|| text(words::any(&words::FACILITATION, random))),
            in_doubt: false,
            warnings: (random.u32(..100) < 5)
                .then(|| text(words::any(&words::WARNINGS, random)))
                .into_iter()
                .collect(),
            citations: vec![self.organization.about.clone()],
        };
        Record {
            key: format!("{SOURCE}-{number}"),
            rows: vec![number],
            organization_key: self.organization.key.clone(),
            organization: self.organization.draft.clone(),
            program,
            locations: met.locations,
            assessments: self.assessments(terms, random),
            unlisted: None,
            incomplete: false,
        }
    }

    /// Where a person must be, and what names call that; nothing for a place that speaks for itself.
    fn coverage(&self, random: &mut Rng) -> (Coverage, String) {
        let roll = random.u32(..100);
        match self.shape {
            Shape::Local { hybrid: false, hidden: false } => {
                (Coverage::default(), self.town.name.to_string())
            }
            Shape::Local { hidden: true, .. } if roll < 50 => self.covers_county(),
            Shape::Local { .. } => self.covers_subdivision(),
            Shape::Chapters => self.covers_country(),
            Shape::Online => match roll {
                0..12 => (Coverage::worldwide(), String::new()),
                12..45 => self.covers_country(),
                45..85 => self.covers_subdivision(),
                85..94 => self.covers_county(),
                _ => self.covers_postal_prefix(),
            },
            Shape::OneOnOne => match roll {
                0..60 => self.covers_subdivision(),
                60..85 => self.covers_county(),
                _ => self.covers_country(),
            },
        }
    }

    fn covers_country(&self) -> (Coverage, String) {
        let coverage = Coverage { countries: vec![self.town.country], ..Coverage::default() };
        (coverage, self.atlas.country_name(self.town).to_owned())
    }

    fn covers_subdivision(&self) -> (Coverage, String) {
        match self.town.subdivision {
            None => self.covers_country(),
            Some(subdivision) => {
                let coverage = Coverage { subdivisions: vec![subdivision], ..Coverage::default() };
                (coverage, self.atlas.region_name(self.town).to_owned())
            }
        }
    }

    /// The county around the town; its state where counties are not known.
    fn covers_county(&self) -> (Coverage, String) {
        match self.atlas.county(self.town) {
            None => self.covers_subdivision(),
            Some(county) => {
                let coverage = Coverage { counties: vec![county], ..Coverage::default() };
                (coverage, format!("{} Area", self.town.name))
            }
        }
    }

    /// The first three digits around a town of the United States; the state elsewhere.
    fn covers_postal_prefix(&self) -> (Coverage, String) {
        let code = self.atlas.postal_code(self.town).filter(|_| self.town.country.as_str() == "US");
        match code.and_then(|code| code.get(..3)).and_then(Text::lossy) {
            None => self.covers_subdivision(),
            Some(prefix) => {
                let prefix = PostalPrefix { country: self.town.country, prefix };
                let coverage = Coverage { postal_prefixes: vec![prefix], ..Coverage::default() };
                (coverage, format!("{} Area", self.town.name))
            }
        }
    }

    /// What is known of a few criteria, at one program in four.
    fn assessments(&self, terms: &Terms, random: &mut Rng) -> Vec<Assessment> {
        if random.u32(..4) != 0 {
            return Vec::new();
        }
        let day = self.calendar.day(calendar::TODAY - random.usize(..200));
        terms.assessments(&self.organization.host, day, random)
    }
}

/// A text of this module's own words.
fn text<const MAX: usize>(words: &str) -> Text<MAX> {
    Text::new(words).expect("the words here are few, and names of towns are at most 60 letters")
}

/// An address on an invented host.
fn link(address: &str) -> Option<Link> {
    address.parse().ok()
}

#[cfg(test)]
mod tests;
