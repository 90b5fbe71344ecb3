//! The words of the product: what a program is and what is known about it.
//!
//! Nothing in here knows of HTTP, of a database or of a file format.
//! A value that exists is valid: the only ways to make one check it.

mod ages;
pub(crate) mod change;
pub(crate) mod choosing;
pub(crate) mod completeness;
pub(crate) mod contact;
pub(crate) mod coverage;
pub(crate) mod crisis;
pub(crate) mod criterion;
pub(crate) mod days;
pub(crate) mod evidence;
pub(crate) mod fold;
pub(crate) mod following;
pub(crate) mod identity;
pub(crate) mod languages;
pub(crate) mod location;
pub(crate) mod meant;
pub(crate) mod occurrence;
pub(crate) mod organization;
pub(crate) mod place;
pub(crate) mod policy;
pub(crate) mod position;
pub(crate) mod program;
pub(crate) mod provenance;
pub(crate) mod record;
pub(crate) mod rule;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod taxonomy;
pub(crate) mod text;
mod textual;
pub(crate) mod times;
pub(crate) mod words;

pub use ages::{ADULT, Ages};
pub use change::{Authorship, Change, ChangeKind, Entity, RevisionState};
pub use choosing::{
    Answered, Asked, ByLanguage, Choosing, Question, RedFlag, SAFEGUARDING, Warning, reads_spanish,
    said, say,
};
pub use completeness::{Completeness, ListingPart, Said};
pub use contact::{
    Accepting, AcceptingStatus, Access, Channel, Contact, ContactOf, Intake, Matching,
};
pub use coverage::{Coverage, InvalidPolygon, Polygon, PostalPrefix};
pub use crisis::{CrisisLine, CrisisWords};
pub use criterion::{
    Assessment, Basis, Criterion, CriterionValue, GateKind, Reference, SecondaryQuestion,
    SecondaryValue,
};
pub use evidence::{Evidence, Stand};
pub use fold::fold;
pub use following::{InvalidMark, Mark};
pub use identity::{BatchId, InvalidSlug, LocationId, OrganizationId, ProgramId, Slug, SourceId};
pub use languages::{names_known_by, names_of_language};
pub use location::{
    Address, AreaCenter, InvalidLocation, Location, LocationDraft, Precision, PrecisionReason,
    PublicLocation,
};
pub use meant::{did_you_mean, nearest, nearest_term};
pub use occurrence::{Occurrence, Timetable};
pub use organization::{OrganizationDraft, OrganizationName, PublicOrganization};
pub use place::{CountryCode, CountyCode, InvalidCode, SubdivisionCode};
pub use policy::{Asking, Effect, Gate, InvalidPolicy, Policy};
pub use position::{OffTheEarth, Origin, Position};
pub use program::{
    ChapterFinder, Cost, CostKind, ForWhom, Form, InvalidProgram, Kind, Listing, Program,
    ProgramDraft, PublicProgram,
};
pub use provenance::{
    Batch, Citation, ConfirmationMethod, PublicSource, PublicVerification, Source, SourceDraft,
    VerificationStatus,
};
pub use record::{Record, Reject};
pub use schedule::{InvalidSchedule, Pause, Recurrence, Schedule, ZoneName};
pub use session::{
    Attendance, InvalidLink, Link, PublicSession, Session, SessionForm, SessionStatus,
};
pub use taxonomy::{
    FAMILY_AND_FRIENDS, InvalidKey, InvalidLanguage, LanguageTag, Taxonomy, Term, TermKey, TermName,
};
pub use text::{InvalidText, Text};
pub use times::{Standing, Times};
pub use words::UnknownWord;
