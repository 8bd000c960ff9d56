//! An input that was read once, whole and strictly, and found fit: its header, the facts about it, and its rows.
//!
//! Nothing is sent before this has passed. It keeps no row; reading the rows is a second pass over the same bytes.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use encoding_rs::UTF_8;

use super::columns::Columns;
use super::contained::contained;
use super::decode::Known;
use super::dialect::{Dialect, Found, Marks};
use super::guess::Workbook;
use super::recipe::{Recipe, first, is_utf_8};
use super::rows::{self, Rows};
use super::settle::{FIRST, Settled, in_utf_8, settle, suggest};
use super::store::{FirstPass, Store};
use super::table::Table;
use super::told::{Header, Told};
use super::unpack::Packing;
use super::{Input, Unreadable, guess, workbook};

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
    /// What a person should know who sees more in a spreadsheet than can be read from it.
    pub notes: Vec<String>,
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
        notes: Vec::new(),
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
    let store = Arc::new(bytes.keep()?);
    let (sheet, table, notes) = contained(|| workbook::read(&store, kind, told))?;
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
        notes,
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

    /// Whether it is an `errors.csv` of ours that is fed back.
    #[must_use]
    pub fn is_report(&self) -> bool {
        self.columns.are_a_reports()
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
