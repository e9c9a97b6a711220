//! One entry of `incidents.json`.
//!
//! Deliberately absent: other entries, and what an incident means for the products.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Update};

use super::products::{self, Product};
use crate::{Target, field, words};

/// The incident; `None` when the entry does not look like one. `catalogue` has the products' names by id.
pub(super) fn read(
    target: &Target<'_>,
    base: &str,
    catalogue: &HashMap<String, String>,
    row: &Value,
) -> Option<Incident> {
    let id = field::id(&row["id"])?;
    let updates = updates(row);
    let stated = [&row["begin"], &row["created"]].into_iter().find_map(field::at);
    let started_at = stated.or(updates.first().map(|update| update.at))?;
    let ended_at = field::at(&row["end"]).filter(|end| *end <= target.as_of).map(|end| end.max(started_at));
    let is_over = ended_at.is_some();
    let told = impact(row);
    Some(Incident {
        link: link(base, row, &id),
        title: title(row).unwrap_or_else(|| id.clone()),
        id,
        impact: if is_over { told } else { told.max(Indicator::Minor) },
        status: if is_over { IncidentStatus::Resolved } else { stage(row) },
        started_at,
        ended_at,
        updates,
        components: names(catalogue, row, is_over),
        detail: Detail::Full,
    })
}

/// The products that it names. One of a single product may name it only as its service.
pub(super) fn products(row: &Value) -> Vec<Product> {
    let listed: Vec<_> = field::list(&row["affected_products"]).iter().filter_map(products::one).collect();
    if !listed.is_empty() {
        return listed;
    }
    let service = field::id(&row["service_key"]).filter(|key| key != EVERYTHING);
    let name = field::text(&row["service_name"]);
    service.into_iter().map(|id| Product { id, name: name.to_owned() }).filter(|one| !one.name.is_empty()).collect()
}

/// The service key of an incident of several products.
const EVERYTHING: &str = "zall";

fn names(catalogue: &HashMap<String, String>, row: &Value, is_over: bool) -> Vec<String> {
    let places = if is_over { "previously_affected_locations" } else { "currently_affected_locations" };
    let places = field::list(&row[places]).iter().filter_map(|place| {
        let title = Some(field::text(&place["title"])).filter(|title| !title.is_empty());
        title.map(str::to_owned).or_else(|| field::id(&place["id"]))
    });
    let products = products(row).into_iter();
    products.map(|product| catalogue.get(&product.id).cloned().unwrap_or(product.name)).chain(places).collect()
}

fn impact(row: &Value) -> Indicator {
    let severity = match field::text(&row["status_impact"]) {
        "SERVICE_OUTAGE" => "high",
        "SERVICE_DISRUPTION" => "medium",
        "SERVICE_INFORMATION" | "AVAILABLE_INFORMATION" => "low",
        _ => field::text(&row["severity"]),
    };
    match severity {
        "high" => Indicator::Critical,
        "medium" => Indicator::Major,
        "low" => Indicator::Minor,
        _ => Indicator::None,
    }
}

/// Stage of an open incident.
fn stage(row: &Value) -> IncidentStatus {
    let newest = [&row["most_recent_update"], &row["updates"][0]].into_iter().find(|update| update.is_object());
    match newest.map(|update| field::text(&update["status"])) {
        Some("AVAILABLE") => IncidentStatus::Monitoring,
        _ => IncidentStatus::Unknown,
    }
}

/// The first line of the description that is no heading ("**Title:**"), without Markdown's marks.
fn title(row: &Value) -> Option<String> {
    let plain = |line: &str| line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '#' | '\\')).to_owned();
    let said = field::text(&row["external_desc"]).lines().map(plain).map(|line| match line.split_once(':') {
        Some((heading, rest)) if is_heading(heading) => plain(rest),
        _ => line,
    });
    let service = field::text(&row["service_name"]).to_owned();
    said.filter(|line| !is_heading(line)).chain([service]).find(|line| !line.is_empty())
}

fn is_heading(line: &str) -> bool {
    let word = line.trim_end_matches([':', '*', ' ']);
    ["title", "summary", "description"].iter().any(|heading| word.eq_ignore_ascii_case(heading))
}

/// `uri` is relative to the dashboard, with or without a slash before it, and may be missing.
fn link(base: &str, row: &Value, id: &str) -> String {
    let uri = field::text(&row["uri"]).trim_start_matches('/');
    if uri.starts_with("incidents/") { format!("{base}/{uri}") } else { format!("{base}/incidents/{id}") }
}

fn updates(row: &Value) -> Vec<Update> {
    let listed = field::list(&row["updates"]);
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    let mut updates: Vec<_> = listed.iter().rev().filter_map(update).collect();
    if updates.is_empty() {
        updates.extend(update(&row["most_recent_update"]));
    }
    updates.sort_by_key(|update| update.at);
    updates
}

fn update(entry: &Value) -> Option<Update> {
    Some(Update {
        at: [&entry["when"], &entry["created"]].into_iter().find_map(field::at)?,
        title: words::shown(&field::text(&entry["status"]).to_lowercase()),
        body: entry["text"].as_str().unwrap_or_default().to_owned(),
    })
}
