//! How a result stands to the person, and why it is there, in words for people.

use std::borrow::Cow;
use std::io::Write as _;

use serde::Serialize;

use super::instants::push_digits;
use super::matching::{Match, Relation};
use super::render::Telling;
use super::similar::Similar;
use super::snapshot::Backdrop;
use crate::domain::words::words;
use crate::domain::{Taxonomy, Term, VerificationStatus, say};

words! {
    /// What a reason is about.
    pub enum ReasonKind {
        /// The words of the search are its name, or its organization's.
        Name = "name",
        /// It has a term that the words of the search mean.
        Term = "term",
        /// Where it is.
        Place = "place",
        /// It says that it takes the person's age.
        Age = "age",
        /// Somebody has made sure that it is true.
        Confirmed = "confirmed",
    }
}

/// A reason why a result is there.
#[derive(Debug, Serialize)]
struct Reason {
    kind: ReasonKind,
    text: Cow<'static, str>,
}

impl Reason {
    fn new(kind: ReasonKind, text: &'static str) -> Self {
        Self { kind, text: Cow::Borrowed(text) }
    }

    fn of_term(about: &str, term: &Term, lang: &str) -> Self {
        let text = Cow::Owned(format!("{about}: {}", term.label(lang)));
        Self { kind: ReasonKind::Term, text }
    }
}

/// What is farther is not called near, in meters.
const FAR_M: u32 = 50_000;

impl Backdrop {
    /// Writes how a result stands to the person.
    pub(super) fn write_match(
        &self,
        out: &mut Vec<u8>,
        found: &Match,
        verification: VerificationStatus,
        telling: &Telling<'_>,
    ) {
        let score = (found.score.total(), &found.score.terms()[..]);
        let reasons = self.reasons(found, verification, telling.lang);
        write_standing(out, found, score, &reasons, telling.explain);
    }

    /// Writes how a program that is like another stands to it.
    pub(super) fn write_likeness(
        &self,
        out: &mut Vec<u8>,
        similar: &Similar,
        verification: VerificationStatus,
        telling: &Telling<'_>,
    ) {
        let lang = telling.lang;
        let topics = similar.topics.iter().filter_map(|at| self.surroundings.terms.get(*at));
        let topics = topics.map(|term| {
            let about = say(lang, "Also about", "También sobre");
            Reason::of_term(about, term, lang)
        });
        let place = similar.found.relation.map(|relation| {
            let text = match relation {
                Relation::Near => say(lang, "It meets nearby.", "Se reúne cerca."),
                Relation::ServesArea => {
                    say(lang, "It serves the same area.", "Atiende la misma zona.")
                }
                Relation::OpenTo => say(
                    lang,
                    "It is open to everyone in the same country.",
                    "Está abierto a toda persona del mismo país.",
                ),
                Relation::FindAChapter => say(
                    lang,
                    "It has groups in many places. Its own finder shows the nearest.",
                    "Tiene grupos en muchos lugares. Su buscador muestra el más cercano.",
                ),
            };
            Reason::new(ReasonKind::Place, text)
        });
        let reasons = topics.chain(place).chain(confirmed(verification, lang));
        let reasons: Vec<Reason> = reasons.collect();
        let terms = similar.likeness.terms().map(|(name, points)| (name, points.cast_signed()));
        let score = (similar.likeness.total().cast_signed(), &terms[..]);
        write_standing(out, &similar.found, score, &reasons, telling.explain);
    }

    /// Why a result is there, the most telling first.
    fn reasons(&self, found: &Match, verification: VerificationStatus, lang: &str) -> Vec<Reason> {
        let say = |english: &'static str, spanish: &'static str| say(lang, english, spanish);
        let terms = found.terms.iter().filter_map(|at| self.surroundings.terms.get(*at));
        let terms = terms.map(|term| {
            let about = match term.taxonomy {
                Taxonomy::Topic => say("About", "Sobre"),
                Taxonomy::Audience => say("For", "Para"),
                Taxonomy::Approach => say("How it works", "Cómo funciona"),
                Taxonomy::Accessibility => say("Access", "Accesibilidad"),
                Taxonomy::Activity => say("What people do there", "Qué se hace"),
            };
            Reason::of_term(about, term, lang)
        });
        let place = found.relation.map(|relation| {
            let text = match relation {
                Relation::Near if found.distance_m() > Some(FAR_M) => say(
                    "It meets a longer trip away from this place.",
                    "Se reúne a un viaje más largo de este lugar.",
                ),
                Relation::Near => say("It meets near this place.", "Se reúne cerca de este lugar."),
                Relation::ServesArea => {
                    say("It serves the area of this place.", "Atiende la zona de este lugar.")
                }
                Relation::OpenTo => say(
                    "You can take part from anywhere in this country.",
                    "Puedes participar desde cualquier lugar de este país.",
                ),
                Relation::FindAChapter => say(
                    "It has groups in many places. Its own finder shows the nearest.",
                    "Tiene grupos en muchos lugares. Su buscador muestra el más cercano.",
                ),
            };
            Reason::new(ReasonKind::Place, text)
        });
        let age = found.takes_age.then(|| {
            let text = say("It takes people of this age.", "Acepta a personas de esta edad.");
            Reason::new(ReasonKind::Age, text)
        });
        let name = found.named.then(|| {
            let text = say(
                "You searched for its name, or for its organization.",
                "Buscaste su nombre o su organización.",
            );
            Reason::new(ReasonKind::Name, text)
        });
        name.into_iter()
            .chain(terms)
            .chain(place)
            .chain(age)
            .chain(confirmed(verification, lang))
            .collect()
    }
}

/// Writes how a program stands to what was asked, what it is worth for that and why it is there.
fn write_standing(
    out: &mut Vec<u8>,
    found: &Match,
    (total, terms): (i32, &[(&str, i32)]),
    reasons: &[Reason],
    explain: bool,
) {
    out.extend_from_slice(br#","match":{"score":"#);
    write_points(out, total);
    if let Some(relation) = found.relation {
        out.extend_from_slice(br#","relation":""#);
        out.extend_from_slice(relation.as_str().as_bytes());
        out.push(b'"');
    }
    if let Some(distance_m) = found.distance_m() {
        out.extend_from_slice(br#","distance_m":"#);
        out.extend_from_slice(itoa::Buffer::new().format(distance_m).as_bytes());
    }
    if let Some(coming) = &found.coming {
        coming.write(out, &found.sessions);
    }
    if explain {
        out.extend_from_slice(br#","explain":{"#);
        for (at, (name, points)) in terms.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            // Writing into memory cannot fail.
            let _written = write!(out, r#"{comma}"{name}":"#);
            write_points(out, *points);
        }
        out.push(b'}');
    }
    out.extend_from_slice(br#","reasons":"#);
    let _written = serde_json::to_writer(&mut *out, reasons);
    out.push(b'}');
}

fn confirmed(verification: VerificationStatus, lang: &str) -> Option<Reason> {
    (verification == VerificationStatus::Confirmed).then(|| {
        let text = say(lang, "Somebody checked this listing.", "Alguien comprobó estos datos.");
        Reason::new(ReasonKind::Confirmed, text)
    })
}

/// Writes thousandths of a point as points.
fn write_points(out: &mut Vec<u8>, points: i32) {
    if points < 0 {
        out.push(b'-');
    }
    let thousandths = points.unsigned_abs();
    let mut number = itoa::Buffer::new();
    out.extend_from_slice(number.format(thousandths / 1_000).as_bytes());
    out.push(b'.');
    push_digits(out, thousandths, 3);
}
