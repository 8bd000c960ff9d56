//! Why an input cannot be read faithfully: one variant for each cause, with its place and the way out.
//!
//! The messages fit after "failed to read `contacts.csv`: "; they never contain a cell's value.

use std::io;

use thiserror::Error;

/// Why an input was refused. Nothing was taken from it where this stands.
///
/// Lines count from 1 and include line breaks inside quoted cells; offsets count bytes from 0 in the input as given.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The input is missing, a folder, forbidden, or fails to open for another reason.
    #[error("{}", cannot_open(.source))]
    CannotOpen {
        /// What the system said.
        source: io::Error,
    },
    /// The input is an address on the web.
    #[error(
        "lists are read from files, not from addresses on the web; download it, as CSV or as a workbook, and name the file"
    )]
    Address,
    /// Reading failed after the input was opened: the machine's fault, not the file's.
    #[error(
        "reading stopped at byte offset {offset}; check the disk or the connection the file is on, then run again"
    )]
    Read {
        /// Bytes read before.
        offset: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The private copy of standard input or of a pipe could not be written.
    #[error(
        "a private copy of the input could not be kept in the temporary folder; make room there, or set `TMPDIR` to a folder that has some"
    )]
    Spool {
        /// What the system said.
        source: io::Error,
    },
    /// Nothing but line ends, if anything at all.
    #[error("the file is empty; export it again, with a header and at least one row")]
    Empty,
    /// The first record names no column.
    #[error(
        "line {line}: the header names no column; the first line that is not empty must name the columns"
    )]
    NoHeader {
        /// Where the header stands.
        line: u64,
    },
    /// A name in the header goes on after its closing quote.
    #[error(
        "line {line}: the name of column {column} goes on after its closing quote; mend the header"
    )]
    DamagedHeader {
        /// Where the header stands.
        line: u64,
        /// The column, from 1.
        column: usize,
    },
    /// A header and nothing below it.
    #[error(
        "no rows: there is a header and nothing below it; check what was exported and export it again"
    )]
    NoRows,
    /// A quote was still open where the file ended.
    #[error(
        "line {line}: the quote opened here is never closed; close it, or write it twice (`\"\"`) in a quoted cell where it is part of the text"
    )]
    UnclosedQuote {
        /// The line on which it was opened.
        line: u64,
    },
    /// A NUL byte: no text has one.
    #[error("{}", nul(*line, *likely))]
    Nul {
        /// Where it stands.
        line: u64,
        /// The encoding the bytes look like, if they look like one: a suggestion, never a decision.
        likely: Option<&'static str>,
    },
    /// Bytes that are not UTF-8.
    #[error("{}", not_utf8(*line, *offset, *likely))]
    NotUtf8 {
        /// Where it stands.
        line: u64,
        /// The first byte that is not UTF-8.
        offset: u64,
        /// The encoding the bytes look like, if they look like one: a suggestion, never a decision.
        likely: Option<&'static str>,
    },
    /// Bytes that do not decode in the encoding that was told, or that the byte order mark names.
    #[error("{}", undecodable(*line, *offset, encoding, *likely))]
    Undecodable {
        /// Where it stands.
        line: u64,
        /// The first byte that does not decode, in the bytes as they are before decoding, unpacked where they are packed.
        offset: u64,
        /// The encoding they were read in.
        encoding: &'static str,
        /// Another encoding that the bytes look like, if they look like one: a suggestion, never a decision.
        likely: Option<&'static str>,
    },
    /// Text in UTF-8 for which another encoding was told: read in that one, it would come out as other letters.
    #[error(
        "the file is in UTF-8, not in `{told}`, as each of its letters shows; leave `--encoding` out"
    )]
    IsUtf8 {
        /// The encoding that was told.
        told: &'static str,
    },
    /// A record longer than [`RECORD_LIMIT`](super::RECORD_LIMIT).
    #[error("{}", too_long(*line, *quote))]
    RecordTooLong {
        /// Where the record starts.
        line: u64,
        /// The line on which the quote was opened that was still open at the limit, if one was.
        quote: Option<u64>,
    },
    /// The first line reads `sep=` and names something that cannot separate cells.
    #[error(
        "line 1: `sep=` names `{found}`, which cannot separate cells; use one ASCII character that is not a quote"
    )]
    Separator {
        /// What it names.
        found: char,
    },
    /// A byte order mark says UTF-32.
    #[error("the file is in `{encoding}`, as its first bytes say; save it as `CSV UTF-8`")]
    OtherUnicode {
        /// The encoding named by the mark.
        encoding: &'static str,
    },
    /// The first bytes are those of a format that is not text.
    #[error("the file is {what}, not a list that can be read; {way_out}")]
    Foreign {
        /// What it is, with its article.
        what: &'static str,
        /// How to get a CSV file out of it.
        way_out: &'static str,
    },
    /// The line that was told to hold the header is not there.
    #[error(
        "there is no line {line} in the first 128 KiB of the file; `--header-row` must name the line of the header"
    )]
    HeaderLine {
        /// The line that was told.
        line: u64,
    },
    /// The line that was told to hold the header holds nothing.
    #[error("line {line} is blank, or a comment; `--header-row` must name the line of the header")]
    HeaderBlank {
        /// The line that was told.
        line: u64,
    },
    /// A packed file ends before it should.
    #[error("the file is cut off: its {how} data end too early; fetch it again, whole")]
    CutOff {
        /// How it is packed.
        how: &'static str,
    },
    /// A packed file is damaged, or packed in a way that takes too much memory.
    #[error("the file cannot be unpacked: {how} says `{why}`; pack or fetch it again")]
    Unpackable {
        /// How it is packed.
        how: &'static str,
        /// What the library says.
        why: String,
    },
    /// An option for text was given with a spreadsheet.
    #[error("`{option}` is about text files, and this is a spreadsheet; leave the option out")]
    NotForSheet {
        /// The option.
        option: &'static str,
    },
    /// A sheet was named, and the file is no spreadsheet.
    #[error("`--sheet` is about spreadsheets, and this is a text file; leave the option out")]
    NotForText,
    /// There are several sheets with something in them, and none was named.
    #[error("there are several sheets: {sheets}; name one with `--sheet`")]
    SeveralSheets {
        /// Their names, in backticks.
        sheets: String,
    },
    /// The sheet that was named is not there.
    #[error("there is no sheet `{sheet}`; there are {sheets}")]
    NoSheet {
        /// What was named.
        sheet: String,
        /// Those that are there, in backticks.
        sheets: String,
    },
    /// A spreadsheet that is encrypted.
    #[error("the file is protected by a password; save a copy without one")]
    Locked,
    /// A spreadsheet that cannot be read.
    #[error(
        "the file cannot be read as xlsx, xls or ods ({why}); open it in a spreadsheet program and save it again, or export it as `CSV UTF-8`"
    )]
    Workbook {
        /// What the library says.
        why: String,
    },
    /// The input is no longer what was checked.
    #[error(
        "the file changed after it was checked; make a copy that nothing writes to, and run again with that"
    )]
    Changed,
    /// The strict check and the CSV reader see different records: a fault in this program.
    #[error(
        "line {line}: two readings of the file disagree about its cells, so none of them can be trusted; this is a bug, please report it"
    )]
    Disagreement {
        /// Where the record starts.
        line: u64,
    },
}

