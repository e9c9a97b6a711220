//! The API's lists: where they are, and whether they were given, refused or broken.
//!
//! Deliberately absent: what their rows mean.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::field::{id, list, number, text};
use crate::{Seen, Target, html};

/// Documents of one page at most, by all providers together.
pub(super) const MAX_SEEN: usize = 12;

/// The two shapes of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Two,
    Three,
}

impl Version {
    pub(super) fn of_key(key: &str) -> Option<Self> {
        match key {
            "v2" => Some(Self::Two),
            "v3" => Some(Self::Three),
            _ => None,
        }
    }

    /// By the assets of version 3, else by those of version 2 or the credit that it shows.
    pub(super) fn of_markup(markup: &str) -> Option<Self> {
        let has = |mark: &str| markup.contains(mark);
        if has("vendor/cachethq/cachet") {
            return Some(Self::Three);
        }
        let assets = has("Global.locale") && has("/dist/js/") && has("status-page");
        (assets || has("://cachethq.io")).then_some(Self::Two)
    }

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Two => "v2",
            Self::Three => "v3",
        }
    }

    pub(super) fn root(self) -> &'static str {
        match self {
            Self::Two => "/api/v1",
            Self::Three => "/api",
        }
    }
}

/// A list of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Components,
    Groups,
    Incidents,
    Schedules,
}

impl Kind {
    /// The path of the list, which is also its name in cursors.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Components => "components",
            Self::Groups => "components/groups",
            Self::Incidents => "incidents",
            Self::Schedules => "schedules",
        }
    }

    /// Where the list is, the best first. Version 3 adds what belongs to a row only when asked to.
    fn addresses(self, target: &Target<'_>, version: Version) -> Vec<String> {
        let at = |path: &str| target.at(&format!("{}/{path}", version.root()));
        match (version, self) {
            (Version::Two, kind) => vec![at(kind.path())],
            (Version::Three, Self::Components) => vec![at("components?include=group&per_page=100"), at("components")],
            (Version::Three, Self::Groups) => vec![at("component-groups?per_page=100"), at("component-groups")],
            (Version::Three, Self::Incidents) => {
                vec![at("incidents?include=updates,components&per_page=100"), at("incidents")]
            }
            (Version::Three, Self::Schedules) => {
                vec![at("schedules?include=updates,components&sort=-scheduled_at&per_page=100"), at("schedules")]
            }
        }
    }

    /// Where version 2 has the newest rows of a list with several pages.
    fn newest(self, target: &Target<'_>) -> String {
        let query = if self == Self::Components { "per_page=100" } else { "sort=id&order=desc&per_page=100" };
        target.at(&format!("{}/{}?{query}", Version::Two.root(), self.path()))
    }
}

/// What came of a list.
pub(super) enum List {
    /// It is there.
    Given(Document),
    /// It is not there.
    Refused,
    /// It is there and cannot be read, because.
    Broken(String),
}

impl List {
    /// The next address to ask for the list at; `None` when it was given or there is no other.
    pub(super) fn next(target: &Target<'_>, seen: &Seen, version: Version, kind: Kind) -> Option<String> {
        for url in kind.addresses(target, version) {
            match seen.get(&url) {
                None => return Some(url),
                Some(Ok(_)) => return None,
                Some(Err(_)) => {}
            }
        }
        None
    }

    /// The address of the newest rows, where the list was given in part and they were not asked for yet.
    pub(super) fn newest(target: &Target<'_>, seen: &Seen, version: Version, kind: Kind) -> Option<String> {
        let url = kind.newest(target);
        let partly = || matches!(Self::first(target, seen, version, kind), Self::Given(document) if document.more);
        (version == Version::Two && seen.get(&url).is_none() && partly()).then_some(url)
    }

    /// The list as it was given; the newest rows where there are several pages.
    pub(super) fn read(target: &Target<'_>, seen: &Seen, version: Version, kind: Kind) -> Self {
        let first = Self::first(target, seen, version, kind);
        if version == Version::Two
            && matches!(&first, Self::Given(document) if document.more)
            && let Some(Ok(_)) = seen.get(&kind.newest(target))
        {
            return Self::at(seen, &kind.newest(target));
        }
        first
    }

    fn first(target: &Target<'_>, seen: &Seen, version: Version, kind: Kind) -> Self {
        let addresses = kind.addresses(target, version);
        let given = addresses.iter().find(|url| matches!(seen.get(url), Some(Ok(_))));
        given.map_or(Self::Refused, |url| Self::at(seen, url))
    }

    fn at(seen: &Seen, url: &str) -> Self {
        let Some(Ok(answer)) = seen.get(url) else { return Self::Refused };
        match html::json::<Value>(answer) {
            Ok(document) if document["data"].is_array() => Self::Given(Document::new(document)),
            Ok(_) => Self::Broken("have no list `data`".to_owned()),
            Err(why) => Self::Broken(why),
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Self::Refused)
    }

    /// Its rows, if it is there.
    pub(super) fn rows(&self) -> Option<&[Value]> {
        match self {
            Self::Given(document) => Some(document.rows()),
            _ => None,
        }
    }

    /// The document, if it is there; an error when it is broken.
    pub(super) fn document(&self, name: &str) -> Result<Option<&Document>, String> {
        match self {
            Self::Given(document) => Ok(Some(document)),
            Self::Refused => Ok(None),
            Self::Broken(why) => Err(format!("the {name} {why}")),
        }
    }
}

/// A list that was given.
pub(super) struct Document {
    rows: Vec<Value>,
    included: Included,
    more: bool,
}

/// What version 3 adds to the rows of a list, by type and id.
pub(super) type Included = BTreeMap<(String, String), Value>;

impl Document {
    fn new(mut document: Value) -> Self {
        let more = goes_on(&document, 1);
        let included = included(&document);
        let rows = match document.get_mut("data").map(Value::take) {
            Some(Value::Array(rows)) => rows,
            _ => Vec::new(),
        };
        Self { rows, included, more }
    }

    pub(super) fn rows(&self) -> &[Value] {
        &self.rows
    }

    pub(super) fn included(&self) -> &Included {
        &self.included
    }

    /// True when the list has rows that were not given.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }
}

pub(super) fn included(document: &Value) -> Included {
    let rows = list(&document["included"]).iter();
    rows.filter_map(|row| Some(((text(&row["type"]).to_owned(), id(&row["id"])?), row.clone()))).collect()
}

/// True when a list goes on after this page: by its number of pages, or by its link.
pub(super) fn goes_on(document: &Value, page: u32) -> bool {
    let pages = number(&document["meta"]["pagination"]["total_pages"]);
    pages.is_some_and(|pages| pages > i64::from(page)) || !text(&document["links"]["next"]).is_empty()
}
