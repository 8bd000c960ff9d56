//! Hears that somebody wants the run to end: SIGINT (Ctrl-C), SIGTERM, and SIGHUP, which says that the terminal is gone.
//!
//! Whoever was started with `nohup` goes on without one. A terminal that goes away may say so twice: that is one request to
//! end, and not a second one.

use std::fs;
use std::io;

use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, from a person at the keyboard.
    Interrupt,
    /// SIGTERM, from the system, or SIGHUP, from a terminal that is gone.
    Terminate,
}

/// An ear for all of them.
#[derive(Debug)]
pub struct Signals {
    interrupt: Stream,
    terminate: Stream,
    /// Nothing where it is not listened to, or was heard.
    hangup: Option<Stream>,
}

impl Signals {
    /// Starts to listen; from now on a signal does not end the process by itself.
    ///
    /// # Errors
    ///
    /// The system refuses to tell.
    pub fn listen() -> io::Result<Self> {
        let hangup = ends_at_hangup().then(|| signal(SignalKind::hangup()));
        Ok(Self {
            hangup: hangup.transpose()?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            () = hung_up(&mut self.hangup) => Signal::Terminate,
        }
    }

    /// Does something that may take a while, unless a signal comes first.
    ///
    /// # Errors
    ///
    /// The signal; what was begun is left as it stands.
    pub async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Signal> {
        tokio::select! {
            biased;
            signal = self.next() => Err(signal),
            done = work => Ok(done),
        }
    }
}

/// Waits until the terminal is gone.
async fn hung_up(stream: &mut Option<Stream>) {
    match stream {
        Some(hangup) => {
            hangup.recv().await;
            *stream = None;
        }
        None => std::future::pending().await,
    }
}

/// Whether SIGHUP ends this process: not where whoever started it wants it to be passed over. A system that does not say
/// is left to do as it always does.
fn ends_at_hangup() -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return false;
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    // Signals count from 1, and SIGHUP is the first.
    ignored.is_some_and(|ignored| ignored & 1 == 0)
}
