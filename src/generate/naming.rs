//! What the invented programs and organizations are called, and what is said about them.

use fastrand::Rng;

use super::places::Town;
use super::sessions::{Met, Told, part_of_day};
use super::{Shape, Sketch, words};
use crate::domain::{Form, Slug};

/// The name of an organization: invented words, at times with its town.
pub(super) fn organization(town: &Town, random: &mut Rng) -> String {
    let (first, second) = invented(random);
    let what = words::any(&words::ORGANIZATIONS, random);
    match random.u32(..10) {
        0..3 => format!("{first} {second} {what} of {}", town.name),
        _ => format!("{first} {second} {what}"),
    }
}

/// The host of an organization's pages, one for each organization.
pub(super) fn host(name: &str, number: usize) -> String {
    let slug = Slug::from_name(name);
    let first = slug.as_str().split('-').next().unwrap_or_default();
    let short: String = first.chars().take(16).collect();
    format!("{short}{number}.example")
}

/// The name of a program; `reach` is what the area it serves is called.
pub(super) fn program(sketch: &Sketch<'_>, met: &Met, reach: &str, random: &mut Rng) -> String {
    if let Some(name) = foreign(sketch) {
        return name;
    }
    let topic = sketch.topics[0].title;
    let town = &*sketch.town.name;
    let group = group(sketch.form, random);
    let (first, second) = invented(random);
    let audience = sketch.people.audiences.first().map_or("", |(_, title, _)| *title);
    match sketch.shape {
        Shape::Local { .. } => match (random.u32(..100), met.pattern, &met.venue) {
            (0..18, Some(Told { weekday, hour, .. }), _) => {
                let day = words::WEEKDAYS[weekday];
                format!("{day} {} {topic} {group}, {town}", part_of_day(hour))
            }
            (0..30, _, Some(venue)) => format!("{venue} {topic} {group}"),
            (0..50, ..) if !audience.is_empty() => format!("{audience} {topic} {group}, {town}"),
            (0..62, ..) => format!("{town} {topic} {group}"),
            (62..80, ..) => format!("{first} {second} {topic} {group}"),
            (80..90, ..) => format!("{first} {second}: {topic} {group} in {town}"),
            _ => format!("The {first} {second} {group}, {town}"),
        },
        Shape::Chapters => format!("{first} {second} {topic} Chapters"),
        Shape::Online => match (random.u32(..100), met.pattern) {
            (0..25, Some(Told { weekday, hour, .. })) => {
                let day = words::WEEKDAYS[weekday];
                format!("{day} {} Online {topic} {group}", part_of_day(hour))
            }
            (0..45, _) if !audience.is_empty() => format!("{audience} Online {topic} {group}"),
            (0..65, _) if !reach.is_empty() => format!("{reach} Online {topic} {group}"),
            _ => format!("{first} {second} Online {topic} {group}"),
        },
        Shape::OneOnOne => match random.u32(..100) {
            0..40 if !reach.is_empty() => format!("{reach} {topic} {group}"),
            40..60 if !audience.is_empty() => format!("{audience} {topic} {group}"),
            _ => format!("{first} {second} {topic} {group}"),
        },
    }
}

/// One or two sentences on what the program is.
pub(super) fn summary(sketch: &Sketch<'_>, met: &Met, random: &mut Rng) -> String {
    let openings: &[(&str, &str)] = match sketch.shape {
        Shape::OneOnOne => &words::ONE_ON_ONE_OPENINGS,
        _ => &words::OPENINGS,
    };
    let (before, after) = words::any(openings, random);
    let who = who(sketch);
    let mut summary = String::with_capacity(200);
    summary.extend([before, who.as_str(), after]);
    match (sketch.shape, met.pattern) {
        (Shape::Local { hidden: false, .. }, Some(told)) if random.u32(..10) < 4 => {
            summary.extend([" We meet ", told.rhythm, " in ", sketch.town.name.as_str(), "."]);
        }
        (Shape::Chapters, _) => summary.push_str(" Chapters meet in many towns."),
        (Shape::OneOnOne, _) => {}
        _ => summary.extend([" ", words::any(&words::CLOSINGS, random)]),
    }
    summary
}

/// What the program is at length: two to four sentences.
pub(super) fn description(random: &mut Rng) -> String {
    let many = random.usize(2..4);
    let step = words::any(&[3, 5, 9], random);
    let first = random.usize(..words::DESCRIPTIONS.len());
    let sentences: Vec<&str> = (0..many)
        // The steps have no divisor in common with the number of sentences: none comes twice.
        .map(|n| words::DESCRIPTIONS[(first + n * step) % words::DESCRIPTIONS.len()])
        .collect();
    sentences.join(" ")
}

/// Whom it is for: "veterans living with depression".
fn who(sketch: &Sketch<'_>) -> String {
    let living = sketch.topics[0].living;
    let people = &sketch.people;
    let noun = people.audiences.first().map_or("people", |(_, _, noun)| *noun);
    if !people.supporters {
        format!("{noun} {living}")
    } else if people.myself {
        format!("people {living} and those close to them")
    } else {
        format!("families and friends of people {living}")
    }
}

fn group(form: Form, random: &mut Rng) -> &'static str {
    match form {
        Form::SupportGroup => words::skewed(&words::GROUPS, random),
        Form::DropInCenter => words::any(&["Drop-In", "Drop-In Center", "Open House"], random),
        Form::Clubhouse => "Clubhouse",
        Form::RespiteStay => words::any(&["Respite House", "Peer Respite"], random),
        Form::Class => words::any(&["Class", "Workshop", "Course"], random),
        Form::Warmline => words::any(&["Warmline", "Peer Line", "Listening Line"], random),
        Form::Forum => words::any(&["Forum", "Community", "Board"], random),
        Form::Mentoring => words::any(&["Peer Mentors", "Companions", "Peer Mentoring"], random),
    }
}

/// A name in the program's own language, where its words are known.
fn foreign(sketch: &Sketch<'_>) -> Option<String> {
    let (_, titles) = words::FOREIGN_TOPICS.iter().find(|(key, _)| *key == sketch.topics[0].key)?;
    let [spanish, french, german] = titles;
    let group = matches!(sketch.form, Form::SupportGroup);
    let town = if matches!(sketch.shape, Shape::Local { .. }) {
        &*sketch.town.name
    } else {
        match *sketch.languages.first()? {
            "es" => "en línea",
            "fr" => "en ligne",
            _ => "online",
        }
    };
    match *sketch.languages.first()? {
        "es" if group => Some(format!("Grupo de apoyo: {spanish}, {town}")),
        "fr" if group => Some(format!("Groupe d’entraide : {french}, {town}")),
        "de" if group => Some(format!("Selbsthilfegruppe {german}, {town}")),
        _ => None,
    }
}

fn invented(random: &mut Rng) -> (&'static str, &'static str) {
    (words::any(&words::ADJECTIVES, random), words::any(&words::NOUNS, random))
}
