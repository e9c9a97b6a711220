//! Stands between the functions and the emulator: in a storm the table and the bus throttle, fail, take half of what they
//! are given, and do what they are asked without an answer.
//!
//! Deliberately absent: faults of any other service, and chance. The same call of the same storm always fares the same.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use statusphere_domain::stable_hash;
use tokio::net::TcpListener;

use crate::aws::root;
use crate::web::send;

/// Seconds that a storm lasts.
const SHORTEST: u64 = 70;
const LONGEST: u64 = 240;
/// Faults that make a storm.
const ENOUGH: usize = 200;

/// A proxy in front of the emulator.
pub(crate) struct Weather {
    address: SocketAddr,
    sky: Arc<Sky>,
}

struct Sky {
    emulator: String,
    storm: AtomicBool,
    /// Calls of the table, and of the bus.
    calls: [AtomicUsize; 2],
    counts: Mutex<BTreeMap<String, usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Throttled,
    Failed,
    AnswerLost,
    HalfTaken,
}

impl Weather {
    /// Listens on a free port of 127.0.0.1; the sky is clear.
    pub(crate) async fn start(emulator: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let sky = Arc::new(Sky {
            emulator: emulator.to_owned(),
            storm: AtomicBool::new(false),
            calls: Default::default(),
            counts: Mutex::default(),
        });
        tokio::spawn(serve(listener, Arc::clone(&sky)));
        Ok(Self { address, sky })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A storm that lasts for more than one tick, and until enough went wrong: an error if that does not happen.
    pub(crate) async fn storm(&self) -> anyhow::Result<()> {
        self.sky.storm.store(true, Ordering::Relaxed);
        for second in 0..LONGEST {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if second > SHORTEST && self.is_enough() {
                break;
            }
        }
        self.sky.storm.store(false, Ordering::Relaxed);
        ensure!(self.is_enough(), "too little went wrong: {:?}", self.counts());
        Ok(())
    }

    fn is_enough(&self) -> bool {
        let counts = self.counts();
        let happened = |of_bus: bool, fault: Fault| {
            let ending = format!(" {fault:?}");
            counts.keys().any(|name| name.ends_with(&ending) && name.starts_with("PutEvents") == of_bus)
        };
        let table = [Fault::Throttled, Fault::Failed, Fault::AnswerLost];
        let bus = [Fault::HalfTaken, Fault::AnswerLost];
        counts.values().sum::<usize>() > ENOUGH
            && table.into_iter().all(|fault| happened(false, fault))
            && bus.into_iter().all(|fault| happened(true, fault))
    }

    /// What went wrong so far, by kind.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        self.sky.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(listener: TcpListener, sky: Arc<Sky>) {
    loop {
        let Ok((connection, _)) = listener.accept().await else { continue };
        let _ = connection.set_nodelay(true);
        let sky = Arc::clone(&sky);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let sky = Arc::clone(&sky);
                async move { sky.pass(request).await }
            });
            // A connection that breaks is the client's affair, or was broken on purpose.
            let _ =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
        });
    }
}

impl Sky {
    /// An error ends the connection without an answer.
    async fn pass(&self, request: Request<Incoming>) -> anyhow::Result<Response<Full<Bytes>>> {
        let (mut head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let target = head.headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let fault = self.fault(target);
        if let Some(fault) = fault {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.entry(format!("{} {fault:?}", target.rsplit('.').next().unwrap_or_default())).or_default() += 1;
        }
        for name in ["content-length", "transfer-encoding", "connection"] {
            head.headers.remove(name);
        }
        if matches!(fault, Some(Fault::HalfTaken)) {
            // The function signed the whole call, so that its signature is wrong for a half of it.
            head.headers.remove("x-amz-security-token");
            head.headers.insert("authorization", root("events").parse()?);
        }
        let forward = async |body: Bytes| send(&self.emulator, Request::from_parts(head, Full::new(body))).await;
        let answer = match fault {
            None => forward(body).await?.map(Full::new),
            Some(Fault::Throttled) => refusal(400, "ProvisionedThroughputExceededException")?,
            Some(Fault::Failed) => refusal(500, "InternalServerError")?,
            Some(Fault::AnswerLost) => {
                forward(body).await?;
                bail!("done, and not told");
            }
            Some(Fault::HalfTaken) => {
                let mut wanted: Value = serde_json::from_slice(&body)?;
                let entries = wanted["Entries"].as_array_mut().context("no entries")?;
                let count = entries.len();
                let mut at = 0;
                entries.retain(|_| {
                    at += 1;
                    at % 2 == 0
                });
                if count > 1 {
                    let answer = forward(wanted.to_string().into()).await?;
                    ensure!(answer.status().is_success(), "half a call is refused: {answer:?}");
                }
                let taken = |at: usize| match at % 2 {
                    0 => json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "too much"}),
                    _ => json!({"EventId": "taken"}),
                };
                let entries: Vec<Value> = (0..count).map(taken).collect();
                json_answer(200, &json!({"FailedEntryCount": count.div_ceil(2), "Entries": entries}))?
            }
        };
        let (mut head, body) = answer.into_parts();
        for name in ["content-length", "transfer-encoding", "connection"] {
            head.headers.remove(name);
        }
        Ok(Response::from_parts(head, body))
    }

    fn fault(&self, target: &str) -> Option<Fault> {
        if !self.storm.load(Ordering::Relaxed) {
            return None;
        }
        let is_bus = target.ends_with("PutEvents");
        let call = self.calls[usize::from(is_bus)].fetch_add(1, Ordering::Relaxed);
        match stable_hash(&call.to_string()) % 16 {
            0..=2 if is_bus => Some(Fault::HalfTaken),
            0..=2 => Some(Fault::Throttled),
            3 => Some(Fault::Failed),
            4 | 5 => Some(Fault::AnswerLost),
            _ => None,
        }
    }
}

fn refusal(status: u16, kind: &str) -> anyhow::Result<Response<Full<Bytes>>> {
    json_answer(status, &json!({"__type": format!("com.amazonaws#{kind}"), "message": "refused"}))
}

fn json_answer(status: u16, body: &Value) -> anyhow::Result<Response<Full<Bytes>>> {
    let answer = Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
    Ok(answer.body(Full::from(body.to_string()))?)
}
