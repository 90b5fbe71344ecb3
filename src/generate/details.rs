//! Whom the invented programs are for, what they cost, and how to get in.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::civil;

use super::calendar::TODAY;
use super::places::Town;
use super::{Shape, Sketch, link, text, words};
use crate::domain::{
    Accepting, AcceptingStatus, Access, Ages, Assessment, Basis, Channel, ChapterFinder, Contact,
    ContactOf, Cost, CostKind, ForWhom, Form, Intake, LanguageTag, Matching, TermKey,
};

/// Whom a program is for.
#[derive(Debug)]
pub(super) struct People {
    pub(super) ages: Option<Ages>,
    /// For those who live with it.
    pub(super) myself: bool,
    /// For those who stand beside them.
    pub(super) supporters: bool,
    /// The first is what names tell.
    pub(super) audiences: Vec<words::Audience>,
}

/// Criteria that something is known of here and there, each with values it may have, and with its second
/// question and what that may be answered.
const CRITERIA: [(&str, [&str; 2], &[&str]); 5] = [
    (
        "confidentiality_policy",
        ["stated", "stated_with_limits"],
        &["identity_required", "first_name_only", "anonymous_ok", "real_name_required"],
    ),
    (
        "crisis_protocol",
        ["crisis_referral_stated", "none_stated"],
        &["emergency_contact_policy", "only_imminent_risk", "never_without_consent", "not_stated"],
    ),
    ("peer_led", ["peer_led", "co_led"], &[]),
    ("ground_rules", ["published", "verbal"], &[]),
    ("facilitator_training", ["program_trained", "informal"], &[]),
];

/// Languages that are not a country's own, by the share of programs (in a hundred) that speak them.
const OTHER_LANGUAGES: [(&str, u32, &[&str]); 12] = [
    ("US", 12, &["es"]),
    ("US", 2, &["zh", "vi", "ar", "ko"]),
    ("CA-QC", 80, &["fr"]),
    ("CA-NB", 30, &["fr"]),
    ("CA-ON", 4, &["fr"]),
    ("CA", 2, &["zh", "pa"]),
    ("GB-WLS", 10, &["cy"]),
    ("GB", 2, &["pl", "ur"]),
    ("IE", 3, &["ga"]),
    ("NZ", 4, &["mi"]),
    ("AU", 2, &["zh", "ar"]),
    ("IN", 40, &["hi", "ta", "bn"]),
];

/// The keys of terms, read once.
#[derive(Debug)]
pub(super) struct Terms {
    keys: BTreeMap<&'static str, TermKey>,
    languages: BTreeMap<&'static str, LanguageTag>,
}

impl Terms {
    pub(super) fn new() -> Self {
        let topics = words::TOPICS.map(|topic| topic.key);
        let audiences = words::AUDIENCES.map(|(key, _, _)| key);
        let others = [
            "teens",
            "young_adults",
            "older_adults",
            "children",
            "family_and_friends",
            "clubhouse_model",
            "peer_respite",
            "peer_mentoring",
            "twelve_step",
            "work_units",
        ];
        let criteria = CRITERIA.into_iter().flat_map(|(key, values, second)| {
            [key].into_iter().chain(values).chain(second.iter().copied())
        });
        let keys = topics
            .into_iter()
            .chain(audiences)
            .chain(others)
            .chain(words::APPROACHES)
            .chain(words::ACCESS_IN_PERSON)
            .chain(words::ACCESS_ONLINE)
            .chain(words::ACTIVITIES)
            .chain(criteria)
            .filter_map(|key| Some((key, key.parse().ok()?)));
        let tags = ["en", "de", "fr", "es", "pt", "nl", "it", "sv", "ja"];
        let languages = OTHER_LANGUAGES
            .into_iter()
            .flat_map(|(_, _, tags)| tags.iter().copied())
            .chain(tags)
            .filter_map(|tag| Some((tag, tag.parse().ok()?)));
        Self { keys: keys.collect(), languages: languages.collect() }
    }

    pub(super) fn key(&self, key: &str) -> TermKey {
        self.keys.get(key).expect("every key of this module's words was read").clone()
    }

    pub(super) fn language(&self, tag: &str) -> Option<LanguageTag> {
        self.languages.get(tag).cloned()
    }

    pub(super) fn audiences(&self, people: &People) -> Vec<TermKey> {
        people.audiences.iter().map(|(key, _, _)| self.key(key)).collect()
    }

