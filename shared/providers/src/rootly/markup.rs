//! The page's markup: a `<details>` for each service, with its name, its state in words and the frame of its chart.
//!
//! Deliberately absent: incidents, whose times are prose; the days of the chart.

use scraper::{ElementRef, Html, Selector};
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use super::PROVIDER;
use crate::{Target, html, words};

const CHART: &str = "uptime-chart-";
/// What a page says while all is well.
const CALM: &str = "All Systems Operational";

pub(super) fn is_mine(page: &str) -> bool {
    ["rootly.com", "status-pages--v2--"].iter().any(|mark| page.contains(mark))
}

/// What the markup alone says; `None` where it says nothing of the page's state.
pub(super) fn read(target: &Target<'_>, page: &str) -> Option<Reading> {
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(services(page)?);
    let says_so = page.contains(CALM) && page.contains("</html");
    reading.indicator =
        words::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::Maintenance || says_so);
    Some(reading)
}

/// The services; `None` where the page shows none.
pub(super) fn services(page: &str) -> Option<Vec<Component>> {
    let document: Html = page.contains(CHART).then(|| html::document(page.as_bytes()))??;
    let [card, chart, name, word] = ["details", "turbo-frame[id^='uptime-chart-']", "summary h2", "summary span"]
        .map(|css| Selector::parse(css).ok());
    let (card, chart, name, word) = (card?, chart?, name?, word?);
    let service = |card: ElementRef<'_>| {
        // What holds other cards is a group of services.
        let holds_cards =
            card.descendants().skip(1).filter_map(ElementRef::wrap).any(|inner| inner.value().name() == "details");
        let id =
            card.select(&chart).find_map(|chart| chart.attr("id")?.strip_prefix(CHART)).filter(|_| !holds_cards)?;
        let said = |selector| card.select(selector).map(|part| html::inner(part)).filter(|said| !said.is_empty());
        let name = said(&name).next().unwrap_or_else(|| id.to_owned());
        let status = said(&word).last().map_or(ComponentStatus::Unknown, |word| status(&word));
        Some(Component { id: id.to_owned(), name, group: None, status })
    };
    let services: Vec<_> = document.select(&card).filter_map(service).collect();
    (!services.is_empty()).then_some(services)
}

fn status(word: &str) -> ComponentStatus {
    match word.to_lowercase().as_str() {
        "affected" | "degraded" => ComponentStatus::DegradedPerformance,
        "maintenance" => ComponentStatus::UnderMaintenance,
        word => words::component(&word.replace(' ', "_")),
    }
}
