//! Every fixture, broken in every way: it may tell less then; it never tells that all is well where the whole one did
//! not, and nothing panics or hangs.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};
use statusphere_domain::{UpDown, stable_hash};
use statusphere_providers::Outcome;

use crate::web::{Case, fixtures, up_down};
use crate::{report, say, setting};

/// Cuts of one body, at most, unless `STATUSPHERE_EVERY_BYTE` is set. Markup is dearer to read.
const MAX_CUTS: usize = 200;
const MAX_CUTS_OF_MARKUP: usize = 40;

/// The names of the breaks that turn a case from not healthy to healthy.
fn turned(case: &Case, url: &str, breaks: Vec<(String, Vec<u8>)>) -> Vec<String> {
    let mut turned = Vec::new();
    for (how, body) in breaks {
        if up_down(&case.with_body(url, body).run().0) == UpDown::Up {
            turned.push(format!("{}: {url}, {how}, reads as healthy", case.name()));
        }
    }
    turned
}

/// Runs all breaks over all bodies of the cases that are not healthy; on healthy ones for panics alone. On all cores.
fn try_all(breaks: impl Fn(&Case, &[u8]) -> Vec<(String, Vec<u8>)> + Sync) -> Vec<String> {
    let cases: Vec<Case> = fixtures().into_iter().filter(|case| !case.is_backfill()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut complaints = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (whole, _) = case.run();
            for (url, body) in case.bodies() {
                let turned = turned(case, url, breaks(case, body));
                if up_down(&whole) != UpDown::Up {
                    complaints.extend(turned);
                }
            }
        }
        complaints
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no case panics")).collect()
    })
}

#[test]
fn cut_at_any_byte() {
    let every = setting("STATUSPHERE_EVERY_BYTE").is_some();
    let given = setting("STATUSPHERE_SEED").map(|seed| seed.parse().expect("STATUSPHERE_SEED is a number"));
    let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(0));
    say(&format!("cuts: STATUSPHERE_SEED={seed}"));
    let complaints = try_all(|case, body| {
        let cuts = if body.trim_ascii_start().starts_with(b"<") { MAX_CUTS_OF_MARKUP } else { MAX_CUTS };
        let ends: Vec<usize> = if every || body.len() <= cuts {
            (0..body.len()).collect()
        } else {
            let nth = |n| stable_hash(&format!("{seed} {n} {}", case.name())) % body.len() as u64;
            (0..cuts).map(|n| usize::try_from(nth(n)).unwrap()).collect()
        };
        ends.into_iter().map(|end| (format!("cut at byte {end}"), body[..end].to_vec())).collect()
    });
    report(&complaints);
}

/// Documents that are the platform's own way to say that nothing is wrong.
const CALM: [(&str, &str); 6] = [
    ("aws", "[]"),
    ("cachet", "{\"data\": []}"),
    ("gatus", "[]"),
    ("gatus", "null"),
    ("googlecloud", "[]"),
    ("salesforce", "[]"),
];

#[test]
fn with_another_document_in_its_place() {
    let html = |body: &str| format!("<!doctype html><html><head></head><body>{body}</body></html>");
    let page = html("<h1>Request blocked</h1>");
    let login = html("<form action=\"/login\"></form>");
    let shell = html("<div id=\"root\"></div><script src=\"/app.js\"></script>");
    let json =
        ["{}", "[]", "null", "\"\"", "0", "{\"error\": \"not available\", \"status\": \"ok\"}", "{\"data\": []}"];
    let others = [&page, &login, &shell, "<rss version=\"2.0\"><channel></channel></rss>", ""].into_iter().chain(json);
    let others: Vec<&str> = others.collect();
    let complaints = try_all(|case, _| {
        let is_calm = |other: &str| CALM.contains(&(case.provider.as_str(), other));
        let others = others.iter().filter(|other| !is_calm(other));
        others.map(|body| (format!("`{body}` in its place"), body.as_bytes().to_vec())).collect()
    });
    report(&complaints);
}

/// What is malformed may become readable, and calm, when the field that is wrong goes.
#[test]
fn with_any_field_missing_or_of_another_type() {
    let complaints = try_all(|case, body| {
        if matches!(case.run().0, Outcome::Failed(_)) {
            return Vec::new();
        }
        let document = serde_json::from_slice::<Value>(body).ok();
        document.map(|document| fields(&document)).unwrap_or_default().into_iter().chain(elements(body)).collect()
    });
    report(&complaints);
}

/// The document once for each of its fields: without it, and with a value of each other type in its place.
fn fields(document: &Value) -> Vec<(String, Vec<u8>)> {
    let mut paths = Vec::new();
    walk(document, "", &mut paths);
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
fn walk(value: &Value, path: &str, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let below = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                paths.push(below.clone());
                walk(value, &below, paths);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate().take(4) {
                let below = format!("{path}/{at}");
                paths.push(below.clone());
                walk(value, &below, paths);
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
