//! Runs one input through the whole cascade, as the answer to everything that a provider asks for.
//!
//! Deliberately absent: what is read. A target looks for panics, hangs and endless questions, and for health that comes
//! from nothing.

use chrono::DateTime;
use statusphere_domain::{Hint, Response};
use statusphere_providers::{BackfillStep, Next, PROVIDERS, Seen, Target, advance, backfill};

/// Requests of one cascade, at most.
const MAX_REQUESTS: usize = 12;
/// A key of a form that most platforms accept.
const KEYS: [Option<&str>; 4] = [None, Some("5b36dc6502d06804c08349f7"), Some("kestrel"), Some("kestrel/status")];

/// Which provider alone is fuzzed; all of them when the setting is missing.
fn only() -> Option<usize> {
    let name = std::env::var("STATUSPHERE_FUZZ_PROVIDER").ok()?;
    let found = PROVIDERS.iter().position(|provider| provider.name == name);
    assert!(found.is_some(), "STATUSPHERE_FUZZ_PROVIDER: `{name}` is no provider");
    found
}

/// The first two bytes choose a provider and its key; the rest are the answers, one after the other, with a line of
/// `%%` between them, and the last for everything else that is asked for.
pub fn cascade(content_type: &str, input: &[u8]) {
    let [first, second, input @ ..] = input else { return };
    let provider = &PROVIDERS[only().unwrap_or(usize::from(*first) % PROVIDERS.len())];
    let key = KEYS[usize::from(*second) % KEYS.len()];
    let bodies = split(input);
    let hosts = ["https://status.kestrel.example", "https://status.kestrel.example/status/main"];
    let url = hosts[usize::from(*second >> 4) % hosts.len()];
    let as_of = DateTime::from_timestamp(1_930_000_000, 0).unwrap_or_default();
    let target = Target { key, ..Target::new(url, as_of) };
    let hint = Hint { provider: provider.name.to_owned(), key: key.map(str::to_owned) };

    let mut seen = Seen::default();
    let mut answered = 0;
    let mut answer = |seen: &mut Seen, url: String| {
        let body = bodies[answered.min(bodies.len() - 1)].to_vec();
        answered += 1;
        let content_type = Some(content_type.to_owned());
        seen.insert(url.clone(), Ok(Response { url, status: 200, content_type, body }));
    };
    while let Next::Fetch(urls) = advance(&target, Some(&hint), false, &seen) {
        assert!(!urls.is_empty() && seen.len() < MAX_REQUESTS, "asks without end: {urls:?}");
        urls.into_iter().for_each(|url| answer(&mut seen, url));
    }
    let mut seen = Seen::default();
    while let Some(BackfillStep::Want(urls)) = backfill(provider.name, &target, &seen) {
        assert!(!urls.is_empty() && seen.len() < 2 * MAX_REQUESTS, "asks without end: {urls:?}");
        urls.into_iter().for_each(|url| answer(&mut seen, url));
    }
}

/// At least one part, without copies.
fn split(input: &[u8]) -> Vec<&[u8]> {
    const MARK: &[u8] = b"\n%%\n";
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK).filter(|_| parts.len() < 8) {
        parts.push(&rest[..at]);
        rest = &rest[at + MARK.len()..];
    }
    parts.push(rest);
    parts
}
