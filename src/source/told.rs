//! What the user says about a file where its bytes alone do not say it: encoding, dialect, header, sheet.
//!
//! Words are checked here, once; what they are worth for one file is decided where that file is read.

use encoding_rs::Encoding;

use super::Unreadable;

/// Where the names of the columns stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Header {
    /// In the first record.
    #[default]
    First,
    /// On this physical line, or in this row of a sheet, from 1; what stands above it is no data.
    Line(u64),
    /// Nowhere: the columns are `#1`, `#2` and so on.
    Nowhere,
}

/// What quotes a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// This ASCII character.
    By(u8),
    /// Nothing: every byte between two delimiters is the cell's.
    Never,
}

/// What the user says about a file. The default says nothing.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<u8>,
    pub(super) quote: Option<Quote>,
    pub(super) header: Header,
    pub(super) comment: Option<u8>,
    pub(super) sheet: Option<String>,
}

impl Told {
    /// Says the encoding, by a label of the WHATWG Encoding Standard such as `windows-1255`.
    ///
    /// # Errors
    ///
    /// When no encoding has that label, for people.
    pub fn encoding(self, label: &str) -> Result<Self, String> {
        match Encoding::for_label_no_replacement(label.as_bytes()) {
            Some(encoding) => Ok(Self {
                encoding: Some(encoding),
                ..self
            }),
            None => Err(format!(
                "`--encoding {label}` is not known; name it as in `windows-1252`, `windows-1255`, `shift_jis` or `utf-16le`"
            )),
        }
    }

    /// Says what separates cells: one ASCII character, or `tab`.
    ///
    /// # Errors
    ///
    /// When it is something else, for people.
    pub fn delimiter(self, said: &str) -> Result<Self, String> {
        let delimiter = match said {
            "tab" | "\\t" => b'\t',
            said => character("--delimiter", said)?,
        };
        Ok(Self {
            delimiter: Some(delimiter),
            ..self
        })
    }

    /// Says what quotes cells: one ASCII character, or `none`.
    ///
    /// # Errors
    ///
    /// When it is something else, for people.
    pub fn quote(self, said: &str) -> Result<Self, String> {
        let quote = match said {
            "none" => Quote::Never,
            said => Quote::By(character("--quote", said)?),
        };
        Ok(Self {
            quote: Some(quote),
            ..self
        })
    }

    /// Says what a line starts with that is no data: one ASCII character.
    ///
    /// # Errors
    ///
    /// When it is something else, for people.
    pub fn comment(self, said: &str) -> Result<Self, String> {
        Ok(Self {
            comment: Some(character("--comment", said)?),
            ..self
        })
    }

    /// Says on which line, or in which row of a sheet, from 1, the names of the columns stand.
    #[must_use]
    pub fn header_row(self, line: u64) -> Self {
        Self {
            header: Header::Line(line.max(1)),
            ..self
        }
    }

    /// Says that no names of columns stand in the file.
    #[must_use]
    pub fn no_header(self) -> Self {
        Self {
            header: Header::Nowhere,
            ..self
        }
    }

    /// Says which sheet of a spreadsheet: by its name, or by its place among those that are shown, from 1.
    #[must_use]
    pub fn sheet(self, said: &str) -> Self {
        Self {
            sheet: Some(said.to_owned()),
            ..self
        }
    }

    /// The same, when its parts fit together.
    ///
    /// # Errors
    ///
    /// When one character is to mean two things, for people.
    pub fn checked(self) -> Result<Self, String> {
        let quote = match self.quote {
            None => Some(b'"'),
            Some(Quote::By(quote)) => Some(quote),
            Some(Quote::Never) => None,
        };
        for (what, one, other) in [
            ("`--delimiter` and the quote", self.delimiter, quote),
            (
                "`--delimiter` and `--comment`",
                self.delimiter,
                self.comment,
            ),
            ("the quote and `--comment`", quote, self.comment),
        ] {
            if let (Some(one), Some(other)) = (one, other)
                && one == other
            {
                return Err(format!(
                    "{what} are both `{}`; one character cannot mean two things",
                    char::from(one)
                ));
            }
        }
        if self.delimiter == Some(b'"') {
            return Err("`--delimiter \"` is the quote that reports are written with; save the file with another separator".to_owned());
        }
        Ok(self)
    }

    /// Refuses what says something about text, for a file that is a spreadsheet.
    pub(super) fn check_for_sheet(&self) -> Result<(), Unreadable> {
        let about_text = [
            ("--encoding", self.encoding.is_some()),
            ("--delimiter", self.delimiter.is_some()),
            ("--quote", self.quote.is_some()),
            ("--comment", self.comment.is_some()),
        ];
        match about_text.into_iter().find(|(_, said)| *said) {
            None => Ok(()),
            Some((option, _)) => Err(Unreadable::NotForSheet { option }),
        }
    }
}

fn character(option: &str, said: &str) -> Result<u8, String> {
    match said.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, 0 | b'\r' | b'\n') => Ok(*byte),
        _ => Err(format!(
            "`{option} {}` is not one ASCII character",
            said.escape_debug()
        )),
    }
}
