//! Numbers: text to a JSON number with the very digits that were written.
//!
//! Separators mean what the mapping declares; without a declaration only a point before decimals is read, and
//! only where it cannot be a thousands separator. A number that other programs could not keep is refused.

use std::borrow::Cow;

use crate::mapping::refusal::{Refusal, check_number_damage, is_scientific, shown};

/// The separators of a column's numbers, as a mapping declares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    decimal: char,
    thousands: Option<char>,
}

impl NumberFormat {
    /// Digits with a point before the decimals, as no person has to write them.
    pub(super) const PLAIN: Self = Self {
        decimal: '.',
        thousands: None,
    };

    /// Separators that can be told apart.
    ///
    /// # Errors
    ///
    /// What is wrong with them, for people.
    pub fn new(decimal: char, thousands: Option<char>) -> Result<Self, String> {
        if !matches!(decimal, '.' | ',') {
            return Err(format!(
                "`{decimal}` separates no decimals; write `.` or `,`"
            ));
        }
        match thousands {
            Some(own) if own == decimal => Err(format!(
                "`{own}` cannot separate both decimals and thousands"
            )),
            Some(own) if !matches!(own, '.' | ',' | '\'' | '\u{2019}') && !own.is_whitespace() => {
                Err(format!(
                    "`{own}` separates no thousands; write `.`, `,`, `'` or a blank"
                ))
            }
            _ => Ok(Self { decimal, thousands }),
        }
    }

    /// A plain number as a person writes it who declares this.
    pub(super) fn write(self, digits: &str) -> String {
        digits.replace('.', self.decimal.encode_utf8(&mut [0; 4]))
    }

    fn is_thousands(self, c: char) -> bool {
        match self.thousands {
            // Programs write a no-break or a thin blank where people say blank, and curl an apostrophe.
            Some(own) if own.is_whitespace() => c.is_whitespace(),
            Some('\'' | '\u{2019}') => matches!(c, '\'' | '\u{2019}'),
            own => own == Some(c),
        }
    }
}

/// A whole number as JSON.
///
/// # Errors
///
/// `bad-number`, or `spreadsheet-damage` where digits were lost.
pub fn integer(text: &str, format: Option<NumberFormat>) -> Result<Cow<'_, str>, Refusal> {
    if is_small(text) {
        return Ok(Cow::Borrowed(text));
    }
    let json = number(text, format)?;
    let whole = match json.split_once('.') {
        // A column of whole numbers often comes out as `5.0`.
        Some((whole, decimals)) if decimals.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return refuse(text, "is not a whole number"),
        None => &json,
    };
    if whole.parse::<i64>().is_err() {
        return refuse(
            text,
            "is too large for a whole number; if it is a code, map it to a text field",
        );
    }
    if whole.len() == json.len() {
        return Ok(json);
    }
    Ok(Cow::Owned(whole.to_owned()))
}

/// A number as JSON.
///
/// # Errors
///
/// `bad-number`, or `spreadsheet-damage` where digits were lost.
pub fn number(text: &str, format: Option<NumberFormat>) -> Result<Cow<'_, str>, Refusal> {
    if is_small(text) {
        return Ok(Cow::Borrowed(text));
    }
    if is_scientific(text) {
        check_number_damage(text)?;
    }
    let (negative, body) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(body) => (true, body),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let decimal = format.map_or('.', |format| format.decimal);
    let (whole, decimals) = match body.split_once(decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (body, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match format {
        Some(format) => without_thousands(whole, format),
        None => Cow::Borrowed(whole),
    };
    let whole = if whole.is_empty() && decimals.is_some() {
        Cow::Borrowed("0")
    } else {
        whole
    };
    if !digits(&whole) || !decimals.is_none_or(digits) {
        return refuse(text, not_a_number(body, format));
    }
    let thousandish = decimals.is_some_and(|decimals| decimals.len() == 3);
    if format.is_none() && thousandish && whole.len() <= 3 && whole != "0" {
        return refuse(
            text,
            "can be a decimal number or thousands; declare `decimal = \".\"` or `decimal = \",\"` in the mapping",
        );
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return refuse(
            text,
            "begins with a zero, as codes do and numbers do not; map it to a text field, or take the zero away",
        );
    }
    if decimals.is_none() {
        check_number_damage(&whole)?;
    }
    let zero = whole == "0" && decimals.is_none_or(|all| all.bytes().all(|byte| byte == b'0'));
    let mut json = String::with_capacity(text.len() + 1);
    if negative && !zero {
        json.push('-');
    }
    json.push_str(&whole);
    if let Some(decimals) = decimals {
        json.push('.');
        json.push_str(decimals);
    }
    if !is_kept(&json) {
        return refuse(
            text,
            "has more digits than other programs keep; if it is a code, map it to a text field",
        );
    }
    Ok(if json == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(json)
    })
}

/// Whether a text is a whole number that stands for itself in JSON, short enough to be neither rounded nor lost.
fn is_small(text: &str) -> bool {
    matches!(text.len(), 1..=9)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'))
}

fn refuse<T>(text: &str, flaw: &str) -> Result<T, Refusal> {
    Err(Refusal::new(
        "bad-number",
        format!("{} {flaw}", shown(text)),
    ))
}

fn not_a_number(body: &str, format: Option<NumberFormat>) -> &'static str {
    let plain = body.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}') || c.is_whitespace()
    });
    match format {
        None if plain && !body.is_empty() => {
            "has separators whose meaning is not declared; declare them in the mapping, as in `decimal = \",\"` \
             and `thousands = \".\"`"
        }
        Some(_) if plain && !body.is_empty() => {
            "does not fit the separators that the mapping declares"
        }
        _ => "is not a number",
    }
}

/// Takes separators away that part groups of three; anything else is left, and then is no number.
fn without_thousands(whole: &str, format: NumberFormat) -> Cow<'_, str> {
    if !whole.chars().any(|c| format.is_thousands(c)) {
        return Cow::Borrowed(whole);
    }
    let mut groups = whole.split(|c| format.is_thousands(c));
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()));
    if first && groups.all(|group| group.len() == 3) {
        Cow::Owned(whole.chars().filter(|c| !format.is_thousands(*c)).collect())
    } else {
        Cow::Borrowed(whole)
    }
}

/// Whether a JSON number comes out of a program that holds it as a 64-bit number with all the digits it had.
pub(super) fn is_kept(json: &str) -> bool {
    if json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok() {
        return true;
    }
    let Ok(value) = json.parse::<f64>() else {
        return false;
    };
    value.is_finite() && significant(json).eq(significant(&format!("{value:e}")))
}

/// The digits that say something: no sign, no point, no exponent, no zeros at the ends.
fn significant(json: &str) -> impl Iterator<Item = u8> {
    let mantissa = json.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.trim_start_matches(['-', '0', '.']);
    let digits = if mantissa.contains('.') {
        digits.trim_end_matches(['0', '.'])
    } else {
        digits.trim_end_matches('0')
    };
    digits.bytes().filter(u8::is_ascii_digit)
}
