//! Reads status pages made with `OnlineOrNot`. Evidence: five public copies of one page over eight months, two of them
//! of its history; client code and its test literals; for the summary, client code and one copy that it was tested with.
//! Unconfirmed: the row of an open incident in the page, and of a maintenance that is planned or running.
//!
//! # Recognises
//! The page's markup, by the data that it embeds for `React Router`: a status page beside a list of active incidents. A
//! page that names `onlineornot.com` and embeds such a stream, but not this data, is ours and cannot be read.
//!
//! # Requests
//! One, the page itself. One more, the summary of the platform's public interface, where the page cannot be read, or
//! does not answer although it was named. History: one request for each page of three months.
//!
//! # Reads
//! Components with their groups; active incidents and those of the last 14 days with their updates; planned, running and
//! completed maintenance; the incidents of the last 91 days as each component lists them, as rows. The history lists the
//! older ones with their last message. The summary has components, active incidents without their updates, and planned
//! maintenance.
//!
//! # Maps
//! Component words are the field's own in capitals, `MAINTENANCE` is under maintenance. The impact of an incident is such
//! a word too, and stands only in the components' lists; while an incident is open it is at least minor. An incident is
//! open until one of its copies has an end. One whose last message is `COMPLETED` is a maintenance. The page states no
//! indicator: it is the worst of components, open incidents and running maintenance.
//!
//! # Does not know
//! The impact of incidents that only the history lists: `none` means "not told" there. Of the summary, the names of
//! groups and the stages of incidents. Pages that want a password.

mod items;
mod stream;
mod summary;

use std::collections::HashMap;

use statusphere_domain::{Component, Indicator, Item, Reading};

use crate::document::{Document, document};
use crate::front::{Front, front};
use crate::{BackfillStep, Provider, Seen, Step, Target, field, html, words};
use items::Posts;
use stream::{Node, Stream};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "onlineornot", step, backfill: Some(backfill) };

/// Pages of the history, at most: fifteen years.
const MAX_HISTORY: u32 = 60;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let step = by_page(target, seen);
    // The interface may outlive the page: where another platform's page stands in its place, it is not asked.
    let hidden = target.known && seen.get(&target.at("/")).is_some_and(|answer| answer.is_err());
    let is_mine = hidden || matches!(step, Step::Malformed(_));
    match summary::address(target).filter(|_| is_mine).map(|url| document(url, "the summary", seen)) {
        Some(Document::Unseen(url)) => Step::Want(vec![url]),
        Some(Document::Json(document)) => match summary::read(target, &document) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(format!("the summary {why}")),
        },
        _ => step,
    }
}

fn by_page(target: &Target<'_>, seen: &Seen) -> Step {
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Missing(why) => return Step::NotMine(why),
        Front::Html(markup, _) => markup,
    };
    let Some(stream) = Stream::read(&markup) else {
        return Step::NotMine("its markup embeds no stream of data".to_owned());
    };
    let read = stream.and_then(|stream| {
        let reading = read(target, &stream)?;
        if stream.is_exhausted() { Err("the data is too large".to_owned()) } else { Ok(reading) }
    });
    match read {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) if markup.contains("onlineornot.com") => Step::Malformed(why),
        Err(why) => Step::NotMine(why),
    }
}

fn read(target: &Target<'_>, stream: &Stream) -> Result<Reading, String> {
    let loaded = stream.root().field("loaderData").ok_or("the data has nothing loaded")?;
    let root = result(loaded, "root").ok_or("the data has no root")?;
    root.field("statusPage").and_then(|page| page.text("id")).ok_or("the data has no status page")?;
    let index = result(loaded, "routes/_index").ok_or("the data is not that of a page's front")?;
    let active = index.field("activeIncidents").and_then(Node::list).ok_or("the data has no active incidents")?;
    let days = index.field("incidents").and_then(Node::entries).ok_or("the data has no incidents by day")?;

    let mut posts = Posts::default();
    posts.add_all(&active, None);
    for day in days {
        posts.add_all(&day.list().ok_or("a day has no list of incidents")?, None);
    }
    let monitored = index.field("uptime").and_then(Node::list).unwrap_or_default();
    for component in &monitored {
        let name = component.text("componentName").unwrap_or_default();
        let days = component.field("data").and_then(|data| data.field("incidents")).and_then(Node::list);
        for day in days.unwrap_or_default() {
            posts.add_all(&day.field("incidentData").and_then(Node::list).unwrap_or_default(), Some(name));
        }
    }
    if posts.is_empty() && posts.lost > 0 {
        return Err("the data has no incident that can be read".to_owned());
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.lists_all_open = posts.lost == 0;
    let planned = index.field("scheduledMaintenance").and_then(Node::list);
    reading.lists_all_planned = planned.is_some_and(|rows| posts.add_planned(&rows));
    for item in posts.items(target) {
        reading.push(item);
    }
    let groups = index.field("groups").and_then(Node::list).unwrap_or_default();
    let listed = root.field("components").and_then(Node::list).unwrap_or_default();
    let (components, all) = components(&listed, &monitored, &groups);
    let told = all && !components.is_empty() && reading.lists_all_open;
    reading.components = Some(components).filter(|components| !components.is_empty());
    let indicator = words::indicator(&reading, target.as_of);
    reading.indicator = indicator.filter(|indicator| told || *indicator >= Indicator::Minor);
    Ok(reading)
}

fn result<'a>(loaded: Node<'a>, route: &str) -> Option<Node<'a>> {
    loaded.field(route)?.field("result")
}

