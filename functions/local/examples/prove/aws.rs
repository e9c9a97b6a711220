//! The emulator in AWS's own protocols: what was deployed, calls to services, questions to the API.
//!
//! Deliberately absent: faults. The driver speaks to the emulator directly, and as the account's root, whose signature
//! nobody checks; only the functions meet the weather, and the limits of their roles.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use http_body_util::Full;
use hyper::{HeaderMap, Request};
use serde_json::{Value, json};

use crate::web::send;

/// What the gateway answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null when it is empty or no JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
}

/// The deployed stack.
pub(crate) struct Aws {
    emulator: String,
    /// Host of the API: the gateway tells APIs apart by it.
    api: String,
    pub(crate) table: String,
    pub(crate) bus: String,
    /// By the names in the template.
    functions: BTreeMap<&'static str, String>,
    /// The question that the stack's outputs suggest: path and query.
    pub(crate) first_question: String,
}

impl Aws {
    /// Looks up what was deployed: the emulator holds this one stack.
    pub(crate) async fn find(emulator: &str) -> anyhow::Result<Self> {
        let mut aws = Self {
            emulator: emulator.to_owned(),
            api: String::new(),
            table: String::new(),
            bus: String::new(),
            functions: BTreeMap::new(),
            first_question: String::new(),
        };
        let xml = aws.rest("GET", "/?Action=DescribeStacks&Version=2010-05-15", String::new()).await?;
        let output = |name: &str| {
            let (_, rest) = xml.split_once(&format!("<OutputKey>{name}</OutputKey>"))?;
            rest.split_once("<OutputValue>")?.1.split_once("</OutputValue>").map(|(value, _)| value.to_owned())
        };
        let output = |name: &str| output(name).with_context(|| format!("the stack has no output {name}: {xml}"));
        (aws.table, aws.bus) = (output("TableName")?, output("BusName")?);
        let (url, question) = (output("ApiUrl")?, output("TryIt")?);
        // In quotes, which XML may write in several ways.
        let question = question.split_once(&url).and_then(|(_, rest)| rest.split(['\'', '&']).next());
        aws.first_question = question.context("the output TryIt asks another API")?.to_owned();
        let id = url.trim_start_matches("https://").split('.').next().unwrap_or_default();
        let port = emulator.split(':').nth(1).unwrap_or_default();
        aws.api = format!("{id}.execute-api.localhost:{port}");
        let functions: Value = serde_json::from_str(&aws.rest("GET", "/2015-03-31/functions/", String::new()).await?)?;
        for name in ["Dispatcher", "Scraper", "Publisher", "Api", "Web"] {
            let all = functions["Functions"].as_array().into_iter().flatten();
            let mut names = all.filter_map(|function| function["FunctionName"].as_str());
            let full = names.find(|full| full.contains(&format!("-{name}-"))).with_context(|| format!("no {name}"))?;
            aws.functions.insert(name, full.to_owned());
        }
        Ok(aws)
    }

