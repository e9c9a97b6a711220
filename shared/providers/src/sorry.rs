//! Reads status pages made with Sorry™. Evidence: the platform's documentation, one page's API description with sample
//! answers, and client code. Unconfirmed: a recorded answer, as none stands behind this.
//!
//! # Recognises
//! `/api/v1/status` with a `page` that has a `name` and a `state`. It is asked for on the platform's own host, on pages
//! whose markup names `sorryapp.com`, and where there is no markup at all. A key from the catalogue leads to the
//! platform's API instead.
//!
//! # Requests
//! Three where the page is known: its status, components and notices; else four, with `/`. More for what is open, one
//! for each notice and at most three, and for further pages of the lists. With the catalogue's key two:
//! `api.sorryapp.com/v1/pages/<key>/components` and `…/notices`. History: one for each page of the notices.
//!
//! # Reads
//! Indicator, components with their groups, incidents and maintenances, also those that are over. Notices that are open
//! with all their updates and components, others with the newest update.
//!
//! # Maps
//! `degraded` and `partially-degraded` are minor: the platform knows no degrees of trouble. `under_maintenance`, also
//! with a hyphen, is maintenance; any other word is unknown. Unplanned notices are incidents, `recovering` is monitoring,
//! `resolved` and `false_alarm` end them; planned ones are maintenances, `cancelled` ones over. General notices are
//! neither and left out.
//!
//! # Does not know
//! Components beyond the sixth page of their list: such a page tells none. With the catalogue's key the platform's API
//! states no indicator, so that it is that of the worst component and incident, and has no history.

mod api;
mod notice;

use serde_json::Value;
use statusphere_domain::{Indicator, Item, Reading};

use crate::field::{id, list, number, text};
use crate::front::{Front, front};
use crate::words;
use crate::{BackfillStep, Provider, Seen, Step, Target, html};
use notice::Notices;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "sorry", step, backfill: Some(backfill) };

const STATUS: &str = "/api/v1/status";
const COMPONENTS: &str = "/api/v1/components";
const NOTICES: &str = "/api/v1/notices";
/// The notices that are going on and those ahead, where the list has several pages.
const CURRENT: [&str; 2] =
    ["/api/v1/notices?filter%5Btimeline_state_eq%5D=present", "/api/v1/notices?filter%5Btimeline_state_eq%5D=future"];
/// Kept as the page's key: the documents are on its own host. No key of the platform has a slash.
const OWN: &str = "/api/v1";
/// Documents of one page at most, by all providers together.
const MAX_SEEN: usize = 12;
/// Open notices whose whole timeline is asked for.
const MAX_DETAILS: usize = 3;
const MAX_COMPONENT_PAGES: i64 = 6;
/// The end of a history that has none.
const MAX_PAGES: u32 = 1000;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let known = match target.key {
        Some(OWN) => Some(state(target, seen)),
        Some(key) if api::is_key(key) => Some(api::state(target, seen, key)),
        _ => (target.known || target.is_on(&["sorryapp.com"])).then(|| state(target, seen)),
    };
    match known {
        None | Some(Step::NotMine(_)) => {}
        Some(step) => return step,
    }
    match front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        Front::Html(markup, _) if !markup.contains("sorryapp.com") => Step::NotMine("has no mark of Sorry".to_owned()),
        _ => state(target, seen),
    }
}

/// The state by the documents on the page's own host.
fn state(target: &Target<'_>, seen: &Seen) -> Step {
    let url = target.at(STATUS);
    let document: Value = match seen.get(&url) {
        None => return Step::Want(vec![url]),
        Some(Err(error)) => return Step::NotMine(format!("{STATUS}: {}", error.detail)),
        Some(Ok(answer)) => match html::json(answer) {
            Ok(document) => document,
            Err(why) => return Step::NotMine(format!("{STATUS} {why}")),
        },
    };
    let word = text(&document["page"]["state"]);
    if word.is_empty() || text(&document["page"]["name"]).is_empty() {
        return Step::NotMine(format!("{STATUS} has no `page.name` and `page.state`"));
    }
    match read(target, seen, word) {
        Ok(step) => step,
        Err(why) => Step::Malformed(why),
    }
}

fn read(target: &Target<'_>, seen: &Seen, word: &str) -> Result<Step, String> {
    let unseen = |paths: &[String]| -> Vec<String> {
        let urls = paths.iter().map(|path| target.at(path)).filter(|url| seen.get(url).is_none());
        urls.take(MAX_SEEN.saturating_sub(seen.len())).collect()
    };
    let first = unseen(&[NOTICES.to_owned(), COMPONENTS.to_owned()]);
    if !first.is_empty() {
        return Ok(Step::Want(first));
    }
    let all = document(target, seen, NOTICES, "notices")?;
    let partly = all.as_ref().is_some_and(|all| !text(&all["meta"]["next_page"]).is_empty());
    let mut wanted = if partly { unseen(&CURRENT.map(str::to_owned)) } else { Vec::new() };
    if wanted.is_empty() {
        let listed = notices(target, seen, all.as_ref(), partly)?;
        wanted = unseen(&listed.details());
        wanted.extend(unseen(&component_pages(document(target, seen, COMPONENTS, "components")?.as_ref())));
        wanted.truncate(MAX_SEEN.saturating_sub(seen.len()));
    }
    if !wanted.is_empty() {
        return Ok(Step::Want(wanted));
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(OWN.to_owned());
    reading.components = components(target, seen)?;
    notices(target, seen, all.as_ref(), partly)?.fill(&mut reading);
    let trouble = || words::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None);
    reading.indicator = notice::indicator(word).or_else(trouble);
    Ok(Step::Reading(Box::new(reading)))
}

