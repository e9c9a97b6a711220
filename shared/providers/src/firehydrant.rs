//! Reads status pages made with `FireHydrant`. Evidence: a recording of one page's document; client code and its test
//! literals for two more pages, among them the list of scheduled maintenances.
//!
//! # Recognises
//! `/data/payload.json` by its shape: the objects `config` and `conditions`. No marks of the markup are known, so that an
//! unknown page is asked for it once.
//!
//! # Requests
//! One, `/data/payload.json`, for a page that was read before. One more, the page itself, for an unknown one.
//!
//! # Reads
//! Components; all incidents since the page began, with their timelines and components; incidents of the severity
//! `MAINTENANCE` and the scheduled maintenances as maintenances.
//!
//! # Maps
//! `SEV1` is critical, `SEV2` major, `SEV3` and `SEV4` minor. Any other severity is that of the worst component, and at
//! least minor while the incident is open. An incident is open until it has `timestamps.resolved`. The page tells no
//! component's state as such: it follows from open incidents and running maintenance, by the page's own table of
//! conditions (`DEGRADED` is degraded performance, `OFFLINE` a major outage). The page states no indicator: it is the
//! worst of components, open incidents and running maintenance.
//!
//! # Does not know
//! The stage of a single update, whether all is well where the document has no list of incidents or one that cannot be
//! read in full, the planned end of a maintenance that is written as an incident.

mod conditions;
mod items;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, field, html, words};
use conditions::Conditions;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "firehydrant", step, backfill: None };

const PAYLOAD: &str = "/data/payload.json";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let url = target.at(PAYLOAD);
    let answer = seen.get(&url);
    let refused = answer.is_some_and(|answer| answer.map_or(true, html::is_html));
    if !target.known
        && let Front::Unseen(url) = front(target, seen)
    {
        return Step::Want(vec![url]);
    }
    let answer = match answer {
        None => return Step::Want(vec![url]),
        Some(Err(error)) => return Step::NotMine(format!("{PAYLOAD}: {}", error.detail)),
        Some(Ok(answer)) => answer,
    };
    match html::json::<Value>(answer) {
        Ok(document) if is_mine(&document) => match read(target, &document) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(format!("{PAYLOAD} {why}")),
        },
        Ok(_) => Step::NotMine(format!("{PAYLOAD} is another platform's")),
        Err(why) if target.known && !refused => Step::Malformed(format!("{PAYLOAD} {why}")),
        Err(why) => Step::NotMine(format!("{PAYLOAD} {why}")),
    }
}

fn is_mine(document: &Value) -> bool {
    document["config"].is_object() && document["conditions"].is_object()
}

fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let conditions = Conditions::read(&document["conditions"]);
    let rows = document["components"].as_array().ok_or("has no list of components")?;
    let incidents = optional_list(document, "incidents")?;
    let planned = optional_list(document, "scheduledMaintenances")?.unwrap_or_default();

    let mut states = conditions::States::default();
    let mut reading = Reading::new(PROVIDER.name);
    let mut read = 0;
    for post in incidents.unwrap_or_default() {
        let Some(item) = items::incident(target, &conditions, post) else { continue };
        read += 1;
        states.add(items::affected(&conditions, post), items::runs(&item));
        reading.push(item);
    }
    if read == 0 && incidents.is_some_and(|posts| !posts.is_empty()) {
        return Err("has no incident that can be read".to_owned());
    }
    for post in planned {
        let Some(item) = items::scheduled(target, post) else { continue };
        states.add(items::affected(&conditions, post), items::runs(&item));
        reading.push(item);
    }

    reading.lists_all_open = incidents.is_some_and(|posts| posts.len() == read);
    reading.lists_all_planned =
        reading.lists_all_open && reading.maintenances.len() + reading.incidents.len() == read + planned.len();
    // Where one component tells its own condition, all do.
    let follows = reading.lists_all_open && rows.iter().all(|row| own_condition(row).is_none());
    let unless_told = if follows { ComponentStatus::Operational } else { ComponentStatus::Unknown };
    reading.components =
        Some(rows.iter().filter_map(|row| component(row, &conditions, &states, unless_told)).collect());
    let all_components =
        reading.components.as_ref().is_some_and(|components| components.len() == rows.len() && !rows.is_empty());
    let indicator = words::indicator(&reading, target.as_of);
    let complete = reading.lists_all_open && all_components;
    reading.indicator = indicator.filter(|indicator| complete || *indicator >= Indicator::Minor);
    Ok(reading)
}

/// Empty lists are left out of the document, so that a missing one is no error; it is not calm either.
fn optional_list<'a>(document: &'a Value, key: &str) -> Result<Option<&'a [Value]>, String> {
    match &document[key] {
        Value::Null => Ok(None),
        Value::Array(list) => Ok(Some(list)),
        _ => Err(format!("has something else than a list as `{key}`")),
    }
}

fn component(
    row: &Value,
    conditions: &Conditions,
    affected: &conditions::States,
    unless_told: ComponentStatus,
) -> Option<Component> {
    let name = field::text(&row["name"]);
    let id = field::id(&row["id"]).or_else(|| Some(name.to_owned()).filter(|name| !name.is_empty()))?;
    let own = own_condition(row).map_or(unless_told, |condition| conditions.status(condition));
    let status = affected.of(&id, name).map_or(own, |state| words::worse(own, state));
    if name.is_empty() {
        return Some(Component { name: id.clone(), id, group: None, status: ComponentStatus::Unknown });
    }
    Some(Component { id, name: name.to_owned(), group: None, status })
}

fn own_condition(row: &Value) -> Option<&str> {
    let own = ["customerCondition", "condition"].iter().map(|key| &row[*key]).find(|condition| !condition.is_null());
    own.map(field::text)
}
