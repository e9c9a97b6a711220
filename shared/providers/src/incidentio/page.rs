//! What the page's HTML carries in its flight data: the summary, whole timelines and about ninety days of history.
//!
//! Deliberately absent: the visible markup, which follows the customer's design and language.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus};

use super::words;
use crate::flight;

/// Everything that the platform puts into its pages and nobody else does.
const MARKERS: [&str; 2] = ["storage.googleapis.com/incident-io-status-page-logos/", "expose_status_summary_api"];

/// True for HTML of this platform, readable or not.
pub(super) fn is_mine(html: &str) -> bool {
    MARKERS.iter().any(|marker| html.contains(marker))
        || html.contains("__next_f")
            && (html.contains("statuspage.incident.io/")
                || html.contains("incident_links") && html.contains("component_impacts"))
}

/// A page's data as far as it is read.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) summary: Summary,
    /// Where the page says that its incidents are read, by their id.
    pub(super) links: HashMap<String, Link>,
    data: String,
}

/// The state of the page.
#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    id: String,
    components: Vec<Row>,
    structure: Structure,
    affected_components: Option<Vec<Affected>>,
    pub(super) ongoing_incidents: Vec<Post>,
    /// Read one by one: no recording shows what may be missing in them.
    scheduled_maintenances: Option<Vec<Value>>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Structure {
    items: Option<Vec<Place>>,
}

/// One of these is there; the others are `null`.
#[derive(Debug, Deserialize)]
struct Place {
    component: Option<Member>,
    group: Option<Group>,
    sub_page: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: Option<String>,
    components: Option<Vec<Member>>,
}

#[derive(Debug, Deserialize)]
struct Member {
    component_id: String,
}

/// A component in trouble: `status` is the worst it had, `current_status` the one it has, where both are given.
#[derive(Debug, Deserialize)]
pub(super) struct Affected {
    pub(super) component_id: String,
    pub(super) status: Option<String>,
    pub(super) current_status: Option<String>,
}

/// An incident or a maintenance with its timeline.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) published_at: Option<String>,
    #[serde(alias = "started_at", alias = "scheduled_start_at")]
    pub(super) starts_at: Option<String>,
    #[serde(alias = "scheduled_end_at")]
    pub(super) ends_at: Option<String>,
    pub(super) affected_components: Option<Vec<Affected>>,
    pub(super) component_impacts: Option<Vec<Impact>>,
    pub(super) status_summaries: Option<Vec<Span>>,
    pub(super) updates: Option<Vec<Message>>,
}

/// For how long a component was in trouble, or will be worked on.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Impact {
    pub(super) component_id: String,
    pub(super) status: Option<String>,
    pub(super) start_at: Option<String>,
    pub(super) end_at: Option<String>,
    pub(super) status_page_incident_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Span {
    pub(super) start_at: Option<String>,
    pub(super) worst_component_status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) published_at: Option<String>,
    pub(super) to_status: Option<String>,
    #[serde(rename = "message_string")]
    plain: Option<String>,
    #[serde(rename = "message")]
    formatted: Option<Value>,
}

/// A row of the page's history.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Link {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) permalink: Option<String>,
    pub(super) published_at: Option<String>,
    pub(super) status: String,
}

impl Page {
    /// Reads a page that [`is_mine`]; the error says what is missing.
    pub(super) fn read(html: &str) -> Result<Self, String> {
        let data = flight::joined(html);
        if data.is_empty() {
            return Err("the page carries no data".to_owned());
        }
        let mut why = "the page's data holds no summary".to_owned();
        for value in flight::values(&data, "summary", '{') {
            // Other things are called "summary" too; only one with both lists can be meant.
            if !value["components"].is_array() || !value["ongoing_incidents"].is_array() {
                continue;
            }
            match serde_json::from_value::<Summary>(value) {
                Ok(summary) if words::is_ulid(&summary.id) => {
                    let links = rows::<Link>(&data, "incident_links").map(|link| (link.id.clone(), link)).collect();
                    return Ok(Self { summary, links, data });
                }
                Ok(_) => "the summary's id is none of the platform's".clone_into(&mut why),
                Err(error) => why = format!("the summary: {error}"),
            }
        }
        Err(why)
    }

    /// Incidents and maintenances that the page lists with their timelines, past ones as a rule.
    pub(super) fn listed(&self) -> impl Iterator<Item = Post> + use<> {
        rows::<Post>(&self.data, "incidents").filter(|post| post.updates.is_some())
    }

