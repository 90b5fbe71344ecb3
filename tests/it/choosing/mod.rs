//! Choosing: criteria, gates, what a person needs, and programs side by side.

mod answers;
mod everywhere;
pub(crate) mod gates;
mod needs;
mod policy;
mod ranks;
pub(crate) mod seeded;
mod side_by_side;
mod standing;
