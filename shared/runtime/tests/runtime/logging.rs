//! Which events are logged.

use serde_json::{Value, json};
use statusphere_runtime::{METRICS, telemetry};

use crate::alone;

fn log() {
    telemetry().unwrap();
    tracing::info!(target: METRICS, pages = 7, "measured");
    tracing::debug!("chatter");
    tracing::info!("news");
    tracing::error!("trouble");
}

/// The lines that `work` logs at a level; none in the process that logs them.
fn lines(test: &str, level: &str, work: fn()) -> Option<Vec<Value>> {
    let output = alone(&format!("logging::{test}"), &[("LOG_LEVEL", level)], work)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    // On one processor the name of the test stands before the first line.
    let objects = lines.lines().filter_map(|line| line.find('{').map(|at| &line[at..]));
    Some(objects.filter_map(|line| serde_json::from_str(line).ok()).collect())
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
        let Some(logged) = lines("a_level_lets_pass_what_is_as_grave", level, log) else { return };
        let messages: Vec<&str> = logged.iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(messages, expected, "{level}");
    }
}

#[test]
fn a_line_tells_which_request_it_belongs_to() {
    let work = || {
        telemetry().unwrap();
        tracing::error_span!("request", request.id = "Abc1=").in_scope(|| {
            tracing::error!("trouble");
            tracing::error_span!("deeper").in_scope(|| tracing::error!("trouble"));
        });
        tracing::error!("trouble");
    };
    let Some(logged) = lines("a_line_tells_which_request_it_belongs_to", "ERROR", work) else { return };
    assert_eq!(logged.len(), 3);
    for line in &logged[..2] {
        assert_eq!(line["spans"][0], json!({ "name": "request", "request.id": "Abc1=" }), "{line}");
    }
    assert_eq!(logged[2].get("spans"), None);
}

#[test]
fn a_level_that_there_is_not_ends_the_start() {
    let test = "logging::a_level_that_there_is_not_ends_the_start";
    let Some(output) = alone(test, &[("LOG_LEVEL", "loud")], log) else { return };
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("LOG_LEVEL can't be read: `loud`"), "{output:?}");
}
