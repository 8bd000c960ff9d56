//! Text to records: the watch says where each one stands and what is wrong with it, and its cells are found.
//!
//! Nearly every cell is found in the record as it was written. Where a quote stands for itself or a cell goes on after its
//! quotes, the CSV reader takes the record apart. Either way a record has to end where the watch has seen its end, with no
//! quote open, or the reading ends with an error: a wrong line number or a cell in a neighbour's column is never given out.

use std::io::{self, Read};
use std::ops::Range;

use csv::ByteRecord;
use memchr::{memchr_iter, memchr2_iter};

use crate::contact::Span;

use super::Unreadable;
use super::columns::Columns;
use super::dialect::{Dialect, Marks};
use super::strict::{Strict, begin};
use super::text::{CAPACITY, Text};
use super::told::Header;
use super::watch::{Mark, Watch};

/// The records of a text from its header on, each with what the watch noticed.
#[derive(Debug)]
pub(super) struct Records<R> {
    strict: Strict<R>,
    by: Marks,
    odd: Odd,
    /// Where the cells of the record stand that was read last, and in which text.
    spans: Vec<Span>,
    found: Found,
    /// What was noticed about that record, where it was read ahead.
    ahead: Option<Mark>,
    /// Whether the end of the text was met.
    ended: bool,
}

/// In which text the cells of a record were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// The record as it was written.
    Written,
    /// What the CSV reader has made of it.
    Odd,
}

/// A record's cells.
#[derive(Debug)]
pub(super) struct Record<'a> {
    /// The text in which they stand.
    pub(super) text: &'a [u8],
    /// Where.
    pub(super) spans: &'a [Span],
    /// The record as it stands in the file, without its line end.
    pub(super) written: &'a [u8],
}

impl Record<'_> {
    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.spans
            .iter()
            .filter_map(|span| self.text.get(span.range()))
    }
}

impl<R: Read> Records<R> {
    /// Gets ready to read the first record, so much text at a time.
    pub(super) fn begin(bytes: R, dialect: &Dialect, capacity: usize) -> Result<Self, Unreadable> {
        // What stands before the header was seen in one stretch, and is taken out of one.
        let capacity = match dialect.preamble {
            0 => capacity,
            _ => capacity.max(CAPACITY),
        };
        let mut text = Text::new(bytes, capacity);
        begin(&mut text)?;
        let watch = Watch::new(dialect.marks, dialect.first_line);
        Ok(Self {
            strict: Strict::new(text, dialect, watch),
            by: dialect.marks,
            odd: Odd::by(dialect),
            spans: Vec::new(),
            found: Found::Written,
            ahead: None,
            ended: false,
        })
    }

    /// Reads the names of the columns, or numbers them by the first record.
    pub(super) fn columns(&mut self, header: Header) -> Result<Columns, Unreadable> {
        let mark = self.next()?.ok_or(Unreadable::Changed)?;
        if header == Header::Nowhere {
            self.ahead = Some(mark);
            return Ok(Columns::numbered(self.spans.len()));
        }
        let line = mark.line;
        if let Some(cell) = mark.damage {
            let column = cell + 1;
            return Err(Unreadable::DamagedHeader { line, column });
        }
        let record = self.record(&mark);
        let cells: Result<Vec<&str>, _> = record.cells().map(std::str::from_utf8).collect();
        let cells = cells.map_err(|_| Unreadable::Disagreement { line })?;
        let columns = Columns::of(cells.into_iter());
        if columns.own().iter().all(|name| name.trim().is_empty()) {
            return Err(Unreadable::NoHeader { line });
        }
        Ok(columns)
    }

    /// Reads the next record; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Mark>, Unreadable> {
        if let Some(mark) = self.ahead.take() {
            return Ok(Some(mark));
        }
        loop {
            if let Some(mark) = self.strict.watch.next_mark() {
                self.split(&mark)?;
                return Ok(Some(mark));
            }
            if self.ended {
                return Ok(None);
            }
            self.ended = !self.strict.advance()?;
        }
    }

    /// The record that was read last, of which this was noticed.
    pub(super) fn record<'a>(&'a self, mark: &'a Mark) -> Record<'a> {
        let written = mark.written.bytes(self.strict.stretch());
        Record {
            text: match self.found {
                Found::Written => written,
                Found::Odd => self.odd.record.as_slice(),
            },
            spans: &self.spans,
            written,
        }
    }

    /// Finds the cells of a record.
    fn split(&mut self, mark: &Mark) -> Result<(), Unreadable> {
        let written = mark.written.bytes(self.strict.stretch());
        self.spans.clear();
        let mut whole = true;
        self.found = Found::Written;
        match self.by.quote.filter(|_| mark.quoted) {
            None => plain(written, self.by.delimiter, &mut self.spans),
            Some(quote) if !quoted(written, self.by.delimiter, quote, &mut self.spans) => {
                self.found = Found::Odd;
                self.spans.clear();
                whole = self.odd.read(written, &mut self.spans);
            }
            Some(_) => {}
        }
        match whole {
            true => Ok(()),
            false => Err(Unreadable::Disagreement { line: mark.line }),
        }
    }
}

