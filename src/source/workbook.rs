//! Workbooks: which sheet is read, and its cells one after the other, for xlsx, xlsb, xls and ods.
//!
//! The only file that opens one. An xlsx is read as a stream; the others are held while they are read, as their
//! formats ask for. It never chooses between two sheets that both have something in them, and a hidden sheet counts only
//! where it is named.
//!
//! What the file does not tell is told, not made up ([`notes`]): the value of merged cells is the first one's and the
//! others are blank; a formula without a result is one ([`Shown::uncounted`]); xls, xlsb and ods give numbers without
//! their formats. A text in several colours is its text. Hidden rows are rows: the library does not tell them apart.

use std::collections::HashSet;
use std::io::BufReader;
use std::sync::Arc;

use calamine::{
    DataRef, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use super::Unreadable;
use super::guess::Workbook;
use super::numeral::Numeral;
use super::shown::{Shown, borrowed, shown};
use super::store::{Again, Store};
use super::table::{Builder, Table};
use super::told::Told;

type Book = BufReader<Again<Arc<Store>>>;

/// A workbook that was opened.
enum Opened {
    Xlsx(Xlsx<Book>),
    Xlsb(Xlsb<Book>),
    Xls(Xls<Book>),
    Ods(Ods<Book>),
}

/// Reads the sheet that was told, or the only one that has something in it: its name, its table, and what to know of it.
pub(super) fn read(
    store: &Arc<Store>,
    kind: Workbook,
    told: &Told,
) -> Result<(String, Table, Vec<String>), Unreadable> {
    let mut opened = open(store, kind)?;
    let (name, table) = sheet(&mut opened, told)?;
    let notes = notes(&mut opened, &name, &table)?;
    Ok((name, table, notes))
}

fn sheet(opened: &mut Opened, told: &Told) -> Result<(String, Table), Unreadable> {
    let sheets = opened.sheets();
    if let Some(said) = &told.sheet {
        return match chosen(&sheets, said) {
            Some(name) => Ok((name.clone(), opened.table(&name, told)?)),
            None => the_report_instead(opened, &sheets, said, told),
        };
    }
    let mut with_something = Vec::new();
    for sheet in sheets.iter().filter(|sheet| is_shown(sheet)) {
        if opened.has_something(&sheet.name)? {
            with_something.push(sheet.name.clone());
        }
    }
    match &with_something[..] {
        [] => Err(Unreadable::Empty),
        [only] => Ok((only.clone(), opened.table(only, told)?)),
        several => Err(Unreadable::SeveralSheets {
            sheets: listed(several.iter().map(String::as_str)),
        }),
    }
}

/// What the person sees of the sheet and a program that reads it does not.
fn notes(opened: &mut Opened, sheet: &str, table: &Table) -> Result<Vec<String>, Unreadable> {
    let mut notes = Vec::new();
    if table.numbers && !matches!(opened, Opened::Xlsx(_)) {
        notes.push(
            "numbers of this kind of file come without their cell formats: a zero, a sign or a word that only a format \
             shows is not there; where that matters, save the file as .xlsx"
                .to_owned(),
        );
    }
    let merged = match opened {
        Opened::Xlsx(book) => book.merge_cells_by_sheet_name(sheet)?,
        Opened::Xls(book) => book.merge_cells_by_sheet_name(sheet)?,
        Opened::Xlsb(_) | Opened::Ods(_) => Vec::new(),
    };
    let mut below = merged
        .iter()
        .filter(|cells| u64::from(cells.start.0) >= table.before);
    if let Some(first) = below.next() {
        let more = match below.count() {
            0 => String::new(),
            more => format!(" and {more} more places"),
        };
        notes.push(format!(
            "cells are merged at {}:{}{more}: the first has their value, the others are blank",
            place(first.start),
            place(first.end),
        ));
    }
    Ok(notes)
}

/// A cell's name, as `A1`, by its row and column from 0.
fn place((row, column): (u32, u32)) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    format!("{letters}{}", row + 1)
}

/// A report of ours that was saved as a workbook has one sheet of another name.
fn the_report_instead(
    opened: &mut Opened,
    sheets: &[Sheet],
    said: &str,
    told: &Told,
) -> Result<(String, Table), Unreadable> {
    let missing = || Unreadable::NoSheet {
        sheet: said.to_owned(),
        sheets: listed(sheets.iter().map(|sheet| sheet.name.as_str())),
    };
    let [only] = sheets else {
        return Err(missing());
    };
    match opened.table(&only.name, told) {
        Ok(table) if table.report => Ok((only.name.clone(), table)),
        _ => Err(missing()),
    }
}

/// The sheet of that name; else the one at that place among those that are shown.
fn chosen(sheets: &[Sheet], said: &str) -> Option<String> {
    let named = sheets
        .iter()
        .find(|sheet| sheet.name == said && sheet.typ == SheetType::WorkSheet);
    let at = || {
        let place = said.parse::<usize>().ok()?.checked_sub(1)?;
        sheets.iter().filter(|sheet| is_shown(sheet)).nth(place)
    };
    named.or_else(at).map(|sheet| sheet.name.clone())
}

