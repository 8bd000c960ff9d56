//! Spreadsheets as files: a cell's value is what the person sees.

use contact_sync::contact::Row;
use contact_sync::source::{Input, Told, open_told};
use serde_json::{Value, json};

use super::again::errors;
use super::{MAPPING, PLAIN, Place, people, without_lines};

/// The people as a spreadsheet holds them: phones as numbers, birthdays as dates.
fn cells() -> Value {
    let mut rows = people(&PLAIN);
    for (at, row) in rows
        .as_array_mut()
        .expect("rows")
        .iter_mut()
        .skip(1)
        .enumerate()
    {
        row[4] = json!(972_523_456_780_u64 + at as u64);
        row[5] = json!({"date": format!("1990-11-0{}", at + 1)});
    }
    rows
}

#[test]
fn a_workbook_gives_the_requests_of_the_clean_file() {
    let place = Place::new();
    let phones = "phone = { column = \"Phone\", region = \"IL\" }";
    place.write("mapping.toml", MAPPING.replace("city = \"Phone\"", phones));
    let job = json!({"kind": "text", "rows": people(&PLAIN)});
    let Some(clean) = place.made("clean.csv", &job) else {
        return;
    };
    let (expected, _) = without_lines(&place.requests(&clean, &[]));
    for kind in ["xlsx", "xls", "ods"] {
        let job = json!({"kind": kind, "sheets": [{"name": "Contacts", "rows": cells()}, {"name": "Empty", "rows": []}]});
        let Some(list) = place.made(&format!("list.{kind}"), &job) else {
            continue;
        };
        let ran = place.run(&list, &[]);
        assert_eq!(ran.code, 0, "{kind}: {}", ran.told);
        let (requests, lines) = without_lines(&ran.requests);
        assert_eq!(requests, expected, "{kind}");
        assert_eq!(lines, [2, 3, 4, 5, 6], "{kind}");
        assert_eq!(ran.summary["read"]["sheet"], "Contacts");
        assert!(
            ran.told
                .contains("sheet `Contacts`, header in row 1, 5 rows; all 7 columns mapped"),
            "{}",
            ran.told
        );
        let limited = place.run(&list, &["--limit", "2"]);
        assert_eq!(limited.requests.lines().count(), 2);
    }
}

#[test]
fn a_cell_is_what_the_person_sees() {
    let place = Place::new();
    place.write(
        "mapping.toml",
        "provider = \"highlevel\"\n[account]\ntoken = { env = \"NOT_NEEDED\" }\n[contact]\nid = \"Id\"\n[fields]\nsource = \"Value\"\n",
    );
    let values = [
        (json!("text"), "", Some("text")),
        (json!(972_501_234_567_u64), "", Some("972501234567")),
        (
            json!(12_345_678_901_234_567_u64),
            "",
            Some("12345678901234600"),
        ),
        (json!(1.5), "", Some("1.5")),
        (json!(0.3), "", Some("0.3")),
        (json!(0.000_001), "", Some("0.000001")),
        (json!(1234), "00000", Some("01234")),
        (json!(501_234_567), "000-0000000", Some("050-1234567")),
        (
            json!(5_551_234_567_u64),
            "(###) ###-####",
            Some("(555) 123-4567"),
        ),
        (json!(972_501_234_567_u64), "0.00E+00", Some("972501234567")),
        (json!(12), "\"ID-\"0000", Some("ID-0012")),
        (json!(1234.5), "#,##0.00", Some("1,234.50")),
        (json!(1234.5), "#,##0.00\\ [$€-407]", Some("1,234.50 €")),
        (json!(0.15), "0%", Some("15%")),
        (json!(1.5), "# ?/?", Some("1 1/2")),
        (json!(0), "0;-0;;@", None),
        (json!(5), "[>3]\"many\";\"few\"", Some("many")),
        (json!(1.5), "[h]:mm", Some("36:00")),
        (json!({"error": "#N/A"}), "", None),
        (json!({"formula": "=1+1"}), "", None),
        (json!(true), "", Some("TRUE")),
        (json!(false), "", Some("FALSE")),
        (json!({"date": "2021-03-04"}), "", Some("2021-03-04")),
        (
            json!({"date": "2021-03-04"}),
            "[$-40D]dd mmm yyyy",
            Some("2021-03-04"),
        ),
        (
            json!({"moment": "2021-03-04T13:45:07"}),
            "",
            Some("2021-03-04T13:45:07"),
        ),
        (json!({"time": "09:30:00"}), "", Some("09:30")),
        (json!(" two\nlines "), "", Some(" two\nlines ")),
        (json!("0123"), "", Some("0123")),
        (json!(44259), "", Some("44259")),
        (Value::Null, "", None),
    ];
    let mut rows = vec![json!(["Id", "Value"])];
    let mut formats = json!({});
    for (at, (value, format, _)) in values.iter().enumerate() {
        rows.push(json!([format!("id{at}"), value]));
        if !format.is_empty() {
            formats[format!("B{}", at + 2)] = json!(format);
        }
    }
    let job = json!({"kind": "xlsx", "sheets": [{"name": "S", "rows": rows, "formats": formats}]});
    let Some(list) = place.made("list.xlsx", &job) else {
        return;
    };
    let ran = place.run(&list, &[]);
    let errors = std::fs::read_to_string(errors(&ran)).expect("it is there");
    for (line, what) in [
        (20, "#N/A`: the spreadsheet wrote an error here"),
        (21, "the cell is a formula whose result is not in the file"),
    ] {
        let told = format!("{line},invalid,spreadsheet-damage,Value,");
        let row = errors.lines().find(|row| row.contains(&told));
        assert!(row.is_some_and(|row| row.contains(what)), "{errors}");
    }
    assert_eq!(errors.lines().count(), 3, "{errors}");
    let (requests, _) = without_lines(&ran.requests);
    let told = |at: usize| {
        requests
            .iter()
            .find(|request| request["row"] == at + 1)
            .map(|request| request["body"]["source"].clone())
    };
    for (at, (value, format, seen)) in values.iter().enumerate() {
        assert_eq!(
            told(at),
            seen.map(|seen| json!(seen)),
            "{value} as {format}"
        );
    }
}

