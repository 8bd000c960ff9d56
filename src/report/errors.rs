//! `errors.csv`: the rows that need a person, as they stood in the input, with the reason beside them.
//!
//! It must be fit to be mended and fed back, so it must never change one of the user's cells, never let a cell slide
//! into a neighbour's column, and never make an untrusted row look like a good one. Hence three shapes: a record with
//! text after a quote is given back as the raw text it was; one that is too long keeps all of its cells; one that is
//! too short is filled up, so that our columns stand under their names (the source room makes it short again by its
//! code and field, until somebody has filled the cell).

use std::io::Write;
use std::path::PathBuf;

use crate::contact::{Flaw, Outcome, Row};
use crate::report::cells::{push, push_number, push_ours};
use crate::report::directory::{ERRORS, RunDirectory, Unwritable, WholeFile};
use crate::report::harmless;

/// The columns that we add. They are ignored when the file is fed back.
pub const COLUMNS: [&str; 6] = [
    "sync_row",
    "sync_line",
    "sync_outcome",
    "sync_code",
    "sync_field",
    "sync_message",
];

/// How the input is written, which is how its rows are given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The names of its columns as they stand there, without ours when it is fed back.
    pub header: Vec<String>,
    /// The byte between two cells.
    pub delimiter: u8,
    /// Whether it begins with a UTF-8 byte order mark.
    pub bom: bool,
}

/// The writer of `errors.csv`; the file is only begun when there is a first row for it.
#[derive(Debug)]
pub struct Errors {
    directory: RunDirectory,
    layout: Layout,
    file: Option<WholeFile>,
    record: Vec<u8>,
}

impl Errors {
    /// Gets ready; nothing is written yet.
    #[must_use]
    pub fn new(directory: &RunDirectory, layout: Layout) -> Self {
        Self {
            directory: directory.clone(),
            layout,
            file: None,
            record: Vec::new(),
        }
    }

    /// Adds the row if it needs a person.
    ///
    /// # Errors
    ///
    /// When the disk takes no more.
    pub fn hear(&mut self, row: &Row, outcome: &Outcome) -> Result<(), Unwritable> {
        if !outcome.verdict.fate.needs_a_person() {
            return Ok(());
        }
        self.record.clear();
        if self.file.is_none() {
            self.file = Some(self.directory.begin(ERRORS)?);
            self.push_header();
        }
        self.push_row(row, outcome);
        let Some(file) = self.file.as_mut() else {
            return Ok(());
        };
        file.write_all(&self.record)
            .map_err(|error| file.unwritable(error))
    }

    /// Gives the file its name; nothing is there when no row needed a person.
    ///
    /// # Errors
    ///
    /// When not all of it reached the disk.
    pub fn finish(self) -> Result<Option<PathBuf>, Unwritable> {
        self.file.map(WholeFile::finish).transpose()
    }

    fn push_header(&mut self) {
        if self.layout.bom {
            self.record.extend_from_slice("\u{feff}".as_bytes());
        }
        let delimiter = self.layout.delimiter;
        for name in &self.layout.header {
            push(&mut self.record, name, delimiter);
            self.record.push(delimiter);
        }
        self.record.extend_from_slice(
            COLUMNS
                .join(char::from(delimiter).to_string().as_str())
                .as_bytes(),
        );
        self.record.push(b'\n');
    }

    fn push_row(&mut self, row: &Row, outcome: &Outcome) {
        let delimiter = self.layout.delimiter;
        if let Some(Flaw::TextAfterQuote { raw, .. }) = &row.flaw {
            let raw = raw.trim_end_matches(['\r', '\n']);
            self.record.extend_from_slice(raw.as_bytes());
            self.record.push(delimiter);
        } else {
            for cell in row.cells() {
                push(&mut self.record, cell, delimiter);
                self.record.push(delimiter);
            }
        }
        for _ in row.len()..self.layout.header.len() {
            self.record.push(delimiter);
        }
        self.push_ours(outcome);
        self.record.push(b'\n');
    }

    fn push_ours(&mut self, outcome: &Outcome) {
        let delimiter = self.layout.delimiter;
        let verdict = &outcome.verdict;
        for number in [outcome.row, outcome.line] {
            push_number(&mut self.record, number);
            self.record.push(delimiter);
        }
        self.record
            .extend_from_slice(verdict.fate.word().as_bytes());
        for text in [&*verdict.code, &verdict.field, &verdict.message] {
            self.record.push(delimiter);
            push_ours(&mut self.record, &harmless::cell(text), delimiter);
        }
    }
}
