//! Meetings in the order of time.

use std::cmp::Ordering;
use std::io::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::bits::programs_of;
use super::coming::write_occurrence;
use super::cursor::{Cursor, Mark, STREAMS};
use super::matched::Matched;
use super::matching::{Candidate, Relation, centimeters};
use super::pieces::SESSIONS;
use super::query::{Query, Radius};
use super::rank::Search;
use super::relaxed::Relaxation;
use super::render::Telling;
use super::segment::Segment;
use super::snapshot::Snapshot;
use crate::domain::{Occurrence, OrganizationName, ProgramId, Slug};

/// A meeting that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// When it takes place.
    pub at: Occurrence,
    /// The number of its program.
    pub program: u32,
    /// Its session's place in the program.
    pub session: usize,
    /// How the program stands to the person; `None` when nobody said where the person is.
    pub relation: Option<Relation>,
    /// The zone that its clock is in.
    zone: TimeZone,
    distance_cm: u32,
}

impl Meeting {
    /// Meters to its public point, if it is near the person.
    pub fn distance_m(&self) -> Option<u32> {
        (self.distance_cm != u32::MAX).then(|| (self.distance_cm + 50) / 100)
    }
}

/// A page of meetings.
#[derive(Debug)]
pub struct Meetings {
    /// The meetings, in the order of their starts, then of their programs' identities and sessions.
    pub meetings: Vec<Meeting>,
    /// How many match in all.
    pub total: usize,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// How far it was looked.
    pub radius: Option<Radius>,
    /// What would find more programs, when little was found.
    pub relaxations: Vec<Relaxation>,
}

/// A meeting of a segment in the making: start, program's identity and session say where it comes.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: i64,
    id: u128,
    session: u16,
    end: i64,
    offer: u32,
    part: usize,
    program: u32,
    relation: Option<Relation>,
    distance_cm: u32,
}

impl Found {
    fn place(&self) -> (i64, u128, u16) {
        (self.start, self.id, self.session)
    }

    fn order(a: &Self, b: &Self) -> Ordering {
        a.place().cmp(&b.place())
    }
}

/// The earliest that are found, and how many there are.
struct Earliest {
    limit: usize,
    /// Only what comes after it is kept.
    after: Option<(i64, u128, u16)>,
    kept: Vec<Found>,
    total: usize,
    /// How many come after `after`.
    left: usize,
}

impl Earliest {
    fn offer(&mut self, found: Found) {
        self.total += 1;
        if self.after.is_some_and(|after| found.place() <= after) {
            return;
        }
        self.left += 1;
        self.kept.push(found);
        if self.kept.len() >= 4 * self.limit {
            self.kept.select_nth_unstable_by(self.limit - 1, Found::order);
            self.kept.truncate(self.limit);
        }
    }
}

impl Snapshot {
    /// The meetings that satisfy a query, `query.limit` of them; it must say [`between`](Query::between)
    /// what. Open hours and what is always open are no meetings.
    pub fn meetings(&self, query: &Query) -> Meetings {
        let asked = self.asked(query);
        let search = Search::new(self, query, &asked);
        let found = search.run();
        let mut earliest = Earliest {
            limit: query.limit.max(1),
            after: query.after.as_ref().and_then(place_of),
            kept: Vec::new(),
            total: 0,
            left: 0,
        };
        for (part, matched) in found.matched.iter().enumerate() {
            search.collect(part, matched, found.radius, &mut earliest);
        }
        let Earliest { limit, mut kept, total, left, .. } = earliest;
        kept.sort_unstable_by(Found::order);
        kept.truncate(limit);
        let next = kept.last().filter(|_| left > kept.len()).map(|last| Cursor {
            fingerprint: query.fingerprint(),
            now: query.now,
            phase: 0,
            marks: mark_of(last),
        });
        let relaxations = search.all_relaxations(&found);
        Meetings {
            meetings: kept.iter().filter_map(|found| self.meeting(found)).collect(),
            total,
            next,
            radius: found.radius,
            relaxations,
        }
    }

    fn meeting(&self, found: &Found) -> Option<Meeting> {
        let part = &self.parts[found.part];
        let at = |second| Timestamp::from_second(second).ok();
        Some(Meeting {
            at: Occurrence { start: at(found.start)?, end: at(found.end)? },
            program: part.first + found.program,
            session: usize::from(found.session),
            relation: found.relation,
            zone: part.segment.occasions.zone(found.offer)?.clone(),
            distance_cm: found.distance_cm,
        })
    }

