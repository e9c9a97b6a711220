//! The publisher's Lambda: configuration in, [`Publisher::handle`] behind the runtime.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Utc;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use statusphere_bus::Bus;
use statusphere_publisher::Publisher;
use statusphere_runtime as runtime;
use statusphere_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    runtime::telemetry()?;
    let aws = runtime::aws()?;
    let store = Arc::new(Store::new(&aws, runtime::required("TABLE_NAME")?));
    let bus = Bus::new(&aws, runtime::required("BUS_NAME")?);
    #[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
    let clock = Utc::now;
    // A merge of nothing: one item of the live state is read, which is what this function may read.
    runtime::warm(store.merge_live(0, BTreeMap::new(), clock)).await;
    let publisher = &Publisher::new(store, bus, runtime::parsed("LIVE_SHARDS", 60)?, clock);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        publisher.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
