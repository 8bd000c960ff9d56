//! A report on its way to the disk: it flows there while it is written, so that little is left to wait for at the end.
//!
//! Only a hint to the system, and only for reports of many megabytes; what is on the disk is known after a sync and not
//! before.

use std::fs::File;
use std::io::{self, Write};

use tempfile::NamedTempFile;

/// So much of a report is sent on together, in bytes.
const STRETCH: u64 = 16 * 1024 * 1024;
/// So far back it is told again, in bytes: what had not reached the disk the first time.
const BEHIND: u64 = 8 * STRETCH;

/// A file that is written from its start to its end.
#[derive(Debug)]
pub(super) struct Flowing {
    file: NamedTempFile,
    written: u64,
    sent_on: u64,
}

impl Flowing {
    /// A file in which nothing stands yet.
    pub(super) fn new(file: NamedTempFile) -> Self {
        Self {
            file,
            written: 0,
            sent_on: 0,
        }
    }

    /// The file, as far as it is written.
    pub(super) fn into_file(self) -> NamedTempFile {
        self.file
    }
}

impl Write for Flowing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        let waiting = self.written - self.sent_on;
        if waiting >= STRETCH {
            // What has reached the disk since makes room for what comes next.
            let from = self.sent_on.saturating_sub(BEHIND);
            send_on(self.file.as_file(), from, self.written - from);
            self.sent_on = self.written;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Lets the system begin to write what it would keep for half a minute: told that nobody reads it again, it does so, and lets
/// go of what is on the disk already. Nobody waits for the disk.
#[cfg(target_os = "linux")]
fn send_on(file: &File, from: u64, bytes: u64) {
    use rustix::fs::{Advice, fadvise};
    // Where it will not be told, it writes all of it at the end.
    let _ = fadvise(
        file,
        from,
        std::num::NonZeroU64::new(bytes),
        Advice::DontNeed,
    );
}

#[cfg(not(target_os = "linux"))]
fn send_on(_: &File, _: u64, _: u64) {}
