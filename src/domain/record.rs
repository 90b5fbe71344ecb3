//! A program as a source tells it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::choosing::COST;
use super::criterion::{Assessment, Basis};
use super::identity::LocationId;
use super::location::LocationDraft;
use super::organization::OrganizationDraft;
use super::program::{CostKind, ProgramDraft};
use super::text::Text;

/// One program of an import, with who runs it and where it meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The source's own name for it: what makes the second import an update.
    pub key: String,
    /// The rows it was made of, from 1 as people count.
    pub rows: Vec<usize>,
    /// The source's name for who runs it.
    pub organization_key: String,
    /// Who runs it.
    pub organization: OrganizationDraft,
    /// What is said about it.
    pub program: ProgramDraft,
    /// The places its sessions are at.
    pub locations: Vec<(LocationId, LocationDraft)>,
    /// What is known of the criteria.
    pub assessments: Vec<Assessment>,
    /// Why it is kept without being listed, such as that it has ended; `None` for what is listed.
    pub unlisted: Option<Text<200>>,
    /// Whether rows of it could not be read, or may be among those: what is known of it already says more.
    pub incomplete: bool,
}

impl Record {
    /// What is known of the criteria: what the source found and, where it found nothing of the cost, the
    /// price of its listing, when that was read on a page, `on` the day that the rest was.
    pub fn findings(&self, on: Date) -> Vec<Assessment> {
        let mut all = self.assessments.clone();
        if !all.iter().any(|found| found.criterion.as_str() == COST) {
            all.extend(self.price(on));
        }
        all
    }

    /// The price that was read on a page; `None` for a fee without its amount.
    fn price(&self, on: Date) -> Option<Assessment> {
        let cost = self.program.cost.as_ref()?;
        let value = match cost.kind {
            CostKind::Free => "free",
            CostKind::Donation => "voluntary_donation",
            CostKind::Sliding => "sliding_scale",
            CostKind::Paid => {
                let tells = |note: &Text<300>| note.as_str().contains(|c: char| c.is_ascii_digit());
                cost.note.as_ref().filter(|note| tells(note))?;
                "fixed_fee_disclosed"
            }
        };
        let cites = self.program.citations.iter();
        let mut pages = cites.filter(|page| page.facts.iter().any(|fact| fact.as_str() == "cost"));
        let page = pages.find_map(|page| page.url.clone())?;
        Some(Assessment {
            criterion: COST.parse().ok()?,
            value: value.parse().ok()?,
            secondary: BTreeMap::new(),
            basis: Basis::PublicSource,
            source_url: Some(page),
            assessed_on: on,
            assessed_by: Text::new("import").ok()?,
            valid_until: None,
        })
    }
}

/// A row of an import that could not be used, with a reason for the person who keeps the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Which row, from 1 as people count; 0 for what is said of the header, which costs no row.
    pub row: usize,
    /// Which field.
    pub field: String,
    /// What is wrong with it and what was expected.
    pub reason: String,
}
