//! What is masked stays masked: no answer tells more of a place than its precision allows.
//!
//! Each case is two directories that differ in nothing but what the public must not know: where
//! exactly people meet, the street, the name of the house, the keys to the room. Every answer of one
//! must be that of the other, byte for byte.

use fastrand::Rng;
use jiff::Timestamp;
use peer_directory::domain::{
    Address, AreaCenter, Location, LocationDraft, LocationId, Position, Precision, PrecisionReason,
    Record, Text,
};
use peer_directory::gazetteer::Gazetteer;
use peer_directory::generate::{self, Generator};
use peer_directory::search::{
    Builder, Near, Query, Radius, Snapshot, Sort, Standpoint, Surroundings, Telling,
};

use crate::support::cases;

/// Programs that meet at one place each.
fn meetings() -> Vec<Record> {
    Generator::new(3, Gazetteer::shared())
        .filter(|record| record.locations.len() == 1)
        .take(40)
        .collect()
}

fn text<const MAX: usize>(words: &str) -> Text<MAX> {
    Text::new(words).unwrap()
}

/// What is public of a place, as it is drawn before anything else.
struct Known {
    precision: Precision,
    /// The cell of 0.05 degrees, counted from the equator and from Greenwich.
    cell: (i32, i32),
    area: AreaCenter,
}

impl Known {
    fn any(random: &mut Rng) -> Self {
        let cell = match random.u32(..8) {
            // At the edges of the map, else in and around one town, so that order matters.
            0 => (random.i32(1_790..1_800), random.i32(-3_600..3_600)),
            1 => (random.i32(-1_800..-1_790), random.i32(-3_600..3_600)),
            2 => (random.i32(-5..5), random.choice([-3_600, 3_599]).unwrap()),
            _ => (random.i32(905..915), random.i32(-2_460..-2_450)),
        };
        let center = position(cell, random.f64(), random.f64());
        Self {
            precision: Precision::ALL[random.usize(..4)],
            cell,
            area: AreaCenter { position: center, radius_m: random.u32(1_000..9_000) },
        }
    }

    /// A place of which this is known, with `secret` in everything that is not.
    fn draft(&self, secret: &str, random: &mut Rng) -> LocationDraft {
        let within = 1e-6..1.0 - 1e-6;
        let mut inside = || random.f64().clamp(within.start, within.end);
        let in_cell = position(self.cell, inside(), inside());
        let anywhere = position(
            (random.i32(-1_800..1_800), random.i32(-3_600..3_600)),
            random.f64(),
            random.f64(),
        );
        let (at, area) = match self.precision {
            Precision::Exact => (Some(position(self.cell, 0.25, 0.75)), None),
            Precision::Approximate => (Some(in_cell), random.bool().then_some(self.area)),
            Precision::Area => (random.bool().then_some(anywhere), Some(self.area)),
            Precision::Hidden => {
                let area = AreaCenter { position: anywhere, radius_m: random.u32(1..9_000) };
                (random.bool().then_some(anywhere), random.bool().then_some(area))
            }
        };
        LocationDraft {
            name: Some(text(&format!("{secret} House"))),
            address: Address {
                street: Some(text(&format!("{} {secret} Street", random.u32(1..99)))),
                city: Some(text("Middleton")),
                subdivision: None,
                postal_code: Some(text(&secret[..9])),
                country: Some("US".parse().unwrap()),
            },
            position: at,
            area,
            precision: self.precision,
            reason: (self.precision != Precision::Exact).then_some(PrecisionReason::Withheld),
            directions: Some(text(&format!("Behind the {secret} bakery"))),
        }
    }
}

/// A point of a cell, by shares of its height and width.
fn position(cell: (i32, i32), north: f64, east: f64) -> Position {
    let degrees = |cell: i32, share: f64| (f64::from(cell) + share) * 0.05;
    Position::new(degrees(cell.0, north), degrees(cell.1, east)).unwrap()
}

/// A directory of the meetings at these places. What is exact has no secret, and is the same.
fn directory(meetings: &[Record], places: &[Known], world: &str, random: &mut Rng) -> Snapshot {
    let mut builder = Builder::new(Surroundings::default());
    for (number, (meeting, known)) in meetings.iter().zip(places).enumerate() {
        let mut record = meeting.clone();
        let secret = match known.precision {
            Precision::Exact => format!("Openxxx{number:02}"),
            _ => format!("Zq{world}vault{number:02}"),
        };
        let id = record.locations[0].0;
        let mut own = Rng::with_seed(number as u64);
        let random = if known.precision == Precision::Exact { &mut own } else { &mut *random };
        record.locations = vec![(id, known.draft(&secret, random))];
        for session in &mut record.program.sessions {
            let join = format!("https://meet.example/Zq{world}vault{number:02}");
            session.join_url = Some(join.parse().unwrap());
            session.join_phone =
                Some(text(&format!("+1 555 0100, code Zq{world}vault{number:02}")));
        }
        builder.add(&generate::listing(&record).unwrap());
    }
    builder.finish(1)
}

