//! What is written of every program once, when the snapshot is made: pieces of JSON that answers are
//! put together from.
//!
//! What many programs have is written once for all of them: who runs them, where they come from, and how to
//! get in, which few say in words of their own.

use std::collections::HashMap;

use jiff::Timestamp;
use memchr::memmem;
use serde::Serialize;
use uuid::fmt::Hyphenated;
use xxhash_rust::xxh3::xxh3_64;

use super::instants::write_utc;
use super::phrases::{lengthen, shorten};
use super::render::SESSIONS_SHOWN;
use crate::domain::{Listing, PublicSource};

/// The written pieces of every program: its own fields before and after those of who runs it; what only its
/// own page shows, then each session, both shortened.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// In chunks, so that nothing is copied while they grow; a program's pieces are all in one.
    chunks: Vec<Vec<u8>>,
    /// Where each piece ends in its chunk.
    ends: Vec<u32>,
    programs: Vec<Row>,
    organizations: Once,
    /// What was written last of each organization, until all are known.
    written: HashMap<u128, u32, foldhash::fast::RandomState>,
    intakes: Once,
    /// Where the word of `accepting.status` is in each intake: its start and length.
    accepting: Vec<(u16, u8)>,
    sources: Vec<WrittenSource>,
    /// For writing a program before it is taken apart.
    desk: Vec<u8>,
}

/// Where the pieces of a program are.
#[derive(Debug, Clone, Copy)]
struct Row {
    updated_ms: i64,
    /// Its first piece.
    first: u32,
    organization: u32,
    intake: u32,
    chunk: u16,
    source: u16,
}

/// A source as it is written whole, and its name.
#[derive(Debug)]
struct WrittenSource {
    source: PublicSource,
    whole: Vec<u8>,
    name: Vec<u8>,
}

/// Written values, each once.
#[derive(Debug, Default)]
struct Once {
    values: Vec<Box<[u8]>>,
    /// Where the value with a hash is, until all are known.
    known: HashMap<u64, u32, foldhash::fast::RandomState>,
}

impl Once {
    /// The number of a value, and whether it is new.
    fn number(&mut self, value: &[u8]) -> (u32, bool) {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let known = *self.known.entry(xxh3_64(value)).or_insert(next);
        if self.values.get(known as usize).is_some_and(|known| **known == *value) {
            return (known, false);
        }
        self.values.push(value.into());
        (next, true)
    }

    fn of(&self, number: u32) -> &[u8] {
        &self.values[number as usize]
    }
}

/// A chunk that holds so many bytes takes no further program.
const CHUNK: usize = 4 << 20;

/// What is written before the identity and the address of a program, and between them.
const BEFORE_ID: &[u8] = br#"{"id":""#;
const BEFORE_SLUG: &[u8] = br#"","slug":""#;

/// What is written before who runs a program: no text has these quotes as they are.
const BEFORE_ORGANIZATION: &[u8] = br#","organization":"#;

const HEAD: usize = 0;
const TAIL: usize = 1;
pub(super) const PAGE: usize = 2;
pub(super) const SESSIONS: usize = 3;

/// What only a program's own page shows.
#[derive(Serialize)]
struct PageOnly<'a> {
    assessments: &'a [crate::domain::Assessment],
    citations: &'a [crate::domain::Citation],
}

