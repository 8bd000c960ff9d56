//! One run of the program in a directory of its own: what goes in, what came out.
//!
//! Every run that ends is held against what must be true of all of them ([`super::invariants`]).

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::done::Done;
use super::invariants;
use super::server::Server;

/// A credential that is easy to find again, in every form it could take.
pub(crate) const TOKEN: &str = "canary+4Z/7q=Tk~81&x";

/// A run may take so long before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(45);

/// A run that is being put together.
pub(crate) struct Run {
    place: TempDir,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    input: Option<Vec<u8>>,
    stdout: Stdio,
}

#[expect(clippy::print_stderr, reason = "a skipped test has to say so")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Contacts that nobody could object to, numbered from 1.
pub(crate) fn people(count: usize) -> String {
    let mut text = "Id,Name,Email\n".to_owned();
    for number in 1..=count {
        text += &format!("{number},Person {number},p{number}@example.org\n");
    }
    text
}

/// A mapping for [`people`], with a provider that names no official limit.
pub(crate) const QUICK: &str = r#"provider = "99digital"
[account]
token = { env = "SHOP_TOKEN" }
account_id = 7
[contact]
id = "Id"
[fields]
name = "Name"
email = "Email"
"#;

/// The same with a provider that has official limits and limit headers.
pub(crate) const OFFICIAL: &str = r#"provider = "highlevel"
[account]
token = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[fields]
firstName = "Name"
email = "Email"
"#;

impl Run {
    /// `run people.csv -m shop/contacts.toml`, with these two files and a credential in the environment.
    pub(crate) fn of(mapping: &str, csv: impl AsRef<[u8]>) -> Self {
        let run = Self::verb("run")
            .file("people.csv", csv)
            .file("shop/contacts.toml", mapping);
        run.args(["people.csv", "-m", "shop/contacts.toml", "--no-progress"])
    }

    /// So many harmless rows to this server, as fast as it takes them.
    pub(crate) fn quick(rows: usize, server: &Server) -> Self {
        Self::of(QUICK, people(rows))
            .to(server)
            .args(["--rate", "2000/1s"])
    }

    /// Any verb, with nothing but a credential.
    pub(crate) fn verb(verb: &str) -> Self {
        let place = tempfile::tempdir().expect("a directory");
        let run = Self {
            place,
            args: Vec::new(),
            env: Vec::new(),
            input: None,
            stdout: Stdio::piped(),
        };
        // What is remembered stays in the run's own place, too.
        let state = run.path("state");
        run.args([verb])
            .env("SHOP_TOKEN", TOKEN)
            .env("XDG_STATE_HOME", state)
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Takes a variable out of the environment again.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.env.retain(|(own, _)| own != name);
        self
    }

    /// Sends to this server.
    pub(crate) fn to(self, server: &Server) -> Self {
        self.args(["--base-url".to_owned(), server.url()])
    }

    /// What stands on standard input.
    pub(crate) fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = Some(text.as_ref().to_vec());
        self
    }

    /// Where standard output goes, if not to the test.
    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.stdout = to.into();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The same command once more in the same place, with another run directory.
    pub(crate) fn again(done: Done, out: &str) -> Self {
        let mut run = Self {
            place: done.place,
            args: done.args,
            env: Vec::new(),
            input: None,
            stdout: Stdio::piped(),
        };
        if let Some(at) = run.args.iter().position(|arg| arg == "--out") {
            run.args.drain(at..at + 2);
        }
        let state = run.path("state");
        run.args(["--out", out])
            .env("SHOP_TOKEN", TOKEN)
            .env("XDG_STATE_HOME", state)
    }

    /// Runs it to its end.
    pub(crate) fn go(self) -> Done {
        self.start().end()
    }

    /// Runs it inside another program, such as a tracer.
    pub(crate) fn inside<A: Into<OsString>>(
        self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Done {
        self.start_inside(program, args).end()
    }

    /// Starts it inside another program.
    pub(crate) fn start_inside<A: Into<OsString>>(
        self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Running {
        let mut command = Command::new(program);
        command
            .args(args.into_iter().map(Into::into))
            .arg(env!("CARGO_BIN_EXE_contact-sync"));
        self.spawn(command)
    }

    /// Starts it.
    pub(crate) fn start(self) -> Running {
        self.spawn(Command::new(env!("CARGO_BIN_EXE_contact-sync")))
    }

    fn spawn(self, mut command: Command) -> Running {
        let stdin = if self.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        let mut child = command
            .args(&self.args)
            .current_dir(self.place.path())
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(self.stdout)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        if let Some(input) = self.input {
            let mut stdin = child.stdin.take().expect("standard input");
            // A run that refuses to read all of it is no failure of the test.
            thread::spawn(move || stdin.write_all(&input));
        }
        let stdout = child.stdout.take().map(Heard::of);
        let stderr = Heard::of(child.stderr.take().expect("standard error"));
        Running {
            child,
            stdout,
            stderr,
            place: self.place,
            args: self.args,
        }
    }
}

/// What a run has said so far, and all of it once it has ended.
struct Heard {
    reader: thread::JoinHandle<()>,
    so_far: Arc<(Mutex<Words>, Condvar)>,
}

#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    ended: bool,
}

