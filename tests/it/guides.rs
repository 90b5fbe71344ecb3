//! Guides: the texts themselves, and how they are served.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use peer_directory::guides::Guides;
use peer_directory::http::answers::{GuideAnswer, GuidesAnswer};
use peer_directory::jobs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::raw_http::ask;
use crate::support::{Answer, TestApp, on_both};

const FOLDER: &str = "seed-data/guides";

/// The files of the guides: language, key, and what is below the front matter.
fn files() -> Vec<(String, String, String)> {
    let mut files = vec![];
    for folder in fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() {
            let language = name(&folder);
            for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
                let text = fs::read_to_string(&file).unwrap();
                let body = text.splitn(3, "---\n").nth(2).unwrap().to_owned();
                files.push((language.clone(), name(&file), body));
            }
        }
    }
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The numbers of sources in a text, in order: `[2]`.
fn cited(body: &str) -> Vec<usize> {
    let ends = body.split('[').skip(1);
    ends.filter_map(|rest| rest.split_once(']')?.0.parse().ok()).collect()
}

/// The words of every sentence, item of a list and line.
fn sentences(body: &str) -> Vec<usize> {
    let lines = body.lines().filter(|line| !line.starts_with('#'));
    lines
        .flat_map(|line| line.split_inclusive(['.', '?', '!', ':', ';']))
        .map(|sentence| {
            let words = sentence.split_whitespace();
            words.filter(|word| word.chars().any(char::is_alphabetic)).count()
        })
        .filter(|words| *words > 0)
        .collect()
}

#[test]
fn every_guide_is_in_the_binary_in_every_language() {
    let guides = Guides::shared();
    let mut known = BTreeSet::new();

    for language in guides.languages() {
        for guide in guides.all(Some(language)) {
            assert_eq!(guide.language, *language, "{}", guide.key);
            known.insert((language.to_string(), guide.key.clone()));
        }
    }

    let there: BTreeSet<_> =
        files().into_iter().map(|(language, key, _)| (language, key)).collect();
    assert_eq!(known, there);
    assert_eq!(known.len(), guides.languages().count() * guides.all(None).count());
}

#[test]
fn a_translation_has_the_parts_of_what_it_translates() {
    let parts = |body: &str| {
        let starts = |with: &str| body.lines().filter(|line| line.starts_with(with)).count();
        (starts("## "), starts("- "), starts("**"), cited(body))
    };
    let mut by_key: BTreeMap<String, Vec<_>> = BTreeMap::new();

    for (language, key, body) in files() {
        by_key.entry(key).or_default().push((language, parts(&body)));
    }

    for (key, translations) in by_key {
        for (language, parts) in &translations {
            assert_eq!(*parts, translations[0].1, "{language}/{key}");
        }
    }
}

#[test]
fn every_source_is_used_and_every_number_is_one() {
    let mut named = BTreeSet::new();

    let guides = Guides::shared();
    for guide in guides.languages().flat_map(|language| guides.all(Some(language))) {
        let body = guide.markdown.rsplit_once("\n## ").unwrap().0;
        let used: BTreeSet<usize> = cited(body).into_iter().collect();
        let all: BTreeSet<usize> = (1..=guide.sources.len()).collect();
        assert_eq!(used, all, "{}/{}", guide.language, guide.key);
        named.extend(guide.sources.iter().map(|source| source.title.to_string()));
        for source in &guide.sources {
            let safe = source.url.as_ref().is_none_or(|url| url.as_str().starts_with("https://"));
            assert!(safe, "{}: {:?}", guide.key, source.url);
        }
        assert!(!guide.markdown.contains("http://"), "{}/{}", guide.language, guide.key);
    }

    let sources = fs::read_to_string(format!("{FOLDER}/sources.json")).unwrap();
    let sources: BTreeMap<String, serde_json::Value> = serde_json::from_str(&sources).unwrap();
    let titles: BTreeSet<String> =
        sources.values().map(|source| source["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(named, titles);
}

#[test]
fn guides_are_short_and_written_in_short_sentences() {
    for (language, key, body) in files() {
        let sentences = sentences(&body);
        let words: usize = sentences.iter().sum();
        let longest = sentences.iter().max().unwrap();

        assert!((250..=600).contains(&words), "{language}/{key}: {words} words");
        assert!(words <= 14 * sentences.len(), "{language}/{key}: long sentences");
        assert!(*longest <= 32, "{language}/{key}: a sentence of {longest} words");
        assert!(!body.contains('<'), "{language}/{key}: no HTML");
    }
}

#[test]
fn no_guide_names_a_number_to_call() {
    let lines = jobs::seed_vocabulary().unwrap().crisis_lines;
    let mut numbers = BTreeSet::new();
    for line in &lines {
        let named = [&line.phone, &line.text].into_iter().flatten().map(ToString::to_string);
        numbers.extend(named.chain(line.emergency_number.as_ref().map(ToString::to_string)));
    }
    assert!(numbers.contains("988") && numbers.contains("911"));

    for (language, key, body) in files() {
        let spaced: String =
            body.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
        for number in &numbers {
            let digits: String =
                number.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
            let named = format!(" {spaced} ").contains(&format!(" {} ", digits.trim()));
            assert!(!named, "{language}/{key}: {number}");
        }
    }
}

/// Reads an answer into its documented shape and back.
fn shaped<T: Serialize + DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let read: T = serde_json::from_value(answer.body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), answer.body);
    read
}

