//! `/`: one search box, everything that is broken now, and what ended lately. From memory.

use askama::Template;
use chrono::{DateTime, Utc};
use statusphere_domain::Freshness;
use statusphere_http::{Answer, MaxAge};
use statusphere_view::{Outage, View};

use crate::{
    Asked,
    frame::{Frame, html},
    incident::address,
    problem::Problem,
    show::{self, Look},
    text::line,
};

/// Rows of a list, at most.
const MOST: usize = 60;
/// Incidents of one row, at most.
const INCIDENTS: usize = 2;
/// What ended, at most.
const MOST_ENDED: usize = 12;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    watched: usize,
    fresh: usize,
    as_of: Option<DateTime<Utc>>,
    broken: Vec<Row>,
    /// Broken when they were last read, which is too long ago.
    doubtful: Vec<Row>,
    more: usize,
    more_doubtful: usize,
    cut: bool,
    ended: Vec<Ended>,
}

struct Row {
    slug: String,
    name: String,
    category: Option<String>,
    look: Look,
    began: Option<DateTime<Utc>>,
    changed: Option<DateTime<Utc>>,
    incidents: Vec<String>,
    /// Open incidents that are not named.
    unnamed: usize,
}

struct Ended {
    slug: String,
    name: String,
    address: String,
    title: String,
    at: Option<DateTime<Utc>>,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>) -> Result<Answer, Problem> {
    let (pages, open, ended) = (view.pages().await, view.open().await, view.ended().await);
    let all = view.outages(&pages, &open, |_| true);
    let (broken, doubtful): (Vec<&Outage<'_>>, Vec<&Outage<'_>>) =
        all.outages.iter().partition(|outage| outage.freshness == Freshness::Fresh);
    let more = broken.len().saturating_sub(MOST);
    let more_doubtful = doubtful.len().saturating_sub(MOST);
    let mut ended: Vec<Ended> = ended
        .value
        .iter()
        .filter_map(|(page, incident)| {
            let entry = view.catalogue().by_id(page)?;
            Some(Ended {
                slug: page.to_string(),
                name: entry.name.to_string(),
                address: address(entry, &incident.id),
                title: line(&incident.title),
                at: incident.ended_at.or(incident.updates.last().map(|update| update.at)),
            })
        })
        .collect();
    ended.truncate(MOST_ENDED);
    let home = Home {
        frame: asked.frame,
        watched: all.asked,
        fresh: all.asked - all.unobserved,
        as_of: pages.as_of,
        broken: broken.into_iter().take(MOST).map(row).collect(),
        doubtful: doubtful.into_iter().take(MOST).map(row).collect(),
        more,
        more_doubtful,
        cut: open.value.cut,
        ended,
    };
    html(&home, MaxAge::Page)
}

fn row(outage: &Outage<'_>) -> Row {
    let entry = outage.entry;
    let open = usize::try_from(outage.state.open_incidents).unwrap_or(usize::MAX);
    let named: Vec<String> = outage.incidents.iter().take(INCIDENTS).map(|incident| line(&incident.title)).collect();
    Row {
        slug: entry.page.id.to_string(),
        name: entry.name.to_string(),
        category: entry.category.as_deref().map(str::to_owned),
        // What it said last, also of a page that can't be relied on: the heading above says so.
        look: Look::of_page(outage.state, Freshness::Fresh),
        began: outage.began,
        changed: outage.state.last_change,
        unnamed: open.saturating_sub(named.len()),
        incidents: named,
    }
}
