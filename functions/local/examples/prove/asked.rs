//! What the API answers, compared with what is true.
//!
//! Deliberately absent: patience. Whoever compares asks again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use statusphere_domain::{Indicator, MaintenanceStatus};
use statusphere_internet::{Incident, Site, Truth};

use crate::aws::Aws;
use crate::world::World;

/// So many differences are enough for one look.
const ENOUGH: usize = 12;

/// What the API owes to anyone, whatever was read: `pages` are in the catalogue.
pub(crate) async fn manners(aws: &Aws, pages: usize) -> anyhow::Result<()> {
    let count = aws.get("/api/v1/statusPages/count").await?;
    ensure!(count["statusPageCount"] == pages, "the count is {count}");
    let document = aws.get("/api/v1/openapi.json").await?;
    ensure!(document["openapi"] == "3.1.0", "the OpenAPI document is {document}");
    let first = aws.get(&aws.first_question).await?;
    let unknown = first["status"] == "UNKNOWN" && first["isIndexed"] == false && first["freshness"] == "never";
    ensure!(unknown, "a page that nobody read yet is {first}");
    for (method, path, status) in [("GET", "/api/v1/nothing", 404), ("POST", "/api/v1/currentStatus", 405)] {
        let answer = aws.ask(method, path).await?;
        let right = answer.status == status && answer.body["error"].is_string();
        ensure!(right, "{method} {path} answers {}: {}", answer.status, answer.body);
    }
    let head = aws.ask("HEAD", "/api/v1/statusPages/count").await?;
    ensure!(head.status == 200 && head.text.is_empty(), "HEAD answers {}: {}", head.status, head.text);
    for (method, status) in [("OPTIONS", 204), ("GET", 200)] {
        let answer = aws.ask(method, "/api/v1/statusPages/count").await?;
        let open = answer.headers.get("access-control-allow-origin").is_some_and(|origin| origin == "*");
        ensure!(answer.status == status && open, "{method} answers {}, {:?}", answer.status, answer.headers);
    }
    Ok(())
}

/// Where the API is wrong. That it does not answer is wrong as well.
pub(crate) async fn differences(aws: &Aws, world: &World) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for site in &world.sites {
        if let Err(error) = page(aws, world, site, &mut wrong).await {
            wrong.push(format!("{}: {error:#}", site.slug));
        }
        if wrong.len() >= ENOUGH {
            return Ok(wrong);
        }
    }
    if let Err(error) = lists(aws, world, &mut wrong).await {
        wrong.push(format!("{error:#}"));
    }
    if let Err(error) = everywhere(aws, world, &mut wrong).await {
        wrong.push(format!("{error:#}"));
    }
    Ok(wrong)
}

/// Everything the API says of one page.
async fn page(aws: &Aws, world: &World, site: &Site, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let truth = site.at(world.now());
    let ask = async |endpoint: &str| aws.get(&format!("/api/v1/{endpoint}?statusPageUrl={}", site.url())).await;
    let mut compare = |what: &str, answered: Value, right: Value| {
        if answered != right {
            wrong.push(format!("{} ({:?}), {what}: answered {answered}, true is {right}", site.slug, site.platform));
        }
    };
    let state = ask("currentStatus").await?;
    let state = json!([state["status"], state["isIndexed"], state["indicator"], state["freshness"]]);
    compare("status", state, json!([status(truth.indicator), true, truth.indicator.as_str(), "fresh"]));

    let parts = of(&ask("components").await?["components"], |part| json!([part["name"], part["status"]]));
    let right = truth.components.iter().map(|part| json!([part.name, part.status.as_str()])).collect();
    compare("components", parts, right);

    let works = ask("maintenances").await?;
    let planned = works["maintenances"].as_array().into_iter().flatten().filter(|work| work["status"] != "completed");
    let planned = planned.map(|work| json!([work["id"], work["status"], work["title"], work["startTime"]]));
    compare("maintenances", sorted(planned), works_of(&truth));

    let answer = ask("incidents").await?;
    let all = answer["incidents"].as_array().into_iter().flatten().filter(|row| row["impact"] != "maintenance");
    let mut by_id: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut twice = Vec::new();
    for row in all {
        let id = row["id"].as_str().unwrap_or_default();
        twice.extend(by_id.insert(id, row).map(|_| id));
    }
    compare("incidents that come twice", json!(twice), json!([]));
    let open = by_id.values().filter(|row| row["endTime"].is_null()).map(|row| answered(row));
    compare("open incidents", sorted(open), sorted(truth.open().map(|incident| told(incident, &truth))));
    let still: BTreeSet<&String> = truth.open().map(|incident| &incident.id).collect();
    let over = world.known(site).into_iter().filter(|id| !still.contains(id));
    let missing: Vec<String> =
        over.filter(|id| by_id.get(id.as_str()).is_none_or(|row| row["endTime"].is_null())).collect();
    compare("incidents that are over, and not there as such", json!(missing), json!([]));
    Ok(())
}

