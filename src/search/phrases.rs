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
    (!JSON.contains(&code)).then(|| PHRASES[usize::from(number)])
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
    use crate::gazetteer::Gazetteer;
    use crate::generate::{Generator, listing};

    #[test]
    fn what_was_shortened_is_read_back() {
        let mut random = fastrand::Rng::with_seed(5);
        let (mut before, mut after, mut seen) = (0, 0, [false; 256]);
        let mut check = |json: &[u8]| {
            let (mut short, mut long) = (b"x".to_vec(), b"y".to_vec());
            shorten(&mut short, json);
            lengthen(&mut long, &short[1..]);
            assert_eq!(&long[1..], json, "{}", String::from_utf8_lossy(json));
            before += json.len();
            after += short.len() - 1;
            for byte in short {
                seen[usize::from(byte)] = true;
            }
        };
        let records = Generator::new(2, Gazetteer::shared()).take(2_000);
        for listing in records.filter_map(|record| listing(&record)) {
            let found = serde_json::to_string(&listing.assessments).unwrap();
            let pages = serde_json::to_string(&listing.citations).unwrap();
            check(format!(r#"{{"assessments":{found},"citations":{pages}}}"#).as_bytes());
            for session in &listing.sessions {
                check(&serde_json::to_vec(session).unwrap());
            }
        }
        // Parts of phrases in any order, cut off anywhere.
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..random.usize(..6) {
                let phrase = PHRASES[random.usize(..PHRASES.len())];
                let from = random.usize(..phrase.len());
                text.push_str(&phrase[from..random.usize(from..=phrase.len())]);
                text.push_str(["", "é", "漢字", "x", "\""][random.usize(..5)]);
            }
            check(text.as_bytes());
        }
        assert!(after * 100 < before * 65, "{after} of {before}");
        for (number, phrase) in (0..).zip(PHRASES) {
            assert!(seen[usize::from(code(number))], "{phrase} is never found");
        }
    }
}
