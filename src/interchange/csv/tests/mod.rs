mod keys;
mod unread;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    Address, AreaCenter, Attendance, ForWhom, LanguageTag, Location, Position, Precision,
    ProgramDraft, Session, SubdivisionCode, TermKey, ZoneName,
};
use crate::interchange::Places;

const PROGRAMS: &str = include_str!("../../../../tests/fixtures/csv/programs.csv");
const MISTAKES: &str = include_str!("../../../../tests/fixtures/csv/mistakes.csv");

/// A world of one town.
struct OneTown;

impl Places for OneTown {
    fn center(&self, address: &Address) -> Option<AreaCenter> {
        let here = address.city.as_ref()?.as_str() == "Rivertown";
        let position = Position::new(41.9, -71.0).ok().filter(|_| here)?;
        Some(AreaCenter { position, radius_m: 3_000 })
    }

    fn zone(&self, _position: Position) -> Option<ZoneName> {
        "America/New_York".parse().ok()
    }
}

fn setting() -> Setting<'static> {
    Setting {
        source: "riverside",
        time_zone: None,
        topics: vec![],
        for_whom: vec![ForWhom::Myself],
        places: &OneTown,
    }
}

fn read(document: &[u8]) -> Import {
    Csv.read(document, &setting()).unwrap()
}

fn told(import: &Import) -> Vec<String> {
    import
        .rejects
        .iter()
        .map(|reject| format!("{} {}: {}", reject.row, reject.field, reject.reason))
        .collect()
}

fn program<'a>(import: &'a Import, name: &str) -> &'a ProgramDraft {
    &import.records.iter().find(|record| record.program.name.as_str() == name).unwrap().program
}

fn when(session: &Session) -> String {
    let schedule = session.schedule.as_ref().unwrap();
    let rrule = schedule.rrule.as_ref().map_or("once", |rule| rule.as_str());
    format!("{} {} {} {rrule}", schedule.start, schedule.time_zone, schedule.duration_minutes)
}

#[test]
fn lines_of_one_id_are_one_program() {
    let import = read(PROGRAMS.as_bytes());

    assert_eq!(told(&import), Vec::<String>::new());
    assert_eq!(import.rows, 5);
    let keys: Vec<_> =
        import.records.iter().map(|record| (record.key.as_str(), record.rows.clone())).collect();
    assert_eq!(
        keys,
        [
            ("id:grief", vec![2, 3]),
            ("name:Riverside Peers\nNight Line", vec![4]),
            ("id:zoomers", vec![5]),
            ("id:quiet", vec![6])
        ]
    );
    let circle = program(&import, "Tuesday Grief Circle");
    assert_eq!(
        when(&circle.sessions[0]),
        "2024-01-02T19:00:00 America/New_York 90 FREQ=WEEKLY;BYDAY=TU"
    );
    assert_eq!(
        when(&circle.sessions[1]),
        "2026-03-05T10:00:00 America/New_York 45 FREQ=WEEKLY;BYDAY=MO,TH"
    );
    assert_eq!(import.records[0].locations.len(), 1);
    assert_eq!(import.records[0].locations[0].1.precision, Precision::Exact);
}

#[test]
fn cells_are_understood_as_people_write_them() {
    let import = read(PROGRAMS.as_bytes());

    let circle = program(&import, "Tuesday Grief Circle");
    assert_eq!(
        circle.topics.iter().map(TermKey::as_str).collect::<Vec<_>>(),
        ["grief", "suicide_loss"]
    );
    assert_eq!(circle.languages.iter().map(LanguageTag::as_str).collect::<Vec<_>>(), ["en", "es"]);
    assert_eq!(
        circle.summary.as_ref().unwrap().as_str(),
        "We talk about who we miss.\nTea is on us."
    );
    assert_eq!(circle.contacts.len(), 3);
    let line = program(&import, "Night Line");
    assert!(line.sessions.is_empty());
    assert_eq!(
        line.coverage.subdivisions.iter().map(SubdivisionCode::as_str).collect::<Vec<_>>(),
        ["US-OR", "US-WA"]
    );
    assert_eq!(line.for_whom.len(), 2);
    let zoomers = program(&import, "Zoomers");
    assert_eq!(zoomers.sessions[0].attendance, Attendance::Online);
    assert_eq!(
        when(&zoomers.sessions[0]),
        "2026-01-13T22:30:00 America/New_York 120 FREQ=MONTHLY;BYDAY=2TU"
    );
}

