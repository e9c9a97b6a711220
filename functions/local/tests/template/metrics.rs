//! Alarms and metrics measure what is there, and all of it: resources of this stack, and fields that a function logs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::source::{Function, Template, listed, sources, words};

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let mut wrong = measured(template, &template.0, "");
    wrong.extend(unmeasured(template));
    wrong.extend(unwatched(template));
    wrong
}

/// Functions that may fail without an alarm, or that the dashboard does not show.
fn unwatched(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let shown: String = template.of_type("AWS::CloudWatch::Dashboard").map(|(_, one)| one.to_string()).collect();
    for function in template.functions() {
        let of_it = |alarm: &Value| listed(&alarm["Dimensions"]).iter().any(|one| words(&one["Value"]) == function.id);
        let mut alarms = template.of_type("AWS::CloudWatch::Alarm");
        if !alarms.any(|(_, alarm)| alarm["MetricName"] == "Errors" && of_it(alarm)) {
            wrong.push(format!("nobody is told when {} fails", function.id));
        }
        let kinds = ["Invocations", "Errors", "Throttles"].into_iter();
        let hidden = kinds.filter(|kind| {
            !shown.contains(&format!(r#"\"AWS/Lambda\", \"{kind}\", \"FunctionName\", \"${{{}}}\""#, function.id))
        });
        wrong.extend(hidden.map(|kind| format!("the dashboard does not show {kind} of {}", function.id)));
    }
    wrong
}

/// Dimensions of alarms name what is there, and as what it is.
fn measured(template: &Template, value: &Value, place: &str) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let below = map.iter().flat_map(|(name, value)| measured(template, value, name));
            // Without one the sum over the whole account is watched.
            let ours = map.contains_key("MetricName") && words(&value["Namespace"]).starts_with("AWS/");
            let of_all = (ours && listed(&value["Dimensions"]).is_empty()).then(|| format!("{value} is of nothing"));
            below.chain(of_all).collect()
        }
        Value::Array(list) if place == "Dimensions" => list.iter().filter_map(|one| misnamed(template, one)).collect(),
        Value::Array(list) => list.iter().flat_map(|value| measured(template, value, place)).collect(),
        _ => Vec::new(),
    }
}

fn misnamed(template: &Template, dimension: &Value) -> Option<String> {
    let kind = match dimension["Name"].as_str()? {
        "FunctionName" => "AWS::Serverless::Function",
        "QueueName" => "AWS::SQS::Queue",
        "TableName" => "AWS::DynamoDB::Table",
        "ApiId" => "AWS::Serverless::HttpApi",
        "EventBusName" => "AWS::Events::EventBus",
        _ => return None,
    };
    let value = words(&dimension["Value"]);
    let (id, attribute) = value.split_once('.').unwrap_or((&value, ""));
    let right =
        template.0["Resources"][id]["Type"] == kind && (attribute == "QueueName") == (kind == "AWS::SQS::Queue");
    (!right).then(|| format!("{dimension} measures nothing of this stack"))
}

/// Metrics of our own that nobody logs, and alarms on such that nobody makes.
fn unmeasured(template: &Template) -> Vec<String> {
    let (mut wrong, mut made) = (Vec::new(), BTreeSet::new());
    for (id, filter) in template.of_type("AWS::Logs::MetricFilter") {
        let log = words(&filter["LogGroupName"]);
        let functions = template.functions();
        let logs = |function: &&Function<'_>| words(&function.properties["LoggingConfig"]["LogGroup"]) == log;
        let Some(function) = functions.iter().find(logs) else {
            wrong.push(format!("{id} reads {log}, which no function writes"));
            continue;
        };
        let metrics = listed(&filter["MetricTransformations"]);
        if metrics.is_empty() {
            wrong.push(format!("{id} measures nothing"));
        }
        for metric in metrics {
            made.insert(format!("{} {}", words(&metric["MetricNamespace"]), words(&metric["MetricName"])));
            let field = words(&metric["MetricValue"]).replace("$.", "");
            let pattern = words(&filter["FilterPattern"]);
            if !sources(&format!("functions/{}/src", function.name)).iter().any(|text| text.contains(&field)) {
                wrong.push(format!("{id} takes {field} from the log of {}, which does not write it", function.id));
            }
            if !pattern.contains(&format!("$.{field} ")) {
                wrong.push(format!("{id} takes {field} from lines that {pattern} finds"));
            }
        }
    }
    for (id, alarm) in template.of_type("AWS::CloudWatch::Alarm") {
        let (space, name) = (words(&alarm["Namespace"]), words(&alarm["MetricName"]));
        if space == "AWS::StackName" && !made.contains(&format!("{space} {name}")) {
            wrong.push(format!("{id} watches {name}, which nobody measures"));
        }
    }
    wrong
}
