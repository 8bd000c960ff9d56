//! The directory of one run, and files that appear in it whole or not at all.
//!
//! Owns how a report reaches the disk: mode 0600 from the first moment, a temporary name beside the final one, fsync,
//! rename, fsync of the directory. It never replaces anything that already stands there and never follows a link
//! that stands in a report's place.

use std::fs::{self, DirBuilder, File, FileType};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::flow::Flowing;

/// The name of the report about every row.
pub const RESULTS: &str = "results.csv";
/// The name of the report about the rows that need a person.
pub const ERRORS: &str = "errors.csv";
/// The name of the report about the run as a whole.
pub const SUMMARY: &str = "summary.json";

/// Large enough that a million rows cost few system calls.
const BUFFER: usize = 128 * 1024;

/// A report that cannot be written.
///
/// From [`RunDirectory::create`] and [`WholeFile::create`] it means that nothing was sent yet (exit 3); from anything
/// later it is a fault of this machine (exit 6).
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// Something has that name already.
    #[error("write `{}`: {what} is there already, and no report is ever written over; name another place (without `--out` every run makes one of its own)", path.display())]
    Taken {
        /// The name that is taken.
        path: PathBuf,
        /// What stands there.
        what: &'static str,
    },
    /// The run directory's name leads to something that is no directory.
    #[error("use `{}` as the run directory: it is {what}; name a directory with `--out`", path.display())]
    NoDirectory {
        /// The path as it was given.
        path: PathBuf,
        /// What stands there.
        what: &'static str,
    },
    /// The run directory cannot be made or written to.
    #[error("write into the run directory `{}`; name another one with `--out`", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file itself cannot be written, or not all of it.
    #[error("write `{}`; {way_out}", path.display())]
    File {
        /// The file, by its final name.
        path: PathBuf,
        /// What to do.
        way_out: &'static str,
        /// The cause.
        source: io::Error,
    },
}

impl Unwritable {
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        let way_out = match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => "make room on the disk and run again",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "allow writing there or name another place"
            }
            _ => "mend the disk or name another place, and run again",
        };
        Self::File {
            path: path.to_owned(),
            way_out,
            source,
        }
    }
}

/// A directory that is ready for the reports of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDirectory {
    path: PathBuf,
    /// Whether it was made for this run.
    made: bool,
}

impl RunDirectory {
    /// Takes or makes the directory (mode 0700, parents too) and makes sure that the reports can be written there.
    ///
    /// # Errors
    ///
    /// When the path is a link or no directory, when a report of another run stands there, or when a file cannot be
    /// written there. Nothing was sent yet.
    pub fn create(path: &Path) -> Result<Self, Unwritable> {
        // Rebuilt from its parts, because a trailing `/` would make the look below follow a link.
        let path: PathBuf = path.components().collect();
        let unusable = |source| Unwritable::Directory {
            path: path.clone(),
            source,
        };
        let mut made = false;
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => {}
            Ok(found) => {
                return Err(Unwritable::NoDirectory {
                    path,
                    what: kind(found.file_type()),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if path.as_os_str().is_empty() {
                    return Err(unusable(error));
                }
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(&path)
                    .map_err(unusable)?;
                made = true;
            }
            Err(error) => return Err(unusable(error)),
        }
        for name in [RESULTS, ERRORS, SUMMARY] {
            must_be_free(&path.join(name))?;
        }
        // The only honest answer to "can I write there" is to do it; the file is gone again at once.
        let mut probe = temporary(&path).map_err(unusable)?;
        probe.write_all(b"?").map_err(unusable)?;
        probe.close().map_err(unusable)?;
        Ok(Self { path, made })
    }

    /// Makes a directory for this run alone: with a number behind its name where another run was faster.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn make(path: &Path) -> Result<Self, Unwritable> {
        let unusable = |source| Unwritable::Directory {
            path: path.to_owned(),
            source,
        };
        let parent = directory_of(path);
        let mut parents = DirBuilder::new();
        parents.recursive(true).mode(0o700);
        parents.create(parent).map_err(unusable)?;
        let mut free = path.to_owned();
        for number in 2.. {
            match DirBuilder::new().mode(0o700).create(&free) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let mut name = path.as_os_str().to_owned();
                    name.push(format!("-{number}"));
                    free = name.into();
                }
                Err(error) => return Err(unusable(error)),
            }
        }
        Self::create(&free).map(|own| Self { made: true, ..own })
    }

    /// Whether a path is that of one of its reports.
    pub(super) fn names(&self, path: &Path) -> bool {
        let report = [RESULTS, ERRORS, SUMMARY].map(|name| Some(name.as_ref()));
        let real = |directory: &Path| fs::canonicalize(directory).ok();
        report.contains(&path.file_name()) && real(directory_of(path)) == real(&self.path)
    }

    /// Takes the directory away again, where it was made for this run and nothing was written into it.
    pub fn give_up(&self) {
        if self.made {
            // Whatever stands in it by now is worth more than a tidy place.
            let _ = fs::remove_dir(&self.path);
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory's own name, which names the run.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match self.path.file_name() {
            Some(name) => Some(name.to_owned()),
            // `.` and `..` have no name of their own.
            None => fs::canonicalize(&self.path)
                .ok()
                .and_then(|path| path.file_name().map(ToOwned::to_owned)),
        };
        name.map_or_else(
            || self.path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    }

    /// Begins a file in it.
    ///
    /// # Errors
    ///
    /// When it cannot be made or its name is taken.
    pub fn begin(&self, name: &str) -> Result<WholeFile, Unwritable> {
        WholeFile::create(&self.path.join(name))
    }
}

