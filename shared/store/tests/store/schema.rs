//! The table of another version is told from ours.

use dynoxide::Database;
use serde_json::json;
use statusphere_store::{Store, StoreError};
use tokio::net::TcpListener;

use crate::support::Engine;

#[tokio::test]
async fn a_table_that_is_there_is_taken_as_it_is() {
    let store = Engine::start().await.store();
    store.create_table().await.unwrap();
}

#[tokio::test]
async fn a_table_of_an_earlier_version_is_refused() {
    let database = Database::memory().unwrap();
    let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let table = json!({
        "TableName": "statusphere",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [attribute("pk"), attribute("sk")],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    });
    database.create_table(serde_json::from_value(table).unwrap()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    let error = Store::new(&statusphere_runtime::emulator(&endpoint), "statusphere").create_table().await.unwrap_err();
    assert!(matches!(error, StoreError::Outmoded { .. }), "{error}");
}
