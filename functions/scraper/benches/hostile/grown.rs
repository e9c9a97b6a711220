//! The pages of every platform, grown to a size in ways that make readers look things up, compare and copy.
//!
//! Deliberately absent: pages of our own making. The fixtures of the providers are what grows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::corpus::{Case, Route, Syntax};

/// How a document grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// More rows, with ids that differ.
    Rows,
    /// More of the same rows.
    Same,
    /// More rows inside of the first row: updates of one incident, components of one.
    Inner,
    /// One row with names of half the size, and more of the same rows that refer to it.
    Names,
}

const WAYS: [Way; 4] = [Way::Rows, Way::Same, Way::Inner, Way::Names];

pub(crate) fn all(seed: u64) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/providers/fixtures");
    let mut cases = Vec::new();
    for provider in folders(&root) {
        let grown = folders(&provider).into_iter().map(|folder| of(&folder, seed));
        cases.extend(grown.into_iter().find(|cases| !cases.is_empty()).into_iter().flatten());
    }
    cases
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> =
        fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The pages made of one fixture, if it is one in trouble.
fn of(folder: &Path, seed: u64) -> Vec<Case> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let (case, provider) = (name(folder), name(folder.parent().unwrap()));
    let page: Value = serde_json::from_slice(&fs::read(folder.join("page.json")).unwrap()).unwrap();
    let is_current = page["backfill"] != true && page["expect"]["backfill"] != true;
    if !is_current || !["trouble", "feed", "only"].iter().any(|word| case.contains(word)) {
        return Vec::new();
    }
    let url = page["url"].as_str().unwrap().trim_end_matches('/').to_owned();
    let hint = match &page["hint"] {
        Value::String(key) => Some((provider.clone(), key.clone())),
        Value::Object(hint) => {
            let field = |name: &str| hint.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Some((field("provider"), field("key")))
        }
        _ => None,
    };
    let routes: Vec<Route> =
        page["routes"].as_array().unwrap().iter().filter_map(|route| read(folder, &url, route)).collect();
    let Some(largest) = routes.iter().map(|route| route.body.len()).max() else { return Vec::new() };
    let syntax = syntax(&routes.iter().find(|route| route.body.len() == largest).unwrap().body);
    WAYS.into_iter()
        .map(|way| {
            let routes = routes.clone();
            let grow = move |size: usize| {
                let share = size / routes.len();
                let grown =
                    |route: &Route| Route { body: Arc::new(grown(&route.body, way, share, seed)), ..route.clone() };
                routes.iter().map(grown).collect()
            };
            let name = format!("{provider}/{case}: {way:?}");
            Case { name, syntax, url: url.clone(), hint: hint.clone(), routes: Box::new(grow), has_normal: true }
        })
        .collect()
}

fn read(folder: &Path, url: &str, route: &Value) -> Option<Route> {
    if route["status"].as_u64().is_some_and(|status| status >= 300) {
        return None;
    }
    let body = route["body"].as_str()?;
    let body = fs::read(folder.join(body)).unwrap_or_else(|_| body.as_bytes().to_vec());
    let path = route["path"].as_str()?;
    let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let address = match path {
        "/" if url == origin => format!("{url}/"),
        "/" => url.to_owned(),
        path if path.starts_with('/') => format!("{origin}{path}"),
        path => path.to_owned(),
    };
    let kind = match syntax(&body) {
        Syntax::Html => Syntax::Html.content_type(),
        Syntax::Json => Syntax::Json.content_type(),
        Syntax::Feed => Syntax::Feed.content_type(),
    };
    Some(Route { url: Some(address), kind, body: Arc::new(body) })
}

fn syntax(body: &[u8]) -> Syntax {
    let text = String::from_utf8_lossy(body);
    if serde_json::from_str::<Value>(text.trim()).is_ok() {
        Syntax::Json
    } else if text.contains("<rss") || text.contains("<feed") {
        Syntax::Feed
    } else {
        Syntax::Html
    }
}

fn grown(body: &[u8], way: Way, size: usize, seed: u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    match syntax(body) {
        Syntax::Json => {
            let mut document: Value = serde_json::from_str(text.trim()).unwrap();
            grow_json(&mut document, way, size, seed);
            document.to_string().into_bytes()
        }
        Syntax::Feed => {
            let name = if text.contains("<entry") { "entry" } else { "item" };
            grow_text(&text, &format!("<{name}"), &format!("</{name}>"), way, size, seed)
        }
        Syntax::Html => grow_text(&text, "<body", "</body>", way, size, seed),
    }
}

/// Repeats what stands between the first beginning and the last end.
fn grow_text(text: &str, begin: &str, end: &str, way: Way, size: usize, seed: u64) -> Vec<u8> {
    let first = text.find(begin).unwrap_or(0);
    let first = if begin == "<body" { text[first..].find('>').map_or(0, |at| first + at + 1) } else { first };
    let last = text.rfind(end).map_or(text.len(), |at| if begin == "<body" { at } else { at + end.len() });
    let (before, middle, after) = (&text[..first], &text[first..last.max(first)], &text[last.max(first)..]);
    let mut out = before.to_owned();
    let mut number = seed;
    match way {
        Way::Rows | Way::Same => {
            while out.len() + middle.len() + after.len() < size {
                if way == Way::Rows {
                    out.push_str(&renumbered(middle, number));
                } else {
                    out.push_str(middle);
                }
                number += 1;
            }
        }
        // Every element in itself, as deep as a page may be.
        Way::Inner => {
            let tags: Vec<&str> = tags(middle);
            let share = size.saturating_sub(out.len() + middle.len() + after.len()) / tags.len().max(1);
            out.push_str(middle);
            for tag in tags {
                let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
                let depth = 400.min(share / (tag.len() + name.len() + 4));
                out.push_str(&tag.repeat(depth));
                let text = share.saturating_sub(depth * (tag.len() + name.len() + 4));
                out.push_str(&"<i>operational</i> ".repeat(text / 19));
                out.push_str(&format!("</{name}>").repeat(depth));
            }
        }
        // Every element with a long text.
        Way::Names => {
            let places = middle.matches('>').count().max(1);
            let share = size.saturating_sub(out.len() + middle.len() + after.len()) / places;
            out.push_str(&middle.replace('>', &format!(">{}", "lorem ipsum ".repeat(share / 12))));
        }
    }
    (out + after).into_bytes()
}

