//! The page's markup, for pages whose API is off: the classes and icons of version 2, which are the same in every language.
//!
//! Deliberately absent: version 3, and any claim to list all that is open; the page shows the last days only.

use chrono::{DateTime, Utc};
use scraper::{ElementRef, Html, Selector};
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Reading,
    Update,
};
use url::Url;

use super::PROVIDER;
use crate::{Target, html, time, words};

/// What the page shows; the error says why it shows nothing.
pub(super) fn read(target: &Target<'_>, markup: &str) -> Result<Reading, &'static str> {
    let document = html::document(markup.as_bytes()).ok_or("its markup cannot be parsed")?;
    let page = Page { document: &document, target };
    let mut reading = Reading::new(PROVIDER.name);
    let components = page.components();
    let stated = page.stated();
    if stated.is_empty() && components.is_empty() {
        return Err("its markup shows no state");
    }
    let moments: Vec<_> = select(document.root_element(), ".moment").collect();
    let incidents: Vec<_> = moments.iter().map(|row| page.incident(*row)).collect();
    let lost = incidents.iter().any(Option::is_none);
    for item in incidents.into_iter().flatten() {
        match item {
            Ok(incident) => reading.incidents.push(incident),
            Err(maintenance) => reading.maintenances.push(maintenance),
        }
    }
    let planned = select(document.root_element(), ".schedule .list-group > .list-group-item");
    reading.maintenances.extend(planned.filter_map(|row| page.maintenance(row)));
    words::each_once(&mut reading);
    reading.components = (!components.is_empty()).then_some(components);
    let derived = words::indicator(&reading, target.as_of);
    let sure = !lost && !stated.is_empty() && stated.iter().all(Option::is_some) && markup.contains("</html");
    let worst = derived.max(stated.into_iter().flatten().max());
    reading.indicator = worst.filter(|worst| *worst > Indicator::Maintenance || sure);
    Ok(reading)
}

fn select<'a>(within: ElementRef<'a>, css: &str) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
    let found: Vec<_> = Selector::parse(css).map(|css| within.select(&css).collect()).unwrap_or_default();
    found.into_iter()
}

/// The text of the first such element.
fn said(within: ElementRef<'_>, css: &str) -> Option<String> {
    select(within, css).map(|part| html::inner(part)).find(|text| !text.is_empty())
}

/// The time of the first such element.
fn at(within: ElementRef<'_>, css: &str) -> Option<DateTime<Utc>> {
    select(within, css).find_map(|part| part.attr("data-timeago").and_then(time::parse))
}

/// Names of components on the labels of a row.
fn labels(row: ElementRef<'_>, css: &str) -> Vec<String> {
    select(row, css).map(|label| html::inner(label)).filter(|name| !name.is_empty()).collect()
}

struct Page<'a> {
    document: &'a Html,
    target: &'a Target<'a>,
}

