//! Our own report fed back: its columns are ours, the cells the user's.

use contact_sync::contact::Flaw;
use contact_sync::source::{Told, open_told};

use super::{after_quote, all, cells, file, input, rows, sheet, too_long};

const OURS: &str = "sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message";

#[test]
fn our_own_columns_are_left_out_wherever_they_stand() {
    let sheet =
        sheet(b"sync_line,a,sync_row,b,Sync_row\n1,2,3,4,5\n1,2\n1,2,3,4,5,6\n1,\"x\"y,3\n");
    let sheet = sheet.expect("a good file");
    assert_eq!(sheet.header(), ["a", "b", "Sync_row"]);
    let rows = all(&sheet);
    assert_eq!(
        (cells(&rows[0]), &rows[0].flaw),
        (vec!["2", "4", "5"], &None)
    );
    assert_eq!((cells(&rows[1]), &rows[1].flaw), (vec!["2"], &None));
    assert_eq!(
        (cells(&rows[2]), &rows[2].flaw),
        (vec!["2", "4", "5", "6"], &too_long(4, 3))
    );
    assert_eq!(
        (cells(&rows[3]), &rows[3].flaw),
        (vec!["xy"], &after_quote(0, "\"x\"y"))
    );
}

#[test]
fn a_report_fed_back_has_the_rows_it_was_made_of() {
    let cases: &[(&str, &[&str], Option<Flaw>)] = &[
        ("1,2,3,9,10,invalid,bad-email,b,why", &["1", "2", "3"], None),
        // Too long: the last six are ours, however many come before.
        (
            "1,2,3,4,9,10,invalid,too-long,,why",
            &["1", "2", "3", "4"],
            too_long(4, 3),
        ),
        (
            "1,2,3,,,9,10,invalid,too-long,,why",
            &["1", "2", "3", "", ""],
            too_long(5, 3),
        ),
        (
            "1,\"2\"x,3,9,10,invalid,text-after-quote,b,\"w,y\"",
            &["1", "2x", "3"],
            after_quote(1, "1,\"2\"x,3"),
        ),
        (
            "1,\"2\"x,\"3\n\",4,9,10,invalid,text-after-quote,b,why",
            &["1", "2x", "3\n", "4"],
            after_quote(1, "1,\"2\"x,\"3\n\",4"),
        ),
        // Too short: filled up in the report, short again until somebody fills it or takes the code out.
        ("1,,,9,10,invalid,too-short,b,why", &["1"], None),
        ("1,,,9,10,invalid,too-short,=c,why", &["1", ""], None),
        ("1,,,9,10,invalid,too-short,'=c,why", &["1", ""], None),
        ("1, ,,9,10,invalid,too-short,b,why", &["1"], None),
        ("1,2,,9,10,invalid,too-short,b,why", &["1", "2", ""], None),
        ("1,,3,9,10,invalid,too-short,b,why", &["1", "", "3"], None),
        ("1,,,9,10,invalid,,b,why", &["1", "", ""], None),
        // The name is escaped, or spelled as the mapping spells it.
        ("1,,,9,10,invalid,too-short,d,why", &["1"], None),
        ("1,,3,9,10,invalid,too-short,d,why", &["1", "", "3"], None),
        ("1,", &["1", ""], None),
    ];
    for (record, own, flaw) in cases {
        let rows = rows(&format!("a,b,=c,{OURS}\n{record}\n"));
        assert_eq!(
            (cells(&rows[0]), &rows[0].flaw),
            (own.to_vec(), flaw),
            "{record}"
        );
    }
}

#[test]
fn what_a_spreadsheet_adds_to_make_all_rows_as_wide_is_no_column() {
    // One row was too long by two cells when the report was written, so that a spreadsheet gives every row two more.
    let cases: &[(&str, &[&str], Option<Flaw>)] = &[
        ("1,2,9,10,invalid,bad-email,b,why,,", &["1", "2"], None),
        ("1,,9,10,invalid,too-short,b,why,,", &["1"], None),
        (
            "1,2,3,9,10,invalid,too-many,,why,",
            &["1", "2", "3"],
            too_long(3, 2),
        ),
        (
            "1,2,3,,9,10,invalid,too-many,,why",
            &["1", "2", "3", ""],
            too_long(4, 2),
        ),
        (
            "1,2,9,10,invalid,too-many,,why,x,",
            &["1", "2", "9"],
            too_long(3, 2),
        ),
    ];
    for (record, own, flaw) in cases {
        let sheet = sheet(format!("a,b,{OURS},,\n{record}\n").as_bytes()).expect("a sound file");
        assert_eq!(sheet.header(), ["a", "b"]);
        let rows = all(&sheet);
        assert_eq!(
            (cells(&rows[0]), &rows[0].flaw),
            (own.to_vec(), flaw),
            "{record}"
        );
    }
}

#[test]
fn a_damaged_record_in_other_quotes_is_as_damaged_in_the_report() {
    let cases: &[(&str, &str)] = &[
        ("'Tel'Aviv;2", "\"Tel\"Aviv;\"2\""),
        ("'a;b'c;\"d", "\"a;b\"c;\"\"\"d\""),
        ("'it''s \"x\"'y;", "\"it's \"\"x\"\"\"y;\"\""),
        ("'ab'\"\";2", "\"ab\" \"\";\"2\""),
        ("'ab'\"x;2", "\"ab\" \"x;\"2\""),
    ];
    for (record, raw) in cases {
        let file = file(format!("a;b\n{record}\n").as_bytes());
        let told = Told::default().quote("'").expect("a quote");
        let sheet = open_told(&input(file.path()), &told).expect("a sound file");
        let flaw = all(&sheet).remove(0).flaw;
        assert_eq!(flaw, after_quote(0, raw), "{record}");
        // Read in the report's quotes, it is refused for the same reason.
        assert_eq!(rows(&format!("a;b\n{raw}\n"))[0].flaw, flaw);
    }
}
