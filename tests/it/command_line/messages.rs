//! What it says before it does anything: help, and why it does not start.

use std::net::TcpListener;

use serde_json::{Value, json};
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
        "PEER_DIRECTORY_WEIGHTS",
        "PEER_DIRECTORY_POLICY",
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
        "postgres://me:secret word@localhost/peers",
        "",
    ] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).args(["--database-url", url]).output().unwrap();

        assert_eq!(refused.status.code(), Some(1), "{url}");
        assert_eq!(
            said(&refused),
            "peer-directory: the database address must be sqlite://PATH or postgres://USER@HOST/DATABASE \
             (a space in it is %20)\n"
        );
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn what_the_program_lists_itself_is_no_source_to_import() {
    for source in ["seed", "generated-1"] {
        let dir = TempDir::new().unwrap();

        let refused =
            program(&dir).args(["import", "csv", "x.csv", "--source", source]).output().unwrap();

        assert_eq!(refused.status.code(), Some(1), "{source}");
        assert_eq!(
            said(&refused),
            format!(
                "peer-directory: --source: `{source}` is the name of listings that the program makes itself: \
                 choose another\n"
            )
        );
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

#[test]
fn a_policy_that_cannot_decide_is_no_start_and_one_line_says_why() {
    let known: Value =
        serde_json::from_slice(&std::fs::read("seed-data/policy.json").unwrap()).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut policy = known.clone();
        *policy.pointer_mut(pointer).unwrap() = value;
        policy.to_string()
    };
    let mut without = known.clone();
    without.as_object_mut().unwrap().remove("version");
    let mut more = known.clone();
    more["pause_after_days"] = json!(30);
    let mut of_no_flag = known.clone();
    of_no_flag["actions"]["do_not_liste"] = json!("hide");
    let mut without_action = known.clone();
    without_action["actions"].as_object_mut().unwrap().remove("curator_review");
    for (policy, why) in [
        ("{".to_owned(), "it is not JSON: EOF while parsing an object at line 1 column 1"),
        ("[]".to_owned(), "it is not such a policy: "),
        (without.to_string(), "it is not such a policy: missing field `version` at line 1"),
        (
            more.to_string(),
            "it is not such a policy: unknown field `pause_after_days`, expected one of `key`",
        ),
        (with("/version", json!(0)), "version: must be 1 or more"),
        (
            with("/because", json!({"es": "Porque sí."})),
            "because: must have a sentence in English, `en`",
        ),
        (
            with("/gates/0/criterion", json!("medication")),
            "gates[0].criterion: there is no criterion `medication`; did you mean `medication_neutrality`?",
        ),
        (
            with("/gates/1/value", json!("garantees")),
            "gates[1].value: there is no value of `honest_claims` `garantees`; did you mean `guarantees`?",
        ),
        (
            with("/gates/1/value", json!("no_claims")),
            "gates[1].value: `no_claims` is no bad value; it has `guarantees`",
        ),
        (
            with("/gates/1/red_flag", json!("guarantees_cures")),
            "gates[1].red_flag: there is no red flag of `honest_claims` `guarantees_cures`; did you mean `guarantees_cure`?",
        ),
        (
            with("/gates/1/red_flag", json!("coercion")),
            "gates[1].red_flag: there is no red flag of `honest_claims` `coercion`",
        ),
        (with("/actions/do_not_list", json!("burn")), "it is not such a policy: "),
        (
            of_no_flag.to_string(),
            "actions: there is no action `do_not_liste`; did you mean `do_not_list`?",
        ),
        (
            without_action.to_string(),
            "actions: must say what `curator_review` means, which `crisis_with_no_plan` asks for",
        ),
        (with("/questions/most", json!(6)), "questions.most: must be 0 to 5"),
        (
            with("/questions/order/0", json!("youth")),
            "questions.order[0]: there is no criterion `youth`; did you mean `youth_safeguarding`?",
        ),
        (
            with("/pause_when_overdue_by_days", json!(0)),
            "pause_when_overdue_by_days: must be 1 to 3650 days, or null to pause nothing",
        ),
        (
            with("/pause_when_overdue_by_days", json!("30")),
            "it is not such a policy: invalid type: string \"30\", expected u16",
        ),
    ] {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("my.json"), policy).unwrap();

        let refused = program(&dir).args(["serve", "--policy", "my.json"]).output().unwrap();

        let said = said(&refused);
        let begin = format!(
            "peer-directory: --policy (PEER_DIRECTORY_POLICY): correct my.json, or leave it out to decide by \
             the policy of this version: {why}"
        );
        assert!(said.starts_with(&begin) && said.lines().count() == 1, "{begin}\n{said}");
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(!dir.path().join("peer-directory-data").exists(), "nothing was begun");
    }
    let dir = TempDir::new().unwrap();
    let missing = program(&dir).env("PEER_DIRECTORY_POLICY", "none.json").output().unwrap();
    assert!(said(&missing).contains("correct none.json"), "{}", said(&missing));
}

#[test]
fn a_setting_that_is_neither_yes_nor_no_is_refused() {
    let dir = TempDir::new().unwrap();

    let refused =
        program(&dir).env("PEER_DIRECTORY_NO_SEED", "maybe").arg("serve").output().unwrap();

    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("--no-seed"), "{}", said(&refused));
}

#[test]
fn a_limit_that_no_time_could_be_told_for_is_refused() {
    for given in ["1000001", "100000000", "4294967295"] {
        let dir = TempDir::new().unwrap();

        let refused = program(&dir).args(["--rate-limit", given, "openapi"]).output().unwrap();

        let said = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        let line = format!("'{given}' for '--rate-limit <N>': {given} is not in 0..=1000000");
        assert!(said.contains(&line), "{said}");
    }
}

#[test]
fn an_import_of_which_nothing_could_be_used_ends_with_an_error() {
    let dir = TempDir::new().unwrap();
    let table = dir.path().join("table.csv");
    std::fs::write(&table, "name,organization,kinds,cost\nA,Org,online,cheap\n").unwrap();

    let import = ["import", "csv", table.to_str().unwrap(), "--source", "mine", "--dry-run"];
    let refused = program(&dir).args(import).output().unwrap();

    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("row 2: refused, cost: "), "{}", said(&refused));
    assert!(said(&refused).contains("no row could be used"), "{}", said(&refused));
}
