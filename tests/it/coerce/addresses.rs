//! E-mail and web addresses, ids, countries and time zones.

use contact_sync::mapping::coerce::Kind;
use contact_sync::mapping::country::CODES;
use contact_sync::mapping::id::check_id;
use contact_sync::provider::api::IdKind;

use super::{becomes, refused, rule, texts, value};

#[test]
fn e_mail_addresses() {
    becomes(
        &Kind::Email,
        &[
            ("ana@example.com", "ana@example.com"),
            ("Ana.B+tag@Example.co.il", "Ana.B+tag@Example.co.il"),
            ("o'neil@x.org", "o'neil@x.org"),
            ("jörg@bücher.de", "jörg@bücher.de"),
        ],
    );
    let long = format!("{}@example.com", "a".repeat(250));
    assert_eq!(
        value(&long, &rule(Kind::Email)).expect_err("long").message,
        format!("`{}…` is longer than 254 characters", "a".repeat(60))
    );
    let several = "is not one address; keep one in the cell";
    refused(
        &Kind::Email,
        "bad-email",
        &[
            ("a at b.c", "has no @"),
            ("a@b.co, c@d.ef", several),
            ("a@b.co;", several),
            ("a@b@c.de", several),
            (
                "Ana <ana@b.co>",
                "has a name around it; keep the part between `<` and `>`",
            ),
            ("a b@c.de", "has a blank inside"),
            ("mailto:a@b.co", "holds `:`, which no address has"),
            ("@b.co", "has nothing before the @"),
            ("a.@b.co", "has a dot at an end of the part before the @"),
            ("a@", "has nothing after the @"),
            ("a@localhost", "has no dot after the @"),
            ("a@b..co", "has a dot too many after the @"),
            ("a@b.co.", "has a dot too many after the @"),
            ("a@b_c.de", "holds `_` after the @"),
            ("a@-b.de", "has a dash at an end of a name after the @"),
            (
                "a\u{200b}@b.co",
                "`a\\u{200b}@b.co` holds the character `U+200B`, which nobody can see; delete it, or type the value anew",
            ),
            (
                "a\u{3164}@b.co",
                "`a\\u{3164}@b.co` holds the character `U+3164`, which nobody can see; delete it, or type the value anew",
            ),
            (
                "a@b.co\u{feff}",
                "`a@b.co\\u{feff}` holds the character `U+FEFF`, which nobody can see; delete it, or type the value anew",
            ),
        ],
    );
}

#[test]
fn web_addresses_are_sent_as_written() {
    becomes(
        &Kind::Url,
        &[
            ("https://example.com", "https://example.com"),
            (
                "HTTP://Example.com:8080/a?b=c#d",
                "HTTP://Example.com:8080/a?b=c#d",
            ),
            ("https://דוגמה.co.il/שלום", "https://דוגמה.co.il/שלום"),
        ],
    );
    let scheme = "does not begin with `https://` or `http://`";
    refused(
        &Kind::Url,
        "bad-url",
        &[
            ("example.com", scheme),
            ("http:example.com", scheme),
            ("ftp://example.com", scheme),
            ("javascript:alert(1)//://", scheme),
            ("https:///path", "names no host after `://`"),
            ("https://", "names no host after `://`"),
            ("https://a b.com", "has a blank inside; write it as `%20`"),
            ("https://a\\b", "has a backslash; web addresses have `/`"),
            ("https://[::1", "is no web address: invalid IPv6 address"),
        ],
    );
}

