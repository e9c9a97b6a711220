//! The history by calendar quarter: `history.json?page=N`, or the same JSON inside `history?page=N`.
//!
//! Rows have the last message only, and stamps without a year. One that cannot be read is left out alone; one without
//! an end too: it is open, and the summary tells more of it, or it was called off.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Response, Update,
};

use super::{Permalinks, words};
use crate::field::{at, id, list};
use crate::time::{self, Year};
use crate::{BackfillStep, Seen, Target, html};

/// Twenty years. Past its beginning a history goes on with empty pages for ever.
const MAX_PAGES: u32 = 80;
/// The platform is not older: an empty page before this is past every beginning.
const FIRST_YEAR: i64 = 2012;
/// Marks the cursor of a page whose history is HTML.
const AS_HTML: &str = "html:";

/// The quarter that a cursor names: "1" is the current one, "html:2" the one before, where only HTML is served.
pub(super) fn quarter(target: &Target<'_>, seen: &Seen, cursor: &str) -> BackfillStep {
    let (as_html, number) = cursor.strip_prefix(AS_HTML).map_or((false, cursor), |number| (true, number));
    let Ok(number) = number.parse::<u32>() else {
        return BackfillStep::Failed(format!("`{cursor}` is no page of the history"));
    };
    if !as_html {
        match fetched(target, seen, &format!("/history.json?page={number}"), number) {
            Fetched::Want(url) => return BackfillStep::Want(vec![url]),
            Fetched::Failed(why) => return BackfillStep::Failed(why),
            Fetched::Answer(answer) => match html::json::<Value>(answer) {
                Ok(document) if document["months"].is_array() => return rows(target, &document, number, ""),
                Ok(_) => {}
                Err(_) if html::is_html(answer) => {}
                Err(why) => return BackfillStep::Failed(format!("/history.json {why}")),
            },
            Fetched::Nothing => {}
        }
    }
    match fetched(target, seen, &format!("/history?page={number}"), number) {
        Fetched::Want(url) => BackfillStep::Want(vec![url]),
        Fetched::Failed(why) => BackfillStep::Failed(why),
        Fetched::Answer(answer) => match props(&html::decode(&answer.body)) {
            Some(document) => rows(target, &document, number, AS_HTML),
            None => end(Vec::new()),
        },
        Fetched::Nothing => end(Vec::new()),
    }
}

fn end(items: Vec<Item>) -> BackfillStep {
    BackfillStep::Items { items, next: None }
}

enum Fetched<'a> {
    Want(String),
    Answer(&'a Response),
    Nothing,
    Failed(String),
}

fn fetched<'a>(target: &Target<'_>, seen: &'a Seen, path: &str, number: u32) -> Fetched<'a> {
    let url = target.at(path);
    match seen.get(&url) {
        None => Fetched::Want(url),
        // A redirect that loses the page's number would give the first page again and again.
        Some(Ok(answer)) if number > 1 && !answer.url.contains(&format!("page={number}")) => {
            Fetched::Failed(format!("{path} leads to {}, without the number of the page", answer.url))
        }
        Some(Ok(answer)) => Fetched::Answer(answer),
        Some(Err(error)) if error.kind.host_is_up() => Fetched::Nothing,
        Some(Err(error)) => Fetched::Failed(error.detail.clone()),
    }
}

/// The JSON in the `data-react-props` of the element that shows the history. Found as text: the document around it is
/// large and of no use.
fn props(html: &str) -> Option<Value> {
    let marker = html.find("HistoryIndex")?;
    let tag = html[..marker].rfind('<')?;
    let (_, value) = html[tag..].split_once("data-react-props=")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = value[1..].split(quote).next()?;
    let document: Value = Some(html::attribute(value))
        .filter(|props| html::is_bearable(props))
        .and_then(|props| serde_json::from_str(&props).ok())?;
    document["months"].is_array().then_some(document)
}

fn rows(target: &Target<'_>, document: &Value, number: u32, mode: &str) -> BackfillStep {
    let page = &document["page_status"]["page"];
    // Here `url` is the company's site.
    let own = page["domain"].as_str().filter(|domain| !domain.is_empty()).map(|domain| format!("https://{domain}"));
    let zone = page["time_zone"].as_str();
    let permalinks = Permalinks::new(target, own.as_deref());
    let months = list(&document["months"]);
    let mut items: Vec<Item> = Vec::new();
    let mut any = false;
    for month in months {
        let name = month["name"].as_str().and_then(|name| name.parse::<chrono::Month>().ok());
        let year = month["year"].as_i64().and_then(|year| i32::try_from(year).ok());
        for row in list(&month["incidents"]) {
            any = true;
            let bucket = name.zip(year).map(|(name, year)| Year::EndsIn { year, month: name.number_from_month() });
            items.extend(bucket.and_then(|bucket| item(target, &permalinks, zone, bucket, row)));
        }
    }
    let newest = months.iter().filter_map(|month| month["year"].as_i64()).max();
    let ends = at(&document["end_time"]).or_else(|| newest.and_then(end_of_year));
    let before_the_page = ends.zip(at(&page["created_at"])).is_some_and(|(ends, created)| ends < created);
    let before_all = !any && newest.is_none_or(|year| year < FIRST_YEAR);
    if before_the_page || before_all || number >= MAX_PAGES {
        return end(items);
    }
    BackfillStep::Items { items, next: Some(format!("{mode}{}", number + 1)) }
}

fn end_of_year(year: i64) -> Option<DateTime<Utc>> {
    let next = i32::try_from(year).ok()?.checked_add(1)?;
    chrono::NaiveDate::from_ymd_opt(next, 1, 1).map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc())
}

fn item(target: &Target<'_>, permalinks: &Permalinks, zone: Option<&str>, bucket: Year, row: &Value) -> Option<Item> {
    let id = id(&row["code"])?;
    let (starts_at, ends_at) = time::yearless(&html::text(row["timestamp"].as_str()?), zone, bucket)?;
    let ended = ends_at?;
    let title = row["name"].as_str().unwrap_or_default().trim().to_owned();
    let link = permalinks.to(&id);
    let impact = row["impact"].as_str().map_or(Indicator::Minor, words::indicator);
    let planned = impact == Indicator::Maintenance;
    let message = row["message"].as_str().filter(|message| !message.trim().is_empty());
    let word = if planned { "Completed" } else { "Resolved" };
    let updates =
        message.map(|body| Update { at: ended, title: word.to_owned(), body: body.to_owned() }).into_iter().collect();
    let (components, detail) = (Vec::new(), Detail::Row);
    if !planned {
        let (status, started_at) = (IncidentStatus::Resolved, starts_at);
        return Some(Item::Incident(Incident {
            id,
            title,
            link,
            impact,
            status,
            started_at,
            ended_at: ends_at,
            updates,
            components,
            detail,
        }));
    }
    // What still lies ahead is in the list of maintenances, with its window.
    (ended <= target.as_of).then(|| {
        let status = MaintenanceStatus::Completed;
        Item::Maintenance(Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail })
    })
}
