//! The history of a page: charts of its components, and its past incidents.

use statusphere_domain::{ComponentStatus, Indicator, MaintenanceStatus};

use crate::support::{Front, component, incident, maintenance, read};

#[tokio::test]
async fn past_incidents_come_newest_first_a_part_at_a_time() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for n in 10..70 {
        let start = format!("2026-01-{:02}T{:02}:00:00Z", n / 10, n % 24);
        let impact = if n % 2 == 0 { Indicator::Major } else { Indicator::Minor };
        front.put_item("acme", &incident(&format!("k{n}"), impact, &start, Some("2026-02-01T00:00:00Z"))).await;
    }
    let works = maintenance("m1", MaintenanceStatus::Completed, "2026-02-03T01:00:00Z", "2026-02-03T03:00:00Z");
    front.put_item("acme", &works).await;
    for (filter, all) in [("", 61), ("?impact=major", 30), ("?impact=maintenance", 1), ("?impact=critical", 0)] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("/status/acme/history{filter}")));
        while let Some(address) = next {
            let page = front.page(address.trim_end_matches("#incidents")).await;
            seen.extend(page.attributes("section[aria-labelledby=incidents] .rows a", "href"));
            next = page.attributes("a[rel=next]", "href").pop();
        }
        let met = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((met, seen.len()), (all, all), "{filter}");
    }
    for wrong in
        ["?impact=huge", "?after=nonsense", "?part=0", "?after=emVwcGVsaW4KMjAyNi0wMS0wMVQwMDowMDowMFojSU5DI2s"]
    {
        assert_eq!(front.get(&format!("/status/acme/history{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn every_component_has_a_chart_and_a_table() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let parts = (0..130).map(|n| component(&format!("Part {n}"), Some("Parts"), ComponentStatus::Operational));
    front.put_current("acme", parts.collect(), &[]).await;
    let (mut charts, mut next) = (Vec::new(), Some("/status/acme/history".to_owned()));
    while let Some(address) = next {
        let page = front.page(&address).await;
        let drawn = page.attributes(".days svg", "aria-label");
        assert_eq!(page.all(".days summary").len(), drawn.len());
        charts.extend(page.all(".days h3 > bdi"));
        next = page.attributes("a[rel=next]", "href").pop();
    }
    charts.retain(|name| name != "Acme as a whole");
    assert_eq!(charts, (0..130).map(|n| format!("Part {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_incident_has_its_whole_timeline() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let odd = "a/b?c=d&e#f g\u{e9}";
    front
        .put_item("acme", &incident(odd, Indicator::Minor, "2026-01-10T10:00:00Z", Some("2026-01-10T12:00:00Z")))
        .await;
    let history = front.page("/status/acme/history").await;
    let address = history.attributes("section[aria-labelledby=incidents] .rows a", "href").remove(0);
    let page = front.page(&address).await;
    assert_eq!(page.one("article h2"), format!("Trouble {odd}"));
    assert_eq!(page.all(".updates .vendor"), ["A conveyor belt is stuck.", "Parcels are late."]);
}
