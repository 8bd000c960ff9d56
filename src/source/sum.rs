//! The SHA-256 of an input, worked out while it is read: of a large one on a thread of its own, so that whoever checks
//! the text does not wait for it.

use std::mem;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

/// Inputs up to so many bytes are summed up before a thread would have started.
const SMALL: u64 = 1024 * 1024;
/// So many stretches may wait for the thread.
const WAITING: usize = 2;

/// A sum that grows as bytes go by.
#[derive(Debug, Default)]
pub(super) struct Sum {
    bytes: u64,
    hash: Sha256,
    beside: Option<Beside>,
}

/// The thread that sums up: stretches go there, and their memory comes back.
#[derive(Debug)]
struct Beside {
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    work: JoinHandle<Sha256>,
}

impl Sum {
    /// Takes the next bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        if self.beside.is_none() && self.bytes > SMALL {
            // Where there is no thread to be had, it only takes longer.
            self.beside = Beside::start(self.hash.clone());
        }
        match &self.beside {
            None => self.hash.update(bytes),
            Some(beside) => beside.take(bytes),
        }
    }

    /// How many bytes went by, and their SHA-256 as lower-case hexadecimal digits.
    pub(super) fn finish(&mut self) -> (u64, String) {
        if let Some(beside) = self.beside.take() {
            self.hash = beside.finish();
        }
        let digest = mem::take(&mut self.hash).finalize();
        let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16));
        (self.bytes, digits.collect())
    }
}

impl Beside {
    fn start(mut hash: Sha256) -> Option<Self> {
        let (full, stretches) = sync_channel::<Vec<u8>>(WAITING);
        let (back, empty) = channel();
        let work = move || {
            for stretch in stretches {
                hash.update(&stretch);
                // Nobody needs the memory again once all has been read.
                let _ = back.send(stretch);
            }
            hash
        };
        let work = thread::Builder::new().name("sum".into()).spawn(work).ok()?;
        Some(Self { full, empty, work })
    }

    fn take(&self, bytes: &[u8]) {
        let mut stretch = self.empty.try_recv().unwrap_or_default();
        stretch.clear();
        stretch.extend_from_slice(bytes);
        // It only ends before its time by a panic, which is handed on at the end.
        let _ = self.full.send(stretch);
    }

    fn finish(self) -> Sha256 {
        drop(self.full);
        match self.work.join() {
            Ok(hash) => hash,
            Err(panic) => resume_unwind(panic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_input_has_the_sum_of_its_bytes_however_they_come() {
        let mut random = fastrand::Rng::with_seed(3);
        for size in [0, 1, 1_000_000, 1_048_576, 1_048_577, 5_000_001] {
            let bytes: Vec<u8> = (0..size).map(|_| random.u8(..)).collect();
            let mut sum = Sum::default();
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (now, later) = rest.split_at(random.usize(1..=rest.len().min(300_000)));
                sum.take(now);
                rest = later;
            }
            let expected: String = Sha256::digest(&bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(sum.finish(), (size, expected));
        }
    }
}
