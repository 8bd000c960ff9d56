//! Dates, moments and times of day.

use contact_sync::mapping::coerce::Kind;
use contact_sync::mapping::date::DateOut;
use contact_sync::mapping::date_format::{DateFormat, DateTimeFormat, TimeFormat};

use super::{becomes, refused};

pub(super) const DATE: Kind = Kind::Date {
    format: None,
    out: DateOut::Iso,
};

pub(super) fn date_as(format: &str) -> Kind {
    Kind::Date {
        format: Some(DateFormat::new(format).expect(format)),
        out: DateOut::Iso,
    }
}

pub(super) fn moment_as(format: &str, zone: Option<&str>) -> Kind {
    Kind::DateTime {
        format: Some(DateTimeFormat::new(format, zone).expect(format)),
        out: DateOut::Iso,
    }
}

#[test]
fn dates_need_a_declared_format() {
    becomes(&DATE, &[("2024-02-29", "2024-02-29")]);
    let declare = "is not a date as in `2024-11-25`; declare how the column is written, as in `format = \"%d/%m/%Y\"`";
    let serial = "is a spreadsheet's own number for a date; format the column as a date there and export again";
    refused(
        &DATE,
        "bad-date",
        &[
            ("03/04/2021", declare),
            ("2021-4-3", declare),
            ("2021-04-03T00:00:00Z", declare),
            ("44259", serial),
            ("2023-02-29", "is a day that does not exist"),
            (
                "4.4259E+04",
                "is a number that a spreadsheet shortened, not a date; export again",
            ),
        ],
    );
    becomes(
        &date_as("%d/%m/%Y"),
        &[
            ("03/04/2021", "2021-04-03"),
            ("3/4/2021", "2021-04-03"),
            // A real date of a spreadsheet arrives in ISO.
            ("2021-04-03", "2021-04-03"),
        ],
    );
    becomes(&date_as("%d/%m/%y"), &[("2045-04-03", "2045-04-03")]);
    // Where the format has the same shape, it alone counts.
    becomes(&date_as("%Y-%d-%m"), &[("2021-04-03", "2021-03-04")]);
    refused(
        &date_as("%Y-%d-%m"),
        "bad-date",
        &[(
            "2021-04-13",
            "does not fit the declared `format = \"%Y-%d-%m\"`, or is a day that does not exist",
        )],
    );
    becomes(&date_as("%m/%d/%Y"), &[("03/04/2021", "2021-03-04")]);
    becomes(&date_as("%Y%m%d"), &[("20210403", "2021-04-03")]);
    becomes(&date_as("%d %B %Y"), &[("3 april 2021", "2021-04-03")]);
    becomes(&date_as("%Y年%m月%d日"), &[("2021年4月3日", "2021-04-03")]);
    becomes(
        &date_as("%d.%m.%y"),
        &[("03.04.21", "2021-04-03"), ("03.04.69", "1969-04-03")],
    );
    let misfit =
        "does not fit the declared `format = \"%d/%m/%Y\"`, or is a day that does not exist";
    refused(
        &date_as("%d/%m/%Y"),
        "bad-date",
        &[
            ("31/02/2021", misfit),
            ("03/04/2021 00:00", misfit),
            ("13/13/2021", misfit),
            ("03/04/20211", misfit),
            ("44259", serial),
            ("44259.5", serial),
            (
                "03/04/21",
                "would be in the year 21; write the year with four digits, or declare `%y` where it has two",
            ),
        ],
    );
    refused(
        &date_as("%d/%m/%y"),
        "bad-date",
        &[
            (
                "03/04/55",
                "can be in the year 1955 or 2055; write the year with four digits",
            ),
            (
                "03/04/2021",
                "does not fit the declared `format = \"%d/%m/%y\"`, or is a day that does not exist",
            ),
        ],
    );
    let seconds = Kind::Date {
        format: None,
        out: DateOut::EpochSeconds,
    };
    becomes(
        &seconds,
        &[("1970-01-02", "86400"), ("1969-12-31", "-86400")],
    );
}

#[test]
fn a_format_that_cannot_tell_a_date_is_a_mistake() {
    let unknown =
        "is not known; days, months and years are `%d`, `%m`, `%Y`, hours and minutes `%H`, `%M`";
    for (format, expected) in [
        (
            "%d/%m",
            "`%d/%m` does not tell day, month and year".to_owned(),
        ),
        (
            "%H:%M",
            "`%H:%M` does not tell day, month and year".to_owned(),
        ),
        (
            "DD/MM/YYYY",
            "`DD/MM/YYYY` names no part of a date; write it with `%`, as in `%d/%m/%Y`".to_owned(),
        ),
        ("%d/%m/%Y %Q", format!("`%Q` in `%d/%m/%Y %Q` {unknown}")),
        ("%20Y", format!("`%2` in `%20Y` {unknown}")),
        ("%d/%m/%", "`%d/%m/%` ends after `%`".to_owned()),
    ] {
        assert_eq!(DateFormat::new(format).expect_err(format), expected);
    }
    assert!(TimeFormat::new("%I:%M").is_err());
    for (format, zone, expected) in [
        (
            "%d/%m/%Y %H:%M",
            None,
            "`%d/%m/%Y %H:%M` does not tell the offset from UTC; declare `zone`, as in `zone = \"Asia/Jerusalem\"`",
        ),
        (
            "%d/%m/%Y",
            Some("UTC"),
            "`%d/%m/%Y` does not tell day, month, year, hour and minute",
        ),
        (
            "%d/%m/%Y %H:%M",
            Some("EST"),
            "`EST` is no IANA time zone; write region and city, as in `Asia/Jerusalem`",
        ),
    ] {
        assert_eq!(
            DateTimeFormat::new(format, zone).expect_err(format),
            expected
        );
    }
}

