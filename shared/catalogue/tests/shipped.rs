//! The shipped list's own rules, which a list of one's own need not keep: each fault is told with its line.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use csv::Reader;
use statusphere_catalogue::{CATEGORIES, Catalogue};

const SHIPPED: &str = include_str!("../pages.csv");
const REMOVED: &str = include_str!("../removed.csv");
const SOURCES: &str = include_str!("../sources.csv");
const DOCS: &str = include_str!("../../../docs/catalogue.md");
/// Made of the providers themselves, so that this package needs not know them.
const PROVIDERS: &str = include_str!("../../../docs/providers.md");

struct Row {
    line: u64,
    fields: BTreeMap<String, String>,
}

impl Row {
    fn field(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    fn items(&self, column: &str) -> impl Iterator<Item = &str> {
        self.field(column).split(';').filter(|item| !item.is_empty())
    }
}

fn rows(csv: &str) -> Vec<Row> {
    let mut reader = Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| Row {
        line: record.position().unwrap().line(),
        fields: header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect(),
    };
    reader.into_records().map(|record| row(record.unwrap())).collect()
}

/// What is wrong with a list in the shipped one's format, one sentence each.
fn faults(list: &str) -> Vec<String> {
    if let Err(error) = Catalogue::parse(list) {
        return vec![error.to_string()];
    }
    let providers: BTreeSet<&str> = PROVIDERS.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let sources: BTreeSet<String> = rows(SOURCES).iter().map(|row| row.field("source").to_owned()).collect();
    let rows = rows(list);
    let mut wrong = Vec::new();
    let mut before = "";
    let mut owners: BTreeMap<(bool, String), &str> = BTreeMap::new();
    for row in &rows {
        let slug = row.field("slug");
        let mut fault = |why: String| wrong.push(format!("line {}: {why}", row.line));
        if slug < before {
            fault(format!("`{slug}` belongs before `{before}`: the lines are sorted by slug"));
        }
        before = slug;
        for (column, text) in &row.fields {
            if text.contains([',', '"']) {
                fault(format!("`{column}` has a comma or a quote, which the shipped list is without: `Acme Inc.`"));
            }
            let spaced = text.split(';').any(|item| item.trim() != item || item.is_empty());
            if spaced && !text.is_empty() {
                fault(format!("the column `{column}` has a space or a semicolon too many: `{text}`"));
            }
        }
        let provider = row.field("provider");
        if !provider.is_empty() && !providers.contains(provider) {
            fault(format!("the provider `{provider}` is not one of docs/providers.md"));
        }
        if let Some(expected) = wrong_key(provider, row.field("key")) {
            fault(format!("the key `{}` is not {expected}", row.field("key")));
        }
        if row.items("sources").next().is_none() {
            fault("no source is named; `own` stands for a page that you have seen yourself".to_owned());
        }
        for source in row.items("sources").filter(|source| !sources.contains(*source)) {
            fault(format!("the source `{source}` is not one of sources.csv"));
        }
        for column in ["name", "aliases", "products", "domains"] {
            for claimed in row.items(column) {
                if let Some(owner) = owners.insert((column == "domains", claimed.to_lowercase()), slug) {
                    fault(format!("`{claimed}`, one of `{column}`, is already that of `{owner}`"));
                }
            }
        }
    }
    wrong
}

/// What a key should be that is something else.
fn wrong_key(provider: &str, key: &str) -> Option<&'static str> {
    let (good, expected) = match provider {
        "statusio" => (key.len() == 24 && key.bytes().all(|b| b.is_ascii_hexdigit()), "24 hex digits"),
        "feed" => (key.starts_with("https://") || key.starts_with("http://"), "the feed's address"),
        "sorry" => (key.bytes().all(|b| b.is_ascii_digit()), "a number or empty"),
        "statuspage" | "incidentio" | "instatus" | "betterstack" => (key.is_empty(), "empty: the platform needs none"),
        _ => (true, ""),
    };
    (!good).then_some(expected)
}

#[test]
fn the_shipped_list_has_no_fault() {
    assert_eq!(faults(SHIPPED), [""; 0]);
    assert!(SHIPPED.ends_with('\n') && !SHIPPED.contains('\r'));
}