impl Page<'_> {
    /// The banner, by its colour; `None` for one that is not the platform's.
    fn stated(&self) -> Vec<Option<Indicator>> {
        let banners = select(self.document.root_element(), ".section-status .alert");
        let colour = |class: &str| super::indicator(class.strip_prefix("alert-")?);
        banners.map(|banner| banner.value().classes().find_map(colour)).collect()
    }

    fn components(&self) -> Vec<Component> {
        select(self.document.root_element(), ".components .list-group-item:not(.group-name)").map(component).collect()
    }

    /// A row of the timeline: an incident, or what version 2.3 planned. `None` without a title or a time.
    fn incident(&self, row: ElementRef<'_>) -> Option<Result<Incident, Maintenance>> {
        let title = said(row, ".panel-heading strong, .card-heading strong")?;
        let started_at = at(row, ".panel-heading [data-timeago], .card-heading [data-timeago]")?;
        let href = select(row, "a[href*='/incidents/']").find_map(|link| link.attr("href"));
        let link = href.and_then(|href| Url::parse(self.target.url).ok()?.join(href).ok());
        let number = link.as_ref().and_then(|link| link.path_segments()?.next_back().map(str::to_owned));
        let id = number.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("{title} {}", started_at.to_rfc3339()));
        let mut posts: Vec<_> = select(row, ".incident-update-item").filter_map(post).collect();
        posts.reverse();
        posts.sort_by_key(|post| post.at);
        let icon = select(row, ".status-icon").next();
        let word = icon.and_then(|icon| icon.attr("title")).unwrap_or_default().to_owned();
        let (status, planned) = stage(icon);
        let first = if posts.is_empty() { word } else { "Reported".to_owned() };
        let body = select(row, ".panel-body, .card-body").next().map(|body| html::markup(body).trim().to_owned());
        let told = body.filter(|body| !body.is_empty()).map(|body| Update { at: started_at, title: first, body });
        let last = posts.last().map_or(started_at, |post| post.at);
        let updates = told.into_iter().chain(posts).collect();
        let link = link.map_or_else(|| self.target.at("/"), String::from);
        let components = labels(row, ".panel-heading .label, .card-heading .badge");
        let detail = Detail::Full;
        if planned {
            let (status, starts_at, ends_at) = (MaintenanceStatus::Completed, started_at, None);
            return Some(Err(Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail }));
        }
        Some(Ok(Incident {
            id,
            title,
            link,
            impact: Indicator::Minor,
            status,
            started_at,
            ended_at: status.is_over().then_some(last.max(started_at)),
            updates,
            components,
            detail,
        }))
    }

    /// A row of the planned work, which leaves the page when it is over.
    fn maintenance(&self, row: ElementRef<'_>) -> Option<Maintenance> {
        let title = said(row, "strong")?;
        let starts_at = at(row, "[data-timeago]")?;
        let number = row.attr("id").and_then(|id| id.strip_prefix("scheduled-")).map(str::to_owned);
        let body = select(row, ".markdown-body").next().map(|body| html::markup(body).trim().to_owned());
        Some(Maintenance {
            id: number.unwrap_or_else(|| format!("{title} {}", starts_at.to_rfc3339())),
            title,
            link: self.target.at("/"),
            status: words::window(starts_at, None, self.target.as_of),
            starts_at,
            ends_at: None,
            updates: body
                .map(|body| Update { at: starts_at, title: "Scheduled".to_owned(), body })
                .into_iter()
                .collect(),
            components: labels(row, ".label, .badge"),
            detail: Detail::Full,
        })
    }
}

fn component(row: ElementRef<'_>) -> Component {
    let own: String = row.children().filter_map(|part| Some(&**part.value().as_text()?)).collect();
    let own = html::text(&own);
    let name = if own.is_empty() { said(row, "a").unwrap_or_else(|| "?".to_owned()) } else { own };
    let list =
        row.ancestors().filter_map(ElementRef::wrap).find(|list| list.value().classes().any(|c| c == "components"));
    let grouped = row.value().classes().any(|class| class == "sub-component");
    let group = list.filter(|_| grouped).and_then(|list| said(list, ".group-name strong"));
    let classes = select(row, "[class*='text-component-'], .label");
    let status = classes.flat_map(|part| part.value().classes()).filter_map(status).reduce(words::worse);
    Component {
        id: group.as_ref().map_or_else(|| name.clone(), |group| format!("{group}/{name}")),
        name,
        group,
        status: status.unwrap_or(ComponentStatus::Unknown),
    }
}

/// A component's state by the class of its word, or by the colour that it had before there was one.
fn status(class: &str) -> Option<ComponentStatus> {
    Some(match class {
        "text-component-1" | "label-greens" => ComponentStatus::Operational,
        "text-component-2" | "label-blues" => ComponentStatus::DegradedPerformance,
        "text-component-3" | "label-yellows" => ComponentStatus::PartialOutage,
        "text-component-4" | "label-reds" => ComponentStatus::MajorOutage,
        _ => return None,
    })
}

/// The stage of a row by its icon, and whether it is planned work.
fn stage(icon: Option<ElementRef<'_>>) -> (IncidentStatus, bool) {
    let classes = icon.into_iter().flat_map(|icon| select(icon, "i")).flat_map(|icon| icon.value().classes());
    for class in classes {
        return match class {
            "ion-flag" => (IncidentStatus::Investigating, false),
            "ion-alert" => (IncidentStatus::Identified, false),
            "ion-eye" => (IncidentStatus::Monitoring, false),
            "ion-checkmark" => (IncidentStatus::Resolved, false),
            "ion-android-calendar" => (IncidentStatus::Unknown, true),
            _ => continue,
        };
    }
    (IncidentStatus::Unknown, false)
}

fn post(row: ElementRef<'_>) -> Option<Update> {
    let title = select(row, "i[title]").find_map(|icon| icon.attr("title")).unwrap_or_default().to_owned();
    let body: Vec<_> = select(row, "p").map(|part| html::markup(part).trim().to_owned()).collect();
    Some(Update { at: at(row, "[data-timeago]")?, title, body: body.join("\n") })
}
