//! Real answers have the documented shapes: nothing undocumented is in them, nothing documented is lost.

use peer_directory::http::Problem;
use peer_directory::http::answers::{
    AboutAnswer, CrisisAnswer, CriteriaAnswer, OrganizationsAnswer, PlacesAnswer, ProgramAnswer,
    SearchAnswer, TaxonomiesAnswer,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both};

/// Searches of every shape: with and without a place, narrow, wide, empty, counted, and paged.
const SEARCHES: &[&str] = &[
    "",
    "limit=100",
    "limit=1",
    "near=97214",
    "near=45.5,-122.6&radius=500km&limit=100",
    "near=New+York&limit=100",
    "near=London&country=CA&radius=10mi",
    "near=Springfield",
    "near=SW1A+1AA&age=16",
    "near=0,-150",
    "near=Vermont&kind=local_group&sort=distance",
    "bbox=-125,24,-66,50&limit=100",
    "near=Boston&bbox=-125,24,-66,50&limit=100",
    "bbox=0,0,1,1",
    "q=grief",
    "q=hearing+voices&limit=3",
    "q=zzzzqqqq",
    "q=I+want+to+die&near=97214&limit=2&lang=es",
    "topic=depression,anxiety&cost=free",
    "topic_all=depression,bipolar&language=en,es",
    "audience=veterans&for=someone_i_support",
    "kind=-online&attendance=in_person&channel=phone",
    "organization=nami-fox-valley&sort=name",
    "accepting=unknown&sort=verified&limit=100",
    "facets=kind,form,topic,audience,approach,accessibility,activity,language,cost,access,for,\
     attendance,channel,accepting",
    "facets=topic,language&lang=es&near=Toronto",
];

on_both! {
    async fn every_program_is_whole_at_its_id_and_at_its_slug(database: Database) {
        let app = TestApp::seeded(database).await;
        let export = app.get("/v1/export/programs.ndjson").await;
        let lines: Vec<Value> = export
            .bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();

        for line in &lines {
            let by_id = app.get(&format!("/v1/programs/{}", text(line, "id"))).await;
            let by_slug = app.get(&format!("/v1/programs/{}", text(line, "slug"))).await;

            reads_back::<ProgramAnswer>(&by_id);
            let mut page = by_id.body.clone();
            let listing = page.as_object_mut().unwrap().remove("listing").unwrap();
            for only_here in ["completeness", "criteria", "answers"] {
                assert!(page.as_object_mut().unwrap().remove(only_here).is_some());
            }
            assert_eq!(&page, line);
            assert_eq!(listing["listed"], true, "{listing}");
            assert_eq!(by_slug.bytes, by_id.bytes);
            assert_eq!(by_slug.header("etag"), by_id.header("etag"));
        }
        let ready = app.get("/readyz").await;
        assert_eq!(ready.body["programs"], lines.len(), "every program of the seed may be republished");
        app.stop().await;
    }
}

on_both! {
    async fn every_search_reads_back_as_it_was_written(database: Database) {
        let app = TestApp::seeded(database).await;

        for asked in SEARCHES {
            let mut path = format!("/v1/programs?{asked}");
            loop {
                let answer = app.get(&path).await;

                assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                reads_back::<SearchAnswer>(&answer);
                match answer.body["page"]["next_cursor"].as_str() {
                    Some(cursor) if !asked.contains("limit=1") || asked.contains("limit=100") => {
                        path = format!("/v1/programs?{asked}&cursor={cursor}");
                    }
                    _ => break,
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_result_is_the_program_but_for_what_only_its_own_page_shows(database: Database) {
        let app = TestApp::seeded(database).await;

        for whom in ["self", "someone_i_support"] {
            let found = app.get(&format!("/v1/programs?limit=100&for={whom}")).await;

            for result in found.body["data"].as_array().unwrap() {
                let mut whole = app.get(&format!("/v1/programs/{}", text(result, "id"))).await.body;
                let sessions = whole["sessions"].as_array().unwrap().len();
                let whole_fields = whole.as_object_mut().unwrap();
                whole_fields.remove("provenance");
                for only_there in ["completeness", "listing", "criteria", "answers"] {
                    assert!(whole_fields.remove(only_there).is_some());
                }
                whole_fields.insert("match".to_owned(), result["match"].clone());
                whole_fields.insert("sessions_total".to_owned(), json!(sessions));
                whole["sessions"].as_array_mut().unwrap().truncate(5);
                assert_eq!(result, &whole);
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn every_catalogue_reads_back_as_it_was_written(database: Database) {
        let app = TestApp::seeded(database).await;

        reads_back::<OrganizationsAnswer>(&app.get("/v1/organizations?limit=100").await);
        reads_back::<OrganizationsAnswer>(&app.get("/v1/organizations?q=zzzz").await);
        reads_back::<TaxonomiesAnswer>(&app.get("/v1/taxonomies").await);
        reads_back::<TaxonomiesAnswer>(&app.get("/v1/taxonomies?lang=es").await);
        reads_back::<CriteriaAnswer>(&app.get("/v1/criteria").await);
        reads_back::<CrisisAnswer>(&app.get("/v1/crisis").await);
        reads_back::<CrisisAnswer>(&app.get("/v1/crisis?country=US&age=12").await);
        reads_back::<PlacesAnswer>(&app.get("/v1/places?q=s&limit=100").await);
        reads_back::<AboutAnswer>(&app.get("/v1/about").await);
        app.stop().await;
    }
}

on_both! {
    async fn every_problem_reads_back_as_it_was_written(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in ["/v1/programs?limit=0&q=%00", "/nothing", "/v1/programs/nothing", "/v1/about?x=1"] {
            let answer = app.get(path).await;

            let problem: Problem = serde_json::from_value(answer.body.clone()).unwrap();
            assert_eq!(serde_json::to_value(problem).unwrap(), answer.body, "{path}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn nothing_is_ever_null(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in [
            "/v1/programs?limit=100&near=97214",
            "/v1/export/programs.geojson",
            "/v1/organizations?limit=100",
            "/v1/taxonomies",
            "/v1/criteria",
            "/v1/crisis?country=GB",
            "/v1/places?q=port&limit=100",
            "/v1/about",
        ] {
            let answer = app.get(path).await;

            assert_eq!(answer.status, 200, "{path}");
            assert!(!has_null(&answer.body), "{path}");
        }
        app.stop().await;
    }
}

/// Reads an answer into its documented shape and writes it again.
fn reads_back<T: Serialize + DeserializeOwned>(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let read: T = serde_json::from_slice(&answer.bytes)
        .unwrap_or_else(|error| panic!("{error}: {}", answer.body));
    let written = serde_json::to_value(&read).unwrap();
    assert!(written == answer.body, "{}", first_difference("", &answer.body, &written));
}

/// Where two documents part, for a message that can be read.
fn first_difference(at: &str, sent: &Value, read: &Value) -> String {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            for (key, value) in sent {
                match read.get(key) {
                    None => return format!("{at}/{key} is not documented: {value}"),
                    Some(other) if other != value => {
                        return first_difference(&format!("{at}/{key}"), value, other);
                    }
                    Some(_same) => {}
                }
            }
            let more = read.keys().find(|key| !sent.contains_key(*key));
            more.map_or_else(String::new, |key| format!("{at}/{key} was not sent"))
        }
        (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
            let parted = sent.iter().zip(read).position(|(sent, read)| sent != read);
            parted.map_or_else(String::new, |index| {
                first_difference(&format!("{at}/{index}"), &sent[index], &read[index])
            })
        }
        _ => format!("{at}: {sent} was read as {read}"),
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}
