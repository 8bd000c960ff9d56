//! Text to records: the watch says where each one and its cells stand, and what is wrong with it.
//!
//! Where the CSV reader takes a record apart it has to find as many cells as the watch has, and its end where the watch has, or
//! the reading ends with an error: a wrong line number or a cell in a neighbour's column is never given out.

use std::io::Read;

use crate::contact::Span;

use super::Unreadable;
use super::cells::Cells;
use super::columns::Columns;
use super::dialect::Dialect;
use super::strict::{Strict, begin};
use super::text::{CAPACITY, Text};
use super::told::Header;
use super::watch::{Mark, Watch};

/// The records of a text from its header on, each with what the watch noticed.
#[derive(Debug)]
pub(super) struct Records<R> {
    strict: Strict<R>,
    /// The cells of the record that was read last, where they stand elsewhere.
    cells: Cells,
    /// What was noticed about that record, where it was read ahead.
    ahead: Option<Mark>,
    /// Whether the end of the text was met.
    ended: bool,
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
            cells: Cells::by(dialect.marks),
            ahead: None,
            ended: false,
        })
    }

    /// Reads the names of the columns, or numbers them by the first record.
    pub(super) fn columns(&mut self, header: Header) -> Result<Columns, Unreadable> {
        let mark = self.next()?.ok_or(Unreadable::Changed)?;
        if header == Header::Nowhere {
            let count = mark.cells.len();
            self.ahead = Some(mark);
            return Ok(Columns::numbered(count));
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
                let written = mark.written.bytes(self.strict.stretch());
                let noticed = self.strict.watch.cells(&mark);
                return match self.cells.take(written, &mark, noticed) {
                    true => Ok(Some(mark)),
                    false => Err(Unreadable::Disagreement { line: mark.line }),
                };
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
        let in_it = || (written, self.strict.watch.cells(mark));
        let (text, spans) = self.cells.elsewhere().unwrap_or_else(in_it);
        Record {
            text,
            spans,
            written,
        }
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

    fn seen(written: &[u8], told: &Told, capacity: usize) -> Result<Seen, String> {
        let dialect = Dialect::of(b"a,b", told).map_err(|why| why.to_string())?;
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
            let told = Told::default().comment("#").expect("one character");
            let whole = seen(written.as_bytes(), &told, WHOLE);
            for capacity in 4..11 {
                assert_eq!(
                    seen(written.as_bytes(), &told, capacity),
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
            let count = random.usize(1..14) * random.usize(1..9);
            let body: String = (0..count)
                .map(|_| parts[random.usize(..parts.len())])
                .collect();
            let delimiter = [",", ";", "\t", "k"][random.usize(..4)];
            let quote = ["\"", "\"", "'", "none"][random.usize(..4)];
            let told = Told::default().delimiter(delimiter).expect("a delimiter");
            let told = told.quote(quote).expect("a quote");
            let written = format!("a,b\n{body}").replace(',', delimiter);
            let written = match quote {
                "none" => written,
                quote => written.replace('"', quote),
            };
            let own = match seen(written.as_bytes(), &told, random.usize(4..200)) {
                Ok(own) => own,
                Err(why) => {
                    assert!(why.contains("never closed"), "{written:?}: {why}");
                    continue;
                }
            };
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(delimiter.as_bytes()[0])
                .quote(quote.as_bytes()[0])
                .quoting(quote != "none")
                .flexible(true)
                .from_reader(written.as_bytes());
            let theirs = reader.byte_records().map(|record| {
                let record = record.expect("nothing but bytes");
                record.iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
            });
            let own = own.into_iter().map(|(_, cells, ..)| cells);
            assert!(own.eq(theirs), "{written:?} by {delimiter:?} and {quote}");
        }
    }

    #[test]
    fn cells_are_kept_for_one_stretch_only() {
        let written = "a,b\n".repeat(10_000);
        let dialect = Dialect::of(b"a,b", &Told::default()).expect("a dialect");
        let mut watch = Watch::new(dialect.marks, 1);
        for stretch in written.as_bytes().chunks(64) {
            watch.feed(stretch).expect("sound");
            while let Some(mark) = watch.next_mark() {
                assert_eq!(watch.cells(&mark), [Span::of(0..1), Span::of(2..3)]);
                assert!(mark.cells.end <= 64, "{:?}", mark.cells);
            }
        }
    }
}
