//! The account that the stand-in plays: made-up values for it, and which ids belong to whom.
//!
//! Must never look at a request; it only knows ids and keys.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::provider::api::{Api, IdKind, Looks};

/// A made-up value for one key of `[account]` that looks as the provider's file wants it to.
#[must_use]
pub fn make_up(api: &Api, key: &str) -> String {
    let looks = api.account.get(key).map_or(Looks::Any, |known| known.looks);
    match looks {
        Looks::Any => {
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            format!("sandbox-{}", key.chars().map(plain).collect::<String>())
        }
        Looks::Key => "sandbox".to_owned(),
        Looks::Digits => "1".to_owned(),
        Looks::Uuid => "5a4d0b0c-5a4d-4b0c-8a4d-0b0c5a4d0b0c".to_owned(),
        Looks::HostLabel => "sandbox".to_owned(),
        Looks::Token20 => "Sandbox0000000000001".to_owned(),
    }
}

/// The id in a path segment in its one spelling, or nothing where it cannot be one or belongs to nobody.
pub(super) fn contact_id(kind: IdKind, segment: &str) -> Option<String> {
    let id = percent_decode_str(segment).decode_utf8().ok()?;
    match kind {
        IdKind::Digits => {
            let nobody = id.starts_with("404") && id.bytes().all(|b| b == b'4' || b == b'0');
            let known = Looks::Digits.fits(&id) && !nobody;
            let plain = || match id.trim_start_matches('0') {
                "" => "0".to_owned(),
                digits => digits.to_owned(),
            };
            known.then(plain)
        }
        IdKind::Uuid => {
            let known = Looks::Uuid.fits(&id) && !id.starts_with("00000000");
            known.then(|| id.to_ascii_lowercase())
        }
        IdKind::Opaque => {
            let known = !id.is_empty() && !id.starts_with("missing");
            known.then(|| id.into_owned())
        }
    }
}

/// The id as an answer shows it: digits are a number.
pub(super) fn shown_id(kind: IdKind, id: &str) -> Value {
    match (kind, id.parse::<u64>()) {
        (IdKind::Digits, Ok(number)) => Value::from(number),
        _ => Value::from(id),
    }
}

/// Counts the contacts that were made, so that each has an id of its own.
#[derive(Debug, Default)]
pub(super) struct Counter(u64);

impl Counter {
    /// An id that nobody has and that can belong to somebody.
    pub(super) fn next(&mut self, kind: IdKind, is_taken: impl Fn(&str) -> bool) -> String {
        loop {
            self.0 += 1;
            let count = self.0;
            let id = match kind {
                IdKind::Digits => (1_000 + count).to_string(),
                IdKind::Uuid => format!("5a4d0000-0000-4000-8000-{count:012x}"),
                IdKind::Opaque => format!("Sandbox{count:013}"),
            };
            if contact_id(kind, &id).is_some() && !is_taken(&id) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_spelling_and_some_belong_to_nobody() {
        let own = |kind, text| contact_id(kind, text).unwrap_or_else(|| "-".to_owned());
        assert_eq!(own(IdKind::Digits, "0012"), "12");
        assert_eq!(own(IdKind::Digits, "0"), "0");
        assert_eq!(own(IdKind::Digits, "405"), "405");
        assert_eq!(own(IdKind::Digits, "1404"), "1404");
        for nobody in ["404", "4040", "40444", "12a", "%31x", ""] {
            assert_eq!(own(IdKind::Digits, nobody), "-", "{nobody}");
        }
        assert_eq!(own(IdKind::Opaque, "a%2Fb%20c"), "a/b c");
        assert_eq!(own(IdKind::Opaque, "missing-1"), "-");
        assert_eq!(own(IdKind::Opaque, "%FF"), "-");
        let id = "5A4D0B0C-5a4d-4b0c-8a4d-0b0c5a4d0b0c";
        assert_eq!(own(IdKind::Uuid, id), id.to_lowercase());
        assert_eq!(
            own(IdKind::Uuid, "00000000-5a4d-4b0c-8a4d-0b0c5a4d0b0c"),
            "-"
        );
    }

    #[test]
    fn digits_are_shown_as_a_number_while_they_fit_one() {
        assert_eq!(shown_id(IdKind::Digits, "12").to_string(), "12");
        let long = "123456789012345678901234567890";
        assert_eq!(
            shown_id(IdKind::Digits, long).to_string(),
            format!("\"{long}\"")
        );
        assert_eq!(shown_id(IdKind::Opaque, "12").to_string(), "\"12\"");
    }
}