#[test]
fn a_withheld_address_shows_the_town_and_not_the_door() {
    let import = read(PROGRAMS.as_bytes());

    let record = import.records.iter().find(|record| record.key == "id:quiet").unwrap();
    let (id, draft) = record.locations[0].clone();
    let public = Location::new(id, draft).unwrap().public().unwrap();
    assert_eq!((public.latitude, public.longitude, public.street), (41.9, -71.0, None));
}

#[test]
fn every_wrong_cell_is_told_with_its_column_and_what_was_expected() {
    let import = read(MISTAKES.as_bytes());

    let names: Vec<_> = import.records.iter().map(|record| record.program.name.as_str()).collect();
    assert_eq!(names, ["Good"]);
    assert_eq!(
        told(&import),
        [
            "0 topcis: is not a column; did you mean `topics`?",
            "3 name: is blank; every program needs it",
            "3 kinds: `offline`: expected one of local_group, online, one_on_one; did you mean `online`?",
            "3 website: `riverside.example`: must be an address that starts with https:// or http://",
            "3 phone: `ask`: expected one number such as +1-503-555-0100",
            "3 cost: `fre`: expected one of free, donation, sliding, paid; did you mean `free`?",
            "3 age_min: `60`: must not be above `age_max`, which is 18",
            "3 coverage: `oregon`: expected worldwide, or codes such as US, US-OR or US-OR-051",
            "4 day: `someday`: expected the name of a day, such as tue or Tuesday",
            "4 rrule: `FREQ=HOURLY`: the recurrence rule has a FREQ that is out of range: HOURLY",
            "4 time: `7`: expected a time such as 19:00 or 7:00 PM",
            "4 first_date: `13/1/2026`: expected a date such as 2026-01-13",
            "4 time_zone: `Mars/Olympus`: expected a time zone such as America/New_York",
            "4 rrule: stands beside `day`; fill in one of them",
            "4 duration_minutes: `0`: expected 1 to 1440 minutes",
            "5 rrule: stands beside `day`; fill in one of them",
            "5 first_date: is blank; with `rrule` it tells which weeks or months are meant",
            "6 attendance: is blank and `kinds` leaves it open: expected in_person, online or hybrid",
            "6 time_zone: is blank and the address does not tell it: expected a zone such as America/New_York",
            "7 country: `Atlantis`: expected a country such as US or Canada",
            "7 longitude: is blank, but `latitude` is not",
            "7 latitude: `91`: expected degrees from -90 to 90",
            "7 time_zone: is blank and the address does not tell it: expected a zone such as America/New_York",
            "8 website: is a meeting's own link, which must not be public; give a page that tells how to get in",
            "8 summary: looks as if it holds a passcode or a meeting's own link; these must not be public: leave them out, and say whom to ask",
        ]
    );
}

#[test]
fn the_same_table_is_read_from_europe_and_from_the_clipboard() {
    let commas = "name,organization,kinds,time_zone,day,time\nCafé,Peers,online,Europe/Berlin,\"mon,tue\",19:00\n";
    let semicolons = "\u{feff}Name;Organization;Kinds;Time Zone;Day;Time\r\nCafé;Peers;online;Europe/Berlin;mon,tue;19:00\r\n";

    assert_eq!(read(commas.as_bytes()), read(semicolons.as_bytes()));
    assert_eq!(read(semicolons.as_bytes()), read(semicolons.replace(';', "\t").as_bytes()));
}

#[test]
fn a_line_that_contradicts_its_program_is_refused() {
    let table = "id,name,organization,kinds,schedule_note\na,One,Peers,online,Mondays\na,Two,,,Tuesdays\na,,,,\na,,,,Fridays\n";

    let import = read(table.as_bytes());

    assert_eq!(
        told(&import),
        [
            "3 name: differs from line 2, the first of this program",
            "4 attendance: has no session, and its program is already at line 2",
        ]
    );
    assert_eq!(program(&import, "One").sessions.len(), 2);
}

