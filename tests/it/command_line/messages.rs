//! What it says before it does anything: help, and why it does not start.

use std::net::TcpListener;

use tempfile::TempDir;

use super::{program, said};

#[test]
fn help_names_every_environment_variable() {
    let dir = TempDir::new().unwrap();

    let help = program(&dir).arg("--help").output().unwrap();

    let help = String::from_utf8(help.stdout).unwrap();
    for name in [
        "PEER_DIRECTORY_DATA_DIR",
        "PEER_DIRECTORY_DATABASE_URL",
        "PEER_DIRECTORY_DATABASE_CONNECTIONS",
        "PEER_DIRECTORY_LISTEN",
        "PEER_DIRECTORY_WORKERS",
        "PEER_DIRECTORY_NO_SEED",
        "PEER_DIRECTORY_LOG",
        "PEER_DIRECTORY_LOG_FORMAT",
    ] {
        let word = |c: char| c.is_ascii_uppercase() || c == '_';
        let named = help.split(|c| !word(c)).any(|found| found == name);
        assert!(named, "{name} is not in the help:\n{help}");
    }
}

#[test]
fn help_never_shows_a_password() {
    let dir = TempDir::new().unwrap();
    let url = "postgres://me:hunter2@db.example/peers";

    let help =
        program(&dir).env("PEER_DIRECTORY_DATABASE_URL", url).arg("--help").output().unwrap();

    assert!(!said(&help).contains("hunter2"));
}

#[test]
fn a_database_that_is_meant_otherwise_is_an_error_and_not_a_new_file() {
    for url in [
        "postgres:x",
        "mysql://localhost/peers",
        "peers.db",
        "sqlite:peers.db",
        "sqlite://",
        "postgres://",
        "",
    ] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).args(["--database-url", url]).output().unwrap();

        assert_eq!(refused.status.code(), Some(1), "{url}");
        assert_eq!(
            said(&refused),
            "peer-directory: the database address must be sqlite://PATH or postgres://USER@HOST/DATABASE\n"
        );
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn a_database_that_does_not_answer_is_one_line_without_the_password() {
    let dir = TempDir::new().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://me:hunter2@{nobody}/peers");

    let refused = program(&dir).args(["--database-url", &url]).output().unwrap();

    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_log_setting_that_means_nothing_is_one_line_and_not_a_silent_log() {
    for (variable, value, line) in [
        ("PEER_DIRECTORY_LOG", "inof", "PEER_DIRECTORY_LOG: `inof` is not a level: expected off, "),
        (
            "PEER_DIRECTORY_LOG",
            "peer_directory=loud",
            "PEER_DIRECTORY_LOG: `peer_directory=loud` is not a filter",
        ),
        ("PEER_DIRECTORY_LOG_FORMAT", "jsn", "PEER_DIRECTORY_LOG_FORMAT: `jsn` is not known: "),
    ] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).env(variable, value).arg("openapi").output().unwrap();

        assert_eq!(refused.status.code(), Some(2), "{value}");
        let text = said(&refused);
        assert!(text.starts_with(&format!("peer-directory: {line}")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let dir = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let refused = program(&dir)
        .env("PEER_DIRECTORY_LOG", "off")
        .args(["--listen", &address])
        .output()
        .unwrap();

    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert_eq!(
        text,
        format!(
            "peer-directory: cannot listen on {address}: the address is in use; --listen chooses another\n"
        )
    );
    let written = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(written, 0, "nothing is written for a server that cannot serve");
}
