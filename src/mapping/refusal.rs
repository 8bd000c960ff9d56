//! Why a cell is refused, in words for a tired person, and the marks of damage that every typed value shares.
//!
//! Owns how much of a cell is ever shown and the checks that do not depend on a field's type: errors that a
//! spreadsheet wrote, numbers that it rounded, characters that nobody can see. It must never mend a value.

use std::fmt::Write as _;

use crate::contact::plain::{begins_soundly, is_plain};
use crate::mapping::clean::trimmed;
use crate::mapping::marker::check_unmarked;

/// The word for a value that a spreadsheet changed before it came here.
pub const SPREADSHEET_DAMAGE: &str = "spreadsheet-damage";

/// How many characters of a cell a message repeats at most.
const SHOWN: usize = 60;

/// Why one cell cannot become the value of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A stable short word, such as `bad-email`.
    pub code: &'static str,
    /// What is wrong and the way out: a lower-case fragment, the cell's text in backticks.
    pub message: String,
}

impl Refusal {
    /// A refusal with its reason.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// A cell's text as messages show it: in backticks, cut to 60 characters, nothing invisible left as it is.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(SHOWN * 4) + 2);
    out.push('`');
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN {
            out.push('…');
            break;
        }
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_unseen(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('`');
    out
}

/// Some words for a message: ten at most.
pub(super) fn words(words: &[String]) -> String {
    let mut out: Vec<String> = words.iter().take(10).map(|word| shown(word)).collect();
    if words.len() > out.len() {
        out.push("…".to_owned());
    }
    out.join(", ")
}

/// Whether a character has no width of its own, is drawn as nothing although it is no blank (fillers), or turns the
/// direction of the text around it.
#[inline]
#[must_use]
pub fn is_unseen(c: char) -> bool {
    // Nothing of it is ASCII, as most letters are.
    !c.is_ascii()
        && matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Refuses what no typed value may hold: a spreadsheet's error or its mark, or a character that nobody can see.
///
/// # Errors
///
/// `spreadsheet-damage`, or the field type's own `code`.
pub fn check_typed(text: &str, code: &'static str) -> Result<(), Refusal> {
    check_error_word(text)?;
    check_unmarked(text)?;
    match text.chars().find(|c| c.is_control() || is_unseen(*c)) {
        None => Ok(()),
        Some(c) => Err(Refusal::new(
            code,
            format!(
                "{} holds the character `U+{:04X}`, which nobody can see; delete it, or type the value anew",
                shown(text),
                u32::from(c)
            ),
        )),
    }
}

/// Refuses a control character in a text, but for tabs and line breaks, and more characters than `max`.
///
/// # Errors
///
/// `control-character` or `too-long`.
pub(super) fn check_text(text: &str, max: Option<usize>) -> Result<(), Refusal> {
    if !is_plain(text)
        && let Some(c) = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
    {
        return Err(Refusal::new(
            "control-character",
            format!(
                "{} holds the control character `U+{:04X}`; delete it, or type the text anew",
                shown(text),
                u32::from(c)
            ),
        ));
    }
    // No character is shorter than a byte, so most texts need not be counted.
    if let Some(max) = max.filter(|max| text.len() > *max) {
        let count = text.chars().count();
        if count > max {
            return Err(Refusal::new(
                "too-long",
                format!(
                    "{} has {count} characters and the field takes {max}; shorten it",
                    shown(text)
                ),
            ));
        }
    }
    Ok(())
}

/// Refuses what a spreadsheet writes where it could not work out a cell.
///
/// # Errors
///
/// `spreadsheet-damage`.
pub fn check_error_word(text: &str) -> Result<(), Refusal> {
    if is_error_word(text) {
        let word = shown(text);
        let way_out = format!(
            "mend the cell, or say with `lookup = {{ \"{}\" = \"\" }}` that it is nothing",
            word.trim_matches('`')
        );
        return Err(an_error(text, &way_out));
    }
    Ok(())
}

/// The word of a cell that is nothing but what spreadsheets surely write for an error, whatever the field takes: nobody is
/// called `#N/A`. What only looks like one, such as the tag `#VIP!`, may be what a person wrote.
#[inline]
pub(super) fn sure_error(cell: &str) -> Option<&str> {
    let printed = cell.as_bytes().first().is_none_or(u8::is_ascii_graphic);
    if printed && begins_soundly(cell) {
        return None;
    }
    Some(trimmed(cell)).filter(|word| is_surely_an_error(word))
}

/// A spreadsheet's error where no table can say what it means.
pub(super) fn unmended(word: &str) -> Refusal {
    an_error(word, "mend the cell")
}

fn an_error(word: &str, way_out: &str) -> Refusal {
    Refusal::new(
        SPREADSHEET_DAMAGE,
        format!(
            "{}: the spreadsheet wrote an error here; {way_out}",
            shown(word)
        ),
    )
}

/// The words of Excel and of Google's and LibreOffice's tables, as they are written everywhere in English.
fn is_surely_an_error(text: &str) -> bool {
    matches!(
        text,
        "#N/A"
            | "#REF!"
            | "#VALUE!"
            | "#NAME?"
            | "#DIV/0!"
            | "#NUM!"
            | "#NULL!"
            | "#SPILL!"
            | "#CALC!"
            | "#ERROR!"
    ) || is_numbered_error(text)
}

/// LibreOffice's `Err:502`.
fn is_numbered_error(text: &str) -> bool {
    let number = text.strip_prefix("Err:");
    number.is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// `#N/A`, `#REF!`, `#DIV/0!` and their translations, `#####` of a narrow column, and LibreOffice's `Err:502`.
fn is_error_word(text: &str) -> bool {
    let Some(word) = text.strip_prefix('#') else {
        return is_numbered_error(text);
    };
    let shouted = word.chars().count() <= 12 && !word.chars().any(char::is_lowercase);
    matches!(word, "N/A" | "N/D" | "NV" | "NA" | "I/T" | "Н/Д")
        || (shouted && word.len() > 1 && word.ends_with(['!', '?']))
        || (word.len() > 1 && word.bytes().all(|byte| byte == b'#'))
}

/// Refuses a number in the spreadsheet's scientific notation or rounded to its 15 digits: the rest is lost.
///
/// # Errors
///
/// `spreadsheet-damage`.
pub fn check_number_damage(text: &str) -> Result<(), Refusal> {
    let lost = if is_scientific(text) {
        "was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet \
         and export again"
    } else if is_rounded(text) {
        "is a long number that ends in zeros, as after rounding by a spreadsheet; take it anew from where it came from"
    } else if is_decimalised(text) {
        "was turned into a decimal number on the way; format the column as text and export again"
    } else {
        return Ok(());
    };
    Err(Refusal::new(
        SPREADSHEET_DAMAGE,
        format!("{} {lost}", shown(text)),
    ))
}

/// `9.72771E+11`, with a point or a comma.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    digits(exponent) && digits(whole) && digits(fraction)
}

/// 16 digits or more that end in zeros: what is left of a longer number in a spreadsheet, which keeps 15 digits,
/// or in a script, which keeps 16 or 17.
fn is_rounded(text: &str) -> bool {
    let punctuated = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ');
    if text.len() < 16 || !text.bytes().all(punctuated) {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let zeros = digits
        .clone()
        .rev()
        .take_while(|byte| *byte == b'0')
        .count();
    let count = digits.count();
    count > 15 && (zeros + 15 >= count || zeros > 1)
}

/// `972501234567.0`: a long number that something took for a decimal one.
fn is_decimalised(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else {
        return false;
    };
    let whole = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    whole.len() > 6
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte == b'0')
}
