//! A data record of the input, before anybody has looked at what its cells mean.

use super::held::HeldCells;
use super::plain::is_plain;

/// One data record of the input: all of its cells as text, and where it stood.
///
/// The cells live in one string, so that a row costs two allocations however many columns it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Data records counted from 1; the header is not counted.
    pub number: u64,
    /// The physical line, from 1, on which the record starts; quoted line breaks are counted.
    pub line: u64,
    /// Why the cells cannot be trusted to stand in their own columns, if they cannot.
    pub flaw: Option<Flaw>,
    /// What the cells of a spreadsheet hold where they are more than text.
    pub held: HeldCells,
    text: String,
    ends: Vec<u32>,
    /// Whether some cell has more than what is printed in ASCII.
    odd: bool,
}

impl Row {
    /// An empty row at a place in the input.
    #[must_use]
    pub fn at(number: u64, line: u64) -> Self {
        Self {
            number,
            line,
            ..Self::default()
        }
    }

    /// Empties the row for the next record and keeps its memory.
    pub fn reset(&mut self, number: u64, line: u64) {
        self.number = number;
        self.line = line;
        self.flaw = None;
        self.held.clear();
        self.text.clear();
        self.ends.clear();
        self.odd = false;
    }

    /// Adds a cell at the end.
    pub fn push(&mut self, cell: &str) {
        self.odd |= !is_plain(cell);
        self.text.push_str(cell);
        // A record is at most 1 MiB, so its length always fits.
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Adds a whole record at once: the text of its cells without anything between them, and where each one ends.
    pub fn extend(&mut self, text: &str, ends: impl ExactSizeIterator<Item = usize>) {
        // Looked at once, for everybody who would have to look at each cell.
        self.odd |= !is_plain(text);
        let before = self.text.len();
        self.text.reserve_exact(text.len());
        self.text.push_str(text);
        self.ends.reserve_exact(ends.len());
        let end = |end| u32::try_from(before + end).unwrap_or(u32::MAX);
        self.ends.extend(ends.map(end));
    }

    /// Keeps the first `count` cells.
    pub fn truncate(&mut self, count: usize) {
        if count < self.ends.len() {
            self.ends.truncate(count);
            let end = self.ends.last().map_or(0, |end| *end as usize);
            self.text.truncate(end);
            self.odd &= !is_plain(&self.text);
        }
    }

    /// The cell of a column counted from 0, or nothing where the row is too short.
    #[must_use]
    pub fn cell(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)? as usize;
        let start = match column {
            0 => 0,
            _ => self.ends[column - 1] as usize,
        };
        self.text.get(start..end)
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|column| self.cell(column))
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of all cells, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Whether the row has no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether all of its cells have nothing but what is printed in ASCII.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.odd
    }

    /// Whether every cell is empty or white space: such a row is about nobody.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// Why a row's cells cannot be trusted to stand in their own columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// More cells than the header has columns: one of them may have moved.
    TooLong {
        /// Cells found.
        cells: usize,
        /// Columns in the header.
        columns: usize,
    },
    /// A quoted cell went on after its closing quote, as in `"Tel"Aviv`.
    TextAfterQuote {
        /// The column it happened in, from 0.
        column: usize,
        /// The record as it stood in the file, so that it can be given back unchanged.
        raw: String,
    },
}
