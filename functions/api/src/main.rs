//! The Lambda `statusphere-api`: configuration, then one event after the other.

use std::convert::Infallible;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use lambda_runtime::{LambdaEvent, service_fn};
use statusphere_api::{Api, Settings};
use statusphere_catalogue::Catalogue;
use statusphere_http::Event;
use statusphere_runtime::{aws, optional, parsed, required, telemetry};
use statusphere_store::Store;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry()?;
    let table = required("TABLE_NAME")?;
    let store = Store::new(&aws()?, &table);
    let settings = Settings {
        interval: TimeDelta::minutes(parsed("INTERVAL_MINUTES", 5)?),
        public_url: optional("PUBLIC_URL"),
        live_for: TimeDelta::seconds(60),
        cursor_key: table,
        clock: Utc::now,
    };
    let catalogue = Catalogue::shipped();
    catalogue.warm();
    let api = Api::new(Arc::new(store), Arc::new(catalogue), settings);
    api.warm().await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, Infallible>(api.invoke(event.payload).await)
    }))
    .await
}
