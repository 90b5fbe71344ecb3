//! What matches in a box of the map, put together where it would lie too close to tell apart.
//!
//! The map is Web Mercator, as its tiles are: a square that is cut in half both ways at each zoom. Cells
//! are squares of 64 of the 256 pixels of a tile, aligned to the world: a map that moves keeps its
//! clusters. What lies beyond 85.05 degrees north or south, where the square ends, is in its outermost
//! cells.

use std::cmp::Ordering;
use std::f64::consts::PI;
use std::io::Write as _;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::bits::programs_of;
use super::known::Caution;
use super::matching::Candidate;
use super::pieces::SESSIONS;
use super::query::{Query, Radius};
use super::rank::{Found, Search};
use super::render::{Telling, message};
use super::segment::Segment;
use super::snapshot::Snapshot;
use crate::domain::location::PublicLocation;
use crate::domain::{ProgramId, Slug, VerificationStatus};

/// More clusters than this are not told: cells grow until there are no more.
const MOST: usize = 2_000;
/// From this zoom on the programs of a cluster that is one point are told.
const DEEP: Zoom = Zoom(15);
/// So many of them.
const TOLD: usize = 10;
/// A tile is so many halvings larger than a cell.
const CELLS_IN_TILE: u8 = 2;
/// A hundred-thousandth of a degree, about a meter: as exactly as points are told.
const PARTS: f64 = 1e5;

/// How far a map is zoomed in: the world is 2 to this power tiles wide, at most 22.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zoom(u8);

/// A zoom that maps do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 0 to 22")]
pub struct InvalidZoom;

impl Zoom {
    /// The closest look.
    pub const MAX: Self = Self(22);

    /// The number of the zoom.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl FromStr for Zoom {
    type Err = InvalidZoom;

    fn from_str(text: &str) -> Result<Self, InvalidZoom> {
        let zoom = text.parse().map(Self).map_err(|_not_a_number| InvalidZoom)?;
        if zoom <= Self::MAX { Ok(zoom) } else { Err(InvalidZoom) }
    }
}

/// Programs whose places are in one cell of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The mean of its places' latitudes, in degrees.
    pub latitude: f64,
    /// The mean of its places' longitudes, in degrees.
    pub longitude: f64,
    /// The box around its places: west, south, east and north in degrees.
    pub bounds: [f64; 4],
    /// How many programs there are.
    pub count: usize,
    /// How many of them are told at the door, in a cell of 0.05 degrees, and somewhere in a named area.
    pub by_precision: [usize; 3],
    /// Those that are told: the number of the program, and which of its sessions is there.
    pub told: Vec<(u32, usize)>,
}

/// A map of what matches.
#[derive(Debug)]
pub struct Clusters {
    /// The clusters, neighbors beside each other.
    pub clusters: Vec<Cluster>,
    /// The zoom that the cells are of: what was asked, or less when there would be too many.
    pub zoom: Zoom,
    /// How many programs match in all: the sum of the counts.
    pub total: usize,
    /// How far from the person it was looked, when a radius was asked for.
    pub radius: Option<Radius>,
}

/// A program at its first matching place.
#[derive(Debug, Clone, Copy)]
struct Point {
    /// The cell, as the way to it by halves: two bits for each zoom.
    cell: u64,
    part: u32,
    program: u32,
    offer: u32,
    /// Latitude and longitude.
    degrees: [f64; 2],
}

impl Snapshot {
    /// What matches a query in its box, which it must have, as a map at a zoom. Each program counts once,
    /// at the first of its sessions that match.
    pub fn clusters(&self, query: &Query, zoom: Zoom) -> Clusters {
        let asked = self.asked(query);
        let search = Search::new(self, query, &asked);
        let found = search.run();
        let mut points = search.points(&found, zoom);
        points.sort_unstable_by_key(|point| (point.cell, point.part, point.program));
        let mut told = zoom;
        while told.0 > 0 && cells(&points, zoom, told).count() > MOST {
            told.0 -= 1;
        }
        let clusters = cells(&points, zoom, told).map(|of_cell| search.cluster(of_cell, told));
        Clusters {
            clusters: clusters.collect(),
            zoom: told,
            total: points.len(),
            radius: found.radius,
        }
    }

