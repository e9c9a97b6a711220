//! What one reading changes in what is known.

use statusphere_domain::{
    ComponentStatus, Incident, IncidentStatus, Indicator, Item, ItemKey, Known, MaintenanceStatus, Reading, Transition,
    diff,
};

use crate::support::{at, component, day, incident, maintenance, read, reading, resolved, stored};

fn indicator(from: Option<Indicator>, to: Option<Indicator>) -> Transition {
    Transition::Indicator { from, to }
}

#[test]
fn the_same_reading_again_changes_nothing() {
    let mut known = Known::default();
    let mut document = reading(Indicator::Minor, vec![incident("k1", Indicator::Major), resolved("k2", 30)]);
    document.maintenances = vec![maintenance("m1", MaintenanceStatus::Scheduled)];
    document.components = Some(vec![component("api", ComponentStatus::PartialOutage)]);
    let first = read(&mut known, &document, 40);
    assert_eq!(first.items.len(), 3);
    assert!(first.items.iter().all(|(_, sequence)| *sequence == 1));
    let again = diff(&known, &document, at(45));
    assert!(again.is_empty(&known), "{again:?}");
}

#[test]
fn an_incident_that_is_missing_is_over_where_all_open_ones_are_listed() {
    let mut known = Known::default();
    read(&mut known, &reading(Indicator::Major, vec![incident("k1", Indicator::Major)]), 0);
    let changes = read(&mut known, &reading(Indicator::None, vec![]), 5);
    assert_eq!(changes.items.len(), 1);
    assert_eq!(changes.open_incidents(), 0);
    let (over, sequence) = stored(&known, "k1");
    assert_eq!((over.status, over.ended_at, sequence), (IncidentStatus::Resolved, Some(at(5)), 2));
    assert_eq!(changes.transitions, [indicator(Some(Indicator::Major), Some(Indicator::None))]);
}

#[test]
fn an_empty_reading_that_does_not_list_all_ends_nothing() {
    let mut known = Known::default();
    let mut document = reading(Indicator::Major, vec![incident("k1", Indicator::Major)]);
    document.maintenances = vec![maintenance("m1", MaintenanceStatus::InProgress)];
    read(&mut known, &document, 0);
    let changes = read(&mut known, &Reading::new("feed"), 5);
    assert!(changes.items.is_empty());
    assert_eq!((changes.open.len(), changes.open_incidents()), (2, 1));
    assert_eq!(changes.indicator, Some(Indicator::Major), "the incident is still open");
}

#[test]
fn incidents_and_maintenances_are_listed_apart() {
    let mut known = Known::default();
    let mut document = reading(Indicator::Minor, vec![incident("k1", Indicator::Minor)]);
    document.maintenances = vec![maintenance("k1", MaintenanceStatus::InProgress)];
    read(&mut known, &document, 0);
    let only_incidents = Reading { lists_all_planned: false, ..reading(Indicator::None, vec![]) };
    let changes = read(&mut known, &only_incidents, 5);
    assert_eq!(changes.open.into_iter().collect::<Vec<_>>(), [ItemKey::Maintenance("k1".to_owned())]);
}

#[test]
fn a_maintenance_that_is_missing_is_over_at_its_planned_end_or_now() {
    for (minute, end) in [(300, at(120)), (90, at(90)), (30, at(60))] {
        let mut known = Known::default();
        let mut document = reading(Indicator::None, vec![]);
        document.maintenances = vec![maintenance("m1", MaintenanceStatus::Scheduled)];
        read(&mut known, &document, 0);
        let changes = read(&mut known, &reading(Indicator::None, vec![]), minute);
        let (Item::Maintenance(over), 2) = &changes.items[0] else { panic!("{:?}", changes.items) };
        assert_eq!((over.status, over.ends_at), (MaintenanceStatus::Completed, Some(end)), "minute {minute}");
        assert!(changes.open.is_empty());
    }
}

#[test]
fn an_incident_that_opens_again_is_open() {
    let mut known = Known::default();
    let open = reading(Indicator::Major, vec![incident("k1", Indicator::Major)]);
    read(&mut known, &open, 0);
    read(&mut known, &reading(Indicator::None, vec![]), 5);
    let changes = read(&mut known, &open, 10);
    assert_eq!((changes.open_incidents(), stored(&known, "k1").1), (1, 3));
    assert!(stored(&known, "k1").0.is_open());
    // Also where the vendor ended it himself.
    read(&mut known, &reading(Indicator::None, vec![resolved("k1", 20)]), 20);
    assert_eq!(read(&mut known, &open, 25).open_incidents(), 1);
}

