//! What the oracle is asked about: generated programs, some of them twisted, and places to ask from.

use std::sync::{Arc, LazyLock};

use fastrand::Rng;
use geo::{Destination as _, Geodesic, Point};
use jiff::{Span, Timestamp};
use peer_directory::domain::{
    Accepting, AcceptingStatus, Ages, Attendance, Channel, ChapterFinder, ConfirmationMethod,
    Coverage, Kind, Listing, Polygon, Position, PostalPrefix, Precision, ProgramId,
    PublicOrganization, PublicVerification, Record, Session, Term, Text,
};
use peer_directory::gazetteer::{Gazetteer, Place};
use peer_directory::generate::{self, Generator};
use peer_directory::search::{Builder, Snapshot, Standpoint, Surroundings};

/// So many programs that both ways of the search to what is near are taken: over 3,000 are for
/// oneself.
const GENERATED: usize = 3_400;

/// The listings, and what surrounds them.
pub(super) struct Directory {
    pub(super) listings: Vec<Listing>,
    pub(super) organizations: Vec<PublicOrganization>,
    pub(super) terms: Vec<Term>,
    pub(super) guidance: Vec<(String, serde_json::Value)>,
    /// Where people ask from.
    pub(super) places: Vec<Standpoint>,
}

/// The directory all tests ask; making it takes a few seconds.
pub(super) static DIRECTORY: LazyLock<Directory> = LazyLock::new(Directory::new);

impl Directory {
    fn new() -> Self {
        let gazetteer = Gazetteer::shared();
        let mut random = Rng::with_seed(2_026);
        let mut records: Vec<Record> =
            Generator::new(11, Arc::clone(&gazetteer)).take(GENERATED).collect();
        let places = places(&gazetteer, &records, &mut random);
        let meeting: Vec<Record> = records
            .iter()
            .filter(|record| record.locations.len() == 1)
            .take(400)
            .cloned()
            .collect();
        let positions = hand_placed(&places);
        for (number, (position, model)) in (1..).zip(positions.into_iter().zip(&meeting)) {
            let mut record = model.clone();
            record.key = format!("placed-{number}");
            record.rows = vec![GENERATED + number];
            record.locations[0].1.position = Some(position);
            record.locations[0].1.precision = Precision::Exact;
            records.push(record);
        }
        let others = records.clone();
        for record in &mut records {
            if random.u32(..4) == 0 {
                twist(record, &others[random.usize(..others.len())], &places, &mut random);
            }
        }
        let mut listings: Vec<Listing> =
            records.iter().map(|record| generate::listing(record).unwrap()).collect();
        for listing in &mut listings {
            listing.verification = verification(&mut random);
        }
        Self {
            organizations: organizations(&records, &listings),
            guidance: guidance(),
            terms: serde_json::from_str(include_str!("../../../seed-data/terms.json")).unwrap(),
            listings,
            places,
        }
    }

    /// A snapshot of these listings among what surrounds this directory.
    pub(super) fn snapshot_of<'a>(&self, listings: impl Iterator<Item = &'a Listing>) -> Snapshot {
        let mut builder = Builder::new(Surroundings {
            terms: self.terms.clone(),
            guidance: self.guidance.clone(),
            today: jiff::civil::date(2026, 11, 20),
            ..Surroundings::default()
        });
        listings.for_each(|listing| builder.add(listing));
        builder.add_organizations(self.organizations.clone());
        builder.finish(1)
    }

    /// The directory as it was once: some listings are missing, some say something else and some were
    /// there that are not now. Also everything that has changed since.
    pub(super) fn outdated(&self, random: &mut Rng) -> (Snapshot, Vec<ProgramId>) {
        let (mut before, mut changed) = (Vec::new(), Vec::new());
        for (number, listing) in self.listings.iter().enumerate() {
            let other = &self.listings[random.usize(..self.listings.len())];
            match random.u32(..12) {
                0 => changed.push(listing.program.id),
                1..4 => {
                    let mut was = other.clone();
                    was.program.id = listing.program.id;
                    was.program.slug = listing.program.slug.clone();
                    before.push(was);
                    changed.push(listing.program.id);
                }
                4 => {
                    let mut ended = other.clone();
                    ended.program.id = ProgramId::derived("ended", &number.to_string());
                    changed.push(ended.program.id);
                    before.extend([listing.clone(), ended]);
                }
                _ => before.push(listing.clone()),
            }
        }
        (self.snapshot_of(before.iter()), changed)
    }

    /// The day of the questions, about which what is known of room grows old.
    pub(super) fn today() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }
}

