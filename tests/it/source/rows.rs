//! What a file is found to be, and which of its rows are flawed.

use contact_sync::contact::Flaw;
use contact_sync::source::{Found, Told, open, open_told};

use super::{after_quote, all, cells, file, input, rows, sheet, too_long};

#[test]
fn the_delimiter_is_found_by_itself() {
    use Found::{Assumed, Counted, Said};
    let cases: &[(&str, u8, Found, &[&str])] = &[
        ("a,b\n1,2", b',', Counted, &["1", "2"]),
        ("a;b\n1;2\n", b';', Counted, &["1", "2"]),
        ("a\tb\n1\t2\n", b'\t', Counted, &["1", "2"]),
        ("a|b\n1|2\n", b'|', Counted, &["1", "2"]),
        ("a\n1\n", b',', Assumed, &["1"]),
        ("a\n1;2\n", b',', Assumed, &["1;2"]),
        ("\"a,x\";\"b,y\"\n\"1,1\";2\n", b';', Counted, &["1,1", "2"]),
        (
            "Last, First;Mail;Tel\nRoe, Jo;j@x;1\n",
            b';',
            Counted,
            &["Roe, Jo", "j@x", "1"],
        ),
        ("a;b\n1,5;2,5\n1,5;2,5\n", b';', Counted, &["1,5", "2,5"]),
        ("a,b|c\n1,x|y\n2,z\n3,w\n", b',', Counted, &["1", "x|y"]),
        (
            "a;b;c\n\"1;2\",3\n1;2\n1;2;3;4\n1;2;3\n",
            b';',
            Counted,
            &["1;2,3"],
        ),
        ("sep=;\r\na,b\r\n1,2;3\r\n", b';', Said, &["1,2", "3"]),
        ("SEP=#\na#b\n1#2\n", b'#', Said, &["1", "2"]),
        (
            "\u{feff}\"sep=\t\"\r\r\n\u{feff}a\tb\n1\t2\n",
            b'\t',
            Said,
            &["1", "2"],
        ),
        ("sep=,;\n1,2\n", b',', Counted, &["1", "2"]),
    ];
    for (written, delimiter, found, first) in cases {
        let sheet = sheet(written.as_bytes()).expect(written);
        let facts = sheet.facts();
        assert_eq!(
            (facts.delimiter, facts.found),
            (*delimiter, *found),
            "{written:?}"
        );
        assert_eq!(cells(&all(&sheet)[0]), *first, "{written:?}");
    }
}

#[test]
fn the_facts_are_those_of_the_file() {
    let file = file("\u{feff}\n\"Na\nme\",Mail\n\u{5d0},x\n , \n".as_bytes());
    let sheet = open(&input(file.path())).expect("a good file");
    let facts = sheet.facts();
    assert_eq!(facts.name, file.path().display().to_string());
    assert_eq!(
        (facts.bytes, facts.rows, facts.header_line),
        (26, 2, Some(2))
    );
    assert!(facts.bom);
    assert_eq!(
        facts.sha256,
        "395d45111684d9adaeaccd841ebca9d6dd848bde32cf530f3a23f605233d9cee"
    );
    assert_eq!(sheet.header(), ["Na\nme", "Mail"]);
    assert_eq!(cells(&all(&sheet)[0]), ["\u{5d0}", "x"]);
}

#[test]
fn rows_that_cannot_be_trusted_are_flawed_and_others_go_on() {
    let cases: &[(&str, &[&str], Option<Flaw>)] = &[
        ("1,2,3", &["1", "2", "3"], None),
        ("1,2", &["1", "2"], None),
        ("1", &["1"], None),
        (" ", &[" "], None),
        (",,", &["", "", ""], None),
        ("\"\"", &[""], None),
        ("1,2,3,", &["1", "2", "3", ""], too_long(4, 3)),
        ("1,2,3,4,5", &["1", "2", "3", "4", "5"], too_long(5, 3)),
        ("5\" pipe,a\"b\",\"c\"", &["5\" pipe", "a\"b\"", "c"], None),
        ("\"a\"\"b\",\",\",\"\r\n\"", &["a\"b", ",", "\r\n"], None),
        (" \"1\",2,3", &[" \"1\"", "2", "3"], None),
        (
            "\"Tel\"Aviv,2,3",
            &["TelAviv", "2", "3"],
            after_quote(0, "\"Tel\"Aviv,2,3"),
        ),
        (
            "1,\"Tel\" ,3",
            &["1", "Tel ", "3"],
            after_quote(1, "1,\"Tel\" ,3"),
        ),
        (
            "1,2,\"x\"y\"z\"",
            &["1", "2", "xy\"z\""],
            after_quote(2, "1,2,\"x\"y\"z\""),
        ),
        (
            "\"a\nb\",\"c\"d,\"e\"f,4",
            &["a\nb", "cd", "ef", "4"],
            after_quote(1, "\"a\nb\",\"c\"d,\"e\"f,4"),
        ),
        ("\"a\"b", &["ab"], after_quote(0, "\"a\"b")),
    ];
    for (record, own, flaw) in cases {
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let written = format!("x,y,z{end}7,8,9{end}{record}{end}{end}4,5,6");
            let rows = rows(&written);
            assert_eq!(rows.len(), 3, "{written:?}");
            assert_eq!(
                (cells(&rows[1]), &rows[1].flaw),
                (own.to_vec(), flaw),
                "{written:?}"
            );
            assert_eq!((rows[1].number, rows[1].line), (2, 3), "{written:?}");
            let inner = record.matches('\n').count() as u64;
            assert_eq!(
                (rows[2].number, rows[2].line),
                (3, 5 + inner),
                "{written:?}"
            );
            assert_eq!(cells(&rows[0]), ["7", "8", "9"]);
            assert_eq!(
                (cells(&rows[2]), &rows[2].flaw),
                (vec!["4", "5", "6"], &None)
            );
        }
    }
}

