//! A folder of recorded answers as a web to run the cascade on. The format is that of `page.json`: `url`, `recorded`,
//! `routes`, `hint`, `expect`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_domain::{FetchError, FetchErrorKind, Hint, Incident, Indicator, Item, Response, UpDown};
use statusphere_providers::{BackfillStep, Next, Outcome, Seen, Target, advance, backfill};

/// One folder.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) provider: String,
    pub(crate) folder: PathBuf,
    pub(crate) expect: Value,
    url: String,
    as_of: DateTime<Utc>,
    history: bool,
    hint: Option<Hint>,
    routes: BTreeMap<String, Result<Response, FetchError>>,
}

/// The crate's own cases.
pub(crate) fn fixtures() -> Vec<Case> {
    cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"))
}

/// What a reading amounts to in the words of the public API.
pub(crate) fn up_down(outcome: &Outcome) -> UpDown {
    let Outcome::Read { reading, .. } = outcome else { return UpDown::Unknown };
    match reading.indicator {
        _ if reading.incidents.iter().any(Incident::is_open) => UpDown::Degraded,
        Some(indicator) if indicator >= Indicator::Minor => UpDown::Degraded,
        Some(_) => UpDown::Up,
        None => UpDown::Unknown,
    }
}

/// Every case below a folder of providers, by name.
pub(crate) fn cases(root: &Path) -> Vec<Case> {
    let folders = |of: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
        let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    };
    folders(root).iter().flat_map(|provider| folders(provider)).map(|case| Case::read(&case)).collect()
}

impl Case {
    fn read(folder: &Path) -> Self {
        let file = folder.join("page.json");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let page: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let url = page["url"].as_str().expect("url").trim_end_matches('/').to_owned();
        let recorded: NaiveDate = page["recorded"].as_str().expect("recorded").parse().expect("a day");
        let as_of = (recorded + Days::new(1)).and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1);
        let routes = page["routes"].as_array().expect("routes").iter();
        let routes = routes.map(|route| read_route(folder, &url, route)).collect();
        let provider = folder.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        let hint = read_hint(&provider, &page["hint"]);
        let expect = page["expect"].clone();
        let history = page["backfill"] == true || expect["backfill"] == true;
        Self { provider, folder: folder.to_owned(), expect, url, as_of, history, hint, routes }
    }

    /// "provider/case".
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.provider, self.folder.file_name().unwrap().to_string_lossy())
    }

    /// True for a case that is about the history.
    pub(crate) fn is_backfill(&self) -> bool {
        self.history
    }

    /// Runs the cascade to its end; with the addresses asked for, in order.
    pub(crate) fn run(&self) -> (Outcome, Vec<String>) {
        let target = Target::new(&self.url, self.as_of);
        let mut seen = Seen::default();
        let mut asked = Vec::new();
        loop {
            match advance(&target, self.hint.as_ref(), false, &seen) {
                Next::Done(outcome) => return (outcome, asked),
                Next::Fetch(urls) => {
                    assert!(!urls.is_empty() && asked.len() < 50, "{} asks without end: {asked:?}", self.name());
                    for url in urls {
                        seen.insert(url.clone(), self.answer(&url));
                        asked.push(url);
                    }
                }
            }
        }
    }

    /// Runs the whole history; in a stable order.
    pub(crate) fn backfill(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        let key = self.hint.as_ref().and_then(|hint| hint.key.as_deref());
        for _ in 0..200 {
            let target = Target { key, cursor: cursor.as_deref(), ..Target::new(&self.url, self.as_of) };
            let mut seen = Seen::default();
            let (found, next) = loop {
                match backfill(&self.provider, &target, &seen).expect("a provider with a history") {
                    BackfillStep::Items { items, next } => break (items, next),
                    BackfillStep::Failed(why) => panic!("{}: {why}", self.name()),
                    BackfillStep::Want(urls) => {
                        assert!(!urls.is_empty() && seen.len() < 20, "{} asks without end", self.name());
                        for url in urls {
                            let answer = self.answer(&url);
                            seen.insert(url, answer);
                        }
                    }
                }
            };
            items.extend(found);
            let Some(next) = next else { return items };
            assert_ne!(cursor.as_ref(), Some(&next), "{} does not go on", self.name());
            cursor = Some(next);
        }
        panic!("{}: the history has no end", self.name());
    }

    /// Every document, by its address.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let answered = self.routes.iter().filter_map(|(url, answer)| Some((url, answer.as_ref().ok()?)));
        answered.map(|(url, answer)| (url.as_str(), answer.body.as_slice()))
    }

    /// The same case with another body at one address.
    pub(crate) fn with_body(&self, url: &str, body: Vec<u8>) -> Self {
        let mut changed = self.clone();
        if let Some(Ok(answer)) = changed.routes.get_mut(url) {
            answer.body = body;
        }
        changed
    }

    fn answer(&self, url: &str) -> Result<Response, FetchError> {
        self.routes.get(url).cloned().unwrap_or_else(|| Err(error(FetchErrorKind::NotFound, "HTTP 404")))
    }
}

/// `redirected` is ours: the address that answered, when it was another.
fn read_route(folder: &Path, page: &str, route: &Value) -> (String, Result<Response, FetchError>) {
    let path = route["path"].as_str().expect("path");
    // A path is one on the page's host, wherever below it the page stands.
    let host = page.match_indices('/').nth(2).map_or(page, |(end, _)| &page[..end]);
    let url = if path.starts_with('/') { format!("{host}{path}") } else { path.to_owned() };
    let status = route["status"].as_u64().map_or(200, |status| u16::try_from(status).unwrap());
    let kind = match status {
        200..=299 => {
            let file = folder.join(route["body"].as_str().expect("body"));
            let body = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let content_type = route["headers"]["content-type"].as_str().map(str::to_owned);
            let answered = route["redirected"].as_str().unwrap_or(&url).to_owned();
            return (url, Ok(Response { url: answered, status, content_type, body }));
        }
        401 | 403 | 451 => FetchErrorKind::Denied,
        410 => FetchErrorKind::Gone,
        429 => FetchErrorKind::Throttled,
        500.. => FetchErrorKind::Unreachable,
        _ => FetchErrorKind::NotFound,
    };
    (url, Err(error(kind, &format!("HTTP {status}"))))
}

fn error(kind: FetchErrorKind, detail: &str) -> FetchError {
    FetchError { kind, detail: detail.to_owned(), retry_after: None }
}

/// A hint is a provider with a key, or a key of the folder's own provider.
fn read_hint(provider: &str, hint: &Value) -> Option<Hint> {
    match hint {
        Value::Object(_) => Some(serde_json::from_value(hint.clone()).expect("a hint")),
        Value::String(key) => Some(Hint { provider: provider.to_owned(), key: Some(key.clone()) }),
        _ => None,
    }
}
