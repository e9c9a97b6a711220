//! The rows of incidents and maintenances: `<div class="incident-body incident-type-… incident-status-…
//! incident-mostsevere-status-…">`.
//!
//! Deliberately absent: their texts, which only the feed has.

use scraper::{ElementRef, Html, Selector};
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus};
use url::Url;

use super::severity;
use crate::{Target, html, time};

/// What a row has inside.
struct Parts {
    link: Selector,
    title: Selector,
    date: Selector,
}

/// What the rows say.
pub(super) struct Rows {
    pub(super) items: Vec<Item>,
    /// Rows that cannot be read.
    pub(super) lost: usize,
    /// All of them, notices as well.
    pub(super) count: usize,
}

pub(super) fn read(target: &Target<'_>, document: &Html) -> Result<Rows, String> {
    let selector = |css: &str| Selector::parse(css).map_err(|error| error.to_string());
    let body = selector(".incident-body[class*='incident-mostsevere-status-']")?;
    let parts = Parts {
        link: selector("a[href*='/incident/']")?,
        title: selector(".incident-title")?,
        date: selector("[aria-label='Incident Date'], .incident-date")?,
    };
    let mut rows = Rows { items: Vec::new(), lost: 0, count: 0 };
    for row in document.select(&body) {
        rows.count += 1;
        if word(row, "incident-mostsevere-status-") == "informational" {
            continue;
        }
        match item(target, row, &parts) {
            Some(item) => rows.items.push(item),
            None => rows.lost += 1,
        }
    }
    Ok(rows)
}

/// What a row's class says after its prefix.
fn word<'a>(row: ElementRef<'a>, prefix: &str) -> &'a str {
    row.value().classes().find_map(|class| class.strip_prefix(prefix)).unwrap_or_default()
}

/// A row; `None` when it has no number or no readable time.
fn item(target: &Target<'_>, row: ElementRef<'_>, parts: &Parts) -> Option<Item> {
    let (kind, stage) = (word(row, "incident-type-"), word(row, "incident-status-"));
    let worst = word(row, "incident-mostsevere-status-");
    let href = row.select(&parts.link).find_map(|link| link.attr("href"))?;
    let id = id(href)?.to_owned();
    let link = Url::parse(target.url).and_then(|page| page.join(href)).map_or_else(|_| target.at(href), String::from);
    let text = |selector: &Selector| row.select(selector).next().map(|part| html::inner(part));
    let title = text(&parts.title).unwrap_or_default();
    let started_at = text(&parts.date).as_deref().and_then(time::parse)?;
    let (updates, components, detail) = (Vec::new(), Vec::new(), Detail::Row);
    if kind == "scheduledmaintenance" || worst == "maintenance" {
        let status = match stage {
            "future" => MaintenanceStatus::Scheduled,
            "resolved" => MaintenanceStatus::Completed,
            _ => MaintenanceStatus::InProgress,
        };
        let (starts_at, ends_at) = (started_at, None);
        let maintenance = Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail };
        return Some(Item::Maintenance(maintenance));
    }
    let over = stage == "resolved";
    let told = severity(worst).unwrap_or(Indicator::None);
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if over { told } else { told.max(Indicator::Minor) },
        status: if over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: over.then_some(started_at),
        updates,
        components,
        detail,
    }))
}

/// The number of an incident in its address.
pub(super) fn id(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("/incident/")?;
    let id = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    (!id.is_empty()).then_some(id)
}
