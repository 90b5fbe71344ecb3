//! What meets around a place.

use super::bits::{self, BlockSet, programs_of};
use super::blocks::{Distant, Ring};
use super::facets::FacetField;
use super::filters::Filter;
use super::matched::Matched;
use super::matching::{Matcher, centimeters};
use super::query::Radius;

impl Matcher<'_> {
    /// The blocks that have something within `radius`, perhaps, each with its programs that pass and have a
    /// place.
    pub(super) fn passing_around(
        &self,
        filter: &Filter<'_>,
        radius: Radius,
    ) -> Vec<(Distant, u64)> {
        let mut around = Vec::new();
        let mut passing = filter.walk();
        self.each_block_around(radius, |distant| {
            let placed = self.segment.placed.word(distant.block as usize);
            let word = passing.word(distant.block) & placed;
            if word != 0 {
                around.push((*distant, word));
            }
        });
        around
    }

    /// Adds every program around the place that has its nearest suitable offer farther than `beyond` and
    /// within `radius`: program and centimeters.
    pub(super) fn look(
        &self,
        around: &[(Distant, u64)],
        beyond: Option<Radius>,
        radius: Radius,
        found: &mut Vec<(u32, u32)>,
    ) {
        let Some(origin) = &self.origin else { return };
        let radius_m = f64::from(radius.meters());
        let beyond_m = beyond.map_or(-1.0, |beyond| f64::from(beyond.meters()));
        let ring = Ring::new(origin, beyond_m, radius_m);
        let offers = &self.segment.offers;
        for (distant, word) in around.iter().filter(|(distant, _)| distant.touches(&ring)) {
            for program in programs_of(distant.block as usize, *word) {
                let nearest = offers
                    .of(program)
                    .filter(|offer| self.suits(*offer, None))
                    .filter_map(|offer| offers.distance_within_m(origin, offer, radius_m))
                    .min_by(f64::total_cmp);
                if let Some(distance_m) = nearest.filter(|distance_m| *distance_m > beyond_m) {
                    found.push((program, centimeters(distance_m)));
                }
            }
        }
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

    /// The programs of the blocks that this search may find something in by itself: those that are near
    /// or reach the place, those in the box, or all.
    pub(super) fn within_reach(&self) -> BlockSet {
        let placed = |block: u32| (block, self.segment.placed.word(block as usize));
        if let Some(bounds) = self.query.bounds {
            return self.segment.blocks.touched_by_box(bounds).map(placed).collect();
        }
        if self.origin.is_none() {
            let blocks = 0..u32::try_from(self.segment.blocks.len()).unwrap_or(u32::MAX);
            return blocks.map(|block| (block, u64::MAX)).collect();
        }
        let mut within = self.placed_within(self.widest());
        let reaching = self.reaching.iter().map(|it| (it.block, it.serving | it.open));
        within.extend(reaching);
        bits::join(&mut within);
        within
    }

    /// The programs with a place of the blocks that have something within `radius`, perhaps.
    pub(super) fn placed_within(&self, radius: Radius) -> BlockSet {
        let mut within = BlockSet::new();
        self.each_block_around(radius, |distant| {
            within.push((distant.block, self.segment.placed.word(distant.block as usize)));
        });
        within
    }

    /// How many programs pass, have a suitable offer within `radius`, and are none of those that match
    /// without a place near the person.
    pub(super) fn count_near(&self, radius: Radius, matched: &Matched) -> usize {
        let mut placed = Vec::new();
        // Words were looked for as far as the search looks by itself.
        let farther = self.wording.filter(|_| radius > self.widest());
        let words =
            farther.map(|words| self.segment.words.find(words, &self.placed_within(radius)));
        let filter = self.passing_with(None, words.as_ref().or(self.words.as_ref()));
        self.look(&self.passing_around(&filter, radius), None, radius, &mut placed);
        placed.iter().filter(|(program, _)| !matched.is_apart(*program)).count()
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
