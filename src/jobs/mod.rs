//! Work beside requests: keeping the snapshot up to date, importing, seeding.

mod feeds;
mod refresh;
mod seed;

pub use feeds::{FeedFormat, GazetteerPlaces, read_feed};
pub use refresh::Refresh;
pub use seed::{SEED_SOURCE, seed_records, seed_source, seed_vocabulary};
