//! One event of Adobe's: an incident or a maintenance, told product by product.
//!
//! Deliberately absent: which list it came from.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Update};

use super::PAGE;
use crate::{field, time, words};

/// The texts that the events name by tokens.
pub(super) struct Texts<'a>(&'a Value);

impl<'a> Texts<'a> {
    pub(super) fn new(messages: &'a Value) -> Self {
        Self(&messages["en"])
    }

    /// The plain text of a token, or the marked up one, whichever there is.
    fn get(&self, token: &Value, keys: [&str; 2]) -> &'a str {
        let entry = &self.0[field::text(token)];
        keys.into_iter().map(|key| field::text(&entry[key])).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// Seconds since 1970, or milliseconds where seconds would lie far ahead; zero stands for "absent".
fn at(value: &Value) -> Option<DateTime<Utc>> {
    let stamp = field::number(value).filter(|stamp| *stamp > 0)?;
    if stamp > 1_000_000_000_000 { time::unix_millis(stamp) } else { time::unix(stamp) }
}

/// One word of one product.
struct Entry<'a> {
    at: DateTime<Utc>,
    row: &'a Value,
}

impl Entry<'_> {
    fn word(&self) -> String {
        field::text(&self.row["status"]).to_ascii_lowercase()
    }

    fn is_closing(&self) -> bool {
        matches!(self.word().as_str(), "closed" | "dismissed" | "completed" | "canceled" | "cancelled")
    }

    fn severity(&self) -> Indicator {
        match field::text(&self.row["severity"]).to_ascii_lowercase().as_str() {
            "critical" => Indicator::Critical,
            "major" => Indicator::Major,
            _ => Indicator::Minor,
        }
    }
}

/// One product of an event, with its words, oldest to newest.
struct Product<'a> {
    row: &'a Value,
    entries: Vec<Entry<'a>>,
}

/// The products of an event in a stable order; `None` when one of them cannot be read.
fn products(row: &Value) -> Option<Vec<Product<'_>>> {
    let rows = row["products"].as_object()?.values();
    rows.map(|row| {
        let history = row["history"].as_object()?.iter();
        let entry = |(key, row): (&String, &'_ Value)| {
            let stamps = [&row["messageTime"], &row["statusTime"]].into_iter().find_map(at);
            stamps.or_else(|| key.parse().ok().and_then(time::unix))
        };
        let dated = history.map(|(key, row)| Some(Entry { at: entry((key, row))?, row }));
        let mut entries = dated.collect::<Option<Vec<_>>>()?;
        entries.sort_by_key(|entry| entry.at);
        Some(Product { row, entries })
    })
    .collect()
}

/// The incident of a row; `None` when it has no id, no product, or a product without a word.
pub(super) fn incident(row: &Value, texts: &Texts<'_>) -> Option<Incident> {
    let id = field::id(&row["id"])?;
    let products = products(row)?;
    let newest = products.iter().map(|product| product.entries.last()).collect::<Option<Vec<_>>>()?;
    let open: Vec<_> = newest.iter().filter(|entry| !entry.is_closing()).collect();
    let counted = products.iter().zip(&newest).find(|(_, entry)| open.is_empty() || !entry.is_closing())?;
    let started = products.iter().filter_map(|product| at(&product.row["startedOn"])).min();
    let said = products.iter().filter_map(|product| product.entries.first()).map(|entry| entry.at).min();
    let started_at = started.or(said)?;
    let ends =
        products.iter().zip(&newest).map(|(product, entry)| at(&product.row["endedOn"]).unwrap_or(entry.at)).max();
    let worst = match open.as_slice() {
        [] => products.iter().flat_map(|product| &product.entries).map(Entry::severity).max(),
        open => open.iter().map(|entry| entry.severity()).max(),
    };
    let product = counted.0.row;
    let title = title(&counted.1.row["titleToken"], texts, product, "issue");
    Some(Incident {
        link: format!("{PAGE}/products/{}/{id}", field::id(&product["id"]).unwrap_or_default()),
        title,
        impact: worst.unwrap_or(Indicator::Minor),
        status: match counted.1.word().as_str() {
            _ if open.is_empty() => IncidentStatus::Resolved,
            "discovery" | "opened" => IncidentStatus::Investigating,
            _ => IncidentStatus::Unknown,
        },
        started_at,
        ended_at: open.is_empty().then(|| ends.unwrap_or(started_at).max(started_at)),
        updates: updates(&products, texts),
        components: names(&products),
        detail: Detail::Full,
        id,
    })
}

/// The maintenance of a row; `None` when it has no id or no start.
pub(super) fn maintenance(row: &Value, texts: &Texts<'_>, as_of: DateTime<Utc>) -> Option<Maintenance> {
    let id = field::id(&row["id"])?;
    let products = products(row).unwrap_or_default();
    let starts_at = at(&row["startedOn"]).or_else(|| at(&row["scheduledDate"]))?;
    let ends_at = at(&row["completedOn"]);
    let word = [&row["status"], &row["cmrStatus"]].map(field::text).into_iter().find(|word| !word.is_empty());
    let first = products.first();
    let product = first.map_or(&Value::Null, |product| product.row);
    let token = first.and_then(|product| product.entries.last()).map_or(&Value::Null, |entry| &entry.row["titleToken"]);
    Some(Maintenance {
        link: format!("{PAGE}/products/{}/{id}", field::id(&product["id"]).unwrap_or_default()),
        title: title(token, texts, product, "maintenance"),
        status: match word.unwrap_or_default().to_ascii_lowercase().as_str() {
            "started" => MaintenanceStatus::InProgress,
            "completed" | "closed" | "canceled" | "cancelled" | "dismissed" => MaintenanceStatus::Completed,
            _ => words::window(starts_at, ends_at, as_of),
        },
        starts_at,
        ends_at,
        updates: updates(&products, texts),
        components: names(&products),
        detail: Detail::Full,
        id,
    })
}

fn title(token: &Value, texts: &Texts<'_>, product: &Value, kind: &str) -> String {
    match texts.get(token, ["textMessage", "htmlMessage"]) {
        "" => format!("{} {kind}", field::text(&product["name"])).trim().to_owned(),
        title => title.to_owned(),
    }
}

/// What was said of all products, each message once.
fn updates(products: &[Product<'_>], texts: &Texts<'_>) -> Vec<Update> {
    let entries = products.iter().flat_map(|product| &product.entries);
    let mut updates: Vec<_> = entries
        .map(|entry| Update {
            at: entry.at,
            title: words::shown(field::text(&entry.row["status"])),
            body: texts.get(&entry.row["messageToken"], ["htmlMessage", "textMessage"]).to_owned(),
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    updates.dedup();
    updates
}

fn names(products: &[Product<'_>]) -> Vec<String> {
    let names = products.iter().map(|product| field::text(&product.row["name"]).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}
