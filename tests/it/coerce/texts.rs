//! Text, cleaners, words and lists.

use std::borrow::Cow;

use contact_sync::contact::plain::is_sound;
use contact_sync::mapping::clean::{Cleaner, clean};
use contact_sync::mapping::coerce::{Coerced, Kind, Lookup, Rule, coerce};
use contact_sync::mapping::date::DateOut;

use super::phones::israeli;
use super::{TEXT, becomes, becomes_json, refused, rule, text, texts, value};

#[test]
fn text_passes_as_it_is() {
    let rule = rule(TEXT);
    for cell in [
        " Ana ",
        "007",
        "+972501234567",
        "9.72771E+11",
        "12345678901234567890",
        "'123",
        "=1+1",
        "#VIP!",
        "#####",
        "#NV",
        "#n/a",
        "# N/A",
        "Err:50",
        "Errol",
        "a #N/A",
        "שלום\u{200f}",
        "e\u{301}",
        "a\r\nb\tc",
        "“quoted”",
        "نامه\u{200c}ها",
    ] {
        assert!(matches!(
            coerce(cell, &rule),
            Ok(Coerced::Text(Cow::Borrowed(same))) if same == cell
        ));
    }
    refused(
        &TEXT,
        "control-character",
        &[(
            "a\u{0}b",
            "`a\\u{0}b` holds the control character `U+0000`; delete it, or type the text anew",
        )],
    );
    refused(
        &Kind::Text { max: Some(3) },
        "too-long",
        &[("שלום", "has 4 characters and the field takes 3; shorten it")],
    );
    assert_eq!(
        value("שלו", &self::rule(Kind::Text { max: Some(3) })),
        Ok(text("שלו"))
    );
}

#[test]
fn no_text_is_a_spreadsheets_word_for_an_error() {
    let list = Kind::List {
        split: Some(";".to_owned()),
        each: None,
        among: Vec::new(),
    };
    let lower = Rule {
        clean: vec![Cleaner::Lowercase],
        ..rule(TEXT)
    };
    let listed = Rule {
        lookup: Some(Lookup::new([("#n/a", "none"), ("Err:502", "")])),
        ..lower.clone()
    };
    for word in [
        "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
        "#ERROR!", "Err:502",
    ] {
        let message = format!(
            "`{word}`: the spreadsheet wrote an error here; mend the cell, or say with `lookup = {{ \"{word}\" = \"\" }}` that it is nothing"
        );
        for cell in [
            word.to_owned(),
            format!(" {word}\t"),
            format!("\u{a0}{word}"),
        ] {
            for rule in [&rule(TEXT), &lower, &rule(list.clone())] {
                let refusal = value(&cell, rule).expect_err(word);
                assert_eq!(
                    (refusal.code, &refusal.message),
                    ("spreadsheet-damage", &message),
                    "{cell:?}"
                );
            }
            assert!(!is_sound(&cell), "{cell:?}");
        }
        let item = value(&format!("a; {word}"), &rule(list.clone()));
        assert_eq!(item.expect_err(word).message, message);
    }
    assert_eq!(value("#N/A", &listed), Ok(text("none")));
    assert!(value("#REF!", &listed).is_err());
}

#[test]
fn cleaners_work_in_their_order() {
    let all = |words: &[&str]| -> Vec<Cleaner> {
        words
            .iter()
            .map(|word| Cleaner::from_word(word).expect(word))
            .collect()
    };
    for (words, before, after) in [
        (&["trim"][..], "\u{a0} Ana\u{3000}", "Ana"),
        (&["collapse"], "a \u{a0} b\n\nc", "a b c"),
        (&["lowercase"], "ÀB İ", "àb i\u{307}"),
        (&["lower"], "AB", "ab"),
        (&["uppercase"], "straße", "STRASSE"),
        (&["upper"], "ab", "AB"),
        (
            &["title"],
            "ana MARIA o'neil-smith john's",
            "Ana Maria O'Neil-Smith John's",
        ),
        (&["title"], "McDonald van der Berg", "McDonald Van Der Berg"),
        (&["title"], "éric (bob)", "Éric (Bob)"),
        (&["digits"], "+972 (50) 12", "9725012"),
        (&["trim", "collapse", "upper"], "  a  b ", "A B"),
        (&[], " a ", " a "),
    ] {
        assert_eq!(clean(before, &all(words)), after, "{words:?}");
    }
    for (words, text) in [
        ("trim", "a"),
        ("collapse", "a b"),
        ("lower", "a1"),
        ("upper", "A1"),
        ("digits", "12"),
    ] {
        assert!(
            matches!(clean(text, &all(&[words])), Cow::Borrowed(_)),
            "{words}"
        );
    }
    assert!(
        Cleaner::WORDS
            .iter()
            .all(|word| Cleaner::from_word(word).is_some())
    );
    assert_eq!(Cleaner::from_word("Trim"), None);
    let blank = Rule {
        clean: all(&["digits"]),
        lookup: None,
        kind: israeli(),
    };
    assert_eq!(value("none", &blank), Ok(Coerced::Blank));
}

