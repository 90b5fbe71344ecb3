//! Which programs can be taken part in without a place near the person, by how.

use super::bits::Bits;
use super::offers::Offers;
use crate::domain::{Attendance, Channel};

/// The programs with an offer that needs no place, for each attendance and for each channel.
#[derive(Debug, Default)]
pub(super) struct WaysApart {
    /// By the bit of each attendance.
    attendance: Vec<Way>,
    /// By the bit of each channel.
    channels: Vec<Way>,
}

/// The programs with an offer that is attended or reached in one way.
#[derive(Debug, Default)]
struct Way {
    /// The program's own.
    own: Bits,
    /// That of a chapter that is not listed here.
    chapter: Bits,
}

impl WaysApart {
    pub(super) fn new(offers: &Offers, programs: usize) -> Self {
        let none = || Way { own: Bits::none(programs), chapter: Bits::none(programs) };
        let ways = |count: usize| -> Vec<Way> { (0..count).map(|_| none()).collect() };
        let mut made =
            Self { attendance: ways(Attendance::ALL.len()), channels: ways(Channel::ALL.len()) };
        for program in 0..u32::try_from(programs).unwrap_or(u32::MAX) {
            for offer in offers.of(program).filter(|offer| !offers.is_placed(*offer)) {
                let all = [
                    (&mut made.attendance, offers.attendance(offer)),
                    (&mut made.channels, offers.channels(offer)),
                ];
                for (ways, bits) in all {
                    let these = ways.iter_mut().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                    for (_, way) in these {
                        let of =
                            if offers.is_chapter(offer) { &mut way.chapter } else { &mut way.own };
                        of.insert(program);
                    }
                }
            }
        }
        made
    }

    /// The programs of a block with an offer that is attended in one of the ways of these bits, and those
    /// of them that have only chapters to offer.
    pub(super) fn attended(&self, ways: u8, block: usize) -> (u64, u64) {
        word(&self.attendance, ways, block)
    }

    /// The same for channels.
    pub(super) fn reached(&self, ways: u8, block: usize) -> (u64, u64) {
        word(&self.channels, ways, block)
    }
}

fn word(all: &[Way], ways: u8, block: usize) -> (u64, u64) {
    let asked = all.iter().enumerate().filter(|(at, _)| ways >> at & 1 == 1);
    let (own, chapter) = asked.fold((0, 0), |(own, chapter), (_, way)| {
        (own | way.own.word(block), chapter | way.chapter.word(block))
    });
    (own | chapter, chapter & !own)
}
