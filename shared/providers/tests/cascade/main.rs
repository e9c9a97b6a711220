//! The cascade through its front door: on the crate's own fixtures, on them broken in every way, and on recordings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod broken;
mod docs;
mod fixtures;
mod regressions;
mod web;

/// The setting, where it is not empty.
fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests have no runtime configuration")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// True when what was found is to be stored as what is expected.
fn blesses() -> bool {
    setting("STATUSPHERE_BLESS").is_some_and(|value| value == "1")
}

fn report(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn say(what: &str) {
    #[expect(clippy::print_stderr, reason = "a test says what it skipped, and its seed")]
    {
        eprintln!("{what}");
    }
}
