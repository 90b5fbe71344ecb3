//! Following the directory: how far somebody who keeps a copy of it has come.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::identity::ProgramId;
use super::provenance::{PublicSource, Source};

/// How far somebody who follows the changes has come: `0-0-0` is the beginning.
///
/// It also holds which sources there were then, and what they allowed: a mark of another database, or
/// from before a source said something else of its listings, is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the last change that was followed to its end.
    pub sequence: i64,
    /// Of the programs that the next change is seen in, the last one that was told.
    pub within: Option<ProgramId>,
    sources: usize,
    seal: u64,
}

/// A text that no answer gave as a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be `next` of an answer, or the mark that an export names")]
pub struct InvalidMark;

impl Mark {
    /// The beginning, when there was nothing.
    pub const BEGINNING: Self = Self { sequence: 0, within: None, sources: 0, seal: 0 };

    /// The mark of who has followed to the end of a change, while there are these sources.
    pub fn new(sequence: i64, sources: &[Source]) -> Self {
        let sources_then = in_order(sources);
        let seal = seal(&sources_then);
        Self { sequence, within: None, sources: sources_then.len(), seal }
    }

    /// Whether it is of this directory, and its sources say what they said then.
    pub fn is_of(&self, sources: &[Source]) -> bool {
        let now = in_order(sources);
        now.get(..self.sources).is_some_and(|then| seal(then) == self.seal)
    }
}

fn in_order(sources: &[Source]) -> Vec<&Source> {
    let mut sources: Vec<&Source> = sources.iter().collect();
    sources.sort_by_key(|source| (source.created_at, source.id));
    sources
}

/// What tells whether sources are the same and say the same of their listings.
fn seal(sources: &[&Source]) -> u64 {
    let Some(first) = sources.first() else { return 0 };
    let mut hash = Sha256::new();
    hash.update(first.created_at.to_string());
    for source in sources {
        hash.update(source.id.to_string());
        let said = serde_json::to_vec(&PublicSource::from(&source.draft)).unwrap_or_default();
        hash.update(said);
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |seal, byte| seal << 8 | u64::from(*byte))
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:x}", self.sequence, self.sources, self.seal)?;
        self.within.map_or(Ok(()), |program| write!(f, "-{:x}", program.as_u128()))
    }
}

impl FromStr for Mark {
    type Err = InvalidMark;

    fn from_str(text: &str) -> Result<Self, InvalidMark> {
        let parts: Vec<&str> = text.split('-').collect();
        let (sequence, sources, seal, within) = match parts[..] {
            [sequence, sources, seal] => (sequence, sources, seal, None),
            [sequence, sources, seal, within] => (sequence, sources, seal, Some(within)),
            _ => return Err(InvalidMark),
        };
        let within = within.map(|text| u128::from_str_radix(text, 16).map(ProgramId::from_u128));
        let mark = Self {
            sequence: sequence.parse().map_err(|_not_a_number| InvalidMark)?,
            within: within.transpose().map_err(|_not_hexadecimal| InvalidMark)?,
            sources: sources.parse().map_err(|_not_a_number| InvalidMark)?,
            seal: u64::from_str_radix(seal, 16).map_err(|_not_hexadecimal| InvalidMark)?,
        };
        // There is one way to write each mark.
        if mark.sequence >= 0 && mark.to_string() == text { Ok(mark) } else { Err(InvalidMark) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SourceDraft, SourceId, Text};

    fn source(name: &str, created_at: &str, may_republish: bool) -> Source {
        let draft = SourceDraft {
            name: Text::new(name).unwrap(),
            format: Text::new("csv").unwrap(),
            url: None,
            licence: None,
            attribution: None,
            may_republish,
        };
        let id = SourceId::derived("source", name);
        Source { id, draft, created_at: created_at.parse().unwrap() }
    }

    #[test]
    fn a_mark_outlives_new_sources_and_nothing_else() {
        let then = vec![
            source("z", "2026-01-01T00:00:00Z", true),
            source("a", "2026-02-01T00:00:00Z", false),
        ];
        let mark = Mark { within: Some(ProgramId::from_u128(77)), ..Mark::new(12, &then) };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        assert!(mark.is_of(&then) && Mark::BEGINNING.is_of(&then) && Mark::BEGINNING.is_of(&[]));

        let mut later = then.clone();
        later.insert(0, source("m", "2026-03-01T00:00:00Z", true));
        assert!(mark.is_of(&later));
        later[2].draft.may_republish = true;
        assert!(!mark.is_of(&later), "a source says something else");
        assert!(!mark.is_of(&then[..1]));
        let elsewhere =
            [source("z", "2026-01-01T00:00:01Z", true), source("a", "2026-02-01T00:00:00Z", false)];
        assert!(!mark.is_of(&elsewhere), "the same sources in another database");
        for text in ["", "1", "-1-0-0", "1-0", "01-0-0", "1-0-0-zz", "1-0-0-1-1", "now", "1-0-F"] {
            assert_eq!(text.parse::<Mark>(), Err(InvalidMark), "{text}");
        }
    }
}