    pub(super) fn approaches(&self, sketch: &Sketch<'_>, random: &mut Rng) -> Vec<TermKey> {
        let own = match sketch.form {
            Form::Clubhouse => Some("clubhouse_model"),
            Form::RespiteStay => Some("peer_respite"),
            Form::Mentoring => Some("peer_mentoring"),
            Form::Warmline => Some("drop_in_listening"),
            _ => {
                let steps =
                    matches!(sketch.topics[0].key, "addiction" | "alcohol" | "drugs" | "gambling");
                (steps && random.u32(..10) < 3).then_some("twelve_step")
            }
        };
        let more = match random.u32(..100) {
            _ if own.is_some() => 0,
            0..45 => 0,
            45..85 => 1,
            _ => 2,
        };
        own.map(|key| self.key(key))
            .into_iter()
            .chain(self.some(&words::APPROACHES, more, random))
            .collect()
    }

    pub(super) fn accessibility(&self, shape: Shape, random: &mut Rng) -> Vec<TermKey> {
        let (list, chance): (&[&str], _) = match shape {
            Shape::Local { .. } => (&words::ACCESS_IN_PERSON, 45),
            Shape::Online => (&words::ACCESS_ONLINE, 30),
            Shape::OneOnOne => (&words::ACCESS_ONLINE[1..], 20),
            Shape::Chapters => return Vec::new(),
        };
        let many = if random.u32(..100) < chance { random.usize(1..3) } else { 0 };
        self.some(list, many, random)
    }

    pub(super) fn activities(&self, sketch: &Sketch<'_>, random: &mut Rng) -> Vec<TermKey> {
        let (own, chance) = match (sketch.shape, sketch.form) {
            (_, Form::Clubhouse) => (Some(self.key("work_units")), 80),
            (_, Form::DropInCenter) => (None, 80),
            (Shape::Local { .. }, _) => (None, 10),
            _ => (None, 2),
        };
        let many = if random.u32(..100) < chance { random.usize(1..4) } else { 0 };
        own.into_iter().chain(self.some(&words::ACTIVITIES, many, random)).collect()
    }

    /// One or two findings, as a curator would have read them on the program's own page.
    pub(super) fn assessments(
        &self,
        host: &str,
        day: civil::Date,
        random: &mut Rng,
    ) -> Vec<Assessment> {
        let first = random.usize(..CRITERIA.len());
        (first..first + random.usize(1..3))
            .map(|n| {
                let (criterion, values, second) = CRITERIA[n % CRITERIA.len()];
                let secondary = match second {
                    [question, answers @ ..] if random.bool() => {
                        [(self.key(question), self.key(words::skewed(answers, random)))].into()
                    }
                    _ => BTreeMap::new(),
                };
                Assessment {
                    criterion: self.key(criterion),
                    value: self.key(words::skewed(&values, random)),
                    secondary,
                    basis: words::any(
                        &[Basis::Attested, Basis::PublicSource, Basis::Verified],
                        random,
                    ),
                    source_url: link(&format!("https://{host}/how-we-work")),
                    assessed_on: day,
                    assessed_by: text("generator"),
                    valid_until: None,
                }
            })
            .collect()
    }

    /// So many different keys of a list, the first ones likelier.
    fn some(&self, list: &[&str], many: usize, random: &mut Rng) -> Vec<TermKey> {
        different(list, many, random).map(|key| self.key(key)).collect()
    }
}

/// At most so many different ones of a list, the first ones likelier.
fn different<'a, T: Copy>(
    list: &'a [T],
    many: usize,
    random: &mut Rng,
) -> impl Iterator<Item = T> + 'a {
    let mut taken: Vec<usize> = Vec::with_capacity(many);
    for _ in 0..many {
        let next = words::skewed_index(list.len(), random);
        if !taken.contains(&next) {
            taken.push(next);
        }
    }
    taken.into_iter().map(|place| list[place])
}

/// One to three topics, the common ones far oftener.
pub(super) fn topics(people: &People, random: &mut Rng) -> Vec<words::Topic> {
    if people.ages.is_some_and(|ages| ages.take(12)) {
        return vec![words::skewed(&words::TOPICS_OF_CHILDREN, random)];
    }
    let many = match random.u32(..100) {
        0..60 => 1,
        60..88 => 2,
        _ => 3,
    };
    different(&words::TOPICS, many, random).collect()
}

