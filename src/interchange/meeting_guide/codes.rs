//! The type codes of Meeting Guide: one flat list that mixes audience, access, language and format.

use crate::domain::{LanguageTag, TermKey};
use crate::interchange::languages::LANGUAGES;

/// What a code says about a meeting, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Whom it is made for.
    Audience(&'static str),
    /// How it works.
    Approach(&'static str),
    /// What it is about.
    Topic(&'static str),
    /// What makes it easier to take part.
    Accessibility(&'static str),
    /// The same, and only so where people meet in person.
    AtThePlace(&'static str),
    /// Nothing we have a term for; its words are told all the same.
    Remark,
}

/// What is made of the codes that say more than a language; the others describe the readings, the
/// furniture or the smoking and are left out.
///
/// Step studies and book readings (`ST`, `12x12`, `B` …) do not make a program a `twelve_step`
/// one here: whoever sets up the source knows what all of its listings are.
/// `AL-AN` and `AL` say that another group meets next door, not whom this one is for.
const CODES: &[(&str, Meaning, &str)] = &[
    ("A", Meaning::Approach("secular"), "Secular."),
    ("ASL", Meaning::Accessibility("sign_language"), "With American Sign Language."),
    ("BA", Meaning::AtThePlace("child_care"), "Babysitting available."),
    ("BI", Meaning::Audience("lgbtq"), "For bisexual people."),
    ("C", Meaning::Remark, "Closed meeting: for people who share the topic."),
    ("CF", Meaning::Remark, "Child-friendly."),
    ("DD", Meaning::Topic("co_occurring"), "For people with more than one diagnosis."),
    ("FF", Meaning::Remark, "Fragrance free."),
    ("G", Meaning::Audience("lgbtq"), "For gay people."),
    ("L", Meaning::Audience("lgbtq"), "For lesbians."),
    ("LGBTQ", Meaning::Audience("lgbtq"), "For LGBTQ people."),
    ("M", Meaning::Audience("men"), "For men."),
    ("N", Meaning::Audience("indigenous"), "For Native Americans."),
    ("NB", Meaning::Audience("lgbtq"), "For non-binary people."),
    ("NDG", Meaning::Audience("indigenous"), "For Indigenous people."),
    ("POC", Meaning::Audience("people_of_color"), "For people of color."),
    ("SEN", Meaning::Audience("older_adults"), "For older people."),
    ("T", Meaning::Audience("transgender"), "For transgender people."),
    ("W", Meaning::Audience("women"), "For women."),
    ("X", Meaning::AtThePlace("step_free"), "Wheelchair access."),
    ("XB", Meaning::AtThePlace("step_free"), "Wheelchair-accessible bathroom."),
    ("Y", Meaning::Audience("young_adults"), "For young people."),
];

/// The codes of one meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Codes(Vec<String>);

/// What a whole program is, gathered from the codes of its meetings.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) topics: Vec<TermKey>,
    pub(super) audiences: Vec<TermKey>,
    pub(super) approaches: Vec<TermKey>,
    pub(super) accessibility: Vec<TermKey>,
    pub(super) languages: Vec<LanguageTag>,
}

impl Codes {
    /// Codes in any case; `OPEN` and `CLOSED` in full are seen as well. Unknown ones are harmless.
    pub(super) fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut codes: Vec<String> = codes
            .into_iter()
            .map(|code| code.trim().to_ascii_uppercase())
            .map(|code| match code.as_str() {
                "OPEN" => "O".to_owned(),
                "CLOSED" => "C".to_owned(),
                _ => code,
            })
            .filter(|code| !code.is_empty())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        Self(codes)
    }

    /// Whether the meeting has this code.
    pub(super) fn has(&self, code: &str) -> bool {
        self.0.iter().any(|known| known == code)
    }

    /// Whether anyone may come. A meeting marked open and closed at once is taken as closed.
    pub(super) fn is_open(&self) -> bool {
        self.has("O") && !self.has("C")
    }

    /// What visitors must know of this meeting that its program's terms do not tell: remarks, and
    /// what is true of this meeting and not of every meeting of the program.
    pub(super) fn remarks(&self, all: &[Meeting<'_>], in_person: bool) -> Vec<String> {
        let mut remarks = Vec::new();
        for (code, meaning, words) in CODES.iter().filter(|(code, ..)| self.has(code)) {
            let differs = all.iter().any(|other| !other.codes.has(code));
            let told = match meaning {
                Meaning::Remark => true,
                Meaning::AtThePlace(_) => in_person && differs,
                _ => differs,
            };
            if told {
                remarks.push((*words).to_owned());
            }
        }
        for (code, _, name) in LANGUAGES.iter().filter(|(code, ..)| self.has(code)) {
            if all.iter().any(|other| !other.codes.has(code)) {
                remarks.push(format!("In {name}."));
            }
        }
        remarks
    }
}

/// A meeting as far as its codes are concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meeting<'a> {
    pub(super) codes: &'a Codes,
    pub(super) in_person: bool,
}

/// Gathers what the codes of all meetings say about their program.
///
/// A program is found under every audience and language that one of its meetings is for, and the
/// meeting's note tells which. What makes it accessible must hold at every meeting: a person in a
/// wheelchair must not be sent to the one with stairs.
pub(super) fn gather(meetings: &[Meeting<'_>]) -> Gathered {
    let mut gathered = Gathered::default();
    for (_, meaning, _) in CODES {
        let says = |meeting: &Meeting<'_>| {
            CODES.iter().any(|(code, other, _)| other == meaning && meeting.codes.has(code))
        };
        let (list, key, holds) = match meaning {
            Meaning::Audience(key) => (&mut gathered.audiences, key, meetings.iter().any(says)),
            Meaning::Approach(key) => (&mut gathered.approaches, key, meetings.iter().any(says)),
            Meaning::Topic(key) => (&mut gathered.topics, key, meetings.iter().any(says)),
            Meaning::Accessibility(key) => {
                (&mut gathered.accessibility, key, meetings.iter().all(says))
            }
            Meaning::AtThePlace(key) => {
                let mut there = meetings.iter().filter(|meeting| meeting.in_person).peekable();
                let any = there.peek().is_some();
                (&mut gathered.accessibility, key, any && there.all(says))
            }
            Meaning::Remark => continue,
        };
        for key in key.parse::<TermKey>().into_iter().filter(|_| holds) {
            if !list.contains(&key) {
                list.push(key);
            }
        }
    }
    for (code, tag, _) in LANGUAGES {
        if meetings.iter().any(|meeting| meeting.codes.has(code)) {
            gathered.languages.extend(tag.parse::<LanguageTag>());
        }
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(meetings: &[(&[&str], bool)]) -> Gathered {
        let codes: Vec<Codes> =
            meetings.iter().map(|(codes, _)| Codes::new(codes.iter().copied())).collect();
        let meetings: Vec<Meeting<'_>> = codes
            .iter()
            .zip(meetings)
            .map(|(codes, &(_, in_person))| Meeting { codes, in_person })
            .collect();
        gather(&meetings)
    }

    #[test]
    fn every_code_means_a_term_that_could_exist() {
        for (code, meaning, _) in CODES {
            if let Meaning::Audience(key)
            | Meaning::Approach(key)
            | Meaning::Topic(key)
            | Meaning::Accessibility(key)
            | Meaning::AtThePlace(key) = meaning
            {
                assert!(key.parse::<TermKey>().is_ok(), "{code}");
            }
        }
    }

    #[test]
    fn unknown_codes_are_ignored() {
        let gathered = gathered(&[(&["AC", "BS", "", "onl", "LGBTQIA"], true)]);

        assert!(gathered.audiences.is_empty() && gathered.languages.is_empty());
    }

    #[test]
    fn a_program_is_found_under_the_audience_of_any_of_its_meetings() {
        let gathered = gathered(&[(&["W", "S"], true), (&["en", "NB", "G"], false)]);

        let audiences: Vec<_> = gathered.audiences.iter().map(TermKey::as_str).collect();
        assert_eq!(audiences, ["lgbtq", "women"]);
        let languages: Vec<_> = gathered.languages.iter().map(LanguageTag::as_str).collect();
        assert_eq!(languages, ["en", "es"]);
    }

    #[test]
    fn a_program_is_step_free_only_when_every_place_is() {
        assert!(gathered(&[(&["X"], true), (&[], true)]).accessibility.is_empty());
        assert_eq!(gathered(&[(&["X"], true), (&["XB"], true)]).accessibility.len(), 1);
        assert_eq!(gathered(&[(&["X"], true), (&[], false)]).accessibility.len(), 1);
        assert!(gathered(&[(&["X", "BA"], false)]).accessibility.is_empty());
    }

    #[test]
    fn a_meeting_tells_what_its_program_does_not() {
        let (women, mixed) = (Codes::new(["W", "C", "EN"]), Codes::new(["O", "EN"]));
        let all = [
            Meeting { codes: &women, in_person: true },
            Meeting { codes: &mixed, in_person: true },
        ];

        let told = women.remarks(&all, true);

        assert_eq!(told, ["Closed meeting: for people who share the topic.", "For women."]);
        assert!(mixed.remarks(&all, true).is_empty());
    }

    #[test]
    fn open_and_closed_at_once_is_closed() {
        assert!(Codes::new(["open"]).is_open());
        assert!(!Codes::new(["O", "C"]).is_open());
    }
}
