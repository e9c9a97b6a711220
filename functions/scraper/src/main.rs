//! The scraper's Lambda: configuration in, [`Scraper::handle`] behind the runtime.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_runtime as runtime;
use statusphere_scraper::{Scraper, Settings};
use statusphere_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    runtime::telemetry()?;
    let aws = runtime::aws()?;
    let store = Arc::new(Store::new(&aws, runtime::required("TABLE_NAME")?));
    #[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
    let clock = Utc::now;
    let proxy = runtime::optional("FETCH_PROXY");
    if proxy.is_some() && runtime::optional("AWS_ENDPOINT_URL").is_none() {
        return Err("FETCH_PROXY is for emulators: AWS_ENDPOINT_URL must name one".into());
    }
    let fetcher = Fetcher::web(Config {
        contact: runtime::required("CONTACT_URL")?,
        limits: Limits::default(),
        allowed_hosts: Vec::new(),
        proxy,
        clock,
    })?;
    let settings = Settings { interval: TimeDelta::minutes(runtime::parsed("INTERVAL_MINUTES", 5)?), clock };
    // The breaker of no host: an item that is not there costs least.
    runtime::warm(store.breaker("")).await;
    let scraper = &Scraper::new(store, Arc::new(fetcher), settings);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        scraper.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
