//! Words that are a slip of the finger away.

use fst::Automaton;

/// Longer words are not compared by letters.
const LONGEST: usize = 60;

/// Accepts what is so few edits away from a word: a letter left out, added, put for another, or two
/// neighbors swapped. The first letter stays.
///
/// The places in the word that the letters so far may have come to are a set of bits, one set for
/// each number of edits; a step is a few shifts. Tables made for each word, as by the
/// `levenshtein_automata` crate, take longer to make than the whole walk does.
#[derive(Debug)]
pub(in crate::search) struct Nearby {
    first: u8,
    /// For each letter and digit, where it stands in the rest of the word.
    places: [u64; 36],
    /// The end of the rest of the word.
    end: u64,
    edits: usize,
}

/// How far the letters so far have come.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::search) struct Reached {
    begun: bool,
    /// With 0, 1 and 2 edits.
    now: [u64; 3],
    /// The same one letter ago.
    before: [u64; 3],
    /// Where the last letter stands in the word.
    last: u64,
}

impl Nearby {
    /// What is up to `edits` edits, 2 at most, away from a folded word.
    pub(in crate::search) fn new(word: &str, edits: usize) -> Option<Self> {
        let (first, rest) = word.as_bytes().split_first()?;
        if rest.len() > LONGEST {
            return None;
        }
        let mut places = [0; 36];
        for (at, letter) in rest.iter().enumerate() {
            places[index(*letter)?] |= 1 << at;
        }
        Some(Self { first: *first, places, end: 1 << rest.len(), edits: edits.min(2) })
    }

    /// How many edits lead to what was read; `None` when too many do.
    pub(super) fn distance(&self, reached: Reached) -> Option<usize> {
        (0..=self.edits).find(|edits| reached.now[*edits] & self.end != 0)
    }
}

impl Automaton for Nearby {
    type State = Reached;

    fn start(&self) -> Reached {
        Reached::default()
    }

    fn is_match(&self, reached: &Reached) -> bool {
        self.distance(*reached).is_some()
    }

    fn can_match(&self, reached: &Reached) -> bool {
        !reached.begun || reached.now.iter().any(|places| *places != 0)
    }

    fn accept(&self, reached: &Reached, letter: u8) -> Reached {
        if !reached.begun {
            let mut now = [0; 3];
            if letter == self.first {
                // Each edit may leave out one letter more.
                now = std::array::from_fn(|edits| {
                    if edits <= self.edits { (1 << (edits + 1)) - 1 } else { 0 }
                });
            }
            return Reached { begun: true, now, before: [0; 3], last: 0 };
        }
        let here = index(letter).map_or(0, |index| self.places[index]);
        let was = reached.now;
        let mut now = [(was[0] & here) << 1, 0, 0];
        for edits in 1..=self.edits {
            let fewer = was[edits - 1];
            let swapped = ((reached.before[edits - 1] & here) << 1 & reached.last) << 1;
            now[edits] =
                (was[edits] & here) << 1 | fewer | fewer << 1 | now[edits - 1] << 1 | swapped;
        }
        Reached { begun: true, now, before: was, last: here }
    }
}

fn index(letter: u8) -> Option<usize> {
    match letter {
        b'a'..=b'z' => Some(usize::from(letter - b'a')),
        b'0'..=b'9' => Some(usize::from(letter - b'0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(word: &str, other: &str, edits: usize) -> Option<usize> {
        let nearby = Nearby::new(word, edits).unwrap();
        let mut reached = nearby.start();
        for letter in other.bytes() {
            reached = nearby.accept(&reached, letter);
            if !nearby.can_match(&reached) {
                return None;
            }
        }
        nearby.distance(reached)
    }

    #[test]
    fn slips_are_counted_as_by_the_book() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut near = 0;
        for _ in 0..60_000 {
            let word: String = (0..random.usize(1..8)).map(|_| random.char('a'..='c')).collect();
            let other: String = (0..random.usize(1..8)).map(|_| random.char('a'..='c')).collect();
            let edits = random.usize(1..=2);
            let by_the_book = strsim::osa_distance(&word, &other);
            let wanted = (word[..1] == other[..1] && by_the_book <= edits).then_some(by_the_book);
            near += usize::from(wanted.is_some());
            assert_eq!(distance(&word, &other, edits), wanted, "{word} {other} {edits}");
        }
        assert!(near > 5_000);
    }

    #[test]
    fn the_first_letter_stays() {
        assert_eq!(distance("grief", "greif", 1), Some(1));
        assert_eq!(distance("grief", "rgief", 2), None);
        assert_eq!(distance("grief", "brief", 2), None);
        assert_eq!(distance("depression", "deppresion", 2), Some(2));
    }
}
