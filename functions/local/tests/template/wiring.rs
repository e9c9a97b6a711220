//! What somebody who reviews the template would want: failures that end somewhere, logs that end some day, names that exist.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::source::{Function, Template, read, root, words};

/// Functions whose failures go nowhere, with the reason.
const NO_DESTINATION: [(&str, &str); 3] = [
    ("dispatcher", "the next tick makes up for one that failed"),
    ("api", "who asked is told, and asks again"),
    ("web", "who asked is told, and asks again"),
];

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut logs = BTreeSet::new();
    for function in template.functions() {
        if function.properties.get("Timeout").is_none() {
            wrong.push(format!("{} has no timeout", function.id));
        }
        let log = words(&function.properties["LoggingConfig"]["LogGroup"]);
        if template.of_type("AWS::Logs::LogGroup").all(|(id, _)| id != log) || !logs.insert(log.clone()) {
            wrong.push(format!("{} has no log of its own", function.id));
        }
        for (id, event) in function.events() {
            let missing = unhandled(template, function, id, event);
            wrong.extend(missing.map(|what| format!("{id} of {} has no {what}", function.id)));
        }
    }
    for (id, log) in template.of_type("AWS::Logs::LogGroup") {
        if log.get("RetentionInDays").is_none() {
            wrong.push(format!("{id} is kept for ever"));
        }
    }
    let kinds: BTreeSet<_> =
        template.functions().iter().flat_map(|f| f.events().map(|(_, e)| words(&e["Type"]))).collect();
    if !kinds.contains("ScheduleV2") {
        wrong.push("nothing calls the dispatcher".to_owned());
    }
    wrong.extend(unbuilt(template));
    wrong.extend(overridden(template));
    wrong
}

/// What an event lacks so that nothing is lost in silence.
fn unhandled(template: &Template, function: Function<'_>, id: &str, event: &Value) -> Option<&'static str> {
    let (about, invoked) = (&event["Properties"], &function.properties["EventInvokeConfig"]);
    let excused = NO_DESTINATION.iter().any(|(name, _)| *name == function.name);
    let lost = |of: &Value| of["DestinationConfig"]["OnFailure"]["Destination"].is_null();
    match event["Type"].as_str().unwrap() {
        "HttpApi" => (!excused).then_some("reason why failures go nowhere"),
        "ScheduleV2" | "EventBridgeRule" if invoked["MaximumRetryAttempts"].is_null() => Some("bounded retries"),
        "ScheduleV2" | "EventBridgeRule" if about["RetryPolicy"]["MaximumRetryAttempts"].is_null() => {
            Some("bounded retries of the delivery")
        }
        "ScheduleV2" => (!excused && lost(invoked)).then_some("place for what failed"),
        "EventBridgeRule" => match words(&about["DeadLetterConfig"]["Arn"]).strip_suffix(".Arn") {
            None => Some("place for what could not be delivered"),
            Some(queue) if !may_be_left(template, queue, &format!("{}{id}.Arn", function.id)) => {
                Some("leave to put what could not be delivered")
            }
            Some(_) => lost(invoked).then_some("place for what failed"),
        },
        "DynamoDB" if about["MaximumRetryAttempts"].is_null() => Some("bounded retries"),
        "DynamoDB" if about["BisectBatchOnFunctionError"] != true => Some("way round one bad record"),
        "DynamoDB" => lost(about).then_some("place for what failed"),
        // What a queue gave stays in it, out of sight while it is tried: deployment is refused if not for long enough.
        "SQS" => {
            let queue = words(&about["Queue"]).replace(".Arn", "");
            let hidden = template.0["Resources"][queue]["Properties"]["VisibilityTimeout"].as_u64().unwrap_or(30);
            let timeout = function.properties["Timeout"].as_u64().unwrap_or(3);
            (hidden < timeout).then_some("time to be tried before it is handed out again")
        }
        _ => Some("kind that is known here"),
    }
}

/// True when a rule may put what it could not deliver into a queue.
fn may_be_left(template: &Template, queue: &str, rule: &str) -> bool {
    let policies = template.of_type("AWS::SQS::QueuePolicy");
    let mut statements = policies.flat_map(|(_, policy)| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    statements.any(|statement| {
        statement["Effect"] == "Allow"
            && statement["Principal"]["Service"] == "events.amazonaws.com"
            && statement["Action"] == "sqs:SendMessage"
            && words(&statement["Resource"]) == format!("{queue}.Arn")
            && words(&statement["Condition"]["ArnEquals"]["aws:SourceArn"]) == rule
    })
}

/// Functions and crates that have no counterpart.
fn unbuilt(template: &Template) -> Vec<String> {
    let functions = template.functions().into_iter();
    let wanted: BTreeSet<_> = functions.map(|f| format!("statusphere-{0} of statusphere-{0}", f.name)).collect();
    let one_sided = BUILT.symmetric_difference(&wanted);
    one_sided.map(|one| format!("{one} is in the template or in the workspace, not in both")).collect()
}

/// The binaries of the workspace, each with its package.
static BUILT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let binaries = packages.flat_map(|package| {
        let targets = package["targets"].as_array().unwrap().iter();
        let binaries = targets.filter(|target| target["kind"][0] == "bin");
        binaries.map(|target| format!("{} of {}", words(&target["name"]), words(&package["name"])))
    });
    binaries.collect()
});

/// Parameters that samconfig.toml sets and the template does not have.
fn overridden(template: &Template) -> Vec<String> {
    let strange = OVERRIDDEN.iter().filter(|name| template.0["Parameters"].get(name.as_str()).is_none());
    strange.map(|name| format!("samconfig.toml sets {name}, which is no parameter")).collect()
}

/// The parameters that samconfig.toml sets.
static OVERRIDDEN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let assignment = Regex::new(r#"["\s]([A-Z][A-Za-z]+)="#).unwrap();
    let text = read("samconfig.toml");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let names: BTreeSet<String> =
        lines.flat_map(|line| assignment.captures_iter(line)).map(|found| found[1].to_owned()).collect();
    assert!(names.contains("IntervalMinutes"), "samconfig.toml is not read as it was: {names:?}");
    names
});
