//! What a process has cost so far, as the kernel and valgrind know it.
//!
//! Deliberately absent: wall time, which says more about the machine's other work.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Whether instructions can be counted here.
pub(crate) fn can_count() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// A command that runs another and writes down its instructions when it ends.
pub(crate) fn counting(binary: &Path, counts: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", counts.display())).arg(binary);
    command
}

/// The instructions of all threads, from the first to the last.
pub(crate) fn instructions(counts: &Path) -> u64 {
    let text = fs::read_to_string(counts).unwrap();
    text.lines().find_map(|line| line.strip_prefix("totals: ")).unwrap().trim().parse().unwrap()
}

/// The CPU time of all threads that are alive. That of a thread that waits is exact.
pub(crate) fn on_cpu(process: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let texts = tasks.filter_map(|task| fs::read_to_string(task.unwrap().path().join("schedstat")).ok());
    texts.map(|text| Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())).sum()
}

/// The largest part of the process that was in memory at once, in bytes.
pub(crate) fn peak(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}