    /// Writes a cluster.
    /// With each program goes what `ask` says to ask it.
    pub fn write_cluster<A: Serialize>(
        &self,
        out: &mut Vec<u8>,
        cluster: &Cluster,
        telling: &Telling<'_>,
        ask: impl Fn(u32) -> Vec<A>,
    ) {
        let [west, south, east, north] = cluster.bounds;
        let [exact, approximate, area] = cluster.by_precision;
        let Cluster { latitude, longitude, count, .. } = cluster;
        // Writing into memory cannot fail.
        let _written = write!(
            out,
            r#"{{"latitude":{latitude},"longitude":{longitude},"count":{count},"bounds":[{west},{south},{east},{north}],"places":{{"exact":{exact},"approximate":{approximate},"area":{area}}}"#,
        );
        let told = cluster.told.iter().filter_map(|(program, session)| {
            let warnings = self.cautions(*program, telling);
            let (segment, number) = self.segment_of(*program);
            let (short, location) = segment.placed(number, *session)?;
            let status = segment.stands[number as usize].verification(telling.now);
            let verification = Verified { status, message: message(status, telling.lang) };
            Some((Told { short, verification, warnings, ask: ask(*program) }, location))
        });
        let told: Vec<(Told<A>, PublicLocation)> = told.collect();
        if let ([(program, location)], 1) = (&told[..], *count) {
            #[derive(Serialize)]
            struct One<'a, A> {
                program: &'a Told<A>,
                location: &'a PublicLocation,
            }
            out.push(b',');
            continue_object(out, &One { program, location });
        } else if told.is_empty() {
            out.push(b'}');
        } else {
            #[derive(Serialize)]
            struct Placed<'a, A> {
                #[serde(flatten)]
                program: &'a Told<A>,
                location: &'a PublicLocation,
            }
            out.extend_from_slice(br#","programs":"#);
            let told = told.iter().map(|(program, location)| Placed { program, location });
            let _written = serde_json::to_writer(&mut *out, &told.collect::<Vec<_>>());
            out.push(b'}');
        }
    }
}

/// Writes the fields of a value into an object that has been begun, and ends it.
fn continue_object(out: &mut Vec<u8>, value: &impl Serialize) {
    let at = out.len();
    let _written = serde_json::to_writer(&mut *out, value);
    if out.len() > at {
        out.remove(at);
    }
}

impl Search<'_> {
    /// What matches, each at the first of its matching places.
    fn points(&self, found: &Found, zoom: Zoom) -> Vec<Point> {
        let mut points = Vec::with_capacity(found.total());
        for (part, (matcher, matched)) in (0..).zip(self.matchers.iter().zip(&found.matched)) {
            let unplaced = matched.unplaced().flat_map(|(relation, block, word)| {
                let far = move |program| Candidate { program, relation, distance_cm: u32::MAX };
                programs_of(block as usize, word).map(far)
            });
            for candidate in matched.placed().chain(unplaced) {
                let offers = &matcher.segment.offers;
                let mut there = matcher.taking_part(candidate, found.radius);
                let first = there.find_map(|(offer, _)| Some((offer, offers.degrees(offer)?)));
                if let Some((offer, degrees)) = first {
                    let cell = cell(zoom, degrees);
                    points.push(Point { cell, part, program: candidate.program, offer, degrees });
                }
            }
        }
        points
    }

    fn cluster(&self, points: &[Point], zoom: Zoom) -> Cluster {
        let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let (mut north, mut east) = (0.0, 0.0);
        let mut by_precision = [0; 3];
        for Point { part, offer, degrees: [latitude, longitude], .. } in points {
            bounds[0] = bounds[0].min(*longitude);
            bounds[1] = bounds[1].min(*latitude);
            bounds[2] = bounds[2].max(*longitude);
            bounds[3] = bounds[3].max(*latitude);
            north += latitude;
            east += longitude;
            let offers = &self.matchers[*part as usize].segment.offers;
            if let Some(count) = by_precision.get_mut(offers.precision(*offer) as usize) {
                *count += 1;
            }
        }
        let [west, south, east_most, north_most] = bounds;
        let is_one_point = west >= east_most && south >= north_most;
        let told = if points.len() == 1 || (is_one_point && zoom >= DEEP) {
            self.first_by_name(points)
        } else {
            Vec::new()
        };
        #[expect(clippy::cast_precision_loss, reason = "programs are numbered in 32 bits")]
        let count = points.len() as f64;
        // Rounded outward, so that the box has all of them.
        let outward = [f64::floor, f64::floor, f64::ceil, f64::ceil];
        let mut edges = bounds.iter().zip(outward).map(|(at, round)| round(at * PARTS) / PARTS);
        Cluster {
            latitude: (north / count * PARTS).round() / PARTS,
            longitude: (east / count * PARTS).round() / PARTS,
            bounds: std::array::from_fn(|_| edges.next().unwrap_or_default()),
            count: points.len(),
            by_precision,
            told,
        }
    }

    /// The first programs by name and identity, and the session of each.
    fn first_by_name(&self, points: &[Point]) -> Vec<(u32, usize)> {
        let last_word =
            |point: &&Point| self.matchers[point.part as usize].segment.last_word(point.program);
        let by_name = |a: &&Point, b: &&Point| -> Ordering { last_word(a).cmp(&last_word(b)) };
        let mut points: Vec<&Point> = points.iter().collect();
        points.sort_unstable_by(by_name);
        let told = points.into_iter().take(TOLD).filter_map(|point| {
            let part = &self.snapshot.parts[point.part as usize];
            let session = part.segment.offers.session(point.offer)?;
            Some((part.first + point.program, usize::from(session)))
        });
        told.collect()
    }
}