fn is_shown(sheet: &Sheet) -> bool {
    sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn open(store: &Arc<Store>, kind: Workbook) -> Result<Opened, Unreadable> {
    let book = || BufReader::with_capacity(64 * 1024, Again::new(Arc::clone(store)));
    if kind == Workbook::Ole {
        return match Xls::new(book()) {
            Ok(xls) => Ok(Opened::Xls(xls)),
            // An xlsx with a password stands in the older container.
            Err(error) => Err(match Xlsx::new(book()) {
                Err(XlsxError::Password) => Unreadable::Locked,
                _ => error.into(),
            }),
        };
    }
    let error = match Xlsx::new(book()) {
        Ok(xlsx) => return Ok(Opened::Xlsx(xlsx)),
        Err(error) => error,
    };
    if let Ok(xlsb) = Xlsb::new(book()) {
        return Ok(Opened::Xlsb(xlsb));
    }
    match Ods::new(book()) {
        Ok(ods) => Ok(Opened::Ods(ods)),
        Err(OdsError::Password) => Err(Unreadable::Locked),
        Err(_) => Err(error.into()),
    }
}

impl Opened {
    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Xlsx(book) => book.sheets_metadata().to_vec(),
            Self::Xlsb(book) => book.sheets_metadata().to_vec(),
            Self::Xls(book) => book.sheets_metadata().to_vec(),
            Self::Ods(book) => book.sheets_metadata().to_vec(),
        }
    }

    fn has_something(&mut self, sheet: &str) -> Result<bool, Unreadable> {
        let mut found = false;
        self.cells(sheet, &HashSet::new(), &mut |_, _, cell| {
            found = !cell.text.is_empty();
            Ok(match found {
                true => Go::Enough,
                false => Go::On,
            })
        })?;
        Ok(found)
    }

    fn table(&mut self, sheet: &str, told: &Told) -> Result<Table, Unreadable> {
        let (builder, blanks) = self.filled(sheet, told, &HashSet::new())?;
        // A cell that is there and has no value may be a formula that nobody worked out.
        let uncounted = match blanks {
            true => self.uncounted(sheet)?,
            false => HashSet::new(),
        };
        match uncounted.is_empty() {
            true => builder.finish(),
            false => self.filled(sheet, told, &uncounted)?.0.finish(),
        }
    }

    /// A table with the sheet's cells, and whether there are cells without a value among them.
    fn filled(
        &mut self,
        sheet: &str,
        told: &Told,
        uncounted: &HashSet<(u32, u32)>,
    ) -> Result<(Builder, bool), Unreadable> {
        let mut blanks = false;
        let mut builder = Builder::new(told.header)?;
        self.cells(sheet, uncounted, &mut |row, column, cell| {
            blanks |= cell.text.is_empty();
            builder.push(row, column, cell)?;
            Ok(Go::On)
        })?;
        Ok((builder, blanks))
    }

    /// The formulas whose results the file does not have, as a program writes them that cannot work them out.
    fn uncounted(&mut self, sheet: &str) -> Result<HashSet<(u32, u32)>, Unreadable> {
        let mut places = HashSet::new();
        let Self::Xlsx(book) = self else {
            return Ok(places);
        };
        let mut cells = book.worksheet_cells_reader(sheet)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata()? {
            if cell.formula.is_some() && cell.value == DataRef::Empty {
                places.insert(cell.pos);
            }
        }
        Ok(places)
    }

    /// Hands out the cells of a sheet, row by row, until it is enough.
    fn cells(
        &mut self,
        sheet: &str,
        uncounted: &HashSet<(u32, u32)>,
        take: &mut Take<'_>,
    ) -> Result<(), Unreadable> {
        let range = match self {
            Self::Xlsx(book) => return xlsx_cells(book, sheet, uncounted, take),
            Self::Xlsb(book) => book.worksheet_range(sheet)?,
            Self::Xls(book) => book.worksheet_range(sheet)?,
            Self::Ods(book) => book.worksheet_range(sheet)?,
        };
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            let row = u64::from(first_row) + row as u64;
            let column = first_column as usize + column;
            if take(row, column, shown(&borrowed(cell), None))? == Go::Enough {
                break;
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    Enough,
}

/// Takes a cell by its row and column from 0.
type Take<'a> = dyn FnMut(u64, usize, Shown) -> Result<Go, Unreadable> + 'a;

fn xlsx_cells(
    book: &mut Xlsx<Book>,
    sheet: &str,
    uncounted: &HashSet<(u32, u32)>,
    take: &mut Take<'_>,
) -> Result<(), Unreadable> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let styles = cells.styles().iter();
    let numerals: Vec<Option<Numeral>> = styles
        .map(|style| Numeral::new(&style.number_format.as_ref()?.format_code))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let value: &DataRef<'_> = cell.get_value();
        let shown = match *value == DataRef::Empty {
            true if uncounted.contains(&(row, column)) => Shown::uncounted(),
            true => Shown::text(String::new()),
            false => shown(value, numerals.get(style).and_then(Option::as_ref)),
        };
        if take(u64::from(row), column as usize, shown)? == Go::Enough {
            break;
        }
    }
    Ok(())
}

macro_rules! unreadable_from {
    ($($error:ident),*) => {$(
        impl From<$error> for Unreadable {
            fn from(error: $error) -> Self {
                match error {
                    $error::Io(error) => Self::carried_by(error, 0),
                    $error::Password => Self::Locked,
                    error => Self::Workbook { why: error.to_string() },
                }
            }
        }
    )*};
}

unreadable_from!(XlsxError, XlsbError, XlsError, OdsError);
