//! An invented town, to test an app against: the same listings at the same moment every day.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

use super::feeds::GazetteerPlaces;
use super::seed_vocabulary;
use crate::catalog::{Catalog, Clock};
use crate::domain::{SourceDraft, Text};
use crate::gazetteer::Gazetteer;
use crate::interchange::{Importer as _, Native, SeedOrganizations, Setting};

const SOURCE: &str = "demo";
const ORGANIZATIONS: &[u8] = include_bytes!("../../seed-data/demo/organizations.json");
const PROGRAMS: &[u8] = include_bytes!("../../seed-data/demo/programs.json");

/// The clock of the town: it stands at half past four on a Wednesday afternoon there,
/// 2026-11-18T16:30:00-08:00.
pub const DEMO_CLOCK: Clock = Clock::Standing(Timestamp::constant(1_795_048_200, 0));

/// A folder for the town's database, gone with this value.
pub struct DemoFolder(PathBuf);

impl DemoFolder {
    /// Makes a folder of its own among the temporary ones.
    pub fn new() -> anyhow::Result<Self> {
        let name = format!("peer-directory-demo-{}", uuid::Uuid::new_v4());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of the demonstration could not be removed");
        }
    }
}

/// Fills an empty directory with the town.
pub fn fill_with_demo(catalog: &Catalog) -> anyhow::Result<()> {
    catalog.put_vocabulary(&seed_vocabulary()?)?;
    let source = SourceDraft {
        name: Text::new(SOURCE)?,
        format: Text::new("native")?,
        url: None,
        licence: Some(Text::new("MIT OR Apache-2.0")?),
        attribution: Some(Text::new("Invented, for tests: none of it exists")?),
        may_republish: true,
    };
    let organizations = SeedOrganizations::read(ORGANIZATIONS).context("organizations")?;
    let places = GazetteerPlaces(Gazetteer::shared());
    let setting = Setting {
        source: SOURCE,
        time_zone: None,
        topics: Vec::new(),
        for_whom: Vec::new(),
        places: &places,
    };
    let found = Native { organizations }.read(PROGRAMS, &setting).context("programs")?;
    let report = catalog.import(&source, &found.records, |_done| {})?;
    let refused = found.rejects.iter().chain(&report.refused).next();
    if let Some(reject) = refused {
        anyhow::bail!(
            "the demonstration has a listing that is not valid: {}: {}",
            reject.field,
            reject.reason
        );
    }
    Ok(())
}
