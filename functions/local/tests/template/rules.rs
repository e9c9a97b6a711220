//! Says what CloudFormation says to the values of parameters, before it makes anything.
//!
//! Deliberately absent: functions that the template's rules do not use. One that is not known here is a panic.

use std::collections::BTreeMap;
use std::sync::Mutex;

use regex::Regex;
use serde_json::Value;

use crate::source::{Template, listed, words};

/// Why a deployment with these values is refused, in the template's words; empty when it is not.
pub(crate) fn refusals(template: &Template, values: &[(&str, &str)]) -> Vec<String> {
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    for (name, parameter) in template.section("Parameters") {
        all.extend(parameter.get("Default").map(|default| (name.as_str(), words(default))));
    }
    all.extend(values.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let mut refusals = Vec::new();
    for (name, parameter) in template.section("Parameters") {
        match all.get(name.as_str()) {
            None => refusals.push(format!("{name} must have a value")),
            Some(value) if fits(parameter, value) => {}
            Some(_) => refusals.push(parameter["ConstraintDescription"].as_str().unwrap_or_default().to_owned()),
        }
    }
    for (_, rule) in template.section("Rules") {
        if rule.get("RuleCondition").is_some_and(|condition| !holds(condition, &all)) {
            continue;
        }
        let broken = listed(&rule["Assertions"]).into_iter().filter(|assertion| !holds(&assertion["Assert"], &all));
        refusals.extend(broken.map(|assertion| assertion["AssertDescription"].as_str().unwrap_or_default().to_owned()));
    }
    refusals
}

fn fits(parameter: &Value, value: &str) -> bool {
    let number: Option<f64> = value.parse().ok();
    let kind_fits = match parameter["Type"].as_str() {
        Some("Number") => number.is_some(),
        Some("String") => true,
        other => panic!("nobody here understands the type {other:?}"),
    };
    let size = number.unwrap_or_default();
    let at_least = parameter["MinValue"].as_f64().is_none_or(|least| size >= least);
    let at_most = parameter["MaxValue"].as_f64().is_none_or(|most| size <= most);
    let choices = listed(&parameter["AllowedValues"]);
    let chosen = choices.is_empty() || choices.iter().any(|choice| words(choice) == value);
    let pattern = parameter["AllowedPattern"].as_str();
    let matches = pattern.is_none_or(|pattern| is_all_of(pattern, value));
    kind_fits && at_least && at_most && chosen && matches
}

/// True when a pattern matches a value from its beginning to its end. Patterns are compiled once: that takes longest.
fn is_all_of(pattern: &str, value: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap();
    let regex = compiled
        .entry(pattern.to_owned())
        .or_insert_with(|| Regex::new(&format!("^(?:{pattern})$")).expect("a pattern is a regular expression"));
    regex.is_match(value)
}

fn holds(test: &Value, values: &BTreeMap<&str, String>) -> bool {
    let (name, arguments) = test.as_object().and_then(|test| test.iter().next()).expect("a test is a function");
    let arguments = arguments.as_array().expect("a function has a list of arguments");
    match name.as_str() {
        "Fn::And" => arguments.iter().all(|test| holds(test, values)),
        "Fn::Or" => arguments.iter().any(|test| holds(test, values)),
        "Fn::Not" => !holds(&arguments[0], values),
        "Fn::Equals" => value(&arguments[0], values) == value(&arguments[1], values),
        "Fn::Contains" => listed(&arguments[0]).iter().any(|one| value(one, values) == value(&arguments[1], values)),
        other => panic!("nobody here understands {other}"),
    }
}

fn value(argument: &Value, values: &BTreeMap<&str, String>) -> String {
    match argument.get("Ref") {
        Some(name) => values.get(words(name).as_str()).cloned().unwrap_or_default(),
        None => words(argument),
    }
}
