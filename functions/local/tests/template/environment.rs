//! A function gets exactly the variables that it reads.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Template, sources, words};

/// Not in the template, each with the reason.
const NOT_OURS: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "Lambda sets it: the role's credentials"),
    ("AWS_SECRET_ACCESS_KEY", "Lambda sets it: the role's credentials"),
    ("AWS_SESSION_TOKEN", "Lambda sets it: the role's credentials"),
    ("AWS_REGION", "Lambda sets it: where the function runs"),
    ("AWS_CA_BUNDLE", "for emulators that speak TLS with a certificate of their own; set by hand there"),
];

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let of_all = variables(&template.0["Globals"]["Function"]);
    for function in template.functions() {
        let own = variables(function.properties);
        let set: BTreeSet<String> = &of_all | &own;
        let mut used = used_below(&format!("functions/{}/src", function.name));
        used.extend(used_below("shared/runtime/src"));
        used.retain(|name| !NOT_OURS.iter().any(|(other, _)| other == name));
        let missing = (&used - &set).into_iter();
        wrong.extend(missing.map(|name| format!("{} reads {name}, which the template does not set", function.id)));
        let unused = (&set - &used).into_iter();
        wrong.extend(unused.map(|name| format!("the template sets {name}, which {} does not read", function.id)));
    }
    wrong.extend(other_defaults(template));
    let referred = Template::references(&template.0).into_iter().collect::<BTreeSet<_>>();
    let unknown = referred.iter().filter(|name| !is_known(template, name));
    wrong.extend(unknown.map(|name| format!("there is nothing called {name}")));
    wrong
}

/// True for a parameter, a resource, what SAM makes of a function's event, and what CloudFormation itself knows.
fn is_known(template: &Template, name: &str) -> bool {
    let name = name.split('.').next().unwrap_or_default();
    let made = template.functions().into_iter().any(|function| {
        function.events().any(|(event, _)| name.strip_prefix(function.id).is_some_and(|rest| rest == event))
    });
    let stated = ["Parameters", "Resources"].iter().any(|section| template.0[section].get(name).is_some());
    made || stated || name.starts_with("AWS::")
}

fn variables(properties: &serde_json::Value) -> BTreeSet<String> {
    let variables = properties["Environment"]["Variables"].as_object();
    variables.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// Variables that mean one thing when they are missing and another when the stack sets them.
fn other_defaults(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for function in template.functions() {
        for source in sources(&format!("functions/{}/src", function.name)) {
            for found in DEFAULTS.captures_iter(&source) {
                let (name, default) = (&found[1], &found[2]);
                let parameter = words(&function.properties["Environment"]["Variables"][name]);
                let stated = words(&template.0["Parameters"][&parameter]["Default"]);
                if stated != default {
                    wrong.push(format!("{name} of {} is {default} by itself, {stated} in a stack", function.id));
                }
            }
        }
    }
    wrong
}

static DEFAULTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\bparsed\(\s*"([^"]+)",\s*(\w+)\)"#).unwrap());

static ASKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?:^|[^.\w])(?:required|optional|parsed)(?:::<[^(]*>)?\(\s*"([^"]+)""#).unwrap());

/// The variables that the sources in a folder ask the runtime for.
fn used_below(folder: &str) -> BTreeSet<String> {
    let asked = |text: String| ASKS.captures_iter(&text).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    sources(folder).into_iter().flat_map(asked).collect()
}
