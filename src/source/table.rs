//! A sheet's cells to a private text file, so that its rows are read like any other's: a row at a time, as often as
//! needed, without holding the sheet.
//!
//! A sheet is a rectangle: what is not written is empty, and no cell can slide into another column. Rows with nothing
//! in them are kept between two others, so that the n-th row of data stands n rows below the header. What the cells of a
//! row hold beside their text stands in a cell of its own before them ([`mark`], [`held`]).

use std::fs::File;
use std::io::{self, BufWriter};

use super::columns::is_report;
use super::shown::Shown;
use super::told::Header;
use super::{RECORD_LIMIT, Unreadable};
use crate::contact::Held;

/// A sheet whose rows stand in a file, without its header.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) file: File,
    /// The names of the columns; nothing where there are none and they are numbered.
    pub(super) header: Option<Vec<String>>,
    /// The row of the header, from 1.
    pub(super) header_row: Option<u64>,
    /// The row before the first row of data, from 1.
    pub(super) before: u64,
    pub(super) rows: u64,
    /// The most columns that a row has.
    pub(super) width: usize,
    /// Whether it is a report of ours.
    pub(super) report: bool,
    /// Whether a row has a number in it.
    pub(super) numbers: bool,
}

/// Takes cells row by row.
#[derive(Debug)]
pub(super) struct Builder {
    told: Header,
    file: csv::Writer<BufWriter<File>>,
    /// The row that is taken, from 1; 0 before the first.
    row: u64,
    cells: Vec<String>,
    /// What the cells of the row hold.
    marks: String,
    header: Option<Vec<String>>,
    header_row: Option<u64>,
    /// The row before the first row of data, once it is known.
    before: Option<u64>,
    rows: u64,
    width: usize,
    report: bool,
    numbers: bool,
    any: bool,
}

impl Builder {
    pub(super) fn new(told: Header) -> Result<Self, Unreadable> {
        let file = tempfile::tempfile().map_err(|source| Unreadable::Spool { source })?;
        Ok(Self {
            told,
            file: csv::WriterBuilder::new()
                .flexible(true)
                .from_writer(BufWriter::new(file)),
            row: 0,
            cells: Vec::new(),
            marks: String::new(),
            header: None,
            header_row: None,
            before: None,
            rows: 0,
            width: 0,
            report: false,
            numbers: false,
            any: false,
        })
    }

    /// Takes a cell; row and column count from 0.
    pub(super) fn push(&mut self, row: u64, column: usize, cell: Shown) -> Result<(), Unreadable> {
        let Shown { text, held } = cell;
        if text.is_empty() {
            return Ok(());
        }
        let row = row + 1;
        if row != self.row {
            if row < self.row {
                return Err(Unreadable::Workbook {
                    why: format!("row {row} stands below row {}", self.row),
                });
            }
            self.end_row()?;
            self.row = row;
        }
        if text.contains('\0') {
            return Err(Unreadable::Nul {
                line: row,
                likely: None,
            });
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        if let Some(held) = held {
            self.numbers |= held == Held::Number;
            mark(&mut self.marks, column, &held);
        }
        Ok(())
    }

    /// The rows are complete.
    pub(super) fn finish(mut self) -> Result<Table, Unreadable> {
        self.end_row()?;
        if !self.any {
            return Err(Unreadable::Empty);
        }
        let Some(before) = self.before else {
            let line = match self.told {
                Header::Line(line) => line,
                _ => self.row,
            };
            return Err(Unreadable::HeaderBlank { line });
        };
        let file = self.file.into_inner().map_err(|error| Unreadable::Spool {
            source: io::Error::from(error.error().kind()),
        })?;
        let file = file.into_inner().map_err(|error| Unreadable::Spool {
            source: error.into_error(),
        })?;
        Ok(Table {
            file,
            header: self.header,
            header_row: self.header_row,
            before,
            rows: self.rows,
            width: self.width,
            report: self.report,
            numbers: self.numbers,
        })
    }

    fn end_row(&mut self) -> Result<(), Unreadable> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let size: usize = self.cells.iter().map(|cell| cell.len() + 1).sum();
        if (size + self.marks.len()) as u64 > RECORD_LIMIT {
            return Err(Unreadable::RecordTooLong {
                line: self.row,
                quote: None,
            });
        }
        let mut cells = std::mem::take(&mut self.cells);
        if !std::mem::replace(&mut self.any, true) && is_report(cells.iter().map(String::as_bytes))
        {
            (self.report, self.told) = (true, Header::First);
        }
        match (self.before, self.told) {
            (None, Header::Line(line)) if self.row < line => {}
            (None, Header::Line(line)) if self.row > line => {
                return Err(Unreadable::HeaderBlank { line });
            }
            (None, Header::Line(_) | Header::First) => {
                self.width = cells.len();
                self.header = Some(std::mem::take(&mut cells));
                self.header_row = Some(self.row);
                self.before = Some(self.row);
            }
            (None, Header::Nowhere) => {
                self.before = Some(self.row - 1);
                self.write(&cells)?;
            }
            (Some(_), _) => self.write(&cells)?,
        }
        cells.clear();
        self.cells = cells;
        self.marks.clear();
        Ok(())
    }

    fn write(&mut self, cells: &[String]) -> Result<(), Unreadable> {
        let spool = |error: csv::Error| Unreadable::Spool {
            source: error.into(),
        };
        self.width = self.width.max(cells.len());
        while self.before.unwrap_or(0) + self.rows + 1 < self.row {
            self.file.write_record([""]).map_err(spool)?;
            self.rows += 1;
        }
        let cells = cells.iter().map(String::as_str);
        let record = std::iter::once(self.marks.as_str()).chain(cells);
        self.file.write_record(record).map_err(spool)?;
        self.rows += 1;
        Ok(())
    }
}

/// Notes what a cell holds: its column, a letter, and a number's digits.
fn mark(marks: &mut String, column: usize, held: &Held) {
    let (letter, digits) = match held {
        Held::Day => ('d', ""),
        Held::Moment => ('m', ""),
        Held::Time => ('t', ""),
        Held::Truth => ('b', ""),
        Held::Number => ('n', ""),
        Held::Pretty(digits) => ('p', digits.as_str()),
        Held::Worded(digits) => ('w', digits.as_str()),
        Held::Share => ('s', ""),
        Held::Error => ('e', ""),
        Held::Uncounted => ('u', ""),
    };
    if !marks.is_empty() {
        marks.push(' ');
    }
    marks.push_str(&format!("{column}{letter}{digits}"));
}

/// What the cells of a row hold, by their columns from 0, as it was noted.
pub(super) fn held(marks: &str) -> impl Iterator<Item = (usize, Held)> {
    marks.split(' ').filter_map(|mark| {
        let at = mark.find(|c: char| c.is_ascii_lowercase())?;
        let digits = || mark[at + 1..].to_owned();
        let held = match mark.as_bytes()[at] {
            b'd' => Held::Day,
            b'm' => Held::Moment,
            b't' => Held::Time,
            b'b' => Held::Truth,
            b'n' => Held::Number,
            b'p' => Held::Pretty(digits()),
            b'w' => Held::Worded(digits()),
            b's' => Held::Share,
            b'e' => Held::Error,
            b'u' => Held::Uncounted,
            _ => return None,
        };
        Some((mark[..at].parse().ok()?, held))
    })
}
