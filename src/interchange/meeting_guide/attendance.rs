//! How people take part in a meeting, by rules that are written down.

use crate::domain::{Attendance, Channel, SessionStatus};
use crate::interchange::secrets;

use super::row::{Row, Stated};

/// How people take part in a meeting, and whether it takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attending {
    pub(super) attendance: Attendance,
    pub(super) status: SessionStatus,
    pub(super) channels: Vec<Channel>,
}

impl Attending {
    /// Decides from the facts of a row; `at_a_place` is whether its address leads somewhere.
    ///
    /// The specification is silent, and TSML, TSML UI and the app differ. The rules here:
    ///
    /// 1. It can be joined **online** with a link to a known provider, with any link over `https`,
    ///    or with a phone number of at least three digits. The code `ONL` proves nothing.
    /// 2. It can be visited **in person** when its address leads somewhere and it is not marked
    ///    `TC` (temporarily closed).
    /// 3. `attendance_option` counts when the facts allow it: `hybrid` needs both ways, `online` a
    ///    link or number, `in_person` a place that is not closed. `inactive` always counts: nobody
    ///    should travel to a meeting that its own group calls inactive.
    /// 4. Without it the facts decide: both ways is hybrid.
    /// 5. `TC` without a way online is in person and **paused**; with one it is online.
    /// 6. Marked `ONL` or `online`, without a way in and without a place: online and **paused**,
    ///    for "an online meeting needs `conference_url` or `conference_phone` to be active".
    /// 7. What remains meets in person at a place that is not told exactly.
    pub(super) fn of(row: &Row, at_a_place: bool) -> Self {
        let (video, phone) = (has_video(row), has_phone(row));
        let online = video || phone;
        let closed = row.codes.has("TC");
        let here = at_a_place && !closed;
        let (attendance, status) = match row.stated {
            Some(Stated::Inactive) if online && !here => {
                (Attendance::Online, SessionStatus::Paused)
            }
            Some(Stated::Inactive) => (Attendance::InPerson, SessionStatus::Paused),
            Some(Stated::Online) if online => (Attendance::Online, SessionStatus::Active),
            // A place whose exact address is not told is a place all the same.
            Some(Stated::InPerson) if !closed => (Attendance::InPerson, SessionStatus::Active),
            Some(Stated::Hybrid) if online && !closed => {
                (Attendance::Hybrid, SessionStatus::Active)
            }
            stated => match (online, here) {
                (true, true) => (Attendance::Hybrid, SessionStatus::Active),
                (true, false) => (Attendance::Online, SessionStatus::Active),
                (false, _) if closed => (Attendance::InPerson, SessionStatus::Paused),
                (false, false) if stated == Some(Stated::Online) || row.codes.has("ONL") => {
                    (Attendance::Online, SessionStatus::Paused)
                }
                (false, _) => (Attendance::InPerson, SessionStatus::Active),
            },
        };
        let ways = [
            (Channel::InPerson, attendance != Attendance::Online),
            (Channel::Video, video && attendance != Attendance::InPerson),
            (Channel::Phone, phone && attendance != Attendance::InPerson),
        ];
        let channels = ways.into_iter().filter(|(_, there)| *there).map(|(channel, _)| channel);
        Self { attendance, status, channels: channels.collect() }
    }

    /// Whether people meet at a place.
    pub(super) fn in_person(&self) -> bool {
        self.attendance != Attendance::Online
    }

    /// Whether people can join from anywhere.
    pub(super) fn online(&self) -> bool {
        self.attendance != Attendance::InPerson
    }
}

fn has_video(row: &Row) -> bool {
    row.conference_url.as_ref().is_some_and(|link| {
        link.as_str().starts_with("https://") || secrets::has_known_host(link.as_str())
    })
}

fn has_phone(row: &Row) -> bool {
    let digits = |phone: &str| phone.bytes().filter(u8::is_ascii_digit).count();
    row.conference_phone.as_deref().is_some_and(|phone| digits(phone) >= 3)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Attendance and status of a row with these fields, at a place or not.
    fn attending(fields: &Value, at_a_place: bool) -> (Attendance, SessionStatus) {
        let mut row = json!({"slug": "a", "name": "A"});
        for (name, value) in fields.as_object().unwrap() {
            row[name] = value.clone();
        }
        let attending = Attending::of(&Row::read(0, &row).unwrap(), at_a_place);
        (attending.attendance, attending.status)
    }

    const LINK: &str = "https://zoom.us/j/81234567890";

    #[test]
    fn the_facts_decide_when_nothing_is_stated() {
        use Attendance::{Hybrid, InPerson, Online};
        use SessionStatus::{Active, Paused};
        for (fields, at_a_place, expected) in [
            (json!({}), true, (InPerson, Active)),
            (json!({}), false, (InPerson, Active)),
            (json!({"conference_url": LINK}), true, (Hybrid, Active)),
            (json!({"conference_url": LINK}), false, (Online, Active)),
            (json!({"conference_phone": "+1 503 555 0100"}), false, (Online, Active)),
            (json!({"conference_phone": "ask"}), true, (InPerson, Active)),
            (json!({"conference_url": LINK, "types": ["TC"]}), true, (Online, Active)),
            (json!({"types": ["TC"]}), true, (InPerson, Paused)),
            (json!({"types": ["TC", "ONL"]}), true, (InPerson, Paused)),
            (json!({"types": ["ONL"]}), true, (InPerson, Active)),
            (json!({"types": ["ONL"]}), false, (Online, Paused)),
        ] {
            assert_eq!(attending(&fields, at_a_place), expected, "{fields} {at_a_place}");
        }
    }

    #[test]
    fn what_is_stated_counts_unless_the_facts_contradict_it() {
        use Attendance::{Hybrid, InPerson, Online};
        use SessionStatus::{Active, Paused};
        let with = |option: &str, link: bool, codes: &[&str]| {
            let link = if link { Some(LINK) } else { None };
            json!({"attendance_option": option, "conference_url": link, "types": codes})
        };
        for (fields, at_a_place, expected) in [
            (with("online", true, &[]), true, (Online, Active)),
            (with("online", false, &[]), true, (InPerson, Active)),
            (with("online", false, &[]), false, (Online, Paused)),
            (with("hybrid", true, &[]), false, (Hybrid, Active)),
            (with("hybrid", false, &[]), true, (InPerson, Active)),
            (with("hybrid", true, &["TC"]), true, (Online, Active)),
            (with("in_person", true, &[]), true, (InPerson, Active)),
            (with("in_person", false, &[]), false, (InPerson, Active)),
            (with("in_person", false, &["TC"]), true, (InPerson, Paused)),
            (with("in_person", true, &["TC"]), true, (Online, Active)),
            (with("inactive", false, &[]), true, (InPerson, Paused)),
            (with("inactive", true, &[]), false, (Online, Paused)),
            (with("whatever", true, &[]), true, (Hybrid, Active)),
        ] {
            assert_eq!(attending(&fields, at_a_place), expected, "{fields} {at_a_place}");
        }
    }

    #[test]
    fn an_unknown_host_counts_only_over_https() {
        let with = |url: &str| attending(&json!({"conference_url": url}), false).0;

        assert_eq!(with("http://us02web.zoom.us/j/1"), Attendance::Online);
        assert_eq!(with("https://rooms.example/1"), Attendance::Online);
        assert_eq!(with("http://evilzoom.us/j/1"), Attendance::InPerson);
    }
}
