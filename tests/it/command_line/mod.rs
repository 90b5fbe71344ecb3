//! The program as a process.

mod imports;
mod logs;
mod messages;
mod serving;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

use tempfile::TempDir;

use crate::support::TestDatabase;

/// A feed with four programs, found from any folder.
fn feed() -> String {
    let file = std::path::absolute("tests/fixtures/csv/programs.csv").unwrap();
    file.to_str().unwrap().to_owned()
}

/// A program that has not begun, without the settings of whoever runs the tests.
fn program(dir: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer-directory"));
    command.current_dir(dir.path()).env_clear().stdin(Stdio::null());
    command
}

/// What a program said, on both channels.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

/// A process that goes when the test fails.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already when all went well.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// A server in a process of its own.
struct Running {
    url: String,
    process: Process,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    _dir: TempDir,
}

impl Running {
    fn start(database: &TestDatabase, log: &str, more: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let child = program(&dir)
            .env("PEER_DIRECTORY_LOG", log)
            .args(["--listen", "127.0.0.1:0", "--workers", "2", "--database-url", &database.url])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut process = Process(child);
        let mut stderr = process.0.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut stdout = BufReader::new(process.0.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Ctrl-C") {
            if stdout.read_line(&mut greeting).unwrap() == 0 {
                let _ended = process.0.wait();
                panic!("it did not start: {greeting}{}", stderr.join().unwrap());
            }
        }
        let (_, url) = greeting.split_once("http://").unwrap();
        let url = format!("http://{}", url.split('/').next().unwrap());
        let stdout = std::thread::spawn(move || {
            stdout.read_to_string(&mut greeting).unwrap();
            greeting
        });
        Self { url, process, stdout, stderr, _dir: dir }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args(["-s", signal, &self.process.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Its exit code and all that it said.
    fn ended(mut self) -> (Option<i32>, String) {
        let code = self.process.0.wait().unwrap().code();
        (code, self.stdout.join().unwrap() + &self.stderr.join().unwrap())
    }

    fn end(self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        self.ended()
    }
}
