//! Text from outside, made harmless: what a server, a log or a file wrote must neither run in a spreadsheet nor move
//! the cursor of a terminal.
//!
//! Only text that *we* put beside the user's data goes through here. The user's own cells never do: they are given
//! back as they were.

use std::borrow::Cow;

use crate::contact::plain;

/// The most characters of foreign text that a report holds in one cell.
pub const MOST: usize = 300;

/// Text for a cell of a report: cut to [`MOST`] characters, what cannot be seen is escaped, and what a spreadsheet
/// would take for a formula gets a `'` in front.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    let Some(first) = text.chars().next() else {
        return Cow::Borrowed(text);
    };
    let formula = starts_a_formula(first);
    if !formula && is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(4 * MOST) + 1);
    if formula {
        out.push('\'');
    }
    escape_into(&mut out, text, MOST - usize::from(formula));
    Cow::Owned(out)
}

/// Text for the screen: cut to [`MOST`] characters, what cannot be seen is escaped.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    escape_into(&mut out, text, MOST);
    Cow::Owned(out)
}

/// Text for the screen in full length: what cannot be seen is escaped.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    escape_into(&mut out, text, usize::MAX);
    Cow::Owned(out)
}

/// The first `most` characters, the last of them `…` where something was left out.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.chars().count() <= most {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    Cow::Owned(out)
}

/// The common case at the cost of one look at each byte.
fn is_plain(text: &str) -> bool {
    text.len() <= MOST && plain::is_plain(text)
}

fn escape_into(out: &mut String, text: &str, most: usize) {
    let mut used = 0;
    let mut end_with_room_for_dots = out.len();
    for c in text.chars() {
        let before = out.len();
        if is_unseen(c) {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                _ => out.extend(c.escape_unicode()),
            }
            // An escape is ASCII, so bytes are characters.
            used += out.len() - before;
        } else {
            out.push(c);
            used += 1;
        }
        if used > most {
            out.truncate(end_with_room_for_dots);
            out.push('…');
            return;
        }
        if used < most {
            end_with_room_for_dots = out.len();
        }
    }
}

/// The first characters that make spreadsheets calculate, with the wide forms that East Asian ones treat alike.
fn starts_a_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'
    )
}

/// Controls, what turns the direction of text, what has no width, and what breaks a line unseen.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
