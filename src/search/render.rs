//! Programs as JSON.
//!
//! An answer is put together from pieces that depend on nothing but the listing; what depends on the
//! question or the moment (matching sessions, freshness, distance) is written between them.

use std::io::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::danger::Danger;
use super::instants::write_utc;
use super::matching::Match;
use super::pieces::{PAGE, SESSIONS};
use super::segment::Segment;
use super::snapshot::{Backdrop, Snapshot};
use crate::domain::{
    ADULT, AcceptingStatus, Completeness, CountryCode, CrisisLine, Criterion, Said, Text,
    VerificationStatus, reads_spanish, say,
};

/// How many sessions a result carries at most.
pub(super) const SESSIONS_SHOWN: usize = 5;

/// How results are told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The moment of the question.
    pub now: Timestamp,
    /// The language of the reasons: English unless there is another.
    pub lang: &'a str,
    /// Whether every term of the score is told.
    pub explain: bool,
}

impl Snapshot {
    /// Writes results, separated by commas: the programs, their matching sessions, and how they stand to
    /// the person.
    pub fn write_results(&self, out: &mut Vec<u8>, found: &[Match], telling: &Telling<'_>) {
        self.write_results_and(out, found, telling, |_, _| {});
    }

    /// The same with `more` fields, each after a comma, at the end of how each one stands to the person.
    pub fn write_results_and(
        &self,
        out: &mut Vec<u8>,
        found: &[Match],
        telling: &Telling<'_>,
        mut more: impl FnMut(&mut Vec<u8>, &Match),
    ) {
        // Memory is slow to tell where each is: all are asked before the first is awaited.
        let segments = found.iter().map(|found| (found, self.segment_of(found.program)));
        let segments: Vec<_> = segments.collect();
        let came = segments.iter().map(|(.., (segment, program))| segment.came[*program as usize]);
        let came: Vec<u32> = came.collect();
        let all = segments.iter().zip(&came);
        let len = all.map(|((.., (segment, _)), came)| segment.pieces.len_of_result(*came));
        out.reserve(len.sum());
        for (at, (found, (segment, program))) in segments.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            segment.write_result(out, program, found, telling);
            let verification = segment.stands[program as usize].verification(telling.now);
            self.backdrop.write_match(out, found, verification, telling);
            out.pop();
            self.write_warnings(out, found.program, telling);
            more(out, found);
            out.extend_from_slice(b"}}");
        }
    }

    /// Writes a program whole: all sessions, assessments, source and citations.
    pub fn write_whole(&self, out: &mut Vec<u8>, program: u32, now: Timestamp) {
        let (segment, program) = self.segment_of(program);
        segment.write_whole(out, program, now, "en");
    }

    /// Writes a program's own page, in a language: the program whole, and how complete its listing is.
    pub fn write_page(&self, out: &mut Vec<u8>, program: u32, now: Timestamp, lang: &str) {
        let (segment, program) = self.segment_of(program);
        segment.write_whole(out, program, now, lang);
        if let Some(found) = segment.completeness(program, &self.backdrop.choosing.criteria, now) {
            out.pop();
            out.extend_from_slice(br#","completeness":"#);
            let _written = serde_json::to_writer(&mut *out, &found);
            out.push(b'}');
        }
    }

    /// Writes a program as a GeoJSON feature at its first public place; `false` when it has none.
    pub fn write_feature(&self, out: &mut Vec<u8>, program: u32) -> bool {
        let (segment, program) = self.segment_of(program);
        segment.write_feature(out, program)
    }
}

impl Segment {
    /// A session of a program, or what only its own page shows, as it was written.
    pub(super) fn piece(&self, program: u32, piece: usize) -> Vec<u8> {
        let mut written = Vec::with_capacity(512);
        self.write_piece(&mut written, program, piece);
        written
    }

    pub(super) fn write_piece(&self, out: &mut Vec<u8>, program: u32, piece: usize) {
        self.pieces.write(out, self.came[program as usize], piece);
    }

    /// A program's own fields, as they were written when the segment was made: they can be read again.
    pub(super) fn own(&self, program: u32) -> Vec<u8> {
        let mut own = Vec::with_capacity(1_024);
        self.write_fields(&mut own, program);
        own.push(b'}');
        own
    }

    /// Writes a program's own fields, without the brace at the end.
    fn write_fields(&self, out: &mut Vec<u8>, program: u32) {
        self.pieces.write_own(out, self.came[program as usize], self.ids[program as usize]);
    }

    fn sessions(&self, program: u32) -> usize {
        self.pieces.sessions(self.came[program as usize])
    }