    /// Troubles of the last ninety days or so, by the incident that they belong to.
    pub(super) fn impacts(&self) -> HashMap<String, Vec<Impact>> {
        let mut impacts: HashMap<String, Vec<Impact>> = HashMap::new();
        for impact in rows::<Impact>(&self.data, "component_impacts") {
            if let Some(id) = impact.status_page_incident_id.clone() {
                impacts.entry(id).or_default().push(impact);
            }
        }
        impacts
    }
}

/// The readable rows of every list that the page's data holds under `key`.
fn rows<T: serde::de::DeserializeOwned>(data: &str, key: &str) -> impl Iterator<Item = T> + use<T> {
    let lists = flight::values(data, key, '[').into_iter();
    lists
        .flat_map(|list| if let Value::Array(rows) = list { rows } else { Vec::new() })
        .filter_map(|row| serde_json::from_value(row).ok())
}

impl Summary {
    /// All components in the order of the page, hidden ones included. One that is not in trouble works.
    pub(super) fn components(&self) -> Vec<Component> {
        let places: HashMap<&str, (usize, Option<&str>)> = self
            .structure
            .items
            .iter()
            .flatten()
            .flat_map(Place::members)
            .enumerate()
            .map(|(order, (id, group))| (id, (order, group)))
            .collect();
        let troubled: HashMap<&str, ComponentStatus> = self
            .affected_components
            .iter()
            .flatten()
            .map(|affected| {
                (affected.component_id.as_str(), crate::words::component(affected.now().unwrap_or_default()))
            })
            .collect();
        // Where the list is only referred to, nothing is known of those that are not in it.
        let others = match self.affected_components {
            Some(_) => ComponentStatus::Operational,
            None => ComponentStatus::Unknown,
        };
        let mut rows: Vec<_> = self.components.iter().collect();
        rows.sort_by_key(|row| places.get(row.id.as_str()).map_or(usize::MAX, |(order, _)| *order));
        rows.into_iter()
            .map(|row| Component {
                id: row.id.clone(),
                name: row.name.clone(),
                group: places.get(row.id.as_str()).and_then(|(_, group)| group.map(str::to_owned)),
                status: troubled.get(row.id.as_str()).copied().unwrap_or(others),
            })
            .collect()
    }

    /// True when parts of the page live on pages of their own, whose state this one does not tell.
    pub(super) fn has_sub_pages(&self) -> bool {
        self.structure.items.iter().flatten().any(|place| place.sub_page.is_some())
    }

    /// Names of components by their id.
    pub(super) fn names(&self) -> HashMap<&str, &str> {
        self.components.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect()
    }

    /// Scheduled and running maintenances; `None` in place of each row, or of the list, that cannot be read.
    pub(super) fn planned(&self) -> Vec<Option<Post>> {
        match &self.scheduled_maintenances {
            Some(rows) => rows.iter().map(|row| Post::deserialize(row).ok()).collect(),
            None => vec![None],
        }
    }
}

impl Place {
    fn members(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let alone = self.component.iter().map(|member| (member.component_id.as_str(), None));
        let grouped = self.group.iter().flat_map(|group| {
            let members = group.components.iter().flatten();
            members.map(|member| (member.component_id.as_str(), group.name.as_deref()))
        });
        alone.chain(grouped)
    }
}

impl Affected {
    /// The status it has at present.
    pub(super) fn now(&self) -> Option<&str> {
        self.current_status.as_deref().or(self.status.as_deref())
    }
}

impl Message {
    /// The text, from the formatted message where the plain one was too long to stand in the data itself.
    pub(super) fn text(&self) -> String {
        if let Some(text) = &self.plain {
            return text.trim().to_owned();
        }
        let mut text = String::new();
        if let Some(formatted) = &self.formatted {
            gather(formatted, &mut text);
        }
        text.trim().to_owned()
    }
}

/// The words of a formatted message, block by block. Its depth is bounded by the JSON parser.
fn gather(node: &Value, text: &mut String) {
    if let Some(words) = node["text"].as_str() {
        text.push_str(words);
    }
    for child in node["content"].as_array().into_iter().flatten() {
        gather(child, text);
    }
    if matches!(node["type"].as_str(), Some("paragraph" | "heading" | "listItem" | "lineBreak" | "hardBreak")) {
        text.push('\n');
    }
}
