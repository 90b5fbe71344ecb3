//! Programs: the things a person can join.

use serde::{Deserialize, Serialize};

use super::ages::Ages;
use super::contact::{Contact, Intake};
use super::coverage::Coverage;
use super::identity::{OrganizationId, ProgramId, Slug};
use super::location::PublicLocation;
use super::organization::OrganizationName;
use super::provenance::{Citation, PublicSource, PublicVerification};
use super::session::{Link, PublicSession, Session};
use super::taxonomy::{LanguageTag, TermKey};
use super::text::Text;
use super::words::words;

words! {
    /// The shape of peer support.
    pub enum Kind {
        /// People meet near you.
        LocalGroup = "local_group",
        /// People meet from anywhere.
        Online = "online",
        /// One person who has been there, and you.
        OneOnOne = "one_on_one",
    }
}

words! {
    /// The form of help.
    pub enum Form {
        /// People talk in a group.
        SupportGroup = "support_group",
        /// A place to drop in.
        DropInCenter = "drop_in_center",
        /// A club run with its members, with a working day.
        Clubhouse = "clubhouse",
        /// A house to stay in for some nights.
        RespiteStay = "respite_stay",
        /// A course over several meetings.
        Class = "class",
        /// A phone line for a talk, not only in a crisis.
        Warmline = "warmline",
        /// A message board or an app.
        Forum = "forum",
        /// One person goes along with another for a while.
        Mentoring = "mentoring",
    }
}

impl Form {
    /// What people call it, in English and Spanish.
    pub const fn names(self) -> &'static str {
        match self {
            Self::SupportGroup => "support group, grupo de apoyo",
            Self::DropInCenter => "drop-in center, drop-in centre, centro de acogida",
            Self::Clubhouse => "clubhouse, casa club",
            Self::RespiteStay => "respite stay, peer respite, estancia de respiro",
            Self::Class => "class, course, curso",
            Self::Warmline => "warmline, warm line, línea de apoyo",
            Self::Forum => "forum, message board, foro",
            Self::Mentoring => "mentoring, mentor, mentoría",
        }
    }
}

words! {
    /// What joining costs.
    pub enum CostKind {
        /// Nothing.
        Free = "free",
        /// What you want to give.
        Donation = "donation",
        /// Less for those who have less.
        Sliding = "sliding",
        /// A fee.
        Paid = "paid",
    }
}

words! {
    /// Whom a program is for.
    pub enum ForWhom {
        /// The person who lives with it.
        Myself = "self",
        /// Family, friends and carers.
        SomeoneISupport = "someone_i_support",
    }
}

/// What joining costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Which kind of price.
    pub kind: CostKind,
    /// The amount and its terms, in words.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<300>>,
}

/// Where to find a program's local chapters that are not listed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChapterFinder {
    /// The page.
    #[schema(value_type = String, format = "uri")]
    pub url: Link,
    /// What to look for there.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<300>>,
}

/// What is said about a program: everything but its identity and its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramDraft {
    /// Its name.
    pub name: Text<200>,
    /// Other names people know it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text<200>>,
    /// What it is, in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text<500>>,
    /// What it is, at length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<4000>>,
    /// Who runs it.
    pub organization_id: OrganizationId,
    /// Its kinds, at least one.
    pub kinds: Vec<Kind>,
    /// The form of help.
    pub form: Form,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TermKey>,
    /// Whom it is made for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<TermKey>,
    /// How it works.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approaches: Vec<TermKey>,
    /// What makes it easier to take part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Vec<TermKey>,
    /// What people do there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<TermKey>,
    /// The languages spoken, as BCP 47 tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// What it costs; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// The ages it says it takes; absent when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ages: Option<Ages>,
    /// Whom it is for.
    #[serde(default = "myself")]
    pub for_whom: Vec<ForWhom>,
    /// How to reach it, in the order to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// How to get in.
    #[serde(default)]
    pub intake: Intake,
    /// When and where people meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    /// Where a person must be to take part.
    #[serde(default)]
    pub coverage: Coverage,
    /// Where to find chapters that are not listed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapters: Option<ChapterFinder>,
    /// Its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Link>,
    /// Who leads it and how they were prepared, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facilitation: Option<Text<1000>>,
    /// Whether what is known of it leaves open that it still runs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_doubt: bool,
    /// What to know before going, such as doubts about the listing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Text<300>>,
    /// Where the facts were found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

fn myself() -> Vec<ForWhom> {
    vec![ForWhom::Myself]
}

/// What a program contradicts itself in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProgram {
    /// No kind.
    #[error("`kinds` needs at least one of local_group, online, one_on_one")]
    NoKind,
    /// For nobody.
    #[error("`for_whom` needs at least one of self, someone_i_support")]
    ForNobody,
    /// The youngest is older than the oldest.
    #[error("`ages.min` must not be above `ages.max`")]
    Ages,
    /// More than any program has.
    #[error("`{0}` has more entries than any program needs")]
    TooMany(&'static str),
}

