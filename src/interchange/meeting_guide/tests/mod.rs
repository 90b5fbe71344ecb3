mod places;
mod properties;
mod unread;

use serde_json::{Value, json};

use super::*;
use crate::domain::{
    Address, AreaCenter, Attendance, ForWhom, Kind, Location, LocationDraft, Position, Session,
    SessionStatus, ZoneName,
};
use crate::interchange::{Places, Record};

const QUIRKS: &str = include_str!("../../../../tests/fixtures/meeting-guide/quirks.json");
const DISTRICTS: &str = include_str!("../../../../tests/fixtures/meeting-guide/districts.json");
const SECRETS: &str = include_str!("../../../../tests/fixtures/meeting-guide/secrets.json");

/// A world of two towns.
struct TwoTowns;

impl Places for TwoTowns {
    fn center(&self, address: &Address) -> Option<AreaCenter> {
        let (latitude, longitude) = match address.city.as_ref()?.as_str() {
            "Rivertown" => (41.9, -71.0),
            "Lakeside" => (53.5, -113.5),
            _ => return None,
        };
        Some(AreaCenter { position: Position::new(latitude, longitude).ok()?, radius_m: 3_000 })
    }

    fn zone(&self, position: Position) -> Option<ZoneName> {
        let west = position.longitude() < -100.0;
        if west { "America/Edmonton" } else { "America/New_York" }.parse().ok()
    }
}

fn setting() -> Setting<'static> {
    Setting {
        source: "rivertown",
        time_zone: None,
        topics: vec!["alcohol".parse().unwrap()],
        for_whom: vec![ForWhom::Myself],
        places: &TwoTowns,
    }
}

fn read(document: &str) -> Import {
    MeetingGuide.read(document.as_bytes(), &setting()).unwrap()
}

fn record<'a>(import: &'a Import, key: &str) -> &'a Record {
    import.records.iter().find(|record| record.key == format!("group:{key}")).unwrap()
}

fn location<'a>(record: &'a Record, session: &Session) -> &'a LocationDraft {
    let id = session.location.unwrap();
    &record.locations.iter().find(|(known, _)| *known == id).unwrap().1
}

fn rrule(session: &Session) -> String {
    let schedule = session.schedule.as_ref().unwrap();
    format!(
        "{} {} {} {}",
        schedule.start,
        schedule.time_zone,
        schedule.duration_minutes,
        schedule.rrule.as_ref().unwrap().as_str()
    )
}

#[test]
fn meetings_of_one_group_are_one_program() {
    let import = read(QUIRKS);

    let keys: Vec<&str> = import.records.iter().map(|record| record.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "group:Early Birds",
            "group:Night Owls",
            "group:Walk and Talk",
            "group:Harbor Group",
            "group:Somewhere Group",
            "group:Bread & Roses"
        ]
    );
    assert_eq!(import.rows, 16);
    assert_eq!(record(&import, "Early Birds").rows, [1, 2]);
    let names: Vec<_> = record(&import, "Bread & Roses")
        .program
        .sessions
        .iter()
        .map(|session| session.name.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(names, ["Bread & Roses Tuesday", "Bread & Roses Thursday"]);
}

#[test]
fn a_district_is_not_a_group() {
    let import = read(DISTRICTS);

    let keys: Vec<&str> = import.records.iter().map(|record| record.key.as_str()).collect();
    assert_eq!(
        keys,
        ["group:25036 Lanterns", "group:25037 Parents", "group:Lanterns", "group:District Nurses"]
    );
    let lanterns = record(&import, "25036 Lanterns");
    assert_eq!(location(lanterns, &lanterns.program.sessions[0]).name, None);
}

#[test]
fn a_bad_row_is_refused_with_its_field_and_the_others_land() {
    let import = read(QUIRKS);

    let rejects: Vec<String> = import
        .rejects
        .iter()
        .map(|reject| format!("{} {}: {}", reject.row, reject.field, reject.reason))
        .collect();
    assert_eq!(
        rejects,
        [
            "9 slug: `early-birds-mon` is already the slug of row 1",
            "10 latitude: (430.7, -89.4): latitude must be -90 to 90 and longitude -180 to 180 degrees",
            "11 day: 7 is not a day: expected 0 (Sunday) to 6 (Saturday)",
            "12 time: `half past` is not a time such as 19:00",
            "13 timezone: `Mars/Olympus` is not a time zone such as America/New_York",
            "14 slug: is missing: every meeting needs one",
            "15 name: is missing: every meeting needs one",
            "16 : is not a meeting: expected an object with `name` and `slug`",
        ]
    );
}

