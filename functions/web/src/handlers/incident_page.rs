//! `/status/{page}/incident?id=`: one incident or planned work with its whole timeline.

use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::Freshness;
use statusphere_http::{Answer, MaxAge};
use statusphere_view::View;

use crate::{
    Asked,
    frame::{Frame, html},
    incident::{Room, Shown},
    problem::Problem,
    show,
};

/// Letters of updates.
const ROOM: usize = 80_000;

#[derive(Debug, Deserialize)]
struct Meant {
    id: Option<String>,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage<'a> {
    frame: Frame,
    name: &'a str,
    slug: &'a str,
    item: Shown,
    /// True when the page can't be relied on, and so not what stands here.
    old: bool,
    last_success: Option<DateTime<Utc>>,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>, entry: &Entry) -> Result<Answer, Problem> {
    let id =
        asked.query.read::<Meant>()?.id.ok_or_else(|| Problem::Invalid("The incident's id is missing.".to_owned()))?;
    let failed = |error| Problem::store("incident", &entry.page.id, &error);
    let found = view.item(entry, &id).await.map_err(failed)?;
    let unknown = || Problem::Incident { name: entry.name.to_string(), slug: entry.page.id.to_string() };
    let (item, _) = found.ok_or_else(unknown)?;
    let state = view.state(entry).await.map_err(failed)?;
    let page = IncidentPage {
        frame: asked.frame,
        name: &entry.name,
        slug: entry.page.id.as_str(),
        item: Shown::new(entry, &item, &mut Room(ROOM)),
        old: view.freshness(&state) != Freshness::Fresh,
        last_success: state.last_success,
    };
    html(&page, MaxAge::Page)
}
