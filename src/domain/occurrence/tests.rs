use jiff::SignedDuration;

use super::*;

fn schedule(document: &str) -> Schedule {
    let mut document: serde_json::Value = serde_json::from_str(document).unwrap();
    let minutes = serde_json::json!(60);
    document.as_object_mut().unwrap().entry("duration_minutes").or_insert(minutes);
    serde_json::from_value(document).unwrap()
}

/// A schedule by start, zone and rule.
fn repeating(start: &str, zone: &str, rule: &str) -> Schedule {
    schedule(&format!(r#"{{"start":"{start}","time_zone":"{zone}","rrule":"{rule}"}}"#))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The starts from one instant up to another, as instants.
fn starts(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    let timetable = Timetable::meetings(schedule);
    timetable.between(at(from), at(to)).map(|found| found.start.to_string()).collect()
}

/// The local days of the starts of a year.
fn days_of(year: i16, schedule: &Schedule) -> Vec<String> {
    let timetable = Timetable::meetings(schedule);
    let from = jiff::civil::date(year, 1, 1).to_zoned(timetable.zone().clone()).unwrap();
    let to = jiff::civil::date(year + 1, 1, 1).to_zoned(timetable.zone().clone()).unwrap();
    timetable
        .between(from.timestamp(), to.timestamp())
        .map(|found| found.start.to_zoned(timetable.zone().clone()).strftime("%m-%d").to_string())
        .collect()
}

#[test]
fn a_group_meets_at_the_same_local_time_all_year() {
    let new_york = repeating("2026-01-06T19:00", "America/New_York", "FREQ=WEEKLY;BYDAY=TU");
    let berlin = repeating("2026-01-06T19:00", "Europe/Berlin", "FREQ=WEEKLY;BYDAY=TU");
    let lord_howe = repeating("2026-01-06T19:00", "Australia/Lord_Howe", "FREQ=WEEKLY;BYDAY=TU");
    let kolkata = repeating("2026-01-06T19:00", "Asia/Kolkata", "FREQ=WEEKLY;BYDAY=TU");

    assert_eq!(
        starts(&new_york, "2026-03-01T00:00Z", "2026-03-15T00:00Z"),
        ["2026-03-04T00:00:00Z", "2026-03-10T23:00:00Z"]
    );
    assert_eq!(
        starts(&new_york, "2026-10-26T00:00Z", "2026-11-05T00:00Z"),
        ["2026-10-27T23:00:00Z", "2026-11-04T00:00:00Z"]
    );
    assert_eq!(
        starts(&berlin, "2026-03-23T00:00Z", "2026-04-02T00:00Z"),
        ["2026-03-24T18:00:00Z", "2026-03-31T17:00:00Z"]
    );
    assert_eq!(
        starts(&berlin, "2026-10-20T00:00Z", "2026-10-30T00:00Z"),
        ["2026-10-20T17:00:00Z", "2026-10-27T18:00:00Z"]
    );
    // Half an hour between summer and winter.
    assert_eq!(
        starts(&lord_howe, "2026-03-30T00:00Z", "2026-04-10T00:00Z"),
        ["2026-03-31T08:00:00Z", "2026-04-07T08:30:00Z"]
    );
    assert_eq!(
        starts(&kolkata, "2026-03-09T00:00Z", "2026-03-20T00:00Z"),
        ["2026-03-10T13:30:00Z", "2026-03-17T13:30:00Z"]
    );
}

#[test]
fn a_start_that_the_clock_skips_is_as_much_later() {
    let new_york = repeating("2026-03-07T02:30", "America/New_York", "FREQ=DAILY");
    let berlin = repeating("2026-03-28T02:00", "Europe/Berlin", "FREQ=DAILY");
    let lord_howe = repeating("2026-10-03T02:15", "Australia/Lord_Howe", "FREQ=DAILY");
    let santiago = repeating("2026-09-05T00:30", "America/Santiago", "FREQ=DAILY");

    // 8 March: 03:30 in summer time. The days around are at 02:30.
    assert_eq!(
        starts(&new_york, "2026-03-07T00:00Z", "2026-03-10T00:00Z"),
        ["2026-03-07T07:30:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"]
    );
    assert_eq!(
        starts(&berlin, "2026-03-28T00:00Z", "2026-03-31T00:00Z"),
        ["2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]
    );
    assert_eq!(
        starts(&lord_howe, "2026-10-02T12:00Z", "2026-10-05T12:00Z"),
        ["2026-10-02T15:45:00Z", "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"]
    );
    // Midnight itself is skipped.
    assert_eq!(
        starts(&santiago, "2026-09-05T00:00Z", "2026-09-08T00:00Z"),
        ["2026-09-05T04:30:00Z", "2026-09-06T04:30:00Z", "2026-09-07T03:30:00Z"]
    );
}

#[test]
fn a_start_that_the_clock_shows_twice_is_the_first() {
    let new_york = repeating("2026-10-31T01:30", "America/New_York", "FREQ=DAILY");
    let berlin = repeating("2026-10-24T02:30", "Europe/Berlin", "FREQ=DAILY");

    assert_eq!(
        starts(&new_york, "2026-10-31T00:00Z", "2026-11-03T00:00Z"),
        ["2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
    );
    assert_eq!(
        starts(&berlin, "2026-10-24T00:00Z", "2026-10-27T00:00Z"),
        ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
}

#[test]
fn a_meeting_past_midnight_is_in_progress_the_day_after() {
    let mut late = repeating("2026-01-02T22:00", "America/New_York", "FREQ=WEEKLY;BYDAY=FR");
    late.duration_minutes = 180;
    let timetable = Timetable::meetings(&late);

    // Saturday, 00:59 and 01:00 in New York.
    let found = timetable.in_progress(at("2026-06-13T04:59Z")).unwrap();
    assert_eq!(found.start, at("2026-06-13T02:00Z"));
    assert_eq!(found.end, at("2026-06-13T05:00Z"));
    assert_eq!(timetable.in_progress(at("2026-06-13T05:00Z")), None);
    let next = timetable.next_after(at("2026-06-13T05:00Z")).unwrap();
    assert_eq!(next.start, at("2026-06-20T02:00Z"));
}

#[test]
fn a_meeting_lasts_its_minutes_while_open_hours_end_by_the_clock() {
    let mut night = repeating("2026-10-30T23:00", "America/New_York", "FREQ=DAILY");
    night.duration_minutes = 300;
    let begun = at("2026-11-01T03:00Z");

    let meeting = Timetable::meetings(&night).in_progress(begun).unwrap();
    let hours = Timetable::open_hours(&night).in_progress(begun).unwrap();

    assert_eq!(meeting.end.duration_since(meeting.start), SignedDuration::from_hours(5));
    // From 23:00 to 04:00 it is six hours in the night that the clock goes back.
    assert_eq!(hours.end.duration_since(hours.start), SignedDuration::from_hours(6));
}

#[test]
fn every_other_week_is_counted_from_the_first_start() {
    let biweekly =
        repeating("2015-01-06T19:00", "America/New_York", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
    // Weeks from Sunday: the Sunday belongs to the week of the Tuesday after it.
    let from_sunday = repeating(
        "1997-08-05T09:00",
        "America/New_York",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
    );
    let from_monday = repeating(
        "1997-08-05T09:00",
        "America/New_York",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
    );

    assert_eq!(
        starts(&biweekly, "2026-10-25T00:00Z", "2026-11-20T00:00Z"),
        ["2026-10-27T23:00:00Z", "2026-11-11T00:00:00Z"]
    );
    // The two examples of RFC 5545, section 3.8.5.3.
    assert_eq!(days_of(1997, &from_sunday), ["08-05", "08-17", "08-19", "08-31"]);
    assert_eq!(days_of(1997, &from_monday), ["08-05", "08-10", "08-19", "08-24"]);
}

#[test]
fn positions_in_a_week_are_counted_from_its_beginning() {
    // The week that begins on 20 November has a Monday before the first start; its second day is the 25th.
    // RFC 5545, section 3.3.10: the set starts at the beginning of the interval.
    let second =
        repeating("2023-11-23T01:00", "America/Chicago", "FREQ=WEEKLY;BYDAY=MO,SU,SA;BYSETPOS=2");

    assert_eq!(days_of(2023, &second), ["11-25", "12-02", "12-09", "12-16", "12-23", "12-30"]);
}

#[test]
fn the_second_and_the_last_tuesday_are_those_of_the_month() {
    let rule = repeating("2020-01-14T19:00", "Europe/London", "FREQ=MONTHLY;BYDAY=2TU,-1TU");

    let days = days_of(2026, &rule);

    assert_eq!(days[..6], ["01-13", "01-27", "02-10", "02-24", "03-10", "03-31"]);
    assert_eq!(days.len(), 24);
}

#[test]
fn the_examples_of_the_standard_hold() {
    // RFC 5545, section 3.8.5.3; all begin in New York at 9:00.
    for (start, rule, year, expected) in [
        ("1997-09-02", "FREQ=MONTHLY;BYMONTHDAY=-3", 1998, "01-29 02-26 03-29 04-28 05-29"),
        ("1997-09-13", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", 1997, "09-13 10-11"),
        (
            "1996-11-05",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            2004,
            "11-02",
        ),
        ("1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 1997, "09-04 10-07 11-06"),
        ("1997-09-29", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", 1998, "01-29 02-26 03-30"),
        ("1997-05-19", "FREQ=YEARLY;BYDAY=20MO", 1998, "05-18"),
        ("1997-03-13", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", 1998, "03-05 03-12 03-19 03-26"),
        ("1997-09-02", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 1998, "02-13 03-13 11-13"),
        ("1997-06-10", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", 1998, "06-10 07-10"),
        ("1997-09-10", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11", 1999, "03-10 03-11"),
        (
            "2007-01-15",
            "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
            2007,
            "01-15 01-30 02-15 03-15 03-30",
        ),
        ("1998-01-31", "FREQ=MONTHLY", 1998, "01-31 03-31 05-31 07-31 08-31 10-31 12-31"),
        ("1996-02-29", "FREQ=YEARLY", 2004, "02-29"),
    ] {
        let rule = repeating(&format!("{start}T09:00"), "America/New_York", rule);

        let found = days_of(year, &rule);

        let expected: Vec<&str> = expected.split(' ').collect();
        assert_eq!(found[..expected.len()], expected, "{:?}", rule.rrule);
    }
}

#[test]
fn an_end_may_be_a_day_a_local_time_or_an_instant() {
    for (until, expected) in [
        ("20260113", 2),
        ("20260113T190000", 2),
        ("20260113T185959", 1),
        ("20260114T000000Z", 2),
        ("20260113T235959Z", 1),
        ("20251231", 0),
    ] {
        let rule = format!("FREQ=WEEKLY;UNTIL={until}");
        let rule = repeating("2026-01-06T19:00", "America/New_York", &rule);

        assert_eq!(days_of(2026, &rule).len(), expected, "{until}");
    }
}

#[test]
fn a_count_counts_what_was_called_off() {
    let called_off = schedule(
        r#"{"start": "2026-01-06T19:00", "time_zone": "America/New_York",
            "rrule": "FREQ=WEEKLY;COUNT=3", "exdates": ["2026-01-13T19:00"]}"#,
    );

    assert_eq!(days_of(2026, &called_off), ["01-06", "01-20"]);
}

#[test]
fn days_off_extra_days_and_pauses_are_kept() {
    let group = schedule(
        r#"{"start": "2026-11-05T19:00", "time_zone": "America/New_York",
            "rrule": "FREQ=WEEKLY;BYDAY=TH",
            "exdates": ["2026-11-26T19:00", "2026-12-03T20:00", "2026-12-08T10:00"],
            "rdates": ["2026-11-24T19:00", "2026-12-08T10:00", "2026-11-12T19:00", "2026-12-26T19:00"],
            "pauses": [{"from": "2026-12-17", "until": "2026-12-31"}]}"#,
    );

    // 3 December stands: the day off names another time. The extra day in the pause falls out with it.
    assert_eq!(days_of(2026, &group), ["11-05", "11-12", "11-19", "11-24", "12-03", "12-10"]);
    assert_eq!(days_of(2027, &group)[0], "01-07");
}

#[test]
fn a_day_off_on_the_day_of_a_clock_change_is_named_by_its_local_time() {
    let skipped = schedule(
        r#"{"start": "2026-03-07T02:30", "time_zone": "America/New_York", "rrule": "FREQ=DAILY;COUNT=3",
            "exdates": ["2026-03-08T02:30"], "rdates": ["2026-03-09T02:30", "2026-03-08T03:00"]}"#,
    );

    assert_eq!(
        starts(&skipped, "2026-03-01T00:00Z", "2026-03-20T00:00Z"),
        ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
    );
}

#[test]
fn a_start_besides_that_falls_on_a_moved_one_is_one_meeting() {
    let moved = schedule(
        r#"{"start": "2026-03-07T02:30", "time_zone": "America/New_York", "rrule": "FREQ=DAILY;COUNT=2",
            "rdates": ["2026-03-08T03:30", "2026-03-08T03:00"]}"#,
    );

    assert_eq!(
        starts(&moved, "2026-03-01T00:00Z", "2026-03-20T00:00Z"),
        ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]
    );
}

#[test]
fn a_first_start_that_the_rule_does_not_take_is_none() {
    let rule = repeating("2026-01-05T19:00", "America/New_York", "FREQ=WEEKLY;BYDAY=TU;COUNT=2");

    assert_eq!(days_of(2026, &rule), ["01-06", "01-13"]);
}

#[test]
fn a_single_meeting_takes_place_once() {
    let once = schedule(r#"{"start": "2026-05-01T18:00", "time_zone": "Asia/Tokyo"}"#);

    assert_eq!(days_of(2026, &once), ["05-01"]);
    assert_eq!(Timetable::meetings(&once).next_after(at("2026-05-01T10:00Z")), None);
}

#[test]
fn a_rule_that_takes_no_day_ends() {
    for rule in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31;COUNT=5",
        "FREQ=YEARLY;INTERVAL=520;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=WEEKLY;INTERVAL=52;BYMONTH=2;BYDAY=MO;BYSETPOS=7",
    ] {
        let never = Timetable::meetings(&repeating("2026-01-05T19:00", "Europe/Rome", rule));

        assert_eq!(never.next_after(at("2026-01-01T00:00Z")), None, "{rule}");
    }
}

#[test]
fn the_ends_of_the_calendar_are_survived() {
    for start in ["9999-12-30T23:30", "-009999-01-02T00:00"] {
        for rule in ["FREQ=DAILY", "FREQ=YEARLY;INTERVAL=520;COUNT=5000", "FREQ=MONTHLY;BYDAY=-1SU"]
        {
            let edge = Timetable::meetings(&repeating(start, "Pacific/Auckland", rule));

            for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
                assert!(edge.not_over(at).take(3).count() <= 3);
            }
        }
    }
}

#[test]
fn rules_that_the_standard_forbids_are_refused() {
    for rule in [
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=DAILY;BYDAY=-1FR",
        "FREQ=WEEKLY;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=DAILY;UNTIL=20260101XABCDEF",
        "FREQ=DAILY;UNTIL=20260101T250000Z",
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=WEEKLY;BYDAY=",
        "BYDAY=MO",
        "",
    ] {
        assert!(rule.parse::<crate::domain::Recurrence>().is_err(), "{rule}");
    }
}

#[test]
fn what_is_forgotten_changes_nothing_that_comes() {
    let since = at("2026-06-15T12:00Z");
    for (start, rule) in [
        ("2003-02-04T19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU"),
        ("2003-02-04T19:00", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SU;WKST=SU"),
        ("2026-06-16T19:00", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SU"),
        ("2026-08-16T19:00", "FREQ=DAILY;INTERVAL=3"),
        ("2003-02-04T19:00", "FREQ=DAILY;INTERVAL=11"),
        ("2003-02-28T19:00", "FREQ=MONTHLY;INTERVAL=5"),
        ("2003-02-28T19:00", "FREQ=MONTHLY;BYDAY=-1MO,2WE;BYMONTH=1,5,7,12"),
        ("2003-02-28T19:00", "FREQ=YEARLY;INTERVAL=3"),
        ("2003-02-28T19:00", "FREQ=YEARLY;BYDAY=20MO;COUNT=27"),
    ] {
        let whole = Timetable::meetings(&repeating(start, "America/New_York", rule));

        let (zone, mut plan, length) = whole.clone().into_plan();
        plan.forget(&zone, since.as_second());
        let shorter = Timetable { zone, plan, length };

        let coming = |timetable: &Timetable| -> Vec<Occurrence> {
            timetable.not_over(since).take(60).collect()
        };
        assert_eq!(coming(&shorter), coming(&whole), "{rule}");
    }
}
