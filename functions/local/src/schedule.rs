//! The schedule: calls the dispatcher each minute with that minute, as EventBridge Scheduler does.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use statusphere_dispatcher::Dispatcher;

/// Starts the timer. The first tick comes at once and asks for every page: this process knows nothing yet of how old
/// what it has is.
#[expect(clippy::disallowed_methods, reason = "the Scheduler's clock")]
pub(crate) fn start(dispatcher: Arc<Dispatcher>) {
    tokio::spawn(async move {
        let mut all = true;
        loop {
            let now = Utc::now();
            tick(&dispatcher, now, all).await;
            all = false;
            let next = (now.timestamp() / 60 + 1) * 60;
            let wait = DateTime::from_timestamp(next, 0).map_or(TimeDelta::seconds(60), |next| next - Utc::now());
            tokio::time::sleep(wait.to_std().unwrap_or(Duration::ZERO)).await;
        }
    });
}

/// One tick. A failed one is only logged: the next catches up.
async fn tick(dispatcher: &Dispatcher, now: DateTime<Utc>, all: bool) {
    let payload = json!({"time": now.to_rfc3339_opts(SecondsFormat::Secs, true), "all": all});
    if let Err(error) = dispatcher.handle(payload).await {
        tracing::error!(error = format!("{error:#}"), "A tick failed.");
    }
}
