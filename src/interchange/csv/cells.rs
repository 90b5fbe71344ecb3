//! The cells of one line, read with a reason for every one that is wrong.

use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;

use crate::domain::{LanguageTag, Link, TermKey, Text, did_you_mean, nearest};
use crate::interchange::{Reject, languages, secrets};

use super::columns;
use super::table::Line;

/// The cells of one line. What is wrong is collected, so that all of it is told at once.
pub(super) struct Cells<'a> {
    line: &'a Line,
    wrong: RefCell<Vec<Reject>>,
}

impl<'a> Cells<'a> {
    /// The cells of a line.
    pub(super) fn new(line: &'a Line) -> Self {
        Self { line, wrong: RefCell::default() }
    }

    /// What was wrong.
    pub(super) fn into_rejects(self) -> Vec<Reject> {
        self.wrong.into_inner()
    }

    /// Whether anything was wrong so far.
    pub(super) fn are_wrong(&self) -> bool {
        !self.wrong.borrow().is_empty()
    }

    /// Notes what is wrong with a cell and what was expected.
    pub(super) fn refuse(&self, column: &str, reason: impl Into<String>) {
        let reject =
            Reject { row: self.line.number, field: column.to_owned(), reason: reason.into() };
        self.wrong.borrow_mut().push(reject);
    }

    /// A cell as it is; blank ones are `None`.
    pub(super) fn raw(&self, column: &str) -> Option<&'a str> {
        self.line.cells.get(column).map(String::as_str)
    }

    /// Whether any column of a session is filled in.
    pub(super) fn have_a_session(&self) -> bool {
        self.line.has_a_session()
    }

    /// A cell that `read` understands.
    pub(super) fn read<T, E: Display>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let cell = self.raw(column)?;
        match read(cell) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.refuse(column, format!("`{}`: {expected}", shortened(cell)));
                None
            }
        }
    }

    /// A name or the like for the public: a word such as "pin" may stand in it, a key may not.
    pub(super) fn text<const MAX: usize>(&self, column: &str) -> Option<Text<MAX>> {
        self.public(column, secrets::holds_key)
    }

    /// Sentences for the public: they may speak of a passcode, and must not tell it.
    pub(super) fn sentences<const MAX: usize>(&self, column: &str) -> Option<Text<MAX>> {
        self.public(column, secrets::tells_key)
    }

    fn public<const MAX: usize>(
        &self,
        column: &str,
        is_secret: impl Fn(&str) -> bool,
    ) -> Option<Text<MAX>> {
        if is_secret(self.raw(column)?) {
            self.refuse(
                column,
                "looks as if it holds a passcode or a meeting's own link; these must not be public: \
                 leave them out, and say whom to ask",
            );
            return None;
        }
        self.read(column, Text::new)
    }

    /// The same for a text that must be there.
    pub(super) fn needed<const MAX: usize>(&self, column: &str) -> Option<Text<MAX>> {
        if self.raw(column).is_none() {
            self.refuse(column, "is blank; every program needs it");
        }
        self.text(column)
    }

    /// A page for the public: not a meeting's own link.
    pub(super) fn page(&self, column: &str) -> Option<Link> {
        let cell = self.raw(column)?;
        if secrets::is_meeting_link(cell) {
            self.refuse(column, "is a meeting's own link, which must not be public; give a page that tells how to get in");
            return None;
        }
        self.read(column, str::parse::<Link>)
    }

    /// A word of a closed vocabulary, in any case, with spaces or hyphens.
    pub(super) fn word<T: FromStr<Err: Display>>(&self, column: &str, words: &[&str]) -> Option<T> {
        self.read(column, |cell| word(cell, words))
    }

    /// A list of such words, each once.
    pub(super) fn words<T: FromStr<Err: Display> + PartialEq>(
        &self,
        column: &str,
        words: &[&str],
    ) -> Vec<T> {
        self.list(column, |cell| word(cell, words))
    }

    /// A list of terms. Whether they exist is for the catalog to say.
    pub(super) fn terms(&self, column: &str) -> Vec<TermKey> {
        self.list(column, |cell| {
            columns::spelled(cell).parse::<TermKey>().map_err(|bad| bad.to_string())
        })
    }

    /// A list of languages, by tag or by English name.
    pub(super) fn languages(&self, column: &str) -> Vec<LanguageTag> {
        self.list(column, |cell| match languages::language_named(cell) {
            Some(tag) => Ok(tag),
            None => cell.parse::<LanguageTag>().map_err(|bad| bad.to_string()),
        })
    }

    /// The entries of a list, separated by semicolons or commas, each once.
    pub(super) fn list<T: PartialEq>(
        &self,
        column: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        let entries = self.raw(column).unwrap_or_default().split([';', ',']).map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            match read(entry) {
                Ok(value) if list.contains(&value) => {}
                Ok(value) => list.push(value),
                Err(expected) => self.refuse(column, format!("`{}`: {expected}", shortened(entry))),
            }
        }
        list
    }
}

/// A word, or what it may have meant.
fn word<T: FromStr<Err: Display>>(cell: &str, words: &[&str]) -> Result<T, String> {
    let spelled = columns::spelled(cell);
    spelled.parse::<T>().map_err(|expected| {
        format!("{expected}{}", did_you_mean(nearest(&spelled, words.iter().copied())))
    })
}

/// The beginning of a cell, for a message.
fn shortened(cell: &str) -> String {
    let mut short: String = cell.chars().take(60).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    short
}
