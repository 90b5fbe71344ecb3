//! How many requests an address may send.
//!
//! The generic cell rate algorithm: of each network only the moment is kept at which its allowance is
//! whole again. Networks, not addresses, are told apart, in memory only, so many at a time.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Instant;

use actix_web::http::header::HeaderMap;

/// The time in which the allowance can be used once, in microseconds.
const WINDOW: u64 = 60_000_000;

/// The allowance's window as headers tell it, in seconds.
pub(super) const WINDOW_S: u64 = WINDOW / 1_000_000;

/// The most requests a minute that an allowance can be: with more, the time that each takes of it could no
/// longer be told in whole microseconds.
const MOST_PER_MINUTE: u32 = 1_000_000;

/// Parts that are locked each by itself.
const SHARDS: usize = 64;

/// How many networks a part knows at most.
const MOST: usize = 1_024;

/// How many requests each network may send.
pub struct RateLimit {
    per_minute: u32,
    trusted_proxies: u8,
    begun: Instant,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<u64, u64>>>,
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Whether the request may pass; else after how many seconds one may.
    pub(super) passes: Result<(), u64>,
    /// How many requests may follow at once.
    pub(super) remaining: u32,
    /// After how many seconds it is whole again.
    pub(super) whole_after_s: u64,
}

impl RateLimit {
    /// `per_minute` requests from each network, 1 to 1,000,000, once that many proxies in front are trusted
    /// to name who asks.
    pub fn new(per_minute: u32, trusted_proxies: u8) -> Self {
        Self {
            per_minute: per_minute.clamp(1, MOST_PER_MINUTE),
            trusted_proxies,
            begun: Instant::now(),
            hasher: RandomState::new(),
            shards: std::iter::repeat_with(Mutex::default).take(SHARDS).collect(),
        }
    }

    /// How many requests a minute each network may send.
    pub(super) const fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// Counts a request.
    pub(super) fn count(&self, peer: SocketAddr, headers: &HeaderMap) -> Allowance {
        let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let network = network(self.who_asks(peer, headers));
        self.count_at(network, now)
    }

    /// The address that asks: what the outermost trusted proxy has seen, else the peer.
    fn who_asks(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        if self.trusted_proxies == 0 {
            return peer.ip();
        }
        // Each proxy adds whom it has seen at the end; what stands before that anybody may have written.
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
        let mut seen = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let outermost = seen.nth(usize::from(self.trusted_proxies) - 1);
        outermost.and_then(address).unwrap_or_else(|| peer.ip())
    }

    fn count_at(&self, network: u64, now: u64) -> Allowance {
        let hash = self.hasher.hash_one(network);
        let shard = &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or_default()];
        // What panicked holding it left numbers that are as good as any.
        let mut shard = shard.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let each = WINDOW / u64::from(self.per_minute);
        let whole = shard.get(&network).map_or(now, |whole| (*whole).max(now));
        let (passes, whole) = if whole - now + each <= WINDOW {
            (Ok(()), whole + each)
        } else {
            (Err((whole - now + each - WINDOW).div_ceil(1_000_000)), whole)
        };
        if shard.len() >= MOST && !shard.contains_key(&network) {
            make_room(&mut shard, now);
        }
        shard.insert(network, whole);
        let used = whole - now;
        Allowance {
            passes,
            remaining: u32::try_from((WINDOW - used.min(WINDOW)) / each)
                .unwrap_or_default()
                .min(self.per_minute),
            whole_after_s: used.div_ceil(1_000_000),
        }
    }
}

/// Forgets the networks whose allowance is whole; when there is none, the one with the most left.
fn make_room(shard: &mut HashMap<u64, u64>, now: u64) {
    shard.retain(|_, whole| *whole > now);
    if shard.len() >= MOST
        && let Some(least) = shard.iter().min_by_key(|(_, whole)| **whole).map(|(key, _)| *key)
    {
        shard.remove(&least);
    }
}

