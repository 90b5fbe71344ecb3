//! Where a walk through the pages of a search goes on.
//!
//! A cursor is opaque. It holds a version, the fingerprint of the search it belongs to, the moment
//! of the first page, and for each stream of results the key of the last one that was shown: no
//! offset, so that results neither repeat nor vanish when others come and go between two pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The format; a cursor of another version is refused.
const VERSION: u8 = 2;
/// How many bytes at the end tell a cursor from made-up bytes.
const SEAL: usize = 8;
/// How many streams a page is made of.
pub(super) const STREAMS: usize = 5;

/// The sort key of one result: everything its place in the order depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    /// What comes first in the order.
    pub(super) primary: u64,
    /// The folded name, for results that are equal so far.
    pub(super) name: String,
    /// The identity, for results of the same name.
    pub(super) id: u128,
}

/// Where a walk goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(super) fingerprint: u64,
    pub(super) now: Timestamp,
    /// How many results were shown so far, modulo the pattern in which streams take turns.
    pub(super) phase: u8,
    pub(super) marks: [Option<Mark>; STREAMS],
}

/// A cursor that was not made here, or belongs to another search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the `next_cursor` of the page before, of the same search")]
pub struct InvalidCursor;

impl Cursor {
    /// The moment of the first page, which is the moment of all pages.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The cursor as text for a URL.
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION, self.phase];
        bytes.extend(self.fingerprint.to_be_bytes());
        bytes.extend(self.now.as_millisecond().to_be_bytes());
        for mark in &self.marks {
            let Some(mark) = mark else {
                bytes.push(0);
                continue;
            };
            bytes.push(1);
            bytes.extend(mark.primary.to_be_bytes());
            bytes.extend(mark.id.to_be_bytes());
            bytes.extend(u16::try_from(mark.name.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend(mark.name.as_bytes());
        }
        bytes.extend(seal(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_base64| InvalidCursor)?;
        let body = bytes.len().checked_sub(SEAL).ok_or(InvalidCursor)?;
        let (body, sealed) = bytes.split_at(body);
        if seal(body) != sealed {
            return Err(InvalidCursor);
        }
        let mut rest = body;
        let [version, phase] = take(&mut rest)?;
        if version != VERSION {
            return Err(InvalidCursor);
        }
        let fingerprint = u64::from_be_bytes(take(&mut rest)?);
        let now = Timestamp::from_millisecond(i64::from_be_bytes(take(&mut rest)?))
            .map_err(|_out_of_range| InvalidCursor)?;
        let mut marks = [const { None }; STREAMS];
        for mark in &mut marks {
            if take(&mut rest)? == [1] {
                let primary = u64::from_be_bytes(take(&mut rest)?);
                let id = u128::from_be_bytes(take(&mut rest)?);
                let len = usize::from(u16::from_be_bytes(take(&mut rest)?));
                let (name, after) = rest.split_at_checked(len).ok_or(InvalidCursor)?;
                rest = after;
                let name = String::from_utf8(name.to_vec()).map_err(|_not_text| InvalidCursor)?;
                *mark = Some(Mark { primary, name, id });
            }
        }
        if rest.is_empty() {
            Ok(Self { fingerprint, now, phase, marks })
        } else {
            Err(InvalidCursor)
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], InvalidCursor> {
    let (taken, after) = rest.split_first_chunk::<N>().ok_or(InvalidCursor)?;
    *rest = after;
    Ok(*taken)
}

/// Not a secret: it keeps accidents and guesses out, and a cursor grants nothing.
fn seal(body: &[u8]) -> [u8; SEAL] {
    let mut sha = Sha256::new();
    sha.update(b"peer-directory cursor");
    sha.update(body);
    let digest = sha.finalize();
    std::array::from_fn(|at| digest[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_forged_one_does_not() {
        let mark = Mark { primary: 17, name: "grief circle".to_owned(), id: 99 };
        let cursor = Cursor {
            fingerprint: 5,
            now: "2026-11-22T10:00:00Z".parse().unwrap(),
            phase: 3,
            marks: [None, Some(mark), None, None, None],
        };
        let text = cursor.encode();

        assert_eq!(Cursor::decode(&text), Ok(cursor));
        let mut forged = text.clone().into_bytes();
        for at in 0..forged.len() {
            let kept = forged[at];
            forged[at] = if kept == b'A' { b'B' } else { b'A' };
            let forged_text = String::from_utf8(forged.clone()).unwrap();
            assert_eq!(Cursor::decode(&forged_text), Err(InvalidCursor), "{at}");
            forged[at] = kept;
        }
        for bad in ["", "x", "AAAA", "!!", &text[1..]] {
            assert_eq!(Cursor::decode(bad), Err(InvalidCursor), "{bad}");
        }
    }
}
