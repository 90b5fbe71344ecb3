//! What is said first to somebody whose words speak of danger.

use crate::domain::{CountryCode, CrisisLine, Link, Text, reads_spanish};
use crate::search::{Danger, Snapshot, danger};

use super::wire::NoticeAnswer;

/// Who is spoken to, as far as they said.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// The country they are in.
    pub(super) country: Option<CountryCode>,
    /// Their age in years.
    pub(super) age: Option<u8>,
    /// The language they read.
    pub(super) lang: &'a str,
}

/// Begins an answer: when the words speak of danger, with help in a crisis and a notice. Says whether
/// they did.
pub(super) fn begin(
    out: &mut Vec<u8>,
    snapshot: &Snapshot,
    words: Option<&str>,
    person: &Person<'_>,
) -> bool {
    out.push(b'{');
    let Some(danger) = words.and_then(danger) else { return false };
    out.extend_from_slice(br#""crisis":"#);
    snapshot.write_crisis(out, person.country, person.age, person.lang, Some(danger));
    // The first for everybody: a line for some of the young may not be for this one.
    let lines = snapshot.crisis_lines(person.country, danger);
    let notice = NoticeAnswer { danger, message: message(danger, &lines, person.lang) };
    out.extend_from_slice(br#","notice":"#);
    // Writing into memory cannot fail.
    let _written = serde_json::to_writer(&mut *out, &notice);
    out.push(b',');
    true
}

/// Ends an answer: with help in a crisis, unless it began with it.
pub(super) fn end(out: &mut Vec<u8>, snapshot: &Snapshot, person: &Person<'_>, begun: bool) {
    if !begun {
        out.extend_from_slice(br#","crisis":"#);
        snapshot.write_crisis(out, person.country, person.age, person.lang, None);
    }
    out.push(b'}');
}

/// What is said: that help is there now, whom to call, and the number for danger of life where it is
/// known.
fn message(danger: Danger, lines: &[&CrisisLine], lang: &str) -> String {
    let spanish = reads_spanish(lang);
    let emergency = lines.iter().find_map(|line| line.emergency_number.as_ref());
    let emergency = emergency.map(Text::as_str);
    let help = line_to_show(lines, lang).map(|line| way(line, spanish));
    if spanish {
        in_spanish(danger, help.as_deref(), emergency)
    } else {
        in_english(danger, help.as_deref(), emergency)
    }
}

fn in_english(danger: Danger, help: Option<&str>, emergency: Option<&str>) -> String {
    let now = emergency.unwrap_or("your local emergency number");
    let help = help.unwrap_or("call somebody you trust");
    match danger {
        Danger::Suicide => format!(
            "You matter, and somebody is there for you now: {help}. If you are in danger right now, \
             call {now}."
        ),
        Danger::Overdose => format!(
            "An overdose is an emergency. Call {now} now, even if you are not sure, and stay with the \
             person. To talk with somebody: {help}."
        ),
        Danger::Violence => format!(
            "You deserve to be safe. If somebody may hurt you now, call {now}. To talk with somebody \
             now: {help}."
        ),
        Danger::HarmToOthers => format!(
            "It is good that you say it. Somebody is there for you now: {help}. If somebody may get \
             hurt, call {now}."
        ),
        Danger::Crisis => format!(
            "Somebody is there for you now: {help}. If you or somebody else is in danger right now, \
             call {now}."
        ),
    }
}

fn in_spanish(danger: Danger, help: Option<&str>, emergency: Option<&str>) -> String {
    let now = match emergency {
        Some(number) => format!("al {}", number.replace(" or ", " o al ")),
        None => "al número de emergencias de tu zona".to_owned(),
    };
    let help = help.unwrap_or("llama a alguien de confianza");
    match danger {
        Danger::Suicide => format!(
            "Tú importas, y ahora mismo hay alguien para escucharte: {help}. Si estás en peligro en este \
             momento, llama {now}."
        ),
        Danger::Overdose => format!(
            "Una sobredosis es una emergencia. Llama {now} ahora, aunque tengas dudas, y quédate \
             con la persona. Para hablar con alguien: {help}."
        ),
        Danger::Violence => format!(
            "Mereces estar a salvo. Si alguien puede hacerte daño ahora, llama {now}. Para hablar con \
             alguien ahora: {help}."
        ),
        Danger::HarmToOthers => format!(
            "Es bueno que lo digas. Ahora mismo hay alguien para escucharte: {help}. Si alguien puede salir \
             lastimado, llama {now}."
        ),
        Danger::Crisis => format!(
            "Ahora mismo hay alguien para escucharte: {help}. Si tú u otra persona están en peligro en \
             este momento, llama {now}."
        ),
    }
}

/// The first line in their order, or the first that speaks the person's language when that is none
/// of those the first one speaks.
fn line_to_show<'a>(lines: &[&'a CrisisLine], lang: &str) -> Option<&'a CrisisLine> {
    let primary = lang.split('-').next().unwrap_or(lang);
    let speaks = |line: &CrisisLine| {
        line.languages.iter().any(|tag| tag.as_str().split('-').next() == Some(primary))
    };
    let first = lines.first()?;
    let silent = !first.languages.is_empty() && !speaks(first);
    let better =
        lines.iter().find(|line| silent && speaks(line) && line.audience == first.audience);
    Some(better.unwrap_or(first))
}

