//! Where a credential comes from: an environment variable, a file that only its owner can read, or a command.
//!
//! Values live in [`SecretString`]s, which nothing prints; an error names the variable, the file or the command's first
//! word, never what came out of it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::provider::api::{Auth, AuthScheme};

/// A command that has said nothing after this long is ended.
pub const COMMAND_TIME: Duration = Duration::from_secs(30);

/// No credential is longer than this, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Env(String),
    /// A file; a relative path starts at the mapping's folder.
    File(PathBuf),
    /// A program and its arguments, run without a shell in the mapping's folder, so that relative paths start there as
    /// those of files do; what it writes to standard output is the secret.
    Command(Vec<String>),
}

/// Why there is no secret: fits after "failed to …".
#[derive(Debug, Error)]
pub enum NoSecret {
    /// The variable is not set.
    #[error("read the environment variable `{0}`: it is not set; set it to the credential")]
    NotSet(String),
    /// The file cannot be read.
    #[error("read the secret file `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("read the secret file `{}`: it is no regular file", .0.display())]
    NoFile(PathBuf),
    /// Others can read the file.
    #[error("trust the secret file `{0}`: others can read it; run `chmod 600 {0}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// The list has no program in it.
    #[error(
        "run the command for a secret: it has no words; write it like `[\"op\", \"read\", \"…\"]`"
    )]
    NoCommand,
    /// The command cannot be started.
    #[error("run `{program}` for a secret")]
    NotStarted {
        /// The command's first word.
        program: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// The command said that it failed.
    #[error("get a secret from `{program}`: it ended with {status}{said}")]
    Failed {
        /// The command's first word.
        program: String,
        /// Its exit code or signal.
        status: String,
        /// The start of what it wrote to standard error, if anything.
        said: String,
    },
    /// The command did not come to an end.
    #[error("get a secret from `{program}`: it did not end within {} s", time.as_secs())]
    TooSlow {
        /// The command's first word.
        program: String,
        /// How long it was waited for.
        time: Duration,
    },
    /// There is a value, and it can be no credential.
    #[error("use the secret from {place}: {what}")]
    Unusable {
        /// Where it came from.
        place: String,
        /// What is wrong with it, without showing it.
        what: &'static str,
    },
}

/// Fetches a secret; relative paths start at `folder`, where the mapping stands.
///
/// # Errors
///
/// Why there is none, without a word of what was found.
pub fn fetch(source: &Source, folder: &Path) -> Result<SecretString, NoSecret> {
    fetch_within(source, folder, COMMAND_TIME)
}

/// The same with another time for commands.
///
/// # Errors
///
/// As [`fetch`].
pub fn fetch_within(
    source: &Source,
    folder: &Path,
    time: Duration,
) -> Result<SecretString, NoSecret> {
    match source {
        Source::Env(name) => {
            let value = std::env::var_os(name).ok_or_else(|| NoSecret::NotSet(name.clone()))?;
            let value = value.into_encoded_bytes();
            checked(value, || format!("the environment variable `{name}`"))
        }
        Source::File(path) => {
            let path = folder.join(path);
            checked(file(&path)?, || format!("`{}`", path.display()))
        }
        Source::Command(words) => {
            let (program, args) = words.split_first().ok_or(NoSecret::NoCommand)?;
            checked(command(program, args, folder, time)?, || {
                format!("`{program}`")
            })
        }
    }
}

/// One newline at the end is how files and programs end; anything else that cannot stand in a header is a mistake.
fn checked(mut value: Vec<u8>, place: impl Fn() -> String) -> Result<SecretString, NoSecret> {
    if value.last() == Some(&b'\n') {
        value.pop();
        if value.last() == Some(&b'\r') {
            value.pop();
        }
    }
    let what = match () {
        () if value.trim_ascii().is_empty() => "it is empty",
        () if value.len() as u64 > LONGEST => "it is longer than 64 KiB",
        () if value.iter().any(u8::is_ascii_control) => {
            "it holds a line break or another control character"
        }
        () if !value.is_ascii() => "it holds a character outside ASCII",
        () => match String::from_utf8(value) {
            Ok(text) => return Ok(SecretString::from(text)),
            Err(_) => "it is no text",
        },
    };
    Err(NoSecret::Unusable {
        place: place(),
        what,
    })
}

