//! What is wrong is refused, by name, in words that help, and never breaks anything.

use std::collections::BTreeSet;

use peer_directory::http::SEARCH_PARAMETERS;
use serde_json::{Value, json};

use crate::raw_http::{self, RawAnswer};
use crate::support::{Answer, TestApp, cases, on_both};

/// Words of the machinery: none of them may be in what clients are told.
const INTERNALS: &[&str] = &[
    "sqlite",
    "postgres",
    "diesel",
    "src/",
    ".rs:",
    "panicked",
    "actix",
    "serde",
    "EOF while parsing",
    "recursion limit",
    "code point",
    "hex escape",
    "thread '",
];

on_both! {
    async fn every_mistake_is_reported_at_once_with_what_was_expected(database: Database) {
        let app = TestApp::seeded(database).await;

        let refused = app
            .get(
                "/v1/programs?languge=es&country=USA&radius=10&bbox=1,2,3&age=200&for=me&sort=best&limit=0\
                 &attendance=here&channel=fax&accepting=maybe&facets=colour&kind=grup&form=choir&topic=grif\
                 &audience=vets&language=!&cost=cheap&access=x&lang=!&cursor=abc&near=Portlnd,+OR",
            )
            .await;

        let expected = json!([
            {"field": "languge", "detail": "is not a parameter of this search; did you mean `language`?"},
            {"field": "country", "detail": "must be a country code of two capital letters, such as US"},
            {"field": "near", "detail": "there is no such place; did you mean `Portland, Oregon, United States`?"},
            {"field": "radius", "detail": "must be a distance up to 500 km or 310 mi, such as 10mi or 16km"},
            {"field": "bbox", "detail": "must be west,south,east,north in degrees, with south below north"},
            {"field": "age", "detail": "must be a whole number of years, 0 to 120"},
            {"field": "for", "detail": "`me` is not known: expected one of self, someone_i_support"},
            {"field": "sort", "detail": "`best` is not known: expected one of relevance, distance, name, verified"},
            {"field": "limit", "detail": "must be a whole number from 1 to 100"},
            {"field": "attendance", "detail": "`here` is not known: expected one of in_person, online, hybrid"},
            {"field": "channel", "detail":
                "`fax` is not known: expected one of in_person, phone, text, video, chat, forum, email, web_form"},
            {"field": "accepting", "detail": "`maybe` is not known: expected one of yes, waitlist, no, unknown"},
            {"field": "facets", "detail":
                "`colour` is not known: expected one of kind, form, topic, audience, approach, accessibility, activity, language, \
                 cost, access, for, attendance, channel, accepting"},
            {"field": "kind", "detail": "`grup` is not known: expected one of local_group, online, one_on_one"},
            {"field": "form", "detail":
                "`choir` is not known: expected one of support_group, drop_in_center, clubhouse, \
                 respite_stay, class, warmline, forum, mentoring"},
            {"field": "topic", "detail": "there is no topic `grif`; did you mean `grief`?"},
            {"field": "audience", "detail": "there is no audience `vets`; did you mean `veterans`?"},
            {"field": "language", "detail": "must be a language tag such as en, es or pt-BR"},
            {"field": "cost", "detail": "`cheap` is not known: expected one of free, donation, sliding, paid"},
            {"field": "access", "detail":
                "`x` is not known: expected one of drop_in, register, interview, referral, members"},
            {"field": "lang", "detail": "must be a language tag such as en, es or pt-BR"},
            {"field": "cursor", "detail": "must be the `next_cursor` of the page before, of the same search"},
        ]);
        assert_eq!(refused.status, 400);
        assert_eq!(by_field(&refused.body["errors"]), by_field(&expected));
        app.stop().await;
    }
}

