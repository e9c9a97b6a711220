//! A table, a clock that the test moves, and pages that say what the test lets them say.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use chrono::TimeDelta;
use dynoxide::Database;
use serde_json::{Value, json};
use statusphere_domain::{Item, ItemKey, PageState, Step};
use statusphere_fetch::Fetcher;
use statusphere_scraper::{Scraper, Settings};
use statusphere_store::{Image, Store, read_image};
use statusphere_testing::later;
pub(crate) use statusphere_testing::{at, id, now};
use tokio::net::TcpListener;

pub(crate) const ACME: &str = "https://status.acme.example";
pub(crate) const GLOBEX: &str = "https://status.globex.example";

/// Lets so many minutes pass; fewer than none turn the clock back.
pub(crate) fn pass(minutes: i64) {
    pass_seconds(minutes * 60);
}

/// Lets so many seconds pass.
pub(crate) fn pass_seconds(seconds: i64) {
    later(TimeDelta::seconds(seconds));
}

pub(crate) fn incident_key(id: &str) -> ItemKey {
    ItemKey::Incident(id.to_owned())
}

/// What pages answer; everything else on their hosts is 404.
#[derive(Default)]
pub(crate) struct Web(Vec<Value>);

impl Web {
    /// The page's current document.
    pub(crate) fn summary(self, page: &str, document: &Value) -> Self {
        self.json(&format!("{page}/api/v2/summary.json"), document)
    }

    pub(crate) fn json(self, address: &str, document: &Value) -> Self {
        self.answer(address, 200, "application/json", &document.to_string())
    }

    pub(crate) fn html(self, address: &str, status: u16, text: &str) -> Self {
        self.answer(address, status, "text/html", &format!("<!doctype html><html><body>{text}</body></html>"))
    }

    pub(crate) fn answer(mut self, address: &str, status: u16, kind: &str, body: &str) -> Self {
        self.0.push(json!({"path": address, "status": status, "headers": {"content-type": kind}, "body": body}));
        self
    }

    pub(crate) fn redirect(mut self, from: &str, to: &str) -> Self {
        self.0.push(json!({"path": from, "status": 301, "headers": {"location": to}, "body": ""}));
        self
    }

    /// Puts the answers into a folder of recordings. The recorded page itself is nobody's, so that the clock of the test
    /// is what counts for the others.
    pub(crate) fn open(self) -> Fetcher {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("pages/recorded");
        fs::create_dir_all(&folder).unwrap();
        let mut routes = self.0;
        for (n, route) in routes.iter_mut().enumerate() {
            fs::write(folder.join(format!("{n}.body")), route["body"].as_str().unwrap()).unwrap();
            route["body"] = json!(format!("{n}.body"));
        }
        let page = json!({"url": "https://recorded.example", "recorded": "2026-03-01", "routes": routes});
        fs::write(folder.join("page.json"), page.to_string()).unwrap();
        Fetcher::recordings(root.path()).unwrap()
    }
}

/// The table behind the scraper.
pub(crate) struct Bench {
    pub(crate) store: Arc<Store>,
    database: Database,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let database = Database::memory().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&endpoint), "statusphere"));
        store.create_table().await.unwrap();
        Self { store, database }
    }

    pub(crate) fn scraper(&self, fetcher: Fetcher) -> Scraper {
        let settings = Settings { interval: TimeDelta::minutes(5), clock: now };
        Scraper::new(Arc::clone(&self.store), Arc::new(fetcher), settings)
    }

    /// Scrapes Acme once with these answers; tells the outcome.
    pub(crate) async fn scrape(&self, web: Web) -> String {
        let answer = self.scraper(web.open()).handle(scrape_event(&[("acme", ACME)])).await.unwrap();
        answer["pages"]["acme"]["outcome"].as_str().unwrap().to_owned()
    }

    /// Carries out one step of Acme's history; tells the number of items that were written.
    pub(crate) async fn backfill(&self, web: Web, cursor: &str) -> u64 {
        let answer = self.scraper(web.open()).handle(backfill_event("acme", ACME, cursor)).await.unwrap();
        assert_eq!(answer["page"], "acme");
        answer["items"].as_u64().unwrap()
    }

    pub(crate) async fn state(&self) -> PageState {
        self.store.state(&id("acme")).await.unwrap()
    }

    pub(crate) async fn item(&self, key: &ItemKey) -> Option<(Item, u64)> {
        self.store.items(&id("acme"), [key]).await.unwrap().remove(key)
    }

    /// What was written so far, in order: sort key and image. Only pages' own items are looked at.
    pub(crate) fn written(&self) -> Vec<(String, Option<Image>)> {
        let read = |record: Value| {
            let image: serde_dynamo::Item = from(record["dynamodb"]["NewImage"].clone());
            let key = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap().to_owned();
            (key, read_image(image).unwrap().map(|(_, image)| image))
        };
        statusphere_testing::records(&self.database).into_iter().map(read).collect()
    }

    /// The sort keys of what was written after the first so many, in order; steps without their time.
    pub(crate) fn keys_since(&self, before: usize) -> Vec<String> {
        let named = |key: String| match key.strip_prefix("TR#").and_then(|rest| rest.rsplit('#').next()) {
            Some(with) => format!("TR#{with}"),
            None => key,
        };
        self.written().into_iter().skip(before).map(|(key, _)| named(key)).collect()
    }

    /// Every step that was written so far, with whether it is a baseline's.
    pub(crate) fn steps(&self) -> Vec<(Step, bool)> {
        let steps = self.written().into_iter().flat_map(|(_, image)| match image {
            Some(Image::Transitions { steps, baseline, .. }) => steps.into_iter().map(|s| (s, baseline)).collect(),
            _ => Vec::new(),
        });
        steps.collect()
    }
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// The shipped event with other pages.
pub(crate) fn scrape_event(pages: &[(&str, &str)]) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("../../../../events/scrape-requested.json")).unwrap();
    let page = |(id, url): &(&str, &str)| json!({"id": id, "url": url, "hint": {"provider": "statuspage"}});
    event["detail"]["pages"] = pages.iter().map(page).collect();
    event
}

/// The shipped event for another step.
pub(crate) fn backfill_event(slug: &str, url: &str, cursor: &str) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("../../../../events/backfill-requested.json")).unwrap();
    event["detail"]["page"] = json!({"id": slug, "url": url});
    event["detail"]["cursor"] = json!(cursor);
    event
}

/// The outcome of each page of an answer.
pub(crate) fn outcomes(answer: &Value) -> BTreeMap<String, String> {
    let pages = answer["pages"].as_object().unwrap();
    pages.iter().map(|(id, scraped)| (id.clone(), scraped["outcome"].as_str().unwrap().to_owned())).collect()
}
