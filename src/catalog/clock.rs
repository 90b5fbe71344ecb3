//! The time of day, as a value.

use jiff::Timestamp;

/// What tells the time: the clock of the machine, or one that stands, so that answers can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The clock of the machine.
    #[default]
    Running,
    /// A clock that stands at one moment.
    Standing(Timestamp),
}

impl Clock {
    /// What time it is.
    pub fn now(self) -> Timestamp {
        match self {
            Self::Running => Timestamp::now(),
            Self::Standing(at) => at,
        }
    }
}
