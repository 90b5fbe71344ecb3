//! Keys to meetings are kept out of what becomes public.

use super::*;

/// What is said of a table of one row with `text` in `column`; it must be accepted when there is nothing.
fn said_of(column: &str, text: &str) -> Vec<String> {
    let header = format!("name,organization,kinds,cost,day,time,time_zone,{column}");
    let import = read(format!("{header}\nA,Org,online,paid,tue,19:00,UTC,\"{text}\"\n").as_bytes());
    let told = told(&import);
    assert_eq!(import.records.is_empty(), !told.is_empty(), "{told:?}");
    told
}

const LONG: [&str; 6] =
    ["summary", "description", "schedule_note", "next_step", "warning", "cost_note"];

#[test]
fn a_passcode_without_a_number_is_refused_too() {
    for column in LONG {
        for text in ["We meet on Zoom. The passcode is serenity.", "Password: friends"] {
            let told = said_of(column, text);
            let reason = format!("2 {column}: looks as if it holds a passcode");
            assert!(told.len() == 1 && told[0].starts_with(&reason), "{text}: {told:?}");
        }
    }
}

#[test]
fn who_only_speaks_of_a_passcode_is_heard() {
    for column in LONG {
        for text in ["No password needed", "Ask for the passcode by e-mail"] {
            assert_eq!(said_of(column, text), Vec::<String>::new(), "{column}: {text}");
        }
    }
}

#[test]
fn a_number_to_call_has_no_code_behind_it() {
    for column in ["phone", "text"] {
        for number in [
            "+1 646 558 8656 ID 81234567890 PIN 4321#",
            "+16465588656,,81234567890#",
            "+1 646 558 8656 passcode 4321",
            "646-558-8656 81234567890",
            "+1 646 558 8656 x81234567890",
            "+15035550100#",
            "12",
        ] {
            let told = said_of(column, number);
            assert!(
                told.len() == 1 && told[0].starts_with(&format!("2 {column}: ")),
                "{number}: {told:?}"
            );
        }
        for number in [
            "988",
            "741741",
            "+1-503-555-0100",
            "(503) 555-0100 ext. 123456",
            "503-555-0100x12",
            "+44 20 7946 0958 extension 7",
            "1-800-273-TALK (8255)",
            "Text HOME to 741741",
            "Mexico 55 5259 8121",
        ] {
            assert_eq!(said_of(column, number), Vec::<String>::new(), "{number}");
        }
    }
}
