//! Filters find exactly the programs that say so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{everything, has, id, ids, list, values, walk, wider_terms, with_wider};
use crate::support::{TestApp, on_both};

on_both! {
    async fn every_filter_finds_exactly_the_programs_that_say_so(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;
        let mine: Vec<&Value> =
            all.iter().filter(|program| has(program, "/for_whom", "self")).collect();
        let wider = wider_terms(&app).await;

        for (parameter, pointer) in [
            ("kind", "/kinds"),
            ("form", "/form"),
            ("topic", "/topics"),
            ("audience", "/audiences"),
            ("approach", "/approaches"),
            ("accessibility", "/accessibility"),
            ("activity", "/activities"),
            ("language", "/languages"),
            ("cost", "/cost/kind"),
            ("access", "/intake/access"),
        ] {
            let said = |program: &Value| -> BTreeSet<String> {
                let own = values(program, pointer);
                own.iter().flat_map(|value| with_wider(&wider, parameter, value)).collect()
            };
            let known: BTreeSet<String> = mine.iter().flat_map(|program| said(program)).collect();
            assert!(!known.is_empty(), "{parameter} tries nothing");
            for value in &known {
                let found = walk(&app, &[(parameter, value)]).await;
                let left_out = walk(&app, &[(parameter, &format!("-{value}"))]).await;

                let (with, without): (Vec<_>, Vec<_>) =
                    mine.iter().partition(|program| said(program).contains(value));
                assert_eq!(ids(&found), with.into_iter().map(id).collect(), "{parameter}={value}");
                assert_eq!(ids(&left_out), without.into_iter().map(id).collect(), "{parameter}=-{value}");
            }
            let two: Vec<&String> = known.iter().take(2).collect();
            if let [one, other] = two[..] {
                let joined = format!("{one},{other}");
                let repeated = walk(&app, &[(parameter, one), (parameter, other)]).await;
                let either = walk(&app, &[(parameter, &joined)]).await;
                let any = |program: &&&Value| said(program).contains(one) || said(program).contains(other);
                let expected: BTreeSet<String> = mine.iter().filter(any).map(|p| id(p)).collect();
                assert_eq!(ids(&either), expected, "{parameter}={joined}");
                assert_eq!(ids(&repeated), expected, "{parameter} twice");
                if ["topic", "audience", "approach", "accessibility", "language"].contains(&parameter) {
                    let both = walk(&app, &[(&format!("{parameter}_all"), &joined)]).await;
                    let all = |program: &&&Value| said(program).contains(one) && said(program).contains(other);
                    let expected: BTreeSet<String> = mine.iter().filter(all).map(|p| id(p)).collect();
                    assert_eq!(ids(&both), expected, "{parameter}_all={joined}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn different_filters_must_all_hold(database: Database) {
        let app = TestApp::seeded(database).await;

        let groups = ids(&walk(&app, &[("kind", "local_group")]).await);
        let english = ids(&walk(&app, &[("language", "en")]).await);
        let both = ids(&walk(&app, &[("kind", "local_group"), ("language", "en")]).await);

        assert_eq!(both, groups.intersection(&english).cloned().collect());
        assert!(both.len() < groups.len());
        app.stop().await;
    }
}

on_both! {
    async fn a_session_is_found_by_how_it_is_attended_and_reached(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for (parameter, value) in [
            ("attendance", "in_person"),
            ("attendance", "online"),
            ("channel", "phone"),
            ("channel", "video"),
            ("channel", "chat"),
            ("channel", "forum"),
        ] {
            let found = walk(&app, &[(parameter, value)]).await;

            let fits = |session: &Value| match parameter {
                "attendance" => session["attendance"] == value || session["attendance"] == "hybrid",
                _ => has(session, "/channels", value),
            };
            let expected: BTreeSet<String> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter(|program| list(&program["sessions"]).iter().any(fits))
                .map(id)
                .collect();
            let listed: BTreeSet<String> = found
                .iter()
                .filter(|program| !list(&program["sessions"]).is_empty())
                .map(id)
                .collect();
            assert_eq!(listed, expected, "{parameter}={value}");
            for program in &found {
                assert!(list(&program["sessions"]).iter().all(fits), "{parameter}={value}: {program}");
                assert!(list(&program["sessions"]).len() <= 5);
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_organization_is_found_by_its_slug_and_by_its_id(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;
        let organization = &all[0]["organization"];
        let [slug, organization_id] = ["slug", "id"].map(|key| organization[key].as_str().unwrap());

        let by_slug = walk(&app, &[("organization", slug)]).await;
        let by_id = walk(&app, &[("organization", organization_id)]).await;

        let expected: BTreeSet<String> = all
            .iter()
            .filter(|program| program["organization"]["id"] == organization["id"])
            .filter(|program| has(program, "/for_whom", "self"))
            .map(id)
            .collect();
        assert_eq!(ids(&by_slug), expected);
        assert_eq!(ids(&by_id), expected);
        app.stop().await;
    }
}

on_both! {
    async fn words_find_a_program_by_its_name(database: Database) {
        let app = TestApp::seeded(database).await;

        for program in everything(&app).await {
            let for_whom = program["for_whom"][0].as_str().unwrap();
            let name = program["name"].as_str().unwrap();
            let found = walk(&app, &[("q", name), ("for", for_whom)]).await;

            assert!(ids(&found).contains(&id(&program)), "{name}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_search_is_for_the_person_themself_unless_it_says_otherwise(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        let by_default = ids(&walk(&app, &[]).await);
        let myself = ids(&walk(&app, &[("for", "self")]).await);
        let other = ids(&walk(&app, &[("for", "someone_i_support")]).await);

        let of = |whom: &str| -> BTreeSet<String> {
            all.iter().filter(|program| has(program, "/for_whom", whom)).map(id).collect()
        };
        assert_eq!(by_default, of("self"));
        assert_eq!(myself, by_default);
        assert_eq!(other, of("someone_i_support"));
        assert_ne!(myself, other);
        app.stop().await;
    }
}

on_both! {
    async fn an_unstated_age_is_a_no_for_the_young_and_a_question_for_others(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for age in [9_u64, 13, 16, 17, 18, 19, 25, 40, 80] {
            let found = ids(&walk(&app, &[("age", &age.to_string())]).await);

            let takes = |program: &&Value| {
                let ages = &program["ages"];
                let is_for = |group| has(program, "/audiences", group);
                if ages["min"].is_null() && is_for("teens") {
                    let oldest = if is_for("young_adults") { 30 } else { 17 };
                    return (13..=ages["max"].as_u64().unwrap_or(oldest)).contains(&age);
                }
                if ages.is_null() {
                    return age >= 18;
                }
                ages["min"].as_u64().is_none_or(|min| age >= min)
                    && ages["max"].as_u64().is_none_or(|max| age <= max)
            };
            let expected: BTreeSet<String> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter(takes)
                .map(id)
                .collect();
            assert_eq!(found, expected, "{age}");
        }
        app.stop().await;
    }
}
