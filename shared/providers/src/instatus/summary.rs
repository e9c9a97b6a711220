//! `summary.json`: the page's word, what is open and what is planned.
//!
//! Deliberately absent: components and updates. The document has none.

use serde_json::Value;
use statusphere_domain::Reading;

use super::items::{self, Rows};
use crate::Target;
use crate::field::text;

/// True for the platform's summary. Statuspage and those who imitate it have an object `status` instead; Checkly's has
/// words of its own.
pub(super) fn is_mine(document: &Value) -> bool {
    let page = &document["page"];
    let status = text(&page["status"]);
    let named = page["name"].is_string() || page["url"].is_string();
    let checkly =
        status.contains('_') || status == "OPERATIONAL" || text(&page["url"]).contains(".checkly-status-page.");
    !status.is_empty() && named && !checkly && document["status"].is_null() && page["id"].is_null()
}

/// Reads a document that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let incidents = rows(document, "activeIncidents")?;
    let incidents = Rows::read(incidents, |row| items::incident(target, row));
    let maintenances = rows(document, "activeMaintenances")?;
    let maintenances = Rows::read(maintenances, |row| items::maintenance(target, row));

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.lists_all_open = incidents.complete;
    reading.incidents = incidents.readable("activeIncidents")?;
    reading.lists_all_planned = maintenances.complete;
    reading.maintenances = maintenances.readable("activeMaintenances")?;
    reading.indicator = items::indicator(&[text(&document["page"]["status"])], &reading, target.as_of);
    Ok(reading)
}

/// A list of the summary, which has none that is empty.
fn rows<'a>(document: &'a Value, key: &str) -> Result<&'a [Value], String> {
    match document.get(key) {
        None => Ok(&[]),
        Some(Value::Array(rows)) => Ok(rows),
        Some(_) => Err(format!("`{key}` is no list")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;
    use statusphere_domain::{Incident, Indicator};

    use super::*;

    fn target() -> Target<'static> {
        let as_of = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
        Target::new("https://status.fenwick.example", as_of)
    }

    fn summary(status: &str, incidents: &Value) -> Value {
        let page = json!({ "name": "Fenwick", "url": "https://status.fenwick.example", "status": status });
        json!({ "page": page, "activeIncidents": incidents })
    }

    #[test]
    fn an_incident_is_open_on_a_page_that_is_up() {
        let row = json!({ "id": "cm1", "name": "Slow", "started": "2030-03-17T17:00:00Z", "status": "IDENTIFIED",
            "impact": "OPERATIONAL" });
        let reading = read(&target(), &summary("UP", &json!([row]))).unwrap();
        assert_eq!(reading.indicator, Some(Indicator::None));
        assert!(reading.incidents.iter().all(|incident| incident.is_open() && incident.impact == Indicator::Minor));
        assert!(reading.lists_all_open && reading.lists_all_planned);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_not_forgotten() {
        let row = json!({ "id": "cm1", "name": "Slow", "started": "2030-03-17T17:00:00Z", "status": "RESOLVED" });
        let reading = read(&target(), &summary("UP", &json!([row, { "name": "no time" }]))).unwrap();
        assert!(!reading.lists_all_open);
        assert_eq!(reading.indicator, None);
        assert!(!reading.incidents.iter().any(Incident::is_open));
        assert!(read(&target(), &summary("UP", &json!([{ "name": "no time" }]))).is_err());
        assert!(read(&target(), &summary("UP", &json!({}))).is_err());
    }

    #[test]
    fn only_its_own_summary_is_read() {
        assert!(is_mine(&summary("ONEMAJOROUTAGE", &json!([]))));
        let imitations = [
            summary("HAS_ISSUES", &json!([])),
            json!({ "page": { "name": "A", "url": "https://a.checkly-status-page.com", "status": "UP" } }),
            json!({ "page": { "name": "A", "url": "https://a.example" }, "status": { "indicator": "none" } }),
            json!({ "page": { "status": "UP" } }),
            json!({ "status": "UP" }),
            json!([]),
        ];
        for imitation in imitations {
            assert!(!is_mine(&imitation), "{imitation}");
        }
    }
}
