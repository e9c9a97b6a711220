//! Microsoft's public page on Microsoft 365. Unconfirmed: no recording of it was at hand. Evidence: one post and the
//! page's own list of words, as quoted in public design notes; client code for the consumer services and for posts alone.
//!
//! # Recognises
//! The hosts `status.cloud.microsoft`, `status.office365.com` and `status.office.com`, and `portal.office.com` at
//! `/servicestatus`.
//!
//! # Requests
//! Three, all of `status.cloud.microsoft`: the consumer services, and the posts of the two admin centers. One of them is
//! needed; another that is refused is left out. Without the consumer services nothing is calm.
//!
//! # Reads
//! Every consumer service and admin center as a component, and the post of one that is in trouble as an incident.
//!
//! # Maps
//! "Available", "Operational" and "Service restored" are operational; "Service degradation" is degraded performance and
//! an open incident of minor impact from the time that its post was written. Any other word is unknown. The indicator is
//! the worst of them.
//!
//! # Does not know
//! The services of business customers, which Microsoft tells of in each tenant only; stages and earlier updates of an
//! incident; Azure, which has its own page; the past, and planned maintenance.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Reading, Update};
use url::Url;

use crate::{Provider, Seen, Step, Target, field, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "microsoft365", step, backfill: None };

const HOSTS: [&str; 3] = ["status.cloud.microsoft", "status.office365.com", "status.office.com"];
const PAGE: &str = "https://status.cloud.microsoft/";
const SERVICES: &str = "https://status.cloud.microsoft/api/posts/m365Consumer";
/// Posts that do not name what they are about.
const CENTERS: [(&str, &str, &str); 2] = [
    ("https://status.cloud.microsoft/api/posts/mac", "mac", "Microsoft 365 admin center"),
    ("https://status.cloud.microsoft/api/posts/ppac", "ppac", "Power Platform admin center"),
];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&HOSTS) && !is_old_portal(target) {
        return Step::NotMine("is not the page of Microsoft 365".to_owned());
    }
    let addresses = [SERVICES].into_iter().chain(CENTERS.map(|(address, _, _)| address));
    let unseen: Vec<_> = addresses.clone().filter(|address| seen.get(address).is_none()).map(str::to_owned).collect();
    if !unseen.is_empty() {
        return Step::Want(unseen);
    }
    let errors = || addresses.clone().filter_map(|address| seen.get(address)?.err());
    if let Some(error) = errors().find(|error| !error.kind.host_is_up()) {
        return Step::NotMine(error.detail.clone());
    }
    if errors().count() == addresses.clone().count() {
        return Step::NotMine(errors().map(|error| error.detail.as_str()).collect::<Vec<_>>().join("; "));
    }
    match posts(seen) {
        Ok(posts) => {
            let mut reading = read(target, &posts);
            // An admin center that is available says nothing of the services.
            let services_are_told = seen.get(SERVICES).is_some_and(|answer| answer.is_ok());
            reading.lists_all_open &= services_are_told;
            reading.indicator = reading.indicator.filter(|worst| *worst > Indicator::None || services_are_told);
            Step::Reading(Box::new(reading))
        }
        Err(why) => Step::Malformed(why),
    }
}

fn is_old_portal(target: &Target<'_>) -> bool {
    let url = Url::parse(target.url).ok();
    let path = url.as_ref().map(Url::path).unwrap_or_default();
    target.is_on(&["portal.office.com"]) && path.trim_end_matches('/').eq_ignore_ascii_case("/servicestatus")
}

/// What one post is about, and what it says.
struct Post {
    id: String,
    name: String,
    data: Value,
}

/// All posts; `None` in place of each that does not say what it is about.
fn posts(seen: &Seen) -> Result<Vec<Option<Post>>, String> {
    let mut posts = Vec::new();
    for (address, id, name) in CENTERS {
        if let Some(Ok(answer)) = seen.get(address) {
            let data: Value = html::json(answer).map_err(|why| format!("{id} {why}"))?;
            if field::text(&data["Status"]).is_empty() {
                return Err(format!("{id} states no status"));
            }
            posts.push(Some(Post { id: id.to_owned(), name: name.to_owned(), data }));
        }
    }
    if let Some(Ok(answer)) = seen.get(SERVICES) {
        let services: Vec<Value> = html::json(answer).map_err(|why| format!("m365Consumer {why}"))?;
        let services: Vec<_> = services.into_iter().map(service).collect();
        if services.iter().all(Option::is_none) {
            return Err("m365Consumer lists no service that can be read".to_owned());
        }
        posts.extend(services);
    }
    Ok(posts)
}

fn service(data: Value) -> Option<Post> {
    let id = field::id(&data["ServiceWorkloadName"]).or_else(|| field::id(&data["ServiceDisplayName"]))?;
    let name = field::id(&data["ServiceDisplayName"]).unwrap_or_else(|| id.clone());
    Some(Post { id, name, data })
}

fn read(target: &Target<'_>, posts: &[Option<Post>]) -> Reading {
    let known: Vec<_> = posts.iter().flatten().collect();
    let mut reading = Reading::new(PROVIDER.name);
    reading.lists_all_open = known.len() == posts.len();
    let mut components = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for post in known {
        let status = component(field::text(&post.data["Status"]));
        components.push(Component { id: post.id.clone(), name: post.name.clone(), group: None, status });
        match (status, incident(post)) {
            (ComponentStatus::Operational, _) => {}
            (ComponentStatus::DegradedPerformance, Some(incident)) => {
                // One post may stand at several services.
                let place = *places.entry(incident.id.clone()).or_insert(reading.incidents.len());
                match reading.incidents.get_mut(place) {
                    Some(same) => same.components.extend(incident.components),
                    None => reading.incidents.push(incident),
                }
            }
            _ => reading.lists_all_open = false,
        }
    }
    reading.components = Some(components);
    let worst = words::indicator(&reading, target.as_of);
    reading.indicator = worst.filter(|worst| reading.lists_all_open || *worst > Indicator::None);
    reading
}

fn component(word: &str) -> ComponentStatus {
    match word.replace(' ', "").to_ascii_lowercase().as_str() {
        "available" | "operational" | "servicerestored" => ComponentStatus::Operational,
        "servicedegradation" => ComponentStatus::DegradedPerformance,
        _ => ComponentStatus::Unknown,
    }
}

/// The post as an incident. `None` without a time of writing; the other times are those of the answer.
fn incident(post: &Post) -> Option<Incident> {
    let at = field::at(&post.data["AuthoredDateTime"])?;
    let word = field::text(&post.data["Status"]);
    let title = field::text(&post.data["Title"]);
    let body = post.data["Message"].as_str().unwrap_or_default().to_owned();
    Some(Incident {
        id: field::id(&post.data["Id"]).unwrap_or_else(|| format!("{}@{}", post.id, at.timestamp())),
        title: if title.is_empty() { format!("{}: {word}", post.name) } else { title.to_owned() },
        link: PAGE.to_owned(),
        impact: Indicator::Minor,
        status: IncidentStatus::Unknown,
        started_at: at,
        ended_at: None,
        updates: vec![Update { at, title: word.to_owned(), body }],
        components: vec![post.name.clone()],
        detail: Detail::Full,
    })
}
