//! The table of all figures, and which bounds do not hold.
//!
//! Deliberately absent: measuring.

use crate::binaries::HELLO;
use crate::runs::Row;

/// Instructions from the start until DynamoDB has answered once, in those of hello from its start to its first answer.
/// Dispatcher makes the plan of all pages besides: it starts once and then runs every minute.
fn max_multiple(name: &str) -> f64 {
    if name == "dispatcher" { 20.0 } else { 12.0 }
}

/// A first invocation in a later one: in instructions, and of api, which somebody waits for, in CPU time too. That of the
/// others is shown only: pages of memory are touched for the first time, and dispatcher opens eight connections.
const MAX_FIRST: f64 = 2.0;
/// Most memory in use, in MB.
const MAX_MEMORY: f64 = 12.0;

/// The size that a zip may have, in MB. What makes two of them larger than was hoped for: docs/decisions/0006-cloud.md.
fn max_zip(name: &str) -> f64 {
    match name {
        "scraper" => 4.6,
        "api" => 3.25,
        "web" => 4.0,
        _ => 3.0,
    }
}

/// Prints the table; answers with the bounds that are broken.
pub(crate) fn show(rows: &[Row]) -> Vec<String> {
    let floor = rows.iter().find(|row| row.name == HELLO).and_then(|row| row.instructions).map(|hello| hello.answered);
    println!("\n           instructions, millions (x hello's answered)                CPU of an invocation, ms    MB");
    println!(
        "           DynamoDB       answered       warm           first/warm    first   warm  first/warm  binary   zip  memory"
    );
    let mut broken = Vec::new();
    for row in rows {
        let mut bound = |what: &str, value: f64, most: f64| {
            if value > most {
                broken.push(format!("{}: {what} is {value:.2}, above {most}", row.name));
            }
        };
        let (size, zip, memory) = (mb(row.size as u64), mb(row.zip as u64), mb(row.memory));
        let first = row.first.as_secs_f64() / row.warm.as_secs_f64();
        let counts = row.instructions.zip(floor).map(|(counts, floor)| {
            bound("the cold path as a multiple of hello", counts.init as f64 / floor as f64, max_multiple(row.name));
            let first = (counts.answered - counts.init) as f64 / counts.warm as f64;
            if row.name != HELLO {
                bound("the instructions of a first invocation as a multiple of a warm one", first, MAX_FIRST);
            }
            let shown = |count: u64| format!("{:6.3} ({:4.1})", mb(count), count as f64 / floor as f64);
            format!("{}  {first:8.1}", [counts.init, counts.answered, counts.warm].map(shown).join("  "))
        });
        if row.name != HELLO {
            bound("the zip in MB", zip, max_zip(row.name));
        }
        if row.name == "api" {
            bound("the CPU time of a first invocation as a multiple of a warm one", first, MAX_FIRST);
        }
        if matches!(row.name, "api" | "web") {
            bound("the memory in MB", memory, MAX_MEMORY);
        }
        println!(
            "{:10} {:58} {:6.2} {:6.2} {first:9.1} {size:10.2} {zip:6.2} {memory:6.2}",
            row.name,
            counts.unwrap_or_default(),
            row.first.as_secs_f64() * 1e3,
            row.warm.as_secs_f64() * 1e3,
        );
    }
    broken
}

/// Millions: of bytes, as DESIGN counts them, or of instructions.
fn mb(count: u64) -> f64 {
    count as f64 / 1e6
}
