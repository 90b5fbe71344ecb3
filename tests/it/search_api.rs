//! Searching over HTTP: places, filters, counts, order, pages, and help in a crisis.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use peer_directory::domain::{Position, fold};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

/// Places with programs near, none near, in other countries, at sea and beyond the date line.
const PLACES: &[&str] = &[
    "45.523,-122.676",
    "97214",
    "Portland, OR",
    "New York",
    "London",
    "SW1A 1AA",
    "Toronto, ON",
    "Vermont",
    "Belfast",
    "Australia",
    "Tokyo",
    "0,-150",
    "-17.7,178.2",
];

on_both! {
    async fn a_place_may_be_coordinates_a_postal_code_a_town_or_a_region(database: Database) {
        let app = TestApp::seeded(database).await;

        for (near, kind) in [
            ("45.523,-122.676", "coordinates"),
            ("97214", "postal_code"),
            ("97214-1234", "postal_code"),
            ("Portland, OR", "town"),
            ("portland oregon", "town"),
            ("Oregon", "subdivision"),
        ] {
            let found = search(&app, &[("near", near)]).await;

            let place = &found["place"];
            assert_eq!(place["kind"], kind, "{near}");
            assert_eq!(place["subdivision"], "US-OR", "{near}");
            assert_eq!(found["crisis"]["country"], "US", "{near}");
            let relations = found["relations"].as_object().unwrap();
            assert_eq!(relations.len(), 4, "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_country_settles_a_name_that_many_places_have(database: Database) {
        let app = TestApp::seeded(database).await;

        let first = search(&app, &[("near", "London")]).await;
        let other = search(&app, &[("near", "London"), ("country", "CA")]).await;

        assert_eq!(first["place"]["country"], "GB");
        assert_eq!(other["place"]["country"], "CA");
        assert!(list(&first["place"]["alternatives"]).contains(&{
            let mut place = other["place"].clone();
            place.as_object_mut().unwrap().remove("searched_m");
            place.as_object_mut().unwrap().remove("alternatives");
            place
        }));
        app.stop().await;
    }
}

on_both! {
    async fn a_place_that_is_not_found_is_an_error_with_spellings_that_are_found(database: Database) {
        let app = TestApp::seeded(database).await;

        for misspelt in ["Portlnd, OR", "Philadelfia", "Bostn", "Torontoo", "Manchster, England"] {
            let refused = app.get(&address(&[("near", misspelt)])).await;

            assert_eq!(refused.status, 400, "{misspelt}");
            assert_eq!(refused.body["errors"][0]["field"], "near", "{misspelt}");
            let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
            let suggestions: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
            assert!(!suggestions.is_empty(), "{detail}");
            let distinct: BTreeSet<&&str> = suggestions.iter().collect();
            assert_eq!(distinct.len(), suggestions.len(), "{detail}");
            for suggestion in suggestions {
                search(&app, &[("near", suggestion)]).await;
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_postal_code_that_is_not_known_suggests_each_of_its_neighbours_once(database: Database) {
        let app = TestApp::seeded(database).await;

        let refused = app.get("/v1/programs?near=123456").await;

        assert_eq!(refused.status, 400);
        let detail = refused.body["errors"][0]["detail"].as_str().unwrap();
        let suggestions: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
        let distinct: BTreeSet<&&str> = suggestions.iter().collect();
        assert_eq!(distinct.len(), suggestions.len(), "{detail}");
        let [one, other, last] = suggestions[..] else { panic!("{detail}") };
        assert!(detail.ends_with(&format!("did you mean `{one}`, `{other}` or `{last}`?")), "{detail}");
        app.stop().await;
    }
}

on_both! {
    async fn a_radius_bounds_what_is_near_and_nothing_else(database: Database) {
        let app = TestApp::seeded(database).await;

        for near in PLACES {
            let mut before = BTreeSet::new();
            for radius in ["5km", "40km", "100mi", "500km"] {
                let found = walk(&app, &[("near", near), ("radius", radius)]).await;

                let meters = match radius.strip_suffix("mi") {
                    Some(miles) => miles.parse::<f64>().unwrap() * 1_609.344,
                    None => radius.trim_end_matches("km").parse::<f64>().unwrap() * 1_000.0,
                };
                let is_near = |program: &&Value| program["match"]["relation"] == "near";
                for program in found.iter().filter(is_near) {
                    let distance = program["match"]["distance_m"].as_f64().unwrap();
                    assert!(distance <= meters, "{near} {radius}: {program}");
                }
                let now: BTreeSet<String> =
                    found.iter().filter(is_near).map(id).collect();
                assert!(before.is_subset(&now), "{near} {radius}");
                before = now;
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn what_is_near_is_exactly_what_meets_within_the_radius(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for near in ["45.523,-122.676", "40.713,-74.006", "51.507,-0.128", "43.07,-89.4"] {
            let (latitude, longitude) = near.split_once(',').unwrap();
            let here = Position::new(latitude.parse().unwrap(), longitude.parse().unwrap()).unwrap();
            let found = walk(&app, &[("near", near), ("radius", "300km")]).await;

            let expected: BTreeMap<String, u32> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter_map(|program| Some((id(program), nearest(program, here)?)))
                .filter(|(_, distance_m)| *distance_m <= 300_000)
                .collect();
            let told: BTreeMap<String, u32> = found
                .iter()
                .filter(|program| program["match"]["relation"] == "near")
                .map(|program| {
                    let told = program["match"]["distance_m"].as_u64().unwrap();
                    (id(program), u32::try_from(told).unwrap())
                })
                .collect();
            assert_eq!(told, expected, "{near}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_box_finds_exactly_what_meets_in_it(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = everything(&app).await;

        for (bbox, [west, south, east, north]) in [
            ("-125,24,-66,50", [-125.0, 24.0, -66.0, 50.0]),
            ("-11,49,3,61", [-11.0, 49.0, 3.0, 61.0]),
            ("100,-50,-60,90", [100.0, -50.0, -60.0, 90.0]),
            ("-180,-90,180,90", [-180.0, -90.0, 180.0, 90.0]),
        ] {
            let found = walk(&app, &[("bbox", bbox)]).await;

            let inside = |point: &Value| {
                let latitude = point["latitude"].as_f64().unwrap();
                let longitude = point["longitude"].as_f64().unwrap();
                let spans = if west <= east {
                    (west..=east).contains(&longitude)
                } else {
                    longitude >= west || longitude <= east
                };
                spans && (south..=north).contains(&latitude)
            };
            let expected: BTreeSet<String> = all
                .iter()
                .filter(|program| has(program, "/for_whom", "self"))
                .filter(|program| points(program).iter().any(&inside))
                .map(id)
                .collect();
            assert_eq!(ids(&found), expected, "{bbox}");
            assert!(!expected.is_empty(), "{bbox} tries nothing");
        }
        app.stop().await;
    }
}

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

on_both! {
    async fn a_count_says_what_choosing_the_value_would_find(database: Database) {
        let app = TestApp::seeded(database).await;
        let facets = [
            "kind", "form", "topic", "audience", "approach", "accessibility", "activity", "language",
            "cost", "access", "for", "attendance", "channel", "accepting",
        ];

        for base in [
            vec![],
            vec![("near", "New York"), ("radius", "200km")],
            vec![("topic", "depression"), ("cost", "free")],
            vec![("bbox", "-11,49,3,61"), ("attendance", "in_person")],
            vec![("near", "97214"), ("radius", "500km"), ("kind", "online"), ("language", "en")],
        ] {
            let mut asked = base.clone();
            asked.extend(facets.map(|facet| ("facets", facet)));
            let counted = search(&app, &asked).await;

            assert_eq!(counted["facets"].as_object().unwrap().len(), facets.len());
            for facet in facets {
                let counts = list(&counted["facets"][facet]);
                for pair in counts.windows(2) {
                    assert!(pair[0]["count"].as_u64() >= pair[1]["count"].as_u64(), "{base:?} {facet}");
                }
                for count in &counts {
                    let value = count["value"].as_str().unwrap();
                    let mut chosen: Vec<_> =
                        base.iter().filter(|(name, _)| *name != facet).copied().collect();
                    chosen.push((facet, value));
                    let found = search(&app, &chosen).await;

                    assert_eq!(found["page"]["total"], count["count"], "{chosen:?}");
                    assert_ne!(count["label"], "", "{facet}={value}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn labels_come_in_the_language_that_is_asked_for(database: Database) {
        let app = TestApp::seeded(database).await;
        let of = |found: &Value| -> BTreeMap<String, String> {
            let counts = list(&found["facets"]["topic"]);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            counts.iter().map(|count| (text(&count["value"]), text(&count["label"]))).collect()
        };

        let english = of(&search(&app, &[("facets", "topic")]).await);
        let spanish = of(&search(&app, &[("facets", "topic"), ("lang", "es")]).await);
        let mexican = of(&search(&app, &[("facets", "topic"), ("lang", "es-MX")]).await);
        let klingon = of(&search(&app, &[("facets", "topic"), ("lang", "tlh")]).await);

        assert_eq!(english["grief"], "Grief");
        assert_ne!(spanish["grief"], english["grief"]);
        assert_eq!(mexican, spanish);
        assert_eq!(klingon, english);
        let closed = search(&app, &[("facets", "cost,language,for"), ("lang", "es-MX")]).await;
        for (facet, value, label) in
            [("cost", "free", "Gratis"), ("language", "en", "Inglés"), ("for", "self", "Para mí")]
        {
            let counts = list(&closed["facets"][facet]);
            let count = counts.iter().find(|count| count["value"] == value);
            assert_eq!(count.unwrap()["label"], label, "{facet}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn pages_of_any_size_join_to_the_same_list(database: Database) {
        let app = TestApp::seeded(database).await;

        for sort in ["relevance", "distance", "name", "verified"] {
            for near in ["", "New York", "London", "0,-150"] {
                let base = [("sort", sort), ("near", near)];
                let whole = walk_by(&app, &base, 100).await;
                let sixes = walk_by(&app, &base, 6).await;
                let posted = walk_posted(&app, &base, 17).await;

                let order = |found: &[Value]| -> Vec<String> { found.iter().map(id).collect() };
                assert_eq!(order(&sixes), order(&whole), "{base:?}");
                assert_eq!(order(&posted), order(&whole), "{base:?}");
                assert_eq!(ids(&whole).len(), whole.len(), "{base:?}: one is there twice");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn results_come_in_the_order_that_is_asked_for(database: Database) {
        let app = TestApp::seeded(database).await;

        let by_name = walk(&app, &[("sort", "name")]).await;
        let by_distance = walk(&app, &[("sort", "distance"), ("near", "Boston"), ("radius", "500km")]).await;

        let names: Vec<String> =
            by_name.iter().map(|program| fold(program["name"].as_str().unwrap())).collect();
        assert!(names.is_sorted());
        let distances: Vec<u64> = by_distance
            .iter()
            .map(|program| program["match"]["distance_m"].as_u64().unwrap_or(u64::MAX))
            .collect();
        assert!(distances.is_sorted(), "{distances:?}");
        assert!(distances[0] < u64::MAX && distances[distances.len() - 1] == u64::MAX);
        app.stop().await;
    }
}

on_both! {
    async fn each_result_says_how_it_stands_to_the_person(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut seen = BTreeSet::new();

        for near in PLACES {
            let first = search(&app, &[("near", near)]).await;
            let all = walk(&app, &[("near", near)]).await;

            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for program in &all {
                let relation = program["match"]["relation"].as_str().unwrap();
                *counts.entry(relation.to_owned()).or_default() += 1;
                assert_eq!(relation == "near", !program["match"]["distance_m"].is_null(), "{program}");
                let placed = list(&program["sessions"]).iter().any(|s| !s["location"].is_null());
                assert!(relation != "near" || placed, "{program}");
            }
            let told: BTreeMap<String, u64> =
                serde_json::from_value(first["relations"].clone()).unwrap();
            let told: BTreeMap<String, u64> = told.into_iter().filter(|(_, count)| *count > 0).collect();
            assert_eq!(counts, told, "{near}");
            assert_eq!(first["page"]["total"], counts.values().sum::<u64>(), "{near}");
            let chapters = all.iter().map(|program| program["match"]["relation"] == "find_a_chapter");
            assert!(chapters.is_sorted(), "{near}: chapters come after real meetings");
            seen.extend(counts.into_keys());
        }

        let four = ["near", "serves_area", "open_to", "find_a_chapter"];
        assert_eq!(seen, four.map(str::to_owned).into());
        app.stop().await;
    }
}

on_both! {
    async fn without_a_place_there_is_no_relation_and_no_distance(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = search(&app, &[("limit", "100")]).await;

        assert!(list(&found["data"]).iter().all(|program| program["match"] == json!({})));
        assert_eq!(found.get("place"), None);
        assert_eq!(found.get("relations"), None);
        app.stop().await;
    }
}

on_both! {
    async fn what_a_relaxation_promises_is_found(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut tried = BTreeSet::new();

        for base in [
            vec![("near", "97214"), ("topic", "grief")],
            vec![("near", "97214"), ("radius", "1km")],
            vec![("near", "0,-150"), ("kind", "local_group")],
            vec![("near", "London"), ("radius", "2km"), ("form", "respite_stay")],
            vec![("bbox", "0,0,1,1")],
            vec![("near", "Vermont"), ("activity", "work_units")],
        ] {
            let found = search(&app, &base).await;

            let total = found["page"]["total"].as_u64().unwrap();
            for relaxation in list(&found["relaxations"]) {
                let kind = relaxation["kind"].as_str().unwrap();
                let wider = format!("{}m", relaxation["radius_m"]);
                let mut changed = base.clone();
                match kind {
                    "wider_radius" => {
                        changed.retain(|(name, _)| *name != "radius");
                        changed.push(("radius", wider.as_str()));
                    }
                    "anywhere" => changed.retain(|(name, _)| !["near", "radius", "bbox"].contains(name)),
                    _ => continue,
                }
                let more = search(&app, &changed).await["page"]["total"].as_u64().unwrap();
                assert_eq!(more - total, relaxation["more"].as_u64().unwrap(), "{base:?} {relaxation}");
                tried.insert(kind.to_owned());
            }
        }

        assert_eq!(tried, ["anywhere", "wider_radius"].map(str::to_owned).into());
        app.stop().await;
    }
}

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
            assert_eq!(crisis["message"], message, "{near}");
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
    async fn a_body_finds_what_an_address_finds(database: Database) {
        let app = TestApp::seeded(database).await;

        for asked in [
            vec![],
            vec![("q", "grief circle")],
            vec![("near", "97214"), ("radius", "25mi"), ("topic", "depression"), ("topic", "grief")],
            vec![("near", "London"), ("country", "GB"), ("age", "16"), ("lang", "es")],
            vec![("facets", "topic"), ("facets", "cost"), ("kind", "-online"), ("limit", "3")],
            vec![("bbox", "-125,24,-66,50"), ("for", "someone_i_support"), ("sort", "name")],
        ] {
            let by_address = search(&app, &asked).await;
            let by_body = app.post("/v1/programs/search", &body(&asked)).await;

            assert_eq!(by_body.status, 200, "{asked:?}");
            // The cursor tells the moment of its first page.
            assert_eq!(without_cursor(&by_body.body), without_cursor(&by_address), "{asked:?}");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_empty_value_counts_as_absent(database: Database) {
        let app = TestApp::seeded(database).await;

        let plain = search(&app, &[]).await;
        let empty = app
            .get("/v1/programs?q=&near=&radius=&topic=&age=&limit=&sort=&cursor=&for=&lang=&kind=,,&=")
            .await;
        let null = app
            .post("/v1/programs/search", &json!({"q": null, "near": "", "topic": [], "kind": [""], "age": null}))
            .await;

        assert_eq!(empty.status, 400, "a name is missing");
        let empty = app
            .get("/v1/programs?q=&near=&radius=&topic=&age=&limit=&sort=&cursor=&for=&lang=&kind=,,")
            .await;
        assert_eq!(without_cursor(&empty.body), without_cursor(&plain));
        assert_eq!(without_cursor(&null.body), without_cursor(&plain));
        app.stop().await;
    }
}

/// The address of a search.
fn address(asked: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
    format!("/v1/programs?{query}")
}

/// The body of a search: what is asked twice becomes a list.
fn body(asked: &[(&str, &str)]) -> Value {
    let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in asked {
        fields.entry(name).or_default().push(value);
    }
    let text = |values: Vec<&str>| if values.len() == 1 { json!(values[0]) } else { json!(values) };
    fields.into_iter().map(|(name, values)| (name.to_owned(), text(values))).collect()
}

async fn search(app: &TestApp, asked: &[(&str, &str)]) -> Value {
    let answer = app.get(&address(asked)).await;
    assert_eq!(answer.status, 200, "{asked:?}: {}", answer.body);
    answer.body
}

/// Every result, page by page.
async fn walk(app: &TestApp, asked: &[(&str, &str)]) -> Vec<Value> {
    walk_by(app, asked, 100).await
}

async fn walk_by(app: &TestApp, asked: &[(&str, &str)], limit: usize) -> Vec<Value> {
    let limit = limit.to_string();
    let base = [asked, &[("limit", limit.as_str())]].concat();
    let mut found = Vec::new();
    let mut page = search(app, &base).await;
    loop {
        found.extend(list(&page["data"]));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else { break };
        let next = [base.as_slice(), &[("cursor", cursor)]].concat();
        page = search(app, &next).await;
    }
    assert_eq!(page["page"]["total"], found.len(), "{asked:?}");
    found
}

async fn walk_posted(app: &TestApp, asked: &[(&str, &str)], limit: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let mut asked = body(asked);
    asked["limit"] = json!(limit);
    loop {
        let page = app.post("/v1/programs/search", &asked).await.body;
        found.extend(list(&page["data"]));
        let Some(cursor) = page["page"].get("next_cursor") else { return found };
        asked["cursor"] = cursor.clone();
    }
}

/// Every program whole, whomever it is for.
async fn everything(app: &TestApp) -> Vec<Value> {
    let export = app.get("/v1/export/programs.ndjson").await;
    let text = String::from_utf8(export.bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The wider terms of each term, by taxonomy and key.
async fn wider_terms(app: &TestApp) -> HashMap<(String, String), Vec<String>> {
    let taxonomies = app.get("/v1/taxonomies").await.body;
    let mut wider = HashMap::new();
    for (taxonomy, terms) in taxonomies["data"].as_object().unwrap() {
        for term in list(terms) {
            let key = term["key"].as_str().unwrap().to_owned();
            wider.insert((taxonomy.clone(), key), values(&term, "/parent"));
        }
    }
    wider
}

/// A value with everything it is a part of.
fn with_wider(
    wider: &HashMap<(String, String), Vec<String>>,
    parameter: &str,
    value: &str,
) -> BTreeSet<String> {
    let mut all = BTreeSet::from([value.to_owned()]);
    if parameter == "language" {
        all.extend(value.split_once('-').map(|(language, _)| language.to_owned()));
    }
    let mut open = vec![value.to_owned()];
    while let Some(key) = open.pop() {
        for above in wider.get(&(parameter.to_owned(), key)).into_iter().flatten() {
            if all.insert(above.clone()) {
                open.push(above.clone());
            }
        }
    }
    all
}

/// The texts at a place of a document: one, several or none.
fn values(document: &Value, pointer: &str) -> Vec<String> {
    match document.pointer(pointer) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(texts)) => {
            strings(&texts.iter().filter_map(Value::as_str).collect::<Vec<_>>())
        }
        _ => Vec::new(),
    }
}

fn has(document: &Value, pointer: &str, value: &str) -> bool {
    values(document, pointer).iter().any(|known| known == value)
}

/// The public points of a program's sessions.
fn points(program: &Value) -> Vec<Value> {
    let sessions = list(&program["sessions"]);
    let met = sessions.iter().filter(|session| session["attendance"] != "online");
    met.filter_map(|session| session.get("location")).cloned().collect()
}

/// The meters to the nearest public point.
fn nearest(program: &Value, here: Position) -> Option<u32> {
    let origin = peer_directory::domain::Origin::new(here);
    let distances = points(program).into_iter().map(|point| {
        let [latitude, longitude] =
            ["latitude", "longitude"].map(|key| point[key].as_f64().unwrap());
        origin.distance_m(Position::new(latitude, longitude).unwrap().to_ecef())
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the earth")]
    distances.min_by(f64::total_cmp).map(|meters| meters.round() as u32)
}

fn id(program: &Value) -> String {
    program["id"].as_str().unwrap().to_owned()
}

fn ids(programs: &[Value]) -> BTreeSet<String> {
    programs.iter().map(id).collect()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn strings(texts: &[impl AsRef<str>]) -> Vec<String> {
    texts.iter().map(|text| text.as_ref().to_owned()).collect()
}

fn without_cursor(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(page) = answer["page"].as_object_mut() {
        page.remove("next_cursor");
    }
    answer
}
