//! When and where the invented programs meet.

use fastrand::Rng;

use super::calendar::{Pattern, TODAY};
use super::{Shape, Sketch, link, text, words};
use crate::domain::{
    Address, AreaCenter, Attendance, Channel, Form, Link, LocationDraft, LocationId, Precision,
    PrecisionReason, Session, SessionForm, SessionStatus,
};

/// The sessions of a program with their places.
#[derive(Debug, Default)]
pub(super) struct Met {
    pub(super) sessions: Vec<Session>,
    pub(super) locations: Vec<(LocationId, LocationDraft)>,
    /// The first pattern, when there is one that a name can tell.
    pub(super) pattern: Option<Told>,
    /// The name of the first place, when everybody may know it.
    pub(super) venue: Option<String>,
}

/// What a name can tell of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) weekday: usize,
    pub(super) hour: i8,
    pub(super) rhythm: &'static str,
}

/// Makes the sessions of a program.
pub(super) fn sessions(sketch: &Sketch<'_>, random: &mut Rng) -> Met {
    let mut met = Met::default();
    match (sketch.shape, sketch.form) {
        (Shape::Chapters, _) => {}
        (Shape::Local { hybrid, hidden }, form) => {
            met.add_local(sketch, form, hybrid, hidden, random);
        }
        (Shape::Online, Form::Forum) => {
            let mut session = session(Attendance::Online, vec![Channel::Forum]);
            session.form = SessionForm::AlwaysOpen;
            met.sessions.push(session);
        }
        (Shape::Online, _) => met.add_online(sketch, random),
        (Shape::OneOnOne, Form::Warmline) => {
            let channels = match random.u32(..10) {
                0..7 => vec![Channel::Phone],
                7..9 => vec![Channel::Phone, Channel::Text],
                _ => vec![Channel::Chat, Channel::Text],
            };
            let mut session = session(Attendance::Online, channels);
            session.form = SessionForm::OpenHours;
            session.schedule = Some(sketch.calendar.line_hours(&sketch.town.zone, random));
            met.sessions.push(session);
        }
        (Shape::OneOnOne, _) => {
            let mut session = match random.u32(..10) {
                0..6 => session(Attendance::Online, vec![Channel::Video, Channel::Phone]),
                6..8 => session(Attendance::Online, vec![Channel::Phone]),
                _ => session(Attendance::InPerson, vec![Channel::InPerson]),
            };
            session.schedule_note = Some(text("At times that the two agree on."));
            met.sessions.push(session);
        }
    }
    met
}

impl Met {
    fn add_local(
        &mut self,
        sketch: &Sketch<'_>,
        form: Form,
        hybrid: bool,
        hidden: bool,
        random: &mut Rng,
    ) {
        let place = self.add_location(sketch, hidden, random);
        let (attendance, channels) = if hybrid {
            (Attendance::Hybrid, vec![Channel::InPerson, Channel::Video])
        } else {
            (Attendance::InPerson, vec![Channel::InPerson])
        };
        let mut blank = session(attendance, channels);
        blank.location = Some(place);
        match form {
            Form::DropInCenter | Form::Clubhouse => {
                blank.form = SessionForm::OpenHours;
                blank.schedule = Some(sketch.calendar.working_days(&sketch.town.zone, random));
                self.sessions.push(blank);
                return;
            }
            Form::RespiteStay => {
                blank.form = SessionForm::AlwaysOpen;
                blank.schedule_note = Some(text("Stays of up to seven nights; call first."));
                self.sessions.push(blank);
                return;
            }
            _ => {}
        }
        if hybrid {
            blank.sign_up_url.clone_from(&sketch.organization.sign_up);
            blank.join_url = join(sketch);
        }
        self.add_meetings(sketch, &blank, random);
        // A group with several meetings may have several places.
        for n in 1..self.sessions.len() {
            if random.u32(..10) < 3 {
                self.sessions[n].location = Some(self.add_location(sketch, hidden, random));
            }
        }
    }

    fn add_online(&mut self, sketch: &Sketch<'_>, random: &mut Rng) {
        let channels = match random.u32(..10) {
            0..7 => vec![Channel::Video],
            7..9 => vec![Channel::Video, Channel::Phone],
            _ => vec![Channel::Chat],
        };
        let mut blank = session(Attendance::Online, channels);
        blank.sign_up_url.clone_from(&sketch.organization.sign_up);
        if random.u32(..4) == 0 {
            blank.join_url = join(sketch);
        }
        self.add_meetings(sketch, &blank, random);
    }

