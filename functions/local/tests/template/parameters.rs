//! A deployment that can't work is refused before anything is made, with a sentence that says what to give instead.

use std::collections::BTreeSet;

use crate::rules::refusals;
use crate::source::{Template, listed, words};

/// Of each parameter values that are refused, and values that are not.
const VALUES: [(&str, &[&str], &[&str]); 16] = [
    ("Stage", &["", "prod"], &["production", "staging", "development"]),
    ("Architecture", &["", "ARM64", "mips"], &["arm64", "x86_64"]),
    ("MemorySize", &["0", "64", "127", "128.5", "3009", "a lot"], &["128", "3008"]),
    ("IntervalMinutes", &["0", "-5", "2.5", "7", "61", "five"], &["1", "5", "60"]),
    ("PagesPerEvent", &["0", "2.5", "26", "many"], &["1", "25"]),
    ("LiveShards", &["0", "64", "2049"], &["60", "1920"]),
    ("ReservedConcurrency", &["-1", "0.5", "10001", "none"], &["0", "50"]),
    ("LogLevel", &["LOUD", "TRACE", "info", ""], &["DEBUG"]),
    ("LogRetentionDays", &["0", "2", "366"], &["1", "365"]),
    (
        "PublicUrl",
        &[
            "status.acme.example",
            "https://",
            "https://acme.example/",
            "https://acme.example/?a=b",
            "https://acme.example/status",
            "ftp://acme.example",
        ],
        &["", "https://acme.example", "http://localhost:8080"],
    ),
    (
        "ContactUrl",
        &["", "acme.example", "https://", "mailto:", "https://acme.example/with space", "javascript:alert(1)"],
        &["https://acme.example/bot", "mailto:status@acme.example"],
    ),
    (
        "DomainName",
        &[
            "https://status.acme.example",
            "Status.acme.example",
            "localhost",
            "status.acme.example.",
            "a..example",
            "-a.example",
        ],
        &[],
    ),
    (
        "CertificateArn",
        &[
            "certificate",
            "arn:aws:iam::123456789012:server-certificate/acme",
            "arn:aws:acm:eu-central-1:1:certificate/0a",
        ],
        &[],
    ),
    ("AlarmEmail", &["nobody", "a@b", "a b@acme.example", "@acme.example"], &["", "alarm@acme.example"]),
    ("AwsEndpoint", &["localhost:4566", "http://localhost:4566/", "ftp://localhost"], &[]),
    ("FetchProxy", &["localhost:3128", "http://localhost:3128/path"], &[]),
];

const DOMAIN: [(&str, &str); 2] = [
    ("DomainName", "status.acme.example"),
    ("CertificateArn", "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-123456789abc"),
];
const EMULATOR: (&str, &str) = ("AwsEndpoint", "http://localhost:4566");
const PROXY: (&str, &str) = ("FetchProxy", "http://localhost:3128");

/// Values that do not go together, and such that do.
fn combinations() -> Vec<(Vec<(&'static str, &'static str)>, bool)> {
    let [domain, certificate] = DOMAIN;
    vec![
        (vec![EMULATOR], false),
        (vec![PROXY], false),
        (vec![EMULATOR, PROXY], false),
        (vec![EMULATOR, PROXY, ("Stage", "production")], false),
        (vec![PROXY, ("Stage", "staging")], false),
        (vec![EMULATOR, ("Stage", "staging")], true),
        (vec![EMULATOR, PROXY, ("Stage", "development")], true),
        (vec![domain], false),
        (vec![certificate], false),
        (vec![domain, certificate], true),
        (vec![], true),
    ]
}

const NEEDED: (&str, &str) = ("ContactUrl", "https://acme.example/bot");

pub(crate) fn problems(template: &Template) -> Vec<String> {
    let mut wrong = values(template);
    for (values, taken) in combinations() {
        let why = refusals(template, &[vec![NEEDED], values.clone()].concat());
        if why.is_empty() != taken || why.iter().any(String::is_empty) {
            wrong.push(format!("{values:?} is refused with {why:?}"));
        }
    }
    if refusals(template, &[]) != ["ContactUrl must have a value"] {
        wrong.push("a deployment that names nobody to ask is not refused".to_owned());
    }
    let stated: BTreeSet<&str> = template.section("Parameters").map(|(name, _)| name.as_str()).collect();
    let tried: BTreeSet<&str> = VALUES.iter().map(|(name, ..)| *name).collect();
    let one_sided = stated.symmetric_difference(&tried);
    wrong.extend(one_sided.map(|name| format!("the parameter {name} is in the template or tried here, not both")));
    for (name, parameter) in template.section("Parameters") {
        if parameter.get("Description").is_none() {
            wrong.push(format!("the parameter {name} does not say what it is"));
        }
        // Whether CloudFormation looks for a pattern in the value or compares all of it then makes no difference.
        let pattern = parameter["AllowedPattern"].as_str();
        if pattern.is_some_and(|pattern| !pattern.starts_with('^') || !pattern.ends_with('$')) {
            wrong.push(format!("the pattern of {name} does not say where it begins and ends"));
        }
    }
    wrong.extend(intervals(template));
    wrong
}

fn values(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, refused, taken) in VALUES {
        // CloudFormation says itself which values are allowed.
        let says_itself = template.0["Parameters"][name].get("AllowedValues").is_some();
        for value in refused {
            let why = refusals(template, &among_right_ones(name, value));
            if why.len() != 1 || why[0].is_empty() && !says_itself {
                wrong.push(format!("{name} `{value}` is refused with {why:?}"));
            }
        }
        for value in taken {
            let why = refusals(template, &among_right_ones(name, value));
            if !why.is_empty() {
                wrong.push(format!("{name} `{value}` is refused: {why:?}"));
            }
        }
    }
    wrong
}

/// A value with such beside it that nothing else is refused.
fn among_right_ones<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let [domain, certificate] = DOMAIN;
    let mut values = vec![NEEDED, domain, certificate];
    if name != "Stage" {
        values.extend([("Stage", "development"), EMULATOR, PROXY]);
    }
    values.push((name, value));
    values
}

/// What follows from an interval is there for each that may be chosen.
fn intervals(template: &Template) -> Vec<String> {
    let choices = listed(&template.0["Parameters"]["IntervalMinutes"]["AllowedValues"]);
    let seconds = |minutes: &str| template.0["Mappings"]["Interval"][minutes]["Seconds"].as_i64();
    let choices = choices.iter().map(words);
    let wrong = choices.filter(|minutes| seconds(minutes) != minutes.parse().ok().map(|minutes: i64| 60 * minutes));
    wrong.map(|minutes| format!("the seconds of {minutes} minutes are {:?}", seconds(&minutes))).collect()
}