    /// Writes a meeting with its program in short, its session, and what the program is warned of; and with
    /// `more` fields at the end, each after a comma.
    pub fn write_meeting(
        &self,
        out: &mut Vec<u8>,
        meeting: &Meeting,
        telling: &Telling<'_>,
        more: impl FnOnce(&mut Vec<u8>),
    ) {
        out.push(b'{');
        write_occurrence(out, meeting.at, &meeting.zone, telling.now);
        let (segment, program) = self.segment_of(meeting.program);
        segment.write_meeting(out, program, meeting, telling);
        self.write_warnings(out, meeting.program, telling);
        more(out);
        out.push(b'}');
    }
}

impl Search<'_> {
    /// Offers every meeting of what matched in a segment, each once.
    fn collect(
        &self,
        part: usize,
        matched: &Matched,
        radius: Option<Radius>,
        earliest: &mut Earliest,
    ) {
        let asked = &self.matchers[part];
        let (segment, timed) = (asked.segment, &asked.timed);
        let Some(moments) = timed.asked() else { return };
        let mut sessions: Vec<(u16, u32, u32)> = Vec::new();
        let unplaced = matched.unplaced().flat_map(|(relation, block, word)| {
            let far = move |program| Candidate { program, relation, distance_cm: u32::MAX };
            programs_of(block as usize, word).map(far)
        });
        for candidate in matched.placed().chain(unplaced) {
            sessions.clear();
            for (offer, distance_m) in asked.taking_part(candidate, radius) {
                if let Some(session) = segment.offers.session(offer) {
                    let distance_cm = distance_m.map_or(u32::MAX, centimeters);
                    sessions.push((session, distance_cm, offer));
                }
            }
            // A hybrid session has two offers; the place counts.
            sessions.sort_unstable();
            sessions.dedup_by_key(|(session, ..)| *session);
            for (session, distance_cm, offer) in &sessions {
                for (start, end) in timed.agenda().meetings_of(*offer, moments) {
                    earliest.offer(Found {
                        start,
                        end,
                        id: segment.ids[candidate.program as usize],
                        session: *session,
                        offer: *offer,
                        part,
                        program: candidate.program,
                        relation: candidate.relation,
                        distance_cm: *distance_cm,
                    });
                }
            }
        }
    }
}

/// A meeting's place in the order, as a cursor keeps it.
fn mark_of(last: &Found) -> [Option<Mark>; STREAMS] {
    let mut marks = [const { None }; STREAMS];
    let primary = last.start.cast_unsigned();
    marks[0] = Some(Mark { primary, name: last.session.to_string(), id: last.id });
    marks
}

fn place_of(cursor: &Cursor) -> Option<(i64, u128, u16)> {
    let mark = cursor.marks[0].as_ref()?;
    Some((mark.primary.cast_signed(), mark.id, mark.name.parse().ok()?))
}

/// A program as a list of meetings tells of it.
#[derive(Serialize, Deserialize)]
struct Short {
    id: ProgramId,
    slug: Slug,
    name: Box<str>,
    organization: OrganizationName,
}

impl Segment {
    /// Writes the fields of a meeting but for its times, each after a comma.
    fn write_meeting(
        &self,
        out: &mut Vec<u8>,
        program: u32,
        meeting: &Meeting,
        telling: &Telling<'_>,
    ) {
        out.extend_from_slice(br#","program":"#);
        // What was written when the segment was made can be read and written again.
        if let Ok(short) = serde_json::from_slice::<Short>(&self.own(program)) {
            let _written = serde_json::to_writer(&mut *out, &short);
            out.pop();
            self.write_verification(out, program, telling.now, telling.lang);
            out.push(b'}');
        }
        out.extend_from_slice(br#","session":"#);
        self.write_piece(out, program, SESSIONS + meeting.session);
        if let Some(relation) = meeting.relation {
            let _written = write!(out, r#","relation":"{relation}""#);
        }
        if let Some(distance_m) = meeting.distance_m() {
            let _written = write!(out, r#","distance_m":{distance_m}"#);
        }
    }
}
