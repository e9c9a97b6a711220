//! Stories: the oracle itself, against what it says of itself.

use statusphere_domain::{ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};
use statusphere_internet::{Incident, Maintenance, Story, Update};

use crate::support::{FROM, SEED, TO, time};

fn told() -> Story {
    let mut story = Story::quiet(2);
    let update = |at, status| Update { at: time(FROM + at), status, body: String::new() };
    let ids = |at: usize| vec![story.components[at].0.clone()];
    let (first, second) = (ids(0), ids(1));
    story.incidents.push(Incident {
        id: "100".to_owned(),
        title: "Slow".to_owned(),
        impact: Indicator::Major,
        components: first,
        started_at: time(FROM + 60),
        updates: vec![update(60, IncidentStatus::Investigating), update(180, IncidentStatus::Resolved)],
    });
    story.maintenances.push(Maintenance {
        id: "200".to_owned(),
        title: "Work".to_owned(),
        announced_at: time(FROM),
        starts_at: time(FROM + 120),
        ends_at: time(FROM + 240),
        components: second,
    });
    story
}

#[test]
fn a_story_is_told_minute_by_minute() {
    use ComponentStatus::{Operational, PartialOutage, UnderMaintenance};
    let story = told();
    let statuses =
        |truth: &statusphere_internet::Truth| truth.components.iter().map(|part| part.status).collect::<Vec<_>>();
    for (second, indicator, parts, messages, open) in [
        (59, Indicator::None, [Operational, Operational], 0, 0),
        (60, Indicator::Major, [PartialOutage, Operational], 1, 1),
        (120, Indicator::Major, [PartialOutage, UnderMaintenance], 1, 1),
        (180, Indicator::Maintenance, [Operational, UnderMaintenance], 2, 0),
        (240, Indicator::None, [Operational, Operational], 2, 0),
    ] {
        let truth = story.at(time(FROM + second));
        let so_far = truth.incidents.iter().map(|incident| incident.updates.len()).sum::<usize>();
        assert_eq!(statuses(&truth), parts, "after {second} s");
        assert_eq!((truth.indicator, so_far, truth.open().count()), (indicator, messages, open), "after {second} s");
    }
    assert_eq!(story.maintenances[0].status(time(FROM + 120)), MaintenanceStatus::InProgress);
    assert_eq!(story.at(time(FROM - 1)).maintenances.len(), 0);
}

#[test]
fn between_two_changes_the_truth_is_the_same() {
    for seed in SEED..SEED + 40 {
        let story = Story::random(seed, time(FROM), time(TO));
        for minute in (0..2 * 24 * 60).step_by(7) {
            let now = time(FROM + minute * 60 + 59);
            let (mut truth, changed_at) = (story.at(now), story.changed_at(now));
            let parts = |truth: &statusphere_internet::Truth| {
                truth.maintenances.iter().map(|work| work.status(truth.now)).collect::<Vec<_>>()
            };
            let before = story.at(changed_at);
            assert_eq!(parts(&truth), parts(&before), "seed {seed} at {now}");
            truth.now = before.now;
            assert_eq!(truth, before, "seed {seed} at {now}");
        }
    }
}

#[test]
fn most_random_stories_have_trouble_and_an_end() {
    let stories: Vec<_> = (0..200).map(|number| Story::random(SEED + number, time(FROM), time(TO))).collect();
    let late = |story: &Story| story.at(time(TO + 24 * 3600)).open().count() > 0;
    let endless = stories.iter().filter(|story| late(story)).count();
    assert!((10..100).contains(&endless), "seed {SEED}: {endless} of 200 never end");
    let impacts = stories.iter().flat_map(|story| &story.incidents).map(|incident| incident.impact);
    let mut impacts: Vec<_> = impacts.collect();
    impacts.sort();
    impacts.dedup();
    assert_eq!(impacts, [Indicator::Minor, Indicator::Major, Indicator::Critical]);
}