/// Start tags with a class, an id or a name, each once.
fn tags(markup: &str) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    for (at, _) in markup.match_indices('<') {
        let Some(end) = markup[at..].find('>') else { break };
        let tag = &markup[at..=at + end];
        let named =
            tag.contains(" class=") || tag.contains(" id=") || tag.starts_with("<details") || tag.starts_with("<h");
        if named && tag.len() < 300 && !tag.ends_with("/>") && !tag.starts_with("<script") && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The text with a number behind each run of digits, so that ids and addresses differ.
fn renumbered(text: &str, number: u64) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for (marker, rest) in text.split("id").enumerate().map(|(at, part)| (at > 0, part)) {
        if marker {
            out.push_str("id");
            if let Some(rest) = rest.strip_prefix("=\"").or_else(|| rest.strip_prefix('>')) {
                out.push_str(&format!(
                    "{}{number}",
                    &if text.contains("id>") && !rest.starts_with('"') { ">" } else { "=\"" }
                ));
                out.push_str(rest);
                continue;
            }
        }
        out.push_str(rest);
    }
    out
}

fn grow_json(document: &mut Value, way: Way, size: usize, seed: u64) {
    if way == Way::Names {
        let mut named = 0;
        count_names(document, &mut named);
        let length = size / 2 / named.max(1);
        lengthen_names(document, length);
    }
    let mut lists = Vec::new();
    find_lists(document, &mut String::new(), &mut lists);
    if lists.is_empty() {
        return;
    }
    let missing = size.saturating_sub(document.to_string().len()) / lists.len();
    for path in &lists {
        let Some(Value::Array(rows)) = document.pointer_mut(path) else { continue };
        if way == Way::Inner {
            let mut inner = Vec::new();
            for (field, value) in rows[0].as_object().into_iter().flatten() {
                if value.as_array().is_some_and(|list| !list.is_empty()) {
                    inner.push(field.clone());
                }
            }
            if !inner.is_empty() {
                for field in &inner {
                    repeat(rows[0][field].as_array_mut().unwrap(), missing / inner.len(), true, seed);
                }
                continue;
            }
        }
        repeat(rows, missing, way == Way::Rows || way == Way::Inner, seed);
    }
}

/// Adds rows like those that are there.
fn repeat(rows: &mut Vec<Value>, mut missing: usize, renumber: bool, seed: u64) {
    // The second row, where there is one: in a list that was given long names the first has them.
    let patterns: Vec<Value> = rows.iter().skip(usize::from(rows.len() > 1)).cloned().collect();
    let mut number = seed;
    loop {
        let mut row = patterns[usize::try_from(number).unwrap() % patterns.len()].clone();
        if renumber {
            renumber_ids(&mut row, number);
        }
        number += 1;
        missing = match missing.checked_sub(row.to_string().len() + 1) {
            Some(left) => left,
            None => return,
        };
        rows.push(row);
    }
}

fn is_id(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == "id" || key == "code" || key == "slug" || key == "key" || key == "guid" || key == "uuid" || key == "number"
}

fn renumber_ids(value: &mut Value, number: u64) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if is_id(key) => *text = format!("{text}{number}"),
                    Value::Number(id) if is_id(key) => *id = (number + 1_000_000).into(),
                    value => renumber_ids(value, number),
                }
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| renumber_ids(row, number)),
        _ => {}
    }
}

fn names(fields: &mut Map<String, Value>) -> impl Iterator<Item = &mut String> {
    fields.iter_mut().filter_map(|(key, value)| match value {
        Value::String(text) if key.to_ascii_lowercase().contains("name") || key.contains("title") => Some(text),
        _ => None,
    })
}

/// Of each list the first row counts.
fn walk(value: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields.values_mut().for_each(|value| walk(value, visit));
        }
        Value::Array(rows) => rows.iter_mut().take(1).for_each(|row| walk(row, visit)),
        _ => {}
    }
}

fn count_names(document: &mut Value, count: &mut usize) {
    walk(document, &mut |fields| *count += names(fields).count());
}

fn lengthen_names(document: &mut Value, length: usize) {
    walk(document, &mut |fields| names(fields).for_each(|name| name.push_str(&"lorem ipsum ".repeat(length / 12))));
}

/// The outermost lists of objects that are not empty.
fn find_lists(value: &Value, path: &mut String, found: &mut Vec<String>) {
    match value {
        Value::Array(rows) if rows.first().is_some_and(Value::is_object) => found.push(path.clone()),
        Value::Object(fields) => {
            for (key, value) in fields {
                let length = path.len();
                path.push('/');
                path.push_str(&key.replace('~', "~0").replace('/', "~1"));
                find_lists(value, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}
