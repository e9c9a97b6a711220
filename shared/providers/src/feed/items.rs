//! Turns a feed's entries into incidents and maintenances, and judges what the feed as a whole says.
//!
//! Deliberately absent: lists of everything that is open. A feed is a window on the history: what has left it may still
//! be open, so `lists_all_open` is never claimed.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use feed_rs::model::Entry;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Reading, Update,
};
use url::Url;

use super::languages;
use super::neighbours::{self, Mark};
use super::story::{self, Part, Story};
use super::words::{self, Stage};
use crate::channel::Channel;
use crate::{Target, html, time};

/// An item without any stage may mean trouble for this long after it was posted; later it is taken for over.
pub(super) const TELLING: TimeDelta = TimeDelta::days(14);

/// What one entry says.
pub(super) struct Told {
    pub(super) item: Item,
    /// When it was changed last.
    pub(super) at: DateTime<Utc>,
    /// It states a stage or a planned window.
    pub(super) marked: bool,
    /// It states a stage that nobody but status pages uses.
    pub(super) telling: bool,
    /// It is one message among others, without an address of its own: a change is posted as another one.
    pub(super) message: bool,
    /// How it tells its stage.
    pub(super) mark: Mark,
    /// What it has in common with the other updates of its incident, where it may be no more than one of them.
    pub(super) thread: Option<String>,
}

impl Told {
    /// Its title is in the manner of status pages.
    pub(super) fn tells_trouble(&self) -> bool {
        match &self.item {
            Item::Incident(incident) => words::tells_trouble(&incident.title),
            Item::Maintenance(maintenance) => words::tells_trouble(&maintenance.title),
        }
    }
}

/// Reads all entries; `None` in place of each that carries no readable time.
pub(super) fn told(target: &Target<'_>, channel: &Channel) -> Vec<Option<Told>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for entry in &channel.entries {
        *seen.entry(own_id(entry)).or_default() += 1;
    }
    let mut links: HashMap<String, usize> = HashMap::new();
    for link in channel.entries.iter().filter_map(link) {
        *links.entry(link).or_default() += 1;
    }
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut read = |entry: &Entry| {
        let mut told = entry_told(target, entry)?;
        told.message &= link(entry).is_none_or(|link| links.get(&link).is_some_and(|count| *count > 1));
        let own = own_id(entry);
        let is_part = told.message || !told.marked || own != entry.id.trim();
        told.thread = Some(own.clone()).filter(|_| is_part && !entry.id.trim().is_empty());
        let mut id = own.clone();
        if own.is_empty() || seen.get(&own).is_some_and(|count| *count > 1) {
            let posted = entry.published.or(entry.updated).unwrap_or(told.at);
            id = format!("{own}@{}", posted.to_rfc3339_opts(SecondsFormat::Secs, true));
        }
        let unique = unique(&mut taken, &id);
        match &mut told.item {
            Item::Incident(incident) => incident.id = unique,
            Item::Maintenance(maintenance) => maintenance.id = unique,
        }
        Some(told)
    };
    let mut told = neighbours::join(channel.entries.iter().map(&mut read).collect());
    neighbours::settle(&mut told, target.as_of);
    told
}

/// The id itself at its first use, with a number at each later one.
fn unique(taken: &mut HashMap<String, usize>, id: &str) -> String {
    let mut unique = id.to_owned();
    while let Some(uses) = taken.get_mut(&unique) {
        *uses += 1;
        unique = format!("{id}-{uses}");
    }
    taken.insert(unique.clone(), 1);
    unique
}

/// The guid, or the link where there is none, and where the guid is a place on it that each update has for itself. The
/// address of the whole site is no incident's.
fn own_id(entry: &Entry) -> String {
    let guid = entry.id.trim();
    let is_page = |link: &str| Url::parse(link).is_ok_and(|url| url.path() != "/");
    let is_place = |link: &str| guid.strip_prefix(link).is_some_and(|place| place.starts_with('#')) && is_page(link);
    link(entry).filter(|link| guid.is_empty() || is_place(link)).unwrap_or_else(|| guid.to_owned())
}

