//! What a person who chooses is told of a program: what fits, what does not, what to ask. Never a number.

use std::fmt::Write as _;

use serde::Serialize;

use super::wire_choosing::{AskAnswer, PointAnswer};
use crate::domain::{ADULT, Basis, SAFEGUARDING, Stand, TermKey, reads_spanish, said, say};
use crate::http::labels::label;
use crate::search::{FacetField, Field, Has, Known, Match, Matter, Query, Relation, Snapshot};

/// How a program meets what was asked.
#[derive(Default, Serialize)]
pub(super) struct Advice {
    pub(super) fits: Vec<PointAnswer>,
    pub(super) does_not_fit: Vec<PointAnswer>,
    pub(super) unknown: Vec<PointAnswer>,
    pub(super) ask: Vec<AskAnswer>,
}

/// A language to speak in.
#[derive(Clone, Copy)]
pub(super) struct Voice<'a> {
    pub(super) lang: &'a str,
    spanish: bool,
}

impl<'a> Voice<'a> {
    pub(super) fn of(lang: &'a str) -> Self {
        Self { lang, spanish: reads_spanish(lang) }
    }

    pub(super) fn say(self, english: &'static str, spanish: &'static str) -> &'static str {
        say(self.lang, english, spanish)
    }
}

/// How a program meets what was asked, point by point.
pub(super) fn advice(
    snapshot: &Snapshot,
    query: &Query,
    found: &Match,
    known: &Known,
    voice: Voice<'_>,
) -> Advice {
    let mut advice = Advice::default();
    let teller = Teller { snapshot, known, voice };
    for choice in query.choices.iter().filter(|choice| choice.field != Field::For) {
        if choice.field == Field::Criteria {
            advice.fits.extend(choice.all.iter().map(|key| teller.criterion(key)));
            continue;
        }
        let asked: Vec<&String> = choice.any.iter().chain(&choice.all).collect();
        let has = |value: &&&String| snapshot.has(found.program, choice.field, value);
        let held: Vec<&String> = asked.iter().filter(has).copied().collect();
        if choice.field == Field::Answer {
            advice.fits.extend(held.into_iter().map(|value| teller.answer(value)));
        } else if !held.is_empty() {
            advice.fits.push(teller.field(choice.field, &held, Has::Yes));
        }
    }
    let mut weighed = query.matters.iter().zip(found.matters());
    let is_held = weighed.any(|(matter, has)| matter.field == Field::Audience && *has == Has::Yes);
    let is_asked = query.choices.iter().any(|choice| choice.field == Field::Audience);
    let age_is_told = query.age.is_some();
    let made_for = (!is_held && !is_asked).then(|| teller.made_for(age_is_told)).flatten();
    let tells_for_whom = made_for.is_some();
    advice.unknown.extend(made_for);
    let point = |about: &str, text: &str| PointAnswer { about: about.into(), text: text.into() };
    match found.relation {
        Some(Relation::Near) => advice
            .fits
            .push(point("near", voice.say("It meets near you.", "Se reúne cerca de ti."))),
        Some(Relation::ServesArea) => {
            advice.fits.push(point("near", voice.say("It serves your area.", "Atiende tu zona.")));
        }
        Some(Relation::OpenTo) => advice.fits.push(point(
            "near",
            voice.say("You can join from where you are.", "Puedes participar desde donde estás."),
        )),
        Some(Relation::FindAChapter) => advice.unknown.push(point(
            "near",
            voice.say(
                "It has groups in many places. Its own finder shows the nearest.",
                "Tiene grupos en muchos lugares. Su buscador muestra el más cercano.",
            ),
        )),
        None => {}
    }
    if query.age.is_some() {
        if found.takes_age() {
            let text = voice.say("It takes people of your age.", "Acepta a personas de tu edad.");
            advice.fits.push(point("age", text));
        } else {
            let text = voice.say(
                "It does not say which ages it takes. Ask them.",
                "No dice qué edades acepta. Pregúntales.",
            );
            advice.unknown.push(point("age", text));
        }
    }
    advice.times(query, found, voice);
    if !query.attendance.is_empty() || !query.channels.is_empty() {
        let text = voice.say(
            "You can take part in the way you asked for.",
            "Puedes participar de la forma que pediste.",
        );
        advice.fits.push(point("attendance", text));
    }
    for (matter, has) in query.matters.iter().zip(found.matters()) {
        let told = matter.field == Field::Audience && tells_for_whom;
        if told || !teller.is_asked(matter) {
            continue;
        }
        let list = match has {
            Has::Yes => &mut advice.fits,
            Has::No => &mut advice.does_not_fit,
            Has::Unknown => &mut advice.unknown,
        };
        list.push(match (matter.field, &matter.values[..]) {
            (Field::Criteria, [key]) => teller.criterion(key),
            (field, values) => {
                let held = values.iter().filter(|v| snapshot.has(found.program, field, v));
                let held: Vec<&String> = held.collect();
                let all = values.iter().collect::<Vec<_>>();
                teller.field(field, if held.is_empty() { &all } else { &held }, *has)
            }
        });
    }
    let matters = query.matters.iter().filter(|matter| matter.field == Field::Criteria);
    let matters: Vec<&str> = matters.flat_map(|m| m.values.iter().map(String::as_str)).collect();
    let by_minor = query.age.is_some_and(|age| age < ADULT);
    advice.ask = questions(snapshot, known, by_minor, &matters, voice);
    advice
}