#[test]
fn a_delimiter_that_is_only_assumed_is_no_quote() {
    let told = Told::default().quote(",").expect("one character");
    let file = file(b"a,b,c\nann,1,2\n,bob,\n");
    let sheet = open_told(&input(file.path()), &told).expect("a sound file");
    let facts = sheet.facts();
    assert_eq!((facts.delimiter, facts.found), (b';', Found::Assumed));
    let rows = all(&sheet);
    assert_eq!(cells(&rows[0]), ["ann,1,2"]);
    assert_eq!(cells(&rows[1]), ["bob"]);
}

#[test]
fn in_every_ragged_row_each_cell_stays_in_its_column() {
    // Every row of up to five cells, each empty, plain or quoted, under three columns of which the last has no name.
    for (delimiter, quote) in [(",", "\""), (";", "'"), ("\t", "|"), ("~", "none")] {
        let told = Told::default()
            .delimiter(delimiter)
            .and_then(|told| told.quote(quote));
        let told = told.expect("one character each");
        let (kinds, values) = match quote {
            "none" => (
                ["", "v", "\"q"].map(str::to_owned),
                ["", "v", "\"q"].map(str::to_owned),
            ),
            _ => (
                ["", "v", "Qq,DQQ\nQ"].map(|cell| cell.replace('Q', quote).replace('D', delimiter)),
                ["", "v", "q,DQ\n"].map(|cell| cell.replace('Q', quote).replace('D', delimiter)),
            ),
        };
        for count in 1..=5_u32 {
            for code in 0..3_usize.pow(count) {
                let digits: Vec<usize> = (0..count).map(|at| code / 3_usize.pow(at) % 3).collect();
                let record: Vec<&str> = digits.iter().map(|digit| &*kinds[*digit]).collect();
                let expected: Vec<&str> = digits.iter().map(|digit| &*values[*digit]).collect();
                let record = record.join(delimiter);
                let text = "a,b,\n1,2,3\nR\n4,5,6\n".replace(',', delimiter);
                let file = file(text.replace('R', &record).as_bytes());
                let rows = all(&open_told(&input(file.path()), &told).expect("a sound file"));
                if record.is_empty() {
                    assert_eq!(rows.len(), 2, "an empty line is no record");
                    continue;
                }
                assert_eq!(cells(&rows[1]), expected, "{record:?}");
                let flaw = (expected.len() > 3)
                    .then(|| too_long(expected.len(), 3))
                    .flatten();
                assert_eq!(rows[1].flaw, flaw);
                assert_eq!(cells(&rows[2]), ["4", "5", "6"]);
            }
        }
    }
}

#[test]
fn mixed_line_ends_make_no_phantom_rows() {
    let rows = rows("\r\r\na,b\r\n1,\"x\r\r\ny\"\r\r\n\r2,\"p\rq\nr\"\n\r\n3,4\r\r5,6");
    let seen: Vec<(u64, u64, &str)> = rows
        .iter()
        .map(|row| (row.number, row.line, row.cell(0).unwrap_or("none")))
        .collect();
    assert_eq!(seen, [(1, 3, "1"), (2, 6, "2"), (3, 10, "3"), (4, 12, "5")]);
    assert_eq!(rows[0].cell(1), Some("x\r\r\ny"));
}

#[test]
fn a_header_far_below_titles_is_the_same_in_every_pass() {
    for before in [10, 30_000, 33_000, 120_000] {
        let titles = ["x".repeat(before), "x\n".repeat(before / 2)];
        for (title, header) in titles.iter().zip([2, before as u64 / 2 + 2]) {
            let file = file(format!("{title}\na,b\n1,2\n").as_bytes());
            let told = Told::default().header_row(header);
            let sheet = open_told(&input(file.path()), &told).expect("a sound file");
            assert_eq!(sheet.header(), ["a", "b"], "{before}");
            assert_eq!(cells(&all(&sheet)[0]), ["1", "2"]);
        }
    }
    let file = file("title\n\u{feff}\"a\",b\n1,2\n".as_bytes());
    let told = Told::default().header_row(2);
    let sheet = open_told(&input(file.path()), &told).expect("a sound file");
    assert_eq!(sheet.header(), ["a", "b"]);
}
