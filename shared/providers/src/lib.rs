//! The provider cascade: reads the status pages of every known platform. Pure: bytes in, reading out.
//!
//! Deliberately absent: async, an HTTP client, a clock. Fetching is the caller's; [`advance`] says what to fetch.

mod adobe;
mod apple;
mod aws;
mod azure;
mod azuredevops;
mod betterstack;
mod cachet;
mod cascade;
mod checkly;
mod cstate;
mod feed;
mod firehydrant;
mod freshstatus;
mod gatus;
mod googlecloud;
mod heroku;
mod hund;
mod incidentio;
mod instatus;
mod meta;
mod microsoft365;
mod onlineornot;
mod openstatus;
mod oracle;
mod pagerduty;
mod rootly;
mod salesforce;
mod site24x7;
mod slack;
mod sorry;
mod statuscast;
mod statusio;
mod statuspage;
mod statuspal;
mod stripe;
mod upptime;
mod uptimekuma;
mod uptimerobot;
mod zendesk;

mod channel;
mod document;
mod field;
mod flight;
mod front;
mod html;
mod probes;
mod time;
mod words;

pub use cascade::{Next, Outcome, Seen, advance, backfill};

use chrono::{DateTime, Utc};
use statusphere_domain::{Item, Reading};

/// Reads one platform. Its name is its file's, its fixture folder's and its heading in the docs.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// Lower-case, without punctuation.
    pub name: &'static str,
    /// Reads the current state. Called again with every answer so far until it stops wanting; keeps no state.
    pub step: fn(&Target<'_>, &Seen) -> Step,
    /// Reads one page of the history, where the platform has one.
    pub backfill: Option<fn(&Target<'_>, &Seen) -> BackfillStep>,
}

/// The whole policy: the first that reads a page wins. Specific first, generic last.
pub const PROVIDERS: &[Provider] = &[
    aws::PROVIDER,
    azure::PROVIDER,
    azuredevops::PROVIDER,
    microsoft365::PROVIDER,
    googlecloud::PROVIDER,
    slack::PROVIDER,
    salesforce::PROVIDER,
    heroku::PROVIDER,
    apple::PROVIDER,
    oracle::PROVIDER,
    stripe::PROVIDER,
    zendesk::PROVIDER,
    adobe::PROVIDER,
    meta::PROVIDER,
    statuspage::PROVIDER,
    incidentio::PROVIDER,
    pagerduty::PROVIDER,
    statusio::PROVIDER,
    uptimerobot::PROVIDER,
    hund::PROVIDER,
    freshstatus::PROVIDER,
    statuspal::PROVIDER,
    statuscast::PROVIDER,
    site24x7::PROVIDER,
    onlineornot::PROVIDER,
    checkly::PROVIDER,
    uptimekuma::PROVIDER,
    upptime::PROVIDER,
    instatus::PROVIDER,
    openstatus::PROVIDER,
    betterstack::PROVIDER,
    cstate::PROVIDER,
    sorry::PROVIDER,
    cachet::PROVIDER,
    rootly::PROVIDER,
    firehydrant::PROVIDER,
    gatus::PROVIDER,
    feed::PROVIDER,
];

/// The page that a provider is asked to read.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The page's address, without query, fragment or trailing slash.
    pub url: &'a str,
    /// The platform's key for the page, if this provider was named together with one.
    pub key: Option<&'a str>,
    /// True when this provider was named for the page, by the catalogue or by its last reading: it may go straight to
    /// its documents, without a look at the page.
    pub known: bool,
    /// What counts as now for openness: the time of the scrape, or the end of the day of a recording.
    pub as_of: DateTime<Utc>,
    /// For a backfill: where to go on, as the previous step said; `None` for the first.
    pub cursor: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// A page of which nothing is known but its address.
    pub fn new(url: &'a str, as_of: DateTime<Utc>) -> Self {
        Self { url, key: None, known: false, as_of, cursor: None }
    }

    /// The address of a path below the page: `at("/history.atom")`. `at("/")` is the page itself.
    pub fn at(&self, path: &str) -> String {
        let below_a_host = self.url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
        if path == "/" && below_a_host { self.url.to_owned() } else { format!("{}{path}", self.url) }
    }

    /// True when the page's host is one of these names, or below one of them.
    pub(crate) fn is_on(&self, hosts: &[&str]) -> bool {
        let url = url::Url::parse(self.url).ok();
        let Some(host) = url.as_ref().and_then(url::Url::host_str) else { return false };
        hosts.iter().any(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }
}

/// What a provider says of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// These addresses are needed first, absolute and not yet seen.
    Want(Vec<String>),
    /// It is mine, and this is what it says.
    Reading(Box<Reading>),
    /// It is not mine, because.
    NotMine(String),
    /// The page lives at another address now.
    Elsewhere(String),
    /// It is mine, and it cannot be read, because. A generic guess after that would be worse than not knowing.
    Malformed(String),
}

/// What a provider says of one page of a history.
#[derive(Debug, Clone, PartialEq)]
pub enum BackfillStep {
    /// These addresses are needed first, absolute and not yet seen.
    Want(Vec<String>),
    /// Past incidents and maintenances, and where to go on; `None` at the end.
    Items {
        /// In any order.
        items: Vec<Item>,
        /// The cursor of the next step.
        next: Option<String>,
    },
    /// This page of the history cannot be read, because.
    Failed(String),
}
