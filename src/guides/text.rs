//! From the file of a guide to what is served.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, ensure};
use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::{Guide, GuideSource, PageWords};
use crate::domain::LanguageTag;

/// Where the links of the text to its sources lead.
const SOURCE: &str = "#source-";

/// Reads the file of a guide: lines of `name: value` between two lines of `---`, then Markdown.
pub(super) fn read(
    key: &str,
    language: &LanguageTag,
    file: &str,
    known: &BTreeMap<String, GuideSource>,
    words: &PageWords,
) -> anyhow::Result<Guide> {
    let front = file.strip_prefix("---\n").context("it must begin with ---")?;
    let (front, body) = front.split_once("\n---\n").context("the front matter does not end")?;
    let mut fields = BTreeMap::new();
    for line in front.lines() {
        let (name, value) = line.split_once(": ").with_context(|| format!("no value: {line}"))?;
        ensure!(fields.insert(name, value.trim()).is_none(), "{name} is there twice");
    }
    let mut take = |name: &str| fields.remove(name).with_context(|| format!("no {name}"));
    let title = take("title")?.to_owned();
    let summary = take("summary")?.to_owned();
    let order = take("order")?.parse().context("order")?;
    let reviewed = take("reviewed")?.parse().context("reviewed")?;
    let sources = take("sources")?
        .split(", ")
        .map(|key| known.get(key).cloned().with_context(|| format!("no source {key}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    ensure!(fields.is_empty(), "unknown: {fields:?}");
    let body = body.trim();
    Ok(Guide {
        key: key.to_owned(),
        language: language.clone(),
        title,
        summary,
        order,
        reviewed,
        markdown: format!("{body}\n\n## {}\n\n{}", words.sources, markdown_list(&sources)),
        html: format!(
            "{}<h2>{}</h2>\n{}",
            to_html(body, sources.len()),
            escape(&words.sources),
            html_list(&sources)
        ),
        sources,
    })
}

/// Markdown as HTML; `[1]` leads to the first source.
fn to_html(markdown: &str, sources: usize) -> String {
    let lead = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let number: usize = link.reference.parse().ok()?;
        let known = (1..=sources).contains(&number);
        known.then(|| (format!("{SOURCE}{number}").into(), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(lead));
    let mut in_source = false;
    let events = parser.map(|event| match event {
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            in_source = dest_url.starts_with(SOURCE);
            event
        }
        Event::End(TagEnd::Link) => {
            in_source = false;
            event
        }
        // The brackets are not part of the link's text.
        Event::Text(number) if in_source => Event::Text(format!("[{number}]").into()),
        // Whoever writes a tag into a guide gets to read it.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    });
    let mut written = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut written, events);
    written
}

/// Publisher and year, as they stand behind the title.
fn imprint(source: &GuideSource) -> String {
    let year = source.year.as_ref().map_or(String::new(), |year| format!(", {}", year.as_str()));
    format!("{}{year}", source.publisher.as_str())
}

fn markdown_list(sources: &[GuideSource]) -> String {
    let mut list = String::new();
    for (at, source) in sources.iter().enumerate() {
        let title = source.title.as_str();
        let title = match &source.url {
            Some(url) => format!("[{title}]({})", url.as_str()),
            None => title.to_owned(),
        };
        // Writing into memory cannot fail.
        let _written = writeln!(list, "{}. {title}. {}.", at + 1, imprint(source));
    }
    list
}

fn html_list(sources: &[GuideSource]) -> String {
    let mut list = String::from("<ol>\n");
    for (at, source) in sources.iter().enumerate() {
        let title = escape(source.title.as_str());
        let title = match &source.url {
            Some(url) => format!("<a href=\"{}\">{title}</a>", escape(url.as_str())),
            None => title,
        };
        let imprint = escape(&imprint(source));
        // Writing into memory cannot fail.
        let _written = writeln!(list, "<li id=\"source-{}\">{title}. {imprint}.</li>", at + 1);
    }
    list.push_str("</ol>\n");
    list
}

/// Text as it stands in HTML, between tags or in an attribute between quotes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_brackets_leads_to_its_source_and_others_are_text() {
        assert_eq!(
            to_html("Hope [1], and [2].", 1),
            "<p>Hope <a href=\"#source-1\">[1]</a>, and [2].</p>\n"
        );
    }

    #[test]
    fn a_tag_in_a_guide_is_text() {
        let html = to_html("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n", 0);

        assert!(!html.contains("<b") && !html.contains("<script"), "{html}");
    }

    #[test]
    fn what_is_escaped_ends_no_attribute() {
        assert_eq!(escape("a\"b'<c>&"), "a&quot;b&#39;&lt;c&gt;&amp;");
    }

    #[test]
    fn a_file_that_is_not_whole_is_refused() {
        let words: BTreeMap<LanguageTag, PageWords> =
            serde_json::from_str(super::super::files::WORDS).unwrap();
        let (language, words) = words.first_key_value().unwrap();
        let sources = BTreeMap::new();
        for (file, expected) in [
            ("title: A\n", "it must begin with ---"),
            ("---\ntitle: A\n", "the front matter does not end"),
            ("---\ntitle: A\n---\nText", "no summary"),
            ("---\ntitle: A\ntitle: B\n---\nText", "title is there twice"),
            (
                "---\ntitle: A\nsummary: B\norder: 1\nreviewed: 2026-11-22\nsources: x\n---\nText",
                "no source x",
            ),
        ] {
            let refused = read("a", language, file, &sources, words).unwrap_err();
            assert_eq!(refused.to_string(), expected, "{file}");
        }
    }
}
