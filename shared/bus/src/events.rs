//! The events' details as they stand on the wire, version 1.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use statusphere_domain::{Hint, Page, PageId};

/// Version of every detail below.
pub const VERSION: u32 = 1;

/// A page as a request carries it: what is needed to read it, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// The slug.
    pub id: PageId,
    /// The page's address.
    pub url: String,
    /// What the catalogue knows of its platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// The host that its documents come from, when other pages' do too: they are read one after another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

impl From<&Page> for PageRef {
    fn from(page: &Page) -> Self {
        Self { id: page.id.clone(), url: page.url.clone(), hint: page.hint.clone(), host: None }
    }
}

/// `ScrapeRequested`: read the current state of these pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrape {
    /// Version of this detail.
    pub version: u32,
    /// The same for the same request.
    pub id: String,
    /// The minute of the schedule that asks.
    pub slot: DateTime<Utc>,
    /// One to 25 pages.
    pub pages: Vec<PageRef>,
}

impl Scrape {
    /// The request of a slot for some pages.
    pub fn new(slot: DateTime<Utc>, pages: Vec<PageRef>) -> Self {
        let first = pages.first().map_or("-", |page| page.id.as_str());
        let slot_text = slot.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        Self { version: VERSION, id: format!("{slot_text}/{first}"), slot, pages }
    }
}

/// `BackfillRequested`: read one page of this page's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// Version of this detail.
    pub version: u32,
    /// The same for the same request.
    pub id: String,
    /// Whose history; its hint names the provider that reads the page.
    pub page: PageRef,
    /// Where to go on; empty for the first step.
    pub cursor: String,
}

impl Backfill {
    /// The request of one step.
    pub fn new(page: PageRef, cursor: String) -> Self {
        Self { version: VERSION, id: format!("{}/{cursor}", page.id), page, cursor }
    }
}

/// Something that changed: made from the table's stream, for anyone.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What happened: the detail-type, `IncidentOpened` say.
    pub name: &'static str,
    /// The same for the same fact, however often it is sent.
    pub id: String,
    /// Whose.
    pub page: PageId,
    /// When it was observed.
    pub at: DateTime<Utc>,
    /// The fields of this kind of event, an object.
    pub fields: Value,
}

/// What can be put on the bus.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Read these pages.
    Scrape(Scrape),
    /// Read on in this history.
    Backfill(Backfill),
    /// This changed.
    Change(Change),
}

impl Event {
    /// The detail-type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scrape(_) => "ScrapeRequested",
            Self::Backfill(_) => "BackfillRequested",
            Self::Change(change) => change.name,
        }
    }

    /// The detail.
    pub fn detail(&self) -> Value {
        match self {
            Self::Scrape(scrape) => json!(scrape),
            Self::Backfill(backfill) => json!(backfill),
            Self::Change(change) => {
                let mut detail = json!({"version": VERSION, "id": change.id, "page": change.page, "at": change.at});
                if let (Some(detail), Value::Object(fields)) = (detail.as_object_mut(), &change.fields) {
                    detail.extend(fields.clone());
                }
                detail
            }
        }
    }
}
