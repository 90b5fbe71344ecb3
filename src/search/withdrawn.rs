//! The programs that were in the directory and are no more.

use std::collections::HashSet;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use super::snapshot::Snapshot;
use crate::domain::{ProgramId, Slug};

/// The identities and addresses of programs that were withdrawn, as numbers: an identity is one, an
/// address is told by its hash.
///
/// In layers, each more than twice the next, so that a few more cost a few.
#[derive(Debug, Clone, Default)]
pub(super) struct Withdrawn(Vec<Arc<HashSet<u128>>>);

impl Withdrawn {
    fn has(&self, number: u128) -> bool {
        self.0.iter().any(|layer| layer.contains(&number))
    }

    fn with(&self, more: HashSet<u128>) -> Self {
        let (mut layers, mut top) = (self.0.clone(), more);
        while let Some(below) = layers.pop_if(|below| below.len() <= 2 * top.len()) {
            top.extend(below.iter());
        }
        if !top.is_empty() {
            layers.push(Arc::new(top));
        }
        Self(layers)
    }
}

fn of_slug(slug: &str) -> u128 {
    xxh3_128(slug.as_bytes())
}

impl Snapshot {
    /// The same with more programs that were withdrawn. One that comes back is found first.
    #[must_use]
    pub fn with_withdrawn(mut self, programs: &[(ProgramId, Slug)]) -> Self {
        let numbers = programs.iter().flat_map(|(id, slug)| [id.as_u128(), of_slug(slug.as_str())]);
        self.withdrawn = self.withdrawn.with(numbers.collect());
        self
    }

    /// Whether a program of this identity or address was withdrawn. Ask what is in it first.
    pub fn was_withdrawn(&self, id_or_slug: &str) -> bool {
        let number = match id_or_slug.parse::<ProgramId>() {
            Ok(id) => id.as_u128(),
            Err(_) => of_slug(id_or_slug),
        };
        self.withdrawn.has(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_hold_all_that_came_and_stay_few() {
        let mut withdrawn = Withdrawn::default();
        let (mut came, mut random) = (HashSet::<u128>::new(), fastrand::Rng::with_seed(7));
        for round in 0..500 {
            let more: HashSet<u128> =
                (0..random.usize(..4)).map(|_| random.u128(..9_000)).collect();
            came.extend(&more);
            withdrawn = withdrawn.with(more);
            assert!(withdrawn.0.len() <= 12, "{round}: {} layers", withdrawn.0.len());
        }
        for number in 0..9_000 {
            assert_eq!(withdrawn.has(number), came.contains(&number), "{number}");
        }
    }
}
