//! The catalogue's file: CSV with a header, one page per line; `docs/catalogue.md` explains the columns.
//!
//! Deliberately absent: opening files. The shipped one is compiled in, a user's arrives as text.

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};
use statusphere_domain::{Hint, Page, PageId};

use crate::{
    CATEGORIES, Entry,
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
    /// The catalogue that is compiled in. A test proves that its file is good and that nothing in it is there twice, so
    /// that a function that starts need not.
    pub fn shipped() -> Self {
        let mut entries = Vec::with_capacity(SHIPPED.len() / 80);
        let read = read(SHIPPED, |entry| {
            entries.push(entry);
            Ok(())
        });
        read.map_or_else(|_| Self::default(), |()| Self::unchecked(entries))
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

/// Takes one entry after the other.
fn read(csv: &str, mut take: impl FnMut(Entry) -> Result<(), String>) -> Result<(), LineError> {
    let text = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
    let columns = Columns::of(reader.headers().map_err(|error| line_error(text, &error))?)
        .map_err(|why| LineError { line: 1, why })?;
    let mut row = StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| line_error(text, &error))? {
        let taken = columns.entry(&row).and_then(&mut take);
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

/// Where the columns stand in this file.
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
    fn of(header: &StringRecord) -> Result<Self, String> {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
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

    fn entry(&self, row: &StringRecord) -> Result<Entry, String> {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).unwrap_or_default().trim_ascii();
        let list = |column| text(column).split(';').map(str::trim_ascii).filter(|item| !item.is_empty());
        let owned = |column| list(column).map(str::to_owned).collect();
        let id = PageId::new(text(Some(self.slug))).map_err(|error| error.to_string())?;
        let hint = match (text(self.provider), text(self.key)) {
            ("", "") => None,
            ("", key) => return Err(format!("the key `{key}` has no provider")),
            (provider, key) => {
                Some(Hint { provider: provider.to_owned(), key: (!key.is_empty()).then(|| key.to_owned()) })
            }
        };
        let sources = match text(self.sources) {
            "" => 0,
            sources => 1 + sources.bytes().filter(|byte| *byte == b';').count(),
        };
        Ok(Entry {
            page: Page { id, url: text(Some(self.url)).to_owned(), hint },
            name: text(Some(self.name)).to_owned(),
            home: Some(text(self.home)).filter(|home| !home.is_empty()).map(str::to_owned),
            category: category(text(self.category))?,
            domains: owned(self.domains),
            aliases: owned(self.aliases),
            products: owned(self.products),
            sources: u8::try_from(sources).unwrap_or(u8::MAX),
        })
    }
}

/// Why the slug has left the list, if it has: a tombstone, because what was stored under it stays readable.
fn removed(slug: &str) -> Option<&'static str> {
    REMOVED.lines().skip(1).filter_map(|line| line.split_once(',')).find(|(gone, _)| *gone == slug).map(|(_, why)| why)
}

fn category(text: &str) -> Result<Option<&'static str>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let known = CATEGORIES.into_iter().find(|category| *category == text);
    known.map(Some).ok_or_else(|| format!("the category `{text}` is not one of {}", CATEGORIES.join(", ")))
}
