//! The binaries: built as they are shipped.
//!
//! Deliberately absent: what they do when they run.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::{Compression, write::DeflateEncoder};
use serde_json::Value;

/// The measure, which comes first.
pub(crate) const HELLO: &str = "hello";
const FUNCTIONS: [&str; 5] = ["api", "web", "dispatcher", "publisher", "scraper"];

pub(crate) struct Binary {
    /// `hello`, or the function's folder.
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

impl Binary {
    /// Its size, and that of a zip with nothing else, in bytes.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        let content = std::fs::read(&self.path).unwrap();
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&content).unwrap();
        // Two headers, the end of the directory, and the name twice.
        let frame = 30 + 46 + 22 + 2 * "bootstrap".len();
        (content.len(), packed.finish().unwrap().len() + frame)
    }
}

/// Builds them; what is there already is not built again.
pub(crate) fn build() -> Vec<Binary> {
    // Each for itself: the tests' dependencies of this package must not change what is shipped. SAM builds the functions
    // without naming a package, so with the features that any package of the workspace asks for.
    let mut built = cargo(&["--package=statusphere-runtime", "--example=hello"]);
    built.extend(cargo(&["--workspace", "--bins"]));
    binaries(|file| built.iter().find(|path| path.file_name().is_some_and(|name| name == file)).unwrap().clone())
}

/// Those of a folder: `hello`, `statusphere-api` and so on.
pub(crate) fn found_in(folder: &Path) -> Vec<Binary> {
    binaries(|file| folder.join(file))
}

fn binaries(path: impl Fn(&str) -> PathBuf) -> Vec<Binary> {
    let functions = FUNCTIONS.map(|name| Binary { name, path: path(&format!("statusphere-{name}")) });
    [Binary { name: HELLO, path: path(HELLO) }].into_iter().chain(functions).collect()
}

/// The executables that `cargo build --release` names.
fn cargo(arguments: &[&str]) -> Vec<PathBuf> {
    let build = Command::new(env!("CARGO"))
        .args(["build", "--release", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(build.status.success(), "the build failed");
    let messages = build.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let messages = messages.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).collect()
}