on_both! {
    async fn each_bad_parameter_is_named(database: Database) {
        let app = TestApp::seeded(database).await;

        for (query, fields) in [
            ("near=91,0", "near"),
            ("near=-91,0", "near"),
            ("near=45,181", "near"),
            ("near=NaN,0", "near"),
            ("near=inf,-inf", "near"),
            ("near=45,", "near"),
            ("near=1,2,3", "near"),
            ("near=zzzzqqq", "near"),
            ("radius=10mi", "radius"),
            ("radius=10mi&near=", "radius"),
            ("radius=NaNkm&near=97214", "radius"),
            ("radius=infkm&near=97214", "radius"),
            ("radius=0km&near=97214", "radius"),
            ("radius=-1km&near=97214", "radius"),
            ("radius=501km&near=97214", "radius"),
            ("bbox=NaN,0,1,1", "bbox"),
            ("bbox=0,10,10,0", "bbox"),
            ("bbox=0,0,1,91", "bbox"),
            ("bbox=0,0,1", "bbox"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=1.5", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("age=-1", "age"),
            ("age=121", "age"),
            ("age=twelve", "age"),
            ("limit=5&limit=5", "limit"),
            ("near=97214&near=97214", "near"),
            ("q=a&q=b&sort=name&sort=name", "q sort"),
            ("q=a%00b", "q"),
            ("topic=%00&limit=0", "topic limit"),
            ("q=%ff&limit=0", "q limit"),
            ("near=%C3%28&q=%ff", "near q"),
            ("topic=-", "topic"),
            ("country=ZZ", "country"),
            ("country=USA&limit=0", "country limit"),
            ("organization=nobody", "organization"),
            ("TOPIC=grief", "TOPIC"),
            ("topics=grief&nere=97214", "nere topics"),
            ("=1", ""),
        ] {
            let refused = app.get(&format!("/v1/programs?{query}")).await;

            problem(&refused, 400);
            let expected: BTreeSet<&str> = fields.split(' ').collect();
            assert_eq!(named(&refused.body), expected, "{query}: {}", refused.body);
            for error in refused.body["errors"].as_array().unwrap() {
                assert!(error["detail"].as_str().unwrap().len() > 10, "{query}: {error}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn coordinates_off_the_earth_are_not_taken_for_a_postal_code(database: Database) {
        let app = TestApp::seeded(database).await;

        for near in ["91,0", "45,181", "91,0,0", "-91,0", "NaN,0"] {
            let refused = app.get(&format!("/v1/programs?near={near}")).await;

            problem(&refused, 400);
            let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
            assert!(!detail.contains("did you mean"), "{near}: {detail}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_unknown_parameter_names_the_known_one_that_was_meant(database: Database) {
        let app = TestApp::seeded(database).await;

        for (path, meant) in [
            ("/v1/programs?languge=es", "language"),
            ("/v1/programs?topics=grief", "topic"),
            ("/v1/programs?topic[]=grief", "topic"),
            ("/v1/programs?Topic=grief", "topic"),
            ("/v1/programs?TOPIC=grief", "topic"),
            ("/v1/programs?raduis=10mi", "radius"),
            ("/v1/programs?curser=x", "cursor"),
            ("/v1/organizations?limt=3", "limit"),
            ("/v1/organizations?corsor=3", "cursor"),
            ("/v1/taxonomies?language=es", "lang"),
            ("/v1/crisis?contry=US", "country"),
            ("/v1/places?limits=3&q=a", "limit"),
        ] {
            let refused = app.get(path).await;

            problem(&refused, 400);
            let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
            let (_, hint) = detail.split_once("; ").unwrap_or_default();
            assert_eq!(hint, format!("did you mean `{meant}`?"), "{path}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_unknown_term_names_the_one_that_its_words_mean(database: Database) {
        let app = TestApp::seeded(database).await;

        for (query, detail) in [
            ("accessibility=wheelchair", "there is no accessibility `wheelchair`; did you mean `step_free`?"),
            ("accessibility_all=subtitulos", "there is no accessibility `subtitulos`; did you mean `captions`?"),
            ("topic=-", "`-` must be followed by what to leave out"),
            ("cost=-", "`-` must be followed by what to leave out"),
            ("cost=-gratis", "`gratis` is not known: expected one of free, donation, sliding, paid"),
        ] {
            let refused = app.get(&format!("/v1/programs?{query}")).await;

            problem(&refused, 400);
            assert_eq!(refused.body["errors"][0]["detail"], detail, "{query}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_address_without_parameters_takes_none(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in [
            "/v1/programs/7-cups",
            "/v1/organizations/7-cups",
            "/v1/criteria",
            "/v1/about",
            "/v1/export/programs.ndjson",
            "/v1/export/programs.geojson",
        ] {
            let refused = app.get(&format!("{path}?topic=grief")).await;

            problem(&refused, 400);
            assert_eq!(named(&refused.body), ["topic"].into(), "{path}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn catalogues_name_their_bad_parameters(database: Database) {
        let app = TestApp::seeded(database).await;

        for (path, fields) in [
            ("/v1/organizations?limit=0&cursor=!&q=%00", "cursor limit q"),
            ("/v1/organizations?limit=1&limit=2", "limit"),
            ("/v1/organizations?cursor=bm90aGluZw", "cursor"),
            ("/v1/taxonomies?lang=!", "lang"),
            ("/v1/taxonomies?lang=en&lang=es", "lang"),
            ("/v1/crisis?country=USA&age=x", "age country"),
            ("/v1/crisis?country=US&country=GB", "country"),
            ("/v1/crisis?age=121", "age"),
            ("/v1/crisis?age=-1", "age"),
            ("/v1/places", "q"),
            ("/v1/places?q=&limit=101", "limit q"),
        ] {
            let refused = app.get(path).await;

            problem(&refused, 400);
            assert_eq!(named(&refused.body), fields.split(' ').collect(), "{path}: {}", refused.body);
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_cursor_is_taken_only_by_the_search_it_is_of(database: Database) {
        let app = TestApp::seeded(database).await;
        let first = app.get("/v1/programs?near=97214&limit=2").await;
        let cursor = first.body["page"]["next_cursor"].as_str().unwrap().to_owned();
        let mut forged = cursor.clone().into_bytes();
        forged[12] = if forged[12] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        let long = cursor.repeat(20);

        for query in [
            format!("near=97214&cursor={forged}"),
            format!("near=97214&cursor={}", &cursor[..cursor.len() - 1]),
            format!("near=97214&cursor={}", &cursor[1..]),
            format!("near=97214&cursor={long}"),
            format!("near=97214&cursor={cursor}%3D"),
            format!("near=10001&cursor={cursor}"),
            format!("cursor={cursor}"),
            format!("near=97214&topic=grief&cursor={cursor}"),
            format!("near=97214&sort=name&cursor={cursor}"),
            "near=97214&cursor=AQA".to_owned(),
        ] {
            let refused = app.get(&format!("/v1/programs?limit=2&{query}")).await;

            problem(&refused, 400);
            assert_eq!(named(&refused.body), ["cursor"].into(), "{query}");
        }
        let other_size = app.get(&format!("/v1/programs?near=97214&limit=5&cursor={cursor}")).await;
        assert_eq!(other_size.status, 200, "the size of a page is not part of the search");
        app.stop().await;
    }
}

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

on_both! {
    async fn a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(database: Database) {
        let app = TestApp::seeded(database).await;

        for (method, path, takes) in [
            ("DELETE", "/v1/programs", "GET"),
            ("POST", "/v1/programs", "GET"),
            ("PUT", "/v1/programs/7-cups", "GET"),
            ("PATCH", "/v1/organizations", "GET"),
            ("PUT", "/v1/programs/search", "POST"),
            ("GET", "/v1/programs/search", "POST"),
            ("POST", "/healthz", "GET"),
            ("BREW", "/v1/about", "GET"),
        ] {
            let refused = raw_http::ask(&app.url, method, path, &[]).await;

            raw_problem(&refused, 405);
            let allowed: BTreeSet<&str> = refused.header("allow").split(", ").collect();
            assert!(allowed.contains(takes), "{method} {path}: {allowed:?}");
            assert!(!allowed.contains(method), "{method} {path}: {allowed:?}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn there_is_nothing_at_other_addresses(database: Database) {
        let app = TestApp::seeded(database).await;

        for path in [
            "/nothing",
            "/v1",
            "/v1/",
            "/v1/nothing?x=1",
            "/v2/programs",
            "/v1/programs/nothing",
            "/v1/programs/",
            "/v1/programs/%ff",
            "/v1/programs/%00",
            "/v1/programs/%2e%2e%2fabout",
            "/v1/programs/00000000-0000-0000-0000-000000000000",
            "/v1/organizations/nothing",
            "/v1/export/programs.csv",
            "/docs/nothing.js",
            "/docs/../../etc/passwd",
            "/../../etc/passwd",
            "/docs/%2e%2e/%2e%2e/etc/passwd",
            "*",
        ] {
            let missing = raw_http::ask(&app.url, "GET", path, &[]).await;

            raw_problem(&missing, 404);
        }
        for (path, detail) in [
            ("/nothing", "Look at /docs for the addresses there are."),
            (
                "/v1/programs/nothing",
                "There is no program with this id or slug; GET /v1/programs finds programs.",
            ),
            (
                "/v1/organizations/nothing",
                "There is no organization with this id or slug; GET /v1/organizations lists them.",
            ),
        ] {
            assert_eq!(app.get(path).await.body["detail"], detail, "{path}");
        }
        let long = format!("/v1/programs/{}", "a".repeat(20_000));
        raw_problem(&raw_http::ask(&app.url, "GET", &long, &[]).await, 404);
        app.stop().await;
    }
}

on_both! {
    async fn more_than_anybody_would_ask_is_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        let long = app.get(&format!("/v1/programs?q={}", "a".repeat(201))).await;
        let longer = app.get(&format!("/v1/programs?q={}", "a".repeat(60_000))).await;
        let name = app.get(&format!("/v1/programs?{}=1", "a".repeat(5_000))).await;
        let many = app.get(&format!("/v1/programs?{}", "topic=grief&".repeat(1_000))).await;
        let unknown: String = (0..1_000).map(|number| format!("p{number}=1&")).collect();
        let unknown = app.get(&format!("/v1/programs?{unknown}")).await;

        for refused in [&long, &longer, &name, &many, &unknown] {
            problem(refused, 400);
        }
        assert_eq!(named(&long.body), ["q"].into());
        assert_eq!(named(&longer.body), ["q"].into());
        assert!(name.bytes.len() < 1_000, "a name is not echoed whole");
        // Beyond what the server reads of an address there is no problem document.
        for length in [70_000, 200_000] {
            let query = "a".repeat(length);
            let refused = raw_http::ask(&app.url, "GET", &format!("/v1/programs?q={query}"), &[]).await;
            assert!([400, 414, 431].contains(&refused.status), "{}", refused.status);
        }
        app.stop().await;
    }
}

on_both! {
    async fn bytes_that_are_no_request_are_refused(database: Database) {
        let app = TestApp::seeded(database).await;

        for request in [
            &b"\x00\x01\x02\r\n\r\n"[..],
            b"GET /v1/about HTTP/9.9\r\n\r\n",
            b"GET /v1/programs?q=a b HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"GET /v1/programs?q=\xff\xfe HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"GET /v1/about HTTP/1.1\r\nConnection: close\r\nX: a\x00b\r\n\r\n",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: -1\r\n\r\n{}",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\
              Content-Length: 3\r\n\r\n{}",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\
              Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/programs/search HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
              Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        ] {
            let refused = raw_http::exchange(&app.url, request).await;

            let text = String::from_utf8_lossy(request);
            assert!((400..500).contains(&refused.status), "{}: {text}", refused.status);
            tells_no_internals(&refused.bytes);
        }
        assert_eq!(app.get("/readyz").await.status, 200);
        app.stop().await;
    }
}

on_both! {
    async fn no_parameters_however_odd_break_anything(database: Database) {
        let app = TestApp::seeded(database).await;
        let paths = [
            "/v1/programs", "/v1/programs", "/v1/programs", "/v1/organizations", "/v1/taxonomies",
            "/v1/crisis", "/v1/places", "/v1/about",
        ];

        for case in 0..cases(2_000) {
            let mut random = fastrand::Rng::with_seed(case as u64);
            let path = random.choice(paths).unwrap();
            let query: Vec<String> = (0..random.usize(0..6))
                .map(|_| format!("{}={}", odd_name(&mut random), odd_value(&mut random)))
                .collect();
            let address = format!("{path}?{}", query.join("&"));

            let answer = app.get(&address).await;

            match answer.status {
                200 => assert!(answer.body.is_object(), "case {case}: {address}"),
                400 => problem(&answer, 400),
                other => panic!("case {case}: {other} {address}"),
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn no_body_however_odd_breaks_anything(database: Database) {
        let app = TestApp::seeded(database).await;

        for case in 0..cases(1_000) {
            let mut random = fastrand::Rng::with_seed(case as u64);
            let fields: serde_json::Map<String, Value> = (0..random.usize(0..6))
                .map(|_| (odd_name(&mut random), odd_json(&mut random, 3)))
                .collect();
            let mut body = serde_json::to_vec(&fields).unwrap();
            if random.u8(0..4) == 0 {
                let at = random.usize(0..body.len());
                body[at] = random.u8(..);
            }

            let answer = post(&app, "application/json", &body).await;

            let text = String::from_utf8_lossy(&body);
            match answer.status {
                200 => assert!(answer.body["page"]["total"].is_u64(), "case {case}: {text}"),
                400 => problem(&answer, 400),
                other => panic!("case {case}: {other} {text}"),
            }
        }
        app.stop().await;
    }
}

/// A parameter's name: mostly a known one.
fn odd_name(random: &mut fastrand::Rng) -> String {
    match random.u8(0..10) {
        0 => odd_text(random),
        1 => "country".to_owned(),
        _ => (*random.choice(SEARCH_PARAMETERS).unwrap()).to_owned(),
    }
}

/// A value for a URL: likely ones, borderline ones, and bytes of any kind, percent-encoded or not.
fn odd_value(random: &mut fastrand::Rng) -> String {
    match random.u8(0..5) {
        0 => (0..random.usize(0..20)).map(|_| format!("%{:02x}", random.u8(..))).collect(),
        1 => (0..random.usize(0..10))
            .map(|_| *random.choice(b"%&=+,;-'0").unwrap() as char)
            .collect(),
        _ => url::form_urlencoded::byte_serialize(odd_text(random).as_bytes()).collect(),
    }
}

fn odd_text(random: &mut fastrand::Rng) -> String {
    let known = [
        "",
        "0",
        "1",
        "-1",
        "100",
        "101",
        "1e9",
        "NaN",
        "inf",
        "-0.0",
        "90,180",
        "-90,-180",
        "91,0",
        "0,0",
        "97214",
        "Portland, OR",
        "SW1A 1AA",
        "Oregon",
        "1,2,3,4",
        "170,-10,-170,10",
        "-180,-90,180,90",
        "10mi",
        "500km",
        "0.5 km",
        "1m",
        "grief",
        "-grief",
        "depression,anxiety",
        "self",
        "someone_i_support",
        "relevance",
        "distance",
        "name",
        "verified",
        "en",
        "es",
        "pt-BR",
        "US",
        "us",
        "free",
        "local_group",
        "online",
        "in_person",
        "topic",
        "language,cost",
        "unknown",
        "AQA",
        "\u{0}",
        "\u{feff}",
        "\u{202e}",
        "é",
        "ß",
        "İ",
        "東京",
        "🙂",
        "a'; DROP TABLE programs; --",
        "<script>",
        "../../etc/passwd",
        "%s%n",
        "${jndi:x}",
        "\r\nSet-Cookie: a=b",
    ];
    match random.u8(0..8) {
        0 => (0..random.usize(0..30)).map(|_| random.char(..)).collect(),
        1 => random.choice(known).unwrap().repeat(random.usize(0..200)),
        2 => format!("{},{}", random.f64() * 400.0 - 200.0, random.f64() * 800.0 - 400.0),
        _ => (*random.choice(&known).unwrap()).to_owned(),
    }
}

fn odd_json(random: &mut fastrand::Rng, depth: u8) -> Value {
    match random.u8(0..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.f64() * 1e6),
        4 | 5 => json!(odd_text(random)),
        6 => (0..random.usize(0..4)).map(|_| odd_json(random, depth - 1)).collect(),
        _ => (0..random.usize(0..3))
            .map(|_| (odd_text(random), odd_json(random, depth - 1)))
            .collect(),
    }
}

async fn post(app: &TestApp, content_type: &str, body: &[u8]) -> Answer {
    let mut request = app.client.post(format!("{}/v1/programs/search", app.url));
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    app.send(request.body(body.to_vec())).await
}

/// Makes sure that a refusal is a whole problem document that tells nothing of the machinery.
fn problem(answer: &Answer, status: u16) {
    is_problem(answer.status, &answer.body, &answer.bytes, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let id = format!("urn:uuid:{}", answer.header("x-request-id"));
    assert_eq!(answer.body["instance"], id);
}

fn raw_problem(answer: &RawAnswer, status: u16) {
    is_problem(answer.status, &answer.body, &answer.bytes, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let id = format!("urn:uuid:{}", answer.header("x-request-id"));
    assert_eq!(answer.body["instance"], id);
}

fn is_problem(given: u16, body: &Value, bytes: &[u8], status: u16) {
    assert_eq!(given, status, "{body}");
    assert_eq!(body["status"], status, "{body}");
    let (kind, title) = match status {
        400 => ("invalid-request", "The request is not valid"),
        404 => ("not-found", "There is nothing here"),
        405 => ("method-not-allowed", "This address does not take that method"),
        413 => ("too-large", "The body is too large"),
        415 => ("not-json", "The body must be JSON"),
        other => panic!("{other} is not expected"),
    };
    assert_eq!(body["type"], format!("/problems/{kind}"));
    assert_eq!(body["title"], title);
    if status == 400 {
        assert!(!body["errors"].as_array().unwrap().is_empty(), "{body}");
    } else {
        assert!(body["detail"].is_string(), "{body}");
    }
    tells_no_internals(bytes);
}

fn tells_no_internals(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for word in INTERNALS {
        assert!(!text.contains(word), "{word} is told: {text}");
    }
}

/// The fields that a problem names: parameters, or the first part of JSON pointers.
fn named(problem: &Value) -> BTreeSet<&str> {
    let errors = problem["errors"].as_array().unwrap();
    let fields = errors.iter().map(|error| error["field"].as_str().unwrap());
    fields.map(|field| field.trim_start_matches('/').split('/').next().unwrap()).collect()
}

/// The details by field, for comparing without the order.
fn by_field(errors: &Value) -> BTreeSet<(&str, &str)> {
    let errors = errors.as_array().unwrap().iter();
    errors
        .map(|error| (error["field"].as_str().unwrap(), error["detail"].as_str().unwrap()))
        .collect()
}