on_both! {
    async fn guides_are_listed_in_order_and_each_is_there_in_each_language(database: Database) {
        let app = TestApp::seeded(database).await;

        let english: GuidesAnswer = shaped(&app.get("/v1/guides").await);
        let spanish: GuidesAnswer = shaped(&app.get("/v1/guides?lang=es-MX").await);

        assert_eq!(english.data[0].title, "What peer support is");
        assert_eq!(spanish.data[0].title, "Qué es el apoyo entre pares");
        assert_eq!(english.data.len(), spanish.data.len());
        for (language, list) in [("en", &english), ("es", &spanish)] {
            for entry in &list.data {
                let path = format!("/v1/guides/{}?lang={language}", entry.key);
                let guide: GuideAnswer = shaped(&app.get(&path).await);

                assert_eq!(guide.entry.title, entry.title, "{path}");
                assert_eq!(guide.entry.language.as_str(), language, "{path}");
                assert_eq!(guide.entry.languages.len(), 2, "{path}");
                assert!(!guide.sources.is_empty(), "{path}");
                assert!(!guide.crisis.lines.is_empty(), "{path}");
                let anchors = guide.html.matches("href=\"#source-").count();
                assert!(anchors >= guide.sources.len(), "{path}");
                for source in 1..=guide.sources.len() {
                    assert!(guide.html.contains(&format!("id=\"source-{source}\"")), "{path}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn a_language_without_guides_is_answered_in_english_and_says_so(database: Database) {
        let app = TestApp::seeded(database).await;

        let guide: GuideAnswer = shaped(&app.get("/v1/guides/how-to-choose?lang=tlh").await);

        assert_eq!(guide.entry.language.as_str(), "en");
        assert_eq!(guide.entry.title, "How to choose");
        app.stop().await;
    }
}

on_both! {
    async fn beside_a_guide_are_the_crisis_lines_of_the_country(database: Database) {
        let app = TestApp::seeded(database).await;

        for country in ["", "US", "gb", "AQ"] {
            let guide: GuideAnswer =
                shaped(&app.get(&format!("/v1/guides/when-it-is-not-enough?country={country}")).await);
            let lines = app.get(&format!("/v1/crisis?country={country}")).await.body;
            let page = app.get(&format!("/v1/guides/when-it-is-not-enough.html?country={country}")).await;

            assert_eq!(serde_json::to_value(&guide.crisis).unwrap(), lines, "{country}");
            let page = String::from_utf8(page.bytes).unwrap();
            for line in &guide.crisis.lines {
                for way in [&line.phone, &line.text].into_iter().flatten() {
                    assert!(page.contains(&**way), "{country}: {}", line.key);
                }
            }
            assert_eq!(page.contains("<a href=\"tel:988\">988</a>"), country == "US");
        }
        app.stop().await;
    }
}

on_both! {
    async fn every_number_on_a_page_is_dialled_by_itself(database: Database) {
        let app = TestApp::seeded(database).await;
        for (country, emergency) in [("FR", &["112", "15"][..]), ("IE", &["112", "999"]), ("GB", &["999"])] {
            for lang in ["en", "es"] {
                let path = format!("/v1/guides/how-to-choose.html?country={country}&lang={lang}");
                let page = String::from_utf8(app.get(&path).await.bytes).unwrap();

                let dialled: Vec<&str> =
                    page.split("\"tel:").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
                assert_eq!(dialled[..emergency.len()], *emergency, "{path}");
                let lines = app.get(&format!("/v1/crisis?country={country}")).await.body;
                let known = lines["lines"].as_array().unwrap();
                let phones = known.iter().filter_map(|line| line["phone"].as_str());
                let phones: Vec<String> = phones.map(|phone| phone.replace(' ', "")).collect();
                for number in &dialled[emergency.len()..] {
                    assert!(phones.iter().any(|phone| phone == number), "{path}: {number}");
                }
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn bad_requests_for_guides_are_told_what_is_wrong(database: Database) {
        let app = TestApp::seeded(database).await;

        for (path, status, field) in [
            ("/v1/guides?langs=es", 400, "langs"),
            ("/v1/guides?lang=!", 400, "lang"),
            ("/v1/guides/how-to-choose?lang=", 200, ""),
            ("/v1/guides/how-to-choose?country=Narnia", 400, "country"),
            ("/v1/guides/how-to-choose.html?country=1&x=2", 400, "x"),
            ("/v1/guides/nothing", 404, ""),
            ("/v1/guides/nothing.html", 404, ""),
            ("/v1/guides/.html", 404, ""),
            ("/v1/guides/", 404, ""),
        ] {
            let answer = app.get(path).await;

            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            if status == 400 {
                let errors = answer.body["errors"].as_array().unwrap();
                assert!(errors.iter().any(|error| error["field"] == field), "{path}: {errors:?}");
            }
        }
        app.stop().await;
    }
}

on_both! {
    async fn whoever_asks_for_html_gets_the_page(database: Database) {
        let app = TestApp::seeded(database).await;
        let path = "/v1/guides/your-first-visit";

        let browser = ask(&app.url, "GET", path, &[("Accept", "text/html,*/*;q=0.8")]).await;
        let program = ask(&app.url, "GET", path, &[("Accept", "*/*")]).await;
        let page = ask(&app.url, "GET", &format!("{path}.html"), &[]).await;

        assert_eq!(browser.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(program.header("content-type"), "application/json");
        assert_eq!(browser.bytes, page.bytes);
        for answer in [&browser, &program] {
            assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
        }
        app.stop().await;
    }
}

/// The values of an attribute in a page.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    html.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

on_both! {
    async fn a_page_loads_nothing_but_our_style_sheet_and_every_way_on_it_leads_somewhere(database: Database) {
        let app = TestApp::seeded(database).await;
        let mut seen = BTreeSet::new();
        let mut next = vec!["/v1/guides/what-peer-support-is.html?country=US".to_owned()];

        while let Some(path) = next.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let page = app.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(
                page.header("content-security-policy"),
                "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            );
            let html = String::from_utf8(page.bytes).unwrap();
            assert_eq!(values(&html, "src"), Vec::<&str>::new(), "{path}");
            assert_eq!(html.matches("<link ").count(), 1, "{path}");
            assert!(html.contains("<link rel=\"stylesheet\" href=\"/guides.css\">"), "{path}");
            assert!(!html.contains("<script") && !html.contains("style="), "{path}");
            assert_eq!(html.matches("<h1>").count(), 1, "{path}");
            let ids = values(&html, "id");
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: {ids:?}");
            for address in values(&html, "href") {
                if let Some(id) = address.strip_prefix('#') {
                    assert!(ids.contains(&id), "{path}: {address}");
                } else if address.starts_with("/v1/") {
                    next.push(address.replace("&amp;", "&"));
                } else {
                    let known = ["https://", "tel:", "/guides.css"];
                    assert!(known.iter().any(|known| address.starts_with(known)), "{path}: {address}");
                }
            }
        }

        assert_eq!(seen.len(), 1 + 2 * Guides::shared().all(None).count());
        let style = app.get("/guides.css").await;
        assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
        let css = String::from_utf8(style.bytes).unwrap();
        assert!(!css.contains("url(") && !css.contains("@import"), "{css}");
        app.stop().await;
    }
}
