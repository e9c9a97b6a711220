//! The page's markup, for where the summary is and, if it is refused, for what the page shows.
//!
//! Deliberately absent: updates, and any claim to list all that is open; the page's list serves a graph.

use std::collections::{HashMap, HashSet};

use scraper::{ElementRef, Html, Selector};
use serde_json::{Deserializer, Value};
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, Reading};
use url::Url;

use super::{PROVIDER, Place, SIDES, below, items, summary};
use crate::{Target, html, words};

const INCIDENTS: &str = "window.incidents";

pub(super) fn is_mine(markup: &str) -> bool {
    let mentions_side = || SIDES.iter().any(|side| markup.contains(side));
    ["system-status--description", "service-status--name"].iter().any(|class| markup.contains(class))
        || markup.contains("system-status") && mentions_side()
}

/// The places where a page under a name of its own may be: under the subdomain that it mentions, else under its own name,
/// which the platform takes as well.
pub(super) fn places(target: &Target<'_>, markup: &str) -> Vec<Place> {
    let host = Url::parse(target.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    // A page of the European side mentions it; most are of the other.
    let european = markup.contains(SIDES[1]);
    let sides = if european { [SIDES[1], SIDES[0]] } else { SIDES };
    if let Some(place) = sides.into_iter().find_map(|side| mentioned(markup, side)) {
        return vec![place];
    }
    sides.into_iter().filter_map(|side| Place::new(side, &host)).collect()
}

/// The first subdomain of a side that the markup mentions.
fn mentioned(markup: &str, side: &str) -> Option<Place> {
    let dotted = format!(".{side}");
    markup.match_indices(&dotted).find_map(|(end, _)| {
        let head = markup.get(..end)?;
        let length =
            head.bytes().rev().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let (before, name) = head.split_at_checked(end - length)?;
        before.ends_with("//").then(|| below(&format!("{name}{dotted}"), side)).flatten()
    })
}

/// What the page shows; the error says why it shows nothing.
pub(super) fn read(target: &Target<'_>, markup: &str) -> Result<Reading, String> {
    let document = html::document(markup.as_bytes()).ok_or("its markup cannot be parsed")?;
    let mut reading = Reading::new(PROVIDER.name);
    let components = components(&document)?;
    let stated = stated(&document)?;
    if stated.is_empty() && components.is_empty() {
        return Err("its markup shows no state".to_owned());
    }
    for item in listed(target, markup)? {
        reading.push(item);
    }
    reading.components = (!components.is_empty()).then_some(components);
    let known = stated.iter().all(Option::is_some);
    let derived = words::indicator(&reading, target.as_of);
    let worst = derived.max(stated.into_iter().flatten().max());
    reading.indicator = worst.filter(|worst| *worst > Indicator::Maintenance || known && derived.is_some());
    if reading.indicator <= Some(Indicator::Maintenance) && !markup.contains("</html") {
        return Err("its markup is cut off".to_owned());
    }
    Ok(reading)
}

/// The types that the page states for itself; `None` for the vendor's own.
fn stated(document: &Html) -> Result<Vec<Option<Indicator>>, String> {
    let selector = selector(".system-status[class*='type-']")?;
    let kind = |element: ElementRef<'_>| {
        element.value().classes().find_map(|class| class.strip_prefix("type-")).map(summary::indicator)
    };
    Ok(document.select(&selector).filter_map(kind).collect())
}

/// The tiles of services; one that holds others is their group.
fn components(document: &Html) -> Result<Vec<Component>, String> {
    let (tile, name) = (selector("[id^='service-'][class*='status-type-']")?, selector(".service-status--name")?);
    let named = |element: ElementRef<'_>| {
        element.select(&name).next().map(|name| html::inner(name)).filter(|name| !name.is_empty())
    };
    let tiles: Vec<_> = document.select(&tile).map(|element| (element, above(element, &tile))).collect();
    let groups: HashSet<_> = tiles.iter().filter_map(|(_, above)| above.map(|above| above.id())).collect();
    let component = |(element, above): &(ElementRef<'_>, Option<ElementRef<'_>>)| {
        let id = element.value().id().unwrap_or_default().trim_start_matches("service-").to_owned();
        let kind = element.value().classes().find_map(|class| class.strip_prefix("status-type-")).unwrap_or_default();
        let status = match kind {
            "none" => ComponentStatus::Operational,
            word => summary::status(word),
        };
        Component { name: named(*element).unwrap_or_else(|| id.clone()), id, group: above.and_then(named), status }
    };
    Ok(tiles.iter().filter(|(element, _)| !groups.contains(&element.id())).map(component).collect())
}

/// The tile that holds an element.
fn above<'a>(element: ElementRef<'a>, tile: &Selector) -> Option<ElementRef<'a>> {
    element.ancestors().filter_map(ElementRef::wrap).find(|above| tile.matches(above))
}

fn selector(css: &str) -> Result<Selector, String> {
    Selector::parse(css).map_err(|error| error.to_string())
}

/// The incidents and maintenances that the page hands to its script.
fn listed(target: &Target<'_>, markup: &str) -> Result<Vec<Item>, String> {
    let Some((_, rest)) = markup.split_once(INCIDENTS) else { return Ok(Vec::new()) };
    let Some(rest) = rest.trim_start().strip_prefix('=') else { return Ok(Vec::new()) };
    let unreadable = || "its markup has a list of incidents that cannot be read".to_owned();
    if !html::is_bearable(rest) {
        return Err(unreadable());
    }
    let rows = Deserializer::from_str(rest).into_iter::<Vec<Value>>().next().ok_or_else(unreadable)?;
    let names = HashMap::new();
    let item = |mut row: Value| {
        let kind = row["i_type"].take();
        let planned = kind["is_maintenance"] == true;
        *row.as_object_mut()?.entry("type").or_insert(Value::Null) = kind["key"].clone();
        items::item(target, &row, planned, &names)
    };
    rows.map_err(|_| unreadable())?.into_iter().map(|row| item(row).ok_or_else(unreadable)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_the_subdomain_that_it_mentions() {
        let place = |markup| mentioned(markup, "statuspal.eu").map(|place| place.name);
        assert_eq!(
            place("<a href='https://www.statuspal.eu'><a href='https://larch.statuspal.eu/x'>"),
            Some("larch".to_owned())
        );
        assert_eq!(place("//larch-bank.statuspal.eu"), Some("larch-bank".to_owned()));
        for markup in [
            "",
            "https://statuspal.eu",
            "mail@larch.statuspal.eu",
            "https://a.b.statuspal.eu",
            ".statuspal.eu",
            "é.statuspal.eu",
        ] {
            assert_eq!(place(markup), None, "{markup}");
        }
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        let as_of = chrono::DateTime::UNIX_EPOCH;
        let target = Target::new("https://status.fernhold.example", as_of);
        for piece in [
            "<div id='service-1' class='status-type-none'>",
            "<div id='service-1' class='status-type-none'></div>",
            "<div id='service-1' class='status-type-none'><div id='service-2' class='status-type-none'></div></div>",
            "//a.statuspal.eu",
            ".statuspal.eu",
            "window.incidents=[",
            "window.incidents=[{}",
        ] {
            let markup = piece.repeat(400_000 / piece.len());
            let started = std::time::Instant::now();
            let _ = read(&target, &markup);
            places(&target, &markup);
            assert!(started.elapsed().as_secs() < 5, "{piece:?} took {:?}", started.elapsed());
        }
    }
}
