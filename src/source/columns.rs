//! Which cells of a record are the user's own.
//!
//! `errors.csv` has the input's columns and then ours, the ones that start with `sync_`. When it is fed back they are
//! left out here, so that every own cell stands where it stood in the first input, and a row that was refused and not
//! mended is refused again for the same reason.

use std::ops::Range;

use crate::contact::{Flaw, Row};

use super::watch::{Damage, cell_spans};

/// The columns of `errors.csv` that are ours.
const OURS: [&str; 6] = [
    "sync_row",
    "sync_line",
    "sync_outcome",
    CODE,
    FIELD,
    "sync_message",
];
const CODE: &str = "sync_code";
const FIELD: &str = "sync_field";

/// The code under which a row is reported that lacks a mapped column.
const TOO_SHORT: &str = "too-short";

/// The header, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The user's own, in order.
    own: Vec<String>,
    /// Where ours stand among all, ascending.
    ours: Vec<usize>,
    /// How many there are in all.
    all: usize,
    code: Option<usize>,
    field: Option<usize>,
}

impl Columns {
    /// The columns of a header.
    pub(super) fn of<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Self {
            own: Vec::new(),
            ours: Vec::new(),
            all: 0,
            code: None,
            field: None,
        };
        for (at, name) in header.enumerate() {
            columns.all += 1;
            match OURS.contains(&name) {
                false => columns.own.push(name.to_owned()),
                true => columns.ours.push(at),
            }
            match name {
                CODE => columns.code = Some(at),
                FIELD => columns.field = Some(at),
                _ => {}
            }
        }
        columns
    }

    /// The names of the user's own columns.
    pub(super) fn own(&self) -> &[String] {
        &self.own
    }

    /// Fills a row with the own cells of a record of `count` cells.
    pub(super) fn fill<'a>(&self, row: &mut Row, count: usize, cell: impl Fn(usize) -> &'a str) {
        if self.ours.is_empty() {
            (0..count).for_each(|at| row.push(cell(at)));
        } else {
            let own = (0..count).filter(|at| !self.is_ours(*at, count));
            own.for_each(|at| row.push(cell(at)));
            self.shorten(row, count, cell);
        }
        if row.len() > self.own.len() {
            row.flaw = Some(Flaw::TooLong {
                cells: row.len(),
                columns: self.own.len(),
            });
        }
    }

    /// The flaw of a record of `count` cells with text after a closing quote, in own columns only.
    pub(super) fn flaw(&self, damage: &Damage, count: usize, delimiter: u8) -> Flaw {
        let ours_before = (0..damage.cell).filter(|at| self.is_ours(*at, count));
        let column = damage.cell - ours_before.count();
        let raw = match self.ours.is_empty() {
            true => String::from_utf8_lossy(&damage.raw).into_owned(),
            false => {
                let spans = cell_spans(&damage.raw, delimiter).into_iter().enumerate();
                let own: Vec<Range<usize>> = spans
                    .filter(|(at, _)| !self.is_ours(*at, count))
                    .map(|(_, span)| span)
                    .collect();
                let cells: Vec<&[u8]> = own.into_iter().map(|span| &damage.raw[span]).collect();
                String::from_utf8_lossy(&cells.join(&delimiter)).into_owned()
            }
        };
        Flaw::TextAfterQuote { column, raw }
    }

    /// Whether a cell of a record of `count` cells stands in one of our columns. Where ours are the last columns they
    /// are the last cells too, so that a record with too many cells keeps the own cells it had.
    fn is_ours(&self, at: usize, count: usize) -> bool {
        let last = self
            .ours
            .first()
            .is_some_and(|first| *first == self.own.len());
        match last && count > self.all {
            true => at >= count - self.ours.len(),
            false => self.ours.binary_search(&at).is_ok(),
        }
    }

    /// Makes a row short again that was reported as too short and filled up with empty cells in the report.
    fn shorten<'a>(&self, row: &mut Row, count: usize, cell: impl Fn(usize) -> &'a str) {
        let (Some(code), Some(field)) = (self.code, self.field) else {
            return;
        };
        if count != self.all || cell(code) != TOO_SHORT {
            return;
        }
        let field = cell(field);
        // A name that a spreadsheet would take for a formula stands behind an apostrophe in the report.
        let missing = self.own.iter().position(|name| {
            name == field || field.strip_prefix('\'').is_some_and(|field| name == field)
        });
        if let Some(missing) = missing {
            let blank = |cell: &str| cell.chars().all(char::is_whitespace);
            let nothing_left = row.cells().skip(missing).all(blank);
            if nothing_left {
                row.truncate(missing);
            }
        }
    }
}
