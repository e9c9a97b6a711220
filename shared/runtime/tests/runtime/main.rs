//! What a function gets from its environment, tried from outside: the environment is that of a process of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests")]

mod logging;
mod roots;
mod start;

use std::process::{Command, Output};

/// Runs one of the ignored tests of this program in a process with this environment and no other.
fn alone(test: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--ignored", "--nocapture"]).env_clear().envs(environment.iter().copied());
    command.output().unwrap()
}
