//! Putting many things in order.

use std::cmp::Ordering;

/// So few are compared as they are.
const FEW: usize = 24;

/// Puts items in the order of their texts, eight bytes at a time: what is compared stands together in memory,
/// while a sort that compares texts waits for memory at almost every step.
///
/// `eight` are the eight bytes of an item's text from a place on, as [`eight`] makes them; `order` is the whole
/// order, which the texts decide first.
pub(super) fn sort<T: Copy>(
    items: &mut [T],
    eight: &impl Fn(T, usize) -> u64,
    order: &impl Fn(T, T) -> Ordering,
) {
    from(items, 0, eight, order);
}

fn from<T: Copy>(
    items: &mut [T],
    depth: usize,
    eight: &impl Fn(T, usize) -> u64,
    order: &impl Fn(T, T) -> Ordering,
) {
    if items.len() <= FEW {
        items.sort_unstable_by(|a, b| order(*a, *b));
        return;
    }
    let mut keyed: Vec<(u64, T)> = items.iter().map(|item| (eight(*item, depth), *item)).collect();
    keyed.sort_unstable_by_key(|(key, _)| *key);
    items.iter_mut().zip(&keyed).for_each(|(item, (_, sorted))| *item = *sorted);
    let mut begin = 0;
    for alike in keyed.chunk_by(|(a, _), (b, _)| a == b) {
        let items = &mut items[begin..begin + alike.len()];
        begin += alike.len();
        let has_ended = alike[0].0.to_be_bytes()[7] == 0;
        if has_ended {
            items.sort_unstable_by(|a, b| order(*a, *b));
        } else {
            from(items, depth + 8, eight, order);
        }
    }
}

/// Numbers from 0 in the order of their keys.
pub(super) fn by_key<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<u32> {
    let mut keyed: Vec<(K, u32)> = keys.zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, number)| number).collect()
}

/// The first eight bytes of a text, as a number that sorts like them; what is missing sorts first.
pub(super) fn eight(text: &[u8]) -> u64 {
    let mut first = [0; 8];
    let len = text.len().min(8);
    first[..len].copy_from_slice(&text[..len]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_in_the_order_of_a_plain_sort() {
        let mut random = fastrand::Rng::with_seed(3);
        let parts = ["a", "ab", "abcdefgh", "abcdefghi", " ", "\0", "z", "é", "peer support"];
        let text = |random: &mut fastrand::Rng| -> String {
            (0..random.usize(..6)).map(|_| parts[random.usize(..parts.len())]).collect()
        };
        for many in [0, 1, FEW, 100, 5_000] {
            let texts: Vec<String> = (0..many).map(|_| text(&mut random)).collect();
            let mut sorted: Vec<usize> = (0..many).rev().collect();
            let from = |item: usize, depth: usize| {
                eight(texts[item].as_bytes().get(depth..).unwrap_or_default())
            };
            let order = |a: usize, b: usize| (&texts[a], a).cmp(&(&texts[b], b));

            sort(&mut sorted, &from, &order);

            let mut plain: Vec<usize> = (0..many).collect();
            plain.sort_by(|a, b| order(*a, *b));
            assert_eq!(sorted, plain);
        }
    }
}
