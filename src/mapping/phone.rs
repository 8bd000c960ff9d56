//! Phone numbers to E.164: `+`, the country's code and the number, nothing else.
//!
//! A number with `+` is taken as it is when it has the shape of its country's numbers; a national one, in a
//! declared region, when there is exactly one way to read it. Nothing is ever guessed, filled up or cut.

use std::borrow::Cow;
use std::fmt;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;

use crate::mapping::familiar::is_familiar;
use crate::mapping::numbering::{Country, ends};
use crate::mapping::refusal::{Refusal, check_number_damage, shown};

/// As many digits as an international number has at most: ITU-T E.164.
const MAX_DIGITS: usize = 15;

/// The country in which national numbers are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Region(Id);

impl Region {
    /// The region of two letters, such as `IL`, if it has a numbering plan.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        code.to_ascii_uppercase().parse().ok().map(Self)
    }

    /// Its two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Region").field(&self.code()).finish()
    }
}

/// A phone number in E.164.
///
/// # Errors
///
/// `spreadsheet-damage` where a spreadsheet took digits away, else `bad-phone`.
pub fn phone(text: &str, region: Option<Region>) -> Result<Cow<'_, str>, Refusal> {
    if text.len() <= MAX_DIGITS
        && let Some(digits) = text.strip_prefix('+')
        && is_familiar(digits.as_bytes())
    {
        return Ok(Cow::Borrowed(text));
    }
    check_number_damage(text)?;
    let refuse = |flaw: String| Err(Refusal::new("bad-phone", format!("{} {flaw}", shown(text))));
    let digits = match digits(text) {
        Ok(digits) => digits,
        Err(flaw) => return refuse(flaw),
    };
    let readings = if text.starts_with(['+', '\u{ff0b}']) {
        match international(&digits) {
            Ok(readings) => readings,
            Err(flaw) => return refuse(flaw),
        }
    } else if let Some(region) = region {
        national(&digits, region)
    } else if let Some(rest) = digits.strip_prefix("00") {
        return refuse(format!(
            "begins with `00` instead of `+`; write it as +{rest}, or declare `region` in the mapping"
        ));
    } else {
        return refuse(
            "has no country code; declare `region` in the mapping, as in `region = \"IL\"`, or write it as +972…"
                .to_owned(),
        );
    };
    match (readings.as_slice(), region) {
        ([one], _) if one == text => Ok(Cow::Borrowed(text)),
        ([_], _) => Ok(Cow::Owned(readings.concat())),
        ([], Some(region)) if !text.starts_with('+') => refuse(format!(
            "is no valid phone number in `{}`; correct it, or write it with `+` and the country's code",
            region.code()
        )),
        ([], _) => refuse("is no valid phone number of its country; correct it".to_owned()),
        ([one, other, ..], _) => refuse(format!(
            "can be read as {one} and as {other}; write it with `+` and the country's code"
        )),
    }
}

/// The digits of a number that is written with the usual punctuation.
fn digits(text: &str) -> Result<Cow<'_, str>, String> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    let digits = if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        Cow::Borrowed(plain)
    } else {
        Cow::Owned(without_punctuation(text)?)
    };
    match digits.len() {
        0..3 => Err("is too short for a phone number".to_owned()),
        // Room for what is dialled before the country's code.
        3..=20 if text.starts_with('+') && digits.len() > MAX_DIGITS => Err(too_long(&digits)),
        3..=20 => Ok(digits),
        _ => Err(too_long(&digits)),
    }
}

fn too_long(digits: &str) -> String {
    format!(
        "has {} digits and a phone number has at most {MAX_DIGITS}; keep one number in the cell",
        digits.len()
    )
}

fn without_punctuation(text: &str) -> Result<String, String> {
    let mut digits = String::with_capacity(text.len());
    let mut slash = false;
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | '\u{ff0b}' if at == 0 => {}
            '+' | '\u{ff0b}' => return Err("has a `+` inside; keep one number in the cell".into()),
            ',' | ';' | '|' | '\n' | '\r' => {
                return Err(format!(
                    "holds `{}`; keep one number in the cell",
                    c.escape_default()
                ));
            }
            // `030/1234567`: an area code and a number. Further to the right it parts two numbers.
            '/' if !slash && (2..=6).contains(&digits.len()) => slash = true,
            '/' => return Err("holds `/`; keep one number in the cell".into()),
            '(' if at == 0 => {}
            '(' | ')' | '.' if at > 0 => {}
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' if at > 0 => {}
            c if c.is_whitespace() => {}
            c if c.is_alphabetic() && !digits.is_empty() && is_extension(&text[at..]) => {
                return Err("has an extension, which no field for phones takes; delete it".into());
            }
            c if c.is_alphabetic() => {
                return Err(format!(
                    "holds the letter `{c}`; write the number in digits"
                ));
            }
            c if c.is_numeric() => return Err("has other digits than 0 to 9".into()),
            c => return Err(format!("holds `{c}`, which is no part of a phone number")),
        }
    }
    Ok(digits)
}

