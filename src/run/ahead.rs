//! Reads rows ahead on a plain thread of its own; a short channel of batches is all the memory that a run's input takes.
//!
//! Whoever has time maps: this thread, while a batch waits for the run; the run itself, where it would have to wait for
//! this thread. So neither stands still while the other one works, whatever a run does with its rows.
//!
//! What carries a row through a run comes back when the row was heard, and carries a later one: nothing is made on one
//! thread and thrown away on the other.

#![expect(
    clippy::vec_box,
    reason = "travellers go from hand to hand, and only their addresses are to be copied"
)]

use std::panic::resume_unwind;
use std::sync::mpsc::{self as back, Sender};
use std::{io, mem, thread};

use tokio::sync::mpsc;

use super::traveller::Traveller;
use crate::mapping::apply::Bound;
use crate::source::{Rows, Unreadable};

/// Rows that were read together, and what kept the next one from being read.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The rows, in file order.
    pub(super) travellers: Vec<Box<Traveller>>,
    /// Why there are no more, if it is not simply the end.
    pub(super) broken: Option<Unreadable>,
}

impl Batch {
    fn map(&mut self, mapping: &Bound<'_>) {
        let mut bytes = 0;
        for traveller in &mut self.travellers {
            traveller.map(mapping);
            bytes += traveller.contact.size();
            if bytes >= BYTES {
                break;
            }
        }
    }
}

/// A batch is closed at so many rows: with many more on the way, their memory would have left the processor's caches before
/// it carries the next ones …
const ROWS: usize = 64;
/// … or at so much text, so that rows of a megabyte do not pile up; nor do their contacts.
const BYTES: usize = 256 * 1024;
/// So many batches may wait.
const BATCHES: usize = 4;

/// The rows of a run, as they come.
#[derive(Debug)]
pub struct Ahead {
    pub(super) batches: mpsc::Receiver<Batch>,
    pub(super) home: Home,
}

/// The way back for what has carried a row.
#[derive(Debug)]
pub(super) struct Home {
    sender: Sender<Vec<Box<Traveller>>>,
    arrived: Vec<Box<Traveller>>,
}

impl Home {
    /// Lets go of a row that was heard.
    pub(super) fn come(&mut self, mut traveller: Box<Traveller>) {
        if !traveller.is_light() {
            return;
        }
        traveller.rest();
        self.arrived.push(traveller);
        if self.arrived.len() == ROWS {
            let arrived = mem::replace(&mut self.arrived, Vec::with_capacity(ROWS));
            // At the end of the input nobody needs them any more.
            let _ = self.sender.send(arrived);
        }
    }
}

/// Lets `run` take rows, at most `limit`, while they are read beside it, and mapped where there is time.
///
/// # Errors
///
/// The system has no thread to give; then `run` is not called.
///
/// # Panics
///
/// When reading or mapping does, after `run` has ended with the rows before.
pub fn along<T>(
    rows: Rows,
    mapping: &Bound<'_>,
    limit: u64,
    run: impl FnOnce(Ahead) -> T,
) -> io::Result<T> {
    let (batches, receiver) = mpsc::channel(BATCHES);
    let (sender, used) = back::channel();
    let ahead = Ahead {
        batches: receiver,
        home: Home {
            sender,
            arrived: Vec::with_capacity(ROWS),
        },
    };
    let mut reader = Reader {
        rows,
        left: limit,
        used,
        spare: Vec::new(),
    };
    let read = || {
        while reader.left > 0 {
            let mut batch = reader.fill();
            if batches.capacity() < BATCHES {
                batch.map(mapping);
            }
            let last = batch.travellers.is_empty() || batch.broken.is_some();
            // Nobody listens any more when the run broke off; then there is nothing left to read for.
            if batches.blocking_send(batch).is_err() || last {
                break;
            }
        }
        drop(batches);
    };
    beside(read, || run(ahead))
}

/// Does some work on a thread of its own while `run` goes on; a panic there is one of the program.
fn beside<T>(work: impl FnOnce() + Send, run: impl FnOnce() -> T) -> io::Result<T> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("reader".into());
        let reader = builder.spawn_scoped(scope, work)?;
        let end = run();
        match reader.join() {
            Ok(()) => Ok(end),
            Err(panic) => resume_unwind(panic),
        }
    })
}

struct Reader {
    rows: Rows,
    /// So many more may be read.
    left: u64,
    used: back::Receiver<Vec<Box<Traveller>>>,
    spare: Vec<Box<Traveller>>,
}

impl Reader {
    fn fill(&mut self) -> Batch {
        let most = usize::try_from(self.left).unwrap_or(ROWS).min(ROWS);
        let mut batch = Batch {
            travellers: Vec::with_capacity(most),
            broken: None,
        };
        let mut bytes = 0;
        while batch.travellers.len() < most && bytes < BYTES {
            let mut traveller = self.spare();
            match self.rows.read(&mut traveller.row) {
                Ok(true) => {
                    bytes += traveller.row.size();
                    batch.travellers.push(traveller);
                }
                Ok(false) => break,
                Err(broken) => {
                    batch.broken = Some(broken);
                    break;
                }
            }
        }
        self.left -= batch.travellers.len() as u64;
        batch
    }

    fn spare(&mut self) -> Box<Traveller> {
        if self.spare.is_empty() {
            self.spare = self.used.try_recv().unwrap_or_default();
        }
        self.spare.pop().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_panic_beside_a_run_is_a_panic_of_the_program_once_the_run_has_ended() {
        let ended = AtomicBool::new(false);
        let run = || ended.store(true, Ordering::Relaxed);
        let work = || panic!("as a test wants it");
        let panic = catch_unwind(AssertUnwindSafe(|| beside(work, run)));
        let panic = panic.expect_err("a panic");
        assert_eq!(panic.downcast_ref(), Some(&"as a test wants it"));
        assert!(ended.into_inner());
    }
}
