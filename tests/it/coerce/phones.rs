//! Phone numbers.

use contact_sync::mapping::coerce::Kind;
use contact_sync::mapping::phone::{Region, phone};
use phonenumber::metadata::DATABASE;

use super::{becomes, refused};

pub(super) fn israeli() -> Kind {
    Kind::Phone {
        region: Region::from_code("IL"),
    }
}

pub(super) fn phone_in(region: &str) -> Kind {
    Kind::Phone {
        region: Region::from_code(region),
    }
}

#[test]
fn phones_become_e164() {
    let plain = Kind::Phone { region: None };
    becomes(
        &plain,
        &[
            ("+972501234567", "+972501234567"),
            ("+972 50-123-4567", "+972501234567"),
            ("+972 (0)50 123 4567", "+972501234567"),
            ("+44 (0)20 7946 0000", "+442079460000"),
            ("+39 02 3661 8300", "+390236618300"),
            ("+1 (212) 456.7890", "+12124567890"),
            ("+49 30/123456", "+4930123456"),
            (
                "\u{ff0b}972\u{2011}50\u{2013}123\u{a0}4567",
                "+972501234567",
            ),
            ("+800 1234 5678", "+80012345678"),
        ],
    );
    becomes(
        &israeli(),
        &[
            ("0501234567", "+972501234567"),
            ("050-123-4567", "+972501234567"),
            ("501234567", "+972501234567"),
            ("972501234567", "+972501234567"),
            ("00972501234567", "+972501234567"),
            ("0014155552671", "+14155552671"),
            ("+14155552671", "+14155552671"),
        ],
    );
    becomes(
        &phone_in("RU"),
        &[
            ("8 800 555 35 35", "+78005553535"),
            ("8 (916) 123-45-67", "+79161234567"),
        ],
    );
    becomes(&phone_in("AR"), &[("011 15-1234-5678", "+5491112345678")]);
    becomes(&phone_in("it"), &[("02 3661 8300", "+390236618300")]);
    becomes(
        &phone_in("US"),
        &[
            ("(212) 456-7890", "+12124567890"),
            ("1-212-456-7890", "+12124567890"),
        ],
    );
    // Written out with its `+`, a number is believed when no length speaks against it: lists of ranges lag behind.
    becomes(
        &Kind::Phone { region: None },
        &[
            ("+44200629647", "+44200629647"),
            ("+97250123456", "+97250123456"),
        ],
    );
    assert!(Region::from_code("XX").is_none());
    assert!(Region::from_code("Israel").is_none());
}