/// A file that appears whole, when it is finished, or not at all.
///
/// It must be finished: one that is dropped leaves nothing behind.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    file: BufWriter<Flowing>,
}

impl WholeFile {
    /// Begins a file under a temporary name in the same directory, readable and writable by its owner alone.
    ///
    /// # Errors
    ///
    /// When something has that name already, or the directory cannot be written to.
    pub fn create(path: &Path) -> Result<Self, Unwritable> {
        must_be_free(path)?;
        let file = temporary(directory_of(path)).map_err(|error| Unwritable::file(path, error))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(BUFFER, Flowing::new(file)),
        })
    }

    /// The name under which it will appear.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names the file in a failure to write it.
    #[must_use]
    pub fn unwritable(&self, error: io::Error) -> Unwritable {
        Unwritable::file(&self.path, error)
    }

    /// Brings all of it to the disk and gives it its name.
    ///
    /// # Errors
    ///
    /// When any step fails; a failed fsync is never tried again, because the pages may be lost and look clean.
    pub fn finish(self) -> Result<PathBuf, Unwritable> {
        let Self { path, file } = self;
        let named = |error| Unwritable::file(&path, error);
        let file = file
            .into_inner()
            .map_err(|error| named(error.into_error()))?
            .into_file();
        file.as_file().sync_all().map_err(named)?;
        if let Err(refused) = file.persist_noclobber(&path) {
            match refused.error.kind() {
                // Some network and foreign file systems know neither a rename that keeps nor hard links.
                io::ErrorKind::InvalidInput
                | io::ErrorKind::Unsupported
                | io::ErrorKind::PermissionDenied => {
                    must_be_free(&path)?;
                    refused
                        .file
                        .persist(&path)
                        .map_err(|error| named(error.error))?;
                }
                io::ErrorKind::AlreadyExists => {
                    must_be_free(&path)?;
                    return Err(named(refused.error));
                }
                _ => return Err(named(refused.error)),
            }
        }
        match File::open(directory_of(&path)).and_then(|directory| directory.sync_all()) {
            Ok(()) => {}
            // Not every file system lets a directory be synced; there the rename is as lasting as it gets.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) => {}
            Err(error) => return Err(named(error)),
        }
        Ok(path)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A new file that only its owner can read: made with `O_EXCL`, so no link is followed, and mode 0600.
fn temporary(directory: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".contact-sync-")
        .suffix(".part")
        .tempfile_in(directory)
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn must_be_free(path: &Path) -> Result<(), Unwritable> {
    match fs::symlink_metadata(path) {
        Ok(found) => Err(Unwritable::Taken {
            path: path.to_owned(),
            what: kind(found.file_type()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Unwritable::file(path, error)),
    }
}

fn kind(found: FileType) -> &'static str {
    if found.is_file() {
        "a file"
    } else if found.is_dir() {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A whole file whose bytes go to a disk that is full.
    fn on_a_full_disk(path: &Path) -> WholeFile {
        let (_, name) = temporary(directory_of(path))
            .expect("a temporary file")
            .into_parts();
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        WholeFile {
            path: path.to_owned(),
            file: BufWriter::new(Flowing::new(NamedTempFile::from_parts(full, name))),
        }
    }

    #[test]
    fn a_full_disk_is_told_with_the_files_name_and_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(RESULTS);
        let mut file = on_a_full_disk(&path);
        file.write_all(b"row,line\n").expect("fits the buffer");
        let error = file.finish().expect_err("the disk is full");
        assert_eq!(
            error.to_string(),
            format!(
                "write `{}`; make room on the disk and run again",
                path.display()
            )
        );
        assert_eq!(fs::read_dir(directory.path()).expect("readable").count(), 0);
    }

    #[test]
    fn a_full_disk_is_noticed_while_writing_too() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut file = on_a_full_disk(&directory.path().join(RESULTS));
        let error = file
            .write_all(&vec![b'x'; 4 * BUFFER])
            .expect_err("the disk is full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
