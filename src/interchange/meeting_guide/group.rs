//! The meetings of one group, made into a program.

use crate::domain::{
    Access, Channel, Contact, ContactOf, Coverage, Form, Intake, Kind, Link, LocationDraft,
    LocationId, OrganizationDraft, OrganizationId, ProgramDraft, Recurrence, Schedule, Session,
    SessionForm, Text, ZoneName,
};
use crate::interchange::secrets::{self, Secrets};
use crate::interchange::venues::{Openness, Venues};
use crate::interchange::{Record, Reject, Setting, clock};

use super::attendance::Attending;
use super::codes::{self, Meeting};
use super::row::Row;
use super::venue::Place;

/// The most characters of a summary.
const SUMMARY: usize = 500;

/// The meetings of one group, in the order of their times.
pub(super) struct Group {
    key: String,
    members: Vec<Member>,
    secrets: Secrets,
}

/// One meeting with what was worked out about it.
struct Member {
    row: Row,
    attending: Attending,
    zone: Option<ZoneName>,
    venue: Option<(LocationId, LocationDraft)>,
}

impl Group {
    /// Works out place, zone and attendance of each row.
    pub(super) fn new(key: String, rows: Vec<Row>, setting: &Setting<'_>) -> Self {
        // A passcode of one meeting may stand in the notes of another.
        let secrets = Secrets::of(rows.iter().flat_map(Row::private));
        let member = |row: Row| {
            let place = Place::of(&row, setting);
            let attending = Attending::of(&row, place.may_be_there(&row));
            let venue =
                attending.in_person().then(|| place.location(&row, &secrets, setting, &key));
            let zone = row.zone.clone().or_else(|| setting.time_zone.clone());
            Member { zone: zone.or_else(|| place.zone(setting)), attending, venue, row }
        };
        let members = rows.into_iter().map(member).collect();
        Self { key, members, secrets }
    }

    /// What its rows say about places, each with the row's slug.
    pub(super) fn venues(
        &self,
    ) -> impl Iterator<Item = (&str, LocationId, LocationDraft, Openness)> {
        self.members.iter().filter_map(|member| {
            let (id, draft) = member.venue.clone()?;
            let openness = match member.row.approximate {
                Some(true) => Openness::KeptBack,
                _ => Openness::Told,
            };
            Some((member.row.slug.as_str(), id, draft, openness))
        })
    }

    /// The program. Fails only as a whole, with the reason at each of its rows.
    pub(super) fn record(
        self,
        setting: &Setting<'_>,
        venues: &Venues,
    ) -> Result<Record, Vec<Reject>> {
        let fail = |field: &str, reason: String| {
            let reject = |member: &Member| Reject {
                row: member.row.number,
                field: field.to_owned(),
                reason: reason.clone(),
            };
            self.members.iter().map(reject).collect::<Vec<_>>()
        };
        let unprintable = || "has no printable character".to_owned();
        let name = Text::lossy(&self.key).ok_or_else(|| fail("name", unprintable()))?;
        let entity =
            self.first(|row| row.entity.clone()).unwrap_or_else(|| setting.source.to_owned());
        let organization = OrganizationDraft {
            name: Text::lossy(&entity).ok_or_else(|| fail("entity", unprintable()))?,
            aliases: vec![],
            description: None,
            website: self.first(|row| row.public_link(row.entity_url.as_ref())),
        };
        let organization_id = OrganizationId::derived(setting.source, &entity);
        let mut program = self.program(name, organization_id, setting);
        program.check().map_err(|contradiction| fail("group", contradiction.to_string()))?;

        let locations = venues.place(&mut program.sessions);
        let mut rows: Vec<usize> = self.members.iter().map(|member| member.row.number).collect();
        rows.sort_unstable();
        Ok(Record {
            key: super::record_key(&self.key),
            rows,
            organization_key: entity,
            organization,
            program,
            locations,
            assessments: vec![],
            unlisted: None,
            incomplete: false,
        })
    }

    fn program(
        &self,
        name: Text<200>,
        organization_id: OrganizationId,
        setting: &Setting<'_>,
    ) -> ProgramDraft {
        let meetings: Vec<Meeting<'_>> = self.members.iter().map(Member::meeting).collect();
        let gathered = codes::gather(&meetings);
        let in_person = self.members.iter().any(|member| member.attending.in_person());
        let online = self.members.iter().any(|member| member.attending.online());
        let about = self.about();
        let mut topics = setting.topics.clone();
        topics.extend(gathered.topics.into_iter().filter(|topic| !setting.topics.contains(topic)));
        let open = self.members.iter().any(|member| member.row.codes.is_open());
        ProgramDraft {
            name,
            aliases: vec![],
            summary: about.as_deref().and_then(summary),
            description: about
                .as_deref()
                .filter(|text| text.chars().count() > SUMMARY)
                .and_then(Text::lossy),
            organization_id,
            kinds: [(Kind::LocalGroup, in_person), (Kind::Online, online)]
                .into_iter()
                .filter_map(|(kind, there)| there.then_some(kind))
                .collect(),
            form: Form::SupportGroup,
            topics,
            audiences: gathered.audiences,
            approaches: gathered.approaches,
            accessibility: gathered.accessibility,
            activities: vec![],
            languages: gathered.languages,
            cost: None,
            ages: None,
            for_whom: setting.for_whom.clone(),
            contacts: self.contacts(),
            intake: Intake {
                access: if open { vec![Access::DropIn] } else { vec![] },
                ..Intake::default()
            },
            sessions: self
                .members
                .iter()
                .map(|member| self.session(member, &meetings, about.as_deref()))
                .collect(),
            // The format has no word for where one must live to join, and a link works anywhere.
            coverage: if online { Coverage::worldwide() } else { Coverage::default() },
            chapters: None,
            website: self.first(|row| row.public_link(row.website.as_ref())),
            facilitation: None,
            in_doubt: false,
            warnings: vec![],
            citations: vec![],
        }
    }

