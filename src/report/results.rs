//! `results.csv`: every row of the input, in input order, and what became of it.
//!
//! Everything in it that came from outside is made harmless to a spreadsheet. It is written as it is heard: order is
//! the caller's promise.

use std::io;
use std::path::{Path, PathBuf};

use crate::contact::Outcome;
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
    sheet: csv::Writer<WholeFile>,
}

impl Results {
    /// Begins the file with its header.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn create(directory: &RunDirectory) -> Result<Self, Unwritable> {
        let mut sheet = csv::WriterBuilder::new()
            .buffer_capacity(32 * 1024)
            .from_writer(directory.begin(RESULTS)?);
        match sheet.write_record(COLUMNS) {
            Ok(()) => Ok(Self { sheet }),
            Err(error) => Err(named(sheet.get_ref().path(), error)),
        }
    }

    /// Adds one row.
    ///
    /// # Errors
    ///
    /// When the disk takes no more.
    pub fn hear(&mut self, outcome: &Outcome) -> Result<(), Unwritable> {
        match self.add(outcome) {
            Ok(()) => Ok(()),
            Err(error) => Err(named(self.sheet.get_ref().path(), error)),
        }
    }

    fn add(&mut self, outcome: &Outcome) -> csv::Result<()> {
        let verdict = &outcome.verdict;
        let sheet = &mut self.sheet;
        let mut digits = itoa::Buffer::new();
        sheet.write_field(digits.format(outcome.row))?;
        sheet.write_field(digits.format(outcome.line))?;
        sheet.write_field(&*harmless::cell(&verdict.contact_id))?;
        sheet.write_field(verdict.fate.word())?;
        match verdict.http_status {
            Some(status) => sheet.write_field(digits.format(status))?,
            None => sheet.write_field("")?,
        }
        sheet.write_field(digits.format(outcome.attempts))?;
        sheet.write_field(digits.format(outcome.duration.as_millis()))?;
        sheet.write_field(&*harmless::cell(&verdict.code))?;
        sheet.write_field(&*harmless::cell(&verdict.field))?;
        sheet.write_field(&*harmless::cell(&verdict.message))?;
        sheet.write_field(&*harmless::cell(&verdict.request_id))?;
        sheet.write_record(None::<&[u8]>)
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// When not all of it reached the disk.
    pub fn finish(mut self) -> Result<PathBuf, Unwritable> {
        if let Err(error) = self.sheet.flush() {
            return Err(self.sheet.get_ref().unwritable(error));
        }
        let path = self.sheet.get_ref().path().to_owned();
        match self.sheet.into_inner() {
            Ok(file) => file.finish(),
            Err(error) => Err(Unwritable::file(&path, error.into_error())),
        }
    }
}

fn named(path: &Path, error: csv::Error) -> Unwritable {
    let cause = match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        // Writing knows no other error that could happen here: every record has the header's length.
        other => io::Error::other(format!("{other:?}")),
    };
    Unwritable::file(path, cause)
}
