//! Text to rows: the CSV reader takes the cells apart, the watch says where each record starts and what is wrong.
//!
//! The two count records and cells independently. Where they disagree the reading ends with an error: a wrong line
//! number or a cell in a neighbour's column is never given out.

use std::io::{self, Read};
use std::sync::Arc;

use csv::ByteRecord;

use crate::contact::Row;

use super::Unreadable;
use super::columns::Columns;
use super::dialect::Dialect;
use super::recipe::Recipe;
use super::strict::{Strict, begin};
use super::table::held;
use super::text::Text;
use super::told::Header;
use super::unpack::Bytes;
use super::watch::{Damage, Mark, Watch};

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
        let record = &self.records.record;
        let text = simdutf8::basic::from_utf8(record.as_slice())
            .map_err(|_| Unreadable::Disagreement { line })?;
        // What the cells of a sheet hold stands before them.
        let before = usize::from(self.sheet.is_some());
        let cell = |at: usize| -> &str {
            let span = record.range(at + before);
            span.and_then(|span| text.get(span)).unwrap_or_default()
        };
        let count = match self.sheet {
            None => record.len(),
            // A sheet is a rectangle: the cells that are not written are empty.
            Some(_) => (record.len() - 1).max(self.columns.all()),
        };
        if self.sheet.is_some() {
            self.columns.fill(row, count, cell);
            let marks = record.range(0).and_then(|span| text.get(span));
            for (at, held) in held(marks.unwrap_or_default()) {
                if let Some(at) = self.columns.own_place(at, count) {
                    row.held.note(at, held);
                }
            }
        } else {
            let ends = (0..count).map(|at| record.range(at).map_or(text.len(), |span| span.end));
            // Nearly every file has none but its user's own columns.
            if !self.columns.fill_whole(row, text, ends) {
                self.columns.fill(row, count, cell);
            }
        }
        if let Some(damage) = &mark.damage {
            let flaw = self
                .columns
                .flaw(damage, record.len(), cell, self.dialect.marks);
            row.flaw = Some(flaw);
        }
        self.over = self.number > self.expected;
        match self.over {
            false => Ok(true),
            true => Err(Unreadable::Changed),
        }
    }
}

/// The records of a text from its header on, each with what the watch noticed.
#[derive(Debug)]
struct Records<R> {
    csv: csv::Reader<Strict<R>>,
    record: ByteRecord,
    /// What was noticed about `record`, where it was read ahead.
    ahead: Option<Mark>,
}

impl<R: Read> Records<R> {
    /// Gets ready to read the first record.
    fn begin(bytes: R, dialect: &Dialect, capacity: usize) -> Result<Self, Unreadable> {
        let mut text = Text::new(bytes, capacity);
        begin(&mut text)?;
        let watch = Watch::new(dialect.marks, dialect.first_line).keeping_damaged();
        let csv = csv::ReaderBuilder::new()
            .delimiter(dialect.marks.delimiter)
            .quote(dialect.marks.quote.unwrap_or(b'"'))
            .quoting(dialect.marks.quote.is_some())
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(capacity)
            .from_reader(Strict::new(text, dialect, watch));
        Ok(Self {
            csv,
            record: ByteRecord::new(),
            ahead: None,
        })
    }

    /// Reads the names of the columns, or numbers them by the first record.
    fn columns(&mut self, header: Header) -> Result<Columns, Unreadable> {
        let mark = self.next()?.ok_or(Unreadable::Changed)?;
        if header == Header::Nowhere {
            self.ahead = Some(mark);
            return Ok(Columns::numbered(self.record.len()));
        }
        let line = mark.line;
        if let Some(Damage { cell, .. }) = mark.damage.as_deref() {
            let column = cell + 1;
            return Err(Unreadable::DamagedHeader { line, column });
        }
        let cells = self.record.iter().map(std::str::from_utf8);
        let cells: Result<Vec<&str>, _> = cells.collect();
        let cells = cells.map_err(|_| Unreadable::Disagreement { line })?;
        let columns = Columns::of(cells.into_iter());
        if columns.own().iter().all(|name| name.trim().is_empty()) {
            return Err(Unreadable::NoHeader { line });
        }
        Ok(columns)
    }

    /// Reads the next record; nothing at the end.
    fn next(&mut self) -> Result<Option<Mark>, Unreadable> {
        if let Some(mark) = self.ahead.take() {
            return Ok(Some(mark));
        }
        let more = match self.csv.read_byte_record(&mut self.record) {
            Ok(more) => more,
            Err(error) => return Err(self.fault(error)),
        };
        let strict = self.csv.get_mut();
        match (more, strict.watch.next_mark()) {
            (false, None) => Ok(None),
            (true, Some(mark)) if mark.cells == self.record.len() => Ok(Some(mark)),
            (_, mark) => {
                let line = mark.map_or(strict.watch.line(), |mark| mark.line);
                Err(Unreadable::Disagreement { line })
            }
        }
    }

    fn fault(&self, error: csv::Error) -> Unreadable {
        let offset = self.csv.get_ref().offset();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Unreadable::carried_by(error, offset),
            // The reader neither decodes nor compares lengths here, so there is no other kind to come.
            _ => Unreadable::Read {
                offset,
                source: io::ErrorKind::InvalidData.into(),
            },
        }
    }
}

/// The columns of a text that was checked.
pub(super) fn columns(recipe: &Recipe) -> Result<Columns, Unreadable> {
    Records::begin(recipe.bytes()?, &recipe.dialect, CAPACITY)?.columns(recipe.dialect.header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Told;

    /// Everything that can be seen of a text: where records start, their cells and their damage.
    type Seen = Vec<(u64, Vec<Vec<u8>>, Option<Box<Damage>>)>;

    fn seen(written: &[u8], capacity: usize) -> Result<Seen, String> {
        let told = Told::default().comment("#")?;
        let dialect = Dialect::of(b"a,b", &told).map_err(|why| why.to_string())?;
        let mut records =
            Records::begin(written, &dialect, capacity).map_err(|why| why.to_string())?;
        records
            .columns(Header::First)
            .map_err(|why| why.to_string())?;
        let mut seen = Vec::new();
        while let Some(mark) = records.next().map_err(|why| why.to_string())? {
            let cells = records.record.iter().map(<[u8]>::to_vec).collect();
            seen.push((mark.line, cells, mark.damage));
        }
        Ok(seen)
    }

    #[test]
    fn where_the_stretches_are_cut_changes_nothing() {
        let parts = [
            "a,b",
            "\r\n",
            "\r\r\n",
            "\n",
            "\r",
            ",",
            "\"",
            "\"\"",
            "\"é,\"",
            "\"x\r\r\ny\"",
            "z\"",
            "\"q\"t",
            "漢",
            "\u{feff}",
            "\"1\n2\"\"\"",
            "#",
            "\n#\"c,",
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..1000 {
            let count = random.usize(1..14);
            let body: String = (0..count)
                .map(|_| parts[random.usize(..parts.len())])
                .collect();
            let written = format!("a,b\n{body}");
            let whole = seen(written.as_bytes(), CAPACITY);
            for capacity in 4..11 {
                assert_eq!(
                    seen(written.as_bytes(), capacity),
                    whole,
                    "{written:?} by {capacity}"
                );
            }
            if let Err(why) = whole {
                assert!(why.contains("never closed"), "{written:?}: {why}");
            }
        }
    }
}
