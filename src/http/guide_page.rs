//! The page that a guide is read on.

use std::fmt::Write as _;

use super::v1::wire::CrisisAnswer;
use crate::domain::{CrisisLine, LanguageTag};
use crate::guides::{Guide, Guides, PageWords, escape};

/// Nothing but our own style sheet.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// The style sheet of guides.
pub(super) const STYLE: &str = include_str!("guides.css");

/// Writes the page: the guide, help in a crisis, and the way to the other guides and languages.
pub(super) fn write(guides: &Guides, guide: &Guide, crisis: &CrisisAnswer) -> String {
    let words = guides.words(&guide.language);
    let country = crisis.country.as_deref();
    let mut others = String::new();
    for language in guides.languages().filter(|language| **language != guide.language) {
        let name = escape(&guides.words(language).language);
        let address = address(&guide.key, language, country);
        // Writing into memory cannot fail, here and below.
        let _written = write!(
            others,
            "<a href=\"{address}\" lang=\"{language}\" hreflang=\"{language}\">{name}</a> "
        );
    }
    let mut all = String::new();
    for other in guides.all(Some(&guide.language)) {
        let title = escape(&other.title);
        let _written = if other.key == guide.key {
            writeln!(all, "<li aria-current=\"page\">{title}</li>")
        } else {
            let address = address(&other.key, &guide.language, country);
            writeln!(all, "<li><a href=\"{address}\">{title}</a></li>")
        };
    }
    format!(
        "<!doctype html>
<html lang=\"{language}\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>{title} - Peer Directory</title>
<meta name=\"description\" content=\"{summary}\">
<link rel=\"stylesheet\" href=\"/guides.css\">
</head>
<body>
<header><a href=\"#danger\">{danger}</a> {others}</header>
<main>
<article>
<h1>{title}</h1>
<p class=\"summary\">{summary}</p>
{html}<p class=\"reviewed\">{reviewed} <time datetime=\"{day}\">{day}</time>.</p>
</article>
<section aria-labelledby=\"danger\">
<h2 id=\"danger\">{danger}</h2>
{lines}</section>
</main>
<nav aria-labelledby=\"guides\">
<h2 id=\"guides\">{guides}</h2>
<ol>
{all}</ol>
</nav>
</body>
</html>
",
        language = guide.language,
        title = escape(&guide.title),
        summary = escape(&guide.summary),
        danger = escape(&words.danger),
        html = guide.html,
        reviewed = escape(&words.reviewed),
        day = guide.reviewed,
        lines = lines(words, crisis),
        guides = escape(&words.guides),
    )
}

/// Where a guide is, for the same country.
fn address(key: &str, language: &LanguageTag, country: Option<&str>) -> String {
    let country = country.map_or(String::new(), |code| format!("&amp;country={}", escape(code)));
    format!("/v1/guides/{key}.html?lang={language}{country}")
}

fn lines(words: &PageWords, crisis: &CrisisAnswer) -> String {
    let emergency = crisis.lines.iter().find_map(|line| line.emergency_number.as_deref());
    let message = with_links(&crisis.message, emergency.unwrap_or_default());
    let heading = if crisis.country.is_some() { &words.lines } else { &words.finders };
    let mut written = format!("<p>{message}</p>\n<h3>{}</h3>\n<ul>\n", escape(heading));
    for line in &crisis.lines {
        // Writing into memory cannot fail.
        let _written = writeln!(written, "<li>{}</li>", one(line));
    }
    written.push_str("</ul>\n");
    written
}

/// A message in which every emergency number can be dialled. Some countries have two: `112 or 15`.
fn with_links(message: &str, numbers: &str) -> String {
    let words = message.split(' ').map(|word| {
        let number = word.trim_end_matches(['.', ',']);
        if is_number(number) && numbers.split(' ').any(|other| other == number) {
            format!("{}{}", dial(number), &word[number.len()..])
        } else {
            escape(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A line: its name, and every way to reach it.
fn one(line: &CrisisLine) -> String {
    let mut parts = vec![format!("<strong>{}</strong>", escape(&line.name))];
    if let Some(phone) = &line.phone {
        // What says more than a number is text: `988 then press 1`.
        let is_text = phone.chars().any(char::is_alphabetic);
        parts.push(if is_text { escape(phone) } else { dial(phone) });
    }
    if let Some(text) = &line.text {
        let keyword = line.text_keyword.as_ref();
        let keyword = keyword.map_or(String::new(), |word| format!(": {}", escape(word)));
        parts.push(format!("SMS {}{keyword}", escape(text)));
    }
    for url in line.chat_url.iter().chain(&line.url) {
        let url = escape(url.as_str());
        let shown = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        parts.push(format!("<a href=\"{url}\">{}</a>", shown.trim_end_matches('/')));
    }
    if let Some(hours) = &line.hours {
        parts.push(escape(hours));
    }
    parts.join(" · ")
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// A number that is dialled when it is touched.
fn dial(number: &str) -> String {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("<a href=\"tel:{digits}\">{}</a>", escape(number))
}
