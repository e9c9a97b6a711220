//! The event bus: answers `PutEvents` on a loopback port, wraps each entry in EventBridge's envelope, and carries it to
//! the scraper with the retries of an asynchronous Lambda invocation.
//!
//! Change events have no target here; they are logged.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{SecondsFormat, Utc};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use statusphere_scraper::Scraper;
use tokio::net::TcpListener;

use crate::progress::Progress;
use crate::queue::{Delivery, Queue};

/// Events carried to the scraper at once.
const WORKERS: usize = 48;
/// Times Lambda tries an asynchronous invocation.
const TRIES: u32 = 3;
/// Pause before it tries again.
const PAUSE: Duration = Duration::from_secs(2);

/// Starts the endpoint; answers with its address.
pub(crate) async fn serve(queue: Arc<Queue>) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("no loopback port for the event bus")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        loop {
            let Ok((connection, _)) = listener.accept().await else { continue };
            let queue = Arc::clone(&queue);
            tokio::spawn(async move {
                let service = service_fn(move |request| put_events(request, Arc::clone(&queue)));
                let served = hyper::server::conn::http1::Builder::new();
                // A connection that breaks is the client's to retry.
                let _ = served.serve_connection(TokioIo::new(connection), service).await;
            });
        }
    });
    Ok(endpoint)
}

async fn put_events(request: Request<Incoming>, queue: Arc<Queue>) -> anyhow::Result<Response<Full<Bytes>>> {
    let body = request.into_body().collect().await?.to_bytes();
    let request: Value = serde_json::from_slice(&body)?;
    let entries = request["Entries"].as_array().map_or(&[][..], Vec::as_slice);
    let mut answers = Vec::new();
    for entry in entries {
        match envelope(entry) {
            Ok(envelope) => {
                answers.push(json!({"EventId": envelope["id"]}));
                let delivery = Delivery::new(envelope);
                if matches!(delivery.kind(), "ScrapeRequested" | "BackfillRequested") {
                    queue.push(delivery);
                } else {
                    tracing::debug!(event = delivery.kind(), detail = %delivery.envelope["detail"], "An event.");
                }
            }
            Err(why) => answers.push(json!({"ErrorCode": "MalformedDetail", "ErrorMessage": why.to_string()})),
        }
    }
    let failed = answers.iter().filter(|answer| answer.get("ErrorCode").is_some()).count();
    let answer = json!({"FailedEntryCount": failed, "Entries": answers}).to_string();
    let response = Response::builder().status(StatusCode::OK).header("content-type", "application/x-amz-json-1.1");
    Ok(response.body(Full::new(answer.into()))?)
}

#[expect(clippy::disallowed_methods, reason = "EventBridge stamps events with its own time")]
fn envelope(entry: &Value) -> anyhow::Result<Value> {
    let detail: Value = serde_json::from_str(entry["Detail"].as_str().context("no detail")?)?;
    Ok(json!({
        "version": "0",
        "id": detail["id"],
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": "000000000000",
        "time": Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": "local",
        "resources": [],
        "detail": detail,
    }))
}

/// Starts the workers that carry events to the scraper.
pub(crate) fn deliver(queue: &Arc<Queue>, scraper: &Scraper, progress: &Arc<Progress>) {
    for _ in 0..WORKERS {
        let (queue, scraper, progress) = (Arc::clone(queue), scraper.clone(), Arc::clone(progress));
        tokio::spawn(async move {
            loop {
                let delivery = queue.next().await;
                // Its own task, as a Lambda invocation is its own: a panic ends this event, not the worker.
                let (target, envelope) = (scraper.clone(), delivery.envelope.clone());
                let answer = tokio::spawn(async move { target.handle(envelope).await }).await;
                queue.done(&delivery);
                match answer {
                    Ok(Ok(answer)) => progress.scraped(&answer),
                    Ok(Err(error)) => again(&queue, delivery, &format!("{error:#}"), &progress).await,
                    Err(error) => again(&queue, delivery, &error.to_string(), &progress).await,
                }
            }
        });
    }
}

async fn again(queue: &Queue, mut delivery: Delivery, why: &str, progress: &Progress) {
    delivery.failures += 1;
    tracing::warn!(event = delivery.kind(), id = %delivery.envelope["id"], why, "An event failed.");
    if delivery.failures < TRIES {
        tokio::time::sleep(PAUSE * delivery.failures).await;
        queue.push(delivery);
    } else {
        progress.gave_up(&delivery.envelope);
    }
}
