//! Reads status pages made with Better Stack, formerly Better Uptime. Evidence: recordings of one `index.json` and of one
//! page; the platform's documentation; client code for the marks of newer pages and for the links of reports.
//! Unconfirmed: an open report, and a page whose state is read from its HTML while it is not well.
//!
//! # Recognises
//! The hosts of `betteruptime.com` and `betterstack.com`; `index.json` whose `data.type` is `status_page`; the page's HTML
//! by the script that only these pages load.
//!
//! # Requests
//! One, `index.json`. An unknown page costs the page itself as well, and so does one whose `index.json` is refused.
//!
//! # Reads
//! Indicator, components by section, reports with their updates: incidents and maintenances, also those of the last
//! weeks. Of the HTML, where no JSON is served, the indicator alone.
//!
//! # Maps
//! A page that is down is major, as some of it is, as a rule; a component that is down has a major outage. An incident is
//! as bad as the worst state that it names: downtime is major, degraded minor. The platform has no stages: an incident is
//! open, with an unknown stage, until its report is resolved. A report whose state is operational is over. What an update
//! says of its components is its title. A report that names nothing worse than maintenance is one; it runs by its
//! window, until it is resolved. The daily states of a component are no incidents.
//!
//! # Does not know
//! Components that are not monitored have an unknown status. Announcements are not read. Reports that have left the
//! document are not known to be over where it refers to some that it does not hold. History beyond the document is not
//! read.

mod index;
mod page;
mod reports;
mod words;

use serde_json::Value;

use crate::front::{self, Front};
use crate::{Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "betterstack", step, backfill: None };

const HOSTS: [&str; 2] = ["betteruptime.com", "betterstack.com"];
const INDEX: &str = "/index.json";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let index = target.at(INDEX);
    if let Some(Ok(answer)) = seen.get(&index)
        && let Ok(document) = html::json::<Value>(answer)
        && index::is_mine(&document)
    {
        return match index::read(target, &document) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(format!("{INDEX}: {why}")),
        };
    }
    let unasked = seen.get(&index).is_none();
    if unasked && (target.known || target.is_on(&HOSTS)) {
        return Step::Want(vec![index]);
    }
    match front::front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        _ if unasked => Step::Want(vec![index]),
        Front::Html(markup, _) if page::is_mine(&markup) => match page::read(&markup) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(format!("no {INDEX}, and the page {why}")),
        },
        Front::Html(..) => Step::NotMine(format!("neither {INDEX} nor a page of its kind")),
        Front::Missing(why) => Step::NotMine(format!("no {INDEX}, and {why}")),
    }
}
