//! `errors.csv`: the user's cells unchanged, and fit to be fed back.

use std::io::Write;
use std::{fs, iter};

use contact_sync::contact::{Fate, Flaw, Outcome, Row, Verdict};
use contact_sync::report::errors::{Errors, Layout};
use contact_sync::source::{Input, open};
use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::{directory, invalid, layout, row, somewhere};

/// Writes rows with their verdicts and gives back `errors.csv`.
fn errors(layout: Layout, rows: &[(Row, Verdict)]) -> String {
    let place = somewhere();
    let mut errors = Errors::new(&directory(&place), layout);
    for (row, verdict) in rows {
        errors
            .hear(row, &Outcome::unsent(row, verdict.clone()))
            .expect("heard");
    }
    match errors.finish().expect("finished") {
        Some(path) => fs::read_to_string(path).expect("readable"),
        None => String::new(),
    }
}

/// What the source room makes of a file: how it is written, and its rows.
fn read_in(text: &str) -> (Layout, Vec<Row>) {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("room for it");
    let input = open(&Input::Path(file.path().to_owned())).expect(text);
    let layout = Layout {
        header: input.header().to_vec(),
        delimiter: input.facts().delimiter,
        bom: input.facts().bom,
    };
    let mut rows = input.rows().expect("a second pass");
    let all = iter::from_fn(|| {
        let mut row = Row::default();
        rows.read(&mut row)
            .expect("what was checked")
            .then_some(row)
    });
    (layout, all.collect())
}

/// A verdict that depends on nothing but the row.
fn judged(row: Row, fate: Fate) -> (Row, Verdict) {
    let columns = ["One", "Two", "Three"];
    let verdict = match (&row.flaw, columns.get(row.len())) {
        (Some(Flaw::TooLong { cells, .. }), _) => invalid("too-long", &format!("{cells} cells")),
        (Some(Flaw::TextAfterQuote { column, .. }), _) => {
            invalid("text-after-quote", "no").about(columns[*column % 3])
        }
        (None, Some(missing)) => invalid("too-short", "it ends too soon").about(*missing),
        (None, None) => Verdict::because(fate, "reason", "no, \"never\";\tor not"),
    };
    (row, verdict)
}

#[test]
fn errors_are_absent_when_no_row_needs_a_person() {
    let fine = [
        Fate::Updated,
        Fate::Created,
        Fate::Unchanged,
        Fate::Skipped,
        Fate::Pending,
        Fate::Valid,
    ];
    let rows = fine.map(|fate| (row(1, 2, &["Ann"]), Verdict::plain(fate)));
    assert_eq!(errors(layout(&["Name"]), &rows), "");
}

#[test]
fn errors_give_the_users_cells_back_unchanged_in_the_inputs_own_dress() {
    let layout = Layout {
        delimiter: b';',
        bom: true,
        ..layout(&["Name", "Say \"hi\";", ""])
    };
    let rows = [
        (
            row(7, 9, &["=1+1", "a;b\n\"c\" ", " +1,5"]),
            invalid("bad-phone", "=1; no, `1` is short").about("Phone"),
        ),
        (row(8, 11, &["Ann", "", ""]), Verdict::plain(Fate::Updated)),
        (row(9, 12, &["", "", "x"]), Verdict::plain(Fate::Unknown)),
    ];
    assert_eq!(
        errors(layout, &rows),
        concat!(
            "\u{feff}Name;\"Say \"\"hi\"\";\";;sync_row;sync_line;sync_outcome;sync_code;sync_field;sync_message\n",
            "=1+1;\"a;b\n\"\"c\"\" \"; +1,5;7;9;invalid;bad-phone;Phone;\"'=1; no, `1` is short\"\n",
            ";;x;9;12;unknown;;;\n",
        )
    );
}

#[test]
fn a_short_row_is_filled_up_so_that_our_columns_stand_under_their_names() {
    let rows = [
        (
            row(1, 2, &["Ann"]),
            invalid("too-short", "the row ends before `Mail`").about("Mail"),
        ),
        (
            row(3, 4, &["Eve", "e@x"]),
            Verdict::because(Fate::Failed, "not-found", "no"),
        ),
    ];
    assert_eq!(
        errors(layout(&["Name", "Mail", "Tel"]), &rows),
        concat!(
            "Name,Mail,Tel,sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message\n",
            "Ann,,,1,2,invalid,too-short,Mail,the row ends before `Mail`\n",
            "Eve,e@x,,3,4,failed,not-found,,no\n",
        )
    );
}