#[test]
fn the_effective_indicator_is_the_worst_of_the_page_and_of_each_open_incident() {
    use Indicator::{Critical, Maintenance, Major, Minor, None as Calm};
    for (page, impacts, expected) in [
        (Some(Calm), vec![], Some(Calm)),
        (Some(Calm), vec![Minor, Critical, Major], Some(Critical)),
        (Some(Critical), vec![Minor], Some(Critical)),
        (Some(Maintenance), vec![], Some(Maintenance)),
        (Some(Maintenance), vec![Calm], Some(Maintenance)),
        (Some(Calm), vec![Calm], Some(Calm)),
        (None, vec![], None),
        (None, vec![Minor], Some(Minor)),
    ] {
        let incidents = impacts.iter().enumerate().map(|(n, impact)| incident(&format!("k{n}"), *impact)).collect();
        let document = Reading { indicator: page, ..reading(Calm, incidents) };
        assert_eq!(diff(&Known::default(), &document, at(0)).indicator, expected, "{page:?} {impacts:?}");
    }
}

#[test]
fn an_incident_that_is_over_counts_no_more() {
    let document = reading(Indicator::None, vec![Incident { impact: Indicator::Critical, ..resolved("k1", 10) }]);
    assert_eq!(diff(&Known::default(), &document, at(20)).indicator, Some(Indicator::None));
}

#[test]
fn an_indicator_that_is_not_told_stays_unknown() {
    let mut known = Known::default();
    let changes = read(&mut known, &Reading::new("feed"), 0);
    assert_eq!((changes.indicator, changes.transitions.len()), (None, 0));
    assert!(changes.is_empty(&Known::default()));
    read(&mut known, &reading(Indicator::Minor, vec![]), 5);
    let changes = read(&mut known, &Reading::new("feed"), 10);
    assert_eq!(changes.transitions, [indicator(Some(Indicator::Minor), None)], "not knowing is not being well");
}

#[test]
fn open_incidents_nobody_touched_for_fifteen_days_are_demoted_to_minor_and_stay_open() {
    let document = reading(Indicator::None, vec![incident("k1", Indicator::Critical)]);
    for (now, expected) in [
        (day(14), Indicator::Critical),
        (day(15), Indicator::Critical),
        (day(15) + chrono::TimeDelta::seconds(1), Indicator::Minor),
        (day(400), Indicator::Minor),
    ] {
        let changes = diff(&Known::default(), &document, now);
        assert_eq!((changes.indicator, changes.open_incidents()), (Some(expected), 1), "{now}");
    }
    // An update wakes it, an impact below minor is not raised.
    let mut touched = incident("k1", Indicator::Critical);
    touched.updates.push(crate::support::update(24 * 60 * 10, "Identified"));
    assert_eq!(touched.impact_at(day(20)), Indicator::Critical);
    assert_eq!(touched.impact_at(day(26)), Indicator::Minor);
    assert_eq!(incident("k2", Indicator::None).impact_at(day(30)), Indicator::None);
    assert_eq!(resolved("k3", 10).impact_at(day(30)), Indicator::Major, "what is over is not touched");
}

#[test]
fn bug_11_an_incident_without_updates_is_as_old_as_its_start() {
    let silent = Incident { updates: Vec::new(), ..incident("k1", Indicator::Major) };
    assert_eq!(silent.impact_at(day(1)), Indicator::Major);
    assert_eq!(silent.impact_at(day(16)), Indicator::Minor);
}

#[test]
fn components_are_added_changed_and_removed() {
    use ComponentStatus::{MajorOutage, Operational};
    let with = |components: &[(&str, ComponentStatus)]| Reading {
        components: Some(components.iter().map(|(id, status)| component(id, *status)).collect()),
        ..reading(Indicator::None, vec![])
    };
    let step = |id: &str, from, to| Transition::Component { id: id.to_owned(), name: id.to_uppercase(), from, to };
    let mut known = Known::default();
    let first = read(&mut known, &with(&[("api", Operational), ("web", Operational)]), 0);
    assert_eq!(first.transitions[1..], [step("api", None, Some(Operational)), step("web", None, Some(Operational))]);
    let changes = read(&mut known, &with(&[("api", MajorOutage), ("mail", Operational)]), 5);
    let expected = [
        step("api", Some(Operational), Some(MajorOutage)),
        step("mail", None, Some(Operational)),
        step("web", Some(Operational), None),
    ];
    assert_eq!(changes.transitions, expected);

    // Another order or another name is stored and is no step; a document without components removes none.
    let changes = read(&mut known, &with(&[("mail", Operational), ("api", MajorOutage)]), 10);
    assert_eq!((changes.transitions.len(), changes.components.map(|c| c.len())), (0, Some(2)));
    let changes = read(&mut known, &reading(Indicator::None, vec![]), 15);
    assert_eq!(changes.components, None);
    assert_eq!(known.components.as_ref().map(Vec::len), Some(2));
}

