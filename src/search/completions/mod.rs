//! Names that are found by the beginning of any word in them.

use std::collections::{BTreeSet, HashMap};

use fst::{Automaton, IntoStreamer, Streamer};

use super::alphabetical::{self, eight};
use super::words::Nearby;
use crate::domain::fold;

/// The best of so many entries is known beforehand.
const BLOCK: usize = 128;

/// So many ways to correct a word, and a text, are tried.
const CORRECTIONS: usize = 8;

/// Names that are found by the beginning of any word in them: of terms, programs or organizations.
///
/// Each word of a name is an entry; the entries are in the order of what follows from there, so
/// those that begin as somebody types stand together. A name that many bear is kept once.
#[derive(Debug, Default)]
pub(super) struct Completions {
    /// The folded names in order, each closed by a line break.
    text: String,
    /// Where each name begins.
    starts: Vec<u32>,
    /// For each name, where its bearers begin; one more than there are names.
    bearer_starts: Vec<u32>,
    bearers: Vec<u32>,
    /// Places in the text.
    entries: Vec<u32>,
    ranks: Vec<u16>,
    /// The best rank of each block of entries.
    best: Vec<u16>,
    words: fst::Set<Vec<u8>>,
    building: HashMap<Box<str>, (bool, Vec<u32>), foldhash::fast::RandomState>,
}

/// A name that somebody may be typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion<'a> {
    /// The higher, the better, in every list: begins the name before begins a word of it, then
    /// a main name before another one, then the shorter name.
    pub(super) rank: u16,
    /// Folded.
    pub(super) name: &'a str,
    /// Who is called so: the lists it is in, and their bearers.
    pub(super) bearers: Vec<(usize, &'a [u32])>,
}

/// A list in which names are looked for, with whether somebody of those called so is there still.
pub(super) struct Among<'a, 'f> {
    /// The list.
    pub(super) names: &'a Completions,
    /// Whether one of these bearers is there still.
    pub(super) alive: &'f dyn Fn(&[u32]) -> bool,
}

/// Up to `limit` names of all lists that go on as typed, the best first; when there is none, those
/// that do with slips forgiven.
pub(super) fn find<'a>(lists: &[Among<'a, '_>], typed: &str, limit: usize) -> Vec<Completion<'a>> {
    let folded = fold(typed);
    if folded.is_empty() {
        return Vec::new();
    }
    let found = beginning(lists, std::slice::from_ref(&folded), limit);
    if found.is_empty() { beginning(lists, &corrections(lists, &folded), limit) } else { found }
}

/// The best names that have a word from which they go on as one of the texts.
fn beginning<'a>(lists: &[Among<'a, '_>], texts: &[String], limit: usize) -> Vec<Completion<'a>> {
    let mut found: Vec<(u16, &str, usize, &[u32])> = Vec::new();
    for text in texts {
        for (at, list) in lists.iter().enumerate() {
            let names = list.names;
            for (rank, name) in names.best_beginning(text, limit, list.alive) {
                found.push((rank, names.from(names.starts[name]), at, names.bearers_of(name)));
            }
        }
    }
    found.sort_unstable_by(|a, b| (a.1, b.0, a.2).cmp(&(b.1, a.0, b.2)));
    let mut completions: Vec<Completion<'a>> = Vec::new();
    for (rank, name, list, bearers) in found {
        match completions.last_mut() {
            Some(last) if last.name == name => {
                if last.bearers.iter().all(|(known, _)| *known != list) {
                    last.bearers.push((list, bearers));
                }
            }
            _ => completions.push(Completion { rank, name, bearers: vec![(list, bearers)] }),
        }
    }
    completions.sort_by(|a, b| (b.rank, a.name).cmp(&(a.rank, b.name)));
    completions.truncate(limit);
    completions
}

