//! Cursors: whole lists, piece by piece, and only with cursors that were given out.

use std::collections::HashSet;
use std::fmt::Write as _;

use chrono::TimeDelta;
use serde_json::Value;
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Indicator, Item};

use crate::support::{ACME, Front, at, incident, read};

fn numbered(n: i64) -> Item {
    let start = (at("2020-01-01T00:00:00Z") + TimeDelta::minutes(n)).to_rfc3339();
    let impact = if n % 3 == 0 { Indicator::Major } else { Indicator::Minor };
    incident(&format!("k{n}"), impact, &start, Some("2026-02-20T11:00:00Z"))
}

/// How many incidents are walked; `.ci/full` wants ten thousand.
#[expect(clippy::disallowed_methods, reason = "a test reads its own setting")]
fn many() -> i64 {
    std::env::var("STATUSPHERE_WALK").map_or(2_000, |many| many.parse().expect("a number"))
}

#[tokio::test]
async fn incidents_are_walked_without_a_gap_or_a_repeat_while_new_ones_arrive() {
    let many = many();
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for n in 0..many {
        front.put_item("acme", &numbered(n)).await;
    }
    let nothing = front.get(&format!("incidents?{ACME}&impact=critical")).await.ok();
    assert_eq!(nothing["incidents"], serde_json::json!([]));
    assert!(nothing["cursor"].is_string(), "a filter that nothing matches looks through a part of them only");
    let mut before = 0;
    let all: fn(i64) -> i64 = |there| there;
    let thirds: fn(i64) -> i64 = |there| (there + 2) / 3;
    let none: fn(i64) -> i64 = |_| 0;
    for (filter, expected) in [("&limit=140", all), ("&impact=major&limit=50", thirds), ("&impact=critical", none)] {
        let (mut seen, mut cursor, mut new) = (HashSet::new(), String::new(), many + before);
        loop {
            let answer = front.get(&format!("incidents?{ACME}{filter}{cursor}")).await.ok();
            for incident in answer["incidents"].as_array().unwrap() {
                let number: i64 = incident["id"].as_str().unwrap()[1..].parse().unwrap();
                assert!(seen.insert(number), "{number} comes twice");
            }
            let Some(next) = answer["cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            // Later than all that were there: no part of what is walked.
            front.put_item("acme", &numbered(new)).await;
            new += 1;
        }
        // What arrived during the first walk is there for the second.
        assert_eq!(i64::try_from(seen.len()).unwrap(), expected(many + before), "{filter}");
        assert!(
            seen.iter().all(|number| *number < many + before),
            "{filter}: newer ones stand before the first answer"
        );
        before = new - many;
    }
    assert!(before > 15, "{before} arrived");
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_alone_and_only_as_it_was_given_out() {
    let front = Front::open().await;
    for slug in ["acme", "zeppelin"] {
        front.put_state(slug, &read(Indicator::None)).await;
        for n in 0..5 {
            front.put_item(slug, &numbered(n)).await;
        }
    }
    let first = front.get(&format!("incidents?{ACME}&impact=minor&limit=1")).await.ok();
    let cursor = first["cursor"].as_str().unwrap();
    assert_eq!(front.get(&format!("incidents?{ACME}&impact=minor&limit=2&cursor={cursor}")).await.status, 200);
    for other in [
        format!("incidents?{ACME}&cursor={cursor}"),
        format!("incidents?{ACME}&impact=major&cursor={cursor}"),
        format!("incidents?{ACME}&impact=minor&from=2020-01-01&cursor={cursor}"),
        format!("incidents?page=zeppelin&impact=minor&cursor={cursor}"),
        format!("statusPages?cursor={cursor}"),
        format!("dump?cursor={cursor}"),
    ] {
        assert_eq!(front.get(&other).await.error(400), "cursor is not valid", "{other}");
    }
    for at in 0..cursor.len() {
        let mut changed = cursor.to_owned().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        for changed in [&changed, &cursor[..at]] {
            if changed.is_empty() {
                continue;
            }
            let reply = front.get(&format!("incidents?{ACME}&impact=minor&cursor={changed}")).await;
            assert_eq!(reply.error(400), "cursor is not valid", "{changed}");
        }
    }
}

#[tokio::test]
async fn a_directory_that_is_too_long_for_one_answer_is_walked() {
    const MANY: usize = 20_000;
    let mut csv = String::from("slug,name,url\n");
    for n in 0..MANY {
        writeln!(csv, "page-{n},{} {n},https://page{n}.example", "A rather long name".repeat(5)).unwrap();
    }
    let front = Front::with(Catalogue::parse(&csv).unwrap(), None).await;
    for (path, list) in [("statusPages", "statusPages"), ("dump", "pages")] {
        let (mut seen, mut cursor, mut answers) = (Vec::new(), String::new(), 0);
        loop {
            let answer = front.get(&format!("{path}{cursor}")).await.ok();
            let rows = answer[list].as_array().unwrap();
            seen.extend(rows.iter().map(|row: &Value| row["page"].as_str().unwrap().to_owned()));
            answers += 1;
            let Some(next) = answer["cursor"].as_str() else { break };
            cursor = format!("?cursor={next}");
        }
        assert!(answers > 1, "{path}");
        assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (MANY, MANY), "{path}");
    }
}
