//! The page that people look at: markup in place of the JSON where that is closed.
//!
//! Only elements with Statuspage's own class names are read, and only on a page that says by its body's class how it
//! fares. What is over is read as far as the page shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use scraper::{ElementRef, Selector};
use statusphere_domain::{Component, ComponentStatus, Item, Reading, Response, Update};
use url::Url;

use super::timeline::{Entry, stamp};
use super::words;
use crate::time::{self, Year};
use crate::{Step, Target, html};

/// Why a deactivated page is not read.
pub(super) const DEACTIVATED: &str = "the page was deactivated by its owner";

/// True for what a deactivated page shows.
pub(super) fn is_deactivated(html: &str) -> bool {
    let has = |name: &str| body_class(html).split_ascii_whitespace().any(|class| class == name);
    has("status") && has("inactive")
}

/// True for the front page of the platform itself, which answers for every address that nobody has.
pub(super) fn is_marketing(html: &str) -> bool {
    let title = html.split_once("<title").and_then(|(_, rest)| rest.split("</title>").next()).unwrap_or_default();
    title.contains("Statuspage") && !body_class(html).split_ascii_whitespace().any(|class| class == "status")
}

fn body_class(html: &str) -> &str {
    let tag = html.split_once("<body").and_then(|(_, rest)| rest.split('>').next()).unwrap_or_default();
    let value = tag.split_once("class=").map_or("", |(_, value)| value);
    let quote = value.chars().next().unwrap_or_default();
    value.split(quote).nth(1).unwrap_or_default()
}

/// The state by the page's markup.
pub(super) fn read(target: &Target<'_>, answer: &Response) -> Step {
    let whole = html::decode(&answer.body);
    if !html::is_html(answer) {
        return Step::NotMine("/ is no HTML".to_owned());
    }
    if is_deactivated(&whole) {
        return Step::Malformed(DEACTIVATED.to_owned());
    }
    if is_marketing(&whole) {
        return Step::NotMine(super::NOBODY.to_owned());
    }
    let classes: Vec<_> = body_class(&whole).split_ascii_whitespace().collect();
    let Some(word) = classes.iter().find_map(|class| class.strip_prefix("status-")) else {
        return Step::NotMine("/ has no marks of Statuspage".to_owned());
    };
    if !classes.contains(&"status") {
        return Step::NotMine("/ has no marks of Statuspage".to_owned());
    }
    // A cut page may have lost what is open.
    if !whole.contains("</body>") {
        return Step::Malformed("/ is cut off".to_owned());
    }
    let Some(document) = html::document(&answer.body) else {
        return Step::Malformed("/ is too large or nested too deeply".to_owned());
    };
    let root = document.root_element();
    // The body's class alone would be easy to have by chance.
    if all(root, ".layout-content, .page-status, .unresolved-incidents, .components-section").is_empty() {
        return Step::NotMine("/ has no marks of Statuspage".to_owned());
    }

    let open = all(root, ".unresolved-incident");
    let (count, mut items) = (open.len(), entries(target, open));
    let complete = items.len() == count;
    if count > 0 && items.is_empty() {
        return Step::Malformed("its open incidents cannot be read".to_owned());
    }
    items.extend(entries(target, all(root, ".scheduled-maintenance")));
    items.extend(entries(target, all(root, ".incidents-list .incident-container")));

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.indicator = Some(words::indicator(word));
    reading.components = Some(components(root)).filter(|components| !components.is_empty());
    reading.lists_all_open = complete;
    let mut known = Vec::new();
    for item in items {
        // An open incident may stand in the list of days as well.
        if known.contains(&item.key()) {
            continue;
        }
        known.push(item.key());
        reading.push(item);
    }
    Step::Reading(Box::new(reading))
}

/// The outermost matches below an element, in the order of the document. Inner ones would be read twice.
fn all<'a>(within: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    let Ok(selector) = Selector::parse(css) else { return Vec::new() };
    let outermost = |element: &ElementRef<'a>| {
        let mut above = element.ancestors().take_while(|node| node.id() != within.id()).filter_map(ElementRef::wrap);
        !above.any(|element| selector.matches(&element))
    };
    within.select(&selector).filter(outermost).collect()
}

fn first<'a>(within: ElementRef<'a>, css: &str) -> Option<ElementRef<'a>> {
    Selector::parse(css).ok().and_then(|selector| within.select(&selector).next())
}

fn text(element: ElementRef<'_>) -> String {
    html::inner(element)
}

fn class_suffix<'a>(element: ElementRef<'a>, prefix: &str) -> Option<&'a str> {
    element.value().classes().find_map(|class| class.strip_prefix(prefix))
}

