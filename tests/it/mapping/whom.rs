//! `[contact]` with `match` and `mode`: by what a contact is known, and what a row may do.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

use super::told;

#[test]
fn a_contact_is_known_in_one_way() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
match = { email = "E-mail" }
[fields]
email = "E-mail"
"#), @r#"
error[set-twice]: `[contact]` has both `id` and `match`
 --> my.toml:3:6
  |
3 | id = "Id"
  |      ^^^^
  |
  = help: keep `id` where the file has the provider's own ids, and `match` where it has not

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn modes_and_keys_of_a_match_are_few() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
mode = "merge"
match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
[fields]
email = "E-mail"
"#), @r#"
error[unknown-word]: no mode `merge`
 --> my.toml:3:8
  |
3 | mode = "merge"
  |        ^^^^^^^
  |
  = help: there are `update`, `upsert` and `create`

error[unknown-key]: contacts are not known by `emial`
 --> my.toml:4:11
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |           ^^^^^
  |
  = help: did you mean `email`?

error[unknown-key]: contacts are not known by `shoe_size`
 --> my.toml:4:29
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |                             ^^^^^^^^^
  |
  = help: there are `email`, `phone` and `external_id`

error[wrong-type]: `phone` is an integer, not a column
 --> my.toml:4:58
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |                                                          ^
  |
  = help: write the column's header in quotes, or `{ value = 5 }` for the same in every row

4 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn who_is_found_by_one_column_is_not_made_with_another() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[account]
token = { env = "T" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
mode = "upsert"
match = { email = "E-mail", phone = "Phone" }
[fields]
email = "Last Name"
phone = { value = "+972523456781" }
"#), @r#"
error[other-column]: people are looked for by column `E-mail`, and new ones are given column `Last Name` as their `email`
 --> my.toml:7:11
  |
7 | match = { email = "E-mail", phone = "Phone" }
  |           ^^^^^
  |
  = help: the next run would not find those by their `email` and would make them again; take one column for both, or leave `mode` out

error[other-column]: people are looked for by column `Phone`, and new ones are given the same text for everybody as their `phone`
 --> my.toml:7:29
  |
7 | match = { email = "E-mail", phone = "Phone" }
  |                             ^^^^^
  |
  = help: the next run would not find those by their `phone` and would make them again; take one column for both, or leave `mode` out

2 mistakes in my.toml; nothing was sent
"#);
}

/// People who are found by another program's id are found by a whole one: what a spreadsheet made of many ids is nobody's.
#[test]
fn nobody_is_found_by_an_id_that_a_spreadsheet_damaged() {
    let folder = TempDir::new().expect("a folder");
    let mapping = r#"provider = "99digital"
[contact]
match = { external_id = "Number" }
[fields]
name = "Name"
"#;
    fs::write(folder.path().join("my.toml"), mapping).expect("writable");
    let people = "Number,Name\nERP-12,a\n1234567890123,b\n12E5,c\n9.72771E+11,d\n1234567890123450,e\n#N/A,f\n'0123,g\nA\u{200b}1,h\n 12 34 ,i\n";
    fs::write(folder.path().join("people.csv"), people).expect("writable");
    Command::cargo_bin("contact-sync")
        .expect("the binary")
        .current_dir(folder.path())
        .args(["run", "people.csv", "-m", "my.toml", "--dry-run"])
        .args(["--no-progress", "--out", "out"])
        .env_clear()
        .assert()
        .code(1);
    let results = fs::read_to_string(folder.path().join("out/results.csv")).expect("written");
    let mut rows = csv::Reader::from_reader(results.as_bytes());
    let told: Vec<String> = rows
        .records()
        .map(|row| {
            let row = row.expect("a row");
            let told = format!("{} {}: {}", &row[1], &row[3], &row[9]);
            told.trim_end().to_owned()
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    2 valid:
    3 valid:
    4 valid:
    5 invalid: `9.72771E+11` was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet and export again
    6 invalid: `1234567890123450` is a long number that ends in zeros, as after rounding by a spreadsheet; take it anew from where it came from
    7 invalid: `#N/A`: the spreadsheet wrote an error here; mend the cell
    8 invalid: `'0123` has a spreadsheet's mark for text around it; take it away with `clean = ["text-marker"]` in the mapping
    9 invalid: `A\u{200b}1` holds the character `U+200B`, which nobody can see; delete it, or copy the id anew
    10 valid:
    "#);
}
