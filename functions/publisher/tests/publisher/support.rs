//! A table whose stream is read in-process, and a bus that writes down what it gets.

use std::cell::Cell;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use dynoxide::Database;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use statusphere_bus::Bus;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, PageId, PageState, Update};
use statusphere_publisher::Publisher;
use statusphere_store::Store;
use tokio::net::TcpListener;

thread_local! {
    static NOW: Cell<DateTime<Utc>> = Cell::new(at(0));
}

/// The publisher's clock shows this from now on; each test has its own.
pub(crate) fn set_clock(now: DateTime<Utc>) {
    NOW.set(now);
}

/// Shards of the tests' table.
const SHARDS: usize = 4;

pub(crate) struct Bench {
    pub(crate) store: Arc<Store>,
    pub(crate) publisher: Publisher,
    database: Database,
    delivered: Arc<Mutex<Vec<Value>>>,
    refuses: Arc<AtomicBool>,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let database = Database::memory().unwrap();
        let (listener, table) = bind().await;
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&table), "statusphere"));
        store.create_table().await.unwrap();
        let (delivered, refuses) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let endpoint = listen(Arc::clone(&delivered), Arc::clone(&refuses)).await;
        let bus = Bus::new(&statusphere_runtime::emulator(&endpoint), "statusphere");
        let publisher = Publisher::new(Arc::clone(&store), bus, SHARDS, || NOW.get());
        Self { store, publisher, database, delivered, refuses }
    }

    /// The stream from its beginning, as Lambda would get it. The publisher's own writes are in it too.
    pub(crate) fn records(&self) -> Vec<Value> {
        statusphere_testing::records(&self.database)
    }

    /// Hands records over as one batch.
    pub(crate) async fn publish(&self, records: &[Value]) -> anyhow::Result<Value> {
        self.publisher.handle(json!({"Records": records})).await
    }

    /// Hands over everything that the stream holds now, as one batch, and tells what was delivered for it.
    pub(crate) async fn publish_all(&self) -> Vec<Delivered> {
        let before = self.delivered().len();
        self.publish(&self.records()).await.unwrap();
        self.delivered().split_off(before)
    }

    /// Hands over the last record of the stream alone, and tells what was delivered for it.
    pub(crate) async fn publish_last(&self) -> Vec<Delivered> {
        let before = self.delivered().len();
        self.publish(&[self.records().pop().unwrap()]).await.unwrap();
        self.delivered().split_off(before)
    }

    /// All that came over the bus so far, in order.
    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        let entries = self.delivered.lock().unwrap();
        let entry = |entry: &Value| {
            assert_eq!(entry["Source"], "statusphere");
            assert_eq!(entry["EventBusName"], "statusphere");
            let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
            assert_eq!(detail["version"], 1);
            Delivered { name: entry["DetailType"].as_str().unwrap().to_owned(), detail }
        };
        entries.iter().map(entry).collect()
    }

    /// Makes the bus refuse every entry, or take them again.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Relaxed);
    }
}

/// One event on the bus.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delivered {
    pub(crate) name: String,
    pub(crate) detail: Value,
}

impl Delivered {
    pub(crate) fn id(&self) -> String {
        self.detail["id"].as_str().unwrap().to_owned()
    }

    /// Name and id, for comparisons.
    pub(crate) fn told(&self) -> String {
        format!("{} {}", self.name, self.id())
    }
}

async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    (listener, endpoint)
}

/// Answers `PutEvents`; what was taken is written down.
async fn listen(delivered: Arc<Mutex<Vec<Value>>>, refuses: Arc<AtomicBool>) -> String {
    let (listener, endpoint) = bind().await;
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let (delivered, refuses) = (Arc::clone(&delivered), Arc::clone(&refuses));
            let service = service_fn(move |request: Request<Incoming>| {
                let (delivered, refuses) = (Arc::clone(&delivered), Arc::clone(&refuses));
                async move {
                    let body = request.into_body().collect().await.unwrap().to_bytes();
                    let body: Value = serde_json::from_slice(&body).unwrap();
                    let entries = body["Entries"].as_array().unwrap();
                    let answer = answer(entries, refuses.load(Ordering::Relaxed));
                    if answer.1["FailedEntryCount"] == 0 {
                        delivered.lock().unwrap().extend(entries.clone());
                    }
                    let response =
                        Response::builder().status(answer.0).header("content-type", "application/x-amz-json-1.1");
                    Ok::<_, Infallible>(response.body(Full::new(Bytes::from(answer.1.to_string()))).unwrap())
                }
            });
            tokio::spawn(async move {
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(connection), service)
                    .await;
            });
        }
    });
    endpoint
}

/// The service's answer to these entries: it takes at most ten of them and 256 KB in a call.
fn answer(entries: &[Value], refuses: bool) -> (u16, Value) {
    let size = |entry: &Value| {
        ["Source", "DetailType", "Detail"].iter().map(|field| entry[field].as_str().unwrap().len()).sum::<usize>()
    };
    let bytes: usize = entries.iter().map(size).sum();
    if entries.is_empty() || entries.len() > 10 || bytes > 256 * 1024 {
        let message = format!("{} entries of {bytes} bytes", entries.len());
        return (400, json!({"__type": "ValidationException", "message": message}));
    }
    let (result, failed) = if refuses {
        (json!({"ErrorCode": "ThrottlingException"}), entries.len())
    } else {
        (json!({"EventId": "e"}), 0)
    };
    (200, json!({"FailedEntryCount": failed, "Entries": vec![result; entries.len()]}))
}

/// So many minutes after the beginning of the tests' year.
pub(crate) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap()
}

pub(crate) fn page(slug: &str) -> PageId {
    PageId::new(slug).unwrap()
}

/// A page that was read, with its whole history.
pub(crate) fn read(minute: i64) -> PageState {
    PageState {
        provider: Some("statuspage".to_owned()),
        url: Some("https://status.acme.example".to_owned()),
        indicator: Some(Indicator::None),
        last_attempt: Some(at(minute)),
        last_success: Some(at(minute)),
        ..PageState::default()
    }
}

pub(crate) fn incident(id: &str, status: IncidentStatus) -> Incident {
    let update = Update { at: at(2), title: "Identified".to_owned(), body: "A belt is <b>stuck</b>.".to_owned() };
    Incident {
        id: id.to_owned(),
        title: "Parcels arrive late".to_owned(),
        link: format!("https://status.acme.example/incidents/{id}"),
        impact: Indicator::Major,
        status,
        started_at: at(1),
        ended_at: status.is_over().then(|| at(30)),
        updates: vec![update],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    }
}
