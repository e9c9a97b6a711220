//! The dispatcher's Lambda: configuration in, [`Dispatcher::handle`] behind the runtime.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use statusphere_bus::Bus;
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::{Dispatcher, Settings};
use statusphere_runtime as runtime;
use statusphere_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    runtime::telemetry()?;
    let aws = runtime::aws()?;
    let settings = Settings {
        interval: runtime::parsed("INTERVAL_MINUTES", 5)?,
        pages_per_event: runtime::parsed("PAGES_PER_EVENT", 1)?,
    };
    let store = Arc::new(Store::new(&aws, runtime::required("TABLE_NAME")?));
    let bus = Bus::new(&aws, runtime::required("BUS_NAME")?);
    runtime::warm(store.last_slot()).await;
    let dispatcher = &Dispatcher::new(store, bus, Arc::new(Catalogue::shipped()), settings);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        dispatcher.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
