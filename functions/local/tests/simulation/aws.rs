//! The table and the bus in memory, behind the SDK's own interface to HTTP, with the faults of the real ones on demand.
//!
//! Deliberately absent: sockets, and retries of the SDK: each failed call is the end of an invocation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use super::calls::{self, Permission};

/// What is to go wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Faults {
    /// The invocation dies at its write of this number, 0 the first.
    pub(crate) dies_at: Option<usize>,
    /// It dies after that write, not before it.
    pub(crate) too_late: bool,
    /// Every call for the table is throttled.
    pub(crate) throttled: bool,
    /// Of the entries of a `PutEvents` call each so-many-th is refused.
    pub(crate) refuses_each: Option<usize>,
}

#[derive(Default)]
struct State {
    faults: Faults,
    calls: usize,
    writes: usize,
    entries: usize,
    put: Vec<Value>,
    used: BTreeMap<&'static str, BTreeSet<Permission>>,
}

/// What AWS is to the functions.
pub(crate) struct Aws {
    pub(crate) database: Database,
    state: Mutex<State>,
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Aws")
    }
}

impl Aws {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { database: Database::memory().unwrap(), state: Mutex::default() })
    }

    /// Access to it, as the runtime hands it to this function.
    pub(crate) fn config_of(self: &Arc<Self>, function: &'static str) -> SdkConfig {
        let connector = SharedHttpConnector::new(Connector { aws: Arc::clone(self), function });
        statusphere_runtime::emulator("http://aws.example")
            .into_builder()
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .retry_config(RetryConfig::disabled())
            .build()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on; writes are counted anew.
    #[allow(dead_code, reason = "not everyone who simulates breaks things")]
    pub(crate) fn break_with(&self, faults: Faults) {
        let mut state = self.state();
        (state.faults, state.writes) = (faults, 0);
    }

    /// What was put on the bus since the last look: entries as they came, each delivered one.
    pub(crate) fn put(&self) -> Vec<Value> {
        std::mem::take(&mut self.state().put)
    }

    /// The permissions that each function needed so far, whatever came of its calls.
    #[allow(dead_code, reason = "not everyone who simulates asks")]
    pub(crate) fn used(&self) -> BTreeMap<&'static str, BTreeSet<Permission>> {
        self.state().used.clone()
    }

    /// How often the next call steps back: from a counter, so that a seed gives the same run again.
    fn detour(&self) -> u64 {
        let mut state = self.state();
        state.calls += 1;
        statusphere_domain::stable_hash(&state.calls.to_string()) % 4
    }

    fn note(&self, function: &'static str, operation: &str, body: &[u8]) {
        if operation != "CreateTable" {
            let needed = calls::needed(operation, &serde_json::from_slice(body).unwrap());
            self.state().used.entry(function).or_default().extend(needed);
        }
    }

    fn answer(&self, function: &'static str, target: &str, body: &[u8]) -> (u16, String) {
        let operation = target.rsplit('.').next().unwrap_or_default();
        self.note(function, operation, body);
        if target.ends_with("PutEvents") {
            return (200, self.put_events(body));
        }
        let writes = matches!(operation, "PutItem" | "UpdateItem" | "TransactWriteItems");
        let faults = {
            let mut state = self.state();
            state.writes += usize::from(writes);
            Faults { dies_at: state.faults.dies_at.filter(|at| state.writes > *at), ..state.faults }
        };
        if faults.throttled {
            return refused("ProvisionedThroughputExceededException");
        }
        let last_write = faults.dies_at.is_some_and(|at| writes && self.state().writes == at + 1);
        if faults.dies_at.is_some() && !(last_write && faults.too_late) {
            return refused("AccessDeniedException");
        }
        match dispatch(&self.database, operation, body) {
            _ if last_write => refused("AccessDeniedException"),
            Ok(answer) => (200, answer.to_string()),
            Err(error) => (error.status_code(), error.to_json()),
        }
    }

    fn put_events(&self, body: &[u8]) -> String {
        let request: Value = serde_json::from_slice(body).unwrap();
        let mut state = self.state();
        let mut answers = Vec::new();
        for entry in request["Entries"].as_array().unwrap() {
            state.entries += 1;
            if state.faults.refuses_each.is_some_and(|each| state.entries.is_multiple_of(each)) {
                answers.push(json!({"ErrorCode": "ThrottlingException"}));
            } else {
                answers.push(json!({"EventId": state.entries.to_string()}));
                state.put.push(entry.clone());
            }
        }
        let failed = answers.iter().filter(|answer| answer.get("ErrorCode").is_some()).count();
        json!({"FailedEntryCount": failed, "Entries": answers}).to_string()
    }
}

fn refused(kind: &str) -> (u16, String) {
    (400, json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": "refused"}).to_string())
}

fn dispatch(database: &Database, operation: &str, body: &[u8]) -> Result<Value, DynoxideError> {
    macro_rules! call {
        ($name:ident) => {
            json!(database.$name(serde_json::from_slice(body).unwrap())?)
        };
    }
    Ok(match operation {
        "GetItem" => call!(get_item),
        "PutItem" => call!(put_item),
        "UpdateItem" => call!(update_item),
        "BatchGetItem" => call!(batch_get_item),
        "Query" => call!(query),
        "TransactWriteItems" => call!(transact_write_items),
        "CreateTable" => call!(create_table),
        other => panic!("nobody calls {other}"),
    })
}

#[derive(Debug)]
struct Connector {
    aws: Arc<Aws>,
    function: &'static str,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let aws = Arc::clone(&self.aws);
        let function = self.function;
        HttpConnectorFuture::new(async move {
            // Whoever else is at work may go first, so that two invocations meet in ever new ways.
            for _ in 0..aws.detour() {
                tokio::task::yield_now().await;
            }
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let (status, body) = aws.answer(function, target, request.body().bytes().unwrap_or_default());
            Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)))
        })
    }
}