/// Questions that would notice where a place is.
fn questions(places: &[Known], now: Timestamp, random: &mut Rng) -> Vec<Query> {
    let mut queries = Vec::new();
    for sort in Sort::ALL {
        let known = &places[random.usize(..places.len())];
        let position = position(known.cell, random.f64(), random.f64());
        let radius = [None, Some(3_000.0), Some(40_000.0), Some(500_000.0)][random.usize(..4)];
        let place = Standpoint {
            position,
            country: Some("US".parse().unwrap()),
            subdivision: None,
            county: None,
            postal_code: Some("ZQ".to_owned()),
        };
        let near = Near { place, radius: radius.map(|meters| Radius::from_m(meters).unwrap()) };
        let (west, south) = (position.longitude(), position.latitude());
        let (east, north) = ((west + random.f64()).min(180.0), (south + random.f64()).min(90.0));
        let bounds = format!("{west},{south},{east},{north}").parse().unwrap();
        let all = Query { sort: *sort, limit: 100, ..Query::all(now) };
        queries.push(Query { near: Some(near.clone()), ..all.clone() });
        queries.push(Query { bounds: Some(bounds), ..all.clone() });
        queries.push(Query { near: Some(near), bounds: Some(bounds), ..all.clone() });
        queries.push(all);
    }
    queries
}

/// Everything that anyone can get of a directory, in order.
fn told(snapshot: &Snapshot, questions: &[Query], now: Timestamp) -> String {
    let mut told = Vec::new();
    for query in questions {
        let page = snapshot.search(query);
        let counts = (page.total, page.by_relation, page.radius, &page.relaxations);
        told.extend(format!("{counts:?}\n").into_bytes());
        for found in &page.matches {
            let telling = Telling { now, lang: "en", explain: true };
            snapshot.write_results(&mut told, std::slice::from_ref(found), &telling);
            told.push(b'\n');
        }
    }
    for program in 0..u32::try_from(snapshot.len()).unwrap() {
        snapshot.write_whole(&mut told, program, now);
        told.push(b'\n');
        snapshot.write_feature(&mut told, program);
        told.push(b'\n');
    }
    String::from_utf8(told).unwrap()
}

#[test]
fn no_answer_depends_on_what_is_masked() {
    let meetings = meetings();
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let mut plain = 0;

    for case in 0..cases(100) as u64 {
        let random = &mut Rng::with_seed(case);
        let places: Vec<Known> = meetings.iter().map(|_| Known::any(random)).collect();
        let one = directory(&meetings, &places, "a", random);
        let other = directory(&meetings, &places, "b", random);
        let questions = questions(&places, now, random);

        let (one, other) = (told(&one, &questions, now), told(&other, &questions, now));

        for (line, (one, other)) in one.lines().zip(other.lines()).enumerate() {
            assert_eq!(one, other, "seed {case}, line {line}");
        }
        assert_eq!(one.len(), other.len(), "seed {case}");
        assert!(!one.to_lowercase().contains("vault"), "seed {case}: a secret was told");
        plain += usize::from(one.contains("Openxxx") && one.contains("distance_m"));
    }
    // What is exact is told, so the looking is not in vain.
    assert!(plain > cases(90), "{plain}");
}

#[test]
fn nothing_is_found_by_what_is_masked() {
    let meetings = meetings();
    let random = &mut Rng::with_seed(1);
    let places: Vec<Known> = meetings.iter().map(|_| Known::any(random)).collect();
    let snapshot = directory(&meetings, &places, "a", random);

    for words in ["zq", "Zqavault", "bakery", "behind the", "middleton", "meet example"] {
        let query = Query { words: Some(words.to_owned()), ..Query::all(Timestamp::UNIX_EPOCH) };
        assert_eq!(snapshot.search(&query).total, 0, "{words}");
    }
}

#[test]
fn a_masked_place_is_the_middle_of_its_cell_and_says_how_far_it_may_be() {
    for case in 0..cases(5_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let known = Known { precision: Precision::Approximate, ..Known::any(random) };
        let draft = known.draft("Zqavault00", random);
        let exact = draft.position.unwrap();
        let public = Location::new(LocationId::new(), draft).unwrap().public().unwrap();

        let center = position(known.cell, 0.5, 0.5);
        let off = (public.latitude - center.latitude()).abs()
            + (public.longitude - center.longitude()).abs();
        assert!(off < 1e-9, "seed {case}: {center}, not {},{}", public.latitude, public.longitude);
        assert!(public.latitude.to_string().len() <= 8, "seed {case}: {}", public.latitude);
        let point = |at: Position| geo::Point::new(at.longitude(), at.latitude());
        let away_m = geo::Distance::distance(&geo::Geodesic, point(exact), point(center));
        let radius_m = f64::from(public.radius_m.unwrap());
        assert!(away_m <= radius_m, "seed {case}: {exact} is {away_m} m away, not {radius_m}");
        assert!(radius_m < 4_000.0, "seed {case}: {radius_m}");
    }
}

#[test]
fn a_hidden_place_has_no_public_side_and_an_area_only_its_own() {
    for case in 0..cases(2_000) as u64 {
        let random = &mut Rng::with_seed(case);
        let known = Known::any(random);
        let draft = known.draft("Zqavault00", random);
        let public = Location::new(LocationId::new(), draft.clone()).unwrap().public();

        let Some(public) = public else {
            assert_eq!(known.precision, Precision::Hidden, "seed {case}");
            continue;
        };
        assert_ne!(known.precision, Precision::Hidden, "seed {case}");
        let exact = known.precision == Precision::Exact;
        assert_eq!(public.street.is_some(), exact, "seed {case}");
        assert_eq!(public.name.is_some(), exact, "seed {case}");
        assert_eq!(public.postal_code.is_some(), exact, "seed {case}");
        assert_eq!(public.directions.is_some(), exact, "seed {case}");
        assert_eq!(public.reason.is_none(), exact, "seed {case}");
        if known.precision == Precision::Area {
            assert_eq!(public.position(), Some(known.area.position), "seed {case}");
            assert_eq!(public.radius_m, Some(known.area.radius_m), "seed {case}");
        }
    }
}
