//! Components: each by its own steps and the works that name it, those that were dropped too.

use statusphere_domain::{ComponentStatus, ComponentUptime, MaintenanceStatus, Past, Step, Tally, Transition, Uptime};

use super::{Minutes, calm, in_ten_hours, of, part, readable, tally, work};
use crate::support::component;

#[test]
fn components_are_counted_by_their_own_steps_and_works() {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance, Unknown};
    let steps = [
        // Degraded at 100, worse at 110, worst at 130, well at 160.
        part(100, "api", Some(Operational), Some(DegradedPerformance)),
        part(110, "api", Some(DegradedPerformance), Some(PartialOutage)),
        part(130, "api", Some(PartialOutage), Some(MajorOutage)),
        part(160, "api", Some(MajorOutage), Some(Operational)),
        // Added at 60, down from 150.
        part(60, "web", None, Some(Operational)),
        part(150, "web", Some(Operational), Some(MajorOutage)),
        // There at first, dropped at 200, added again at 400, and dropped at 500.
        part(200, "old", Some(Operational), None),
        part(400, "old", None, Some(UnderMaintenance)),
        part(420, "old", Some(UnderMaintenance), Some(Unknown)),
        part(500, "old", Some(Unknown), None),
        // Dropped before, which was sure only later.
        part(-1, "gone", Some(Operational), None),
        // Nobody can read the page from 140 to 170.
        readable(140, false),
        readable(170, true),
    ];
    let mut parts = [component("web", MajorOutage), component("still", Operational), component("api", Operational)];
    parts[1].group = Some("Depots".to_owned());
    // Of `api`: from 90 to 120 and from 300 to 330. Of the whole page: from 340 to 350.
    let done = |from, to| work(MaintenanceStatus::Completed, from, Some(to));
    let planned = [of("API", done(90, 120)), of("API", done(300, 330)), done(340, 350)];
    let Uptime { page, components } = in_ten_hours(&Past { steps: &steps, planned: &planned, ..calm(&parts) });

    // In the vendor's order, then those that were dropped.
    let table: [(&str, bool, Minutes); 4] = [
        // Not there until 60, calm until 140, not read until 170, down until 600.
        ("web", true, [80, 0, 0, 0, 430, 0, 90, 0]),
        ("still", true, [570, 0, 0, 0, 0, 0, 30, 0]),
        // Calm 0-90, work 90-100, degraded 100-110, partly down 110-130 (work until 120), down 130-140, not read 140-170,
        // calm 170-300, work 300-330, calm 330-600.
        ("api", true, [490, 40, 10, 20, 10, 0, 30, 10]),
        // Calm 0-140 and 170-200, not there 200-400, maintenance until 420, unknown until 500, not there until 600.
        ("old", false, [170, 20, 0, 0, 0, 80, 330, 0]),
    ];
    for (component, (id, listed, expected)) in components.iter().zip(table) {
        assert_eq!((component.id.as_str(), component.listed), (id, listed));
        assert_eq!(component.name, id.to_uppercase());
        assert_eq!(component.fared.whole, tally(expected), "{id}");
        assert_eq!(component.fared.whole.span(), 36_000, "{id}");
    }
    assert_eq!(components.len(), 4, "one that was not there in the window is not told of: {components:?}");
    assert_eq!(components[1].group.as_deref(), Some("Depots"));
    assert_eq!(page.whole, tally([560, 10, 0, 0, 0, 0, 30, 0]));
}

#[test]
fn works_name_a_component_by_its_name_id_or_group_in_any_case() {
    use ComponentStatus::Operational;
    let mut parts = [component("api", Operational), component("web", Operational)];
    parts[0].name = " Public API".to_owned();
    parts[1].group = Some("Europe".to_owned());
    let done = |from, to| work(MaintenanceStatus::Completed, from, Some(to));
    for (word, expected) in [
        ("public api ", [60, 0]),
        ("API", [60, 0]),
        ("EUROPE", [0, 60]),
        ("Web", [0, 60]),
        ("Public", [0, 0]),
        ("", [0, 0]),
    ] {
        let planned = [of(word, done(60, 120))];
        let components = in_ten_hours(&Past { planned: &planned, ..calm(&parts) }).components;
        let told: Vec<i64> = components.iter().map(|one| one.fared.whole.maintenance / 60).collect();
        assert_eq!(told, expected, "{word}");
    }
}

#[test]
fn a_component_that_was_seen_once_as_something_else_is_what_it_was() {
    use ComponentStatus::{MajorOutage, Operational};
    let pending = [
        part(590, "api", Some(Operational), Some(MajorOutage)),
        part(590, "new", None, Some(Operational)),
        part(590, "old", Some(Operational), None),
    ];
    let parts = [component("api", MajorOutage), component("new", Operational)];
    let components = in_ten_hours(&Past { pending: &pending, ..calm(&parts) }).components;
    let told: Vec<(&str, bool, Tally)> = components.iter().map(|c| (c.id.as_str(), c.listed, c.fared.whole)).collect();
    let (all, none) = (tally([600, 0, 0, 0, 0, 0, 0, 0]), tally([0, 0, 0, 0, 0, 0, 600, 0]));
    assert_eq!(told, [("api", true, all), ("new", true, none), ("old", false, all)]);
}

#[test]
fn a_renamed_component_is_known_by_its_last_name_and_its_works_by_that() {
    use ComponentStatus::{MajorOutage, Operational};
    let named = |step: Step, new: &str| match step.transition {
        Transition::Component { id, from, to, .. } => {
            Step { transition: Transition::Component { id, name: new.to_owned(), from, to }, ..step }
        }
        _ => step,
    };
    let steps = [
        named(part(200, "x", Some(MajorOutage), None), "API"),
        named(part(100, "x", Some(Operational), Some(MajorOutage)), "Old API"),
    ];
    let planned = [of("API", work(MaintenanceStatus::Completed, 50, Some(150)))];
    let past = Past { steps: &steps, planned: &planned, ..calm(&[]) };
    let ComponentUptime { name, listed, fared, .. } = in_ten_hours(&past).components.remove(0);
    assert_eq!((name.as_str(), listed), ("API", false));
    assert_eq!(fared.whole, tally([50, 50, 0, 0, 100, 0, 400, 50]));
}
