//! The Lambda `statusphere-web`: configuration, then one event after the other.

use std::convert::Infallible;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use lambda_runtime::{LambdaEvent, service_fn};
use statusphere_catalogue::Catalogue;
use statusphere_http::Event;
use statusphere_runtime::{aws, optional, parsed, required, telemetry};
use statusphere_store::Store;
use statusphere_web::{Settings, Web};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry()?;
    let store = Store::new(&aws()?, &required("TABLE_NAME")?);
    let settings = Settings {
        interval: TimeDelta::minutes(parsed("INTERVAL_MINUTES", 5)?),
        public_url: optional("PUBLIC_URL"),
        live_for: TimeDelta::seconds(60),
        clock: Utc::now,
    };
    let catalogue = Catalogue::shipped();
    catalogue.warm();
    let web = Web::new(Arc::new(store), Arc::new(catalogue), settings);
    web.warm().await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, Infallible>(web.invoke(event.payload).await)
    }))
    .await
}
