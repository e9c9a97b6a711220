//! States and times as people read them: a class for the stylesheet, and always a word beside it.

use std::borrow::Borrow;

use chrono::{DateTime, SecondsFormat, Utc};
use statusphere_domain::{
    ComponentStatus, Freshness, IncidentStatus, Indicator, Item, MaintenanceStatus, PageState, Region, UpDown,
};

/// Bytes of a link.
const LONGEST_LINK: usize = 2_048;

/// How something fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Of the stylesheet: `none`, `maintenance`, `minor`, `major`, `critical` or `unknown`.
    pub(crate) class: &'static str,
    pub(crate) word: &'static str,
}

impl Look {
    /// A page's, as far as it may be relied on.
    pub(crate) fn of_page(state: &PageState, freshness: Freshness) -> Self {
        let unknown = |word| Self { class: "unknown", word };
        match freshness {
            Freshness::Fresh => match state.indicator {
                Some(Indicator::None | Indicator::Maintenance) | None if state.open_incidents > 0 => {
                    Self { class: "minor", word: "Incident open" }
                }
                None => unknown("Does not say"),
                Some(indicator) => indicator.into(),
            },
            Freshness::Stale => unknown("Not read lately"),
            Freshness::Unreadable => unknown("Can't be read"),
            Freshness::Gone => unknown("Says it is gone"),
            Freshness::Never => unknown("Not read yet"),
        }
    }
}

impl From<Indicator> for Look {
    fn from(indicator: Indicator) -> Self {
        let (class, word) = match indicator {
            Indicator::None => ("none", "All well"),
            Indicator::Maintenance => ("maintenance", "Planned work"),
            Indicator::Minor => ("minor", "Minor trouble"),
            Indicator::Major => ("major", "Major trouble"),
            Indicator::Critical => ("critical", "Critical"),
        };
        Self { class, word }
    }
}

impl From<ComponentStatus> for Look {
    fn from(status: ComponentStatus) -> Self {
        let (class, word) = match status {
            ComponentStatus::Operational => ("none", "Operational"),
            ComponentStatus::UnderMaintenance => ("maintenance", "Under maintenance"),
            ComponentStatus::DegradedPerformance => ("minor", "Degraded performance"),
            ComponentStatus::PartialOutage => ("major", "Partial outage"),
            ComponentStatus::MajorOutage => ("critical", "Major outage"),
            ComponentStatus::Unknown => ("unknown", "Not known"),
        };
        Self { class, word }
    }
}

impl From<UpDown> for Look {
    fn from(status: UpDown) -> Self {
        let (class, word) = match status {
            UpDown::Up => ("none", "Up"),
            UpDown::Degraded => ("major", "Degraded"),
            UpDown::Unknown => ("unknown", "Unknown"),
        };
        Self { class, word }
    }
}

/// Impact of an incident or planned work.
pub(crate) fn impact(item: &Item) -> Look {
    match item.impact() {
        // Many vendors rate nothing.
        Indicator::None if item.is_open() => Look { class: "unknown", word: "Not rated" },
        Indicator::None => Look { class: "none", word: "No impact" },
        Indicator::Maintenance => Look { class: "maintenance", word: "Planned work" },
        Indicator::Minor => Look { class: "minor", word: "Minor impact" },
        Indicator::Major => Look { class: "major", word: "Major impact" },
        Indicator::Critical => Look { class: "critical", word: "Critical impact" },
    }
}

/// Where an incident or planned work stands.
pub(crate) fn stage(item: &Item) -> &'static str {
    match item {
        Item::Incident(incident) => match incident.status {
            IncidentStatus::Investigating => "Investigating",
            IncidentStatus::Identified => "Identified",
            IncidentStatus::Monitoring => "Monitoring",
            IncidentStatus::Resolved => "Resolved",
            IncidentStatus::Postmortem => "Postmortem",
            IncidentStatus::Unknown if incident.is_open() => "Open",
            IncidentStatus::Unknown => "Over",
        },
        Item::Maintenance(maintenance) => match maintenance.status {
            MaintenanceStatus::Scheduled => "Scheduled",
            MaintenanceStatus::InProgress => "In progress",
            MaintenanceStatus::Completed => "Completed",
        },
    }
}

/// A region in a few words.
pub(crate) fn region(region: &Region) -> String {
    match &region.code {
        Some(code) => code.clone(),
        None => region.areas.iter().map(|area| area_name(area.as_str())).collect::<Vec<_>>().join(", "),
    }
}

/// `latin_america` as "Latin America".
pub(crate) fn area_name(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    word.split('_').map(capital).collect::<Vec<_>>().join(" ")
}

/// A moment in UTC, which the script adds the reader's own time to. HTML.
pub(crate) fn time(at: &DateTime<Utc>) -> String {
    let machine = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("<time datetime=\"{machine}\">{}</time>", at.format("%-d %b %Y, %H:%M UTC"))
}

/// A sentence whose moments, as RFC 3339 has them, become such as people read. HTML.
pub(crate) fn timed(sentence: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_end_matches([' ', ',', '.']);
        match DateTime::parse_from_rfc3339(bare) {
            Ok(at) => format!("{}{}", time(&at.to_utc()), &word[bare.len()..]),
            Err(_) => html_escape::encode_text(word).into_owned(),
        }
    };
    sentence.split_inclusive(' ').map(word).collect()
}

/// `1 page`, `2 pages`.
pub(crate) fn count(number: impl Borrow<usize>, one: &str) -> String {
    let number = *number.borrow();
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The address of something a vendor links to; `None` for what is no web address, or a huge one.
pub(crate) fn web_link(link: &str) -> Option<&str> {
    let start = link.get(..8).unwrap_or(link).to_ascii_lowercase();
    let is_web = start.starts_with("https://") || start.starts_with("http://");
    (is_web && link.len() <= LONGEST_LINK).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::timed;

    #[test]
    fn moments_in_a_sentence_are_shown_as_elsewhere_and_the_rest_is_text() {
        assert_eq!(
            timed("\"<b>Late</b>\" since 2026-03-01T12:00:00Z. At 12:00, it said 2026."),
            "\"&lt;b&gt;Late&lt;/b&gt;\" since <time datetime=\"2026-03-01T12:00:00Z\">1 Mar 2026, 12:00 UTC</time>. \
             At 12:00, it said 2026."
        );
        assert_eq!(timed("2026-03-01T12:00:00Z<script>"), "2026-03-01T12:00:00Z&lt;script&gt;");
    }
}