#[test]
fn a_row_too_long_keeps_all_of_its_cells() {
    let mut long = row(1, 2, &["Ann", "", "a@x", ""]);
    long.flaw = Some(Flaw::TooLong {
        cells: 4,
        columns: 2,
    });
    assert_eq!(
        errors(
            layout(&["Name", "Mail"]),
            &[(long, invalid("too-long", "no"))]
        ),
        concat!(
            "Name,Mail,sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message\n",
            "Ann,,a@x,,1,2,invalid,too-long,,no\n",
        )
    );
}

#[test]
fn a_record_with_text_after_a_quote_is_given_back_as_it_stood() {
    let flawed = |cells: &[&str], raw: &str| {
        let mut row = row(1, 2, cells);
        row.flaw = Some(Flaw::TextAfterQuote {
            column: 0,
            raw: raw.to_owned(),
        });
        (row, invalid("text-after-quote", "no"))
    };
    let rows = [
        flawed(&["TelAviv", "x"], "\"Tel\"Aviv,x\r\n"),
        flawed(&["TelAviv"], "\"Tel\"Aviv"),
        flawed(&["a,\nb\"c", "x", "y"], "\"a,\nb\"\"c\" ,x,y"),
    ];
    assert_eq!(
        errors(layout(&["City", "Name"]), &rows),
        concat!(
            "City,Name,sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message\n",
            "\"Tel\"Aviv,x,1,2,invalid,text-after-quote,,no\n",
            "\"Tel\"Aviv,,1,2,invalid,text-after-quote,,no\n",
            "\"a,\nb\"\"c\" ,x,y,1,2,invalid,text-after-quote,,no\n",
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// However ragged the rows: fed back, each has the same cells and the same verdict, and makes the same file again.
    #[test]
    fn errors_can_be_fed_back_as_they_are(
        records in prop::collection::vec(prop::collection::vec(prop_oneof![
            4 => "[a-c;,|=é1-9]{0,5}",
            2 => "\"([a-c;,|\t\n =]|\"\"){0,6}\"",
            1 => "\"[a-c,;\n]{0,3}\"[a-c =]{1,3}",
        ], 1..6), 1..8),
        delimiter in prop::sample::select(vec![";", ",", "\t", "|"]),
        bom in prop::sample::select(vec!["", "\u{feff}"]),
        ends in prop::sample::select(vec!["\n", "\r\n"]),
        fate in prop::sample::select(vec![Fate::Invalid, Fate::Failed, Fate::Unknown]),
    ) {
        // One row that stands for sure: a file of empty lines is none.
        let [header, row] = [["One", "Two", "Three"], ["Ann", "", ""]].map(|cells| cells.join(delimiter));
        let mut text = format!("{bom}{header}{ends}{row}{ends}");
        for record in &records {
            text += &record.join(delimiter);
            text += ends;
        }
        let (layout, rows) = read_in(&text);
        prop_assert_eq!(layout.delimiter, delimiter.as_bytes()[0]);
        prop_assert_eq!(layout.bom, !bom.is_empty());
        let rows: Vec<_> = rows.into_iter().map(|row| judged(row, fate)).collect();
        let first = errors(layout.clone(), &rows);

        let (again, back) = read_in(&first);
        prop_assert_eq!(&again, &layout);
        prop_assert_eq!(back.len(), rows.len());
        let back: Vec<_> = back.into_iter().zip(&rows).map(|(mut back, (row, _))| {
            (back.number, back.line) = (row.number, row.line);
            judged(back, fate)
        }).collect();
        for ((back, its), (row, verdict)) in back.iter().zip(&rows) {
            prop_assert_eq!(its, verdict);
            // A short record with text after a quote was filled up, which its verdict outweighs.
            let cells: Vec<&str> = back.cells().take(row.len()).collect();
            prop_assert_eq!(cells, row.cells().collect::<Vec<_>>());
            prop_assert!(back.cells().skip(row.len()).all(str::is_empty));
        }
        prop_assert_eq!(errors(again, &back), first);
    }
}
