//! What a warm page costs: processor time, and bytes on the way, of a busy vendor's pages as a phone asks for them.
//!
//! The table is an embedded engine on a thread of its own; counted is the thread that answers, reading the table included.
//! Fails when a page takes more than the bound.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::panic, reason = "a benchmark")]

#[path = "../../tests/web/support.rs"]
#[expect(dead_code, unused_imports, reason = "shared with the tests")]
mod support;

use std::time::Duration;
use std::{fs, thread};

use chrono::TimeDelta;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, MaintenanceStatus, PageState, Step, Transition};
use statusphere_store::Current;

use crate::support::{Front, component, id, incident, maintenance, now, read, update};

const ROUNDS: u32 = 100;
/// Of a page, on average.
const MOST: Duration = Duration::from_millis(5);
const MESSAGE: &str = "We have found that **parcels** of the second sorting hall wait longer than they should, and are \
    moving them by hand. See [our page](https://status.acme.example/help) for what you can do meanwhile.\n\nThe next \
    message comes within the hour.";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let front = Front::open().await;
    furnish(&front).await;
    println!("{:48} {:>8} {:>8} {:>8}", "page, each asked 100 times when warm", "ms CPU", "bytes", "packed");
    let mut slow = Vec::new();
    for address in [
        "/",
        "/pages",
        "/status/acme",
        "/status/acme/history",
        "/status/acme/incident?id=open-1",
        "/stack?pages=acme,zeppelin,orchard-100,orchard-101,orchard-102",
        "/stack?pages=acme,zeppelin&components=acme:part%201",
    ] {
        let headers = [("accept-encoding", "gzip, deflate, br, zstd")];
        let plain = front.get(address).await.bytes;
        let packed = front.ask("GET", address, &headers).await.bytes;
        let before = on_cpu();
        for _ in 0..ROUNDS {
            front.ask("GET", address, &headers).await;
        }
        let each = on_cpu().saturating_sub(before) / ROUNDS;
        println!("{address:48} {:8.2} {plain:8} {packed:8}", each.as_secs_f64() * 1e3);
        if each > MOST {
            slow.push(address);
        }
    }
    assert!(slow.is_empty(), "more than {MOST:?}: {slow:?}");
}

/// A vendor of sixty components with three open incidents, planned work, two hundred past incidents and 90 days of steps.
async fn furnish(front: &Front) {
    let mut open = Vec::new();
    for n in 0..3 {
        let Item::Incident(mut item) = incident(&format!("open-{n}"), Indicator::Major, "2026-02-28T10:00:00Z", None)
        else {
            unreachable!()
        };
        item.updates = (10..18).map(|m| update("Identified", MESSAGE, &format!("2026-02-28T{m}:00:00Z"))).collect();
        open.push(Item::Incident(item));
    }
    for n in 0..4 {
        let status = if n == 0 { MaintenanceStatus::InProgress } else { MaintenanceStatus::Scheduled };
        open.push(maintenance(&format!("m{n}"), status, "2026-03-01T11:00:00Z", "2026-03-01T14:00:00Z"));
    }
    for n in 0..200 {
        let start = now() - TimeDelta::hours(10 * (n + 10));
        let (start, end) = (start.to_rfc3339(), (start + TimeDelta::hours(1)).to_rfc3339());
        front.put_item("acme", &incident(&format!("k{n}"), Indicator::Minor, &start, Some(&end))).await;
    }
    for item in &open {
        front.put_item("acme", item).await;
    }
    let parts: Vec<Component> = (0..60)
        .map(|n| component(&format!("Part {n}"), Some(&format!("Hall {}", n / 10)), ComponentStatus::Operational))
        .collect();
    let id = id("acme");
    for day in (0..90).rev() {
        let at = now() - TimeDelta::days(day) - TimeDelta::hours(3);
        let known = front.store.current(&id).await.unwrap();
        let name = format!("part {}", day % 60);
        let step = |from, to, minutes| Step {
            transition: Transition::Component { id: name.clone(), name: name.clone(), from: Some(from), to: Some(to) },
            since: at + TimeDelta::minutes(minutes),
        };
        let (well, down) = (ComponentStatus::Operational, ComponentStatus::PartialOutage);
        let page = |from, to, minutes| Step {
            transition: Transition::Indicator { from: Some(from), to: Some(to) },
            since: at + TimeDelta::minutes(minutes),
        };
        let (none, minor) = (Indicator::None, Indicator::Minor);
        let steps = [step(well, down, 0), step(down, well, 40), page(none, minor, 0), page(minor, none, 40)];
        let current = Current {
            components: Some(parts.clone()),
            indicator: Some(none),
            open: open.iter().map(Item::key).collect(),
            ..known
        };
        front.store.put_current(&id, &current, &steps, at, day == 89).await.unwrap();
    }
    front.put_state("acme", &PageState { open_incidents: 3, ..read(Indicator::Major) }).await;
    front.put_state("zeppelin", &read(Indicator::None)).await;
}

/// The processor time of this thread. It is brought up to date when the thread gives way.
fn on_cpu() -> Duration {
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}