/// The points of each cell at `told`; they are in the order of their cells at `zoom`.
fn cells(points: &[Point], zoom: Zoom, told: Zoom) -> impl Iterator<Item = &[Point]> {
    let halvings = 2 * (zoom.0 - told.0);
    points.chunk_by(move |a, b| a.cell >> halvings == b.cell >> halvings)
}

/// The cell of a point: the bits of its row and its column in turn, so that the cell around it at the zoom
/// before is the same without the last two.
fn cell(zoom: Zoom, [latitude, longitude]: [f64; 2]) -> u64 {
    let across = 1_u64 << (zoom.0 + CELLS_IN_TILE);
    let column = (longitude + 180.0) / 360.0;
    let row = 0.5 - latitude.to_radians().tan().asinh() / (2.0 * PI);
    let [row, column] = [row, column].map(|part| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "beyond the square is its outermost cell; cells are counted in 24 bits"
        )]
        let number = (part * across as f64) as u64;
        spread(number.min(across - 1))
    });
    row << 1 | column
}

/// Puts a zero before each of 24 bits.
const fn spread(bits: u64) -> u64 {
    let bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff;
    let bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff;
    let bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let bits = (bits | bits << 2) & 0x3333_3333_3333_3333;
    (bits | bits << 1) & 0x5555_5555_5555_5555
}

/// A program as a map tells of it.
#[derive(Serialize)]
struct Told<A> {
    #[serde(flatten)]
    short: Short,
    verification: Verified,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Caution>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ask: Vec<A>,
}

/// Whether somebody has made sure that a program is true.
#[derive(Serialize)]
struct Verified {
    status: VerificationStatus,
    message: &'static str,
}

/// A program in short.
#[derive(Serialize, Deserialize)]
pub(super) struct Short {
    id: ProgramId,
    slug: Slug,
    name: Box<str>,
}

impl Segment {
    /// A program in short, and where one of its sessions is as the public sees it.
    pub(super) fn placed(&self, program: u32, session: usize) -> Option<(Short, PublicLocation)> {
        #[derive(Deserialize)]
        struct Placed {
            location: PublicLocation,
        }
        // What was written when the segment was made can be read again.
        let short = serde_json::from_slice(&self.own(program)).ok()?;
        let placed: Placed =
            serde_json::from_slice(&self.piece(program, SESSIONS + session)).ok()?;
        Some((short, placed.location))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_quarter_of_the_one_around_it() {
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..10_000 {
            let place = [random.f64() * 180.0 - 90.0, random.f64() * 360.0 - 180.0];
            for zoom in 1..=22 {
                assert_eq!(cell(Zoom(zoom), place) >> 2, cell(Zoom(zoom - 1), place), "{place:?}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_world_are_in_its_outermost_cells() {
        let last = (1 << 24) - 1;
        assert_eq!(cell(Zoom::MAX, [90.0, -180.0]), 0);
        assert_eq!(cell(Zoom::MAX, [85.06, -180.0]), 0);
        assert_eq!(cell(Zoom::MAX, [-90.0, 180.0]), spread(last) << 1 | spread(last));
        assert_eq!(cell(Zoom::MAX, [-85.06, 179.999_999]), spread(last) << 1 | spread(last));
        assert_eq!(cell(Zoom(0), [0.1, 0.1]), spread(1) << 1 | spread(2));
    }

    #[test]
    fn a_zoom_is_a_whole_number() {
        assert_eq!("22".parse::<Zoom>(), Ok(Zoom::MAX));
        for bad in ["23", "-1", "4.5", "", "256", "x"] {
            assert_eq!(bad.parse::<Zoom>(), Err(InvalidZoom), "{bad}");
        }
    }
}
