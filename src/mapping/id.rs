//! Ids: a contact's own id, as it goes into a path, and UUIDs.
//!
//! An id is the one value that must never be mended: a wrong one changes somebody else. Only blanks around it
//! are taken away, and a UUID is written small.

use std::borrow::Cow;

use crate::mapping::marker::check_unmarked;
use crate::mapping::refusal::{Refusal, check_error_word, check_number_damage, is_unseen, shown};
use crate::provider::api::IdKind;

const MAX_BYTES: usize = 255;
/// As many as a 64-bit number has.
const MAX_DIGITS: usize = 19;

/// An id exactly as it goes into the path, before it is percent-encoded.
///
/// # Errors
///
/// `missing-id` for a blank cell, `spreadsheet-damage` for a number that lost digits, else `bad-id`.
pub fn check_id(cell: &str, kind: IdKind) -> Result<Cow<'_, str>, Refusal> {
    let id = cell.trim();
    let refuse = |reason: String| Err(Refusal::new("bad-id", format!("{} {reason}", shown(id))));
    if id.is_empty() {
        return Err(Refusal::new(
            "missing-id",
            "the row has no id of a contact; fill it in, or delete the row",
        ));
    }
    check_written(id)?;
    if kind == IdKind::Digits || id.contains(['+', '.', ',']) {
        check_number_damage(id)?;
    }
    check_seen(id)?;
    if id.contains(char::is_whitespace) {
        return refuse("has a blank inside; a cell holds one id".to_owned());
    }
    if id.len() > MAX_BYTES {
        return refuse(format!("is longer than {MAX_BYTES} bytes, so it is no id"));
    }
    match kind {
        IdKind::Digits if !id.bytes().all(|byte| byte.is_ascii_digit()) => {
            refuse("is no id of this account; its ids are digits only".to_owned())
        }
        IdKind::Digits if id.len() > MAX_DIGITS => {
            refuse(format!("has more than {MAX_DIGITS} digits, so it is no id"))
        }
        IdKind::Digits if id.starts_with('0') => {
            refuse("begins with a zero; ids of this account do not".to_owned())
        }
        IdKind::Digits => Ok(Cow::Borrowed(id)),
        IdKind::Uuid => lower_uuid(id).map_or_else(
            || {
                refuse(
                    "is no id of this account; its ids are 36 characters, as in \
                     `123e4567-e89b-12d3-a456-426614174000`"
                        .to_owned(),
                )
            },
            Ok,
        ),
        IdKind::Opaque if matches!(id, "." | "..") => refuse("is no id".to_owned()),
        IdKind::Opaque => Ok(Cow::Borrowed(id)),
    }
}

/// Refuses what is no id of another program any more: people are found by it, and what a spreadsheet has made one of many
/// ids would find the wrong one.
///
/// # Errors
///
/// `spreadsheet-damage` or `bad-id`.
pub(super) fn check_foreign_id(cell: &str) -> Result<(), Refusal> {
    let id = cell.trim();
    check_written(id)?;
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || id.contains(['+', '.', ',']) {
        check_number_damage(id)?;
    }
    check_seen(id)
}

/// Refuses what a spreadsheet wrote in place of an id or around it.
fn check_written(id: &str) -> Result<(), Refusal> {
    check_error_word(id).map_err(|refusal| Refusal {
        message: format!(
            "{}: the spreadsheet wrote an error here; mend the cell",
            shown(id)
        ),
        ..refusal
    })?;
    check_unmarked(id)
}

/// Refuses an id with a character that nobody can see.
fn check_seen(id: &str) -> Result<(), Refusal> {
    // Nearly all ids are letters, digits and dashes, where a pass over bytes is enough.
    if id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    match id.chars().find(|c| c.is_control() || is_unseen(*c)) {
        None => Ok(()),
        Some(c) => Err(Refusal::new(
            "bad-id",
            format!(
                "{} holds the character `U+{:04X}`, which nobody can see; delete it, or copy the id anew",
                shown(id),
                u32::from(c)
            ),
        )),
    }
}

/// A UUID in small letters.
///
/// # Errors
///
/// `bad-uuid`.
pub fn uuid(text: &str) -> Result<Cow<'_, str>, Refusal> {
    lower_uuid(text).ok_or_else(|| {
        Refusal::new(
            "bad-uuid",
            format!(
                "{} is no UUID; write 32 hexadecimal digits as in `123e4567-e89b-12d3-a456-426614174000`",
                shown(text)
            ),
        )
    })
}

fn lower_uuid(text: &str) -> Option<Cow<'_, str>> {
    let shape = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !shape {
        return None;
    }
    Some(if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    })
}
