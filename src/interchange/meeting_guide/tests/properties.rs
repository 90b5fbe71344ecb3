//! What holds of every document, however strange.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn strange() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "https://zoom.us/j/1",
            "24:00",
            "7 PM",
            "yes",
            "no",
            "-0",
            "NaN",
            "1e999",
            ",",
            "District ",
            "District 2",
            "Georgia",
            "TC",
            "[",
            "&#0;",
            "&#xd800;",
            "\u{0}",
            "é",
            "😀😀😀😀😀😀😀😀😀",
            "online",
            "12 St, , ,",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{0,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The rows of the fixtures with some of their fields exchanged for anything.
fn mutated() -> impl Strategy<Value = Value> {
    let rows: Vec<Value> = [QUIRKS, DISTRICTS, SECRETS]
        .iter()
        .flat_map(|fixture| serde_json::from_str::<Vec<Value>>(fixture).unwrap())
        .filter(Value::is_object)
        .collect();
    let fields: Vec<String> = rows
        .iter()
        .flat_map(|row| row.as_object().unwrap().keys().cloned())
        .chain(["coordinates".to_owned()])
        .collect();
    let change = (
        prop::sample::select(rows),
        prop::collection::vec((prop::sample::select(fields), strange()), 0..5),
    );
    change.prop_map(|(mut row, changes)| {
        for (field, value) in changes {
            row[field] = value;
        }
        row
    })
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _read = MeetingGuide.read(&bytes, &setting());
    }

    #[test]
    fn no_value_is_too_strange(value in strange()) {
        let _read = MeetingGuide.read(value.to_string().as_bytes(), &setting());
    }

    #[test]
    fn every_row_becomes_a_session_or_a_reject(rows in prop::collection::vec(mutated(), 0..12)) {
        let import = read(&Value::from(rows.clone()).to_string());

        let sessions: usize = import.records.iter().map(|record| record.program.sessions.len()).sum();
        prop_assert_eq!(sessions + import.rejects.len(), rows.len());
        prop_assert_eq!(import.rows, rows.len());
        for record in &import.records {
            prop_assert!(record.program.check().is_ok());
            for (id, draft) in &record.locations {
                prop_assert!(Location::new(*id, draft.clone()).is_ok());
            }
            let text = serde_json::to_string(&record.program).unwrap();
            prop_assert_eq!(&serde_json::from_str::<crate::domain::ProgramDraft>(&text).unwrap(), &record.program);
        }
    }
}