fn link(entry: &Entry) -> Option<String> {
    let mut links = entry.links.iter().filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let href = links.next()?.href.trim();
    (href.starts_with("http://") || href.starts_with("https://")).then(|| href.to_owned())
}

fn entry_told(target: &Target<'_>, entry: &Entry) -> Option<Told> {
    let stamps = entry.updated.into_iter().chain(entry.published);
    let posted = stamps.clone().max();
    let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let body = body.or(entry.summary.as_ref().map(|summary| summary.content.as_str())).unwrap_or_default();
    let mut story = story::read(body, posted.unwrap_or(target.as_of));

    let title = entry.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default();
    let ended = title.starts_with('[');
    let (title, led) = bare(&title);
    let ended = ended && led.as_ref().is_some_and(|(stage, _)| stage.is_over());
    let labels = || entry.categories.iter().map(|category| category.label.as_deref().unwrap_or(&category.term));
    let planned = is_planned(&story, &title, led.as_ref().map(|(stage, _)| *stage), labels());
    let message = led.is_some() && story.parts.is_empty();
    if story.stage.is_none() {
        story.stage = led
            .or_else(|| labels().find_map(|label| words::category_stage(label).map(|stage| (stage, label.to_owned()))));
    }
    // Some put the time of the end among the categories.
    story.resolved_at = story.resolved_at.or_else(|| labels().find_map(time::parse).filter(|_| ended));
    story.severity = story.severity.max(labels().filter_map(words::severity).max());

    let at = posted.or(story.parts.iter().filter_map(|part| part.at).max())?;
    let since = stamps.min().unwrap_or(at);
    let marked = story.stage.is_some() || story.parts.iter().any(|part| part.stage.is_some());
    let telling = stages(&story).any(words::is_telling);
    let mark = if ended {
        Mark::Ended
    } else if marked || story.window.is_some() {
        Mark::Other
    } else {
        Mark::None
    };
    let stage = newest(&story);
    let updates = updates(&story, since, at);
    let first = updates.iter().map(|update| update.at).min().map_or(since, |first| first.min(since));
    let started_at = story.began_at.unwrap_or(first);
    let shared = Shared {
        title: if title.is_empty() { headline(updates.last()) } else { title },
        link: link(entry).unwrap_or_else(|| target.url.to_owned()),
        started_at,
        ended_at: story.resolved_at.or(updates.last().map(|update| update.at)).unwrap_or(at).max(started_at),
        updates,
    };
    if planned {
        let marked = marked || story.window.is_some();
        // Where an entry has two times, one is that of its last change and the other that of the plan.
        let planned_for =
            entry.published.filter(|published| entry.updated.is_some_and(|updated| updated != *published));
        let item = Item::Maintenance(shared.maintenance(&story, stage, planned_for, (target.as_of, at)));
        return Some(Told { item, at, marked, telling, message, mark, thread: None });
    }
    let item = Item::Incident(shared.incident(&story, stage, target.as_of, at));
    Some(Told { item, at, marked, telling, message, mark, thread: None })
}

/// What stands in for a missing title: the first words of the last update.
fn headline(update: Option<&Update>) -> String {
    let line = update.and_then(|update| update.body.lines().next()).unwrap_or_default();
    line.chars().take(100).collect()
}

