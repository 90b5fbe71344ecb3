//! What people read for the values of facets.

use std::borrow::Cow;

use crate::domain::{Taxonomy, names_of_language, reads_spanish, said};
use crate::search::{FacetField, Field, Snapshot};

/// The words of closed vocabularies in Spanish, by the facet they are values of.
const SPANISH: &[(&str, &str, &str)] = &[
    ("kind", "local_group", "Grupo local"),
    ("kind", "online", "En línea"),
    ("kind", "one_on_one", "De persona a persona"),
    ("form", "support_group", "Grupo de apoyo"),
    ("form", "drop_in_center", "Centro de puertas abiertas"),
    ("form", "clubhouse", "Casa club"),
    ("form", "respite_stay", "Estancia de respiro"),
    ("form", "class", "Curso"),
    ("form", "warmline", "Línea de apoyo"),
    ("form", "forum", "Foro"),
    ("form", "mentoring", "Acompañamiento"),
    ("cost", "free", "Gratis"),
    ("cost", "donation", "Donativo"),
    ("cost", "sliding", "Según tus ingresos"),
    ("cost", "paid", "De pago"),
    ("access", "drop_in", "Sin cita previa"),
    ("access", "register", "Con inscripción"),
    ("access", "interview", "Con entrevista"),
    ("access", "referral", "Con derivación"),
    ("access", "members", "Solo para miembros"),
    ("for", "self", "Para mí"),
    ("for", "someone_i_support", "Para alguien a quien apoyo"),
    ("attendance", "in_person", "En persona"),
    ("attendance", "online", "En línea"),
    ("attendance", "hybrid", "En persona y en línea"),
    ("channel", "in_person", "En persona"),
    ("channel", "phone", "Teléfono"),
    ("channel", "text", "Mensajes de texto"),
    ("channel", "video", "Video"),
    ("channel", "chat", "Chat"),
    ("channel", "forum", "Foro"),
    ("channel", "email", "Correo electrónico"),
    ("channel", "web_form", "Formulario web"),
    ("accepting", "yes", "Sí"),
    ("accepting", "waitlist", "Lista de espera"),
    ("accepting", "no", "No"),
    ("accepting", "unknown", "No se sabe"),
    ("day", "mon", "Lunes"),
    ("day", "tue", "Martes"),
    ("day", "wed", "Miércoles"),
    ("day", "thu", "Jueves"),
    ("day", "fri", "Viernes"),
    ("day", "sat", "Sábado"),
    ("day", "sun", "Domingo"),
    ("time_of_day", "morning", "Por la mañana"),
    ("time_of_day", "afternoon", "Por la tarde"),
    ("time_of_day", "evening", "Por la tarde-noche"),
    ("time_of_day", "night", "Por la noche"),
];

/// What people read for a value of a facet, in `lang` where there is a label in it.
pub(super) fn label<'a>(
    snapshot: &'a Snapshot,
    facet: FacetField,
    value: &'a str,
    lang: &str,
) -> Cow<'a, str> {
    let taxonomy = match facet {
        FacetField::Field(Field::Topic) => Taxonomy::Topic,
        FacetField::Field(Field::Audience) => Taxonomy::Audience,
        FacetField::Field(Field::Approach) => Taxonomy::Approach,
        FacetField::Field(Field::Accessibility) => Taxonomy::Accessibility,
        FacetField::Field(Field::Activity) => Taxonomy::Activity,
        FacetField::Field(Field::Language) => {
            return Cow::Borrowed(match names_of_language(value) {
                Some([_, spanish, _]) if reads_spanish(lang) && !spanish.is_empty() => spanish,
                Some([english, ..]) => english,
                None => value,
            });
        }
        FacetField::Field(Field::Criteria) => {
            let known = snapshot.choosing().criterion(value);
            return Cow::Borrowed(known.map_or(value, |known| said(&known.title, lang)));
        }
        FacetField::Field(Field::Answer) => return answer(snapshot, value, lang),
        closed => return word(closed, value, lang),
    };
    snapshot
        .term(taxonomy, value)
        .map_or(Cow::Borrowed(value), |term| Cow::Borrowed(term.label(lang)))
}