impl Heard {
    fn of(mut from: impl Read + Send + 'static) -> Self {
        let so_far = Arc::<(Mutex<Words>, Condvar)>::default();
        let own = Arc::clone(&so_far);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 8_192];
            while let Ok(read @ 1..) = from.read(&mut chunk) {
                own.0.lock().expect("whole").bytes.extend(&chunk[..read]);
                own.1.notify_all();
            }
            own.0.lock().expect("whole").ended = true;
            own.1.notify_all();
        });
        Self { reader, so_far }
    }

    fn wait_until(&self, words: &str) {
        let (heard, news) = &*self.so_far;
        let is_said = |heard: &Words| String::from_utf8_lossy(&heard.bytes).contains(words);
        let open = |heard: &mut Words| !heard.ended && !is_said(heard);
        let heard = heard.lock().expect("whole");
        let waited = news.wait_timeout_while(heard, PATIENCE, open);
        let (heard, _) = waited.expect("whole");
        let is_said = is_said(&heard);
        let all = String::from_utf8_lossy(&heard.bytes).into_owned();
        // Whoever reads on is not to fail with us.
        drop(heard);
        assert!(is_said, "`{words}` is never said: {all}");
    }

    fn all(self) -> String {
        self.reader.join().expect("heard");
        let all = std::mem::take(&mut *self.so_far.0.lock().expect("whole"));
        String::from_utf8(all.bytes).expect("UTF-8")
    }
}

/// A run that was started.
pub(crate) struct Running {
    child: Child,
    stdout: Option<Heard>,
    stderr: Heard,
    place: TempDir,
    args: Vec<OsString>,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &command]).status();
        assert!(sent.expect("a shell").success(), "{command}");
    }

    /// Waits until a signal is no longer caught, and so ends the program by itself.
    pub(crate) fn wait_until_fatal(&self, signal: u32) {
        let status = format!("/proc/{}/status", self.child.id());
        let start = Instant::now();
        let caught = |text: String| {
            let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:"));
            let caught = caught.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
            caught.is_some_and(|caught| caught & (1 << (signal - 1)) != 0)
        };
        while fs::read_to_string(&status).is_ok_and(caught) {
            assert!(start.elapsed() < PATIENCE, "it is caught for ever");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until this stands on standard error.
    pub(crate) fn wait_until_it_says(&self, words: &str) {
        self.stderr.wait_until(words);
    }

    /// Waits for its end.
    pub(crate) fn end(self) -> Done {
        self.end_within(PATIENCE)
    }

    /// Waits for its end, which may take so long.
    pub(crate) fn end_within(self, patience: Duration) -> Done {
        let done = self.torn_within(patience);
        invariants::hold(&done);
        done
    }

    /// Waits for the end of one that is killed, and so may leave half a report behind.
    pub(crate) fn torn(self) -> Done {
        let done = self.unchecked();
        invariants::hold_torn(&done);
        done
    }

    /// Waits for the end of one that is not held against anything yet.
    pub(crate) fn unchecked(self) -> Done {
        self.torn_within(PATIENCE)
    }

    fn torn_within(mut self, patience: Duration) -> Done {
        let start = Instant::now();
        let status = loop {
            match self.child.try_wait().expect("a child") {
                Some(status) => break Some(status),
                None if start.elapsed() > patience => {
                    let _ = self.child.kill();
                    break None;
                }
                None => thread::sleep(Duration::from_millis(3)),
            }
        };
        let done = Done {
            code: status.and_then(|status| status.code()),
            stdout: self.stdout.map(Heard::all).unwrap_or_default(),
            stderr: self.stderr.all(),
            place: self.place,
            args: self.args,
        };
        assert!(status.is_some(), "it never ended: {done}");
        done
    }
}
