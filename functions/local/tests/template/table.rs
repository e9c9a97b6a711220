//! The template's table is the one that the store makes for embedded engines.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::source::{Template, listed, read};
use crate::story::{self, Lived, kind_of_item};

pub(crate) fn problems(template: &Template, lived: &Lived) -> Vec<String> {
    let stated = &template.0["Resources"]["Table"]["Properties"];
    let (ours, made) = (facts(stated), facts(&lived.table));
    let mut wrong: Vec<String> = (&made - &ours).iter().map(|fact| format!("the table lacks {fact}")).collect();
    wrong.extend((&ours - &made).iter().map(|fact| format!("the store makes no table with {fact}")));
    let expires = stated["TimeToLiveSpecification"]["AttributeName"].as_str().unwrap_or_default();
    let mut records = lived.kinds.values().flat_map(|(records, _)| records);
    if !records.any(|record| record["dynamodb"]["NewImage"].get(expires).is_some()) {
        wrong.push(format!("no item expires by `{expires}`"));
    }
    for (what, protection) in
        [("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), ("TimeToLiveSpecification", "Enabled")]
    {
        if stated[what][protection] != true {
            wrong.push(format!("the table is without {protection}"));
        }
    }
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if template.0["Resources"]["Table"][policy] != "Retain" {
            wrong.push(format!("{policy} does not keep the table"));
        }
    }
    if stated.get("TableName").is_some() {
        wrong.push("a table with a name collides with the one that an earlier stack left".to_owned());
    }
    wrong
}

#[tokio::test]
async fn the_docs_name_every_kind_of_item() {
    let docs = read("docs/decisions/0001-table.md");
    let rows = docs.lines().skip_while(|line| !line.starts_with("| item | pk | sk |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|')).map(|row| row.split('`').collect::<Vec<_>>());
    let named: BTreeSet<String> = rows.map(|cells| kind_of_item(cells[1], cells[3])).collect();
    let written: BTreeSet<String> = story::lived().await.kinds.keys().cloned().collect();
    assert_eq!(named, written, "left: docs/decisions/0001-table.md; right: what was written");
}

fn facts(table: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let keys = |of: &Value| {
        let keys = listed(&of["KeySchema"]);
        let keys = keys.iter().map(|key| format!("{} {}", text(&key["KeyType"]), text(&key["AttributeName"])));
        keys.collect::<Vec<_>>().join(", ")
    };
    let mut facts = BTreeSet::from([
        format!("the keys {}", keys(table)),
        format!("a stream of {}", text(&table["StreamSpecification"]["StreamViewType"])),
    ]);
    for attribute in listed(&table["AttributeDefinitions"]) {
        facts.insert(format!(
            "the key attribute {} {}",
            text(&attribute["AttributeName"]),
            text(&attribute["AttributeType"])
        ));
    }
    for index in listed(&table["GlobalSecondaryIndexes"]) {
        let (name, projection) = (text(&index["IndexName"]), text(&index["Projection"]["ProjectionType"]));
        facts.insert(format!("the index {name}: {}, {projection}", keys(&index)));
    }
    facts
}
