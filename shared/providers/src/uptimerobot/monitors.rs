//! The list of monitors and what follows from it for the page.
//!
//! Deliberately absent: uptime ratios and downtimes that are over.

use std::collections::HashSet;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator};

use crate::field;

/// One page of the list.
pub(super) struct Page {
    rows: Vec<Value>,
    /// Monitors on all pages together.
    total: Option<usize>,
    /// Monitors on a page.
    size: Option<usize>,
    /// Monitors on all pages together that are down, by the page's own count.
    down: Option<i64>,
}

impl Page {
    /// The error says what of the document cannot be read.
    pub(super) fn read(document: &Value) -> Result<Self, String> {
        match document["status"].as_str() {
            Some("ok") => {}
            Some(word) => return Err(format!("says `{word}`")),
            None => return Err("does not say that it is one".to_owned()),
        }
        let (psp, newer) = (&document["psp"], &document["data"]);
        let rows = newer.as_array().or_else(|| psp["monitors"].as_array()).ok_or("has no list")?;
        if rows.is_empty() {
            return Err("is empty".to_owned());
        }
        let number = |key: &str| field::number(&psp[key]).and_then(|size| usize::try_from(size).ok());
        Ok(Self {
            rows: rows.clone(),
            total: number("totalMonitors"),
            size: number("perPage").filter(|size| *size > 0),
            down: field::number(&document["statistics"]["counts"]["down"]),
        })
    }

    /// Number of pages that the list has.
    pub(super) fn pages(&self) -> usize {
        self.total.unwrap_or(0).div_ceil(self.size.unwrap_or(self.rows.len()).max(1))
    }
}

/// All monitors read so far.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) components: Vec<Component>,
    known: HashSet<String>,
    total: Option<usize>,
    down: Option<i64>,
    switched_off: usize,
    /// Monitors with a state that we don't know, or none.
    unknown: usize,
    /// Rows that could not be read.
    lost: usize,
    /// There are more pages than are read.
    pub(super) cut_off: bool,
}

impl Listed {
    pub(super) fn add(&mut self, page: &Page) {
        self.total = self.total.max(page.total);
        self.down = self.down.max(page.down);
        for row in &page.rows {
            let name = field::text(&row["name"]);
            let Some(id) = field::id(&row["monitorId"]).or_else(|| field::id(&row["name"])) else {
                self.lost += 1;
                continue;
            };
            if !self.known.insert(id.clone()) {
                continue;
            }
            let word = field::text(&row["statusClass"]);
            let status = match word {
                _ if name.is_empty() => ComponentStatus::Unknown,
                "success" => ComponentStatus::Operational,
                "warning" => ComponentStatus::DegradedPerformance,
                "danger" => ComponentStatus::MajorOutage,
                _ => ComponentStatus::Unknown,
            };
            match word {
                "paused" | "black" => self.switched_off += 1,
                _ => self.unknown += usize::from(status == ComponentStatus::Unknown),
            }
            let name = if name.is_empty() { id.clone() } else { name.to_owned() };
            self.components.push(Component { id, name, group: group(row), status });
        }
    }

    pub(super) fn indicator(&self) -> Option<Indicator> {
        let count = |status| self.components.iter().filter(|component| component.status == status).count();
        let (down, degraded) = (count(ComponentStatus::MajorOutage), count(ComponentStatus::DegradedPerformance));
        let watched = self.components.len() - self.switched_off;
        let all_read = self.total.is_none_or(|total| self.components.len() >= total);
        let told_down = self.down.is_some_and(|down| down > 0);
        // What stands on pages that are not read counts as well as by the page's own count.
        let well = all_read || self.cut_off && self.down == Some(0);
        if down > 0 && down == watched && all_read {
            Some(Indicator::Critical)
        } else if down > 0 || told_down {
            Some(Indicator::Major)
        } else if degraded > 0 {
            Some(Indicator::Minor)
        } else {
            (well && watched > 0 && self.unknown == 0 && self.lost == 0).then_some(Indicator::None)
        }
    }
}

fn group(row: &Value) -> Option<String> {
    // The group that the platform puts a monitor into by itself has the id 0.
    let name = field::text(&row["groupName"]);
    (!name.is_empty() && field::number(&row["groupId"]).is_some_and(|id| id != 0)).then(|| name.to_owned())
}
