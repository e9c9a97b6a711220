//! How long the table is waited for.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use statusphere_runtime::{Access, Patience};
use statusphere_store::Store;

/// A table behind a listener that takes connections and never says a word.
fn silent(listener: &TcpListener, scheme: &str, patience: Patience) -> Store {
    let access = Access {
        region: "eu-central-1".to_owned(),
        credentials: Credentials::new("key", "secret", None, None, "test"),
        endpoint: Some(format!("{scheme}://{}", listener.local_addr().unwrap())),
        roots: None,
        patience: Some(patience),
    };
    Store::new(&access.open().unwrap(), "statusphere")
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let [attempt, operation] = [100, 250].map(Duration::from_millis);
    // Over TLS the handshake never ends, else the answer never comes.
    for (scheme, connect) in [("http", Duration::from_mins(1)), ("https", attempt), ("https", Duration::from_mins(1))] {
        let store = silent(&listener, scheme, Patience { connect, attempt, operation });
        let started = Instant::now();
        let error = store.last_slot().await.unwrap_err().to_string();
        let took = started.elapsed();
        assert!(error.contains("timeout") || error.contains("timed out"), "{scheme}: {error}");
        assert!(took >= attempt && took < Duration::from_secs(10), "{scheme}: {took:?}");
    }
}
