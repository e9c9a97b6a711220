//! Answers from a folder of recorded pages, `<provider>/<name>/page.json` with the bodies beside it.
//!
//! Deliberately absent: the network, and what a recording expects to be read from it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use statusphere_domain::{FetchError, FetchErrorKind, Hint, Response};
use url::Url;

use crate::answer::{self, Verdict};
use crate::config::Limits;

/// Recorded pages and what their hosts answered.
#[derive(Debug)]
pub struct Recordings {
    pages: Vec<RecordedPage>,
    /// By [`page_key`].
    as_of: HashMap<String, DateTime<Utc>>,
    /// By [`route_key`].
    answers: HashMap<String, Recorded>,
    hosts: HashSet<String>,
}

/// One recorded page, as a catalogue would list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedPage {
    /// The page's address.
    pub url: String,
    /// The day of the recording, in UTC.
    pub recorded: NaiveDate,
    /// The platform, and its key where no recorded answer reveals it.
    pub hint: Option<Hint>,
    /// Name of the folder that holds it.
    pub name: String,
}

/// Why recordings can't be used. Each is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
pub enum RecordingsError {
    /// The file system refuses.
    #[error("{} can't be read: {source}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// It is there, and no recording.
    #[error("{} is not a recorded page: {why}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Probably the wrong folder.
    #[error("{} holds no recorded page: <provider>/<name>/page.json was looked for", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

#[derive(Debug)]
struct Recorded {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
    at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct PageFile {
    url: String,
    recorded: NaiveDate,
    hint: Option<Hint>,
    routes: Vec<RouteFile>,
}

#[derive(Deserialize)]
struct RouteFile {
    path: String,
    status: u16,
    #[serde(default)]
    headers: HashMap<String, String>,
    body: Option<String>,
}

impl Recordings {
    pub(crate) fn read(dir: &Path) -> Result<Self, RecordingsError> {
        let mut newest: BTreeMap<String, (PathBuf, Url, PageFile)> = BTreeMap::new();
        for path in page_files(dir)? {
            let (url, page) = read_page(&path)?;
            let key = page_key(&url);
            if newest.get(&key).is_none_or(|(_, _, known)| known.recorded <= page.recorded) {
                newest.insert(key, (path, url, page));
            }
        }
        if newest.is_empty() {
            return Err(RecordingsError::Empty { path: dir.to_owned() });
        }
        // Pages may share a host: where two recorded the same address of it, the newer answer stays.
        let mut pages: Vec<_> = newest.into_iter().collect();
        pages.sort_by_key(|(_, (_, _, page))| page.recorded);

        let mut all = Self { pages: Vec::new(), as_of: HashMap::new(), answers: HashMap::new(), hosts: HashSet::new() };
        for (key, (path, url, page)) in pages {
            all.add(key, &path, &url, page)?;
        }
        all.pages.sort_by(|a, b| a.url.cmp(&b.url));
        Ok(all)
    }

    fn add(&mut self, key: String, path: &Path, url: &Url, page: PageFile) -> Result<(), RecordingsError> {
        let malformed = |why: String| RecordingsError::Malformed { path: path.to_owned(), why };
        let folder = path.parent().unwrap_or(path);
        let end_of_day = page.recorded.and_hms_opt(23, 59, 59).map(|end| end.and_utc());
        let end_of_day = end_of_day.ok_or_else(|| malformed(format!("{} has no end", page.recorded)))?;
        self.hosts.insert(host_key(url));
        for route in page.routes {
            let address = url.join(&route.path).ok().filter(Url::has_host);
            let address = address.ok_or_else(|| malformed(format!("`{}` is no path and no address", route.path)))?;
            let body = route.body.map_or_else(|| Ok(Vec::new()), |name| read_body(path, folder, &name))?;
            let headers = route.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
            let recorded = Recorded { status: route.status, headers, body, at: end_of_day };
            self.hosts.insert(host_key(&address));
            self.answers.insert(route_key(&address), recorded);
        }
        self.as_of.insert(key, end_of_day);
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.pages.push(RecordedPage { url: page.url, recorded: page.recorded, hint: page.hint, name });
        Ok(())
    }

