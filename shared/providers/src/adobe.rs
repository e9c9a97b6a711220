//! Adobe's own status page. Evidence: three clients that read the document behind it, and agree. Unconfirmed: no
//! recording stands behind it.
//!
//! # Recognises
//! The host `status.adobe.com`. A page of one cloud or product (`/cloud/…`, `/products/…`) is left alone: the list of
//! all events would be wrong for it.
//!
//! # Requests
//! One, the events that the page itself reads from `data.status.adobe.com`: those of the last forty days.
//!
//! # Reads
//! Incidents and maintenances, open and past, with their messages in English, their products as components, and their
//! times.
//!
//! # Maps
//! An incident is open while the newest word of one of its products is none of `closed`, `dismissed`, `completed` and
//! `canceled`; its severity is the worst of those products' newest. `trivial` and any unknown severity of an open
//! incident are minor, `potential` among them. `discovery` and `opened` are investigating. A maintenance is `started`,
//! or where its window says.
//!
//! # Does not know
//! Products that no event touches: their registry is too large to be read each time. A document without any incident is
//! not believed. The planned end of a maintenance: the document has none.

mod event;

use serde_json::Value;
use statusphere_domain::{Indicator, Reading};
use url::Url;

use crate::document::{Document, document};
use crate::{Provider, Seen, Step, Target, words};
use event::Texts;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "adobe", step, backfill: None };

const EVENTS: &str = "https://data.status.adobe.com/adobestatus/StatusEvents";
const PAGE: &str = "https://status.adobe.com";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&["status.adobe.com"]) {
        return Step::NotMine("not the host of Adobe's status page".to_owned());
    }
    if Url::parse(target.url).is_ok_and(|url| !url.path().trim_matches('/').is_empty()) {
        return Step::NotMine("the page of one cloud or product".to_owned());
    }
    match document(EVENTS.to_owned(), "the events", seen) {
        Document::Unseen(url) => Step::Want(vec![url]),
        Document::Absent(why) => Step::NotMine(why),
        Document::Broken(why) => Step::Malformed(why),
        Document::Json(events) => match read(target, &events) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(why),
        },
    }
}

fn read(target: &Target<'_>, events: &Value) -> Result<Reading, String> {
    let (unplanned, planned) = (&events["incidentEvent"], &events["maintenanceEvent"]);
    let (Some(incidents), Some(maintenances)) =
        (unplanned["incidents"].as_object(), planned["maintenance"].as_object())
    else {
        return Err("the events have no incidents or no maintenance".to_owned());
    };
    let mut reading = Reading::new(PROVIDER.name);
    let texts = Texts::new(&unplanned["messages"]);
    reading.incidents = incidents.values().filter_map(|row| event::incident(row, &texts)).collect();
    if reading.incidents.is_empty() {
        return Err("the events of forty days have no incident that can be read".to_owned());
    }
    let texts = Texts::new(&planned["messages"]);
    let work = maintenances.values().filter_map(|row| event::maintenance(row, &texts, target.as_of));
    reading.maintenances = work.collect();
    reading.lists_all_open = reading.incidents.len() == incidents.len();
    reading.lists_all_planned = reading.maintenances.len() == maintenances.len();
    reading.indicator =
        words::indicator(&reading, target.as_of).filter(|worst| *worst >= Indicator::Minor || reading.lists_all_open);
    Ok(reading)
}
