//! What a list tells besides the results: counts, order, pages, relations and what would find more.

use std::collections::{BTreeMap, BTreeSet};

use peer_directory::domain::fold;
use serde_json::Value;

use super::{PLACES, id, ids, list, search, walk, walk_by, walk_posted};
use crate::support::{TestApp, on_both};

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

        let told = |program: &Value, key: &str| program["match"].get(key).is_some();
        let data = list(&found["data"]);
        assert!(data.iter().all(|found| !told(found, "relation") && !told(found, "distance_m")));
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
            vec![("near", "97214"), ("radius", "10km"), ("attendance", "in_person")],
            vec![("near", "Boston"), ("radius", "10km"), ("kind", "local_group"), ("age", "30")],
            vec![("near", "97214"), ("radius", "5km"), ("topic", "grief"), ("cost", "paid")],
            vec![("q", "zzzzqqqq"), ("form", "warmline"), ("topic_all", "grief,addiction")],
            vec![("organization", "7-cups"), ("kind", "one_on_one"), ("channel", "email")],
            vec![("accepting", "yes"), ("language", "-en"), ("age", "3")],
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
                    "online_too" => changed.extend([("attendance", "online"), ("kind", "online")].into_iter().filter(
                        |(name, _)| base.iter().any(|(asked, _)| asked == name),
                    )),
                    "without" => {
                        let parameter = relaxation["parameter"].as_str().unwrap();
                        changed.retain(|(name, _)| *name != parameter);
                        assert!(changed.len() < base.len(), "{base:?} {relaxation}");
                    }
                    "anywhere" => changed.retain(|(name, _)| !["near", "radius", "bbox"].contains(name)),
                    _ => continue,
                }
                let more = search(&app, &changed).await["page"]["total"].as_u64().unwrap();
                assert_eq!(more - total, relaxation["more"].as_u64().unwrap(), "{base:?} {relaxation}");
                tried.insert(kind.to_owned());
            }
        }

        assert_eq!(tried, ["anywhere", "online_too", "wider_radius", "without"].map(str::to_owned).into());
        app.stop().await;
    }
}
