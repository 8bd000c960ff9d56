//! Marks for text, characters that nobody can see, and a spreadsheet's errors: refused where a value is typed, told
//! where it is text.

use std::fs;

use super::Place;
use super::again::errors;

const MAPPING: &str = r#"
provider = "highlevel"
[account]
token = { env = "NOT_NEEDED" }
[contact]
id = "Id"
[fields]
firstName = "First"
lastName = "Last"
email = "Mail"
"#;

const LIST: &str = "Id,First,Last,Mail\n\
    a1,Da\u{200b}na,'t Hooft,d@example.com\n\
    a2,\u{202e}anaD,\"=\"\"0123\"\"\",n@example.com\n\
    a3,#NV,Levi,t@example.com\n\
    a4,نمی\u{200c}دانم,👩\u{200d}🚀,\"=\"\"g@example.com\"\"\"\n\
    ='a5',x,y,z@example.com\n\
    a6,No\u{200b}a,Levi,o@example.com\n";

#[test]
fn what_is_odd_about_a_text_is_told_by_column_and_sent_as_it_is() {
    let place = Place::new();
    place.write("mapping.toml", MAPPING);
    let list = place.write("list.csv", LIST.replace("='a5'", "'a5"));
    let ran = place.run(&list, &[]);
    assert_eq!(ran.code, 1, "{}", ran.told);
    assert_eq!(ran.summary["outcomes"]["valid"], 4);
    assert!(
        ran.requests.contains("\"Da\u{200b}na\""),
        "{}",
        ran.requests
    );
    let table = |heading: &str| {
        let from = ran.told.find(heading).expect("a heading");
        let part = &ran.told[from..];
        part[..part.find("\n\n").expect("an end")].to_owned()
    };
    assert_eq!(
        table("What went wrong:"),
        "What went wrong:\n  \
         1  spreadsheet-damage in Mail, on line 5: `=\"g@example.com\"` has a spreadshee…\n  \
         1  spreadsheet-damage in Id, on line 6: `'a5` has a spreadsheet's mark for te…"
    );
    assert_eq!(
        table("Would be sent as it is, but odd:"),
        "Would be sent as it is, but odd:\n  \
         3  unseen-character in First, on lines 2, 3, 7: `Da\\u{200b}na` holds the char…\n  \
         1  text-marker in Last, on line 3: `=\"0123\"` has a spreadsheet's mark for tex…\n  \
         1  error-word in First, on line 4: `#NV` looks like a spreadsheet's word for …"
    );
    let errors = fs::read_to_string(errors(&ran)).expect("it is there");
    assert!(
        errors.contains("take it away with `clean = [\"\"text-marker\"\"]` in the mapping"),
        "{errors}"
    );
}

#[test]
fn a_mark_is_taken_away_from_every_kind_of_column_that_asks_for_it() {
    let place = Place::new();
    place.write(
        "mapping.toml",
        MAPPING
            .replace("\"Id\"", "{ column = \"Id\", clean = [\"text-marker\"] }")
            .replace(
                "\"Last\"",
                "{ column = \"Last\", clean = [\"text-marker\"] }",
            )
            .replace(
                "\"Mail\"",
                "{ column = \"Mail\", clean = [\"text-marker\", \"lower\"] }",
            ),
    );
    let list = place.write(
        "list.csv",
        "Id,First,Last,Mail\n'a1,Dana,\"=\"\"0123\"\"\",'D@example.com\n=\"a2\",Noa,Levi,=\"N@example.com\"\n=\\\"a3\\\",Tal,'=1+1,\n",
    );
    let requests = place.requests(&list, &[]);
    for piece in [
        "/contacts/a1\"",
        "\"firstName\":\"Dana\",\"lastName\":\"0123\",\"email\":\"d@example.com\"",
        "/contacts/a2\"",
        "\"email\":\"n@example.com\"",
        "/contacts/a3\"",
        "\"lastName\":\"=1+1\"",
    ] {
        assert!(requests.contains(piece), "{piece}: {requests}");
    }
}

#[test]
fn a_dry_run_tells_every_kind_of_problem() {
    let place = Place::new();
    let columns: Vec<String> = (0..40).map(|n| format!("C{n:02}")).collect();
    let fields: String = columns
        .iter()
        .map(|name| {
            format!("\"fldColumn12345678{name}\" = {{ column = \"{name}\", type = \"email\", by = \"id\" }}\n")
        })
        .collect();
    place.write(
        "mapping.toml",
        format!("provider = \"highlevel\"\n[account]\ntoken = {{ env = \"NOT_NEEDED\" }}\n[contact]\nid = \"Id\"\n[custom_fields]\n{fields}"),
    );
    let rows: String = (0..40)
        .map(|row| {
            let cells: Vec<&str> = (0..40).map(|at| if at == row { "x" } else { "" }).collect();
            format!("i{row},{}\n", cells.join(","))
        })
        .collect();
    let list = place.write("list.csv", format!("Id,{}\n{rows}", columns.join(",")));
    let ran = place.run(&list, &[]);
    for (at, name) in columns.iter().enumerate() {
        let line = format!("1  bad-email in {name}, on line {}: `x` has no @", at + 2);
        assert!(ran.told.contains(&line), "{line}: {}", ran.told);
    }
    assert!(!ran.told.contains("of other kinds"), "{}", ran.told);
}

#[test]
fn every_problem_of_a_row_counts_in_its_own_column() {
    let place = Place::new();
    let list = place.write(
        "list.csv",
        "Id,First,Last,Mail,Phone,Born,Note\n\
         a1,Dana,Cohen,x,1,x,\n\
         a2,Noa,Levi,n@example.com,1,x,\n\
         a3,Tal,Bar,x,1,01/02/1990,\n",
    );
    let ran = place.run(&list, &[]);
    assert!(
        ran.told.contains(
            "What went wrong:\n  \
             2  bad-email in Mail, on lines 2, 4: `x` has no @; and in `Born`: `x` does no…\n  \
             2  bad-date in Born, on lines 2, 3: `x` does not fit the declared `format = \"…\n"
        ),
        "{}",
        ran.told
    );
}
