//! Reads status pages made with Cachet, versions 2 and 3. Evidence: the platform's source code; a recording of the
//! answers of a version 2.4 as a client's tests keep them; a public copy of one page's markup. Unconfirmed: version 3,
//! which no recorded page shows.
//!
//! # Recognises
//! The page's markup: the assets or the credit of Cachet. Where there is no markup at all, `/api/v1/status` with a
//! `data.status` of the platform and a `data.message`.
//!
//! # Requests
//! Five where the page is known: status, components, their groups, incidents and schedules, below `/api/v1` (version 2)
//! or `/api` (version 3). Else six, with `/`. One more for each list of version 2 that has further pages. History: one
//! for each page of the incidents, then of the schedules.
//!
//! # Reads
//! Indicator, components with their groups, incidents and maintenances with their updates, also what is over. Where the
//! API of version 2 is off, the same by the page's markup: by its classes and icons, as far as it shows the last days.
//!
//! # Maps
//! `success` and `operational` are calm; `info` and `partial_outage`, which stand for anything that is not, minor;
//! `danger` and `major_outage` critical. Components 1 to 4 are operational, degraded, partial and major outage, 6 is
//! maintenance, any other number unknown. `is_resolved` ends an incident, else the status 4 of its newest update.
//! Incidents have no severity and are minor. Schedules say by number whether they are ahead, running or over.
//!
//! # Does not know
//! The zone of its stamps: the API writes them in the zone that the page shows, without naming it, and they are read as
//! UTC. The end of maintenance in version 2.3: it stands among the incidents without one, and is over here when it has
//! begun, as the platform itself then no longer lists it as planned. Elsewhere nothing is taken for over by a stamp.

mod list;
mod markup;
mod row;

use std::collections::BTreeMap;

use serde_json::Value;
use statusphere_domain::{Incident, Indicator, Item, MaintenanceStatus, Reading};

use crate::field::{list as rows, text};
use crate::front::{Front, front};
use crate::words;
use crate::{BackfillStep, Provider, Seen, Step, Target, html};
use list::{Kind, List, MAX_SEEN, Version};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "cachet", step, backfill: Some(backfill) };

/// The end of a history that has none.
const MAX_PAGES: u32 = 1000;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if let Some(version) = target.key.and_then(Version::of_key) {
        match state(target, seen, version, true) {
            Step::NotMine(_) => {}
            step => return step,
        }
    }
    let page = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Html(page, _) => page,
        Front::Missing(_) => return state(target, seen, Version::Two, target.known),
    };
    let version = Version::of_markup(&page).or_else(|| target.known.then_some(Version::Two));
    match version.map(|version| state(target, seen, version, true)) {
        // A host that is down now has an API tomorrow; only one that refuses it is read by its markup.
        Some(Step::NotMine(why)) if is_up(target, seen) => match markup::read(target, &page) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(shown) => Step::NotMine(format!("{why}, {shown}")),
        },
        Some(step) => step,
        None => Step::NotMine("has no mark of Cachet".to_owned()),
    }
}

fn is_up(target: &Target<'_>, seen: &Seen) -> bool {
    let roots = [Version::Two, Version::Three].map(|version| target.at(&format!("{}/status", version.root())));
    roots.iter().all(|url| !matches!(seen.get(url), Some(Err(error)) if !error.kind.host_is_up()))
}

