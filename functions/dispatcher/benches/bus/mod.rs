//! `PutEvents` and a table on loopback ports, on a thread of their own. Each call is answered after a while, and entries
//! are refused by a seed: the same entry at the same try in every run.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use dynoxide::Database;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use statusphere_domain::stable_hash;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// How long each call takes.
pub(crate) const LATENCY: Duration = Duration::from_millis(8);
/// One entry in so many is refused.
const REFUSED: u64 = 20;
/// Entries of a full call.
const ENTRIES: usize = 10;

/// What the bus saw.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) calls: usize,
    /// Calls with an entry that came for the first time, and those of them that were full.
    pub(crate) first: usize,
    pub(crate) first_full: usize,
    pub(crate) refused: usize,
    /// Pages that were taken, and how many of them a second time.
    pub(crate) pages: HashSet<String>,
    pub(crate) twice: usize,
    took: Duration,
    /// How often each entry came, by its id.
    seen: HashMap<String, u32>,
}

pub(crate) struct Stub {
    pub(crate) bus: String,
    pub(crate) table: String,
    tally: Arc<Mutex<Tally>>,
}

impl Stub {
    /// Starts both; they end with the process.
    pub(crate) fn start(seed: u64) -> Self {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let (sender, receiver) = mpsc::channel();
        let served = Arc::clone(&tally);
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let bus = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let table = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
                sender.send((address(&bus), address(&table))).unwrap();
                tokio::spawn(dynoxide::server::serve_on(table, Database::memory().unwrap()));
                serve(bus, served, seed).await;
            });
        });
        let (bus, table) = receiver.recv().unwrap();
        Self { bus, table, tally }
    }

    pub(crate) fn tally(&self) -> Tally {
        std::mem::take(&mut *self.tally.lock().unwrap())
    }
}

impl Tally {
    /// How long a call took on average, as the bus sees it.
    pub(crate) fn latency(&self) -> Duration {
        self.took / u32::try_from(self.calls).unwrap()
    }

    fn answer(&mut self, entries: &[Value], seed: u64) -> Value {
        let (mut results, mut refused, mut new) = (Vec::new(), 0, false);
        for entry in entries {
            let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
            let id = detail["id"].as_str().unwrap();
            let tries = self.seen.entry(id.to_owned()).or_default();
            new |= *tries == 0;
            *tries += 1;
            if stable_hash(&format!("{tries}/{id}/{seed}")).is_multiple_of(REFUSED) {
                refused += 1;
                results.push(json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}));
            } else {
                for page in detail["pages"].as_array().unwrap() {
                    self.twice += usize::from(!self.pages.insert(page["id"].as_str().unwrap().to_owned()));
                }
                results.push(json!({"EventId": id}));
            }
        }
        self.calls += 1;
        self.first += usize::from(new);
        self.first_full += usize::from(new && entries.len() == ENTRIES);
        self.refused += refused;
        json!({"FailedEntryCount": refused, "Entries": results})
    }
}

async fn serve(listener: TcpListener, tally: Arc<Mutex<Tally>>, seed: u64) {
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        let tally = Arc::clone(&tally);
        let service = service_fn(move |request: Request<Incoming>| {
            let tally = Arc::clone(&tally);
            async move {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                let start = Instant::now();
                let body: Value = serde_json::from_slice(&body).unwrap();
                let answer = tally.lock().unwrap().answer(body["Entries"].as_array().unwrap(), seed);
                tokio::time::sleep_until(start + LATENCY).await;
                tally.lock().unwrap().took += start.elapsed();
                let response = Response::builder().header("content-type", "application/x-amz-json-1.1");
                Ok::<_, Infallible>(response.body(Full::new(Bytes::from(answer.to_string()))).unwrap())
            }
        });
        tokio::spawn(async move {
            let _ =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
        });
    }
}
