//! `StatusCast`, hosted status pages. Evidence: three public clients that read its markup, and the markup and the feed that
//! are quoted in the tests of one. Unconfirmed: no real page was recorded, and few of its words are quoted anywhere.
//!
//! # Recognises
//! Classes in the page's markup: `sc-state-…`, `sc-hero__status-label`, `status-list-component-status-text`, or
//! `incident-mostsevere-status-…`. A page that is cut off is never calm.
//!
//! # Requests
//! One, the page itself. One more, `/rss`, while the page lists an incident or a maintenance; if that fails, the page alone
//! is the reading.
//!
//! # Reads
//! The page's state: by the class `sc-state-…`, by the heading, and as the worst of its components, by the class
//! `component-…`. Incidents that go on and maintenances that go on or are to come, by the classes of their rows, with title
//! and start. Of the feed, the texts of these.
//!
//! # Maps
//! `normal` and `available` are calm. `unavailable` is critical. `degraded`, `performance`, `investigating`, `identified`
//! and `monitored` are minor: something is known and goes on. `maintenance` is a maintenance. `informational` says neither
//! that a component works nor that it fails, and makes a row a notice, which is no incident and is left out. A class that
//! is not known tells no indicator unless something else is in trouble. Of headings, which vendors may word as they like,
//! only the platform's own are read. A row that is not known to be over is open, and an incident at least minor.
//!
//! # Does not know
//! The names of components: no client reads them, so none are listed. What is over: the feed has one item for each text
//! and says nowhere where an incident stands. Pages that deny us their markup, want a login or fetch their state by
//! script are left to the provider `feed`.

mod rows;

use std::collections::HashMap;

use scraper::{Html, Selector};
use statusphere_domain::{Incident, Indicator, Item, Reading, Update};

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, feed, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "statuscast", step, backfill: None };

const MARKS: [&str; 4] = ["sc-state-", "sc-hero__status-label", COMPONENT, "incident-mostsevere-status-"];
const COMPONENT: &str = "status-list-component-status-text";
const FEED: &str = "/rss";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Missing(why) => return Step::NotMine(why),
        Front::Html(markup, _) => markup,
    };
    if !MARKS.iter().any(|mark| markup.contains(mark)) {
        return Step::NotMine("the page has none of its marks".to_owned());
    }
    let Some(document) = html::document(markup.as_bytes()) else {
        return Step::Malformed("the page's markup cannot be parsed".to_owned());
    };
    let mut reading = match read(target, &document) {
        Ok(Some(reading)) => reading,
        Ok(None) => return Step::NotMine("the page only mentions its marks".to_owned()),
        Err(why) => return Step::Malformed(why),
    };
    if reading.items().next().is_some() {
        match texts(target, seen) {
            Ok(texts) => add(&mut reading, texts),
            Err(Some(want)) => return want,
            Err(None) => {}
        }
    }
    let troubled = reading.indicator > Some(Indicator::Maintenance) || reading.incidents.iter().any(Incident::is_open);
    if !troubled && !markup.contains("</html") {
        return Step::Malformed("the page is cut off, and what is left of it is calm".to_owned());
    }
    Step::Reading(Box::new(reading))
}

/// What the page shows; `None` where it has nothing of the platform.
fn read(target: &Target<'_>, document: &Html) -> Result<Option<Reading>, String> {
    let states = states(document)?;
    let rows = rows::read(target, document)?;
    let lost = rows.lost;
    let has_hero = select(document, ".sc-hero__title, .sc-hero__status-label")?.next().is_some();
    if !has_hero && rows.count == 0 && select(document, &format!(".{COMPONENT}"))?.next().is_none() {
        return Ok(None);
    }
    if rows.items.is_empty() && lost > 0 {
        return Err("no row of an incident can be read".to_owned());
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.lists_all_open = lost == 0 && has_hero;
    for item in rows.items {
        reading.push(item);
    }
    let worst = states.iter().flatten().max().copied();
    let known = !states.is_empty() && lost == 0 && states.iter().all(Option::is_some);
    reading.indicator = worst.filter(|worst| *worst > Indicator::Maintenance || known);
    Ok(Some(reading))
}

/// All that is said of the page's state; `None` for each word that is not known.
fn states(document: &Html) -> Result<Vec<Option<Indicator>>, String> {
    let classes = |element: scraper::ElementRef<'_>, prefix: &str| {
        element.value().classes().filter_map(|class| class.strip_prefix(prefix)).filter_map(severity).max()
    };
    let mut states: Vec<_> =
        select(document, &format!(".{COMPONENT}"))?.map(|element| classes(element, "component-")).collect();
    let page: Vec<_> = select(document, "[class*='sc-state-']")?.map(|element| classes(element, "sc-state-")).collect();
    let heading = select(document, ".sc-hero__title")?.next().map(|title| heading(&html::inner(title)));
    // A heading is the vendor's to word: where a class states the same, it only adds to it.
    if page.is_empty() || heading.flatten() > Some(Indicator::None) {
        states.extend(heading);
    }
    states.extend(page);
    Ok(states)
}

fn select<'a>(document: &'a Html, selector: &str) -> Result<impl Iterator<Item = scraper::ElementRef<'a>>, String> {
    let selector = Selector::parse(selector).map_err(|error| error.to_string())?;
    Ok(document.select(&selector).collect::<Vec<_>>().into_iter())
}

fn severity(word: &str) -> Option<Indicator> {
    Some(match word {
        "normal" | "available" => Indicator::None,
        "maintenance" => Indicator::Maintenance,
        "degraded" | "performance" | "investigating" | "identified" | "monitored" => Indicator::Minor,
        "unavailable" => Indicator::Critical,
        _ => return None,
    })
}

/// The headings of the platform itself.
fn heading(text: &str) -> Option<Indicator> {
    Some(match text.to_lowercase().as_str() {
        "all systems operational" => Indicator::None,
        "maintenance" => Indicator::Maintenance,
        "degraded performance" => Indicator::Minor,
        "service disruption" => Indicator::Major,
        "service unavailable" => Indicator::Critical,
        _ => return None,
    })
}

/// The texts of the feed by the id of their incident; without them, the request that is needed first, if any.
fn texts(target: &Target<'_>, seen: &Seen) -> Result<HashMap<String, Vec<Update>>, Option<Step>> {
    let address = target.at(FEED);
    let read = match seen.get(&address) {
        Some(Err(_)) => return Err(None),
        _ => (feed::PROVIDER.step)(&Target { key: Some(&address), ..*target }, seen),
    };
    let reading = match read {
        Step::Reading(reading) => reading,
        want @ Step::Want(_) => return Err(Some(want)),
        _ => return Err(None),
    };
    let mut texts: HashMap<String, Vec<Update>> = HashMap::new();
    for item in reading.items() {
        let (link, updates) = match item {
            Item::Incident(incident) => (incident.link, incident.updates),
            Item::Maintenance(maintenance) => (maintenance.link, maintenance.updates),
        };
        if let Some(id) = rows::id(&link) {
            texts.entry(id.to_owned()).or_default().extend(updates);
        }
    }
    for updates in texts.values_mut() {
        updates.sort_by_key(|update| update.at);
    }
    Ok(texts)
}

fn add(reading: &mut Reading, mut texts: HashMap<String, Vec<Update>>) {
    for incident in &mut reading.incidents {
        incident.updates = texts.remove(&incident.id).unwrap_or_default();
    }
    for maintenance in &mut reading.maintenances {
        maintenance.updates = texts.remove(&maintenance.id).unwrap_or_default();
    }
}