impl People {
    pub(super) fn any(random: &mut Rng) -> Self {
        let from = |min, max| Some(Ages { min: Some(min), max });
        let mut people =
            Self { ages: None, myself: true, supporters: false, audiences: Vec::new() };
        let age = match random.u32(..100) {
            0..55 => (from(18, None), None),
            55..61 => (from(13, Some(17)), Some(("teens", "Teen", "teens"))),
            61..64 => (from(18, Some(29)), Some(("young_adults", "Young Adult", "young adults"))),
            64..66 => (from(60, None), Some(("older_adults", "Older Adults'", "older adults"))),
            66 => (from(7, Some(12)), Some(("children", "Children's", "children"))),
            67..70 => (from(16, None), None),
            _ => (None, None),
        };
        people.ages = age.0;
        people.audiences.extend(age.1);
        if random.u32(..100) < 12 {
            people.supporters = true;
            people.myself = random.bool();
            people.audiences.push((
                "family_and_friends",
                "Family and Friends",
                "families and friends",
            ));
        }
        let many = match random.u32(..100) {
            _ if !people.audiences.is_empty() => 0,
            0..51 => 0,
            51..92 => 1,
            _ => 2,
        };
        people.audiences.extend(different(&words::AUDIENCES, many, random));
        people
    }

    pub(super) fn for_whom(&self) -> Vec<ForWhom> {
        let myself = self.myself.then_some(ForWhom::Myself);
        myself.into_iter().chain(self.supporters.then_some(ForWhom::SomeoneISupport)).collect()
    }
}

/// The languages spoken, the main one first; a few programs do not say.
pub(super) fn languages(town: &Town, random: &mut Rng) -> Vec<&'static str> {
    let subdivision = town.subdivision.as_ref().map_or("", |code| code.as_str());
    let found = OTHER_LANGUAGES.iter().find(|(place, share, _)| {
        (*place == subdivision || *place == town.country.as_str()) && random.u32(..100) < *share
    });
    match found {
        _ if random.u32(..100) < 4 => Vec::new(),
        Some((_, _, tags)) if random.bool() => vec![words::any(tags, random)],
        Some((_, _, tags)) => vec![words::any(tags, random), town.language],
        None if town.language != "en" && random.u32(..4) == 0 => vec![town.language, "en"],
        None => vec![town.language],
    }
}

/// What joining costs; not known of one program in eight.
pub(super) fn cost(town: &Town, random: &mut Rng) -> Option<Cost> {
    let sign = match town.country.as_str() {
        "GB" => "£",
        "US" | "CA" | "AU" | "NZ" | "MX" => "$",
        "IE" | "DE" | "FR" | "ES" | "NL" | "IT" => "€",
        _ => "",
    };
    let amount = random.u32(1..9) * 5;
    let (kind, note) = match random.u32(..100) {
        0..65 => (CostKind::Free, None),
        65..75 => (CostKind::Donation, None),
        75..83 => (CostKind::Sliding, Some(format!("{sign}0 to {sign}{amount}, as you choose"))),
        83..88 => (CostKind::Paid, Some(format!("{sign}{amount} each time"))),
        _ => return None,
    };
    Some(Cost { kind, note: note.map(|note| text(&note)) })
}

/// What it takes to come the first time; not known of one program in five.
pub(super) fn access(shape: Shape, random: &mut Rng) -> Option<Access> {
    match (shape, random.u32(..100)) {
        (Shape::Local { hidden: false, .. }, 0..40) | (Shape::OneOnOne, 0..25) => {
            Some(Access::DropIn)
        }
        (Shape::OneOnOne, 25..50) | (_, 40..50) => Some(Access::Interview),
        (_, 0..70) => Some(Access::Register),
        (_, 70..76) => Some(Access::Referral),
        (_, 76..79) => Some(Access::Members),
        _ => None,
    }
}

/// How to get in, beginning with the first way to reach the program.
pub(super) fn intake(sketch: &Sketch<'_>, first: Channel, random: &mut Rng) -> Intake {
    let accepting = (random.u32(..100) < 55).then(|| {
        let (status, wait) = match random.u32(..100) {
            0..78 => (AcceptingStatus::Yes, None),
            78..92 => {
                (AcceptingStatus::Waitlist, Some(format!("About {} weeks.", random.u32(2..13))))
            }
            _ => (AcceptingStatus::No, None),
        };
        Accepting {
            status,
            wait: wait.map(|wait| text(&wait)),
            as_of: sketch.calendar.day(TODAY - 1 - random.usize(..90)),
        }
    });
    let matching = (sketch.form == Form::Mentoring).then(|| Matching {
        basis: Some(text(words::any(&words::MATCH_BASIS, random))),
        length: random.bool().then(|| text(words::any(&words::MATCH_LENGTHS, random))),
        frequency: random.bool().then(|| text(words::any(&words::MATCH_FREQUENCIES, random))),
    });
    let way = match first {
        _ if sketch.form == Form::Forum => "Look at the website",
        Channel::Phone => "Call",
        Channel::Email => "Write an e-mail",
        _ => "Look at the website",
    };
    let then = match (sketch.form, sketch.access) {
        (Form::Warmline, _) if first == Channel::Phone => {
            "during the open hours, and somebody answers"
        }
        (Form::Forum, _) => "and choose a name to write under",
        (_, Some(Access::DropIn)) if matches!(sketch.shape, Shape::Local { .. }) => {
            "if you have a question, or just come a little early"
        }
        (_, Some(Access::Register)) => "to sign up before you come",
        (_, Some(Access::Interview)) => "to agree on a first talk",
        (_, Some(Access::Referral)) => "to ask who can refer you",
        (_, Some(Access::Members)) => "to ask about membership",
        _ => "and ask how to begin",
    };
    Intake {
        access: sketch.access.into_iter().collect(),
        referred_by: (sketch.access == Some(Access::Referral))
            .then(|| text("A doctor, a therapist or a case manager.")),
        accepting,
        matching,
        next_step: Some(text(&format!("{way} {then}."))),
    }
}