impl Pieces {
    pub(super) fn add(&mut self, listing: &Listing) {
        if self.chunks.last().is_none_or(|chunk| chunk.len() >= CHUNK) {
            // The longest programs have some ten thousand bytes.
            let room = if self.chunks.is_empty() { 0 } else { CHUNK + (64 << 10) };
            self.chunks.push(Vec::with_capacity(room));
        }
        let mut bytes = self.chunks.pop().unwrap_or_default();
        let chunk = u16::try_from(self.chunks.len()).unwrap_or(u16::MAX);
        let first = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        let end = |bytes: &Vec<u8>| u32::try_from(bytes.len()).unwrap_or(u32::MAX);

        // Writing plain values into memory cannot fail.
        let mut desk = std::mem::take(&mut self.desk);
        desk.clear();
        let _written = serde_json::to_writer(&mut desk, &listing.program);
        desk.pop();
        let from = BEFORE_ID.len() + Hyphenated::LENGTH + BEFORE_SLUG.len();
        let at = memmem::find(&desk, BEFORE_ORGANIZATION).unwrap_or(from);
        bytes.extend_from_slice(&desk[from..at]);
        self.ends.push(end(&bytes));
        let rest = desk.get(at + BEFORE_ORGANIZATION.len()..).unwrap_or_default();
        let organization = self.organization(listing, rest);
        let len = self.organizations.of(organization).len();
        bytes.extend_from_slice(rest.get(len..).unwrap_or_default());
        self.ends.push(end(&bytes));

        desk.clear();
        let _written = serde_json::to_writer(&mut desk, &listing.intake);
        let (intake, is_new) = self.intakes.number(&desk);
        if is_new {
            self.accepting.push(accepting_word(&desk, listing));
        }
        let page = PageOnly { assessments: &listing.assessments, citations: &listing.citations };
        desk.clear();
        let _written = serde_json::to_writer(&mut desk, &page);
        shorten(&mut bytes, &desk);
        self.ends.push(end(&bytes));
        for session in &listing.sessions {
            desk.clear();
            let _written = serde_json::to_writer(&mut desk, session);
            shorten(&mut bytes, &desk);
            self.ends.push(end(&bytes));
        }
        self.desk = desk;
        self.chunks.push(bytes);

        let known = self.sources.iter().position(|known| known.source == listing.source);
        let source = known.unwrap_or_else(|| {
            let source = listing.source.clone();
            let whole = serde_json::to_vec(&source).unwrap_or_default();
            let name = serde_json::to_vec(&source.name).unwrap_or_default();
            self.sources.push(WrittenSource { source, whole, name });
            self.sources.len() - 1
        });
        let source = u16::try_from(source).unwrap_or(u16::MAX);
        let updated_ms = listing.updated_at.as_millisecond();
        self.programs.push(Row { updated_ms, first, organization, intake, chunk, source });
    }

    /// The number of who runs a program, with which what is written begins.
    fn organization(&mut self, listing: &Listing, written: &[u8]) -> u32 {
        let id = listing.program.organization.id.as_u128();
        let known = self.written.get(&id).copied();
        known.filter(|known| written.starts_with(self.organizations.of(*known))).unwrap_or_else(
            || {
                let whole = serde_json::to_vec(&listing.program.organization).unwrap_or_default();
                let (number, _) = self.organizations.number(&whole);
                self.written.insert(id, number);
                number
            },
        )
    }

    pub(super) fn finish(&mut self) {
        self.written = HashMap::default();
        self.chunks.iter_mut().for_each(Vec::shrink_to_fit);
        self.ends.shrink_to_fit();
        self.programs.shrink_to_fit();
        self.desk = Vec::new();
        for once in [&mut self.organizations, &mut self.intakes] {
            once.known = HashMap::default();
            once.values.shrink_to_fit();
        }
    }

    /// Writes a program's own fields, without the brace at the end.
    pub(super) fn write_own(&self, out: &mut Vec<u8>, program: u32, id: u128) {
        let row = self.programs[program as usize];
        let mut text = [0; Hyphenated::LENGTH];
        let id = uuid::Uuid::from_u128(id).hyphenated().encode_lower(&mut text);
        for piece in [
            BEFORE_ID,
            id.as_bytes(),
            BEFORE_SLUG,
            self.piece(program, HEAD),
            BEFORE_ORGANIZATION,
            self.organizations.of(row.organization),
            self.piece(program, TAIL),
            br#","source":"#,
            &self.sources[usize::from(row.source)].name,
            br#","updated_at":"#,
        ] {
            out.extend_from_slice(piece);
        }
        write_utc(out, Timestamp::from_millisecond(row.updated_ms).unwrap_or_default());
    }