/// A document with a list of this name; `None` where it is refused, an error where it cannot be read.
fn document(target: &Target<'_>, seen: &Seen, path: &str, name: &str) -> Result<Option<Value>, String> {
    let Some(Ok(answer)) = seen.get(&target.at(path)) else { return Ok(None) };
    let document: Value = html::json(answer).map_err(|why| format!("{path} {why}"))?;
    if document[name].is_array() { Ok(Some(document)) } else { Err(format!("{path} has no list `{name}`")) }
}

/// The notices as far as they were given. Complete when the list has one page, or the two lists of current ones have.
fn notices(target: &Target<'_>, seen: &Seen, all: Option<&Value>, partly: bool) -> Result<Notices, String> {
    let mut notices = Notices::default();
    let mut complete = all.is_some() && !partly;
    let mut current = Vec::new();
    if partly {
        for path in CURRENT {
            current.extend(document(target, seen, path, "notices")?);
        }
        let whole = current.iter().all(|list| text(&list["meta"]["next_page"]).is_empty());
        complete = whole && current.len() == CURRENT.len();
    }
    for row in current.iter().chain(all).flat_map(|document| list(&document["notices"])) {
        let detail = notice::detail(row).and_then(|path| seen.get(&target.at(&path)));
        let detail = detail.and_then(Result::ok).and_then(|answer| html::json::<Value>(answer).ok());
        let whole = detail.as_ref().map(|detail| &detail["notice"]).filter(|whole| id(&whole["id"]) == id(&row["id"]));
        notices.add(target, row, whole);
    }
    notices.finish(complete)
}

/// The further pages of the components, where they are not too many.
fn component_pages(first: Option<&Value>) -> Vec<String> {
    let Some(first) = first.filter(|first| !text(&first["meta"]["next_page"]).is_empty()) else { return Vec::new() };
    let rows = i64::try_from(list(&first["components"]).len()).unwrap_or(i64::MAX).max(1);
    let total = number(&first["meta"]["total_count"]).unwrap_or_default().max(0);
    let pages = total.saturating_sub(1).checked_div(rows).unwrap_or_default().saturating_add(1).max(2);
    if pages > MAX_COMPONENT_PAGES {
        return Vec::new();
    }
    (2..=pages).map(|page| format!("{COMPONENTS}?page={page}")).collect()
}

/// All components; `None` when some are on pages that were not given.
fn components(target: &Target<'_>, seen: &Seen) -> Result<Option<Vec<statusphere_domain::Component>>, String> {
    let Some(first) = document(target, seen, COMPONENTS, "components")? else { return Ok(None) };
    let mut documents = vec![];
    for path in component_pages(Some(&first)) {
        documents.extend(document(target, seen, &path, "components")?);
    }
    documents.insert(0, first);
    let whole = documents.last().is_some_and(|last| text(&last["meta"]["next_page"]).is_empty());
    let rows: Vec<_> = documents.iter().flat_map(|document| list(&document["components"])).collect();
    Ok(whole.then(|| notice::components(&rows)))
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let Some(page) = target.cursor.map_or(Some(1), |cursor| cursor.parse::<u32>().ok()) else {
        return BackfillStep::Failed("the cursor is no page of the history".to_owned());
    };
    let path = format!("{NOTICES}?page={page}");
    let url = target.at(&path);
    match seen.get(&url) {
        None => return BackfillStep::Want(vec![url]),
        Some(Err(error)) if !error.kind.host_is_up() => return BackfillStep::Failed(error.detail.clone()),
        Some(Err(_)) => return BackfillStep::Items { items: Vec::new(), next: None },
        Some(Ok(_)) => {}
    }
    let document = match document(target, seen, &path, "notices") {
        Ok(document) => document.unwrap_or_default(),
        Err(why) => return BackfillStep::Failed(why),
    };
    let rows = list(&document["notices"]);
    let items: Vec<Item> =
        rows.iter().filter_map(|row| notice::item(target, row, None)).filter(|item| !item.is_open()).collect();
    let more = !rows.is_empty() && !text(&document["meta"]["next_page"]).is_empty() && page < MAX_PAGES;
    BackfillStep::Items { items, next: more.then(|| page.saturating_add(1).to_string()) }
}