#[test]
fn moments_are_rfc_3339_or_declared() {
    let plain = Kind::DateTime {
        format: None,
        out: DateOut::Iso,
    };
    becomes(
        &plain,
        &[
            ("2024-11-25T13:45:00Z", "2024-11-25T13:45:00Z"),
            (
                "2024-11-25T13:45:00.250+02:00",
                "2024-11-25T13:45:00.250+02:00",
            ),
            ("2024-11-25t13:45:00z", "2024-11-25T13:45:00Z"),
            ("2024-11-25 13:45:00-05:30", "2024-11-25T13:45:00-05:30"),
        ],
    );
    let declare = "is not a moment as in `2024-11-25T13:45:00+02:00`; declare how the column is written, as in `format = \"%d/%m/%Y %H:%M\"` with its `zone`";
    refused(
        &plain,
        "bad-datetime",
        &[
            ("2024-11-25T13:45:00", declare),
            ("2024-11-25", declare),
            ("25/11/2024 13:45", declare),
            ("2024-11-25T13:45:60Z", declare),
            ("2024-11-31T13:45:00Z", "is a moment that does not exist"),
            ("2024-11-25T24:45:00Z", "is a moment that does not exist"),
            (
                "44259.5",
                "is a spreadsheet's own number for a date; format the column as a date there and export again",
            ),
        ],
    );
    becomes(
        &moment_as("%d/%m/%Y %H:%M", Some("asia/jerusalem")),
        &[
            ("25/11/2024 13:45", "2024-11-25T13:45:00+02:00"),
            ("25/07/2024 13:45", "2024-07-25T13:45:00+03:00"),
            ("2024-11-25T13:45:00Z", "2024-11-25T13:45:00Z"),
            // Cells of a spreadsheet that are real moments, in the declared zone.
            ("2024-11-25T13:45:07", "2024-11-25T13:45:07+02:00"),
            ("2024-07-25", "2024-07-25T00:00:00+03:00"),
        ],
    );
    let twice = "stands in the hour in which the clocks are changed, so it is no moment or two; write it with its offset, as in `2024-10-27T01:30:00+02:00`";
    refused(
        &moment_as("%d/%m/%Y %H:%M", Some("Asia/Jerusalem")),
        "bad-datetime",
        &[("27/10/2024 01:30", twice), ("29/03/2024 02:30", twice)],
    );
    becomes(
        &moment_as("%d/%m/%Y %H:%M %z", None),
        &[("25/11/2024 13:45 +0200", "2024-11-25T13:45:00+02:00")],
    );
    becomes(
        &moment_as("%s", None),
        &[("1732542300", "2024-11-25T13:45:00Z")],
    );
    let seconds = Kind::DateTime {
        format: Some(
            DateTimeFormat::new("%Y-%m-%d %H:%M", Some("Asia/Jerusalem")).expect("format"),
        ),
        out: DateOut::EpochSeconds,
    };
    becomes(
        &seconds,
        &[
            ("2024-11-25 13:45", "1732535100"),
            ("2024-11-25T13:45:00.9Z", "1732542300"),
            ("1969-12-31T23:59:59.5Z", "-1"),
        ],
    );
}

#[test]
fn times_of_day() {
    let plain = Kind::Time { format: None };
    becomes(
        &plain,
        &[("09:30", "09:30"), ("23:59", "23:59"), ("00:00", "00:00")],
    );
    let declare = "is not a time of day as in `09:30`; declare how the column is written, as in `format = \"%I:%M %p\"`";
    refused(
        &plain,
        "bad-time",
        &[
            ("9:30", declare),
            ("24:00", declare),
            ("12:60", declare),
            ("9:30 PM", declare),
        ],
    );
    let declared = |format| Kind::Time {
        format: Some(TimeFormat::new(format).expect(format)),
    };
    becomes(
        &declared("%I:%M %p"),
        &[
            ("9:30 PM", "21:30"),
            ("12:05 am", "00:05"),
            ("09:30", "09:30"),
        ],
    );
    becomes(&declared("%H:%M:%S"), &[("9:30:00", "09:30")]);
    refused(
        &declared("%H:%M:%S"),
        "bad-time",
        &[("9:30:15", "has seconds, which this field does not take")],
    );
}
