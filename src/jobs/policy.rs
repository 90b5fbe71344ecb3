//! The policy that decides whether a program is listed: that of this version, or an operator's own.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::Value;
use serde_json::error::Category;

use super::seed_vocabulary;
use crate::domain::{Choosing, Policy};

const BUILT_IN: &[u8] = include_bytes!("../../seed-data/policy.json");

/// What decides whether a program is listed. It is not kept in the database: all nodes that are started
/// alike decide alike.
#[derive(Debug, Clone)]
pub struct ListingPolicy(Arc<Value>);

impl Default for ListingPolicy {
    /// The policy of this version.
    fn default() -> Self {
        // A test holds it to be readable.
        Self::kept(serde_json::from_slice(BUILT_IN).unwrap_or_default())
    }
}

impl ListingPolicy {
    /// Reads a file and checks that it can decide.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let read = || Self::of(&std::fs::read(file)?);
        read().with_context(|| {
            format!(
                "--policy (PEER_DIRECTORY_POLICY): correct {}, or leave it out to decide by the policy of \
                 this version",
                file.display()
            )
        })
    }

    fn of(document: &[u8]) -> anyhow::Result<Self> {
        let policy: Policy = serde_json::from_slice(document).map_err(|error| {
            let is_json = error.classify() == Category::Data;
            let what = if is_json { "it is not such a policy" } else { "it is not JSON" };
            anyhow::anyhow!("{what}: {error}")
        })?;
        let pieces = seed_vocabulary()?.guidance;
        let pieces: Vec<_> = pieces.into_iter().map(|piece| (piece.kind, piece.document)).collect();
        policy.check(&Choosing::read(pieces.iter()))?;
        Ok(Self::kept(serde_json::from_slice(document)?))
    }

    /// What is not set is not shown.
    fn kept(mut document: Value) -> Self {
        if let Some(fields) = document.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        Self(Arc::new(document))
    }

    /// The policy as it is shown.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// The policy as a piece of what helps a person choose.
    pub(super) fn piece(&self) -> (String, Value) {
        ("policy".to_owned(), self.document().clone())
    }
}
