//! Bodies that are no search.

use std::collections::BTreeSet;

use super::{named, post, problem};
use crate::support::{TestApp, on_both};

on_both! {
    async fn a_body_that_is_no_search_is_refused_by_field(database: Database) {
        let app = TestApp::seeded(database).await;

        for (body, fields) in [
            (&b""[..], ""),
            (b"[]", ""),
            (b"null", ""),
            (b"\"grief\"", ""),
            (b"{\"q\":", ""),
            (b"{\"q\": \"\xff\"}", ""),
            (b"{\"q\": \"\\ud800\"}", ""),
            (b"{\"age\": NaN}", ""),
            (b"{\"limit\": 1e999}", ""),
            (b"{\"q\": \"a\\u0000b\", \"limit\": 0}", "limit q"),
            (b"{\"q\": [\"a\", \"b\"]}", "q"),
            (b"{\"q\": {\"a\": 1}, \"topic\": [[\"grief\"]], \"nope\": 1}", "nope q topic"),
            (b"{\"limit\": 1.5, \"age\": true}", "age limit"),
            (b"{\"languge\": [\"es\"], \"near\": \"91,0\"}", "languge near"),
        ] {
            let refused = post(&app, "application/json", body).await;

            problem(&refused, 400);
            let text = String::from_utf8_lossy(body);
            let fields: BTreeSet<&str> = fields.split(' ').collect();
            assert_eq!(named(&refused.body), fields, "{text}: {}", refused.body);
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_field_that_is_given_twice_in_a_body_is_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        let refused = post(&app, "application/json", br#"{"q": "grief", "q": "anxiety"}"#).await;

        problem(&refused, 400);
        assert_eq!(named(&refused.body), ["q"].into());
        app.stop().await;
    }
}

on_both! {
    async fn what_is_in_the_address_of_a_posted_search_is_not_ignored(database: Database) {
        let app = TestApp::seeded(database).await;
        let request = app.client.post(format!("{}/v1/programs/search?topic=grief", app.url));

        let refused = app.send(request.header("content-type", "application/json").body("{}")).await;

        problem(&refused, 400);
        assert_eq!(named(&refused.body), ["topic"].into());
        app.stop().await;
    }
}

on_both! {
    async fn deep_and_large_bodies_are_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        let deep = post(&app, "application/json", &b"[".repeat(60_000)).await;
        let deep_objects = post(&app, "application/json", &b"{\"q\":".repeat(10_000)).await;
        let deeper = post(&app, "application/json", &b"[".repeat(100_000)).await;
        let largest = [b"{}".to_vec(), vec![b' '; 65_534]].concat();
        let fits = post(&app, "application/json", &largest).await;
        let large = post(&app, "application/json", &[largest.as_slice(), b" "].concat()).await;

        problem(&deep, 400);
        problem(&deep_objects, 400);
        problem(&deeper, 413);
        assert_eq!(fits.status, 200);
        problem(&large, 413);
        assert_eq!(large.body["detail"], "Send at most 65536 bytes.");
        app.stop().await;
    }
}

on_both! {
    async fn a_body_must_say_that_it_is_json(database: Database) {
        let app = TestApp::seeded(database).await;

        for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
            problem(&post(&app, kind, b"{}").await, 415);
        }
        for kind in ["application/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(post(&app, kind, b"{}").await.status, 200, "{kind}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_body_in_an_encoding_is_refused_rather_than_misread(database: Database) {
        let app = TestApp::seeded(database).await;
        let request = app.client.post(format!("{}/v1/programs/search", app.url));
        let request = request.header("content-type", "application/json").header("content-encoding", "gzip");

        problem(&app.send(request.body("{}")).await, 415);
        app.stop().await;
    }
}
