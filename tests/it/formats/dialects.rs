//! Delimiters, quotes, title lines, comments and files without a header, written by Python.

use serde_json::{Value, json};

use super::{MAPPING, PLAIN, Place, header, people, without_lines};

fn with(rows: &Value, more: &Value) -> Value {
    let mut job = json!({"kind": "text", "rows": rows});
    for (key, value) in more.as_object().expect("an object") {
        job[key] = value.clone();
    }
    job
}

#[test]
fn every_dialect_gives_the_requests_of_the_clean_file() {
    let place = Place::new();
    let rows = people(&PLAIN);
    let Some(clean) = place.made("clean.csv", &with(&rows, &json!({}))) else {
        return;
    };
    let clean = place.requests(&clean, &[]);
    let cases: &[(Value, &[&str])] = &[
        (json!({"end": "\n"}), &[]),
        (json!({"quoting": "all"}), &[]),
        (json!({"delimiter": ";"}), &[]),
        (json!({"delimiter": "\t"}), &["--delimiter", "tab"]),
        (json!({"delimiter": "|", "quoting": "all"}), &[]),
        (json!({"delimiter": "^"}), &["--delimiter", "^"]),
        (json!({"delimiter": "-"}), &["--delimiter", "-"]),
        (json!({"delimiter": " "}), &["--delimiter", " "]),
        (json!({"quote": "'"}), &["--quote", "'"]),
        (
            json!({"quote": "'", "delimiter": "~"}),
            &["--quote", "'", "--delimiter", "~"],
        ),
        (json!({"quoting": "all"}), &["--comment", "#"]),
    ];
    for (more, options) in cases {
        let list = place
            .made("list.csv", &with(&rows, more))
            .expect("python3 is there");
        let ran = place.run(&list, options);
        assert_eq!(
            (ran.code, &ran.requests),
            (0, &clean),
            "{more}: {}",
            ran.told
        );
    }
    // Lines before the header and between rows move the lines of the rows and nothing else.
    let (expected, lines) = without_lines(&clean);
    let shifted: &[(Value, &[&str], u64, u64)] = &[
        (json!({"delimiter": ";", "sep": true}), &[], 1, 0),
        (
            json!({"delimiter": "~", "sep": true, "end": "\n"}),
            &[],
            1,
            0,
        ),
        (
            json!({"before": ["Contacts of 2026", "", "a;b;c;d;e;f;g;h"]}),
            &["--header-row", "4"],
            3,
            0,
        ),
        (
            json!({"before": ["an odd \" quote"]}),
            &["--header-row", "2"],
            1,
            0,
        ),
        (
            json!({"before": ["title"], "delimiter": ";", "sep": true}),
            &["--header-row", "3"],
            2,
            0,
        ),
        (
            json!({"before": ["# of 2026", "#"], "quoting": "all"}),
            &["--comment", "#"],
            2,
            0,
        ),
        (
            json!({"between": ["#a comment, with \" a quote", "# b"]}),
            &["--comment", "#"],
            0,
            2,
        ),
    ];
    for (more, options, above, between) in shifted {
        let list = place
            .made("list.csv", &with(&rows, more))
            .expect("python3 is there");
        let ran = place.run(&list, options);
        assert_eq!(ran.code, 0, "{more}: {}", ran.told);
        let (requests, moved) = without_lines(&ran.requests);
        assert_eq!(requests, expected, "{more}");
        let by = |at: usize| above + if at > 0 { *between } else { 0 };
        let wanted: Vec<u64> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| line + by(at))
            .collect();
        assert_eq!(moved, wanted, "{more}");
        assert_eq!(ran.summary["read"]["header_line"], above + 1);
    }
}

