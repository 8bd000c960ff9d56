//! An input that was read once, whole and strictly, and found fit: its header, the facts about it, and its rows.
//!
//! Nothing is sent before this has passed. It keeps no row; reading the rows is a second pass over the same bytes.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use super::columns::Columns;
use super::decode::{Known, encoding};
use super::dialect::{Dialect, Found, Marks};
use super::guess::Workbook;
use super::recipe::{Recipe, decoded, first, is_utf_8, window};
use super::rows::{self, Rows};
use super::store::{Again, FirstPass, Store};
use super::strict::{Strict, begin};
use super::table::Table;
use super::text::{CAPACITY, Text};
use super::told::{Header, Told};
use super::unpack::{Bytes, Packing};
use super::watch::Watch;
use super::{Input, Unreadable, guess, workbook};

/// How many bytes are looked at before it is known what a file is.
const FIRST: u64 = 16;

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
    /// How the file is packed, `gzip` or `zstd`; nothing where it is not.
    pub packed: Option<&'static str>,
    /// The encoding of its text, by its name in the WHATWG Encoding Standard; nothing for a spreadsheet.
    pub encoding: Option<&'static str>,
    /// How the encoding became known.
    pub known: Known,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// What separates cells: one ASCII character; for a spreadsheet the one that a report about it is written with.
    pub delimiter: u8,
    /// How the delimiter was found.
    pub found: Found,
    /// Whether the file starts with a byte order mark.
    pub bom: bool,
    /// The physical line on which the header starts, or its row in a sheet, from 1; nothing where there is none.
    pub header_line: Option<u64>,
}

impl Facts {
    /// Whether a report with the input's own cells must start with a UTF-8 byte order mark: where the input did, and
    /// where it was no UTF-8, so that a spreadsheet program opens the report rightly and so do we.
    #[must_use]
    pub fn report_bom(&self) -> bool {
        self.bom || self.encoding != Some(UTF_8.name())
    }
}

/// A checked input.
#[derive(Debug)]
pub struct Sheet {
    facts: Facts,
    columns: Arc<Columns>,
    recipe: Recipe,
}

/// Reads an input once, whole and strictly.
///
/// # Errors
///
/// When the input cannot be read, or not faithfully: the variants of [`Unreadable`] say why, where, and what to do.
pub fn open(input: &Input) -> Result<Sheet, Unreadable> {
    open_told(input, &Told::default())
}

/// The same, for an input about which the user says something.
///
/// # Errors
///
/// As [`open`]; also when what is said does not fit the file.
pub fn open_told(input: &Input, told: &Told) -> Result<Sheet, Unreadable> {
    let mut bytes = FirstPass::open(input)?;
    let start = first(&mut bytes, FIRST)?;
    match guess::workbook(&start) {
        Some(kind) => open_workbook(input, bytes, kind, told),
        None => open_text(input, bytes, start, told),
    }
}

fn open_text(
    input: &Input,
    mut bytes: FirstPass,
    start: Vec<u8>,
    told: &Told,
) -> Result<Sheet, Unreadable> {
    let packing = Packing::of(&start);
    let settled = settle(Cursor::new(start).chain(&mut bytes), packing, told);
    let foreign = match &settled {
        Ok(settled) => settled.known == Known::Told,
        Err(why) => matches!(why, Unreadable::Undecodable { .. }),
    };
    // Packed bytes may have been known to be whole before the last of them was read.
    if settled.is_ok() || foreign {
        io::copy(&mut bytes, &mut io::sink()).map_err(|error| Unreadable::carried_by(error, 0))?;
    }
    let (size, sha256) = bytes.sum();
    let store = Arc::new(bytes.keep()?);
    let settled = match told
        .encoding
        .filter(|encoding| foreign && *encoding != UTF_8)
    {
        Some(encoding) if is_utf_8(&store, packing)? => in_utf_8(&store, packing, told, encoding),
        _ => settled.map_err(|why| suggest(why, &store, packing)),
    };
    let Settled {
        encoding,
        known,
        checked,
    } = settled?;
    let recipe = Recipe {
        store,
        packing,
        encoding,
        dialect: checked.dialect,
        sheet: None,
    };
    let columns = rows::columns(&recipe)?;
    if told.sheet.is_some() && checked.dialect.found != Found::Report {
        return Err(Unreadable::NotForText);
    }
    // Told last, so that a title line above nothing is told as what it is.
    if checked.rows == 0 {
        return Err(Unreadable::NoRows);
    }
    let facts = Facts {
        name: input.name(),
        sha256,
        bytes: size,
        rows: checked.rows,
        packed: packing.name(),
        encoding: Some(encoding.name()),
        known,
        sheet: None,
        delimiter: checked.dialect.marks.delimiter,
        found: checked.dialect.found,
        bom: checked.bom,
        header_line: checked.header_line,
    };
    Ok(Sheet {
        facts,
        columns: Arc::new(columns),
        recipe,
    })
}

