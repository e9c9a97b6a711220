//! Meta's own status page, of its business products. Evidence: client code of several authors, which agrees.
//! Unconfirmed: no recording stands behind it, and in 2026 the address was seen to answer with a web page alone.
//!
//! # Recognises
//! The host `metastatus.com`. An address below it is the page of one product: `/whatsapp-business-api`.
//!
//! # Requests
//! One, `/data/orgs.json`.
//!
//! # Reads
//! The services of all products, or of the one that the address names, with the product as their group.
//!
//! # Maps
//! `No known issues` and `Resolved` work; `Low`, `Medium` and `High disruptions` are degraded, a partial and a major
//! outage; any other word is unknown. The page's indicator is the worst of them; a product without services tells none.
//!
//! # Does not know
//! Incidents and maintenance. The outages of each product stand in a document of their own, without ids.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};
use url::Url;

use crate::document::{Document, document};
use crate::{Provider, Seen, Step, Target, field, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "meta", step, backfill: None };

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&["metastatus.com"]) {
        return Step::NotMine("not the host of Meta's status page".to_owned());
    }
    let Ok(url) = Url::parse(target.url) else { return Step::NotMine("not an address".to_owned()) };
    let list = format!("{}/data/orgs.json", url.origin().ascii_serialization());
    match document(list, "the list of products", seen) {
        Document::Unseen(url) => Step::Want(vec![url]),
        Document::Absent(why) => Step::NotMine(why),
        Document::Broken(why) => Step::Malformed(why),
        Document::Json(products) => match read(target, url.path().trim_matches('/'), &products) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(why),
        },
    }
}

/// Reads the product of this id, or all of them when it is empty.
fn read(target: &Target<'_>, wanted: &str, products: &Value) -> Result<Reading, String> {
    let products = products.as_array().ok_or("the list of products is no list")?;
    let mut components = Vec::new();
    let mut told = true;
    for product in products {
        let id = field::id(&product["id"]).ok_or("a product has no id")?;
        let services = product["services"].as_array().ok_or_else(|| format!("{id} has no list of services"))?;
        if wanted.is_empty() || wanted == id {
            told &= !services.is_empty();
            let group = Some(field::text(&product["name"]).to_owned()).filter(|name| !name.is_empty());
            let named = services.iter().map(|service| component(&id, group.as_deref(), service));
            components.extend(named.collect::<Result<Vec<_>, _>>()?);
        }
    }
    if components.is_empty() {
        return Err("the list of products has no services for this page".to_owned());
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(components);
    reading.indicator = words::indicator(&reading, target.as_of).filter(|worst| *worst >= Indicator::Minor || told);
    Ok(reading)
}

/// Ids of services are only unique within their product.
fn component(product: &str, group: Option<&str>, service: &Value) -> Result<Component, String> {
    let name = field::text(&service["name"]).to_owned();
    let id = field::id(&service["id"]).or_else(|| Some(name.clone()).filter(|name| !name.is_empty()));
    let id = id.ok_or_else(|| format!("a service of {product} has neither id nor name"))?;
    let status = match field::text(&service["status"]).to_ascii_lowercase().as_str() {
        "no known issues" | "resolved" => ComponentStatus::Operational,
        "low disruptions" => ComponentStatus::DegradedPerformance,
        "medium disruptions" => ComponentStatus::PartialOutage,
        "high disruptions" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    };
    let name = if name.is_empty() { id.clone() } else { name };
    Ok(Component { id: format!("{product}/{id}"), name, group: group.map(str::to_owned), status })
}
