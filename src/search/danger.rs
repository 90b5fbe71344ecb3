//! Words of immediate danger.
//!
//! Whoever types them is shown help in a crisis first. A false alarm costs a line above the
//! results; a miss may cost a life. So slips of the finger are forgiven, and words that may be
//! about oneself or about a subject, as `suicidal thoughts` and `suicide attempt survivors`, count.
//! Those who search for company after a death, `suicide loss` or `grief after overdose`, are not
//! told that they are in danger: what they mean is plain, and being misread hurts. Crisis lines are
//! a part of every answer in any case.
//!
//! The phrases are data, `seed-data/danger.json`, which tells how they are written.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::fold;
use crate::domain::words::words;

words! {
    /// A danger that words speak of.
    pub enum Danger {
        /// They may take their life, or hurt themselves.
        Suicide = "suicide",
        /// Somebody has taken too much.
        Overdose = "overdose",
        /// Somebody hurts or threatens them.
        Violence = "violence",
        /// They may hurt somebody else.
        HarmToOthers = "harm_to_others",
        /// They ask for help at once.
        Crisis = "crisis",
    }
}

/// The danger that a text speaks of, the greatest to life first.
pub fn danger(text: &str) -> Option<Danger> {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        let data = include_str!("../../seed-data/danger.json");
        serde_json::from_str(data).map(|data| Phrases::new(&data)).unwrap_or_default()
    });
    PHRASES.danger(text)
}

/// The file of phrases.
#[derive(Debug, Deserialize)]
struct Data {
    sets: HashMap<String, String>,
    as_they_are: Vec<String>,
    never: Vec<String>,
    danger: BTreeMap<Danger, Vec<String>>,
}

/// The phrases, ready to be compared.
#[derive(Debug, Default)]
struct Phrases {
    /// Each word of a phrase once; its number is its place.
    words: Vec<String>,
    numbers: HashMap<String, u16>,
    as_they_are: Vec<String>,
    never: Vec<Phrase>,
    danger: Vec<(Danger, Phrase)>,
}

type Phrase = Vec<Slot>;

/// A place in a phrase.
#[derive(Debug)]
enum Slot {
    /// One of these words.
    Word { any: Vec<u16>, may_miss: bool },
    /// Up to so many words.
    Gap(usize),
}

/// How many words a gap stands for at most.
const GAP: usize = 4;

/// More words than these are not read.
const MOST_WORDS: usize = 60;

impl Phrases {
    fn new(data: &Data) -> Self {
        let mut phrases = Self { as_they_are: data.as_they_are.clone(), ..Self::default() };
        for phrase in &data.never {
            let phrase = phrases.phrase(phrase, &data.sets);
            phrases.never.push(phrase);
        }
        for (danger, rows) in &data.danger {
            for row in rows {
                let phrase = phrases.phrase(row, &data.sets);
                phrases.danger.push((*danger, phrase));
            }
        }
        phrases
    }

    fn phrase(&mut self, row: &str, sets: &HashMap<String, String>) -> Phrase {
        let mut slots = Vec::new();
        for slot in row.split(' ') {
            if slot == ".." {
                slots.push(Slot::Gap(GAP));
                continue;
            }
            let (words, may_miss) = match slot.strip_suffix('?') {
                Some(words) => (words, true),
                None => (slot, false),
            };
            let mut any = Vec::new();
            for word in words.split('|') {
                let set = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
                let set = set.and_then(|set| sets.get(set)).map_or(word, String::as_str);
                any.extend(set.split('|').map(|word| self.number(word)));
            }
            slots.push(Slot::Word { any, may_miss });
        }
        slots
    }

