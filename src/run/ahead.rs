//! Reads rows ahead on a plain thread of its own; a short channel of batches is all the memory that a run's input takes.

use std::io;
use std::thread;

use tokio::sync::mpsc;

use crate::contact::Row;
use crate::source::{Rows, Unreadable};

/// Rows that were read together, and what kept the next one from being read.
#[derive(Debug, Default)]
pub struct Batch {
    /// The rows, in file order.
    pub rows: Vec<Row>,
    /// Why there are no more, if it is not simply the end.
    pub broken: Option<Unreadable>,
}

/// A batch is closed at so many rows …
const ROWS: usize = 256;
/// … or at so much text, so that rows of a megabyte do not pile up.
const BYTES: usize = 256 * 1024;
/// So many batches may wait.
const BATCHES: usize = 4;

/// Starts to read, at most `limit` rows.
///
/// # Errors
///
/// The system has no thread to give.
pub fn read(mut rows: Rows, limit: u64) -> io::Result<mpsc::Receiver<Batch>> {
    let (sender, receiver) = mpsc::channel(BATCHES);
    let work = move || {
        let mut left = limit;
        while left > 0 {
            let batch = fill(&mut rows, left);
            let last = batch.rows.is_empty() || batch.broken.is_some();
            left = left.saturating_sub(batch.rows.len() as u64);
            // Nobody listens any more when the run broke off; then there is nothing left to read for.
            if sender.blocking_send(batch).is_err() || last {
                break;
            }
        }
    };
    thread::Builder::new().name("reader".into()).spawn(work)?;
    Ok(receiver)
}

fn fill(rows: &mut Rows, most: u64) -> Batch {
    let most = usize::try_from(most).unwrap_or(ROWS).min(ROWS);
    let mut batch = Batch {
        rows: Vec::with_capacity(most),
        broken: None,
    };
    let mut bytes = 0;
    while batch.rows.len() < most && bytes < BYTES {
        let mut row = Row::default();
        match rows.read(&mut row) {
            Ok(true) => {
                bytes += row.size();
                batch.rows.push(row);
            }
            Ok(false) => break,
            Err(broken) => {
                batch.broken = Some(broken);
                break;
            }
        }
    }
    batch
}
