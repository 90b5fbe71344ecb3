//! Whether there is room in programs, as may be told on a day: what was stated once grows too old to tell.

use jiff::civil::Date;

use super::bits::Members;
use crate::domain::AcceptingStatus;

/// Whether a program has stated that there is room, and the last day on which that may be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room(pub(super) Option<(AcceptingStatus, Date)>);

impl Room {
    /// Whether there is room, as may be told on a day.
    pub(super) fn on(self, today: Date) -> AcceptingStatus {
        match self.0 {
            Some((status, until)) if today <= until => status,
            _ => AcceptingStatus::Unknown,
        }
    }
}

/// What may be told of all programs of a segment on one day.
#[derive(Debug)]
pub(super) struct Rooms {
    day: Date,
    /// The programs of each status, in the order of its words.
    by_status: Vec<Members>,
}

impl Rooms {
    pub(super) fn on(day: Date, rooms: &[Room]) -> Self {
        let mut by_status = vec![Vec::new(); AcceptingStatus::ALL.len()];
        for (program, room) in (0_u32..).zip(rooms) {
            by_status[room.on(day) as usize].push(program);
        }
        let members = by_status.iter().map(|programs| Members::of(rooms.len(), programs));
        Self { day, by_status: members.collect() }
    }

    /// Whether this is what may be told on a day.
    pub(super) fn is_of(&self, day: Date) -> bool {
        self.day == day
    }

    /// The programs of a status.
    pub(super) fn with(&self, status: AcceptingStatus) -> &Members {
        &self.by_status[status as usize]
    }
}
