//! What a function gets from its environment, tried from outside: the environment is that of a process of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests")]

mod logging;
mod roots;
mod start;

use std::process::{Command, Output};

/// Set in the process that a test starts.
const ALONE: &str = "STATUSPHERE_TEST_ALONE";

/// Runs a test of this program once more, in a process with this environment and no other, where it does `work` instead of
/// looking at it: there the answer is `None`.
fn alone(test: &str, environment: &[(&str, &str)], work: fn()) -> Option<Output> {
    if statusphere_runtime::optional(ALONE).is_some() {
        work();
        return None;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env_clear().env(ALONE, "yes").envs(environment.iter().copied());
    let output = command.output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("running 1 test"), "{test} is the name of no test");
    Some(output)
}
