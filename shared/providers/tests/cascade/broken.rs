//! Every fixture, broken in every way: it may tell less then; it never tells that all is well where the whole one did
//! not, and nothing panics or hangs.

use serde_json::{Value, json};
use statusphere_domain::UpDown;
use statusphere_providers::Outcome;

use crate::report;
use crate::web::{Case, fixtures, up_down};

/// Cuts of one body, at most: every byte of a small one, spread evenly over a large one.
const MAX_CUTS: usize = 1500;

/// The names of the breaks that turn a case from not healthy to healthy.
fn turned(case: &Case, url: &str, breaks: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<String> {
    let mut turned = Vec::new();
    for (how, body) in breaks {
        if up_down(&case.with_body(url, body).run().0) == UpDown::Up {
            turned.push(format!("{}: {url}, {how}, reads as healthy", case.name()));
        }
    }
    turned
}

/// Runs all breaks over all bodies of the cases that are not healthy; on healthy ones for panics alone.
fn try_all<I: Iterator<Item = (String, Vec<u8>)>>(breaks: impl Fn(&[u8], &Outcome) -> I) {
    let mut complaints = Vec::new();
    for case in fixtures().iter().filter(|case| !case.is_backfill()) {
        let (whole, _) = case.run();
        for (url, body) in case.bodies() {
            let turned = turned(case, url, breaks(body, &whole));
            if up_down(&whole) != UpDown::Up {
                complaints.extend(turned);
            }
        }
    }
    report(&complaints);
}

#[test]
fn cut_at_any_byte() {
    try_all(|body, _| {
        let body = body.to_vec();
        let step = body.len().div_ceil(MAX_CUTS).max(1);
        (0..body.len()).step_by(step).map(move |end| (format!("cut at byte {end}"), body[..end].to_vec()))
    });
}

#[test]
fn with_another_document_in_its_place() {
    let page = "<!doctype html><html><head><title>Request blocked</title></head><body><h1>Blocked</h1></body></html>";
    let login =
        "<!doctype html><html><head><title>Sign in</title></head><body><form action=\"/login\"></form></body></html>";
    let shell = "<!doctype html><html><head><script src=\"/app.js\"></script></head><body><div id=\"root\"></div></body></html>";
    let feed = "<rss version=\"2.0\"><channel></channel></rss>";
    let json =
        ["{}", "[]", "null", "\"\"", "0", "{\"error\": \"not available\", \"status\": \"ok\"}", "{\"data\": []}"];
    let others = [page, login, shell, feed, ""].into_iter().chain(json);
    let others: Vec<_> = others.map(|body| (format!("`{body}` in its place"), body.as_bytes().to_vec())).collect();
    // A list may be empty when all is calm.
    try_all(|body, _| {
        others
            .clone()
            .into_iter()
            .filter(|(_, other)| body.first() != Some(&b'[') || other != b"[]")
            .collect::<Vec<_>>()
            .into_iter()
    });
}

/// What is malformed may become readable, and calm, when the field that is wrong goes.
#[test]
fn with_any_field_missing_or_of_another_type() {
    try_all(|body, whole| {
        let readable = matches!(whole, Outcome::Read { .. });
        let document = serde_json::from_slice::<Value>(body).ok().filter(|_| readable);
        let broken = document.map(|document| fields(&document)).unwrap_or_default();
        broken.into_iter().chain(if readable { elements(body) } else { Vec::new() })
    });
}

/// The document once for each of its fields: without it, and with a value of each other type in its place.
fn fields(document: &Value) -> Vec<(String, Vec<u8>)> {
    let mut paths = Vec::new();
    walk(document, String::new(), &mut paths);
    let mut broken = Vec::new();
    for path in paths {
        let mut without = document.clone();
        let (parent, name) = path.rsplit_once('/').expect("a path");
        let name = name.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(fields)) = without.pointer_mut(parent) {
            fields.remove(&name);
            broken.push((format!("without {path}"), without.to_string().into_bytes()));
        }
        let own = document.pointer(&path).expect("a value");
        for other in [json!(null), json!("x"), json!(7), json!(true), json!([]), json!({})] {
            // An empty list in the place of a list is another document, not a broken one.
            if std::mem::discriminant(own) != std::mem::discriminant(&other) {
                let mut with = document.clone();
                *with.pointer_mut(&path).expect("a value") = other.clone();
                broken.push((format!("{path} is {other}"), with.to_string().into_bytes()));
            }
        }
    }
    broken
}

/// The paths of all values below a value. Of long lists only the first few: they are alike.
fn walk(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let below = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                paths.push(below.clone());
                walk(value, below, paths);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate().take(4) {
                let below = format!("{path}/{at}");
                paths.push(below.clone());
                walk(value, below, paths);
            }
        }
        _ => {}
    }
}

/// The document once for each element of its markup that holds nothing but text: without that element.
fn elements(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(text) = str::from_utf8(body) else { return Vec::new() };
    if !text.trim_start().starts_with('<') {
        return Vec::new();
    }
    let mut broken = Vec::new();
    let mut rest = 0;
    while let Some(open) = text[rest..].find('<').map(|at| rest + at) {
        rest = open + 1;
        let name: String = text[rest..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
        let close = format!("</{name}>");
        let Some(end) = text[rest..].find('<').map(|at| rest + at) else { break };
        // Of a script that is missing as a whole nothing is known.
        if !name.is_empty() && name != "script" && text[end..].starts_with(&close) {
            let without = [&text[..open], &text[end + close.len()..]].concat();
            broken.push((format!("without {}", &text[open..end]), without.into_bytes()));
        }
    }
    broken
}
