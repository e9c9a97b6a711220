//! Microsoft's own page on Azure DevOps. Unconfirmed: no recording of it was at hand. Evidence: its documentation with a
//! sample answer; client code for the words other than "healthy" and for the data in the page.
//!
//! # Recognises
//! The host `status.dev.azure.com`.
//!
//! # Requests
//! One, `_apis/status/health`. One more, the page itself, where that is refused or answered with a page.
//!
//! # Reads
//! Every service in every geography as a component, the geography as its group, and the stated health of the whole. The
//! data that the page carries for its own use says the same in numbers.
//!
//! # Maps
//! `healthy` is operational; `advisory` and `degraded` are degraded performance; `unhealthy` is a major outage. In the
//! page's data these are 4, 3, 2 and 1, and 0 is a service that a geography does not have. The indicator is the worse of
//! the stated health and of the components. It is not calm while any of them is unknown.
//!
//! # Does not know
//! Incidents with their messages, the past, and planned maintenance: the interface tells of none.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading, Response};

use crate::{Provider, Seen, Step, Target, field, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "azuredevops", step, backfill: None };

const HOST: &str = "status.dev.azure.com";
const HEALTH: &str = "https://status.dev.azure.com/_apis/status/health?api-version=7.1-preview.1";
const PAGE: &str = "https://status.dev.azure.com/";
/// Where the page keeps the same data.
const DATA: &str = "ms.vss-status-web.public-status-data-provider";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&[HOST]) {
        return Step::NotMine("is not the page of Azure DevOps".to_owned());
    }
    let refused = match seen.get(HEALTH) {
        None => return Step::Want(vec![HEALTH.to_owned()]),
        Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
        Some(Err(error)) => error.detail.clone(),
        Some(Ok(answer)) if html::is_html(answer) => "is HTML, not JSON".to_owned(),
        Some(Ok(answer)) => return told("health", html::json(answer).and_then(|health| interface(&health))),
    };
    match seen.get(PAGE) {
        None => Step::Want(vec![PAGE.to_owned()]),
        Some(Err(error)) => Step::NotMine(format!("health: {refused}; /: {}", error.detail)),
        Some(Ok(answer)) => told("the page", page(answer)),
    }
}

fn told(document: &str, read: Result<Reading, String>) -> Step {
    match read {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(format!("{document} {why}")),
    }
}

fn interface(health: &Value) -> Result<Reading, String> {
    let stated = field::text(&health["status"]["health"]);
    if stated.is_empty() {
        return Err("states no health of the whole".to_owned());
    }
    let whole = Some(word(&health["status"]["health"])).filter(|whole| *whole != ComponentStatus::Unknown);
    read(&health["services"], |health| Some(word(health)), whole.map(words::severity))
}

/// The data in the page, which need not say how the whole is.
fn page(answer: &Response) -> Result<Reading, String> {
    let body = html::decode(&answer.body);
    let script = body.split_once("id=\"dataProviders\"").and_then(|(_, rest)| rest.split_once('>'));
    let Some((data, _)) = script.and_then(|(_, rest)| rest.split_once("</script>")) else {
        return Err("carries no data".to_owned());
    };
    if !html::is_bearable(data) {
        return Err("carries more data than a status page has".to_owned());
    }
    let data: Value = serde_json::from_str(data.trim()).map_err(|error| format!("carries broken data: {error}"))?;
    read(&data["data"][DATA]["serviceStatus"]["services"], number, Some(Indicator::None))
}

/// How a service fares in a geography; `None` when it is not there.
type Health = fn(&Value) -> Option<ComponentStatus>;

/// Reads the services. `stated` is the indicator of the whole, `None` when its word is not known.
fn read(services: &Value, health: Health, stated: Option<Indicator>) -> Result<Reading, String> {
    let mut components = Vec::new();
    let mut whole = true;
    for service in field::list(services) {
        let name = field::text(&service["id"]);
        let geographies = field::list(&service["geographies"]);
        whole &= !name.is_empty() && !geographies.is_empty();
        for geography in geographies {
            let Some(status) = health(&geography["health"]) else { continue };
            match row(name, geography, status) {
                Some(component) => components.push(component),
                None => whole = false,
            }
        }
    }
    if components.is_empty() {
        return Err("lists no service that can be read".to_owned());
    }
    let worst = components.iter().map(|component| words::severity(component.status)).chain(stated).max();
    let worst = worst.unwrap_or(Indicator::None);
    let known = components.iter().all(|component| component.status != ComponentStatus::Unknown);
    let mut reading = Reading::new(PROVIDER.name);
    reading.indicator = (worst > Indicator::None || whole && known && stated.is_some()).then_some(worst);
    reading.components = Some(components);
    Ok(reading)
}

fn row(service: &str, geography: &Value, status: ComponentStatus) -> Option<Component> {
    let name = Some(field::text(&geography["name"])).filter(|name| !name.is_empty());
    let id = field::id(&geography["id"]).or(name.map(str::to_owned)).filter(|_| !service.is_empty())?;
    let group = name.map_or_else(|| id.clone(), str::to_owned);
    Some(Component { id: format!("{service}/{id}"), name: service.to_owned(), group: Some(group), status })
}

fn word(health: &Value) -> ComponentStatus {
    match field::text(health).to_ascii_lowercase().as_str() {
        "healthy" => ComponentStatus::Operational,
        "advisory" | "degraded" => ComponentStatus::DegradedPerformance,
        "unhealthy" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    }
}

fn number(health: &Value) -> Option<ComponentStatus> {
    match health.as_i64() {
        Some(0) => None,
        Some(1) => Some(ComponentStatus::MajorOutage),
        Some(2 | 3) => Some(ComponentStatus::DegradedPerformance),
        Some(4) => Some(ComponentStatus::Operational),
        _ => Some(ComponentStatus::Unknown),
    }
}
