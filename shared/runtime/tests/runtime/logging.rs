//! Which events are logged.

use serde_json::Value;
use statusphere_runtime::{METRICS, telemetry};

use crate::alone;

#[test]
#[ignore = "run by the others, each with its own level"]
fn logs() {
    telemetry().unwrap();
    tracing::info!(target: METRICS, pages = 7, "measured");
    tracing::debug!("chatter");
    tracing::info!("news");
    tracing::error!("trouble");
}

/// The messages that are logged at a level.
fn logged(level: &str) -> Vec<String> {
    let output = alone("logging::logs", &[("LOG_LEVEL", level)]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_level_lets_pass_what_is_as_grave() {
    assert_eq!(logged("DEBUG"), ["measured", "chatter", "news", "trouble"]);
    assert_eq!(logged("INFO"), ["measured", "news", "trouble"]);
    assert_eq!(logged(""), logged("INFO"), "the level of a deployment that sets none");
}

#[test]
fn measurements_are_logged_whatever_the_level() {
    assert_eq!(logged("ERROR"), ["measured", "trouble"]);
}

#[test]
fn a_level_that_there_is_not_ends_the_start() {
    let output = alone("logging::logs", &[("LOG_LEVEL", "loud")]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("LOG_LEVEL can't be read: `loud`"), "{output:?}");
}
