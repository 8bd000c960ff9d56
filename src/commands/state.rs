//! Settles what a run remembers: which state file, which account in it, and that no other run of the job is under way.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use super::account::{Purpose, Settled};
use super::mapping::Opened;
use super::{FailedTo, Failure};
use crate::cli;
use crate::delivery::together::Together;
use crate::memory::{self, Fault, JobKey, Lock, Memory, NoLock, StateFile, Turns};
use crate::report::exit::Exit;

/// What a run remembers, and what must be held on to as long as it does.
#[derive(Debug)]
pub(super) struct Kept {
    /// Nothing for a dry run that has nothing to look at.
    pub(super) memory: Option<Memory>,
    /// The account's turns, where other runs may take them as well.
    pub(super) turns: Option<Shared>,
    _lock: Option<Lock>,
    _temporary: Option<TempDir>,
}

impl Kept {
    /// Counts what the account was asked before the first row.
    ///
    /// # Errors
    ///
    /// It cannot be kept: nothing may be sent any more.
    pub(super) async fn spend(&self, requests: u64) -> Result<(), Failure> {
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        match &self.memory {
            Some(memory) => memory.spend(requests).await.map_err(fault),
            None => Ok(()),
        }
    }
}

/// Turns that are shared with other runs on this machine.
#[derive(Debug)]
pub(super) struct Shared(Turns);

impl Together for Shared {
    fn take(&self, gap: Duration, after: Duration) -> Duration {
        told(self.0.take(gap, after))
    }

    fn hold(&self, wait: Duration) {
        told(self.0.hold(wait));
    }
}

/// The pace of this run is kept all the same; only others are not heard of while the file fails.
fn told<T: Default>(done: std::io::Result<T>) -> T {
    done.unwrap_or_else(|error| {
        tracing::warn!("the turns shared with other runs cannot be taken: {error}");
        T::default()
    })
}

/// Opens the memory of a run.
///
/// # Errors
///
/// The state file cannot be relied on, or another run of the same job is under way; nothing was sent.
pub(super) fn open(
    options: &cli::Run,
    opened: &Opened,
    account: &Settled,
    purpose: Purpose,
) -> Result<Kept, Failure> {
    let (path, temporary) = place(options)?;
    match (purpose, &temporary) {
        (Purpose::Look, Some(_)) => Ok(Kept {
            memory: None,
            turns: None,
            _lock: None,
            _temporary: temporary,
        }),
        (Purpose::Look, None) => Ok(Kept {
            memory: look(&path, account)?,
            turns: None,
            _lock: None,
            _temporary: None,
        }),
        (Purpose::Send | Purpose::Rehearse, _) => {
            let file = StateFile::open(&path).map_err(fault)?;
            let key = account.key(file.salt());
            let since = Timestamp::now()
                .strftime("%Y-%m-%d %H:%M:%S UTC")
                .to_string();
            let lock = file
                .lock(&JobKey::of(&key, &opened.file.text), &since)
                .map_err(|error| match error {
                    NoLock::Held(held) => {
                        Failure::new(Exit::AnotherRun, FailedTo(held), "nothing was sent")
                    }
                    NoLock::Fault(error) => fault(error),
                })?;
            let limit = account.limit_key(file.salt());
            let turns = file.turns(&limit).map_err(fault)?;
            Ok(Kept {
                turns: temporary.is_none().then_some(Shared(turns)),
                memory: Some(file.remember(key).map_err(fault)?),
                _lock: Some(lock),
                _temporary: temporary,
            })
        }
    }
}

/// Where the state file is. A stand-in forgets everything when it ends, and so does what is remembered of it.
fn place(options: &cli::Run) -> Result<(PathBuf, Option<TempDir>), Failure> {
    match (&options.state, options.sandbox) {
        (Some(path), _) => Ok((path.clone(), None)),
        (None, false) => Ok((memory::default_path().map_err(fault)?, None)),
        (None, true) => {
            let temporary = tempfile::tempdir().map_err(|error| {
                let what = "the stand-in needs a temporary directory for its state file";
                Failure::new(Exit::LocalFault, error, what)
            })?;
            Ok((temporary.path().join("state.db"), Some(temporary)))
        }
    }
}

/// What a dry run may know: it looks and never writes, so that it can tell what would really be sent.
fn look(path: &std::path::Path, account: &Settled) -> Result<Option<Memory>, Failure> {
    let Some(file) = StateFile::look(path).map_err(fault)? else {
        return Ok(None);
    };
    if !account.is_known() {
        tracing::info!(
            "which account this is cannot be told without its credential, so every row counts as one to be sent"
        );
        return Ok(None);
    }
    let key = account.key(file.salt());
    file.remember(key).map(Some).map_err(fault)
}

fn fault(fault: Fault) -> Failure {
    Failure::new(Exit::LocalFault, FailedTo(fault), "nothing was sent")
}
