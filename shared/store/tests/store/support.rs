//! An engine with the table, its stream read in-process, and things to store.

use chrono::{DateTime, Utc};
use dynoxide::Database;
use serde_json::{Value, json};
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus,
    PageId, Update,
};
use statusphere_store::{Store, Timeline};
use tokio::net::TcpListener;

/// The embedded engine; it ends with the runtime of its test.
pub(crate) struct Engine {
    database: Database,
    endpoint: String,
}

impl Engine {
    pub(crate) async fn start() -> Self {
        let database = Database::memory().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        let engine = Self { database, endpoint };
        engine.store().create_table().await.unwrap();
        engine
    }

    /// A store of its own over the same table, as another function would have it.
    pub(crate) fn store(&self) -> Store {
        Store::new(&statusphere_runtime::emulator(&self.endpoint), "statusphere")
    }

    /// Every record of the table's stream so far, as Lambda would get it.
    pub(crate) fn records(&self) -> Vec<Value> {
        statusphere_testing::records(&self.database)
    }

    /// Sets an attribute of an item to whatever it is given, past every check.
    pub(crate) fn set(&self, pk: &str, sk: &str, attribute: &str, value: &Value) {
        let request = json!({
            "TableName": "statusphere",
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "UpdateExpression": "SET #attribute = :value",
            "ExpressionAttributeNames": {"#attribute": attribute},
            "ExpressionAttributeValues": {":value": value},
        });
        self.database.update_item(from(request)).unwrap();
    }

    /// Makes a page's item one that can't be read.
    pub(crate) fn spoil(&self, slug: &str, sk: &str) {
        self.set(&format!("PAGE#{slug}"), sk, "data", &json!({"B": "AAAA"}));
    }

    /// The item that was written last, as the stream shows it.
    pub(crate) fn last_image(&self) -> Value {
        self.records().last().unwrap()["dynamodb"]["NewImage"].clone()
    }
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// So many minutes after the beginning of the tests' year.
pub(crate) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap()
}

pub(crate) fn page(slug: &str) -> PageId {
    PageId::new(slug).unwrap()
}

pub(crate) fn incident(id: &str, start: i64) -> Incident {
    Incident {
        id: id.to_owned(),
        title: "Parcels arrive late".to_owned(),
        link: "https://status.acme.example/incidents/k1".to_owned(),
        impact: Indicator::Major,
        status: IncidentStatus::Identified,
        started_at: at(start),
        ended_at: None,
        updates: vec![Update { at: at(start), title: "Identified".to_owned(), body: "A belt is stuck.".to_owned() }],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    }
}

pub(crate) fn open(id: &str, start: i64) -> Item {
    Item::Incident(incident(id, start))
}

pub(crate) fn over(id: &str, start: i64) -> Item {
    let status = IncidentStatus::Resolved;
    Item::Incident(Incident { status, ended_at: Some(at(start + 30)), ..incident(id, start) })
}

pub(crate) fn maintenance(id: &str, start: i64) -> Item {
    Item::Maintenance(Maintenance {
        id: id.to_owned(),
        title: "New belts".to_owned(),
        link: "https://status.acme.example/incidents/m1".to_owned(),
        status: MaintenanceStatus::Scheduled,
        starts_at: at(start),
        ends_at: Some(at(start + 60)),
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Full,
    })
}

pub(crate) fn component(id: &str, status: ComponentStatus) -> Component {
    Component { id: id.to_owned(), name: id.to_uppercase(), group: Some("Depots".to_owned()), status }
}

/// The whole timeline of a page, read in slices of so many.
pub(crate) async fn walk(store: &Store, id: &PageId, limit: i32) -> Vec<Item> {
    let mut wanted = Timeline { limit: Some(limit), ..Timeline::default() };
    let mut items = Vec::new();
    loop {
        let slice = store.timeline(id, &wanted).await.unwrap();
        assert!(slice.items.len() <= usize::try_from(limit).unwrap());
        wanted.cursor = slice.items.last().map(|(_, _, cursor)| cursor.clone());
        items.extend(slice.items.into_iter().map(|(item, _, _)| item));
        if !slice.more {
            return items;
        }
    }
}