/// Components as the root lists them, and as the list of uptimes does; false when a row could not be read.
fn components(listed: &[Node<'_>], monitored: &[Node<'_>], groups: &[Node<'_>]) -> (Vec<Component>, bool) {
    let named = groups.iter().filter_map(|group| Some((group.text("id")?, group.text("name")?)));
    let groups: HashMap<_, _> = named.filter(|(id, _)| *id != "ungrouped").collect();
    let rows = listed.iter().map(|row| (row, ["id", "name", "status", "groupId"]));
    let rows = rows.chain(monitored.iter().map(|row| {
        let keys = ["componentId", "componentName", "componentStatus", "componentGroup"];
        (row, keys)
    }));
    let mut places = HashMap::new();
    let mut components: Vec<Component> = Vec::new();
    let mut all = true;
    for (row, [id, name, status, group]) in rows {
        let Some((id, name)) = row.text(id).zip(row.text(name)) else {
            all = false;
            continue;
        };
        let status = items::component_status(row.text(status).unwrap_or_default());
        if let Some(known) = places.get(id).and_then(|place: &usize| components.get_mut(*place)) {
            known.status = words::worse(known.status, status);
        } else {
            places.insert(id, components.len());
            let group = row.text(group).and_then(|group| groups.get(group)).map(|group| (*group).to_owned());
            components.push(Component { id: id.to_owned(), name: name.to_owned(), group, status });
        }
    }
    (components, all)
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let number = target.cursor.and_then(|cursor| cursor.parse::<u32>().ok()).unwrap_or(1);
    let url = target.at(&format!("/incidents?page={number}"));
    let answer = match seen.get(&url) {
        None => return BackfillStep::Want(vec![url]),
        Some(Err(error)) => return BackfillStep::Failed(error.detail.clone()),
        Some(Ok(answer)) => answer,
    };
    let markup = html::decode(&answer.body);
    let stream = Stream::read(&markup).unwrap_or_else(|| Err("embeds no stream of data".to_owned()));
    match stream.and_then(|stream| history(target, &stream, number)) {
        Ok((items, next)) => BackfillStep::Items { items, next },
        Err(why) => BackfillStep::Failed(format!("page {number} of the history: {why}")),
    }
}

/// The items of one page of the history, and the cursor of the next, as long as the page existed then.
fn history(target: &Target<'_>, stream: &Stream, number: u32) -> Result<(Vec<Item>, Option<String>), String> {
    let loaded = stream.root().field("loaderData").ok_or("nothing is loaded")?;
    let route = result(loaded, "routes/incidents._index").ok_or("it is another page")?;
    let months = route.field("incidents").and_then(Node::entries).ok_or("has no incidents by month")?;
    let mut posts = Posts::default();
    for month in months {
        posts.add_all(&month.list().ok_or("a month has no list of incidents")?, None);
    }
    posts.as_rows();
    let items: Vec<_> = posts.items(target).into_iter().filter(|item| !item.is_open()).collect();
    let begun = result(loaded, "root").and_then(|root| root.field("statusPage"));
    let begun = begun.and_then(|page| field::at(page.field("createdAt")?.value()));
    let from = route.field("startDate").and_then(|from| field::at(from.value()));
    let goes_on = begun.zip(from).map_or(!items.is_empty(), |(begun, from)| begun < from);
    let next = (goes_on && number < MAX_HISTORY).then(|| (number + 1).to_string());
    Ok((items, next))
}