    /// Every recorded page, one per address and in their order; of two recordings of one address the newest.
    pub fn pages(&self) -> &[RecordedPage] {
        &self.pages
    }

    pub(crate) fn as_of(&self, page_url: &str) -> Option<DateTime<Utc>> {
        self.as_of.get(&page_key(&Url::parse(page_url).ok()?)).copied()
    }

    pub(crate) fn get(&self, url: &str) -> Result<Response, FetchError> {
        let mut url = Url::parse(url).ok().filter(Url::has_host).ok_or_else(|| denied(url))?;
        let limit = Limits::default().max_redirects;
        for _ in 0..=limit {
            url.set_fragment(None);
            if !self.hosts.contains(&host_key(&url)) {
                let detail = format!("{} is not recorded", host_key(&url));
                return Err(FetchError { kind: FetchErrorKind::Unreachable, detail, retry_after: None });
            }
            let Some(recorded) = self.answers.get(&route_key(&url)) else {
                return Err(FetchError {
                    kind: FetchErrorKind::NotFound,
                    detail: "HTTP 404".to_owned(),
                    retry_after: None,
                });
            };
            let header = |name: &str| recorded.headers.get(name).map(String::as_str);
            match answer::judge(recorded.status, header("location"), header("retry-after"), recorded.at)? {
                Verdict::Document => {
                    return Ok(Response {
                        url: url.to_string(),
                        status: recorded.status,
                        content_type: header("content-type").map(str::to_owned),
                        body: recorded.body.clone(),
                    });
                }
                Verdict::Redirect(location) => {
                    url = url.join(location).ok().filter(Url::has_host).ok_or_else(|| denied(location))?;
                }
            }
        }
        Err(answer::too_many_redirects(limit))
    }
}

fn denied(url: &str) -> FetchError {
    FetchError { kind: FetchErrorKind::Denied, detail: format!("{url:.80} is not a web address"), retry_after: None }
}

/// Every `page.json` two folders down, in the order of their paths.
fn page_files(dir: &Path) -> Result<Vec<PathBuf>, RecordingsError> {
    let mut files = Vec::new();
    for provider in folders(dir)? {
        files.extend(
            folders(&provider)?.into_iter().map(|recording| recording.join("page.json")).filter(|f| f.exists()),
        );
    }
    Ok(files)
}

fn folders(dir: &Path) -> Result<Vec<PathBuf>, RecordingsError> {
    let unreadable = |source| RecordingsError::Unreadable { path: dir.to_owned(), source };
    let entries = fs::read_dir(dir).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut folders: Vec<_> = paths.map_err(unreadable)?.into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn read_page(path: &Path) -> Result<(Url, PageFile), RecordingsError> {
    let malformed = |why: String| RecordingsError::Malformed { path: path.to_owned(), why };
    let bytes = fs::read(path).map_err(|source| RecordingsError::Unreadable { path: path.to_owned(), source })?;
    let page: PageFile = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    let url = Url::parse(&page.url).ok().filter(Url::has_host);
    let url = url.ok_or_else(|| malformed(format!("`{}` is no web address", page.url)))?;
    Ok((url, page))
}

fn read_body(page: &Path, folder: &Path, name: &str) -> Result<Vec<u8>, RecordingsError> {
    let mut parts = Path::new(name).components();
    if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
        let why = format!("the body `{name}` is not a file beside it");
        return Err(RecordingsError::Malformed { path: page.to_owned(), why });
    }
    let path = folder.join(name);
    fs::read(&path).map_err(|source| RecordingsError::Unreadable { path, source })
}

/// Host, with its port where that is unusual. Schemes are not told apart.
fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    url.port().map_or(host.clone(), |port| format!("{host}:{port}"))
}

fn route_key(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{}{query}", host_key(url), url.path())
}

/// A page is the same with and without a slash at its end.
fn page_key(url: &Url) -> String {
    format!("{}{}", host_key(url), url.path().trim_end_matches('/'))
}
