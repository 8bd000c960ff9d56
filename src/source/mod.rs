//! Bytes to rows.
//!
//! This room reads an input once, whole and strictly, before anything else happens ([`open`]), and then hands out its
//! rows one at a time ([`Sheet::rows`]). What cannot be read faithfully is refused ([`Unreadable`]); a single row that
//! cannot be trusted carries a [`Flaw`](crate::contact::Flaw) and never refuses the file.
//!
//! The layers, each of which sees only the one before it:
//!
//! ```text
//! store (bytes, hash, is it still the same?) → unpack (gzip, zstd) → decode (encodings) → text (UTF-8, BOM)
//!   → strict (quotes, cells, lines, comments, NUL, sizes) → records (doubled quotes) → rows (columns)
//! ```
//!
//! A spreadsheet is laid open by `workbook` and written to a private text file by `table`, whose rows are then read in
//! the same way. What the user says about a file ([`Told`]) is obeyed where it fits and refused where it does not; a
//! report of ours that is fed back to the same command is read the way we write it.
//!
//! It never looks at what a value means, never holds the file in memory, and never lets a value move into a
//! neighbour's column.

mod cells;
mod columns;
mod contained;
mod damaged;
mod decode;
mod dialect;
mod guess;
mod lines;
mod numeral;
mod places;
mod recipe;
mod records;
mod rows;
mod settle;
mod sheet;
mod shown;
mod store;
mod strict;
mod sum;
mod table;
mod text;
mod told;
mod unpack;
mod unreadable;
mod watch;
mod workbook;

use std::ffi::OsStr;
use std::path::PathBuf;

pub use decode::Known;
pub use dialect::Found;
pub use rows::Rows;
pub use sheet::{Facts, Sheet, open, open_told};
pub use told::Told;
pub use unreadable::Unreadable;
pub use watch::RECORD_LIMIT;

/// Where the rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file. A pipe or a device is kept in a private temporary file first, as standard input is.
    Path(PathBuf),
    /// Standard input, written `-`; kept in a private, unlinked temporary file so that it can be read twice.
    Stdin,
}

impl Input {
    /// What the user wrote: `-` is standard input, everything else a path.
    #[must_use]
    pub fn named(name: &OsStr) -> Self {
        match name == "-" {
            true => Self::Stdin,
            false => Self::Path(PathBuf::from(name)),
        }
    }

    /// The name as the user wrote it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }
}
