//! Where the programs of each block are.
//!
//! Bounds are kept in earth-centered coordinates, which are right at the antimeridian and the poles,
//! where every index of degrees is wrong. Programs are numbered along a space-filling curve, so a
//! block of 64 covers little ground: a look around a place passes over the groups and blocks that
//! are too far, takes whole blocks that are near, and measures only at the edge.

use super::bits::BLOCK;
use super::offers::{Offers, chord_2};
use super::query::BoundingBox;
use crate::domain::{Origin, Position};

/// How many blocks are in a group.
const GROUP: usize = 64;

/// A box in earth-centered coordinates, and in degrees.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: [f64; 3],
    high: [f64; 3],
    /// Latitude and longitude.
    low_degrees: [f64; 2],
    high_degrees: [f64; 2],
}

impl Bounds {
    const EMPTY: Self = Self {
        low: [f64::MAX; 3],
        high: [f64::MIN; 3],
        low_degrees: [f64::MAX; 2],
        high_degrees: [f64::MIN; 2],
    };

    fn of(point: [f64; 3], degrees: [f64; 2]) -> Self {
        Self { low: point, high: point, low_degrees: degrees, high_degrees: degrees }
    }

    fn join(mut self, other: Self) -> Self {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
        for axis in 0..2 {
            self.low_degrees[axis] = self.low_degrees[axis].min(other.low_degrees[axis]);
            self.high_degrees[axis] = self.high_degrees[axis].max(other.high_degrees[axis]);
        }
        self
    }

    /// The square of the distance from a point to the nearest point of the box.
    fn distance_2(&self, point: [f64; 3]) -> f64 {
        let off = |axis: usize| {
            (self.low[axis] - point[axis]).max(point[axis] - self.high[axis]).max(0.0)
        };
        off(0).powi(2) + off(1).powi(2) + off(2).powi(2)
    }

    /// The square of the distance from a point to the farthest corner of the box.
    fn farthest_2(&self, point: [f64; 3]) -> f64 {
        let off = |axis: usize| {
            (point[axis] - self.low[axis]).abs().max((self.high[axis] - point[axis]).abs())
        };
        off(0).powi(2) + off(1).powi(2) + off(2).powi(2)
    }
}

/// A ring around a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    from: [f64; 3],
    inner_2: f64,
    outer_2: f64,
    /// Whatever has no longer chord is within the outer circle.
    surely_2: f64,
}

impl Ring {
    /// What is farther than `beyond_m` and within `radius_m`; a negative `beyond_m` leaves nothing out.
    pub(super) fn new(origin: &Origin, beyond_m: f64, radius_m: f64) -> Self {
        let outer = Origin::chord_bound_m(radius_m);
        // A chord is at most a thousandth shorter than its arc up to 500 km.
        let inner = (beyond_m * 0.999 - 4.0).max(0.0);
        let surely = (radius_m * 0.999 - 4.0).max(0.0);
        Self {
            from: origin.ecef(),
            inner_2: inner * inner,
            outer_2: outer * outer,
            surely_2: surely * surely,
        }
    }

    /// Whether a point is within the outer circle; `None` when the chord does not tell.
    pub(super) fn has(&self, point: [f64; 3]) -> Option<bool> {
        let chord_2 = chord_2(point, self.from);
        if chord_2 <= self.surely_2 {
            Some(true)
        } else if chord_2 > self.outer_2 {
            Some(false)
        } else {
            None
        }
    }
}

/// How far the points of a block are: the squares of chords, in square meters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distant {
    pub(super) block: u32,
    /// None is nearer.
    nearest_2: f64,
    /// None is farther.
    farthest_2: f64,
}

impl Distant {
    /// Whether the block has something in a ring, perhaps.
    pub(super) fn touches(&self, ring: &Ring) -> bool {
        self.nearest_2 <= ring.outer_2 && self.farthest_2 >= ring.inner_2
    }

    /// Whether every point of the block is within a ring's outer circle.
    pub(super) fn is_inside(&self, ring: &Ring) -> bool {
        self.farthest_2 <= ring.surely_2
    }
}

/// Where the blocks of a segment are.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Bounds>,
    groups: Vec<Bounds>,
}

impl Blocks {
    pub(super) fn new(offers: &Offers, programs: usize) -> Self {
        let mut blocks = vec![Bounds::EMPTY; programs.div_ceil(BLOCK)];
        for program in 0..u32::try_from(programs).unwrap_or(u32::MAX) {
            for offer in offers.of(program) {
                if let (Some(point), Some(degrees)) = (offers.point(offer), offers.degrees(offer)) {
                    let block = &mut blocks[program as usize / BLOCK];
                    *block = block.join(Bounds::of(point, degrees));
                }
            }
        }
        let join = |blocks: &[Bounds]| blocks.iter().copied().fold(Bounds::EMPTY, Bounds::join);
        let groups = blocks.chunks(GROUP).map(join).collect();
        Self { blocks, groups }
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The blocks that have something in the ring's outer circle, perhaps.
    pub(super) fn around(&self, ring: &Ring) -> Vec<Distant> {
        let mut around = Vec::new();
        for (bounds, blocks) in self.groups.iter().zip((0..).zip(self.blocks.chunks(GROUP))) {
            if bounds.distance_2(ring.from) > ring.outer_2 {
                continue;
            }
            let (group, blocks) = blocks;
            for (at, bounds) in (group * GROUP..).zip(blocks) {
                let nearest_2 = bounds.distance_2(ring.from);
                if nearest_2 <= ring.outer_2 {
                    let farthest_2 = bounds.farthest_2(ring.from);
                    let block = u32::try_from(at).unwrap_or(u32::MAX);
                    around.push(Distant { block, nearest_2, farthest_2 });
                }
            }
        }
        around
    }

    /// The blocks that have something in the box of degrees, perhaps.
    pub(super) fn touched_by_box(&self, bounds: BoundingBox) -> impl Iterator<Item = u32> {
        let blocks = (0..).zip(&self.blocks);
        let touched = move |block: &Bounds| bounds.meets(block.low_degrees, block.high_degrees);
        blocks.filter(move |(_, block)| touched(block)).map(|(at, _)| at)
    }
}

/// The place of a point on a curve that fills space (Morton's): near in space is often near on it.
pub(super) fn along_the_curve(position: Position) -> u64 {
    let mut code = 0;
    for (axis, meters) in position.to_ecef().into_iter().enumerate() {
        // 21 bits an axis, about 7 m each.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped first"
        )]
        let cell = ((meters + 7_000_000.0) / 7.0).clamp(0.0, 2_097_151.0) as u64;
        let mut bits = cell;
        bits = (bits | bits << 32) & 0x001f_0000_0000_ffff;
        bits = (bits | bits << 16) & 0x001f_0000_ff00_00ff;
        bits = (bits | bits << 8) & 0x100f_00f0_0f00_f00f;
        bits = (bits | bits << 4) & 0x10c3_0c30_c30c_30c3;
        bits = (bits | bits << 2) & 0x1249_2492_4924_9249;
        code |= bits << axis;
    }
    code
}