#[test]
fn a_phone_that_is_not_clear_is_refused() {
    let plain = Kind::Phone { region: None };
    let no_code = "has no country code; declare `region` in the mapping, as in `region = \"IL\"`, or write it as +972…";
    let invalid = "is no valid phone number of its country; correct it";
    refused(
        &plain,
        "bad-phone",
        &[
            ("0501234567", no_code),
            ("972501234567", no_code),
            (
                "00972501234567",
                "begins with `00` instead of `+`; write it as +972501234567, or declare `region` in the mapping",
            ),
            ("+9725012345678", invalid),
            ("+12530000", invalid),
            (
                "+999123456",
                "begins with no country's code; correct what follows the `+`",
            ),
            (
                "+0097250123456",
                "begins with `+0`; no country's code begins with a zero",
            ),
            (
                "++972501234567",
                "has a `+` inside; keep one number in the cell",
            ),
            (
                "+9725012345671234567",
                "has 19 digits and a phone number has at most 15; keep one number in the cell",
            ),
            (
                "+972501234567, +972501234568",
                "holds `,`; keep one number in the cell",
            ),
            (
                "+972501234567 / 8",
                "holds `/`; keep one number in the cell",
            ),
            (
                "+1-800-FLOWERS",
                "holds the letter `F`; write the number in digits",
            ),
            (
                "+1 212 456 7890 x12",
                "has an extension, which no field for phones takes; delete it",
            ),
            (
                "+1 212 456 7890 ext. 12",
                "has an extension, which no field for phones takes; delete it",
            ),
            ("*2345", "holds `*`, which is no part of a phone number"),
            ("+٩٧٢٥٠١٢٣٤٥٦٧", "has other digits than 0 to 9"),
            ("12", "is too short for a phone number"),
            (
                "\u{202a}+972501234567\u{202c}",
                "`\\u{202a}+972501234567\\u{202c}` holds the character `U+202A`, which nobody can see; delete it, or type the value anew",
            ),
        ],
    );
    refused(
        &plain,
        "spreadsheet-damage",
        &[
            (
                "9.72771E+11",
                "was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet and export again",
            ),
            (
                "9,72771E+11",
                "was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet and export again",
            ),
            (
                "972501234567000000",
                "is a long number that ends in zeros, as after rounding by a spreadsheet; take it anew from where it came from",
            ),
            (
                "972501234567.0",
                "was turned into a decimal number on the way; format the column as text and export again",
            ),
        ],
    );
    refused(
        &israeli(),
        "bad-phone",
        &[(
            "05012345",
            "is no valid phone number in `IL`; correct it, or write it with `+` and the country's code",
        )],
    );
    refused(
        &phone_in("DE"),
        "bad-phone",
        &[(
            "4915123456789",
            "can be read as +494915123456789 and as +4915123456789; write it with `+` and the country's code",
        )],
    );
    // Another country's number that a spreadsheet took the `+` from fits the shape of long numbers here and there.
    refused(
        &israeli(),
        "bad-phone",
        &[(
            "12125550142",
            "can be read as +97212125550142 and as +12125550142; write it with `+` and the country's code",
        )],
    );
    refused(
        &phone_in("DE"),
        "bad-phone",
        &[
            (
                "12125550142",
                "can be read as +4912125550142 and as +12125550142; write it with `+` and the country's code",
            ),
            (
                "447911123456",
                "can be read as +49447911123456 and as +447911123456; write it with `+` and the country's code",
            ),
        ],
    );
    // What is written as at home is at home: with the zero in front, as a mobile, or short.
    becomes(
        &phone_in("DE"),
        &[
            ("0447 911123456", "+49447911123456"),
            ("15123456789", "+4915123456789"),
            ("3012345678", "+493012345678"),
        ],
    );
    becomes(&phone_in("RU"), &[("84951234567", "+74951234567")]);
    becomes(&phone_in("BR"), &[("4532231234", "+554532231234")]);
}

/// Every example of every plan: written with `+` it stays, written for its own region it is found.
#[test]
fn every_countrys_numbers_are_understood() {
    let mut unclear = 0;
    for plan in DATABASE.iter() {
        let Some(region) = Region::from_code(plan.id()) else {
            continue;
        };
        let all = plan.descriptors();
        let kinds = [
            all.mobile(),
            all.fixed_line(),
            all.toll_free(),
            all.voip(),
            all.uan(),
        ];
        for example in kinds
            .into_iter()
            .flatten()
            .filter_map(|kind| kind.example())
        {
            let expected = format!("+{}{example}", plan.country_code());
            let dialled = format!("{}{example}", plan.national_prefix().unwrap_or_default());
            assert_eq!(
                phone(&expected, None).as_deref(),
                Ok(&*expected),
                "{region:?}"
            );
            assert_eq!(
                phone(&dialled, Some(region)).as_deref(),
                Ok(&*expected),
                "{region:?}"
            );
            assert_eq!(
                phone(example, Some(region)).as_deref(),
                Ok(&*expected),
                "{region:?}"
            );
            // Without its `+` it may be another number too; then it is refused, never the other number.
            match phone(&expected[1..], Some(region)) {
                Ok(found) => assert_eq!(found, expected, "{region:?}"),
                Err(refusal) => {
                    assert!(refusal.message.contains("can be read as"), "{refusal:?}");
                    unclear += 1;
                }
            }
        }
    }
    assert!(
        unclear < 30,
        "{unclear} numbers are unclear without their `+`"
    );
}
