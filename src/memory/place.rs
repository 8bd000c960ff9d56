//! Where the state file stands: its directory and its first byte, made so that nobody else can ever read it.
//!
//! A link or a pipe in its place is refused, and nothing is made readable first and private later.

use std::env;
use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Fault;

/// `$XDG_STATE_HOME/contact-sync/state.db`, or the same below `~/.local/state`.
///
/// # Errors
///
/// The environment names neither.
pub fn default_path() -> Result<PathBuf, Fault> {
    // A relative path there is to be ignored, says the standard for these directories.
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let own = || env::home_dir().map(|home| home.join(".local/state"));
    named
        .filter(|path| path.is_absolute())
        .or_else(|| own().filter(|path| path.is_absolute()))
        .map(|home| home.join("contact-sync/state.db"))
        .ok_or(Fault::NoPlace)
}

/// Makes the directory (mode 0700) and the file (mode 0600) where there are none, and gives the path without links.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, Fault> {
    let directory = directory_of(path);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| Fault::io(path, error))?;
    let real = real(path)?;
    if private_file(&real).map_err(|error| Fault::io(path, error))? {
        return Ok(real);
    }
    let found = existing(&real)?;
    if let Some(found) = found.filter(|found| found.permissions().mode() & 0o077 != 0) {
        let mode = found.permissions().mode() & 0o700;
        fs::set_permissions(&real, Permissions::from_mode(mode))
            .map_err(|error| Fault::io(path, error))?;
    }
    Ok(real)
}

/// The path without links, if there is a file.
pub(super) fn present(path: &Path) -> Result<Option<PathBuf>, Fault> {
    if let Err(error) = fs::symlink_metadata(directory_of(path))
        && error.kind() == io::ErrorKind::NotFound
    {
        return Ok(None);
    }
    let real = real(path)?;
    Ok(existing(&real)?.map(|_| real))
}

/// Makes a file that only its owner can read and write; false where something stands there already.
pub(super) fn private_file(path: &Path) -> io::Result<bool> {
    let made = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(file) => {
            file.sync_all()?;
            File::open(directory_of(path))?.sync_all()?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// What stands there, if it is a plain file.
pub(super) fn existing(path: &Path) -> Result<Option<Metadata>, Fault> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(found) => Err(Fault::NoFile {
            path: path.to_owned(),
            what: kind(found.file_type()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::io(path, error)),
    }
}

/// The same path with a directory that has no link in it, so that links can be refused altogether from here on.
fn real(path: &Path) -> Result<PathBuf, Fault> {
    let Some(name) = path.file_name() else {
        return Err(Fault::NoFile {
            path: path.to_owned(),
            what: "a directory",
        });
    };
    let directory = fs::canonicalize(directory_of(path)).map_err(|error| Fault::io(path, error))?;
    Ok(directory.join(name))
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn kind(found: FileType) -> &'static str {
    if found.is_dir() {
        "a directory"
    } else if found.is_symlink() {
        "a symbolic link"
    } else if found.is_fifo() {
        "a named pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