/// Sixty places: in the middle of things, at the edges of the map and far from everything.
fn places(gazetteer: &Gazetteer, records: &[Record], random: &mut Rng) -> Vec<Standpoint> {
    let mut places: Vec<Standpoint> = [
        "97214",
        "10001",
        "SW1A 1AA",
        "M5V 2T6",
        "60614",
        "94103",
        "Portland, OR",
        "London",
        "Toronto",
        "Sydney",
        "Boise, ID",
        "Suva",
    ]
    .iter()
    .filter_map(|text| gazetteer.resolve(text, None).ok())
    .map(|found| standpoint(&found.place))
    .collect();
    let edges = [
        (-16.85, 179.99),
        (-16.85, -179.99),
        (-16.8, 180.0),
        (66.0, 179.9),
        (66.2, -179.95),
        (90.0, 0.0),
        (89.98, 77.0),
        (-90.0, 0.0),
        (-89.99, -140.0),
        (0.0, 0.0),
        (0.0, 179.999),
        (45.525, -122.675),
        (51.5, 0.0),
        (64.1, -21.9),
        (-43.5, 172.6),
    ];
    places.extend(edges.map(|(latitude, longitude)| at(gazetteer, latitude, longitude)));
    let known: Vec<Position> = records
        .iter()
        .flat_map(|record| &record.locations)
        .filter_map(|(_, place)| place.position)
        .collect();
    while places.len() < 60 {
        let near = known[random.usize(..known.len())];
        let away = (random.f64() - 0.5) * random.f64();
        let (latitude, longitude) = (near.latitude() + away, near.longitude() - away);
        places.push(at(gazetteer, latitude.clamp(-90.0, 90.0), longitude.clamp(-180.0, 180.0)));
    }
    places
}

pub(super) fn at(gazetteer: &Gazetteer, latitude: f64, longitude: f64) -> Standpoint {
    standpoint(&gazetteer.at(Position::new(latitude, longitude).unwrap()))
}

fn standpoint(place: &Place) -> Standpoint {
    Standpoint {
        position: place.position,
        country: place.country,
        subdivision: place.subdivision,
        county: place.county.clone(),
        postal_code: place.postal_code.clone(),
    }
}

/// Where indexes and distances go wrong first.
fn hand_placed(places: &[Standpoint]) -> Vec<Position> {
    let mut positions = Vec::new();
    for step in 0..12 {
        let east = f64::from(step) / 50.0;
        positions.extend([(-16.85 + east, 179.8 + east / 1.2), (-16.9, -180.0 + east)]);
        positions.extend([(66.0 + east, 179.85), (66.1 - east, -179.99 + east)]);
        positions.extend([(89.999 - east, f64::from(step) * 30.0 - 180.0)]);
        positions.extend([(-89.9999 + east * east, f64::from(step) * -30.0 + 180.0)]);
    }
    positions.extend([(-16.85, 180.0), (-16.85, -180.0), (90.0, 120.0), (90.0, -60.0)]);
    positions.extend([(-90.0, 0.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.01)]);
    positions.extend([(45.525, -122.675); 25]);
    positions.extend([(45.525, -122.675_01), (45.525, -122.674_99), (45.525_004, -122.675)]);
    let mut positions: Vec<Position> =
        positions.into_iter().map(|(lat, lng)| Position::new(lat, lng).unwrap()).collect();
    // On the edge of a ring, to within the tolerance and just beyond it.
    for (place, meters) in
        places.iter().zip([10_000.0, 25_000.0, 50_000.0, 100_000.0, 160_000.0].repeat(4))
    {
        for off in [-0.3, 0.3, -1.5, 1.5] {
            let from = Point::new(place.position.longitude(), place.position.latitude());
            let to = Geodesic.destination(from, 70.0 + off, meters + off);
            positions.push(Position::new(to.y(), to.x()).unwrap());
        }
    }
    positions
}

