//! Holds the workspace to its conventions: the direction of dependencies, the layout and the docs.
//!
//! Deliberately absent: what rustfmt, clippy and cargo-deny check; `template.yaml`, which has tests of its own.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use statusphere_catalogue::Catalogue;
use url::Url;

/// Lines of one Rust file, at most.
const LONGEST: usize = 350;
/// Longer files, each with the reason why it may be.
const MAY_BE_LONGER: &[(&str, &str)] = &[];

/// What the top level holds; the rest is dot files.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "docs",
    "events",
    "functions",
    "samconfig.toml",
    "shared",
    "template.yaml",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files with this ending below a folder of the workspace, as paths from its top.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&path, ending));
        } else if path.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn dependencies_point_inwards() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let folder = |path: &Value| {
        let parts: Vec<_> = Path::new(path.as_str().unwrap()).strip_prefix(root()).unwrap().iter().collect();
        (parts[0].to_str().unwrap().to_owned(), parts[1].to_str().unwrap().to_owned())
    };
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let (kind, name) = folder(&package["manifest_path"]);
        if package["name"] != format!("statusphere-{name}") {
            wrong.push(format!("{kind}/{name} is called {}", package["name"]));
        }
        if package["description"].as_str().is_none_or(str::is_empty) {
            wrong.push(format!("{kind}/{name} does not say in its description what it is"));
        }
        let ours = package["dependencies"].as_array().unwrap().iter();
        // Tests may join what the product keeps apart.
        for dependency in ours.filter(|dependency| dependency["path"].is_string() && dependency["kind"] != "dev") {
            let (other_kind, other) = folder(&dependency["path"]);
            let allowed = match (kind.as_str(), other_kind.as_str()) {
                // What is known is the catalogue joined with the table.
                ("shared", "shared") if name == "view" => ["catalogue", "domain", "store"].contains(&&*other),
                // Only tests use it, and their table is the product's.
                ("shared", "shared") if name == "testing" => ["domain", "runtime", "store"].contains(&&*other),
                ("shared", "shared") => name != "domain" && other == "domain",
                ("functions", "shared") => true,
                ("functions", "functions") => name == "local",
                _ => false,
            };
            if !allowed {
                wrong.push(format!("{kind}/{name} must not depend on {other_kind}/{other}"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_top_level_is_fixed() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else {
        eprintln!("skipped: not a git checkout");
        return;
    };
    let listed = String::from_utf8(listed.stdout).unwrap();
    let top: BTreeSet<_> = listed.split_terminator('\0').filter_map(|path| path.split('/').next()).collect();
    let strange = top.iter().filter(|name| !name.starts_with('.') && !TOP.contains(name));
    none(&strange.map(|name| format!("{name} has no place at the top level")).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    let mut wrong = Vec::new();
    for path in ["functions", "shared"].iter().flat_map(|folder| files(folder, ".rs")) {
        let text = read(&path);
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not open with its purpose (`//! ...`)"));
        }
        let lines = text.lines().count();
        if lines > LONGEST && !MAY_BE_LONGER.iter().any(|(longer, _)| *longer == path) {
            wrong.push(format!("{path} has {lines} lines; look twice above {LONGEST}"));
        }
    }
    none(&wrong);
}

#[test]
fn every_provider_is_documented_and_has_fixtures() {
    let docs = read("docs/providers.md");
    let mut wrong = Vec::new();
    for path in files("shared/providers/src", ".rs") {
        let name = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        if !read(&path).contains("const PROVIDER: Provider") {
            continue;
        }
        if !docs.lines().any(|line| line == format!("## {name}")) {
            wrong.push(format!("docs/providers.md has no heading `## {name}`"));
        }
        if !root().join(format!("shared/providers/fixtures/{name}")).is_dir() {
            wrong.push(format!("shared/providers/fixtures/{name} is missing"));
        }
    }
    none(&wrong);
}

#[test]
fn docs_name_no_missing_files() {
    let mut wrong = Vec::new();
    let pages = files("docs", ".md").into_iter().chain(["README.md".to_owned()]);
    for page in pages {
        let text = read(&page);
        let folder = Path::new(&page).parent().unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let links = links.filter(|link| !link.is_empty() && !link.contains(':')).map(|link| folder.join(link));
        // `path/from/the/top` in backticks, but no patterns.
        let spans = text.split('`').skip(1).step_by(2);
        let spans = spans.filter(|span| {
            ["docs/", "shared/", "functions/", "events/", ".ci/", ".cargo/"].iter().any(|top| span.starts_with(top))
        });
        let spans = spans.filter(|span| !span.contains(['*', '<', '{', ' '])).map(PathBuf::from);
        let missing = links.chain(spans).filter(|path| !root().join(path).exists());
        wrong.extend(missing.map(|path| format!("{page} names {}, which is not there", path.display())));
    }
    none(&wrong);
}

#[test]
fn pages_of_a_platform_with_one_host_are_known_to_share_it() {
    // Pages that the fixtures of a provider read from a host which is not their own, by provider and that host.
    let mut asked: BTreeMap<(String, String), BTreeMap<String, Option<String>>> = BTreeMap::new();
    for path in files("shared/providers/fixtures", "/page.json") {
        let provider = path.split('/').nth(3).unwrap().to_owned();
        let fixture: Value = serde_json::from_str(&read(&path)).unwrap();
        let url = fixture["url"].as_str().unwrap().trim_end_matches('/');
        let page = Url::parse(url).unwrap();
        let key = fixture["hint"]["key"].as_str().map(str::to_owned);
        for route in fixture["routes"].as_array().unwrap() {
            let address = page.join(route["path"].as_str().unwrap()).unwrap();
            let host = address.host_str().unwrap().to_owned();
            if address.host() != page.host() {
                asked.entry((provider.clone(), host)).or_default().insert(url.to_owned(), key.clone());
            }
        }
    }
    asked.retain(|_, pages| pages.len() > 1);
    assert!(asked.keys().any(|(provider, _)| provider == "statusio"), "the fixtures are not what they were");
    let mut wrong = Vec::new();
    for ((provider, _), pages) in &asked {
        for (url, key) in pages {
            let key = key.clone().unwrap_or_default();
            let csv = format!("slug,name,url,provider,key\npage,Page,{url},{provider},{key}\n");
            let host = Catalogue::parse(&csv).unwrap().iter().next().unwrap().request_host().into_owned();
            if !asked.contains_key(&(provider.clone(), host.clone())) {
                wrong.push(format!("{url} of {provider} is not read from {host}: see shared/catalogue/src/host.rs"));
            }
        }
    }
    none(&wrong);
}