fn is_extension(rest: &str) -> bool {
    let word: String = rest
        .chars()
        .take_while(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let ends_in_digit = rest.ends_with(|c: char| c.is_ascii_digit());
    ends_in_digit && matches!(word.as_str(), "x" | "ext" | "extn" | "extension" | "שלוחה")
}

/// What a reading must pass.
type Check = fn(&Country, &str) -> bool;

/// The ways to read digits that stood after a `+`: as they are, or else without a trunk prefix, as in
/// `+44 (0)20 …`, or by the plan's own rules.
fn international(digits: &str) -> Result<Vec<String>, String> {
    if digits.starts_with('0') {
        return Err("begins with `+0`; no country's code begins with a zero".to_owned());
    }
    let Some((country, rest)) = Country::split(digits) else {
        return Err("begins with no country's code; correct what follows the `+`".to_owned());
    };
    let mut readings = Vec::new();
    add(&mut readings, Country::has_shape, &country, rest);
    for check in [Country::is_assigned as Check, Country::has_shape] {
        if readings.is_empty() {
            add_without_trunk(&mut readings, check, &country, rest);
        }
    }
    if readings.is_empty() && !country.never_rewrites(rest) {
        add_by_library(&mut readings, None, &format!("+{digits}"));
    }
    if readings.is_empty() {
        add(&mut readings, Country::has_length, &country, rest);
    }
    Ok(readings)
}

/// The ways to read digits that were written for people in one region: in ranges that are known to be in use,
/// or else by their shape.
fn national(digits: &str, region: Region) -> Vec<String> {
    let mut readings = Vec::new();
    add_national(&mut readings, Country::is_assigned, digits, region);
    if readings.is_empty() {
        add_by_library(&mut readings, Some(region.0), digits);
    }
    let sure = !readings.is_empty();
    if !sure {
        add_national(&mut readings, Country::has_shape, digits, region);
    }
    let at_home = sure && is_at_home(digits, region);
    if !readings.is_empty() && !at_home {
        add_without_plus(&mut readings, digits);
    }
    readings
}

/// As many digits as make an international number likely.
const LONG: usize = 11;

/// Whether digits that can be a number of the region are nothing else to the people there: as short as a number without a
/// country's code, written with what is dialled in front, or a mobile. Where plans take long numbers of any kind, as the
/// German one does, `447911123456` is as good as a landline.
fn is_at_home(digits: &str, region: Region) -> bool {
    let Some(plan) = DATABASE.by_id(region.code()) else {
        return true;
    };
    let is_dialled = |prefix: &str| digits.starts_with(prefix);
    digits.len() < LONG
        || plan.national_prefix().is_none_or(is_dialled)
        || Country::of(plan.country_code()).is_some_and(|country| country.is_mobile(digits))
}

/// The way to read digits as another country's number of which a spreadsheet took the `+`.
fn add_without_plus(readings: &mut Vec<String>, digits: &str) {
    if let Some((country, rest)) = Country::split(digits) {
        add(readings, Country::is_a_persons, &country, rest);
    }
}

fn add_national(readings: &mut Vec<String>, check: Check, digits: &str, region: Region) {
    let Some(plan) = DATABASE.by_id(region.code()) else {
        return;
    };
    let Some(country) = Country::of(plan.country_code()) else {
        return;
    };
    add(readings, check, &country, digits);
    if let Some(rest) = plan
        .national_prefix()
        .and_then(|own| digits.strip_prefix(own))
    {
        add(readings, check, &country, rest);
    }
    // The `+` got lost: spreadsheets take it away.
    if let Some(rest) = digits.strip_prefix(&country.code.to_string()) {
        let known = readings.len();
        add(readings, check, &country, rest);
        if readings.len() == known {
            add_without_trunk(readings, check, &country, rest);
        }
    }
    // Dialled from there to another country, as in `00972…`.
    let dialled = plan
        .international_prefix()
        .and_then(|prefix| ends(prefix.as_str(), digits))
        .unwrap_or(0);
    for at in 1..digits.len() {
        if (dialled >> at) & 1 == 1
            && let Some((country, rest)) = Country::split(&digits[at..])
        {
            add(readings, check, &country, rest);
        }
    }
}

fn add(readings: &mut Vec<String>, check: Check, country: &Country, national: &str) {
    if !check(country, national) {
        return;
    }
    let number = format!("+{}{national}", country.code);
    if number.len() <= MAX_DIGITS + 1 && !readings.contains(&number) {
        readings.push(number);
    }
}

fn add_without_trunk(readings: &mut Vec<String>, check: Check, country: &Country, national: &str) {
    for prefix in country.trunk_prefixes() {
        if let Some(rest) = national.strip_prefix(prefix) {
            add(readings, check, country, rest);
        }
    }
}

/// Some plans rewrite what people dial (mobiles in Argentina, carriers in Brazil); the library knows how.
fn add_by_library(readings: &mut Vec<String>, region: Option<Id>, digits: &str) {
    if let Ok(number) = phonenumber::parse(region, digits)
        && number.extension().is_none()
        && let Some(country) = Country::of(number.code().value())
    {
        let national = number.national().to_string();
        add(readings, Country::is_assigned, &country, &national);
    }
}
