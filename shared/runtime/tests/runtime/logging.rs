//! Which events are logged.

use serde_json::Value;
use statusphere_runtime::{METRICS, telemetry};

use crate::alone;

fn log() {
    telemetry().unwrap();
    tracing::info!(target: METRICS, pages = 7, "measured");
    tracing::debug!("chatter");
    tracing::info!("news");
    tracing::error!("trouble");
}

/// The messages that are logged at a level; none in the process that logs them.
fn logged(test: &str, level: &str) -> Option<Vec<String>> {
    let output = alone(&format!("logging::{test}"), &[("LOG_LEVEL", level)], log)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    // On one processor the name of the test stands before the first line.
    let objects = lines.lines().filter_map(|line| line.find('{').map(|at| &line[at..]));
    let lines = objects.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Some(lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_level_lets_pass_what_is_as_grave() {
    for (level, expected) in [
        ("DEBUG", &["measured", "chatter", "news", "trouble"][..]),
        ("INFO", &["measured", "news", "trouble"]),
        // A deployment that sets none.
        ("", &["measured", "news", "trouble"]),
        ("ERROR", &["measured", "trouble"]),
    ] {
        let Some(logged) = logged("a_level_lets_pass_what_is_as_grave", level) else { return };
        assert_eq!(logged, expected, "{level}");
    }
}

#[test]
fn a_level_that_there_is_not_ends_the_start() {
    let test = "logging::a_level_that_there_is_not_ends_the_start";
    let Some(output) = alone(test, &[("LOG_LEVEL", "loud")], log) else { return };
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("LOG_LEVEL can't be read: `loud`"), "{output:?}");
}
