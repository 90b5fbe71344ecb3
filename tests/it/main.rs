//! The product, tried as its users would: one binary, one file for each area.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalog;
mod changelog;
mod distance;
mod durability;
mod fixtures;
mod imports;
mod kept;
mod layering;
mod masking;
mod migrations;
mod openapi;
mod oracle;
mod postgres_tls;
mod seed;
mod support;
mod vocabulary;
