//! Why a result is there, in words for people.

use serde::Serialize;

use super::matching::{Match, Relation};
use super::snapshot::Backdrop;
use crate::domain::words::words;
use crate::domain::{Taxonomy, VerificationStatus};

words! {
    /// What a reason is about.
    pub enum ReasonKind {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Reason {
    kind: ReasonKind,
    text: String,
}

impl Backdrop {
    /// Why a result is there, the most telling first.
    pub(super) fn reasons(
        &self,
        found: &Match,
        verification: VerificationStatus,
        lang: &str,
    ) -> Vec<Reason> {
        let spanish = lang == "es" || lang.starts_with("es-");
        let say = |english: &str, spanish_words: &str| {
            if spanish { spanish_words } else { english }.to_owned()
        };
        let terms = found.terms.iter().filter_map(|at| self.surroundings.terms.get(*at));
        let terms = terms.map(|term| {
            let about = match term.taxonomy {
                Taxonomy::Topic => say("About", "Sobre"),
                Taxonomy::Audience => say("For", "Para"),
                Taxonomy::Approach => say("How it works", "Cómo funciona"),
                Taxonomy::Accessibility => say("Access", "Accesibilidad"),
                Taxonomy::Activity => say("What people do there", "Qué se hace"),
            };
            Reason { kind: ReasonKind::Term, text: format!("{about}: {}", term.label(lang)) }
        });
        let place = found.relation.map(|relation| {
            let text = match relation {
                Relation::Near => say("It meets near this place.", "Se reúne cerca de este lugar."),
                Relation::ServesArea => {
                    say("It serves the area of this place.", "Atiende la zona de este lugar.")
                }
                Relation::OpenTo => say(
                    "It is open to everyone in this country.",
                    "Está abierto a toda persona de este país.",
                ),
                Relation::FindAChapter => say(
                    "It has groups in many places. Its own finder shows the nearest.",
                    "Tiene grupos en muchos lugares. Su buscador muestra el más cercano.",
                ),
            };
            Reason { kind: ReasonKind::Place, text }
        });
        let age = found.takes_age.then(|| Reason {
            kind: ReasonKind::Age,
            text: say("It takes people of this age.", "Acepta a personas de esta edad."),
        });
        let confirmed = (verification == VerificationStatus::Confirmed).then(|| Reason {
            kind: ReasonKind::Confirmed,
            text: say("Somebody checked this listing.", "Alguien comprobó estos datos."),
        });
        terms.chain(place).chain(age).chain(confirmed).collect()
    }
}
