//! Why the state file cannot be used: each fault names the file and the way out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ErrorCode;

/// The state file cannot be used, or no longer: fits after "failed to …".
///
/// Met before the first request it means that nothing was sent; met later, nothing more is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// No directory is known for it.
    #[error(
        "find a place for the state file: neither `XDG_STATE_HOME` nor `HOME` names a directory; name a file with `--state`"
    )]
    NoPlace,
    /// Something else has that name.
    #[error("use `{}` as the state file: it is {what}; name a file with `--state`", path.display())]
    NoFile {
        /// The path.
        path: PathBuf,
        /// What stands there.
        what: &'static str,
    },
    /// It belongs to another program.
    #[error("use `{}` as the state file: it belongs to another program; name another file with `--state`", path.display())]
    NotOurs {
        /// The path.
        path: PathBuf,
    },
    /// It was written by a version that came after this one.
    #[error(
        "read the state file `{}`: a newer version wrote it (format {found}, and this one knows {known}); update contact-sync, or name another file with `--state`",
        path.display()
    )]
    Newer {
        /// The path.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Its content makes no sense.
    #[error("read the state file `{}`: it is damaged ({why}); bring back a copy of it, or move it away and everything is sent once more", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// The system does not let us.
    #[error("use the state file `{}`; {way_out}", path.display())]
    Unusable {
        /// The path.
        path: PathBuf,
        /// What to do.
        way_out: &'static str,
        /// The cause.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl Fault {
    /// The run's own list of people cannot be kept.
    #[must_use]
    pub fn people(lost: super::Lost) -> Self {
        Self::io(
            std::path::Path::new("the list of the account's people"),
            std::io::Error::other(lost),
        )
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let way_out = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FULL,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => READ_ONLY,
            _ => BROKEN,
        };
        Self::Unusable {
            path: path.to_owned(),
            way_out,
            source: Arc::new(source),
        }
    }

    pub(super) fn sql(path: &Path, source: rusqlite::Error) -> Self {
        let way_out = match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                return Self::Damaged {
                    path: path.to_owned(),
                    why: source.to_string(),
                };
            }
            Some(ErrorCode::DiskFull) => FULL,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                READ_ONLY
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another program holds it; let it end, then run again"
            }
            _ => BROKEN,
        };
        Self::Unusable {
            path: path.to_owned(),
            way_out,
            source: Arc::new(source),
        }
    }
}

const FULL: &str = "make room on the disk and run again";
const READ_ONLY: &str =
    "allow reading and writing there, or name another file with `--state`, and run again";
const BROKEN: &str = "mend the disk, or name another file with `--state`, and run again";