#[test]
fn bug_08_an_id_that_is_there_twice_is_one_item() {
    let twice = vec![incident("k1", Indicator::Minor), incident("k1", Indicator::Major)];
    let mut known = Known::default();
    assert_eq!(read(&mut known, &reading(Indicator::None, twice.clone()), 0).items.len(), 1);
    assert!(diff(&known, &reading(Indicator::None, twice), at(5)).is_empty(&known));
}

#[test]
fn what_a_scrape_ended_before_it_was_cut_off_is_not_ended_again() {
    let mut known = Known::default();
    read(&mut known, &reading(Indicator::Major, vec![incident("k1", Indicator::Major)]), 0);
    let calm = reading(Indicator::None, vec![]);
    let cut_off = diff(&known, &calm, at(5));
    // The item is written; the keys of what is open and the indicator are not.
    known.items = crate::support::apply(&known, &cut_off).items;
    let made_up = read(&mut known, &calm, 10);
    assert!(made_up.items.is_empty());
    assert!(made_up.open.is_empty());
    assert_eq!(made_up.transitions, cut_off.transitions);
    assert_eq!(stored(&known, "k1").0.ended_at, Some(at(5)));
}

#[test]
fn an_open_key_of_which_nothing_is_stored_does_not_stay_open_for_ever() {
    let open = [ItemKey::Incident("lost".to_owned())].into();
    let known = Known { indicator: Some(Indicator::None), open, ..Known::default() };
    assert_eq!(diff(&known, &Reading::new("feed"), at(0)).open_incidents(), 1, "nothing says that it is over");
    let changes = diff(&known, &reading(Indicator::None, vec![]), at(0));
    assert_eq!((changes.open_incidents(), changes.items.len()), (0, 0));
}

#[test]
fn a_page_is_busy_while_somebody_cares_for_an_open_incident_or_works() {
    use MaintenanceStatus::{Completed, InProgress, Scheduled};
    let busy = |incidents: Vec<Incident>, works: &[MaintenanceStatus], now| {
        let maintenances = works.iter().map(|status| maintenance("m1", *status)).collect();
        diff(&Known::default(), &Reading { maintenances, ..reading(Indicator::None, incidents) }, now).busy
    };
    assert!(!busy(vec![], &[], at(0)));
    assert!(!busy(vec![resolved("k1", 30)], &[Scheduled], at(40)));
    assert!(busy(vec![incident("k1", Indicator::None)], &[], at(0)));
    assert!(busy(vec![], &[InProgress], at(70)));
    assert!(!busy(vec![], &[Completed], at(130)));
    assert!(!busy(vec![incident("k1", Indicator::Major)], &[], day(16)), "nobody touched it for long");
}

#[test]
fn what_the_clock_alone_will_change_is_known_beforehand() {
    let turn = |known: &Known, document: &Reading, now| diff(known, document, now).turns_at;
    let mut document = reading(Indicator::None, vec![]);
    assert_eq!(turn(&Known::default(), &document, at(0)), None);
    document.maintenances = vec![maintenance("m1", MaintenanceStatus::Scheduled)];
    assert_eq!(turn(&Known::default(), &document, at(0)), Some(at(60)));
    document.maintenances = vec![maintenance("m1", MaintenanceStatus::InProgress)];
    assert_eq!(turn(&Known::default(), &document, at(60)), Some(at(120)));
    assert_eq!(turn(&Known::default(), &document, at(120)), None);
    document.incidents = vec![incident("k1", Indicator::Major)];
    assert_eq!(turn(&Known::default(), &document, at(120)), Some(day(15)));
    // An incident that is stored as open and that the document does not list grows old too.
    let mut known = Known::default();
    read(&mut known, &document, 0);
    assert_eq!(turn(&known, &Reading::new("feed"), at(130)), Some(day(15)));
}

#[test]
fn two_components_of_one_name_are_two() {
    use ComponentStatus::{MajorOutage, Operational};
    let twins = vec![component("api", Operational), component("api", MajorOutage)];
    let document = Reading { components: Some(twins), ..reading(Indicator::None, vec![]) };
    let mut known = Known::default();
    let first = read(&mut known, &document, 0);
    let ids: Vec<_> = first.components.unwrap().into_iter().map(|component| component.id).collect();
    assert_eq!(ids, ["api", "api#2"]);
    assert!(diff(&known, &document, at(5)).is_empty(&known), "the same again changes nothing");
}

#[test]
fn a_message_from_the_future_keeps_nothing_young() {
    let mut dated = incident("k1", Indicator::Critical);
    dated.updates.push(crate::support::update(24 * 60 * 40_000, "Identified"));
    assert_eq!(dated.impact_at(day(1)), Indicator::Critical);
    assert_eq!(dated.impact_at(day(16)), Indicator::Minor);
}