fn entries(target: &Target<'_>, blocks: Vec<ElementRef<'_>>) -> Vec<Item> {
    blocks.into_iter().filter_map(|block| entry(target, block)?.item()).collect()
}

fn entry(target: &Target<'_>, block: ElementRef<'_>) -> Option<Entry> {
    let head = first(block, ".incident-title")?;
    let named = first(block, ".actual-title").or_else(|| first(head, "a"))?;
    let href = first(head, "a[href*='/incidents/']")?.value().attr("href")?;
    let link = Url::parse(&target.at("/")).ok()?.join(href).ok()?;
    let id = link.path_segments()?.rfind(|part| !part.is_empty())?.to_owned();
    let impact = class_suffix(block, "impact-").or_else(|| class_suffix(head, "impact-")).map(words::indicator);
    let window = first(block, "small[data-unix-time]").and_then(|small| window(target, small));
    let mut updates = Vec::new();
    let mut after = target.as_of;
    for update in all(block, ".update") {
        let Some(update) = read_update(update, after, window.is_some()) else { continue };
        after = update.at;
        updates.push(update);
    }
    Some(Entry { id, title: text(named), link: link.into(), impact, updates, window })
}

/// `<strong>Investigating</strong> - text <small>stamp</small>`; what is planned has no word of its own.
fn read_update(update: ElementRef<'_>, after: DateTime<Utc>, planned: bool) -> Option<Update> {
    let unix = first(update, "[data-datetime-unix]").and_then(|ago| ago.value().attr("data-datetime-unix"));
    let at = match unix.and_then(|millis| millis.parse::<i64>().ok()).and_then(|millis| time::unix(millis / 1000)) {
        Some(at) => at,
        None => stamp(&text(first(update, "small")?), after)?,
    };
    let title = first(update, "strong").map(text).or_else(|| planned.then(|| "Scheduled".to_owned()))?;
    let inner = html::markup(update);
    let body = inner.rsplit_once("<small").map_or(inner.as_str(), |(body, _)| body);
    let body = body.split_once("</strong>").map_or(body, |(_, body)| body);
    Some(Update { at, title, body: html::text(body).trim_start_matches('-').trim_start().to_owned() })
}

/// The planned window: its start in seconds, its end in words.
fn window(target: &Target<'_>, small: ElementRef<'_>) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let unix = small.value().attr("data-unix-time").and_then(|seconds| seconds.parse().ok());
    let start = unix.and_then(time::unix);
    match time::yearless(&text(small), None, Year::Near(start.unwrap_or(target.as_of))) {
        Some((told, end)) => Some((start.unwrap_or(told), end)),
        None => Some((start?, None)),
    }
}

/// Components with their groups. A group's own row stands directly in the group and is none of them.
fn components(root: ElementRef<'_>) -> Vec<Component> {
    let mut groups = BTreeMap::new();
    let mut components = Vec::new();
    for row in all(root, ".component-inner-container") {
        let Some(name) = first(row, ".name").map(name).filter(|name| !name.is_empty()) else { continue };
        let is_group = |element: &ElementRef<'_>| element.value().classes().any(|class| class == "is-group");
        let Some(parent) = row.parent().and_then(ElementRef::wrap) else { continue };
        if is_group(&parent) {
            groups.insert(parent.id(), name);
            continue;
        }
        let group = row.ancestors().filter_map(ElementRef::wrap).find(is_group);
        let group = group.and_then(|group| groups.get(&group.id())).cloned();
        let status = match row.value().attr("data-component-status") {
            Some(word) => crate::words::component(word),
            None => class_suffix(row, "status-").map_or(ComponentStatus::Unknown, by_colour),
        };
        let id = row.value().attr("data-component-id").unwrap_or(&name).to_owned();
        components.push(Component { id, name, group, status });
    }
    components
}

/// A component's name, without the question mark that opens its description on older pages.
fn name(element: ElementRef<'_>) -> String {
    let shown = |child: &ElementRef<'_>| !child.value().classes().any(|class| class.starts_with("tooltip"));
    let children = element.children().filter_map(|child| match ElementRef::wrap(child) {
        Some(child) => shown(&child).then(|| child.html()),
        None => child.value().as_text().map(|text| html_escape::encode_text(&**text).into_owned()),
    });
    html::text(&children.collect::<String>())
}

fn by_colour(colour: &str) -> ComponentStatus {
    match colour {
        "green" => ComponentStatus::Operational,
        "yellow" => ComponentStatus::DegradedPerformance,
        "orange" => ComponentStatus::PartialOutage,
        "red" => ComponentStatus::MajorOutage,
        "blue" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}
