//! Records to rows: which cells are the user's own, and which row each one is.

use std::sync::Arc;

use crate::contact::Row;

use super::Unreadable;
use super::columns::Columns;
use super::dialect::Dialect;
use super::recipe::Recipe;
use super::records::Records;
use super::table::held;
use super::unpack::Bytes;

/// How much is read at a time: what is still in the processor's nearer caches when its last row is taken apart.
const CAPACITY: usize = 32 * 1024;

/// One pass over the data records of a checked input, in order.
#[derive(Debug)]
pub struct Rows {
    records: Records<Bytes<'static>>,
    columns: Arc<Columns>,
    dialect: Dialect,
    /// For a sheet, the row before its first row of data: its rows are counted, not their lines.
    sheet: Option<u64>,
    number: u64,
    expected: u64,
    /// Whether the end or an error was met: nothing can be read after either.
    over: bool,
}

impl Rows {
    /// A pass over a file that was checked, from its first row on.
    pub(super) fn new(
        recipe: &Recipe,
        columns: &Arc<Columns>,
        expected: u64,
    ) -> Result<Self, Unreadable> {
        let mut records = Records::begin(recipe.bytes()?, &recipe.dialect, CAPACITY)?;
        if recipe.sheet.is_none() && records.columns(recipe.dialect.header)? != **columns {
            return Err(Unreadable::Changed);
        }
        Ok(Self {
            records,
            columns: Arc::clone(columns),
            dialect: recipe.dialect,
            sheet: recipe.sheet,
            number: 0,
            expected,
            over: false,
        })
    }

    /// Reads the next row into `row`, whose memory is used again; false at the end.
    ///
    /// # Errors
    ///
    /// When reading fails, or the input is no longer what was checked. The rows before were right; the pass is over.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, Unreadable> {
        if self.over {
            return Ok(false);
        }
        self.over = true;
        let Some(mark) = self.records.next()? else {
            return match self.number == self.expected {
                true => Ok(false),
                false => Err(Unreadable::Changed),
            };
        };
        self.number += 1;
        let line = self.sheet.map_or(mark.line, |before| before + self.number);
        row.reset(self.number, line);
        let record = self.records.record(&mark);
        let text = simdutf8::basic::from_utf8(record.text)
            .map_err(|_| Unreadable::Disagreement { line })?;
        // The first cell of a sheet's record says what the others hold.
        let before = usize::from(self.sheet.is_some());
        let cell = |at: usize| -> &str {
            let span = record.spans.get(at + before);
            span.and_then(|span| text.get(span.range()))
                .unwrap_or_default()
        };
        let count = match self.sheet {
            None => record.spans.len(),
            // A sheet is a rectangle: the cells that are not written are empty.
            Some(_) => (record.spans.len() - 1).max(self.columns.all()),
        };
        if self.sheet.is_some() {
            self.columns.fill(row, count, cell);
            let marks = record.spans.first();
            let marks = marks.and_then(|span| text.get(span.range()));
            for (at, held) in held(marks.unwrap_or_default()) {
                if let Some(at) = self.columns.own_place(at, count) {
                    row.held.note(at, held);
                }
            }
        } else if !self.columns.fill_whole(row, text, record.spans) {
            // Nearly every file has none but its user's own columns; this one may have ours.
            self.columns.fill(row, count, cell);
        }
        if let Some(damaged) = mark.damage {
            let damaged = (record.written, damaged);
            let marks = self.dialect.marks;
            row.flaw = Some(self.columns.flaw(damaged, record.spans.len(), cell, marks));
        }
        self.over = self.number > self.expected;
        match self.over {
            false => Ok(true),
            true => Err(Unreadable::Changed),
        }
    }
}

/// The columns of a text that was checked.
pub(super) fn columns(recipe: &Recipe) -> Result<Columns, Unreadable> {
    Records::begin(recipe.bytes()?, &recipe.dialect, CAPACITY)?.columns(recipe.dialect.header)
}
