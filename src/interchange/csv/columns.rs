//! The columns of our own table, and what to write in them.

use crate::domain::{self, fold};

/// Every column: its name in the header, and what it means with an example.
///
/// This is the documentation of the format; what is read is what is listed here.
pub const CSV_COLUMNS: &[(&str, &str)] = &[
    (
        "id",
        "What your own list calls the program; rows with the same id are its sessions, and may leave the program's cells blank after the first: `grief-tue`",
    ),
    ("name", "Needed. The program's name: `Tuesday Grief Circle`"),
    ("organization", "Needed. Who runs it: `Riverside Peers`"),
    ("kinds", "Needed. Any of local_group, online, one_on_one: `local_group;online`"),
    (
        "form",
        "One of support_group, drop_in_center, clubhouse, respite_stay, class, warmline, forum, mentoring; when blank support_group, or mentoring when `kinds` is only one_on_one",
    ),
    ("summary", "What it is, in a sentence or two, at most 500 characters"),
    ("description", "What it is, at length, at most 4,000 characters"),
    ("topics", "What it is about: `grief;suicide_loss`"),
    ("audiences", "Whom it is made for: `veterans;parents`"),
    ("approaches", "How it works: `twelve_step;mindfulness`"),
    ("accessibility", "What makes it easier to take part: `step_free;captions`"),
    ("languages", "The languages spoken, as tags or English names: `en;Spanish`"),
    ("cost", "One of free, donation, sliding, paid; blank when not known"),
    ("cost_note", "The amount and its terms; needs `cost`: `$5, nobody is turned away`"),
    ("age_min", "The youngest age taken, in years: `18`"),
    ("age_max", "The oldest age taken, in years: `25`"),
    ("for_whom", "self, someone_i_support or both; what `--for` says, else self, when blank"),
    ("phone", "The number to call: `+1-503-555-0100`"),
    ("text", "The number for text messages: `+1-503-555-0101`"),
    ("email", "The address to write to: `hello@riverside.example`"),
    ("website", "Its page: `https://riverside.example/`"),
    (
        "sign_up_url",
        "The page to sign up or to find the way in; never the meeting's own link: `https://riverside.example/join`",
    ),
    (
        "access",
        "What it takes to come the first time; any of drop_in, register, interview, referral, members",
    ),
    (
        "next_step",
        "What to do first, in one plain sentence: `Call and ask when the next meeting is.`",
    ),
    (
        "attendance",
        "How people take part in this session: in_person, online or hybrid; may be blank when `kinds` leaves no doubt",
    ),
    ("day", "The days of a weekly session: `tue` or `mon,thu`"),
    ("time", "When it starts, in local time: `19:00` or `7:00 PM`"),
    ("end_time", "When it ends; before `time` means past midnight: `20:30`"),
    (
        "duration_minutes",
        "How long it lasts, instead of `end_time`; an hour when both are blank: `90`",
    ),
    (
        "rrule",
        "How it repeats after RFC 5545, instead of `day`; needs `first_date`: `FREQ=MONTHLY;BYDAY=2TU`",
    ),
    ("first_date", "The day of the first meeting, or of the only one: `2026-01-13`"),
    ("time_zone", "The zone of the times; taken from the place when blank: `America/Los_Angeles`"),
    ("schedule_note", "What is known of the times, in words: `Not in August`"),
    ("location_name", "The name of the place: `St Mary's Hall`"),
    ("street", "House number and street: `12 Elm St`"),
    ("city", "Town or city: `Portland`"),
    ("state", "State, province or region: `OR`, `Oregon` or `US-OR`"),
    ("postal_code", "Postal code: `97214`"),
    ("country", "Country by code or English name: `US`"),
    ("latitude", "Degrees north of the equator, of the door: `45.5155`"),
    ("longitude", "Degrees east of Greenwich, of the door: `-122.6793`"),
    (
        "precision",
        "How exactly the place may be shown: exact, approximate, area or hidden; when blank as exactly as the street and the coordinates allow",
    ),
    (
        "coverage",
        "Where a person must be to take part, for online and one_on_one: `worldwide`, `US`, `US-OR;US-WA` or `US-OR-051`; not known when blank",
    ),
    ("warning", "What to know before going: `The hall may be closed in August.`"),
];

/// The columns without which there is no program.
pub(super) const REQUIRED: [&str; 3] = ["name", "organization", "kinds"];

/// The columns that belong to one session; the others belong to the program.
const OF_A_SESSION: &[&str] = &[
    "sign_up_url",
    "attendance",
    "day",
    "time",
    "end_time",
    "duration_minutes",
    "rrule",
    "first_date",
    "time_zone",
    "schedule_note",
    "location_name",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "latitude",
    "longitude",
    "precision",
];

/// Whether a column is about one session.
pub(super) fn is_of_a_session(name: &str) -> bool {
    OF_A_SESSION.contains(&name)
}

/// The name of the column that a header cell means: in any case, with spaces or hyphens.
pub(super) fn named(cell: &str) -> Option<&'static str> {
    let name = spelled(cell);
    CSV_COLUMNS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// The known column whose name is most like a header cell.
pub(super) fn nearest(cell: &str) -> Option<&'static str> {
    let name = spelled(cell);
    domain::nearest(&name, CSV_COLUMNS.iter().map(|(known, _)| *known))
}

/// A word in the spelling of our keys: `Co-occurring ` becomes `co_occurring`.
pub(super) fn spelled(text: &str) -> String {
    fold(text).replace(' ', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_session_is_a_column() {
        for name in OF_A_SESSION.iter().chain(&REQUIRED) {
            assert_eq!(named(name), Some(*name));
        }
    }

    #[test]
    fn headers_are_understood_however_they_are_spelled() {
        assert_eq!(named(" Sign-up URL*"), Some("sign_up_url"));
        assert_eq!(named("POSTAL CODE"), Some("postal_code"));
        assert_eq!(named("zip"), None);
        assert_eq!(nearest("topcis"), Some("topics"));
        assert_eq!(nearest("Organisation"), Some("organization"));
        assert_eq!(nearest("xyzzy"), None);
    }

    #[test]
    fn words_are_spelled_like_keys() {
        assert_eq!(spelled("Co-occurring "), "co_occurring");
        assert_eq!(spelled("LGBTQ+"), "lgbtq");
        assert_eq!(spelled("Someone else's drinking"), "someone_elses_drinking");
    }
}
