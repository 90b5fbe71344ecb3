//! What meets around a place.
//!
//! Two ways lead there: from the place to the points around it, or, when few programs pass the
//! filters, from each of them to its distance. Both give the same; the cheaper one is taken.

use roaring::RoaringBitmap;

use super::facets::FacetField;
use super::matching::{Candidate, ENOUGH_NEAR, Matcher, centimeters};
use super::query::Radius;

/// Up to so many candidates, each is measured instead of looking around the place.
const FEW: u64 = 400;

impl Matcher<'_> {
    pub(super) fn widen(&self, passing: Option<&RoaringBitmap>) -> (Radius, Vec<Candidate>) {
        let placed = passing.map(|passing| passing & &self.snapshot.placed);
        if placed.as_ref().is_some_and(|placed| placed.len() <= FEW) {
            // Measured once for the widest ring, then cut at the first that holds enough.
            let mut all = self.near(placed.as_ref(), Radius::WIDEST, None);
            for ring in Radius::WIDENING {
                let within = |c: &&Candidate| c.distance_cm <= ring.meters() * 100;
                if all.iter().filter(within).count() >= ENOUGH_NEAR {
                    all.retain(|candidate| within(&candidate));
                    return (ring, all);
                }
            }
            return (Radius::WIDEST, all);
        }
        // Ring by ring, each looked at once; what is around serves the facets too.
        let mut around: Vec<(u32, u32)> = Vec::new();
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut beyond_m = -1.0;
        let mut radius = Radius::WIDEST;
        for ring in Radius::WIDENING {
            let begin = around.len();
            self.look(beyond_m, ring, None, &mut around);
            let passes = |(program, _): &&(u32, u32)| {
                passing.is_none_or(|passing| passing.contains(*program))
            };
            found.extend(around[begin..].iter().filter(passes));
            beyond_m = f64::from(ring.meters());
            // A program with several places counts once.
            if found.len() >= ENOUGH_NEAR {
                nearest_of_each(&mut found);
                if found.len() >= ENOUGH_NEAR {
                    radius = ring;
                    break;
                }
            }
        }
        nearest_of_each(&mut found);
        nearest_of_each(&mut around);
        let _first =
            self.around.set((radius, around.into_iter().map(|(program, _)| program).collect()));
        (radius, found.into_iter().map(Candidate::near).collect())
    }

    /// Adds every suitable offer farther than `beyond_m` and within the ring: program and centimeters.
    fn look(
        &self,
        beyond_m: f64,
        ring: Radius,
        skip: Option<FacetField>,
        found: &mut Vec<(u32, u32)>,
    ) {
        let Some(origin) = &self.origin else { return };
        let radius_m = f64::from(ring.meters());
        self.snapshot.points.between(origin, beyond_m, radius_m, |offer, distance_m| {
            if self.in_bounds(offer) && self.suits(offer, skip) {
                let program = self.snapshot.offers.program[offer as usize];
                found.push((program, centimeters(distance_m)));
            }
        });
    }

    /// How many programs have a suitable session within `radius`.
    pub(super) fn count_near(&self, radius: Radius) -> usize {
        let placed = self.passing(None).map(|passing| passing & &self.snapshot.placed);
        self.near(placed.as_ref(), radius, None).len()
    }

    /// The programs of [`Self::near`]; the look around the place is shared by all facets.
    pub(super) fn programs_near(
        &self,
        passing: Option<&RoaringBitmap>,
        radius: Radius,
        skip: FacetField,
    ) -> Vec<u32> {
        let shared = matches!(skip, FacetField::Field(_) | FacetField::Accepting)
            && self.query.bounds.is_none()
            && passing.is_none_or(|passing| passing.len() > FEW);
        if !shared {
            let near = self.near(passing, radius, Some(skip));
            return near.iter().map(|candidate| candidate.program).collect();
        }
        let (known, around) = self.around.get_or_init(|| {
            let all = self.near(None, radius, None);
            (radius, all.iter().map(|candidate| candidate.program).collect())
        });
        debug_assert_eq!(*known, radius, "all facets of a search look equally far");
        let passes = |program: &u32| passing.is_none_or(|passing| passing.contains(*program));
        around.iter().copied().filter(passes).collect()
    }

    pub(super) fn near(
        &self,
        passing: Option<&RoaringBitmap>,
        radius: Radius,
        skip: Option<FacetField>,
    ) -> Vec<Candidate> {
        let Some(origin) = &self.origin else { return Vec::new() };
        let snapshot = self.snapshot;
        let mut found: Vec<(u32, u32)> = Vec::new();
        match passing {
            Some(passing) if passing.len() <= FEW => {
                let radius_m = f64::from(radius.meters());
                for program in passing {
                    for offer in snapshot.offers.of(program) {
                        if self.suits(offer, skip)
                            && self.in_bounds(offer)
                            && let Some(distance_m) =
                                snapshot.points.distance_within_m(origin, offer, radius_m)
                        {
                            found.push((program, centimeters(distance_m)));
                        }
                    }
                }
            }
            _ => {
                self.look(-1.0, radius, skip, &mut found);
                if let Some(passing) = passing {
                    found.retain(|(program, _)| passing.contains(*program));
                }
            }
        }
        nearest_of_each(&mut found);
        found.into_iter().map(Candidate::near).collect()
    }
}

/// Keeps the least distance of each program, in the order of their numbers.
fn nearest_of_each(found: &mut Vec<(u32, u32)>) {
    found.sort_unstable();
    found.dedup_by_key(|(program, _)| *program);
}
