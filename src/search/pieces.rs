//! What is written of every program once, when the snapshot is made: pieces of JSON that answers are
//! put together from.

use std::io::Write as _;

use serde::Serialize;

use super::render::SESSIONS_SHOWN;
use crate::domain::Listing;

/// The written pieces of every program: its own fields, its intake, what only its own page shows,
/// then each session.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// In chunks, so that nothing is copied while they grow; a program's pieces are all in one.
    chunks: Vec<Vec<u8>>,
    /// Which chunk each piece is in, and where it ends there.
    ends: Vec<(u32, u32)>,
    /// Each program's first piece; one more than there are programs.
    starts: Vec<u32>,
    /// Where the word of `accepting.status` is in the intake piece: its start and length.
    accepting: Vec<(u16, u8)>,
    /// The written sources, and which one each program is from.
    sources: Vec<Vec<u8>>,
    source_of: Vec<u16>,
}

/// A chunk that holds so many bytes takes no further program.
const CHUNK: usize = 4 << 20;

/// What is written before the address of a program: `{"id":"00000000-0000-0000-0000-000000000000","slug":"`.
const BEFORE_SLUG: usize = 53;

pub(super) const OWN: usize = 0;
pub(super) const INTAKE: usize = 1;
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
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        if self.chunks.last().is_none_or(|chunk| chunk.len() >= CHUNK) {
            // The longest programs have some ten thousand bytes.
            let room = if self.chunks.is_empty() { 0 } else { CHUNK + (64 << 10) };
            self.chunks.push(Vec::with_capacity(room));
        }
        let mut bytes = self.chunks.pop().unwrap_or_default();
        let chunk = self.chunks.len();
        let end = |bytes: &Vec<u8>| {
            let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            (at(chunk), at(bytes.len()))
        };
        // Writing plain values into memory cannot fail.
        let _written = serde_json::to_writer(&mut bytes, &listing.program);
        bytes.pop();
        let _written = write!(
            bytes,
            r#","source":{},"updated_at":"{:.3}""#,
            serde_json::Value::from(listing.source.name.as_str()),
            listing.updated_at
        );
        self.ends.push(end(&bytes));

        let begin = bytes.len();
        let _written = serde_json::to_writer(&mut bytes, &listing.intake);
        self.accepting.push(accepting_word(&bytes[begin..], listing));
        self.ends.push(end(&bytes));

        let page = PageOnly { assessments: &listing.assessments, citations: &listing.citations };
        let _written = serde_json::to_writer(&mut bytes, &page);
        self.ends.push(end(&bytes));
        for session in &listing.sessions {
            let _written = serde_json::to_writer(&mut bytes, session);
            self.ends.push(end(&bytes));
        }
        self.chunks.push(bytes);

        let source = serde_json::to_vec(&listing.source).unwrap_or_default();
        let known = self.sources.iter().position(|known| *known == source);
        let known = known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        self.source_of.push(u16::try_from(known).unwrap_or(u16::MAX));
        self.starts.push(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn finish(&mut self) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.chunks.iter_mut().for_each(Vec::shrink_to_fit);
        self.ends.shrink_to_fit();
    }

    pub(super) fn piece(&self, program: u32, piece: usize) -> &[u8] {
        self.at(self.starts[program as usize] as usize + piece)
    }

    fn at(&self, at: usize) -> &[u8] {
        let (chunk, end) = self.ends[at];
        &self.chunks[chunk as usize][self.begin(at)..end as usize]
    }

    /// Where a piece begins in its chunk: where the one before ends, unless that is in another chunk.
    fn begin(&self, at: usize) -> usize {
        let before = at.checked_sub(1).map(|before| self.ends[before]);
        before.filter(|(chunk, _)| *chunk == self.ends[at].0).map_or(0, |(_, end)| end as usize)
    }

    /// About how long a result is: its pieces, and how it stands to the person.
    pub(super) fn len_of_result(&self, program: u32) -> usize {
        const STANDING: usize = 640;
        let first = self.starts[program as usize] as usize;
        let shown =
            (self.starts[program as usize + 1] as usize).min(first + SESSIONS + SESSIONS_SHOWN);
        let pieces = self.ends[shown - 1].1 as usize - self.begin(first);
        pieces - self.at(first + PAGE).len() + STANDING
    }

    pub(super) fn sessions(&self, program: u32) -> usize {
        let at = program as usize;
        (self.starts[at + 1] - self.starts[at]) as usize - SESSIONS
    }

    /// Where the word of `accepting.status` is in the intake piece: its start and length.
    pub(super) fn accepting(&self, program: u32) -> (usize, usize) {
        let (at, len) = self.accepting[program as usize];
        (usize::from(at), usize::from(len))
    }

    /// The written source of a program.
    pub(super) fn source(&self, program: u32) -> &[u8] {
        &self.sources[usize::from(self.source_of[program as usize])]
    }

    /// The name and the address of the program that came as `program`.
    pub(super) fn name_and_slug(&self, program: u32) -> (String, &str) {
        let own = self.piece(program, OWN);
        // The name is the first field of that name: only the identity and the address come before.
        let key = br#""name":"#;
        let at = own.windows(key.len()).position(|window| window == key);
        let rest = at.map_or(&[][..], |at| &own[at + key.len()..]);
        let mut texts = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
        let name = texts.next().and_then(Result::ok).unwrap_or_default();
        (name, self.slug_of(program))
    }

    /// The address of the program that came as `program`: it is written at the beginning, and nothing in it is
    /// escaped.
    pub(super) fn slug_of(&self, program: u32) -> &str {
        let rest = self.piece(program, OWN).get(BEFORE_SLUG..).unwrap_or_default();
        let slug = rest.split(|byte| *byte == b'"').next().unwrap_or_default();
        std::str::from_utf8(slug).unwrap_or_default()
    }
}

/// Where the word of `accepting.status` is in a written intake.
fn accepting_word(intake: &[u8], listing: &Listing) -> (u16, u8) {
    let Some(accepting) = &listing.intake.accepting else { return (0, 0) };
    let word = accepting.status.as_str();
    let key = format!(r#""accepting":{{"status":"{word}""#);
    let found = intake.windows(key.len()).position(|window| window == key.as_bytes());
    let begin = found.and_then(|at| u16::try_from(at + key.len() - word.len() - 1).ok());
    match (begin, u8::try_from(word.len())) {
        (Some(begin), Ok(len)) => (begin, len),
        _ => (0, 0),
    }
}
