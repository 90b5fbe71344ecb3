//! Work beside requests: keeping the snapshot up to date, importing, seeding.

mod demo;
mod feeds;
mod forgetting;
mod patience;
mod policy;
mod queue;
mod refresh;
mod report;
mod seed;
mod translations;

pub use demo::{DEMO_CLOCK, DemoFolder, fill_with_demo};
pub use feeds::{FeedFormat, GazetteerPlaces, read_feed};
pub use forgetting::Forgetting;
pub use patience::{give_way, patiently};
pub use policy::ListingPolicy;
pub use queue::{QueueReport, Waiting, WaitsFor, queue_report};
pub use refresh::Refresh;
pub use report::{CoverageReport, Covered, coverage_report};
pub use seed::{SEED_SOURCE, seed_records, seed_source, seed_vocabulary};
