//! The product, tried as its users would: one binary, one file for each area.

mod openapi;
mod support;
