//! Peer Directory: a directory of mental-health peer support that answers
//! "what is right for me, near me, tonight" from memory, and says why.
//!
//! Reads go `http` → `search`; writes go `http` or `jobs` → `catalog` → `store`.
//! `ARCHITECTURE.md` has the map.

pub mod app;
pub mod catalog;
pub mod config;
pub mod domain;
pub mod gazetteer;
pub mod generate;
pub mod guides;
pub mod http;
pub mod interchange;
pub mod jobs;
pub mod outbound;
pub mod search;
pub mod store;
pub mod telemetry;
