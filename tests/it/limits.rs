//! How many requests a network may send.

use crate::raw_http::ask;
use crate::support::{TestApp, on_both};

on_both! {
    async fn who_sends_too_many_requests_is_told_when_to_go_on(database: Database) {
        let app = TestApp::start(database, &["--rate-limit", "5", "--trusted-proxies", "1"]);
        let from = |address: &'static str| ("X-Forwarded-For", address);

        for left in (0..5).rev() {
            let answer = ask(&app.url, "GET", "/v1/about", &[from("203.0.113.7")]).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=5;w=60");
            assert!(answer.header("ratelimit").starts_with(&format!("\"default\";r={left};t=")));
        }
        let headers = [from("6.6.6.6, 203.0.113.99"), ("Origin", "https://app.example")];
        let refused = ask(&app.url, "GET", "/v1/about", &headers).await;
        assert_eq!(refused.status, 429, "a neighbor shares the allowance, and adding to the left is vain");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=12).contains(&wait), "{wait}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.header("access-control-allow-origin"), "*", "a page can read it");
        assert!(String::from_utf8_lossy(&refused.bytes).contains("/problems/too-many-requests"));

        let other = ask(&app.url, "GET", "/v1/about", &[from("203.0.114.7")]).await;
        assert_eq!(other.status, 200, "another network");
        for path in ["/healthz", "/readyz"] {
            for _ in 0..9 {
                let answer = ask(&app.url, "GET", path, &[from("203.0.113.7")]).await;
                assert_eq!((answer.status, answer.header("ratelimit")), (200, ""), "{path}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn without_trusted_proxies_nobody_can_say_who_they_are(database: Database) {
        let app = TestApp::start(database, &["--rate-limit", "2"]);

        let mut statuses = vec![];
        for address in ["203.0.113.7", "198.51.100.7", "192.0.2.7"] {
            statuses.push(ask(&app.url, "GET", "/v1/about", &[("X-Forwarded-For", address)]).await.status);
        }

        assert_eq!(statuses, [200, 200, 429]);
        app.stop().await;
    }
}

on_both! {
    async fn the_highest_limit_that_can_be_set_is_one(database: Database) {
        let app = TestApp::start(database, &["--rate-limit", "1000000"]);

        let answer = ask(&app.url, "GET", "/v1/about", &[]).await;

        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=1000000;w=60");
        assert!(answer.header("ratelimit").starts_with("\"default\";r=999999;t="));
        app.stop().await;
    }
}