#[test]
fn without_quotes_every_byte_is_the_cells() {
    let place = Place::new();
    let text = "Id\tFirst\tLast\tMail\tPhone\tBorn\tNote\nid0\t\"Dana\tLe\"vi\t\t\t\t\"\n";
    let ran = place.run(&place.write("list.tsv", text), &["--quote", "none"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    let parsed: Value = serde_json::from_str(&ran.requests).expect("JSON");
    let body = json!({"firstName": "\"Dana", "lastName": "Le\"vi", "source": "\""});
    assert_eq!(parsed["body"], body, "{}", ran.requests);
}

#[test]
fn columns_without_a_header_are_named_by_their_place() {
    let place = Place::new();
    let rows = people(&PLAIN);
    let Some(clean) = place.made("clean.csv", &with(&rows, &json!({}))) else {
        return;
    };
    let (expected, _) = without_lines(&place.requests(&clean, &[]));
    let mut mapping = MAPPING.to_owned();
    for (at, name) in header().as_array().expect("names").iter().enumerate() {
        let name = name.as_str().expect("text");
        mapping = mapping.replace(&format!("\"{name}\""), &format!("\"#{}\"", at + 1));
    }
    place.write("mapping.toml", mapping);
    let only: Vec<Value> = rows.as_array().expect("rows")[1..].to_vec();
    let list = place
        .made("list.csv", &with(&json!(only), &json!({})))
        .expect("python3 is there");
    let ran = place.run(&list, &["--no-header"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    let (requests, lines) = without_lines(&ran.requests);
    assert_eq!((requests, lines[0]), (expected, 1));
    assert_eq!(ran.summary["read"]["header_line"], Value::Null);
}

#[test]
fn options_that_do_not_fit_are_refused_with_a_clear_word() {
    let place = Place::new();
    let list = place.write(
        "list.csv",
        "Id,First,Last,Mail,Phone,Born,Note\n\nid0,Dana,,,,,\n",
    );
    let cases: &[(&[&str], i32, &str)] = &[
        (
            &["--delimiter", "ab"],
            2,
            "`--delimiter ab` is not one ASCII character",
        ),
        (&["--delimiter", "§"], 2, "is not one ASCII character"),
        (&["--delimiter", "\""], 2, "are both `\"`"),
        (
            &["--delimiter", "\"", "--quote", "none"],
            2,
            "is the quote that reports are written with",
        ),
        (&["--quote", "'", "--comment", "'"], 2, "are both `'`"),
        (
            &["--header-row", "1", "--no-header"],
            2,
            "cannot both be true",
        ),
        (&["--header-row", "0"], 2, "0 is not in"),
        (&["--sheet", "1"], 2, "`--sheet` is about spreadsheets"),
        (&["--header-row", "2"], 4, "line 2 is blank, or a comment"),
        (
            &["--header-row", "9"],
            4,
            "there is no line 9 in the first 128 KiB",
        ),
        (&["--header-row", "3"], 4, "no rows: there is a header"),
    ];
    for (options, code, message) in cases {
        let ran = place.run(&list, options);
        assert_eq!(
            (ran.code, ran.requests.as_str()),
            (*code, ""),
            "{options:?}: {}",
            ran.told
        );
        assert!(ran.told.contains(message), "{options:?}: {}", ran.told);
    }
}

#[test]
fn what_was_decided_is_told_in_one_line_and_in_the_summary() {
    let place = Place::new();
    let text = "title\nId;First;Last;Mail;Phone;Born;Note;Extra\n\nid0;Dana;;;;;;x\n";
    let list = place.write("list.csv", text);
    let ran = place.run(&list, &["--header-row", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    let line = "list.csv: UTF-8, delimiter `;`, header on line 2, 1 row; 7 of 8 columns mapped, not mapped: `Extra`\n";
    assert!(ran.told.contains(line), "{}", ran.told);
    let read = json!({
        "encoding": "UTF-8", "delimiter": ";", "header_line": 2, "rows": 1,
        "columns_mapped": header(), "columns_unmapped": ["Extra"],
    });
    assert_eq!(ran.summary["read"], read);
    let quiet = place.run(&list, &["--header-row", "2", "-q"]);
    assert!(!quiet.told.contains("delimiter"), "{}", quiet.told);
}

#[test]
fn a_proposal_is_made_from_a_list_that_is_read_the_same_way() {
    let place = Place::new();
    let text = "title\nId;First Name;E-mail\nid0;Zo\u{eb};zoe@example.com\n";
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(c).expect("Latin-1"))
        .collect();
    let list = place.write("list.csv", bytes);
    let options = ["--header-row", "2", "--encoding", "windows-1252"];
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_contact-sync"))
        .args(["init", "--provider", "highlevel"])
        .arg(&list)
        .args(options)
        .output()
        .expect("the program runs");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    place.write("mapping.toml", &made.stdout);
    let requests = place.requests(&list, &options);
    assert!(requests.contains("Zo\u{eb}"), "{requests}");
}
