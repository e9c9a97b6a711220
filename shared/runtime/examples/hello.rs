//! The least that a Lambda in Rust can be: the measure of `cargo bench-cold`.
//!
//! Deliberately absent: everything else.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(async |_: LambdaEvent<Value>| Ok::<_, Error>(json!({})))).await
}