    /// One to three meetings like `blank`, with their times as far as they are known.
    fn add_meetings(&mut self, sketch: &Sketch<'_>, blank: &Session, random: &mut Rng) {
        if random.u32(..10) == 0 {
            let note = Some(text(words::any(&words::NOTES, random)));
            self.sessions.push(Session { schedule_note: note, ..blank.clone() });
            return;
        }
        let count = match random.u32(..100) {
            0..80 => 1,
            80..94 => 2,
            _ => 3,
        };
        for n in 0..count {
            let Pattern { schedule, weekday, hour, rhythm } =
                sketch.calendar.meetings(&sketch.town.zone, random);
            let mut session = Session { schedule: Some(schedule), ..blank.clone() };
            if count > 1 {
                session.name =
                    Some(text(&format!("{} {}", words::WEEKDAYS[weekday], part_of_day(hour))));
            } else {
                self.pattern = Some(Told { weekday, hour, rhythm });
            }
            if n == 0 && random.u32(..40) == 0 {
                session.status = SessionStatus::Paused;
                session.status_since = Some(sketch.calendar.day(TODAY - random.usize(5..60)));
                session.status_until =
                    random.bool().then(|| sketch.calendar.day(TODAY + random.usize(20..90)));
            }
            self.sessions.push(session);
        }
    }

    /// A place in the town, as exactly as the public may know it.
    fn add_location(&mut self, sketch: &Sketch<'_>, hidden: bool, random: &mut Rng) -> LocationId {
        let town = sketch.town;
        let key = format!("{}-{}", sketch.number, self.locations.len() + 1);
        let id = LocationId::derived(sketch.source, &key);
        let spot = sketch.atlas.spot(town, random);
        let withheld = Some(PrecisionReason::Withheld);
        let (precision, reason) = match random.u32(..96) {
            _ if hidden => (Precision::Hidden, withheld),
            0..8 => (Precision::Approximate, withheld),
            8..12 => (Precision::Area, withheld),
            12..16 => (Precision::Area, Some(PrecisionReason::NotKnown)),
            _ => (Precision::Exact, None),
        };
        let address_known = reason != Some(PrecisionReason::NotKnown);
        let venue = format!(
            "{} {}",
            words::any(if random.bool() { &words::NOUNS } else { &words::ADJECTIVES }, random),
            words::any(&words::VENUES, random)
        );
        if self.locations.is_empty() && precision == Precision::Exact {
            self.venue = Some(venue.clone());
        }
        let area = AreaCenter {
            position: town.position,
            radius_m: if town.population > 500_000 { 10_000 } else { 5_000 },
        };
        let draft = LocationDraft {
            name: address_known.then(|| text(&venue)),
            address: Address {
                street: address_known.then(|| text(&street(town.language, random))),
                city: Some(town.name.clone()),
                subdivision: town.subdivision,
                postal_code: spot.postal_code.filter(|_| address_known).map(|code| text(&code)),
                country: Some(town.country),
            },
            position: address_known.then_some(spot.position),
            area: (precision == Precision::Area).then_some(area),
            precision,
            reason,
            directions: (address_known && random.u32(..10) < 2)
                .then(|| text(words::any(&words::ROOMS, random))),
        };
        self.locations.push((id, draft));
        id
    }
}

/// Which part of the day an hour is in.
pub(super) const fn part_of_day(hour: i8) -> &'static str {
    match hour {
        ..12 => "Morning",
        12..14 => "Lunchtime",
        14..17 => "Afternoon",
        _ => "Evening",
    }
}

fn session(attendance: Attendance, channels: Vec<Channel>) -> Session {
    Session {
        name: None,
        attendance,
        form: SessionForm::Meeting,
        channels,
        schedule: None,
        schedule_note: None,
        location: None,
        sign_up_url: None,
        join_url: None,
        join_phone: None,
        note: None,
        status: SessionStatus::Active,
        status_since: None,
        status_until: None,
    }
}

fn join(sketch: &Sketch<'_>) -> Option<Link> {
    link(&format!("https://meet.example/{}-{}", sketch.source, sketch.number))
}

/// A house number and a street, as they are written in the language.
fn street(language: &str, random: &mut Rng) -> String {
    const GERMAN: [&str; 6] = ["Linden", "Bahnhof", "Garten", "Schul", "Kirch", "Mühlen"];
    const FRENCH: [&str; 6] =
        ["de la Gare", "des Lilas", "du Moulin", "des Écoles", "du Pont", "de la Paix"];
    const SPANISH: [&str; 6] =
        ["del Sol", "Mayor", "de la Luna", "del Río", "de los Olivos", "Nueva"];
    let number = random.u32(1..400);
    match language {
        "de" => format!("{}straße {}", words::any(&GERMAN, random), number % 120 + 1),
        "fr" => format!("{} rue {}", number % 120 + 1, words::any(&FRENCH, random)),
        "es" => format!("Calle {} {}", words::any(&SPANISH, random), number % 120 + 1),
        _ => format!(
            "{number} {} {}",
            words::any(&words::STREETS, random),
            words::any(&words::WAYS, random)
        ),
    }
}
