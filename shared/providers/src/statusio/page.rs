//! The page's markup, for pages whose API is refused: the bar with the state of all, and each component with its word.
//!
//! Deliberately absent: incidents, which the markup links to without telling when they began; regions.

use scraper::{ElementRef, Selector};
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use super::{PROVIDER, words};
use crate::{Target, html, words as common};

/// What the markup shows; `None` where it shows no state.
pub(super) fn read(target: &Target<'_>, markup: &str) -> Option<Reading> {
    let document = html::document(markup.as_bytes())?;
    let [row, name, word, bar] =
        ["#statusio_components .component", ".component_name", ".component-status", "[id^='statusbar_text']"]
            .map(|css| Selector::parse(css).ok());
    let (row, name, word, bar) = (row?, name?, word?, bar?);
    let said = |within: ElementRef<'_>, part: &Selector| {
        within.select(part).map(|part| html::inner(part)).find(|text| !text.is_empty())
    };
    let component = |row: ElementRef<'_>| {
        let name = said(row, &name)?;
        let status =
            said(row, &word).and_then(|word| words::named(&word)).map_or(ComponentStatus::Unknown, words::fares);
        Some(Component { id: name.clone(), name, group: None, status })
    };
    let components: Vec<_> = document.select(&row).filter_map(component).collect();
    let bar = said(document.root_element(), &bar);
    if bar.is_none() && components.is_empty() {
        return None;
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = (!components.is_empty()).then_some(components);
    let stated = bar.as_deref().and_then(words::named);
    let calm = stated.is_some() && !markup.contains("/pages/incident/") && markup.contains("</html");
    reading.indicator = match common::indicator(&reading, target.as_of) {
        None => stated.filter(|worst| *worst > Indicator::Maintenance),
        derived => derived.max(stated).filter(|worst| *worst > Indicator::Maintenance || calm),
    };
    Some(reading)
}
