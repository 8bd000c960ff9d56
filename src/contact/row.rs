//! A data record of the input, before anybody has looked at what its cells mean.

use std::ops::Range;

use super::held::HeldCells;
use super::plain::{begins_soundly, is_plain, is_sound};

/// One data record of the input: all of its cells as text, and where it stood.
///
/// The cells live in one string, so that a row costs two allocations however many columns it has. There they stand as they
/// came: between them may be what stood between them in the file.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Data records counted from 1; the header is not counted.
    pub number: u64,
    /// The physical line, from 1, on which the record starts; quoted line breaks are counted.
    pub line: u64,
    /// Why the cells cannot be trusted to stand in their own columns, if they cannot.
    pub flaw: Option<Flaw>,
    /// What the cells of a spreadsheet hold where they are more than text.
    pub held: HeldCells,
    /// Whether a report says that it was sent before and not accepted, or that nobody knows.
    pub was_sent: bool,
    text: String,
    spans: Vec<Span>,
    /// Whether some cell is not sound.
    odd: bool,
}

/// Where a cell stands in a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of a range of bytes; a record is at most 1 MiB long, and so is about what a contact holds, so that it always
    /// fits.
    #[must_use]
    pub fn of(range: Range<usize>) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: place(range.start),
            end: place(range.end),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let place = |row: &Self| (row.number, row.line, row.was_sent);
        place(self) == place(other)
            && (&self.flaw, &self.held) == (&other.flaw, &other.held)
            && self.cells().eq(other.cells())
    }
}

impl Eq for Row {}

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
        self.was_sent = false;
        self.text.clear();
        self.spans.clear();
        self.odd = false;
    }

    /// Adds a cell at the end.
    pub fn push(&mut self, cell: &str) {
        self.odd |= !is_sound(cell);
        let start = self.text.len();
        self.text.push_str(cell);
        self.spans.push(Span::of(start..self.text.len()));
    }

    /// Makes a whole record of an empty row: a text, and where in it the cells stand.
    pub fn fill(&mut self, text: &str, spans: &[Span]) {
        self.text.clear();
        self.text.reserve_exact(text.len());
        self.text.push_str(text);
        self.spans.clear();
        self.spans.reserve_exact(spans.len());
        self.spans.extend_from_slice(spans);
        // Looked at once, for everybody who would have to look at each cell. Where something is odd, it may be a tab between
        // them.
        let begins = |span: &Span| {
            text.as_bytes()
                .get(span.range())
                .is_some_and(begins_soundly)
        };
        self.odd = match is_plain(text) {
            true => !spans.iter().all(begins),
            false => !self.cells().all(is_sound),
        };
    }

    /// Keeps the first `count` cells.
    pub fn truncate(&mut self, count: usize) {
        if count < self.spans.len() {
            self.spans.truncate(count);
            let end = self.spans.last().map_or(0, |last| last.range().end);
            self.text.truncate(end);
            self.odd = self.odd && !self.cells().all(is_sound);
        }
    }

    /// The cell of a column counted from 0, or nothing where the row is too short.
    #[must_use]
    pub fn cell(&self, column: usize) -> Option<&str> {
        self.text.get(self.span(column)?.range())
    }

    /// Where that cell stands in the row's text.
    #[must_use]
    pub fn span(&self, column: usize) -> Option<Span> {
        self.spans.get(column).copied()
    }

    /// The text in which the cells stand.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.spans
            .iter()
            .filter_map(|span| self.text.get(span.range()))
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// What it takes of memory, in bytes: its text, and where each cell stands.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len() + size_of_val(&*self.spans)
    }

    /// Whether the row has no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether all of its cells have nothing but what is printed in ASCII, and none begins with a blank or as a spreadsheet's
    /// errors and marks do.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.odd
    }

    /// Whether every cell is empty or white space: such a row is about nobody.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells()
            .all(|cell| cell.chars().all(char::is_whitespace))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_sound_where_each_of_its_cells_is_however_it_came_to_them() {
        let cells = [
            "", "Ann", "E", "Err:502", "#N/A", "=1", "'0", " x", "a\tb", "é", "+1",
        ];
        let mut random = fastrand::Rng::with_seed(15);
        for _ in 0..2000 {
            let own: Vec<&str> = (0..random.usize(1..5))
                .map(|_| cells[random.usize(..cells.len())])
                .collect();
            let mut pushed = Row::at(1, 2);
            own.iter().for_each(|cell| pushed.push(cell));
            let between = ["\t", ","][random.usize(..2)];
            let mut spans = Vec::new();
            let mut start = 0;
            for cell in &own {
                spans.push(Span::of(start..start + cell.len()));
                start += cell.len() + between.len();
            }
            let mut filled = Row::at(1, 2);
            filled.fill(&own.join(between), &spans);
            for count in (1..=own.len()).rev() {
                let sound = own[..count].iter().all(|cell| is_sound(cell));
                for row in [&mut pushed, &mut filled] {
                    row.truncate(count);
                    assert_eq!(row.is_sound(), sound, "{:?}", &own[..count]);
                }
            }
        }
    }
}
