//! `StatusCast`: the page's markup alone.
//!
//! Deliberately absent: the feed, and with it all texts; names of components.

use std::fmt::Write as _;

use statusphere_domain::{Indicator, MaintenanceStatus};

use super::{About, Document, escaped};
use crate::Truth;

/// Rows without stages, texts and components, and three degrees of trouble.
pub(super) fn tells(truth: &mut Truth) {
    let degree = |impact: Indicator| if impact == Indicator::Major { Indicator::Minor } else { impact };
    truth.components.clear();
    truth.incidents.retain(crate::Incident::is_open);
    for incident in &mut truth.incidents {
        incident.components.clear();
        incident.updates.clear();
        incident.impact = degree(incident.impact);
    }
    truth.maintenances.iter_mut().for_each(|work| work.components.clear());
    truth.indicator = degree(truth.indicator);
}

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    if path != "/" {
        return None;
    }
    let (class, heading) = match truth.indicator {
        Indicator::None => ("normal", "All Systems Operational"),
        Indicator::Maintenance => ("maintenance", "Maintenance"),
        Indicator::Minor | Indicator::Major => ("degraded", "Degraded Performance"),
        Indicator::Critical => ("unavailable", "Service Unavailable"),
    };
    let mut body = format!(
        "<div class=\"sc-state-{class}\"><div class=\"sc-hero\"><div class=\"sc-hero__status-label\">{heading}</div>\
         <h1 class=\"sc-hero__title\">{heading}</h1></div></div>\n"
    );
    let mut row = |kind: &str, stage: &str, worst: &str, id: &str, title: &str, at: chrono::DateTime<chrono::Utc>| {
        let _ = writeln!(
            body,
            "<div class=\"row incident-body incident-type-{kind} incident-status-{stage} \
             incident-mostsevere-status-{worst}\"><a href=\"/incident/{id}\"><h2 class=\"incident-title\">{}</h2></a>\
             <div class=\"incident-date\" aria-label=\"Incident Date\">{}  UTC</div></div>",
            escaped(title),
            at.format("%d %B %Y, %H:%M"),
        );
    };
    for incident in truth.open() {
        let worst = if incident.impact == Indicator::Critical { "unavailable" } else { "degraded" };
        row("serviceunavailable", "inprogress", worst, &incident.id, &incident.title, incident.started_at);
    }
    for work in &truth.maintenances {
        let stage = if work.status(truth.now) == MaintenanceStatus::Scheduled { "future" } else { "inprogress" };
        row("scheduledmaintenance", stage, "maintenance", &work.id, &work.title, work.starts_at);
    }
    Some(Document::html(about, "", &body))
}
