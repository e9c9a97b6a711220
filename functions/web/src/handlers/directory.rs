//! `/pages`: every page by name, category and state, a hundred at a time. From memory.

use askama::Template;
use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use statusphere_catalogue::{CATEGORIES, Entry, MOST_FOUND};
use statusphere_domain::UpDown;
use statusphere_http::{Answer, MaxAge};
use statusphere_view::{Pages, View};

use crate::{
    Asked,
    frame::{Frame, html},
    handlers::part,
    problem::Problem,
    show::{self, Look},
};

/// Rows of one part.
const PART: usize = 100;
const STATES: [(&str, &str); 3] = [("broken", "Broken"), ("up", "Up"), ("unknown", "Not known")];

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    q: Option<String>,
    category: Option<String>,
    state: Option<String>,
    part: Option<String>,
}

#[derive(Template)]
#[template(path = "directory.html")]
struct Directory {
    frame: Frame,
    words: String,
    /// The same as part of a path.
    escaped: String,
    category: String,
    state: String,
    rows: Vec<Row>,
    /// True when a search has found no more than it may.
    likeliest: bool,
    /// Of all parts.
    found: usize,
    part: usize,
    parts: usize,
    before: Option<String>,
    after: Option<String>,
    as_of: Option<DateTime<Utc>>,
}

struct Row {
    slug: String,
    name: String,
    category: Option<String>,
    look: Look,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>) -> Result<Answer, Problem> {
    let wanted: Wanted = asked.query.read()?;
    let part = part(wanted.part.as_deref())?;
    let pages = view.pages().await;
    let words = wanted.q.as_deref().unwrap_or_default().trim();
    let of_all: Vec<&Entry> =
        if words.is_empty() { view.catalogue().iter().collect() } else { view.catalogue().search(words) };
    let likeliest = !words.is_empty() && of_all.len() == MOST_FOUND;
    let found: Vec<&Entry> = of_all.into_iter().filter(|entry| takes(view, &pages, &wanted, entry)).collect();
    let parts = found.len().div_ceil(PART).max(1);
    let link = |part: usize| address(&wanted, part);
    let rows = found.iter().skip(PART.saturating_mul(part - 1)).take(PART).map(|entry| {
        let state = pages.state(&entry.page.id);
        Row {
            slug: entry.page.id.to_string(),
            name: entry.name.to_string(),
            category: entry.category.as_deref().map(str::to_owned),
            look: Look::of_page(state, view.freshness(state)),
        }
    });
    let page = Directory {
        frame: asked.frame,
        rows: rows.collect(),
        likeliest,
        found: found.len(),
        before: (part > 1).then(|| link((part - 1).min(parts))),
        after: (part < parts).then(|| link(part + 1)),
        part,
        parts,
        words: words.to_owned(),
        escaped: utf8_percent_encode(words, NON_ALPHANUMERIC).to_string(),
        category: wanted.category.clone().unwrap_or_default(),
        state: wanted.state.clone().unwrap_or_default(),
        as_of: pages.as_of,
    };
    html(&page, MaxAge::Page)
}

fn takes(view: &View, pages: &Pages, wanted: &Wanted, entry: &Entry) -> bool {
    let up_down = || match view.up_down(pages.state(&entry.page.id)) {
        UpDown::Degraded => "broken",
        UpDown::Up => "up",
        UpDown::Unknown => "unknown",
    };
    wanted.category.as_deref().is_none_or(|category| entry.category.as_deref() == Some(category))
        && wanted.state.as_deref().is_none_or(|state| state == up_down())
}

fn address(wanted: &Wanted, part: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", &wanted.q), ("category", &wanted.category), ("state", &wanted.state)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    format!("/pages?{}", query.append_pair("part", &part.to_string()).finish())
}