/// How a line is reached, with its name.
fn way(line: &CrisisLine, spanish: bool) -> String {
    let phone = line.phone.as_ref().map(Text::as_str);
    let text = line.text.as_ref().map(Text::as_str);
    let word = line.text_keyword.as_ref().map(Text::as_str);
    let mut ways = Vec::new();
    match (phone, text, word) {
        (Some(phone), Some(text), None) if phone == text => ways.push(if spanish {
            format!("llama o envía un mensaje de texto al {phone}")
        } else {
            format!("call or text {phone}")
        }),
        _ => {
            if let Some(phone) = phone {
                let numbers =
                    if spanish { phone.replace(" or ", " o al ") } else { phone.to_owned() };
                ways.push(if spanish {
                    format!("llama al {numbers}")
                } else {
                    format!("call {numbers}")
                });
            }
            match (text, word, spanish) {
                (None, ..) => {}
                (Some(text), Some(word), false) => ways.push(format!("text {word} to {text}")),
                (Some(text), None, false) => ways.push(format!("text {text}")),
                (Some(text), Some(word), true) => {
                    ways.push(format!("envía {word} por mensaje de texto al {text}"));
                }
                (Some(text), None, true) => {
                    ways.push(format!("envía un mensaje de texto al {text}"));
                }
            }
        }
    }
    if ways.is_empty() {
        let page = line.url.as_ref().or(line.chat_url.as_ref());
        return match page.map(Link::as_str) {
            Some(page) if spanish => format!("en {page} hay líneas de ayuda de cada país"),
            Some(page) => format!("{page} shows a helpline where you are"),
            None => line.name.as_str().to_owned(),
        };
    }
    let ways = ways.join(if spanish { " o " } else { " or " });
    let name = line.name.as_str();
    if ways.contains(name) { ways } else { format!("{ways} ({name})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(country: Option<&str>) -> Vec<CrisisLine> {
        let all: Vec<CrisisLine> =
            serde_json::from_str(include_str!("../../../seed-data/crisis.json")).unwrap();
        let of = |line: &CrisisLine| line.country.map(|code| code.to_string());
        all.into_iter().filter(|line| of(line).as_deref() == country).collect()
    }

    fn said(danger: Danger, country: Option<&str>, lang: &str) -> String {
        let lines = lines(country);
        message(danger, &lines.iter().collect::<Vec<_>>(), lang)
    }

    #[test]
    fn a_notice_says_whom_to_call_in_words_a_person_reads() {
        for (danger, country, lang, wanted) in [
            (
                Danger::Suicide,
                Some("US"),
                "en",
                "You matter, and somebody is there for you now: call or text 988 (988 Suicide & Crisis \
                 Lifeline). If you are in danger right now, call 911.",
            ),
            (
                Danger::Overdose,
                Some("GB"),
                "fr",
                "An overdose is an emergency. Call 999 now, even if you are not sure, and stay with the \
                 person. To talk with somebody: call 116 123 (Samaritans).",
            ),
            (
                Danger::Violence,
                None,
                "en",
                "You deserve to be safe. If somebody may hurt you now, call your local emergency number. \
                 To talk with somebody now: https://findahelpline.com/ shows a helpline where you are.",
            ),
            (
                Danger::HarmToOthers,
                Some("AU"),
                "en",
                "It is good that you say it. Somebody is there for you now: call 13 11 14 or text 0477 13 \
                 11 14 (Lifeline). If somebody may get hurt, call 000.",
            ),
            (
                Danger::Crisis,
                Some("FR"),
                "es-MX",
                "Ahora mismo hay alguien para escucharte: llama al 3114. Si tú u otra persona están \
                 en peligro en este momento, llama al 112 o al 15.",
            ),
            (
                Danger::Overdose,
                None,
                "es",
                "Una sobredosis es una emergencia. Llama al número de emergencias de tu zona ahora, aunque \
                 tengas dudas, y quédate con la persona. Para hablar con alguien: en \
                 https://findahelpline.com/ hay líneas de ayuda de cada país.",
            ),
        ] {
            assert_eq!(said(danger, country, lang), wanted);
        }
    }

    #[test]
    fn every_danger_has_words_of_its_own_and_no_number_that_is_not_known() {
        for lang in ["en", "es"] {
            let mut all: Vec<String> =
                Danger::ALL.iter().map(|danger| said(*danger, Some("US"), lang)).collect();
            assert!(all.iter().all(|text| text.contains("988") && text.contains("911")), "{all:?}");
            all.dedup();
            assert_eq!(all.len(), Danger::ALL.len());
            for danger in Danger::ALL {
                let nobody = message(*danger, &[], lang);
                assert!(!nobody.chars().any(|letter| letter.is_ascii_digit()), "{nobody}");
            }
        }
    }
}
