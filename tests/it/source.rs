//! Bytes to rows.

use std::io::Write;
use std::path::Path;

use contact_sync::contact::{Flaw, Row};
use contact_sync::source::{Input, Rows, Sheet, Unreadable, open};
use tempfile::NamedTempFile;

mod changed;
mod refused;
mod report;
mod rows;
mod tables;

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for a small file");
    file
}

fn input(path: &Path) -> Input {
    Input::Path(path.to_owned())
}

fn sheet(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    open(&input(file(bytes).path()))
}

fn all(sheet: &Sheet) -> Vec<Row> {
    let mut rows = sheet.rows().expect("a second pass");
    std::iter::from_fn(|| next(&mut rows)).collect()
}

fn next(rows: &mut Rows) -> Option<Row> {
    let mut row = Row::default();
    rows.read(&mut row)
        .expect("what was checked")
        .then_some(row)
}

/// The rows of a file that can be read.
fn rows(written: &str) -> Vec<Row> {
    all(&sheet(written.as_bytes()).expect(written))
}

fn cells(row: &Row) -> Vec<&str> {
    row.cells().collect()
}

fn too_long(cells: usize, columns: usize) -> Option<Flaw> {
    Some(Flaw::TooLong { cells, columns })
}

fn after_quote(column: usize, raw: &str) -> Option<Flaw> {
    let raw = raw.to_owned();
    Some(Flaw::TextAfterQuote { column, raw })
}
