//! Numbers and their separators.

use contact_sync::mapping::coerce::Kind;
use contact_sync::mapping::number::NumberFormat;

use super::{becomes_json, refused};

pub(super) fn number_with(decimal: char, thousands: Option<char>) -> Kind {
    Kind::Number {
        format: Some(NumberFormat::new(decimal, thousands).expect("separators")),
    }
}

#[test]
fn whole_numbers() {
    let kind = Kind::Integer { format: None };
    becomes_json(
        &kind,
        &[
            ("5", "5"),
            ("+5", "5"),
            (" -12 ", "-12"),
            ("\u{2212}3", "-3"),
            ("0", "0"),
            ("-0", "0"),
            ("5.0", "5"),
            ("12345678901234567", "12345678901234567"),
        ],
    );
    refused(
        &kind,
        "bad-number",
        &[
            ("1.5", "is not a whole number"),
            (
                "007",
                "begins with a zero, as codes do and numbers do not; map it to a text field, or take the zero away",
            ),
            ("five", "is not a number"),
            ("$5", "is not a number"),
            ("-", "is not a number"),
            (
                "9223372036854775808",
                "is too large for a whole number; if it is a code, map it to a text field",
            ),
        ],
    );
    refused(
        &kind,
        "spreadsheet-damage",
        &[
            (
                "9.72771E+11",
                "was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet and export again",
            ),
            (
                "1234567890123450",
                "is a long number that ends in zeros, as after rounding by a spreadsheet; take it anew from where it came from",
            ),
        ],
    );
}

#[test]
fn numbers_mean_what_the_mapping_declares() {
    let plain = Kind::Number { format: None };
    becomes_json(
        &plain,
        &[
            ("1.5", "1.5"),
            ("1.50", "1.50"),
            (".5", "0.5"),
            ("-0.125", "-0.125"),
            ("1.2345", "1.2345"),
            ("1234.567", "1234.567"),
        ],
    );
    let undeclared = "has separators whose meaning is not declared; declare them in the mapping, as in `decimal = \",\"` and `thousands = \".\"`";
    refused(
        &plain,
        "bad-number",
        &[
            ("1,5", undeclared),
            ("1.234,56", undeclared),
            ("229,932.50", undeclared),
            ("1 234", undeclared),
            ("5.", undeclared),
            (
                "1.234",
                "can be a decimal number or thousands; declare `decimal = \".\"` or `decimal = \",\"` in the mapping",
            ),
            (
                "0.12345678901234567891",
                "has more digits than other programs keep; if it is a code, map it to a text field",
            ),
        ],
    );
    becomes_json(
        &number_with(',', Some('.')),
        &[
            ("1,5", "1.5"),
            ("1.234", "1234"),
            ("1.234,56", "1234.56"),
            ("-1.234.567", "-1234567"),
            ("12", "12"),
        ],
    );
    becomes_json(
        &number_with('.', Some(',')),
        &[("229,932.50", "229932.50"), ("1.234", "1.234")],
    );
    becomes_json(
        &number_with(',', Some(' ')),
        &[
            ("1 234,5", "1234.5"),
            ("1\u{a0}234", "1234"),
            ("1\u{202f}234", "1234"),
        ],
    );
    becomes_json(
        &number_with('.', Some('\'')),
        &[("1'234.5", "1234.5"), ("1\u{2019}234", "1234")],
    );
    becomes_json(
        &number_with(',', None),
        &[("1,5", "1.5"), ("1,234", "1.234")],
    );
    let misfit = "does not fit the separators that the mapping declares";
    refused(
        &number_with(',', Some('.')),
        "bad-number",
        &[
            ("1.5", misfit),
            ("12.34,5", misfit),
            ("1234.567", misfit),
            ("1,5,6", misfit),
            ("1,234.5", misfit),
        ],
    );
    assert!(NumberFormat::new('.', Some('.')).is_err());
    assert!(NumberFormat::new(';', None).is_err());
    assert!(NumberFormat::new('.', Some('x')).is_err());
}