/// Finds the cells of a record without quotes.
fn plain(written: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    let mut start = 0;
    for at in memchr_iter(delimiter, written) {
        spans.push(Span::of(start..at));
        start = at + 1;
    }
    spans.push(Span::of(start..written.len()));
}

/// Finds the cells of a record in which some are in quotes, as long as nothing but a delimiter comes after a quote that ends
/// one; false where something does.
fn quoted(written: &[u8], delimiter: u8, quote: u8, spans: &mut Vec<Span>) -> bool {
    let mut start = 0;
    // Where the quotes around the cell end, once they have begun.
    let mut quotes = None;
    let mut open = false;
    for at in memchr2_iter(delimiter, quote, written) {
        match written[at] == quote {
            true if open => {
                if written.get(at + 1).is_some_and(|next| *next != delimiter) {
                    return false;
                }
                open = false;
                quotes = Some(at);
            }
            true if at == start => open = true,
            // In the middle of a cell a quote is text.
            true => {}
            false if open => {}
            false => {
                spans.push(cell(start..at, quotes.take()));
                start = at + 1;
            }
        }
    }
    spans.push(cell(start..written.len(), quotes));
    !open
}

/// What of a cell stands inside its quotes, where it has them and they end there.
fn cell(written: Range<usize>, quotes: Option<usize>) -> Span {
    match quotes {
        None => Span::of(written),
        Some(end) => Span::of(written.start + 1..end),
    }
}

/// The CSV reader, which is given one record at a time.
#[derive(Debug)]
struct Odd {
    csv: csv::Reader<Given>,
    record: ByteRecord,
    /// So many bytes it was given.
    given: u64,
}

impl Odd {
    fn by(dialect: &Dialect) -> Self {
        let csv = csv::ReaderBuilder::new()
            .delimiter(dialect.marks.delimiter)
            .quote(dialect.marks.quote.unwrap_or(b'"'))
            .quoting(dialect.marks.quote.is_some())
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(COPIED)
            .from_reader(Given::default());
        let mut odd = Self {
            csv,
            record: ByteRecord::new(),
            given: 0,
        };
        // It takes a byte order mark off the first text that it sees, which is that of no record.
        odd.read(b"-", &mut Vec::new());
        odd
    }

    /// Takes a record apart; false where it sees another end than the one that it has.
    fn read(&mut self, written: &[u8], spans: &mut Vec<Span>) -> bool {
        let given = self.csv.get_mut();
        given.bytes.clear();
        given.bytes.extend_from_slice(written);
        given.bytes.push(b'\n');
        given.taken = 0;
        self.given += written.len() as u64 + 1;
        let read = self.csv.read_byte_record(&mut self.record);
        let cells = (0..self.record.len()).filter_map(|at| self.record.range(at));
        spans.extend(cells.map(Span::of));
        matches!(read, Ok(true)) && self.csv.position().byte() == self.given
    }
}

/// What a record is copied through.
const COPIED: usize = 4 * 1024;

/// The bytes that the CSV reader is given.
#[derive(Debug, Default)]
struct Given {
    bytes: Vec<u8>,
    taken: usize,
}

impl Read for Given {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = (&self.bytes[self.taken..]).read(out)?;
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Told;

    /// So much text that none of the texts here is cut.
    const WHOLE: usize = 1024;

    /// Everything that can be seen of a text: where records start, their cells, their damage and how they are written.
    type Seen = Vec<(u64, Vec<Vec<u8>>, Option<usize>, Vec<u8>)>;

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
            let record = records.record(&mark);
            let cells = record.cells().map(<[u8]>::to_vec).collect();
            let written = record.written.to_vec();
            seen.push((mark.line, cells, mark.damage, written));
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
            let whole = seen(written.as_bytes(), WHOLE);
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

    #[test]
    fn cells_are_those_that_the_csv_reader_finds_in_the_whole_text() {
        let parts = [
            "a,b", "\r\n", "\n", "\r", ",", "\"", "\"\"", "\"é,\"", "z\"", "\"q\"t", "漢 ", ";",
            "\"1\n2\"", "\t",
        ];
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..3000 {
            let count = random.usize(1..14);
            let body: String = (0..count)
                .map(|_| parts[random.usize(..parts.len())])
                .collect();
            let written = format!("a,b\n{body}");
            let Ok(own) = seen(written.as_bytes(), 7) else {
                continue;
            };
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_reader(written.as_bytes());
            let theirs = reader.byte_records().map(|record| {
                let record = record.expect("nothing but bytes");
                record.iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
            });
            let own = own.into_iter().map(|(_, cells, ..)| cells);
            assert!(own.eq(theirs), "{written:?}");
        }
    }
}
