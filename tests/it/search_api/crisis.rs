//! Help in a crisis is in every answer.

use peer_directory::domain::CrisisLine;
use peer_directory::jobs::{self, Refresh};
use peer_directory::search::SearchIndex;
use serde_json::Value;

use super::{address, body, list, search};
use crate::kept::Kept;
use crate::support::{TestApp, on_both};

on_both! {
    async fn help_in_a_crisis_is_in_every_answer_by_the_place(database: Database) {
        let app = TestApp::seeded(database).await;

        for (near, country, number) in [
            ("97214", Some("US"), "911"),
            ("Toronto, ON", Some("CA"), "911"),
            ("SW1A 1AA", Some("GB"), "999"),
            ("Sydney", Some("AU"), "000"),
            ("0,-150", None, ""),
            ("", None, ""),
        ] {
            let found = search(&app, &[("near", near), ("limit", "1")]).await;
            let nothing = search(&app, &[("near", near), ("q", "zzzzqqqq")]).await;
            let named = country.map_or_else(String::new, |country| format!("?country={country}"));
            let alone = app.get(&format!("/v1/crisis{named}")).await;

            let crisis = &found["crisis"];
            assert_eq!(crisis["country"].as_str(), country, "{near}");
            assert_eq!(crisis, &alone.body, "{near}");
            assert_eq!(crisis, &nothing["crisis"], "{near}");
            assert_eq!(nothing["page"]["total"], 0);
            let lines = list(&crisis["lines"]);
            assert!(!lines.is_empty(), "{near}");
            assert!(lines.iter().all(|line| line["country"].as_str() == country), "{near}");
            let message = if number.is_empty() {
                "If you are in danger now, call your local emergency number.".to_owned()
            } else {
                format!("If you are in danger now, call {number}.")
            };
            assert!(crisis["message"].as_str().unwrap().starts_with(&message), "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn who_is_hurt_by_somebody_is_shown_lines_for_that_first(database: Database) {
        let app = TestApp::seeded(database).await;

        for country in ["AU", "DE", "ES", "FR", "GB", "IE", "IN", "LV", "NZ", "US"] {
            let hurt = search(&app, &[("country", country), ("q", "my husband hits me")]).await;
            let other = search(&app, &[("country", country), ("q", "i want to die")]).await;

            let first = &hurt["crisis"]["lines"][0];
            assert_eq!(first["violence"], true, "{first}");
            let phone = first["phone"].as_str().unwrap();
            let message = hurt["notice"]["message"].as_str().unwrap();
            assert!(message.contains(phone), "{message}");
            let lines = other["crisis"]["lines"].as_array().unwrap();
            assert!(lines.iter().all(|line| line.get("violence").is_none()), "{country}");
            // Whoever is hurt may want the others as well.
            let all = hurt["crisis"]["lines"].as_array().unwrap();
            assert!(lines.iter().all(|line| all.contains(line)), "{country}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_country_alone_chooses_the_crisis_lines_and_nothing_else(database: Database) {
        let app = TestApp::seeded(database).await;

        let anywhere = search(&app, &[]).await;
        for (asked, country) in [
            (&[("country", "gb")][..], "GB"),
            (&[("country", "GB"), ("near", "0,-150")], "GB"),
            (&[("country", "GB"), ("near", "45.5,-122.6")], "US"),
        ] {
            let found = search(&app, asked).await;

            assert_eq!(found["crisis"]["country"], country, "{asked:?}");
            if asked.len() == 1 {
                assert_eq!(found["data"], anywhere["data"]);
                assert_eq!(found["page"]["total"], anywhere["page"]["total"]);
                assert!(found.get("place").is_none(), "{found}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn lines_that_nobody_has_checked_for_long_are_told_with_the_day(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut words = jobs::seed_vocabulary().unwrap();
        let day: jiff::civil::Date = jiff::civil::date(2024, 1, 5);
        for line in &mut words.crisis_lines {
            if line.key.as_str() == "us_988" {
                line.checked_on = day;
            }
        }
        app.catalog.put_vocabulary(&words).unwrap();
        app.refresh();

        let told = app.get("/v1/crisis?country=US").await.body;
        let message = told["message"].as_str().unwrap();
        assert!(message.starts_with("If you are in danger now, call 911. We last checked"), "{message}");
        assert!(message.contains("on 2024-01-05."), "{message}");
        let found = search(&app, &[("near", "97214")]).await;
        assert_eq!(found["crisis"]["message"], told["message"]);
        let told = app.get("/v1/crisis?country=US&lang=es").await.body;
        assert!(told["message"].as_str().unwrap().contains("por última vez el 2024-01-05"), "{told}");
        let page = app.get("/v1/guides/how-to-choose.html?country=US").await.bytes;
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("We last checked some of these numbers on 2024-01-05."), "{page}");
        let elsewhere = app.get("/v1/crisis?country=GB").await.body;
        assert!(!elsewhere["message"].as_str().unwrap().contains("2024"), "{elsewhere}");
        app.stop().await;
    }
}

on_both! {
    async fn a_snapshot_is_made_anew_when_a_line_was_checked_long_ago(database: Database) {
        let kept = Kept::seeded(database);
        let index = SearchIndex::default();
        Refresh::new(kept.catalog.clone(), index.clone()).run().unwrap();
        let snapshot = index.current().unwrap();
        let lines = snapshot.surroundings().crisis_lines.iter();
        let made_on = snapshot.surroundings().today;
        let fresh = lines.map(CrisisLine::fresh_until).filter(|last| made_on <= *last);

        if let Some(last) = fresh.min() {
            assert!(!snapshot.counts_what_expired(last), "{last}");
            assert!(snapshot.counts_what_expired(last.tomorrow().unwrap()), "{last}");
        }
    }
}

on_both! {
    async fn lines_for_young_people_come_first_for_the_young(database: Database) {
        let app = TestApp::seeded(database).await;
        let youth = |crisis: &Value| -> Vec<bool> {
            list(&crisis["lines"]).iter().map(|line| line["youth"] == true).collect()
        };

        for near in ["97214", "New York"] {
            let young = search(&app, &[("near", near), ("age", "17")]).await;
            let grown = search(&app, &[("near", near), ("age", "18")]).await;
            let unsaid = search(&app, &[("near", near)]).await;

            assert!(youth(&young["crisis"])[0], "{near}");
            assert!(youth(&young["crisis"]).is_sorted_by(|a, b| a >= b), "{near}");
            assert_eq!(grown["crisis"], unsaid["crisis"], "{near}");
            assert!(!youth(&grown["crisis"])[0], "{near}");
            let country = young["crisis"]["country"].as_str().unwrap();
            let alone = app.get(&format!("/v1/crisis?country={country}&age=17")).await;
            assert_eq!(alone.body, young["crisis"], "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn words_of_danger_put_help_first_and_say_so(database: Database) {
        let app = TestApp::seeded(database).await;

        for (words, danger) in [
            ("I want to die", "suicide"),
            ("suicidle thoughts", "suicide"),
            ("overdose", "overdose"),
            ("he wil kill me", "violence"),
            ("i want to hurt someone", "harm_to_others"),
            ("crisis line", "crisis"),
            ("no quiero vivir", "suicide"),
        ] {
            for lang in ["en", "es"] {
                let asked = [("q", words), ("near", "97214"), ("lang", lang), ("facets", "topic")];
                let found = app.get(&address(&asked)).await;
                let posted = app.post("/v1/programs/search", &body(&asked)).await;

                assert_eq!(found.bytes, posted.bytes, "{words}");
                assert!(found.bytes.starts_with(br#"{"crisis":{"country":"US","#), "{words}");
                assert_eq!(found.body["notice"]["danger"], danger, "{words}");
                let message = found.body["notice"]["message"].as_str().unwrap();
                let number = if danger == "violence" { "1-800-799-7233" } else { "988" };
                assert!(message.contains(number) && message.contains("911"), "{message}");
                assert_eq!(message.contains("llama "), lang == "es", "{message}");
                let plain = search(&app, &[("q", "grief"), ("near", "97214")]).await;
                let keys = |answer: &Value| -> Vec<Value> {
                    list(&answer["crisis"]["lines"]).iter().map(|line| line["key"].clone()).collect()
                };
                let (found, plain) = (keys(&found.body), keys(&plain));
                assert!(found.ends_with(&plain), "the usual lines are always there");
                assert_eq!(found.len() > plain.len(), danger == "violence", "{words}");
            }
        }
        for words in ["grief", "suicide loss", "grupo de duelo"] {
            let found = app.get(&address(&[("q", words)])).await;

            assert!(found.bytes.starts_with(br#"{"data":["#), "{words}");
            assert!(found.body.get("notice").is_none(), "{words}");
        }
        app.stop().await;
    }
}