    fn number(&mut self, word: &str) -> u16 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn danger(&self, text: &str) -> Option<Danger> {
        let folded = fold(text);
        let words = folded.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS);
        let mut meant: Vec<Vec<u16>> = words.map(|word| self.meant(word)).collect();
        for phrase in &self.never {
            for from in 0..meant.len() {
                if let Some(to) = fits(phrase, &meant, from) {
                    meant[from..to].iter_mut().for_each(Vec::clear);
                }
            }
        }
        let found = |phrase: &Phrase| (0..meant.len()).any(|at| fits(phrase, &meant, at).is_some());
        self.danger.iter().find(|(_, phrase)| found(phrase)).map(|(danger, _)| *danger)
    }

    /// The words of phrases that a typed word may be.
    fn meant(&self, typed: &str) -> Vec<u16> {
        if let Some(number) = self.numbers.get(typed) {
            return vec![*number];
        }
        if typed.len() < 3 || self.as_they_are.iter().any(|word| word == typed) {
            return Vec::new();
        }
        let near = |word: &String| {
            let slips = match word.len() {
                0..4 => 0,
                4..8 => 1,
                _ => 2,
            };
            slips > 0
                && word.as_bytes().first() == typed.as_bytes().first()
                && word.len().abs_diff(typed.len()) <= slips
                && strsim::osa_distance(word, typed) <= slips
        };
        (0..).zip(&self.words).filter(|(_, word)| near(word)).map(|(number, _)| number).collect()
    }
}

