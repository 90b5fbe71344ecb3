//! Which programs pass what is asked of them, and which offers what is asked of sessions.

use std::borrow::Cow;

use roaring::RoaringBitmap;

use super::columns::Field;
use super::facets::FacetField;
use super::matching::Matcher;
use crate::domain::{AcceptingStatus, OrganizationId};

/// Up to this age only programs that state they take it are listed.
const YOUNGEST_ADULT: u8 = 18;

impl Matcher<'_> {
    /// The programs that pass every filter on programs, but for the filter on `skip`.
    ///
    /// `None` stands for all of them.
    pub(super) fn passing(&self, skip: Option<FacetField>) -> Option<RoaringBitmap> {
        let mut wanted: Vec<Cow<'_, RoaringBitmap>> = Vec::new();
        let mut unwanted: Vec<&RoaringBitmap> = Vec::new();
        if let Some(found) = &self.word_programs {
            wanted.push(Cow::Borrowed(found));
        }
        for choice in &self.query.choices {
            let column = self.snapshot.columns.field(choice.field);
            let programs = |name: &String| {
                column.number(name).map(|number| &column.programs[usize::from(number)])
            };
            let skipped = skip == Some(FacetField::Field(choice.field));
            if !skipped && !choice.any.is_empty() {
                let mut any = choice.any.iter().filter_map(programs);
                wanted.push(match (any.next(), any.next()) {
                    (None, _) => Cow::Owned(RoaringBitmap::new()),
                    (Some(one), None) => Cow::Borrowed(one),
                    (Some(one), Some(other)) => {
                        let mut union = one | other;
                        any.for_each(|more| union |= more);
                        Cow::Owned(union)
                    }
                });
            }
            for name in &choice.all {
                wanted.push(programs(name).map_or_else(Default::default, Cow::Borrowed));
            }
            unwanted.extend(choice.none.iter().filter_map(programs));
        }
        if !self.query.organizations.is_empty() {
            let numbers =
                self.query.organizations.iter().filter_map(|id| self.run_by(id)).flatten();
            wanted.push(Cow::Owned(numbers.copied().collect()));
        }
        wanted.sort_by_key(|programs| programs.len());
        let mut wanted = wanted.into_iter();
        let mut passing = match (wanted.next(), wanted.next()) {
            (None, _) => None,
            (Some(only), None) => Some(only.into_owned()),
            (Some(one), Some(other)) => Some(one.as_ref() & other.as_ref()),
        };
        if let Some(passing) = &mut passing {
            wanted.for_each(|more| *passing &= more.as_ref());
        }
        let look = self.query.age.is_some()
            || !(self.query.accepting.is_empty() || skip == Some(FacetField::Accepting));
        if unwanted.is_empty() && !look {
            return passing;
        }
        let count = u32::try_from(self.snapshot.len()).unwrap_or(u32::MAX);
        let mut passing = passing.unwrap_or_else(|| (0..count).collect());
        for programs in unwanted {
            passing -= programs;
        }
        if look {
            passing = passing.iter().filter(|program| self.takes(*program, skip)).collect();
        }
        Some(passing)
    }

    fn run_by(&self, id_or_slug: &str) -> Option<&Vec<u32>> {
        let organizations = &self.snapshot.surroundings.organizations;
        let id = match id_or_slug.parse::<OrganizationId>() {
            Ok(id) => id,
            Err(_not_an_id) => organizations.iter().find(|o| o.slug.to_string() == id_or_slug)?.id,
        };
        self.snapshot.organization_programs.get(&id.as_u128())
    }

    /// Whether a program takes people of the person's age, and has room as asked.
    fn takes(&self, program: u32, skip: Option<FacetField>) -> bool {
        let stand = &self.snapshot.stands[program as usize];
        let age_fits = self.query.age.is_none_or(|age| match stand.ages {
            Some(ages) => ages.take(age),
            None => age >= YOUNGEST_ADULT,
        });
        let room_fits = self.query.accepting.is_empty()
            || skip == Some(FacetField::Accepting)
            || self.query.accepting.contains(&self.room(program));
        age_fits && room_fits
    }

    pub(super) fn room(&self, program: u32) -> AcceptingStatus {
        self.snapshot.stands[program as usize].accepting(self.today)
    }

    /// Whether an offer can be attended and reached as asked, but for the filter on `skip`.
    pub(super) fn suits(&self, offer: u32, skip: Option<FacetField>) -> bool {
        let offers = &self.snapshot.offers;
        let attended = self.attendance == 0
            || skip == Some(FacetField::Attendance)
            || self.attendance & offers.attendance(offer) != 0;
        let reached = self.channels == 0
            || skip == Some(FacetField::Channel)
            || self.channels & offers.channels(offer) != 0;
        attended && reached
    }

    /// Whether an offer is in the box, if there is one.
    pub(super) fn in_bounds(&self, offer: u32) -> bool {
        self.boxed.as_ref().is_none_or(|boxed| boxed.contains(offer))
    }

    /// Whether sessions are asked for anything but their place.
    pub(super) fn picks_sessions(&self) -> bool {
        self.attendance != 0 || self.channels != 0
    }

    /// The fields that are filtered by.
    pub(super) fn filters_by(&self, field: Field) -> bool {
        self.query.choices.iter().any(|choice| choice.field == field && !choice.any.is_empty())
    }
}