fn file(path: &Path) -> Result<Vec<u8>, NoSecret> {
    let unreadable = |source| NoSecret::Unreadable {
        path: path.to_owned(),
        source,
    };
    // Looked at before it is opened, because opening a pipe waits for its writer, and after, because it may be another
    // file by then.
    let regular = |data: std::fs::Metadata| match data.is_file() {
        true => Ok(data),
        false => Err(NoSecret::NoFile(path.to_owned())),
    };
    regular(std::fs::metadata(path).map_err(unreadable)?)?;
    let file = File::open(path).map_err(unreadable)?;
    let data = regular(file.metadata().map_err(unreadable)?)?;
    if is_open_to_others(&data) {
        return Err(NoSecret::Open {
            path: path.to_owned(),
        });
    }
    let mut value = Vec::new();
    file.take(LONGEST + 3)
        .read_to_end(&mut value)
        .map_err(unreadable)?;
    Ok(value)
}

#[cfg(unix)]
fn is_open_to_others(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// The program itself: one with a folder in its name is looked for from the mapping's, any other one on the path.
fn program_at(program: &str, folder: &Path) -> PathBuf {
    let below = folder.join(program);
    match program.contains(std::path::MAIN_SEPARATOR) {
        true => std::path::absolute(&below).unwrap_or(below),
        false => PathBuf::from(program),
    }
}

fn command(
    program: &str,
    args: &[String],
    folder: &Path,
    time: Duration,
) -> Result<Vec<u8>, NoSecret> {
    let name = || program.to_owned();
    let mut child = Command::new(program_at(program, folder))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| NoSecret::NotStarted {
            program: name(),
            source,
        })?;
    let told = listen(child.stdout.take());
    let moaned = listen(child.stderr.take());
    let end = Instant::now() + time;
    let too_slow = |mut child: Child| {
        // Gone already or not ours to end any more: nothing is left to do either way.
        let _ = child.kill();
        let _ = child.wait();
        NoSecret::TooSlow {
            program: name(),
            time,
        }
    };
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(10)),
            Ok(None) => return Err(too_slow(child)),
            Err(source) => {
                return Err(NoSecret::NotStarted {
                    program: name(),
                    source,
                });
            }
        }
    };
    // Something that the command left behind may hold its output open.
    let left = || end.saturating_duration_since(Instant::now());
    if !status.success() {
        let said = moaned.recv_timeout(left().min(Duration::from_secs(1)));
        return Err(NoSecret::Failed {
            program: name(),
            status: match status.code() {
                Some(code) => format!("exit code {code}"),
                None => "a signal".to_owned(),
            },
            said: shown(&said.unwrap_or_default()),
        });
    }
    match told.recv_timeout(left().max(Duration::from_secs(1))) {
        Ok(value) => Ok(value),
        Err(_) => Err(too_slow(child)),
    }
}

/// Reads a pipe to its end on a thread of its own, so that two full pipes cannot block each other.
fn listen(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut value = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before an error is all there is.
            let _ = pipe.by_ref().take(LONGEST + 3).read_to_end(&mut value);
            // The rest is read and dropped, so that the command can end.
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        // Nobody listens any more where the command was too slow.
        let _ = send.send(value);
    });
    receive
}

fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text: String = words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    match text.is_empty() {
        true => text,
        false => format!(": {text}"),
    }
}

/// A credential, ready to be shown to the provider.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Where it goes.
    pub scheme: AuthScheme,
    /// The header's or query parameter's name, where the scheme has none of its own.
    pub name: String,
    values: Vec<SecretString>,
}

impl Credential {
    /// Puts a credential together from the account keys that it needs.
    ///
    /// # Errors
    ///
    /// What `value` says about a key.
    pub fn new<E>(
        auth: &Auth,
        mut value: impl FnMut(&str) -> Result<SecretString, E>,
    ) -> Result<Self, E> {
        let values = auth.needs.iter().map(|key| value(key));
        Ok(Self {
            scheme: auth.scheme,
            name: auth.name.clone(),
            values: values.collect::<Result<_, E>>()?,
        })
    }

    /// What tells this credential from another and says nothing about it: a hash with a salt.
    #[must_use]
    pub fn fingerprint(&self, salt: &[u8]) -> [u8; 16] {
        let mut sum = Sha256::new();
        sum.update(salt);
        for value in self.values() {
            sum.update((value.len() as u64).to_be_bytes());
            sum.update(value);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&sum.finalize()[..16]);
        half
    }

    /// What has to stay unseen, as it goes over the wire: one text, or user name and password.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.expose_secret())
    }
}
