//! Pages whose status nobody writes: probes measure it, and the platform only shows what they found.
//!
//! Deliberately absent: incidents. A probe that fails is a component that is down, not a story.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use crate::words;

/// Probes by their ids. Of two with one id the one that works gives way, so that what fails never hides.
pub(crate) fn unique(probes: impl Iterator<Item = Component>) -> Vec<Component> {
    let mut unique: Vec<Component> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for probe in probes {
        let place = *places.entry(probe.id.clone()).or_insert(unique.len());
        match unique.get_mut(place) {
            Some(known) if known.status == ComponentStatus::Operational => *known = probe,
            Some(_) => {}
            None => unique.push(probe),
        }
    }
    unique
}

/// The indicator of such a page. While one probe of several fails, part of the service is down, not the whole. A page
/// without any probe says nothing of its service.
pub(crate) fn indicator(reading: &Reading, as_of: DateTime<Utc>) -> Option<Indicator> {
    let probes = reading.components.as_deref().unwrap_or_default();
    let partly = probes.iter().any(|probe| probe.status != ComponentStatus::MajorOutage);
    match words::indicator(reading, as_of)? {
        Indicator::None | Indicator::Maintenance if probes.is_empty() => None,
        Indicator::Critical if partly => Some(Indicator::Major),
        worst => Some(worst),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(statuses: &[ComponentStatus]) -> Reading {
        let probe = |(id, status): (usize, &ComponentStatus)| Component {
            id: id.to_string(),
            name: String::new(),
            group: None,
            status: *status,
        };
        Reading { components: Some(statuses.iter().enumerate().map(probe).collect()), ..Reading::new("x") }
    }

    #[test]
    fn only_a_page_whose_probes_all_fail_is_down() {
        use ComponentStatus::{MajorOutage, Operational, UnderMaintenance, Unknown};
        for (statuses, expected) in [
            (&[][..], None),
            (&[Operational], Some(Indicator::None)),
            (&[Operational, Unknown], None),
            (&[UnderMaintenance, Unknown], None),
            (&[UnderMaintenance, Operational], Some(Indicator::Maintenance)),
            (&[MajorOutage, Unknown], Some(Indicator::Major)),
            (&[MajorOutage, Operational], Some(Indicator::Major)),
            (&[MajorOutage, MajorOutage], Some(Indicator::Critical)),
        ] {
            assert_eq!(indicator(&page(statuses), DateTime::UNIX_EPOCH), expected, "{statuses:?}");
        }
    }

    #[test]
    fn what_fails_does_not_hide_behind_its_own_name() {
        let probe = |status| Component { id: "a".to_owned(), name: String::new(), group: None, status };
        for order in [
            [ComponentStatus::Operational, ComponentStatus::Unknown],
            [ComponentStatus::Unknown, ComponentStatus::Operational],
        ] {
            let unique = unique(order.into_iter().map(probe));
            assert_eq!(unique.iter().map(|probe| probe.status).collect::<Vec<_>>(), [ComponentStatus::Unknown]);
        }
    }
}
