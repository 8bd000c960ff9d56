//! Ids: a contact's own id, as it goes into a path, and UUIDs.
//!
//! An id is the one value that must never be mended: a wrong one changes somebody else. Only blanks around it
//! are taken away, and a UUID is written small.

use std::borrow::Cow;

use crate::mapping::marker::check_unmarked;
use crate::mapping::refusal::{
    Refusal, check_error_word, check_number_damage, is_unseen, shown, unmended,
};
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
    // A UUID has nothing in it that could be wrong with an id.
    if kind == IdKind::Uuid
        && let Some(id) = lower_uuid(id)
    {
        return Ok(id);
    }
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
        IdKind::Uuid => refuse(
            "is no id of this account; its ids are 36 characters, as in \
             `123e4567-e89b-12d3-a456-426614174000`"
                .to_owned(),
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
    check_error_word(id).map_err(|_| unmended(id))?;
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
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    // Looking at every byte, whatever the one before was, is what a processor does to many at once.
    let count = |is: fn(&u8) -> bool| bytes.iter().map(|byte| u8::from(is(byte))).sum::<u8>();
    let parted = [8, 13, 18, 23].into_iter().all(|at| bytes[at] == b'-');
    if !parted || count(u8::is_ascii_hexdigit) != 32 {
        return None;
    }
    Some(match count(u8::is_ascii_uppercase) {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(text.to_ascii_lowercase()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_what_has_a_digit_or_a_dash_in_each_of_its_places() {
        let place = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        };
        let mut random = fastrand::Rng::with_seed(5);
        let mut uuids = 0;
        for _ in 0..20_000 {
            let mut text: Vec<u8> = (0..36)
                .map(|at| match at {
                    8 | 13 | 18 | 23 => b'-',
                    _ => b"0123456789abcdefABCDEF"[random.usize(..22)],
                })
                .collect();
            for _ in 0..random.usize(..3) {
                text[random.usize(..36)] = b"-0aFgG @/:`{'="[random.usize(..14)];
            }
            text.truncate(random.usize(30..80));
            let text = String::from_utf8(text).expect("ASCII");
            let is_one = text.len() == 36 && text.bytes().enumerate().all(place);
            let small = is_one.then(|| text.to_ascii_lowercase());
            assert_eq!(lower_uuid(&text).as_deref(), small.as_deref(), "{text}");
            assert_eq!(
                check_id(&text, IdKind::Uuid).ok().as_deref(),
                small.as_deref()
            );
            uuids += usize::from(is_one);
        }
        assert!((5000..15_000).contains(&uuids), "{uuids}");
    }
}
