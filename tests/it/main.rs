//! The product, tried as its users would: one binary, one file for each area.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::assigning_clones,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::float_cmp,
    clippy::format_collect,
    clippy::large_stack_arrays,
    clippy::needless_for_each,
    clippy::semicolon_if_nothing_returned,
    clippy::similar_names,
    clippy::unused_async,
    reason = "tests say exactly what they mean"
)]

mod agenda;
mod answers;
mod bad_input;
mod catalog;
mod catalogues;
mod changelog;
mod choosing;
mod command_line;
mod demo;
mod distance;
mod durability;
mod examples;
mod exports;
mod findings;
mod fixtures;
mod following;
mod guides;
mod imports;
mod judged;
mod kept;
mod large;
mod layering;
mod limits;
mod live;
mod many;
mod masking;
mod migrations;
mod occurrences;
mod on_the_wire;
mod openapi;
mod oracle;
mod postgres_tls;
mod raw_http;
mod reimports;
mod reports;
mod search_api;
mod seed;
mod support;
mod vocabulary;