fn open_workbook(
    input: &Input,
    mut bytes: FirstPass,
    kind: Workbook,
    told: &Told,
) -> Result<Sheet, Unreadable> {
    io::copy(&mut bytes, &mut io::sink()).map_err(|error| Unreadable::carried_by(error, 0))?;
    let (size, sha256) = bytes.sum();
    let (sheet, table) = workbook::read(&Arc::new(bytes.keep()?), kind, told)?;
    if !table.report {
        told.check_for_sheet()?;
    }
    let columns = columns(&table)?;
    if table.rows == 0 {
        return Err(Unreadable::NoRows);
    }
    let found = match table.report {
        true => Found::Report,
        false => Found::Cells,
    };
    let facts = Facts {
        name: input.name(),
        sha256,
        bytes: size,
        rows: table.rows,
        packed: None,
        encoding: None,
        known: Known::Assumed,
        sheet: Some(sheet),
        delimiter: b',',
        found,
        bom: false,
        header_line: table.header_row,
    };
    let store = Store::of(table.file).map_err(|source| Unreadable::Spool { source })?;
    Ok(Sheet {
        facts,
        columns: Arc::new(columns),
        recipe: Recipe {
            store: Arc::new(store),
            packing: Packing::Not,
            encoding: UTF_8,
            dialect: Dialect {
                marks: Marks::by(b','),
                found,
                header: Header::Nowhere,
                preamble: 0,
                first_line: 1,
            },
            sheet: Some(table.before),
        },
    })
}

fn columns(table: &Table) -> Result<Columns, Unreadable> {
    let Some(header) = &table.header else {
        return Ok(Columns::numbered(table.width));
    };
    let unnamed = table.width.saturating_sub(header.len());
    let names = header.iter().map(String::as_str);
    let columns = Columns::of(names.chain(std::iter::repeat_n("", unnamed)));
    match columns.own().iter().all(|name| name.trim().is_empty()) {
        true => Err(Unreadable::NoHeader { line: table.before }),
        false => Ok(columns),
    }
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
        Rows::new(&self.recipe, &self.columns, self.facts.rows)
    }
}

/// What the first pass over a text settles.
struct Settled {
    encoding: &'static Encoding,
    known: Known,
    checked: Checked,
}

fn settle(bytes: impl Read + Send, packing: Packing, told: &Told) -> Result<Settled, Unreadable> {
    let mut bytes = packing.unpack(bytes)?;
    let start = first(&mut bytes, FIRST)?;
    guess::refuse_foreign(&start, packing)?;
    let (encoding, known) = encoding(&start, told.encoding)?;
    let bytes = decoded(Bytes::new(Cursor::new(start).chain(bytes)), encoding);
    let checked = check(bytes, told, CAPACITY)?;
    Ok(Settled {
        encoding,
        known,
        checked,
    })
}