#[test]
fn the_documentation_lists_every_column_once_with_its_meaning() {
    for (at, (name, meaning)) in CSV_COLUMNS.iter().enumerate() {
        assert!(
            !meaning.is_empty() && CSV_COLUMNS[..at].iter().all(|(other, _)| other != name),
            "{name}"
        );
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z,;:/0-9 \"\n-]{0,20}",
        prop::sample::select(vec![
            "tue",
            "19:00",
            "online",
            "local_group",
            "US",
            "US-OR",
            "91",
            "-71",
            "hidden",
            "area",
            "exact",
            "FREQ=WEEKLY",
            "2026-01-13",
            "America/New_York",
            "free",
            "https://zoom.us/j/1",
            "worldwide",
            "a",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _read = Csv.read(&bytes, &setting());
        let _with_header = Csv.read(&[b"name,organization,kinds,day,time\n", bytes.as_slice()].concat(), &setting());
    }

    #[test]
    fn every_line_becomes_part_of_a_program_or_a_reject(
        lines in prop::collection::vec(prop::collection::vec(cell(), CSV_COLUMNS.len()), 0..6),
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(CSV_COLUMNS.iter().map(|(name, _)| name)).unwrap();
        for line in &lines {
            writer.write_record(line).unwrap();
        }

        let import = read(&writer.into_inner().unwrap());

        let used: usize = import.records.iter().map(|record| record.rows.len()).sum();
        let refused: std::collections::BTreeSet<usize> = import.rejects.iter().map(|reject| reject.row).collect();
        prop_assert_eq!(used + refused.len(), import.rows);
        for record in &import.records {
            prop_assert!(record.program.check().is_ok());
            for (id, draft) in &record.locations {
                prop_assert!(Location::new(*id, draft.clone()).is_ok());
            }
        }
    }
}

/// Rows of one address: the name, and how exactly each tells it.
fn at_one_address(rows: &[(&str, &str)]) -> Import {
    let head = "name,organization,kinds,topics,day,time,location_name,street,city,state,postal_code,country,\
                latitude,longitude,precision";
    let row = |(name, precision): &(&str, &str)| {
        format!(
            "{name},Org,local_group,grief,tue,19:00,Hall,77 Hidden Ln,Rivertown,MA,02740,US,41.9123,-71.0123,\
             {precision}"
        )
    };
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\n");
    read(format!("{head}\n{rows}\n").as_bytes())
}

#[test]
fn who_keeps_an_address_back_most_decides_for_all_at_it() {
    use Precision::{Approximate, Area, Exact, Hidden};
    for (one, other, told) in [
        ("hidden", "approximate", Hidden),
        ("hidden", "area", Hidden),
        ("hidden", "", Hidden),
        ("area", "approximate", Area),
        ("approximate", "", Approximate),
        ("", "", Exact),
    ] {
        for rows in [[("A", one), ("B", other)], [("A", other), ("B", one)]] {
            let import = at_one_address(&rows);
            assert!(import.rejects.is_empty(), "{:?}", import.rejects);
            for record in &import.records {
                assert_eq!(record.locations[0].1.precision, told, "{rows:?}");
            }
        }
    }
}

#[test]
fn who_has_left_the_table_stays_as_hidden_as_they_were() {
    let hidden =
        ["hidden", "area", "approximate"].map(|precision| at_one_address(&[("A", precision)]));
    let shown = at_one_address(&[("B", "")]);

    let exact = shown.records[0].locations[0].0;
    for import in &hidden {
        assert_ne!(import.records[0].locations[0].0, exact, "the later table would show it");
    }
    assert_eq!(at_one_address(&[("C", "")]).records[0].locations[0].0, exact);
}

#[test]
fn a_quote_that_is_not_closed_costs_its_row_and_no_other() {
    let head = "name,organization,kinds,coverage,warning\n";
    for (rows, names, refused) in [
        (
            "A,Org,online,US,\"call first\nC,Org,online,US,\nE,Org,online,US,\n",
            vec!["C", "E"],
            vec![2],
        ),
        ("A,Org,online,US,\nC,Org,online,US,\"so\n", vec!["A"], vec![3]),
        (
            "A,Org,online,US,\"one\ntwo\"\nC,Org,online,US,\"so\nE,Org,online,US,",
            vec!["A", "E"],
            vec![3],
        ),
        ("A,Org,online,US,\"one\n\"\n", vec!["A"], vec![]),
        ("A,Org,online,US,5\" wide\n", vec!["A"], vec![]),
    ] {
        let import = read(format!("{head}{rows}").as_bytes());
        let read: Vec<&str> =
            import.records.iter().map(|record| record.program.name.as_str()).collect();
        let rejects: Vec<usize> = import.rejects.iter().map(|reject| reject.row).collect();
        assert_eq!((read, rejects), (names, refused), "{rows:?}: {:?}", import.rejects);
    }
}

#[test]
fn towns_alone_are_told_apart_by_their_coordinates() {
    let import = read(
        b"name,organization,kinds,day,time,city,state,country,latitude,longitude\n\
          A,Org,local_group,tue,19:00,Rivertown,RI,US,41.95,-71.05\n\
          B,Org,local_group,wed,19:00,Rivertown,RI,US,,\n\
          C,Org,local_group,thu,19:00,Rivertown,RI,US,41.85,-70.95\n\
          D,Org,local_group,fri,19:00,Rivertown,RI,US,41.95,-71.05\n",
    );

    assert_eq!(told(&import), Vec::<String>::new());
    let place = |at: usize| &import.records[at].locations[0];
    let degrees = |at: usize| place(at).1.position.map(|at| (at.latitude(), at.longitude()));
    assert_eq!(
        [degrees(0), degrees(1), degrees(2)],
        [Some((41.95, -71.05)), None, Some((41.85, -70.95))]
    );
    assert_eq!(place(1).1.precision, Precision::Area);
    assert_eq!(place(0).0, place(3).0);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let head =
        "name,organization,kinds,day,time,end_time,city,state,country,latitude,longitude,phone\n";
    for (row, refused) in [
        ("tue,19:00,20:00,Rivertown,RI,US,41.9,71.0,", "2 latitude: with `longitude` is "),
        ("tue,19:00,20:00,Rivertown,RI,US,-71.0,41.9,", "2 latitude: with `longitude` is "),
        ("tue,19:00,19:00,Rivertown,RI,US,,,", "2 end_time: is the same as `time`"),
        ("tue,19:00,20:00,Rivertown,RI,US,,,1.50356E+10", "2 phone: "),
        ("tue,19:00,20:00,Rivertown,RI,US,,,\"1,50356E+10\"", "2 phone: "),
    ] {
        let import = read(format!("{head}A,Org,local_group,{row}\n").as_bytes());
        assert!(import.records.is_empty(), "{row}");
        let told = told(&import);
        assert!(told.len() == 1 && told[0].starts_with(refused), "{row}: {told:?}");
    }
    let fine = "A,Org,local_group,tue,19:00,20:00,Rivertown,RI,US,41.9,-71.0,503-555-0100\n";
    assert_eq!(read(format!("{head}{fine}").as_bytes()).records.len(), 1);
}

#[test]
fn an_unknown_town_and_a_first_row_that_is_refused_are_named_as_the_mistake() {
    let import = read(
        b"id,name,organization,kinds,day,time,city,country,cost\n\
          a,A,Org,local_group,tue,19:00,Rivertwon,US,\n\
          b,B,Org,local_group,tue,19:00,Rivertown,US,cheap\n\
          b,,,,thu,19:00,Rivertown,US,\n",
    );

    let told = told(&import);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("2 city: is not a place we know there"), "{told:?}");
    assert!(told[1].starts_with("3 cost: "), "{told:?}");
    assert_eq!(told[2], "4 id: belongs to row 3, which is refused: mend that one");
}

#[test]
fn another_kind_of_file_is_called_what_it_is() {
    let utf_16: Vec<u8> = "name,kinds".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (document, kind) in [
        (&b"PK\x03\x04\x14\0\x06\0"[..], "workbook"),
        (b"\n <!doctype html><title>Sign in</title>", "web page"),
        (&utf_16, "encoding"),
        (b"name,\0\0", "encoding"),
    ] {
        let refused = Csv.read(document, &setting()).unwrap_err().to_string();
        assert!(
            refused.starts_with("this is not a table: it is ") && refused.contains(kind),
            "{refused}"
        );
    }
}
