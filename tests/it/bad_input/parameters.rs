//! Parameters that are unknown, out of range or of another search.

use std::collections::BTreeSet;

use serde_json::json;

use super::{by_field, named, problem};
use crate::support::{TestApp, on_both};

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
            {"field": "for", "detail": "`me` is not known: expected one of self, someone_i_support, any"},
            {"field": "sort", "detail": "`best` is not known: expected one of relevance, distance, next_meeting, name, verified"},
            {"field": "limit", "detail": "must be a whole number from 1 to 100"},
            {"field": "attendance", "detail": "`here` is not known: expected one of in_person, online, hybrid"},
            {"field": "channel", "detail":
                "`fax` is not known: expected one of in_person, phone, text, video, chat, forum, email, web_form"},
            {"field": "accepting", "detail": "`maybe` is not known: expected one of yes, waitlist, no, unknown"},
            {"field": "facets", "detail":
                "`colour` is not known: expected one of kind, form, topic, audience, approach, accessibility, activity, language, \
                 cost, access, for, criteria, answer, attendance, channel, accepting, day, time_of_day"},
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
