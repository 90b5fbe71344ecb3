//! The words for days of the week and times of day.

use jiff::civil::{Time, Weekday};

use super::window::Window;
use crate::domain::words::words;

words! {
    /// A day of the week.
    pub enum Day {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

impl Day {
    /// The day as the calendar has it.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }

    /// The window of this day alone.
    pub(super) fn of(self, window: &Window) -> Window {
        Window { days: std::iter::once(self.weekday()).collect(), ..window.clone() }
    }
}

words! {
    /// A part of the day.
    pub enum TimeOfDay {
        /// From 5:00 to noon.
        Morning = "morning",
        /// From noon to 17:00.
        Afternoon = "afternoon",
        /// From 17:00 to 22:00.
        Evening = "evening",
        /// From 22:00 to 5:00 on the next day.
        Night = "night",
    }
}

impl TimeOfDay {
    /// When it begins and ends, as `starts_after` and `starts_before` ask for it.
    pub const fn span(self) -> (Time, Time) {
        let (from, to) = match self {
            Self::Morning => (5, 12),
            Self::Afternoon => (12, 17),
            Self::Evening => (17, 22),
            Self::Night => (22, 5),
        };
        (Time::constant(from, 0, 0, 0), Time::constant(to, 0, 0, 0))
    }

    /// The window of this part of the day alone.
    pub(super) fn of(self, window: &Window) -> Window {
        let (from, to) = self.span();
        Window { starts_after: Some(from), starts_before: Some(to), ..window.clone() }
    }
}