/// An answer to a second question, `QUESTION:ANSWER`, as people read it: with its question.
fn answer<'a>(snapshot: &'a Snapshot, value: &'a str, lang: &str) -> Cow<'a, str> {
    let known = value.split_once(':').and_then(|(question, answer)| {
        let question = snapshot.choosing().second_question(question)?;
        Some((question, question.values.iter().find(|known| known.key.as_str() == answer)?))
    });
    known.map_or(Cow::Borrowed(value), |(question, answer)| {
        let (question, answer) = (said(&question.question, lang), said(&answer.meaning, lang));
        Cow::Owned(format!("{question} {answer}"))
    })
}

/// A word of a closed vocabulary as people read it: `one_on_one` becomes `One on one`.
fn word<'a>(facet: FacetField, value: &str, lang: &str) -> Cow<'a, str> {
    let spanish = || SPANISH.iter().find(|(of, known, _)| *of == facet.as_str() && *known == value);
    if reads_spanish(lang)
        && let Some((.., label)) = spanish()
    {
        return Cow::Borrowed(label);
    }
    match (facet, value) {
        (FacetField::Field(Field::For), "self") => Cow::Borrowed("For myself"),
        (FacetField::Field(Field::For), _) => Cow::Borrowed("For someone I support"),
        (FacetField::Day, "mon") => Cow::Borrowed("Monday"),
        (FacetField::Day, "tue") => Cow::Borrowed("Tuesday"),
        (FacetField::Day, "wed") => Cow::Borrowed("Wednesday"),
        (FacetField::Day, "thu") => Cow::Borrowed("Thursday"),
        (FacetField::Day, "fri") => Cow::Borrowed("Friday"),
        (FacetField::Day, "sat") => Cow::Borrowed("Saturday"),
        (FacetField::Day, "sun") => Cow::Borrowed("Sunday"),
        _ => {
            let mut text = value.replace('_', " ");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            Cow::Owned(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AcceptingStatus, Access, Attendance, Channel, CostKind, ForWhom, Form, Kind,
    };
    use crate::search::{Day, TimeOfDay};

    #[test]
    fn every_closed_word_has_a_spanish_label_and_an_english_one() {
        let fields: [(FacetField, &[&str]); 10] = [
            (FacetField::Field(Field::Kind), Kind::WORDS),
            (FacetField::Field(Field::Form), Form::WORDS),
            (FacetField::Field(Field::Cost), CostKind::WORDS),
            (FacetField::Field(Field::Access), Access::WORDS),
            (FacetField::Field(Field::For), ForWhom::WORDS),
            (FacetField::Attendance, Attendance::WORDS),
            (FacetField::Channel, Channel::WORDS),
            (FacetField::Accepting, AcceptingStatus::WORDS),
            (FacetField::Day, Day::WORDS),
            (FacetField::TimeOfDay, TimeOfDay::WORDS),
        ];

        let mut labels = 0;
        for (facet, values) in fields {
            for value in values {
                let known =
                    SPANISH.iter().any(|(of, word, _)| *of == facet.as_str() && word == value);
                assert!(known, "{} {value}", facet.as_str());
                labels += 1;
            }
        }
        assert_eq!(labels, SPANISH.len(), "a label is of no word");
        let kind = FacetField::Field(Field::Kind);
        assert_eq!(word(FacetField::Day, "thu", "en"), "Thursday");
        assert_eq!(word(kind, "one_on_one", "en"), "One on one");
        assert_eq!(word(kind, "one_on_one", "es-MX"), "De persona a persona");
        assert_eq!(word(FacetField::Field(Field::For), "self", "tlh"), "For myself");
    }
}
