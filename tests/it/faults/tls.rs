//! Servers that cannot prove who they are, with real certificates made here by `openssl`, and proxies that are not there:
//! nothing of the request leaves, and people are told why.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use super::run_of;
use crate::run::done::Done;
use crate::run::gate::ClosedPort;
use crate::run::harness::{QUICK, TOKEN, people, skipped};

pub(super) fn openssl(folder: &Path, words: &str) -> bool {
    let done = Command::new("openssl")
        .args(words.split(' '))
        .current_dir(folder)
        .output();
    done.is_ok_and(|done| done.status.success())
}

/// A server that speaks TLS with a certificate of its own and shows what it was told.
struct Suspect {
    child: Child,
    port: u16,
    seen: Arc<Mutex<String>>,
    folder: tempfile::TempDir,
}

impl Drop for Suspect {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Suspect {
    /// Nothing where there is no `openssl`.
    fn start(certificate: &str, more: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a directory");
        let new = format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem {certificate}"
        );
        if !openssl(folder.path(), &new) {
            skipped("there is no `openssl` that makes certificates");
            return None;
        }
        let mut child = Command::new("openssl")
            .args([
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                "cert.pem",
                "-key",
                "key.pem",
            ])
            .args(more)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("ACCEPT ")?
                    .rsplit(':')
                    .next()?
                    .parse()
                    .ok()
            })
            .expect("its port");
        let seen = Arc::new(Mutex::new(String::new()));
        let own = Arc::clone(&seen);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *own.lock().expect("whole") += &line;
            }
        });
        Some(Self {
            child,
            port,
            seen,
            folder,
        })
    }

    fn seen(&self) -> String {
        self.seen.lock().expect("whole").clone()
    }
}

/// Five rows to this address, with certificates that are trusted taken from a file, if one is named.
fn run(url: &str, trusted: Option<&Path>) -> Done {
    let run = run_of(QUICK, people(5)).args(["--base-url", url]);
    match trusted {
        None => run.go(),
        Some(file) => run.env("SSL_CERT_FILE", file).go(),
    }
}

fn not_trusted(server: &Suspect, done: &Done, cause: &str) {
    done.code(5).all("pending");
    assert!(done.stdout.contains("could not prove who it is"), "{done}");
    assert!(
        done.stdout.to_lowercase().contains(cause),
        "`{cause}`: {done}"
    );
    assert_eq!(done.summary()["retries"], 0, "{done}");
    let seen = server.seen();
    assert!(!seen.contains(TOKEN) && !seen.contains("PATCH"), "{seen}");
}

#[test]
fn a_server_that_vouches_for_itself_is_not_trusted() {
    let words = "-days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost";
    let Some(server) = Suspect::start(words, &[]) else {
        return;
    };
    let done = run(&format!("https://127.0.0.1:{}", server.port), None);
    not_trusted(&server, &done, "certificate");
}

#[test]
fn a_certificate_of_another_name_is_not_trusted() {
    let words = "-days 30 -subj /CN=other.example -addext subjectAltName=DNS:other.example -addext basicConstraints=critical,CA:false";
    let Some(server) = Suspect::start(words, &[]) else {
        return;
    };
    let trusted = server.folder.path().join("cert.pem");
    let done = run(
        &format!("https://127.0.0.1:{}", server.port),
        Some(&trusted),
    );
    not_trusted(&server, &done, "certificate");
}

#[test]
fn a_certificate_that_is_over_is_not_trusted() {
    let words = "-days -10 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost -addext basicConstraints=critical,CA:false";
    let Some(server) = Suspect::start(words, &[]) else {
        return;
    };
    let trusted = server.folder.path().join("cert.pem");
    let done = run(
        &format!("https://127.0.0.1:{}", server.port),
        Some(&trusted),
    );
    not_trusted(&server, &done, "certificate");
}

#[test]
fn a_server_with_old_encryption_only_is_not_talked_to() {
    let words = "-days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
    let old = ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"];
    let Some(server) = Suspect::start(words, &old) else {
        return;
    };
    let done = run(&format!("https://127.0.0.1:{}", server.port), None);
    done.code(5).all("pending");
    assert!(!server.seen().contains("PATCH"));
}

/// Interrupted once it has said so: it would try for a whole minute.
#[test]
fn a_proxy_that_is_not_there_is_named() {
    let nobody = ClosedPort::take();
    let running = run_of(QUICK, people(3))
        .args(["--base-url", "https://chat.example.com"])
        .env("HTTPS_PROXY", nobody.url())
        .start();
    running.wait_until_it_says("trying again for a minute");
    running.signal("INT");
    let done = running.end();
    done.code(130).all("pending");
    done.says("proxy");
}
