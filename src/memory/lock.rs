//! One run of a job at a time: a lock on a file beside the state, which the system takes back when its holder dies.
//!
//! The file itself stays; only the lock on it counts. Who holds it stands inside, for the one who finds it taken.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::place::{existing, private_file};
use super::{Fault, JobKey};

/// A lock on a job, free again when this is dropped or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Another run holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("run this job: {holder} is at it; wait for its end")]
pub struct Held {
    /// Who holds it.
    pub holder: String,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum NoLock {
    /// Another run holds it.
    #[error(transparent)]
    Held(#[from] Held),
    /// It cannot be had at all.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Lock {
    /// Takes the lock on a job; `state` is the state file without links in its path, `since` the time, for people.
    pub(super) fn take(state: &Path, job: &JobKey, since: &str) -> Result<Self, NoLock> {
        let mut path = state.as_os_str().to_owned();
        path.push(format!(".{}.lock", job.name()));
        let path = PathBuf::from(path);
        let fault = |error: io::Error| Fault::io(&path, error);
        private_file(&path).map_err(fault)?;
        existing(&path)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(Held { holder }.into());
            }
            Err(TryLockError::Error(error)) => return Err(fault(error).into()),
        }
        let words = format!("process {}, since {since}\n", std::process::id());
        let written = file
            .set_len(0)
            .and_then(|()| file.write_all(words.as_bytes()));
        written.map_err(fault)?;
        Ok(Self { _file: file })
    }
}

/// Who holds the lock, in the words that it left.
fn holder(file: &mut File) -> String {
    let mut words = String::new();
    let read = file
        .rewind()
        .and_then(|()| file.take(200).read_to_string(&mut words));
    // It may be caught between taking the lock and saying so.
    match (read, words.trim()) {
        (Ok(_), "") | (Err(_), _) => "another process".to_owned(),
        (Ok(_), words) => words.to_owned(),
    }
}
