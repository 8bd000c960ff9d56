//! A number of a spreadsheet in the writing that its cell's format gives it, and what that writing says.
//!
//! The format is a part of what the person sees: `00000` makes 1234 the postal code 01234, `(###) ###-####` a phone out of
//! ten digits, `"ID-"0` a name, `0%` a share. What is sent as text is that writing, with three decisions:
//!
//! - Never an exponent: where a format asks for one, or General would show one, the digits are written out.
//! - A format is written down in one country's way (`1,234.50`), whatever country looks at it, and so is its number
//!   here; blanks that only align it are left out. A colour is nothing.
//! - What a format hides (`;;;`, zeros under `0;-0;`) is blank, as it is to the person.
//!
//! A format that only makes a number prettier (separators, decimals) does not make it another one: beside the text goes
//! the plain number ([`Held`]), for fields that want a number, a phone or an id. A share is left as it is shown, for
//! nobody can tell whether `15%` is to be 15 or 0.15. Formats of xlsx are known; xls, xlsb and ods give only the number. A format
//! that is not understood leaves the digits.

use ssfmt::ast::{DigitPlaceholder, FormatPart};
use ssfmt::{FormatOptions, NumberFormat};

use super::contained::tried;
use super::shown::Shown;
use crate::contact::Held;

/// A number format that was read once for all of its cells.
#[derive(Debug)]
pub(super) struct Numeral {
    format: NumberFormat,
    /// Whether each section of the format shows nothing, in the order positive, negative, zero.
    hides: [bool; 3],
}

impl Numeral {
    /// Reads a format's code; nothing where it has nothing to say about a number, or nothing that is understood.
    pub(super) fn new(code: &str) -> Option<Self> {
        if matches!(
            code.trim().to_ascii_lowercase().as_str(),
            "" | "general" | "standard" | "@"
        ) {
            return None;
        }
        let format = tried(|| NumberFormat::parse(code).ok())??;
        let hides = match format.has_condition() {
            true => [false; 3],
            false => hides(code),
        };
        (!format.is_date_format()).then_some(Self { format, hides })
    }

    /// A number as its cell shows it.
    pub(super) fn write(&self, value: f64) -> Shown {
        let plain = digits(value);
        // Fifteen digits are all that a spreadsheet shows of a number.
        let value = plain.parse().unwrap_or(value);
        let sign = match value {
            value if value < 0.0 => 1,
            value if value > 0.0 => 0,
            _ => 2,
        };
        if self.hides[sign] {
            return Shown::text(String::new());
        }
        let parts = self.parts(sign);
        let options = FormatOptions::default();
        let Some(text) = tried(|| self.format.format(value, &options)) else {
            return Shown::number(plain);
        };
        let text = text.trim();
        let exponent = |part: &&FormatPart| {
            matches!(
                part,
                FormatPart::Scientific { .. } | FormatPart::GeneralNumber
            )
        };
        if !value.is_finite() || (parts.iter().any(|part| exponent(&part)) && text.contains("E")) {
            return Shown::number(plain);
        }
        let held = match () {
            () if parts.contains(&FormatPart::Percent) => Held::Share,
            () if text == plain => Held::Number,
            () if parts.iter().any(says_more) || zeros(parts) > 1 => Held::Worded(plain),
            () => Held::Pretty(plain),
        };
        Shown::held(text.to_owned(), held)
    }

    /// What the section for a number of this sign is made of; all sections where conditions choose among them.
    fn parts(&self, sign: usize) -> &[FormatPart] {
        let sections = self.format.sections();
        // Conditions mostly choose between two phones: what one of them says, the other does.
        let own = match self.format.has_condition() || sign >= sections.len() {
            true => sections.first(),
            false => sections.get(sign),
        };
        own.map_or(&[][..], |section| &section.parts)
    }
}

/// Whether a part of a format adds to the digits something that means something.
fn says_more(part: &FormatPart) -> bool {
    match part {
        FormatPart::Literal(text) | FormatPart::EscapedLiteral(text) => {
            !matches!(text.trim(), "" | "-")
        }
        FormatPart::Locale(locale) => locale.currency.is_some(),
        FormatPart::Fraction { .. } => true,
        _ => false,
    }
}

/// How many digits before the point are shown whether the number has them or not: all from the first `0` on.
fn zeros(parts: &[FormatPart]) -> usize {
    parts
        .iter()
        .take_while(|part| **part != FormatPart::DecimalPoint)
        .skip_while(|part| **part != FormatPart::Digit(DigitPlaceholder::Zero))
        .filter(|part| matches!(part, FormatPart::Digit(_)))
        .count()
}

