//! The runs of one binary, and what they cost.
//!
//! Deliberately absent: judgement, which is `report`'s.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::aws::Aws;
use crate::binaries::Binary;
use crate::cost;
use crate::function::Function;

/// Starts whose times are taken.
const STARTS: usize = 9;
/// Invocations of each that count as warm; they follow the first.
const WARM: u32 = 10;

/// What AWS sets, and the template.
const ENVIRONMENT: [(&str, &str); 14] = [
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("LAMBDA_TASK_ROOT", "/var/task"),
    ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("TABLE_NAME", "statusphere"),
    ("BUS_NAME", "statusphere"),
    ("CONTACT_URL", "https://statusphere.example"),
    ("LOG_LEVEL", "INFO"),
];

/// What a binary costs.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) size: usize,
    pub(crate) zip: usize,
    /// Most memory in use at once, in bytes.
    pub(crate) memory: u64,
    pub(crate) first: Duration,
    pub(crate) warm: Duration,
    pub(crate) instructions: Option<Instructions>,
}

#[derive(Clone, Copy)]
pub(crate) struct Instructions {
    /// From the start of the process to its asking for the first event; by then DynamoDB has answered once.
    pub(crate) init: u64,
    /// From the start of the process to the end of the first invocation.
    pub(crate) answered: u64,
    /// Of one more invocation.
    pub(crate) warm: u64,
}

pub(crate) async fn measure(binary: &Binary, aws: &Aws, counted: bool, scratch: &Path) -> Row {
    let event = event(binary.name);
    let (size, zip) = binary.sizes();
    let (mut firsts, mut warms, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut run = Run::start(Command::new(&binary.path), binary, aws, scratch).await;
        let (started, answered) = (run.on_cpu().await, run.invoke(&event, 1).await);
        let ended = run.invoke(&event, WARM).await;
        firsts.push(answered.saturating_sub(started));
        warms.push(ended.saturating_sub(answered) / WARM);
        peaks.push(cost::peak(run.function.id()));
        run.stop();
    }
    let instructions = if counted {
        let mut counts = Vec::new();
        for times in [0, 1, 1 + WARM] {
            counts.push(count(binary, aws, &event, times, scratch).await);
        }
        let warm = (counts[2] - counts[1]) / u64::from(WARM);
        Some(Instructions { init: counts[0], answered: counts[1], warm })
    } else {
        None
    };
    Row { name: binary.name, size, zip, memory: median(peaks), first: least(firsts), warm: least(warms), instructions }
}

/// The instructions of a start and of so many invocations.
async fn count(binary: &Binary, aws: &Aws, event: &str, times: u32, scratch: &Path) -> u64 {
    let counts = scratch.join("counts");
    let mut run = Run::start(cost::counting(&binary.path, &counts), binary, aws, scratch).await;
    run.invoke(event, times).await;
    run.stop();
    cost::instructions(&counts)
}

/// What was not disturbed by other work of the machine.
fn least(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap_or_default()
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values[values.len() / 2]
}

/// One of the project's sample events.
fn event(name: &str) -> String {
    let file = match name {
        "dispatcher" => "schedule-tick",
        "publisher" => "table-stream",
        "scraper" => "scrape-requested",
        "web" => "web-page",
        _ => "api-current-status",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let event = std::fs::read_to_string(folder.join(format!("{file}.json"))).unwrap();
    // Addresses that the scraper refuses: its own work is measured, without the network.
    event.replace("status.acme.example", "127.0.0.1").replace("status.globex.example", "127.0.0.2")
}

struct Run {
    function: Function,
    name: &'static str,
}

impl Run {
    async fn start(mut command: Command, binary: &Binary, aws: &Aws, scratch: &Path) -> Self {
        command.env_clear().envs(ENVIRONMENT).env("AWS_SESSION_TOKEN", "t".repeat(300));
        command.env("AWS_ENDPOINT_URL", &aws.endpoint).env("AWS_CA_BUNDLE", &aws.roots);
        Self { function: Function::start(command, &scratch.join("log")).await, name: binary.name }
    }

    /// Invokes it so many times; answers with the CPU time until then.
    async fn invoke(&mut self, event: &str, times: u32) -> Duration {
        for _ in 0..times {
            let answer = self.function.invoke(event).await;
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let is_answer = matches!(self.name, "api" | "web");
            assert!(!is_answer || answer["statusCode"] == 200, "{} answered {answer}", self.name);
        }
        self.on_cpu().await
    }

    /// The CPU time until now, once the process waits.
    async fn on_cpu(&self) -> Duration {
        tokio::time::sleep(Duration::from_millis(5)).await;
        cost::on_cpu(self.function.id())
    }

    /// Ends it. It must not have complained.
    fn stop(self) {
        let log = self.function.stop();
        let complaint =
            log.lines().find(|line| line.contains(r#""level":"WARN""#) || line.contains(r#""level":"ERROR""#));
        assert!(complaint.is_none(), "{} complained: {complaint:?}", self.name);
    }
}
