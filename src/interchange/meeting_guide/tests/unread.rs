//! Which groups are incomplete when rows of a feed cannot be read.

use super::*;

/// The groups of a feed of which meetings may be missing.
fn incomplete(rows: &Value) -> Vec<String> {
    let records = read(&rows.to_string()).records.into_iter();
    records.filter_map(|record| record.incomplete.then_some(record.key)).collect()
}

fn meeting(slug: &str, group: &str) -> Value {
    json!({"slug": slug, "name": slug, "group": group, "day": 1, "time": "19:00", "timezone": "UTC"})
}

fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

#[test]
fn a_group_that_a_meeting_is_missing_from_is_incomplete_and_no_other() {
    let (a, b) = (meeting("a", "Lanterns"), meeting("b", "Night Owls"));
    for refused in [
        with(meeting("c", "Lanterns"), "time", json!("8ish")),
        with(meeting("c", "Lanterns"), "name", Value::Null),
        with(meeting("c", "Lanterns"), "slug", json!("a")),
        with(with(meeting("Lanterns", "District 25"), "slug", json!("c")), "day", json!(9)),
    ] {
        let rows = json!([a, b, refused]);
        assert_eq!(incomplete(&rows), ["group:Lanterns"], "{rows}");
    }
    assert_eq!(
        incomplete(&json!([a, b, a])),
        Vec::<String>::new(),
        "nothing is lost with a double"
    );
}

#[test]
fn a_meeting_that_does_not_tell_its_group_may_be_of_any() {
    let (a, b) = (meeting("a", "Lanterns"), meeting("b", "Night Owls"));
    for refused in [json!(null), json!({"slug": "c", "district": "Lanterns", "group": "Lanterns"})]
    {
        let rows = json!([a, b, refused]);
        assert_eq!(incomplete(&rows), ["group:Lanterns", "group:Night Owls"], "{rows}");
    }
}

#[test]
fn a_group_with_more_meetings_than_are_taken_is_incomplete() {
    let some = (0..=MOST_SESSIONS).map(|n| meeting(&n.to_string(), "Online"));

    let rows: Vec<Value> = some.chain([meeting("b", "Night Owls")]).collect();

    assert_eq!(incomplete(&rows.into()), ["group:Online"]);
}