#[test]
fn uuids_and_ids() {
    const UUID: &str = "123e4567-e89b-12d3-a456-426614174000";
    becomes(&Kind::Uuid, &[(UUID, UUID), (&UUID.to_uppercase(), UUID)]);
    let shape =
        "is no UUID; write 32 hexadecimal digits as in `123e4567-e89b-12d3-a456-426614174000`";
    refused(
        &Kind::Uuid,
        "bad-uuid",
        &[
            ("123e4567e89b12d3a456426614174000", shape),
            ("123e4567-e89b-12d3-a456-42661417400g", shape),
        ],
    );
    for (kind, cell, expected) in [
        (IdKind::Digits, " 42\u{a0}", "42"),
        (IdKind::Digits, "1234567890123456789", "1234567890123456789"),
        (IdKind::Uuid, "123E4567-E89B-12D3-A456-426614174000", UUID),
        (
            IdKind::Opaque,
            "ve9EPM428h8vShlRW1KT",
            "ve9EPM428h8vShlRW1KT",
        ),
        (IdKind::Opaque, "../a?b#c%2F", "../a?b#c%2F"),
        (IdKind::Opaque, "007", "007"),
    ] {
        assert_eq!(check_id(cell, kind).as_deref(), Ok(expected));
    }
    let long = "x".repeat(256);
    for (kind, cell, code) in [
        (IdKind::Opaque, " \u{3000}", "missing-id"),
        (IdKind::Opaque, ".", "bad-id"),
        (IdKind::Opaque, "..", "bad-id"),
        (IdKind::Opaque, "a b", "bad-id"),
        (IdKind::Opaque, "a\u{200b}", "bad-id"),
        (IdKind::Opaque, "a\u{0}b", "bad-id"),
        (IdKind::Opaque, "a\r\nb", "bad-id"),
        (IdKind::Opaque, &long, "bad-id"),
        (IdKind::Opaque, "9.7E+11", "spreadsheet-damage"),
        (IdKind::Opaque, "#REF!", "spreadsheet-damage"),
        (IdKind::Digits, "12a", "bad-id"),
        (IdKind::Digits, "-12", "bad-id"),
        (IdKind::Digits, "٣", "bad-id"),
        (IdKind::Digits, "012", "bad-id"),
        (IdKind::Digits, "12345678901234567891", "bad-id"),
        (IdKind::Digits, "9.72771E+11", "spreadsheet-damage"),
        (IdKind::Digits, "12345678901234500", "spreadsheet-damage"),
        (IdKind::Digits, "1234567.0", "spreadsheet-damage"),
        (IdKind::Uuid, "123", "bad-id"),
    ] {
        assert_eq!(check_id(cell, kind).expect_err(cell).code, code, "{cell:?}");
    }
}

#[test]
fn countries_and_time_zones() {
    let plain = Kind::Country { allowed: None };
    becomes(
        &plain,
        &[("IL", "IL"), ("il", "IL"), ("No", "NO"), ("xk", "XK")],
    );
    let names = "is not a country's two letters; write them as in `IL`, or declare what it means, as in `lookup = { \"Israel\" = \"IL\" }`";
    refused(
        &plain,
        "bad-country",
        &[
            ("Israel", names),
            ("ISR", names),
            ("UK", "is no ISO country code; write `GB`"),
            ("ZZ", "is no ISO country code; write two letters as in `IL`"),
        ],
    );
    let allowed = Kind::Country {
        allowed: Some(texts(&["UK", "IL"])),
    };
    becomes(&allowed, &[("uk", "UK"), ("IL", "IL")]);
    refused(
        &allowed,
        "bad-country",
        &[("FR", "is a country that this field does not take")],
    );
    assert!(CODES.is_sorted());
    becomes(
        &Kind::Timezone,
        &[
            ("Asia/Jerusalem", "Asia/Jerusalem"),
            ("america/new_york", "America/New_York"),
            ("utc", "UTC"),
        ],
    );
    let write = "is no IANA time zone; write region and city, as in `Asia/Jerusalem`";
    refused(
        &Kind::Timezone,
        "bad-timezone",
        &[
            ("EST", write),
            ("IST", write),
            ("Israel", write),
            ("GMT+2", write),
            (
                "America/New York",
                "is no IANA time zone; did you mean `America/New_York`?",
            ),
        ],
    );
}
