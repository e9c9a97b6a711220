//! `/status/{page}`: is it down? The answer, how we know, and everything that belongs to it now.

use std::{cmp::Reverse, time::Duration};

use askama::Template;
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Freshness, Item, ItemKey, MaintenanceStatus, PageState, asked_region};
use statusphere_http::{Answer, MaxAge};
use statusphere_store::{Current, StoreError, Timeline};
use statusphere_view::View;
use tokio::time::timeout;

use crate::{
    Asked,
    chart::{Days, Whose},
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
/// How long the page waits for its history.
const PATIENCE: Duration = Duration::from_secs(2);
/// Days of history.
pub(crate) const DAYS: u16 = 90;
/// Open incidents that are shown.
const OPEN: usize = 25;
/// Planned work that is looked through for the next.
const LOOKED_THROUGH: usize = 75;
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
    /// Whether what was read last may be relied on.
    fresh: bool,
    state: PageState,
    /// The vendor's word at the last reading.
    said: Option<&'static str>,
    minutes: usize,
    open: Vec<Shown>,
    /// Open incidents that are not shown.
    unread: usize,
    running: Vec<Shown>,
    upcoming: Vec<Shown>,
    /// Planned work that is not shown.
    more_planned: usize,
    groups: Vec<Group>,
    /// Components that are not shown.
    left_out: usize,
    regions: Regions,
    /// `None` when the history could not be read.
    days: Option<Days>,
    past: Vec<Shown>,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>, entry: &Entry) -> Result<Answer, Problem> {
    let wanted: Wanted = asked.query.read()?;
    let used = wanted.region.as_deref().and_then(asked_region);
    let id = &entry.page.id;
    let failed = |error| Problem::store("page", id, &error);
    let (state, current) = view.store().state_and_current(id).await.map_err(failed)?;
    // The history takes longest and matters least: without it the page still has its answer.
    let history = timeout(PATIENCE, Box::pin(view.ran(entry, &state, &current, DAYS, false)));
    let (history, found) = tokio::join!(history, Box::pin(items(view, entry, &current)));
    let Found { open, planned, past } = found.map_err(failed)?;
    let days = match history {
        Ok(Ok(ran)) => Some(Days::new(&ran.uptime.page, DAYS, &entry.name, Whose::Page)),
        Ok(Err(error)) => {
            tracing::error!(page.id = %id, %error, "failed to get history from database");
            None
        }
        Err(_) => {
            tracing::error!(page.id = %id, "the history did not come in time");
            None
        }
    };

    let freshness = view.freshness(&state);
    let mut room = Room(ROOM);
    let mut show = |item: &Item| Shown::new(entry, item, &mut room);
    let shown: Vec<Shown> = open.iter().map(&mut show).collect();
    let (running, upcoming): (Vec<&Item>, Vec<&Item>) = planned.iter().partition(|item| is_running(item));
    let components = current.components.as_deref().unwrap_or_default();
    let (groups, left_out, regions) = groups(components, &current.since, used.as_ref());
    let page = Page {
        name: &entry.name,
        slug: id.as_str(),
        url: &entry.page.url,
        host: entry.request_host().into_owned(),
        verdict: Verdict::new(&entry.name, &state, freshness),
        fresh: freshness == Freshness::Fresh,
        said: state.last_success.map(|_| Look::of_page(&state, Freshness::Fresh).word),
        minutes: usize::try_from(view.interval().num_minutes()).unwrap_or_default(),
        unread: usize::try_from(state.open_incidents).unwrap_or_default().saturating_sub(shown.len()),
        open: shown,
        more_planned: running.len().saturating_sub(PLANNED) + upcoming.len().saturating_sub(PLANNED),
        running: running.into_iter().take(PLANNED).map(&mut show).collect(),
        upcoming: upcoming.into_iter().take(PLANNED).map(&mut show).collect(),
        groups,
        left_out,
        regions,
        days,
        past: past.iter().map(|item| Shown::in_short(entry, item)).collect(),
        state,
        frame: asked.frame,
    };
    html(&page, MaxAge::Page)
}

/// What belongs to a page now.
struct Found {
    /// Incidents, worst first.
    open: Vec<Item>,
    /// Next first.
    planned: Vec<Item>,
    /// Newest first.
    past: Vec<Item>,
}

async fn items(view: &View, entry: &Entry, current: &Current) -> Result<Found, StoreError> {
    let id = &entry.page.id;
    let listed = view.open().await;
    // The worst first, as far as they are known by now; nobody reads hundreds.
    let is_incident = |key: &&ItemKey| matches!(key, ItemKey::Incident(_));
    let worst = listed.value.of(id).iter().map(|incident| ItemKey::Incident(incident.id.clone()));
    let worst: Vec<ItemKey> = worst.filter(|key| current.open.contains(key)).collect();
    let others = current.open.iter().filter(is_incident).filter(|key| !worst.contains(key));
    let incidents = worst.iter().chain(others).take(OPEN);
    let planned = current.open.iter().filter(|key| !is_incident(key)).take(LOOKED_THROUGH);
    let newest = Timeline { limit: Some(READ), ..Timeline::default() };
    let stored = view.store().shown(id, incidents.chain(planned)).await?;
    let slice = view.store().timeline(id, &newest).await?;
    let (mut open, mut planned): (Vec<Item>, Vec<Item>) =
        stored.into_iter().partition(|item| matches!(item, Item::Incident(_)));
    open.sort_by_key(|item| Reverse((item.impact(), item.starts_at())));
    planned.sort_by_key(Item::starts_at);
    let over = slice.items.into_iter().map(|(item, ..)| item).filter(|item| !item.is_open());
    Ok(Found { open, planned, past: over.take(PAST).collect() })
}

fn is_running(item: &Item) -> bool {
    matches!(item, Item::Maintenance(maintenance) if maintenance.status == MaintenanceStatus::InProgress)
}
