//! The programs of which rows could not be read.

use std::collections::HashSet;

/// More keys than this are as good as any key.
const MOST_KEYS: usize = 100_000;

/// The programs of which a document may have said more than could be read.
///
/// What is known of them is not made less by the document: [`Record::incomplete`] says so.
///
/// [`Record::incomplete`]: crate::domain::Record::incomplete
#[derive(Debug, Default)]
pub(super) struct Unread {
    keys: HashSet<String>,
    any: bool,
}

impl Unread {
    /// Adds a row by the keys that it may have; `None` when it may be of any program.
    pub(super) fn add(&mut self, keys: Option<impl IntoIterator<Item = String>>) {
        match keys {
            Some(keys) => self.keys.extend(keys),
            None => self.any = true,
        }
        if self.keys.len() > MOST_KEYS {
            self.any = true;
            self.keys.clear();
        }
    }

    /// Whether a row of this program may be among them.
    pub(super) fn has(&self, key: &str) -> bool {
        self.any || self.keys.contains(key)
    }
}
