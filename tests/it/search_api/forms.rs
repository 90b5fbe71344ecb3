//! Two ways to ask the same.

use serde_json::json;

use super::{body, search, without_cursor};
use crate::support::{TestApp, on_both};

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
