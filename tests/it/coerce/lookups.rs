//! Tables that say what the texts of cells mean.

use contact_sync::mapping::clean::Cleaner;
use contact_sync::mapping::coerce::{Coerced, Kind, Lookup, Rule};

use super::{TEXT, json, text, value};

#[test]
fn a_lookup_says_what_a_text_means() {
    let rule = Rule {
        clean: vec![Cleaner::Lowercase],
        lookup: Some(Lookup::new([("israel ", "IL"), ("n/a", ""), ("#n/a", " ")])),
        kind: Kind::Country { allowed: None },
    };
    assert_eq!(value(" Israel ", &rule), Ok(text("IL")));
    assert_eq!(value("N/A", &rule), Ok(Coerced::Blank));
    assert_eq!(value("#N/A", &rule), Ok(Coerced::Blank));
    let refusal = value("Isreal", &rule).expect_err("unknown");
    assert_eq!(refusal.code, "not-in-lookup");
    assert_eq!(
        refusal.message,
        "`isreal` is not in the field's `lookup`, which has `israel`, `n/a`, `#n/a`; add it there"
    );
    let many = Rule {
        clean: Vec::new(),
        lookup: Some(Lookup::new((1..=7).map(|n| (n.to_string(), "x")))),
        kind: TEXT,
    };
    assert_eq!(
        value("8", &many).expect_err("unknown").message,
        "`8` is not in the field's `lookup`, which has `1`, `2`, `3`, `4`, `5` and 2 more; add it there"
    );
    let tags = Rule {
        clean: Vec::new(),
        lookup: Some(Lookup::new([("v", "VIP"), ("x", "")])),
        kind: Kind::List {
            split: Some(",".to_owned()),
            each: None,
            among: Vec::new(),
        },
    };
    assert_eq!(value("v, x ,v", &tags), Ok(json("[\"VIP\"]")));
}

#[test]
fn a_lookup_that_only_says_what_is_nothing_leaves_the_rest_as_it_is() {
    let nothing = |kind| Rule {
        clean: Vec::new(),
        lookup: Some(Lookup::new([("#N/A", ""), ("n/a", " ")])),
        kind,
    };
    let name = nothing(TEXT);
    for (cell, expected) in [
        ("#N/A", Coerced::Blank),
        (" n/a ", Coerced::Blank),
        (" Dana ", text(" Dana ")),
        ("N/A", text("N/A")),
    ] {
        assert_eq!(value(cell, &name), Ok(expected), "{cell}");
    }
    let lower = Rule {
        clean: vec![Cleaner::Lowercase],
        ..name.clone()
    };
    for rule in [&name, &lower] {
        assert_eq!(value("#N/A", rule), Ok(Coerced::Blank));
        let refusal = value("#REF!", rule).expect_err("another one");
        assert_eq!(refusal.code, "spreadsheet-damage");
    }
    let score = nothing(Kind::Integer { format: None });
    assert_eq!(value("n/a", &score), Ok(Coerced::Blank));
    assert_eq!(value("7", &score), Ok(json("7")));
    assert_eq!(value("x", &score).expect_err("none").code, "bad-number");
    let tags = nothing(Kind::List {
        split: Some(";".to_owned()),
        each: None,
        among: Vec::new(),
    });
    assert_eq!(
        value("gold; #N/A ;new", &tags),
        Ok(json("[\"gold\",\"new\"]"))
    );
    let known = nothing(Kind::List {
        split: Some(";".to_owned()),
        each: None,
        among: vec!["gold".to_owned()],
    });
    assert_eq!(value("n/a;gold", &known), Ok(json("[\"gold\"]")));
}
