//! What the bus told, on a queue of one's own as any owner may hang one on it, compared with the table's change log.
//!
//! Deliberately absent: order. Events come in any, and more than once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::{Value, json};
use statusphere_domain::{Indicator, Item, Transition};
use statusphere_store::{Image, read_image};

use crate::aws::Aws;
use crate::world::World;

/// Everything that was on the bus.
pub(crate) struct Ledger {
    queue: String,
    /// Changes by their ids: the name of the event, and its detail.
    told: BTreeMap<String, (String, Value)>,
    /// Asked of the scraper, oldest first.
    pub(crate) requests: Vec<Value>,
    /// Ids that were told in two ways.
    contradictions: BTreeSet<String>,
}

impl Ledger {
    /// Hangs a queue on the bus.
    pub(crate) async fn open(aws: &Aws) -> anyhow::Result<Self> {
        let queue = aws.call("AmazonSQS.CreateQueue", &json!({"QueueName": "ledger"})).await?["QueueUrl"].clone();
        let wanted = json!({"QueueUrl": queue, "AttributeNames": ["QueueArn"]});
        let attributes = aws.call("AmazonSQS.GetQueueAttributes", &wanted).await?;
        let pattern = json!({"source": ["statusphere"]}).to_string();
        let rule = json!({"Name": "ledger", "EventBusName": aws.bus, "EventPattern": pattern});
        aws.call("AWSEvents.PutRule", &rule).await?;
        let target = json!({"Id": "ledger", "Arn": attributes["Attributes"]["QueueArn"]});
        let targets = json!({"Rule": "ledger", "EventBusName": aws.bus, "Targets": [target]});
        aws.call("AWSEvents.PutTargets", &targets).await?;
        Ok(Self {
            queue: queue.as_str().context("the queue has no address")?.to_owned(),
            told: BTreeMap::new(),
            requests: Vec::new(),
            contradictions: BTreeSet::new(),
        })
    }

    /// Number of changes told.
    pub(crate) fn told(&self) -> usize {
        self.told.len()
    }

    /// Takes what is in the queue.
    pub(crate) async fn drain(&mut self, aws: &Aws) -> anyhow::Result<()> {
        loop {
            let wanted = json!({"QueueUrl": self.queue, "MaxNumberOfMessages": 10});
            let answer = aws.call("AmazonSQS.ReceiveMessage", &wanted).await?;
            let Some(messages) = answer["Messages"].as_array().filter(|messages| !messages.is_empty()) else {
                return Ok(());
            };
            let mut entries = Vec::new();
            for (at, message) in messages.iter().enumerate() {
                self.write(&serde_json::from_str(message["Body"].as_str().unwrap_or_default())?);
                entries.push(json!({"Id": at.to_string(), "ReceiptHandle": message["ReceiptHandle"]}));
            }
            let done = json!({"QueueUrl": self.queue, "Entries": entries});
            aws.call("AmazonSQS.DeleteMessageBatch", &done).await?;
        }
    }

    fn write(&mut self, event: &Value) {
        let (name, detail) = (event["detail-type"].as_str().unwrap_or_default(), &event["detail"]);
        match name {
            "ScrapeRequested" => self.requests.push(detail.clone()),
            "BackfillRequested" => {}
            _ => {
                let id = detail["id"].as_str().unwrap_or_default().to_owned();
                let told = (name.to_owned(), detail.clone());
                if *self.told.entry(id.clone()).or_insert_with(|| told.clone()) != told {
                    self.contradictions.insert(id);
                }
            }
        }
    }

    /// Where what was told is not exactly what the table's stream shows: each change written once, numbered without a
    /// gap, told under one id in one way, and nothing else told. What was told of a page last is true of it.
    pub(crate) async fn differences(&self, aws: &Aws, world: &World) -> anyhow::Result<Vec<String>> {
        let mut wrong: Vec<String> = self.contradictions.iter().map(|id| format!("{id} is told in two ways")).collect();
        let mut expected = BTreeSet::new();
        let mut last: BTreeMap<(String, String), (u64, bool)> = BTreeMap::new();
        let mut indicators: BTreeMap<String, Indicator> = BTreeMap::new();
        for record in aws.records().await? {
            let Ok(attributes) = serde_json::from_value(record["dynamodb"]["NewImage"].clone()) else { continue };
            let Some((page, image)) = read_image(attributes)? else { continue };
            match image {
                Image::Item { key, item, sequence, baseline, .. } => {
                    let id = format!("{page}/{key}/{sequence}");
                    let was = last.insert((page.to_string(), key), (sequence, item.is_open()));
                    if was.map_or(0, |(before, _)| before) + 1 != sequence {
                        wrong.push(format!("{id} is written after {was:?}"));
                    }
                    let is_history = matches!(*item, Item::Maintenance(_)) && was.is_none() && !item.is_open();
                    if baseline || is_history {
                        continue;
                    }
                    let name = self.told.get(&id).map_or("nothing", |(name, _)| name);
                    let right = match (was, item.is_open(), item.as_ref()) {
                        (None | Some((_, false)), true, Item::Incident(_)) => name == "IncidentOpened",
                        (None | Some((_, true)), false, Item::Incident(_)) => name == "IncidentResolved",
                        (_, _, Item::Incident(_)) => name == "IncidentUpdated",
                        (_, _, Item::Maintenance(_)) => name.starts_with("Maintenance"),
                    };
                    if !right {
                        wrong.push(format!("{id} is told as {name}, was {was:?} and is {}", item.is_open()));
                    }
                    expected.insert(id);
                }
                Image::Transitions { key, steps, baseline, .. } => {
                    for step in steps {
                        if let Transition::Indicator { to: Some(to), .. } = step.transition {
                            indicators.insert(page.to_string(), to);
                        }
                        let id = match step.transition {
                            Transition::Indicator { .. } => format!("{page}/{key}/indicator"),
                            Transition::Component { id, .. } => format!("{page}/{key}/component/{id}"),
                            Transition::Readable { .. } => format!("{page}/{key}/readable"),
                        };
                        expected.extend((!baseline).then_some(id));
                    }
                }
                Image::State(_) => {}
            }
        }
        for site in &world.sites {
            let (last, truth) = (indicators.get(&site.slug), site.at(world.now()).indicator);
            if last != Some(&truth) {
                wrong.push(format!("the last step of {} is {last:?}, true is {truth:?}", site.slug));
            }
        }
        let told: BTreeSet<String> = self.told.keys().cloned().collect();
        wrong.extend(told.difference(&expected).map(|id| format!("{id} is told, and never happened")));
        wrong.extend(expected.difference(&told).map(|id| format!("{id} happened, and is not told")));
        Ok(wrong)
    }
}
