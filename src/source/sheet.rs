//! An input that was read once, whole and strictly, and found fit: its header, the facts about it, and its rows.
//!
//! Nothing is sent before this has passed. It keeps no row; reading the rows is a second pass over the same bytes.

use std::io::Read;
use std::sync::Arc;

use super::columns::Columns;
use super::dialect::{Dialect, Found};
use super::rows::{self, Rows};
use super::store::{FirstPass, Store};
use super::strict::{Strict, begin};
use super::text::{CAPACITY, Text};
use super::watch::Watch;
use super::{Input, Unreadable, guess};

/// What was found out about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The input as the user named it; `-` is standard input.
    pub name: String,
    /// SHA-256 of the input's bytes, as lower-case hexadecimal digits.
    pub sha256: String,
    /// The input's size in bytes.
    pub bytes: u64,
    /// Data records, those with nothing but blank cells included; the header is not counted.
    pub rows: u64,
    /// What separates cells: one ASCII character.
    pub delimiter: u8,
    /// How the delimiter was found.
    pub found: Found,
    /// Whether the file starts with a UTF-8 byte order mark.
    pub bom: bool,
    /// The physical line on which the header starts, from 1.
    pub header_line: u64,
}

/// A checked input.
#[derive(Debug)]
pub struct Sheet {
    facts: Facts,
    columns: Arc<Columns>,
    dialect: Dialect,
    store: Arc<Store>,
}

/// Reads an input once, whole and strictly.
///
/// # Errors
///
/// When the input cannot be read, or not faithfully: the variants of [`Unreadable`] say why, where, and what to do.
pub fn open(input: &Input) -> Result<Sheet, Unreadable> {
    let mut bytes = FirstPass::open(input)?;
    let checked = check(&mut bytes, CAPACITY).map_err(|why| suggest(why, &mut bytes))?;
    let (size, sha256) = bytes.sum();
    let store = Arc::new(bytes.keep()?);
    let columns = rows::columns(&store, &checked.dialect)?;
    // Told last, so that a title line above nothing is told as what it is.
    if checked.rows == 0 {
        return Err(Unreadable::NoRows);
    }
    let facts = Facts {
        name: input.name(),
        sha256,
        bytes: size,
        rows: checked.rows,
        delimiter: checked.dialect.delimiter,
        found: checked.dialect.found,
        bom: checked.bom,
        header_line: checked.header_line,
    };
    Ok(Sheet {
        facts,
        columns: Arc::new(columns),
        dialect: checked.dialect,
        store,
    })
}

impl Sheet {
    /// The names of the columns as written, without the `sync_` columns of a report that is fed back.
    #[must_use]
    pub fn header(&self) -> &[String] {
        self.columns.own()
    }

    /// What was found out about the input.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Starts a pass over the rows. Each pass is independent of the others.
    ///
    /// # Errors
    ///
    /// When reading fails, or the input is no longer what was checked.
    pub fn rows(&self) -> Result<Rows, Unreadable> {
        Rows::new(&self.store, &self.dialect, &self.columns, self.facts.rows)
    }
}

/// What one strict pass finds.
#[derive(Debug, PartialEq, Eq)]
struct Checked {
    dialect: Dialect,
    bom: bool,
    header_line: u64,
    rows: u64,
}

fn check(bytes: impl Read, capacity: usize) -> Result<Checked, Unreadable> {
    let mut text = Text::new(bytes, capacity);
    let bom = begin(&mut text)?;
    let dialect = Dialect::of(text.stretch())?;
    let watch = Watch::new(dialect.delimiter, dialect.first_line);
    let mut strict = Strict::new(text, &dialect, watch);
    let mut header_line = None;
    let mut records = 0;
    loop {
        let more = strict.advance()?;
        while let Some(mark) = strict.watch.next_mark() {
            header_line.get_or_insert(mark.line);
            records += 1;
        }
        if !more {
            break;
        }
        strict.pass();
    }
    Ok(Checked {
        dialect,
        bom,
        header_line: header_line.ok_or(Unreadable::Empty)?,
        rows: records - 1,
    })
}

/// Adds the likely encoding to a refusal that is about one.
fn suggest(why: Unreadable, bytes: &mut FirstPass) -> Unreadable {
    let Unreadable::NotUtf8 { line, offset, .. } = why else {
        return why;
    };
    let start = offset.saturating_sub(guess::WINDOW);
    let window = bytes.window(start, 2 * guess::WINDOW);
    let bad = usize::try_from(offset - start).unwrap_or(usize::MAX);
    Unreadable::NotUtf8 {
        line,
        offset,
        likely: guess::likely_encoding(&window, bad),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Gives its bytes and then fails.
    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(io::Error::other("input/output error")),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn a_failing_disk_is_not_the_files_fault() {
        let why = check(Failing(b"a,b\n1,2\n3"), 4).expect_err("the reader fails");
        assert!(why.is_local_fault());
        assert_eq!(
            why.to_string(),
            "reading stopped at byte offset 9; check the disk or the connection the file is on, then run again"
        );
    }

    #[test]
    fn endless_input_is_refused_after_one_record() {
        let why = check(io::repeat(b'x'), CAPACITY).expect_err("a line without end");
        assert!(matches!(
            why,
            Unreadable::RecordTooLong {
                line: 1,
                quote: None
            }
        ));
        let quoted = b"a\nb\n\"".chain(io::repeat(b'\n'));
        let why = check(quoted, CAPACITY).expect_err("a cell without end");
        assert_eq!(
            why.to_string(),
            "line 3: the record that starts here is longer than 1 MiB, and the quote opened on line 3 is still open; close that quote"
        );
    }
}