/// Which of the sections of a code are there and empty.
fn hides(code: &str) -> [bool; 3] {
    let mut sections = vec![String::new()];
    let mut rest = code.chars();
    let mut quoted = false;
    while let Some(c) = rest.next() {
        match c {
            ';' if !quoted => {
                sections.push(String::new());
                continue;
            }
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => drop(rest.next()),
            _ => {}
        }
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    let empty = |at: usize| sections.get(at).is_some_and(|own| own.trim().is_empty());
    [empty(0), empty(1), empty(2)]
}

/// Whole numbers below this are held with all of their digits, 2^53; beyond it the last ones may be anything.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number in plain digits: a whole one with all that it has, any other with at most 15 of them that mean something.
pub(super) fn digits(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    if value != 0.0 && value.trunc() == value && value.abs() < EXACT {
        return format!("{value:.0}");
    }
    let written = format!("{:.14e}", value.abs());
    let Some((mantissa, exponent)) = written.split_once('e') else {
        return written;
    };
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let mut out = String::new();
    if value < 0.0 {
        out.push('-');
    }
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => {
            out.push_str(digits);
            out.extend(std::iter::repeat_n('0', point - digits.len()));
        }
        Ok(point) if point > 0 => {
            out.push_str(&digits[..point]);
            out.push('.');
            out.push_str(&digits[point..]);
        }
        _ => {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
            out.push_str(digits);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (972_501_234_567.0, "972501234567"),
            (1.0, "1"),
            (100.0, "100"),
            (-42.0, "-42"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (1e-7, "0.0000001"),
            (0.000_123_4, "0.0001234"),
            (123_456_789_012_345.0, "123456789012345"),
            (12_345_678_901_234_567.0, "12345678901234600"),
            (4_111_111_111_111_111.0, "4111111111111111"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (9_007_199_254_740_993.0, "9007199254740990"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, "#NUM!"),
        ] {
            assert_eq!(digits(value), text);
        }
    }

    #[test]
    fn a_format_is_what_the_person_sees() {
        let worded = |plain: &str| Held::Worded(plain.to_owned());
        let pretty = |plain: &str| Held::Pretty(plain.to_owned());
        let phone = "[<=9999999]###-####;(###) ###-####";
        for (value, code, text, held) in [
            (1234.0, "00000", "01234", worded("1234")),
            (123_456.0, "00000", "123456", Held::Number),
            (-42.0, "00000", "-00042", worded("-42")),
            (
                501_234_567.0,
                "000-0000000",
                "050-1234567",
                worded("501234567"),
            ),
            (
                501_234_567.0,
                "0##\\-#######",
                "050-1234567",
                worded("501234567"),
            ),
            (
                501_234_567.0,
                "\"+\"00 000;@",
                "+501234 567",
                worded("501234567"),
            ),
            (
                5_551_234_567.0,
                phone,
                "(555) 123-4567",
                pretty("5551234567"),
            ),
            (5_551_234.0, phone, "555-1234", pretty("5551234")),
            (12.0, "\"ID-\"0000", "ID-0012", worded("12")),
            (12.0, "0", "12", Held::Number),
            (12.0, "0.00", "12.00", pretty("12")),
            (12.345, "0.0", "12.3", pretty("12.345")),
            (
                972_501_234_567.0,
                "#,##0",
                "972,501,234,567",
                pretty("972501234567"),
            ),
            (
                1234.5,
                "\"$\"#,##0.00_);(\"$\"#,##0.00)",
                "$1,234.50",
                worded("1234.5"),
            ),
            (
                -1234.5,
                "\"$\"#,##0.00_);(\"$\"#,##0.00)",
                "($1,234.50)",
                worded("-1234.5"),
            ),
            (
                1234.5,
                "#,##0.00\\ [$€-407]",
                "1,234.50 €",
                worded("1234.5"),
            ),
            (0.15, "0%", "15%", Held::Share),
            (1.25, "# ??/??", "1  1/4", worded("1.25")),
            (972_501_234_567.0, "0.00E+00", "972501234567", Held::Number),
            (972_501_234_567.0, "##0.0E+0", "972501234567", Held::Number),
            (
                12_345_678_901_234_567.0,
                "0",
                "12345678901234600",
                Held::Number,
            ),
            (5.0, "[Red]0;[Blue]-0;\"none\"", "5", Held::Number),
            (0.0, "[Red]0;[Blue]-0;\"none\"", "none", worded("0")),
            (-5.0, "[Red]0;[Blue]-0", "-5", Held::Number),
        ] {
            let shown = Numeral::new(code).expect("a format").write(value);
            assert_eq!(
                (shown.text.as_str(), shown.held),
                (text, Some(held)),
                "{value} as {code}"
            );
        }
        // The library stumbles over the last one.
        for code in [
            "General",
            "@",
            "",
            "dd/mm/yyyy",
            "[h]:mm",
            "é)DBNum1 General",
        ] {
            assert!(Numeral::new(code).is_none(), "{code}");
        }
        for (value, code) in [(0.0, "0;-0;;@"), (5.0, ";;;"), (-5.0, "0;;"), (0.0, "#")] {
            let shown = Numeral::new(code).expect("a format").write(value);
            assert_eq!(shown.text, "", "{value} as {code}");
        }
    }
}
