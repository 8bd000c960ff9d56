//! What a mapping may ask to be done to a text before it is read: trim, collapse, change case, keep digits, drop text marks.
//!
//! Owns the named cleaners. Nothing is cleaned that was not asked for, and a text that is clean already is
//! given back without a copy.

use std::borrow::Cow;

use crate::mapping::marker;

/// One thing to be done to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleaner {
    /// Takes Unicode blanks away at both ends.
    Trim,
    /// Makes every run of Unicode blanks one space.
    Collapse,
    /// Small letters.
    Lowercase,
    /// Capital letters.
    Uppercase,
    /// A capital at the start of every word that is written all small or all large; `McDonald` stays.
    Title,
    /// Keeps the digits 0 to 9 only.
    Digits,
    /// Takes a spreadsheet's mark for text away: `'0123`, `="0123"`.
    TextMarker,
}

impl Cleaner {
    /// The word for [`Cleaner::TextMarker`].
    pub const TEXT_MARKER: &'static str = marker::WORD;

    /// The words that a mapping may use.
    pub const WORDS: [&'static str; 9] = [
        "trim",
        "collapse",
        "lowercase",
        "lower",
        "uppercase",
        "upper",
        "title",
        "digits",
        marker::WORD,
    ];

    /// The cleaner that a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "trim" => Self::Trim,
            "collapse" => Self::Collapse,
            "lowercase" | "lower" => Self::Lowercase,
            "uppercase" | "upper" => Self::Uppercase,
            "title" => Self::Title,
            "digits" => Self::Digits,
            marker::WORD => Self::TextMarker,
            _ => return None,
        })
    }

    fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Trim => Cow::Borrowed(text.trim()),
            Self::Collapse => collapse(text),
            Self::Lowercase if text.chars().flat_map(char::to_lowercase).eq(text.chars()) => {
                Cow::Borrowed(text)
            }
            Self::Lowercase => Cow::Owned(text.to_lowercase()),
            Self::Uppercase if text.chars().flat_map(char::to_uppercase).eq(text.chars()) => {
                Cow::Borrowed(text)
            }
            Self::Uppercase => Cow::Owned(text.to_uppercase()),
            Self::Title => Cow::Owned(title(text)),
            Self::Digits if text.bytes().all(|byte| byte.is_ascii_digit()) => Cow::Borrowed(text),
            Self::Digits => Cow::Owned(text.chars().filter(char::is_ascii_digit).collect()),
            Self::TextMarker => marker::unmarked(text).unwrap_or(Cow::Borrowed(text)),
        }
    }
}

/// A text after all `cleaners`, in the order in which they were written.
#[must_use]
pub fn clean<'a>(text: &'a str, cleaners: &[Cleaner]) -> Cow<'a, str> {
    let mut out = Cow::Borrowed(text);
    for cleaner in cleaners {
        out = match out {
            Cow::Borrowed(text) => cleaner.apply(text),
            Cow::Owned(text) => Cow::Owned(cleaner.apply(&text).into_owned()),
        };
    }
    out
}

/// Whether a text is empty or nothing but Unicode white space.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A text without Unicode white space at its ends; where there is a letter of ASCII, nothing else needs to be looked at.
#[inline]
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

fn collapse(text: &str) -> Cow<'_, str> {
    let mut after_blank = false;
    let tidy = text.chars().all(|c| {
        let fits = !c.is_whitespace() || (c == ' ' && !after_blank);
        after_blank = c.is_whitespace();
        fits
    });
    if tidy {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut after_blank = false;
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !after_blank {
            out.push(' ');
        }
        after_blank = c.is_whitespace();
    }
    Cow::Owned(out)
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| c.is_whitespace() || c == '-') {
        let small = word.chars().any(char::is_lowercase);
        let large = word.chars().filter(|c| c.is_uppercase()).count();
        // A word with both, beyond one capital at its start, was written by somebody who knew how.
        if small && large > 0 {
            out.push_str(word);
            continue;
        }
        let mut start = true;
        let mut letters = 0;
        for c in word.chars() {
            if start && c.is_alphabetic() {
                out.extend(c.to_uppercase());
            } else {
                out.extend(c.to_lowercase());
            }
            letters += usize::from(c.is_alphabetic());
            // `o'neil` is O'Neil, `john's` is John's.
            let particle = matches!(c, '\'' | '\u{2019}') && letters == 1;
            start = particle || (start && !c.is_alphabetic());
        }
    }
    out
}