/// Where a phrase ends that begins at a word; `None` when it is not there.
fn fits(phrase: &[Slot], words: &[Vec<u16>], at: usize) -> Option<usize> {
    let Some((slot, rest)) = phrase.split_first() else { return Some(at) };
    match slot {
        Slot::Gap(most) => (0..=*most)
            .take_while(|passed| at + passed <= words.len())
            .find_map(|passed| fits(rest, words, at + passed)),
        Slot::Word { any, may_miss } => {
            let here = words.get(at).is_some_and(|meant| meant.iter().any(|n| any.contains(n)));
            let taken = if here { fits(rest, words, at + 1) } else { None };
            if *may_miss { taken.or_else(|| fits(rest, words, at)) } else { taken }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: Option<Danger>, texts: &[&str]) {
        let wrong: Vec<_> = texts
            .iter()
            .map(|text| (*text, danger(text)))
            .filter(|(_, found)| *found != wanted)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}, not {wanted:?}");
    }

    #[test]
    fn who_may_die_by_their_own_hand_is_heard() {
        check(
            Some(Danger::Suicide),
            &[
                "everyone hates me i should just die",
                "no one would care if i died",
                "would anyone miss me if i disappeared",
                "i want to disappear",
                "i wanna unalive",
                "cutting again cant stop",
                "no quiero estar aquí",
                "ya no aguanto",
                "no aguanto mas mi vida",
                "I want to die",
                "i wnat to die",
                "i want to dei",
                "wanna die",
                "want 2 die",
                "suicide",
                "suicidal",
                "suicde",
                "siucide",
                "suicidel thoughts",
                "sucidal",
                "kill myself",
                "killing myself tonight",
                "how do i kil myself",
                "kill my self help",
                "end it all",
                "i want to end my life",
                "ending it tonight",
                "no reason to live",
                "don't want to live",
                "I don’t want to be here anymore",
                "dont wanna be alive",
                "better off dead",
                "i wish i was dead",
                "i wish i were never born",
                "painless way to die",
                "how many pills to die",
                "jump off a bridge",
                "i cant go on",
                "can't take this anymore",
                "cutting myself",
                "kms",
                "suicide attempt survivors",
                "suicidal thoughts group",
                "suicide prevention",
                "NO QUIERO VIVIR",
                "quiero morir",
                "me quiero matar",
                "quiero suicidarme",
                "no quiero seguir viviendo",
                "pensamientos suicidas",
                "quitarme la vida",
                "quieor morir",
                "ya no puedo más",
                "my son died by suicide and now I want to die",
                "my son wants to kill himself",
                "she is going to kill herself",
                "mi hijo se quiere matar",
                "mi amiga quiere morir",
                "want to fucking die",
                "i wish i could die",
                "hope i die",
                "feel like dying",
                "thinking about ending things",
                "je veux mourir",
                "j'ai envie de me tuer",
                "plus envie, je vais me pendre",
                "want ro die",
                "wantto die",
                "quiero dejar de vivir",
            ],
        );
    }

    #[test]
    fn an_overdose_is_heard() {
        check(
            Some(Danger::Overdose),
            &[
                "my friend wont wake up she drank too much",
                "se tomo un frasco de pastillas",
                "overdose",
                "overdosed",
                "i overdosed on pills",
                "overdosing",
                "ovredose",
                "my friend is not breathing",
                "took too many pills",
                "I took all my meds",
                "she swallowed a whole bottle of pills",
                "i swallowed a bottle of pills",
                "sobredosis",
                "tomé muchas pastillas",
            ],
        );
    }

    #[test]
    fn who_is_hurt_or_threatened_is_heard() {
        check(
            Some(Danger::Violence),
            &[
                "he has a gun",
                "raped last night",
                "my ex is stalking me",
                "scared for my life",
                "he will kill me",
                "hes going to kill me",
                "my husband hits me",
                "he wil kil me",
                "my boyfriend choked me",
                "my dad beats me",
                "he is beating me",
                "I was raped",
                "scared of my husband",
                "my husbend hits me",
                "not safe at home",
                "he threatened to kill me",
                "me va a matar",
                "mi marido me quiere matar",
                "he'll kill me",
                "my stepdad touches me",
                "mi marido me pega",
                "mi esposo me golpea",
                "tengo miedo de mi pareja",
            ],
        );
    }

    #[test]
    fn who_may_hurt_others_or_asks_for_help_at_once_is_heard() {
        check(
            Some(Danger::HarmToOthers),
            &[
                "the voices tell me to hurt my baby",
                "hearing voices telling me to kill",
                "I want to kill someone",
                "thoughts of hurting my baby",
                "i might hurt somebody",
            ],
        );
        check(
            Some(Danger::Crisis),
            &["in crisis now", "crisis line", "988", "i need help now", "necesito ayuda urgente"],
        );
    }

    #[test]
    fn who_searches_for_something_else_is_left_alone() {
        check(
            None,
            &[
                "suicide loss support",
                "suicide bereavement group",
                "survivors of suicide loss",
                "lost my son to suicide",
                "loss to suicide",
                "bereaved by suicide",
                "overdose loss",
                "grief after overdose",
                "lost my brother to an overdose",
                "overdose prevention training",
                "my husband died by suicide",
                "friend killed himself grief group",
                "duelo por suicidio",
                "sobrevivientes de suicidio",
                "alternatives to suicide",
                "die bewegung",
                "killing time",
                "dying parent group",
                "death cafe",
                "end of life",
                "grief group near me",
                "depression",
                "anxiety support",
                "hearing voices",
                "veteran ptsd one to one",
                "grupo de depresión en español",
                "want to dance",
                "life changes",
                "deaf and hard of hearing",
                "want to knit",
                "domestic violence survivors",
                "women only",
                "alcoholics anonymous",
                "end stigma",
                "my husband has depression",
                "living with bipolar",
                "no camera",
                "drop in",
                "he helps me",
                "jump start your recovery",
                "cancer diagnosis",
                "art of living",
                "parents of adult children",
                "kids who lost a parent",
                "wellness and life skills",
                "overdone it at work",
                "needle exchange",
                "hospice volunteers",
                "pet loss",
                "",
                "!!",
                "vivir con ansiedad",
                "quiero hablar con alguien",
                "mi vida nueva",
                "padres en duelo",
                "I want to live",
                "want to live better",
                "gun violence survivors",
                "i want to diet",
                "i cant take this medication anymore",
                "cant go on dates",
                "scared of my life changing",
                "mothers of suicide victims",
                "my husband took his own life",
                "my kid wont wake up for school",
                "hearing voices group",
                "homicide loss",
                "mi hermano se suicidó",
                "me cortaron el pelo",
                "overdoing it",
                "suicide prevention training",
                "dying to meet people",
                "this song touches me",
                "help me suicide loss",
                "finir avec la cigarette",
                "i could do with a friend",
            ],
        );
    }

    #[test]
    fn every_phrase_can_be_read() {
        let data: Data = serde_json::from_str(include_str!("../../seed-data/danger.json")).unwrap();
        let phrases = Phrases::new(&data);
        for (danger, phrase) in &phrases.danger {
            let must = |slot: &Slot| matches!(slot, Slot::Word { may_miss: false, .. });
            assert!(phrase.iter().any(must), "{danger} {phrase:?}");
        }
        for word in &phrases.words {
            assert_eq!(fold(word), *word);
        }
        assert_eq!(data.danger.len(), Danger::ALL.len());
    }
}
