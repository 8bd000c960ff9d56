//! Cells to values: what is sent, and in which words a cell is refused.

use std::borrow::Cow;

use contact_sync::mapping::coerce::{Coerced, Kind, Refusal, Rule, coerce};
use contact_sync::mapping::date::DateOut;
use contact_sync::mapping::date_format::{DateFormat, TimeFormat};

use dates::{DATE, date_as, moment_as};
use numbers::number_with;
use phones::{israeli, phone_in};

mod addresses;
mod dates;
mod lookups;
mod numbers;
mod phones;
mod properties;
mod texts;

const TEXT: Kind = Kind::Text { max: None };

fn rule(kind: Kind) -> Rule {
    Rule {
        clean: Vec::new(),
        lookup: None,
        kind,
    }
}

fn value(cell: &str, rule: &Rule) -> Result<Coerced<'static>, Refusal> {
    coerce(cell, rule).map(Coerced::into_owned)
}

fn text(text: &str) -> Coerced<'static> {
    Coerced::Text(Cow::Owned(text.to_owned()))
}

fn json(json: &str) -> Coerced<'static> {
    Coerced::Json(Cow::Owned(json.to_owned()))
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Cells that become these texts, whatever Unicode blanks stand around them.
#[track_caller]
fn becomes(kind: &Kind, table: &[(&str, &str)]) {
    let rule = rule(kind.clone());
    for (cell, expected) in table {
        assert_eq!(value(cell, &rule), Ok(text(expected)), "{cell:?}");
        let padded = format!("\u{a0} {cell}\u{3000}\t");
        assert_eq!(value(&padded, &rule), Ok(text(expected)), "{padded:?}");
    }
}

/// Cells that become this JSON.
#[track_caller]
fn becomes_json(kind: &Kind, table: &[(&str, &str)]) {
    let rule = rule(kind.clone());
    for (cell, expected) in table {
        assert_eq!(value(cell, &rule), Ok(json(expected)), "{cell:?}");
    }
}

/// Cells that are refused with this code and these words after the cell.
#[track_caller]
fn refused(kind: &Kind, code: &str, table: &[(&str, &str)]) {
    let rule = rule(kind.clone());
    for (cell, words) in table {
        let refusal = value(cell, &rule).expect_err(cell);
        assert_eq!(refusal.code, code, "{cell:?} {}", refusal.message);
        assert_eq!(
            refusal
                .message
                .strip_prefix(&format!("`{cell}` "))
                .unwrap_or(&refusal.message),
            *words,
            "{cell:?}"
        );
    }
}

fn every_kind() -> Vec<Kind> {
    vec![
        TEXT,
        Kind::Text { max: Some(3) },
        Kind::Integer { format: None },
        Kind::Number { format: None },
        number_with(',', Some('.')),
        number_with(',', Some(' ')),
        Kind::Boolean {
            yes: texts(&["yes"]),
            no: texts(&["no"]),
        },
        DATE,
        date_as("%d/%m/%y"),
        Kind::Date {
            format: Some(DateFormat::new("%d %B %Y").expect("format")),
            out: DateOut::EpochSeconds,
        },
        Kind::DateTime {
            format: None,
            out: DateOut::EpochSeconds,
        },
        moment_as("%d/%m/%Y %H:%M", Some("Asia/Jerusalem")),
        moment_as("%s", None),
        Kind::Time { format: None },
        Kind::Time {
            format: Some(TimeFormat::new("%I:%M %p").expect("format")),
        },
        Kind::Email,
        Kind::Phone { region: None },
        israeli(),
        phone_in("DE"),
        Kind::Url,
        Kind::Uuid,
        Kind::Country { allowed: None },
        Kind::Country {
            allowed: Some(texts(&["IL", "uk"])),
        },
        Kind::Timezone,
        Kind::Enum {
            values: texts(&["Gold", "Silver"]),
            codes: Vec::new(),
        },
        Kind::List {
            split: Some(";".to_owned()),
            each: None,
            among: Vec::new(),
        },
        Kind::List {
            split: None,
            each: Some(5),
            among: Vec::new(),
        },
        Kind::Object,
    ]
}

#[test]
fn blanks_of_every_sort_are_nothing() {
    for kind in every_kind() {
        let rule = rule(kind);
        for cell in ["", " ", "\t\r\n", "\u{a0}", "\u{3000}\u{2009}\u{202f}"] {
            assert_eq!(value(cell, &rule), Ok(Coerced::Blank), "{cell:?} {rule:?}");
        }
    }
}

#[test]
fn a_message_shows_sixty_characters_and_nothing_invisible() {
    let cell = format!("\u{202e}\n{}", "x".repeat(100));
    let refusal = value(&cell, &rule(Kind::Email)).expect_err("not an address");
    assert_eq!(
        refusal.message,
        format!(
            "`\\u{{202e}}\\n{}…` holds the character `U+202E`, which nobody can see; delete it, or type the value anew",
            "x".repeat(58)
        )
    );
}

#[test]
fn a_spreadsheets_error_is_no_value() {
    for kind in every_kind() {
        if matches!(kind, Kind::Text { .. }) {
            continue;
        }
        let rule = rule(kind);
        for cell in [
            "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#WERT!", "#NV",
            "#SPILL!", "####", "Err:502",
        ] {
            let refusal = value(cell, &rule).expect_err(cell);
            assert_eq!(refusal.code, "spreadsheet-damage", "{cell} {rule:?}");
            assert_eq!(
                refusal.message,
                format!(
                    "`{cell}`: the spreadsheet wrote an error here; mend the cell, or say with `lookup = {{ \"{cell}\" = \"\" }}` that it is nothing"
                )
            );
        }
    }
    let tags = rule(Kind::List {
        split: None,
        each: None,
        among: Vec::new(),
    });
    assert_eq!(value("#vip!", &tags), Ok(json("[\"#vip!\"]")));
}