#[test]
fn what_a_cell_holds_is_not_read_by_the_way_in_which_people_write() {
    let place = Place::new();
    place.write(
        "mapping.toml",
        r#"
provider = "highlevel"
[account]
token = { env = "NOT_NEEDED" }
[contact]
id = { column = "Id", clean = ["trim"] }
[fields]
dateOfBirth = { column = "Born", format = "%Y-%d-%m" }
phone = { column = "Phone", region = "US" }
dnd = { column = "Out", true = ["stop"], false = ["go"] }
[custom_fields]
fldAmount12345678901 = { column = "Amount", type = "number", by = "id", decimal = ",", thousands = "." }
"#,
    );
    let rows = json!([
        ["Id", "Born", "Phone", "Out", "Amount"],
        [1001, {"date": "2021-03-04"}, 2_124_567_890_u64, true, 1.234],
        [1002, "2021-03-04", "212-456-7890", "go", "1.234"],
        [1003, {"moment": "2021-03-04T13:45:00"}, 2_124_567_890_u64, false, 1234.5],
        [1004, {"date": "2021-03-04"}, 2_124_567_890_u64, false, 0.15],
    ]);
    let formats = json!({
        "A2": "#,##0.00", "C2": "(###) ###-####", "E2": "0.00", "C4": "#,##0", "E4": "#,##0.00\\ [$€-407]",
        "E5": "0%",
    });
    let sheet = json!({"name": "S", "rows": rows, "formats": formats});
    let Some(list) = place.made("list.xlsx", &json!({"kind": "xlsx", "sheets": [sheet]})) else {
        return;
    };
    let ran = place.run(&list, &[]);
    let (requests, lines) = without_lines(&ran.requests);
    assert_eq!((ran.code, lines), (1, vec![2, 3, 4]), "{}", ran.told);
    let body = |born: &str, out: bool, amount: Value| json!({"dateOfBirth": born, "phone": "+12124567890", "dnd": out, "customFields": [{"id": "fldAmount12345678901", "field_value": amount}]});
    for (at, (id, body)) in [
        ("1001", body("2021-03-04", true, json!(1.234))),
        // A text is read as the mapping says, digit by digit the same.
        ("1002", body("2021-04-03", false, json!(1234))),
        ("1003", body("2021-03-04", false, json!(1234.5))),
    ]
    .into_iter()
    .enumerate()
    {
        let url = requests[at]["url"].as_str().expect("a URL");
        assert!(url.ends_with(&format!("/contacts/{id}")), "{url}");
        assert_eq!(requests[at]["body"], body, "{id}");
    }
    let errors = std::fs::read_to_string(errors(&ran)).expect("it is there");
    // The report is text, so that its cells are written as the mapping has texts written.
    assert!(
        errors.contains("\n1004,2021-04-03,2124567890,go,15%,"),
        "{errors}"
    );
    assert!(
        errors.contains("`15%` is a share, and nobody can tell whether `15%` is to be 15 or 0.15"),
        "{errors}"
    );
}