#[test]
fn several_days_are_one_session() {
    let import = read(QUIRKS);

    let sessions = &record(&import, "Early Birds").program.sessions;
    assert_eq!(rrule(&sessions[0]), "2024-01-01T07:00:00 America/New_York 75 FREQ=WEEKLY;BYDAY=MO");
    assert_eq!(
        rrule(&sessions[1]),
        "2024-01-03T20:00:00 America/New_York 60 FREQ=WEEKLY;BYDAY=WE,FR"
    );
}

#[test]
fn an_online_meeting_past_midnight_is_worldwide_and_has_no_place() {
    let import = read(QUIRKS);

    let owls = record(&import, "Night Owls");
    assert_eq!(owls.program.kinds, [Kind::Online]);
    assert!(owls.program.coverage.worldwide && owls.locations.is_empty());
    let session = &owls.program.sessions[0];
    assert_eq!(rrule(session), "2024-01-06T23:30:00 America/Los_Angeles 90 FREQ=WEEKLY;BYDAY=SA");
    assert_eq!(session.channels.iter().map(|c| c.as_str()).collect::<Vec<_>>(), ["video", "phone"]);
    assert_eq!(session.join_phone.as_ref().unwrap().as_str(), "+15035550100,,81234567890#");
}

#[test]
fn times_that_are_not_known_are_told_in_words() {
    let import = read(QUIRKS);

    let note = |key: &str| {
        record(&import, key).program.sessions[0].schedule_note.clone().unwrap().to_string()
    };
    assert_eq!(note("Walk and Talk"), "By appointment: ask when people meet.");
    assert_eq!(note("Somewhere Group"), "Sundays at 10:00, time zone not stated");
}

#[test]
fn a_closed_place_without_a_way_online_is_paused() {
    let import = read(QUIRKS);

    let harbor = record(&import, "Harbor Group");
    let session = &harbor.program.sessions[0];
    assert_eq!((session.attendance, session.status), (Attendance::InPerson, SessionStatus::Paused));
    assert_eq!(rrule(session), "2024-01-02T19:00:00 America/Edmonton 60 FREQ=WEEKLY;BYDAY=TU");
    assert_eq!(harbor.program.summary.as_ref().unwrap().as_str(), "Parking in the rear.");
    assert_eq!(session.note, None);
}

