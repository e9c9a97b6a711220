//! How soon vendors say something of their incidents.

use statusphere_domain::{Acknowledgement, Detail, Incident, Indicator, acknowledgement};

use crate::support::{at, incident, update};

/// Began at minute 0; these are the minutes of its updates.
fn told(minutes: &[i64]) -> Incident {
    let updates = minutes.iter().map(|minute| update(*minute, "Investigating")).collect();
    Incident { updates, ..incident("k1", Indicator::Major) }
}

#[test]
fn the_first_word_counts() {
    for (minutes, median, longest) in [
        (vec![], None, None),
        (vec![7], Some(7 * 60), Some(7 * 60)),
        (vec![30, 2, 4], Some(4 * 60), Some(30 * 60)),
        (vec![1, 2, 4, 100], Some(3 * 60), Some(100 * 60)),
        (vec![-5, 0], Some(0), Some(0)),
    ] {
        let incidents: Vec<Incident> =
            minutes.iter().map(|minute| told(&[minute + 60, *minute, minute + 90])).collect();
        let expected = Acknowledgement { count: minutes.len(), median, longest, untold: 0 };
        assert_eq!(acknowledgement(&incidents), expected, "{minutes:?}");
    }
}

#[test]
fn a_middle_between_two_is_cut_to_the_second() {
    let later = |seconds| {
        let mut incident = told(&[0]);
        incident.started_at = at(0) - chrono::TimeDelta::seconds(seconds);
        incident
    };
    assert_eq!(acknowledgement(&[later(4), later(1)]).median, Some(2));
}

#[test]
fn incidents_without_a_timeline_are_counted_apart() {
    let row = Incident { detail: Detail::Row, ..told(&[9]) };
    let told = acknowledgement(&[told(&[]), row, told(&[1])]);
    assert_eq!((told.count, told.median, told.untold), (1, Some(60), 2));
}
