//! The ways to take part in programs, and where.

use super::bits::Bits;
use super::blocks::Ring;
use super::query::BoundingBox;
use crate::domain::{Attendance, Channel, Origin, Position, Precision};

/// The ways to take part in programs: one for each session, two for a hybrid one, and one for what
/// has chapters elsewhere or no known session.
#[derive(Debug, Default)]
pub(super) struct Offers {
    /// The session's place in its program; `NO_SESSION` for none.
    session: Vec<u16>,
    /// The bits of attendance, `CHAPTER`, and how exact the public point is.
    attendance: Vec<u8>,
    channels: Vec<u8>,
    /// The public point in earth-centered coordinates, in 1/256 m; `NOWHERE` for none.
    points: Vec<[i32; 3]>,
    /// The public point in degrees: latitude and longitude; within about a meter.
    degrees: Vec<[f32; 2]>,
    /// Where each program's offers begin; one more than there are programs.
    starts: Vec<u32>,
}

const NO_SESSION: u16 = u16::MAX;
const NOWHERE: [i32; 3] = [i32::MIN; 3];
const WAYS: u8 = 0b0111;
const CHAPTER: u8 = 0b1000;
/// How far the bits of the precision are from the lowest.
const PRECISION: u8 = 4;
/// The earth's radius is 1.6e9 of these parts of a meter: they fit in 32 bits.
const PARTS: f64 = 256.0;

/// How an offer is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// As its session says.
    Itself,
    /// From afar, beside a place where the same session can be attended.
    FromAfar,
    /// Through a chapter that is not listed here.
    Chapter,
}

/// The bits of attendance that an offer satisfies: hybrid ones satisfy all three where they meet.
const fn satisfies(attendance: Option<Attendance>) -> u8 {
    match attendance {
        None => 0,
        Some(Attendance::InPerson) => 0b001,
        Some(Attendance::Online) => 0b010,
        Some(Attendance::Hybrid) => 0b111,
    }
}

/// The bit that asks for an attendance.
pub(super) const fn attendance_bit(attendance: Attendance) -> u8 {
    match attendance {
        Attendance::InPerson => 0b001,
        Attendance::Online => 0b010,
        Attendance::Hybrid => 0b100,
    }
}

/// The bit of a channel.
pub(super) const fn channel_bit(channel: Channel) -> u8 {
    1 << channel as u8
}

/// A way to take part, as it is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer<'a> {
    /// The session's place in its program.
    pub(super) session: Option<u16>,
    pub(super) attendance: Option<Attendance>,
    pub(super) channels: &'a [Channel],
    pub(super) reached: Reached,
    /// Its public point.
    pub(super) place: Option<Position>,
    /// How exact that is.
    pub(super) precision: Precision,
}

impl Offers {
    /// Adds an offer to the program that is being made.
    pub(super) fn push(&mut self, offer: Offer<'_>) {
        let mut ways = satisfies(offer.attendance);
        let mut bits = offer.channels.iter().fold(0, |bits, channel| bits | channel_bit(*channel));
        if matches!(offer.attendance, Some(Attendance::InPerson | Attendance::Hybrid)) {
            bits |= channel_bit(Channel::InPerson);
        }
        match offer.reached {
            Reached::Itself => {}
            // Who is far from the place of a hybrid session cannot come to it.
            Reached::FromAfar => {
                ways &= !attendance_bit(Attendance::InPerson);
                bits &= !channel_bit(Channel::InPerson);
            }
            Reached::Chapter => ways |= CHAPTER,
        }
        ways |= (offer.precision as u8) << PRECISION;
        self.session.push(offer.session.unwrap_or(NO_SESSION));
        self.attendance.push(ways);
        self.channels.push(bits);
        self.points.push(offer.place.map_or(NOWHERE, |place| {
            #[expect(clippy::cast_possible_truncation, reason = "see `PARTS`")]
            place.to_ecef().map(|meters| (meters * PARTS).round() as i32)
        }));
        #[expect(clippy::cast_possible_truncation, reason = "a meter will do: see the field")]
        self.degrees.push(
            offer
                .place
                .map_or([f32::NAN; 2], |place| [place.latitude() as f32, place.longitude() as f32]),
        );
    }

