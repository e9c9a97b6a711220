//! Every endpoint has one route and a sample, and every route an endpoint.

use std::collections::BTreeSet;

use crate::samples;
use crate::source::{Template, words};

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let (mut wrong, mut taken, mut defaults) = (Vec::new(), Vec::new(), 0);
    for function in template.functions() {
        for (id, event) in function.events().filter(|(_, event)| event["Type"] == "HttpApi") {
            let about = &event["Properties"];
            if function.name != "api" {
                wrong.push(format!("the route {id} leads to {}, which answers no requests", function.id));
            }
            if template.0["Resources"][words(&about["ApiId"])]["Type"] != "AWS::Serverless::HttpApi" {
                wrong.push(format!("the route {id} is none of the stack's API"));
            }
            match (about["Method"].as_str(), about["Path"].as_str()) {
                (None, None) => defaults += 1,
                (method, path) => {
                    taken.push(format!("{} {}", method.unwrap_or("ANY"), path.unwrap_or("$default")));
                }
            }
        }
    }
    if defaults != 1 {
        wrong.push(format!("{defaults} routes take what no other takes, instead of one"));
    }
    let endpoints: BTreeSet<String> = statusphere_api::routes().map(|path| format!("GET {path}")).collect();
    let routed: BTreeSet<String> = taken.iter().cloned().collect();
    if routed.len() != taken.len() {
        wrong.push(format!("a route is there twice: {taken:?}"));
    }
    wrong.extend((&endpoints - &routed).iter().map(|route| format!("the endpoint {route} has no route")));
    wrong.extend((&routed - &endpoints).iter().map(|route| format!("the route {route} has no endpoint")));
    for (id, gateway) in template.of_type("AWS::Serverless::HttpApi") {
        let throttled = gateway["RouteSettings"].as_object().into_iter().flatten();
        let strange = throttled.filter(|(route, _)| *route != "$default" && !routed.contains(*route));
        wrong.extend(strange.map(|(route, _)| format!("{id} throttles {route}, which is no route")));
    }
    wrong.extend(unsampled(&routed));
    wrong
}

fn unsampled(routed: &BTreeSet<String>) -> Vec<String> {
    let mut sampled = BTreeSet::new();
    let mut wrong = Vec::new();
    for (file, event) in samples::all().into_iter().filter(|(file, _)| file.starts_with("api-")) {
        let method = event["requestContext"]["http"]["method"].as_str().unwrap_or_default();
        let asked = format!("{method} {}", event["rawPath"].as_str().unwrap_or_default());
        let route = event["routeKey"].as_str().unwrap_or_default().to_owned();
        let taken_by = if routed.contains(&asked) { &asked } else { "$default" };
        if route != taken_by || event["requestContext"]["routeKey"] != route.as_str() {
            wrong.push(format!("events/{file} says that the route {route} takes it, and {taken_by} does"));
        }
        sampled.insert(route);
    }
    let all = routed.iter().cloned().chain(["$default".to_owned()]).collect::<BTreeSet<_>>();
    wrong.extend((&all - &sampled).iter().map(|route| format!("the route {route} has no sample in events/")));
    wrong
}
