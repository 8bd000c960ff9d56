//! What holds for every cell.

use contact_sync::contact::plain::is_sound;
use contact_sync::mapping::clean::Cleaner;
use contact_sync::mapping::coerce::{Coerced, Kind, Rule, coerce, coerce_sound};
use contact_sync::mapping::date::DateOut;
use contact_sync::mapping::id::check_id;
use contact_sync::provider::api::IdKind;
use proptest::prelude::*;

use super::dates::date_as;
use super::phones::{israeli, phone_in};
use super::{TEXT, every_kind, rule, text, value};

/// Texts that come near to what the kinds read.
fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        r"[+\-0-9 ().,eE/:TZ\u{a0}\u{200b}]{0,24}",
        r"\+[1-9][0-9]{2,16}",
        r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?",
        r"[a-zא-ת.]{1,8}@[a-z.\-]{1,12}",
        r#"\{[{}\[\]":,0-9eE.a "\\]{0,20}\}"#,
        "[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9A-F]{4}-[0-9a-f]{12}",
        "[a-zA-Z]{2}",
        "(https?)?:?//.{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_panics_and_json_is_json(cell in cells()) {
        for kind in every_kind() {
            let rule = rule(kind);
            match coerce(&cell, &rule) {
                Ok(Coerced::Json(json)) => {
                    prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
                }
                Ok(_) => {}
                Err(refusal) => {
                    prop_assert!(!refusal.code.is_empty());
                    prop_assert!(refusal.message.chars().count() < 1500);
                    prop_assert!(!refusal.message.chars().any(char::is_control), "{:?}", refusal.message);
                }
            }
        }
        for kind in [IdKind::Digits, IdKind::Uuid, IdKind::Opaque] {
            if let Ok(id) = check_id(&cell, kind) {
                let again = check_id(&id, kind);
                prop_assert_eq!(again.as_deref(), Ok(&*id));
            }
        }
    }

    #[test]
    fn a_quick_look_says_what_a_closer_one_says(cell in cells(), short in "[ -~]{1,12}", max in 0..12usize) {
        for kind in every_kind().into_iter().chain([Kind::Text { max: Some(max) }]) {
            let rule = rule(kind);
            for cell in [&cell, &short] {
                let most = rule.as_it_stands().unwrap_or_default();
                if is_sound(cell) && (1..=most).contains(&cell.len()) {
                    prop_assert_eq!(coerce(cell, &rule), Ok(text(cell)));
                }
                if is_sound(cell) {
                    prop_assert_eq!(coerce_sound(cell, &rule), coerce(cell, &rule));
                }
                // Whatever is to be cleaned goes the longer way.
                let (clean, trimmed) = (vec![Cleaner::Trim], cell.trim());
                let cleaned = Rule { clean, ..rule.clone() };
                prop_assert_eq!(coerce(trimmed, &cleaned), coerce(trimmed, &rule));
            }
        }
        let odd = short.starts_with([' ', '#', '\'', '=']) || short.starts_with("Err");
        prop_assert_eq!(is_sound(&short), !odd);
    }

    #[test]
    fn text_is_never_changed(cell in "[^\\p{Cc}]{0,40}|[+0][0-9]{0,30}") {
        let rule = rule(TEXT);
        match coerce(&cell, &rule) {
            Ok(Coerced::Text(same)) => prop_assert_eq!(&*same, &*cell),
            other => prop_assert!(other == Ok(Coerced::Blank) && cell.trim().is_empty()),
        }
    }

    #[test]
    fn what_was_read_once_is_read_the_same_again(cell in cells()) {
        for kind in [
            Kind::Email, israeli(), phone_in("US"), Kind::Phone { region: None }, Kind::Uuid, Kind::Url,
            Kind::Country { allowed: None }, Kind::Timezone, Kind::Time { format: None },
            Kind::Integer { format: None }, Kind::Object,
            Kind::DateTime { format: None, out: DateOut::Iso },
        ] {
            let rule = rule(kind);
            if let Ok(first @ (Coerced::Text(_) | Coerced::Json(_))) = value(&cell, &rule) {
                let (Coerced::Text(once) | Coerced::Json(once)) = &first else { unreachable!() };
                prop_assert_eq!(value(once, &rule), Ok(first.clone()));
            }
        }
    }

    #[test]
    fn every_day_survives_its_format(days in 0..300_000_i64) {
        let day = jiff::civil::date(1600, 1, 1) + jiff::SignedDuration::from_hours(24 * days);
        for format in ["%d/%m/%Y", "%m-%d-%Y", "%Y.%m.%d", "%e %b %Y", "%A, %d %B %Y", "%Y%m%d"] {
            let written = jiff::fmt::strtime::format(format, day).expect(format);
            prop_assert_eq!(value(&written, &rule(date_as(format))), Ok(text(&day.to_string())));
        }
    }

    #[test]
    fn a_list_comes_back(items in prop::collection::vec("[^;\\p{Cc}]{0,8}", 0..6)) {
        let split = Kind::List { split: Some(";".to_owned()), each: None, among: Vec::new() };
        let mut expected: Vec<String> = Vec::new();
        for item in &items {
            let item = item.trim().to_owned();
            if !item.is_empty() && !expected.contains(&item) {
                expected.push(item);
            }
        }
        match coerce(&items.join(";"), &rule(split)) {
            Ok(Coerced::Json(json)) => {
                prop_assert_eq!(serde_json::from_str::<Vec<String>>(&json).ok(), Some(expected));
            }
            Ok(other) => prop_assert!(other == Coerced::Blank && expected.is_empty()),
            Err(refusal) => prop_assert_eq!(refusal.code, "spreadsheet-damage"),
        }
    }

    #[test]
    fn national_phones_are_the_international_ones(number in "5[0-9]{8}") {
        let international = format!("+972{number}");
        prop_assert_eq!(value(&format!("0{number}"), &rule(israeli())), Ok(text(&international)));
        prop_assert_eq!(value(&international, &rule(israeli())), Ok(text(&international)));
    }
}
