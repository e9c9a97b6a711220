//! Kills functions in the middle of their work: processes of the emulator get SIGKILL.
//!
//! Deliberately absent: other systems than Linux, whose list of processes is read.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;

/// Over a full minute, so that at least one tick is hit, and so often that the few busy seconds after it are.
const TIMES: usize = 300;
const BETWEEN: Duration = Duration::from_millis(250);

/// Kills again and again; answers with the number of deaths by function.
pub(crate) async fn for_a_while(emulator: u32) -> anyhow::Result<BTreeMap<&'static str, usize>> {
    let mut died = BTreeMap::new();
    for time in 0..TIMES {
        for (at, (process, name)) in functions(emulator)?.into_iter().enumerate() {
            // Every fourth, ever another, so that some live long enough to get something done.
            if at % 4 == time % 4 && Command::new("kill").args(["-KILL", &process.to_string()]).status()?.success() {
                *died.entry(name).or_default() += 1;
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
    ensure!(died.contains_key("Scraper") && died.contains_key("Publisher"), "nobody died who matters: {died:?}");
    Ok(died)
}

/// The running functions, children of the emulator, by their names in the template.
fn functions(emulator: u32) -> anyhow::Result<Vec<(u32, &'static str)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let Some(process) = folder.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        // A process may end at any time.
        let Ok(status) = fs::read_to_string(folder.join("status")) else { continue };
        let Ok(environment) = fs::read(folder.join("environ")) else { continue };
        let is_child = status.lines().any(|line| {
            line.strip_prefix("PPid:").and_then(|parent| parent.trim().parse::<u32>().ok()) == Some(emulator)
        });
        let environment = String::from_utf8_lossy(&environment);
        let name = environment.split('\0').find_map(|pair| pair.strip_prefix("AWS_LAMBDA_FUNCTION_NAME="));
        let Some(name) = name.filter(|_| is_child) else { continue };
        let names = ["Dispatcher", "Scraper", "Publisher", "Api", "Web"];
        let known = names.into_iter().find(|known| name.contains(&format!("-{known}-")));
        found.extend(known.map(|name| (process, name)));
    }
    found.sort_unstable();
    Ok(found)
}
