//! A good mapping at work on one row after the other.

use std::sync::Arc;

use contact_sync::contact::{Contact, Fate, Flaw, Row, Value, Verdict};
use contact_sync::mapping::apply::{Applied, Bound};
use contact_sync::mapping::check::check;
use contact_sync::mapping::reading;
use contact_sync::mapping::steps::Mapping;
use contact_sync::mistake::Written;
use contact_sync::provider::{load, shipped};

const HEADER: [&str; 6] = ["Id", "First", "Last", "E-mail", "Phone", "Level"];

fn file(name: &str, text: &str) -> Arc<Written> {
    Arc::new(Written {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

/// Holds the fields of a mapping against the header.
pub(super) fn bound<T>(
    provider: &str,
    fields: &str,
    work: impl FnOnce(&Mapping, &Bound<'_>) -> T,
) -> T {
    let text = format!("provider = \"{provider}\"\n[contact]\nid = \"Id\"\n[fields]\n{fields}");
    let mapping = file("my.toml", &text);
    let (written, mistakes) = reading::read(&mapping);
    assert_eq!(mistakes, []);
    let api = load::load(&file("api.toml", shipped::api(provider).expect("shipped")));
    let api = api.expect("a provider's file");
    let checked = check(&written, &mapping, &api, None).map_err(|found| format!("{found:#?}"));
    let checked = checked.expect("no mistakes");
    let header = HEADER.map(str::to_owned);
    let bound = checked.mapping.bind(&header, "people.csv", &mapping);
    work(&checked.mapping, &bound.expect("all columns"))
}

/// Applies the fields of a mapping to one row.
fn applied(provider: &str, fields: &str, row: &Row) -> Result<Vec<String>, Box<Verdict>> {
    bound(provider, fields, |mapping, bound| {
        // A contact is used again and again; nothing of the last one may stay.
        let mut contact = Contact::default();
        contact.id.push_str("left over");
        contact.push_text(0, "left over");
        match bound.apply(row, &mut contact) {
            Applied::Settled(verdict) => Err(Box::new(verdict)),
            Applied::Ready => {
                let mut values = vec![contact.id.clone()];
                values.extend(contact.values().map(|(slot, value)| {
                    let name = &mapping.steps[usize::from(slot)].name;
                    match value {
                        Value::Text(text) => format!("{name}: {text}"),
                        Value::Json(json) => format!("{name}= {json}"),
                    }
                }));
                Ok(values)
            }
        }
    })
}

fn row(cells: &[&str]) -> Row {
    let mut row = Row::at(7, 9);
    for cell in cells {
        row.push(cell);
    }
    row
}

const DANA: [&str; 6] = [
    "abc",
    "Dana",
    "Levi",
    "dana@example.com",
    "052-345-6781",
    "gold",
];
const FIELDS: &str = r#"firstName = "First"
lastName = "Last"
email = { column = "E-mail", required = true }
phone = { column = "Phone", region = "IL" }
name = { template = "{First} {Last}" }
city = { column = "Level", empty = "clear" }
source = { value = "spreadsheet" }
"#;

fn with(at: usize, cell: &'static str) -> Row {
    let mut cells = DANA;
    cells[at] = cell;
    row(&cells)
}

/// Code, field, id and message of a row that was settled, behind its fate.
fn settled(provider: &str, fields: &str, row: &Row) -> String {
    let verdict = applied(provider, fields, row).expect_err("settled");
    format!(
        "{} {} [{}] ({}) {}",
        verdict.fate.word(),
        verdict.code,
        verdict.field,
        verdict.contact_id,
        verdict.message
    )
}

#[test]
fn a_row_becomes_the_values_of_its_fields() {
    insta::assert_debug_snapshot!(applied("highlevel", FIELDS, &row(&DANA)), @r#"
    Ok(
        [
            "abc",
            "firstName: Dana",
            "lastName: Levi",
            "email: dana@example.com",
            "phone: +972523456781",
            "name: Dana Levi",
            "city: gold",
            "source: spreadsheet",
        ],
    )
    "#);
}

#[test]
fn a_blank_is_left_out_erases_or_refuses_as_the_mapping_says() {
    insta::assert_debug_snapshot!(applied("highlevel", FIELDS, &with(5, " ")), @r#"
    Ok(
        [
            "abc",
            "firstName: Dana",
            "lastName: Levi",
            "email: dana@example.com",
            "phone: +972523456781",
            "name: Dana Levi",
            "city= null",
            "source: spreadsheet",
        ],
    )
    "#);
    insta::assert_debug_snapshot!(applied("highlevel", FIELDS, &with(1, "\u{a0}")), @r#"
    Ok(
        [
            "abc",
            "lastName: Levi",
            "email: dana@example.com",
            "phone: +972523456781",
            "name: Levi",
            "city: gold",
            "source: spreadsheet",
        ],
    )
    "#);
    insta::assert_snapshot!(settled("highlevel", FIELDS, &with(3, "")), @"invalid required [E-mail] (abc) `E-mail` is blank, and the mapping asks for a value");
    insta::assert_snapshot!(settled("highlevel", "city = { column = \"Level\", empty = \"error\" }\n", &with(5, "")), @"invalid blank [Level] (abc) `Level` is blank, and the mapping asks for a value");
    insta::assert_snapshot!(settled("highlevel", "city = { column = \"Level\", empty = \"skip\", required = true }\n", &with(5, "")), @"invalid required [Level] (abc) `Level` is blank, and the mapping asks for a value");
}

#[test]
fn a_template_is_blank_when_all_of_its_columns_are() {
    let fields = "name = { template = \"{First} {Last}\", clean = [\"collapse\"] }\naddress1 = { template = \"{{{First}}}, {Level}\" }\n";
    insta::assert_debug_snapshot!(applied("highlevel", fields, &row(&DANA)), @r#"
    Ok(
        [
            "abc",
            "name: Dana Levi",
            "address1: {Dana}, gold",
        ],
    )
    "#);
    let mut cells = DANA;
    cells[1] = "";
    insta::assert_debug_snapshot!(applied("highlevel", fields, &row(&cells)), @r#"
    Ok(
        [
            "abc",
            "name: Levi",
            "address1: {}, gold",
        ],
    )
    "#);
    cells[2] = "  ";
    cells[5] = "";
    insta::assert_snapshot!(settled("highlevel", fields, &row(&cells)), @"skipped nothing-to-send [] (abc) all mapped cells of this row are blank");
}

#[test]
fn a_spreadsheets_error_stays_out_of_every_text() {
    let told = |fields: &str| settled("highlevel", fields, &with(2, " #N/A"));
    insta::assert_snapshot!(
        [
            "lastName = \"Last\"",
            "name = { template = \"{First} {Last}\" }",
            "name = { template = \"{First} {Last}\", clean = [\"lower\"] }",
            "tags = { template = \"{First};{Last}\", split = \";\" }",
        ]
        .map(told)
        .join("\n"), @r##"
    invalid spreadsheet-damage [Last] (abc) `#N/A`: the spreadsheet wrote an error here; mend the cell, or say with `lookup = { "#N/A" = "" }` that it is nothing
    invalid spreadsheet-damage [Last] (abc) `#N/A`: the spreadsheet wrote an error here; mend the cell
    invalid spreadsheet-damage [Last] (abc) `#N/A`: the spreadsheet wrote an error here; mend the cell
    invalid spreadsheet-damage [Last] (abc) `#N/A`: the spreadsheet wrote an error here; mend the cell
    "##);
    let listed = "lastName = { template = \"{Last}\", lookup = { \"#N/A\" = \"unknown\" } }\nname = { column = \"Last\", lookup = { \"#N/A\" = \"\" } }";
    assert_eq!(
        applied("highlevel", listed, &with(2, " #N/A")).expect("listed"),
        ["abc", "lastName: unknown"]
    );
    let nothing = "name = { template = \"{First} {Last}\", lookup = { \"#N/A\" = \"\" }, clean = [\"upper\"] }";
    assert_eq!(
        applied("highlevel", nothing, &with(2, " #N/A")).expect("half a name"),
        ["abc", "name: DANA"]
    );
    assert_eq!(
        applied("highlevel", "lastName = \"Last\"", &with(2, "#VIP!")).expect("a name"),
        ["abc", "lastName: #VIP!"]
    );
}

#[test]
fn a_constant_of_every_type_is_the_same_for_every_row() {
    let fields = r#"firstName = { value = "  as it stands " }
email = { value = "desk@example.com" }
phone = { value = "052 345 6781", region = "IL" }
website = { value = "https://example.com" }
country = { value = "il" }
timezone = { value = "Asia/Jerusalem" }
dateOfBirth = { value = 1990-02-28 }
dnd = { value = true }
dndSettings.SMS.status = { value = "active" }
tags = ["one", "two"]
[custom_fields]
whole = { value = 5, type = "integer" }
broken = { value = 1.50, type = "number" }
day = { value = "28/02/1990", type = "date", format = "%d/%m/%Y" }
"#;
    insta::assert_debug_snapshot!(applied("highlevel", fields, &row(&DANA)), @r#"
    Ok(
        [
            "abc",
            "firstName:   as it stands ",
            "email: desk@example.com",
            "phone: +972523456781",
            "website: https://example.com",
            "country: IL",
            "timezone: Asia/Jerusalem",
            "dateOfBirth: 1990-02-28",
            "dnd= true",
            "dndSettings.SMS.status: active",
            "tags= [\"one\",\"two\"]",
            "whole= 5",
            "broken= 1.50",
            "day: 1990-02-28",
        ],
    )
    "#);
}

#[test]
fn a_row_that_is_about_nobody_is_skipped() {
    insta::assert_snapshot!(settled("highlevel", FIELDS, &row(&["", " ", "\t", "", "", ""])), @"skipped blank-row [] () the row is blank");
    insta::assert_snapshot!(settled("highlevel", FIELDS, &row(&[])), @"skipped blank-row [] () the row is blank");
    insta::assert_snapshot!(settled("highlevel", "city = \"Level\"\n", &with(5, "")), @"skipped nothing-to-send [] (abc) all mapped cells of this row are blank");
}

#[test]
fn a_row_whose_cells_may_have_moved_is_refused() {
    insta::assert_snapshot!(settled("highlevel", FIELDS, &row(&DANA[..5])), @"invalid too-short [Level] () the row ends after 5 cells, before column `Level`; a cell may be missing in the middle");
    insta::assert_snapshot!(settled("highlevel", FIELDS, &row(&DANA[..1])), @"invalid too-short [First] () the row ends after 1 cell, before column `First`; a cell may be missing in the middle");
    let mut long = row(&DANA);
    long.flaw = Some(Flaw::TooLong {
        cells: 7,
        columns: 6,
    });
    insta::assert_snapshot!(settled("highlevel", FIELDS, &long), @"invalid too-many-cells [] () the row has 7 cells and the header 6 columns; look for a separator that should be in quotes");
    let mut torn = row(&DANA);
    torn.flaw = Some(Flaw::TextAfterQuote {
        column: 2,
        raw: String::new(),
    });
    insta::assert_snapshot!(settled("highlevel", FIELDS, &torn), @r#"invalid text-after-quote [] () cell 3 goes on after its closing quote; double the quotes inside it (`""`)"#);
    // A cell that is missing where nothing is mapped harms nobody.
    assert!(applied("highlevel", "firstName = \"First\"\n", &row(&DANA[..2])).is_ok());
}

#[test]
fn all_problems_of_a_row_are_told_together() {
    let mut cells = DANA;
    cells[0] = "";
    cells[3] = "dana";
    cells[4] = "12";
    insta::assert_snapshot!(settled("highlevel", FIELDS, &row(&cells)), @"invalid missing-id [Id] () the row has no id of a contact; fill it in, or delete the row; and in `E-mail`: `dana` has no @; and in `Phone`: `12` is too short for a phone number");
}

#[test]
fn an_id_is_of_the_form_that_the_account_uses() {
    let id = |provider: &str, id: &'static str| {
        let fields = match provider {
            "99digital" => "name = \"First\"\n",
            "insighto" => "first_name = \"First\"\n",
            _ => "firstName = \"First\"\n",
        };
        match applied(provider, fields, &with(0, id)) {
            Ok(values) => values[0].clone(),
            Err(verdict) => format!(
                "{} {} [{}] {}",
                verdict.fate.word(),
                verdict.code,
                verdict.field,
                verdict.message
            ),
        }
    };
    assert_eq!(id("highlevel", " ab/c?d "), "ab/c?d");
    assert_eq!(id("99digital", "12"), "12");
    assert_eq!(
        id("insighto", "6CAD4A26-8d11-4ece-9738-f7d93d9c1724"),
        "6cad4a26-8d11-4ece-9738-f7d93d9c1724"
    );
    let bad = [
        ("highlevel", ""),
        ("highlevel", ".."),
        ("highlevel", "a b"),
        ("highlevel", "a\u{200b}b"),
        ("highlevel", "#N/A"),
        ("99digital", "12abc"),
        ("99digital", "012"),
        ("99digital", "1.5E+10"),
        ("99digital", "12345678901234567890"),
        ("99digital", "-1"),
        ("insighto", "12"),
    ];
    let told: Vec<String> = bad
        .iter()
        .map(|(provider, text)| id(provider, text))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    invalid missing-id [Id] the row has no id of a contact; fill it in, or delete the row
    invalid bad-id [Id] `..` is no id
    invalid bad-id [Id] `a b` has a blank inside; a cell holds one id
    invalid bad-id [Id] `a\u{200b}b` holds the character `U+200B`, which nobody can see; delete it, or copy the id anew
    invalid spreadsheet-damage [Id] `#N/A`: the spreadsheet wrote an error here; mend the cell
    invalid bad-id [Id] `12abc` is no id of this account; its ids are digits only
    invalid bad-id [Id] `012` begins with a zero; ids of this account do not
    invalid spreadsheet-damage [Id] `1.5E+10` was shortened by a spreadsheet and its last digits are lost; format the column as text in the spreadsheet and export again
    invalid bad-id [Id] `12345678901234567890` has more than 19 digits, so it is no id
    invalid bad-id [Id] `-1` is no id of this account; its ids are digits only
    invalid bad-id [Id] `12` is no id of this account; its ids are 36 characters, as in `123e4567-e89b-12d3-a456-426614174000`
    ");
}

#[test]
fn a_settled_row_still_names_its_contact() {
    let verdict = applied("highlevel", FIELDS, &with(3, "nobody")).expect_err("no e-mail");
    assert_eq!(
        (verdict.fate, verdict.contact_id.as_str()),
        (Fate::Invalid, "abc")
    );
}