/// The network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(address) => 1 << 63 | u64::from(address.to_bits() >> 8),
        IpAddr::V6(address) => u64::try_from(address.to_bits() >> 80).unwrap_or_default(),
    }
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn an_allowance_is_used_up_and_comes_back_evenly() {
        let limit = RateLimit::new(60, 0);
        for sent in 1..=60 {
            let allowance = limit.count_at(1, 0);
            assert_eq!(allowance.passes, Ok(()));
            assert_eq!(
                (allowance.remaining, allowance.whole_after_s),
                (60 - sent, u64::from(sent))
            );
        }
        assert_eq!(limit.count_at(1, 0).passes, Err(1));
        assert_eq!(limit.count_at(1, 400_000).passes, Err(1), "refusals use nothing up");
        assert_eq!(limit.count_at(2, 0).passes, Ok(()), "another network");
        assert_eq!(limit.count_at(1, 1_000_000).passes, Ok(()));
        assert_eq!(limit.count_at(1, 1_000_000).passes, Err(1));
        let later = limit.count_at(1, 90_000_000);
        assert_eq!((later.passes, later.remaining), (Ok(()), 59));
    }

    #[test]
    fn every_number_makes_an_allowance() {
        for (asked, made) in
            [(0, 1), (999_999, 999_999), (1_000_001, 1_000_000), (u32::MAX, 1_000_000)]
        {
            let limit = RateLimit::new(asked, 0);

            let first = limit.count_at(1, 0);

            assert_eq!((limit.per_minute(), first.passes), (made, Ok(())), "{asked}");
            assert!(first.remaining <= made, "{asked}: {first:?}");
        }
    }

    /// Against counting by hand: of the requests that passed, no window of a minute holds more than
    /// twice the allowance, and nobody is refused who sent fewer than the allowance in the last one.
    #[test]
    fn nobody_is_refused_who_keeps_to_it() {
        let mut random = fastrand::Rng::with_seed(9);
        for per_minute in [1, 7, 60, 1_200] {
            let limit = RateLimit::new(per_minute, 0);
            let (mut now, mut passed, mut refused) = (0, Vec::<u64>::new(), 0);
            for _ in 0..5_000 {
                now += random.u64(..WINDOW / u64::from(per_minute));
                let recent = passed.iter().filter(|at| **at + WINDOW > now).count();
                if limit.count_at(5, now).passes.is_ok() {
                    passed.push(now);
                    assert!(recent < 2 * per_minute as usize, "{per_minute}");
                } else {
                    refused += 1;
                    assert!(recent >= per_minute as usize, "{per_minute}");
                }
            }
            assert!(refused > 100 && passed.len() > 1_000, "{per_minute}: {refused}");
        }
    }

    #[test]
    fn so_many_networks_are_known_and_those_who_ask_much_are_not_forgotten() {
        let limit = RateLimit::new(10, 0);
        for _ in 0..10 {
            let _counted = limit.count_at(u64::MAX, 0);
        }
        for network in 0..300_000 {
            assert_eq!(limit.count_at(network, 1).passes, Ok(()));
        }

        let known: usize = limit.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(known <= SHARDS * MOST, "{known}");
        assert_eq!(limit.count_at(u64::MAX, 1).passes, Err(6));
    }

    #[test]
    fn neighbors_share_an_allowance() {
        for (one, other, same) in [
            ("203.0.113.7", "203.0.113.250", true),
            ("203.0.113.7", "203.0.114.7", false),
            ("203.0.113.7", "::ffff:203.0.113.9", true),
            ("2001:db8:1:2::3", "2001:db8:1:ffff::9", true),
            ("2001:db8:1::3", "2001:db8:2::3", false),
            ("::", "0.0.0.0", false),
        ] {
            let [a, b] = [one, other].map(|text| network(text.parse().unwrap()));
            assert_eq!(a == b, same, "{one} {other}");
        }
    }

    #[test]
    fn only_proxies_that_are_trusted_say_who_asks() {
        let peer = "198.51.100.1:443".parse().unwrap();
        for (trusted, lines, wanted) in [
            (0, &["203.0.113.7"][..], "198.51.100.1"),
            (1, &[], "198.51.100.1"),
            (1, &["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
            (1, &["6.6.6.6", "203.0.113.7:4711"], "203.0.113.7"),
            (2, &["6.6.6.6, [2001:db8::1]:80 , 10.0.0.1"], "2001:db8::1"),
            (2, &["[2001:db8::1]", "10.0.0.1"], "2001:db8::1"),
            (2, &["10.0.0.1"], "198.51.100.1"),
            (1, &["203.0.113.7, unknown"], "198.51.100.1"),
            (1, &[""], "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                let value = HeaderValue::from_str(line).unwrap();
                headers.append(HeaderName::from_static("x-forwarded-for"), value);
            }
            let asks = RateLimit::new(1, trusted).who_asks(peer, &headers);
            assert_eq!(asks.to_string(), wanted, "{trusted} {lines:?}");
        }
    }
}