impl Advice {
    /// Whether it takes place when the person can.
    fn times(&mut self, query: &Query, found: &Match, voice: Voice<'_>) {
        let point =
            |about: &str, text: &str| PointAnswer { about: about.into(), text: text.into() };
        if !query.window.is_any() {
            let text = voice.say("It takes place when you can.", "Es a una hora que te sirve.");
            self.fits.push(point("times", text));
        }
        match found.wished() {
            Some(Has::Yes) => self.fits.push(point(
                "times",
                voice.say("It takes place when you can.", "Es a una hora que te sirve."),
            )),
            Some(Has::No) => self.does_not_fit.push(point(
                "times",
                voice.say("It takes place at other times.", "Es a otras horas."),
            )),
            Some(Has::Unknown) => self.unknown.push(point(
                "times",
                voice.say("It does not say when. Ask them.", "No dice cuándo. Pregúntales."),
            )),
            None => {}
        }
    }
}

pub(super) fn questions(
    snapshot: &Snapshot,
    known: &Known,
    by_minor: bool,
    matters: &[&str],
    voice: Voice<'_>,
) -> Vec<AskAnswer> {
    let questions = snapshot.questions(known, by_minor, matters).into_iter();
    questions
        .map(|(criterion, _, question)| AskAnswer {
            criterion: criterion.key.to_string(),
            question: said(question, voice.lang).to_owned(),
        })
        .collect()
}

/// The question how adults are checked, as somebody under 18 asks it; nothing where that is known.
pub(super) fn safeguarding(snapshot: &Snapshot, known: &Known, voice: Voice<'_>) -> Vec<AskAnswer> {
    let mut questions = questions(snapshot, known, true, &[], voice);
    questions.retain(|question| question.criterion == SAFEGUARDING);
    questions
}

/// The audiences that are told by their age.
const AGE_GROUPS: [&str; 5] = ["children", "teens", "young_adults", "adults", "older_adults"];

/// What tells of one program.
struct Teller<'a> {
    snapshot: &'a Snapshot,
    known: &'a Known,
    voice: Voice<'a>,
}

