//! What stands in the JSON of almost every session and page is kept as one byte.
//!
//! JSON as it is written here has no bytes below a space, and UTF-8 none above 0xf4: these stand for phrases.
//! Reading them back is copying; a general compression took several times as long.

use std::sync::LazyLock;

use memchr::memchr3;

/// The phrases. Of two that begin alike the longer one comes first.
const PHRASES: [&str; 40] = [
    // Sessions.
    r#"{"name":""#,
    r#"{"attendance":"in_person","form":"meeting","channels":["in_person"]"#,
    r#"","attendance":"in_person","form":"meeting","channels":["in_person"]"#,
    r#"{"attendance":"online","form":"meeting","channels":["video""#,
    r#"","attendance":"online","form":"meeting","channels":["video""#,
    r#"","attendance":""#,
    r#"","form":""#,
    r#"","channels":[""#,
    r#""],"schedule":{"start":""#,
    r#","schedule":{"start":""#,
    r#","schedule_note":""#,
    r#"","time_zone":"America/"#,
    r#"","time_zone":""#,
    r#"","duration_minutes":"#,
    r#","rrule":"FREQ=WEEKLY;BYDAY="#,
    r#","rrule":"FREQ=MONTHLY;BYDAY="#,
    r#"","sign_up_url":"https://"#,
    r#","sign_up_url":"https://"#,
    r#""},"location":{"id":""#,
    r#"","name":""#,
    r#"","street":""#,
    r#"","city":""#,
    r#"","subdivision":"US-"#,
    r#"","subdivision":""#,
    r#"","postal_code":""#,
    r#"","country":"US","latitude":"#,
    r#"","country":""#,
    r#","longitude":"#,
    r#","precision":"exact"},"status":"active"}"#,
    r#","precision":""#,
    r#","status":"active"}"#,
    // Pages.
    r#"{"assessments":[{"criterion":""#,
    r#"{"assessments":[],"citations":[{"title":""#,
    r#"","value":""#,
    r#"","basis":""#,
    r#"","source_url":"https://"#,
    r#"","assessed_on":""#,
    r#"","assessed_by":""#,
    r#"","url":"https://"#,
    r#"","facts":[""#,
];

/// The byte that stands for a phrase.
const fn code(number: u8) -> u8 {
    if number < 0x20 { number } else { 0xf5 + (number - 0x20) }
}

/// The bytes of JSON itself.
const JSON: std::ops::Range<u8> = 0x20..0xf5;

/// The phrase that a byte stands for.
fn phrase(code: u8) -> Option<&'static str> {
    let number = if code >= 0xf5 { code - 0xf5 + 0x20 } else { code };
    PHRASES.get(usize::from(number)).copied().filter(|_| !JSON.contains(&code))
}

/// Phrases that begin alike, with their codes.
type Beginning = Vec<(&'static [u8], u8)>;

/// All phrases, by what [`told_by`] tells of them.
static BEGINNINGS: LazyLock<Vec<Beginning>> = LazyLock::new(|| {
    let mut beginnings = vec![Vec::new(); 256];
    for (number, phrase) in (0..).zip(PHRASES) {
        let phrase = phrase.as_bytes();
        if let Some(at) = told_by(phrase) {
            beginnings[at].push((phrase, code(number)));
        }
    }
    beginnings
});

/// Tells most phrases apart: their first and fourth bytes.
fn told_by(text: &[u8]) -> Option<usize> {
    Some(usize::from(text.first()?.wrapping_mul(7) ^ text.get(3)?))
}

/// Writes JSON with a byte for each phrase.
pub(super) fn shorten(out: &mut Vec<u8>, json: &[u8]) {
    let beginnings = &*BEGINNINGS;
    let mut rest = json;
    // All phrases begin with one of these.
    while let Some(at) = memchr3(b'"', b'{', b',', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let known = told_by(rest).map_or(&[][..], |at| &beginnings[at]);
        let begins = |(phrase, _): &&(&[u8], u8)| rest.starts_with(phrase);
        let (len, byte) =
            known.iter().find(begins).map_or((1, rest[0]), |(p, code)| (p.len(), *code));
        out.push(byte);
        rest = &rest[len..];
    }
    out.extend_from_slice(rest);
}

/// Writes JSON as it was before it was shortened.
pub(super) fn lengthen(out: &mut Vec<u8>, short: &[u8]) {
    let mut rest = short;
    while let Some(at) = rest.iter().position(|byte| !JSON.contains(byte)) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(phrase(rest[at]).unwrap_or_default().as_bytes());
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Assessment, Citation, PublicSession};

    fn there_and_back(json: &[u8]) -> Vec<u8> {
        let (mut short, mut long) = (b"x".to_vec(), b"y".to_vec());
        shorten(&mut short, json);
        lengthen(&mut long, &short[1..]);
        assert_eq!(&long[1..], json, "{}", String::from_utf8_lossy(json));
        short[1..].to_vec()
    }

    #[test]
    fn what_was_shortened_is_read_back() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut seen = [false; 256];
        // Parts of phrases in any order, cut off anywhere.
        for _ in 0..40_000 {
            let mut text = String::new();
            for _ in 0..random.usize(..6) {
                let phrase = PHRASES[random.usize(..PHRASES.len())];
                let whole = random.bool();
                let from = if whole { 0 } else { random.usize(..phrase.len()) };
                let to = if whole { phrase.len() } else { random.usize(from..=phrase.len()) };
                text.push_str(&phrase[from..to]);
                text.push_str(["", "é", "漢字", "\u{10ffff}", "\""][random.usize(..5)]);
            }
            for byte in there_and_back(text.as_bytes()) {
                seen[usize::from(byte)] = true;
            }
        }
        for (number, phrase) in (0..).zip(PHRASES) {
            assert!(seen[usize::from(code(number))], "{phrase} is never found");
        }
    }

    #[test]
    fn sessions_and_pages_become_short() {
        let session: PublicSession = serde_json::from_str(
            r#"{"name": "Evening", "attendance": "in_person", "form": "meeting", "channels": ["in_person"],
                "schedule": {"start": "2024-08-21T19:00:00", "time_zone": "America/Los_Angeles",
                    "duration_minutes": 90, "rrule": "FREQ=WEEKLY;BYDAY=WE"},
                "location": {"id": "ce161469-746d-5083-89cf-3df5bf73a2c5", "street": "28 High Lane",
                    "city": "Silverton", "subdivision": "US-OR", "postal_code": "97373", "country": "US",
                    "latitude": 45.02973, "longitude": -122.79508, "precision": "exact"},
                "status": "active"}"#,
        )
        .unwrap();
        let found: Assessment = serde_json::from_str(
            r#"{"criterion": "peer_led", "value": "peer_led", "basis": "public_source",
                "source_url": "https://example.org/", "assessed_on": "2026-11-01", "assessed_by": "import"}"#,
        )
        .unwrap();
        let page: Citation = serde_json::from_str(
            r#"{"title": "About", "url": "https://example.org/about", "facts": ["schedule"]}"#,
        )
        .unwrap();
        let written = serde_json::to_vec(&session).unwrap();
        assert!(there_and_back(&written).len() * 100 < written.len() * 55);
        let (found, page) = (serde_json::to_string(&found), serde_json::to_string(&page));
        let found = found.unwrap();
        let page = format!(r#"{{"assessments":[{found}],"citations":[{}]}}"#, page.unwrap());
        assert!(there_and_back(page.as_bytes()).len() * 100 < page.len() * 65);
    }
}