/// What one strict pass finds.
#[derive(Debug, PartialEq, Eq)]
struct Checked {
    dialect: Dialect,
    bom: bool,
    header_line: Option<u64>,
    rows: u64,
}

fn check(bytes: impl Read, told: &Told, capacity: usize) -> Result<Checked, Unreadable> {
    let mut text = Text::new(bytes, capacity);
    let bom = begin(&mut text)?;
    let dialect = Dialect::of(text.stretch(), told)?;
    let watch = Watch::new(dialect.marks, dialect.first_line);
    let mut strict = Strict::new(text, &dialect, watch);
    let mut first_line = None;
    let mut records = 0;
    loop {
        let more = strict.advance()?;
        while let Some(mark) = strict.watch.next_mark() {
            first_line.get_or_insert(mark.line);
            records += 1;
        }
        if !more {
            break;
        }
        strict.pass();
    }
    let first_line = first_line.ok_or(Unreadable::Empty)?;
    let (header_line, rows) = match dialect.header {
        Header::Nowhere => (None, records),
        Header::Line(line) if first_line > line.max(dialect.first_line) => {
            return Err(Unreadable::HeaderBlank { line });
        }
        Header::First | Header::Line(_) => (Some(first_line), records - 1),
    };
    Ok(Checked {
        dialect,
        bom,
        header_line,
        rows,
    })
}

/// Text in UTF-8 for which another encoding was told: right for a report that is fed back without its mark, and for
/// nothing else.
fn in_utf_8(
    store: &Arc<Store>,
    packing: Packing,
    told: &Told,
    encoding: &'static Encoding,
) -> Result<Settled, Unreadable> {
    let told = Told {
        encoding: None,
        ..told.clone()
    };
    let settled = settle(Again::new(Arc::clone(store)), packing, &told)?;
    match settled.checked.dialect.found {
        Found::Report => Ok(settled),
        _ => Err(Unreadable::IsUtf8 {
            told: encoding.name(),
        }),
    }
}

/// Adds the likely encoding to a refusal that is about one.
fn suggest(mut why: Unreadable, store: &Arc<Store>, packing: Packing) -> Unreadable {
    let bad = match &why {
        Unreadable::NotUtf8 { offset, .. } | Unreadable::Undecodable { offset, .. } => *offset,
        Unreadable::Nul { .. } => 0,
        _ => return why,
    };
    // An even start, so that the halves of UTF-16 are told apart.
    let start = bad.saturating_sub(guess::WINDOW) & !1;
    let window = window(store, packing, start, 2 * guess::WINDOW);
    let bad = usize::try_from(bad - start).unwrap_or(usize::MAX);
    match &mut why {
        Unreadable::NotUtf8 { likely, .. } => *likely = guess::instead_of_utf_8(&window, bad),
        Unreadable::Undecodable {
            likely, encoding, ..
        } => *likely = guess::instead_of(encoding, &window),
        Unreadable::Nul { likely, .. } => *likely = guess::utf_16(&window),
        _ => {}
    }
    why
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
        let why =
            check(Failing(b"a,b\n1,2\n3"), &Told::default(), 4).expect_err("the reader fails");
        assert!(why.is_local_fault());
        assert_eq!(
            why.to_string(),
            "reading stopped at byte offset 9; check the disk or the connection the file is on, then run again"
        );
    }

    #[test]
    fn endless_input_is_refused_after_one_record() {
        let why =
            check(io::repeat(b'x'), &Told::default(), CAPACITY).expect_err("a line without end");
        assert!(matches!(
            why,
            Unreadable::RecordTooLong {
                line: 1,
                quote: None
            }
        ));
        let quoted = b"a\nb\n\"".chain(io::repeat(b'\n'));
        let why = check(quoted, &Told::default(), CAPACITY).expect_err("a cell without end");
        assert_eq!(
            why.to_string(),
            "line 3: the record that starts here is longer than 1 MiB, and the quote opened on line 3 is still open; close that quote"
        );
    }
}