impl ProgramDraft {
    /// Checks what the types cannot say.
    pub fn check(&self) -> Result<(), InvalidProgram> {
        if self.kinds.is_empty() {
            return Err(InvalidProgram::NoKind);
        }
        if self.for_whom.is_empty() {
            return Err(InvalidProgram::ForNobody);
        }
        if let Some(Ages { min: Some(min), max: Some(max) }) = self.ages
            && min > max
        {
            return Err(InvalidProgram::Ages);
        }
        for (field, len, most) in [
            ("sessions", self.sessions.len(), 500),
            ("contacts", self.contacts.len(), 50),
            ("citations", self.citations.len(), 100),
            ("topics", self.topics.len(), 100),
            ("audiences", self.audiences.len(), 100),
            ("languages", self.languages.len(), 100),
        ] {
            if len > most {
                return Err(InvalidProgram::TooMany(field));
            }
        }
        Ok(())
    }
}

/// The fields of a program that do not depend on who asks or when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicProgram {
    /// The permanent identity.
    #[schema(value_type = String, format = "uuid")]
    pub id: ProgramId,
    /// The readable part of its address.
    #[schema(value_type = String, example = "tuesday-grief-circle")]
    pub slug: Slug,
    /// Its name.
    #[schema(value_type = String, example = "Tuesday Grief Circle")]
    pub name: Text<200>,
    /// Other names people know it by.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text<200>>,
    /// What it is, in a sentence or two.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text<500>>,
    /// What it is, at length.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<4000>>,
    /// Who runs it.
    pub organization: OrganizationName,
    /// Its kinds.
    pub kinds: Vec<Kind>,
    /// The form of help.
    pub form: Form,
    /// What it is about: keys of the taxonomy `topic`.
    #[schema(value_type = Vec<String>, example = json!(["grief"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TermKey>,
    /// Whom it is made for: keys of the taxonomy `audience`.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<TermKey>,
    /// How it works: keys of the taxonomy `approach`.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approaches: Vec<TermKey>,
    /// What makes it easier to take part: keys of the taxonomy `accessibility`.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Vec<TermKey>,
    /// What people do there: keys of the taxonomy `activity`.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<TermKey>,
    /// The languages spoken, as BCP 47 tags.
    #[schema(value_type = Vec<String>, example = json!(["en", "es"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// What it costs; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// The ages it says it takes; absent when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ages: Option<Ages>,
    /// Whom it is for.
    pub for_whom: Vec<ForWhom>,
    /// How to reach it, in the order to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Where a person must be to take part.
    pub coverage: Coverage,
    /// Where to find chapters that are not listed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapters: Option<ChapterFinder>,
    /// Its page.
    #[schema(value_type = Option<String>, format = "uri")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Link>,
    /// Who leads it and how they were prepared, in words.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facilitation: Option<Text<1000>>,
    /// Whether what is known of it leaves open that it still runs; absent when it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_doubt: bool,
    /// What to know before going.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Text<300>>,
}

/// A published program with everything an answer needs, already masked.
///
/// This is what the search index is built from: no exact hidden place can be in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// What does not depend on who asks.
    pub program: PublicProgram,
    /// How to get in.
    pub intake: Intake,
    /// When and where people meet.
    pub sessions: Vec<PublicSession>,
    /// What is known of each criterion.
    pub assessments: Vec<super::criterion::Assessment>,
    /// Whether and when it was confirmed.
    pub verification: PublicVerification,
    /// Where the listing comes from.
    pub source: PublicSource,
    /// Where the facts were found.
    pub citations: Vec<Citation>,
    /// When it last changed.
    pub updated_at: jiff::Timestamp,
    /// Where its sessions are, hidden or not: tells what changes with a place. Never shown.
    pub places: Vec<super::identity::LocationId>,
}

/// A program as it is kept, published or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// The permanent identity.
    pub id: ProgramId,
    /// The readable part of its address.
    pub slug: Slug,
    /// What is said about it.
    pub draft: ProgramDraft,
}

impl Program {
    /// The part of the program that does not depend on who asks, beside its organization's name.
    pub fn public(&self, organization: OrganizationName) -> PublicProgram {
        let draft = self.draft.clone();
        PublicProgram {
            id: self.id,
            slug: self.slug.clone(),
            name: draft.name,
            aliases: draft.aliases,
            summary: draft.summary,
            description: draft.description,
            organization,
            kinds: draft.kinds,
            form: draft.form,
            topics: draft.topics,
            audiences: draft.audiences,
            approaches: draft.approaches,
            accessibility: draft.accessibility,
            activities: draft.activities,
            languages: draft.languages,
            cost: draft.cost,
            ages: draft.ages,
            for_whom: draft.for_whom,
            contacts: draft.contacts,
            coverage: draft.coverage,
            chapters: draft.chapters,
            website: draft.website,
            facilitation: draft.facilitation,
            in_doubt: draft.in_doubt,
            warnings: draft.warnings,
        }
    }

    /// The sessions as the public sees them. Ended ones are left out.
    pub fn public_sessions(
        &self,
        place_of: impl Fn(super::identity::LocationId) -> Option<PublicLocation>,
    ) -> Vec<PublicSession> {
        self.draft
            .sessions
            .iter()
            .filter(|session| session.status != super::session::SessionStatus::Ended)
            .map(|session| session.public(session.location.and_then(&place_of)))
            .collect()
    }
}
