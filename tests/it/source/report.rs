//! Our own report fed back: its columns are ours, the cells the user's.

use contact_sync::contact::Flaw;

use super::{after_quote, all, cells, rows, sheet, too_long};

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