/// A title without the stages that may lead it: "[RESOLVED] Slow search", "Service is operating normally: Slow search".
/// Without them, one may end it. Of several the first counts, unless another one says that it is over.
fn bare(title: &str) -> (String, Option<(Stage, String)>) {
    let mut rest = title.trim();
    let mut led: Option<(Stage, String)> = None;
    for _ in 0..8 {
        let Some((stage, word, after)) = story::lead(rest).filter(|lead| words::leads_title(&lead.1)) else { break };
        if led.as_ref().is_none_or(|(first, _)| stage.is_over() && !first.is_over()) {
            led = Some((stage, word));
        }
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    if led.is_some() {
        return (rest.to_owned(), led);
    }
    // What a monitor reports ends with its state: "Search went down", "Search recovered".
    let reported = [(" went down", Stage::Open), (" recovered", Stage::Over)]
        .into_iter()
        .find_map(|(end, stage)| Some((stage, end.trim().to_owned(), rest.strip_suffix(end)?)));
    match reported.or_else(|| story::trail(rest)) {
        Some((stage, word, subject)) => (subject.to_owned(), Some((stage, word))),
        None => (rest.to_owned(), None),
    }
}

fn stages(story: &Story) -> impl Iterator<Item = Stage> + '_ {
    let parts = story.parts.iter().filter_map(|part| part.stage.as_ref());
    story.stage.iter().chain(parts).map(|(stage, _)| *stage)
}

/// Planned work: it says so in a label, by a stage or a window of its own, or by its title where no stage contradicts.
fn is_planned<'a>(story: &Story, title: &str, led: Option<Stage>, mut labels: impl Iterator<Item = &'a str>) -> bool {
    let own = |stage| matches!(stage, Stage::Scheduled | Stage::UnderWay);
    let unplanned = |stage| matches!(stage, Stage::Incident(status) if status != IncidentStatus::Resolved);
    story.planned
        || story.window.is_some()
        || labels.any(words::is_planned)
        || stages(story).chain(led).any(own)
        || words::has_word(title, languages::MAINTENANCE) && !stages(story).chain(led).any(unplanned)
}

/// The stage that stands now: the newest update's, and the stated one where that says that it is over.
fn newest(story: &Story) -> Option<Stage> {
    let stated = story.stage.as_ref().map(|(stage, _)| *stage);
    let told: Vec<_> = story.parts.iter().filter_map(|part| Some((part.at, part.stage.as_ref()?.0))).collect();
    let last = told.iter().map(|(at, _)| *at).max();
    // Updates that share the newest stamp come in no reliable order; the end is the last of them.
    let at_last = || told.iter().filter(|(at, _)| Some(*at) == last).map(|(_, stage)| *stage);
    let newest = at_last().find(|stage| stage.is_over()).or_else(|| at_last().next());
    match (stated, newest) {
        (Some(stated), _) if stated.is_over() => Some(stated),
        (stated, newest) => newest.or(stated),
    }
}

/// Oldest to newest. A part without a stamp stands at the entry's last change if it comes first, else at its posting.
fn updates(story: &Story, since: DateTime<Utc>, at: DateTime<Utc>) -> Vec<Update> {
    if story.parts.is_empty() {
        let title = story.stage.as_ref().map(|(_, word)| word.clone()).unwrap_or_default();
        return vec![Update { at, title, body: story.preamble.clone() }];
    }
    let stamp = |(position, part): (usize, &Part)| part.at.unwrap_or(if position == 0 { at } else { since });
    let mut parts: Vec<_> = story.parts.iter().enumerate().map(|part| (stamp(part), part.1)).collect();
    parts.reverse();
    parts.sort_by_key(|(at, part)| (*at, part.stage.as_ref().is_some_and(|(stage, _)| stage.is_over())));
    let update = |(at, part): (DateTime<Utc>, &Part)| Update {
        at,
        title: part.stage.as_ref().map(|(_, word)| word.clone()).unwrap_or_default(),
        body: part.body.clone(),
    };
    parts.into_iter().map(update).collect()
}

/// True for the stages of planned work that has begun.
fn is_begun(stage: Stage) -> bool {
    matches!(stage, Stage::UnderWay | Stage::InProgress)
}

/// What incidents and maintenances have in common.
struct Shared {
    title: String,
    link: String,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    updates: Vec<Update>,
}

