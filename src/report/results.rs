//! `results.csv`: every row of the input, in input order, and what became of it.
//!
//! Everything in it that came from outside is made harmless to a spreadsheet. Rows are written in the order in which they
//! are heard; that this is the input's order is the caller's promise.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::contact::Outcome;
use crate::report::cells::{push, push_number};
use crate::report::directory::{RESULTS, RunDirectory, Unwritable, WholeFile};
use crate::report::harmless;

/// The header of `results.csv`.
pub const COLUMNS: [&str; 11] = [
    "row",
    "line",
    "contact_id",
    "outcome",
    "http_status",
    "attempts",
    "duration_ms",
    "code",
    "field",
    "message",
    "request_id",
];

/// The writer of `results.csv`.
#[derive(Debug)]
pub struct Results {
    file: WholeFile,
    /// The line that is being written.
    record: Vec<u8>,
}

impl Results {
    /// Begins the file with its header.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn create(directory: &RunDirectory) -> Result<Self, Unwritable> {
        let mut file = directory.begin(RESULTS)?;
        let header = format!("{}\n", COLUMNS.join(","));
        match file.write_all(header.as_bytes()) {
            Ok(()) => Ok(Self {
                file,
                record: Vec::new(),
            }),
            Err(error) => Err(file.unwritable(error)),
        }
    }

    /// Adds one row.
    ///
    /// # Errors
    ///
    /// When the disk takes no more.
    pub fn hear(&mut self, outcome: &Outcome) -> Result<(), Unwritable> {
        self.record.clear();
        push_record(&mut self.record, outcome);
        let written = self.file.write_all(&self.record);
        written.map_err(|error| self.file.unwritable(error))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// When not all of it reached the disk.
    pub fn finish(self) -> Result<PathBuf, Unwritable> {
        self.file.finish()
    }
}

/// Milliseconds, in a number that is written at once; there is no run of so many that they would not fit.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn push_record(record: &mut Vec<u8>, outcome: &Outcome) {
    let verdict = &outcome.verdict;
    push_number(record, outcome.row);
    record.push(b',');
    push_number(record, outcome.line);
    record.push(b',');
    push(record, &harmless::cell(&verdict.contact_id), b',');
    record.push(b',');
    record.extend_from_slice(verdict.fate.word().as_bytes());
    record.push(b',');
    if let Some(status) = verdict.http_status {
        push_number(record, status);
    }
    record.push(b',');
    push_number(record, outcome.attempts);
    record.push(b',');
    push_number(record, millis(outcome.duration));
    for text in [
        &*verdict.code,
        &verdict.field,
        &verdict.message,
        &verdict.request_id,
    ] {
        record.push(b',');
        if !text.is_empty() {
            push(record, &harmless::cell(text), b',');
        }
    }
    record.push(b'\n');
}
