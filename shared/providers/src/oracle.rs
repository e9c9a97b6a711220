//! Oracle's own page on Oracle Cloud Infrastructure. Unconfirmed: no recording of it was at hand. Evidence: its
//! documentation with samples of both JSON reports; client code and public notes on the feed of incidents.
//!
//! # Recognises
//! The hosts `ocistatus.oraclecloud.com` and, for government regions, `gov.ocistatus.com`.
//!
//! # Requests
//! Three below `/api/v2/`: `components.json`, `status.json` and `incident-summary.rss`. One of them is needed; what
//! is refused is left out. The feed alone never says that all is well.
//!
//! # Reads
//! Every service in every region as a component, region and category as its group; the stated indicator; incidents, open
//! and past, with their updates and true times, and with the services and the severity that the report of components
//! states for them.
//!
//! # Maps
//! `NormalPerformance` is operational, `Informational` degraded performance, `ServiceDisruption` a partial and
//! `ServiceDown` a major outage; severities of incidents are none, minor, major and critical, and minor where none is
//! stated. The newest update of an incident tells its stage. The reports are written at different times, so the indicator
//! is the worst of the stated one, the components and the open incidents. It is not calm where a report or the feed was
//! answered but could not be read in full.
//!
//! # Does not know
//! Whether an incident that has left the feed is over; histories beyond the feed; planned maintenance, which Oracle
//! announces in each tenancy. A service whose status is a word that is not known and that has no incident is unknown
//! and counts for nothing beside a stated indicator: the page shows services that a region does not have, too.

mod grid;
mod summary;

use serde_json::Value;
use statusphere_domain::{FetchError, Incident, Indicator, Reading, Response};
use url::Url;

use crate::{Provider, Seen, Step, Target, field, html};
use grid::Grid;
use summary::Summary;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "oracle", step, backfill: None };

const HOSTS: [&str; 2] = ["ocistatus.oraclecloud.com", "gov.ocistatus.com"];
const COMPONENTS: &str = "/api/v2/components.json";
const STATUS: &str = "/api/v2/status.json";
const INCIDENTS: &str = "/api/v2/incident-summary.rss";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let origin = Url::parse(target.url).map(|url| url.origin().ascii_serialization());
    let Some(origin) = origin.ok().filter(|_| target.is_on(&HOSTS)) else {
        return Step::NotMine("is not the page of Oracle Cloud Infrastructure".to_owned());
    };
    let addresses = [COMPONENTS, STATUS, INCIDENTS].map(|path| format!("{origin}{path}"));
    let [Some(components), Some(status), Some(incidents)] = addresses.each_ref().map(|address| seen.get(address))
    else {
        return Step::Want(addresses.into_iter().filter(|address| seen.get(address).is_none()).collect());
    };
    let answers = [components, status, incidents];
    if let Some(error) = answers.iter().filter_map(|answer| answer.err()).find(|error| !error.kind.host_is_up()) {
        return Step::NotMine(error.detail.clone());
    }
    if let [Err(components), Err(status), Err(incidents)] = answers {
        return Step::NotMine(format!(
            "{COMPONENTS}: {}; {STATUS}: {}; {INCIDENTS}: {}",
            components.detail, status.detail, incidents.detail
        ));
    }
    match read(target, &origin, answers) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

type Answer<'a> = Result<&'a Response, &'a FetchError>;

fn read(target: &Target<'_>, origin: &str, answers: [Answer<'_>; 3]) -> Result<Reading, String> {
    let [components, status, incidents] = answers;
    let grid = components.ok().map(grid::read).transpose().map_err(|why| format!("{COMPONENTS} {why}"))?;
    let stated = status.ok().map(stated).transpose().map_err(|why| format!("{STATUS} {why}"))?;
    // The feed adds to the reports: broken, it costs the calm, not the reading.
    let feed = match incidents.ok().map(|answer| summary::read(answer, origin)) {
        Some(Err(why)) if grid.is_none() && stated.is_none() => return Err(format!("{INCIDENTS} {why}")),
        feed => feed.map(|feed| feed.unwrap_or_else(|_| Summary::unreadable())),
    };

    let whole = grid.as_ref().is_none_or(|grid| grid.whole) && feed.as_ref().is_none_or(|feed| feed.whole);
    let known = match stated {
        Some(stated) => stated.is_some(),
        None => grid.as_ref().is_some_and(Grid::is_known),
    };
    let mut worst = stated.flatten().unwrap_or(Indicator::None);

    let mut reading = Reading::new(PROVIDER.name);
    reading.incidents = feed.map(|feed| feed.incidents).unwrap_or_default();
    if let Some(grid) = grid {
        worst = worst.max(grid.worst());
        enrich(&mut reading.incidents, &grid);
        reading.components = Some(grid.components);
    }
    let open = reading.incidents.iter().filter(|incident| incident.is_open());
    worst = open.map(|incident| incident.impact_at(target.as_of)).fold(worst, Indicator::max);
    reading.indicator = (worst > Indicator::None || whole && known).then_some(worst);
    Ok(reading)
}

/// The indicator that the report of the whole states; `None` for a word that is not known.
fn stated(answer: &Response) -> Result<Option<Indicator>, String> {
    let report: Value = html::json(answer)?;
    match field::text(&report["status"]["indicator"]) {
        "" => Err("states no indicator".to_owned()),
        _ if !report["page"].is_object() => Err("is no report of a page".to_owned()),
        word => Ok(Indicator::parse(word)),
    }
}

/// Adds what only the report of components tells of an incident.
fn enrich(incidents: &mut [Incident], grid: &Grid) {
    for incident in incidents {
        if let Some(touched) = grid.touched.get(&incident.id) {
            incident.impact = touched.impact;
            incident.components.clone_from(&touched.components);
        }
    }
}