/// One to three ways to reach the program, the one to try first in front.
pub(super) fn contacts(sketch: &Sketch<'_>, random: &mut Rng) -> Vec<Contact> {
    let host = &sketch.organization.host;
    let mut contacts = Vec::with_capacity(3);
    let contact = |channel, value: String, of| Contact {
        channel,
        value: text(&value),
        of,
        label: None,
        hours: None,
        seen_at_source: true,
    };
    let line = sketch.form == Form::Warmline;
    if let Some(number) = phone(sketch.town, random).filter(|_| line || random.u32(..100) < 55) {
        let own = line || random.u32(..10) < 7;
        let of = if own { ContactOf::Program } else { ContactOf::Organization };
        let mut phone = contact(Channel::Phone, number, of);
        if random.u32(..5) == 0 && !line {
            phone.hours = Some(text("Monday to Friday, 9:00 to 17:00"));
        }
        phone.seen_at_source = random.u32(..10) < 8;
        contacts.push(phone);
    }
    if contacts.is_empty() || random.u32(..100) < 30 {
        let who = words::any(&["hello", "peers", "groups", "office", "welcome"], random);
        contacts.push(contact(Channel::Email, format!("{who}@{host}"), ContactOf::Program));
    }
    if contacts.is_empty() || random.u32(..100) < 15 {
        let page = format!("https://{host}/contact");
        contacts.push(contact(Channel::WebForm, page, ContactOf::Organization));
    }
    contacts
}

/// Where to find chapters.
pub(super) fn chapters(host: &str) -> Option<ChapterFinder> {
    let url = link(&format!("https://{host}/find-a-chapter"))?;
    Some(ChapterFinder { url, note: Some(text("Enter your town to see the meetings near you.")) })
}

/// A number from a range that is kept for fiction; where a country has none, no number.
fn phone(town: &Town, random: &mut Rng) -> Option<String> {
    let subdivision = town.subdivision.as_ref().map_or("", |code| code.as_str());
    let mut digits = |below| random.u32(..below);
    match town.country.as_str() {
        "US" | "CA" => {
            let (_, area) = words::AREA_CODES.iter().find(|(code, _)| *code == subdivision)?;
            Some(format!("+1-{area}-555-01{:02}", digits(100)))
        }
        "GB" => Some(match town.name.as_str() {
            "London" => format!("+44 20 7946 0{:03}", digits(1_000)),
            "Leeds" => format!("+44 113 496 0{:03}", digits(1_000)),
            "Birmingham" => format!("+44 121 496 0{:03}", digits(1_000)),
            "Edinburgh" => format!("+44 131 496 0{:03}", digits(1_000)),
            "Glasgow" => format!("+44 141 496 0{:03}", digits(1_000)),
            "Manchester" => format!("+44 161 496 0{:03}", digits(1_000)),
            _ => format!("+44 1632 960{:03}", digits(1_000)),
        }),
        "AU" => {
            let area = match subdivision {
                "AU-NSW" | "AU-ACT" => 2,
                "AU-VIC" | "AU-TAS" => 3,
                "AU-QLD" => 7,
                _ => 8,
            };
            Some(format!("+61 {area} 5550 {:04}", digits(10_000)))
        }
        "IE" => Some(format!("+353 20 91{} {:04}", digits(10), digits(10_000))),
        "DE" => Some(format!("+49 30 23125 {:03}", digits(1_000))),
        "FR" => Some(format!("+33 1 99 00 {:02} {:02}", digits(100), digits(100))),
        "SE" => Some(format!("+46 8 465 004 {:02}", digits(100))),
        _ => None,
    }
}
