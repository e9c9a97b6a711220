//! A page of no known platform that names its RSS feed.
//!
//! Deliberately absent: components.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use statusphere_domain::MaintenanceStatus;

use super::{About, Document, escaped};
use crate::{Incident, Maintenance, Truth};

pub(super) const PATH: &str = "/feed.xml";

pub(super) fn tells(truth: &mut Truth) {
    truth.components.clear();
    truth.incidents.iter_mut().for_each(|incident| incident.components.clear());
    truth.maintenances.iter_mut().for_each(|work| work.components.clear());
}

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    match path {
        PATH => Some(Document { content_type: "application/rss+xml", text: feed(about, truth) }),
        "/" => {
            let link = format!("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{}{PATH}\">", about.url);
            Some(Document::html(about, &link, "<h1>How we are doing</h1>"))
        }
        _ => None,
    }
}

/// A feed without items tells nothing, so that the oldest one always stands there.
fn feed(about: &About<'_>, truth: &Truth) -> String {
    let mut items = String::new();
    for work in truth.maintenances.iter().rev() {
        items.push_str(&planned(about, work, truth.now));
    }
    for incident in truth.incidents.iter().rev() {
        items.push_str(&told(about, incident));
    }
    let oldest =
        item(about, "1", "First light", DateTime::UNIX_EPOCH, "", "<p><strong>Resolved</strong> - We are here.</p>");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{} Status</title>\
         <link>{}</link><description>What happened lately</description>\n{items}{oldest}</channel></rss>\n",
        escaped(about.slug),
        about.url
    )
}

fn item(about: &About<'_>, id: &str, title: &str, at: DateTime<Utc>, categories: &str, text: &str) -> String {
    format!(
        "<item><title>{}</title><link>{}/incidents/{id}</link><guid isPermaLink=\"false\">{id}</guid>\
         <pubDate>{}</pubDate>{categories}<description>{}</description></item>\n",
        escaped(title),
        about.url,
        at.to_rfc2822(),
        escaped(text),
    )
}

fn told(about: &About<'_>, incident: &Incident) -> String {
    let mut text = String::new();
    for update in incident.updates.iter().rev() {
        let (at, stage, body) = (update.at.to_rfc2822(), stage(update.status.as_str()), escaped(&update.body));
        let _ = write!(text, "<div><p><strong>{at}</strong></p><h3>{stage}</h3><p>{body}</p></div>");
    }
    let categories = format!("<category>{}</category>", incident.impact.as_str());
    let touched = incident.updates.last().map_or(incident.started_at, |update| update.at);
    item(about, &incident.id, &incident.title, touched, &categories, &text)
}

fn planned(about: &About<'_>, work: &Maintenance, now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let stamp = |at: DateTime<Utc>| at.format("%b %d, %H:%M").to_string();
    let runs = work.status(now) == MaintenanceStatus::InProgress;
    let begun = runs.then_some((work.starts_at, "In progress"));
    for (at, stage) in begun.into_iter().chain([(work.announced_at, "Scheduled")]) {
        let _ = write!(text, "<p><small>{} UTC</small><br><strong>{stage}</strong> - As planned.</p>", stamp(at));
    }
    let (from, to) = (stamp(work.starts_at), stamp(work.ends_at));
    let _ = write!(text, "<p><strong>THIS IS A SCHEDULED EVENT {from} - {to} UTC</strong></p>");
    let touched = if runs { work.starts_at } else { work.announced_at };
    item(about, &work.id, &work.title, touched, "<category>maintenance</category>", &text)
}

/// "Monitoring" for `monitoring`.
fn stage(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
