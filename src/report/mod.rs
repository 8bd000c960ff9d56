//! What happened: files, screen, exit code.
//!
//! This room hears what became of every row and tells it: `results.csv`, `errors.csv` and `summary.json` in the run
//! directory, the bar and the closing screen for whoever watches, the log, and mistakes with their places. It is the
//! only room that prints. It decides nothing: order, fates and the exit code come from elsewhere.

pub mod closing;
pub mod directory;
pub mod errors;
pub mod exit;
pub mod harmless;
pub mod log;
pub mod mistakes;
pub mod preview;
pub mod progress;
pub mod requests;
pub mod results;
pub mod screen;
pub mod summary;
pub mod tally;

mod cells;
mod flow;

use crate::contact::{Outcome, Row};

use closing::Files;
use directory::{RunDirectory, Unwritable};
use errors::{Errors, Layout};
use results::Results;
use summary::{Facts, Summary};
use tally::Tally;

/// Everything that is written about a run, for the one consumer that hears every outcome in input order.
///
/// It must be finished; dropped before, it leaves no report behind.
#[derive(Debug)]
pub struct Reports {
    directory: RunDirectory,
    results: Results,
    errors: Errors,
    tally: Tally,
}

/// What is left to tell when the files are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What stands in `summary.json`.
    pub summary: Summary,
    /// The closing screen.
    pub screen: String,
    /// Where the reports stand.
    pub files: Files,
}

impl Reports {
    /// Begins the reports of a run whose input is written like `layout`.
    ///
    /// # Errors
    ///
    /// When `results.csv` cannot be made.
    pub fn begin(directory: RunDirectory, layout: Layout) -> Result<Self, Unwritable> {
        Ok(Self {
            results: Results::create(&directory)?,
            errors: Errors::new(&directory, layout),
            tally: Tally::default(),
            directory,
        })
    }

    /// Takes note of what became of a row.
    ///
    /// # Errors
    ///
    /// When the disk takes no more; the run should stop.
    pub fn hear(&mut self, row: &Row, outcome: &Outcome) -> Result<(), Unwritable> {
        self.tally.hear(outcome);
        self.results.hear(outcome)?;
        self.errors.hear(row, outcome)
    }

    /// Takes note of something odd in a column of a row that was sent nevertheless.
    pub fn remark(&mut self, line: u64, code: &str, column: &str, message: &str) {
        self.tally.remark(line, code, column, message);
    }

    /// What was heard so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Gives every report its name, the summary last.
    ///
    /// # Errors
    ///
    /// When not all of them reached the disk; those that did stay.
    pub fn finish(self, facts: &Facts) -> Result<Told, Unwritable> {
        self.results.finish()?;
        let files = Files {
            directory: self.directory.path().to_owned(),
            errors: self.errors.finish()?,
        };
        let summary = Summary::of(self.directory.name(), &self.tally, facts);
        summary.write(&self.directory)?;
        let screen = closing::screen(&summary, &self.tally, facts, &files);
        Ok(Told {
            summary,
            screen,
            files,
        })
    }
}
