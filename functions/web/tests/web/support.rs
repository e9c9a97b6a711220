//! The pages with a table behind them.

use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_http::Event;
pub(crate) use statusphere_testing::{Table, component, id, incident, later, maintenance, now, read, update};
use statusphere_web::{Settings, Web};

/// Two pages with a story and three hundred that only have a name.
fn catalogue() -> Catalogue {
    let mut csv = String::from("slug,name,url,category,aliases\n");
    csv.push_str("acme,Acme,https://status.acme.example,cloud,Roadrunner Supplies\n");
    csv.push_str("zeppelin,zeppelin <Mail>,https://zeppelin.example/status,email,\n");
    for n in 100..400 {
        writeln!(csv, "orchard-{n},Orchard {n},https://orchard{n}.example,,").unwrap();
    }
    Catalogue::parse(&csv).expect("a good catalogue")
}

/// The pages, and the table behind them.
pub(crate) struct Front {
    pub(crate) web: Web,
    pub(crate) table: Table,
}

impl Deref for Front {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl Front {
    pub(crate) async fn open() -> Self {
        let table = Table::open().await;
        let settings = Settings {
            interval: TimeDelta::minutes(5),
            public_url: None,
            live_for: TimeDelta::seconds(60),
            clock: now,
        };
        Self { web: Web::new(Arc::clone(&table.store), Arc::new(catalogue()), settings), table }
    }

    /// `GET <address>`.
    pub(crate) async fn get(&self, address: &str) -> Reply {
        self.ask("GET", address, &[]).await
    }

    /// The document of a good answer.
    pub(crate) async fn page(&self, address: &str) -> Page {
        let reply = self.get(address).await;
        assert_eq!(reply.status, 200, "{address}: {}", reply.text);
        Page(Html::parse_document(&reply.text))
    }

    /// The way an event takes in the cloud: JSON in, JSON out. Nothing is compressed unless the headers ask for it.
    pub(crate) async fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut event = json!({
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"host": "statusphere.example", "x-forwarded-proto": "https"},
            "requestContext": {"http": {"method": method}, "requestId": "Abc1="},
        });
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        let event: Event = serde_json::from_value(event).expect("an event");
        let reply = serde_json::to_value(self.web.invoke(event).await).unwrap();
        let body = reply["body"].as_str().unwrap_or_default();
        let (text, bytes) = if reply["isBase64Encoded"] == true {
            (String::new(), BASE64_STANDARD.decode(body).expect("base64").len())
        } else {
            (body.to_owned(), body.len())
        };
        let reply =
            Reply { status: reply["statusCode"].as_u64().unwrap(), headers: reply["headers"].clone(), text, bytes };
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers.get("set-cookie"), None);
        reply
    }
}

pub(crate) struct Reply {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    /// Empty when it is compressed.
    pub(crate) text: String,
    /// Of the body on its way.
    pub(crate) bytes: usize,
}

pub(crate) struct Page(pub(crate) Html);

impl Page {
    /// The text of each element that a selector finds, spaces folded.
    pub(crate) fn all(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
        self.0.select(&selector).map(text).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The text of the only one.
    pub(crate) fn one(&self, selector: &str) -> String {
        let mut all = self.all(selector);
        assert_eq!(all.len(), 1, "{selector}: {all:?}");
        all.remove(0)
    }

    /// An attribute of each element that a selector finds.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }
}