#[test]
fn codes_become_terms_and_remarks() {
    let import = read(QUIRKS);

    let bread = &record(&import, "Bread & Roses").program;
    let keys =
        |keys: &[crate::domain::TermKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(keys(&bread.topics), ["alcohol", "co_occurring"]);
    assert_eq!(keys(&bread.audiences), ["lgbtq", "transgender"]);
    assert_eq!(keys(&bread.approaches), ["secular"]);
    assert_eq!(keys(&bread.accessibility), ["sign_language"]);
    let birds = &record(&import, "Early Birds").program;
    assert_eq!(keys(&birds.accessibility), ["step_free"]);
    assert_eq!(birds.languages.iter().map(ToString::to_string).collect::<Vec<_>>(), ["en", "es"]);
    assert_eq!(
        birds.sessions[1].note.as_ref().unwrap().as_str(),
        "Closed meeting: for people who share the topic. For women. In Spanish."
    );
    assert_eq!(birds.intake.access, [crate::domain::Access::DropIn]);
}

#[test]
fn people_are_not_contacts_but_groups_and_offices_are() {
    let import = read(QUIRKS);

    let told = |key: &str| {
        let contacts = &record(&import, key).program.contacts;
        contacts
            .iter()
            .map(|contact| format!("{} {}", contact.of, contact.value))
            .collect::<Vec<_>>()
    };
    assert!(told("Early Birds").is_empty());
    assert_eq!(
        told("Bread & Roses"),
        [
            "program 503-555-0111",
            "program hello@bread.example",
            "organization +1-503-555-0100",
            "organization office@office.example",
            "program https://bread.example/"
        ]
    );
}

#[test]
fn the_entity_runs_the_program_else_the_source_does() {
    let import = read(QUIRKS);

    let bread = record(&import, "Bread & Roses");
    assert_eq!(bread.organization_key, "Rivertown Office");
    assert_eq!(bread.organization.website.as_ref().unwrap().as_str(), "https://office.example/");
    assert_eq!(record(&import, "Early Birds").organization_key, "rivertown");
}

#[test]
fn a_document_may_begin_with_a_byte_order_mark() {
    assert_eq!(read(&format!("\u{feff}{DISTRICTS}")), read(DISTRICTS));
}

#[test]
fn what_is_not_a_list_of_meetings_is_refused_as_a_whole() {
    for (document, reason) in
        [("{}", "expected a list"), ("", "it is not JSON"), ("[1,", "it is not JSON")]
    {
        let error = MeetingGuide.read(document.as_bytes(), &setting()).unwrap_err();
        assert!(error.to_string().starts_with("this is not a Meeting Guide feed: "), "{error}");
        assert!(error.reason.contains(reason), "{error}");
    }
    assert_eq!(read("[]"), Import::default());
}

#[test]
fn a_long_text_never_loses_the_meeting() {
    let long = "word ".repeat(2_000);
    let document = json!([{"slug": "a", "name": "Long", "notes": long, "group_notes": long,
        "location": long, "formatted_address": format!("12 {long} St, Rivertown, MA 02767, USA")}]);

    let import = read(&document.to_string());

    assert!(import.rejects.is_empty());
    let program = &import.records[0].program;
    assert!(program.summary.as_ref().unwrap().ends_with("word…"));
    assert!(program.description.as_ref().unwrap().chars().count() > 3_900);
    let long_name = json!([{"slug": "a", "name": long}]);
    assert_eq!(read(&long_name.to_string()).records[0].program.name.chars().count(), 199);
}

#[test]
fn more_meetings_than_any_group_has_are_refused_and_not_lost_silently() {
    let rows: Vec<Value> =
        (0..503).map(|n| json!({"slug": format!("{n:03}"), "name": "Online", "day": 1})).collect();

    let import = read(&Value::from(rows).to_string());

    assert_eq!(import.records[0].program.sessions.len(), MOST_SESSIONS);
    let refused: Vec<usize> = import.rejects.iter().map(|reject| reject.row).collect();
    assert_eq!(refused, [501, 502, 503]);
}

/// Everything the public may read of an import, as one text.
fn public(import: &Import) -> String {
    let mut text = String::new();
    for record in &import.records {
        let place = |id| {
            let (id, draft) = record.locations.iter().find(|(known, _)| *known == id).cloned()?;
            Location::new(id, draft).unwrap().public()
        };
        let program = crate::domain::Program {
            id: crate::domain::ProgramId::derived("rivertown", &record.key),
            slug: crate::domain::Slug::from_name(&record.program.name),
            draft: record.program.clone(),
        };
        let organization = crate::domain::OrganizationName {
            id: record.program.organization_id,
            slug: crate::domain::Slug::from_name(&record.organization.name),
            name: record.organization.name.clone(),
        };
        text += &serde_json::to_string(&program.public_sessions(place)).unwrap();
        text += &serde_json::to_string(&record.program.intake).unwrap();
        text += &serde_json::to_string(&program.public(organization)).unwrap();
    }
    text
}

/// Whether the digits of a canary occur, however they are grouped. Identifiers are left out.
fn sings(public: &str) -> bool {
    let digits: String = public.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
    digits.contains("9071425")
}

#[test]
fn keys_to_rooms_never_become_public() {
    let import = read(SECRETS);

    let public = public(&import);
    assert!(!sings(&public), "{public}");
    assert!(!public.contains("zoom.us") && !public.contains("rooms.example"), "{public}");
    for kept in [
        "Chairs are set out at seven.",
        "Wir treffen uns gern.",
        "Tea at eight.",
        "Use the side door.",
        "503-555-0122",
    ] {
        assert!(public.contains(kept), "{kept}: {public}");
    }
    let canaries = record(&import, "Canaries");
    assert!(sings(canaries.program.sessions[0].join_url.as_ref().unwrap().as_str()));
    assert_eq!(import.rejects.len(), 1);
    assert_eq!((import.rejects[0].row, import.rejects[0].field.as_str()), (4, "name"));
}

#[test]
fn the_order_of_the_feed_changes_nothing_but_the_order() {
    let forward: Vec<Value> = serde_json::from_str(QUIRKS).unwrap();
    // Without its double, of which the first is taken whichever it is.
    let forward: Vec<Value> = forward.into_iter().filter(|row| row["name"] != "Twice").collect();
    let backward: Vec<Value> = forward.iter().rev().cloned().collect();

    let [mut there, mut back] =
        [forward, backward].map(|rows| read(&Value::from(rows).to_string()).records);

    for records in [&mut there, &mut back] {
        records.sort_by(|a, b| a.key.cmp(&b.key));
        for record in records.iter_mut() {
            record.rows.clear();
        }
    }
    assert_eq!(there, back);
}
