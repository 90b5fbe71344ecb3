//! The program speaks TLS to PostgreSQL, with no library of the system.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use peer_directory::store::{DatabaseAddress, Store};
use tempfile::TempDir;

use crate::kept::texts;

const PASSWORD: &str = "only-for-this-test";

/// A PostgreSQL that has a certificate of its own; gone when the test ends.
struct Cluster {
    dir: TempDir,
    bin: PathBuf,
    port: u16,
}

/// The folder of PostgreSQL's programs. Debian keeps them out of PATH.
fn postgres_bin() -> PathBuf {
    let in_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    in_path
        .chain(debian.into_iter().rev())
        .find(|dir| dir.join("initdb").is_file())
        .expect("PostgreSQL's initdb is needed: run tests/run, which installs it")
}

fn succeed(command: &mut Command) -> Output {
    let ended = command.stdin(Stdio::null()).output().unwrap_or_else(|error| {
        panic!("{} cannot be run: {error}", command.get_program().display())
    });
    let said = String::from_utf8_lossy(&ended.stderr);
    let program = command.get_program().display();
    assert!(ended.status.success(), "{program} failed, {}: {said}", ended.status);
    ended
}

/// A certificate that vouches for itself, for 127.0.0.1 and no other name.
fn certificate(dir: &Path, name: &str) {
    let found = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
    assert!(
        found.is_ok_and(|status| status.success()),
        "the openssl program is needed to make a certificate: apt-get install openssl"
    );
    succeed(
        Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:TRUE"])
            .arg("-keyout")
            .arg(dir.join(format!("{name}.key")))
            .arg("-out")
            .arg(dir.join(format!("{name}.crt"))),
    );
}

impl Cluster {
    fn start() -> Self {
        let dir = TempDir::new().unwrap();
        certificate(dir.path(), "server");
        certificate(dir.path(), "stranger");
        fs::write(dir.path().join("password"), PASSWORD).unwrap();
        let cluster = Self { dir, bin: postgres_bin(), port: 0 };
        if is_root() {
            succeed(Command::new("chown").args(["-R", "postgres"]).arg(cluster.dir.path()));
        }
        succeed(
            cluster
                .postgres("initdb")
                .args(["--username=postgres", "--auth=scram-sha-256", "--no-sync"])
                .arg(format!("--pwfile={}", cluster.file("password").display())),
        );
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n\
             shared_buffers = 16MB\nlog_connections = on\nssl = on\n\
             ssl_cert_file = '{}'\nssl_key_file = '{}'\n",
            cluster.file("server.crt").display(),
            cluster.file("server.key").display()
        );
        let config = cluster.file("data/postgresql.conf");
        fs::write(&config, fs::read_to_string(&config).unwrap() + &settings).unwrap();
        cluster.listening()
    }

    /// Starts it on a free port; another is tried when somebody else takes it first.
    fn listening(mut self) -> Self {
        for _ in 0..10 {
            let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            self.port = free.local_addr().unwrap().port();
            drop(free);
            let started = self
                .postgres("pg_ctl")
                .args(["start", "-w", "-s", "-o", &format!("-p {}", self.port), "-l"])
                .arg(self.file("server.log"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if started.success() {
                return self;
            }
        }
        panic!("PostgreSQL does not start: {}", self.log());
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.file("server.log")).unwrap_or_default()
    }

    /// One of its programs, for its data. PostgreSQL refuses to run as root.
    fn postgres(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").arg("-D").arg(self.file("data"));
        command
    }

    /// Its address, as seen with a root certificate.
    fn url(&self, host: &str, mode: &str, root: &str) -> String {
        let root = self.file(root);
        format!(
            "postgres://postgres:{PASSWORD}@{host}:{}/postgres?sslmode={mode}&sslrootcert={}",
            self.port,
            root.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped = self
            .postgres("pg_ctl")
            .args(["stop", "-m", "immediate", "-s"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        drop(stopped);
    }
}

fn is_root() -> bool {
    let id = succeed(Command::new("id").arg("-u"));
    id.stdout.trim_ascii() == b"0"
}

fn connect(url: &str) -> Result<Store, String> {
    Store::open(&url.parse::<DatabaseAddress>().unwrap(), 2).map_err(|error| error.to_string())
}

/// What the server says of the encryption of the connection that asks.
fn encryption(store: &Store) -> String {
    let sql = "SELECT ssl || ' ' || version AS cell FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    store.read(|conn| Ok(texts(conn, sql))).unwrap().remove(0)
}

#[test]
fn the_program_speaks_tls_to_postgres_and_knows_whom_it_speaks_to() {
    let cluster = Cluster::start();

    let required = connect(&cluster.url("127.0.0.1", "require", "server.crt")).unwrap();
    let verified = connect(&cluster.url("127.0.0.1", "verify-full", "server.crt")).unwrap();
    let to_a_stranger = connect(&cluster.url("127.0.0.1", "verify-full", "stranger.crt"));
    let by_another_name = connect(&cluster.url("localhost", "verify-full", "server.crt"));

    assert_eq!(encryption(&required), "true TLSv1.3");
    assert_eq!(encryption(&verified), "true TLSv1.3");
    let refused = to_a_stranger.err().unwrap();
    assert!(refused.contains("certificate verify failed"), "{refused}");
    assert!(!refused.contains(PASSWORD), "{refused}");
    let refused = by_another_name.err().unwrap();
    assert!(refused.contains("does not match host name"), "{refused}");

    // And the program itself, from the command line.
    let ended = succeed(
        Command::new(env!("CARGO_BIN_EXE_peer-directory"))
            .args(["seed", "--dry-run", "--database-url"])
            .arg(cluster.url("127.0.0.1", "verify-full", "server.crt")),
    );
    let said = String::from_utf8(ended.stdout).unwrap();
    assert!(said.ends_with("nothing was written: this was a dry run\n"), "{said}");
    let log = cluster.log();
    let let_in: Vec<_> =
        log.lines().filter(|line| line.contains("connection authorized")).collect();
    assert!(let_in.len() >= 3, "{log}");
    assert!(let_in.iter().all(|line| line.contains("SSL enabled")), "{let_in:#?}");
}

#[test]
fn a_server_without_tls_is_refused_when_tls_is_required() {
    let plain = std::env::var("TEST_DATABASE_URL").expect("tests/run sets TEST_DATABASE_URL");
    let and = if plain.contains('?') { '&' } else { '?' };

    let refused = connect(&format!("{plain}{and}sslmode=require")).err();

    let refused = refused.expect("tests/run starts a server without TLS");
    assert!(refused.contains("does not support SSL"), "{refused}");
}
