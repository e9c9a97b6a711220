//! The whole system on the test internet: the Lambda entries, called with the JSON that AWS sends, while a test moves time
//! and breaks what it likes.
//!
//! Deliberately absent: the order and the number of calls. Each test plays the Scheduler, the bus and the stream itself.

pub(crate) mod aws;
pub(crate) mod calls;
pub(crate) mod clock;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use aws::Aws;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use serde_json::{Value, json};
use statusphere_api::Api;
use statusphere_bus::Bus;
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::Dispatcher;
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_internet::{Internet, Site};
use statusphere_publisher::Publisher;
use statusphere_scraper::Scraper;
use statusphere_store::Store;
use statusphere_web::Web;

/// Minutes between two scrapes of a page.
pub(crate) const INTERVAL: u32 = 5;
const TABLE: &str = "statusphere";
const LIVE_SHARDS: usize = 60;

/// How to start.
pub(crate) struct Setting {
    pub(crate) sites: Vec<Site>,
    pub(crate) start: DateTime<Utc>,
    pub(crate) pages_per_event: usize,
    /// Of one request, in real time.
    pub(crate) deadline: Duration,
}

/// The running system.
pub(crate) struct Simulation {
    #[allow(dead_code, reason = "not everyone who simulates counts")]
    pub(crate) internet: Internet,
    pub(crate) aws: Arc<Aws>,
    #[allow(dead_code, reason = "not everyone who simulates looks into the table")]
    pub(crate) store: Arc<Store>,
    /// What the publisher uses, to tell its capacity from the scraper's.
    #[allow(dead_code, reason = "not everyone who simulates counts")]
    pub(crate) live: Arc<Store>,
    dispatcher: Arc<Dispatcher>,
    pub(crate) scraper: Scraper,
    publisher: Arc<Publisher>,
    api: Arc<Api>,
    web: Web,
    iterator: std::sync::Mutex<String>,
}

impl Simulation {
    pub(crate) async fn start(setting: Setting) -> Self {
        clock::set(setting.start);
        let mut csv = String::from("slug,name,url,provider,key\n");
        for site in &setting.sites {
            let hint = site.hint();
            let key = hint.key.unwrap_or_default();
            writeln!(csv, "{0},{0},{1},{2},{key}", site.slug, site.url(), hint.provider).unwrap();
        }
        let catalogue = Arc::new(Catalogue::parse(&csv).unwrap());
        let internet = Internet::start(setting.sites, Arc::new(clock::now)).await.unwrap();
        let fetcher = Fetcher::web(Config {
            contact: "https://statusphere.example/contact".to_owned(),
            limits: Limits { deadline: setting.deadline, ..Limits::default() },
            allowed_hosts: Vec::new(),
            proxy: Some(internet.proxy()),
            clock: clock::now,
        });

        let aws = Aws::new();
        let store = |function| Arc::new(Store::new(&aws.config_of(function), TABLE));
        let (kept, live) = (store("scraper"), store("publisher"));
        kept.create_table().await.unwrap();
        let bus = |function| Bus::new(&aws.config_of(function), "statusphere");
        let interval = TimeDelta::minutes(INTERVAL.into());
        let settings =
            statusphere_dispatcher::Settings { interval: INTERVAL, pages_per_event: setting.pages_per_event };
        let dispatcher =
            Arc::new(Dispatcher::new(store("dispatcher"), bus("dispatcher"), Arc::clone(&catalogue), settings));
        let settings = statusphere_scraper::Settings { interval, clock: clock::now };
        let scraper = Scraper::new(Arc::clone(&kept), Arc::new(fetcher.unwrap()), settings);
        let publisher = Arc::new(Publisher::new(Arc::clone(&live), bus("publisher"), LIVE_SHARDS, clock::now));
        let settings = statusphere_api::Settings {
            interval,
            public_url: None,
            live_for: TimeDelta::seconds(1),
            cursor_key: "statusphere".to_owned(),
            clock: clock::now,
        };
        let api = Arc::new(Api::new(store("api"), Arc::clone(&catalogue), settings));
        let live_for = TimeDelta::seconds(1);
        let settings = statusphere_web::Settings { interval, public_url: None, live_for, clock: clock::now };
        let web = Web::new(store("web"), catalogue, settings);
        let iterator = std::sync::Mutex::new(beginning(&aws));
        Self { internet, aws, store: kept, live, dispatcher, scraper, publisher, api, web, iterator }
    }