#[test]
fn yes_and_no_are_declared_words() {
    let plain = Kind::Boolean {
        yes: Vec::new(),
        no: Vec::new(),
    };
    becomes_json(
        &plain,
        &[("true", "true"), ("TRUE", "true"), (" False ", "false")],
    );
    let undeclared = "is neither `true` nor `false`; declare the column's words, as in `true = [\"yes\"]` and `false = [\"no\"]`";
    refused(
        &plain,
        "bad-boolean",
        &[
            ("WAHR", undeclared),
            ("yes", undeclared),
            ("1", undeclared),
            ("אמת", undeclared),
        ],
    );
    let declared = Kind::Boolean {
        yes: texts(&["yes", "כן"]),
        no: texts(&["No", "0"]),
    };
    becomes_json(
        &declared,
        &[
            ("YES", "true"),
            ("כן", "true"),
            ("no", "false"),
            ("0", "false"),
        ],
    );
    refused(
        &declared,
        "bad-boolean",
        &[(
            "true",
            "is neither yes (`yes`, `כן`) nor no (`No`, `0`); add the word to `true` or `false` in the mapping",
        )],
    );
}

#[test]
fn choices_are_the_providers_own_words() {
    let kind = Kind::Enum {
        values: texts(&["lead", "Customer", "customer"]),
        codes: Vec::new(),
    };
    becomes(
        &kind,
        &[
            ("LEAD", "lead"),
            ("customer", "customer"),
            ("CUSTOMER", "Customer"),
        ],
    );
    refused(
        &kind,
        "bad-choice",
        &[
            (
                "Costumer",
                "is none of `lead`, `Customer`, `customer`; did you mean `customer`?",
            ),
            (
                "x",
                "is none of `lead`, `Customer`, `customer`; say what it means with `lookup`",
            ),
        ],
    );
}

#[test]
fn lists_and_objects_become_json() {
    let split = Kind::List {
        split: Some(";".to_owned()),
        each: Some(6),
        among: Vec::new(),
    };
    becomes_json(
        &split,
        &[
            ("a; b ;;a;c\"d", r#"["a","b","c\"d"]"#),
            ("VIP", r#"["VIP"]"#),
            ("שלום;007", r#"["שלום","007"]"#),
        ],
    );
    assert_eq!(value(" ; ;", &rule(split.clone())), Ok(Coerced::Blank));
    refused(
        &split,
        "too-long",
        &[(
            "a;longest",
            "`longest` has 7 characters and the field takes 6; shorten it",
        )],
    );
    let whole = Kind::List {
        split: None,
        each: None,
        among: Vec::new(),
    };
    becomes_json(&whole, &[(" a;b ", r#"["a;b"]"#)]);
    becomes_json(
        &Kind::Object,
        &[
            ("{}", "{}"),
            (
                "{ \"b\" : [1.50, 1e5,\n true, null], \"a\": { \"x y\": \"c : \\\" d\" } }",
                "{\"b\":[1.50,1e5,true,null],\"a\":{\"x y\":\"c : \\\" d\"}}",
            ),
            (
                "{\"n\":18446744073709551615}",
                "{\"n\":18446744073709551615}",
            ),
        ],
    );
    let digits =
        "holds a number with more digits than other programs keep; write it as text, in quotes";
    refused(
        &Kind::Object,
        "bad-object",
        &[
            (
                "[1]",
                "is no JSON object; write it as in `{\"key\": \"value\"}`",
            ),
            (
                "{\"a\":1,\"a\":2}",
                "is no JSON object: the key `a` stands twice at line 1 column 13",
            ),
            (
                "{\"$serde_json::private::RawValue\":\"1\"}",
                "is no JSON object: the key `$serde_json::private::RawValue` cannot be sent at line 1 column 38",
            ),
            ("{\"a\":123456789012345678901}", digits),
            ("{\"a\":[0.12345678901234567891]}", digits),
            (
                "{\"a\":1} x",
                "is no JSON object: trailing characters at line 1 column 9",
            ),
        ],
    );
    for cell in [
        "{'a':1}".to_owned(),
        "{\"a\":1e999}".to_owned(),
        "{\"a\":\"\\ud800\"}".to_owned(),
        format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000)),
    ] {
        let refusal = value(&cell, &rule(Kind::Object)).expect_err("broken");
        assert_eq!(refusal.code, "bad-object");
    }
}

#[test]
fn a_mark_for_text_is_refused_where_a_value_is_typed_and_goes_where_the_mapping_says() {
    let kinds = [
        Kind::Phone { region: None },
        Kind::Email,
        Kind::Integer { format: None },
        Kind::Date {
            format: None,
            out: DateOut::Iso,
        },
        Kind::Boolean {
            yes: Vec::new(),
            no: Vec::new(),
        },
    ];
    let good = [
        "+972501234567",
        "dana@example.com",
        "123",
        "2024-11-25",
        "true",
    ];
    for (kind, good) in kinds.into_iter().zip(good) {
        let stripping = Rule {
            clean: vec![Cleaner::TextMarker],
            ..rule(kind.clone())
        };
        let plain = value(good, &rule(kind.clone())).expect(good);
        for marked in [
            format!("'{good}"),
            format!("=\"{good}\""),
            format!("=\\\"{good}\\\""),
        ] {
            let refusal = value(&marked, &rule(kind.clone())).expect_err(&marked);
            assert_eq!(refusal.code, "spreadsheet-damage");
            assert_eq!(
                refusal.message,
                format!(
                    "`{marked}` has a spreadsheet's mark for text around it; take it away with `clean = \
                     [\"text-marker\"]` in the mapping"
                )
            );
            assert_eq!(value(&marked, &stripping).as_ref(), Ok(&plain), "{marked}");
        }
    }
}
