//! The process that reads one page and says what it cost.
//!
//! Deliberately absent: the bodies, which come from the parent.

use std::fs;
use std::thread;
use std::time::Duration;

use chrono::DateTime;
use statusphere_domain::{FetchError, Hint, Response};
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_providers::{Next, Outcome, Seen, Target, advance};

/// Says that this process is one.
pub(crate) const ARGUMENT: &str = "read-one-page";
pub(crate) const MAX_BODY: usize = 4 << 20;
/// Pages that cost less are read again until this is used up; the least counts.
const ENOUGH: Duration = Duration::from_millis(100);

type Answer = Result<Response, FetchError>;

/// Arguments: the server's port, the page's address, its provider and key, each empty where there is none.
pub(crate) fn run(arguments: &[String]) {
    let [port, url, provider, key] = arguments else { panic!("four arguments, not {arguments:?}") };
    let key = Some(key.clone()).filter(|key| !key.is_empty());
    let hint = (!provider.is_empty()).then(|| Hint { provider: provider.clone(), key });
    let limits = Limits::default();
    assert_eq!(limits.max_bytes, MAX_BODY, "the cap of a body");
    let config = Config {
        clock: chrono::Utc::now,
        contact: "https://example.com".to_owned(),
        limits,
        allowed_hosts: vec![format!("127.0.0.1:{port}")],
        proxy: None,
    };
    let fetcher = Fetcher::web(config).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fetch = |url: &str| {
        // Every host is the server, so that pages of platforms with one host are read as well.
        let answer = runtime.block_on(fetcher.get(&format!("http://127.0.0.1:{port}/{url}")));
        answer.map(|answer| Response { url: url.to_owned(), ..answer })
    };
    let first = Cascade::run(url, hint.as_ref(), fetch);
    let memory = peak();
    let (mut cpu, mut spent) = (first.cpu, first.cpu);
    while spent < ENOUGH {
        let again = |url: &str| first.seen.get(url).unwrap().cloned().map_err(Clone::clone);
        let once = Cascade::run(url, hint.as_ref(), again).cpu;
        cpu = cpu.min(once);
        spent += once.max(Duration::from_micros(100));
    }
    let bodies = first.order.iter().filter_map(|url| first.seen.get(url)?.ok());
    let bytes: usize = bodies.map(|answer| answer.body.len()).sum();
    let documents = first.order.len();
    let outcome = match first.outcome {
        Outcome::Read { reading, .. } => format!(
            "{} read: {} components, {} incidents, {} maintenances",
            reading.provider,
            reading.components.as_ref().map_or(0, Vec::len),
            reading.incidents.len(),
            reading.maintenances.len()
        ),
        Outcome::Failed(failure) => failure.detail.chars().take(120).collect(),
    };
    println!("{documents} {bytes} {} {memory} {}", cpu.as_nanos(), outcome.replace('\n', " "));
}

/// A cascade that is over.
struct Cascade {
    outcome: Outcome,
    /// Of the reading alone.
    cpu: Duration,
    seen: Seen,
    order: Vec<String>,
}

impl Cascade {
    /// Runs it as the scraper does.
    fn run(url: &str, hint: Option<&Hint>, mut fetch: impl FnMut(&str) -> Answer) -> Self {
        let target = Target::new(url, DateTime::from_timestamp(1_930_000_000, 0).unwrap());
        let (mut seen, mut order, mut cpu) = (Seen::default(), Vec::new(), Duration::ZERO);
        loop {
            let before = on_cpu();
            let next = advance(&target, hint, false, &seen);
            cpu += on_cpu().saturating_sub(before);
            match next {
                Next::Done(outcome) => return Self { outcome, cpu, seen, order },
                Next::Fetch(urls) => {
                    for url in urls {
                        let answer = fetch(&url);
                        seen.insert(url.clone(), answer);
                        order.push(url);
                    }
                }
            }
        }
    }
}

/// The CPU time of this thread. It is brought up to date when the thread gives way.
fn on_cpu() -> Duration {
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// The largest part of this process that was in memory at once, in bytes.
fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}