    /// The Scheduler's tick of this minute; answers with the requests that it put on the bus, in EventBridge's envelope.
    pub(crate) async fn tick(&self) -> anyhow::Result<Vec<Value>> {
        let time = clock::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        self.dispatcher.handle(json!({"time": time})).await?;
        Ok(self.aws.put().iter().map(envelope).collect())
    }

    /// The records that the stream has had since the last look.
    pub(crate) fn records(&self) -> Vec<Value> {
        let mut iterator = self.iterator.lock().unwrap();
        let mut records = Vec::new();
        loop {
            let request = GetRecordsRequest { shard_iterator: iterator.clone(), limit: None };
            let answer = self.aws.database.get_records(request).unwrap();
            let over = answer.records.is_empty();
            records.extend(json!(answer.records).as_array().unwrap().iter().cloned());
            *iterator = answer.next_shard_iterator.unwrap();
            if over {
                return records;
            }
        }
    }

    /// Hands a batch to the publisher; what it put is in [`Aws::put`], for whoever wants it.
    pub(crate) async fn publish(&self, records: &[Value]) -> anyhow::Result<Value> {
        self.publisher.handle(json!({"Records": records})).await
    }

    /// A function's Lambda entry, called with the JSON of its event.
    #[allow(dead_code, reason = "not everyone who simulates calls one by its name")]
    pub(crate) async fn invoke(&self, function: &str, event: Value) -> anyhow::Result<Value> {
        match function {
            "dispatcher" => self.dispatcher.handle(event).await,
            "scraper" => self.scraper.handle(event).await,
            "publisher" => self.publisher.handle(event).await,
            "api" => Ok(serde_json::to_value(self.api.invoke(serde_json::from_value(event)?).await)?),
            "web" => Ok(serde_json::to_value(self.web.invoke(serde_json::from_value(event)?).await)?),
            other => panic!("there is no function {other}"),
        }
    }

    /// `GET` of the API.
    #[allow(dead_code, reason = "not everyone who simulates asks")]
    pub(crate) async fn get(&self, path: &str, query: &str) -> Value {
        let answer = self.ask("api", path, query).await;
        serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
    }

    /// `GET` of one of the functions that answer requests, with the gateway's JSON of its answer.
    #[allow(dead_code, reason = "not everyone who simulates asks")]
    pub(crate) async fn ask(&self, function: &str, path: &str, query: &str) -> Value {
        let shipped = include_str!("../../../../events/api-current-status.json");
        let mut event: Value = serde_json::from_str(shipped).unwrap();
        (event["rawPath"], event["rawQueryString"]) = (json!(path), json!(query));
        event["requestContext"]["http"]["path"] = json!(path);
        event["headers"]["accept-encoding"] = json!("identity");
        self.invoke(function, event).await.unwrap()
    }
}

/// An entry of `PutEvents` as EventBridge delivers it.
pub(crate) fn envelope(entry: &Value) -> Value {
    let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
    json!({
        "version": "0",
        "id": detail["id"],
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": "000000000000",
        "time": clock::now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": "local",
        "resources": [],
        "detail": detail,
    })
}

fn beginning(aws: &Aws) -> String {
    let streams = aws.database.list_streams(serde_json::from_value(json!({"TableName": TABLE})).unwrap());
    let streams = json!(streams.unwrap());
    let stream_arn = streams["Streams"][0]["StreamArn"].as_str().unwrap().to_owned();
    let described = aws.database.describe_stream(serde_json::from_value(json!({"StreamArn": stream_arn})).unwrap());
    let shard_id = json!(described.unwrap())["StreamDescription"]["Shards"][0]["ShardId"].as_str().unwrap().to_owned();
    let shard_iterator_type = "TRIM_HORIZON".to_owned();
    let request = GetShardIteratorRequest { stream_arn, shard_id, shard_iterator_type, sequence_number: None };
    aws.database.get_shard_iterator(request).unwrap().shard_iterator.unwrap()
}
