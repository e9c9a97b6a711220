//! `docs/providers.md` is what the providers say of themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use statusphere_providers::PROVIDERS;

use crate::blesses;

const INTRODUCTION: &str = "\
# Providers

<!-- Made of the providers' own documentation: STATUSPHERE_BLESS=1 cargo test -p statusphere-providers writes it. -->

A provider reads the pages of one platform. They are asked in this order, the one that read a page last before all others;
the first that recognises a page has the last word on it. *Evidence* says what stands behind each: real recordings, the
platform's own source code or documentation, or only what other clients read. What is *unconfirmed* was never seen in a
real answer; such a provider reads nothing as healthy but what its platform documents as such.

A page that is known costs the documents that its provider names under *Requests*. A page that nobody knows yet is looked
at once by all of them: what each asks for is there for the others, twelve documents at most, and feeds come last. A page
that its provider cannot recognise any more is put before all of them again within a day; until then it is stale.

To add one: `cargo record https://status.example.com` saves what a page answers, with an `expect` to compare with the page
itself. Write `shared/providers/src/<name>.rs` with the headings below, cases of your own making in
`shared/providers/fixtures/<name>/` (calm, trouble, maintenance, two broken documents), and one line in `PROVIDERS`. The
tests of the package name what is missing.
";

/// The module's documentation, as Markdown one level below its own heading.
fn documentation(name: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/{name}.rs"));
    let source = fs::read_to_string(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let mut text = String::new();
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let deeper = if line.starts_with('#') { "##" } else { "" };
        writeln!(text, "{deeper}{line}").unwrap();
    }
    text
}

#[test]
fn the_docs_say_what_the_providers_say() {
    let mut document = INTRODUCTION.to_owned();
    for provider in PROVIDERS {
        let name = provider.name;
        let source = format!("[Source](../shared/providers/src/{name}.rs).");
        write!(document, "\n## {name}\n\n{}\n{source}\n", documentation(name)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/providers.md");
    if blesses() {
        fs::write(&path, &document).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap();
    assert!(stored == document, "docs/providers.md is not what the providers say: STATUSPHERE_BLESS=1 writes it");
}
