//! Custom fields whose type only the account can tell: a mapping says of them what differs, and no more.

use std::path::Path;

use serde_json::{Value, json};

use super::harness::Run;

const ROW: &str = "Id,Contact UUID,Contact Number,Born,Out,Score,Plan\n\
    u8jzPde0IgxLd6GncfBA,6cad4a26-8d11-4ece-9738-f7d93d9c1724,7,04/07/1988,yes,\"4,5\",gold\n";

fn mapping(provider: &str, lines: &str) -> String {
    let (account, id) = match provider {
        "highlevel" => ("location_id = \"ve9EPM428h8vShlRW1KT\"", "Id"),
        "99digital" => ("account_id = 7", "Contact Number"),
        "acquire" => ("account_id = \"acme\"", "Contact Number"),
        "zingle" => (
            "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
            "Contact UUID",
        ),
        _ => ("", "Contact UUID"),
    };
    format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"SHOP_TOKEN\" }}\n{account}\n[contact]\nid = \"{id}\"\n[custom_fields]\n{lines}\n"
    )
}

fn run(provider: &str, lines: &str, way: &str) -> Run {
    let run = Run::of(&mapping(provider, lines), ROW);
    run.args([way, "--requests", "requests.jsonl"])
}

/// Every value that the last change of the first row holds, whatever it is called.
fn values(run: Run) -> Vec<Value> {
    let done = run.go();
    let file = done.code(0).path("requests.jsonl");
    let requests = std::fs::read_to_string(file).expect("requests");
    let change = requests
        .lines()
        .rev()
        .find(|line| !line.contains(r#""method":"GET""#));
    let change: Value = serde_json::from_str(change.expect("a change")).expect("JSON");
    let mut values = Vec::new();
    gather(&change["body"], &mut values);
    values
}

fn gather(value: &Value, out: &mut Vec<Value>) {
    match value {
        Value::Object(keys) => keys.values().for_each(|value| gather(value, out)),
        Value::Array(list) => list.iter().for_each(|value| gather(value, out)),
        plain => out.push(plain.clone()),
    }
}

#[test]
fn a_mapping_states_only_what_differs_from_the_type_that_the_account_knows() {
    let born = r#""Birthday" = { column = "Born", format = "%d/%m/%Y" }"#;
    let out = r#""Opted out" = { column = "Out", true = ["yes"], false = ["no"] }"#;
    let score = r#""Satisfaction" = { column = "Score", decimal = "," }"#;
    for (provider, line, value) in [
        ("highlevel", born, json!("1988-07-04")),
        ("99digital", born, json!("1988-07-04")),
        ("acquire", born, json!("1988-07-04")),
        ("99digital", out, json!(true)),
        ("highlevel", score, json!(4.5)),
        ("insighto", score, json!(4.5)),
        ("acquire", score, json!(4.5)),
        (
            "99digital",
            r#"birthday = { column = "Born", format = "%d/%m/%Y" }"#,
            json!("1988-07-04"),
        ),
    ] {
        for way in ["--sandbox", "--dry-run"] {
            let values = values(run(provider, line, way));
            assert!(
                values.contains(&value),
                "{provider} {way} {line}: {values:?}"
            );
        }
    }
    // Zingle's values are all text, and its days are seconds.
    let zingle = values(run(
        "zingle",
        &format!("{born}\n{out}\n{score}"),
        "--dry-run",
    ));
    assert_eq!(
        zingle
            .iter()
            .filter(|value| ["583977600", "true", "4.5"].iter().any(|own| value == own))
            .count(),
        3,
        "{zingle:?}"
    );
}

#[test]
fn a_dry_run_says_of_which_types_it_takes_fields_to_be() {
    let lines = r#""Birthday" = { column = "Born", format = "%d/%m/%Y" }
"Satisfaction" = { column = "Score", decimal = "," }"#;
    let said = "the types of some custom fields are for the account to tell, which a real run asks; until then `Birthday` is taken to be of type `date`, `Satisfaction` is taken to be of type `number`";
    let dry = run("highlevel", lines, "--dry-run").go();
    dry.code(0).all("valid").says(said);
    let told = run("highlevel", lines, "--sandbox").go();
    told.code(0).all("updated");
    assert!(!told.stderr.contains("taken to be"), "{told}");
}

#[test]
fn what_was_said_of_a_field_is_held_against_its_own_type_before_the_first_row() {
    let lines = r#""Plan" = { column = "Plan", format = "%d/%m/%Y" }
"Remarks" = { column = "Plan", decimal = "," }
"Birthday" = ["1988-07-04", "1988-07-05"]"#;
    let done = run("highlevel", lines, "--sandbox").go();
    done.code(3)
        .says("`format` means nothing for `Plan`, which is of type `enum`")
        .says("`decimal` means nothing for `Remarks`, which is of type `text`")
        .says("`Birthday` takes one value, not a list");
    run("highlevel", lines, "--dry-run").go().code(1);
}

#[test]
fn what_no_field_of_the_account_can_be_is_a_mistake_at_once() {
    let lines = r#""Opted out" = { column = "Out", true = ["yes"] }
"Birthday" = { column = "Born", format = "%d/%m/%Y", region = "IL" }
"Satisfaction" = { column = "Score", format = "%H:%M" }"#;
    for way in ["--dry-run", "--sandbox"] {
        run("highlevel", lines, way)
            .go()
            .code(3)
            .says("`true` is for fields of type `boolean`, which no custom field of HighLevel is")
            .says("`region` means nothing for `Birthday`, which is of type `date`")
            .says("`%H:%M` does not tell day, month and year");
    }
    run(
        "99digital",
        r#""Plan" = { column = "Plan", region = "IL" }"#,
        "--dry-run",
    )
    .go()
    .code(3)
    .says("`region` is for fields of type `phone`, which no custom field of 99digital is")
    .says("leave it out, or add `type = \"phone\"`");
}

/// What ships as a comment is there to be uncommented.
#[test]
fn every_commented_line_of_custom_fields_can_be_uncommented() {
    let mut found = 0;
    for provider in ["highlevel", "99digital", "zingle", "insighto", "acquire"] {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(home.join(format!("mappings/{provider}/contacts.toml")));
        let text = text.expect("a mapping");
        let (before, rest) = text.split_once("[custom_fields]").expect("custom fields");
        let lines: Vec<&str> = rest.lines().collect();
        let lines: Vec<String> = lines
            .iter()
            .map(|line| match line.strip_prefix("# \"") {
                Some(own) => {
                    found += 1;
                    format!("\"{own}")
                }
                None => (*line).to_owned(),
            })
            .collect();
        let sample = std::fs::read_to_string(home.join("samples/contacts.csv")).expect("a sample");
        let mut sample = sample.lines();
        let mut line = || sample.next().expect("a line");
        let rows = format!(
            "{},Colour,Arrives,Title\n{},red,04/07/2026,Dr\n",
            line(),
            line()
        );
        Run::of(
            &format!("{before}[custom_fields]{}", lines.join("\n")),
            rows,
        )
        .args(["--dry-run"])
        .go()
        .code(0)
        .all("valid");
    }
    assert_eq!(found, 5);
}
