//! When programs take place, asked over HTTP.

use jiff::Timestamp;

use super::*;
use crate::support::on_both;

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn says_when(found: &Value) -> bool {
    found["match"].get("next_occurrence").is_some()
        || found["match"]["open_now"] == true && found["match"].get("closes_at").is_none()
}

on_both! {
    async fn a_time_finds_what_takes_place_then(database: Database) {
        let app = TestApp::seeded(database).await;
        let all = walk(&app, &[]).await;

        let open = walk(&app, &[("open_now", "true")]).await;
        let week = walk(&app, &[("within", "7d"), ("tz", "America/New_York")]).await;
        let by_day = walk(&app, &[("day", "tue,THURSDAY"), ("tz", "America/New_York")]).await;

        assert!(!open.is_empty() && open.iter().all(|found| found["match"]["open_now"] == true));
        assert!(ids(&open).is_subset(&ids(&week)));
        assert!(week.len() < all.len() && by_day.len() <= week.len());
        assert!(week.iter().chain(&by_day).all(says_when));
        let now = Timestamp::now() - jiff::SignedDuration::from_mins(2);
        for found in &week {
            let Some(next) = found["match"].get("next_occurrence") else { continue };
            assert!(instant(&next["start"]) < now + jiff::SignedDuration::from_hours(7 * 24 + 1));
            assert!(instant(&next["end"]) > now);
            assert!(next["session"].as_u64().is_some(), "{next}");
        }
        // Who knows no times is told whom to ask.
        let first = search(&app, &[("day", "tue")]).await;
        assert_eq!(first["time_zone"], "UTC");
        let asked = list(&first["relaxations"]).into_iter().find(|r| r["kind"] == "ask_for_times");
        let near_enough = all.len() - week.len();
        let more = asked.unwrap()["more"].as_u64().unwrap();
        assert!(more > 0 && more <= near_enough as u64, "{more}");
        let here = search(&app, &[("near", "97214"), ("starts_after", "17:00")]).await;
        assert_eq!(here["time_zone"], "America/Los_Angeles");
    }
}

on_both! {
    async fn the_next_meeting_comes_first(database: Database) {
        let app = TestApp::seeded(database).await;

        let found = walk_by(&app, &[("sort", "next_meeting")], 7).await;

        let now = Timestamp::now();
        let begins = found.iter().filter_map(|found| found["match"].get("next_occurrence"));
        let begins: Vec<Timestamp> = begins.map(|next| instant(&next["start"]).max(now)).collect();
        // What takes place within 35 days is in order; what comes later is behind all that.
        let soon = now + jiff::SignedDuration::from_hours(34 * 24);
        let soon: Vec<_> = begins.iter().copied().filter(|at| *at < soon).collect();
        let posted = walk_posted(&app, &[("sort", "next_meeting")], 31).await;
        assert!(soon.is_sorted(), "{soon:?}");
        assert_eq!(ids(&found), ids(&posted));
    }
}

on_both! {
    async fn meetings_come_in_the_order_of_time(database: Database) {
        let app = TestApp::seeded(database).await;

        let whole = app.get("/v1/meetings?limit=100&tz=America/New_York").await;
        assert_eq!(whole.status, 200, "{}", whole.body);
        let answer = whole.body;
        let asked = json!({ "limit": 100, "tz": "America/New_York" });
        let posted = app.post("/v1/meetings/search", &asked).await.body;
        assert_eq!(list(&posted["data"]).len(), list(&answer["data"]).len());

        let data = list(&answer["data"]);
        let starts: Vec<Timestamp> = data.iter().map(|one| instant(&one["start"])).collect();
        assert!(starts.is_sorted(), "{starts:?}");
        let span = instant(&answer["to"]).as_second() - instant(&answer["from"]).as_second();
        assert_eq!(span, 7 * 86_400);
        let known = ids(&everything(&app).await);
        for one in &data {
            assert!(known.contains(one["program"]["id"].as_str().unwrap()), "{one}");
            assert!(one["program"]["organization"]["name"].is_string(), "{one}");
            assert!(one["session"]["schedule"].is_object(), "{one}");
            let begun = instant(&one["start"]) <= Timestamp::now();
            assert!(begun || one["in_progress"] == false, "{one}");
        }
        let total = answer["page"]["total"].as_u64().unwrap();
        assert_eq!(total <= 100, answer["page"].get("next_cursor").is_none());
    }
}

on_both! {
    async fn what_is_no_time_is_told(database: Database) {
        let app = TestApp::seeded(database).await;
        for (name, value) in [
            ("day", "someday"),
            ("starts_after", "5 pm"),
            ("starts_before", "24:00"),
            ("within", "36d"),
            ("within", "0h"),
            ("within", "soon"),
            ("open_now", "perhaps"),
            ("tz", "EST"),
            ("tz", "+02:00"),
        ] {
            let answer = app.get(&address(&[(name, value)])).await;
            assert_eq!(answer.status, 400, "{name}={value}: {}", answer.body);
            assert_eq!(answer.body["errors"][0]["field"], name, "{}", answer.body);
        }
        for query in [
            "from=2001-01-01",
            "to=2099-01-01",
            "from=tomorrow",
            "within=3d&to=2099-01-01",
            "sort=name",
            "facets=day",
        ] {
            let answer = app.get(&format!("/v1/meetings?{query}")).await;
            assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        }
    }
}
