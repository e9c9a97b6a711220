//! The catalogue's file: CSV with a header, one page per line; `docs/catalogue.md` explains the columns.
//!
//! Deliberately absent: opening files. The shipped one is compiled in, a user's arrives as text.

use std::borrow::Cow;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};
use memchr::memchr_iter;
use statusphere_domain::{Hint, Page, PageId};

use crate::{
    Entry, Names,
    lookup::{Builder, Catalogue},
};

const SHIPPED: &str = include_str!("../pages.csv");
const REMOVED: &str = include_str!("../removed.csv");

/// What is wrong with a catalogue file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct LineError {
    /// Line of the file, the header being 1.
    pub line: u64,
    /// One clear sentence without its full stop.
    pub why: String,
}

impl Catalogue {
    /// The catalogue that is compiled in. A test proves that its file is good, has no quotes and reads no differently as a
    /// user's, so that a function that starts need only look for the ends of lines.
    pub fn shipped() -> Self {
        let mut ends = memchr_iter(b'\n', SHIPPED.as_bytes());
        let header: Vec<&str> = ends.next().map(|end| SHIPPED[..end].split(',').collect()).unwrap_or_default();
        let Ok(columns) = Columns::of(&header) else { return Self::default() };
        let mut from = header.iter().map(|name| name.len() + 1).sum();
        let mut lines = Vec::with_capacity(SHIPPED.len() / 100);
        for end in ends {
            lines.push(&SHIPPED[from..end]);
            from = end + 1;
        }
        Self::of_rows(Rows { columns, lines })
    }

    /// Reads a catalogue file. Only `slug`, `name` and `url` are required columns; the first mistake is the answer.
    pub fn parse(csv: &str) -> Result<Self, LineError> {
        let mut builder = Builder::with_capacity(csv.len() / 80);
        read(csv, |entry| match removed(entry.page.id.as_str()) {
            None => builder.push(entry),
            Some(why) => Err(format!(
                "the slug `{}` was that of a page that is gone ({why}) and is never used again",
                entry.page.id
            )),
        })?;
        Ok(builder.finish())
    }
}

/// The lines of the shipped file, read one by one when somebody wants to know.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    columns: Columns,
    lines: Vec<&'static str>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line of a page. They are sorted by slug.
    pub(crate) fn position(&self, slug: &str) -> Option<usize> {
        self.lines.binary_search_by_key(&slug, |line| line.split(',').next().unwrap_or_default()).ok()
    }

    /// Every page's address.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &'static str> {
        self.lines.iter().map(|line| line.split(',').nth(self.columns.url).unwrap_or_default())
    }

    pub(crate) fn entry(&self, at: usize) -> Option<Entry> {
        let line = self.lines.get(at)?;
        let (mut cells, mut from) = ([""; KNOWN.len()], 0);
        let ends = memchr_iter(b',', line.as_bytes()).chain([line.len()]);
        for (cell, end) in cells.iter_mut().zip(ends) {
            *cell = &line[from..end];
            from = end + 1;
        }
        self.columns.entry(|at| Cow::Borrowed(cells.get(at).copied().unwrap_or_default())).ok()
    }
}

/// Takes one entry after the other.
fn read(csv: &str, mut take: impl FnMut(Entry) -> Result<(), String>) -> Result<(), LineError> {
    let text = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| line_error(text, &error))?;
    let header: Vec<&str> = header.iter().map(str::trim).collect();
    let columns = Columns::of(&header).map_err(|why| LineError { line: 1, why })?;
    let mut row = StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| line_error(text, &error))? {
        let cell = |at: usize| Cow::Owned(row.get(at).unwrap_or_default().trim_ascii().to_owned());
        let taken = columns.entry(cell).and_then(&mut take);
        taken.map_err(|why| LineError { line: line_of(text, row.position()), why })?;
    }
    Ok(())
}

fn line_error(text: &str, error: &csv::Error) -> LineError {
    let why = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("there are {len} columns where the header has {expected_len}")
        }
        _ => error.to_string(),
    };
    LineError { line: line_of(text, error.position()), why }
}

/// The line that a record begins on. The reader's own count stops before the empty lines that it skips.
fn line_of(text: &str, record: Option<&Position>) -> u64 {
    let start = record.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
    let (before, from) = text.as_bytes().split_at(start.min(text.len()));
    let skipped = from.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let breaks = before.iter().chain(skipped).filter(|byte| **byte == b'\n').count();
    breaks as u64 + 1
}

/// Where the columns stand in a file.
#[derive(Debug, Clone)]
struct Columns {
    slug: usize,
    name: usize,
    url: usize,
    home: Option<usize>,
    category: Option<usize>,
    provider: Option<usize>,
    key: Option<usize>,
    domains: Option<usize>,
    aliases: Option<usize>,
    products: Option<usize>,
    sources: Option<usize>,
}

const KNOWN: [&str; 11] =
    ["slug", "name", "url", "home", "category", "provider", "key", "domains", "aliases", "products", "sources"];

impl Columns {
    fn of(names: &[&str]) -> Result<Self, String> {
        for (at, name) in names.iter().enumerate() {
            if !KNOWN.contains(name) {
                return Err(format!("the column `{name}` is not one of {}", KNOWN.join(", ")));
            }
            if names[..at].contains(name) {
                return Err(format!("the column `{name}` is there twice"));
            }
        }
        let optional = |column: &str| names.iter().position(|name| *name == column);
        let required = |column: &str| optional(column).ok_or_else(|| format!("the column `{column}` is missing"));
        Ok(Self {
            slug: required("slug")?,
            name: required("name")?,
            url: required("url")?,
            home: optional("home"),
            category: optional("category"),
            provider: optional("provider"),
            key: optional("key"),
            domains: optional("domains"),
            aliases: optional("aliases"),
            products: optional("products"),
            sources: optional("sources"),
        })
    }

    fn entry(&self, cell: impl Fn(usize) -> Cow<'static, str>) -> Result<Entry, String> {
        let text = |column: Option<usize>| column.map(&cell).unwrap_or_default();
        let names = |column| Names::of(text(column));
        let id = PageId::new(cell(self.slug)).map_err(|error| error.to_string())?;
        let (provider, key) = (text(self.provider), text(self.key));
        let hint = match (provider.is_empty(), key.is_empty()) {
            (true, true) => None,
            (true, false) => return Err(format!("the key `{key}` has no provider")),
            (false, no_key) => Some(Hint { provider: provider.into_owned(), key: (!no_key).then(|| key.into_owned()) }),
        };
        let sources = text(self.sources);
        let parted = sources.bytes().filter(|byte| *byte == b';').count();
        Ok(Entry {
            page: Page { id, url: cell(self.url).into_owned(), hint },
            name: cell(self.name),
            home: Some(text(self.home)).filter(|home| !home.is_empty()),
            category: Some(text(self.category)).filter(|category| !category.is_empty()),
            domains: names(self.domains),
            aliases: names(self.aliases),
            products: names(self.products),
            sources: if sources.is_empty() { 0 } else { u8::try_from(1 + parted).unwrap_or(u8::MAX) },
        })
    }
}

/// Why the slug has left the list, if it has: a tombstone, because what was stored under it stays readable.
fn removed(slug: &str) -> Option<&'static str> {
    REMOVED.lines().skip(1).filter_map(|line| line.split_once(',')).find(|(gone, _)| *gone == slug).map(|(_, why)| why)
}