    pub(super) fn write_result(
        &self,
        out: &mut Vec<u8>,
        program: u32,
        found: &Match,
        telling: &Telling<'_>,
    ) {
        self.write_own(out, program, telling.now, telling.lang);
        out.extend_from_slice(br#","sessions":["#);
        for (shown, session) in found.sessions.iter().take(SESSIONS_SHOWN).enumerate() {
            if shown > 0 {
                out.push(b',');
            }
            let piece = SESSIONS + usize::from(*session);
            self.write_piece(out, program, piece);
        }
        out.extend_from_slice(br#"],"sessions_total":"#);
        let mut number = itoa::Buffer::new();
        out.extend_from_slice(number.format(self.sessions(program)).as_bytes());
    }

    fn write_whole(&self, out: &mut Vec<u8>, program: u32, now: Timestamp, lang: &str) {
        self.write_own(out, program, now, lang);
        out.extend_from_slice(br#","sessions":["#);
        for session in 0..self.sessions(program) {
            if session > 0 {
                out.push(b',');
            }
            self.write_piece(out, program, SESSIONS + session);
        }
        out.extend_from_slice(br#"],"provenance":{"source":"#);
        out.extend_from_slice(self.pieces.source(self.came[program as usize]));
        out.push(b',');
        out.extend_from_slice(&self.piece(program, PAGE)[1..]);
        out.push(b'}');
    }

    /// How complete a listing is, read from what was written of it.
    fn completeness(
        &self,
        program: u32,
        criteria: &[Criterion],
        now: Timestamp,
    ) -> Option<Completeness> {
        #[derive(serde::Deserialize)]
        struct Page {
            assessments: Vec<crate::domain::Assessment>,
        }
        let (intake, ..) = self.pieces.intake(self.came[program as usize]);
        let page: Page = serde_json::from_slice(&self.piece(program, PAGE)).ok()?;
        let sessions = (0..self.sessions(program))
            .map(|session| serde_json::from_slice(&self.piece(program, SESSIONS + session)));
        let said = Said {
            program: &serde_json::from_slice(&self.own(program)).ok()?,
            intake: &serde_json::from_slice(intake).ok()?,
            sessions: &sessions.collect::<Result<Vec<_>, _>>().ok()?,
            assessments: &page.assessments,
        };
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        Some(said.completeness(criteria, today))
    }

    fn write_feature(&self, out: &mut Vec<u8>, program: u32) -> bool {
        #[derive(serde::Deserialize)]
        struct Placed {
            location: Option<Point>,
        }
        #[derive(serde::Deserialize)]
        struct Point {
            latitude: f64,
            longitude: f64,
            precision: crate::domain::Precision,
        }
        let places = (0..self.sessions(program)).filter_map(|session| {
            let written = self.piece(program, SESSIONS + session);
            serde_json::from_slice::<Placed>(&written).ok()?.location
        });
        let Some(point) = places.into_iter().next() else { return false };
        let _written = write!(
            out,
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{},{}]}},"properties":{{"precision":"{}","program":"#,
            point.longitude, point.latitude, point.precision
        );
        self.write_fields(out, program);
        out.extend_from_slice(b"}}}");
        true
    }

    fn write_own(&self, out: &mut Vec<u8>, program: u32, now: Timestamp, lang: &str) {
        self.write_fields(out, program);
        out.extend_from_slice(br#","intake":"#);
        let (intake, at, len) = self.pieces.intake(self.came[program as usize]);
        let room = self.rooms[program as usize];
        let told = room.on(now.to_zoned(jiff::tz::TimeZone::UTC).date());
        if len > 0 && told == AcceptingStatus::Unknown {
            let (before, rest) = intake.split_at(at);
            out.extend_from_slice(before);
            out.extend_from_slice(told.as_str().as_bytes());
            out.extend_from_slice(&rest[len..]);
        } else {
            out.extend_from_slice(intake);
        }
        self.write_verification(out, program, now, lang);
    }

    /// Writes whether somebody has made sure that a program is true, after a comma.
    pub(super) fn write_verification(
        &self,
        out: &mut Vec<u8>,
        program: u32,
        now: Timestamp,
        lang: &str,
    ) {
        let stand = &self.stands[program as usize];
        out.extend_from_slice(br#","verification":{"status":""#);
        let status = stand.verification(now);
        out.extend_from_slice(status.as_str().as_bytes());
        out.extend_from_slice(br#"","message":""#);
        out.extend_from_slice(message(status, lang).as_bytes());
        out.push(b'"');
        for (name, ms) in [("confirmed_at", stand.confirmed_ms), ("due_at", stand.due_ms)] {
            if let Ok(at) = Timestamp::from_millisecond(ms) {
                let _written = write!(out, r#","{name}":"#);
                write_utc(out, at);
            }
        }
        if let Some(method) = stand.method {
            let _written = write!(out, r#","method":"{method}""#);
        }
        out.push(b'}');
    }
}

/// Help in a crisis.
#[derive(Serialize)]
struct Crisis {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<CountryCode>,
    message: String,
    lines: Vec<CrisisLine>,
}

impl Snapshot {
    /// Writes help in a crisis for somebody in a country; lines for young people come first for them, and lines
    /// for those who are hurt or threatened by somebody come first for them alone.
    pub fn write_crisis(
        &self,
        out: &mut Vec<u8>,
        country: Option<CountryCode>,
        age: Option<u8>,
        lang: &str,
        danger: Option<Danger>,
    ) {
        let (backdrop, spanish) = (self.backdrop(), reads_spanish(lang));
        let is_young = age.is_some_and(|age| age < ADULT);
        let is_hurt = danger == Some(Danger::Violence);
        if is_young || is_hurt {
            return backdrop.write_lines(out, country, spanish, is_young, is_hurt);
        }
        let written = backdrop.crisis.get(&(country, spanish));
        let written = written.or_else(|| backdrop.crisis.get(&(None, spanish)));
        out.extend_from_slice(written.map_or(b"{}", Vec::as_slice));
    }

    /// The crisis lines for a grown-up in a country whose words speak of a danger.
    pub fn crisis_lines(&self, country: Option<CountryCode>, danger: Danger) -> Vec<&CrisisLine> {
        self.backdrop().lines_for(country, false, danger == Danger::Violence)
    }
}

impl Backdrop {
    /// Writes the crisis lines of every country once, for all answers.
    pub(super) fn write_crisis_lines(&mut self) {
        let mut countries: Vec<Option<CountryCode>> = vec![None];
        countries.extend(self.surroundings.crisis_lines.iter().map(|line| line.country));
        countries.sort_unstable();
        countries.dedup();
        for (country, spanish) in countries.iter().flat_map(|of| [(*of, false), (*of, true)]) {
            let mut written = Vec::new();
            self.write_lines(&mut written, country, spanish, false, false);
            self.crisis.insert((country, spanish), written);
        }
    }

    fn lines_for(
        &self,
        country: Option<CountryCode>,
        youth_first: bool,
        is_hurt: bool,
    ) -> Vec<&CrisisLine> {
        let mut lines = self.crisis_lines(country);
        lines.retain(|line| !line.violence || is_hurt);
        lines.sort_by_key(|line| (youth_first && !line.youth, !line.violence));
        lines
    }

    fn write_lines(
        &self,
        out: &mut Vec<u8>,
        country: Option<CountryCode>,
        spanish: bool,
        youth_first: bool,
        is_hurt: bool,
    ) {
        let lines = self.lines_for(country, youth_first, is_hurt);
        let emergency = lines.iter().find_map(|line| line.emergency_number.as_ref());
        let message = match (emergency.map(Text::as_str), spanish) {
            (Some(number), false) => format!("If you are in danger now, call {number}."),
            (None, false) => {
                "If you are in danger now, call your local emergency number.".to_owned()
            }
            (Some(number), true) => {
                let number = number.replace(" or ", " o al ");
                format!("Si estás en peligro ahora, llama al {number}.")
            }
            (None, true) => {
                "Si estás en peligro ahora, llama al número de emergencias de tu zona.".to_owned()
            }
        };
        let today = self.surroundings.today;
        let old = lines.iter().filter(|line| line.fresh_until() < today);
        let message = match (old.map(|line| line.checked_on).min(), spanish) {
            (None, _) => message,
            (Some(day), false) => format!(
                "{message} We last checked some of these numbers on {day}. If nobody answers, try another."
            ),
            (Some(day), true) => format!(
                "{message} Revisamos algunos de estos números por última vez el {day}. Si nadie contesta, \
                 prueba con otro."
            ),
        };
        let country = lines.iter().find_map(|line| line.country);
        let told_in = if spanish { "es" } else { "en" };
        let lines = lines.into_iter().map(|line| line.told_in(told_in)).collect();
        // Writing into memory cannot fail.
        let _written = serde_json::to_writer(out, &Crisis { country, message, lines });
    }
}

/// What a person should make of a listing's freshness.
pub(super) fn message(status: VerificationStatus, lang: &str) -> &'static str {
    match status {
        VerificationStatus::Unconfirmed => say(
            lang,
            "Not checked yet: call or look at its website before you go.",
            "Aún no se ha comprobado: llama o mira su página web antes de ir.",
        ),
        VerificationStatus::Confirmed => {
            say(lang, "Somebody checked this listing.", "Alguien comprobó estos datos.")
        }
        VerificationStatus::Overdue => say(
            lang,
            "It was true once, but that was a while ago: call or look at its website before you go.",
            "Fue cierto una vez, pero ya hace tiempo: llama o mira su página web antes de ir.",
        ),
    }
}
