//! Search over fifty thousand names, beside a plain look for a piece of text in all of them.
//!
//! Deliberately absent: how good the answers are; tests tell that. The exit code says whether a bound broke.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use memchr::memmem;
use statusphere_catalogue::Catalogue;

const NAMES: usize = 50_000;
/// Longest that a search may take, also as a multiple of the plain look.
const LONGEST: Duration = Duration::from_micros(500);
const MULTIPLE: f64 = 5.0;
/// The same where most words of a query stand in thousands of names.
const LONGEST_OF_FEW: Duration = Duration::from_millis(5);
/// Most memory that the index may take, in MB.
const MEMORY: f64 = 12.0;
const ROUNDS: usize = 40;

/// A word of two to four syllables that follows from a number.
fn word(mut n: usize) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "cor", "da", "el", "fin", "go", "hu", "in", "ja", "kle", "lo", "ma", "ni", "or", "pe", "qua", "ro",
        "sta", "ti", "ul", "ver", "wo", "xi", "zen",
    ];
    let mut word = String::new();
    for _ in 0..2 + n % 3 {
        word.push_str(SYLLABLES[n % SYLLABLES.len()]);
        n = n / SYLLABLES.len() + 7 * n;
    }
    word
}

/// What the process has in memory, in MB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// The middle of many rounds.
fn time(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// Names of which thousands share each word.
fn of_few_words() -> String {
    const WORDS: [&str; 20] = [
        "cloud", "data", "net", "open", "blue", "red", "quick", "smart", "deep", "north", "systems", "labs", "mail",
        "search", "stream", "works", "health", "media", "bank", "games",
    ];
    let mut csv = String::from("slug,name,url\n");
    for n in 0..NAMES {
        let (one, other) = (WORDS[n % 10], WORDS[10 + n / 10 % 10]);
        writeln!(csv, "p{n},{one} {other} {},https://status.p{n}.example", n / 100).unwrap();
    }
    csv
}

fn main() -> ExitCode {
    let mut csv = String::from("slug,name,url\n");
    let mut names = Vec::new();
    for n in 0..NAMES {
        let (one, other) = (word(n), word(n / 5 + 11));
        writeln!(csv, "{one}-{other}-{n},{one} {other} {n},https://status.{one}{n}.example").unwrap();
        names.push(format!("{one} {other} {n}"));
    }
    let catalogue = Catalogue::parse(&csv).unwrap();
    drop(csv);
    // The order of all pages is the directory's; what is measured is what a search adds.
    assert_eq!(catalogue.iter().count(), NAMES);
    let before = resident();
    catalogue.search("first");
    let memory = resident() - before;

    let some = &names[NAMES / 3];
    let words: Vec<&str> = some.split(' ').collect();
    let slip = format!("{}{}", &words[0][..3], &words[0][4..]);
    let turned = format!("{} {}", words[1], words[0]);
    let queries = [
        ("a name", some.as_str()),
        ("its first word", words[0]),
        ("words in another order", &turned),
        ("two letters", &some[..2]),
        ("a common syllable", "sta"),
        ("the middle of a word", &words[0][1..]),
        ("a slip", &slip),
        ("a host", "api.status.example"),
        ("nonsense", "zzyzxqq vrrmpf"),
    ];
    println!("{NAMES} names");
    let mut good = memory <= MEMORY;
    println!("memory of the index {memory:>35.1} MB <= {MEMORY} MB  {}", if good { "ok" } else { "BROKEN" });
    for (what, query) in queries {
        let plain = time(|| {
            let finder = memmem::Finder::new(query);
            black_box(names.iter().filter(|name| finder.find(name.as_bytes()).is_some()).count());
        });
        let ours = time(|| {
            black_box(catalogue.search(query));
        });
        let ratio = ours.as_secs_f64() / plain.as_secs_f64();
        let holds = ours <= LONGEST && ratio <= MULTIPLE;
        good &= holds;
        let verdict = if holds { "ok" } else { "BROKEN" };
        println!("{what:<24} {query:<28} {ours:>10.1?}, plain {plain:>10.1?}, {ratio:>6.3} x  {verdict}");
    }
    println!("\n{NAMES} names that are made of few words");
    let catalogue = Catalogue::parse(&of_few_words()).unwrap();
    catalogue.search("first");
    for query in ["cloud systems", "systems cloud 7", "clod systems", "status cloud", "cloud zebra"] {
        let ours = time(|| {
            black_box(catalogue.search(query));
        });
        let holds = ours <= LONGEST_OF_FEW;
        good &= holds;
        println!("{query:<53} {ours:>10.1?}  {}", if holds { "ok" } else { "BROKEN" });
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
