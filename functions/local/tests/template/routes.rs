//! Every endpoint and every page has one route to its function and a sample, and every route something that answers it.
//!
//! Deliberately absent: the gateway. How it chooses among routes is written down here as AWS documents it.

use std::collections::{BTreeMap, BTreeSet};

use crate::samples;
use crate::source::{Template, words};

const DEFAULT: &str = "$default";

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut routed: BTreeMap<String, &str> = BTreeMap::new();
    for function in template.functions() {
        let answered = answered(function.name);
        let mut own = BTreeSet::new();
        for (id, event) in function.events().filter(|(_, event)| event["Type"] == "HttpApi") {
            let about = &event["Properties"];
            if template.0["Resources"][words(&about["ApiId"])]["Type"] != "AWS::Serverless::HttpApi" {
                wrong.push(format!("the route {id} of {} is none of the stack's API", function.id));
            }
            let route = match (about["Method"].as_str(), about["Path"].as_str()) {
                (None, None) => DEFAULT.to_owned(),
                (method, path) => format!("{} {}", method.unwrap_or("ANY"), path.unwrap_or(DEFAULT)),
            };
            if routed.insert(route.clone(), function.name).is_some() {
                wrong.push(format!("the route {route} is there twice"));
            }
            own.insert(route);
        }
        let missing = (&answered - &own).into_iter();
        wrong.extend(missing.map(|route| format!("{} answers {route}, which does not lead to it", function.id)));
        let strange = (&own - &answered).into_iter();
        wrong.extend(strange.map(|route| format!("{route} leads to {}, which does not answer it", function.id)));
    }
    for (id, gateway) in template.of_type("AWS::Serverless::HttpApi") {
        let throttled = gateway["RouteSettings"].as_object().into_iter().flatten();
        let strange = throttled.filter(|(route, _)| !routed.contains_key(*route));
        wrong.extend(strange.map(|(route, _)| format!("{id} throttles {route}, which is no route")));
    }
    wrong.extend(unsampled(&routed));
    wrong
}

/// The routes that a function's code answers, by its folder.
fn answered(function: &str) -> BTreeSet<String> {
    let mut routes: BTreeSet<String> = match function {
        "api" => statusphere_api::routes().map(|path| format!("GET {path}")).collect(),
        "web" => statusphere_web::ROUTES.map(|path| format!("GET {path}")).into(),
        _ => return BTreeSet::new(),
    };
    // What is under the API's own path fails in the API's own shape, and all else as a page. HEAD comes this way too.
    routes.insert(if function == "api" { "ANY /api/{proxy+}" } else { DEFAULT }.to_owned());
    routes
}

fn unsampled(routed: &BTreeMap<String, &str>) -> Vec<String> {
    let mut shown = BTreeSet::new();
    let mut wrong = Vec::new();
    let samples = samples::all().into_iter().filter(|(_, event)| event["version"] == "2.0");
    for (file, event) in samples {
        let method = event["requestContext"]["http"]["method"].as_str().unwrap_or_default();
        let taken_by = taking(routed, method, event["rawPath"].as_str().unwrap_or_default());
        let route = event["routeKey"].as_str().unwrap_or_default().to_owned();
        if route != taken_by || event["requestContext"]["routeKey"] != route.as_str() {
            wrong.push(format!("events/{file} says that the route {route} takes it, and {taken_by} does"));
        }
        if routed.get(&route).is_some_and(|function| !file.starts_with(&format!("{function}-"))) {
            wrong.push(format!("events/{file} is named after another function than its route leads to"));
        }
        shown.insert(route);
    }
    let missing = routed.keys().filter(|route| !shown.contains(*route));
    wrong.extend(missing.map(|route| format!("the route {route} has no sample in events/")));
    wrong
}

/// The route that takes a request: one for the whole path, else one for all below it, else `$default`.
fn taking<'a>(routed: &'a BTreeMap<String, &str>, method: &str, path: &str) -> &'a str {
    let fitting = routed.keys().filter_map(|route| {
        let (taken, pattern) = route.split_once(' ')?;
        let fit = fit(pattern, path).filter(|_| taken == method || taken == "ANY")?;
        Some((fit, taken == method, route.as_str()))
    });
    fitting.max().map_or(DEFAULT, |(_, _, route)| route)
}

/// Whether a route's path takes the whole of another, and how many of its parts are words; `None` if it does not take it.
fn fit(pattern: &str, path: &str) -> Option<(bool, usize)> {
    let (mut words, mut parts) = (0, path.split('/'));
    for one in pattern.split('/') {
        let part = parts.next()?;
        if one == part {
            words += 1;
        } else if !one.starts_with('{') || part.is_empty() {
            return None;
        } else if one.ends_with("+}") {
            return Some((false, words));
        }
    }
    parts.next().is_none().then_some((true, words))
}
