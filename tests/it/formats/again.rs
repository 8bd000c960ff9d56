//! The fix-it loop: `errors.csv` is mended in a spreadsheet, saved in the spreadsheet's own way, and fed back to the
//! same command.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{MAPPING, PLAIN, Place, Ran, people};

/// People of whom the second has a broken address and the third a day that is none.
fn broken() -> Value {
    let mut rows = people(&PLAIN);
    rows[2][3] = json!("nobody");
    rows[3][5] = json!("31/02/1990");
    rows[3][1] = json!("דנה");
    rows
}

pub(super) fn errors(ran: &Ran) -> PathBuf {
    assert_eq!(ran.code, 1, "{}", ran.told);
    ran.errors.clone().expect("there are rows to mend")
}

/// `errors.csv` with its mistakes mended, in the dialect it was written in.
fn mended(errors: &Path) -> String {
    let text = fs::read_to_string(errors).expect("it is UTF-8");
    text.replace("nobody", "n@example.com")
        .replace("31/02/1990", "1990-02-28")
}

/// Cells of a text in a dialect, as a spreadsheet would take them in.
fn cells(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader
        .records()
        .map(|record| record.expect("text").iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_same_command_takes_its_report_back_however_it_was_saved() {
    let place = Place::new();
    let cases: &[(Value, &[&str])] = &[
        (json!({}), &[]),
        (
            json!({"encoding": "cp1255"}),
            &["--encoding", "windows-1255"],
        ),
        (
            json!({"encoding": "utf_16_le", "mark": true, "delimiter": "\t"}),
            &[],
        ),
        (json!({"delimiter": "~", "sep": true}), &[]),
        (
            json!({"delimiter": "^", "quote": "'"}),
            &["--delimiter", "^", "--quote", "'"],
        ),
        (json!({"before": ["title", "", ""]}), &["--header-row", "4"]),
        (
            json!({"before": ["# x"], "quoting": "all"}),
            &["--comment", "#"],
        ),
        (json!({"gzip": true}), &[]),
    ];
    for (more, options) in cases {
        let mut job = json!({"kind": "text", "rows": broken()});
        for (key, value) in more.as_object().expect("an object") {
            job[key] = value.clone();
        }
        let Some(list) = place.made("list.csv", &job) else {
            return;
        };
        let errors = errors(&place.run(&list, options));
        let delimiter = more["delimiter"].as_str().unwrap_or(",").as_bytes()[0];
        // Unmended, the same rows are refused for the same reasons.
        let unmended = place.run(&errors, options);
        assert_eq!(unmended.code, 1, "{more}: {}", unmended.told);
        assert_eq!(unmended.summary["rows"], 2);
        let text = mended(&errors);
        let rows = cells(&text, delimiter);
        let mut expected = None;
        let saved = [
            json!({"kind": "text", "rows": rows, "delimiter": ",", "mark": true}),
            json!({"kind": "text", "rows": rows, "delimiter": ";", "mark": true}),
            json!({"kind": "text", "rows": rows, "delimiter": ";"}),
            json!({"kind": "text", "rows": rows, "delimiter": "\t", "encoding": "utf_16_le", "mark": true}),
            json!({"kind": "xlsx", "sheets": [{"name": "errors", "rows": rows}]}),
        ];
        if more["encoding"] == "cp1255" {
            assert!(text.starts_with('\u{feff}'));
        }
        let as_it_is = place.write("mended.csv", &text);
        let saved = saved.iter().filter_map(|job| {
            place
                .made("saved", job)
                .map(|path| fs::read(path).expect("it is there"))
        });
        for bytes in std::iter::once(fs::read(as_it_is).expect("it is there")).chain(saved) {
            let ran = place.run(&place.write("back", bytes), options);
            assert_eq!(ran.code, 0, "{more}: {}", ran.told);
            let bodies: Vec<Value> = ran
                .requests
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["body"].clone())
                .collect();
            assert_eq!(bodies.len(), 2);
            assert_eq!(bodies[1]["dateOfBirth"], "1990-02-28", "{more}");
            assert_eq!(
                *expected.get_or_insert_with(|| bodies.clone()),
                bodies,
                "{more}"
            );
        }
    }
}

#[test]
fn a_workbooks_report_is_taken_back_with_the_same_sheet() {
    let place = Place::new();
    let job = json!({"kind": "xlsx", "sheets": [{"name": "People", "rows": broken(), "top": 3}, {"name": "Other", "rows": [["x"]]}]});
    let Some(list) = place.made("list.xlsx", &job) else {
        return;
    };
    let options = ["--sheet", "People", "--header-row", "3"];
    let errors = errors(&place.run(&list, &options));
    let text = mended(&errors);
    assert!(
        text.starts_with('\u{feff}'),
        "a spreadsheet must see that it is UTF-8"
    );
    assert_eq!(
        place
            .requests(&place.write("back.csv", &text), &options)
            .lines()
            .count(),
        2
    );
    let job = json!({"kind": "xlsx", "sheets": [{"name": "errors", "rows": cells(&text, b',')}]});
    let back = place.made("back.xlsx", &job).expect("as before");
    assert_eq!(place.requests(&back, &options).lines().count(), 2);
}

#[test]
fn a_workbooks_errors_that_nobody_has_mended_are_refused_again() {
    let place = Place::new();
    let mut rows = people(&PLAIN);
    rows[1][1] = json!({"error": "#N/A"});
    rows[3][1] = json!({"formula": "=1+1"});
    let job = json!({"kind": "xlsx", "sheets": [{"name": "People", "rows": rows}]});
    let Some(list) = place.made("list.xlsx", &job) else {
        return;
    };
    let first = fs::read_to_string(errors(&place.run(&list, &[]))).expect("it is UTF-8");
    assert_eq!(first.matches("spreadsheet-damage").count(), 2, "{first}");
    let back = place.write("back.csv", &first);
    let ran = place.run(&back, &[]);
    assert_eq!(ran.requests, "", "nothing is left to be sent");
    let again = fs::read_to_string(errors(&ran)).expect("it is UTF-8");
    assert_eq!(again.matches("spreadsheet-damage").count(), 2, "{again}");
    let mended = first
        .replace(",#N/A,", ",Noa,")
        .replace(",#CALC!,", ",Amit,");
    let requests = place.requests(&place.write("mended.csv", &mended), &[]);
    assert_eq!(requests.lines().count(), 2, "{mended}");
}

#[test]
fn without_a_header_the_report_has_one_of_numbers() {
    let place = Place::new();
    let numbered = ["Id", "First", "Last", "Mail", "Phone", "Born", "Note"]
        .iter()
        .enumerate()
        .fold(MAPPING.to_owned(), |mapping, (at, name)| {
            mapping.replace(&format!("\"{name}\""), &format!("\"#{}\"", at + 1))
        });
    place.write("mapping.toml", numbered);
    let list = place.write(
        "list.csv",
        "id0,Dana,,nobody,,,\nid1,Noa,,n@example.com,,,\n",
    );
    let errors = errors(&place.run(&list, &["--no-header"]));
    let text = mended(&errors);
    assert!(text.starts_with("#1,#2,#3,#4,#5,#6,#7,sync_row"), "{text}");
    let requests = place.requests(
        &place.write("back.csv", text),
        &["--no-header", "--comment", "#"],
    );
    assert_eq!(requests.lines().count(), 1, "{requests}");
}

#[test]
fn a_row_that_could_not_be_trusted_is_not_trusted_after_a_spreadsheet_saved_it() {
    let place = Place::new();
    let head = "Id,First,Last,Mail,Phone,Born,Note";
    for (options, record) in [
        (&[][..], "id0,Levi, Dana,,n@example.com,,,x"),
        (&[][..], "id0,Dana,,n@example.com,,,x,,"),
        (&[][..], "id0,\"Dana\"x,,n@example.com,,,x"),
        (&[][..], "id0,Dana"),
        (&["--quote", "'"][..], "id0,'Dana'x,,n@example.com,,,x"),
        (
            &["--quote", "'"][..],
            "id0,'Da,na'x,\"y,n@example.com,,,'it''s \"'",
        ),
    ] {
        let list = place.write("list.csv", format!("{head}\n{record}\n"));
        let first = place.run(&list, options);
        let errors = errors(&first);
        let text = fs::read_to_string(&errors).expect("it is UTF-8");
        let back = place.run(&errors, options);
        assert_eq!(
            (back.code, back.requests.as_str()),
            (1, ""),
            "{record}: {}",
            back.told
        );
        if record.contains('x') && text.contains("text-after-quote") {
            continue;
        }
        // A spreadsheet makes all rows as wide as the widest.
        let mut rows = cells(&text, b',');
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.iter_mut()
            .for_each(|row| row.resize(width, String::new()));
        let job = json!({"kind": "text", "rows": rows, "delimiter": ";", "mark": true});
        let Some(saved) = place.made("saved.csv", &job) else {
            return;
        };
        let back = place.run(&saved, options);
        assert_eq!(
            (back.code, back.requests.as_str()),
            (1, ""),
            "{record}: {}",
            back.told
        );
    }
}
