//! The `dev` program as its user starts it.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;

/// The program. `cargo test --test program` alone does not build it, so that is done here.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = ["build", "--quiet", "-p", "statusphere-local", "--example", "dev"];
        assert!(Command::new(env!("CARGO")).args(cargo).status().unwrap().success());
        let tests = std::env::current_exe().unwrap();
        let profile = tests.parent().unwrap().parent().unwrap();
        profile.join("examples").join(format!("dev{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(program()).args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// The running program; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Starts it on a free port and waits until it answers there.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(program())
            .args(["--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let port = line.split("localhost:").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        let port = port.parse().unwrap_or_else(|_| panic!("no port in `{line}`"));
        Self { child, _stdout: stdout, address: (Ipv4Addr::LOCALHOST, port).into() }
    }

    /// Ends it at once, with no chance to tidy up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
