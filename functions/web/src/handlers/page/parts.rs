//! The components of a page by group, those near a region alone if one is asked for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use statusphere_domain::{Area, Component, ComponentStatus, Parts, Region, severity};

use crate::{
    show::{self, Look, count},
    text::line,
};

/// Components that are shown, at most.
const MOST: usize = 300;

/// A component and where it is.
type Placed<'a> = (&'a Component, &'a Option<Region>);

/// Components of one group.
pub(super) struct Group {
    /// `None`: those in no group.
    pub(super) name: Option<String>,
    /// True when there is something to see.
    pub(super) open: bool,
    pub(super) summary: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) look: Look,
    pub(super) region: Option<String>,
    /// Of trouble alone.
    pub(super) since: Option<DateTime<Utc>>,
}

/// The parts of the world that a page's components are in.
pub(super) struct Regions {
    /// For an address, and for people.
    pub(super) all: Vec<(&'static str, String)>,
    /// The one that is asked for.
    pub(super) chosen: Option<String>,
}

/// In the vendor's order; how many are left out; and the regions.
pub(super) fn groups(
    components: &[Component],
    since: &BTreeMap<String, DateTime<Utc>>,
    used: Option<&Region>,
) -> (Vec<Group>, usize, Regions) {
    let parts = Parts::new(components);
    let areas: BTreeSet<Area> = parts.regions().iter().flatten().flat_map(|region| region.areas.clone()).collect();
    let all: Vec<(&str, String)> = areas.iter().map(|area| (area.as_str(), show::area_name(area.as_str()))).collect();
    let regions = Regions { all: if all.len() > 1 { all } else { Vec::new() }, chosen: used.map(show::region) };
    let is_near =
        |region: &Option<Region>| used.is_none_or(|used| region.as_ref().is_none_or(|region| region.concerns(used)));
    let near: Vec<Placed<'_>> = components.iter().zip(parts.regions()).filter(|(_, region)| is_near(region)).collect();
    // Where not all are shown, those in trouble are.
    let mut room = MOST.saturating_sub(near.iter().filter(|(component, _)| !is_well(component)).count());
    let shown = near.iter().filter(|(component, _)| {
        let well = is_well(component);
        let fits = !well || room > 0;
        room -= usize::from(well && fits);
        fits
    });
    let mut groups: Vec<(Option<&str>, Vec<Placed<'_>>)> = Vec::new();
    for (component, region) in shown.take(MOST) {
        let name = component.group.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push((component, region)),
            None => groups.push((name, vec![(component, region)])),
        }
    }
    let groups = groups.into_iter().map(|(name, members)| group(name, &members, since)).collect();
    (groups, near.len().saturating_sub(MOST), regions)
}

fn is_well(component: &Component) -> bool {
    component.status == ComponentStatus::Operational
}

fn group(name: Option<&str>, members: &[Placed<'_>], since: &BTreeMap<String, DateTime<Utc>>) -> Group {
    let well = members.iter().filter(|(component, _)| is_well(component)).count();
    let worst = members.iter().map(|(component, _)| component.status).max_by_key(|status| severity(*status));
    let summary = match worst {
        Some(worst) if well < members.len() => {
            let word = Look::from(worst).word.to_lowercase();
            format!("{} of {}, {word} at worst", members.len() - well, count(members.len(), "component"))
        }
        _ => format!("{}, all operational", count(members.len(), "component")),
    };
    // A region is told where the names don't.
    let is_named = |component: &Component, region: &str| {
        let names = [Some(component.name.as_str()), component.group.as_deref()];
        names.into_iter().flatten().any(|name| name.to_lowercase().contains(&region.to_lowercase()))
    };
    let row = |(component, region): &Placed<'_>| Row {
        name: line(&component.name),
        look: component.status.into(),
        region: region.as_ref().map(show::region).filter(|word| !is_named(component, word)),
        since: since.get(&component.id).copied().filter(|_| !is_well(component)),
    };
    Group {
        name: name.map(line),
        open: name.is_none() || well < members.len(),
        summary,
        rows: members.iter().map(row).collect(),
    }
}
