//! Saves what one live page answers as a recording: a `page.json` with the bodies beside it.
//!
//! Deliberately absent: judgement. `expect` is filled in with what was read, for a person to compare with the page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_domain::{FetchError, FetchErrorKind, Hint, Incident, Indicator, Reading, Response};
use statusphere_fetch::Fetcher;
use statusphere_providers::{Next, Outcome, PROVIDERS, Seen, Target, advance};
use url::Url;

/// A recording as it was written.
#[derive(Debug)]
pub struct Recording {
    /// The new folder.
    pub folder: PathBuf,
    /// What was read, in one line.
    pub summary: String,
}

/// Reads the page at `address` and writes `<into>/<provider>/<host>-<day>/`; a page that nobody can read goes under
/// `unread`. `now` decides the day. A folder that is there already is not touched, and where no document came at all,
/// nothing is written.
pub async fn record(
    fetcher: &Fetcher,
    address: &str,
    hint: Option<Hint>,
    into: &Path,
    now: DateTime<Utc>,
) -> anyhow::Result<Recording> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(host) = url.as_ref().and_then(Url::host_str) else {
        bail!("`{address}` is no web address: give the page's, as in https://status.example.com");
    };
    if let Some(hint) = hint.as_ref().filter(|hint| PROVIDERS.iter().all(|known| known.name != hint.provider)) {
        bail!("`{}` is no provider: docs/providers.md has their names", hint.provider);
    }
    let page = address.trim_end_matches('/');
    let (outcome, answers) = read(fetcher, page, hint.as_ref(), now).await;
    if let (Outcome::Failed(failure), true) = (&outcome, answers.values().all(Result::is_err)) {
        bail!("nothing to record at {page}: {}", failure.detail);
    }
    let (provider, summary) = match &outcome {
        Outcome::Read { reading, .. } => (reading.provider.as_str(), said(reading)),
        Outcome::Failed(failure) => ("unread", format!("not read: {}", failure.detail)),
    };
    let folder = into.join(provider).join(format!("{host}-{}", now.format("%Y-%m-%d")));
    fs::create_dir_all(folder.parent().unwrap_or(into))?;
    fs::create_dir(&folder).with_context(|| format!("{} can't be made", folder.display()))?;

    let mut routes = Vec::new();
    for (asked, answer) in &answers {
        routes.extend(route(&folder, routes.len(), asked, answer)?);
    }
    let document = json!({
        "url": page,
        "recorded": now.format("%Y-%m-%d").to_string(),
        "routes": routes,
        "hint": hint,
        "expect": expect(&outcome),
        "review": "`expect` is what was read. Compare it with the page itself, and remove this line.",
    });
    fs::write(folder.join("page.json"), format!("{document:#}\n"))?;
    Ok(Recording { folder, summary })
}

type Answers = BTreeMap<String, Result<Response, FetchError>>;

async fn read(fetcher: &Fetcher, page: &str, hint: Option<&Hint>, now: DateTime<Utc>) -> (Outcome, Answers) {
    let target = Target::new(page, fetcher.as_of(page, now));
    let (mut seen, mut answers) = (Seen::default(), Answers::new());
    loop {
        match advance(&target, hint, false, &seen) {
            Next::Done(outcome) => return (outcome, answers),
            Next::Fetch(urls) => {
                for url in urls {
                    let answer = fetcher.get(&url).await;
                    seen.insert(url.clone(), answer.clone());
                    answers.insert(url, answer);
                }
            }
        }
    }
}

/// The routes of one answer: none for what a recording says of any unlisted path, two after a redirect.
fn route(
    folder: &Path,
    before: usize,
    asked: &str,
    answer: &Result<Response, FetchError>,
) -> anyhow::Result<Vec<Value>> {
    let response = match answer {
        Ok(response) => response,
        Err(error) if error.kind == FetchErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Ok(vec![json!({"path": asked, "status": status(error), "headers": {}})]),
    };
    let mut routes = Vec::new();
    if response.url != asked && Url::parse(asked).is_ok_and(|asked| asked.as_str() != response.url) {
        routes.push(json!({"path": asked, "status": 302, "headers": {"location": response.url}}));
    }
    let body = format!("{before:02}-{}", file_name(&response.url));
    fs::write(folder.join(&body), &response.body)?;
    let mut headers = serde_json::Map::new();
    if let Some(content_type) = &response.content_type {
        headers.insert("content-type".to_owned(), content_type.as_str().into());
    }
    routes.push(json!({"path": response.url, "status": response.status, "headers": headers, "body": body}));
    Ok(routes)
}

/// A status that is treated as the failure was.
fn status(error: &FetchError) -> u16 {
    let said = error.detail.strip_prefix("HTTP ").and_then(|status| status.get(..3)?.parse().ok());
    said.unwrap_or(match error.kind {
        FetchErrorKind::NotFound => 404,
        FetchErrorKind::Gone => 410,
        FetchErrorKind::Denied | FetchErrorKind::Unusable => 403,
        FetchErrorKind::Throttled => 429,
        FetchErrorKind::TimedOut | FetchErrorKind::Unreachable => 503,
    })
}

/// The path of an address as a name for a file.
fn file_name(url: &str) -> String {
    let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let name: String = path.trim_matches('/').chars().map(plain).rev().take(60).collect();
    if name.is_empty() { "page".to_owned() } else { name.chars().rev().collect() }
}

fn open(reading: &Reading) -> usize {
    reading.incidents.iter().filter(|incident| incident.is_open()).count()
}

fn said(reading: &Reading) -> String {
    let components = reading.components.as_ref().map_or_else(|| "no".to_owned(), |list| list.len().to_string());
    let indicator = reading.indicator.map_or("unknown", Indicator::as_str);
    format!("{}: {indicator}, {} open incidents, {components} components", reading.provider, open(reading))
}

fn expect(outcome: &Outcome) -> Value {
    let Outcome::Read { reading, .. } = outcome else { return json!({"notStatus": "UP"}) };
    let troubled = reading.incidents.iter().any(Incident::is_open) || reading.indicator >= Some(Indicator::Minor);
    let mut expect = json!({
        "openIncidents": open(reading),
        "maintenances": reading.maintenances.len(),
    });
    match reading.indicator {
        None if !troubled => expect["notStatus"] = "UP".into(),
        _ => expect["status"] = if troubled { "DEGRADED" } else { "UP" }.into(),
    }
    if let Some(components) = &reading.components {
        expect["components"] = components.len().into();
    }
    expect
}