impl Unreadable {
    /// Whether the machine is at fault rather than the file, so that mending the file would not help.
    #[must_use]
    pub fn is_local_fault(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Spool { .. })
    }

    /// Whether the command line is at fault rather than the file.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::NotForSheet { .. } | Self::NotForText)
    }

    /// Gets back what was passed through a reader as an I/O error.
    pub(super) fn carried_by(error: io::Error, offset: u64) -> Self {
        error
            .downcast::<Self>()
            .unwrap_or_else(|source| Self::Read { offset, source })
    }
}

impl From<Unreadable> for io::Error {
    fn from(unreadable: Unreadable) -> Self {
        Self::other(unreadable)
    }
}

fn cannot_open(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the path and its spelling",
        io::ErrorKind::IsADirectory => "it is a folder; name the file in it",
        io::ErrorKind::PermissionDenied => {
            "this user may not read it; change its permissions or make a copy"
        }
        _ => "it cannot be opened; check that it is a file this user can read",
    }
}

fn not_utf8(line: u64, offset: u64, likely: Option<&str>) -> String {
    let (seems, way_out) = likes(likely);
    format!("line {line}: the byte at offset {offset} is not UTF-8{seems}; {way_out}")
}

fn undecodable(line: u64, offset: u64, encoding: &str, likely: Option<&str>) -> String {
    // Half a pair: a byte got lost, or it is another encoding altogether.
    if encoding.starts_with("UTF-16") {
        return format!(
            "line {line}: the byte at offset {offset} is not `{encoding}`, so the file is damaged or in another encoding; save it as `CSV UTF-8`"
        );
    }
    let (seems, way_out) = likes(likely);
    format!("line {line}: the byte at offset {offset} is not `{encoding}`{seems}; {way_out}")
}

fn nul(line: u64, likely: Option<&str>) -> String {
    match likely {
        None => format!(
            "line {line}: there is a NUL byte, so the file is damaged or no text; save it as `CSV UTF-8`"
        ),
        likely => {
            let (seems, way_out) = likes(likely);
            format!("line {line}: there is a NUL byte{seems}; {way_out}")
        }
    }
}

/// What the file looks like, and the way out.
fn likes(likely: Option<&str>) -> (String, String) {
    match likely {
        None => (
            String::new(),
            "name its encoding with `--encoding`, or save the file as `CSV UTF-8`".to_owned(),
        ),
        Some(name) => (
            format!(" (the file looks like `{name}`)"),
            format!(
                "if that is right, add `--encoding {}`, or save the file as `CSV UTF-8`",
                name.to_ascii_lowercase()
            ),
        ),
    }
}

fn too_long(line: u64, quote: Option<u64>) -> String {
    match quote {
        None => format!(
            "line {line}: the record that starts here is longer than 1 MiB; check its line ends and shorten it"
        ),
        Some(quote) => format!(
            "line {line}: the record that starts here is longer than 1 MiB, and the quote opened on line {quote} is still open; close that quote"
        ),
    }
}