impl Teller<'_> {
    /// Whether what matters can be told of such a program at all.
    fn is_asked(&self, matter: &Matter) -> bool {
        let (Field::Criteria, [key]) = (matter.field, &matter.values[..]) else { return true };
        let criterion = self.snapshot.choosing().criterion(key);
        criterion.is_some_and(|criterion| criterion.is_asked_of(&self.known.kinds, self.known.ages))
    }

    fn criterion(&self, key: &str) -> PointAnswer {
        let (lang, voice) = (self.voice.lang, self.voice);
        let Some(criterion) = self.snapshot.choosing().criterion(key) else {
            return PointAnswer { about: key.to_owned(), text: String::new() };
        };
        let today = self.snapshot.surroundings().today;
        let evidence = criterion.evidence(&self.known.assessments, today);
        let value = evidence
            .decides
            .and_then(|found| criterion.values.iter().find(|value| value.key == found.value));
        let meaning = value.map_or("", |value| said(&value.meaning, lang));
        let attested = evidence.decides.is_some_and(|found| found.basis == Basis::Attested);
        let mut text = format!("{}: ", said(&criterion.title, lang));
        // Writing into memory cannot fail.
        let _written = match evidence.stand {
            Stand::Met | Stand::NotMet => write!(text, "{meaning}"),
            Stand::Unknown if attested && value.is_some_and(|v| v.meets == Some(true)) => {
                let itself = voice.say(
                    "It says so itself, and nobody has checked. Ask them.",
                    "Lo dice el propio programa y nadie lo ha comprobado. Pregúntales.",
                );
                write!(text, "{itself}")
            }
            Stand::Unknown => {
                let nobody = voice.say("We do not know yet.", "Todavía no lo sabemos.");
                let meaning = if meaning.is_empty() { nobody } else { meaning };
                write!(text, "{meaning} {}", voice.say("Ask them.", "Pregúntales."))
            }
        };
        PointAnswer { about: key.to_owned(), text }
    }

    /// An answer to a second question that was asked for.
    fn answer(&self, value: &str) -> PointAnswer {
        let text = label(self.snapshot, FacetField::Field(Field::Answer), value, self.voice.lang);
        PointAnswer { about: Field::Answer.as_str().to_owned(), text: text.into_owned() }
    }

    /// Whom it is made for, to somebody who did not say who they are. The ages of one that is for adults too
    /// go without saying, and so do those of one whose age was asked.
    fn made_for(&self, age_is_told: bool) -> Option<PointAnswer> {
        let (snapshot, voice) = (self.snapshot, self.voice);
        let all = || self.known.audiences.iter().map(TermKey::as_str);
        let any_age = age_is_told || all().any(|key| key == "adults");
        let some = all().filter(|key| !(any_age && AGE_GROUPS.contains(key)));
        let labels = some.map(|key| {
            label(snapshot, FacetField::Field(Field::Audience), key, voice.lang).into_owned()
        });
        let labels = labels.collect::<Vec<_>>().join(", ");
        let (made, ask) = if voice.spanish {
            ("Está hecho para", "Pregúntales si puedes participar.")
        } else {
            ("It is made for", "Ask them whether you can come.")
        };
        let text = format!("{made}: {labels}. {ask}");
        (!labels.is_empty()).then(|| PointAnswer { about: "audience".to_owned(), text })
    }

    fn field(&self, field: Field, values: &[&String], has: Has) -> PointAnswer {
        let voice = self.voice;
        let labels = values.iter().map(|value| {
            label(self.snapshot, FacetField::Field(field), value, voice.lang).into_owned()
        });
        let labels = labels.collect::<Vec<_>>().join(", ");
        let about = match field {
            Field::Topic => voice.say("About", "Sobre"),
            Field::Audience | Field::For => voice.say("For", "Para"),
            Field::Approach => voice.say("How it works", "Cómo funciona"),
            Field::Accessibility => voice.say("Access", "Accesibilidad"),
            Field::Activity => voice.say("What people do there", "Qué se hace"),
            Field::Language => voice.say("Language", "Idioma"),
            Field::Cost => voice.say("Cost", "Costo"),
            Field::Access => voice.say("Getting in", "Para entrar"),
            Field::Kind | Field::Form | Field::Criteria | Field::Answer => {
                voice.say("What it is", "Qué es")
            }
        };
        let open = voice.say("", "¿");
        let text = match has {
            Has::Yes => format!("{about}: {labels}"),
            // A label may begin with a capital: it stays whole, as a question.
            Has::No => format!("{about}: {open}{labels}? No."),
            Has::Unknown => {
                let nobody = voice.say("It does not say.", "No lo dice.");
                format!(
                    "{about}: {open}{labels}? {nobody} {}",
                    voice.say("Ask them.", "Pregúntales.")
                )
            }
        };
        PointAnswer { about: field.as_str().to_owned(), text }
    }
}
