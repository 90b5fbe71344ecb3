//! Where meetings are, and how exactly that is told.

use super::*;
use crate::domain::Precision;

#[test]
fn a_place_is_as_exact_as_the_feed_knows_it() {
    let import = read(QUIRKS);

    let at = |key: &str, session: usize| {
        let record = record(&import, key);
        location(record, &record.program.sessions[session]).clone()
    };
    let hall = at("Early Birds", 0);
    assert_eq!(hall.precision, Precision::Exact);
    assert_eq!(hall.directions.unwrap().as_str(), "Ring the bell twice.");
    let town = at("Walk and Talk", 0);
    assert_eq!((town.precision, town.area.unwrap().radius_m), (Precision::Area, 3_000));
    let street_without_a_point = at("Harbor Group", 0);
    assert_eq!(street_without_a_point.precision, Precision::Area);
    assert_eq!(street_without_a_point.address.street.unwrap().as_str(), "8318 104 St");
    assert_eq!(at("Somewhere Group", 0).precision, Precision::Hidden);
    let told_by_phone = at("Bread & Roses", 1);
    assert_eq!(told_by_phone.area.unwrap().radius_m, venue::TOWN_RADIUS_M);
}

#[test]
fn one_address_is_one_place_however_it_is_written() {
    let import = read(QUIRKS);

    let birds = record(&import, "Early Birds");

    assert_eq!(birds.locations.len(), 1);
    assert_eq!(birds.program.sessions[0].location, birds.program.sessions[1].location);
    assert_eq!(birds.locations[0].1.address.postal_code.as_ref().unwrap().as_str(), "02767");
}

#[test]
fn an_address_that_one_row_calls_approximate_is_not_shown_through_another() {
    let row = |slug: &str, town: &str, approximate: &str| {
        json!({"slug": slug, "name": slug, "attendance_option": "in_person", "approximate": approximate,
            "formatted_address": format!("12 Elm St, {town}, MA 02767, USA"), "latitude": 41.93, "longitude": -71.06})
    };
    // The center of the town, else that of the cell of 0.05 degrees: never the point of the feed.
    let town = (Precision::Area, 41.9, -71.0);
    let cell = (Precision::Approximate, 41.925, -71.075);
    for (name, shown) in [("Rivertown", town), ("Farplace", cell)] {
        let (open, kept_back) = (row("a", name, "no"), row("b", name, "yes"));
        for rows in [json!([open, kept_back]), json!([kept_back, open]), json!([kept_back])] {
            for record in read(&rows.to_string()).records {
                let (id, draft) = record.locations[0].clone();
                let public = Location::new(id, draft).unwrap().public().unwrap();
                assert_eq!((public.precision, public.latitude, public.longitude), shown, "{rows}");
                assert_eq!((public.street, public.postal_code), (None, None));
            }
        }
    }
}