#[test]
fn a_fault_is_told_with_its_line() {
    let list = |line: &str| {
        format!(
            "slug,name,url,home,category,provider,key,domains,aliases,products,sources\n\
             birch,Birch,https://status.birch.example,,cloud,,,birch.example,Silver Tree,Bark,own\n{line}\n"
        )
    };
    for (line, why) in [
        (
            "cedar,\"Cedar, Inc.\",https://s.cedar.example,,,,,,,,own",
            "`name` has a comma or a quote, which the shipped list is without: `Acme Inc.`",
        ),
        ("acme,Acme,https://s.acme.example,,,,,,,,own", "`acme` belongs before `birch`: the lines are sorted by slug"),
        ("cedar,Cedar,https://s.cedar.example,,,,,,Ced ;Dar,,own", "`aliases` has a space or a semicolon too many"),
        ("cedar,Cedar,https://s.cedar.example,,,,,,,A;;B,own", "`products` has a space or a semicolon too many"),
        ("cedar,Cedar,https://s.cedar.example,,,statuspages,,,,,own", "the provider `statuspages` is not one of docs"),
        ("cedar,Cedar,https://s.cedar.example,,,statusio,5d00,,,,own", "the key `5d00` is not 24 hex digits"),
        ("cedar,Cedar,https://s.cedar.example,,,feed,,,,,own", "the key `` is not the feed's address"),
        ("cedar,Cedar,https://s.cedar.example,,,statuspage,x1,,,,own", "the key `x1` is not empty"),
        ("cedar,Cedar,https://s.cedar.example,,,,,,,,", "no source is named"),
        ("cedar,Cedar,https://s.cedar.example,,,,,,,,hearsay", "the source `hearsay` is not one of sources.csv"),
        (
            "cedar,Cedar,https://s.cedar.example,,,,,,birch,,own",
            "`birch`, one of `aliases`, is already that of `birch`",
        ),
        ("cedar,silver tree,https://s.cedar.example,,,,,,,,own", "`silver tree`, one of `name`, is already that"),
        ("cedar,Cedar,https://s.cedar.example,,,,,,,Bark,own", "`Bark`, one of `products`, is already that of `birch`"),
        (
            "cedar,Cedar,https://s.cedar.example,,,,,birch.example,,,own",
            "`birch.example`, one of `domains`, is already",
        ),
        ("cedar,Cedar,https://s.cedar.example,,trees,,,,,,own", "the category `trees` is not one of ai, analytics"),
        ("cedar,Cedar,http://STATUS.birch.example,,,,,,,,own", "the address `http://STATUS.birch.example` is already"),
    ] {
        let told = faults(&list(line)).join("\n");
        assert!(told.starts_with("line 3: ") && told.contains(why) && !told.contains('\n'), "{line}: {told}");
    }
    assert_eq!(faults(&list("cedar,Cedar,https://s.cedar.example,,,,,,,,own")), [""; 0]);
}

#[test]
fn a_slug_that_has_left_stays_away() {
    let removed = rows(REMOVED);
    assert!(!removed.is_empty() && removed.is_sorted_by(|a, b| a.field("slug") < b.field("slug")));
    for row in &removed {
        let slug = row.field("slug");
        assert!(!row.field("reason").is_empty(), "{slug}");
        let error = Catalogue::parse(&format!("slug,name,url\n{slug},Acme,https://acme.example\n")).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.why.contains("is never used again"), "{error}");
    }
}

#[test]
fn every_category_is_documented_and_every_source_is_in_use() {
    let rows = rows(SHIPPED);
    for category in CATEGORIES {
        assert!(DOCS.contains(&format!("`{category}`")), "docs/catalogue.md does not name {category}");
        assert!(rows.iter().any(|row| row.field("category") == category), "{category}");
    }
    for source in self::rows(SOURCES).iter().map(|row| row.field("source")).filter(|source| *source != "own") {
        assert!(rows.iter().any(|row| row.items("sources").any(|known| known == source)), "{source}");
    }
}

#[test]
fn what_everybody_depends_on_is_there() {
    let catalogue = Catalogue::shipped();
    for name in [
        "Amazon Web Services",
        "Anthropic",
        "Apple",
        "Azure",
        "Azure DevOps",
        "Cloudflare",
        "GitHub",
        "GitLab",
        "Google Cloud",
        "Google Workspace",
        "Heroku",
        "Meta",
        "Microsoft 365",
        "OpenAI",
        "Oracle Cloud",
        "PagerDuty",
        "Salesforce",
        "SendGrid",
        "Slack",
        "Stripe",
        "Zendesk",
        "Zoom",
    ] {
        let entry = catalogue.by_name(name);
        assert!(entry.is_some_and(|entry| entry.category.is_some() && entry.home.is_some()), "{name}");
        assert!(entry.is_some_and(|entry| entry.page.hint.is_some()), "{name}");
    }
}
