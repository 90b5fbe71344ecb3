//! Text that people wrote: trimmed, bounded, printable.

use std::borrow::Cow;
use std::ops::Deref;
use std::str::FromStr;

use super::textual::textual;

/// Text of 1 to `MAX` characters, without surrounding space and without control characters.
///
/// Line breaks are kept as `\n`.
/// PostgreSQL refuses NUL in text, so a value that both databases can hold is made here.
///
/// ```
/// use peer_directory::domain::Text;
///
/// assert_eq!(Text::<20>::new("  Grief circle ").unwrap().as_str(), "Grief circle");
/// assert!(Text::<20>::new(" ").is_err());
/// assert!(Text::<3>::new("four").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(Box<str>);

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// There are more characters than the field takes.
    #[error("must be at most {max} characters, got {got}")]
    TooLong {
        /// The most characters the field takes.
        max: usize,
        /// How many there were.
        got: usize,
    },
    /// There is a control character other than a line break or a tab.
    #[error("must not contain control characters")]
    Control,
}

impl<const MAX: usize> Text<MAX> {
    /// Checks and trims a text.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidText::Empty);
        }
        // Nearly all text is on one line of ASCII: its bytes are its characters.
        let plain = text.bytes().all(|b| (b' '..=b'~').contains(&b));
        let clean: Cow<'_, str> = if plain { text.into() } else { tidied(text).into() };
        if !plain && clean.chars().any(|c| c.is_control() && c != '\n') {
            return Err(InvalidText::Control);
        }
        let got = if plain { clean.len() } else { clean.chars().count() };
        if got > MAX {
            return Err(InvalidText::TooLong { max: MAX, got });
        }
        Ok(Self(clean.into()))
    }

    /// Keeps what fits of a foreign text; `None` when nothing printable is left.
    ///
    /// For imports, where a note that is too long must not lose the meeting it belongs to.
    pub fn lossy(text: &str) -> Option<Self> {
        let clean: String =
            tidied(text).chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let short: String = clean.trim().chars().take(MAX).collect();
        Self::new(&short).ok()
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Line breaks as `\n`, tabs as spaces.
fn tidied(text: &str) -> String {
    let single = text.replace("\r\n", "\n");
    single.chars().map(|c| if c == '\t' || c == '\r' { ' ' } else { c }).collect()
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        Self::new(text)
    }
}

textual!(Text<MAX>, const MAX: usize);
