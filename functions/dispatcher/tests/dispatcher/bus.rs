//! `PutEvents` on a loopback port: writes down what it takes, and refuses what the test says.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What goes wrong on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    /// One in so many entries is refused, spread as by chance and the same in every run.
    RefusesOneIn(u64),
    /// Every entry is refused.
    RefusesAll,
    /// The first so many calls end with an error of the service.
    Breaks(usize),
}

/// What came over the bus.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Delivered entries: detail-type and detail.
    pub(crate) taken: Vec<(String, Value)>,
    /// Entries of each call.
    pub(crate) calls: Vec<usize>,
    /// Entries that were refused.
    pub(crate) refused: usize,
    /// State of the generator that chooses them.
    seed: u64,
}

impl Log {
    fn answer(&mut self, entries: &[Value], mood: Mood) -> (u16, Value) {
        self.calls.push(entries.len());
        if matches!(mood, Mood::Breaks(calls) if self.calls.len() <= calls) {
            return (500, json!({"__type": "InternalException", "message": "a fault of ours"}));
        }
        let (mut results, mut failed) = (Vec::new(), 0);
        for entry in entries {
            assert_eq!((&entry["Source"], &entry["EventBusName"]), (&json!("statusphere"), &json!("statusphere")));
            let refuses = match mood {
                Mood::RefusesAll => true,
                Mood::RefusesOneIn(n) => self.chance().is_multiple_of(n),
                Mood::Good | Mood::Breaks(_) => false,
            };
            if refuses {
                failed += 1;
                results.push(json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}));
            } else {
                results.push(json!({"EventId": self.taken.len().to_string()}));
                let detail = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
                self.taken.push((entry["DetailType"].as_str().unwrap().to_owned(), detail));
            }
        }
        self.refused += failed;
        (200, json!({"FailedEntryCount": failed, "Entries": results}))
    }

    /// The next number of a small generator.
    fn chance(&mut self) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.seed >> 33
    }
}

/// Starts the endpoint; answers with its address.
pub(crate) async fn listen(log: Arc<Mutex<Log>>, mood: Arc<Mutex<Mood>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let (log, mood) = (Arc::clone(&log), Arc::clone(&mood));
            let service = service_fn(move |request: Request<Incoming>| {
                let (log, mood) = (Arc::clone(&log), Arc::clone(&mood));
                async move {
                    let body = request.into_body().collect().await.unwrap().to_bytes();
                    let body: Value = serde_json::from_slice(&body).unwrap();
                    let mood = *mood.lock().unwrap();
                    let (status, answer) = log.lock().unwrap().answer(body["Entries"].as_array().unwrap(), mood);
                    let response =
                        Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
                    Ok::<_, Infallible>(response.body(Full::new(Bytes::from(answer.to_string()))).unwrap())
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
