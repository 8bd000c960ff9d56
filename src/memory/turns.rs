//! The account's turns, shared by all runs on this machine: one small file beside the state file, that says when the next
//! request of anybody may leave.
//!
//! Every turn is taken under a lock that the system takes back from whoever dies with it. The file needs no care for a
//! power cut: what it says is measured from the start of the machine and counts for that start only. It holds no secret
//! and no value of anybody's.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::place::{existing, private_file};
use super::{AccountKey, Fault};

/// One who comes late by no more than this does not make the next ones late: timers tick in milliseconds.
const CATCH_UP: u64 = 4_000_000;

/// The turns of one account.
#[derive(Debug)]
pub struct Turns {
    file: File,
    /// Which start of the machine this is.
    boot: u64,
}

/// What stands in the file: the start of the machine, the next free turn, and the end of a pause for everybody, the last
/// two in nanoseconds since that start.
#[derive(Debug, Clone, Copy, Default)]
struct Page {
    boot: u64,
    next: u64,
    held: u64,
}

impl Turns {
    /// Opens the turns of an account; `state` is the state file.
    ///
    /// # Errors
    ///
    /// The file beside it cannot be made or is something else.
    pub fn open(state: &Path, account: &AccountKey) -> Result<Self, Fault> {
        let mut path = state.as_os_str().to_owned();
        path.push(format!(".{}.turns", account.name()));
        let path = PathBuf::from(path);
        let fault = |error: io::Error| Fault::io(&path, error);
        private_file(&path).map_err(fault)?;
        existing(&path)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(fault)?;
        Ok(Self { file, boot: boot() })
    }

    /// Takes the next turn of an account whose requests leave this far apart, one that comes no sooner than after so long: how
    /// long until it may be used.
    ///
    /// # Errors
    ///
    /// The file cannot be locked, read or written.
    pub fn take(&self, gap: Duration, after: Duration) -> io::Result<Duration> {
        self.change(|page, now| {
            let earliest = match nanos(after) {
                0 => now.saturating_sub(CATCH_UP),
                after => now.saturating_add(after),
            };
            let next = page.next.max(earliest).max(page.held);
            page.next = next.saturating_add(nanos(gap));
            Duration::from_nanos(next.saturating_sub(now))
        })
    }

    /// Makes everybody wait.
    ///
    /// # Errors
    ///
    /// The file cannot be locked, read or written.
    pub fn hold(&self, wait: Duration) -> io::Result<()> {
        self.change(|page, now| page.held = page.held.max(now.saturating_add(nanos(wait))))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Page, u64) -> T) -> io::Result<T> {
        self.file.lock()?;
        let done = self.read().and_then(|mut page| {
            let now = now();
            if page.boot != self.boot
                || page.next > now.saturating_add(nanos(Duration::from_secs(3_600)))
            {
                // Another start of the machine, or no sense at all: nobody's turn is known.
                page = Page {
                    boot: self.boot,
                    ..Page::default()
                };
            }
            let told = change(&mut page, now);
            self.write(page)?;
            Ok(told)
        });
        self.file.unlock()?;
        done
    }

    fn read(&self) -> io::Result<Page> {
        let mut bytes = [0; 24];
        let mut at = 0;
        while at < bytes.len() {
            match self.file.read_at(&mut bytes[at..], at as u64)? {
                0 => return Ok(Page::default()),
                count => at += count,
            }
        }
        let number = |at: usize| {
            bytes[at..]
                .first_chunk()
                .copied()
                .map_or(0, u64::from_le_bytes)
        };
        Ok(Page {
            boot: number(0),
            next: number(8),
            held: number(16),
        })
    }

    fn write(&self, page: Page) -> io::Result<()> {
        let mut bytes = [0; 24];
        for (place, number) in bytes
            .chunks_exact_mut(8)
            .zip([page.boot, page.next, page.held])
        {
            place.copy_from_slice(&number.to_le_bytes());
        }
        self.file.write_all_at(&bytes, 0)
    }
}

/// Nanoseconds since the machine started, by a clock that nobody sets.
fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// A number for this start of the machine; the same for all processes until the next one.
fn boot() -> u64 {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits = id.chars().filter_map(|c| c.to_digit(16)).take(15);
    // Zero is what an empty file says.
    digits.fold(1, |all, digit| all << 4 | u64::from(digit)) | 1
}
