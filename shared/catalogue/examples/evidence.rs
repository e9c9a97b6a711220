//! Lists on what each entry of the shipped catalogue rests: `cargo run -p statusphere-catalogue --example evidence`, with
//! a slug or name behind ` -- ` for one entry.
//!
//! Deliberately absent: judging it. What evidence an entry needs is said in `docs/catalogue.md`.

use std::{
    error::Error,
    io::{self, Write as _},
};

use csv::{Reader, StringRecord};

const PAGES: &str = include_str!("../pages.csv");
const SOURCES: &str = include_str!("../sources.csv");

fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args().nth(1);
    let sources = Reader::from_reader(SOURCES.as_bytes()).into_records().collect::<Result<Vec<_>, _>>()?;
    let mut pages = Reader::from_reader(PAGES.as_bytes());
    let header = pages.headers()?.clone();
    let column = |row: &StringRecord, name: &str| -> String {
        let at = header.iter().position(|column| column == name);
        at.and_then(|at| row.get(at)).unwrap_or_default().to_owned()
    };
    let mut out = io::stdout().lock();
    let mut found = false;
    for row in pages.records() {
        let row = row?;
        let [slug, name, url] = ["slug", "name", "url"].map(|column_name| column(&row, column_name));
        if asked.as_ref().is_some_and(|asked| *asked != slug && !asked.eq_ignore_ascii_case(&name)) {
            continue;
        }
        found = true;
        writeln!(out, "{slug}: {name}, {url}")?;
        for id in column(&row, "sources").split(';') {
            let source = sources.iter().find(|source| source.get(0) == Some(id)).ok_or("a source is not explained")?;
            let [what, address, read] = [1, 2, 3].map(|at| source.get(at).unwrap_or_default());
            writeln!(out, "  {id:<12} {read:<8} {what} {address}")?;
        }
    }
    if found { Ok(()) } else { Err("no entry has this slug or name".into()) }
}
