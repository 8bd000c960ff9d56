//! What a file shows: its header and the first rows, kept to be looked at as often as needed.
//!
//! Knows nothing of meanings. At most 10,000 rows or 16 MiB of text are kept, whichever comes first.

use std::borrow::Cow;
use std::collections::HashMap;

use super::synonyms::synonyms;
use crate::contact::Row;
use crate::mapping::marker::surely_unmarked;

const MOST_ROWS: usize = 10_000;
const MOST_TEXT: usize = 16 << 20;

/// A header and the rows below it that were looked at.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    header: Vec<String>,
    rows: Vec<Row>,
    total: u64,
}

impl Survey {
    /// Looks at the first rows; `next` reads one into the row that it is given, and says whether there was one.
    ///
    /// # Errors
    ///
    /// What `next` says.
    pub fn of<E>(
        header: &[String],
        total: u64,
        mut next: impl FnMut(&mut Row) -> Result<bool, E>,
    ) -> Result<Self, E> {
        let mut rows = Vec::new();
        let mut text = 0;
        while rows.len() < MOST_ROWS && text < MOST_TEXT {
            let mut row = Row::default();
            if !next(&mut row)? {
                break;
            }
            text += row.size();
            rows.push(row);
        }
        Ok(Self {
            header: header.to_vec(),
            rows,
            total,
        })
    }

    /// The names of the columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows that were looked at.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All rows of the file.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The cells of some columns in all rows whose cells can be trusted to stand in their own columns, without a
    /// spreadsheet's marks for text.
    pub(super) fn cells<const N: usize>(
        &self,
        columns: [usize; N],
    ) -> impl Iterator<Item = [&str; N]> {
        let sound = self.rows.iter().filter(|row| row.flaw.is_none());
        sound.map(move |row| columns.map(|at| bare(row.cell(at).unwrap_or_default().trim())))
    }

    /// A column's cells that are not blank.
    pub(super) fn values(&self, column: usize) -> Vec<&str> {
        self.cells([column])
            .map(|[cell]| cell)
            .filter(|cell| !cell.is_empty())
            .collect()
    }

    /// A column's cells that have a spreadsheet's mark for text, as they stand there.
    pub(super) fn marked(&self, column: usize) -> Vec<&str> {
        let sound = self.rows.iter().filter(|row| row.flaw.is_none());
        let cells = sound.filter_map(|row| row.cell(column));
        cells
            .filter(|cell| surely_unmarked(cell).is_some())
            .collect()
    }

    /// A column's different values with how often each stands there, in the order in which they appear; at most 300.
    pub(super) fn different(&self, column: usize) -> Vec<(&str, usize)> {
        let mut found: Vec<(&str, usize)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for value in self.values(column) {
            match places.get(value) {
                Some(at) => found[*at].1 += 1,
                None if found.len() < 300 => {
                    places.insert(value, found.len());
                    found.push((value, 1));
                }
                None => {}
            }
        }
        found
    }

    /// The row that looks like the real header, its line and its cells, where titles or notes stand above it.
    #[must_use]
    pub fn header_below(&self) -> Option<(u64, Vec<String>)> {
        let known = |cells: &[&str]| {
            let known = |cell: &&&str| synonyms().read(cell).is_some();
            cells.iter().filter(known).count()
        };
        let above: Vec<&str> = self.header.iter().map(String::as_str).collect();
        let above = known(&above);
        self.rows.iter().take(30).find_map(|row| {
            let cells: Vec<&str> = row.cells().collect();
            let found = known(&cells);
            let header = found > above + 1 && found * 2 >= cells.len();
            header.then(|| (row.line, cells.into_iter().map(str::to_owned).collect()))
        })
    }
}

/// A cell without a mark for text around it.
fn bare(cell: &str) -> &str {
    match cell.starts_with(['\'', '=']) {
        true => match surely_unmarked(cell) {
            Some(Cow::Borrowed(text)) => text,
            _ => cell,
        },
        false => cell,
    }
}
