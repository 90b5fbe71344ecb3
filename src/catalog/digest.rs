//! What tells whether a source says something else than the last time.

use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::domain::Record;

/// What tells whether a source says something else than before.
pub(super) fn digest(record: &Record) -> String {
    let mut sha = Sha256::new();
    let parts = [
        serde_json::to_vec(&record.organization),
        serde_json::to_vec(&record.program),
        serde_json::to_vec(&record.locations),
        serde_json::to_vec(&record.findings(Date::ZERO)),
    ];
    // What is listed has no part more than before there was anything else.
    let unlisted = record.unlisted.iter().map(|why| why.as_bytes().to_vec());
    for part in parts.into_iter().flatten().chain(unlisted) {
        sha.update(part.len().to_le_bytes());
        sha.update(part);
    }
    hex(&sha.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into memory cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn text_digest(document: &str) -> String {
    hex(&Sha256::digest(document.as_bytes()))
}
