//! `/status/{page}/history`: 90 days of a page and of each of its components, and its past incidents, a part at a time.

use askama::Template;
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Indicator, Item};
use statusphere_http::{Answer, MaxAge};
use statusphere_store::{StoreError, Timeline};
use statusphere_view::View;

use crate::{
    Asked,
    chart::{Days, Whose},
    frame::{Frame, html},
    handlers::{page::DAYS, part},
    incident::Shown,
    problem::Problem,
    show,
    text::line,
};

/// Components with a chart in one part.
const COMPONENTS: usize = 30;
/// Incidents of one part.
const PART: usize = 25;
/// Items that are read at once for a filter, and how often, at most: one that nothing matches ends in a link that goes on.
const CHUNK: usize = 100;
const READS: usize = 5;
const IMPACTS: [(&str, &str); 5] = [
    ("critical", "Critical"),
    ("major", "Major"),
    ("minor", "Minor"),
    ("maintenance", "Planned work"),
    ("none", "No impact"),
];

#[derive(Debug, Deserialize)]
struct Wanted {
    impact: Option<String>,
    after: Option<String>,
    /// Of the charts, from 1.
    part: Option<String>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct History<'a> {
    frame: Frame,
    name: &'a str,
    slug: &'a str,
    charts: Vec<Chart>,
    /// Of the charts.
    part: usize,
    parts: usize,
    past: Vec<Shown>,
    impact: String,
    /// True in a later part.
    later: bool,
    next: Option<String>,
}

struct Chart {
    name: String,
    group: Option<String>,
    days: Days,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>, entry: &Entry) -> Result<Answer, Problem> {
    let wanted: Wanted = asked.query.read()?;
    let impact = match wanted.impact.as_deref() {
        None => None,
        Some(word) => {
            Some(Indicator::parse(word).ok_or_else(|| Problem::Invalid("No impact is called so.".to_owned()))?)
        }
    };
    let part = part(wanted.part.as_deref())?;
    let id = &entry.page.id;
    let failed = |error| Problem::store("history", id, &error);
    let (state, current) = view.store().state_and_current(id).await.map_err(failed)?;
    let ran = view.ran(entry, &state, &current, DAYS, true).await.map_err(failed)?;
    let (items, next) = past(view, entry, impact, wanted.after.clone()).await.map_err(|error| match error {
        StoreError::Cursor => Problem::Invalid("This part of the list is not known; begin anew.".to_owned()),
        error => Problem::store("history", id, &error),
    })?;
    let next = next.map(|after| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(impact) = &wanted.impact {
            query.append_pair("impact", impact);
        }
        format!("/status/{id}/history?{}#incidents", query.append_pair("after", &after).finish())
    });
    let page = Chart {
        name: format!("{} as a whole", entry.name),
        group: None,
        days: Days::new(&ran.uptime.page, DAYS, &entry.name, Whose::Page),
    };
    let listed = || ran.uptime.components.iter().filter(|one| one.listed);
    let parts = listed().count().div_ceil(COMPONENTS).max(1);
    let components = listed().skip(COMPONENTS * (part - 1)).take(COMPONENTS).map(|one| {
        let name = line(&one.name);
        let group = one.group.as_deref().map(line);
        Chart { days: Days::new(&one.fared, DAYS, &name, Whose::Component), group, name }
    });
    let page = History {
        name: &entry.name,
        slug: id.as_str(),
        charts: std::iter::once(page).chain(components).collect(),
        part,
        parts,
        past: items.iter().map(|item| Shown::in_short(entry, item)).collect(),
        impact: wanted.impact.unwrap_or_default(),
        later: wanted.after.is_some(),
        next,
        frame: asked.frame,
    };
    html(&page, MaxAge::Page)
}

/// Incidents and planned work, newest start first, and where to go on.
async fn past(
    view: &View,
    entry: &Entry,
    impact: Option<Indicator>,
    mut after: Option<String>,
) -> Result<(Vec<Item>, Option<String>), StoreError> {
    let mut past = Vec::new();
    for _ in 0..READS {
        let wish = Timeline {
            limit: i32::try_from(if impact.is_some() { CHUNK } else { PART }).ok(),
            cursor: after.clone(),
            ..Timeline::default()
        };
        let slice = view.store().timeline(&entry.page.id, &wish).await?;
        let read = slice.items.len();
        for (n, (item, _, place)) in slice.items.into_iter().enumerate() {
            after = Some(place);
            if impact.is_none_or(|impact| item.impact() == impact) {
                past.push(item);
            }
            if past.len() == PART {
                return Ok((past, after.filter(|_| slice.more || n + 1 < read)));
            }
        }
        if !slice.more {
            return Ok((past, None));
        }
    }
    Ok((past, after))
}