    /// Ends a program's offers.
    pub(super) fn close(&mut self) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.starts.push(u32::try_from(self.session.len()).unwrap_or(u32::MAX));
    }

    /// Brings the programs into an order, of the numbers they came in.
    pub(super) fn finish(&mut self, order: &[u32]) {
        let offers = self.session.len();
        let mut ordered = Self {
            session: Vec::with_capacity(offers),
            attendance: Vec::with_capacity(offers),
            channels: Vec::with_capacity(offers),
            points: Vec::with_capacity(offers),
            degrees: Vec::with_capacity(offers),
            starts: Vec::with_capacity(order.len() + 1),
        };
        ordered.starts.push(0);
        for came in order {
            for offer in self.of(*came) {
                let at = offer as usize;
                ordered.session.push(self.session[at]);
                ordered.attendance.push(self.attendance[at]);
                ordered.channels.push(self.channels[at]);
                ordered.points.push(self.points[at]);
                ordered.degrees.push(self.degrees[at]);
            }
            ordered.close();
        }
        *self = ordered;
    }

    /// A program's offers.
    pub(super) fn of(&self, program: u32) -> std::ops::Range<u32> {
        let at = program as usize;
        self.starts[at]..self.starts[at + 1]
    }

    /// The programs that have such an offer.
    pub(super) fn programs_with(&self, is_such: impl Fn(u32) -> bool) -> Bits {
        let programs = self.starts.len().saturating_sub(1);
        let all = 0..u32::try_from(programs).unwrap_or(u32::MAX);
        Bits::of(programs, all.filter(|program| self.of(*program).any(&is_such)))
    }

    pub(super) fn attendance(&self, offer: u32) -> u8 {
        self.attendance[offer as usize] & WAYS
    }

    pub(super) fn channels(&self, offer: u32) -> u8 {
        self.channels[offer as usize]
    }

    /// Whether an offer is made by chapters that are not listed here.
    pub(super) fn is_chapter(&self, offer: u32) -> bool {
        self.attendance[offer as usize] & CHAPTER != 0
    }

    pub(super) fn session(&self, offer: u32) -> Option<u16> {
        Some(self.session[offer as usize]).filter(|session| *session != NO_SESSION)
    }

    /// How exact an offer's public point is, if it has one.
    pub(super) fn precision(&self, offer: u32) -> Precision {
        Precision::ALL[usize::from(self.attendance[offer as usize] >> PRECISION)]
    }

    /// Whether an offer has a public point.
    pub(super) fn is_placed(&self, offer: u32) -> bool {
        self.points[offer as usize] != NOWHERE
    }

    /// An offer's public point in earth-centered coordinates, in meters.
    pub(super) fn point(&self, offer: u32) -> Option<[f64; 3]> {
        let parts = self.points[offer as usize];
        (parts != NOWHERE).then(|| parts.map(|part| f64::from(part) / PARTS))
    }

    /// An offer's public point: latitude and longitude in degrees.
    pub(super) fn degrees(&self, offer: u32) -> Option<[f64; 2]> {
        let degrees = self.degrees[offer as usize];
        (!degrees[0].is_nan()).then(|| degrees.map(f64::from))
    }

    /// Whether an offer's public point is in a box. Within about a meter of an edge it may be told to
    /// lie on either side.
    pub(super) fn is_within(&self, bounds: &BoundingBox, offer: u32) -> bool {
        self.degrees(offer)
            .is_some_and(|[latitude, longitude]| bounds.contains(latitude, longitude))
    }

    /// Meters from the origin to an offer's public point; `None` when it has none.
    pub(super) fn distance_m(&self, origin: &Origin, offer: u32) -> Option<f64> {
        self.point(offer).map(|point| origin.distance_m(point))
    }

    /// Whether an offer's public point is within `radius_m` of the origin, which the ring is around.
    pub(super) fn is_in_reach(
        &self,
        origin: &Origin,
        ring: &Ring,
        offer: u32,
        radius_m: f64,
    ) -> bool {
        self.point(offer).is_some_and(|point| {
            ring.has(point).unwrap_or_else(|| origin.distance_m(point) <= radius_m)
        })
    }

    /// Meters from the origin to an offer's public point, when that is within `radius_m`.
    pub(super) fn distance_within_m(
        &self,
        origin: &Origin,
        offer: u32,
        radius_m: f64,
    ) -> Option<f64> {
        let point = self.point(offer)?;
        let chord = Origin::chord_bound_m(radius_m);
        // Many are far away: the straight line tells without a root or an arc.
        if chord_2(point, origin.ecef()) > chord * chord {
            return None;
        }
        Some(origin.distance_m(point)).filter(|distance_m| *distance_m <= radius_m)
    }
}

pub(super) fn chord_2(a: [f64; 3], b: [f64; 3]) -> f64 {
    let d = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
}