/// The text with slips corrected, by the words there are. The last word may go on.
fn corrections(lists: &[Among<'_, '_>], folded: &str) -> Vec<String> {
    let mut texts = vec![String::new()];
    let (before, last) = folded.rsplit_once(' ').unwrap_or(("", folded));
    for word in before.split(' ').filter(|word| !word.is_empty()) {
        let words = if lists.iter().any(|list| list.names.words.contains(word)) {
            vec![word.to_owned()]
        } else {
            near(word, |nearby, words| {
                for list in lists {
                    take(list.names.words.search(nearby), words);
                }
            })
        };
        texts = joined(&texts, &words);
    }
    let mut words = near(last, |nearby, words| {
        let open = nearby.starts_with();
        for list in lists {
            take(list.names.words.search(&open), words);
        }
    });
    if !before.is_empty() {
        words.push(last.to_owned());
    }
    let mut texts = joined(&texts, &words);
    texts.retain(|text| text != folded);
    texts
}

/// How many slips are forgiven in a word: none in a short one or a number.
pub(super) fn slips(word: &str) -> usize {
    match word.len() {
        _ if word.bytes().any(|letter| letter.is_ascii_digit()) => 0,
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// The first words near one, with one slip or, when there are none, with two in a long one.
fn near(word: &str, search: impl Fn(&Nearby, &mut BTreeSet<String>)) -> Vec<String> {
    for slips in 1..=slips(word) {
        let Some(nearby) = Nearby::new(word, slips) else { break };
        let mut words = BTreeSet::new();
        search(&nearby, &mut words);
        if !words.is_empty() {
            return words.into_iter().take(CORRECTIONS).collect();
        }
    }
    Vec::new()
}

fn take<A: Automaton>(search: fst::set::StreamBuilder<'_, A>, words: &mut BTreeSet<String>) {
    let mut stream = search.into_stream();
    let mut taken = 0;
    while let Some(word) = stream.next() {
        words.extend(std::str::from_utf8(word).ok().map(str::to_owned));
        taken += 1;
        if taken == CORRECTIONS {
            break;
        }
    }
}

/// Each text with each word after it, up to a number.
fn joined(texts: &[String], words: &[String]) -> Vec<String> {
    let join = |text: &String, word: &String| {
        if text.is_empty() { word.clone() } else { format!("{text} {word}") }
    };
    let all = texts.iter().flat_map(|text| words.iter().map(move |word| join(text, word)));
    all.take(CORRECTIONS).collect()
}

impl Completions {
    /// Adds a name, and whom it belongs to. Bearers come in ascending order.
    pub(super) fn add(&mut self, bearer: u32, name: &str, is_main: bool) {
        let folded = fold(name);
        if folded.is_empty() {
            return;
        }
        let (main, bearers) = self.building.entry(folded.into()).or_default();
        *main |= is_main;
        if bearers.last() != Some(&bearer) {
            bearers.push(bearer);
        }
    }

    /// Closes the list: from now on names can be found in it, and nothing can be added.
    pub(super) fn finish(&mut self) {
        let mut names: Vec<_> = std::mem::take(&mut self.building).into_iter().collect();
        let mut order: Vec<u32> = (0..place(names.len())).collect();
        let name = |at: u32| &*names[at as usize].0;
        alphabetical::sort(
            &mut order,
            &|at, depth| eight(name(at).as_bytes().get(depth..).unwrap_or_default()),
            &|a, b| name(a).cmp(name(b)),
        );
        // The place of each entry, and its rank.
        let mut entries: Vec<(u32, u16)> = Vec::new();
        for at in order {
            let (name, (is_main, bearers)) = &mut names[at as usize];
            let (name, bearers) = (std::mem::take(name), std::mem::take(bearers));
            let begin = self.text.len();
            self.starts.push(place(begin));
            self.bearer_starts.push(place(self.bearers.len()));
            self.bearers.extend(bearers);
            let (is_main, mut at) = (*is_main, 0);
            for word in name.split(' ') {
                let rank = rank(at == 0, is_main, name.len());
                entries.push((place(begin + at), rank));
                at += word.len() + 1;
            }
            self.text.push_str(&name);
            self.text.push('\n');
        }
        self.bearer_starts.push(place(self.bearers.len()));
        alphabetical::sort(
            &mut entries,
            &|(at, _), depth| eight(self.from(at).as_bytes().get(depth..).unwrap_or_default()),
            &|a, b| (self.from(a.0), a.0).cmp(&(self.from(b.0), b.0)),
        );
        (self.entries, self.ranks) = entries.into_iter().unzip();
        let best = |block: &[u16]| block.iter().copied().max().unwrap_or_default();
        self.best = self.ranks.chunks(BLOCK).map(best).collect();
        // A space sorts before all that words are made of: the first words of the entries are in order too.
        let first_word = |at: &u32| self.from(*at).split(' ').next().unwrap_or_default();
        let mut words: Vec<&str> = self.entries.iter().map(first_word).collect();
        words.dedup();
        // It refuses nothing but words out of order.
        self.words = fst::Set::from_iter(words).unwrap_or_default();
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.bearer_starts.shrink_to_fit();
        self.bearers.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.ranks.shrink_to_fit();
    }

    /// The best names, by their numbers, that have a word from which they go on so.
    fn best_beginning(
        &self,
        text: &str,
        limit: usize,
        alive: &dyn Fn(&[u32]) -> bool,
    ) -> Vec<(u16, usize)> {
        let begin = self.entries.partition_point(|at| self.from(*at) < text);
        let end =
            begin + self.entries[begin..].partition_point(|at| self.from(*at).starts_with(text));
        let mut top: Vec<(u16, usize)> = Vec::with_capacity(limit + 1);
        let mut at = begin;
        while at < end {
            let least = if top.len() == limit { top.last().copied() } else { None };
            if let Some((least, _)) = least
                && at.is_multiple_of(BLOCK)
                && self.best[at / BLOCK] < least
            {
                at += BLOCK;
                continue;
            }
            let (rank, entry) = (self.ranks[at], self.entries[at]);
            at += 1;
            if least.is_some_and(|(least, _)| rank < least) {
                continue;
            }
            // Names are numbered in their order: of equals the first stays.
            let name = self.starts.partition_point(|start| *start <= entry) - 1;
            if least.is_some_and(|(least, last)| rank == least && name >= last) {
                continue;
            }
            // A name may be here by several words.
            match top.iter().position(|(_, known)| *known == name) {
                Some(known) if top[known].0 >= rank => continue,
                Some(known) => drop(top.remove(known)),
                None if !alive(self.bearers_of(name)) => continue,
                None => {}
            }
            let place = top.partition_point(|known| (known.0, name) > (rank, known.1));
            top.insert(place, (rank, name));
            top.truncate(limit);
        }
        top
    }

    fn bearers_of(&self, name: usize) -> &[u32] {
        &self.bearers[self.bearer_starts[name] as usize..self.bearer_starts[name + 1] as usize]
    }

    /// The text of a name from a place on.
    fn from(&self, at: u32) -> &str {
        let rest = &self.text[at as usize..];
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        &rest[..end]
    }

    /// How many bytes it takes.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.text.capacity()
            + 4 * (self.starts.capacity() + self.bearer_starts.capacity())
            + 4 * (self.bearers.capacity() + self.entries.capacity())
            + 2 * (self.ranks.capacity() + self.best.capacity())
            + self.words.as_fst().size()
    }
}

/// 1 bit for the beginning of the name, 1 for a main name, 14 for how short it is.
pub(super) fn rank(begins: bool, is_main: bool, len: usize) -> u16 {
    let len = u16::try_from(len).unwrap_or(u16::MAX).min(0x3fff);
    u16::from(begins) << 15 | u16::from(is_main) << 14 | (0x3fff - len)
}

/// A place as it is kept.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
