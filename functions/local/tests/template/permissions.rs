//! A role allows exactly what its function was seen to use, and what the platform does in its name.
//!
//! Deliberately absent: how IAM evaluates. What a statement may say is what is understood here; anything else is a problem.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::simulation::calls::Permission;
use crate::source::{Function, Template, listed, words};
use crate::story::Lived;

pub(crate) fn problems(template: &Template, lived: &Lived) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut roles: BTreeSet<&str> = template.of_type("AWS::IAM::Role").map(|(id, _)| id).collect();
    for function in template.functions() {
        let role = words(&function.properties["Role"]);
        let Some((id, role)) = template.of_type("AWS::IAM::Role").find(|(id, _)| format!("{id}.Arn") == role) else {
            wrong.push(format!("{} has no role of its own", function.id));
            continue;
        };
        if !roles.remove(id) {
            wrong.push(format!("{id} is the role of several functions"));
        }
        if role.get("ManagedPolicyArns").or(function.properties.get("Policies")).is_some() {
            wrong.push(format!("what {id} allows does not stand in its own policy alone"));
        }
        if listed(&role["AssumeRolePolicyDocument"]["Statement"]) != [for_lambda()] {
            wrong.push(format!("{id} is not for Lambda alone"));
        }
        let mut granted = BTreeSet::new();
        for policy in listed(&role["Policies"]) {
            for statement in listed(&policy["PolicyDocument"]["Statement"]) {
                match allowed(&statement) {
                    Ok(allowed) => granted.extend(allowed),
                    Err(why) => wrong.push(format!("{id}: {why}: {statement}")),
                }
            }
        }
        let mut used = lived.used.get(function.name).cloned().unwrap_or_default();
        used.extend(of_the_platform(function));
        wrong.extend((&used - &granted).iter().map(|needed| format!("{id} does not allow {needed:?}")));
        wrong.extend((&granted - &used).iter().map(|more| format!("{id} allows what nobody uses: {more:?}")));
    }
    wrong.extend(roles.iter().map(|id| format!("nobody has the role {id}")));
    wrong.extend(anything(&template.0));
    wrong
}

fn for_lambda() -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
}

/// Statements, of whatever policy, that allow anyone, anything, or with anything.
fn anything(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(anything).collect(),
        Value::Object(map) if map.contains_key("Effect") => {
            let parts = ["Principal", "Action", "Resource"].into_iter().filter_map(|part| map.get(part));
            let named = parts
                .flat_map(|part| part.as_object().map_or_else(|| listed(part), |of| of.values().cloned().collect()));
            let wide = named.map(|one| words(&one)).any(|name| name == "*" || name.ends_with(":*"));
            wide.then(|| format!("{value} allows anything")).into_iter().collect()
        }
        Value::Object(map) => map.values().flat_map(anything).collect(),
        _ => Vec::new(),
    }
}

fn permission(action: &str, resource: &str, what: &str) -> Permission {
    Permission { action: action.to_owned(), resource: resource.to_owned(), what: what.to_owned() }
}

/// The permissions of a statement.
fn allowed(statement: &Value) -> Result<Vec<Permission>, &'static str> {
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    if statement["Effect"] != "Allow" || statement.as_object().unwrap().keys().any(|key| !known.contains(&key.as_str()))
    {
        return Err("not a plain permission");
    }
    let mut all = Vec::new();
    for action in listed(&statement["Action"]).iter().map(words) {
        for resource in listed(&statement["Resource"]).iter().map(words) {
            // What is not told by its address allows nothing.
            let resource = match resource.strip_suffix(".Arn") {
                Some(name) => name.to_owned(),
                None if resource.contains(".Arn/index/") => resource.replace(".Arn/", "/"),
                None if resource.contains('.') => resource,
                None => return Err("a resource that is not told by its ARN"),
            };
            let whats = restrictions(&action, &statement["Condition"])?;
            all.extend(whats.iter().map(|what| permission(&action, &resource, what)));
        }
    }
    Ok(all)
}

/// What a condition leaves of an action: partitions of the table, sources and types of events; `*` without one.
fn restrictions(action: &str, condition: &Value) -> Result<Vec<String>, &'static str> {
    let mut keys = Vec::new();
    for (operator, tests) in condition.as_object().into_iter().flatten() {
        for (key, values) in tests.as_object().into_iter().flatten() {
            keys.push((key.as_str(), operator.as_str(), listed(values).iter().map(words).collect::<Vec<_>>()));
        }
    }
    keys.sort();
    let has_star = |values: &[String]| values.iter().any(|value| value.contains('*'));
    match keys.as_slice() {
        [] => Ok(vec!["*".to_owned()]),
        [("dynamodb:LeadingKeys", operator, partitions)] if action.starts_with("dynamodb:") => match *operator {
            "ForAllValues:StringLike" => Ok(partitions.clone()),
            "ForAllValues:StringEquals" if !has_star(partitions) => Ok(partitions.clone()),
            _ => Err("partitions are not compared as patterns"),
        },
        // A call has several entries.
        [
            ("events:detail-type", "ForAllValues:StringEquals", types),
            ("events:source", "ForAllValues:StringEquals", sources),
        ] if action == "events:PutEvents" && !has_star(types) && !has_star(sources) => {
            Ok(sources.iter().flat_map(|source| types.iter().map(move |name| format!("{source} {name}"))).collect())
        }
        _ => Err("a condition that nobody here understands"),
    }
}

/// What Lambda does in the name of a function: its log, its failures, the queues and streams that it is fed from.
fn of_the_platform(function: Function<'_>) -> Vec<Permission> {
    let arn = |value: &Value| words(value).trim_end_matches(".Arn").to_owned();
    let mut all = Vec::new();
    let log = words(&function.properties["LoggingConfig"]["LogGroup"]);
    all.extend(["logs:CreateLogStream", "logs:PutLogEvents"].map(|action| permission(action, &log, "*")));
    let mut failures = vec![&function.properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]];
    failures.push(&function.properties["DeadLetterQueue"]);
    for (_, event) in function.events() {
        let about = &event["Properties"];
        match event["Type"].as_str().unwrap() {
            "DynamoDB" => {
                let stream = words(&about["Stream"]);
                let read = ["DescribeStream", "GetRecords", "GetShardIterator"];
                all.extend(read.map(|action| permission(&format!("dynamodb:{action}"), &stream, "*")));
                let table = stream.trim_end_matches("StreamArn");
                all.push(permission("dynamodb:ListStreams", &format!("{table}Arn/stream/*"), "*"));
                failures.push(&about["DestinationConfig"]["OnFailure"]);
            }
            "SQS" => {
                let read = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
                all.extend(read.map(|action| permission(&format!("sqs:{action}"), &arn(&about["Queue"]), "*")));
            }
            _ => {}
        }
    }
    for failure in failures {
        let queue = failure.get("Destination").or(failure.get("TargetArn"));
        all.extend(queue.map(|queue| permission("sqs:SendMessage", &arn(queue), "*")));
    }
    all
}
