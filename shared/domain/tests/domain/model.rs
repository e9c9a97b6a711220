//! Random sequences of readings against a model that only knows which ids are open.

use std::collections::BTreeSet;

use proptest::prelude::*;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Item, ItemKey, Known, MaintenanceStatus, Reading, diff,
};

use crate::support::{apply, at, incident, maintenance, resolved};

const IDS: usize = 4;

/// How a document mentions one id.
#[derive(Debug, Clone, Copy)]
enum Mention {
    Absent,
    Open,
    Over,
    OpenRow,
    OverRow,
}

/// One document.
#[derive(Debug, Clone)]
struct Document {
    incidents: Vec<(Mention, Indicator)>,
    maintenances: Vec<Mention>,
    indicator: Option<Indicator>,
    lists_all_open: bool,
    lists_all_planned: bool,
}

fn mention() -> impl Strategy<Value = Mention> {
    prop_oneof![
        3 => Just(Mention::Absent), 3 => Just(Mention::Open), 2 => Just(Mention::Over), 1 => Just(Mention::OpenRow),
        1 => Just(Mention::OverRow),
    ]
}

fn impact() -> impl Strategy<Value = Indicator> {
    prop_oneof![Just(Indicator::None), Just(Indicator::Minor), Just(Indicator::Major), Just(Indicator::Critical),]
}

prop_compose! {
    fn document()(
        incidents in proptest::collection::vec((mention(), impact()), IDS),
        maintenances in proptest::collection::vec(mention(), IDS),
        indicator in proptest::option::of(impact()),
        lists_all_open in any::<bool>(),
        lists_all_planned in any::<bool>(),
    ) -> Document {
        Document { incidents, maintenances, indicator, lists_all_open, lists_all_planned }
    }
}

impl Document {
    fn reading(&self) -> Reading {
        let incidents = self.incidents.iter().enumerate().filter_map(|(n, (mention, impact))| {
            let id = format!("k{n}");
            let open = incident(&id, *impact);
            let over = Incident { impact: *impact, ..resolved(&id, 30) };
            let row = |incident| Incident { updates: Vec::new(), detail: Detail::Row, ..incident };
            Some(match mention {
                Mention::Absent => return None,
                Mention::Open => open,
                Mention::Over => over,
                Mention::OpenRow => row(Incident { status: IncidentStatus::Unknown, ..open }),
                Mention::OverRow => row(over),
            })
        });
        let maintenances = self.maintenances.iter().enumerate().filter_map(|(n, mention)| {
            let (status, detail) = match mention {
                Mention::Absent => return None,
                Mention::Open => (MaintenanceStatus::InProgress, Detail::Full),
                Mention::OpenRow => (MaintenanceStatus::Scheduled, Detail::Row),
                Mention::Over => (MaintenanceStatus::Completed, Detail::Full),
                Mention::OverRow => (MaintenanceStatus::Completed, Detail::Row),
            };
            Some(statusphere_domain::Maintenance { detail, ..maintenance(&format!("k{n}"), status) })
        });
        Reading {
            indicator: self.indicator,
            incidents: incidents.collect(),
            maintenances: maintenances.collect(),
            lists_all_open: self.lists_all_open,
            lists_all_planned: self.lists_all_planned,
            ..Reading::new("statuspage")
        }
    }

    /// What is open after this document, by the model.
    fn open(&self, mut open: BTreeSet<ItemKey>) -> BTreeSet<ItemKey> {
        open.retain(|key| match key {
            ItemKey::Incident(_) => !self.lists_all_open,
            ItemKey::Maintenance(_) => !self.lists_all_planned,
        });
        let incidents = self.incidents.iter().map(|(mention, _)| mention).enumerate();
        let mentions = incidents
            .map(|(n, mention)| (ItemKey::Incident(format!("k{n}")), mention))
            .chain(self.maintenances.iter().enumerate().map(|(n, m)| (ItemKey::Maintenance(format!("k{n}")), m)));
        for (key, mention) in mentions {
            match mention {
                Mention::Absent => {}
                Mention::Open | Mention::OpenRow => {
                    open.insert(key);
                }
                Mention::Over | Mention::OverRow => {
                    open.remove(&key);
                }
            }
        }
        open
    }
}

/// What a scrape loads of all that is stored.
fn loaded(known: &Known, reading: &Reading) -> Known {
    let mentioned: BTreeSet<_> = reading.items().map(|item| item.key()).collect();
    let mut part = known.clone();
    part.items.retain(|key, _| known.open.contains(key) || mentioned.contains(key));
    part
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_open_is_what_the_model_says(documents in proptest::collection::vec(document(), 1..10)) {
        let (mut known, mut model) = (Known::default(), BTreeSet::new());
        for (n, document) in documents.iter().enumerate() {
            let (reading, now) = (document.reading(), at(100 + i64::try_from(n).unwrap() * 5));
            let changes = diff(&known, &reading, now);
            prop_assert_eq!(&diff(&loaded(&known, &reading), &reading, now), &changes, "a scrape loads enough");
            for (item, sequence) in &changes.items {
                let before = known.items.get(&item.key());
                prop_assert_eq!(*sequence, before.map_or(1, |(_, sequence)| sequence + 1));
                prop_assert!(before.is_none_or(|(before, _)| before != item), "written for nothing");
            }
            known = apply(&known, &changes);
            model = document.open(model);
            prop_assert_eq!(&known.open, &model);
            for (key, (item, _)) in &known.items {
                prop_assert_eq!(item.is_open(), model.contains(key));
            }
            let impacts = known.items.values().filter(|(item, _)| item.is_open());
            let worst = impacts.filter_map(|(item, _)| match item {
                Item::Incident(incident) => Some(incident.impact_at(now)),
                Item::Maintenance(_) => None,
            });
            prop_assert_eq!(known.indicator, worst.max().max(document.indicator));
            prop_assert!(diff(&known, &reading, now).is_empty(&known), "the same again changes nothing");
        }
    }

    /// A scrape writes its items one by one and may be cut off after each; the next one makes up for it.
    #[test]
    fn a_scrape_that_was_cut_off_is_made_up_for(
        documents in proptest::collection::vec(document(), 0..5), last in document(), cut in 0_usize..8,
    ) {
        let mut known = Known::default();
        for document in &documents {
            known = apply(&known, &diff(&known, &document.reading(), at(100)));
        }
        let whole = apply(&known, &diff(&known, &last.reading(), at(110)));
        let changes = diff(&known, &last.reading(), at(110));
        let written: Vec<_> = changes.items.iter().take(cut).cloned().collect();
        known.items.extend(written.iter().map(|(item, sequence)| (item.key(), (item.clone(), *sequence))));
        let made_up = diff(&known, &last.reading(), at(110));
        prop_assert!(made_up.items.iter().all(|(item, _)| !written.iter().any(|(done, _)| done.key() == item.key())));
        prop_assert_eq!(apply(&known, &made_up), whole);
    }
}