/// The state by the API. `marked`: something else than the API said that the page is Cachet's.
fn state(target: &Target<'_>, seen: &Seen, version: Version, marked: bool) -> Step {
    let url = target.at(&format!("{}/status", version.root()));
    let stated = match seen.get(&url) {
        None => return Step::Want(vec![url]),
        Some(Ok(answer)) => match html::json::<Value>(answer) {
            Ok(document) if is_status(&document, marked) => Some(text(&document["data"]["status"]).to_owned()),
            Ok(_) if marked => return Step::Malformed("the status has no `data.status` and `data.message`".to_owned()),
            Err(why) if marked && !html::is_html(answer) => return Step::Malformed(format!("the status {why}")),
            Ok(_) => return Step::NotMine("/api/v1/status is another platform's".to_owned()),
            Err(why) => return Step::NotMine(format!("the status {why}")),
        },
        Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
        // Versions before 2.4 do not state it.
        Some(Err(_)) if marked && version == Version::Two => None,
        Some(Err(error)) => return Step::NotMine(format!("{}/status: {}", version.root(), error.detail)),
    };
    // Where the status is refused the API may be off: one more refusal is enough to know.
    if stated.is_none() {
        match List::next(target, seen, version, Kind::Components) {
            Some(url) => return Step::Want(vec![url]),
            None if List::read(target, seen, version, Kind::Components).is_refused() => {
                return Step::NotMine("the API is off".to_owned());
            }
            None => {}
        }
    }
    if let Some(wanted) = wanted(target, seen, version) {
        return Step::Want(wanted);
    }
    let lists = [Kind::Components, Kind::Groups, Kind::Incidents, Kind::Schedules];
    let [components, groups, incidents, schedules] = lists.map(|kind| List::read(target, seen, version, kind));
    if stated.is_none() && incidents.is_refused() {
        return Step::NotMine("the API is off".to_owned());
    }
    match read(target, version, stated.as_deref(), [&components, &groups, &incidents, &schedules]) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

/// A status of the platform. Only where the page has another mark its words may be new to us.
fn is_status(document: &Value, marked: bool) -> bool {
    let (word, message) = (text(&document["data"]["status"]), text(&document["data"]["message"]));
    !message.is_empty() && (indicator(word).is_some() || marked && !word.is_empty())
}

fn indicator(word: &str) -> Option<Indicator> {
    Some(match word {
        "success" | "operational" => Indicator::None,
        "under_maintenance" => Indicator::Maintenance,
        "info" | "partial_outage" => Indicator::Minor,
        "danger" | "major_outage" => Indicator::Critical,
        _ => return None,
    })
}

/// Lists that are to be asked for. What the reading can do without is left out when it would cost too much.
fn wanted(target: &Target<'_>, seen: &Seen, version: Version) -> Option<Vec<String>> {
    let mut wanted = Vec::new();
    for kind in [Kind::Components, Kind::Incidents, Kind::Schedules, Kind::Groups] {
        let needed = matches!(kind, Kind::Components | Kind::Incidents);
        if let Some(url) = List::next(target, seen, version, kind)
            && (needed || seen.len() + wanted.len() < MAX_SEEN)
        {
            wanted.push(url);
        }
    }
    if wanted.is_empty() {
        // Version 2 lists the oldest first: a list with further pages is asked again for the newest.
        let further = [Kind::Components, Kind::Incidents, Kind::Schedules].into_iter();
        let further = further.filter_map(|kind| List::newest(target, seen, version, kind));
        wanted = further.take(MAX_SEEN.saturating_sub(seen.len())).collect();
    }
    (!wanted.is_empty()).then_some(wanted)
}

fn read(
    target: &Target<'_>,
    version: Version,
    stated: Option<&str>,
    [components, groups, incidents, schedules]: [&List; 4],
) -> Result<Reading, String> {
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(version.key().to_owned());
    let groups = row::groups(groups.rows().unwrap_or_default());
    reading.components = components.document("components")?.map(|list| row::components(list.rows(), &groups));
    let parts = reading.components.as_deref().unwrap_or_default();
    let names: BTreeMap<&str, &str> = parts.iter().map(|part| (part.id.as_str(), part.name.as_str())).collect();

    if let Some(list) = incidents.document("incidents")? {
        let read = |row| row::incident(target, row, list.included(), &names);
        let found: Vec<Incident> = list.rows().iter().filter_map(read).collect();
        if found.is_empty() && list.rows().iter().any(|row| !row::is_scheduled(row)) {
            return Err("no row of the incidents can be read".to_owned());
        }
        let left_out = list.rows().iter().filter(|row| row::is_scheduled(row)).count();
        reading.lists_all_open = found.len() + left_out == list.rows().len() && !list.has_more();
        reading.incidents = found;
        let planned = list.rows().iter().filter(|row| row::is_scheduled(row));
        reading.maintenances = planned.filter_map(|row| row::planned(target, row, list.included(), &names)).collect();
    }
    if let Some(list) = schedules.document("schedules")? {
        let read = |row| row::maintenance(target, row, list.included(), &names);
        let found: Vec<_> = list.rows().iter().filter_map(read).collect();
        if found.is_empty() && !list.rows().is_empty() {
            return Err("no row of the schedules can be read".to_owned());
        }
        reading.lists_all_planned = found.len() == list.rows().len() && !list.has_more();
        reading.maintenances.extend(found);
    }
    words::each_once(&mut reading);
    let derived = words::indicator(&reading, target.as_of);
    let has_parts = reading.components.as_ref().is_some_and(|components| !components.is_empty());
    reading.indicator = match stated {
        Some(word) => indicator(word).or_else(|| derived.filter(|worst| *worst > Indicator::None)),
        // Without a statement, calm has to be seen: on components, and on the whole list of incidents.
        None => derived.filter(|worst| *worst > Indicator::None || has_parts && reading.lists_all_open),
    };
    Ok(reading)
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let Some(place) = Place::read(target) else {
        return BackfillStep::Failed("the cursor is no place in the history".to_owned());
    };
    let url = target.at(&place.path());
    let document = match seen.get(&url) {
        None => return BackfillStep::Want(vec![url]),
        Some(Err(error)) if !error.kind.host_is_up() => return BackfillStep::Failed(error.detail.clone()),
        Some(Err(_)) => return BackfillStep::Items { items: Vec::new(), next: place.after_refusal(target) },
        Some(Ok(answer)) => match html::json::<Value>(answer) {
            Ok(document) if document["data"].is_array() => document,
            Ok(_) => return BackfillStep::Failed(format!("{} has no list `data`", place.path())),
            Err(why) => return BackfillStep::Failed(format!("{} {why}", place.path())),
        },
    };
    let (list, names) = (rows(&document["data"]), BTreeMap::new());
    let included = list::included(&document);
    let items = if place.kind == Kind::Schedules {
        let found = list.iter().filter_map(|row| row::maintenance(target, row, &included, &names));
        let over = found.filter(|maintenance| maintenance.status == MaintenanceStatus::Completed);
        over.map(Item::Maintenance).collect()
    } else {
        let found = list.iter().filter_map(|row| row::incident(target, row, &included, &names));
        found.filter(|incident| !incident.is_open()).map(Item::Incident).collect()
    };
    let more = !list.is_empty() && list::goes_on(&document, place.page) && place.page < MAX_PAGES;
    BackfillStep::Items { items, next: if more { Some(place.next_page()) } else { place.next_list() } }
}

/// A page of one of the two lists of the history: "v2:incidents:3".
struct Place {
    version: Version,
    kind: Kind,
    page: u32,
}

impl Place {
    fn read(target: &Target<'_>) -> Option<Self> {
        let Some(cursor) = target.cursor else {
            let version = target.key.and_then(Version::of_key).unwrap_or(Version::Two);
            return Some(Self { version, kind: Kind::Incidents, page: 1 });
        };
        let (version, rest) = cursor.split_once(':')?;
        let (list, page) = rest.split_once(':')?;
        let kind = [Kind::Incidents, Kind::Schedules].into_iter().find(|kind| kind.path() == list)?;
        let (version, page) = (Version::of_key(version)?, page.parse().ok()?);
        Some(Self { version, kind, page })
    }

    fn path(&self) -> String {
        let include = if self.version == Version::Three { "include=updates,components&" } else { "" };
        format!("{}/{}?{include}page={}", self.version.root(), self.kind.path(), self.page)
    }

    fn cursor(&self) -> String {
        format!("{}:{}:{}", self.version.key(), self.kind.path(), self.page)
    }

    fn next_page(&self) -> String {
        Self { page: self.page.saturating_add(1), ..*self }.cursor()
    }

    fn next_list(&self) -> Option<String> {
        (self.kind == Kind::Incidents).then(|| Self { kind: Kind::Schedules, page: 1, ..*self }.cursor())
    }

    /// Where no version is known and the first page of version 2 is refused, it may be version 3.
    fn after_refusal(&self, target: &Target<'_>) -> Option<String> {
        let first = target.cursor.is_none() && target.key.and_then(Version::of_key).is_none();
        first
            .then(|| Self { version: Version::Three, kind: Kind::Incidents, page: 1 }.cursor())
            .or_else(|| self.next_list())
    }
}