    /// Writes a session, or what only its own page shows of a program.
    pub(super) fn write(&self, out: &mut Vec<u8>, program: u32, piece: usize) {
        lengthen(out, self.piece(program, piece));
    }

    /// A piece as it is kept.
    fn piece(&self, program: u32, piece: usize) -> &[u8] {
        let row = self.programs[program as usize];
        let at = row.first as usize + piece;
        &self.chunks[usize::from(row.chunk)][self.begin(program, at)..self.ends[at] as usize]
    }

    /// Where a piece of a program begins in its chunk: where the one before ends, unless that is in another
    /// chunk.
    fn begin(&self, program: u32, at: usize) -> usize {
        let row = self.programs[program as usize];
        let before = program.checked_sub(1).map(|before| self.programs[before as usize].chunk);
        if at == row.first as usize && before != Some(row.chunk) {
            return 0;
        }
        self.ends[at - 1] as usize
    }

    /// About how long a result is: its pieces, and how it stands to the person.
    pub(super) fn len_of_result(&self, program: u32) -> usize {
        const STANDING: usize = 1_100;
        let first = self.programs[program as usize].first as usize;
        let shown = self.sessions(program).min(SESSIONS_SHOWN);
        let pieces = self.ends[first + SESSIONS + shown - 1] as usize - self.begin(program, first);
        pieces - self.piece(program, PAGE).len() + STANDING
    }

    pub(super) fn sessions(&self, program: u32) -> usize {
        let next = self.programs.get(program as usize + 1);
        let end = next.map_or(self.ends.len(), |next| next.first as usize);
        end - self.programs[program as usize].first as usize - SESSIONS
    }

    /// How to get into a program, and where the word of `accepting.status` is in that: its start and length.
    pub(super) fn intake(&self, program: u32) -> (&[u8], usize, usize) {
        let number = self.programs[program as usize].intake;
        let (at, len) = self.accepting[number as usize];
        (self.intakes.of(number), usize::from(at), usize::from(len))
    }

    /// The written source of a program.
    pub(super) fn source(&self, program: u32) -> &[u8] {
        &self.sources[usize::from(self.programs[program as usize].source)].whole
    }

    /// The name and the address of the program that came as `program`.
    pub(super) fn name_and_slug(&self, program: u32) -> (String, &str) {
        let head = self.piece(program, HEAD);
        // The name is the first field of that name: only the address comes before.
        let key = br#""name":"#;
        let at = memmem::find(head, key);
        let rest = at.map_or(&[][..], |at| &head[at + key.len()..]);
        let mut texts = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
        let name = texts.next().and_then(Result::ok).unwrap_or_default();
        (name, self.slug_of(program))
    }

    /// The address of the program that came as `program`: it is written at the beginning, and nothing in it is
    /// escaped.
    pub(super) fn slug_of(&self, program: u32) -> &str {
        let head = self.piece(program, HEAD);
        let slug = head.split(|byte| *byte == b'"').next().unwrap_or_default();
        std::str::from_utf8(slug).unwrap_or_default()
    }
}

/// Where the word of `accepting.status` is in a written intake.
fn accepting_word(intake: &[u8], listing: &Listing) -> (u16, u8) {
    let Some(accepting) = &listing.intake.accepting else { return (0, 0) };
    let word = accepting.status.as_str();
    let key = format!(r#""accepting":{{"status":"{word}""#);
    let begin = memmem::find(intake, key.as_bytes());
    let begin = begin.and_then(|at| u16::try_from(at + key.len() - word.len() - 1).ok());
    match (begin, u8::try_from(word.len())) {
        (Some(begin), Ok(len)) => (begin, len),
        _ => (0, 0),
    }
}
