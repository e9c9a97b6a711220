//! The page's own data: flight data, or `__NEXT_DATA__` on older pages.
//!
//! Deliberately absent: the visible markup, which follows the customer's design and language; and the notices of past
//! days, in which incidents and maintenances are not told apart.

use serde_json::{Deserializer, Value};
use statusphere_domain::Reading;

use super::components;
use super::items::{self, Rows};
use crate::field::text;
use crate::{Target, flight, html};

const OLD: &str = "id=\"__NEXT_DATA__\"";
const SITE: &str = "\"site\":{";
const LISTS: [&str; 2] = ["activeIncidents", "activeMaintenances"];

/// True for HTML that carries the platform's data, readable or not.
pub(super) fn is_mine(html: &str) -> bool {
    (html.contains("__next_f") || html.contains("__NEXT_DATA__"))
        && html.contains(LISTS[0])
        && (html.contains("mainStatus") || html.contains("instatus.com"))
}

/// The page's state and its lists.
struct Data {
    site: Value,
    /// `None` for a list that the data does not hold itself.
    incidents: Option<Vec<Value>>,
    maintenances: Option<Vec<Value>>,
}

/// Reads a page that [`is_mine`]; the error says what is missing.
pub(super) fn read(target: &Target<'_>, html: &str) -> Result<Reading, String> {
    if !html.contains("</html>") {
        return Err("is cut off".to_owned());
    }
    let data = old(html).or_else(|| new(html)).ok_or("its data holds no site")?;
    let site = &data.site;
    let stated: Vec<_> =
        [text(&site["status"]), text(&site["mainStatus"])].into_iter().filter(|word| !word.is_empty()).collect();
    if stated.is_empty() {
        return Err("its data states no status".to_owned());
    }
    let told = data.incidents.is_some();
    let incidents = Rows::read(&data.incidents.unwrap_or_default(), |row| items::incident(target, row));
    let listed = data.maintenances.is_some();
    let maintenances = Rows::read(&data.maintenances.unwrap_or_default(), |row| items::maintenance(target, row));

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.components = Some(components::read(&site["components"])).filter(|components| !components.is_empty());
    reading.lists_all_open = told && incidents.complete;
    reading.incidents = incidents.readable(LISTS[0])?;
    reading.lists_all_planned = listed && maintenances.complete;
    reading.maintenances = maintenances.readable(LISTS[1])?;
    reading.indicator = items::indicator(&stated, &reading, target.as_of);
    // Without that list, a page that states trouble is still worth reading.
    if told || reading.indicator.is_some() {
        Ok(reading)
    } else {
        Err("its data holds no list of incidents".to_owned())
    }
}

/// The data of an older page: one document.
fn old(html: &str) -> Option<Data> {
    let (_, rest) = html.split_once(OLD)?;
    let (_, json) = rest.split_once('>')?;
    if !html::is_bearable(json) {
        return None;
    }
    let document: Value = Deserializer::from_str(json).into_iter().next()?.ok()?;
    let page = &document["props"]["pageProps"];
    let list = |key: &str| page[key].as_array().cloned();
    page["site"]["components"].is_array().then(|| Data {
        site: page["site"].clone(),
        incidents: list(LISTS[0]),
        maintenances: list(LISTS[1]),
    })
}

/// The data of a page as it is today: the lists stand beside the site. Components have lists of the same names, which say
/// nothing of the page; and a list that is only referred to is not known.
fn new(html: &str) -> Option<Data> {
    let data = flight::joined(html);
    let site = flight::values(&data, "site", '{').into_iter().find(|site| site["components"].is_array())?;
    let beside = beside_sites(&data);
    let list = |key: &str| {
        let lists = flight::values(&beside, key, '[');
        let whole = !lists.is_empty() && !beside.contains(&format!("\"{key}\":\"$"));
        whole.then(|| lists.iter().flat_map(|list| crate::field::list(list).to_vec()).collect())
    };
    Some(Data { site, incidents: list(LISTS[0]), maintenances: list(LISTS[1]) })
}

/// The data without its sites. What follows a site that is cut off is left out.
fn beside_sites(data: &str) -> String {
    let mut beside = String::new();
    if !html::is_bearable(data) {
        return beside;
    }
    let mut rest = data;
    while let Some(start) = rest.find(SITE) {
        let (before, value) = rest.split_at(start + SITE.len() - 1);
        beside.push_str(before);
        let mut values = Deserializer::from_str(value).into_iter::<Value>();
        let Some(Ok(_)) = values.next() else { return beside };
        rest = value.get(values.byte_offset()..).unwrap_or_default();
    }
    beside.push_str(rest);
    beside
}