impl Shared {
    fn incident(self, story: &Story, stage: Option<Stage>, as_of: DateTime<Utc>, at: DateTime<Utc>) -> Incident {
        let status = match stage {
            Some(Stage::Incident(status)) => status,
            Some(stage) if stage.is_over() => IncidentStatus::Resolved,
            Some(_) => IncidentStatus::Unknown,
            // Nobody says that it is over, so it is not called resolved while it is young; nobody says that it goes on
            // either, so it is not counted as open.
            None if as_of - at < TELLING => IncidentStatus::Unknown,
            None => IncidentStatus::Resolved,
        };
        let open = stage.is_some_and(|stage| !stage.is_over());
        let severity = story.severity.unwrap_or(Indicator::None);
        Incident {
            id: String::new(),
            title: self.title,
            link: self.link,
            impact: if open { severity.max(Indicator::Minor) } else { severity },
            status,
            started_at: self.started_at,
            ended_at: (!open).then_some(self.ended_at),
            updates: self.updates,
            components: story.components.clone(),
            detail: Detail::Full,
        }
    }

    fn maintenance(
        self,
        story: &Story,
        stage: Option<Stage>,
        planned_for: Option<DateTime<Utc>>,
        (as_of, at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Maintenance {
        let begins = |part: &&Part| part.stage.as_ref().is_some_and(|(stage, _)| is_begun(*stage));
        let begun = story.parts.iter().filter(begins).filter_map(|part| part.at).min();
        let starts_at = story.window.map(|(start, _)| start).or(begun).or(planned_for).unwrap_or(self.started_at);
        let planned_end = story.window.and_then(|(_, end)| end);
        let over = stage.is_some_and(Stage::is_over)
            || planned_end.is_some_and(|end| end <= as_of)
            || planned_end.is_none() && stage.is_none() && as_of - at >= TELLING;
        let running = match stage {
            Some(stage) if is_begun(stage) => true,
            _ if story.window.is_some() => starts_at <= as_of,
            Some(Stage::Scheduled) | None => false,
            // "Update" says nothing of it; what was said before counts.
            Some(_) => stages(story).any(is_begun) || !stages(story).any(|stage| stage == Stage::Scheduled),
        };
        Maintenance {
            id: String::new(),
            title: self.title,
            link: self.link,
            status: match (over, running) {
                (true, _) => MaintenanceStatus::Completed,
                (false, true) => MaintenanceStatus::InProgress,
                (false, false) => MaintenanceStatus::Scheduled,
            },
            starts_at,
            ends_at: planned_end.or(over.then_some(self.ended_at)),
            updates: self.updates,
            components: story.components.clone(),
            detail: Detail::Full,
        }
    }
}

/// The reading of a feed. It is calm only if it states lifecycles: an empty channel tells nothing, and neither does one
/// with a young item of which nobody says where it stands.
pub(super) fn reading(target: &Target<'_>, lost: usize, told: Vec<Option<Told>>) -> Reading {
    let mut reading = Reading::new(super::PROVIDER.name);
    let complete = lost == 0 && told.iter().all(Option::is_some);
    let told: Vec<_> = told.into_iter().flatten().collect();
    let states =
        told.iter().any(|told| told.marked) && told.iter().all(|told| told.marked || target.as_of - told.at >= TELLING);
    for told in told {
        match told.item {
            Item::Incident(incident) => reading.incidents.push(incident),
            Item::Maintenance(maintenance) => reading.maintenances.push(maintenance),
        }
    }
    let open = reading.incidents.iter().filter(|incident| incident.is_open());
    let worst = open.map(|incident| incident.impact_at(target.as_of)).max();
    let running = reading.maintenances.iter().any(|maintenance| maintenance.status == MaintenanceStatus::InProgress);
    let calm = if running { Indicator::Maintenance } else { Indicator::None };
    reading.indicator = worst.or((complete && states).then_some(calm));
    reading
}