/// Turns a believable program into one that tries the rules: with two ways to meet, without any,
/// with chapters, with another reach, with ages that say nothing.
fn twist(record: &mut Record, other: &Record, places: &[Standpoint], random: &mut Rng) {
    let program = &mut record.program;
    let place = &places[random.usize(..places.len())];
    match random.u32(..9) {
        0 => program.coverage = coverage(place, random),
        1 => {
            program.sessions.clear();
            program.coverage = coverage(place, random);
            program.kinds = match random.u32(..4) {
                0 => vec![Kind::LocalGroup],
                1 => vec![Kind::Online],
                2 => vec![Kind::OneOnOne],
                _ => vec![Kind::LocalGroup, Kind::Online],
            };
        }
        2 => {
            let url = "https://chapters.example/".parse().unwrap();
            program.chapters = Some(ChapterFinder { url, note: None });
            program.coverage = coverage(place, random);
        }
        3 => {
            let max = random.bool().then_some(17);
            program.ages = Some(Ages { min: None, max });
        }
        4 => {
            program.languages = ["pt-BR", "zh-Hant-TW", "es"].map(|tag| tag.parse().unwrap()).into()
        }
        5 => {
            let name = ["Café Grief", "cafe grief", "CAFE, GRIEF"][random.usize(..3)];
            program.name = Text::new(name).unwrap();
        }
        6 => {
            let today = Directory::today().to_zoned(jiff::tz::TimeZone::UTC).date();
            let days = [29, 30, 31, 32, -3][random.usize(..5)];
            let status = AcceptingStatus::ALL[random.usize(..4)];
            let as_of = today.checked_sub(Span::new().days(days)).unwrap();
            program.intake.accepting = Some(Accepting { status, wait: None, as_of });
            // What many are about, and few are called.
            program.aliases = vec![Text::new("The Grief").unwrap()];
        }
        _ => add_ways(record, other, place, random),
    }
}

/// Adds sessions that differ from the program's own in how, by what and where people meet.
fn add_ways(record: &mut Record, other: &Record, place: &Standpoint, random: &mut Rng) {
    record.program.coverage = coverage(place, random);
    for session in other.program.sessions.iter().take(2) {
        let mut session: Session = session.clone();
        session.attendance = Attendance::ALL[random.usize(..3)];
        session.channels =
            (0..random.usize(..3)).map(|_| Channel::ALL[random.usize(..8)]).collect();
        session.location = match random.u32(..3) {
            0 => record.locations.first().map(|(id, _)| *id),
            1 => other.locations.first().map(|(id, draft)| {
                record.locations.push((*id, draft.clone()));
                *id
            }),
            _ => None,
        };
        record.program.sessions.push(session);
    }
}

fn coverage(place: &Standpoint, random: &mut Rng) -> Coverage {
    let mut coverage = Coverage::default();
    for _ in 0..=random.u32(..2) {
        match random.u32(..7) {
            0 => coverage.worldwide = true,
            1 => coverage.countries.extend(place.country),
            2 => coverage.subdivisions.extend(place.subdivision),
            3 => coverage.counties.extend(place.county.clone()),
            4 => {
                let prefix = place.postal_code.as_deref().map(|code| &code[..random.usize(1..4)]);
                coverage.postal_prefixes.extend(place.country.zip(prefix).map(
                    |(country, prefix)| PostalPrefix {
                        country,
                        prefix: Text::new(prefix).unwrap(),
                    },
                ));
            }
            _ => coverage.polygon = Some(drawn_around(place.position, random)),
        }
    }
    coverage
}

/// Two squares, the first with a hole that may contain the place.
fn drawn_around(position: Position, random: &mut Rng) -> Polygon {
    let mut square = |reach: f64| {
        let (x, y) =
            (position.longitude() + random.f64() - 0.5, position.latitude() + random.f64() - 0.5);
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]
            .map(|(east, north)| {
                [(x + east * reach).clamp(-180.0, 180.0), (y + north * reach).clamp(-90.0, 90.0)]
            })
            .to_vec()
    };
    let (outside, hole, island) = (square(2.0), square(0.6), square(0.3));
    Polygon::try_from(vec![vec![outside, hole], vec![island]]).unwrap()
}

/// Often equal, so that names must decide.
fn verification(random: &mut Rng) -> PublicVerification {
    let day = |days: i64| Directory::today().checked_sub(Span::new().hours(days * 24)).unwrap();
    if random.u32(..3) == 0 {
        return PublicVerification::default();
    }
    PublicVerification {
        confirmed_at: Some(day(random.i64(1..200))),
        method: Some(ConfirmationMethod::Call),
        due_at: random.bool().then(|| day(random.i64(-100..100))),
    }
}

fn organizations(records: &[Record], listings: &[Listing]) -> Vec<PublicOrganization> {
    let mut organizations: Vec<PublicOrganization> = records
        .iter()
        .zip(listings)
        .map(|(record, listing)| {
            let name = listing.program.organization.clone();
            PublicOrganization {
                id: name.id,
                slug: name.slug,
                name: name.name,
                aliases: record.organization.aliases.clone(),
                description: record.organization.description.clone(),
                website: record.organization.website.clone(),
            }
        })
        .collect();
    organizations.sort_by_key(|organization| organization.id);
    organizations.dedup_by_key(|organization| organization.id);
    organizations
}

/// What helps a person choose, as the seed has it.
fn guidance() -> Vec<(String, serde_json::Value)> {
    let pieces = peer_directory::jobs::seed_vocabulary().unwrap().guidance;
    pieces.into_iter().map(|piece| (piece.kind, piece.document)).collect()
}
