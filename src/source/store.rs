//! The bytes of an input: read once while they are hashed, then again as often as needed, and always the same ones.
//!
//! The file stays open between the passes, so that a file put in its place under the same name changes nothing. A file
//! that is written to is noticed before a byte of it is given out.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::sum::Sum;
use super::{Input, Unreadable};

/// What a file must still look like to be the one that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seal {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Seal {
    fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::from(&metadata))
    }
}

impl From<&Metadata> for Seal {
    fn from(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

/// The first pass over an input: hashes what goes by, and keeps a copy of what can be read only once.
pub(super) struct FirstPass {
    from: Origin,
    sum: Sum,
    bytes: u64,
}

enum Origin {
    File(File, Seal),
    Once {
        from: Box<dyn Read + Send>,
        copy: File,
    },
}

impl FirstPass {
    /// Opens an input.
    pub(super) fn open(input: &Input) -> Result<Self, Unreadable> {
        let from = match input {
            Input::Stdin => Origin::once(Box::new(io::stdin()))?,
            Input::Path(path) => {
                let cannot_open = |source| Unreadable::CannotOpen { source };
                let file = File::open(path).map_err(|source| match is_address(path) {
                    true => Unreadable::Address,
                    false => cannot_open(source),
                })?;
                let metadata = file.metadata().map_err(cannot_open)?;
                if metadata.is_dir() {
                    return Err(cannot_open(io::ErrorKind::IsADirectory.into()));
                }
                // Some systems call a file empty whose content is made up as it is read.
                match metadata.is_file() && metadata.len() > 0 {
                    true => Origin::File(file, Seal::from(&metadata)),
                    false => Origin::once(Box::new(file))?,
                }
            }
        };
        Ok(Self {
            from,
            sum: Sum::default(),
            bytes: 0,
        })
    }

    /// How many bytes went by, and their SHA-256 as lower-case hexadecimal digits.
    pub(super) fn sum(&mut self) -> (u64, String) {
        self.sum.finish()
    }

    /// The same bytes for reading again.
    pub(super) fn keep(self) -> Result<Store, Unreadable> {
        let offset = self.bytes;
        let read = |source| Unreadable::Read { offset, source };
        let (file, seal) = match self.from {
            Origin::Once { copy, .. } => {
                let seal = Seal::of(&copy).map_err(read)?;
                (copy, seal)
            }
            Origin::File(file, seal) => {
                if Seal::of(&file).map_err(read)? != seal {
                    return Err(Unreadable::Changed);
                }
                (file, seal)
            }
        };
        Ok(Store {
            file: Mutex::new(file),
            seal,
        })
    }
}

/// Whether a path that leads to no file is an address on the web, such as that of a published sheet.
fn is_address(path: &Path) -> bool {
    let path = path.to_string_lossy().to_ascii_lowercase();
    ["http://", "https://", "ftp://"]
        .iter()
        .any(|scheme| path.starts_with(scheme))
}

impl Origin {
    fn once(from: Box<dyn Read + Send>) -> Result<Self, Unreadable> {
        let copy = tempfile::tempfile().map_err(|source| Unreadable::Spool { source })?;
        Ok(Self::Once { from, copy })
    }
}

impl Read for FirstPass {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.from {
            Origin::File(file, _) => file.read(out)?,
            Origin::Once { from, copy } => {
                let count = from.read(out)?;
                copy.write_all(&out[..count])
                    .map_err(|source| Unreadable::Spool { source })?;
                count
            }
        };
        self.sum.take(&out[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// A file that was read whole once.
#[derive(Debug)]
pub(super) struct Store {
    file: Mutex<File>,
    seal: Seal,
}

impl Store {
    /// A file that this program wrote itself.
    pub(super) fn of(file: File) -> io::Result<Self> {
        let seal = Seal::of(&file)?;
        Ok(Self {
            file: Mutex::new(file),
            seal,
        })
    }

    /// Fills `out` from an offset on, if the file is still what it was.
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        // A panic elsewhere leaves the file itself whole, and its position is set here anyway.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        let left = self.seal.bytes.saturating_sub(offset);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let wanted = out.len().min(left);
        let count = file.read(&mut out[..wanted])?;
        // Looked at after reading, so that nothing written in between goes unnoticed.
        if Seal::of(&file)? != self.seal || (count == 0 && wanted > 0) {
            return Err(Unreadable::Changed.into());
        }
        Ok(count)
    }
}

/// One more pass over a file that was read whole once.
#[derive(Debug, Clone)]
pub(super) struct Again<S> {
    store: S,
    offset: u64,
}

impl<S: AsRef<Store>> Again<S> {
    /// From the first byte on.
    pub(super) fn new(store: S) -> Self {
        Self { store, offset: 0 }
    }
}

impl<S: AsRef<Store>> Read for Again<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.store.as_ref().read_at(self.offset, out)?;
        self.offset += count as u64;
        Ok(count)
    }
}

impl<S: AsRef<Store>> Seek for Again<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let from = |base: u64, by: i64| base.checked_add_signed(by);
        let offset = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => from(self.offset, by),
            SeekFrom::End(by) => from(self.store.as_ref().seal.bytes, by),
        };
        self.offset = offset.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.offset)
    }
}