/// All pages of the catalogue: those that can't be reached were tried, and are not healthy.
async fn lists(aws: &Aws, world: &World, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    let mut path = "/api/v1/statusPages".to_owned();
    loop {
        let answer = aws.get(&path).await?;
        rows.extend(answer["statusPages"].as_array().into_iter().flatten().cloned());
        let Some(cursor) = answer["cursor"].as_str() else { break };
        path = format!("/api/v1/statusPages?cursor={cursor}");
    }
    if rows.len() != world.catalogue.len() {
        wrong.push(format!("{} pages are listed, not {}", rows.len(), world.catalogue.len()));
    }
    let sites: BTreeMap<String, &Site> = world.sites.iter().map(|site| (site.url(), site)).collect();
    for row in &rows {
        let right = match sites.get(row["url"].as_str().unwrap_or_default().trim_end_matches('/')) {
            Some(site) => {
                let indicator = site.at(world.now()).indicator.as_str();
                row["isIndexed"] == true && row["freshness"] == "fresh" && row["indicator"] == indicator
            }
            None => row["isIndexed"] == false && row["indicator"].is_null() && row["lastAttempt"].is_string(),
        };
        if !right && wrong.len() < ENOUGH {
            wrong.push(format!("listed is {row}"));
        }
    }
    let strangers = rows.iter().filter_map(|row| row["url"].as_str()).filter(|url| !sites.contains_key(*url));
    for url in strangers.step_by(100) {
        let answer = aws.get(&format!("/api/v1/currentStatus?statusPageUrl={url}")).await?;
        if answer["status"] != "UNKNOWN" {
            wrong.push(format!("{url} can't be reached, and is {answer}"));
        }
    }
    Ok(())
}

/// What is broken on all pages together, and on some of them.
async fn everywhere(aws: &Aws, world: &World, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let broken: BTreeSet<&str> = world
        .sites
        .iter()
        .filter(|site| site.at(world.now()).indicator >= Indicator::Minor)
        .map(|site| site.slug.as_str())
        .collect();
    let answer = aws.get("/api/v1/outages").await?;
    let rows = answer["outages"].as_array().into_iter().flatten();
    let listed: BTreeSet<&str> = rows.filter_map(|row| row["page"].as_str()).collect();
    if listed != broken {
        wrong.push(format!("outages of {listed:?}, true is {broken:?}"));
    }
    for sites in world.sites.chunks(10) {
        let pages: Vec<&str> = sites.iter().map(|site| site.slug.as_str()).collect();
        let right = if pages.iter().any(|slug| broken.contains(slug)) { "DEGRADED" } else { "UP" };
        let asked = format!("/api/v1/stack?pages={}", pages.join(","));
        let answer = aws.get(&asked).await?;
        if answer["status"] != right || answer["unfiltered"]["status"] != right {
            wrong.push(format!("{asked}: {answer}, true is {right}"));
        }
        let answer = aws.get(&format!("{asked}&components={}:nothing", pages.first().unwrap_or(&""))).await?;
        if answer["status"] == "UP" || answer["unfiltered"]["status"] != right {
            wrong.push(format!("{asked} with a component that is not there: {answer}"));
        }
    }
    let page = world.sites.first().map(Site::url).unwrap_or_default();
    let answer = aws.get(&format!("/api/v1/uptime?statusPageUrl={page}&days=7")).await?;
    let seconds = answer["overall"]["seconds"].as_object().into_iter().flatten();
    let window: i64 =
        seconds.filter(|(name, _)| *name != "downDuringMaintenance").filter_map(|(_, n)| n.as_i64()).sum();
    if window != 7 * 24 * 60 * 60 {
        wrong.push(format!("the seconds of a week are {answer}"));
    }
    Ok(())
}

fn status(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None | Indicator::Maintenance => "UP",
        Indicator::Minor | Indicator::Major | Indicator::Critical => "DEGRADED",
    }
}

fn of(rows: &Value, row: impl Fn(&Value) -> Value) -> Value {
    rows.as_array().into_iter().flatten().map(row).collect()
}

fn sorted(rows: impl Iterator<Item = Value>) -> Value {
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(|row| row[0].to_string());
    json!(rows)
}

fn works_of(truth: &Truth) -> Value {
    let open = truth.maintenances.iter().filter(|work| work.status(truth.now) != MaintenanceStatus::Completed);
    sorted(open.map(|work| json!([work.id, work.status(truth.now).as_str(), work.title, time(work.starts_at)])))
}

/// An incident as the API answers it.
fn answered(row: &Value) -> Value {
    let updates = of(&row["events"], |event| json!([event["time"], event["description"]]));
    json!([row["id"], row["status"], row["impact"], row["title"], row["startTime"], row["components"], updates])
}

/// The same incident as the vendor tells it.
fn told(incident: &Incident, truth: &Truth) -> Value {
    let updates: Vec<_> = incident.updates.iter().map(|update| json!([time(update.at), update.body])).collect();
    let parts: Vec<_> = truth.names(&incident.components).map(|part| &part.name).collect();
    let (status, impact) = (incident.status().as_str(), incident.impact.as_str());
    json!([incident.id, status, impact, incident.title, time(incident.started_at), parts, updates])
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
