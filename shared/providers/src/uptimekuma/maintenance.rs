//! Maintenances of a page. The platform lists those that are running.
//!
//! Deliberately absent: cron patterns and weekdays. The platform states the windows that come of them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Maintenance, MaintenanceStatus};

use crate::{Target, field, time, words};

type Window = (DateTime<Utc>, Option<DateTime<Utc>>);

/// Where a maintenance stands by the platform's word; `None` when it has no such word.
pub(super) fn status(row: &Value) -> Option<MaintenanceStatus> {
    Some(match field::text(&row["status"]) {
        "scheduled" => MaintenanceStatus::Scheduled,
        "under-maintenance" => MaintenanceStatus::InProgress,
        "ended" | "inactive" => MaintenanceStatus::Completed,
        _ => return None,
    })
}

/// A maintenance with its window; `None` when it has none that can be read.
pub(super) fn read(target: &Target<'_>, row: &Value) -> Option<Maintenance> {
    let (starts_at, ends_at) = window(row, target.as_of)?;
    Some(Maintenance {
        id: field::id(&row["id"])?,
        title: field::text(&row["title"]).to_owned(),
        link: target.url.to_owned(),
        status: status(row).unwrap_or_else(|| words::window(starts_at, ends_at, target.as_of)),
        starts_at,
        ends_at: ends_at.filter(|end| *end >= starts_at),
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Row,
    })
}

/// The window that is running, else the first: of a maintenance that recurs the running one and the next are listed.
fn window(row: &Value, as_of: DateTime<Utc>) -> Option<Window> {
    let slots = field::list(&row["timeslotList"]).iter();
    let windows: Vec<Window> = slots
        .filter_map(|slot| {
            // Versions that stored windows in UTC stated them in the server's zone as well.
            let utc = slot["startDateServerTimezone"].is_string();
            Some((stamp(row, &slot["startDate"], utc)?, stamp(row, &slot["endDate"], utc)))
        })
        .collect();
    let running = |(start, end): &&Window| *start <= as_of && end.is_none_or(|end| as_of < end);
    windows.iter().find(running).or(windows.first()).copied().or_else(|| {
        let range = field::list(&row["dateRange"]);
        Some((stamp(row, range.first()?, false)?, range.get(1).and_then(|end| stamp(row, end, false))))
    })
}

/// A time that states its zone itself, or is of the maintenance's own zone.
fn stamp(row: &Value, value: &Value, utc: bool) -> Option<DateTime<Utc>> {
    let text = field::text(value);
    let has_zone = text.ends_with('Z') || text.get(16..).is_some_and(|rest| rest.contains(['+', '-']));
    if utc || has_zone {
        return time::parse(text);
    }
    let minute = text.get(..16)?.replace('T', " ");
    time::local(&minute, field::text(&row["timezone"])).or_else(|| {
        let offset = field::text(&row["timezoneOffset"]);
        if offset.is_empty() { None } else { time::parse(&format!("{minute}{offset}")) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_of_the_zone_that_the_maintenance_states() {
        let at = |text: &str| time::parse(text).unwrap();
        for (row, start, end) in [
            (
                r#"{"timezone": "Europe/Berlin", "timezoneOffset": "+01:00",
                    "timeslotList": [{"startDate": "2031-07-01 10:00:00", "endDate": "2031-07-01 12:00"}]}"#,
                "2031-07-01T08:00:00Z",
                Some("2031-07-01T10:00:00Z"),
            ),
            (
                r#"{"timezone": "Nowhere", "timezoneOffset": "-03:30",
                    "timeslotList": [{"startDate": "2031-07-01T10:00", "endDate": null}]}"#,
                "2031-07-01T13:30:00Z",
                None,
            ),
            (
                r#"{"timeslotList": [{"startDate": "2031-07-01 10:00:00", "endDate": "2031-07-01 12:00:00",
                    "startDateServerTimezone": "2031-07-01 12:00"}]}"#,
                "2031-07-01T10:00:00Z",
                Some("2031-07-01T12:00:00Z"),
            ),
            (
                r#"{"timeslotList": [{"startDate": "2031-07-02T10:00:00.000Z", "endDate": "2031-07-02T12:00:00.000Z"},
                    {"startDate": "2031-07-01T10:00:00.000Z", "endDate": "2031-07-01T23:00:00.000Z"}]}"#,
                "2031-07-01T10:00:00Z",
                Some("2031-07-01T23:00:00Z"),
            ),
            (
                r#"{"timezone": "UTC", "dateRange": ["2031-07-01 10:00:00"], "timeslotList": []}"#,
                "2031-07-01T10:00:00Z",
                None,
            ),
        ] {
            let row: Value = serde_json::from_str(row).unwrap();
            assert_eq!(window(&row, at("2031-07-01T20:00:00Z")), Some((at(start), end.map(at))), "{row}");
        }
        let manual: Value = serde_json::from_str(r#"{"dateRange": [null], "timeslotList": []}"#).unwrap();
        assert_eq!(window(&manual, at("2031-07-01T20:00:00Z")), None);
    }
}