    /// Calls a service that speaks JSON: `DynamoDB_20120810.Query`, say.
    pub(crate) async fn call(&self, target: &str, body: &Value) -> anyhow::Result<Value> {
        let service = match target.split(['_', '.']).next() {
            Some("AWSEvents") => "events",
            Some("AmazonSQS") => "sqs",
            _ => "dynamodb",
        };
        let request = Request::post("/")
            .header("host", &self.emulator)
            .header("authorization", root(service))
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .body(Full::from(body.to_string()))?;
        let answer = send(&self.emulator, request).await?;
        let text = String::from_utf8_lossy(answer.body());
        ensure!(answer.status().is_success(), "{target} answers {}: {text}", answer.status());
        Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? })
    }

    async fn rest(&self, method: &str, path: &str, body: String) -> anyhow::Result<String> {
        let service = if path.starts_with("/?") { "cloudformation" } else { "lambda" };
        let request = Request::builder().method(method).uri(path).header("host", &self.emulator);
        let request = request.header("authorization", root(service));
        let answer = send(&self.emulator, request.body(Full::from(body))?).await?;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        if !answer.status().is_success() || answer.headers().contains_key("x-amz-function-error") {
            bail!("{method} {path} answers {}: {text}", answer.status());
        }
        Ok(text)
    }

    /// Invokes a function by its name in the template, and waits for what it says.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> anyhow::Result<Value> {
        let name = self.functions.get(function).context("no such function")?;
        let path = format!("/2015-03-31/functions/{name}/invocations");
        Ok(serde_json::from_str(&self.rest("POST", &path, event.to_string()).await?)?)
    }

    /// Asks the API, or for a page, through the gateway.
    pub(crate) async fn ask(&self, method: &str, path: &str) -> anyhow::Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.api)
            .header("origin", "https://anyone.example")
            .header("access-control-request-method", "GET")
            .body(Full::default())?;
        let (head, body) = send(&self.emulator, request).await?.into_parts();
        let (text, body) =
            (String::from_utf8_lossy(&body).into_owned(), serde_json::from_slice(&body).unwrap_or_default());
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, text })
    }

    /// Asks the API for what must be there.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.ask("GET", path).await?;
        ensure!(answer.status == 200, "GET {path} answers {}: {}", answer.status, answer.body);
        Ok(answer.body)
    }

    /// Messages in a queue of the template, those on their way included.
    pub(crate) async fn waiting(&self, queue: &str) -> anyhow::Result<u64> {
        let queues = self.call("AmazonSQS.ListQueues", &json!({})).await?;
        let mut urls = queues["QueueUrls"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let url = urls.find(|url| url.contains(&format!("-{queue}-"))).with_context(|| format!("no queue {queue}"))?;
        let wanted = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        let answer = self.call("AmazonSQS.GetQueueAttributes", &wanted).await?;
        let number = |name: &str| answer["Attributes"][name].as_str().and_then(|text| text.parse::<u64>().ok());
        let visible = number("ApproximateNumberOfMessages").context("the queue has no length")?;
        Ok(visible + number("ApproximateNumberOfMessagesNotVisible").unwrap_or(0))
    }

    /// Switches the redriving of failed scrapes on, as an owner would.
    pub(crate) async fn redrive(&self) -> anyhow::Result<()> {
        let path = "/2015-03-31/event-source-mappings/";
        let mappings: Value = serde_json::from_str(&self.rest("GET", path, String::new()).await?)?;
        let mut all = mappings["EventSourceMappings"].as_array().into_iter().flatten();
        let found = all.find(|mapping| mapping["EventSourceArn"].as_str().is_some_and(|arn| arn.contains(":sqs:")));
        let id = found.and_then(|mapping| mapping["UUID"].as_str()).context("nothing redrives failed scrapes")?;
        self.rest("PUT", &format!("{path}{id}"), json!({"Enabled": true}).to_string()).await?;
        Ok(())
    }

    /// All records of the table's stream, oldest first.
    pub(crate) async fn records(&self) -> anyhow::Result<Vec<Value>> {
        let call = async |name: &str, body| self.call(&format!("DynamoDBStreams_20120810.{name}"), &body).await;
        let streams = call("ListStreams", json!({"TableName": self.table})).await?;
        let arn = &streams["Streams"][0]["StreamArn"];
        let shards = call("DescribeStream", json!({"StreamArn": arn})).await?;
        let mut records = Vec::new();
        for shard in shards["StreamDescription"]["Shards"].as_array().context("the stream has no shards")? {
            let wanted = json!({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
            let mut iterator = call("GetShardIterator", wanted).await?["ShardIterator"].clone();
            loop {
                let answer = call("GetRecords", json!({"ShardIterator": iterator})).await?;
                let batch = answer["Records"].as_array().context("no records")?;
                records.extend_from_slice(batch);
                iterator = answer["NextShardIterator"].clone();
                if batch.is_empty() || iterator.is_null() {
                    break;
                }
            }
        }
        Ok(records)
    }
}

/// The `Authorization` of the account's root.
pub(crate) fn root(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=none"
    )
}