#[test]
fn which_sheet_is_never_guessed() {
    let place = Place::new();
    let rows = cells();
    let other = json!([["x"], ["y"]]);
    let job = json!({"kind": "xlsx", "sheets": [
        {"name": "Notes", "rows": other}, {"name": "2", "rows": rows}, {"name": "Secret", "rows": rows, "state": "hidden"},
    ]});
    let Some(list) = place.made("list.xlsx", &job) else {
        return;
    };
    let refused = place.run(&list, &[]);
    assert_eq!(
        (refused.code, refused.requests.as_str()),
        (4, ""),
        "{}",
        refused.told
    );
    assert!(
        refused
            .told
            .contains("there are several sheets: `Notes`, `2`; name one with `--sheet`"),
        "{}",
        refused.told
    );
    let requests = place.requests(&list, &["--sheet", "2"]);
    assert_eq!(requests.lines().count(), 5);
    assert_eq!(place.requests(&list, &["--sheet", "Secret"]), requests);
    for (options, code, message) in [
        (
            ["--sheet", "3"],
            4,
            "there is no sheet `3`; there are `Notes`, `2`, `Secret`",
        ),
        (["--sheet", "1"], 4, "no rows"),
        (["--delimiter", ";"], 2, "`--delimiter` is about text files"),
        (
            ["--encoding", "utf-8"],
            2,
            "`--encoding` is about text files",
        ),
    ] {
        let mut options = options.to_vec();
        if code == 2 {
            options.extend(["--sheet", "2"]);
        }
        let ran = place.run(&list, &options);
        if message == "no rows" {
            assert!(
                ran.code == 4 && ran.told.contains("missing-column"),
                "{}",
                ran.told
            );
            continue;
        }
        assert!(
            ran.code == code && ran.told.contains(message),
            "{options:?}: {}",
            ran.told
        );
    }
    let hidden = json!({"kind": "xlsx", "sheets": [{"name": "A", "rows": rows}, {"name": "B", "rows": rows, "state": "hidden"}]});
    let hidden = place.made("hidden.xlsx", &hidden).expect("as before");
    assert_eq!(place.requests(&hidden, &[]), requests);
}

#[test]
fn title_rows_gaps_and_cells_beside_the_table_move_nothing() {
    let place = Place::new();
    let mut rows = cells().as_array().expect("rows").clone();
    rows.insert(3, json!([]));
    rows.insert(
        4,
        json!([null, null, null, null, null, null, null, null, "beside"]),
    );
    let mut titled = vec![json!(["Contacts of 2026"]), json!([])];
    titled.extend(rows);
    let sheet = json!({"name": "S", "rows": titled, "merged": ["A1:C1"], "left": 2, "top": 3});
    let Some(list) = place.made("list.xlsx", &json!({"kind": "xlsx", "sheets": [sheet]})) else {
        return;
    };
    let refused = place.run(&list, &[]);
    assert!(
        refused.code == 4
            && refused.told.contains("missing-column")
            && refused
                .told
                .contains("a title may stand above the header: name its line with `--header-row`"),
        "{}",
        refused.told
    );
    let blank = place.run(&list, &["--header-row", "4"]);
    assert!(
        blank.code == 4 && blank.told.contains("line 4 is blank"),
        "{}",
        blank.told
    );
    let ran = place.run(&list, &["--header-row", "5"]);
    let (requests, lines) = without_lines(&ran.requests);
    assert_eq!(
        (requests.len(), lines),
        (5, vec![6, 7, 10, 11, 12]),
        "{}",
        ran.told
    );
    assert!(!ran.told.contains("merged"), "{}", ran.told);
    assert_eq!(ran.summary["read"]["header_line"], 5);
    assert_eq!(ran.summary["rows"], 7);
}

#[test]
fn a_damaged_or_locked_workbook_is_refused() {
    let place = Place::new();
    let job = json!({"kind": "xlsx", "sheets": [{"name": "S", "rows": cells()}]});
    let Some(list) = place.made("list.xlsx", &job) else {
        return;
    };
    let whole = std::fs::read(list).expect("it is there");
    for length in [40, whole.len() / 2, whole.len() - 3] {
        let ran = place.run(&place.write("cut.xlsx", &whole[..length]), &[]);
        assert_eq!((ran.code, ran.requests.as_str()), (4, ""), "{}", ran.told);
    }
    let mut random = fastrand::Rng::with_seed(3);
    for kind in ["xlsx", "xls"] {
        let job = json!({"kind": kind, "sheets": [{"name": "S", "rows": cells()}]});
        let Some(list) = place.made("list", &job) else {
            continue;
        };
        let whole = std::fs::read(list).expect("it is there");
        for _ in 0..60 {
            let mut damaged = whole.clone();
            for _ in 0..4 {
                let at = random.usize(..damaged.len());
                match random.bool() {
                    true => damaged[at] = random.u8(..),
                    false => drop(damaged.drain(at..(at + 3).min(damaged.len()))),
                }
            }
            let told = Told::default();
            let damaged = place.write("damaged", &damaged);
            // Whatever comes out, it comes out in order: no panic, no endless work.
            if let Ok(sheet) = open_told(&Input::Path(damaged), &told) {
                let mut rows = sheet.rows().expect("a second pass");
                let mut row = Row::default();
                while rows.read(&mut row).expect("what was checked") {}
            }
        }
    }
}