    /// The first that any of the rows tells.
    fn first<T>(&self, tell: impl Fn(&Row) -> Option<T>) -> Option<T> {
        self.members.iter().find_map(|member| tell(&member.row))
    }

    /// What is said about the whole group: its notes, or a note that all of its meetings share.
    fn about(&self) -> Option<String> {
        let clean = |text: &String| self.secrets.scrub(text);
        self.first(|row| row.group_notes.as_ref().and_then(clean)).or_else(|| {
            let shared = self.members.first()?.row.notes.as_ref()?;
            let all = self.members.iter().all(|member| member.row.notes.as_ref() == Some(shared));
            if all { clean(shared) } else { None }
        })
    }

    /// The group's own ways to be reached, then those of who publishes the list.
    ///
    /// `contact_1_name` and its like are people's own numbers; they are not even read.
    fn contacts(&self) -> Vec<Contact> {
        let digits = |text: &String| text.bytes().filter(u8::is_ascii_digit).count() >= 3;
        let phone = |text: Option<&String>| text.filter(|text| digits(text)).cloned();
        let email = |text: Option<&String>| {
            text.filter(|text| text.contains('@') && !text.contains(char::is_whitespace)).cloned()
        };
        let link = |link: Option<Link>| link.map(|link| link.to_string());
        let ways = [
            (Channel::Phone, ContactOf::Program, self.first(|row| phone(row.phone.as_ref()))),
            (Channel::Email, ContactOf::Program, self.first(|row| email(row.email.as_ref()))),
            (
                Channel::Phone,
                ContactOf::Organization,
                self.first(|row| phone(row.entity_phone.as_ref())),
            ),
            (
                Channel::Email,
                ContactOf::Organization,
                self.first(|row| email(row.entity_email.as_ref())),
            ),
            (
                Channel::WebForm,
                ContactOf::Program,
                self.first(|row| link(row.public_link(row.website.as_ref()))),
            ),
        ];
        let mut contacts: Vec<Contact> = Vec::new();
        for (channel, of, value) in ways {
            let value =
                value.filter(|value| !self.secrets.are_in(value) && !secrets::holds_key(value));
            let Some(value) = value.as_deref().and_then(Text::lossy) else { continue };
            if contacts.iter().all(|known| known.value != value) {
                contacts.push(Contact {
                    channel,
                    value,
                    of,
                    label: None,
                    hours: None,
                    seen_at_source: true,
                });
            }
        }
        contacts
    }

    fn session(&self, member: &Member, all: &[Meeting<'_>], about: Option<&str>) -> Session {
        let row = &member.row;
        let (schedule, schedule_note) = times(row, member.zone.as_ref());
        let mut note = row.codes.remarks(all, member.attending.in_person()).join(" ");
        let own = row.notes.as_deref().and_then(|notes| self.secrets.scrub(notes));
        // What the summary says need not be said at each meeting again.
        if let Some(own) = own.filter(|own| about != Some(own.as_str())) {
            note = if note.is_empty() { own } else { format!("{note}\n{own}") };
        }
        Session {
            name: if row.name == self.key { None } else { Text::lossy(&row.name) },
            attendance: member.attending.attendance,
            form: SessionForm::Meeting,
            channels: member.attending.channels.clone(),
            schedule,
            schedule_note: schedule_note.as_deref().and_then(Text::lossy),
            location: member.venue.as_ref().map(|(id, _)| *id),
            sign_up_url: row.public_link(row.url.as_ref()),
            join_url: row.conference_url.clone(),
            join_phone: row.dial_in().as_deref().and_then(Text::lossy),
            note: Text::lossy(&note),
            status: member.attending.status,
            status_since: None,
            status_until: None,
        }
    }
}

impl Member {
    fn meeting(&self) -> Meeting<'_> {
        Meeting { codes: &self.row.codes, in_person: self.attending.in_person() }
    }
}

/// The weekly schedule, or what is known of the times in words. Never a guess.
fn times(row: &Row, zone: Option<&ZoneName>) -> (Option<Schedule>, Option<String>) {
    let days = clock::in_words(&row.days);
    match (row.days.is_empty(), row.time, zone) {
        (true, _, _) => (None, Some("By appointment: ask when people meet.".to_owned())),
        (_, None, _) => (None, Some(format!("{days}, time not stated"))),
        (_, Some(time), None) => {
            (None, Some(format!("{days} at {}, time zone not stated", time.strftime("%H:%M"))))
        }
        (_, Some(time), Some(zone)) => {
            let schedule = Schedule {
                start: clock::first_on(&row.days, clock::COUNTED_FROM).to_datetime(time),
                time_zone: zone.clone(),
                duration_minutes: row
                    .end
                    .map_or(clock::USUAL_MINUTES, |end| clock::minutes(time, end)),
                rrule: Some(Recurrence::weekly(&row.days)),
                exdates: vec![],
                rdates: vec![],
                pauses: vec![],
            };
            (Some(schedule), None)
        }
    }
}

/// The beginning of a text, cut at a word.
fn summary(text: &str) -> Option<Text<SUMMARY>> {
    if text.chars().count() <= SUMMARY {
        return Text::lossy(text);
    }
    // One character less, for the dots.
    let end = text.char_indices().nth(SUMMARY - 1).map_or(text.len(), |(end, _)| end);
    let cut = &text[..end];
    let cut = cut.rfind(char::is_whitespace).map_or(cut, |space| &cut[..space]);
    Text::lossy(&format!("{}…", cut.trim_end()))
}
