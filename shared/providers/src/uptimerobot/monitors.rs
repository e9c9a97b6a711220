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
    counts: Counts,
}

/// Monitors on all pages together, by the page's own count.
#[derive(Clone, Copy, Default)]
struct Counts {
    down: i64,
    /// Up, or switched off.
    well: i64,
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
        let count = |key: &str| field::number(&document["statistics"]["counts"][key]).unwrap_or(0);
        Ok(Self {
            rows: rows.clone(),
            total: number("totalMonitors"),
            size: number("perPage").filter(|size| *size > 0),
            counts: Counts { down: count("down"), well: count("up").saturating_add(count("paused")) },
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
    counts: Counts,
    switched_off: usize,
    /// Monitors with a state that we don't know, or none.
    unknown: usize,
    /// Rows that could not be read.
    lost: usize,
}

impl Listed {
    pub(super) fn add(&mut self, page: &Page) {
        self.total = self.total.max(page.total);
        self.counts.down = self.counts.down.max(page.counts.down);
        self.counts.well = self.counts.well.max(page.counts.well);
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
        let total = self.total.and_then(|total| i64::try_from(total).ok());
        let counted = self.counts.down.saturating_add(self.counts.well);
        let all_read = i64::try_from(self.components.len()).is_ok_and(|read| read >= total.unwrap_or(counted));
        // What stands on pages that are not read is well only where the page counts each monitor as well.
        let well = all_read || self.counts.down == 0 && total.is_some_and(|total| self.counts.well >= total);
        if down > 0 && down == watched && all_read {
            Some(Indicator::Critical)
        } else if down > 0 || self.counts.down > 0 {
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
