//! What meets around a place.

use super::bits::{self, BlockSet, programs_of};
use super::blocks::{Distant, Ring};
use super::facets::FacetField;
use super::filters::Filter;
use super::matching::{Matcher, centimeters};
use super::query::Radius;

impl Matcher<'_> {
    /// Adds every program that passes and has its nearest suitable offer farther than `beyond` and
    /// within `radius`: program and centimeters.
    pub(super) fn look(
        &self,
        filter: &Filter<'_>,
        beyond: Option<Radius>,
        radius: Radius,
        found: &mut Vec<(u32, u32)>,
    ) {
        let Some(origin) = &self.origin else { return };
        let radius_m = f64::from(radius.meters());
        let beyond_m = beyond.map_or(-1.0, |beyond| f64::from(beyond.meters()));
        let ring = Ring::new(origin, beyond_m, radius_m);
        let offers = &self.segment.offers;
        let mut passing = filter.walk();
        self.each_block_around(radius, |distant| {
            if !distant.touches(&ring) {
                return;
            }
            let word =
                passing.word(distant.block) & self.segment.placed.word(distant.block as usize);
            for program in programs_of(distant.block as usize, word) {
                let nearest = offers
                    .of(program)
                    .filter(|offer| self.suits(*offer, None))
                    .filter_map(|offer| offers.distance_within_m(origin, offer, radius_m))
                    .min_by(f64::total_cmp);
                if let Some(distance_m) = nearest.filter(|distance_m| *distance_m > beyond_m) {
                    found.push((program, centimeters(distance_m)));
                }
            }
        });
    }

    /// The programs that pass and have a suitable offer within `radius`.
    pub(super) fn near_blocks(
        &self,
        filter: &Filter<'_>,
        radius: Radius,
        skip: Option<FacetField>,
    ) -> BlockSet {
        let mut near = BlockSet::new();
        let by_session = !matches!(skip, None | Some(FacetField::Field(_) | FacetField::Accepting));
        let found;
        let around = if by_session {
            found = self.blocks_around(radius, skip);
            &found
        } else {
            let make = || (radius, self.blocks_around(radius, None));
            let (known, around) = self.around.get_or_init(make);
            debug_assert_eq!(*known, radius, "all facets of a search look equally far");
            around
        };
        let mut passing = filter.walk();
        for (block, word) in around {
            let word = word & passing.word(*block);
            if word != 0 {
                near.push((*block, word));
            }
        }
        near
    }

    /// The programs that have a suitable offer within `radius`.
    fn blocks_around(&self, radius: Radius, skip: Option<FacetField>) -> BlockSet {
        let mut around = BlockSet::new();
        let Some(origin) = &self.origin else { return around };
        let radius_m = f64::from(radius.meters());
        let ring = Ring::new(origin, -1.0, radius_m);
        let offers = &self.segment.offers;
        let any_will_do = !self.picks_sessions() && self.query.bounds.is_none();
        self.each_block_around(radius, |distant| {
            if !distant.touches(&ring) {
                return;
            }
            let mut word = self.segment.placed.word(distant.block as usize);
            if !(any_will_do && distant.is_inside(&ring)) {
                let is_near = |program: &u32| {
                    offers.of(*program).any(|offer| {
                        self.suits(offer, skip)
                            && offers.is_in_reach(origin, &ring, offer, radius_m)
                    })
                };
                word = programs_of(distant.block as usize, word)
                    .filter(is_near)
                    .fold(0, |word, program| word | bits::block_of(program).1);
            }
            if word != 0 {
                around.push((distant.block, word));
            }
        });
        around
    }

    /// Calls `each` with every block that has something within `radius`, perhaps, and some that have not.
    fn each_block_around(&self, radius: Radius, each: impl FnMut(&Distant)) {
        let Some(origin) = &self.origin else { return };
        let within = |radius: Radius| {
            let ring = Ring::new(origin, -1.0, f64::from(radius.meters()));
            self.segment.blocks.around(&ring)
        };
        let widest = self.widest();
        if radius > widest {
            within(radius).iter().for_each(each);
        } else {
            self.distant.get_or_init(|| within(widest)).iter().for_each(each);
        }
    }

    /// The farthest that a search looks by itself.
    fn widest(&self) -> Radius {
        let asked = self.query.near.as_ref().and_then(|near| near.radius);
        asked.unwrap_or(Radius::WIDEST)
    }
}
