//! `/status/{page}`: is it down? The answer, how we know, and everything that belongs to it now.

use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Fared, Item, PageState, Tally, asked_region};
use statusphere_http::{Answer, MaxAge};
use statusphere_store::{Current, Timeline};
use statusphere_view::View;

use crate::{
    Asked,
    chart::{self, Whose},
    frame::{Frame, html},
    handlers::page::parts::{Group, Regions, groups},
    incident::{Room, Shown},
    problem::Problem,
    show::{self, Look},
    verdict::Verdict,
};

mod parts;

/// Letters of updates.
const ROOM: usize = 40_000;
/// Days of history.
pub(crate) const DAYS: i64 = 90;
/// Planned work that is shown, of each kind.
const PLANNED: usize = 10;
/// Past incidents that are shown.
const PAST: usize = 5;
/// Items of the timeline that are read for them: open and planned ones are among them.
const READ: i32 = 15;

#[derive(Debug, Deserialize)]
struct Wanted {
    region: Option<String>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    frame: Frame,
    name: &'a str,
    slug: &'a str,
    url: &'a str,
    host: String,
    verdict: Verdict,
    state: PageState,
    /// The vendor's word at the last reading.
    said: Option<&'static str>,
    minutes: usize,
    open: Vec<Shown>,
    /// Open incidents that are not stored yet.
    unread: usize,
    running: Vec<Shown>,
    upcoming: Vec<Shown>,
    /// Planned work that is not shown.
    more_planned: usize,
    groups: Vec<Group>,
    /// Components that are not shown.
    left_out: usize,
    regions: Regions,
    chart: String,
    ran: String,
    days: Vec<chart::Row>,
    past: Vec<Shown>,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>, entry: &Entry) -> Result<Answer, Problem> {
    let wanted: Wanted = asked.query.read()?;
    let used = wanted.region.as_deref().and_then(asked_region);
    let id = &entry.page.id;
    let failed = |error| Problem::store("page", id, &error);
    let (state, current) = tokio::try_join!(view.state(entry), view.store().current(id)).map_err(failed)?;
    let (ran, (open, planned, past)) =
        tokio::try_join!(Box::pin(view.ran(entry, &state, &current, DAYS)), Box::pin(items(view, entry, &current)))
            .map_err(failed)?;

    let mut room = Room(ROOM);
    let mut show = |item: &Item| Shown::new(entry, item, &mut room);
    let shown: Vec<Shown> = open.iter().map(&mut show).collect();
    let (running, upcoming): (Vec<&Item>, Vec<&Item>) = planned.iter().partition(|item| item.status() == "in_progress");
    let components = current.components.as_deref().unwrap_or_default();
    let (groups, left_out, regions) = groups(components, &current.since, used.as_ref());
    let page = Page {
        name: &entry.name,
        slug: id.as_str(),
        url: &entry.page.url,
        host: entry.request_host().into_owned(),
        verdict: Verdict::new(&entry.name, &state, view.freshness(&state)),
        said: state.indicator.map(|indicator| Look::from(indicator).word),
        minutes: usize::try_from(view.interval().num_minutes()).unwrap_or_default(),
        unread: usize::try_from(state.open_incidents).unwrap_or_default().saturating_sub(shown.len()),
        open: shown,
        more_planned: running.len().saturating_sub(PLANNED) + upcoming.len().saturating_sub(PLANNED),
        running: running.into_iter().take(PLANNED).map(&mut show).collect(),
        upcoming: upcoming.into_iter().take(PLANNED).map(&mut show).collect(),
        groups,
        left_out,
        regions,
        ran: chart::summary(whole_days(&ran.uptime.page)),
        chart: chart::svg(whole_days(&ran.uptime.page), &entry.name),
        days: chart::rows(whole_days(&ran.uptime.page), Whose::Page),
        past: past.iter().map(|item| Shown::in_short(entry, item)).collect(),
        state,
        frame: asked.frame,
    };
    html(&page, MaxAge::Page)
}

/// The days of a window without the first, which it cuts: as many as there are in it.
pub(crate) fn whole_days(fared: &Fared) -> &[(NaiveDate, Tally)] {
    fared.days.get(1..).unwrap_or_default()
}

/// What is open, worst first, what is planned, next first, and some of what is over, newest first.
async fn items(
    view: &View,
    entry: &Entry,
    current: &Current,
) -> Result<(Vec<Item>, Vec<Item>, Vec<Item>), statusphere_store::StoreError> {
    let id = &entry.page.id;
    let stored = view.store().items(id, &current.open).await?;
    let (mut open, mut planned): (Vec<Item>, Vec<Item>) =
        stored.into_values().map(|(item, _)| item).partition(|item| matches!(item, Item::Incident(_)));
    open.sort_by_key(|item| std::cmp::Reverse((item.impact(), item.starts_at())));
    planned.sort_by_key(Item::starts_at);
    let slice = view.store().timeline(id, &Timeline { limit: Some(READ), ..Timeline::default() }).await?;
    let over = slice.items.into_iter().map(|(item, ..)| item).filter(|item| !item.is_open());
    Ok((open, planned, over.take(PAST).collect()))
}
